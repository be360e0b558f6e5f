"""What a dump holds, told for machines: its size (VoID), its licence and citation (DCAT), how it came about (PROV-O).

All of it follows from the snapshot, so that the same version is told of in the same bytes on any machine: no clock,
no address of a server. Where the files lie is for the server to add. https://www.w3.org/TR/void/,
https://www.w3.org/TR/vocab-dcat-3/, https://www.w3.org/TR/prov-o/.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import cast
from urllib.parse import quote

import pyoxigraph as ox
from rdflib import Graph, Literal, URIRef
from rdflib.namespace import DCAT, VOID

from graph.editions import COUNT_ARTICLES, NAME_SOFTWARE, RIGHTS, Edition
from graph.iris import Iris
from graph.snapshots import Snapshot
from graph.store import QuadStore, node_of
from graph.terms import DCTERMS, HS, OWL, PREFIXES, PROV, RDF, RDFS, SCHEMA, XSD

APACHE = URIRef("https://www.apache.org/licenses/LICENSE-2.0")

PREFIXES_OF_HOLDINGS: dict[str, str] = {
    **{name: PREFIXES[name] for name in ("dcterms", "hs", "owl", "prov", "rdf", "rdfs", "schema", "xsd")},
    "dcat": str(DCAT),
    "void": str(VOID),
}

_CLASS = URIRef(f"{VOID}class")
_OURS = ("ontology", "background")
_COUNTS: Mapping[URIRef, str] = MappingProxyType(
    {
        VOID.triples: "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }",
        VOID.distinctSubjects: "SELECT (COUNT(DISTINCT ?s) AS ?n) { ?s ?p ?o }",
        VOID.distinctObjects: "SELECT (COUNT(DISTINCT ?o) AS ?n) { ?s ?p ?o }",
    }
)
_BY_CLASS = "SELECT ?name (COUNT(*) AS ?n) { ?s a ?name FILTER(isIRI(?name)) } GROUP BY ?name"
_ARTICLES = f"SELECT ?name (1 AS ?n) {{ ?name a <{HS.Article}> }}"
_BY_PROPERTY = "SELECT ?name (COUNT(*) AS ?n) { ?s ?name ?o } GROUP BY ?name"


def name_dataset(iris: Iris, version: str, article: str | None = None) -> URIRef:
    """Name a version as a data set, or one article's part of it."""
    part = "" if article is None else f"-article-{quote(article, safe='')}"
    return URIRef(f"{iris.base}dumps#{version}{part}")


def describe_holdings(snapshot: Snapshot, article: str | None = None) -> Graph:
    """Describe a version, or one article's part of it (its key), without blank nodes."""
    return _Description(snapshot, article).graph()


