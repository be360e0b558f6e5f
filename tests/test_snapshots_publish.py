"""A load appears all at once or not at all, and its version follows from its content only."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from itertools import permutations
from pathlib import Path

import pytest
from rdflib import Graph, Literal, URIRef

from graph.errors import NoSnapshot, SpanError, StoreBusy, StoreError, UnknownResource
from graph.snapshots import DataFolder
from graph.terms import HS, RDFS
from tests.graph_sample import ONTOLOGY, OWN, REPORTS, WIRE_A, WIRE_B, article_of, graph_of, load


@pytest.fixture
def folder(tmp_path: Path) -> DataFolder:
    return DataFolder(tmp_path / "data", ontology=ONTOLOGY)


def leftovers(folder: DataFolder) -> list[str]:
    return [path.name for path in folder.root.rglob("*") if path.name.startswith(("work-", "."))]


def test_before_the_first_load_there_is_nothing(folder: DataFolder) -> None:
    assert folder.version() is None
    with pytest.raises(NoSnapshot, match="hearsay load"):
        folder.current()


def test_any_order_and_number_of_loads_gives_the_same_version(tmp_path: Path) -> None:
    versions = set()
    for number, reports in enumerate(permutations(REPORTS)):
        folder = DataFolder(tmp_path / str(number), ontology=ONTOLOGY)
        versions.add(load(folder, reports))
    folder = DataFolder(tmp_path / "one by one", ontology=ONTOLOGY)
    for report in (*REPORTS, WIRE_A):
        last = load(folder, (report,))
    versions.add(last)
    assert len(versions) == 1
    assert versions == {folder.version()}


def test_the_same_content_is_published_without_a_new_snapshot(folder: DataFolder) -> None:
    version = load(folder)
    before = sorted(path.stat().st_mtime_ns for path in (folder.snapshots / version).iterdir())
    assert load(folder, REPORTS[::-1]) == version
    assert sorted(path.stat().st_mtime_ns for path in (folder.snapshots / version).iterdir()) == before
    journal = [json.loads(line) for line in (folder.root / "journal.jsonl").read_text().splitlines()]
    assert [entry["former"] for entry in journal] == [None, version]
    assert leftovers(folder) == []


def test_leaving_without_publishing_changes_nothing(folder: DataFolder) -> None:
    version = load(folder, (WIRE_A,))
    article, raw = article_of(WIRE_B)
    with folder.begin() as transaction:
        transaction.put_article(article, raw, graph_of(WIRE_B, folder.iris))
    with pytest.raises(StoreError, match="ended"):
        transaction.articles()
    with pytest.raises(ZeroDivisionError):
        _load_and_fail(folder)
    assert folder.version() == version
    with folder.current() as snapshot:
        assert not snapshot.store.has_graph(folder.iris.graph(f"article/{article.key}"))
    assert leftovers(folder) == []


def _load_and_fail(folder: DataFolder) -> None:
    article, raw = article_of(WIRE_B)
    with folder.begin() as transaction:
        transaction.put_article(article, raw, graph_of(WIRE_B, folder.iris))
        raise ZeroDivisionError


def test_articles_are_listed_removed_and_put_back(folder: DataFolder) -> None:
    version = load(folder)
    article, raw = article_of(WIRE_A)
    with folder.begin() as transaction:
        assert {name for name, _ in transaction.articles().values()} == {"a.txt", "b.txt", "c.txt"}
        assert transaction.articles()[article.key] == ("a.txt", article.sha256)
        transaction.remove_article(article.key)
        assert article.key not in transaction.articles()
        with pytest.raises(UnknownResource):
            transaction.remove_article("0" * 16)
        assert transaction.publish() != version
    with folder.current() as snapshot:
        gone = snapshot.store.triples(folder.iris.of("article", article.key))
        assert list(gone) == []
    with folder.begin() as transaction:
        transaction.put_article(article, raw, graph_of(WIRE_A, folder.iris))
        assert transaction.publish() == version


def test_one_writer_at_a_time(folder: DataFolder) -> None:
    with folder.begin(), pytest.raises(StoreBusy, match="another load"):
        folder.begin()
    with folder.begin():
        pass


def test_a_snapshot_in_use_is_not_pruned_and_others_are(folder: DataFolder) -> None:
    first = load(folder, (WIRE_A,))
    held = folder.current()
    for text in range(6):
        with folder.begin() as transaction:
            graph = Graph()
            graph.add((URIRef("http://example.org/a"), RDFS.label, Literal(text)))
            transaction.put_graph("corrections", graph)
            last = transaction.publish()
    names = {path.name for path in folder.snapshots.iterdir()}
    assert {first, last} <= names
    assert len(names) == 4
    assert len(held.store) > 0
    held.close()
    load(folder, (WIRE_A, WIRE_B))
    assert first not in {path.name for path in folder.snapshots.iterdir()}


def test_a_kept_copy_goes_with_the_last_snapshot_that_names_it(folder: DataFolder) -> None:
    folder.keep = 1
    load(folder, (WIRE_A, WIRE_B))
    article, _ = article_of(WIRE_A)
    with folder.begin() as transaction:
        transaction.remove_article(article.key)
        transaction.publish()
    assert not folder.article_path(article.sha256).exists()
    assert folder.article_path(article_of(WIRE_B)[0].sha256).exists()


def test_kept_copies_are_the_bytes_and_read_back_as_they_were(folder: DataFolder) -> None:
    load(folder)
    for report in REPORTS:
        article, raw = article_of(report)
        assert folder.article_path(article.sha256).read_bytes() == raw
        assert folder.article_text(article.sha256) == report.text
    assert "\r\n" in WIRE_A.text


@pytest.mark.parametrize("sha256", ["", "../current", "A" * 64, "0" * 63])
def test_only_a_hash_names_a_kept_copy(folder: DataFolder, sha256: str) -> None:
    with pytest.raises(UnknownResource, match="no SHA-256"):
        folder.article_path(sha256)


def test_a_missing_copy_is_told(folder: DataFolder) -> None:
    with pytest.raises(UnknownResource, match="missing"):
        folder.article_text("0" * 64)


def test_a_changed_copy_is_put_right_by_loading_again(folder: DataFolder) -> None:
    load(folder)
    article, raw = article_of(WIRE_A)
    folder.article_path(article.sha256).write_bytes(b"changed")
    load(folder, (WIRE_A,))
    assert folder.article_path(article.sha256).read_bytes() == raw


@pytest.mark.parametrize(
    ("change", "error", "told"),
    [
        ({"content": "fighters entered Northland on Wednesday"}, None, ""),
        ({"content": "it did nothing"}, SpanError, "does not stand at"),
    ],
)
def test_a_span_that_does_not_hold_is_refused(
    folder: DataFolder, change: dict[str, str], error: type[Exception] | None, told: str
) -> None:
    article, raw = article_of(WIRE_A)
    graph = graph_of(WIRE_A, folder.iris)
    span = next(graph.subjects(HS.exact, Literal(WIRE_A.content)))
    graph.set((span, HS.exact, Literal(change["content"])))
    start = WIRE_A.text.find(change["content"])
    if start >= 0:
        graph.set((span, HS.start, Literal(start)))
    with folder.begin() as transaction:
        if error is None:
            transaction.put_article(article, raw, graph)
            return
        with pytest.raises(error, match=told):
            transaction.put_article(article, raw, graph)


def test_bytes_hash_text_and_graph_must_agree(folder: DataFolder) -> None:
    article, raw = article_of(WIRE_A)
    graph = graph_of(WIRE_A, folder.iris)
    with folder.begin() as transaction:
        for wrong, told in (
            (replace(article, sha256="0" * 64), "SHA-256"),
            (replace(article, key="0" * 16), "SHA-256"),
            (replace(article, text="other"), "text"),
        ):
            with pytest.raises(StoreError, match=told):
                transaction.put_article(wrong, raw, graph)
        with pytest.raises(StoreError, match="does not name"):
            transaction.put_article(article, raw, Graph())


def test_a_folder_of_another_base_is_refused(folder: DataFolder) -> None:
    load(folder)
    other = DataFolder(folder.root, base="https://example.org/war/", ontology=ONTOLOGY)
    with pytest.raises(StoreError, match="HEARSAY_BASE"):
        other.begin()
    with folder.begin():
        pass


def test_background_moves_to_the_base_of_the_folder_and_the_ontology_stays(tmp_path: Path) -> None:
    folder = DataFolder(tmp_path / "data", base="https://example.org/war/", ontology=ONTOLOGY)
    load(folder)
    with folder.current() as snapshot:
        northland = URIRef("https://example.org/war/id/place/northland")
        assert list(snapshot.store.triples(northland, RDFS.label))
        assert list(snapshot.store.triples(HS.denies))
        assert not [s for s, _, _ in snapshot.store.triples() if s.startswith("https://w3id.org/hearsay/id/")]


def test_a_changed_ontology_file_is_taken_up_by_the_next_load(tmp_path: Path) -> None:
    ontology = tmp_path / "ontology"
    shutil.copytree(ONTOLOGY, ontology)
    folder = DataFolder(tmp_path / "data", ontology=ontology)
    version = load(folder, (OWN,))
    world = ontology / "background" / "world.ttl"
    world.write_text(world.read_text().replace('"Milltown"', '"Mill Town"'))
    with folder.begin() as transaction:
        assert transaction.publish() != version
    with folder.current() as snapshot:
        labels = [
            str(o) for _, _, o in snapshot.store.triples(folder.iris.of("place", "milltown"), RDFS.label)
        ]
    assert labels == ["Mill Town"]


def test_a_broken_ontology_file_is_named_and_the_served_snapshot_stays(tmp_path: Path) -> None:
    ontology = tmp_path / "ontology"
    shutil.copytree(ONTOLOGY, ontology)
    folder = DataFolder(tmp_path / "data", ontology=ontology)
    version = load(folder, (OWN,))
    (ontology / "background" / "world.ttl").write_text("this is no Turtle")
    with pytest.raises(StoreError, match=r"world\.ttl"):
        folder.begin()
    assert folder.version() == version
    assert leftovers(folder) == []


def test_no_clock_and_no_path_of_this_machine_stands_in_the_graph(folder: DataFolder) -> None:
    load(folder)
    with folder.current() as snapshot:
        words = " ".join(str(term) for triple in snapshot.store.triples() for term in triple)
    assert str(folder.root) not in words
    assert str(ONTOLOGY) not in words
    assert "T00:00" not in words
