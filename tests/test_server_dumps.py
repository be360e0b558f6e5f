"""The downloads of a server are the dumps of the command line, byte for byte, with what a reader must know of them."""

from __future__ import annotations

import base64
import gzip
import hashlib
import io
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from rdflib import Graph, URIRef
from rdflib.namespace import DCAT, DCTERMS, PROV, RDF, VOID

from graph.dump_forms import FORMS, HOLDINGS
from graph.dumps import dump
from graph.snapshots import DataFolder
from server.settings import Settings
from tests.server_sample import FIRST, copy_whole, key_of, serving

LICENCE = "https://creativecommons.org/licenses/by/4.0/"
BROWSER = "text/html,application/xhtml+xml,*/*;q=0.8"


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return copy_whole(tmp_path_factory.mktemp("data"))


@pytest.fixture(scope="module")
def client(data: Path) -> Iterator[httpx.Client]:
    with serving(Settings(data=data, query_workers=1, licence=LICENCE)) as client:
        # The files themselves, in no coding for the way.
        client.headers["Accept-Encoding"] = "identity"
        yield client


def dumped(data: Path, form: str, article: str | None) -> bytes:
    out = io.BytesIO()
    with DataFolder(data).current() as snapshot:
        dump(snapshot, format=form, article=article, out=out)
    return out.getvalue()


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("article", [None, key_of(FIRST)])
def test_a_download_is_the_dump_with_its_digest(
    client: httpx.Client, data: Path, form: str, article: str | None
) -> None:
    address = f"/dumps/hearsay.{form}" if article is None else f"/dumps/article/{article}.{form}"
    reply = client.get(address)
    assert reply.status_code == 200
    assert reply.content == dumped(data, form, article)
    assert reply.headers["content-type"] == FORMS[form].media_type
    assert "content-encoding" not in reply.headers
    assert "no-transform" in reply.headers["cache-control"]
    told = base64.b64encode(hashlib.sha256(reply.content).digest()).decode()
    assert reply.headers["repr-digest"] == f"sha-256=:{told}:"
    assert DataFolder(data).version() in reply.headers["content-disposition"]  # type: ignore[operator]
    assert client.get(address, headers={"If-None-Match": reply.headers["etag"]}).status_code == 304


def test_a_part_of_a_file_can_be_asked_for_after_a_broken_transfer(client: httpx.Client) -> None:
    whole = client.get("/dumps/hearsay.nq.gz")
    rest = client.get(
        "/dumps/hearsay.nq.gz", headers={"Range": "bytes=100-", "If-Range": whole.headers["etag"]}
    )
    assert rest.status_code == 206
    assert whole.content[:100] + rest.content == whole.content
    assert gzip.decompress(whole.content) == client.get("/dumps/hearsay.nq").content


@pytest.mark.parametrize(
    ("address", "described"),
    [
        ("/dumps/hearsay.nq.zst", "/dumps/hearsay.void.ttl"),
        (f"/dumps/article/{key_of(FIRST)}.ttl", f"/dumps/article/{key_of(FIRST)}.void.ttl"),
    ],
)
def test_links_lead_to_description_provenance_and_licence(
    client: httpx.Client, address: str, described: str
) -> None:
    reply = client.head(address)
    links = {link["rel"]: link["url"] for link in reply.links.values()}
    assert links["describedby"] == links[str(PROV.has_provenance)] == described
    assert links["license"] == LICENCE
    assert links["collection"] == "/dumps"
    assert client.get(described).status_code == 200


@pytest.mark.parametrize("media_type", ["text/turtle", "application/rdf+xml", "application/n-triples"])
def test_the_catalogue_names_every_file_and_what_is_in_it(
    client: httpx.Client, data: Path, media_type: str
) -> None:
    reply = client.get("/dumps", headers={"Accept": media_type})
    assert reply.headers["content-type"].startswith(media_type)
    graph = Graph().parse(data=reply.text, format=media_type)
    held = Graph().parse(data=dumped(data, "void.ttl", None), format="turtle")
    assert set(held) <= set(graph)
    (dataset,) = graph.subjects(RDF.type, DCAT.Dataset)
    files = {
        str(file).removeprefix(str(client.base_url)) for file in graph.objects(dataset, DCAT.distribution)
    }
    assert {file.lstrip("/") for file in files} == {f"dumps/hearsay.{form}" for form in FORMS}
    dumps = set(graph.objects(dataset, VOID.dataDump))
    assert len(dumps) == len([form for form in FORMS.values() if form.format != HOLDINGS.format])
    assert set(graph.objects(None, DCTERMS.license)) >= {URIRef(LICENCE)}
    again = client.get("/dumps", headers={"Accept": media_type, "If-None-Match": reply.headers["etag"]})
    assert again.status_code == 304


def test_page_list_and_file_give_one_citation(client: httpx.Client, data: Path) -> None:
    held = Graph().parse(data=dumped(data, "void.ttl", None), format="turtle")
    (citation,) = map(str, held.objects(None, DCTERMS.bibliographicCitation))
    assert client.get("/dumps").json()["citation"] == citation
    page = client.get("/dumps", headers={"Accept": BROWSER}).text
    assert citation in page
    assert LICENCE in page


def test_without_a_licence_none_is_named(data: Path) -> None:
    with serving(Settings(data=data, query_workers=1)) as client:
        assert "license" not in client.get("/dumps/hearsay.nq").headers["link"]
        assert client.get("/dumps").json()["licence"] is None


@pytest.mark.parametrize(
    "address", ["/dumps/hearsay.rdf12.jsonld", "/dumps/hearsay.nq.zip", "/dumps/hearsay"]
)
def test_a_form_that_there_is_not_names_those_that_there_are(client: httpx.Client, address: str) -> None:
    reply = client.get(address)
    assert reply.status_code == 404
    assert "hearsay.rdf12.nq.zst" in reply.json()["error"]["what"]
