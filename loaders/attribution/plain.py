"""Contents read from print alone, where the parse of a sentence gives a cue nothing.

News writes indirect speech in few shapes: "A, X said.", "A, X said, B.", "A, said X.", "X said A.", "…,
adding that A". Where a verb of saying is left without a content and no quotation touches it, the shape of
its sentence gives one.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence

from loaders.attribution.clauses import NOMINAL, Tree
from loaders.attribution.frames import Frame
from loaders.attribution.lexicon import Lexicon
from loaders.attribution.speech import Speech
from loaders.attribution.voices import widen_phrase
from loaders.text.wordlists import function_words

_BREAKS = frozenset({",", "–", "—", "-", "―"})
_STOPS = frozenset({";", ":", "–", "—", "―"})
_LONGEST_SOURCE = 14
_FEWEST = 3
_WIDEST_GROUP = 45
_BEFORE = frozenset({"clause before", "parenthesis", "clause"})


def fill_plain(speech: Speech, frames: Sequence[Frame], lexicon: Lexicon) -> None:
    """Let the shape of the sentence give a verb of saying its content where the parse gives none or
    contradicts it."""
    tree = speech.tree
    for frame in frames:
        if frame.entry.kind != "verb" or frame.claimed or "that" not in frame.entry.takes:
            continue
        if frame.content or not tree.dep[frame.head] or speech.around(tree.start[frame.head]) is not None:
            continue
        if frame.how in _BEFORE or frame.how == "bare":
            _read_before(speech, frame, lexicon)
        if frame.how == "bare" and not frame.words:
            _read_behind(tree, frame, lexicon)
        elif frame.how == "clause":
            _reach_right(tree, frame)


def _sentence(tree: Tree, k: int) -> list[int]:
    first, last = tree.sentences[tree.sentence[k]]
    return [k for k in range(first, last) if tree.pos[k] != "SPACE"]


def _read_before(speech: Speech, frame: Frame, lexicon: Lexicon) -> None:
    """Read "A, X said." and "A, X said, B.": what stands before the comma, and behind one, is the content."""
    tree = speech.tree
    words = _sentence(tree, frame.head)
    source = frame.source or _source_before(tree, frame.cue[0], words)
    source = source or _source_behind(tree, frame.cue[-1], words, lexicon)
    group = sorted({*frame.cue, *source, *frame.addressee})
    before = [k for k in words if k < group[0]]
    behind = [k for k in words if k > group[-1]]
    if (
        len(before) <= _FEWEST
        or tree.lower[before[-1]] not in _BREAKS
        or group[-1] - group[0] > _WIDEST_GROUP
    ):
        return
    aside = next(
        (n for n, k in enumerate(behind) if tree.pos[k] == "PUNCT" and tree.lower[k] not in {"-", "("}),
        len(behind),
    )
    if any(tree.pos[k] in {"VERB", "AUX", "SCONJ"} for k in behind[:aside]):
        return
    if speech.inside(tree.start[before[0]], tree.end[group[-1]]):
        return
    found = _since_stop(tree, before[:-1])
    rest = behind[aside + 1 :] if aside < len(behind) and tree.lower[behind[aside]] in _BREAKS else []
    if rest and not _comments(tree, rest[0], lexicon):
        found = found + _until_stop(tree, rest)
    if tree.pos[found[0]] == "CCONJ":
        found = found[1:]
    frame.source, frame.words, frame.how = source, found, "plain before"


def _comments(tree: Tree, k: int, lexicon: Lexicon) -> bool:
    """Tell whether a clause behind a cue is about the speaking, not the spoken: "citing …", "but the army
    denied"."""
    if tree.lower[k] in function_words("opens a comment"):
        return True
    return tree.lower[k].endswith("ing") and bool(lexicon.find("verb", tree.lower[k]))


def _read_behind(tree: Tree, frame: Frame, lexicon: Lexicon) -> None:
    """Read "X said A.", "…, adding that A": what stands behind the cue is the content."""
    words = _sentence(tree, frame.head)
    behind = [k for k in words if k > max([*frame.cue, *frame.addressee])]
    if (
        len(behind) <= _FEWEST
        or not (frame.source or frame.shares)
        or (frame.source and frame.source[-1] > frame.cue[0])
    ):
        return
    if tree.lower[behind[0]] in {",", "."} and tree.form[frame.head] != "Part Pres":
        return
    while behind and (
        tree.lower[behind[0]] in {"that", ",", ":"} or lexicon.has("day", tree.lower[behind[0]])
    ):
        behind = behind[1:]
    frame.words, frame.how = _until_stop(tree, behind), "plain behind"


