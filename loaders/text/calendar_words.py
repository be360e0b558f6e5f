"""Reads the whole dates that a page prints about itself. Days that hang on another date are not read here."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator

MONTHS = (
    "january", "february", "march", "april", "may", "june",
    "july", "august", "september", "october", "november", "december",
)  # fmt: skip
MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?"
    r"|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\b\.?"
)
WEEKDAY = r"(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?\b\.?"
MONTHDAY = rf"(?:{MONTH}\s+\d{{1,2}}\b|\d{{1,2}}\s+{MONTH})"
_YEAR = r"(?:19|20)\d\d(?!\d)"
_DAY = r"(?:0?[1-9]|[12]\d|3[01])"
DATE = (
    rf"(?:{MONTH}\s*{_DAY}(?:st|nd|rd|th)?,?\s*{_YEAR}|{_DAY}(?:st|nd|rd|th)?(?:\s+of)?[\s-]*{MONTH}[\s,-]*{_YEAR}"
    rf"|{_YEAR}[-/]\d\d[-/]\d\d(?!\d)|{_DAY}[./]\d{{1,2}}[./]{_YEAR})"
)
_PARTS = re.compile(
    rf"(?<!\w)(?:(?P<m1>{MONTH})\s*(?P<d1>{_DAY})(?:st|nd|rd|th)?,?\s*(?P<y1>{_YEAR})"
    rf"|(?P<d2>{_DAY})(?:st|nd|rd|th)?(?:\s+of)?[\s-]*(?P<m2>{MONTH})[\s,-]*(?P<y2>{_YEAR})"
    rf"|(?P<y3>{_YEAR})(?P<s3>[-/])(?P<m3>\d\d)(?P=s3)(?P<d3>\d\d)(?!\d)"
    rf"|(?P<d4>{_DAY})(?P<s4>[./])(?P<m4>\d{{1,2}})(?P=s4)(?P<y4>{_YEAR}))",
    re.IGNORECASE,
)


def find_dates(words: str) -> Iterator[tuple[int, int, dt.date]]:
    """Give the whole dates in the words as (start, end, date).

    3/10/2017 is passed over where both numbers could be the month: it means two days, and a guess is none.
    Dots are read as day, month, year, since nobody writes them otherwise.
    """
    for match in _PARTS.finditer(words):
        date = _to_date(match)
        if date:
            yield match.start(), match.end(), date


def parse_date(words: str) -> dt.date | None:
    """Read a field that begins with one whole date, a time of day left out; None where there is none."""
    first = next(find_dates(words.strip()), None)
    return first[2] if first and first[0] < 12 else None


def _to_date(match: re.Match[str]) -> dt.date | None:
    groups = match.groupdict()
    form = next(n for n in "1234" if groups[f"y{n}"])
    day, month = int(groups[f"d{form}"]), _month_number(groups[f"m{form}"])
    if form == "4" and groups["s4"] == "/":
        if day <= 12 and month <= 12 and day != month:
            return None
        if month > 12:
            day, month = month, day
    try:
        return dt.date(int(groups[f"y{form}"]), month, day)
    except ValueError:
        return None


def _month_number(words: str) -> int:
    if words.isdigit():
        return int(words)
    return next(n for n, name in enumerate(MONTHS, start=1) if name.startswith(words[:3].lower()))
