"""`/graphs` keeps the SPARQL 1.1 Graph Store HTTP Protocol."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import quote

import httpx
import pytest
from rdflib import Graph
from rdflib.compare import isomorphic

from server.negotiation import GRAPHS
from server.settings import Settings
from tests.fast_folder import fast_folder
from tests.server_sample import FIRST, IRIS, copy_whole, key_of, serving

TOKEN = "a-secret-of-the-tests"
BEARER = {"Authorization": f"Bearer {TOKEN}"}
TURTLE = {"Content-Type": "text/turtle", **BEARER}
DATA = '@prefix e: <http://example.org/> . e:a e:p [ e:q "ü" ], <#here> .'
ARTICLE = f"article/{key_of(FIRST)}"


@pytest.fixture(scope="module")
def client() -> Iterator[httpx.Client]:
    with (
        fast_folder() as folder,
        serving(Settings(data=copy_whole(folder), query_workers=1, token=TOKEN)) as client,
    ):
        yield client


def read(reply: httpx.Response) -> Graph:
    assert reply.status_code == 200, reply.text
    return Graph().parse(data=reply.content, format="turtle")


def test_a_graph_is_named_by_its_address_or_by_its_iri(client: httpx.Client) -> None:
    iri = IRIS.graph(ARTICLE)
    direct = client.get(f"/graph/{ARTICLE}")
    indirect = client.get("/graphs", params={"graph": iri})
    assert direct.content == indirect.content
    assert "first.txt" in direct.text
    assert client.get(f"/graphs?graph={iri}").content == direct.content
    assert len(read(client.get("/graphs?default"))) > len(read(direct))


@pytest.mark.parametrize(
    ("address", "status", "put"),
    [
        ("/graph/article/none", 404, 403),
        ("/graphs/none", 404, 201),
        ("/graphs?graph=http://example.org/none", 404, 201),
        ("/graphs?graph=relative", 400, 400),
        ("/graphs?graph=", 400, 400),
        ("/graphs?graph=urn:a&graph=urn:b", 400, 400),
        ("/graphs?graph=urn:a&default", 400, 400),
        ("/graphs/x?default", 400, 400),
        ("/graphs?graph=%FF", 400, 400),
    ],
)
def test_what_names_no_graph_is_told(client: httpx.Client, address: str, status: int, put: int) -> None:
    assert client.get(address).status_code == status
    assert client.head(address).status_code == status
    assert client.put(address, content="", headers=TURTLE).status_code == put
    assert client.delete(address, headers=BEARER).status_code == {201: 204}.get(put, put)


@pytest.mark.parametrize("name", GRAPHS)
def test_what_is_put_comes_back_in_every_form(client: httpx.Client, name: str) -> None:
    graph = Graph().parse(data=DATA, format="turtle", publicID=f"{IRIS.base}graphs/forms")
    assert client.put("/graphs/forms", content=DATA, headers=TURTLE).status_code in (201, 204)
    sent = client.get("/graphs/forms", headers={"Accept": GRAPHS[name]})
    assert sent.headers["content-type"].partition(";")[0] == GRAPHS[name]
    back = client.put("/graphs/forms", content=sent.content, headers={**BEARER, "Content-Type": GRAPHS[name]})
    assert back.status_code == 204
    assert isomorphic(graph, read(client.get("/graphs/forms")))


def test_put_takes_the_place_and_post_adds(client: httpx.Client) -> None:
    client.delete("/graphs/mine", headers=BEARER)
    first = client.put("/graphs/mine", content=DATA, headers=TURTLE)
    assert (first.status_code, first.headers["location"]) == (201, f"{IRIS.base}graphs/mine")
    assert client.put("/graphs/mine", content=DATA, headers=TURTLE).status_code == 204
    assert len(read(client.get("/graphs/mine"))) == 3
    # The blank node that is added is no other's.
    assert client.post("/graphs/mine", content=DATA, headers=TURTLE).status_code == 204
    assert len(read(client.get("/graphs/mine"))) == 5
    assert client.put("/graphs/mine", content="<urn:a> <urn:b> 1 .", headers=TURTLE).status_code == 204
    assert len(read(client.get("/graphs/mine"))) == 1
    assert client.delete("/graphs/mine", headers=BEARER).status_code == 204
    assert client.delete("/graphs/mine", headers=BEARER).status_code == 404


def test_putting_the_same_again_changes_no_version(client: httpx.Client) -> None:
    client.put("/graphs/same", content=DATA, headers=TURTLE)
    version = client.get("/health").json()["snapshot"]
    client.put("/graphs/same", content=DATA, headers=TURTLE)
    assert client.get("/health").json()["snapshot"] == version


def test_a_new_graph_gets_a_name(client: httpx.Client) -> None:
    made = client.post("/graphs", content=DATA, headers=TURTLE)
    assert made.status_code == 201
    place = made.headers["location"]
    assert place.startswith(f"{IRIS.base}graphs/")
    assert len(read(client.get("/graphs", params={"graph": place}))) == 3
    assert len(read(client.get(place.removeprefix(IRIS.base.rstrip("/"))))) == 3


@pytest.mark.parametrize("name", ["my%20graph", "%C3%BC", "a/b.ttl", "a%2Fb", "x:y@z"])
def test_an_address_is_the_name_as_it_stands(client: httpx.Client, name: str) -> None:
    assert client.put(f"/graphs/{name}", content=DATA, headers=TURTLE).status_code == 201
    assert len(read(client.get(f"/graphs?graph={quote(f'{IRIS.base}graphs/{name}', safe='')}"))) == 3
    assert client.delete(f"/graphs/{name}", headers=BEARER).status_code == 204


def test_a_form_of_several_files_is_added(client: httpx.Client) -> None:
    files = {
        "one": ("one.ttl", "<urn:a> <urn:b> 'é' .".encode(), "text/turtle; charset=utf-8"),
        "two": ("two.nt", b"<urn:a> <urn:b> <urn:c> .\r\n", "application/n-triples"),
    }
    client.delete("/graphs/form", headers=BEARER)
    assert client.post("/graphs/form", files=files, headers=BEARER).status_code == 201
    assert "é" in client.get("/graphs/form").text
    assert len(read(client.get("/graphs/form"))) == 2


@pytest.mark.parametrize(
    ("content_type", "body", "status"),
    [
        ("text/turtle", b"<urn:a> <urn:b> .", 400),
        ("text/turtle", b"<urn:a> <urn:b> '\xff' .", 400),
        ("text/turtle; charset=latin-1", b"", 415),
        ("application/n-quads", b"<urn:a> <urn:b> <urn:c> <urn:g> .", 400),
        ("text/html", b"<p>", 415),
        ("", b"<urn:a> <urn:b> <urn:c> .", 415),
        ("multipart/form-data", b"--x", 400),
        ("multipart/form-data; boundary=x", b"--x\r\nContent-Type: text/html\r\n\r\n<p>\r\n--x--", 400),
        ("application/rdf+xml", b"<rdf", 400),
        ("application/ld+json", b'{"@context": "http://127.0.0.1:9/"}', 400),
        ("text/turtle", b"#" * 120_000, 413),
    ],
)
def test_what_is_no_graph_is_told_and_not_written(
    content_type: str, body: bytes, status: int, small: httpx.Client
) -> None:
    headers = {**BEARER, "Content-Type": content_type}
    reply = small.put("/graphs/bad", content=body, headers=headers)
    assert reply.status_code == status, reply.text
    assert small.get("/graphs/bad").status_code == 404


@pytest.fixture(scope="module")
def small() -> Iterator[httpx.Client]:
    """Give a server that takes little at a time."""
    settings = {"query_workers": 1, "token": TOKEN, "max_write_bytes": 100_000}
    with (
        fast_folder() as folder,
        serving(Settings(data=copy_whole(folder), **settings)) as client,  # type: ignore[arg-type]
    ):
        yield client


def test_a_coded_body_is_not_taken(client: httpx.Client) -> None:
    reply = client.put("/graphs/coded", content=b"x", headers={**TURTLE, "Content-Encoding": "gzip"})
    assert reply.status_code == 415


@pytest.mark.parametrize("address", [f"/graph/{ARTICLE}", "/graph/meta", "/graph/new", "/graphs?default"])
@pytest.mark.parametrize("method", ["PUT", "POST", "DELETE"])
def test_what_the_loader_maintains_stays(client: httpx.Client, address: str, method: str) -> None:
    before = client.get("/health").json()["snapshot"]
    reply = client.request(method, address, content=DATA, headers=TURTLE)
    assert reply.status_code == 403
    assert "HEARSAY_DEFAULT_GRAPH" in reply.text or "hearsay load" in reply.text
    assert client.get("/health").json()["snapshot"] == before


def test_tags_tell_what_a_client_holds(client: httpx.Client) -> None:
    client.put("/graphs/tags", content=DATA, headers=TURTLE)
    tag = client.get("/graphs/tags").headers["etag"]
    assert client.get("/graphs/tags", headers={"If-None-Match": tag}).status_code == 304
    assert client.get("/graphs/tags", headers={"Accept": GRAPHS["nt"]}).headers["etag"] != tag
    new_only = client.put("/graphs/tags", content=DATA, headers={**TURTLE, "If-None-Match": "*"})
    assert new_only.status_code == 412
    fresh = client.post("/graphs/tags", content="<urn:n> <urn:n> 1 .", headers={**TURTLE, "If-Match": tag})
    assert fresh.status_code == 204
    for held in (tag, '"nothing"', 'W/"x"'):
        stale = client.put("/graphs/tags", content=DATA, headers={**TURTLE, "If-Match": held})
        assert stale.status_code == 412, held
    assert client.delete("/graphs/tags", headers={**BEARER, "If-Match": tag}).status_code == 412
    assert len(read(client.get("/graphs/tags"))) == 4


def test_a_head_says_what_a_get_would(client: httpx.Client) -> None:
    got, head = client.get("/graph/meta"), client.head("/graph/meta")
    assert head.content == b""
    assert head.headers["etag"] == got.headers["etag"]
    assert head.headers["content-type"] == got.headers["content-type"] == "text/turtle; charset=utf-8"


def test_all_graphs_are_listed(client: httpx.Client) -> None:
    client.put("/graphs/listed", content=DATA, headers=TURTLE)
    found = {one["graph"]: one["triples"] for one in client.get("/graphs").json()["graphs"]}
    assert found[f"{IRIS.base}graphs/listed"] == 3
    assert found[str(IRIS.graph(ARTICLE))] == len(read(client.get(f"/graph/{ARTICLE}")))
    described = client.get("/graphs", headers={"Accept": "text/turtle"})
    assert "sd:namedGraph" in described.text


def test_methods_are_told_and_any_site_may_ask(client: httpx.Client) -> None:
    methods = "GET, HEAD, PUT, POST, DELETE, OPTIONS"
    assert client.options("/graphs").headers["allow"] == methods
    assert client.options("/graphs/x").headers["allow"] == methods
    refused = client.patch("/graphs/x", content="")
    assert (refused.status_code, refused.headers["allow"]) == (405, methods)
    asked = {
        "Origin": "https://example.org",
        "Access-Control-Request-Method": "PUT",
        "Access-Control-Request-Headers": "authorization, content-type",
    }
    before = client.options("/graphs/x", headers=asked)
    assert before.status_code == 200
    assert "PUT" in before.headers["access-control-allow-methods"]
    assert "authorization" in before.headers["access-control-allow-headers"].lower()
    assert "access-control-allow-credentials" not in before.headers


def test_a_form_that_there_is_not_is_refused(client: httpx.Client) -> None:
    assert client.get("/graph/meta", headers={"Accept": "image/png"}).status_code == 406
    assert client.put("/graphs", content=DATA, headers=TURTLE).status_code == 400
    assert client.delete("/graphs", headers=BEARER).status_code == 400
