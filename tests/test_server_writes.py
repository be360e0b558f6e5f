"""Only the server's token writes; a write is done as a whole, under limits, and seen by the next question."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from urllib.parse import urlencode

import httpx
import pytest
from rdflib import Graph, Literal, URIRef
from rdflib.plugins.stores.sparqlstore import SPARQLUpdateStore
from SPARQLWrapper import POST, SPARQLWrapper

from server.credentials import NotPermitted, check_token
from server.settings import Settings
from tests.fast_folder import fast_folder
from tests.server_sample import IRIS, copy_whole, serving

TOKEN = "a-secret-of-the-tests"
BEARER = {"Authorization": f"Bearer {TOKEN}"}
E = "http://example.org/"
FORM, UPDATE = "application/x-www-form-urlencoded", "application/sparql-update"
INSERT = f"INSERT DATA {{ GRAPH <{E}g> {{ <{E}a> <{E}p> <{E}b> }} }}"
CLEAR = f"DROP SILENT GRAPH <{E}g>"


@pytest.fixture(scope="module")
def client() -> Iterator[httpx.Client]:
    with (
        fast_folder() as folder,
        serving(Settings(data=copy_whole(folder), query_workers=1, token=TOKEN)) as client,
    ):
        yield client


@pytest.fixture(scope="module")
def reader() -> Iterator[httpx.Client]:
    """Give a server without a token."""
    with fast_folder() as folder, serving(Settings(data=copy_whole(folder), query_workers=1)) as client:
        yield client


def send(client: httpx.Client, update: str, **parameters: str) -> httpx.Response:
    return client.post(
        "/sparql", params=parameters, content=update, headers={"Content-Type": UPDATE, **BEARER}
    )


def number(client: httpx.Client, pattern: str) -> int:
    query = f"SELECT (COUNT(*) AS ?n) {{ {pattern} }}"
    return int(client.get("/sparql", params={"query": query, "format": "csv"}).text.split()[1])


@pytest.mark.parametrize(
    ("content_type", "body"),
    [(UPDATE, INSERT), (f"{UPDATE}; charset=utf-8", INSERT), (FORM, urlencode({"update": INSERT}))],
)
def test_both_ways_of_sending_an_update_write(client: httpx.Client, content_type: str, body: str) -> None:
    assert send(client, CLEAR).status_code == 204
    tag = client.get("/sparql", params={"query": "ASK {}"}).headers["etag"]
    reply = client.post("/sparql", content=body, headers={"Content-Type": content_type, **BEARER})
    assert (reply.status_code, reply.content) == (204, b"")
    assert number(client, f"<{E}a> <{E}p> <{E}b>") == 1
    assert client.get("/sparql", params={"query": "ASK {}"}).headers["etag"] != tag


@pytest.mark.parametrize(
    ("method", "address"),
    [("POST", "/sparql"), ("PUT", "/graphs/x"), ("POST", "/graphs"), ("DELETE", "/graphs?default")],
)
@pytest.mark.parametrize(
    "authorization", [None, "", "Bearer", f"Bearer {TOKEN}x", "Bearer ü", f"Basic {TOKEN}", TOKEN]
)
def test_without_the_token_nothing_is_written(
    client: httpx.Client, method: str, address: str, authorization: str | None
) -> None:
    version = client.get("/health").json()["snapshot"]
    headers = {"Content-Type": UPDATE if address == "/sparql" else "text/turtle"}
    if authorization is not None:
        headers["Authorization"] = authorization.encode("latin-1")  # type: ignore[assignment]
    reply = client.request(method, address, content=INSERT, headers=headers)
    assert reply.status_code == 401
    assert reply.headers["www-authenticate"] == 'Bearer realm="hearsay"'
    assert "HEARSAY_TOKEN" in reply.json()["error"]["what_to_do"]
    assert client.get("/health").json()["snapshot"] == version


@pytest.mark.parametrize(
    ("method", "address", "content_type", "body"),
    [
        ("POST", "/sparql", UPDATE, INSERT),
        ("POST", "/sparql", FORM, urlencode({"update": INSERT})),
        ("PUT", "/graphs/x", "text/turtle", ""),
        ("POST", "/graphs", "text/turtle", ""),
        ("DELETE", "/graph/meta", "", ""),
    ],
)
def test_a_server_without_a_token_says_how_to_allow_writes(
    reader: httpx.Client, method: str, address: str, content_type: str, body: str
) -> None:
    headers = {"Content-Type": content_type, **BEARER}
    reply = reader.request(method, address, content=body, headers=headers)
    assert reply.status_code == 403
    assert "HEARSAY_TOKEN" in reply.json()["error"]["what_to_do"]
    assert "write" not in reader.get("/health").json()["workers"]


@pytest.mark.parametrize("scheme", ["Bearer", "bearer", "BEARER "])
def test_the_scheme_is_read_in_any_case(scheme: str) -> None:
    check_token(TOKEN, f"{scheme} {TOKEN} ")
    with pytest.raises(NotPermitted):
        check_token(TOKEN, f"{scheme} {TOKEN[:-1]}")
    with pytest.raises(NotPermitted):
        check_token(None, f"{scheme} {TOKEN}")


@pytest.mark.parametrize(
    ("update", "parameters", "status", "what"),
    [
        ("INSERT DATA { <a> <b> }", {}, 400, "line 1"),
        ("INSERT DATA { <a> <b> <c> }", {}, 403, "merged view"),
        ("CLEAR ALL", {}, 403, "default graph"),
        (f"DROP GRAPH <{IRIS.graph('meta')}>", {}, 403, "hearsay load"),
        ("LOAD <http://127.0.0.1:9/>", {}, 403, "LOAD"),
        (f"INSERT {{ GRAPH <{E}g> {{}} }} WHERE {{ SERVICE <http://e/> {{}} }}", {}, 403, "SERVICE"),
        (f"DROP GRAPH <{E}none>", {}, 409, "does not exist"),
        (f"DELETE WHERE {{ GRAPH <{E}g> {{ {'?s ?p ?o . ' * 150} }} }}", {}, 403, "patterns"),
        (INSERT, {"default-graph-uri": f"{E}g"}, 400, "using-graph-uri"),
        (INSERT, {"using-graph-uri": "no iri"}, 400, "absolute IRI"),
        (
            f"WITH <{E}g> DELETE {{ ?s ?p ?o }} WHERE {{ ?s ?p ?o }}",
            {"using-graph-uri": f"{E}g"},
            400,
            "both choose",
        ),
    ],
)
def test_an_update_that_can_not_be_done_is_told(
    client: httpx.Client, update: str, parameters: dict[str, str], status: int, what: str
) -> None:
    version = client.get("/health").json()["snapshot"]
    reply = send(client, update, **parameters)
    assert reply.status_code == status, reply.text
    assert what in reply.json()["error"]["what"]
    assert str(client.base_url) not in reply.text
    assert client.get("/health").json()["snapshot"] == version


def test_the_request_chooses_the_graphs_that_an_update_reads(client: httpx.Client) -> None:
    send(client, f"{CLEAR} ; {INSERT} ; INSERT DATA {{ GRAPH <{E}h> {{ <{E}x> <{E}p> <{E}y> }} }}")
    copy = f"INSERT {{ GRAPH <{E}copy> {{ ?s ?p ?o }} }} WHERE {{ ?s <{E}p> ?o . ?s ?p ?o }}"
    assert send(client, copy, **{"using-graph-uri": f"{E}h"}).status_code == 204
    assert number(client, f"GRAPH <{E}copy> {{ ?s ?p ?o }}") == 1
    assert number(client, f"GRAPH <{E}copy> {{ <{E}x> ?p ?o }}") == 1


def test_a_long_update_needs_the_token_first() -> None:
    long = "INSERT DATA { GRAPH <urn:g> { " + "<urn:a> <urn:b> <urn:c> . " * 10_000 + "} }"
    with (
        fast_folder() as folder,
        serving(
            Settings(data=copy_whole(folder), query_workers=1, token=TOKEN, max_write_bytes=200_000)
        ) as client,
    ):
        assert send(client, long).status_code == 413
        assert send(client, long[:150_000]).status_code == 400
        form = client.post("/sparql", data={"update": long[:150_000]})
        assert form.status_code in (401, 413)


def test_a_write_runs_under_limits_and_questions_are_answered_meanwhile() -> None:
    cross = "?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l"
    runaway = (
        f"INSERT {{ GRAPH <{E}g> {{ <{E}a> <{E}b> ?n }} }} WHERE {{ SELECT (COUNT(*) AS ?n) {{ {cross} }} }}"
    )
    settings = {
        "token": TOKEN,
        "query_workers": 1,
        "write_timeout_s": 2.0,
        "write_memory_bytes": 2 * 1024**3,
    }
    with (
        fast_folder() as folder,
        serving(Settings(data=copy_whole(folder), **settings)) as client,  # type: ignore[arg-type]
    ):
        version = client.get("/health").json()["snapshot"]
        replies: list[httpx.Response] = []
        asked = threading.Thread(target=lambda: replies.append(send(client, runaway)))
        started = time.monotonic()
        asked.start()
        with httpx.Client(base_url=client.base_url, timeout=20) as other:
            while asked.is_alive():
                assert other.get("/sparql", params={"query": "ASK { ?s ?p ?o }"}).json()["boolean"] is True
                time.sleep(0.05)
        asked.join()
        assert time.monotonic() - started >= 2
        assert replies[0].status_code == 503
        assert client.get("/health").json()["snapshot"] == version
        sort = (
            f"INSERT {{ GRAPH <{E}g> {{ ?a ?b ?c }} }} WHERE {{ SELECT * {{ {cross} }} ORDER BY ?c LIMIT 1 }}"
        )
        assert send(client, sort).status_code in (413, 503)
        assert send(client, INSERT).status_code == 204
        assert list(folder.glob("work-*")) == []


def test_two_writers_wait_for_each_other(client: httpx.Client) -> None:
    send(client, f"DROP SILENT GRAPH <{E}many>")
    statuses: list[int] = []

    def write(value: int) -> None:
        with httpx.Client(base_url=client.base_url, timeout=60) as own:
            text = f"INSERT DATA {{ GRAPH <{E}many> {{ <{E}a> <{E}p> {value} }} }}"
            statuses.append(send(own, text).status_code)

    writers = [threading.Thread(target=write, args=(value,)) for value in range(6)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    assert statuses == [204] * 6
    assert number(client, f"GRAPH <{E}many> {{ ?s ?p ?o }}") == 6


def test_sparqlwrapper_updates(client: httpx.Client) -> None:
    send(client, CLEAR)
    wrapper = SPARQLWrapper(f"{client.base_url}/sparql")
    wrapper.addCustomHttpHeader("Authorization", BEARER["Authorization"])
    wrapper.setMethod(POST)
    wrapper.setQuery(INSERT)
    assert wrapper.isSparqlUpdateRequest()
    wrapper.query()
    assert number(client, f"GRAPH <{E}g> {{ ?s ?p ?o }}") == 1


@pytest.mark.parametrize("at_once", [True, False])
def test_rdflib_writes_as_into_its_own_store(client: httpx.Client, at_once: bool) -> None:
    send(client, CLEAR)
    address = f"{client.base_url}/sparql"
    store = SPARQLUpdateStore(address, address, headers=BEARER, autocommit=at_once)
    graph = Graph(store=store, identifier=URIRef(f"{E}g"))
    graph.add((URIRef(f"{E}a"), URIRef(f"{E}p"), Literal('quoted "words"\n and ü', lang="en")))
    graph.add((URIRef(f"{E}a"), URIRef(f"{E}p"), Literal(5)))
    if not at_once:
        store.commit()
    assert set(graph.objects()) == {Literal('quoted "words"\n and ü', lang="en"), Literal(5)}
    graph.remove((None, None, Literal(5)))
    if not at_once:
        store.commit()
    assert number(client, f"GRAPH <{E}g> {{ ?s ?p ?o }}") == 1
    assert len(graph) == 1


def test_a_plain_server_keeps_other_data_apart() -> None:
    with (
        fast_folder() as folder,
        serving(Settings(data=folder / "new", query_workers=1, token=TOKEN, default_graph="plain")) as client,
    ):
        assert client.get("/sparql", params={"query": "ASK { ?s ?p ?o }"}).json()["boolean"] is False
        assert send(client, f"{INSERT} ; INSERT DATA {{ <b> <{E}p> 1 }}").status_code == 204
        assert number(client, "?s ?p ?o") == 1
        assert number(client, "GRAPH ?g { ?s ?p ?o }") == 1
        # A relative IRI is completed by the base of the graph.
        assert number(client, f"<{IRIS.base}b> ?p ?o") == 1
        assert number(client, "<b> ?p ?o") == 1
        assert send(client, "DROP ALL").status_code == 204
        assert number(client, "?s ?p ?o") == 0


def test_a_folder_of_articles_is_not_written_as_a_plain_one() -> None:
    with (
        fast_folder() as folder,
        serving(
            Settings(data=copy_whole(folder), query_workers=1, token=TOKEN, default_graph="plain")
        ) as client,
    ):
        reply = send(client, INSERT)
        assert reply.status_code == 403
        assert "HEARSAY_DEFAULT_GRAPH" in reply.json()["error"]["what"]
        assert number(client, "?s hs:fileName ?o") == 2
