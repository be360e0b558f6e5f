"""Writing by SPARQL Update and by the Graph Store Protocol: what may be written, and the merged view kept in step.

A folder that `hearsay load` fills keeps a merged view for its default graph, and under `<base>graph/` the graphs that
the loader maintains. A write changes any other graph there; the merged view follows it, each triple once, and so does
what is derived. A plain folder has a default graph of its own and no graph that is maintained: all are for writing.
Either way a write is a transaction, which becomes a snapshot as a whole or not at all.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import chain, islice
from typing import IO

import pyoxigraph as ox
from rdflib import URIRef

from graph.admission import Limits, admit_update
from graph.errors import (
    QueryRefused,
    QuerySyntaxError,
    StoreError,
    UsageError,
    WriteFailed,
    WriteOutdated,
    WriteRefused,
)
from graph.query import GRAPH_TYPES
from graph.snapshots import DataFolder
from graph.store import QuadStore, node_of
from graph.terms import PREFIXES
from graph.transactions import Transaction
from graph.updates import Operation, Targets, resolve_names, split_update

Triples = set[ox.Triple]

# From so many triples on they are written in bulk, which makes files.
MANY = 5_000


class Write(Transaction):
    """Hold one write to a folder that keeps a merged view."""

    def _refresh(self) -> None:
        """Leave ontology and background as they are: they are for loads to refresh, but for the first of all."""
        if self._former is None:
            super()._refresh()

    def expect(self, versions: Sequence[str] | None) -> None:
        """Raise WriteOutdated unless one of these versions is the one that is written on; None takes any."""
        former = self._former.version if self._former else None
        if versions is not None and former not in versions:
            raise WriteOutdated("what is served is not what it was: somebody else has written in between")

    def update(
        self,
        text: str,
        *,
        limits: Limits,
        using: Sequence[str] | None = None,
        using_named: Sequence[str] | None = None,
    ) -> None:
        """Run an update, operation by operation; `using` chooses the graphs that it reads, as the protocol has it.

        Raises QueryTooLarge, QueryRefused and QuerySyntaxError before anything is done, UsageError where the update
        chooses graphs too, WriteRefused for what may not be written, WriteFailed for what can't be done.
        """
        admit_update(text, limits=limits)
        chosen = using is not None or using_named is not None
        for operation in split_update(text, base=self._iris.base):
            if operation.kind == "LOAD":
                raise QueryRefused(
                    "LOAD is refused, this server fetches nothing; fetch the data yourself and send it to /graphs"
                )
            if chosen and (operation.has_with or operation.using or operation.using_named):
                raise UsageError(
                    "the request and the update both choose graphs to read; "
                    "leave out either using-graph-uri and using-named-graph-uri, or USING and WITH"
                )
            if chosen:
                self._read_from(operation, _unique(using), _unique(using_named))
            else:
                default, named = self._resolve(operation, operation.using, operation.using_named)
                self._read_from(operation, default, named)

    def _read_from(self, operation: Operation, default: Sequence[str], named: Sequence[str]) -> None:
        """Run an operation over the graphs chosen; more than one for the default graph are merged as RDF asks."""
        if operation.head is None or not (default or named):
            self._run(operation, operation.whole)
        elif len(default) < 2:
            self._run(operation, operation.reading(default, named))
        else:
            with _merged(self.store, default) as name:
                self._run(operation, operation.reading([name], named))

    def _resolve(self, operation: Operation, *names: Sequence[str]) -> list[tuple[str, ...]]:
        """Give the IRIs of names as they are written, each once, in as many groups."""
        found = iter(
            resolve_names(operation.prologue, [n for some in names for n in some], base=self._iris.base)
        )
        return [tuple(dict.fromkeys(next(found) for _ in some)) for some in names]

    def _run(self, operation: Operation, text: str) -> None:
        if operation.kind == "LOAD SILENT":
            # What fails in silence has been done: nothing is fetched.
            return
        if operation.kind.endswith(" DATA"):
            self._write_data(operation)
            return
        (names,) = self._resolve(operation, operation.targets.names)
        self._check(operation.kind, operation.targets, names)
        # Any graph may be meant by GRAPH ?g: then all are compared, before and after.
        watched = None if operation.targets.any else [URIRef(name) for name in names]
        before = {name: set(_triples(self.store, name)) for name in self._watch(watched)}
        self._do(text)
        for name in {*before, *self._watch(watched)}:
            self._follow(name, before.get(name, set()), operation.kind)
        for name in self._watch(watched):
            # A graph can come or go without a triple.
            if watched is not None and self.store.has_graph(name) != (name in self._begun_with()):
                self._touched.add(name)

    def _begun_with(self) -> frozenset[URIRef]:
        return frozenset(self._former.store.names()) if self._former else frozenset()

    def _watch(self, watched: Sequence[URIRef] | None) -> Sequence[URIRef]:
        return self.store.names() if watched is None else watched

    def _follow(self, name: URIRef, old: Triples, kind: str) -> None:
        """Bring the merged view in step with what an operation has made of a graph."""
        new = set(_triples(self.store, name))
        if old == new:
            return
        self._check(kind, Targets(), [str(name)])
        self._touched.add(name)
        if old - new:
            self.store.take_triples(name, old - new)
        if new - old:
            self.store.add_triples(name, new - old)

    def _do(self, text: str) -> None:
        with _telling():
            self.store.engine.update(text, base_iri=self._iris.base, prefixes=PREFIXES)

    def _write_data(self, operation: Operation) -> None:
        """Write data, which names every triple: only these are looked at, however large the graph is."""
        memory, kind = ox.Store(), operation.kind
        said = "INSERT" + operation.text[6:]
        with _telling():
            memory.update(operation.prologue + said, base_iri=self._iris.base, prefixes=PREFIXES)
        default = any(isinstance(quad.graph_name, ox.DefaultGraph) for quad in memory)
        names = [URIRef(node.value) for node in memory.named_graphs() if isinstance(node, ox.NamedNode)]
        self._check(kind, Targets(default=default), list(map(str, names)))
        for name in names:
            triples = {quad.triple for quad in memory.quads_for_pattern(None, None, None, node_of(name))}
            self._touched.add(name)
            if kind == "INSERT DATA":
                self.store.add_triples(name, triples)
            else:
                self.store.take_triples(name, triples)

    def put(self, name: URIRef | None, triples: Iterable[ox.Triple]) -> bool:
        """Put triples in the place of a graph; tell whether there was none. None is the default graph."""
        name = self._permit(name)
        new = not self.store.has_graph(name)
        self.store.put_triples(name, triples)
        self._touched.add(name)
        return new

    def add(self, name: URIRef | None, triples: Iterable[ox.Triple]) -> bool:
        """Add triples to a graph; tell whether there was none. Their blank nodes are no others' already."""
        name = self._permit(name)
        new = not self.store.has_graph(name)
        self.store.add_triples(name, triples)
        self._touched.add(name)
        return new

    def remove(self, name: URIRef | None) -> bool:
        """Remove a graph; tell whether there was one. The default graph is emptied instead."""
        name = self._permit(name)
        there = self.store.has_graph(name)
        if there:
            self.store.remove_graph(name)
            self._touched.add(name)
        return there

    def _permit(self, name: URIRef | None) -> URIRef:
        self._check("this", Targets(default=name is None), [] if name is None else [str(name)])
        assert name is not None
        return name

    def _check(self, kind: str, targets: Targets, names: Sequence[str]) -> None:
        """Refuse what would break the merged view or what the loader maintains."""
        if targets.default:
            raise WriteRefused(
                f"{kind} would change the default graph, which is the merged view of the named graphs here; "
                "write to a named graph (GRAPH <…>), or serve an empty folder with HEARSAY_DEFAULT_GRAPH=plain"
            )
        kept = self._iris.graph("")
        if targets.any and kind in {"CLEAR", "DROP"}:
            raise WriteRefused(
                f"{kind} of all graphs would empty those that `hearsay load` maintains; name each graph"
            )
        for name in names:
            if name.startswith(kept):
                raise WriteRefused(
                    f"{kind} would change <{name}>: the graphs under <{kept}> are maintained by `hearsay load`; "
                    f"write to any other graph, such as <{self._iris.base}graphs/mine>"
                )


