"""Words of time become days: against the article's date, back or forward, with labels of the guidelines."""

import datetime as dt

import pytest

from graph.model import Span
from loaders.text import dates

WEDNESDAY = dt.date(2017, 11, 8)
DAYS = [
    # words, published, label
    ("on Wednesday", WEDNESDAY, "2017-11-08"),
    ("on Friday", WEDNESDAY, "2017-11-03"),
    ("late Wednesday", dt.date(2017, 11, 10), "2017-11-08"),
    ("last Wednesday", WEDNESDAY, "2017-11-01"),
    ("next Monday", WEDNESDAY, "2017-11-13"),
    ("yesterday", dt.date(2017, 11, 10), "2017-11-09"),
    ("Tuesday", dt.date(2017, 11, 10), "2017-11-07"),
    ("Nov 8, 2017", None, "2017-11-08"),
    ("8 November 2017", None, "2017-11-08"),
    ("December 31", dt.date(2020, 1, 5), "2019-12-31"),
    ("2014-06-10", None, "2014-06-10"),
    ("last week", WEDNESDAY, "~2017-W44"),
    ("last weekend", dt.date(2017, 11, 10), "~2017-W44"),
    ("last month", WEDNESDAY, "~2017-10"),
    ("this month", WEDNESDAY, "~2017-11"),
    ("in September 2015", WEDNESDAY, "~2015-09"),
    ("early November", WEDNESDAY, "~2017-11"),
    ("in December", WEDNESDAY, "~2016-12"),
    ("since March 2011", WEDNESDAY, "~2011-03"),
    ("in 2014", None, "2014"),
    ("two days ago", WEDNESDAY, "2017-11-06"),
    ("a week ago", WEDNESDAY, "~2017-W44"),
    ("in recent weeks", WEDNESDAY, None),
    ("on Friday", None, None),
    ("February 30, 2017", WEDNESDAY, None),
]


def words(text: str) -> Span:
    found = dates.find(text)
    assert found, f"no time found in {text!r}"
    assert all(text[s.start : s.end] == s.exact for s in found)
    return found[0]


@pytest.mark.parametrize(("text", "published", "label"), DAYS)
def test_words_become_days(text: str, published: dt.date | None, label: str | None) -> None:
    when = dates.resolve(words(text), published)
    assert when.label == label
    assert (when.earliest is None) == (label is None)


def test_the_future_looks_forward() -> None:
    assert dates.resolve(words("on Friday"), WEDNESDAY, direction="future").label == "2017-11-10"
    assert dates.resolve(words("in March"), WEDNESDAY, direction="future").label == "~2018-03"


def test_words_without_a_date_stay() -> None:
    when = dates.resolve(words("They left on Friday."), None)
    assert when.words is not None
    assert (when.words.exact, when.earliest, when.latest) == ("Friday", None, None)


def test_verbs_are_no_months() -> None:
    assert dates.find("Troops may march on the city, which may fall.") == ()


def test_an_event_carries_a_month_where_a_week_lies_in_one() -> None:
    weekend = dates.resolve(words("last weekend"), dt.date(2017, 11, 10))
    assert dates.narrowed(weekend).label == "~2017-11"
    assert dates.narrowed(dates.resolve(words("last week"), WEDNESDAY)).label is None


def test_a_long_text_of_dates_is_read_in_bounded_time() -> None:
    text = "on Friday, 8 November 2017, last week, in 2014, " * 2_000
    assert len(dates.find(text)) == 8_000
