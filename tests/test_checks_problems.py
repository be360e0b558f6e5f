"""`check` finds nothing in a sound folder, and names each promise that is broken by hand."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from rdflib import Graph, Literal, URIRef

from graph import checks
from graph.checks import Problem, check
from graph.errors import StoreError
from graph.iris import Iris
from graph.snapshots import DataFolder
from graph.store import QuadStore
from graph.terms import HS, OWL, RDF, RDFS
from tests.graph_sample import DENIAL, ONTOLOGY, OWN, REPORTS, WIRE_A, article_of, load


@pytest.fixture
def folder(tmp_path: Path) -> DataFolder:
    found = DataFolder(tmp_path, ontology=ONTOLOGY)
    load(found)
    return found


def broken(folder: DataFolder, breaking: Callable[[QuadStore, Graph], None]) -> list[Problem]:
    """Break the published snapshot behind the back of the transactions, and check it."""
    version = folder.version()
    assert version is not None
    store = QuadStore.open(folder.snapshots / version)
    name = folder.iris.graph(f"article/{article_of(WIRE_A)[0].key}")
    graph = store.graph(name)
    breaking(store, graph)
    store.put_graph(name, graph)
    store.close()
    with folder.current() as snapshot:
        return check(folder, snapshot)


def test_a_sound_folder_has_no_problem(folder: DataFolder) -> None:
    with folder.current() as snapshot:
        assert check(folder, snapshot) == []


S = URIRef("https://w3id.org/hearsay/id/statement/" + DENIAL)
X = URIRef("https://w3id.org/hearsay/id/statement/hand-made")


def shift_span(store: QuadStore, graph: Graph) -> None:
    span = next(graph.subjects(HS.exact, Literal(WIRE_A.content)))
    graph.set((span, HS.start, Literal(3)))


def change_words(store: QuadStore, graph: Graph) -> None:
    span = next(graph.subjects(HS.exact, Literal(WIRE_A.content)))
    graph.set((span, HS.exact, Literal("its fighters never entered Northland on Wednesday")))


def lose_end(store: QuadStore, graph: Graph) -> None:
    graph.remove((next(graph.subjects(HS.exact, Literal(WIRE_A.content))), HS.end, None))


def add_bare_statement(store: QuadStore, graph: Graph) -> None:
    graph.add((X, RDF.type, HS.Denial))


def misspell_property(store: QuadStore, graph: Graph) -> None:
    graph.add((S, HS.certanty, HS.certain))


def misspell_class(store: QuadStore, graph: Graph) -> None:
    graph.add((X, RDF.type, HS.Rumour))


def misspell_value(store: QuadStore, graph: Graph) -> None:
    graph.set((S, HS.certainty, HS.certan))


def merge_things(store: QuadStore, graph: Graph) -> None:
    graph.add((S, OWL.sameAs, X))


def break_shape(store: QuadStore, graph: Graph) -> None:
    graph.add((S, HS.certainty, HS.probable))


def lose_description(store: QuadStore, graph: Graph) -> None:
    graph.add((X, RDF.type, HS.UnnamedSource))


def add_to_evidence(store: QuadStore, graph: Graph) -> None:
    store.put_graph(Iris().graph("evidence"), [(S, HS.corroborates, X)])


def change_meta(store: QuadStore, graph: Graph) -> None:
    meta = store.graph(Iris().graph("meta"))
    meta.set((Iris().graph("meta"), OWL.versionInfo, Literal("0123456789abcdef")))
    store.put_graph(Iris().graph("meta"), meta)


def spoil_merged_view(store: QuadStore, graph: Graph) -> None:
    store.engine.update("INSERT DATA { <http://e/a> <http://e/b> 1 }")


@pytest.mark.parametrize(
    ("breaking", "kind", "told"),
    [
        (shift_span, "span", "not 'its fighters entered Northland on Wednesday'"),
        (change_words, "span", "not 'its fighters never entered"),
        (lose_end, "span", "lacks start, end"),
        (add_bare_statement, "statement", "has no speaker"),
        (add_bare_statement, "statement", "has no content"),
        (add_bare_statement, "statement", "has no mention"),
        (lose_description, "unnamed source", "has no description"),
        (misspell_property, "term", "hs:certanty is used as a property"),
        (misspell_class, "term", "hs:Rumour is used as a class"),
        (misspell_value, "term", "hs:certan is used as a value"),
        (merge_things, "same as", "the same as"),
        (break_shape, "shape", "a statement has one certainty at hs:certainty"),
        (break_shape, "digest", "tells of"),
        (add_to_evidence, "digest", "it has 1 triples, the graph of all graphs tells of"),
        (change_meta, "digest", "the version doesn't follow"),
        (spoil_merged_view, "merged view", "the default graph has"),
    ],
)
def test_what_is_broken_by_hand_is_named(
    folder: DataFolder, breaking: Callable[[QuadStore, Graph], None], kind: str, told: str
) -> None:
    found = broken(folder, breaking)
    matching = [problem for problem in found if problem.kind == kind and told in problem.what]
    assert len(matching) == 1, found
    assert matching[0].where
    assert matching[0].what_to_do


def test_the_mention_of_nothing_is_named(folder: DataFolder) -> None:
    def lose_all(store: QuadStore, graph: Graph) -> None:
        mention = next(graph.subjects(RDF.type, HS.Mention))
        for name in (HS.mentionOf, HS.foundIn, HS.contentSpan):
            graph.remove((mention, name, None))

    lacks = {problem.what for problem in broken(folder, lose_all) if problem.kind == "mention"}
    assert lacks == {f"the mention has no {part}" for part in ("statement", "article", "content span")}


def test_a_changed_and_a_missing_copy_are_named(folder: DataFolder) -> None:
    folder.article_path(article_of(WIRE_A)[0].sha256).write_bytes(b"changed")
    folder.article_path(article_of(OWN)[0].sha256).unlink()
    with folder.current() as snapshot:
        found = check(folder, snapshot)
    copies = {problem.where: problem.what for problem in found if problem.kind == "kept copy"}
    assert set(copies) == {"a.txt", "c.txt"}
    assert "changed after it was loaded" in copies["a.txt"]
    assert "missing" in copies["c.txt"]


def test_many_of_one_kind_are_counted(folder: DataFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checks, "MOST_OF_A_KIND", 5)

    def add_many(store: QuadStore, graph: Graph) -> None:
        for number in range(20):
            graph.add((URIRef(f"{X}-{number}"), RDFS.label, HS[f"nothing{number}"]))

    found = [problem for problem in broken(folder, add_many) if problem.kind == "term"]
    assert len(found) == 6
    assert found[-1].what == "and 15 more of this kind"


def test_shapes_that_can_not_be_read_are_named(folder: DataFolder, tmp_path: Path) -> None:
    folder.ontology = tmp_path / "elsewhere"
    (folder.ontology / "shapes").mkdir(parents=True)
    (folder.ontology / "shapes" / "wrong.ttl").write_text("this is no Turtle")
    with folder.current() as snapshot, pytest.raises(StoreError, match=r"wrong\.ttl"):
        check(folder, snapshot)


def test_the_sample_has_what_the_checks_look_at(folder: DataFolder) -> None:
    """A check that finds nothing to check must not pass for that reason."""
    with folder.current() as snapshot:
        for kind in (HS.TextSpan, HS.Statement, HS.Mention, HS.UnnamedSource, HS.Article):
            assert list(snapshot.store.triples(None, RDF.type, kind)), kind
        assert len(list(snapshot.store.triples(None, RDF.type, HS.Article))) == len(REPORTS)
