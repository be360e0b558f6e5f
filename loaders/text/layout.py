"""Tells what each stretch of a page is, so that menus and captions are set aside and nothing is deleted.

Two means: patterns in `ontology/lexicons/layout.csv` (a new menu line is a new row), and the page's shape: a
short line without end mark before the first or after the last sentence is not the article. Where a stretch
may be the article, it is taken for the article.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from typing import cast, get_args

from graph.model import Block, BlockKind, Span
from loaders.text.calendar_words import DATE, MONTH, MONTHDAY, WEEKDAY
from loaders.text.description import describe, find_dateline, is_outlet
from loaders.text.paragraphs import SENTENCE_END, Range, count_words, split_paragraphs, trim
from loaders.text.wordlists import LEXICONS, agency_pattern, function_words, read_rows

__all__ = ["READ", "describe", "is_read", "layout_patterns", "split_blocks"]

READ: frozenset[BlockKind] = frozenset({"body", "heading", "title", "update"})

_WHOLE = frozenset({"whole", "header", "close"})
_OPENING_QUOTE = "\"“„«‘'"
_BULLET = re.compile(r"(?:[•*▪◦‣·]|\d{1,2}[.)]|[-–—])\s+\S")
_DAY = re.compile(rf"(?:{WEEKDAY},? )?{DATE}[.:]?", re.IGNORECASE)
_FRAMED = re.compile(r"[-–—*]+\s.*\s[-–—*]+")


@dataclass(frozen=True, slots=True)
class Pattern:
    """Hold one row of layout.csv: where in a paragraph of at most `most_words` words the pattern stands."""

    kind: BlockKind
    where: str
    most_words: int
    form: str
    example: str

    @property
    def pattern(self) -> re.Pattern[str]:
        """Give the pattern, compiled where it is asked for: most pages hold little furniture."""
        return _compile(self.form)

    def matches(self, words: str) -> bool:
        """Tell whether the paragraph, white space folded, is of this kind. Patterns have the straight apostrophe."""
        words = words.replace("’", "'")
        if self.where in _WHOLE:
            return self.pattern.fullmatch(words) is not None
        return (self.pattern.match if self.where == "start" else self.pattern.search)(words) is not None


@dataclass(frozen=True, slots=True)
class _Piece:
    """Hold a paragraph on its way to a block: `kind` is None while the page's shape has to decide."""

    start: int
    end: int
    words: str
    size: int
    kind: BlockKind | None = None
    where: str = ""

    @property
    def is_prose(self) -> bool:
        """Tell whether this reads as a sentence of the article: an end mark, a quotation, or simply long."""
        if self.kind is not None:
            return self.kind == "update"
        return self.size >= 25 or (self.size >= 5 and SENTENCE_END.search(self.words) is not None)


def is_read(block: Block) -> bool:
    """Tell whether the block belongs to what the article says."""
    return block.kind in READ


@lru_cache(maxsize=1)  # an article's blocks are asked for twice, for its description and for its reading
def split_blocks(text: str) -> tuple[Block, ...]:
    """Cut the text into blocks, in order, that together hold everything in it but white space.

    The line that opens a report with its place ("BEIRUT (AFP) –") is a byline block of its own.
    """
    pieces = [piece for span in split_paragraphs(text) for piece in _cut_ends(text, span)]
    pieces = _close_links(_close_end(pieces))
    prose = [n for n, piece in enumerate(pieces) if piece.is_prose]
    if prose:
        first, last = prose[0], prose[-1]
        settled = [
            *_settle_head(pieces[:first]),
            *(_settle_middle(pieces[n], bisect_left(prose, n), len(prose)) for n in range(first, last + 1)),
            *_settle_tail(pieces[last + 1 :]),
        ]
    else:
        settled = _settle_head(pieces)
    return tuple(
        Block(cast(BlockKind, piece.kind), Span.of(text, piece.start, piece.end))
        for piece in _cut_dateline(text, settled)
    )


@cache
def layout_patterns() -> tuple[Pattern, ...]:
    """Read layout.csv. A space in a pattern stands for any white space, {agency} for what the lists hold."""
    parts = {
        "agency": agency_pattern(), "photo_agency": agency_pattern(photo=True), "date": DATE, "month": MONTH,
        "weekday": WEEKDAY, "monthday": MONTHDAY,
    }  # fmt: skip
    return tuple(
        Pattern(
            cast(BlockKind, row["kind"]) if row["kind"] in get_args(BlockKind) else _no_kind(row["kind"]),
            row["where"],
            int(row["most_words"]),
            _expand(row["pattern"], parts),
            row["example"],
        )
        for row in read_rows(LEXICONS / "layout.csv")
    )


@cache
def _compile(form: str) -> re.Pattern[str]:
    return re.compile(form, re.IGNORECASE)