class PlainWrite(Write):
    """Hold one write to a folder whose default graph is a graph of its own."""

    def _open(self) -> None:
        version = self._folder.version()
        if version is not None and not self._folder.is_plain:
            raise WriteRefused(
                "the folder that is served was filled by `hearsay load` and keeps a merged view; "
                "leave HEARSAY_DEFAULT_GRAPH out, or set HEARSAY_DATA to an empty folder"
            )
        copy = self._work / "store"
        if version is not None:
            self._former = self._folder.current()
            self._former.store.backup(copy)
        self._store = QuadStore.open(copy)

    def _run(self, operation: Operation, text: str) -> None:
        if operation.kind != "LOAD SILENT":
            self._do(text)

    def put(self, name: URIRef | None, triples: Iterable[ox.Triple]) -> bool:
        new = self._clear(name)
        self._fill(name, triples)
        return new

    def add(self, name: URIRef | None, triples: Iterable[ox.Triple]) -> bool:
        new = name is not None and not self.store.has_graph(name)
        self._fill(name, triples)
        return new

    def remove(self, name: URIRef | None) -> bool:
        there = not self._clear(name)
        if there and name is not None:
            self.store.engine.remove_graph(node_of(name))
        return there

    def _clear(self, name: URIRef | None) -> bool:
        """Empty a graph; tell whether there was none."""
        new = name is not None and not self.store.has_graph(name)
        if not new:
            self.store.engine.clear_graph(_place(name))
        return new

    def _fill(self, name: URIRef | None, triples: Iterable[ox.Triple]) -> None:
        place = _place(name)
        if isinstance(place, ox.NamedNode):
            self.store.engine.add_graph(place)
        quads = (ox.Quad(t.subject, t.predicate, t.object, place) for t in triples)
        first = list(islice(quads, MANY))
        if len(first) < MANY:
            self.store.engine.extend(first)
        else:
            self.store.engine.bulk_extend(chain(first, quads))

    def publish(self, *, anew: bool = False) -> str:
        """Switch readers to the new snapshot; its version is one that never was. The transaction ends."""
        former, version = self._folder.version(), secrets.token_hex(8)
        self._folder.mark_plain()
        self._switch(version)
        self._write_journal(version, former)
        self._prune(version)
        self.close()
        return version

    def _forget_copies(self) -> None:
        """Keep what there is: no article was ever loaded here."""


