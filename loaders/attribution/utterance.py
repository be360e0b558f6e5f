"""When and by what means something was said, and how sure: what stands around a cue without being source or
content.

"last week", "in a televised statement", "reportedly". Days are kept as words here; they are resolved
against the article's date by the reading.
"""

from __future__ import annotations

from graph.model import Span, When
from loaders.attribution.clauses import Tree
from loaders.attribution.frames import Frame
from loaders.attribution.lexicon import Lexicon
from loaders.text import dates
from loaders.text.wordlists import function_words

_BESIDE = ("obl", "advmod", "nmod", "obj")
_TIME_PARTS = frozenset({"ADP", "PROPN", "NOUN", "NUM", "DET", "ADJ", "PUNCT", "ADV"})
_LONGEST = 14


def find_time(tree: Tree, frame: Frame) -> When | None:
    """Find the words that say when a cue's act took place; not those of its content or of another clause."""
    content = set(frame.words)
    for part in _parts(tree, frame):
        words = [k for k in part if k not in content]
        if not words or len(words) > _LONGEST:
            continue
        start, end = tree.start[words[0]], tree.end[words[-1]]
        if any(a < end and start < b for a, b in frame.content):
            continue
        found = dates.find(tree.text, start, end)
        if found:
            return When(found[0], None, None, None)
    return None


def find_channel(tree: Tree, frame: Frame, lexicon: Lexicon) -> Span | None:
    """Find the medium: "in a televised statement", "on Twitter"."""
    for k in tree.children(frame.head, "obl", "nmod"):
        if tree.case(k) in function_words("before a channel") and lexicon.has("channel", tree.lemma[k]):
            words = [x for x in tree.subtree(k) if tree.pos[x] not in {"PUNCT", "SPACE"}]
            start, end = tree.start[words[0]], tree.end[words[-1]]
            if len(words) <= _LONGEST and not any(a < end and start < b for a, b in frame.content):
                return Span.of(tree.text, start, end)
    return None


def find_hedge(tree: Tree, frame: Frame, tops: list[int], lexicon: Lexicon) -> Span | None:
    """Find a word that makes the cue or the main clause of its content less than sure."""
    for k in (frame.head, *tops):
        for child in tree.children(k, "advmod", "aux"):
            if lexicon.has("hedge", tree.lower[child]) and child not in frame.cue:
                return Span.of(tree.text, tree.start[child], tree.end[child])
    return None


def _parts(tree: Tree, frame: Frame) -> list[list[int]]:
    """Give the adjuncts of the cue, and the time that a parse has left at the end of the subject."""
    parts = [tree.subtree(k) for k in tree.children(frame.head, *_BESIDE) if not _has_clause(tree, k)]
    if frame.source and frame.source[-1] < frame.cue[0]:
        between = list(range(frame.source[-1] + 1, frame.cue[0]))
        if between and all(tree.pos[k] in _TIME_PARTS for k in between):
            parts.append(between)
    return parts


def _has_clause(tree: Tree, k: int) -> bool:
    return any(tree.pos[x] in {"VERB", "AUX"} for x in tree.subtree(k)[:_LONGEST])
