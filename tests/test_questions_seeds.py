"""The stored questions, asked of what is really read in the five articles, in both engines."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from rdflib import Graph
from rdflib.term import Literal, Node, URIRef

from graph import questions
from graph.resources import ONTOLOGY
from graph.snapshots import DataFolder, Snapshot
from loaders.run import load

SEEDS = Path(__file__).parent.parent / "seeds"
EXPECTED = sorted((ONTOLOGY / "questions").glob("*.json"))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> DataFolder:
    folder = DataFolder(tmp_path_factory.mktemp("questions") / "data")
    summary = load([SEEDS], folder, workers=0)
    assert summary.is_complete
    return folder


@pytest.fixture(scope="module")
def snapshot(folder: DataFolder) -> Iterator[Snapshot]:
    with folder.current() as snapshot:
        yield snapshot


@pytest.fixture(scope="module")
def merged(snapshot: Snapshot) -> Graph:
    return snapshot.store.graph(None)


def to_cell(term: Node | None) -> object:
    if term is None or isinstance(term, URIRef):
        return None if term is None else str(term)
    value = term.toPython() if isinstance(term, Literal) else str(term)
    return value if isinstance(value, int | str) else str(value)


def test_every_question_has_an_expected_answer() -> None:
    assert {question.name for question in questions.read_all()} == {path.stem for path in EXPECTED}


@pytest.mark.parametrize("path", EXPECTED, ids=lambda path: path.stem)
def test_question_gives_its_expected_rows(
    path: Path, folder: DataFolder, snapshot: Snapshot, merged: Graph
) -> None:
    expected = json.loads(path.read_text("utf-8"))
    question = questions.get(path.stem)
    rows = [
        [to_cell(row.get(name)) for name in expected["columns"]]
        for row in questions.ask(snapshot.store, question, folder.iris)
    ]
    for cells in expected["rows"]:
        assert cells in rows
    if expected["complete"]:
        assert all(cells in expected["rows"] for cells in rows)
    second = [
        [to_cell(row.get(name)) for name in expected["columns"]]
        for row in (
            {str(name): term for name, term in row.items()} for row in merged.query(question.query).bindings
        )
    ]
    assert sorted(map(str, rows)) == sorted(map(str, second))


def test_a_text_without_date_is_loaded_and_its_loose_days_are_named(tmp_path: Path) -> None:
    text = "Rebel fighters entered the town of Raqqa yesterday, the army said in a statement on Tuesday.\n"
    (tmp_path / "undated.txt").write_text(text, encoding="utf-8")
    summary = load([tmp_path / "undated.txt"], DataFolder(tmp_path / "data"), workers=0)
    assert summary.is_complete
    (note,) = summary.notes
    assert note.startswith("undated.txt: no date is known")
    assert "“yesterday”" in note