def _reach_right(tree: Tree, frame: Frame) -> None:
    """Let a content that the parse has cut in the middle of a phrase run on to the next mark."""
    if not frame.words:
        return
    words = _sentence(tree, frame.head)
    behind = [k for k in words if k > frame.words[-1]]
    if not behind or tree.pos[behind[0]] in {"PUNCT", "SCONJ"} or behind[0] < frame.head:
        return
    if tree.pos[behind[0]] == "CCONJ" and (
        len(behind) < 2 or tree.pos[behind[1]] not in {"VERB", "AUX", "ADV", "PART"}
    ):
        return
    if tree.pos[behind[0]] == "CCONJ" and any(
        tree.head[k] == frame.head for k in behind[1:4] if tree.dep[k] == "conj"
    ):
        return
    stop = next(
        (n for n, k in enumerate(behind) if tree.pos[k] == "PUNCT" and tree.lower[k] not in {"-", "(", ")"}),
        len(behind),
    )
    frame.words = sorted({*frame.words, *behind[:stop]})


def _source_before(tree: Tree, cue: int, words: list[int]) -> list[int]:
    """Give the noun phrase between a mark and a cue: "…, the ministry in Damascus said"."""
    phrase: list[int] = []
    for i in reversed(words[: bisect_left(words, cue)]):
        if len(phrase) > _LONGEST_SOURCE or (tree.pos[i] == "PUNCT" and tree.lower[i] not in {"-", "(", ")"}):
            break
        if tree.pos[i] in {"VERB", "AUX", "SCONJ", "CCONJ"}:
            return []
        phrase.append(i)
    phrase.reverse()
    return phrase if phrase and tree.pos[phrase[-1]] in NOMINAL else []


def _source_behind(tree: Tree, cue: int, words: list[int], lexicon: Lexicon) -> list[int]:
    """Give the noun phrase that follows an inverted cue: "said the ministry in Damascus"."""
    k = bisect_left(words, cue + 1)
    phrase: list[int] = []
    for i in words[k : k + _LONGEST_SOURCE]:
        if tree.pos[i] in NOMINAL or (phrase and tree.lower[i] in function_words("inside a source")):
            phrase.append(i)
        else:
            break
    while phrase and tree.pos[phrase[-1]] not in NOMINAL:
        phrase.pop()
    return widen_phrase(tree, phrase, [cue], lexicon) if phrase else []


def _since_stop(tree: Tree, words: list[int]) -> list[int]:
    """Give the words since the last semicolon, colon or dash."""
    at = next((n for n in range(len(words) - 1, -1, -1) if tree.lower[words[n]] in _STOPS), -1)
    return words[at + 1 :]


def _until_stop(tree: Tree, words: list[int]) -> list[int]:
    at = next((n for n, k in enumerate(words) if tree.lower[k] == ";"), len(words))
    return words[:at]


def part_continuations(tree: Tree, frames: Sequence[Frame], lexicon: Lexicon) -> None:
    """Give "…, adding that …" to the speaker of the cue before it in the sentence, and take it out of that
    content."""
    speakers: dict[int, list[Frame]] = {}
    for frame in frames:
        speakers.setdefault(tree.sentence[frame.head], []).append(frame)
    for frame in frames:
        if not lexicon.has("continuing", tree.lower[frame.head]) or tree.form[frame.head] == "Inf":
            continue
        opening = frame.cue[0]
        comma = max(opening - 1, 0)
        if tree.lower[comma] not in {",", "–", "—", *"\"”’'"}:
            continue
        earlier = [
            f
            for f in speakers[tree.sentence[frame.head]]
            if f.head < frame.head
            and f.entry.kind != "modifier"
            and (f.find_source() or f.shares)
            and f is not frame
        ]
        if earlier:
            first = next((f for f in earlier if f.entry.kind in {"verb", "preposition"}), earlier[0])
            frame.source, frame.shares = [], first
            for f in earlier:
                f.words = [k for k in f.words if k < comma or k < f.head]
