"""The rules run in the order of their names, each seeing what earlier ones found, and say so when they can't."""

from __future__ import annotations

from pathlib import Path

import pytest
from rdflib import Graph, URIRef

from graph import evidence, rules
from graph.errors import StoreError
from graph.iris import Iris
from graph.snapshots import DataFolder
from graph.store import QuadStore
from graph.terms import DEFAULT_BASE, HS
from tests.graph_sample import DENIAL, ONTOLOGY, OWN, REPORTS, WIRE_A, article_of, graph_of, load

IRIS = Iris()
A, B, C = (URIRef(f"http://example.org/{name}") for name in "abc")


def store_with(*triples: tuple[URIRef, URIRef, URIRef]) -> QuadStore:
    store, graph = QuadStore.in_memory(), Graph()
    for triple in triples:
        graph.add(triple)
    store.put_graph(IRIS.graph("article/x"), graph)
    return store


def derived(store: QuadStore) -> set[tuple[URIRef, URIRef, URIRef]]:
    return set(store.graph(IRIS.graph("evidence")))  # type: ignore[arg-type]


def test_later_rules_see_what_earlier_ones_found(tmp_path: Path) -> None:
    (tmp_path / "20-second.rq").write_text("CONSTRUCT { ?b hs:backedBy ?a } WHERE { ?a hs:backs ?b }")
    (tmp_path / "10-first.rq").write_text("CONSTRUCT { ?a hs:backs ?b } WHERE { ?a hs:affirms ?b }")
    store = store_with((A, HS.affirms, B))
    assert evidence.derive(store, IRIS, tmp_path) == 2
    assert derived(store) == {(A, HS.backs, B), (B, HS.backedBy, A)}
    assert len(store) == 3


def test_an_earlier_rule_does_not_see_what_later_ones_find(tmp_path: Path) -> None:
    (tmp_path / "10-first.rq").write_text("CONSTRUCT { ?b hs:backedBy ?a } WHERE { ?a hs:backs ?b }")
    (tmp_path / "20-second.rq").write_text("CONSTRUCT { ?a hs:backs ?b } WHERE { ?a hs:affirms ?b }")
    store = store_with((A, HS.affirms, B))
    evidence.derive(store, IRIS, tmp_path)
    assert derived(store) == {(A, HS.backs, B)}


def test_nothing_is_tied_to_itself(tmp_path: Path) -> None:
    (tmp_path / "1.rq").write_text(
        "CONSTRUCT { ?a hs:corroborates ?b } WHERE { ?a hs:affirms ?s . ?b hs:affirms ?s }"
    )
    store = store_with((A, HS.affirms, C), (B, HS.affirms, C))
    evidence.derive(store, IRIS, tmp_path)
    assert derived(store) == {(A, HS.corroborates, B), (B, HS.corroborates, A)}


def test_rules_are_at_home_under_the_base_of_the_folder(tmp_path: Path) -> None:
    (tmp_path / "1.rq").write_text(
        f"CONSTRUCT {{ <{DEFAULT_BASE}id/agent/x> hs:backs ?b }} WHERE {{ ?a hs:affirms ?b }}"
    )
    iris, store = Iris("https://example.org/war/"), store_with((A, HS.affirms, B))
    evidence.derive(store, iris, tmp_path)
    found = set(store.graph(iris.graph("evidence")))
    assert found == {(URIRef("https://example.org/war/id/agent/x"), HS.backs, B)}


@pytest.mark.parametrize(
    ("rule", "told"),
    [
        ("SELECT * { ?s ?p ?o }", "1.rq is no CONSTRUCT"),
        ("CONSTRUCT { ?a ?b } WHERE { ?a ?b ?c }", "1.rq can't be run"),
        ('CONSTRUCT { ?a hs:backs ?b } WHERE { ?a hs:affirms ?b FILTER(?b = "x) }', "1.rq can't be run"),
        ("CONSTRUCT { [] hs:backs ?b } WHERE { ?a hs:affirms ?b }", "1.rq makes blank nodes"),
    ],
)
def test_a_rule_that_can_not_be_run_is_named(tmp_path: Path, rule: str, told: str) -> None:
    (tmp_path / "1.rq").write_text(rule)
    with pytest.raises(StoreError, match=told):
        evidence.derive(store_with((A, HS.affirms, B)), IRIS, tmp_path)


def test_a_rule_is_known_by_what_it_writes() -> None:
    found = rules.find_rules_of(ONTOLOGY / "rules")
    assert found == {HS.contradicts: ("10-contradicts",), HS.corroborates: ("20-corroborates",)}


def test_publishing_derives_over_all_articles_and_forgets_with_them(tmp_path: Path) -> None:
    folder = DataFolder(tmp_path, ontology=ONTOLOGY)
    load(folder, REPORTS)
    denial, claim = folder.iris.of("statement", DENIAL), folder.iris.of("statement", OWN.statement)
    with folder.current() as snapshot:
        assert (denial, HS.contradicts, claim) in snapshot.store.graph(folder.iris.graph("evidence"))
        inferred = snapshot.store.graph(folder.iris.graph("inferred"))
        # Symmetric, and a sub-property: the closure is drawn from evidence too.
        assert {(claim, HS.contradicts, denial), (claim, HS.contrastsWith, denial)} <= set(inferred)
    with folder.begin() as transaction:
        transaction.remove_article(article_of(OWN)[0].key)
        transaction.publish()
    with folder.current() as snapshot:
        assert list(snapshot.store.triples(None, HS.contradicts)) == []
        assert list(snapshot.store.triples(claim)) == []
        assert list(snapshot.store.triples(denial, HS.content))


def test_the_same_rules_over_the_same_graph_give_the_same(tmp_path: Path) -> None:
    digests = set()
    for number, reports in enumerate(((WIRE_A, OWN), (OWN, WIRE_A))):
        store = QuadStore.in_memory()
        for report in reports:
            name = IRIS.graph(f"article/{article_of(report)[0].key}")
            store.put_graph(name, graph_of(report, IRIS))
        evidence.derive(store, IRIS, ONTOLOGY / "rules")
        digests.add((number * 0, store.digest(IRIS.graph("evidence"))))
    assert len(digests) == 1
