"""When: the words of a text that give a time, resolved to days against the article's date.

A weekday looks back in a sentence about the past ("on Friday" in an article of Wednesday is five days before) and
forward in one about the future. Without a publication date relative words keep their words and have no bounds.
Labels are those of the annotation guidelines: 2017-11-08, ~2017-11, ~2017-W44, 2014.
"""

from __future__ import annotations

import calendar
import datetime as dt
import re
from dataclasses import replace
from typing import Literal

from graph.model import Span, When

Direction = Literal["past", "future"]

_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_MONTHS = (
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
)
_SHORT = (
    {name[:3]: n for n, name in enumerate(_MONTHS, 1)}
    | {"sept": 9}
    | {name: n for n, name in enumerate(_MONTHS, 1)}
)
_COUNTS = {
    "a": 1,
    "an": 1,
    "one": 1,
    "two": 2,
    "three": 3,
    "four": 4,
    "five": 5,
    "six": 6,
    "seven": 7,
    "eight": 8,
    "nine": 9,
    "ten": 10,
}

_MONTH = (
    r"(?:Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?|Sept?(?:ember)?"
    r"|Oct(?:ober)?|Nov(?:ember)?|Dec(?:ember)?)"
)
_DAY = r"(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day"
_GAP = r"[\s\u00a0]+"
_PART = rf"(?:{_GAP}(?:morning|afternoon|evening|night|overnight))?"
_NTH = r"(?P<d>\d{1,2})(?:st|nd|rd|th)?"
_YEAR = r"(?P<y>(?:19|20)\d\d)"
_COUNT = rf"(?P<n>\d{{1,3}}|{'|'.join(_COUNTS)})"


def _after(*words: str) -> str:
    """Match only after one of the words and a space; each is a look-behind of its own, as widths differ."""
    return "(?:" + "|".join(rf"(?i:(?<=\b{word}\s))" for word in words) + r"|(?i:(?<=\bmid-)))"


_PATTERNS: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (name, re.compile(pattern))
    for name, pattern in (
        ("iso", r"\b(?P<y>\d{4})-(?P<m>\d{2})-(?P<d>\d{2})\b"),
        ("date", rf"\b(?P<mon>{_MONTH})\.?{_GAP}{_NTH}(?:,?{_GAP}{_YEAR})?\b(?!,\d)"),
        ("date", rf"\b{_NTH}(?:{_GAP}of)?{_GAP}(?P<mon>{_MONTH})\b\.?(?:,?{_GAP}{_YEAR})?\b"),
        ("month", rf"\b(?:(?i:early|mid|late)[-\s]+)?(?P<mon>{_MONTH})\.?,?{_GAP}(?:of{_GAP})?{_YEAR}\b"),
        (
            "month",
            _after("in", "since", "last", "this", "until", "early", "late", "next", "from", "by", "of")
            + rf"(?P<mon>{_MONTH})\b(?!{_GAP}\d)",
        ),
        (
            "day",
            rf"\b(?:(?P<how>(?i:last|next|this|late|early))(?:{_GAP}on)?{_GAP})?(?P<day>{_DAY}){_PART}\b",
        ),
        ("word", r"\b(?P<word>(?i:yesterday|today|tomorrow|tonight|overnight))\b"),
        ("span", rf"\b(?P<how>(?i:last|this|next|past|previous)){_GAP}(?P<unit>week(?:end)?|month|year)\b"),
        ("ago", rf"\b(?i:{_COUNT}){_GAP}(?P<unit>day|week|month|year)s?{_GAP}ago\b"),
        ("vague", rf"\b(?i:recent|several|past{_GAP}few|coming){_GAP}(?:days|weeks|months|years)\b"),
        (
            "year",
            _after("in", "since", "of", "from", "by", "until", "early", "late") + rf"{_YEAR}\b(?![,.]\d|-)",
        ),
    )
)


def find(text: str, start: int = 0, end: int | None = None) -> tuple[Span, ...]:
    """Find the words that give a time, in order, none overlapping. Linear in the text."""
    stop = len(text) if end is None else end
    taken = bytearray(max(0, stop - start))
    found: list[tuple[int, int]] = []
    for _, pattern in _PATTERNS:
        for match in pattern.finditer(text, start, stop):
            a, b = match.start() - start, match.end() - start
            if not any(taken[a:b]):
                taken[a:b] = b"\x01" * (b - a)
                found.append(match.span())
    return tuple(Span.of(text, a, b) for a, b in sorted(found))


def resolve(words: Span, published: dt.date | None, *, direction: Direction = "past") -> When:
    """Give the days that the words mean in an article of that date; no bounds where that can't be known."""
    for name, pattern in _PATTERNS:
        match = pattern.search(words.exact) or pattern.search(f"in {words.exact}")
        if match is None:
            continue
        bounds = _bounds(name, {k: v for k, v in match.groupdict().items() if v}, published, direction)
        if bounds is None:
            break
        first, last, label = bounds
        return When(words, first, last, label)
    return When(words, None, None, None)


