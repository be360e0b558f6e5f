"""Floors are read from a file by corpus, and a figure below its floor is named."""

from __future__ import annotations

from pathlib import Path

import pytest

from graph.errors import UsageError
from loaders.scoring.entities import ANY, CLASSES
from loaders.scoring.floors import list_missed, read_floors, read_pinned
from loaders.scoring.layers import CLAIMS, EVENTS
from loaders.scoring.scores import Score, Scores

PINNED = Path(__file__).parent / "floors.csv"
MEASURES = {
    *CLAIMS,
    *EVENTS,
    "who said what how",
    "told to",
    "relation",
    "backs",
    "quantity",
    ANY,
    *(f"entity {kind}" for kind in CLASSES),
}
SCORES = Scores(1, 0, {"who": Score(1, 2, 2), "stance": Score(2, 2, 2)})


@pytest.mark.parametrize("corpus", ["seeds", "attribution/dev", "polnear/dev", "re3d"])
def test_the_pinned_floors_are_figures_of_measures(corpus: str) -> None:
    floors = read_pinned(PINNED, corpus)
    assert set(floors) <= MEASURES
    assert all(0.3 < least < 1 for least in floors.values())


@pytest.mark.parametrize(
    ("rows", "what"),
    [
        ("corpus,measure,floor\nseeds,who,high\n", "line 2: a row needs corpus, measure, floor"),
        ("corpus,measure\nseeds,who\n", "line 2: a row needs"),
        ("corpus,measure,floor\nseeds,who,0.5\n\nseeds,stance\n", "line 4: a row needs"),
        (
            "corpus,measure,floor\nother,who,0.5\n",
            "has no floors of 'seeds'; choose with --corpus among other",
        ),
        ("", "has no floors of 'seeds'"),
    ],
)
def test_a_bad_file_of_floors_is_wrong_use(tmp_path: Path, rows: str, what: str) -> None:
    (tmp_path / "floors.csv").write_text(rows)
    with pytest.raises(UsageError, match=what):
        read_pinned(tmp_path / "floors.csv", "seeds")


def test_a_file_that_is_not_there_is_wrong_use(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="name a CSV file with --floors"):
        read_pinned(tmp_path / "floors.csv", "seeds")


@pytest.mark.parametrize(
    ("written", "missed"),
    [
        (["who=0.5", "stance=1"], []),
        (["who=0.5001"], ["who: F1 0.5000 is below the floor 0.5001"]),
        (["who=nan"], ["who: F1 0.5000 is below the floor nan"]),
    ],
)
def test_what_is_below_its_floor_is_named(written: list[str], missed: list[str]) -> None:
    assert list_missed(SCORES, read_floors(written)) == missed


def test_a_floor_under_what_was_not_scored_is_wrong_use() -> None:
    with pytest.raises(
        UsageError, match="backs was not scored, so it can't have a floor; choose among who, stance"
    ):
        list_missed(SCORES, {"backs": 0.1})
    with pytest.raises(UsageError, match=r"write who=0\.5"):
        read_floors(["who"])
