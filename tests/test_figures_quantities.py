"""Quantities: value and bounds of number phrases, and what of whom is counted."""

import pytest

from loaders.meaning.numerals import Numerals
from tests.meaning_sample import parsed, read

PHRASES = [
    ("an estimated 120,000 people", (120_000, None, None)),
    ("at least 75 civilians", (None, 75, None)),
    ("more than 330,000 people", (None, 330_000, None)),
    ("between 2,500 and 3,500 fighters", (None, 2_500, 3_500)),
    ("Tens of thousands fled", (None, 20_000, None)),
    ("hundreds of thousands fled", (None, 200_000, None)),
    ("millions of Syrians", (None, 2_000_000, None)),
    ("2.5 million people", (2_500_000, None, None)),
    ("up to 300 soldiers", (None, None, 300)),
    ("fewer than ten fighters", (None, None, 10)),
    ("twenty-five people", (25, None, None)),
    ("three hundred people", (300, None, None)),
    ("a dozen people", (12, None, None)),
]


@pytest.fixture(scope="module")
def numerals() -> Numerals:
    return Numerals()


@pytest.mark.parametrize(("text", "bounds"), PHRASES)
def test_number_phrases_have_bounds(numerals: Numerals, text: str, bounds: tuple[int | None, ...]) -> None:
    found = list(numerals.find(text))
    assert len(found) == 1
    assert (found[0].value, found[0].lower, found[0].upper) == bounds
    assert text[found[0].words.start : found[0].words.end] == found[0].words.exact


@pytest.mark.parametrize("text", ["it cost $5.2bn", "at 9:30", "a 3-2 win", "no number", "12/05/2017", "45%"])
def test_other_digits_are_left_alone_or_whole(numerals: Numerals, text: str) -> None:
    assert all(text[n.words.start : n.words.end] == n.words.exact for n in numerals.find(text))


def test_figures_say_what_is_counted() -> None:
    found = [(f.value, f.lower, f.upper, f.unit, f.measure, f.place) for f in read("figures").figures]
    assert found == [
        (None, 75, None, "civilians", "killed", ("idlib",)),
        (None, 2_500, 3_500, "fighters", "wounded", ()),
        (None, 20_000, None, "people", "displaced", ("aleppo",)),
    ]
    assert all(f.evidence.verify(parsed("figures").text) for f in read("figures").figures)


def test_nobody_is_no_figure_and_a_bare_number_goes_on_with_the_series() -> None:
    found = [(f.value, f.measure, f.place) for f in read("nobody").figures]
    assert found == [
        (1, "wounded", ("benghazi",)), (10, "killed", ("tripoli",)), (30, "wounded", ("tripoli",)),
    ]  # fmt: skip
