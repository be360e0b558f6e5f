"""Reads what an article states about itself: date, agency, outlet, title, dateline, byline. It never guesses.

Each value carries its basis, the very words, so that a reader can judge it. The shapes of datelines are rows
of `ontology/lexicons/datelines.csv`.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from graph.model import Block, Described
from loaders.text.calendar_words import DATE, MONTHDAY, find_dates
from loaders.text.wordlists import LEXICONS, agencies, agency_pattern, function_words, outlets, read_rows

# One to four capitalised words, with up to two more names after commas: "BEIRUT, Lebanon", "Deir ez-Zor".
_NAME = r"(?-i:[A-Z][\w.'’-]*)(?:[ -](?:(?-i:[A-Z])[\w.'’-]*|de|la|of|ez|al|ash|es|el)){0,3}"
_PLACE = rf"{_NAME}(?:(?:, ?| ?/ ?|\s\()(?:{_NAME})\)?){{0,2}}"
_CAPITALS = r"(?-i:[A-Z][A-Z.'’-]+(?:[ -][A-Z.'’-]+){0,3}(?:, ?[A-Z][\w.'’-]+(?: [A-Z][\w.'’-]+){0,2}){0,2})"
_LONGEST_DATELINE = 120
_TITLE_TAIL = re.compile(r"\s+(?:[|»]|[-–—])\s+(?P<outlet>[^|»–—]{2,40})$")
_UPDATED = re.compile(r"\b(?:last\s+)?(?:updated?|modified)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Dateline:
    """Hold the opening of a report: `words` as printed, `end` their length with the dash, what they say."""

    words: str
    end: int
    place: str | None
    agency: str | None
    date: dt.date | None


def describe(text: str, blocks: Iterable[Block]) -> Described:
    """Give what the text itself states about where and when it was printed; what it leaves out stays None."""
    blocks = tuple(blocks)
    dateline = _dateline_of(blocks)
    published, published_basis = _published(blocks, dateline)
    agency, agency_basis = _agency(blocks, dateline)
    title, outlet, outlet_basis = _title_and_outlet(blocks)
    return Described(
        title=title,
        published=published,
        published_basis=published_basis,
        outlet=outlet,
        outlet_basis=outlet_basis,
        agency=agency,
        agency_basis=agency_basis,
        dateline=dateline.place if dateline else None,
        byline=_byline(blocks),
    )


def find_dateline(words: str) -> Dateline | None:
    """Read a dateline at the very start of the words; None where there is none."""
    # Some pages have a hard space before the dash; the length stays.
    opening = words[:_LONGEST_DATELINE].replace("\u00a0", " ").replace("\u202f", " ")
    for pattern in _dateline_patterns():
        match = pattern.match(opening)
        if match:
            found = match.groupdict()
            agency = agency_name(found.get("agency"))
            place = found.get("place")
            if found.get("agency") and not agency and not _in_capitals(place):
                continue
            if place and place.casefold() in function_words("label"):
                return None
            date = next((date for _, _, date in find_dates(match[0])), None)
            return Dateline(_fold(match[0]).rstrip(" –—-"), match.end(), place, agency, date)
    return None


def is_outlet(words: str) -> bool:
    """Tell whether a line is the name of an outlet: a known one, or capitalised words that end in "Times"."""
    name = _fold(words).casefold().rstrip(".")
    if name in outlets()["name"]:
        return True
    parts = words.split()
    return (
        2 <= len(parts) <= 4
        and name.split()[-1] in outlets()["ending"]
        and all(p[0].isupper() for p in parts)
    )


@cache
def _dateline_patterns() -> tuple[re.Pattern[str], ...]:
    parts = {
        "place": _PLACE,
        "capitals": _CAPITALS,
        "agency": agency_pattern(),
        "date": DATE,
        "monthday": MONTHDAY,
    }
    patterns = []
    for row in read_rows(LEXICONS / "datelines.csv"):
        pattern = row["pattern"]
        for name, part in parts.items():
            pattern = pattern.replace("{" + name + "}", part)
        patterns.append(re.compile(pattern, re.IGNORECASE))
    return tuple(patterns)


def _dateline_of(blocks: tuple[Block, ...]) -> Dateline | None:
    return next((d for b in blocks if b.kind == "byline" and (d := find_dateline(b.span.exact))), None)


def _byline(blocks: tuple[Block, ...]) -> str | None:
    """Give the line that names the author: one that begins with "By", else one that is no date."""
    lines = [_fold(b.span.exact) for b in blocks if b.kind == "byline" and not find_dateline(b.span.exact)]
    named = (line for line in lines if line.lower().startswith("by "))
    others = (line for line in lines if not _UPDATED.match(line) and not any(find_dates(line)))
    return next(named, None) or next(others, None)


def _published(blocks: tuple[Block, ...], dateline: Dateline | None) -> tuple[dt.date | None, str | None]:
    """Take the date from the lines around the article, the first before one that says "updated"."""
    dated = []
    for block in blocks:
        if block.kind == "byline" and not find_dateline(block.span.exact):
            dated += [(block.span.exact, date) for _, _, date in find_dates(block.span.exact)][:1]
    if dated:
        words, date = min(dated, key=lambda found: _UPDATED.match(found[0]) is not None)
        return date, _stated(words)
    if dateline and dateline.date:
        return dateline.date, _stated(dateline.words)
    return _published_in_opening(blocks)


def _published_in_opening(blocks: tuple[Block, ...]) -> tuple[dt.date | None, str | None]:
    """Read "AFP Sunday 26 Nov 2017" where whoever made the file glued such a line to the article's text."""
    opening = next((b.span.exact for b in blocks if b.kind in ("body", "heading")), "")[:400]
    for start, end, date in find_dates(opening):
        before, after = opening[max(0, start - 40) : start], opening[end : end + 40]
        if _glued_before().search(before) or _GLUED_AFTER.match(after):
            return date, _stated(opening[start:end])
    return None, None


