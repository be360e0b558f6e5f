"""Stored questions are files that run; names and values take the place of parameters and of nothing else."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from graph import questions
from graph.errors import StoreError, UnknownResource, UsageError
from graph.iris import Iris
from graph.query import select
from graph.records import to_plain
from graph.snapshots import DataFolder, Snapshot
from graph.sources import read_query
from tests.graph_sample import ONTOLOGY, WIRE_A, WIRE_B, load

QUESTIONS = ONTOLOGY / "questions"


@pytest.fixture(scope="module")
def snapshot(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Snapshot]:
    folder = DataFolder(tmp_path_factory.mktemp("data"), ontology=ONTOLOGY)
    load(folder)
    with folder.current() as found:
        yield found


def get(name: str) -> questions.Question:
    return questions.get(name, folder=QUESTIONS)


def test_questions_are_read_with_their_heads() -> None:
    fighters, denied = questions.read_all(folder=QUESTIONS)
    assert (fighters.name, denied.name) == ("how-many-fighters", "who-denied-entering")
    assert denied.title == "Who denied entering a place?"
    assert denied.words == "who denied entering Northland"
    assert denied.variants == ("who denies that it entered Northland",)
    assert denied.description == "One row for each passage."
    place = denied.parameters["place"]
    assert (place.type, place.default, place.shown) == ("place", "northland", "Northland")
    assert place.description == "the place; what lies within it counts too"
    assert fighters.words == "how many fighters were there on 2021-03-03"
    assert to_plain(denied)["parameters"]["place"]["default"] == "northland"


@pytest.mark.parametrize(
    ("words", "value"),
    [
        ("who denied entering Northland", "northland"),
        ("Who denied entering Northland?", "northland"),
        ("who has denied entering the Northland", "northland"),
        ("WHO DENIES that it entered Milltown", "milltown"),
        ("who denied entering North Province", "north-province"),
        ("who denied entering north-province", "north-province"),
    ],
)
def test_a_question_is_found_by_its_words_and_names(words: str, value: str) -> None:
    found = questions.find(words, folder=QUESTIONS)
    assert found.name == "who-denied-entering"
    assert found.parameters["place"].default == value
    assert f"id/place/{value}>" in found.query


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("who denied entering Southland", "knows no place 'southland'"),
        ("who denied entering River Force", "knows no place 'river force'"),
        ("who denied not entering Northland", "no stored question asks"),
        ("Northland denied entering who", "no stored question asks"),
        ("who denied entering", "no stored question asks"),
        ("who denied leaving Northland", "the nearest are: who denied entering Northland"),
        ("", "no stored question asks"),
        ("{place}", "no stored question asks"),
        ("(" * 2_000, "no stored question asks"),
        ("how many fighters were there on Wednesday", "knows no date 'wednesday'"),
    ],
)
def test_another_question_is_not_taken_for_it(words: str, told: str) -> None:
    with pytest.raises(UnknownResource, match=told):
        questions.find(words, folder=QUESTIONS)


@pytest.mark.parametrize("day", ["2021-03-03", "3 March 2021", "03 March 2021"])
def test_days_are_read_as_people_write_them(day: str) -> None:
    found = questions.find(f"How many fighters were there on {day}?", folder=QUESTIONS)
    assert '"2021-03-03"^^<http://www.w3.org/2001/XMLSchema#date>' in found.query


def test_asking_gives_what_the_query_gives(snapshot: Snapshot) -> None:
    question = get("who-denied-entering")
    rows = questions.ask(snapshot.store, question)
    assert rows == select(snapshot.store, question.query)
    found = [(str(row["file"]), str(row["words"])) for row in rows]
    assert found == [("a.txt", WIRE_A.content), ("b.txt", WIRE_B.content)]
    for row, report in zip(rows, (WIRE_A, WIRE_B), strict=True):
        assert report.text[int(str(row["start"])) : int(str(row["end"]))] == report.content


@pytest.mark.parametrize(
    ("value", "number"),
    [("northland", 2), ("milltown", 0), ("https://w3id.org/hearsay/id/place/northland", 2), ("nowhere", 0)],
)
def test_other_values_can_be_asked_for(snapshot: Snapshot, value: str, number: int) -> None:
    question = get("who-denied-entering")
    assert len(questions.ask(snapshot.store, question, place=value)) == number


@pytest.mark.parametrize(
    "value", ['x" } UNION { ?m ?any ?words } #', "}", "\\", "\n", "'", '"""', "<http://e/>", "{day}", "\\1"]
)
def test_a_value_stays_a_value(snapshot: Snapshot, value: str) -> None:
    question = get("how-many-fighters").with_values(Iris(), words=value)
    assert select(snapshot.store, question.query) == []
    assert questions.ask(snapshot.store, get("who-denied-entering"), place=value) == []


def test_values_that_make_no_sense_are_told(snapshot: Snapshot) -> None:
    for name, values, told in (
        ("who-denied-entering", {"town": "milltown"}, "no parameter 'town'; it has place"),
        ("who-denied-entering", {"place": "https://e/> <x"}, "is no value for place"),
        ("how-many-fighters", {"day": "Wednesday"}, "no day; write it as 2017-11-08"),
    ):
        with pytest.raises(UsageError, match=told):
            questions.ask(snapshot.store, get(name), Iris(), **values)


def test_a_question_is_at_home_under_another_base() -> None:
    found = questions.find("who denied entering Milltown", Iris("https://example.org/war/"), folder=QUESTIONS)
    assert "<https://example.org/war/id/place/milltown>" in found.query
    assert "w3id.org/hearsay/id" not in found.query


HEAD = "#+ words: who said {what}\n#+ parameters:\n"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("SELECT * {}", "its head lacks 'words'"),
        (
            HEAD + "#+   - name: other\n#+     type: text\n#+     default: x\nSELECT * {}",
            "{what}, which is no",
        ),
        (HEAD + "#+   - name: what\n#+     default: x\nSELECT * {}", "its head lacks 'type'"),
        (HEAD + "#+   - name: what\n#+     type: rumour\n#+     default: x\nSELECT * {}", "type 'rumour'"),
        (HEAD + "#+   - name: what\n#+     type: integer\n#+     default: x\nSELECT * {}", "no whole number"),
        (HEAD + "#+     name: what\nSELECT * {}", "belongs to no entry"),
        ("#+   - x\nSELECT * {}", "belongs to no key"),
        ("#+ words: x\n#+ variants:\n#+ y\nSELECT * {}", "neither a key nor an entry"),
        ("#+ words: x\n", "the query has no pattern"),
    ],
)
def test_a_file_that_is_wrong_is_named(tmp_path: Path, text: str, told: str) -> None:
    (tmp_path / "broken.rq").write_text(text)
    with pytest.raises(StoreError, match=rf"broken\.rq: .*{told}"):
        questions.read_all(folder=tmp_path)


def test_an_unknown_name_and_a_missing_file_are_told(tmp_path: Path) -> None:
    with pytest.raises(UnknownResource, match="no stored question 'x'"):
        get("x")
    with pytest.raises(StoreError, match=r"none\.rq can't be read"):
        read_query(tmp_path / "none.rq", Iris())


def test_the_stored_questions_of_the_project_are_sound() -> None:
    stored = questions.read_all()
    assert len(stored) >= 8
    for question in stored:
        assert questions.find(question.words).name == question.name
        for words in question.variants:
            assert questions.find(words).name == question.name
