"""Finds the paragraphs of a text: files break their lines in many ways, and no sentence must be torn.

A text may hold a paragraph a line, blank lines between paragraphs, lines cut off at some column, or no break
at all. Offsets are code points of the text as it was found; nothing is changed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from loaders.text.wordlists import function_words

# Marks without width: a byte order mark, joiners, the direction marks of Arabic pages.
INVISIBLE = (
    "\ufeff\u200b\u200c\u200d\u200e\u200f\u2060\u00ad\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
)

SENTENCE_END = re.compile(r"[.!?…](?:\s?[\"'”’»)\]*])*$")
_WORD = re.compile(r"\S+")
_LONGEST_WRAP = 100
_FEWEST_PAIRS = 4
# Characters from which the end of a paragraph is judged: what was joined so far is not looked at again and again.
_END = 1_000

Range = tuple[int, int]


def trim(text: str, start: int, end: int) -> Range:
    """Leave white space and marks without width out at both ends; start equals end where nothing is left."""
    while start < end and (text[start].isspace() or text[start] in INVISIBLE):
        start += 1
    while end > start and (text[end - 1].isspace() or text[end - 1] in INVISIBLE):
        end -= 1
    return start, end


def split_paragraphs(text: str) -> tuple[Range, ...]:
    """Give the paragraphs of the text as (start, end), in order, white space left out at the ends."""
    chunks = list(_chunks(text))
    width = _wrap_width(text, chunks)
    pieces = [piece for chunk in chunks for piece in _unwrap(text, chunk, width)]
    return tuple(_mend(text, pieces))


def count_words(words: str) -> int:
    """Count the words that hold a letter or digit."""
    return sum(word.isalnum() or any(map(str.isalnum, word)) for word in words.split())


def _chunks(text: str) -> Iterator[list[Range]]:
    """Give the runs of lines without a blank line between them."""
    chunk: list[Range] = []
    at = 0
    for line in text.splitlines(keepends=True):
        start, end = trim(text, at, at + len(line))
        at += len(line)
        if start < end:
            chunk.append((start, end))
        elif chunk:
            yield chunk
            chunk = []
    if chunk:
        yield chunk


def _wrap_width(text: str, chunks: list[list[Range]]) -> int | None:
    """Give the column at which the text's lines are cut off, or None where its line breaks mean something."""
    pairs = [pair for chunk in chunks for pair in pairwise(chunk)]
    if len(pairs) < _FEWEST_PAIRS:
        return None
    lengths = sorted(end - start for (start, end), _ in pairs)
    width = lengths[(len(lengths) - 1) * 19 // 20]
    if width > _LONGEST_WRAP or width < 30:
        return None
    full = sum(_fills(text, first, second, width) for first, second in pairs)
    open_ended = sum(not SENTENCE_END.search(text[start:end]) for (start, end), _ in pairs)
    return width if full >= 0.6 * len(pairs) and open_ended >= 0.4 * len(pairs) else None


def _fills(text: str, first: Range, second: Range, width: int) -> bool:
    """Tell whether the first line had no room for the next word: a tenth is left for ragged hands."""
    word = _WORD.match(text, second[0])
    return first[1] - first[0] + 1 + (len(word[0]) if word else 0) > width * 0.9


def _unwrap(text: str, chunk: list[Range], width: int | None) -> Iterator[Range]:
    """Join the lines of a chunk that belong to one paragraph."""
    start, end = chunk[0]
    for first, second in pairwise(chunk):
        wrapped = width is not None and _fills(text, first, second, width)
        if wrapped or _runs_on(text, first, second):
            end = second[1]
        else:
            yield start, end
            start, end = second
    yield start, end


def _mend(text: str, pieces: list[Range]) -> Iterator[Range]:
    """Join a paragraph that a page break tore in two."""
    if not pieces:
        return
    start, end = pieces[0]
    for piece in pieces[1:]:
        if _runs_on(text, (start, end), piece):
            end = piece[1]
        else:
            yield start, end
            start, end = piece
    yield start, end


def _runs_on(text: str, first: Range, second: Range) -> bool:
    """Tell whether the second stretch goes on with the sentence that the first one leaves open."""
    before, after = text[max(first[0], first[1] - _END) : first[1]], text[second[0] : second[1]]
    if SENTENCE_END.search(before) or count_words(before) < 8:
        return False
    if before[-1] in ":;|" or not after[0].isalpha():
        return False
    if after[0].islower():
        return True
    words = re.findall(r"[\w'’-]+", before.lower())
    if before[-1] in ",-–—" or words[-1] in function_words("unfinished"):
        return True
    # "by the US-backed": an article and a participle wait for their noun.
    return words[-2:-1] in (["the"], ["a"], ["an"]) and words[-1].endswith(
        ("backed", "led", "held", "based", "allied")
    )
