"""Home, health, vocabulary and downloads; and one shape for everything that goes wrong."""

from __future__ import annotations

import asyncio
import json
import logging
import time
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest
from fastapi import FastAPI
from rdflib import RDF, Graph, URIRef
from rdflib.namespace import DCAT, VOID

from graph.dumps import dump
from graph.snapshots import DataFolder
from graph.terms import HS, OWL
from server.app import create_app
from server.settings import Settings
from tests.server_sample import FIRST, copy_whole, first_sheet, key_of, load, second_sheet, serving

BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return copy_whole(tmp_path_factory.mktemp("data"))


@pytest.fixture(scope="module")
def client(data: Path) -> Iterator[httpx.Client]:
    with serving(Settings(data=data, query_workers=1)) as client:
        yield client


def page(client: httpx.Client, address: str) -> httpx.Response:
    return client.get(address, headers={"Accept": BROWSER})


def test_the_home_page_leads_to_everything(client: httpx.Client) -> None:
    reply = page(client, "/")
    assert reply.status_code == 200
    for piece in ('action="/ask"', "/sparql", "/dumps", "/ontology", "/health", "/questions"):
        assert piece in reply.text
    assert f"/page/article/{key_of(FIRST)}" in reply.text
    assert "Front denies &lt;b&gt;entry&lt;/b&gt;" in reply.text
    assert client.get("/static/style.css").headers["content-type"].startswith("text/css")


def test_health_tells_version_workers_and_fences(client: httpx.Client, data: Path) -> None:
    reply = client.get("/health")
    for _ in range(100):
        if reply.status_code == 200:
            break
        # A worker that is being replaced makes the server unready for a moment.
        time.sleep(0.1)
        reply = client.get("/health")
    assert reply.status_code == 200
    state = reply.json()
    assert (state["live"], state["ready"]) == (True, True)
    assert state["snapshot"] == DataFolder(data).version()
    assert set(state["workers"]) == {"query", "page", "dump"}
    assert any(note.startswith("memory:") for note in state["fences"])
    assert any(note.startswith("network:") for note in state["fences"])
    assert str(data) not in reply.text


def test_the_vocabulary_is_there_for_people_and_programs(client: httpx.Client) -> None:
    core = Graph().parse(data=client.get("/ontology").text, format="turtle")
    assert (HS.Denial, RDF.type, OWL.Class) in core
    same = Graph().parse(data=client.get("/ontology", params={"format": "nt"}).text, format="nt")
    assert len(same) == len(core)
    text = page(client, "/ontology").text
    assert 'id="Denial"' in text
    assert 'id="speaker"' in text


@pytest.mark.parametrize("name", ["ttl", "trig", "nq", "nt", "jsonld"])
def test_a_download_is_the_dump_of_the_snapshot(client: httpx.Client, data: Path, name: str) -> None:
    kept = BytesIO()
    with DataFolder(data).current() as snapshot:
        dump(snapshot, format=name, article=None, out=kept)
    reply = client.get(f"/dumps/hearsay.{name}")
    assert reply.status_code == 200
    assert reply.content == kept.getvalue()
    again = client.get(f"/dumps/hearsay.{name}", headers={"If-None-Match": reply.headers["etag"]})
    assert again.status_code == 304
    assert client.head(f"/dumps/hearsay.{name}").headers["content-length"] == str(len(kept.getvalue()))


def test_one_article_can_be_taken_alone(client: httpx.Client) -> None:
    key = key_of(FIRST)
    found = Graph().parse(data=client.get(f"/dumps/article/{key}.ttl").text, format="turtle")
    assert {str(name) for name in found.objects(None, HS.fileName)} == {"first.txt"}
    lines = client.get(f"/dumps/article/{key}.nq").text.splitlines()
    assert lines == sorted(lines)
    assert all(line.endswith(f"graph/article/{key}> .") for line in lines)


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/dumps/hearsay.zip", 404),
        ("/dumps/other.ttl", 404),
        ("/dumps/article/0000000000000000.ttl", 404),
        ("/dumps/article/..%2f..%2fpasswd.ttl", 404),
        ("/dumps/article/x.exe", 400),
    ],
)
def test_a_download_that_is_not_there_is_told(client: httpx.Client, address: str, status: int) -> None:
    reply = client.get(address)
    assert reply.status_code == status
    assert reply.json()["error"]["what_to_do"]


