"""The W3C's SPARQL 1.1 tests read from their manifests: what each sends and expects, as values."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pyoxigraph as ox

W3C = Path(__file__).resolve().parents[2] / "shared" / "w3c" / "sparql" / "sparql11"

# Where the suite is published: relative IRIs in queries and data are completed with it, as its results expect.
BASE = "https://w3c.github.io/rdf-tests/sparql/sparql11/"

MF = "http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#"
QT = "http://www.w3.org/2001/sw/DataAccess/tests/test-query#"
UT = "http://www.w3.org/2009/sparql/tests/test-update#"
HT = "http://www.w3.org/2011/http#"
CNT = "http://www.w3.org/2011/content#"
RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
RDFS = "http://www.w3.org/2000/01/rdf-schema#"

SUITES = {
    "query": (
        "aggregates bind bindings cast construct exists functions grouping negation project-expression property-path "
        "subquery syntax-query"
    ),
    "update": (
        "add basic-update clear copy delete-data delete-insert delete-where delete drop move syntax-update-1 "
        "syntax-update-2 update-silent"
    ),
    "results": "csv-tsv-res json-res",
    "protocol": "protocol",
    "graph-store": "graph-store-protocol",
    "service-description": "service-description",
    "federated-syntax": "syntax-fed",
}
"""The folders of each suite. Entailment and federation are not claimed, so theirs are left out."""

Node = ox.NamedNode | ox.BlankNode | ox.Literal
Data = tuple[tuple[str | None, str], ...]
"""The files to be loaded, each with the name of its graph, or None for the default graph."""


@dataclass(frozen=True, slots=True)
class Exchange:
    """Hold one request as it is to be sent, and what is expected in return."""

    method: str
    path: str
    headers: tuple[tuple[str, str], ...]
    body: bytes
    statuses: tuple[str, ...]
    expected_headers: tuple[tuple[str, str], ...] = ()
    expected_body: str | None = None
    boolean: bool | None = None
    format: str | None = None
    location: str | None = None


@dataclass(frozen=True, slots=True)
class Case:
    """Hold one test; `iri` is its own name, `name` the folder and the end of that.

    `action` is the file of the query or update, `result` that of the result of a query.
    """

    suite: str
    name: str
    iri: str
    kind: str
    title: str
    data: Data = ()
    action: str | None = None
    result: str | None = None
    after: Data = ()
    exchanges: tuple[Exchange, ...] = ()


def read_cases(suite: str, root: Path = W3C) -> list[Case]:
    """Read the tests of a suite in the order of their manifests."""
    return [case for folder in SUITES[suite].split() for case in _Manifest(root, folder).cases(suite)]


def path_of(iri: str, root: Path = W3C) -> Path:
    """Give the file that an IRI of the suite stands for."""
    return root / iri.removeprefix(BASE)


class _Manifest:
    def __init__(self, root: Path, folder: str) -> None:
        self._store = ox.Store()
        self._folder = folder
        for path in sorted((root / folder).glob("manifest*.ttl")):
            self._store.load(path=path, format=ox.RdfFormat.TURTLE, base_iri=f"{BASE}{folder}/{path.name}")
        self._entries = [
            one
            for path in sorted((root / folder).glob("manifest*.ttl"))
            for one in self._list(self._one(ox.NamedNode(f"{BASE}{folder}/{path.name}"), f"{MF}entries"))
        ]

    def cases(self, suite: str) -> Iterator[Case]:
        for entry in dict.fromkeys(self._entries):
            assert isinstance(entry, ox.NamedNode)
            action, result = self._one(entry, f"{MF}action"), self._one(entry, f"{MF}result")
            file = self._one(action, f"{QT}query") or self._one(action, f"{UT}request") or action
            yield Case(
                suite,
                f"{self._folder}/{entry.value.rpartition('#')[2]}",
                entry.value,
                self._text(entry, f"{RDF}type").rpartition("#")[2],
                self._text(entry, f"{MF}name"),
                self._data(action) + self._data(entry),
                file.value if isinstance(file, ox.NamedNode) else None,
                result.value if isinstance(result, ox.NamedNode) else None,
                self._data(result),
                tuple(
                    self._exchange(request)
                    for requests in self._all(action, f"{HT}requests")
                    for request in self._list(requests)
                ),
            )

    def _all(self, subject: Node | None, predicate: str) -> list[Node]:
        if not isinstance(subject, ox.NamedNode | ox.BlankNode):
            return []
        found = self._store.quads_for_pattern(subject, ox.NamedNode(predicate), None)
        return [quad.object for quad in found if not isinstance(quad.object, ox.Triple)]

    def _one(self, subject: Node | None, predicate: str) -> Node | None:
        return next(iter(self._all(subject, predicate)), None)

    def _text(self, subject: Node | None, predicate: str) -> str:
        found = self._one(subject, predicate)
        return found.value if found is not None else ""

    def _list(self, head: Node | None) -> Iterator[Node]:
        while head is not None and head != ox.NamedNode(f"{RDF}nil"):
            first = self._one(head, f"{RDF}first")
            if first is not None:
                yield first
            head = self._one(head, f"{RDF}rest")

    def _data(self, subject: Node | None) -> Data:
        """Give the files of an action or a result; a graph of an update has its name beside it."""
        found: list[tuple[str | None, str]] = [
            (None, one.value) for name in (f"{QT}data", f"{UT}data") for one in self._all(subject, name)
        ]
        found += [(one.value, one.value) for one in self._all(subject, f"{QT}graphData")]
        for one in self._all(subject, f"{UT}graphData"):
            file = self._one(one, f"{UT}graph") or self._one(one, f"{UT}data")
            if file is not None:
                found.append((self._text(one, f"{RDFS}label"), file.value))
        return tuple(found)

    def _exchange(self, request: Node) -> Exchange:
        reply = self._one(request, f"{HT}resp")
        body, expected = self._one(request, f"{HT}body"), self._one(reply, f"{HT}body")
        encoding = self._text(body, f"{CNT}characterEncoding") or "UTF-8"
        boolean = self._text(reply, f"{MF}expectedBoolean")
        return Exchange(
            self._text(request, f"{HT}methodName"),
            self._text(request, f"{HT}absolutePath"),
            self._headers(request),
            self._text(body, f"{CNT}chars").encode(encoding),
            tuple(one.value.rpartition("#")[2] for one in self._all(reply, f"{MF}expectedStatus")),
            self._headers(reply),
            self._text(expected, f"{CNT}chars") or None,
            boolean == "true" if boolean else None,
            self._text(reply, f"{MF}expectedFormat") or None,
            self._text(reply, f"{MF}expectedLocation") or None,
        )

    def _headers(self, message: Node | None) -> tuple[tuple[str, str], ...]:
        return tuple(
            (self._text(header, f"{HT}fieldName"), self._text(header, f"{HT}fieldValue"))
            for headers in self._all(message, f"{HT}headers")
            for header in self._list(headers)
        )
