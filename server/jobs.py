"""What a worker can be asked, by name. All that reads the graph happens here, outside the web process."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from types import MappingProxyType
from typing import Any, Protocol

from rdflib import Graph, URIRef

from graph import dumps, provenance, query, questions, statistics
from graph.errors import NoSnapshot, QueryTooLarge, StoreError, UnknownResource
from graph.records import to_plain
from graph.snapshots import DataFolder, Snapshot
from server.negotiation import RESULTS
from server.protocol import shape_of
from server.views import Viewer

TABLE_BYTES = 4 * 1024 * 1024
TABLE_ROWS = 1000
ANSWER_BYTES = 32 * 1024 * 1024

_RDFLIB_NAMES = MappingProxyType(
    {
        "text/turtle": "turtle",
        "application/n-triples": "nt",
        "application/rdf+xml": "xml",
        "application/ld+json": "json-ld",
    }
)


Arguments = Mapping[str, Any]


class Out(Protocol):
    """Take an answer: what it is, then its bytes."""

    def head(self, **values: Any) -> None:
        """Say what the answer is."""

    def write(self, chunk: bytes, /) -> int:
        """Take bytes."""


class Desk:
    """Keep the snapshot open that the jobs read, and move on to a newer one between jobs."""

    def __init__(self, *, data: str, base: str) -> None:
        self.folder = DataFolder(Path(data), base=base)
        self._open: Snapshot | None = None
        self._questions: Any = None

    def questions(self) -> Any:
        """Give the stored questions as JSON, read once: their files don't change under a server."""
        if self._questions is None:
            self._questions = to_plain(questions.read_all(self.folder.iris))
        return self._questions

    def snapshot(self) -> Snapshot:
        """Give the published snapshot. Raises NoSnapshot."""
        version = self.folder.version()
        if version is None:
            raise NoSnapshot("nothing loaded yet: hearsay load PATH")
        if self._open is None or self._open.version != version:
            if self._open is not None:
                self._open.close()
            self._open = self.folder.current()
        return self._open

    def warm(self) -> None:
        """Open the store before the first job asks for it, where there is one."""
        with suppress(StoreError):
            self.snapshot().store  # noqa: B018 - opened at the first look

    def viewer(self) -> Viewer:
        """Give a reader of the published snapshot for pages."""
        return Viewer(self.folder, self.snapshot())


class _Kept:
    """Keep an answer that is used whole, up to a limit. Raises QueryTooLarge past it."""

    def __init__(self, limit: int) -> None:
        self.value = bytearray()
        self._limit = limit

    def write(self, chunk: bytes) -> None:
        if len(self.value) + len(chunk) > self._limit:
            raise QueryTooLarge(
                "the answer is too long for this: take it as CSV or JSON from /sparql, with a LIMIT"
            )
        self.value += chunk


def answer_query(desk: Desk, arguments: Arguments, out: Out) -> None:
    """Write the answer of a query in `media_type`, over the graphs chosen or the merged view."""
    snapshot = desk.snapshot()
    out.head(version=snapshot.version)
    _run(snapshot, desk.folder.iris.base, arguments, arguments["media_type"], out.write)


def tabulate_query(desk: Desk, arguments: Arguments, out: Out) -> None:
    """Give the answer of a query as a table for a page: at most 1,000 rows of at most 4 MiB of JSON."""
    snapshot = desk.snapshot()
    graph = shape_of(arguments["query"]) == "graph"
    kept = _Kept(TABLE_BYTES)
    media_type = "text/turtle" if graph else RESULTS["json"]
    _run(snapshot, desk.folder.iris.base, arguments, media_type, kept.write)
    value: dict[str, Any]
    if graph:
        value = {"turtle": kept.value.decode()}
    else:
        found = json.loads(kept.value)
        rows = found.get("results", {}).get("bindings", [])
        value = {
            "boolean": found.get("boolean"),
            "variables": found["head"].get("vars", []),
            "rows": rows[:TABLE_ROWS],
            "total": len(rows),
        }
    out.head(version=snapshot.version, value=value)


def write_graph(desk: Desk, arguments: Arguments, out: Out) -> None:
    """Write one graph in `media_type`: the named one, or the default graph for None."""
    snapshot, name = desk.snapshot(), arguments["graph"]
    if name is not None and not snapshot.store.has_graph(URIRef(name)):
        raise UnknownResource(f"there is no graph <{name}>")
    out.head(version=snapshot.version)
    query.write_graph(
        snapshot.store,
        None if name is None else URIRef(name),
        media_type=arguments["media_type"],
        write=out.write,
    )


def list_graphs(desk: Desk, arguments: Arguments, out: Out) -> None:
    """Give the named graphs with the number of their triples."""
    snapshot = desk.snapshot()
    found = statistics.count_graphs(snapshot.store, desk.folder.iris)
    out.head(version=snapshot.version, value=found)