def test_the_downloads_are_listed_for_people_and_programs(client: httpx.Client, data: Path) -> None:
    assert "hearsay.ttl" in page(client, "/dumps").text
    listed = client.get("/dumps").json()
    assert listed["version"] == DataFolder(data).version()
    for line in (
        *listed["whole"],
        *({"href": h} for one in listed["articles"] for h in one["hrefs"].values()),
    ):
        assert client.head(line["href"]).status_code == 200
    described = Graph().parse(
        data=client.get("/dumps", headers={"Accept": "text/turtle"}).text, format="turtle"
    )
    files = set(described.objects(None, DCAT.downloadURL))
    assert URIRef(f"{client.base_url}/dumps/hearsay.ttl") in files
    assert set(described.objects(None, VOID.dataDump)) < files
    assert {urlsplit(str(file)).path for file in files} == {line["href"] for line in listed["whole"]}


def test_an_old_versions_files_are_cleared(tmp_path: Path) -> None:
    load(tmp_path, first_sheet())
    with serving(Settings(data=tmp_path, query_workers=1)) as client:
        first = client.get("/dumps/hearsay.nq").content
        shelf = tmp_path / "cache" / "dumps"
        (old,) = shelf.iterdir()
        load(tmp_path, second_sheet())
        assert client.get("/dumps/hearsay.nq").content != first
        (new,) = shelf.iterdir()
        assert new != old
        assert sorted(path.name for path in new.iterdir()) == ["hearsay.nq", "hearsay.nq.sha256"]


def test_before_anything_is_loaded_the_server_says_so(tmp_path: Path) -> None:
    with serving(Settings(data=tmp_path / "nothing", query_workers=1)) as client:
        health = client.get("/health")
        assert health.status_code == 503
        assert health.json()["live"] is True
        assert health.json()["ready"] is False
        assert "hearsay load" in health.json()["what"]
        home = page(client, "/")
        assert home.status_code == 200
        assert "hearsay load" in home.text
        asked = client.get("/sparql", params={"query": "ASK {}"})
        assert asked.status_code == 503
        assert "hearsay load" in asked.json()["error"]["what"]
        assert client.get("/dumps").status_code == 503
        assert client.get("/ontology").status_code == 200
        assert client.get("/sparql").status_code == 200
        load(tmp_path / "nothing", first_sheet())
        assert client.get("/sparql", params={"query": "ASK {}"}).json()["boolean"] is True
        assert client.get("/health").json()["ready"] is True


@pytest.mark.parametrize(
    ("method", "address", "status"),
    [
        ("GET", "/nothing/here", 404),
        ("POST", "/", 405),
        ("GET", "/static/../app.py", 404),
        ("GET", "/ask", 400),
    ],
)
def test_a_fault_has_one_shape_and_a_page_for_a_browser(
    client: httpx.Client, method: str, address: str, status: int
) -> None:
    reply = client.request(method, address)
    assert reply.status_code == status
    error = reply.json()["error"]
    assert list(error) == ["status", "what", "where", "what_to_do"]
    assert error["status"] == status
    if status != 400:
        shown = client.request(method, address, headers={"Accept": BROWSER})
        assert shown.status_code == status
        assert shown.headers["content-type"] == "text/html; charset=utf-8"
        assert error["what_to_do"].split(",")[0] in shown.text


@pytest.mark.parametrize("accept", ["*/*", BROWSER])
def test_an_unforeseen_error_is_logged_and_shows_no_trace(
    data: Path, accept: str, caplog: pytest.LogCaptureFixture
) -> None:
    async def ask(app: FastAPI) -> httpx.Response:
        async with app.router.lifespan_context(app):
            transport = httpx.ASGITransport(app=app)
            async with httpx.AsyncClient(transport=transport, base_url="http://here") as client:
                return await client.get("/broken", headers={"Accept": accept})

    app = create_app(Settings(data=data, query_workers=1))

    @app.get("/broken")
    async def broken() -> None:
        raise ZeroDivisionError("secret detail")

    with caplog.at_level(logging.ERROR, logger="hearsay.server"):
        reply = asyncio.run(ask(app))
    assert reply.status_code == 500
    assert "secret" not in reply.text
    assert "Traceback" not in reply.text
    assert "content-security-policy" in reply.headers
    assert any(record.exc_info for record in caplog.records)


def test_the_programs_description_of_the_server_is_there(client: httpx.Client) -> None:
    described = json.loads(client.get("/openapi.json").content)
    assert {"/sparql", "/health", "/dumps", "/ask"} <= set(described["paths"])
