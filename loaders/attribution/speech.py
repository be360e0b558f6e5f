"""Which quotation belongs to which cue, decided by what stands between the two.

Direct speech runs over sentences and around its cue, where a parse is at its weakest; the marks are
certain. So a quotation goes to the cue that touches it: before it (“…,” X said), after it (X said: “…”), on
both sides, or, with no cue of its own, to the attribution before it in the paragraph.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, field

from loaders.attribution.clauses import Tree
from loaders.attribution.frames import Frame, Range
from loaders.attribution.quotations import Quotation

_SPEAKING = frozenset({"quote", "that", "tell", "quoted"})
_OPEN_HOWS = frozenset(
    {"bare", "parenthesis", "clause before", "clause", "object", "quoted", "predicate", "according"}
)
_FURTHEST_COLON = 400
_WINDOW = 24
_NEAR = 200
NAMING = frozenset({"NOUN", "PROPN", "PRON", "ADJ", "NUM", "DET"})
_SILENT = frozenset({"modifier", "adverb"})
_SPOKEN = frozenset({"speech", "clause", "clause before", "parenthesis", "according"})
_SENTENCE_END = re.compile(r"[.!?…][\"'”’»)\]]*\s*$")
_FULL_STOP = re.compile(r"[.!?]\s")
_WORD = re.compile(r"\w")


@dataclass(slots=True)
class Speech:
    """Hold the quotations of an article and which frame has claimed each."""

    tree: Tree
    quotations: Sequence[Quotation]
    paragraphs: Sequence[Range]
    outer: list[int] = field(init=False)
    opens: list[int] = field(init=False)
    owner: dict[int, Frame] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.outer = [k for k, q in enumerate(self.quotations) if q.depth == 0]
        self.opens = [self.quotations[k].open for k in self.outer]

    def around(self, place: int) -> Quotation | None:
        """Give the outermost quotation that a place in the text stands in."""
        at = bisect_left(self.opens, place + 1) - 1
        if at < 0:
            return None
        quotation = self.quotations[self.outer[at]]
        return quotation if quotation.open <= place < quotation.end else None

    def paragraph(self, place: int) -> Range:
        """Give the paragraph of a place in the text."""
        at = bisect_left(self.paragraphs, (place + 1,)) - 1
        if at >= 0 and place < self.paragraphs[at][1]:
            return self.paragraphs[at]
        return place, place

    def inside(self, start: int, end: int) -> list[int]:
        """Give the outer quotations that open between two places, by their index."""
        low, high = bisect_left(self.opens, start), bisect_left(self.opens, end)
        return self.outer[low:high]


def region(tree: Tree, frame: Frame) -> Range:
    """Give the stretch of text that cue, own source and addressee take up together."""
    words = [*frame.cue, *frame.source]
    words += [k for k in frame.addressee if k > frame.cue[-1]]
    if frame.how == "according":
        words = [*frame.cue, *frame.source]
    return tree.start[min(words)], tree.end[max(words)]


def attach(speech: Speech, frames: Sequence[Frame]) -> None:
    """Give each outer quotation to the frame whose cue touches it, then the rest to the attribution before."""
    outside = [f for f in frames if speech.around(speech.tree.start[f.head]) is None]
    _claim_beside(speech, outside)
    for frame in outside:
        if frame.how in _OPEN_HOWS and (frame.entry.takes & _SPEAKING or frame.how == "according"):
            _claim_before(speech, frame)
    for frame in outside:
        if frame.how in _OPEN_HOWS and (frame.entry.takes & _SPEAKING or frame.how == "according"):
            _claim_after(speech, frame)
    _claim_by_colon(speech, outside)
    for frame in outside:
        if frame.claimed:
            _fill(speech, frame)
    _continue(speech, outside)


def _claim_beside(speech: Speech, frames: Sequence[Frame]) -> None:
    """Give a quotation that ends in a comma to the verb of saying close behind it, whatever the parse made of
    it."""
    tree, text = speech.tree, speech.tree.text
    places = [tree.start[frame.head] for frame in frames]
    for k in speech.outer:
        quotation = speech.quotations[k]
        tail = text[quotation.inner.end - 1 : quotation.end + 1]
        if not quotation.closed or not ("," in tail or tail[:1] in "?!"):
            continue
        first = bisect_left(tree.start, quotation.end)
        last = first
        while last < min(len(tree), first + _WINDOW) and not _parts(tree, last):
            last += 1
        if last >= len(tree) or last == first:
            continue
        near = _between(frames, places, quotation.end, tree.start[last])
        frame = next((f for f in near if f.entry.kind == "verb" and f.entry.takes & _SPEAKING), None)
        if frame is None or any(tree.pos[x] in {"VERB", "AUX", "SCONJ"} for x in range(first, frame.cue[0])):
            continue
        speech.owner[k] = frame
        frame.claimed.append(k)
        _keep_near(tree, frame, first, last)


def _parts(tree: Tree, k: int) -> bool:
    return tree.lower[k] in {".", ";", "“", "”", '"', "«", "»", "?", "!"} or (
        tree.pos[k] == "SPACE" and "\n" in tree.text[tree.start[k] : tree.end[k]]
    )


def _keep_near(tree: Tree, frame: Frame, first: int, last: int) -> None:
    """Mend a cue behind its quotation: its source stands beside it, and it has no content before the
    quotation."""
    if not frame.source or not first <= frame.source[0] <= last:
        named = [k for k in range(first, frame.cue[0]) if tree.pos[k] in NAMING or tree.dep[k] == "case"]
        if named and tree.pos[named[-1]] in NAMING:
            frame.source = named
    behind = [k for k in frame.words if k > frame.cue[-1]]
    comma = next((k for k in range(frame.cue[-1] + 1, last) if tree.lower[k] == ","), None)
    frame.words = [k for k in behind if comma is None or k > comma] if frame.how == "clause" else frame.words
    if frame.how not in _OPEN_HOWS:
        frame.how, frame.words = "bare", []


def _previous(speech: Speech, place: int) -> int | None:
    """Give the last outer quotation that ends before a place, in the same paragraph."""
    start, _ = speech.paragraph(place)
    at = bisect_left(speech.opens, place) - 1
    if at < 0 or speech.opens[at] < start:
        return None
    return speech.outer[at] if speech.quotations[speech.outer[at]].end <= place else None


def _following(speech: Speech, place: int, limit: int) -> int | None:
    """Give the first outer quotation that opens between two places."""
    at = bisect_left(speech.opens, place)
    return speech.outer[at] if at < len(speech.opens) and speech.opens[at] < limit else None


def _claim_before(speech: Speech, frame: Frame) -> None:
    text = speech.tree.text
    start, end = region(speech.tree, frame)
    k = _previous(speech, start)
    if k is None or k in speech.owner or frame.claimed:
        return
    quotation = speech.quotations[k]
    gap = text[quotation.end : start]
    if _WORD.search(gap) or not quotation.closed:
        return
    ending = text[quotation.inner.end - 1 : quotation.inner.end] + gap.strip()
    flowing = "," in ending or "–" in gap or "—" in gap or ending[:1] in "?!–—-"
    if frame.how in {"clause", "object", "predicate", "quoted"}:
        if not flowing or "." in gap:
            return
    elif not flowing and (ending[:1] != "." and "." in gap):
        return
    if frame.how in {"bare", "clause", "object", "quoted"} and not flowing and _has_sequel(speech, end):
        return
    speech.owner[k] = frame
    frame.claimed.append(k)


def _has_sequel(speech: Speech, end: int) -> bool:
    """Tell whether a quotation follows right behind a cue: one before it that a full stop closed isn't its own."""
    k = _following(speech, end, end + 12)
    return k is not None and not _WORD.search(speech.tree.text[end : speech.quotations[k].open])


