"""What a dump holds is told truly: counts, citation, rights, where it comes from; and without clock or place."""

from __future__ import annotations

import io
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from rdflib import BNode, Graph, Literal, URIRef
from rdflib.namespace import DCAT, VOID

from graph.dumps import dump
from graph.editions import Edition
from graph.snapshots import DataFolder, Snapshot
from graph.terms import DCTERMS, HS, OWL, PROV, RDF
from tests.graph_sample import ONTOLOGY, REPORTS, WIRE_A, article_of, load


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> DataFolder:
    found = DataFolder(tmp_path_factory.mktemp("data"), ontology=ONTOLOGY)
    load(found)
    return found


@pytest.fixture
def snapshot(folder: DataFolder) -> Iterator[Snapshot]:
    with folder.current() as found:
        yield found


def written(snapshot: Snapshot, article: str | None = None) -> bytes:
    out = io.BytesIO()
    dump(snapshot, format="void.ttl", article=article, out=out)
    return out.getvalue()


def told(snapshot: Snapshot, article: str | None = None) -> tuple[Graph, URIRef]:
    graph = Graph().parse(data=written(snapshot, article), format="turtle")
    data = graph.value(predicate=RDF.type, object=DCAT.Dataset, any=False)
    assert isinstance(data, URIRef)
    return graph, data


@pytest.mark.parametrize("article", [None, article_of(WIRE_A)[0].key])
def test_the_counts_are_those_of_the_graph(snapshot: Snapshot, article: str | None) -> None:
    name = None if article is None else snapshot.iris.graph(f"article/{article}")
    held = snapshot.store.graph(name)
    graph, data = told(snapshot, article)
    numbers = {
        VOID.triples: len(held),
        VOID.distinctSubjects: len(set(held.subjects())),
        VOID.distinctObjects: len(set(held.objects())),
        VOID.documents: len(set(held.subjects(RDF.type, HS.Article))),
    }
    assert {name: graph.value(data, name).toPython() for name in numbers} == numbers  # type: ignore[union-attr]
    for way, key, number, wanted in (
        (VOID.propertyPartition, VOID.property, VOID.triples, Counter(held.predicates(unique=False))),
        (
            VOID.classPartition,
            URIRef(f"{VOID}class"),
            VOID.entities,
            Counter(
                kind for kind in held.objects(None, RDF.type, unique=False) if not isinstance(kind, BNode)
            ),
        ),
    ):
        found = {
            graph.value(part, key): graph.value(part, number).toPython()  # type: ignore[union-attr]
            for part in graph.objects(data, way)
        }
        assert found == dict(wanted)


def test_it_says_where_it_comes_from_and_how_to_cite_it(snapshot: Snapshot) -> None:
    graph, data = told(snapshot)
    articles = set(snapshot.store.graph(None).subjects(RDF.type, HS.Article))
    assert set(graph.objects(data, PROV.wasDerivedFrom)) == articles
    reading = graph.value(data, PROV.wasGeneratedBy)
    assert set(graph.objects(reading, PROV.used)) == articles
    assert str(graph.value(data, OWL.versionInfo)) == snapshot.version
    citation = str(graph.value(data, DCTERMS.bibliographicCitation))
    days = sorted(str(day) for day in snapshot.store.graph(None).objects(None, HS.published))
    for piece in (snapshot.version, f"{len(articles)} news articles", snapshot.iris.base, *days[-1:]):
        assert piece in citation
    assert "publishers" in str(graph.value(data, DCTERMS.rights))
    ours = set(graph.subjects(DCTERMS.license))
    assert ours == {snapshot.iris.graph("ontology"), snapshot.iris.graph("background")}


def test_an_articles_part_belongs_to_the_whole(snapshot: Snapshot) -> None:
    article, _ = article_of(WIRE_A)
    graph, part = told(snapshot, article.key)
    _, whole = told(snapshot)
    assert (whole, VOID.subset, part) in graph
    assert list(graph.objects(part, PROV.wasDerivedFrom)) == [snapshot.iris.of("article", article.key)]


def test_there_is_neither_clock_nor_blank_node_nor_place(snapshot: Snapshot, tmp_path: Path) -> None:
    other = DataFolder(tmp_path, ontology=ONTOLOGY)
    load(other, REPORTS[::-1])
    with other.current() as second:
        assert written(second) == written(snapshot)
    graph, _ = told(snapshot)
    assert not any(isinstance(term, BNode) for triple in graph for term in triple)
    days = {str(term) for term in graph.objects() if isinstance(term, Literal) and re.match(r"\d{4}-", term)}
    assert days <= {str(day) for day in snapshot.store.graph(None).objects(None, HS.published)}


@pytest.mark.parametrize(
    ("edition", "cited"),
    [
        (
            Edition("v1", "https://e.org/", 1, "2017-11-08", "2017-11-08", ("Hearsay 1.0",)),
            "Hearsay graph of 1 news article, of 2017-11-08. Version v1. Read by Hearsay 1.0. https://e.org/",
        ),
        (
            Edition(
                "v2", "https://e.org/", 12345, "2017-11-08", "2018-01-01", ("Hearsay 1.0", "Hearsay 1.1")
            ),
            "Hearsay graph of 12,345 news articles, the newest of 2018-01-01. Version v2. "
            "Read by Hearsay 1.0, Hearsay 1.1. https://e.org/",
        ),
        (
            Edition("v3", "https://e.org/", 0, None, None, ()),
            "Hearsay graph of 0 news articles. Version v3. https://e.org/",
        ),
    ],
)
def test_a_citation_is_one_line(edition: Edition, cited: str) -> None:
    assert edition.cite() == cited
