"""What an article states about itself is read with the very words; what it does not is never guessed."""

from __future__ import annotations

import csv
import datetime as dt
from pathlib import Path

import pytest

from graph.model import Described
from loaders.text.calendar_words import find_dates, parse_date
from loaders.text.description import find_dateline
from loaders.text.layout import describe, split_blocks

ROOT = Path(__file__).parents[1]
FIRST = "Troops entered the town on Wednesday, state media said."


def described(text: str) -> Described:
    return describe(text, split_blocks(text))


def examples() -> list[str]:
    with (ROOT / "ontology" / "lexicons" / "datelines.csv").open(encoding="utf-8", newline="") as handle:
        return [row["example"] for row in csv.DictReader(handle)]


@pytest.mark.parametrize("example", examples())
def test_example_of_each_dateline_is_read_to_its_end(example: str) -> None:
    dateline = find_dateline(f"{example} {FIRST}")
    assert dateline is not None
    assert f"{example} {FIRST}"[dateline.end :].strip() == FIRST


@pytest.mark.parametrize(
    ("opening", "place", "agency"),
    [
        ("BEIRUT, Lebanon (AFP) – ", "BEIRUT, Lebanon", "AFP"),
        ("DAMASCUS (Reuters) - ", "DAMASCUS", "Reuters"),
        ("Deir ez-Zor, Syria (Associated Press) — ", "Deir ez-Zor, Syria", "AP"),
        ("WASHINGTON, Nov. 8 (UPI) — ", "WASHINGTON", "UPI"),
        ("(AP) – ", None, "AP"),
        ("BAGHDAD — ", "BAGHDAD", None),
        ("GENEVA (UNHCR) – ", "GENEVA", None),
        ("DEIR EZ-ZOR (Syria) (Sputnik) ", None, None),
        ("", None, None),
        ("EXCLUSIVE – ", None, None),
        ("The force (AFP) – as it is called – ", None, None),
        ("U.S. officials - ", None, None),
    ],
)
def test_dateline_gives_place_and_agency(opening: str, place: str | None, agency: str | None) -> None:
    found = described(f"Troops enter the border town\n\n{opening}{FIRST}")
    assert (found.dateline, found.agency) == (place, agency)
    assert (found.agency_basis is None) == (agency is None)


@pytest.mark.parametrize(
    ("text", "date", "basis"),
    [
        (
            f"By AFP     Nov 8, 2017 in World\n\n{FIRST}",
            "2017-11-08",
            "stated: 'By AFP Nov 8, 2017 in World'",
        ),
        (f"10 November 2017\n\n{FIRST}", "2017-11-10", "stated: '10 November 2017'"),
        (
            f"Title of it\n\nDate of publication 3 October 2017 {FIRST}",
            "2017-10-03",
            "stated: 'Date of publication 3 October 2017'",
        ),
        (f"Published: 2017-11-08 10:22\n\n{FIRST}", "2017-11-08", "stated: 'Published: 2017-11-08 10:22'"),
        (f"02.10.2017Get short URL 191 {FIRST}", "2017-10-02", "stated: '02.10.2017Get short URL 191'"),
        (f"Last updated at Oct 042017 {FIRST}", "2017-10-04", "stated: 'Last updated at Oct 042017'"),
        (
            f"Updated: 9 November 2017\n\nPublished: 8 November 2017\n\n{FIRST}",
            "2017-11-08",
            "stated: 'Published: 8 November 2017'",
        ),
        (f"GENEVA, 8 November 2017 – {FIRST}", "2017-11-08", "stated: 'GENEVA, 8 November 2017'"),
        (
            f"Strike kills ten Monitor AFP Sunday 26 Nov 2017 {FIRST} {FIRST}",
            "2017-11-26",
            "stated: '26 Nov 2017'",
        ),
        (f"{FIRST} It began on 3 March 2011.", None, None),
        (f"WASHINGTON, Nov. 8 (UPI) — {FIRST}", None, None),
        (f"03/10/2017\n\n{FIRST}", None, None),
        (f"Ⓒ AFP – Jane DOE – | Funeral on November 8, 2017\n\n{FIRST}", None, None),
        (FIRST, None, None),
    ],
)
def test_publication_date_is_stated_or_none(text: str, date: str | None, basis: str | None) -> None:
    found = described(text)
    assert (found.published.isoformat() if found.published else None, found.published_basis) == (date, basis)


@pytest.mark.parametrize(
    ("text", "agency", "basis"),
    [
        (f"{FIRST}\nWith reporting from AFP", "AFP", "stated: 'With reporting from AFP'"),
        (f"{FIRST} (Agence France-Presse)", "AFP", "stated: '(Agence France-Presse)'"),
        (f"{FIRST}\n\n- Reuters.", "Reuters", "stated: '- Reuters.'"),
        (f"{FIRST} A source told AFP that it was so.", None, None),
        (f"Ⓒ AFP – Jane DOE – | The town\n\n{FIRST}", None, None),
        (f"{FIRST}\n\nWith reporting from Jane Doe", None, None),
    ],
)
def test_agency_is_credited_or_none(text: str, agency: str | None, basis: str | None) -> None:
    found = described(text)
    assert (found.agency, found.agency_basis) == (agency, basis)


@pytest.mark.parametrize(
    ("line", "outlet", "title"),
    [
        ("Example Times\n\nTroops enter the border town", "Example Times", "Troops enter the border town"),
        ("Troops enter the border town | Example Times", "Example Times", "Troops enter the border town"),
        ("Troops enter the border town - The Guardian", "The Guardian", "Troops enter the border town"),
        ("Troops enter the border town – at last", None, "Troops enter the border town – at last"),
        ("Troops enter the border town", None, "Troops enter the border town"),
    ],
)
def test_outlet_is_named_or_none(line: str, outlet: str | None, title: str) -> None:
    found = described(f"{line}\n\n{FIRST}")
    assert (found.outlet, found.title) == (outlet, title)
    assert (found.outlet_basis is None) == (outlet is None)


def test_byline_is_not_the_dateline() -> None:
    text = f"Troops enter the border town\n\nBy Jane Doe\n\nBEIRUT (AFP) – {FIRST}"
    assert described(text).byline == "By Jane Doe"


def test_nothing_stated_gives_nothing() -> None:
    assert described(FIRST) == Described()
    assert described("") == Described()


@pytest.mark.parametrize(
    ("words", "dates"),
    [
        ("Nov 8, 2017 and 9th of November 2017", ["2017-11-08", "2017-11-09"]),
        ("2017-11-08T10:00:00Z", ["2017-11-08"]),
        ("13/10/2017, 10/13/2017, 5/5/2017", ["2017-10-13", "2017-10-13", "2017-05-05"]),
        ("3/10/2017", []),
        ("31 February 2017, 45 May 2017, 2017-13-01", []),
        ("May 2017, on Wednesday, 1,500 in 2017", []),
        ("Sept. 3, 2017", ["2017-09-03"]),
    ],
)
def test_whole_dates_are_found(words: str, dates: list[str]) -> None:
    assert [date.isoformat() for _, _, date in find_dates(words)] == dates


def test_field_is_a_date_only_where_it_begins_with_one() -> None:
    assert parse_date("Wed, 08 Nov 2017 10:00:00 GMT") == dt.date(2017, 11, 8)
    assert parse_date("it was on the 8 November 2017") is None
