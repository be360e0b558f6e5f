"""The dumps of RDF 1.2 say what those of RDF 1.1 say, and what each statement is about as triple terms."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path

import pyoxigraph as ox
import pytest

from graph.dump_forms import RDF12_FORMATS
from graph.dumps import dump
from graph.snapshots import DataFolder, Snapshot
from graph.terms import HS
from tests.graph_sample import ONTOLOGY, REPORTS, WIRE_A, article_of, load

ENGINE = {
    "ttl": ox.RdfFormat.TURTLE,
    "trig": ox.RdfFormat.TRIG,
    "nq": ox.RdfFormat.N_QUADS,
    "nt": ox.RdfFormat.N_TRIPLES,
}
REIFIES = "http://www.w3.org/1999/02/22-rdf-syntax-ns#reifies"


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


def read(snapshot: Snapshot, format: str, article: str | None = None) -> list[ox.Quad]:
    plain = format.removeprefix("rdf12.")
    return list(ox.parse(dumped(snapshot, format, article), format=ENGINE[plain]))


def is_added(quad: ox.Quad) -> bool:
    return quad.predicate.value == REIFIES


@pytest.mark.parametrize("format", RDF12_FORMATS)
@pytest.mark.parametrize("article", [None, article_of(WIRE_A)[0].key])
def test_nothing_is_missing_and_only_triple_terms_are_added(
    snapshot: Snapshot, format: str, article: str | None
) -> None:
    plain, found = read(snapshot, format, article), read(snapshot, f"rdf12.{format}", article)
    assert {quad for quad in found if not is_added(quad)} == set(plain)
    added = [quad for quad in found if is_added(quad)]
    assert added
    assert len(added) == len(set(added))
    assert all(isinstance(quad.object, ox.Triple) for quad in added)


def test_a_statement_reifies_what_its_situation_is_and_nothing_else(snapshot: Snapshot) -> None:
    key = article_of(WIRE_A)[0].key
    quads = read(snapshot, "rdf12.nq", key)
    stances = {str(HS[name]) for name in ("affirms", "negates", "denies", "predicts")}
    pairs = {(quad.subject, quad.object) for quad in quads if quad.predicate.value in stances}
    wanted = {
        (statement, quad.triple)
        for statement, situation in pairs
        for quad in quads
        if quad.subject == situation and not is_added(quad)
    }
    found = {(quad.subject, quad.object) for quad in quads if is_added(quad)}
    assert pairs
    assert found == wanted
    assert {triple.predicate.value for _, triple in wanted} >= {str(HS.actor), str(HS.place)}
    assert all(quad.graph_name.value.endswith(key) for quad in quads)  # type: ignore[union-attr]  # all named


def test_only_the_graphs_of_articles_get_more(snapshot: Snapshot) -> None:
    names = {quad.graph_name.value for quad in read(snapshot, "rdf12.nq") if is_added(quad)}  # type: ignore[union-attr]
    assert names
    assert all("/graph/article/" in name for name in names)


def test_the_merged_view_is_the_union_each_triple_once(snapshot: Snapshot) -> None:
    merged = [quad.triple for quad in read(snapshot, "rdf12.nt")]
    assert len(merged) == len(set(merged))
    assert set(merged) == {quad.triple for quad in read(snapshot, "rdf12.nq")}
    assert {quad.triple for quad in read(snapshot, "rdf12.ttl")} == set(merged)


@pytest.mark.parametrize("format", [f"rdf12.{one}" for one in RDF12_FORMATS])
def test_another_folder_gives_the_same_bytes(snapshot: Snapshot, tmp_path: Path, format: str) -> None:
    other = DataFolder(tmp_path, ontology=ONTOLOGY)
    load(other, REPORTS[::-1][:1])
    load(other, REPORTS)
    with other.current() as second:
        assert dumped(second, format) == dumped(snapshot, format)


@pytest.mark.parametrize("format", ["rdf12.nq", "rdf12.nt"])
def test_lines_are_sorted_each_once(snapshot: Snapshot, format: str) -> None:
    lines = dumped(snapshot, format).splitlines()
    assert lines == sorted(set(lines))


@pytest.mark.parametrize("format", ["rdf12.ttl", "rdf12.trig"])
def test_turtle_announces_its_version(snapshot: Snapshot, format: str) -> None:
    assert dumped(snapshot, format).startswith(b'VERSION "1.2"\n')


def test_sparql_12_asks_who_said_it_of_whom_with_one_pattern(snapshot: Snapshot) -> None:
    store = ox.Store()
    store.bulk_load(dumped(snapshot, "rdf12.ttl"), format=ox.RdfFormat.TURTLE)
    asked = (
        f"""SELECT ?who {{ ?statement <{REIFIES}> <<( ?situation <{HS.actor}> ?who )>> ; a <{HS.Denial}> }}"""
    )
    found = {row["who"].value for row in store.query(asked)}  # type: ignore[union-attr]  # rows of a SELECT
    assert found == {"https://w3id.org/hearsay/id/agent/river-force"}
