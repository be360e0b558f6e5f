"""The service described for machines, from what really runs: SPARQL 1.1 Service Description with VoID statistics.

https://www.w3.org/TR/sparql11-service-description/, https://www.w3.org/TR/void/#statistics. The formats are those of
the tables that the routes choose from, languages and limits follow from the settings, functions are asked of the
engine, and the figures are counted in the snapshot that is served, once for each version.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from rdflib import BNode, Graph, Literal, Namespace, URIRef
from rdflib.namespace import RDF, RDFS, VOID, XSD

from graph.errors import HearsayError
from server.cache import key_of
from server.catalogue import root_of
from server.house import House
from server.negotiation import GRAPHS, RESULTS

SD = Namespace("http://www.w3.org/ns/sparql-service-description#")
MOST_GRAPHS = 1000
"""So many named graphs are listed; the rest is counted. A query lists all."""

_FORMATS = Namespace("http://www.w3.org/ns/formats/")
_CLASS = URIRef(f"{VOID}class")
_FORMAT_NAMES = {
    "json": "SPARQL_Results_JSON",
    "xml": "SPARQL_Results_XML",
    "csv": "SPARQL_Results_CSV",
    "tsv": "SPARQL_Results_TSV",
    "ttl": "Turtle",
    "nt": "N-Triples",
    "rdf": "RDF_XML",
    "jsonld": "JSON-LD",
    "nq": "N-Quads",
    "trig": "TriG",
}
_RDFLIB_NAMES = {
    "text/turtle": "turtle",
    "application/n-triples": "nt",
    "application/rdf+xml": "xml",
    "application/ld+json": "json-ld",
}
_DEFAULT_GRAPH = {
    False: "The merged view of all named graphs, each triple once.",
    True: "A graph of its own beside the named graphs.",
}


async def describe_service(house: House, address: str, media_type: str, *, client: str) -> bytes:
    """Write the service description. `address` is where the client found the server."""
    data: Mapping[str, Any] = {}
    # Nothing loaded yet, or too much to be counted in time: the rest is true all the same.
    with suppress(HearsayError):
        data = await _count(house, client)
    return await asyncio.to_thread(_write, _Description(house, address, data), media_type)


async def _count(house: House, client: str) -> Mapping[str, Any]:
    key = key_of(house.version(), "", media_type="statistics")
    held = house.cache.get(key)
    if held is None:
        found, version = await house.queries.ask_json("data", {}, client=client)
        held = json.dumps(found).encode()
        house.cache.put(key_of(str(version), "", media_type="statistics"), held)
    found = json.loads(held)
    assert isinstance(found, dict)
    return found


def _write(description: _Description, media_type: str) -> bytes:
    return description.graph().serialize(format=_RDFLIB_NAMES[media_type], encoding="utf-8")


class _Description:
    def __init__(self, house: House, address: str, data: Mapping[str, Any]) -> None:
        self._settings = house.settings
        self._writes = house.settings.token is not None
        self._root = root_of(house.settings, address)
        self._data = data
        self._graph = Graph(bind_namespaces="none")
        for prefix, namespace in (("sd", SD), ("void", VOID), ("rdfs", RDFS), ("xsd", XSD)):
            self._graph.bind(prefix, namespace)

    def graph(self) -> Graph:
        service = URIRef(f"{self._root}sparql")
        self._describe_service(service)
        self._describe_data(service)
        return self._graph

    def _add(self, subject: URIRef | BNode, predicate: URIRef, value: URIRef | BNode | Literal) -> None:
        self._graph.add((subject, predicate, value))

    def _describe_service(self, service: URIRef) -> None:
        self._add(service, RDF.type, SD.Service)
        self._add(service, SD.endpoint, service)
        self._add(service, SD.supportedLanguage, SD.SPARQL11Query)
        if self._writes:
            self._add(service, SD.supportedLanguage, SD.SPARQL11Update)
        self._add(service, SD.feature, SD.EmptyGraphs)
        if self._data and not self._data["plain"]:
            self._add(service, SD.feature, SD.UnionDefaultGraph)
        for name in (*RESULTS, *GRAPHS):
            self._add(service, SD.resultFormat, _FORMATS[_FORMAT_NAMES[name]])
        for name in GRAPHS if self._writes else ():
            self._add(service, SD.inputFormat, _FORMATS[_FORMAT_NAMES[name]])
        for function in self._data.get("functions", ()):
            self._add(service, SD.extensionFunction, URIRef(function))
        self._add(service, RDFS.comment, Literal(self._tell_limits(), lang="en"))

    def _tell_limits(self) -> str:
        settings = self._settings
        writes = "Writes need the server's token." if self._writes else "Read only."
        return (
            f"{writes} A query is ended after {settings.query_timeout_s:g} seconds and may hold at most "
            f"{settings.max_query_bytes} bytes; SERVICE and LOAD are refused."
        )

    def _describe_data(self, service: URIRef) -> None:
        data, default = BNode("dataset"), BNode("default")
        self._add(service, SD.defaultDataset, data)
        self._add(data, RDF.type, SD.Dataset)
        self._add(data, SD.defaultGraph, default)
        self._add(data, RDFS.seeAlso, URIRef(f"{self._root}dumps"))
        self._add(default, RDF.type, SD.Graph)
        if not self._data:
            return
        self._add(default, RDFS.comment, Literal(_DEFAULT_GRAPH[self._data["plain"]], lang="en"))
        self._count_default(default)
        graphs = self._data["graphs"]
        for number, name in enumerate(sorted(graphs)[:MOST_GRAPHS]):
            self._describe_graph(data, number, name, graphs[name])
        if len(graphs) > MOST_GRAPHS:
            told = f"{MOST_GRAPHS} of {len(graphs)} named graphs are listed; /graphs lists all."
            self._add(data, RDFS.comment, Literal(told, lang="en"))

    def _describe_graph(self, data: BNode, number: int, name: str, triples: int) -> None:
        named, content = BNode(f"named{number}"), BNode(f"graph{number}")
        self._add(data, SD.namedGraph, named)
        self._add(named, RDF.type, SD.NamedGraph)
        self._add(named, SD.name, URIRef(name))
        self._add(named, SD.graph, content)
        self._add(content, RDF.type, SD.Graph)
        self._add(content, VOID.triples, _number(triples))

    def _count_default(self, default: BNode) -> None:
        found = self._data
        self._add(default, RDF.type, VOID.Dataset)
        for predicate, number in (
            (VOID.triples, found["triples"]),
            (VOID.distinctSubjects, found["subjects"]),
            (VOID.distinctObjects, found["objects"]),
            (VOID.classes, len(found["classes"])),
            (VOID.properties, len(found["properties"])),
        ):
            self._add(default, predicate, _number(number))
        for way, key, size, parts in (
            (VOID.classPartition, _CLASS, VOID.entities, found["classes"]),
            (VOID.propertyPartition, VOID.property, VOID.triples, found["properties"]),
        ):
            for number, (name, many) in enumerate(sorted(parts.items())):
                part = BNode(f"{'class' if key == _CLASS else 'property'}{number}")
                self._add(default, way, part)
                self._add(part, key, URIRef(name))
                self._add(part, size, _number(many))


def _number(value: int) -> Literal:
    return Literal(value, datatype=XSD.integer)