def begin_write(folder: DataFolder, *, plain: bool) -> Write:
    """Start the one write that may run. Raises StoreBusy, StoreError, and WriteRefused for a folder of another kind."""
    return (PlainWrite if plain else Write).begin(folder)


def prepare_plain(folder: DataFolder) -> None:
    """Publish an empty snapshot where there is none, so that a new server of other data answers at once."""
    if folder.version() is None:
        with PlainWrite.begin(folder) as write:
            write.publish()


def read_sent(source: IO[bytes], media_type: str, *, base: str) -> Iterator[ox.Triple]:
    """Read a graph that was sent; its blank nodes get names that no others have.

    Raises QuerySyntaxError with the place, UsageError for named graphs within and for a type that can't be read.
    """
    kind = GRAPH_TYPES.get(media_type)
    if kind is None:
        raise UsageError(f"a graph can't be read from {media_type}; send one of {', '.join(GRAPH_TYPES)}")
    try:
        found = ox.parse(source, format=kind, base_iri=base, rename_blank_nodes=True)
        for quad in found:
            if not isinstance(quad.graph_name, ox.DefaultGraph):
                raise UsageError(
                    f"the data has triples of the graph {quad.graph_name}; send the triples of one graph only, "
                    "without its name"
                )
            yield quad.triple
    except (SyntaxError, ValueError) as error:
        raise QuerySyntaxError(f"the data is malformed: {error}") from error


@contextmanager
def _telling() -> Iterator[None]:
    """Tell what the engine can't do; the syntax was judged before."""
    try:
        yield
    except RuntimeError as error:
        raise WriteFailed(f"the update can't be done: {error}") from error
    except OSError as error:
        raise StoreError(f"the store can't be written: {error}; is the disk full?") from error


@contextmanager
def _merged(store: QuadStore, names: Sequence[str]) -> Iterator[str]:
    """Give the name of a graph that holds the merge of others, for as long as it is needed."""
    name = f"urn:hearsay:merge:{secrets.token_hex(16)}"
    node, engine = ox.NamedNode(name), store.engine
    for one in names:
        found = engine.quads_for_pattern(None, None, None, ox.NamedNode(one))
        engine.extend(ox.Quad(quad.subject, quad.predicate, quad.object, node) for quad in found)
    try:
        yield name
    finally:
        store.engine.remove_graph(node)


def _triples(store: QuadStore, name: URIRef) -> Iterator[ox.Triple]:
    return (quad.triple for quad in store.quads(name))


def _place(name: URIRef | None) -> ox.NamedNode | ox.DefaultGraph:
    return ox.DefaultGraph() if name is None else node_of(name)


def _unique(names: Sequence[str] | None) -> tuple[str, ...]:
    return tuple(dict.fromkeys(names or ()))