def describe_data(desk: Desk, arguments: Arguments, out: Out) -> None:
    """Give how much there is of what, which functions the engine has, and what the default graph is."""
    snapshot = desk.snapshot()
    value = {
        "plain": desk.folder.is_plain,
        "functions": statistics.list_functions(),
        **asdict(statistics.count(snapshot.store, desk.folder.iris)),
    }
    out.head(version=snapshot.version, value=value)


def show_statement(desk: Desk, arguments: Arguments, out: Out) -> None:
    """Give the provenance of a statement, verified now."""
    snapshot = desk.snapshot()
    record = provenance.statement(desk.folder, snapshot, arguments["key"])
    out.head(version=snapshot.version, value=record.to_json())


def show_thing(desk: Desk, arguments: Arguments, out: Out) -> None:
    """Give the view of any other kind of thing."""
    snapshot = desk.snapshot()
    out.head(version=snapshot.version, value=desk.viewer().view(arguments["kind"], arguments["key"]))


def write_thing(desk: Desk, arguments: Arguments, out: Out) -> None:
    """Write what the graph says of a thing as RDF in `media_type`."""
    snapshot = desk.snapshot()
    kind, key = arguments["kind"], arguments["key"]
    if kind == "statement":
        graph = provenance.statement(desk.folder, snapshot, key).to_graph()
    else:
        graph = provenance.resource(snapshot, kind, key)
    out.head(version=snapshot.version)
    out.write(_serialise(graph, arguments["media_type"]))


def show_overview(desk: Desk, arguments: Arguments, out: Out) -> None:
    """Give counts and the newest articles."""
    snapshot = desk.snapshot()
    out.head(version=snapshot.version, value=desk.viewer().overview())


def list_articles(desk: Desk, arguments: Arguments, out: Out) -> None:
    """Give the articles by file name."""
    snapshot = desk.snapshot()
    out.head(version=snapshot.version, value=desk.viewer().articles())


def write_dump(desk: Desk, arguments: Arguments, out: Out) -> None:
    """Write the whole graph or one article's in a short-named format."""
    snapshot = desk.snapshot()
    out.head(version=snapshot.version)
    dumps.dump(snapshot, format=arguments["format"], article=arguments["article"], out=out)  # type: ignore[arg-type]


def list_questions(desk: Desk, arguments: Arguments, out: Out) -> None:
    """Give the stored questions; needs no snapshot."""
    out.head(value=desk.questions())


def ask_question(desk: Desk, arguments: Arguments, out: Out) -> None:
    """Answer the stored question that `words` ask or that `name` names, with the parameters given."""
    snapshot, iris = desk.snapshot(), desk.folder.iris
    if "words" in arguments:
        question = questions.find(arguments["words"], iris, added=desk.folder.background)
    else:
        question = questions.get(arguments["name"], iris)
    values = {name: value for name, value in arguments.get("parameters", {}).items() if value.strip()}
    asked = question.with_values(iris, **values)
    kept = _Kept(ANSWER_BYTES)
    query.run(snapshot.store, asked.query, media_type=RESULTS["json"], write=kept.write)
    found, viewer = json.loads(kept.value), desk.viewer()
    rows = found["results"]["bindings"]
    out.head(
        version=snapshot.version,
        value={
            "question": to_plain(asked),
            "version": snapshot.version,
            "variables": found["head"]["vars"],
            "rows": [{name: _to_thing(viewer, cell) for name, cell in row.items()} for row in rows],
        },
    )


def _to_thing(viewer: Viewer, cell: Mapping[str, str]) -> dict[str, Any]:
    """Give a cell of a result: a link with its label, or a literal with its type and language."""
    if cell["type"] == "uri":
        return viewer.thing(URIRef(cell["value"]))
    return {name: cell[name] for name in ("value", "datatype", "xml:lang") if name in cell}


def _run(
    snapshot: Snapshot, base: str, arguments: Arguments, media_type: str, write: Callable[[bytes], object]
) -> None:
    query.run(
        snapshot.store,
        arguments["query"],
        media_type=media_type,
        write=write,
        default_graphs=arguments["default_graphs"],
        named_graphs=arguments["named_graphs"],
        limits=query.Limits(bytes=arguments["max_query_bytes"]),
        base=base,
    )


def _serialise(graph: Graph, media_type: str) -> bytes:
    return graph.serialize(format=_RDFLIB_NAMES[media_type], encoding="utf-8")


JOBS: Mapping[str, Callable[[Desk, Arguments, Out], None]] = MappingProxyType(
    {
        "query": answer_query,
        "table": tabulate_query,
        "graph": write_graph,
        "graphs": list_graphs,
        "data": describe_data,
        "statement": show_statement,
        "view": show_thing,
        "rdf": write_thing,
        "overview": show_overview,
        "articles": list_articles,
        "dump": write_dump,
        "questions": list_questions,
        "ask": ask_question,
    }
)
