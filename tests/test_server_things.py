"""A thing's name leads to its page or its data; passages are checked now; hostile words stay words."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from rdflib import Graph, URIRef

from graph.terms import HS
from server.settings import Settings
from tests.server_sample import (
    DENIAL,
    FIRST,
    HOSTILE,
    HOSTILE_CLAIM,
    IRIS,
    SECOND,
    copy_whole,
    key_of,
    serving,
)

BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
START = FIRST.index("its forces")
END = START + len("its forces entered Riverton on Monday")
MENTION = f"{key_of(FIRST)}-{START}-0"
PAGES = [
    ("statement", DENIAL),
    ("statement", HOSTILE_CLAIM),
    ("article", key_of(FIRST)),
    ("article", key_of(SECOND)),
    ("agent", "northern-front"),
    ("agent", "southern-council"),
    ("agent", "wire"),
    ("place", "riverton"),
    ("situation", "entry-of-the-front"),
    ("mention", MENTION),
    ("span", f"{key_of(FIRST)}-{START}-{END}"),
    ("dispatch", f"wire-{key_of(FIRST)}"),
]


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return copy_whole(tmp_path_factory.mktemp("data"))


@pytest.fixture(scope="module")
def client(data: Path) -> Iterator[httpx.Client]:
    with serving(Settings(data=data, query_workers=1)) as client:
        yield client


def page(client: httpx.Client, address: str) -> httpx.Response:
    return client.get(address, headers={"Accept": BROWSER})


@pytest.mark.parametrize(
    ("accept", "target"),
    [
        (BROWSER, f"/page/statement/{DENIAL}"),
        ("*/*", f"/page/statement/{DENIAL}"),
        ("application/json", f"/data/statement/{DENIAL}.json"),
        ("text/turtle", f"/data/statement/{DENIAL}.ttl"),
        ("application/ld+json", f"/data/statement/{DENIAL}.jsonld"),
        ("application/n-triples", f"/data/statement/{DENIAL}.nt"),
        ("application/rdf+xml, text/turtle;q=0.5", f"/data/statement/{DENIAL}.rdf"),
    ],
)
def test_a_name_leads_to_page_or_data(client: httpx.Client, accept: str, target: str) -> None:
    reply = client.get(f"/id/statement/{DENIAL}", headers={"Accept": accept})
    assert reply.status_code == 303
    assert reply.headers["location"] == target
    assert "Accept" in reply.headers["vary"]
    assert client.get(target, headers={"Accept": accept}).status_code == 200


def test_a_form_that_is_not_there_is_told(client: httpx.Client) -> None:
    reply = client.get(f"/id/statement/{DENIAL}", headers={"Accept": "image/png"})
    assert reply.status_code == 406
    assert "text/turtle" in reply.json()["error"]["what_to_do"]


def test_the_record_of_a_statement_has_every_passage_with_its_context(client: httpx.Client) -> None:
    record = client.get(f"/data/statement/{DENIAL}.json").json()
    assert record["speaker"]["label"] == "Northern Front"
    assert record["verified"] is True
    assert record["independent_origins"] == 1
    assert [mention["article"]["file"] for mention in record["mentions"]] == ["first.txt", "second.txt"]
    for mention, text in zip(record["mentions"], (FIRST, SECOND), strict=True):
        assert mention["via"]["agency"]["label"] == "The Wire"
        for span in mention["spans"]:
            assert text[span["start"] : span["end"]] == span["exact"]
            assert span["before"] == text[max(0, span["start"] - 32) : span["start"]]
            assert span["after"] == text[span["end"] : span["end"] + 32]


def test_the_page_of_a_statement_shows_it(client: httpx.Client) -> None:
    text = page(client, f"/page/statement/{DENIAL}").text
    for words in (
        "Northern Front",
        "denial",
        "its forces entered Riverton on Monday",
        "its men entered Riverton",
        "first.txt",
        key_of(FIRST),
        "The Wire",
        "1 independent origin behind 2 passages",
        "Verified now",
        f"characters {START} to {END}",
    ):
        assert words in text, words
    assert "Not verified" not in text


@pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated")  # rdflib's own reader of JSON-LD
@pytest.mark.parametrize(
    ("ending", "name"), [("ttl", "turtle"), ("nt", "nt"), ("rdf", "xml"), ("jsonld", "json-ld")]
)
def test_the_data_of_a_statement_is_the_same_graph_in_each_form(
    client: httpx.Client, ending: str, name: str
) -> None:
    reply = client.get(f"/data/statement/{DENIAL}.{ending}")
    found = Graph().parse(data=reply.text, format=name)
    statement = IRIS.of("statement", DENIAL)
    assert (statement, HS.speaker, IRIS.of("agent", "northern-front")) in found
    assert len(list(found.subjects(HS.mentionOf, statement))) == 2
    negotiated = client.get(f"/data/statement/{DENIAL}", headers={"Accept": reply.headers["content-type"]})
    assert negotiated.headers["content-type"] == reply.headers["content-type"]


@pytest.mark.parametrize(("kind", "key"), PAGES)
def test_every_kind_has_a_page_and_data(client: httpx.Client, kind: str, key: str) -> None:
    reply = page(client, f"/page/{kind}/{key}")
    assert reply.status_code == 200, reply.text
    assert str(IRIS.of(kind, key)) in reply.text
    assert client.get(f"/data/{kind}/{key}.json").json()["id"] == str(IRIS.of(kind, key))
    found = Graph().parse(data=client.get(f"/data/{kind}/{key}.ttl").text, format="turtle")
    assert (IRIS.of(kind, key), None, None) in found


@pytest.mark.parametrize(("kind", "key"), PAGES)
def test_hostile_words_stay_words_on_every_page(client: httpx.Client, kind: str, key: str) -> None:
    reply = page(client, f"/page/{kind}/{key}")
    for harm in ("<script", "<img", "<i>", "<b>", "\u202e", "onerror=alert(1)>", "javascript:"):
        assert harm not in reply.text, harm
    policy = reply.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "style=" not in reply.text
    assert reply.headers["x-content-type-options"] == "nosniff"


def test_hostile_words_can_be_read_and_their_hidden_characters_seen(client: httpx.Client) -> None:
    text = page(client, f"/page/statement/{HOSTILE_CLAIM}").text
    assert "&lt;script&gt;" in text
    assert "U+202E" in text
    record = client.get(f"/data/statement/{HOSTILE_CLAIM}.json").json()
    assert HOSTILE in {span["exact"] for mention in record["mentions"] for span in mention["spans"]}


def test_the_text_of_an_article_is_whole_and_its_contents_marked(client: httpx.Client) -> None:
    view = client.get(f"/data/article/{key_of(FIRST)}.json").json()
    assert "".join(piece["text"] for piece in view["segments"]) == FIRST
    marked = [piece["text"] for piece in view["segments"] if piece["statements"]]
    assert marked == ["its forces entered Riverton on Monday", HOSTILE]
    assert [line["verified"] for line in view["statements"]] == [True, True]


@pytest.mark.parametrize("address", ["/page/{}", "/data/{}.json", "/data/{}.ttl", "/data/{}"])
@pytest.mark.parametrize(
    "thing", ["statement/none", "article/0000000000000000", "agent/<b>", "span/%2e%2e%2fx"]
)
def test_an_unknown_thing_is_not_found_and_says_what_to_do(
    client: httpx.Client, address: str, thing: str
) -> None:
    reply = client.get(address.format(thing))
    assert reply.status_code == 404
    assert set(reply.json()["error"]) == {"status", "what", "where", "what_to_do"}
    shown = page(client, address.format(thing))
    assert shown.status_code == 404
    assert "<b>" not in shown.text


@pytest.mark.parametrize("address", ["/id/planet/mars", "/page/planet/mars", "/data/planet/mars.json"])
def test_an_unknown_kind_is_not_found(client: httpx.Client, address: str) -> None:
    reply = client.get(address)
    assert reply.status_code == 404
    assert "planet" in reply.json()["error"]["what"]


def test_a_known_form_is_not_sent_twice(client: httpx.Client) -> None:
    address = "/data/agent/northern-front.ttl"
    tag = client.get(address).headers["etag"]
    assert client.get(address, headers={"If-None-Match": tag}).status_code == 304


def test_a_head_has_no_body(client: httpx.Client) -> None:
    for address in (f"/page/statement/{DENIAL}", "/data/agent/northern-front.ttl", f"/id/statement/{DENIAL}"):
        reply = client.head(address)
        assert reply.status_code in (200, 303)
        assert reply.content == b""


def test_after_one_character_is_changed_the_passage_no_longer_verifies(tmp_path: Path) -> None:
    copy_whole(tmp_path)
    with serving(Settings(data=tmp_path, query_workers=1)) as client:
        before = page(client, f"/page/statement/{DENIAL}").text
        assert "Not verified" not in before
        copy = next(path for path in (tmp_path / "articles").iterdir() if path.name.startswith(key_of(FIRST)))
        copy.chmod(0o644)
        copy.write_bytes(FIRST.replace("its forces", "its farces").encode())
        after = page(client, f"/page/statement/{DENIAL}").text
        assert "Not verified" in after
        assert "its men entered Riverton" in after
        record = client.get(f"/data/statement/{DENIAL}.json").json()
        assert record["verified"] is False
        assert [mention["verified"] for mention in record["mentions"]] == [False, True]
        assert record["problems"]
        for kind, key in (("article", key_of(FIRST)), ("mention", MENTION)):
            assert "Not verified" in page(client, f"/page/{kind}/{key}").text
        copy.unlink()
        assert "Not verified" in page(client, f"/page/statement/{DENIAL}").text
        assert page(client, f"/page/article/{key_of(FIRST)}").status_code == 200


def test_links_stay_on_this_server_for_its_own_names(client: httpx.Client) -> None:
    text = page(client, f"/page/article/{key_of(FIRST)}").text
    assert f'href="/page/statement/{DENIAL}"' in text
    assert 'href="/page/agent/northern-front"' in text
    assert isinstance(IRIS.of("agent", "x"), URIRef)