def _claim_after(speech: Speech, frame: Frame) -> None:
    tree, text = speech.tree, speech.tree.text
    _, end = region(tree, frame)
    _, limit = speech.paragraph(end - 1)
    k = _following(speech, end, limit)
    if k is None or k in speech.owner:
        return
    quotation = speech.quotations[k]
    gap = text[end : quotation.open]
    if len(gap) > 160 or _FULL_STOP.search(gap):
        return
    bare = gap.strip()
    marked = bare[-1:] in {",", ":"} and _is_aside(tree, frame, quotation)
    if not marked and not _own_words(tree, frame, end, quotation.open):
        return
    if not bare or bare[-1] in ",:—–-" or bare.endswith("that"):
        if frame.how in {"object", "predicate", "quoted"} and not bare.endswith(":"):
            return
        if _goes_on(speech, frame, quotation) and bare[-1:] not in {":", ","}:
            return
        speech.owner[k] = frame
        frame.claimed.append(k)


def _claim_by_colon(speech: Speech, frames: Sequence[Frame]) -> None:
    """Give a quotation behind a colon to the attribution that its sentence turns on: "X rejected this: “…”"."""
    tree, text = speech.tree, speech.tree.text
    places = [tree.start[frame.head] for frame in frames]
    for k in speech.outer:
        quotation = speech.quotations[k]
        start, _ = speech.paragraph(quotation.open)
        before = text[max(start, quotation.open - _FURTHEST_COLON) : quotation.open].rstrip()
        if k in speech.owner or not before.endswith(":"):
            continue
        stops = [m.end() for m in _FULL_STOP.finditer(before)]
        low = (
            quotation.open
            - len(text[max(start, quotation.open - _FURTHEST_COLON) : quotation.open])
            + (stops[-1] if stops else 0)
        )
        near = [
            f for f in _between(frames, places, low, quotation.open) if f.how not in _SILENT and not f.claimed
        ]
        if near:
            frame = min(near, key=lambda f: (sum(1 for _ in tree.ancestors(f.head)), -f.head))
            speech.owner[k] = frame
            frame.claimed.append(k)


