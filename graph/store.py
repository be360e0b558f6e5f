"""The quads of one snapshot, thin over the embedded engine, with the merged view kept in the default graph.

The default graph holds the union of all named graphs, each triple once. The engine could compute that union
for each query, but version 0.5 counts a triple of two graphs twice there, which would inflate every total.
"""

from __future__ import annotations

import hashlib
from collections.abc import Container, Iterable, Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import cast

import pyoxigraph as ox
from oxrdflib import OxigraphStore
from rdflib import Dataset, Graph, URIRef

from graph.converters import Term, Triple, from_ox, settle_blanks, to_graph, to_ox, to_triples
from graph.errors import StoreError

_MERGED = ox.DefaultGraph()
# Quads that wait to be written together: at most about 50 MB of them. Fewer than a few thousand make no files.
_MOST, _MANY = 100_000, 5_000
# Sums of triples' digests are counted modulo this.
SUMS = 1 << 256


class QuadStore:
    """Hold named graphs and their merged view. Not for use by two threads at once while it is written."""

    def __init__(self, engine: ox.Store) -> None:
        self._engine: ox.Store | None = engine
        self._waiting: list[ox.Quad] = []
        self._named: set[str] = set()

    @classmethod
    def open(cls, path: Path) -> QuadStore:
        """Open a folder for reading and writing, made if it is missing. Raises StoreError."""
        try:
            return cls(ox.Store(path))
        except OSError as error:
            raise StoreError(f"the store in {path} can't be opened: {error}") from error

    @classmethod
    def open_read_only(cls, path: Path) -> QuadStore:
        """Open a folder that nobody writes any more. Raises StoreError."""
        if not path.is_dir():
            raise StoreError(f"there is no store in {path}")
        try:
            return cls(ox.Store.read_only(str(path)))
        except OSError as error:
            raise StoreError(f"the store in {path} can't be opened: {error}") from error

    @classmethod
    def in_memory(cls) -> QuadStore:
        """Make an empty store that is never written to disk."""
        return cls(ox.Store())

    @property
    def engine(self) -> ox.Store:
        """Give the engine itself, for the modules of this floor. Raises StoreError once closed."""
        self.flush()
        return self._writer()

    def _writer(self) -> ox.Store:
        """Give the engine without what waits to be written."""
        if self._engine is None:
            raise StoreError("this store is closed; open the snapshot again")
        return self._engine

    def flush(self) -> None:
        """Write what waits: in bulk at half the cost where it is much, since that makes files."""
        quads, self._waiting, self._named = self._waiting, [], set()
        if quads:
            engine = self._writer()
            with _writing():
                (engine.bulk_extend if len(quads) > _MANY else engine.extend)(quads)

    def close(self, *, keep: bool = True) -> None:
        """Let go of the engine; its files close with it. Without `keep`, what waits to be written is lost."""
        if keep and self._engine is not None:
            self.flush()
        self._engine, self._waiting = None, []

    def __len__(self) -> int:
        """Count the triples of the merged view."""
        return sum(1 for _ in self.engine.quads_for_pattern(None, None, None, _MERGED))

    def names(self) -> list[URIRef]:
        """List the named graphs, sorted."""
        return sorted(URIRef(name.value) for name in self.engine.named_graphs())

    def has_graph(self, name: URIRef) -> bool:
        """Tell whether there is such a named graph, be it empty."""
        return self.engine.contains_named_graph(node_of(name))

    def put_graph(self, name: URIRef, triples: Iterable[Triple]) -> bool:
        """Put a graph, or its triples, in the place of the one of that name, and tell as `put_triples` does.

        Raises StoreError for what is no RDF.
        """
        return self.put_triples(name, to_triples(triples))

    def put_triples(self, name: URIRef, triples: Iterable[ox.Triple]) -> bool:
        """Put the engine's triples in the place of the graph of that name; only the difference is written.

        Tells whether there was any, or no graph of that name.
        """
        node, new = node_of(name), settle_blanks(triples, name)
        old = set(self._read(node))
        come = _normalize(new - old) if old else new
        gone, come = old - new - come, come - old
        if gone:
            self.take_triples(name, gone)
        if come or not old:
            self._write(node, come)
        return bool(gone or come or not old)

    def add_triples(self, name: URIRef, triples: Iterable[ox.Triple]) -> None:
        """Add triples without blank nodes to a graph and to the merged view."""
        self._write(node_of(name), triples)

    def _read(self, node: ox.NamedNode) -> Iterator[ox.Triple]:
        """Give the triples of a graph; a new one has none, and what waits for others may go on waiting."""
        if node.value in self._named or self._writer().contains_named_graph(node):
            for quad in self.engine.quads_for_pattern(None, None, None, node):
                yield quad.triple

    def _write(self, node: ox.NamedNode, triples: Iterable[ox.Triple]) -> None:
        """Add triples to a graph, be it without any, and to the merged view: at once where many wait already."""
        with _writing():
            self._writer().add_graph(node)
        self._named.add(node.value)
        self._waiting.extend(_quads(node, triples))
        if len(self._waiting) > _MOST:
            self.flush()

    def remove_graph(self, name: URIRef) -> None:
        """Remove a named graph, and from the merged view what no other graph still has."""
        node = node_of(name)
        with _writing():
            self._take_out(node, {quad.triple for quad in self.quads(name)})
            self.engine.remove_graph(node)

    def take_triples(self, name: URIRef, triples: Iterable[ox.Triple]) -> None:
        """Take triples out of a graph, and out of the merged view what no other graph still has."""
        with _writing():
            self._take_out(node_of(name), triples)

    def _take_out(self, node: ox.NamedNode, gone: Iterable[ox.Triple]) -> None:
        engine = self.engine
        for triple in gone:
            engine.remove(ox.Quad(triple.subject, triple.predicate, triple.object, node))
            others = engine.quads_for_pattern(triple.subject, triple.predicate, triple.object)
            if all(isinstance(quad.graph_name, ox.DefaultGraph) for quad in others):
                engine.remove(ox.Quad(triple.subject, triple.predicate, triple.object))

    def quads(self, name: URIRef | None) -> Iterator[ox.Quad]:
        """Give the engine's quads of a named graph, or those of the merged view for None."""
        place = _MERGED if name is None else node_of(name)
        return self.engine.quads_for_pattern(None, None, None, place)

    def graph(self, name: URIRef | None) -> Graph:
        """Copy a named graph, or the merged view for None, into an rdflib graph."""
        return to_graph(quad.triple for quad in self.quads(name))

    def triples(
        self, subject: Term | None = None, predicate: URIRef | None = None, thing: Term | None = None
    ) -> Iterator[tuple[Term, URIRef, Term]]:
        """Give the triples of the merged view that match, in no order; None matches everything."""
        found = self.engine.quads_for_pattern(
            cast(ox.NamedNode | None, subject and to_ox(subject)),
            cast(ox.NamedNode | None, predicate and to_ox(predicate)),
            None if thing is None else to_ox(thing),
            _MERGED,
        )
        for quad in found:
            yield from_ox(quad.subject), URIRef(quad.predicate.value), from_ox(quad.object)

    def values(self, predicate: URIRef) -> dict[str, str]:
        """Map each thing that has a property to its value as text, the least where there are more."""
        found: dict[str, str] = {}
        for quad in self.engine.quads_for_pattern(None, node_of(predicate), None, _MERGED):
            if isinstance(quad.subject, ox.NamedNode) and isinstance(quad.object, ox.NamedNode | ox.Literal):
                thing, value = quad.subject.value, quad.object.value
                found[thing] = min(value, found.get(thing, value))
        return found

    def graphs_of(self, subject: Term) -> list[URIRef]:
        """List the named graphs that say something about a subject, sorted."""
        found = self.engine.quads_for_pattern(cast(ox.NamedNode, to_ox(subject)), None, None)
        return sorted({URIRef(q.graph_name.value) for q in found if isinstance(q.graph_name, ox.NamedNode)})

    def count(self, name: URIRef) -> int:
        """Count the triples of a named graph."""
        return sum(1 for _ in self.quads(name))

    def digest(self, name: URIRef) -> str:
        """Give the SHA-256 of a graph's sorted N-Triples in hex digits, whatever the order of loading."""
        return self.measure(name)[0]

    def measure(self, name: URIRef) -> tuple[str, int]:
        """Give the digest of a named graph and the number of its triples."""
        written = ox.serialize((q.triple for q in self.quads(name)), format=ox.RdfFormat.N_TRIPLES)
        lines = sorted(cast(bytes, written).splitlines())
        return hashlib.sha256(b"\n".join(lines)).hexdigest(), len(lines)

    def sum_up(self, name: URIRef) -> tuple[int, int]:
        """Give the sum over a named graph (`sum_of`) and the number of its triples."""
        number = 0

        def count() -> Iterator[ox.Triple]:
            nonlocal number
            for quad in self.quads(name):
                number += 1
                yield quad.triple

        total = sum_of(count())
        return total, number

    def is_said(self, triple: ox.Triple, *, besides: Container[ox.NamedNode]) -> bool:
        """Tell whether a named graph holds a triple, besides some that don't count."""
        found = self.engine.quads_for_pattern(triple.subject, triple.predicate, triple.object)
        return any(
            isinstance(quad.graph_name, ox.NamedNode) and quad.graph_name not in besides for quad in found
        )

    def dataset(self) -> Dataset:
        """Give the store as an rdflib Dataset, for rdflib's own tools; the default graph is the merged view.

        A query given as text runs in the engine, one that was prepared by rdflib runs in Python and is slow.
        """
        return Dataset(store=OxigraphStore(store=self.engine))

    def backup(self, folder: Path) -> None:
        """Copy the store by hard links into a folder that does not exist yet. Raises StoreError."""
        try:
            self.engine.backup(folder)
        except OSError as error:
            raise StoreError(f"the store can't be copied to {folder}: {error}; is the disk full?") from error


