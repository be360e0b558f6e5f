"""The downloads described for machines: what the snapshot holds, and where this server keeps which file of it.

What graph.holdings writes is the same on every machine; here the addresses, the operator's licence and the address
of the endpoint are added (DCAT 3, VoID), and the links that go with every file (RFC 8288).
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from rdflib import Graph, Literal, URIRef
from rdflib.namespace import DCAT, DCTERMS, RDF, VOID

from graph.dump_forms import FORMS, HOLDINGS, MEDIA_TYPES, Form
from server.settings import Settings

_SAFE_ADDRESS = re.compile(r"https?://[A-Za-z0-9.:\[\]_-]+(?:/[A-Za-z0-9._~/-]*)?/")
_IANA = "https://www.iana.org/assignments/media-types/"
_PACKED = {"gzip": "application/gzip", "zstd": "application/zstd"}
_CONFORMS = {False: "https://www.w3.org/TR/rdf11-concepts/", True: "https://www.w3.org/TR/rdf12-concepts/"}
_RDFLIB_NAMES = {
    "text/turtle": "turtle",
    "application/n-triples": "nt",
    "application/rdf+xml": "xml",
    "application/ld+json": "json-ld",
}


def address_of(form: Form, article: str | None = None) -> str:
    """Give the path of a file on this server."""
    return f"/dumps/hearsay.{form.name}" if article is None else f"/dumps/article/{article}.{form.name}"


def root_of(settings: Settings, address: str) -> str:
    """Take the address that the client used where it can stand in an IRI, else the base of the IRIs."""
    return address if _SAFE_ADDRESS.fullmatch(address) else settings.base


def links_of(settings: Settings, article: str | None) -> str:
    """Write the value of the Link header of a file: what describes it, how it came about, its licence."""
    holdings = address_of(HOLDINGS, article)
    links = [
        '</dumps>; rel="collection"',
        f'<{holdings}>; rel="describedby"; type="text/turtle"',
        f'<{holdings}>; rel="http://www.w3.org/ns/prov#has_provenance"; type="text/turtle"',
    ]
    if settings.licence:
        links.append(f'<{settings.licence}>; rel="license"')
    return ", ".join(links)


def describe(settings: Settings, address: str, holdings: bytes, media_type: str) -> bytes:
    """Write the catalogue in `media_type`. `holdings` is the file of that name, `address` where the server is."""
    root = root_of(settings, address)
    graph = Graph(bind_namespaces="none")
    graph.parse(data=holdings, format="turtle")
    data = graph.value(predicate=RDF.type, object=DCAT.Dataset, any=False)
    assert isinstance(data, URIRef)
    graph.add((data, VOID.sparqlEndpoint, URIRef(f"{root}sparql")))
    graph.add((data, DCAT.landingPage, URIRef(f"{root}dumps")))
    if settings.licence:
        graph.add((data, DCTERMS.license, URIRef(settings.licence)))
    for form in FORMS.values():
        _add_distribution(graph, data, URIRef(f"{root}{address_of(form).removeprefix('/')}"), form, settings)
    return graph.serialize(format=_RDFLIB_NAMES[media_type], encoding="utf-8")


def _add_distribution(graph: Graph, data: URIRef, file: URIRef, form: Form, settings: Settings) -> None:
    if form.format != HOLDINGS.format:
        graph.add((data, VOID.dataDump, file))
    graph.add((data, DCAT.distribution, file))
    plain = MEDIA_TYPES.get(form.format, MEDIA_TYPES["ttl"])
    found: Iterable[tuple[URIRef, URIRef | Literal]] = (
        (RDF.type, DCAT.Distribution),
        (DCAT.downloadURL, file),
        (DCAT.accessURL, file),
        (DCAT.mediaType, URIRef(f"{_IANA}{plain}")),
        (DCTERMS.conformsTo, URIRef(_CONFORMS[form.rdf12])),
        (DCTERMS.title, Literal(f"hearsay.{form.name}")),
    )
    for predicate, value in found:
        graph.add((file, predicate, value))
    if form.compression:
        graph.add((file, DCAT.compressFormat, URIRef(f"{_IANA}{_PACKED[form.compression]}")))
    if settings.licence:
        graph.add((file, DCTERMS.license, URIRef(settings.licence)))
