"""Answers come from the engine as it writes them, counted once, and its errors in words of the house."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import pyoxigraph as ox
import pytest
from rdflib import Graph, Literal, URIRef

from graph.errors import HearsayError, QueryRefused, QuerySyntaxError, QueryTooLarge, UsageError
from graph.query import GRAPH_TYPES, RESULT_TYPES, Limits, ask, construct, run, select
from graph.store import QuadStore
from graph.terms import HS, RDFS, XSD

E = "http://example.org/"
G1, G2 = URIRef(f"{E}g1"), URIRef(f"{E}g2")
A, B, C, D = (URIRef(E + name) for name in "abcd")
COUNT = "SELECT (COUNT(*) AS ?n) {} WHERE {{ {} }}"


@pytest.fixture
def store() -> QuadStore:
    """Two graphs of two triples each that share one."""
    store = QuadStore.in_memory()
    for name, last in ((G1, (A, RDFS.label, Literal("a, “b”\n", lang="en"))), (G2, (C, HS.denies, D))):
        graph = Graph()
        graph.add((A, HS.denies, B))
        graph.add(last)
        store.put_graph(name, graph)
    return store


def answer(store: QuadStore, query: str, media_type: str = "text/csv", **chosen: Sequence[str]) -> bytes:
    pieces: list[bytes] = []
    run(store, query, media_type=media_type, write=pieces.append, **chosen)  # type: ignore[arg-type]
    return b"".join(pieces)


@pytest.mark.parametrize(
    ("clause", "pattern", "chosen", "number"),
    [
        ("", "?s ?p ?o", {}, 3),
        ("", "GRAPH ?g { ?s ?p ?o }", {}, 4),  # by the standard: one for each graph that has it
        ("", "SELECT DISTINCT ?s ?p ?o { GRAPH ?g { ?s ?p ?o } }", {}, 3),
        (f"FROM <{G1}>", "?s ?p ?o", {}, 2),
        (f"FROM <{G1}> FROM <{G2}>", "?s ?p ?o", {}, 3),
        (f"FROM <{G1}> FROM <{G1}>", "?s ?p ?o", {}, 2),
        (f"FROM <{G1}> FROM <{G2}> FROM NAMED <{G2}>", "GRAPH ?g { ?s ?p ?o }", {}, 2),
        (f"FROM <{G1}>", "GRAPH ?g { ?s ?p ?o }", {}, 0),
        (f"FROM NAMED <{G1}>", "?s ?p ?o", {}, 0),
        (f"FROM NAMED <{G1}>", "GRAPH ?g { ?s ?p ?o }", {}, 2),
        (f"FROM <{E}none>", "?s ?p ?o", {}, 0),
        ("", "?s ?p ?o", {"default_graphs": [G1, G2]}, 3),
        ("", "?s ?p ?o", {"default_graphs": [G1]}, 2),
        ("", "GRAPH ?g { ?s ?p ?o }", {"default_graphs": [G1, G2]}, 0),
        ("", "GRAPH ?g { ?s ?p ?o }", {"default_graphs": [G1, G2], "named_graphs": [G1]}, 2),
        ("", "?s ?p ?o", {"named_graphs": [G1]}, 0),
        ("", "?s ?p ?o", {"default_graphs": [], "named_graphs": []}, 3),
        (f"FROM <{G1}>", "?s ?p ?o", {"default_graphs": [G1, G2]}, 3),  # the request outdoes the query
    ],
)
def test_a_triple_of_two_graphs_counts_once(
    store: QuadStore, clause: str, pattern: str, chosen: dict[str, Any], number: int
) -> None:
    query = COUNT.format(clause, f"{{ {pattern} }}" if pattern.startswith("SELECT") else pattern)
    assert answer(store, query, **chosen) == f"n\r\n{number}\r\n".encode()


def test_values_keep_datatype_and_language(store: QuadStore) -> None:
    query = 'SELECT ?o ?n ?e ?u { ?s rdfs:label ?o BIND(0 AS ?n) BIND("" AS ?e) }'
    found = json.loads(answer(store, query, "application/sparql-results+json"))["results"]["bindings"]
    assert found == [
        {
            "o": {"type": "literal", "xml:lang": "en", "value": "a, “b”\n"},
            "n": {"type": "literal", "datatype": str(XSD.integer), "value": "0"},
            "e": {"type": "literal", "value": ""},
        }
    ]


@pytest.mark.parametrize(
    ("media_type", "expected"),
    [
        ("text/csv", b"boolean\r\ntrue\r\n"),
        ("text/tab-separated-values", b"?boolean\ntrue\n"),
        ("application/sparql-results+json", b'{"head":{},"boolean":true}'),
    ],
)
def test_yes_and_no(store: QuadStore, media_type: str, expected: bytes) -> None:
    assert answer(store, "ASK { ?s hs:denies ?o }", media_type) == expected
    assert answer(store, "ASK { ?s hs:affirms ?o }", media_type) == expected.replace(b"true", b"false")


@pytest.mark.parametrize("media_type", RESULT_TYPES)
def test_every_table_type_answers_and_repeats(store: QuadStore, media_type: str) -> None:
    query = "SELECT * { ?s ?p ?o } ORDER BY ?s ?p ?o"
    first = answer(store, query, media_type)
    assert b"http://example.org/d" in first
    assert first == answer(store, query, media_type)


@pytest.mark.parametrize("media_type", GRAPH_TYPES)
def test_every_graph_type_reads_back(store: QuadStore, media_type: str) -> None:
    found = answer(store, "CONSTRUCT WHERE { ?s ?p ?o }", media_type)
    kind = GRAPH_TYPES[media_type]
    back = {quad.triple for quad in ox.parse(found, format=kind)}
    assert back == {quad.triple for quad in store.quads(None)}


def test_turtle_is_readable_and_the_same_each_time(store: QuadStore) -> None:
    query = "CONSTRUCT { ?s hs:denies ?o } WHERE { ?s hs:denies ?o }"
    found = {answer(store, query, "text/turtle") for _ in range(5)}
    assert len(found) == 1
    assert b"hs:denies <http://example.org/b>" in found.pop()


@pytest.mark.parametrize(
    ("query", "media_type", "error", "told"),
    [
        (
            "SELECT * { ?s ?p }",
            "text/csv",
            QuerySyntaxError,
            "line 1, column 19: the query is malformed at the end",
        ),
        ("SELECT * {\n ?s ?p ?o } LIMIT x", "text/csv", QuerySyntaxError, "line 2, column 19"),
        ("SELECT ?x {} GROUP BY ?y", "text/csv", QuerySyntaxError, "a variable that is unbound"),
        ("SELECT (NOSUCH(1) AS ?x) {}", "text/csv", QuerySyntaxError, "malformed"),
        ("SELECT (<http://e/f>(1) AS ?x) {}", "text/csv", QueryRefused, "http://e/f"),
        ("SELECT * {}", "text/turtle", UsageError, "SELECT gives a table"),
        ("CONSTRUCT WHERE { ?s ?p ?o }", "text/csv", UsageError, "CONSTRUCT gives a graph"),
        ("ASK {}", "text/html", UsageError, "choose one of"),
        ("SELECT * { SERVICE <http://e/> {} }", "text/csv", QueryRefused, "SERVICE"),
    ],
)
def test_faults_are_told(
    store: QuadStore, query: str, media_type: str, error: type[HearsayError], told: str
) -> None:
    with pytest.raises(error, match=told):
        answer(store, query, media_type)


def test_limits_can_be_set(store: QuadStore) -> None:
    with pytest.raises(QueryTooLarge):
        run(store, "ASK {}", media_type="text/csv", write=print, limits=Limits(bytes=5))


def test_a_strange_graph_name_is_told(store: QuadStore) -> None:
    with pytest.raises(UsageError, match="no valid IRI"):
        answer(store, "ASK {}", default_graphs=["not an iri"])


class Gone(Exception):
    """Be what a writer raises."""


@pytest.mark.parametrize("query", ["SELECT * { ?s ?p ?o }", "CONSTRUCT WHERE { ?s ?p ?o }", "ASK {}"])
def test_what_the_reader_raises_comes_through(store: QuadStore, query: str) -> None:
    def leave(chunk: bytes) -> None:
        raise Gone

    media_type = "text/turtle" if query.startswith("CONSTRUCT") else "application/sparql-results+xml"
    with pytest.raises(Gone):
        run(store, query, media_type=media_type, write=leave)


def test_long_answers_come_in_pieces() -> None:
    store, graph = QuadStore.in_memory(), Graph()
    for number in range(3_000):
        graph.add((URIRef(f"{E}{number}"), RDFS.label, Literal("x" * 40)))
    store.put_graph(G1, graph)
    sizes: list[int] = []
    run(store, "SELECT * { ?s ?p ?o }", media_type="text/csv", write=lambda chunk: sizes.append(len(chunk)))
    assert len(sizes) > 10
    assert max(sizes) < 100_000


def test_the_house_asks_with_values(store: QuadStore) -> None:
    query = "SELECT ?s ?o { ?s hs:denies ?o } ORDER BY ?s"
    assert select(store, query) == [{"s": A, "o": B}, {"s": C, "o": D}]
    assert select(store, query, s=C) == [{"s": C, "o": D}]
    assert select(store, "SELECT ?x ?y { VALUES (?x ?y) { (3 4) (5 6) } }", x=3) == [
        {"x": Literal(3), "y": Literal(4)}
    ]
    assert select(store, "SELECT ?s ?none { ?s hs:denies ?o } LIMIT 1")[0].keys() == {"s"}
    assert ask(store, "ASK { ?s hs:denies ?o }", s=C)
    assert not ask(store, "ASK { ?s hs:denies ?o }", s=D)
    assert set(construct(store, "CONSTRUCT WHERE { ?s hs:denies ?o }", s=A)) == {(A, HS.denies, B)}


@pytest.mark.parametrize(
    ("function", "query", "values", "told"),
    [
        (select, "ASK {}", {}, "no SELECT"),
        (ask, "SELECT * {}", {}, "no ASK"),
        (construct, "ASK {}", {}, "no CONSTRUCT"),
        (select, "SELECT ?s { ?s ?p ?o }", {"o": "x"}, "does not select"),
    ],
)
def test_the_house_is_told_of_its_own_mistakes(
    store: QuadStore, function: object, query: str, values: dict[str, str], told: str
) -> None:
    with pytest.raises(UsageError, match=told):
        function(store, query, **values)  # type: ignore[operator]


def test_a_value_can_not_break_out_of_its_place(store: QuadStore) -> None:
    hostile = '" } ; DROP ALL #'
    assert select(store, "SELECT ?s ?o { ?s rdfs:label ?o }", o=hostile) == []
    assert len(store) == 3
