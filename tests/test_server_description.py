"""The service description tells what really runs: languages, forms, limits, and the figures of what is served."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest
from rdflib import Graph, Literal, Namespace, URIRef
from rdflib.namespace import RDF, VOID

from graph.terms import HS
from server.negotiation import GRAPHS, RESULTS
from server.settings import Settings
from tests.fast_folder import fast_folder
from tests.server_sample import IRIS, copy_whole, serving

SD = Namespace("http://www.w3.org/ns/sparql-service-description#")
TOKEN = "a-secret-of-the-tests"
BEARER = {"Authorization": f"Bearer {TOKEN}"}


@pytest.fixture(scope="module")
def client() -> Iterator[httpx.Client]:
    with (
        fast_folder() as folder,
        serving(Settings(data=copy_whole(folder), query_workers=1, token=TOKEN)) as client,
    ):
        yield client


def describe(client: httpx.Client) -> tuple[Graph, URIRef]:
    reply = client.get("/sparql", headers={"Accept": "text/turtle"})
    assert reply.status_code == 200
    return Graph().parse(data=reply.text, format="turtle"), URIRef(f"{client.base_url}/sparql")


def ask(client: httpx.Client, query: str) -> list[str]:
    found = client.get("/sparql", params={"query": query, "format": "csv"}).text.split("\r\n")
    return found[1:-1]


def test_the_figures_are_those_that_queries_give(client: httpx.Client) -> None:
    graph, _ = describe(client)
    (default,) = graph.objects(predicate=SD.defaultGraph)
    for predicate, query in (
        (VOID.triples, "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"),
        (VOID.distinctSubjects, "SELECT (COUNT(DISTINCT ?s) AS ?n) { ?s ?p ?o }"),
        (VOID.distinctObjects, "SELECT (COUNT(DISTINCT ?o) AS ?n) { ?s ?p ?o }"),
        (VOID.properties, "SELECT (COUNT(DISTINCT ?p) AS ?n) { ?s ?p ?o }"),
        (VOID.classes, "SELECT (COUNT(DISTINCT ?c) AS ?n) { ?s a ?c }"),
    ):
        assert [str(n) for n in graph.objects(default, predicate)] == ask(client, query), predicate
    (part,) = (
        p for p in graph.objects(default, VOID.propertyPartition) if (p, VOID.property, HS.fileName) in graph
    )
    assert graph.value(part, VOID.triples) == Literal(2)
    (kind,) = (
        p
        for p in graph.objects(default, VOID.classPartition)
        if (p, URIRef(f"{VOID}class"), HS.Article) in graph
    )
    assert graph.value(kind, VOID.entities) == Literal(2)


def test_every_named_graph_is_told_with_its_size(client: httpx.Client) -> None:
    graph, _ = describe(client)
    told = {
        str(graph.value(named, SD.name)): str(graph.value(graph.value(named, SD.graph), VOID.triples))
        for named in graph.objects(predicate=SD.namedGraph)
    }
    query = "SELECT ?g (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } } GROUP BY ?g"
    counted = dict(row.split(",") for row in ask(client, query))
    # What says how large all are is no larger for saying so.
    assert set(told) == set(counted)
    meta = str(IRIS.graph("meta"))
    assert {k: v for k, v in told.items() if k != meta} == {k: v for k, v in counted.items() if k != meta}


def test_the_figures_follow_a_write(client: httpx.Client) -> None:
    update = "INSERT DATA { GRAPH <urn:figures> { <urn:a> <urn:b> 1, 2, 3 } }"
    headers = {"Content-Type": "application/sparql-update", **BEARER}
    assert client.post("/sparql", content=update, headers=headers).status_code == 204
    graph, _ = describe(client)
    named = graph.value(predicate=SD.name, object=URIRef("urn:figures"))
    assert graph.value(graph.value(named, SD.graph), VOID.triples) == Literal(3)


def test_it_tells_what_can_be_sent_and_got(client: httpx.Client) -> None:
    graph, service = describe(client)
    assert set(graph.objects(service, SD.supportedLanguage)) == {SD.SPARQL11Query, SD.SPARQL11Update}
    assert len(set(graph.objects(service, SD.resultFormat))) == len(RESULTS) + len(GRAPHS)
    assert len(set(graph.objects(service, SD.inputFormat))) == len(GRAPHS)
    assert SD.UnionDefaultGraph in set(graph.objects(service, SD.feature))
    geo = "http://www.opengis.net/def/function/geosparql/"
    functions = set(graph.objects(service, SD.extensionFunction))
    assert URIRef(f"{geo}distance") in functions
    assert URIRef(f"{geo}buffer") not in functions


@pytest.mark.parametrize("plain", [True, False])
def test_an_empty_server_describes_itself_too(plain: bool) -> None:
    settings = {
        "query_workers": 1,
        "default_graph": "plain" if plain else "merged",
        "token": TOKEN if plain else None,
    }
    with (
        fast_folder() as folder,
        serving(Settings(data=folder / "none", **settings)) as client,  # type: ignore[arg-type]
    ):
        graph, service = describe(client)
        assert (service, RDF.type, SD.Service) in graph
        assert SD.UnionDefaultGraph not in set(graph.objects(service, SD.feature))
        update = (service, SD.supportedLanguage, SD.SPARQL11Update) in graph
        assert update is plain
        assert bool(list(graph.objects(service, SD.inputFormat))) is plain
