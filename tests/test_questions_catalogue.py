"""Each stored question is well formed, gives the same rows in both engines, and fits the answer expected of it."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest
from rdflib import RDF, XSD, Graph, Literal
from rdflib.plugins.sparql import prepareQuery
from rdflib.term import Node

from graph import questions
from graph.iris import Iris
from graph.questions import Question
from graph.resources import ONTOLOGY
from graph.terms import HS
from tests.ontology_sample import derive, load, select, short, to_rdflib

FOLDER = ONTOLOGY / "questions"
SEEDS = Path(__file__).resolve().parent.parent / "seeds"
CATALOGUE = questions.read_all()
EXPECTED = sorted(FOLDER.glob("*.json"))
# A check of the graph: its answer is empty while all is well.
EMPTY = {"statements-without-basis"}


def columns(question: Question) -> list[str]:
    return [str(name) for name in prepareQuery(question.template).algebra.PV]


def values(question: Question) -> dict[str, Node]:
    """Give the default of each parameter as the term that the query compares with."""
    found: dict[str, Node] = {}
    for one in question.parameters.values():
        days = {"date": XSD.date, "integer": XSD.integer, "text": None}
        literal = Literal(one.default, datatype=days.get(one.type))
        found[one.name] = literal if one.type in days else Iris().of(one.type, one.default)
    return found


@pytest.fixture(scope="module")
def store() -> ox.Store:
    store = load()
    derive(store)
    return store


@pytest.fixture(scope="module")
def graph(store: ox.Store) -> Graph:
    return to_rdflib(store)


def test_the_catalogue_is_large_enough() -> None:
    assert len(CATALOGUE) >= 27
    assert "who-denied-entering" in {question.name for question in CATALOGUE}


@pytest.mark.parametrize("question", CATALOGUE, ids=lambda question: question.name)
def test_head_is_complete(question: Question) -> None:
    assert question.title.endswith("?")
    assert question.description
    assert question.words == question.words.strip("? ")
    assert question.variants
    for one in question.parameters.values():
        assert one.default
        assert one.shown
        assert one.description
        assert f"{{{one.name}}}" in question.patterns[0], "the words name every parameter"


@pytest.mark.parametrize("question", CATALOGUE, ids=lambda question: question.name)
def test_parameters_are_projected(question: Question) -> None:
    assert set(question.parameters) <= set(columns(question))


@pytest.mark.parametrize("question", CATALOGUE, ids=lambda question: question.name)
def test_query_names_terms_of_the_ontology_and_no_thing(question: Question) -> None:
    core = Graph().parse(ONTOLOGY / "hearsay.ttl")
    names = set(re.findall(r"\bhs:(\w+)", question.template))
    assert names
    assert {name for name in names if (HS[name], RDF.type, None) not in core} == set()
    assert "/id/" not in question.template, "things come in as parameters"


def test_no_two_questions_have_the_same_words() -> None:
    patterns = [pattern for question in CATALOGUE for pattern in question.patterns]
    assert len(patterns) == len(set(patterns))


@pytest.mark.parametrize("question", CATALOGUE, ids=lambda question: question.name)
def test_both_engines_give_the_same_rows(question: Question, store: ox.Store, graph: Graph) -> None:
    found = select(store, question.template, values(question))
    bindings: dict[Any, Any] = values(question)
    by_rdflib: Any = graph.query(question.template, initBindings=bindings)
    assert sorted(found) == sorted(tuple(short(cell) for cell in row) for row in by_rdflib)
    assert bool(found) is (question.name not in EMPTY)


@pytest.mark.parametrize("question", CATALOGUE, ids=lambda question: question.name)
def test_values_set_in_the_query_give_the_rows_of_substitution(question: Question, store: ox.Store) -> None:
    assert sorted(select(store, question.query, {})) == sorted(
        select(store, question.template, values(question))
    )


def test_who_denied_entering_the_made_up_reports(store: ox.Store) -> None:
    question = questions.get("who-denied-entering")
    rows = select(store, question.template, values(question))
    assert [(row[0], row[2], row[5]) for row in rows] == [
        ("popular-mobilization-forces", "one.txt", "its forces entered Syria on Wednesday"),
        ("popular-mobilization-forces", "three.txt", "its forces entered Syria"),
        ("popular-mobilization-forces", "two.txt", "its own forces entered Syria on Wednesday"),
    ]


def test_another_place_gives_another_answer(store: ox.Store) -> None:
    question = questions.get("who-denied-entering")
    assert select(store, question.template, {"place": Iris().of("place", "iraq")}) == []


@pytest.mark.parametrize(
    "broken",
    [
        "statement:broken a hs:Denial , hs:Statement .",
        "statement:broken a hs:Denial ; hs:denies situation:pmf-entry ; hs:certainty hs:certain .",
        "mention:x hs:mentionOf statement:broken . statement:broken hs:speaker agent:sana .",
    ],
)
def test_the_check_finds_what_is_broken(broken: str) -> None:
    question = questions.get("statements-without-basis")
    assert select(load(more=broken), question.template, {}) == [("broken",)]


@pytest.mark.parametrize("path", EXPECTED, ids=lambda path: path.stem)
def test_expected_answer_fits_its_question(path: Path) -> None:
    question, expected = questions.get(path.stem), json.loads(path.read_text("utf-8"))
    assert set(expected) == {"parameters", "columns", "complete", "rows"}
    assert expected["parameters"] == {one.name: one.default for one in question.parameters.values()}
    assert set(expected["columns"]) <= set(columns(question))
    assert all(len(row) == len(expected["columns"]) for row in expected["rows"])


@pytest.mark.parametrize("path", EXPECTED, ids=lambda path: path.stem)
def test_expected_passages_stand_in_the_seeds(path: Path) -> None:
    expected = json.loads(path.read_text("utf-8"))
    passages = 0
    for cells in expected["rows"]:
        row = dict(zip(expected["columns"], cells, strict=True))
        if {"file", "start", "end", "words"} <= set(row):
            text = (SEEDS / row["file"]).read_bytes().decode("utf-8")
            assert text[row["start"] : row["end"]] == row["words"]
            passages += 1
    assert passages == (len(expected["rows"]) if {"file", "start"} <= set(expected["columns"]) else 0)