def _is_aside(tree: Tree, frame: Frame, quotation: Quotation) -> bool:
    """Tell whether only phrases without a verb stand between a cue and a quotation that ends its sentence."""
    first, last = frame.cue[-1] + 1, bisect_left(tree.start, quotation.open)
    words = [k for k in range(first, last) if tree.pos[k] not in {"PUNCT", "SPACE"}]
    ends = quotation.inner.exact[-1:] in ".!?,…" or tree.text[quotation.end : quotation.end + 1] in {".", ","}
    return ends and len(words) <= _WINDOW and all(tree.pos[k] not in {"VERB", "AUX", "SCONJ"} for k in words)


def _own_words(tree: Tree, frame: Frame, start: int, end: int) -> bool:
    """Tell whether all words between two places comment on the cue (when, where, to whom), none is content."""
    at = bisect_left(tree.start, start)
    inside = set(frame.words)
    while at < len(tree) and tree.start[at] < end:
        plain = tree.pos[at] in {"PUNCT", "SPACE"} or tree.lower[at] == "that"
        if not plain and at in inside:
            return False
        if not plain and not any(up == frame.head for up in tree.ancestors(at)) and frame.how != "according":
            return False
        at += 1
    return True


def _goes_on(speech: Speech, frame: Frame, quotation: Quotation) -> bool:
    """Tell whether the content, by the parse, goes on in plain words behind the quotation."""
    tree = speech.tree
    inner = quotation.inner.exact
    if inner[-1:] in ".!?," and not speech.tree.text[quotation.end : quotation.end + 2].strip()[:1].islower():
        return False
    return any(tree.start[k] >= quotation.end and tree.pos[k] not in {"PUNCT", "SPACE"} for k in frame.words)


def _fill(speech: Speech, frame: Frame) -> None:
    """Set the content of a frame from its quotations; a mere fragment leaves it to the parse."""
    tree = speech.tree
    claimed = sorted(frame.claimed)
    if frame.how in {"parenthesis", "clause before", "bare", "according"}:
        first = speech.quotations[claimed[0]]
        if not _is_full(speech, frame, first):
            frame.content = _around(speech, frame, claimed)
            return
    ranges = [_spoken(speech, k) for k in claimed]
    frame.content = [r for group in ranges for r in group]
    first = speech.quotations[claimed[0]]
    if tree.text[max(0, first.open - 4) : first.open].rstrip()[-1:] == ":":
        before = [k for k in frame.words if tree.end[k] <= first.open and k not in frame.cue]
        frame.content = [*tree.runs(before), *frame.content]
    if frame.how == "clause" and frame.words and claimed:
        last = max(speech.quotations[k].end for k in claimed)
        if min(tree.start[k] for k in frame.words) >= last:
            frame.content += tree.runs(frame.words)
    frame.how = "speech"


