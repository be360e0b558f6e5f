"""Answers compared with what a test of the W3C expects: numbers by value, blank nodes by their place."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from types import MappingProxyType

import httpx
import pyoxigraph as ox

from tests.w3c_manifests import BASE, W3C, Data, path_of

JSON = "application/sparql-results+json"
RS = "http://www.w3.org/2001/sw/DataAccess/tests/result-set#"
RESULTS = MappingProxyType(
    {
        ".srx": ox.QueryResultsFormat.XML,
        ".srj": ox.QueryResultsFormat.JSON,
        ".tsv": ox.QueryResultsFormat.TSV,
        JSON: ox.QueryResultsFormat.JSON,
        "application/sparql-results+xml": ox.QueryResultsFormat.XML,
        "text/tab-separated-values": ox.QueryResultsFormat.TSV,
    }
)

Row = frozenset[tuple[str, object]]


class Miss(Exception):
    """Say how an answer differs from what a test expects."""


def parse(content: bytes, kind: ox.RdfFormat, base: str = "http://www.example/") -> list[ox.Quad]:
    """Read triples that were sent."""
    return list(ox.parse(content, format=kind, base_iri=base))


def read_file(path: Path, base: str) -> Iterator[ox.Triple]:
    """Read a file of the suite; its blank nodes are no other file's."""
    for quad in ox.parse(path=path, base_iri=base, rename_blank_nodes=True):
        yield quad.triple


def read_data(data: Data) -> list[ox.Quad]:
    """Read all files of an action or a result, each into its graph."""
    return [
        ox.Quad(
            one.subject, one.predicate, one.object, ox.DefaultGraph() if name is None else ox.NamedNode(name)
        )
        for name, file in data
        for one in read_file(path_of(file), file)
    ]


def read_graph(path: Path) -> list[ox.Quad]:
    """Read the graph that a query should give."""
    iri = f"{BASE}{path.relative_to(W3C)}"
    return [ox.Quad(one.subject, one.predicate, one.object) for one in read_file(path, iri)]


def parse_results(reply: httpx.Response) -> ox.QuerySolutions | ox.QueryBoolean:
    """Read an answer in the format that it says it has."""
    kind = reply.headers["content-type"].partition(";")[0]
    return ox.parse_query_results(reply.content, RESULTS[kind])


def read_results(path: Path) -> ox.QuerySolutions | ox.QueryBoolean | list[Row]:
    """Read the solutions that a query should give."""
    if path.suffix in RESULTS:
        return ox.parse_query_results(path=path, format=RESULTS[path.suffix])
    return _read_result_set(path)


def _read_result_set(path: Path) -> list[Row]:
    """Read solutions written as a graph (the vocabulary of the test suite)."""
    store = ox.Store()
    store.extend(read_graph(path))
    found: dict[object, set[tuple[str, object]]] = {}
    query = f"""PREFIX rs: <{RS}> SELECT ?solution ?name ?value {{
        ?any rs:solution ?solution OPTIONAL {{ ?solution rs:binding [ rs:variable ?name ; rs:value ?value ] }} }}"""
    rows = store.query(query)
    assert isinstance(rows, ox.QuerySolutions)
    for row in rows:
        bound = found.setdefault(row["solution"], set())
        name = row["name"]
        if isinstance(name, ox.Literal):
            bound.add((name.value, row["value"]))
    return [frozenset(one) for one in found.values()]


def compare_results(
    expected: ox.QuerySolutions | ox.QueryBoolean | list[Row],
    found: ox.QuerySolutions | ox.QueryBoolean,
    *,
    in_order: bool,
) -> None:
    """Compare solutions, each as often as it stands there, or a yes or no. Raises Miss."""
    if isinstance(found, ox.QueryBoolean) or isinstance(expected, ox.QueryBoolean):
        if not isinstance(expected, ox.QueryBoolean) or bool(expected) != bool(found):
            raise Miss(f"expected {expected}, got {found}")
        return
    wanted, got = (rows if isinstance(rows, list) else _to_rows(rows) for rows in (expected, found))
    if _settle(wanted) != _settle(got):
        raise Miss(f"expected {len(wanted)} rows, got {len(got)}; {sorted(map(str, got))[:3]}")
    if in_order and [_settle([row]) for row in wanted] != [_settle([row]) for row in got]:
        raise Miss(f"the rows stand in another order: {got[:3]}")


def _to_rows(solutions: ox.QuerySolutions) -> list[Row]:
    names = [variable.value for variable in solutions.variables]
    return [frozenset((n, row[n]) for n in names if row[n] is not None) for row in solutions]


def _settle(rows: Iterable[Row]) -> tuple[Counter[Row], frozenset[str]]:
    """Give rows so that equal ones compare equal: numbers as the engine writes them, blank nodes by their place."""
    ground: Counter[Row] = Counter()
    quads: list[ox.Quad] = []
    for number, row in enumerate(rows):
        cells = [ox.Quad(ox.BlankNode(f"row{number}"), ox.NamedNode(f"urn:{n}"), value) for n, value in row]  # type: ignore[arg-type]
        if any(isinstance(quad.object, ox.BlankNode) for quad in cells):
            quads += cells
        else:
            ground[frozenset((q.predicate.value, q.object) for q in _normalize(cells))] += 1
    return ground, _canonicalize(quads)


def _normalize(quads: Iterable[ox.Quad]) -> list[ox.Quad]:
    store = ox.Store()
    store.extend(quads)
    return list(store)


def _canonicalize(quads: Iterable[ox.Quad]) -> frozenset[str]:
    dataset = ox.Dataset(_normalize(quads))
    dataset.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
    return frozenset(map(str, dataset))


def compare_graphs(expected: Iterable[ox.Quad], found: Iterable[ox.Quad]) -> None:
    """Compare graphs, whatever their blank nodes are called. Raises Miss."""
    wanted, got = _canonicalize(expected), _canonicalize(found)
    if wanted != got:
        raise Miss(f"lacking {sorted(wanted - got)[:3]}, too much {sorted(got - wanted)[:3]}")


def read_csv(text: str) -> Counter[frozenset[tuple[str, str]]]:
    """Read solutions in CSV; which column stands where, and how blank nodes are named, does not matter."""
    rows = csv.DictReader(text.splitlines())
    return Counter(
        frozenset((name, "_:" if cell.startswith("_:") else cell) for name, cell in row.items())
        for row in rows
    )
