"""Sets aside what no reader would call a sentence: a run of ten thousand words without the end of one.

Such a run is a table that lost its lines, a dump of data or an attack. A parse of it means nothing and costs as much
as that of fifty articles. It stays in the text, and a note says where it stands.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from graph.model import Block, Span
from loaders.text.layout import is_read
from loaders.text.paragraphs import Range, trim

LONGEST_RUN = 10_000
"""Words and marks; the longest sentences of laws and of lists of names have under a tenth of them."""

# A long word costs as several.
_TOKEN = re.compile(r"\w{1,12}|[^\w\s]")
_END = re.compile(r"[.!?…][\"'”’»)\]*]*(?=\s)")


def set_aside(text: str, blocks: Sequence[Block]) -> tuple[tuple[Block, ...], tuple[str, ...]]:
    """Give the blocks with each endless run in a block of its own that is not read, and a note for each."""
    kept: list[Block] = []
    notes: list[str] = []
    for block in blocks:
        start, end = block.span.start, block.span.end
        # A word or mark has at least one character.
        if end - start <= LONGEST_RUN or not is_read(block):
            kept.append(block)
            continue
        for (first, last), size in _cut(text, start, end):
            piece = replace(block, span=Span.of(text, first, last))
            if size > LONGEST_RUN:
                piece = replace(piece, kind="furniture")
                notes.append(
                    f"from character {first} on, {size:,} words and marks stand without the end of a sentence; "
                    "they are kept but not read"
                )
            kept.append(piece)
    return tuple(kept), tuple(notes)


def _cut(text: str, start: int, end: int) -> Iterator[tuple[Range, int]]:
    """Cut a stretch around its endless runs; give each piece with the size of its longest run, if that is endless."""
    pending = start
    begin = start
    for stop in (*(match.end() for match in _END.finditer(text, start, end)), end):
        size = _count(text, begin, stop)
        if size > LONGEST_RUN:
            yield from ((piece, 0) for piece in _trimmed(text, pending, begin))
            yield from ((piece, size) for piece in _trimmed(text, begin, stop))
            pending = stop
        begin = stop
    yield from ((piece, 0) for piece in _trimmed(text, pending, end))


def _trimmed(text: str, start: int, end: int) -> list[Range]:
    first, last = trim(text, start, end)
    return [(first, last)] if first < last else []


def _count(text: str, start: int, end: int) -> int:
    return sum(1 for _ in _TOKEN.finditer(text, start, end)) if end - start > LONGEST_RUN else 0
