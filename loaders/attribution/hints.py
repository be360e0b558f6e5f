"""What the language model says of cues, put beside what the lexicon and the constructions say.

The model was trained on annotated attributions: it knows cues that no list has, and sees who and what
belongs to a cue where a parse is broken; its edges are rough. The constructions have exact edges where the
parse is sound. So both are asked: a hint that meets a frame lends it confidence, one that meets none makes
a frame of its own, and where the two have nothing in common on a source or content, the model is believed
(measured on texts that it was not trained on).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast, get_args

from graph.model import Stance
from loaders.attribution.clauses import Tree
from loaders.attribution.constructions import read_verb
from loaders.attribution.frames import Frame
from loaders.attribution.lexicon import Cue, Lexicon
from loaders.attribution.nominals import read_adjective, read_adverb, read_modifier, read_noun
from loaders.attribution.prepositions import read_preposition
from loaders.attribution.speech import Speech
from loaders.language.pipeline import CueLink
from loaders.text.wordlists import function_words

_STANCES = frozenset(get_args(Stance))
_ANYTHING = {
    "verb": "that quote obj inf ing order as pred pass passas wh tell",
    "noun": "that of inf wh about over for",
    "adjective": "that wh inf",
}
SURE, _UNLIKELY, _MOSTLY = 0.5, 0.2, 0.8
_CERTAIN, _LONGEST_CUE = 0.9, 5
_LEAST_SHARED = 0.12
_WIDEST_GAP = 2
_FEWEST, _FURTHEST = 6, 4


def apply(tree: Tree, frames: list[Frame], links: Sequence[CueLink], lexicon: Lexicon) -> list[Frame]:
    """Put each hint to the frames whose cue it meets, and add a frame for every hint that meets none."""
    owner = {k: frame for frame in frames for k in (*frame.cue, frame.head)}
    added: list[Frame] = []
    for link in links:
        met = [owner[k] for k in link.cue if k in owner]
        for frame in met:
            if link.confidence > frame.confidence:
                frame.link = link
        if not met:
            new = read_hint(tree, link, lexicon)
            if new is not None:
                added.append(new)
                owner.update((k, new) for k in new.cue)
    return sorted([*frames, *added], key=lambda frame: frame.head)


def widen(tree: Tree, frames: Sequence[Frame], lexicon: Lexicon) -> None:
    """Let a cue be as long as the model has it: "announced plans", "made it clear", "went on to say".

    The grammar gives the verb alone there. An end in "to" or "of" is left: it may belong to the content as well;
    so is the "on" of a day.
    """
    for frame in frames:
        link = frame.link
        if link is None or link.confidence < _CERTAIN or not set(frame.cue) < set(link.cue):
            continue
        whole = range(link.cue[0], link.cue[-1] + 1)
        if len(whole) > _LONGEST_CUE or set(whole) & {*frame.source, *frame.addressee}:
            continue
        opens = tree.lower[whole[-1]] in function_words("may open a content")
        if not opens and not lexicon.has("time", tree.lower[tree.head[whole[-1]]]):
            frame.cue = list(whole)
            frame.words = [k for k in frame.words if k not in whole]


def denies(tree: Tree, frame: Frame, start: int, end: int) -> bool:
    """Tell whether the model, sure of a cue and of another content, leaves a stretch of text wholly out of it."""
    link = frame.link
    if link is None or link.confidence < SURE or not link.content:
        return False
    words = [k for k in tree.inside([(start, end)]) if tree.pos[k] not in {"PUNCT", "SPACE"}]
    shares = link.content_shares(words)
    return bool(shares) and all(share is not None and share < _UNLIKELY for share in shares)


def fill_bare(speech: Speech, frames: Sequence[Frame]) -> None:
    """Give a verb of saying that the parse left without a content the plain words behind it that the model gives."""
    tree = speech.tree
    for frame in frames:
        link = frame.link
        if frame.how != "bare" or link is None or link.confidence < SURE:
            continue
        last = max([*frame.cue, *frame.addressee])
        here = tree.sentence[frame.head]
        runs = [
            (a, b)
            for a, b in _bridge(link.content)
            if a > frame.cue[-1] and b > a and tree.sentence[a] == here == tree.sentence[b]
        ]
        if runs and runs[0][0] - last <= _WIDEST_GAP + 1 and not any(_cuts(speech, *run) for run in runs):
            frame.words = [k for a, b in runs for k in range(a, b + 1) if k not in frame.cue]
            frame.how = "model"


def _cuts(speech: Speech, first: int, last: int) -> bool:
    """Tell whether a run of words has only a part of a quotation."""
    tree = speech.tree
    start, end = tree.start[first], tree.end[last]
    near = [speech.quotations[k] for k in speech.inside(start - 1, end)]
    around = speech.around(start)
    near += [around] if around is not None else []
    return any(
        min(end, q.inner.end) - max(start, q.inner.start) < _MOSTLY * (q.inner.end - q.inner.start)
        for q in near
    )


def read_hint(tree: Tree, link: CueLink, lexicon: Lexicon) -> Frame | None:
    """Read the construction around a cue that only the model knows; where there is none, take the model's
    content."""
    words = [k for k in link.cue if tree.dep[k]]
    if not words:
        return None
    inside = set(words)
    head = next((k for k in words if tree.head[k] not in inside or tree.head[k] == k), words[0])
    frame = _read(tree, head, words, link, lexicon)
    if frame is None and link.content:
        row = _known(tree, words, lexicon) or _row("verb", "quote that", link)
        frame = Frame(head, words, row, "model", source=tidy(tree, link.source))
    if frame is not None:
        frame.link = link
    return frame


def _known(tree: Tree, words: Sequence[int], lexicon: Lexicon) -> Cue | None:
    """Give the lexicon's row for a cue whose construction could not be read."""
    whole = " ".join(tree.lower[k] for k in words)
    for kind in ("preposition", "verb", "noun", "adjective"):
        for form in (whole, *(tree.lower[k] for k in words)):
            rows = lexicon.find(kind, form)
            if rows:
                return rows[0]
    return None


