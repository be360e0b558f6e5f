"""Where a content ends: the constructions' end, or the language model's where it is sure and its end is clean.

A parse hangs the last phrase of a content on another word more often than it gets anything else wrong ("citing the
move as a | “grave abuse of power”"). So a content is let run on over words that the model is sure of, up to a mark or
the end of the sentence. What the marks of quotations gave is left alone.
"""

from __future__ import annotations

from collections.abc import Container
from statistics import fmean

from loaders.attribution.clauses import Tree
from loaders.attribution.frames import Frame
from loaders.attribution.speech import Speech
from loaders.language.pipeline import CueLink

_SURE = 0.6
_SHARED = 0.8
_UNLIKELY = 0.15
_LONGEST_GAP = 8
_SILENT = frozenset({"PUNCT", "SPACE"})
_FIXED = frozenset({"modifier", "speech"})
# Constructions whose content is one phrase; others have pieces that only the grammar joins ("X is believed to …").
_LOOSE = frozenset({"infinitive", "adverb", "order", "gerund", "object", "as"})
_OPENERS = frozenset({"ADP", "SCONJ", "CCONJ", "DET"})
_NOUNS = frozenset({"NOUN", "PROPN", "NUM"})
_PHRASE = _NOUNS | {"ADJ", "DET"}
_CLOSING = frozenset("\"”»’'") | {"''"}


def extend(speech: Speech, frame: Frame, cues: Container[int]) -> None:
    """Let a frame's content run on to where the model has it end; the frame is changed in place.

    `cues` are the words that other cues turn on: a participle among them ("…, adding that …") ends the content.
    """
    tree, link = speech.tree, frame.link
    if link is None or link.confidence < _SURE or frame.claimed or frame.how in _FIXED or not frame.content:
        return
    own = [k for k in tree.inside(frame.content) if k not in frame.cue and tree.pos[k] not in _SILENT]
    told = set(link.content)
    if not own or sum(k in told for k in own) < _SHARED * len(own):
        return
    last = own[-1]
    behind = [k for k in link.content if k > last and tree.sentence[k] == tree.sentence[last]]
    if not behind or not _is_clean(tree, behind[-1]):
        return
    added = list(range(last + 1, behind[-1] + 1))
    if any(k in frame.cue or k in frame.source or tree.lower[k] in {":", ";"} for k in added):
        return
    participles = [k for k in added if k in cues and tree.form[k] in {"Part Pres", "Ger"}]
    if any(not tree.children(k, "aux") for k in participles):
        return
    if _share(tree, link, added) >= _SURE:
        frame.words = sorted({*tree.inside(frame.content), *added} - set(frame.cue))
        frame.content = tree.runs(frame.words)


def drop(speech: Speech, frame: Frame) -> None:
    """Take out of a frame's content the pieces, and the phrase before a first comma, that the model leaves out."""
    tree, link = speech.tree, frame.link
    if (
        link is None
        or link.confidence < _SURE
        or frame.claimed
        or frame.how not in _LOOSE
        or not frame.content
    ):
        return
    kept: list[int] = []
    for start, end in frame.content:
        words = [k for k in tree.inside([(start, end)]) if k not in frame.cue]
        comma = next((n for n, k in enumerate(words) if tree.lower[k] == ","), None)
        parts = [words] if comma is None or kept else [words[: comma + 1], words[comma + 1 :]]
        kept += [k for part in parts if _share(tree, link, part) > _UNLIKELY for k in part]
    if (
        kept
        and len(kept) < len([k for k in tree.inside(frame.content) if k not in frame.cue])
        and _share(tree, link, kept) >= _SURE
    ):
        frame.words, frame.content = kept, tree.runs(kept)


def close(speech: Speech, frame: Frame) -> None:
    """Join the pieces of a content between which nothing stands that could interrupt it.

    What interrupts a content is its own cue or source, or what marks set off. A few plain words between two pieces are
    a phrase that the parse hung on the cue ("found that children | in Charlotte | have the worst odds").
    """
    tree, joined = speech.tree, frame.content[:1]
    own = {*frame.cue, *frame.find_source()}
    for start, end in frame.content[1:]:
        between = tree.inside([(joined[-1][1], start)])
        if (
            not frame.claimed
            and "\n" not in tree.text[joined[-1][1] : start]
            and len(between) <= _LONGEST_GAP
            and not any(k in own or tree.pos[k] in _SILENT or not tree.lower[k].isalnum() for k in between)
        ):
            joined[-1] = (joined[-1][0], end)
        else:
            joined.append((start, end))
    frame.content = joined


def tie_loose_ends(speech: Speech, frame: Frame) -> None:
    """Let no piece of a content end with a word that opens a phrase: a noun phrase is added ("sanctions on | Iran"),
    before anything else the word is left out ("by strangling her in | what has been called …")."""
    if frame.claimed:
        return
    frame.content = [_tie(speech.tree, frame, start, end) for start, end in frame.content]


def _tie(tree: Tree, frame: Frame, start: int, end: int) -> tuple[int, int]:
    words = tree.inside([(start, end)])
    last = words[-1] if words else -1
    if last < 0 or not _opens(tree, last, end):
        return start, end
    noun = tree.head[last]
    added = [k for k in range(last + 1, noun + 1) if tree.sentence[k] == tree.sentence[last]]
    plain = all(tree.pos[k] in _PHRASE and k not in frame.cue and k not in frame.source for k in added)
    if noun - last == len(added) <= _LONGEST_GAP and tree.pos[noun] in _NOUNS and plain:
        return start, tree.end[noun]
    while len(words) > 1 and _opens(tree, words[-1], end):
        words.pop()
    return start, tree.end[words[-1]]


def _opens(tree: Tree, k: int, end: int) -> bool:
    """Tell whether a word at the end of a content opens a phrase that lies outside it."""
    return tree.pos[k] in _OPENERS and tree.head[k] > k and tree.start[tree.head[k]] >= end


def _is_clean(tree: Tree, k: int) -> bool:
    """Tell whether a content can end with a word: a mark follows it, or its sentence ends."""
    after = k + 1
    if tree.pos[k] in _SILENT or after >= len(tree) or tree.sentence[after] != tree.sentence[k]:
        return True
    return (
        tree.pos[after] == "SPACE"
        or tree.lower[after] in _CLOSING
        or tree.lower[after] in {",", ".", "?", "!"}
    )


def _share(tree: Tree, link: CueLink, words: list[int]) -> float:
    """Give the mean likelihood that words are content; those outside the model's window are unlikely."""
    shares = link.content_shares(k for k in words if tree.pos[k] not in _SILENT)
    return fmean(share or 0.0 for share in shares) if shares else 0.0