def sum_of(triples: Iterable[ox.Triple]) -> int:
    """Give the sum, modulo 2 to the power of 256, of the SHA-256 of each triple's line of N-Triples.

    Unlike a digest of the whole it can be brought up to date with what was added and removed (Bellare and Micciancio
    1997). It tells damage; it is no proof against somebody who may choose the triples.
    """
    triples, total = iter(triples), 0
    while batch := list(islice(triples, 10_000)):
        written = ox.serialize(batch, format=ox.RdfFormat.N_TRIPLES)
        for line in cast(bytes, written).splitlines():
            total += int.from_bytes(hashlib.sha256(line).digest(), "big")
    return total % SUMS


@contextmanager
def _writing() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise StoreError(f"the store can't be written: {error}; is the disk full?") from error


def _normalize(triples: set[ox.Triple]) -> set[ox.Triple]:
    """Give triples as the engine writes them: 01 as 1, so that a graph that is put again is known for the same."""
    if not triples:
        return triples
    engine = ox.Store()
    engine.extend(ox.Quad(one.subject, one.predicate, one.object) for one in triples)
    return {quad.triple for quad in engine}


def node_of(name: URIRef) -> ox.NamedNode:
    """Give the engine's name of a graph."""
    return cast(ox.NamedNode, to_ox(name))


def _quads(node: ox.NamedNode, triples: Iterable[ox.Triple]) -> Iterator[ox.Quad]:
    for triple in triples:
        yield ox.Quad(triple.subject, triple.predicate, triple.object, node)
        yield ox.Quad(triple.subject, triple.predicate, triple.object)