def _is_full(speech: Speech, frame: Frame, quotation: Quotation) -> bool:
    """Tell whether a quotation is the whole content: nothing of its sentence stands before it."""
    text = speech.tree.text
    start, _ = speech.paragraph(quotation.open)
    before = _before(text, start, quotation)
    _, end = region(speech.tree, frame)
    return quotation.open >= end or not before or bool(_SENTENCE_END.search(before)) or before[-1] in ":"


def _around(speech: Speech, frame: Frame, claimed: Sequence[int]) -> list[Range]:
    """Give the content of a sentence that only quotes in part before its cue: from its start to the
    quotation's end."""
    tree, text = speech.tree, speech.tree.text
    first, last = speech.quotations[claimed[0]], speech.quotations[claimed[-1]]
    words = [k for k in frame.words if tree.start[k] < first.open]
    start, _ = speech.paragraph(first.open)
    if words:
        start = tree.start[min(words)]
    else:
        stops = [m.end() for m in _FULL_STOP.finditer(text, start, first.open)]
        start = stops[-1] if stops else start
    found = [(start, first.end)]
    found += [r for k in claimed[1:] for r in _spoken(speech, k)]
    return found if last is not first else found[:1]


def _spoken(speech: Speech, k: int) -> list[Range]:
    """Give what a quotation says, with the paragraphs that it goes on into."""
    found = []
    for number in range(k, len(speech.quotations)):
        quotation = speech.quotations[number]
        if quotation.depth == 0:
            found.append((quotation.inner.start, quotation.inner.end))
            if number > k:
                speech.owner.setdefault(number, speech.owner[k])
            if not quotation.continues:
                break
    return found


def _continue(speech: Speech, frames: Sequence[Frame]) -> None:
    """Give a quotation without a cue of its own to the attribution before it.

    In its own paragraph that is the last one before it; a paragraph that opens with such a quotation goes
    on with the speech that the paragraph before ended in.
    """
    tree, text = speech.tree, speech.tree.text
    waiting = sorted(
        (f for f in frames if f.how not in _SILENT and (f.content or f.words)),
        key=lambda f: -tree.start[f.head],
    )
    last: Frame | None = None
    for start, end in speech.paragraphs:
        carried, last = last, None
        said: Frame | None = None
        quoted: Frame | None = None
        for k in speech.inside(start, end):
            quotation = speech.quotations[k]
            while waiting and tree.start[waiting[-1].head] < quotation.open:
                frame = waiting.pop()
                said = frame if tree.start[frame.head] >= start else said
                quoted = frame if said is frame and frame.claimed else quoted
            before = _before(text, start, quotation)
            if (
                k in speech.owner
                or not _is_speech(quotation)
                or (before and not _SENTENCE_END.search(before))
            ):
                continue
            owner = quoted or said or (None if before else carried)
            if owner is None:
                continue
            _go_on(speech, owner, k)
            quoted = last = owner
        while waiting and tree.start[waiting[-1].head] < end:
            said = waiting.pop()
            last = said if said.how in _SPOKEN and tree.start[said.head] >= start else last


def _go_on(speech: Speech, frame: Frame, k: int) -> None:
    """Add a quotation to the content of a frame."""
    speech.owner[k] = frame
    frame.claimed.append(k)
    if not frame.content:
        frame.content = speech.tree.runs([x for x in frame.words if x not in frame.cue])
    frame.content += _spoken(speech, k)


def _before(text: str, start: int, quotation: Quotation) -> str:
    """Give what stands before a quotation in its paragraph, as far as it matters."""
    return text[max(start, quotation.open - _NEAR) : quotation.open].rstrip()


def _between(frames: Sequence[Frame], places: Sequence[int], start: int, end: int) -> Sequence[Frame]:
    return frames[bisect_left(places, start) : bisect_left(places, end)]


def _is_speech(quotation: Quotation) -> bool:
    """Tell whether a quotation can stand alone: it ends as a sentence does, or is long."""
    inner = quotation.inner.exact
    return (inner[-1:] in ".!?…," and inner.count(" ") >= 1) or inner.count(" ") >= 6
