"""The whole graph, or one article's, as a file to take away; the same snapshot gives the same bytes.

N-Quads and TriG hold the named graphs and so say where each triple comes from; the merged view is their union
and is left out there. N-Triples, Turtle and JSON-LD hold the merged view itself, each triple once.
"""

from __future__ import annotations

import heapq
import json
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack
from itertools import groupby, islice
from types import MappingProxyType
from typing import IO, BinaryIO, Literal, cast

import pyoxigraph as ox
from rdflib import URIRef

from graph.errors import UnknownResource, UsageError
from graph.iris import KINDS
from graph.snapshots import Snapshot
from graph.store import QuadStore
from graph.terms import PREFIXES, RDF, XSD
from graph.turtle import SortedHead

Format = Literal["ttl", "trig", "nq", "nt", "jsonld"]

MEDIA_TYPES: Mapping[str, str] = MappingProxyType(
    {
        "ttl": "text/turtle",
        "trig": "application/trig",
        "nq": "application/n-quads",
        "nt": "application/n-triples",
        "jsonld": "application/ld+json",
    }
)

# Lines held in memory at once while sorting: about 200 MB of them; the rest waits in files.
LINES_IN_MEMORY = 500_000

_TYPE = str(RDF.type)


def dump(snapshot: Snapshot, *, format: Format, article: str | None = None, out: BinaryIO) -> None:
    """Write a snapshot, or the graph of one article (its key), to `out`.

    Raises UsageError for a format that there is not, UnknownResource for an article that is not loaded.
    """
    if format not in MEDIA_TYPES:
        raise UsageError(f"no format {format!r}; there are {', '.join(MEDIA_TYPES)}")
    store = snapshot.store
    only = None
    if article is not None:
        only = snapshot.iris.graph(f"article/{article}")
        if not store.has_graph(only):
            raise UnknownResource(
                f"no article {article} is loaded; a key is the first 16 digits of its SHA-256"
            )
    if format in {"nq", "nt"}:
        _dump_lines(store, only, format, out)
    elif format == "jsonld":
        _dump_json(store, only, out)
    else:
        prefixes = {**PREFIXES, **{kind: snapshot.iris.of(kind, "") for kind in sorted(KINDS)}}
        _dump_turtle(store, only, format, prefixes, out)


def _dump_lines(store: QuadStore, only: URIRef | None, format: str, out: BinaryIO) -> None:
    kind = ox.RdfFormat.N_QUADS if format == "nq" else ox.RdfFormat.N_TRIPLES
    for line in sort_lines(_lines(store, only, kind)):
        out.write(line)


def _lines(store: QuadStore, only: URIRef | None, kind: ox.RdfFormat) -> Iterator[bytes]:
    named = kind is ox.RdfFormat.N_QUADS
    graphs: Iterable[URIRef | None] = [only]
    if only is None and named:
        graphs = store.names()
    for name in graphs:
        quads = store.quads(name)
        while batch := list(islice(quads, 10_000)):
            written = ox.serialize(batch if named else [quad.triple for quad in batch], format=kind)
            yield from cast(bytes, written).splitlines(keepends=True)


def sort_lines(lines: Iterable[bytes], *, in_memory: int = LINES_IN_MEMORY) -> Iterator[bytes]:
    """Sort lines by their bytes, holding at most `in_memory` of them at once; the rest waits in files."""
    lines = iter(lines)
    with ExitStack() as files:
        runs: list[Iterable[bytes]] = []
        while batch := sorted(islice(lines, in_memory)):
            if len(batch) < in_memory:
                runs.append(batch)
                break
            file = files.enter_context(tempfile.TemporaryFile())
            file.writelines(batch)
            file.seek(0)
            runs.append(file)
        yield from heapq.merge(*runs)


def _sorted_quads(store: QuadStore, name: URIRef | None) -> Iterator[ox.Quad]:
    kind = ox.RdfFormat.N_TRIPLES if name is None else ox.RdfFormat.N_QUADS
    lines = sort_lines(_lines(store, name, kind))
    while batch := b"".join(islice(lines, 10_000)):
        yield from ox.parse(batch, format=ox.RdfFormat.N_QUADS)


def _dump_turtle(
    store: QuadStore, only: URIRef | None, format: str, prefixes: dict[str, str], out: BinaryIO
) -> None:
    head = SortedHead(out.write)
    if format == "trig":
        names = store.names() if only is None else [only]
        quads = (quad for name in names for quad in _sorted_quads(store, name))
        ox.serialize(quads, cast(IO[bytes], head), format=ox.RdfFormat.TRIG, prefixes=prefixes)
    else:
        triples = (quad.triple for quad in _sorted_quads(store, only))
        ox.serialize(triples, cast(IO[bytes], head), format=ox.RdfFormat.TURTLE, prefixes=prefixes)
    head.finish()


def _dump_json(store: QuadStore, only: URIRef | None, out: BinaryIO) -> None:
    """Write JSON-LD with our prefixes as context, one node to a line; the engine writes full IRIs only."""
    out.write(b'{"@context": ' + _json(dict(sorted(PREFIXES.items()))) + b',\n"@graph": [')
    nodes = groupby(_sorted_quads(store, only), key=lambda quad: cast(object, quad.subject))
    for i, (subject, quads) in enumerate(nodes):
        node: dict[str, object] = {"@id": _name(cast(ox.NamedNode, subject))}
        for predicate, same in groupby(quads, key=lambda quad: quad.predicate.value):
            values = [_value(quad.object, is_type=predicate == _TYPE) for quad in same]
            key = "@type" if predicate == _TYPE else _compact(predicate)
            node[key] = values[0] if len(values) == 1 else values
        out.write((b",\n" if i else b"\n") + _json(node))
    out.write(b"\n]}\n")


def _json(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False).encode()


def _name(term: ox.NamedNode | ox.BlankNode) -> str:
    return term.value if isinstance(term, ox.NamedNode) else f"_:{term.value}"


def _compact(iri: str) -> str:
    for prefix, namespace in PREFIXES.items():
        local = iri.removeprefix(namespace)
        if local != iri and local and not local.startswith("//"):
            return f"{prefix}:{local}"
    return iri


def _value(term: object, *, is_type: bool) -> object:
    if isinstance(term, ox.NamedNode | ox.BlankNode):
        if is_type:
            return _compact(term.value) if isinstance(term, ox.NamedNode) else _name(term)
        return {"@id": _name(term)}
    literal = cast(ox.Literal, term)
    if literal.language:
        return {"@value": literal.value, "@language": literal.language}
    kind = literal.datatype.value
    if kind == str(XSD.string):
        return literal.value
    if kind == str(XSD.integer) and literal.value == str(_number(literal.value)):
        return _number(literal.value)
    return {"@value": literal.value, "@type": _compact(kind)}


def _number(digits: str) -> int | None:
    """Read a number that JSON readers keep exactly; None for others."""
    return int(digits) if digits.lstrip("-").isdecimal() and len(digits) < 16 else None
