"""SPARQL over a store: the string goes straight to the engine, and the engine writes the answer.

A query that rdflib has parsed would be answered by rdflib, a hundred times slower; an answer built by hand
would lose datatypes and languages. Values are given by substitution, never by gluing strings.

Graphs that a query or a request chooses (FROM, `default-graph-uri`) are merged as RDF asks: a triple of two
of them counts once. The engine's version 0.5 counts it twice, so from two graphs on the merge is made here.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from types import MappingProxyType
from typing import IO, cast

import pyoxigraph as ox
from rdflib import Graph, Literal, URIRef

from graph.admission import Limits, Shape, admit
from graph.converters import Term, from_ox, to_graph, to_ox
from graph.errors import QueryRefused, QuerySyntaxError, StoreError, UsageError
from graph.store import QuadStore
from graph.terms import DEFAULT_BASE, PREFIXES
from graph.tokens import place
from graph.turtle import SortedHead

__all__ = [
    "GRAPH_TYPES", "RESULT_TYPES", "Limits", "Shape", "admit", "ask", "construct", "explain_syntax", "run", "select",
    "write_graph",
]  # fmt: skip

RESULT_TYPES: Mapping[str, ox.QueryResultsFormat] = MappingProxyType(
    {
        "application/sparql-results+json": ox.QueryResultsFormat.JSON,
        "application/sparql-results+xml": ox.QueryResultsFormat.XML,
        "text/csv": ox.QueryResultsFormat.CSV,
        "text/tab-separated-values": ox.QueryResultsFormat.TSV,
    }
)
GRAPH_TYPES: Mapping[str, ox.RdfFormat] = MappingProxyType(
    {
        "text/turtle": ox.RdfFormat.TURTLE,
        "application/n-triples": ox.RdfFormat.N_TRIPLES,
        "application/rdf+xml": ox.RdfFormat.RDF_XML,
        "application/ld+json": ox.RdfFormat.JSON_LD,
        "application/trig": ox.RdfFormat.TRIG,
        "application/n-quads": ox.RdfFormat.N_QUADS,
    }
)

# No standard says how a yes or no looks as a table; here it is one column with one row.
_YES_NO = MappingProxyType(
    {
        ox.QueryResultsFormat.CSV: "boolean\r\n{}\r\n",
        ox.QueryResultsFormat.TSV: "?boolean\n{}\n",
    }
)
_PREFIXED = frozenset({ox.RdfFormat.TURTLE, ox.RdfFormat.TRIG})
_AT = re.compile(r"error at (\d+):(\d+): (.*)", re.DOTALL)

_Graphs = list[ox.NamedNode | ox.BlankNode | ox.DefaultGraph]

Answer = ox.QuerySolutions | ox.QueryBoolean | ox.QueryTriples


def select(store: QuadStore, query: str, **substitutions: Term | str | int) -> list[dict[str, Term]]:
    """Answer a SELECT query of the house; each row maps the variables that are bound to terms.

    A substitution gives a variable that the query selects its value; a Python value becomes a literal.
    Raises QuerySyntaxError, and UsageError for another form of query or a variable that is not selected.
    """
    with _mapped(query):
        found = _ask_engine(store, query, substitutions)
        if not isinstance(found, ox.QuerySolutions):
            raise UsageError("this is no SELECT query")
        names = [variable.value for variable in found.variables]
        return [{n: from_ox(row[n]) for n in names if row[n] is not None} for row in found]


def ask(store: QuadStore, query: str, **substitutions: Term | str | int) -> bool:
    """Answer an ASK query of the house. Raises as `select` does."""
    with _mapped(query):
        found = _ask_engine(store, query, substitutions)
        if not isinstance(found, ox.QueryBoolean):
            raise UsageError("this is no ASK query")
        return bool(found)


def construct(store: QuadStore, query: str, **substitutions: Term | str | int) -> Graph:
    """Answer a CONSTRUCT or DESCRIBE query of the house as a graph. Raises as `select` does."""
    with _mapped(query):
        found = _ask_engine(store, query, substitutions)
        if not isinstance(found, ox.QueryTriples):
            raise UsageError("this is no CONSTRUCT or DESCRIBE query")
        return to_graph(found)


def run(
    store: QuadStore,
    query: str,
    *,
    media_type: str,
    write: Callable[[bytes], object],
    default_graphs: Sequence[str] | None = None,
    named_graphs: Sequence[str] | None = None,
    limits: Limits | None = None,
    base: str = DEFAULT_BASE,
) -> None:
    """Answer anybody's query; the answer goes to `write` in pieces of about 8 KiB as the engine finds it.

    The graphs are those of the request, else those of the query, else the default graph, which is the merged view of
    all; `base` completes relative IRIs. Raises
    QueryTooLarge and QuerySyntaxError before the first byte, QueryRefused also later (a function that the
    engine does not know), UsageError for a media type that does not fit the query, and what `write` raises.
    """
    shape = admit(query, limits=limits or Limits(), base=base)
    _check_type(shape, media_type)
    with _mapped(query):
        found = _choose_graphs(store, query, shape, default_graphs, named_graphs, base)
        _serialise(found, media_type, _Writer(write))


def write_graph(
    store: QuadStore, name: URIRef | None, *, media_type: str, write: Callable[[bytes], object]
) -> None:
    """Write a named graph, or the default one for None, as RDF in pieces. Raises UsageError for another media type."""
    if media_type not in GRAPH_TYPES:
        raise UsageError(f"a graph can't be written as {media_type}; choose one of {', '.join(GRAPH_TYPES)}")
    triples = (quad.triple for quad in store.quads(name))
    kind, writer = GRAPH_TYPES[media_type], _Writer(write)
    with _raising(writer):
        if kind in _PREFIXED:
            header = SortedHead(writer.write)
            ox.serialize(triples, cast(IO[bytes], header), format=kind, prefixes=PREFIXES)
            header.finish()
        else:
            ox.serialize(triples, cast(IO[bytes], writer), format=kind)


def _ask_engine(store: QuadStore, query: str, values: Mapping[str, Term | str | int]) -> Answer:
    substitutions: dict[ox.Variable, ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple] = {
        ox.Variable(name): to_ox(value if isinstance(value, Term) else Literal(value))
        for name, value in values.items()
    }
    return store.engine.query(query, prefixes=PREFIXES, substitutions=substitutions or None)


def _check_type(shape: Shape, media_type: str) -> None:
    table = shape.form in {"SELECT", "ASK"}
    fitting = RESULT_TYPES if table else GRAPH_TYPES
    if media_type not in fitting:
        raise UsageError(
            f"{shape.form} gives a {'table' if table else 'graph'}, which can't be written as {media_type}; "
            f"choose one of {', '.join(fitting)}"
        )


def _choose_graphs(
    store: QuadStore,
    query: str,
    shape: Shape,
    default_graphs: Sequence[str] | None,
    named_graphs: Sequence[str] | None,
    base: str,
) -> Answer:
    chosen = bool(default_graphs or named_graphs)
    default = _nodes(default_graphs or () if chosen else shape.default_graphs)
    named = _nodes(named_graphs or () if chosen else shape.named_graphs)
    # A graph that is named twice would count twice as well.
    twice = len(shape.named_graphs) != len(named)
    if not chosen and len(shape.default_graphs) < 2 and not twice:
        return store.engine.query(query, base_iri=base, prefixes=PREFIXES)
    engine, over = store.engine, cast(_Graphs, default)
    if len(default) > 1:
        engine, over = _merge(engine, default, named), [ox.DefaultGraph()]
    return engine.query(
        query,
        base_iri=base,
        prefixes=PREFIXES,
        default_graph=over,
        named_graphs=cast(list[ox.NamedNode | ox.BlankNode], named),
    )


def _merge(engine: ox.Store, default: Sequence[ox.NamedNode], named: Sequence[ox.NamedNode]) -> ox.Store:
    """Copy the chosen graphs into memory, the default ones merged; the cost is that of their triples."""
    merged = ox.Store()
    for name in default:
        found = engine.quads_for_pattern(None, None, None, name)
        merged.extend(ox.Quad(quad.subject, quad.predicate, quad.object) for quad in found)
    for name in named:
        merged.extend(engine.quads_for_pattern(None, None, None, name))
    return merged


def _nodes(iris: Sequence[str]) -> list[ox.NamedNode]:
    try:
        return [ox.NamedNode(iri) for iri in dict.fromkeys(iris)]
    except ValueError as error:
        raise UsageError(f"a chosen graph has no valid IRI: {error}") from error


class _Writer:
    """Be a file to the engine; keep what `write` raised, which the engine would turn into an OSError."""

    def __init__(self, write: Callable[[bytes], object]) -> None:
        self._write = write
        self.raised: BaseException | None = None

    def write(self, chunk: bytes) -> int:
        try:
            self._write(bytes(chunk))
        except BaseException as error:
            self.raised = error
            raise
        return len(chunk)

    def flush(self) -> None:
        """Do nothing: each chunk is handed on at once."""


def _serialise(found: Answer, media_type: str, writer: _Writer) -> None:
    with _raising(writer):
        if isinstance(found, ox.QueryTriples):
            _serialise_graph(found, GRAPH_TYPES[media_type], writer)
            return
        kind = RESULT_TYPES[media_type]
        if isinstance(found, ox.QueryBoolean) and kind in _YES_NO:
            writer.write(_YES_NO[kind].format("true" if found else "false").encode())
        else:
            found.serialize(cast(IO[bytes], writer), format=kind)


@contextmanager
def _raising(writer: _Writer) -> Iterator[None]:
    """Raise what `write` raised, and not what the engine made of it."""
    try:
        yield
    except BaseException:
        if writer.raised is not None:
            raise writer.raised from None
        raise


def _serialise_graph(found: ox.QueryTriples, kind: ox.RdfFormat, writer: _Writer) -> None:
    """Write triples; the engine gives prefixes in no order, so those of Turtle and TriG are sorted here."""
    if kind not in _PREFIXED:
        found.serialize(cast(IO[bytes], writer), format=kind)
        return
    header = SortedHead(writer.write)
    ox.serialize(found, cast(IO[bytes], header), format=kind, prefixes=PREFIXES)
    header.finish()


@contextmanager
def _mapped(query: str) -> Iterator[None]:
    """Turn the engine's errors into those of the house, in one place."""
    try:
        yield
    except SyntaxError as error:
        raise QuerySyntaxError(explain_syntax(query, str(error))) from error
    except RuntimeError as error:
        if "SELECT projection" in str(error):
            raise UsageError(
                f"a value was given for a variable that the query does not select: {error}"
            ) from error
        raise QueryRefused(f"the engine can't answer this query: {error}") from error
    except OSError as error:
        raise StoreError(f"the store can't be read: {error}") from error


def explain_syntax(
    query: str,
    message: str,
    *,
    kind: str = "query",
    read: str | None = None,
    inserted: tuple[int, int, int] = (0, 0, 0),
) -> str:
    """Say where the engine stopped and its reason, if it gives one; not the characters it would accept.

    `read` is what the engine read, if that is something else than the query: the same up to the first place of
    `inserted`, and from the second on what stands in the query from the third on.
    """
    found = _AT.match(message)
    if found is None:
        return f"the {kind} is malformed: {message}"
    line, column = int(found[1]), int(found[2])
    lines = (read or query).split("\n")
    at = sum(len(before) + 1 for before in lines[: line - 1]) + column - 1
    until, since, begin = inserted
    if at > until:
        at = max(at - since, 0) + begin
    near = query[at : at + 20].split("\n")[0]
    told = f" near {near!r}" if near else " at the end"
    reasons = re.findall(r"(?:The|Prefix|Duplicated|IRI|Variables)(?: \w+){2,}", found[3])
    return f"{place(query, at)}: the {kind} is malformed{told}" + "".join(f"; {reason}" for reason in reasons)