def _no_kind(kind: str) -> BlockKind:
    raise ValueError(f"layout.csv: there is no kind of block {kind!r}")


def _expand(pattern: str, parts: dict[str, str]) -> str:
    for name, part in parts.items():
        pattern = pattern.replace("{" + name + "}", part)
    return re.sub(r" (?![^\[]*\])", r"\\s+", pattern).replace(r"\s+?", r"\s*").replace(r"\s+*", r"\s*")


def _cut_ends(text: str, span: Range) -> Iterator[_Piece]:
    """Cut from a paragraph what was glued to its ends: "article image" before it, "(AFP)" after it."""
    start, end = span
    whole = _classify(_piece(text, start, end))
    if whole.where in _WHOLE:
        yield whole
        return
    before: list[_Piece] = []
    after: list[_Piece] = []
    for pattern in _patterns("prefix", "suffix"):
        if pattern.where == "prefix" and (match := pattern.pattern.match(text, start, end)):
            before.append(_piece(text, start, match.end(), kind=pattern.kind))
            start = trim(text, match.end(), end)[0]
        elif pattern.where == "suffix" and (match := _last(pattern, text, start, end)):
            after.insert(0, _piece(text, *trim(text, match.start(), end), kind=pattern.kind))
            end = trim(text, start, match.start())[1]
    yield from before
    if (start, end) == span:
        yield whole
    elif start < end:
        yield _classify(_piece(text, start, end))
    yield from after


def _last(pattern: Pattern, text: str, start: int, end: int) -> re.Match[str] | None:
    """Find the pattern where it ends the paragraph; what is cut off there is never longer than its words."""
    for match in pattern.pattern.finditer(text, max(start + 1, end - _most_letters(pattern)), end):
        if match.end() == end and match.start() > start:
            return match
    return None


def _piece(text: str, start: int, end: int, kind: BlockKind | None = None) -> _Piece:
    words = " ".join(text[start:end].split())
    return _Piece(start, end, words, count_words(words), kind)


def _classify(piece: _Piece) -> _Piece:
    """Give the kind that a pattern knows, or leave it open."""
    for pattern in _patterns_for(piece.words):
        if (
            piece.size <= pattern.most_words
            and len(piece.words) <= _most_letters(pattern)
            and pattern.matches(piece.words)
        ):
            return replace(piece, kind=pattern.kind, where=pattern.where)
    if piece.size == 0:
        return replace(piece, kind="furniture")
    return piece


def _patterns_for(words: str) -> tuple[Pattern, ...]:
    """Give the patterns that may fit a paragraph: one look at all of a place tells that none does, as is mostly so."""
    plain = words.replace("’", "'")
    found: list[str] = []
    for wheres in (tuple(_WHOLE), ("start",), ("inside",)):
        screen, longest = _screen(*wheres)
        look = {"start": screen.match, "inside": screen.search}.get(wheres[0], screen.fullmatch)
        if len(plain) <= longest and look(plain):
            found += wheres
    return _patterns(*found)


@cache
def _screen(*wheres: str) -> tuple[re.Pattern[str], int]:
    """Join the patterns of some places into one, and give the most letters that any of them takes."""
    patterns = _patterns(*wheres)
    joined = "|".join(f"(?:{pattern.form})" for pattern in patterns)
    return _compile(joined), max(map(_most_letters, patterns), default=0)


@cache
def _patterns(*wheres: str) -> tuple[Pattern, ...]:
    return tuple(pattern for pattern in layout_patterns() if pattern.where in wheres)


def _most_letters(pattern: Pattern) -> int:
    return 40 + 15 * pattern.most_words


def _close_end(pieces: list[_Piece]) -> list[_Piece]:
    """Set aside what stands below "Leave a Reply": the readers' words are not the article's.

    Only where most of the prose stands above: the same words are a button at the head of some pages.
    """
    total = sum(piece.size for piece in pieces if piece.is_prose)
    above = 0
    for n, piece in enumerate(pieces):
        if piece.where == "close" and above and above >= 0.6 * total:
            return pieces[:n] + [replace(p, kind=p.kind or "furniture") for p in pieces[n:]]
        above += piece.size if piece.is_prose else 0
    return pieces


def _close_links(pieces: list[_Piece]) -> list[_Piece]:
    """Set aside the short lines that follow "Related Articles" up to the next sentence."""
    settled: list[_Piece] = []
    in_links = False
    for n, piece in enumerate(pieces):
        in_links = piece.where == "header" or (in_links and not piece.is_prose)
        # One line alone before a sentence may be the sub-heading of what goes on below the box of links.
        alone = n + 1 < len(pieces) and pieces[n + 1].is_prose and settled and settled[-1].where != "header"
        if in_links and piece.kind is None and not alone:
            piece = replace(piece, kind="furniture")
        settled.append(piece)
    return settled


