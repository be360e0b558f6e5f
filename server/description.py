"""The service described for machines: SPARQL 1.1 Service Description, and the dumps as VoID and DCAT."""

from __future__ import annotations

import asyncio
import re

from rdflib import BNode, Graph, Literal, Namespace, URIRef
from rdflib.namespace import DCAT, DCTERMS, OWL, RDF, RDFS, VOID

from server.house import House
from server.negotiation import GRAPHS, RESULTS

SD = Namespace("http://www.w3.org/ns/sparql-service-description#")
_FORMATS = Namespace("http://www.w3.org/ns/formats/")
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
_SAFE_ADDRESS = re.compile(r"https?://[A-Za-z0-9.:\[\]_-]+(?:/[A-Za-z0-9._~/-]*)?/")
_LICENCE_NOTE = (
    "Every triple on the war is somebody's claim, with the passage that carries it. "
    "The articles belong to their publishers."
)


async def describe_service(house: House, address: str, media_type: str) -> bytes:
    """Write the service description. `address` is where the client found the server."""
    return await asyncio.to_thread(_write, _service_graph(house, address), media_type)


async def describe_dumps(house: House, address: str, media_type: str, *, version: str) -> bytes:
    """Write the data set and its downloads as VoID and DCAT."""
    return await asyncio.to_thread(_write, _dumps_graph(house, address, version), media_type)


def _service_graph(house: House, address: str) -> Graph:
    root = _root(house, address)
    graph = _new_graph()
    service, data, default = URIRef(f"{root}sparql"), BNode("dataset"), BNode("default")
    graph.add((service, RDF.type, SD.Service))
    graph.add((service, SD.endpoint, service))
    graph.add((service, SD.supportedLanguage, SD.SPARQL11Query))
    for name in (*RESULTS, *GRAPHS):
        graph.add((service, SD.resultFormat, URIRef(f"{_FORMATS}{_FORMAT_NAMES[name]}")))
    graph.add((service, SD.defaultDataset, data))
    graph.add((data, RDF.type, SD.Dataset))
    graph.add((data, SD.defaultGraph, default))
    graph.add((default, RDF.type, SD.Graph))
    graph.add(
        (default, RDFS.comment, Literal("The merged view of all named graphs, each triple once.", lang="en"))
    )
    graph.add((service, RDFS.comment, Literal(_limits(house), lang="en")))
    graph.add((data, RDFS.seeAlso, URIRef(f"{root}dumps")))
    return graph


def _dumps_graph(house: House, address: str, version: str) -> Graph:
    root = _root(house, address)
    graph = _new_graph()
    data = URIRef(f"{root}dumps#hearsay")
    graph.add((data, RDF.type, VOID.Dataset))
    graph.add((data, RDF.type, DCAT.Dataset))
    graph.add(
        (data, DCTERMS.title, Literal("Hearsay: who said what about what, and where it stands", lang="en"))
    )
    graph.add((data, DCTERMS.description, Literal(_LICENCE_NOTE, lang="en")))
    graph.add((data, OWL.versionInfo, Literal(version)))
    graph.add((data, VOID.sparqlEndpoint, URIRef(f"{root}sparql")))
    graph.add((data, VOID.uriSpace, Literal(f"{house.settings.base}id/")))
    for name in ("ttl", "trig", "nq", "nt", "jsonld"):
        file = URIRef(f"{root}dumps/hearsay.{name}")
        graph.add((data, VOID.dataDump, file))
        graph.add((data, DCAT.distribution, file))
        graph.add((file, RDF.type, DCAT.Distribution))
        graph.add((file, DCAT.downloadURL, file))
        graph.add(
            (file, DCAT.mediaType, URIRef(f"https://www.iana.org/assignments/media-types/{GRAPHS[name]}"))
        )
    return graph


def _new_graph() -> Graph:
    graph = Graph(bind_namespaces="none")
    for prefix, namespace in (
        ("sd", SD),
        ("void", VOID),
        ("dcat", DCAT),
        ("dcterms", DCTERMS),
        ("rdfs", RDFS),
    ):
        graph.bind(prefix, namespace)
    return graph


def _limits(house: House) -> str:
    settings = house.settings
    return (
        f"Read only. A query is ended after {settings.query_timeout_s:g} seconds and may hold at most "
        f"{settings.max_query_bytes} bytes; SERVICE, LOAD and updates are refused."
    )


def _root(house: House, address: str) -> str:
    """Take the address that the client used where it can stand in an IRI, else the base of the IRIs."""
    return address if _SAFE_ADDRESS.fullmatch(address) else house.settings.base


def _write(graph: Graph, media_type: str) -> bytes:
    return graph.serialize(format=_RDFLIB_NAMES[media_type], encoding="utf-8")
