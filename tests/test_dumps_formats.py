"""A dump holds what it says, reads back, and has the same bytes each time."""

from __future__ import annotations

import io
import json
from collections.abc import Iterable, Iterator
from pathlib import Path

import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st
from rdflib import BNode, Dataset, Graph
from rdflib.compare import isomorphic
from rdflib.term import Node

from graph.dump_forms import MEDIA_TYPES
from graph.dumps import dump, sort_lines
from graph.errors import UnknownResource, UsageError
from graph.query import Limits
from graph.snapshots import DataFolder, Snapshot
from graph.terms import HS, PREFIXES
from graph.writes import begin_write
from tests.graph_sample import ONTOLOGY, REPORTS, WIRE_A, article_of, load

ENGINE = {
    "ttl": ox.RdfFormat.TURTLE,
    "trig": ox.RdfFormat.TRIG,
    "nq": ox.RdfFormat.N_QUADS,
    "nt": ox.RdfFormat.N_TRIPLES,
    "jsonld": ox.RdfFormat.JSON_LD,
}
FORMATS = tuple(MEDIA_TYPES)
RDFLIB = {"ttl": "turtle", "trig": "trig", "nq": "nquads", "nt": "nt", "jsonld": "json-ld"}

rdflib_warns_of_itself = pytest.mark.filterwarnings(
    "ignore:(Dataset|ConjunctiveGraph)( |\\.):DeprecationWarning"
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> DataFolder:
    found = DataFolder(tmp_path_factory.mktemp("data"), ontology=ONTOLOGY)
    load(found)
    return found


@pytest.fixture
def snapshot(folder: DataFolder) -> Iterator[Snapshot]:
    with folder.current() as found:
        yield found


def dumped(snapshot: Snapshot, format: str, article: str | None = None) -> bytes:
    out = io.BytesIO()
    dump(snapshot, format=format, article=article, out=out)
    return out.getvalue()


@pytest.mark.parametrize("format", FORMATS)
def test_the_whole_graph_reads_back(snapshot: Snapshot, format: str) -> None:
    found = list(ox.parse(dumped(snapshot, format), format=ENGINE[format]))
    assert found
    if format in {"nq", "trig"}:
        wanted = {quad for name in snapshot.store.names() for quad in snapshot.store.quads(name)}
        assert set(found) == wanted
    else:
        assert {quad.triple for quad in found} == {quad.triple for quad in snapshot.store.quads(None)}
        assert len(found) == len(snapshot.store)


@pytest.mark.parametrize("format", FORMATS)
def test_one_article_is_its_graph_alone(snapshot: Snapshot, format: str) -> None:
    article, _ = article_of(WIRE_A)
    found = {quad.triple for quad in ox.parse(dumped(snapshot, format, article.key), format=ENGINE[format])}
    assert found == {
        quad.triple for quad in snapshot.store.quads(snapshot.iris.graph(f"article/{article.key}"))
    }


@pytest.mark.parametrize("format", FORMATS)
def test_another_folder_loaded_in_another_order_gives_the_same_bytes(
    snapshot: Snapshot, tmp_path: Path, format: str
) -> None:
    other = DataFolder(tmp_path, ontology=ONTOLOGY)
    load(other, REPORTS[::-1][:1])
    load(other, REPORTS)
    with other.current() as second:
        assert second.version == snapshot.version
        assert dumped(second, format) == dumped(snapshot, format) == dumped(second, format)


@pytest.mark.parametrize("format", ["nq", "nt"])
def test_lines_are_sorted_by_their_bytes(snapshot: Snapshot, format: str) -> None:
    lines = dumped(snapshot, format).splitlines(keepends=True)
    assert lines == sorted(lines)
    assert len(lines) == len(set(lines))


@pytest.mark.parametrize("format", ["ttl", "trig"])
def test_turtle_is_readable(snapshot: Snapshot, format: str) -> None:
    text = dumped(snapshot, format).decode()
    assert f"@prefix hs: <{HS}> ." in text
    assert "hs:denies situation:river-force-enters-northland" in text
    assert "statement:river-force-denial-1" in text
    heads = [line for line in text.splitlines() if line.startswith("@prefix")]
    assert heads == sorted(heads)


def test_json_ld_has_a_context_and_rdflib_reads_it(snapshot: Snapshot) -> None:
    raw = dumped(snapshot, "jsonld", article_of(WIRE_A)[0].key)
    found = json.loads(raw)
    assert found["@context"] == PREFIXES
    denial = next(node for node in found["@graph"] if node["@id"].endswith("river-force-denial-1"))
    assert denial["@type"] == "hs:Denial"
    assert denial["hs:speaker"] == {"@id": "https://w3id.org/hearsay/id/agent/river-force"}
    spans = [node for node in found["@graph"] if node["@type"] == "hs:TextSpan"]
    assert all(isinstance(span["hs:start"], int) for span in spans)
    assert len(spans) == 4
    assert raw.count(b"\n") == len(found["@graph"]) + 3


@rdflib_warns_of_itself
@pytest.mark.parametrize("format", FORMATS)
def test_rdflib_reads_an_article_back_triple_for_triple(snapshot: Snapshot, format: str) -> None:
    article, _ = article_of(WIRE_A)
    name = snapshot.iris.graph(f"article/{article.key}")
    found = Dataset()
    read = found.graph(name) if format in {"nq", "trig"} else Graph()
    (found if format in {"nq", "trig"} else read).parse(
        data=dumped(snapshot, format, article.key), format=RDFLIB[format]
    )
    assert set(read) == normal(snapshot.store.graph(name))
    assert not any(isinstance(term, BNode) for triple in read for term in triple)


@rdflib_warns_of_itself
@pytest.mark.parametrize("format", FORMATS)
def test_rdflib_reads_the_whole_back_as_the_same_graph(snapshot: Snapshot, format: str) -> None:
    if format in {"nq", "trig"}:
        found = Dataset()
        found.parse(data=dumped(snapshot, format), format=RDFLIB[format])
        read = {graph.identifier: graph for graph in found.graphs() if len(graph)}
        assert set(read) - {found.default_graph.identifier} == set(snapshot.store.names())
        for name in snapshot.store.names():
            assert isomorphic(to_graph(read[name]), to_graph(normal(snapshot.store.graph(name)))), name
    else:
        # The restrictions of the ontology are the only blank nodes, as OWL has it.
        merged = Graph().parse(data=dumped(snapshot, format), format=RDFLIB[format])
        assert isomorphic(merged, to_graph(normal(snapshot.store.graph(None))))


def normal(graph: Graph) -> set[tuple[Node, Node, Node]]:
    """Write literals as rdflib reads them: 0.90 as 0.9."""
    return set(Graph().parse(data=graph.serialize(format="nt"), format="nt")) if len(graph) else set()


def to_graph(triples: Iterable[tuple[Node, Node, Node]]) -> Graph:
    graph = Graph()
    for triple in triples:
        graph.add(triple)
    return graph


def test_an_unknown_article_and_format_are_told(snapshot: Snapshot) -> None:
    with pytest.raises(UnknownResource, match="no article"):
        dumped(snapshot, "nq", "0" * 16)
    with pytest.raises(UsageError, match="ttl, trig"):
        dump(snapshot, format="docx", out=io.BytesIO())


@given(st.lists(st.binary(max_size=6).map(lambda line: line.replace(b"\n", b" ") + b"\n")), st.integers(1, 5))
def test_sorting_through_files_is_sorting(lines: list[bytes], in_memory: int) -> None:
    assert list(sort_lines(lines, in_memory=in_memory)) == sorted(lines)


@pytest.mark.parametrize("format", FORMATS)
def test_a_default_graph_of_its_own_is_not_lost(tmp_path: Path, format: str) -> None:
    folder = DataFolder(tmp_path, ontology=ONTOLOGY)
    with begin_write(folder, plain=True) as write:
        write.update("INSERT DATA { <e:a> <e:b> 1 . GRAPH <e:g> { <e:c> <e:d> 2 } }", limits=Limits())
        write.publish()
    with folder.current() as snapshot:
        found = {str(quad.subject) for quad in ox.parse(dumped(snapshot, format), format=ENGINE[format])}
    assert found == ({"<e:a>", "<e:c>"} if format in {"nq", "trig"} else {"<e:a>"})