def _settle_head(pieces: Sequence[_Piece]) -> list[_Piece]:
    """Find the title among the lines above the first sentence; lines above it are menus, below it a deck."""
    if pieces and pieces[0].kind is None and is_outlet(pieces[0].words):
        pieces = [replace(pieces[0], kind="outlet"), *pieces[1:]]
    if pieces and pieces[-1].kind is None and pieces[-1].words[-1] == ":" and pieces[-1].size >= 3:
        # "The minister said:" opens the report, and what he said is the first sentence.
        pieces = [*pieces[:-1], replace(pieces[-1], kind="body")]
    open_lines = [n for n, piece in enumerate(pieces) if piece.kind is None]
    if not open_lines:
        return list(pieces)
    longest = max(open_lines, key=lambda n: (min(pieces[n].size, 4), -n))
    settled = []
    for n, piece in enumerate(pieces):
        if piece.kind is None:
            kind: BlockKind = (
                "title" if n == longest else "heading" if n > longest and piece.size >= 4 else "furniture"
            )
            piece = replace(piece, kind=kind)
        settled.append(piece)
    return settled


def _settle_middle(piece: _Piece, above: int, total: int) -> _Piece:
    """Tell a sub-heading from a short paragraph; both are read. `above` of the page's paragraphs stand above it.

    A date that parts the report is the heading of a chronology's day, not the day of publication.
    """
    if piece.kind == "byline" and above >= 3 and total - above >= 2 and _DAY.fullmatch(piece.words):
        return replace(piece, kind="heading")
    if piece.kind is not None:
        return piece
    words = piece.words
    if (
        piece.is_prose
        or piece.size > 12
        or words[-1] in ":;,"
        or words[0].islower()
        or words[0] in _OPENING_QUOTE
    ):
        return replace(piece, kind="body")
    if SENTENCE_END.search(words) or (_BULLET.match(words) and not _FRAMED.fullmatch(words)):
        return replace(piece, kind="body")
    return replace(piece, kind="heading")


def _settle_tail(pieces: Sequence[_Piece]) -> list[_Piece]:
    """Set the lines below the last sentence aside, unless one reads as a sentence that lost its end mark."""
    settled: list[_Piece] = []
    above = True
    for n, piece in enumerate(pieces):
        if piece.kind is None:
            links_follow = any(later.kind == "furniture" for later in pieces[n + 1 : n + 2])
            piece = replace(
                piece, kind="body" if above and _is_sentence(piece, links_follow) else "furniture"
            )
        above = above and piece.kind == "body"
        settled.append(piece)
    return settled


def _is_sentence(piece: _Piece, links_follow: bool) -> bool:
    words = piece.words.lower().split()
    if SENTENCE_END.search(piece.words):
        return piece.size >= 2 or piece.words[0] in _OPENING_QUOTE
    if piece.words[0] in _OPENING_QUOTE or piece.size > 14:
        return True
    if links_follow or piece.size < 5:
        return False
    # Headlines stand in the present: a past form in a long line is the article's.
    past = piece.size >= 8 and any(len(word) > 4 and word.endswith("ed") for word in words)
    return past or any(word in function_words("finite") for word in words)


def _cut_dateline(text: str, pieces: list[_Piece]) -> Iterator[_Piece]:
    """Cut "BEIRUT, Lebanon (AFP) –" from the first sentence: it is no part of what the sentence says.

    A short first line that ends with a full stop is the title where a dateline opens one of the next paragraphs,
    or where it is written as headlines are.
    """
    prose = [n for n, piece in enumerate(pieces) if piece.kind in ("body", "update")][:4]
    found = ((n, d) for n in prose if (d := find_dateline(text[pieces[n].start : pieces[n].end])))
    at, dateline = next(found, (None, None))
    titled = any(piece.kind == "title" for piece in pieces)
    for n, piece in enumerate(pieces):
        if n == at and dateline:
            cut = piece.start + dateline.end
            yield replace(piece, end=trim(text, piece.start, cut)[1], kind="byline")
            piece = replace(piece, start=trim(text, cut, piece.end)[0])
        elif (
            not titled
            and [n] == prose[:1]
            and piece.size <= 20
            and (at is not None or _is_headline(prose, piece))
        ):
            piece = replace(piece, kind="title")
        if piece.start < piece.end:
            yield piece


def _is_headline(prose: Sequence[int], piece: _Piece) -> bool:
    """Tell whether each word that is not a little one begins with a capital; in a sentence, the verb does not."""
    words: list[str] = re.findall(r"[^\W\d_][\w'’-]*", piece.words)
    telling = [word for word in words if word.lower() not in function_words("english")]
    return len(prose) > 1 and len(telling) >= 4 and all(word[0].isupper() for word in telling)
