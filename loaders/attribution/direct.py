"""Direct speech: what a cue's quotations make of its content, and where speech goes on without a cue of its own.

A quotation that no cue touches belongs to the attribution before it in the paragraph, or goes on with the speech in
which the paragraph before ended.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from loaders.attribution.claims import claim
from loaders.attribution.frames import Frame, Range
from loaders.attribution.quotations import Quotation
from loaders.attribution.speech import Speech, before_in_paragraph, region

_SILENT = frozenset({"modifier", "adverb"})
_SPOKEN = frozenset({"speech", "clause", "clause before", "parenthesis", "according"})
_SENTENCE_END = re.compile(r"[.!?…][\"'”’»)\]]*\s*$")
_FULL_STOP = re.compile(r"[.!?]\s")


def attach(speech: Speech, frames: Sequence[Frame]) -> None:
    """Give each outer quotation to the frame whose cue touches it, then the rest to the attribution before."""
    outside = [f for f in frames if speech.around(speech.tree.start[f.head]) is None]
    claim(speech, outside)
    for frame in outside:
        if frame.claimed:
            _fill(speech, frame)
    _continue(speech, outside)


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
    before = before_in_paragraph(text, start, quotation)
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
            before = before_in_paragraph(text, start, quotation)
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


def _is_speech(quotation: Quotation) -> bool:
    """Tell whether a quotation can stand alone: it ends as a sentence does, or is long."""
    inner = quotation.inner.exact
    return (inner[-1:] in ".!?…," and inner.count(" ") >= 1) or inner.count(" ") >= 6
