"""Where the quotation marks of a text open and close, found by character, before any parsing.

A parser splits and attaches badly at quotation marks, while the marks themselves say exactly what is
quoted. So they are paired first, paragraph by paragraph, and everything later is bound to them: a quotation
is never cut.

Decisions:
- Curly, low, angle, single, doubled (``like this'') and straight marks are paired by kind; a straight mark
  opens where nothing of its kind is open and closes where something is.
- An apostrophe is not a mark: a single mark closes only at the end of a word while a single quotation is
  open, and a possessive plural (“the workers’ own”) does not close where a better mark follows.
- A quotation that its paragraph does not close ends with the paragraph; where the next paragraph opens with
  a mark of the same kind, it goes on there (`continues`), which is how newspapers print long quotations.
- A second opening mark of a kind that is still open ends the first one: printed text doesn't nest a kind in
  itself. This also keeps hostile text linear in time and memory.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from graph.model import Block, Span
from loaders.text.layout import is_read

_BREAK = re.compile(r"\n[^\S\n]*\n|\n")
_MARK = re.compile(r"``|''|[\"“”„‟«»‘’‚‹›'`＂]")
_DOUBLE = '"“”„‟＂'
_STRAIGHT = ('"', "＂", "''")
_PAIRS = {"“": "”", "„": "“”‟", "‟": "”", "«": "»", "‘": "’'", "‚": "‘’", "‹": "›", "``": "''", "`": "'’"}
_CLOSERS = frozenset("”»’›'“‟‘") | {"''"}
_BEFORE_OPENING = frozenset("([{<—–-―/:…\"“”„«‘`'|*_>")


@dataclass(frozen=True, slots=True)
class Quotation:
    """Hold one quotation: where its opening mark stands, where its closing one, and what is between.

    `open` and `close` are code point offsets; `close` is the end of the paragraph where `closed` is false.
    `depth` is 0 for a quotation that stands in no other. `continues` tells that the next quotation is the
    same speech going on; `width` is that of the closing mark.
    """

    open: int
    close: int
    inner: Span
    closed: bool
    depth: int = 0
    continues: bool = False
    width: int = 1

    @property
    def end(self) -> int:
        """Give the offset after the closing mark, or the end of the paragraph."""
        return self.close + self.width if self.closed else self.close


@dataclass(slots=True)
class _Open:
    at: int
    width: int
    mark: str
    depth: int


def split_paragraphs(text: str, blocks: Sequence[Block]) -> tuple[tuple[int, int], ...]:
    """Cut the blocks that are read into paragraphs at their line breaks: start and end offsets, in order.

    A line break within a sentence (the line before ends in a letter or comma and the next begins small) is
    kept.
    """
    found: list[tuple[int, int]] = []
    for block in blocks:
        if not is_read(block):
            continue
        start, end = block.span.start, block.span.end
        for match in _BREAK.finditer(text, start, end):
            after = text[match.end() : match.end() + 1]
            if "\n" not in match.group()[1:] and after.islower():
                continue
            if text[start : match.start()].strip():
                found.append((start, match.start()))
            start = match.end()
        if text[start:end].strip():
            found.append((start, end))
    return tuple(found)


def pair(text: str, blocks: Sequence[Block]) -> tuple[Quotation, ...]:
    """Pair the quotation marks of all blocks that are read, in the order of their opening marks."""
    found: list[Quotation] = []
    pending: tuple[int, str] | None = None
    for start, end in split_paragraphs(text, blocks):
        here = sorted(_pair_paragraph(text, start, end), key=lambda item: item[0].open)
        if (
            pending is not None
            and here
            and _opens_paragraph(text, start, here[0][0])
            and here[0][1] == pending[1]
        ):
            last = found[pending[0]]
            found[pending[0]] = Quotation(
                last.open, last.close, last.inner, closed=False, depth=last.depth, continues=True
            )
        pending = None
        for quotation, mark in here:
            found.append(quotation)
            if not quotation.closed and quotation.depth == 0:
                pending = (len(found) - 1, mark)
    return tuple(found)


def _opens_paragraph(text: str, start: int, quotation: Quotation) -> bool:
    return not text[start : quotation.open].strip()


def _pair_paragraph(text: str, start: int, end: int) -> Iterator[tuple[Quotation, str]]:
    marks = [(m.start(), m.group()) for m in _MARK.finditer(text, start, end)]
    closers, sure = _count_single_closers(text, marks, end)
    stack: list[_Open] = []
    for index, (at, mark) in enumerate(marks):
        before = text[at - 1] if at > start else " "
        after = text[at + len(mark)] if at + len(mark) < end else " "
        closing = _find_open(stack, mark, before, after, text, at, more=sure[index] > 0)
        if closing is not None:
            for left in reversed(stack[closing + 1 :]):
                yield from _close(text, left, at, closed=False)
            yield from _close(text, stack[closing], at, closed=True, width=len(mark))
            del stack[closing:]
        elif _can_open(mark, before, after, more=closers[index] > 0):
            same = next((k for k, left in enumerate(stack) if left.mark == mark), None)
            if same is not None:
                for left in reversed(stack[same:]):
                    yield from _close(text, left, at, closed=False)
                del stack[same:]
            stack.append(_Open(at, len(mark), mark, len(stack)))
    for left in reversed(stack):
        if _kind(left.mark) != "single":
            yield from _close(text, left, end, closed=False)


def _kind(mark: str) -> str:
    if mark in _DOUBLE or mark in {"``", "''"}:
        return "double"
    return "angle" if mark in "«»‹›" else "single"


def _close(
    text: str, left: _Open, at: int, *, closed: bool, width: int = 1
) -> Iterator[tuple[Quotation, str]]:
    first, last = left.at + left.width, at
    while first < last and text[first].isspace():
        first += 1
    while last > first and text[last - 1].isspace():
        last -= 1
    if first < last:
        yield (
            Quotation(
                left.at,
                at if closed else last,
                Span.of(text, first, last),
                closed,
                left.depth,
                width=width,
            ),
            _kind(left.mark),
        )


def _find_open(
    stack: list[_Open], mark: str, before: str, after: str, text: str, at: int, *, more: bool
) -> int | None:
    if mark in _STRAIGHT and not (mark == "''" and any(left.mark == "``" for left in stack)):
        if before.isspace() and after.isalnum():
            return None
        wanted = next((k for k, left in enumerate(stack) if left.mark == mark), None)
        mixed = next((k for k, left in enumerate(stack) if left.mark in {"“", "„"}), None)
        return wanted if wanted is not None else (mixed if not before.isspace() else None)
    if mark not in _CLOSERS or (before.isspace() and mark in "'’‘“"):
        return None
    for k in range(len(stack) - 1, -1, -1):
        closers = _PAIRS.get(stack[k].mark, "")
        if stack[k].mark == "'":
            closers = "'’"
        if mark in closers or (mark == "”" and stack[k].mark in '"”'):
            if (
                _kind(mark) == "single"
                and mark != "''"
                and _is_apostrophe(text, at, before, after, more=more)
            ):
                return None
            return k
    return None


def _is_apostrophe(text: str, at: int, before: str, after: str, *, more: bool) -> bool:
    if after.isalnum():
        return True
    return more and before in "sS" and after == " " and text[at + 2 : at + 3].islower()


def _can_open(mark: str, before: str, after: str, *, more: bool) -> bool:
    free = before.isspace() or before in _BEFORE_OPENING
    if mark in ("“", "„", "‟", "«", "‹", "``"):
        return True
    if mark in ("‘", "‚", "'", "`"):
        return free and more and (after.isalnum() or after in '[("“$£€…')
    if mark in _STRAIGHT:
        return (free or before == ",") and not (mark == "''" and after.isspace())
    return mark == "”" and free and not after.isspace()


def _count_single_closers(text: str, marks: list[tuple[int, str]], end: int) -> tuple[list[int], list[int]]:
    """Count for each mark those after it that could close a single quotation before the next opens.

    The second list counts only those that can't be a possessive plural.
    """
    counts, sure = [0] * len(marks), [0] * len(marks)
    ahead = certain = 0
    for index in range(len(marks) - 1, -1, -1):
        counts[index], sure[index] = ahead, certain
        at, mark = marks[index]
        if mark in ("'", "’"):
            before = text[at - 1] if at else " "
            after = text[at + 1] if at + 1 < end else " "
            if not before.isspace() and not after.isalnum():
                ahead += 1
                certain += before not in "sS"
        elif mark == "‘":
            ahead = certain = 0
    return counts, sure
