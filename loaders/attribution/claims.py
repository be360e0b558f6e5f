"""Which quotation belongs to which cue, decided by what stands between the two.

Direct speech runs over sentences and around its cue, where a parse is at its weakest; the marks are certain. So a
quotation goes to the cue that touches it: before it (“…,” X said), after it (X said: “…”), on both sides.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence

from loaders.attribution.clauses import Tree
from loaders.attribution.frames import Frame
from loaders.attribution.hints import denies
from loaders.attribution.quotations import Quotation
from loaders.attribution.speech import Speech, before_in_paragraph, frames_between, region

_SPEAKING = frozenset({"quote", "that", "tell", "quoted"})
_OPEN_HOWS = frozenset(
    {"bare", "parenthesis", "clause before", "clause", "object", "quoted", "predicate", "according"}
)
_SILENT = frozenset({"modifier", "adverb"})
_NAMING = frozenset({"NOUN", "PROPN", "PRON", "ADJ", "NUM", "DET"})
_FURTHEST_COLON = 400
_WINDOW = 24
_SENTENCE_END = re.compile(r"[.!?…][\"'”’»)\]]*\s*$")
_FULL_STOP = re.compile(r"[.!?]\s")
_WORD = re.compile(r"\w")


def claim(speech: Speech, frames: Sequence[Frame]) -> None:
    """Give each outer quotation that touches a cue in plain text to that cue."""
    speaking = [
        f for f in frames if f.how in _OPEN_HOWS and (f.entry.takes & _SPEAKING or f.how == "according")
    ]
    _claim_beside(speech, frames)
    for frame in speaking:
        _claim_before(speech, frame)
    for frame in speaking:
        _claim_after(speech, frame)
    _claim_by_colon(speech, frames)


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
        near = frames_between(frames, places, quotation.end, tree.start[last])
        frame = next((f for f in near if f.entry.kind == "verb" and f.entry.takes & _SPEAKING), None)
        if frame is None or any(tree.pos[x] in {"VERB", "AUX", "SCONJ"} for x in range(first, frame.cue[0])):
            continue
        if _is_named(speech, quotation, frame, last) or _is_denied(tree, frame, quotation):
            continue
        speech.owner[k] = frame
        frame.claimed.append(k)
        _keep_near(tree, frame, first, last)


def _is_named(speech: Speech, quotation: Quotation, frame: Frame, last: int) -> bool:
    """Tell whether a quotation before a cue is only a name in its sentence: On “Face the Nation,” he said that …"""
    tree = speech.tree
    start, _ = speech.paragraph(quotation.open)
    before = before_in_paragraph(tree.text, start, quotation)
    if not before or _SENTENCE_END.search(before) or frame.how != "clause":
        return False
    follows = next((k for k in range(frame.cue[-1] + 1, last) if tree.pos[k] != "SPACE"), last)
    return tree.lower[follows] != "," and any(k > frame.cue[-1] for k in frame.words)


def _parts(tree: Tree, k: int) -> bool:
    return tree.lower[k] in {".", ";", "“", "”", '"', "«", "»", "?", "!"} or (
        tree.pos[k] == "SPACE" and "\n" in tree.text[tree.start[k] : tree.end[k]]
    )


def _keep_near(tree: Tree, frame: Frame, first: int, last: int) -> None:
    """Mend a cue behind its quotation: its source stands beside it, and it has no content before the
    quotation."""
    if not frame.source or not first <= frame.source[0] <= last:
        named = [k for k in range(first, frame.cue[0]) if tree.pos[k] in _NAMING or tree.dep[k] == "case"]
        if named and tree.pos[named[-1]] in _NAMING:
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
    if _WORD.search(gap) or not quotation.closed or _is_denied(speech.tree, frame, quotation):
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
    if len(gap) > 160 or _FULL_STOP.search(gap) or _is_denied(tree, frame, quotation):
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
            f
            for f in frames_between(frames, places, low, quotation.open)
            if f.how not in _SILENT and not f.claimed and not _is_denied(tree, f, quotation)
        ]
        if near:
            frame = min(near, key=lambda f: (sum(1 for _ in tree.ancestors(f.head)), -f.head))
            speech.owner[k] = frame
            frame.claimed.append(k)


def _is_denied(tree: Tree, frame: Frame, quotation: Quotation) -> bool:
    return denies(tree, frame, quotation.inner.start, quotation.inner.end)


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