class _Description:
    def __init__(self, snapshot: Snapshot, article: str | None) -> None:
        self._snapshot = snapshot
        self._iris = snapshot.iris
        self._article = article
        self._data = name_dataset(snapshot.iris, snapshot.version, article)
        self._graph = Graph()
        name = None if article is None else snapshot.iris.graph(f"article/{article}")
        self._counter = _Counter(snapshot.store, name)
        found = self._counter.ask(COUNT_ARTICLES)[0]
        self._software = {URIRef(row["software"]): row["label"] for row in self._counter.ask(NAME_SOFTWARE)}
        self._edition = Edition(
            snapshot.version,
            snapshot.iris.base,
            int(found["articles"]),
            found.get("oldest"),
            found.get("newest"),
            tuple(self._software.values()),
        )

    def graph(self) -> Graph:
        self._say_what()
        self._say_how()
        self._count()
        if self._article is None:
            self._list_graphs()
        else:
            self._add(name_dataset(self._iris, self._snapshot.version), VOID.subset, self._data)
        return self._graph

    def _add(self, subject: URIRef, predicate: URIRef, value: URIRef | Literal) -> None:
        self._graph.add((subject, predicate, value))

    def _part(self, name: str) -> URIRef:
        return URIRef(f"{self._data}-{quote(name, safe='')}")

    def _say_what(self) -> None:
        edition, data = self._edition, self._data
        for kind in (VOID.Dataset, DCAT.Dataset, PROV.Entity):
            self._add(data, RDF.type, kind)
        part = "" if self._article is None else f" (article {self._article})"
        title = f"Hearsay: who said what about what, and where it stands{part}"
        self._add(data, DCTERMS.title, Literal(title, lang="en"))
        self._add(data, DCTERMS.rights, Literal(RIGHTS, lang="en"))
        self._add(data, DCTERMS.bibliographicCitation, Literal(edition.cite()))
        for version in (OWL.versionInfo, URIRef(f"{DCAT}version")):
            self._add(data, version, Literal(edition.version))
        self._add(data, VOID.uriSpace, Literal(f"{edition.base}id/"))
        self._add(data, VOID.vocabulary, URIRef(str(HS)))
        if edition.oldest and edition.newest:
            days = self._part("days")
            self._add(data, DCTERMS.temporal, days)
            self._add(days, RDF.type, DCTERMS.PeriodOfTime)
            self._add(days, DCAT.startDate, Literal(edition.oldest, datatype=XSD.date))
            self._add(days, DCAT.endDate, Literal(edition.newest, datatype=XSD.date))

    def _say_how(self) -> None:
        reading = self._part("reading")
        self._add(self._data, PROV.wasGeneratedBy, reading)
        self._add(reading, RDF.type, PROV.Activity)
        self._add(reading, RDFS.label, Literal("reading of the articles", lang="en"))
        for software, label in self._software.items():
            self._add(reading, PROV.wasAssociatedWith, software)
            self._add(software, RDF.type, PROV.SoftwareAgent)
            self._add(software, RDFS.label, Literal(label))
        for article in self._counter.group(_ARTICLES):
            self._add(reading, PROV.used, article)
            self._add(self._data, PROV.wasDerivedFrom, article)

    def _count(self) -> None:
        self._add(self._data, VOID.documents, _number(self._edition.articles))
        for predicate, query in _COUNTS.items():
            self._add(self._data, predicate, _number(int(self._counter.ask(query)[0]["n"])))
        for query, way, key, number, many in (
            (_BY_CLASS, VOID.classPartition, _CLASS, VOID.entities, VOID.classes),
            (_BY_PROPERTY, VOID.propertyPartition, VOID.property, VOID.triples, VOID.properties),
        ):
            found = self._counter.group(query)
            self._add(self._data, many, _number(len(found)))
            for iri, size in found.items():
                part = self._part(f"{'class' if key == _CLASS else 'property'}-{_shorten(iri)}")
                self._add(self._data, way, part)
                self._add(part, key, iri)
                self._add(part, number, _number(size))

    def _list_graphs(self) -> None:
        """Tell of the graphs besides those of articles, which `graph/meta` lists: there may be many."""
        store = self._snapshot.store
        articles, told = str(self._iris.graph("article/")), {VOID.triples, RDFS.label, SCHEMA.sha256}
        for name in store.names():
            if not str(name).startswith(articles):
                self._add(self._data, VOID.subset, name)
                self._add(name, RDF.type, VOID.Dataset)
                for _, predicate, value in store.triples(name):
                    if predicate in told and isinstance(value, Literal):
                        self._add(name, predicate, value)
        for ours in _OURS:
            if store.has_graph(self._iris.graph(ours)):
                self._add(self._iris.graph(ours), DCTERMS.license, APACHE)


class _Counter:
    """Count in the merged view, or in one graph."""

    def __init__(self, store: QuadStore, name: URIRef | None) -> None:
        self._engine = store.engine
        self._graph = ox.DefaultGraph() if name is None else node_of(name)

    def ask(self, query: str) -> list[dict[str, str]]:
        found = cast(ox.QuerySolutions, self._engine.query(query, default_graph=self._graph))
        names = [variable.value for variable in found.variables]
        return [{name: row[name].value for name in names if row[name] is not None} for row in found]

    def group(self, query: str) -> dict[URIRef, int]:
        return {
            URIRef(name): int(n) for name, n in sorted((row["name"], row["n"]) for row in self.ask(query))
        }


def _shorten(iri: URIRef) -> str:
    for prefix, namespace in PREFIXES.items():
        if iri != namespace and iri.startswith(namespace):
            return f"{prefix}-{iri.removeprefix(namespace)}"
    return str(iri)


def _number(value: int) -> Literal:
    return Literal(value, datatype=XSD.integer)