def _row(kind: str, takes: str, link: CueLink, *, lemma: str = "*", particle: str = "") -> Cue:
    stance = cast(Stance, link.stance if link.stance in _STANCES else "Assertion")
    return Cue(lemma, particle, kind, stance, frozenset(takes.split()), "model")


def _read(tree: Tree, head: int, words: Sequence[int], link: CueLink, lexicon: Lexicon) -> Frame | None:
    pos = tree.pos[head]
    if pos in {"VERB", "AUX"}:
        particle = next((tree.case(k) for k in tree.children(head, "obl") if k > head and tree.case(k)), "-")
        rows = (_row("verb", _ANYTHING["verb"], link), _row("verb", "obj ing", link, particle=particle))
        return read_verb(tree, head, rows, lexicon)
    if pos == "NOUN":
        return read_noun(tree, head, (_row("noun", _ANYTHING["noun"], link),), lexicon)
    if pos == "ADJ" and tree.dep[head] == "amod":
        return read_modifier(tree, [head], _row("modifier", "np", link))
    if pos == "ADJ":
        return read_adjective(tree, head, (_row("adjective", _ANYTHING["adjective"], link),), lexicon)
    if pos == "ADV":
        return read_adverb(tree, head, _row("adverb", "clause", link))
    if pos == "ADP":
        lemma = " ".join(tree.lower[k] for k in words)
        return read_preposition(tree, words[0], _row("preposition", "np", link, lemma=lemma), lexicon)
    return None


def reconcile(tree: Tree, frame: Frame) -> None:
    """Take the model's source or content where it has nothing in common with what the constructions gave."""
    link = frame.link
    if link is None:
        return
    source = frame.find_source()
    stirred = (frame.how.endswith("voiced") and not source) or bool(set(link.source) & set(frame.words))
    if link.source and not stirred and _shared(source, link.source) < _LEAST_SHARED:
        told = tidy(tree, link.source)
        if told and not set(told) & set(frame.cue):
            frame.source, frame.shares = told, None
    if frame.claimed or frame.how == "modifier":
        return
    found = tree.inside(frame.content)
    if link.content and not set(link.content) <= set(found) and _shared(found, link.content) < _LEAST_SHARED:
        words = complete(tree, frame, link.content)
        if words:
            frame.content, frame.words, frame.how = tree.runs(words), words, "model"


def complete(tree: Tree, frame: Frame, told: Sequence[int]) -> list[int]:
    """Turn the words that the model takes for a content into phrases: gaps closed, specks and far-off rests left out,
    and what opens a phrase taken in (an article, "whether")."""
    here = tree.sentence[frame.head]
    runs = [run for run in _bridge(told) if run[1] > run[0] or len(told) < 3]
    runs = [run for run in runs if tree.sentence[run[0]] == here]
    if not runs:
        return []
    longest = max(runs, key=lambda run: run[1] - run[0])
    barred = {*frame.cue, *frame.source}
    found: set[int] = set()
    for first, last in runs:
        if (first, last) != longest and last - first < _FEWEST and abs(first - longest[1]) > _FURTHEST:
            continue
        found.update(k for k in range(first, last + 1) if k not in frame.cue and tree.sentence[k] == here)
        while (
            first > 0
            and tree.sentence[first - 1] == here
            and first - 1 not in barred
            and tree.lower[first - 1] != "that"
            and tree.pos[first - 1] not in {"PUNCT", "SPACE", "ADP", "CCONJ"}
            and tree.head[first - 1] in found
        ):
            first -= 1
            found.add(first)
    return sorted(found)


def _shared(one: Sequence[int], other: Sequence[int]) -> float:
    """Give the share of words that two lists have in common."""
    a, b = set(one), set(other)
    return len(a & b) / len(a | b) if a or b else 1.0


def _bridge(words: Sequence[int]) -> list[tuple[int, int]]:
    """Give the runs of words, small gaps closed."""
    runs: list[list[int]] = []
    for k in sorted(words):
        if runs and k - runs[-1][1] <= _WIDEST_GAP + 1:
            runs[-1][1] = k
        else:
            runs.append([k, k])
    return [(a, b) for a, b in runs]


def tidy(tree: Tree, words: Sequence[int]) -> list[int]:
    """Give the longest run of a source that the model gave, without punctuation at its ends."""
    if not words:
        return []
    first, last = max(_bridge(words), key=lambda run: run[1] - run[0])
    found = list(range(first, last + 1))
    while found and tree.pos[found[0]] in {"PUNCT", "SPACE", "ADP", "CCONJ"}:
        found.pop(0)
    while found and (
        tree.pos[found[-1]] in {"PUNCT", "SPACE", "ADP"}
        or tree.lower[found[-1]] in function_words("possessive s")
    ):
        found.pop()
    return found
