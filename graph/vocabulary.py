"""The documents of the ontology as they are published: the core, what extends it, and how it stands to others.

Read with rdflib alone, so that the web process can give them without the engine.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType

from rdflib import RDF, Graph, URIRef

from graph.errors import StoreError
from graph.resources import ONTOLOGY
from graph.terms import OWL

CORE, EXTENSION, ALIGNMENTS = "", "rl", "alignments"

FILES: Mapping[str, str] = MappingProxyType(
    {CORE: "hearsay.ttl", EXTENSION: "hearsay-rl.ttl", ALIGNMENTS: "alignments.ttl"}
)
"""The file of each document, by what follows `ontology/` in its IRI."""

_FORMS = MappingProxyType(
    {
        "text/turtle": "turtle",
        "application/n-triples": "nt",
        "application/rdf+xml": "xml",
        "application/ld+json": "json-ld",
    }
)


@dataclass(frozen=True, slots=True)
class Document:
    """Hold one document: its part (a key of FILES), its IRI, that of its version, and the version's number."""

    part: str
    iri: str
    version_iri: str
    version: str


def read_document(part: str, *, folder: Path = ONTOLOGY) -> Document:
    """Read what the head of a document says of itself. Raises StoreError, naming the file."""
    graph = read_graph(folder / FILES[part])
    header = graph.value(predicate=RDF.type, object=OWL.Ontology)
    version_iri, version = graph.value(header, OWL.versionIRI), graph.value(header, OWL.versionInfo)
    if not isinstance(header, URIRef) or version_iri is None or version is None:
        raise StoreError(f"{FILES[part]}: its head lacks owl:versionIRI or owl:versionInfo; add them")
    return Document(part, str(header), str(version_iri), str(version))


def write_document(part: str, media_type: str, *, folder: Path = ONTOLOGY) -> bytes:
    """Give a document in a media type of RDF: Turtle byte for byte as it is kept, others serialised."""
    path = folder / FILES[part]
    if media_type == "text/turtle":
        return path.read_bytes()
    return _serialise(path, stamp(path), _FORMS[media_type])


def read_graph(path: Path) -> Graph:
    """Read a Turtle file; don't change what is given. Raises StoreError, naming the file."""
    return _parse(path, stamp(path))


Stamp = tuple[int, int]


def stamp(path: Path) -> Stamp:
    """Give what a file was like: a server asks many times for each time that one changes. Raises StoreError."""
    try:
        seen = path.stat()
    except OSError as error:
        raise StoreError(f"{path.name} can't be read: {error.strerror}; install Hearsay anew") from error
    return seen.st_mtime_ns, seen.st_size


@lru_cache(maxsize=32)
def _parse(path: Path, seen: Stamp) -> Graph:
    try:
        return Graph().parse(path, format="turtle")
    except (SyntaxError, ValueError, OSError) as error:
        raise StoreError(f"{path.name} can't be read as Turtle: {error}; mend the file") from error


@lru_cache(maxsize=12)
def _serialise(path: Path, seen: Stamp, form: str) -> bytes:
    return _parse(path, seen).serialize(format=form, encoding="utf-8")
