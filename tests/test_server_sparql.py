"""`/sparql` keeps the SPARQL 1.1 Protocol, says what it can't do, and gives the engine's own bytes."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import httpx
import pytest
from rdflib import Graph, URIRef
from rdflib.plugins.stores.sparqlstore import SPARQLStore
from SPARQLWrapper import CSV, JSON, POST, TURTLE, SPARQLWrapper

from graph.query import GRAPH_TYPES, RESULT_TYPES
from graph.terms import HS
from server.negotiation import GRAPHS, RESULTS
from server.settings import Settings
from tests.server_sample import (
    FIRST,
    HOSTILE,
    IRIS,
    copy_whole,
    first_sheet,
    key_of,
    load,
    second_sheet,
    serving,
)

BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
WHO_DENIED = """
PREFIX hs: <https://w3id.org/hearsay/ontology#>
SELECT ?who ?file ?start ?end ?words WHERE {
  ?st hs:denies ?s ; hs:speaker ?who . ?s a hs:Entry .
  ?m hs:mentionOf ?st ; hs:foundIn/hs:fileName ?file ; hs:contentSpan ?sp .
  ?sp hs:exact ?words ; hs:start ?start ; hs:end ?end } ORDER BY ?file
"""
COUNT = "SELECT (COUNT(*) AS ?n) { ?article a hs:Article }"
ARTICLES = "CONSTRUCT { ?a hs:fileName ?f } WHERE { ?a hs:fileName ?f }"


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    data = copy_whole(tmp_path_factory.mktemp("data"))
    with serving(Settings(data=data, query_workers=1)) as client:
        yield client


def ask(client: httpx.Client, query: str, accept: str | None = None, **more: str) -> httpx.Response:
    headers = {"Accept": accept} if accept else {"Accept": "*/*"}
    return client.get("/sparql", params={"query": query, **more}, headers=headers)


def test_the_tables_of_forms_are_the_engines() -> None:
    assert set(RESULTS.values()) == set(RESULT_TYPES)
    assert set(GRAPHS.values()) == set(GRAPH_TYPES)


def test_the_first_question_is_answered_with_its_words(client: httpx.Client) -> None:
    found = ask(client, WHO_DENIED).json()
    assert found["head"]["vars"] == ["who", "file", "start", "end", "words"]
    rows = [{name: cell["value"] for name, cell in row.items()} for row in found["results"]["bindings"]]
    assert [row["file"] for row in rows] == ["first.txt", "second.txt"]
    assert {row["who"] for row in rows} == {str(IRIS.of("agent", "northern-front"))}
    assert FIRST[int(rows[0]["start"]) : int(rows[0]["end"])] == rows[0]["words"]


@pytest.mark.parametrize(
    ("query", "accept", "media_type", "piece"),
    [
        (COUNT, None, "application/sparql-results+json", '"value":"2"'),
        (COUNT, "application/sparql-results+xml", "application/sparql-results+xml", "<literal"),
        (COUNT, "text/csv", "text/csv; charset=utf-8", "n\r\n2"),
        (COUNT, "text/tab-separated-values", "text/tab-separated-values; charset=utf-8", "?n\n2"),
        ("ASK { ?s ?p ?o }", "application/json", "application/sparql-results+json", "true"),
        ("ASK { ?s ?p ?o }", "text/csv", "text/csv; charset=utf-8", "true"),
        (ARTICLES, None, "text/turtle; charset=utf-8", "first.txt"),
        (ARTICLES, "application/n-triples", "application/n-triples", "first.txt"),
        (ARTICLES, "application/rdf+xml", "application/rdf+xml", "first.txt"),
        (ARTICLES, "application/ld+json", "application/ld+json", "first.txt"),
        (ARTICLES, "text/turtle;q=0.1, application/n-quads", "application/n-quads", "first.txt"),
        (
            "DESCRIBE <https://w3id.org/hearsay/id/place/riverton>",
            None,
            "text/turtle; charset=utf-8",
            "Riverton",
        ),
    ],
)
def test_the_form_is_negotiated(
    client: httpx.Client, query: str, accept: str | None, media_type: str, piece: str
) -> None:
    reply = ask(client, query, accept)
    assert reply.status_code == 200, reply.text
    assert reply.headers["content-type"] == media_type
    assert "Accept" in reply.headers["vary"]
    assert piece in reply.text


@pytest.mark.parametrize("name", [*RESULTS, *GRAPHS])
def test_a_form_can_be_named_in_the_address(client: httpx.Client, name: str) -> None:
    query = COUNT if name in RESULTS else ARTICLES
    reply = ask(client, query, BROWSER, format=name)
    assert reply.status_code == 200
    assert reply.headers["content-type"].split(";")[0] == {**RESULTS, **GRAPHS}[name]


def test_get_and_both_ways_of_post_say_the_same(client: httpx.Client) -> None:
    plain = ask(client, WHO_DENIED).content
    form = client.post("/sparql", data={"query": WHO_DENIED})
    direct = client.post("/sparql", content=WHO_DENIED, headers={"Content-Type": "application/sparql-query"})
    assert form.content == direct.content == plain
    assert client.head("/sparql", params={"query": WHO_DENIED}).content == b""
    assert int(client.head("/sparql", params={"query": WHO_DENIED}).headers["content-length"]) == len(plain)


def test_the_graphs_of_the_request_are_the_dataset(client: httpx.Client) -> None:
    graph = str(IRIS.graph(f"article/{key_of(FIRST)}"))
    count = "SELECT (COUNT(*) AS ?n) { ?a hs:fileName ?f }"
    named = "SELECT (COUNT(*) AS ?n) { GRAPH ?g { ?a hs:fileName ?f } }"
    for query, parameters, expected in (
        (count, {"default-graph-uri": graph}, "1"),
        (named, {"default-graph-uri": graph}, "0"),
        (named, {"named-graph-uri": graph}, "1"),
        (count, {"named-graph-uri": graph}, "0"),
        (count, {"default-graph-uri": "urn:nothing"}, "0"),
        (count, {}, "2"),
    ):
        found = ask(client, query, **parameters).json()
        assert found["results"]["bindings"][0]["n"]["value"] == expected, (query, parameters)


@pytest.mark.parametrize(
    ("query", "status", "what", "where"),
    [
        ("SELECT * { ?s ?p }", 400, "malformed", "line 1"),
        ("SELECT *\n{ ?s ?p ?o . )", 400, "closes nothing", "line 2, column 14"),
        ("ASK { ?s nope:x ?o }", 400, "not declared", "line 1"),
        ("SELECT * { SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }", 403, "SERVICE", "line 1"),
        ("LOAD <http://127.0.0.1:9/>", 403, "LOAD", "/sparql"),
        ("INSERT DATA { <urn:a> <urn:b> <urn:c> }", 403, "INSERT", "/sparql"),
        (f"ASK {{ FILTER({'(' * 5000}1{')' * 5000}) }}", 403, "nested", "line 1"),
        (f"ASK {{ {'?s ?p ?o . ' * 150} }}", 403, "patterns", "line 1"),
        (f"ASK {{}} #{'x' * 101_000}", 413, "100000 bytes", "/sparql"),
    ],
)
def test_a_query_that_cannot_be_answered_is_told_where_and_why(
    client: httpx.Client, query: str, status: int, what: str, where: str
) -> None:
    reply = client.post("/sparql", content=query, headers={"Content-Type": "application/sparql-query"})
    assert reply.status_code == status
    error = reply.json()["error"]
    assert error["status"] == status
    assert what in error["what"]
    assert where in error["where"]
    assert error["what_to_do"]


@pytest.mark.parametrize(
    ("method", "address", "headers", "body", "status"),
    [
        ("GET", "/sparql?query=ASK%7B%7D&query=ASK%7B%7D", {}, b"", 400),
        ("GET", "/sparql?update=CLEAR+ALL", {}, b"", 400),
        ("POST", "/sparql", {"Content-Type": "application/sparql-update"}, b"CLEAR ALL", 403),
        ("POST", "/sparql", {"Content-Type": "application/x-www-form-urlencoded"}, b"update=CLEAR+ALL", 403),
        ("POST", "/sparql", {"Content-Type": "application/x-www-form-urlencoded"}, b"", 400),
        ("POST", "/sparql", {"Content-Type": "application/sparql-query"}, b"", 400),
        ("POST", "/sparql", {"Content-Type": "text/plain"}, b"ASK {}", 415),
        ("POST", "/sparql", {"Content-Type": "application/sparql-query"}, b"x" * 400_000, 413),
        ("GET", f"/sparql?query={quote(COUNT)}", {"Accept": "image/png"}, b"", 406),
        ("GET", f"/sparql?query={quote(COUNT)}", {"Accept": "text/turtle"}, b"", 406),
        ("GET", f"/sparql?query={quote(COUNT)}&format=ttl", {}, b"", 406),
        ("GET", "/sparql", {"Accept": "text/csv"}, b"", 406),
        ("PUT", "/sparql", {}, b"", 405),
        ("DELETE", "/sparql", {}, b"", 405),
    ],
)
def test_a_request_outside_the_protocol_is_refused(
    client: httpx.Client, method: str, address: str, headers: dict[str, str], body: bytes, status: int
) -> None:
    reply = client.request(method, address, headers=headers, content=body)
    assert reply.status_code == status, reply.text
    error = reply.json()["error"]
    assert set(error) == {"status", "what", "where", "what_to_do"}
    if status == 406:
        assert "text/turtle" in error["what_to_do"] or "results+json" in error["what_to_do"]


def test_the_same_snapshot_is_not_sent_twice(client: httpx.Client) -> None:
    first = ask(client, COUNT)
    tag = first.headers["etag"]
    again = client.get("/sparql", params={"query": COUNT}, headers={"If-None-Match": f'"other", W/{tag}'})
    assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", tag)
    assert ask(client, COUNT, "text/csv").headers["etag"] != tag
    assert ask(client, ARTICLES).headers["etag"] != tag
    assert "etag" not in ask(client, "SELECT (NOW() AS ?now) {}").headers
    posted = client.post("/sparql", data={"query": COUNT}, headers={"If-None-Match": tag})
    assert posted.status_code == 200


def test_any_site_may_read_and_none_may_send_credentials(client: httpx.Client) -> None:
    reply = client.get("/sparql", params={"query": COUNT}, headers={"Origin": "https://example.org"})
    assert reply.headers["access-control-allow-origin"] == "*"
    assert "access-control-allow-credentials" not in reply.headers
    asked = {"Origin": "https://example.org", "Access-Control-Request-Method": "POST"}
    before = client.options("/sparql", headers={**asked, "Access-Control-Request-Headers": "content-type"})
    assert before.status_code == 200
    assert "POST" in before.headers["access-control-allow-methods"]
    assert client.options("/sparql").headers["allow"] == "GET, HEAD, POST, OPTIONS"


@pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated")  # rdflib's own reader of JSON-LD
def test_without_a_query_the_service_describes_itself(client: httpx.Client) -> None:
    sd = "http://www.w3.org/ns/sparql-service-description#"
    for accept, name in (
        ("*/*", "turtle"),
        ("application/ld+json", "json-ld"),
        ("application/rdf+xml", "xml"),
    ):
        reply = client.get("/sparql", headers={"Accept": accept})
        assert reply.status_code == 200
        found = Graph().parse(data=reply.text, format=name)
        service = URIRef(f"{client.base_url}/sparql")
        assert (service, URIRef(f"{sd}endpoint"), service) in found
        assert (service, URIRef(f"{sd}supportedLanguage"), URIRef(f"{sd}SPARQL11Query")) in found
        assert len(list(found.objects(service, URIRef(f"{sd}resultFormat")))) == len(RESULTS) + len(GRAPHS)
        assert found.value(service, URIRef(f"{sd}defaultDataset")) is not None


def test_a_hostile_host_name_does_not_reach_the_description(client: httpx.Client) -> None:
    reply = client.get("/sparql", headers={"Host": 'x"><b>', "Accept": "text/turtle"})
    assert reply.status_code in (200, 400)
    assert "<b>" not in reply.text


def test_a_browser_gets_an_editor_and_a_table(client: httpx.Client) -> None:
    editor = client.get("/sparql", headers={"Accept": BROWSER})
    assert editor.headers["content-type"] == "text/html; charset=utf-8"
    assert "<textarea" in editor.text
    assert "<script" not in editor.text
    table = ask(client, WHO_DENIED, BROWSER)
    assert "first.txt" in table.text
    assert "<table>" in table.text
    assert "Yes." in ask(client, "ASK {}", BROWSER).text
    assert "No rows" in ask(client, "SELECT * { <urn:a> <urn:b> ?c }", BROWSER).text
    assert "hs:fileName" in ask(client, ARTICLES, BROWSER).text


def test_hostile_words_are_escaped_on_the_result_page(client: httpx.Client) -> None:
    query = "SELECT ?words { ?s hs:wording ?words }"
    page = ask(client, query, BROWSER).text
    assert "&lt;script&gt;" in page
    assert "<script" not in page
    assert "<img" not in page
    assert "\u202e" not in page
    echoed = ask(client, "SELECT * {} # </textarea><script>alert(1)</script>", BROWSER).text
    assert "<script" not in echoed
    assert HOSTILE in [row["words"]["value"] for row in ask(client, query).json()["results"]["bindings"]]


def test_sparqlwrapper_reads_every_form(client: httpx.Client) -> None:
    wrapper = SPARQLWrapper(f"{client.base_url}/sparql")
    wrapper.setQuery(WHO_DENIED)
    wrapper.setReturnFormat(JSON)
    found = wrapper.query().convert()
    assert isinstance(found, dict)
    assert [row["file"]["value"] for row in found["results"]["bindings"]] == ["first.txt", "second.txt"]
    wrapper.setMethod(POST)
    wrapper.setReturnFormat(CSV)
    table = wrapper.query().convert()
    assert isinstance(table, bytes)
    assert table.decode().count("\r\n") == 3
    wrapper.setQuery(ARTICLES)
    wrapper.setReturnFormat(TURTLE)
    turtle = wrapper.query().convert()
    assert isinstance(turtle, bytes)
    assert len(Graph().parse(data=turtle, format="turtle")) == 2


def test_rdflib_asks_as_over_its_own_store(client: httpx.Client) -> None:
    store = SPARQLStore(f"{client.base_url}/sparql")
    graph = Graph(store=store)
    rows = [tuple(term.toPython() for term in row) for row in graph.query(WHO_DENIED)]  # type: ignore[union-attr]
    assert [row[1] for row in rows] == ["first.txt", "second.txt"]
    assert isinstance(rows[0][2], int)
    assert len(list(graph.triples((None, HS.fileName, None)))) == 2


def test_json_is_whole_and_of_the_engine(client: httpx.Client) -> None:
    reply = ask(client, "SELECT * { ?s ?p ?o }")
    found = json.loads(reply.content)
    assert len(found["results"]["bindings"]) > 100
    assert len(reply.content) > 64 * 1024


def test_a_new_snapshot_is_served_at_the_next_request(tmp_path: Path) -> None:
    load(tmp_path, first_sheet())
    with serving(Settings(data=tmp_path, query_workers=1)) as client:
        before = ask(client, COUNT)
        assert before.json()["results"]["bindings"][0]["n"]["value"] == "1"
        load(tmp_path, second_sheet())
        after = client.get(
            "/sparql", params={"query": COUNT}, headers={"If-None-Match": before.headers["etag"]}
        )
        assert after.json()["results"]["bindings"][0]["n"]["value"] == "2"