def narrowed(when: When) -> When:
    """Give the label that an event carries: a day, else the one month or year that holds all its days, else none."""
    if when.earliest is None or when.latest is None or when.label is None or "W" not in when.label:
        return when
    same = (when.earliest.year, when.earliest.month) == (when.latest.year, when.latest.month)
    return replace(when, label=f"~{when.earliest:%Y-%m}" if same else None)


Bounds = tuple[dt.date, dt.date, str]


def _bounds(
    name: str, parts: dict[str, str], published: dt.date | None, direction: Direction
) -> Bounds | None:
    try:
        if name == "year":
            year = int(parts["y"])
            return dt.date(year, 1, 1), dt.date(year, 12, 31), str(year)
        if name == "iso":
            return _single(dt.date(int(parts["y"]), int(parts["m"]), int(parts["d"])))
        if name == "date":
            return _date(parts, published, direction)
        if name == "month":
            return _month(parts, published, direction)
        if published is None:
            return None
        if name == "day":
            return _single(_weekday(parts, published, direction))
        if name == "word":
            steps = {"yesterday": -1, "today": 0, "tonight": 0, "tomorrow": 1}
            step = steps.get(parts["word"].lower())
            return None if step is None else _single(published + dt.timedelta(days=step))
        if name == "span":
            return _stretch(parts["how"].lower(), parts["unit"], published)
        if name == "ago":
            return _ago(parts["n"].lower(), parts["unit"], published)
    except (ValueError, OverflowError):
        return None  # the thirtieth of February, or a day before the first year: the words stay, the bounds don't
    return None


def _single(day: dt.date) -> Bounds:
    return day, day, day.isoformat()


def _whole_month(year: int, month: int) -> Bounds:
    return (
        dt.date(year, month, 1),
        dt.date(year, month, calendar.monthrange(year, month)[1]),
        f"~{year:04d}-{month:02d}",
    )


def _date(parts: dict[str, str], published: dt.date | None, direction: Direction) -> Bounds | None:
    month, day = _SHORT[parts["mon"].lower().rstrip(".")], int(parts["d"])
    if "y" in parts:
        return _single(dt.date(int(parts["y"]), month, day))
    if published is None:
        return None
    this = dt.date(published.year, month, day)
    if direction == "past" and this > published + dt.timedelta(days=31):
        return _single(dt.date(published.year - 1, month, day))
    if direction == "future" and this < published - dt.timedelta(days=31):
        return _single(dt.date(published.year + 1, month, day))
    return _single(this)


def _month(parts: dict[str, str], published: dt.date | None, direction: Direction) -> Bounds | None:
    month = _SHORT[parts["mon"].lower().rstrip(".")]
    if "y" in parts:
        return _whole_month(int(parts["y"]), month)
    if published is None:
        return None
    year = published.year
    if direction == "past" and month > published.month:
        year -= 1
    if direction == "future" and month < published.month:
        year += 1
    return _whole_month(year, month)


def _weekday(parts: dict[str, str], published: dt.date, direction: Direction) -> dt.date:
    wanted = _DAYS.index(parts["day"].lower())
    how = parts.get("how", "").lower()
    if how == "next" or (direction == "future" and how != "last"):
        return published + dt.timedelta(days=(wanted - published.weekday() - 1) % 7 + 1)
    back = (published.weekday() - wanted) % 7
    return published - dt.timedelta(days=back or (7 if how == "last" else 0))


def _stretch(how: str, unit: str, published: dt.date) -> Bounds | None:
    step = {"this": 0, "next": 1}.get(how, -1)
    if unit == "week":
        monday = published - dt.timedelta(days=published.weekday()) + dt.timedelta(weeks=step)
        return monday, monday + dt.timedelta(days=6), _week_label(monday)
    if unit == "weekend":
        saturday = published - dt.timedelta(days=published.weekday()) + dt.timedelta(weeks=step, days=5)
        return saturday, saturday + dt.timedelta(days=1), _week_label(saturday)
    if unit == "month":
        months = published.year * 12 + published.month - 1 + step
        return _whole_month(months // 12, months % 12 + 1)
    year = published.year + step
    return dt.date(year, 1, 1), dt.date(year, 12, 31), str(year)


def _week_label(day: dt.date) -> str:
    year, week, _ = day.isocalendar()
    return f"~{year:04d}-W{week:02d}"


def _ago(count: str, unit: str, published: dt.date) -> Bounds | None:
    n = int(count) if count.isdigit() else _COUNTS[count]
    if unit == "day":
        return _single(published - dt.timedelta(days=n))
    if unit == "week":
        monday = published - dt.timedelta(weeks=n, days=published.weekday())
        return monday, monday + dt.timedelta(days=6), _week_label(monday)
    if unit == "month":
        months = published.year * 12 + published.month - 1 - n
        return _whole_month(months // 12, months % 12 + 1)
    return dt.date(published.year - n, 1, 1), dt.date(published.year - n, 12, 31), str(published.year - n)
