"""The list of articles comes before what a file states, that before what its text says; differences are told."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from graph.model import Described
from loaders.plan import Plan
from loaders.run import to_article
from loaders.text.layout import describe, split_blocks
from loaders.text.manifest import compare_dates

PAGE = (Path(__file__).parent / "data" / "pages" / "report.html").read_text(encoding="utf-8")
DATELINE = "GENEVA, 2 November 2017 – Government troops"


def planned(folder: Path) -> tuple[Described, list[str]]:
    with Plan([folder]) as plan:
        (task,) = plan.tasks()
        return task.given, plan.notes


def test_page_comes_before_its_text(tmp_path: Path) -> None:
    (tmp_path / "a.html").write_text(PAGE.replace("Government troops", DATELINE, 1))
    with Plan([tmp_path]) as plan:
        (task,) = plan.tasks()
    article = to_article(task.file_name, task.raw, task.given)
    assert article.described.published == dt.date(2017, 11, 8)
    assert article.described.published_basis is not None
    assert "article:published_time" in article.described.published_basis
    assert article.described.dateline == "GENEVA"
    (note,) = compare_dates("a.html", task.given, describe(article.text, split_blocks(article.text)))
    assert "2017-11-08 (stated: '2017-11-08T22:15:00+03:00' in <meta" in note
    assert "and also 2017-11-02 (stated: 'GENEVA, 2 November 2017')" in note


def test_list_comes_before_the_page_and_the_difference_is_told(tmp_path: Path) -> None:
    (tmp_path / "a.html").write_text(PAGE)
    (tmp_path / "articles.csv").write_text("file,published,outlet\na.html,2017-12-24,The Daily Owl\n")
    given, notes = planned(tmp_path)
    assert (given.published, given.published_basis) == (dt.date(2017, 12, 24), "manifest")
    assert (given.outlet, given.outlet_basis, given.byline) == ("The Daily Owl", "manifest", "Jane Doe")
    assert notes == [
        "a.html: its date is 2017-12-24 (manifest), and also 2017-11-08 (stated: '2017-11-08T22:15:00+03:00' in "
        "<meta property='article:published_time'>); the first one is taken"
    ]


@pytest.mark.parametrize(
    ("first", "second", "told"),
    [
        (dt.date(2017, 11, 8), dt.date(2017, 11, 8), 0),
        (dt.date(2017, 11, 8), dt.date(2017, 11, 7), 0),
        (dt.date(2017, 11, 8), dt.date(2017, 11, 6), 1),
        (dt.date(1, 1, 1), dt.date(9999, 12, 31), 1),
        (None, dt.date(2017, 11, 8), 0),
        (dt.date(2017, 11, 8), None, 0),
    ],
)
def test_dates_a_day_apart_are_no_difference(
    first: dt.date | None, second: dt.date | None, told: int
) -> None:
    assert len(compare_dates("a", Described(published=first), Described(published=second))) == told
    assert compare_dates("a", None, Described(published=second)) == ()
