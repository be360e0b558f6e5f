"""Answers leave gzip- or Zstandard-coded for clients that take it: the same bytes in a stream, with an own tag."""

from __future__ import annotations

import gzip
import http.client
from collections.abc import Iterator
from contextlib import closing
from urllib.parse import quote

import httpx
import pytest
import zstandard

from server.negotiation import choose_coding
from server.settings import Settings
from tests.fast_folder import fast_folder
from tests.server_sample import copy_whole, serving

LONG = "SELECT * { ?s ?p ?o }"
ENDLESS = "SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"
SHORT = "ASK { ?s ?p ?o }"


@pytest.fixture(scope="module")
def client() -> Iterator[httpx.Client]:
    settings = {"query_workers": 1, "query_timeout_s": 2.0, "read_ahead_bytes": 256 * 1024, "cache_bytes": 0}
    with (
        fast_folder() as folder,
        serving(Settings(data=copy_whole(folder), **settings)) as client,  # type: ignore[arg-type]
    ):
        yield client


@pytest.mark.parametrize(
    ("accept", "coding"),
    [
        (None, None),
        ("", None),
        ("identity", None),
        ("gzip", "gzip"),
        ("GZIP", "gzip"),
        ("zstd", "zstd"),
        ("gzip, deflate, br, zstd", "zstd"),
        ("gzip;q=1, zstd;q=0.5", "gzip"),
        ("gzip;q=0", None),
        ("gzip;q=0, *", "zstd"),
        ("*;q=0", None),
        ("*", "zstd"),
        ("identity, gzip;q=0.5", None),
        ("identity;q=0.5, gzip;q=0.5", "gzip"),
        ("deflate, br", None),
        ("gzip;q=2, zstd;q=x", None),
        (",;q=1,gzip", "gzip"),
    ],
)
def test_the_coding_is_what_the_client_likes_best(accept: str | None, coding: str | None) -> None:
    assert choose_coding(accept) == coding


def fetch(
    client: httpx.Client, query: str, accept: str, method: str = "GET", **headers: str
) -> tuple[http.client.HTTPResponse, bytes]:
    """Ask without anything in between that would decode."""
    link = http.client.HTTPConnection(client.base_url.host, client.base_url.port or 80, timeout=20)
    with closing(link):
        link.request(
            method,
            f"/sparql?format=json&query={quote(query)}",
            headers={"Accept-Encoding": accept, **headers},
        )
        with closing(link.getresponse()) as reply:
            return reply, reply.read()


def decode(coding: str | None, body: bytes) -> bytes:
    if coding == "gzip":
        return gzip.decompress(body)
    return zstandard.ZstdDecompressor().decompressobj().decompress(body) if coding == "zstd" else body


@pytest.mark.parametrize("coding", ["gzip", "zstd"])
def test_a_coded_answer_is_the_same_and_smaller(client: httpx.Client, coding: str) -> None:
    plain, whole = fetch(client, LONG, "identity")
    reply, body = fetch(client, LONG, coding)
    assert reply.getheader("content-encoding") == coding
    assert "Accept-Encoding" in str(reply.getheader("vary"))
    assert "Accept-Encoding" in str(plain.getheader("vary"))
    assert plain.getheader("content-encoding") is None
    assert decode(coding, body) == whole
    assert len(body) < len(whole) / 4


def test_a_short_answer_goes_as_it_is(client: httpx.Client) -> None:
    reply, body = fetch(client, SHORT, "gzip, zstd")
    assert reply.getheader("content-encoding") is None
    assert int(reply.getheader("content-length") or 0) == len(body)


def test_each_coding_has_a_tag_and_each_tag_is_understood(client: httpx.Client) -> None:
    tags = {
        accept: fetch(client, LONG, accept)[0].getheader("etag") for accept in ("identity", "gzip", "zstd")
    }
    assert len(set(tags.values())) == 3
    for accept, tag in tags.items():
        reply, body = fetch(client, LONG, accept, **{"If-None-Match": f'"x", {tag}'})
        assert (reply.status, body) == (304, b"")
        assert reply.getheader("etag") == tag


@pytest.mark.parametrize("coding", ["identity", "gzip", "zstd"])
def test_a_head_tells_of_the_coding_and_sends_nothing(client: httpx.Client, coding: str) -> None:
    got, _ = fetch(client, LONG, coding)
    head, body = fetch(client, LONG, coding, "HEAD")
    assert body == b""
    assert head.getheader("etag") == got.getheader("etag")
    assert head.getheader("content-encoding") == got.getheader("content-encoding")


@pytest.mark.parametrize("coding", ["gzip", "zstd"])
def test_a_coded_answer_that_is_cut_never_looks_whole(client: httpx.Client, coding: str) -> None:
    with pytest.raises(http.client.IncompleteRead) as caught:
        fetch(client, ENDLESS, coding)
    assert len(caught.value.partial) > 1024
    if coding == "gzip":
        with pytest.raises(EOFError):
            gzip.decompress(caught.value.partial)


def test_pages_and_files_are_coded_and_pictures_are_not(client: httpx.Client) -> None:
    for address, coded in (("/static/style.css", True), ("/ontology?format=ttl", True), ("/health", False)):
        reply = client.get(address, headers={"Accept-Encoding": "gzip"})
        assert (reply.headers.get("content-encoding") == "gzip") is coded, address
        assert reply.content