_GLUED_AFTER = re.compile(r"\)?\s?(?:\(updated|get\s+short\s+url|print\b|tweet\b|share\b)", re.IGNORECASE)


@cache
def _glued_before() -> re.Pattern[str]:
    weekday = r"(?:mon|tues|wednes|thurs|fri|satur|sun)day"
    return re.compile(
        rf"(?:{agency_pattern()}|\b(?:published|posted|publication))\W*(?:{weekday}\W*)?$", re.IGNORECASE
    )


def _agency(blocks: tuple[Block, ...], dateline: Dateline | None) -> tuple[str | None, str | None]:
    """Take the agency from the dateline, else a byline, else a credit line.

    A photo's credit says nothing of where the text is from.
    """
    if dateline and dateline.agency:
        return dateline.agency, _stated(f"dateline '{dateline.words}'", quoted=False)
    for kind in ("byline", "credit"):
        for block in blocks:
            if block.kind == kind and (found := re.search(rf"\b{agency_pattern()}(?!\w)", block.span.exact)):
                words = block.span.exact
                return agency_name(found[0]), _stated(words)
    return None, None


def _title_and_outlet(blocks: tuple[Block, ...]) -> tuple[str | None, str | None, str | None]:
    """Read the title, and the outlet from its own line or from the tail of a title ("… | Example Times")."""
    title = next((_fold(b.span.exact) for b in blocks if b.kind == "title"), None)
    line = next((b for b in blocks if b.kind == "outlet"), None)
    if title and (tail := _TITLE_TAIL.search(title)) and is_outlet(tail["outlet"]):
        title, whole = title[: tail.start()], title
        if line is None:
            return title, tail["outlet"].strip(), _stated(whole)
    return title, _fold(line.span.exact) if line else None, _stated(line.span.exact) if line else None


def agency_name(words: str | None) -> str | None:
    """Give the short name of an agency from its printed one; None for words that name none."""
    if not words:
        return None
    wanted = _fold(words).casefold()
    for name, short in agencies().items():
        if re.fullmatch(rf"{re.escape(name.casefold())}(?:[ ,/&-].*)?", wanted):
            return short
    return None


def _in_capitals(place: str | None) -> bool:
    return bool(place) and str(place).split(",")[0].isupper()


def _fold(words: str) -> str:
    return " ".join(words.split())


def _stated(words: str, *, quoted: bool = True) -> str:
    """Write a basis. Long lines are cut: the basis is for a person's eye, the text itself is kept whole."""
    folded = _fold(words)
    folded = folded if len(folded) <= 120 else folded[:117] + "…"
    return f"stated: '{folded}'" if quoted else f"stated: {folded}"
