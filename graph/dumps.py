"""The whole graph, or one article's, as a file to take away; the same snapshot gives the same bytes.

N-Quads and TriG hold the named graphs and so say where each triple comes from; the merged view is their union
and is left out there. N-Triples, Turtle and JSON-LD hold the merged view itself, each triple once. The forms of
RDF 1.2 add what graph.reifications finds; what a dump holds is told by graph.holdings. Where the default graph is a
graph of its own (graph.writes), N-Quads and TriG hold it too, and the others hold nothing else.
"""

from __future__ import annotations

import heapq
import json
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from itertools import chain, groupby, islice
from typing import IO, BinaryIO, cast

import pyoxigraph as ox
from rdflib import URIRef

from graph.compression import Sink, compressing
from graph.converters import to_triples
from graph.dump_forms import MEDIA_TYPES, Form
from graph.errors import UnknownResource
from graph.holdings import PREFIXES_OF_HOLDINGS, describe_holdings
from graph.iris import KINDS
from graph.reifications import Reifications
from graph.snapshots import DataFolder, Snapshot
from graph.store import QuadStore
from graph.terms import PREFIXES, RDF, XSD
from graph.turtle import SortedHead

__all__ = ["LINES_IN_MEMORY", "MEDIA_TYPES", "dump", "sort_lines"]

# Lines held in memory at once while sorting: about 200 MB of them; the rest waits in files.
LINES_IN_MEMORY = 500_000

_TYPE = str(RDF.type)
# N-Triples and N-Quads have this line too in RDF 1.2, but no reader that we know takes it yet.
_VERSION = b'VERSION "1.2"\n'


def dump(snapshot: Snapshot, *, format: str, article: str | None = None, out: BinaryIO) -> None:
    """Write a snapshot, or the graph of one article (its key), to `out`; `format` as graph.dump_forms has them.

    Raises UsageError for a form that there is not, UnknownResource for an article that is not loaded.
    """
    form = Form.parse(format)
    only = None
    if article is not None:
        only = snapshot.iris.graph(f"article/{article}")
        if not snapshot.store.has_graph(only):
            raise UnknownResource(
                f"no article {article} is loaded; a key is the first 16 digits of its SHA-256"
            )
    with compressing(out, form.compression) as sink:
        _write(snapshot, form, article, only, sink)


def _write(snapshot: Snapshot, form: Form, article: str | None, only: URIRef | None, out: Sink) -> None:
    if form == Form("void", compression=form.compression):
        _write_turtle(
            sorted(to_triples(describe_holdings(snapshot, article)), key=str), PREFIXES_OF_HOLDINGS, out
        )
        return
    reifications = Reifications(snapshot.store, snapshot.iris) if form.rdf12 else None
    content = _Content(snapshot.store, only, reifications, plain=_is_plain(snapshot))
    prefixes = {**PREFIXES, **{kind: snapshot.iris.of(kind, "") for kind in sorted(KINDS)}}
    if form.rdf12 and form.format in {"ttl", "trig"}:
        out.write(_VERSION)
    if form.format in {"nq", "nt"}:
        for line in content.lines(named=form.format == "nq"):
            out.write(line)
    elif form.format == "jsonld":
        _write_json(content, out)
    elif form.format == "trig":
        quads = (quad for name in content.names() for quad in content.sorted_quads(name))
        head = SortedHead(out.write)
        ox.serialize(quads, cast(IO[bytes], head), format=ox.RdfFormat.TRIG, prefixes=prefixes)
        head.finish()
    else:
        _write_turtle((quad.triple for quad in content.sorted_quads(only)), prefixes, out)


def _is_plain(snapshot: Snapshot) -> bool:
    # The folder that the snapshot lies in says so, for all of its snapshots.
    return DataFolder(snapshot.path.parent.parent, base=snapshot.iris.base).is_plain


@dataclass(frozen=True, slots=True)
class _Content:
    """Hold what is written: the whole store or one graph of it, with what RDF 1.2 adds or without.

    In a `plain` store the default graph is no merged view but a graph of its own, and so is written beside the others.
    """

    store: QuadStore
    only: URIRef | None
    reifications: Reifications | None
    plain: bool

    def names(self) -> list[URIRef | None]:
        if self.only is not None:
            return [self.only]
        return [None, *self.store.names()] if self.plain else [*self.store.names()]

    def lines(self, *, named: bool) -> Iterator[bytes]:
        """Give the lines of N-Quads or N-Triples, sorted, each once."""
        if not named:
            return self._sorted(self._lines(self.only, ox.RdfFormat.N_TRIPLES))
        kind = ox.RdfFormat.N_QUADS
        return self._sorted(chain.from_iterable(self._lines(name, kind) for name in self.names()))

    def sorted_quads(self, name: URIRef | None) -> Iterator[ox.Quad]:
        """Give the quads of a named graph, or the triples of the merged view for None, sorted."""
        kind = ox.RdfFormat.N_TRIPLES if name is None else ox.RdfFormat.N_QUADS
        lines = self._sorted(self._lines(name, kind))
        while batch := b"".join(islice(lines, 10_000)):
            yield from ox.parse(batch, format=ox.RdfFormat.N_QUADS)

    def _sorted(self, lines: Iterator[bytes]) -> Iterator[bytes]:
        # Only what two graphs reify alike can come twice.
        found = sort_lines(lines)
        return found if self.reifications is None else (line for line, _ in groupby(found))

    def _lines(self, name: URIRef | None, kind: ox.RdfFormat) -> Iterator[bytes]:
        quads = self.store.quads(name)
        if self.reifications is not None and not self.plain:
            added = self.reifications.of_all() if name is None else self.reifications.of(name)
            quads = chain(quads, added)
        named = kind is ox.RdfFormat.N_QUADS
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


def _write_turtle(triples: Iterable[ox.Triple], prefixes: dict[str, str], out: Sink) -> None:
    head = SortedHead(out.write)
    ox.serialize(triples, cast(IO[bytes], head), format=ox.RdfFormat.TURTLE, prefixes=prefixes)
    head.finish()


def _write_json(content: _Content, out: Sink) -> None:
    """Write JSON-LD with our prefixes as context, one node to a line; the engine writes full IRIs only."""
    out.write(b'{"@context": ' + _json(dict(sorted(PREFIXES.items()))) + b',\n"@graph": [')
    nodes = groupby(content.sorted_quads(content.only), key=lambda quad: cast(object, quad.subject))
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
