"""What the graph `meta` says: of each graph its size and digest, and the version of the whole that follows from them.

What articles, background and ontology say is summed up by the SHA-256 of its sorted lines of N-Triples. The derived
graphs are brought up to date line by line, and so is the sum of their lines' digests; they follow from the others, so
that a version is as good as the SHA-256 of those.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from typing import cast

import pyoxigraph as ox
from rdflib import Literal, URIRef

from graph.converters import to_triples
from graph.iris import Iris, digest
from graph.store import SUMS, QuadStore, node_of, sum_of
from graph.terms import OWL, RDFS, SCHEMA, XSD

TRIPLES = URIRef("http://rdfs.org/ns/void#triples")
DERIVED = ("evidence", "inferred")

_LABELS = {
    "background": "what is known of agents and places without the articles, each with its source",
    "evidence": "what the rules find over all articles together",
    "inferred": "what follows from the ontology",
    "ontology": "the terms and their meaning",
}
_SUM, _WAY = "sum of the lines' SHA-256: ", "derived by rules "


def made_graphs(iris: Iris) -> frozenset[ox.NamedNode]:
    """Name the graphs that hold nothing of their own: the derived ones and `meta`."""
    return frozenset(node_of(iris.graph(name)) for name in (*DERIVED, "meta"))


@dataclass
class Summaries:
    """Hold the digest and the number of triples of each graph, and the digest of the rules that derived (`way`)."""

    iris: Iris
    found: dict[URIRef, tuple[str, int]] = field(default_factory=dict)
    way: str | None = None
    version: str | None = None

    @classmethod
    def read(cls, store: QuadStore, iris: Iris) -> Summaries:
        """Read what `meta` says."""
        summaries = cls(iris)
        sums: dict[str, str] = {}
        sizes: dict[str, int] = {}
        meta = iris.graph("meta")
        for quad in store.quads(meta):
            name, predicate, value = cast(ox.NamedNode, quad.subject).value, quad.predicate.value, quad.object
            if predicate == str(TRIPLES):
                sizes[name] = int(cast(ox.Literal, value).value)
            elif predicate in {str(SCHEMA.sha256), str(SCHEMA.identifier)}:
                sums[name] = cast(ox.Literal, value).value
            elif predicate == str(OWL.versionInfo) and name == str(meta):
                summaries.version = cast(ox.Literal, value).value
            elif predicate == str(OWL.versionInfo):
                summaries.way = cast(ox.Literal, value).value.removeprefix(_WAY)
        summaries.found = {URIRef(name): (sums[name], sizes[name]) for name in sums.keys() & sizes.keys()}
        return summaries

    def refresh(self, store: QuadStore, touched: Collection[URIRef]) -> None:
        """Measure the graphs that were touched and those that nothing is known of, and forget those that are gone."""
        names = set(store.names()) - {self.iris.graph("meta")}
        for name in self.found.keys() - names:
            del self.found[name]
        for name in names:
            if name in touched or name not in self.found:
                self.measure(store, name)

    def measure(self, store: QuadStore, name: URIRef) -> None:
        """Measure a graph anew."""
        if name in {self.iris.graph(one) for one in DERIVED}:
            total, number = store.sum_up(name)
            self.found[name] = (f"{_SUM}{total:064x}", number)
        else:
            self.found[name] = store.measure(name)

    def change(self, name: URIRef, gone: Collection[ox.Triple], come: Collection[ox.Triple]) -> None:
        """Bring the sum of a derived graph up to date with what was taken out of it and added to it."""
        written, number = self.found[name]
        total = int(written.removeprefix(_SUM), 16) + sum_of(come) - sum_of(gone)
        self.found[name] = (f"{_SUM}{total % SUMS:064x}", number + len(come) - len(gone))

    def find_version(self) -> str:
        """Give the version that follows from the digests."""
        lines = sorted(f"{name} {written}" for name, (written, _) in self.found.items())
        return digest(*lines, self.way or "", length=16)

    def write(self, store: QuadStore) -> str:
        """Write the graph `meta`; give the version."""
        self.version = self.find_version()
        meta = self.iris.graph("meta")
        said: list[tuple[URIRef, URIRef, Literal]] = [
            (meta, OWL.versionInfo, Literal(self.version)),
            (meta, RDFS.label, Literal("what each graph is, and the version of the whole")),
        ]
        derived = {self.iris.graph(one) for one in DERIVED}
        for name, (written, number) in self.found.items():
            label = _LABELS.get(str(name).removeprefix(str(self.iris.graph(""))))
            article = str(name).startswith(str(self.iris.graph("article/")))
            other = "what one article says, and where" if article else "written by a user"
            said += [
                (name, SCHEMA.identifier if name in derived else SCHEMA.sha256, Literal(written)),
                (name, TRIPLES, Literal(number, datatype=XSD.integer)),
                (name, RDFS.label, Literal(label or other)),
            ]
        if self.way is not None:
            said.append((self.iris.graph("evidence"), OWL.versionInfo, Literal(f"{_WAY}{self.way}")))
        store.put_triples(meta, to_triples(said))
        return self.version
