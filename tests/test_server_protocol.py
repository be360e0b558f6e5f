"""How a query is read out of a request: once, strictly, by the standard."""

from __future__ import annotations

import time
from urllib.parse import quote, urlencode

import pytest

from graph.errors import HearsayError, QueryTooLarge
from server.protocol import FORM, QUERY, UPDATE, BadRequest, Operation, is_steady, read_operation, shape_of

ASK = "ASK {}"


def read(
    method: str = "GET",
    address: str | bytes = "",
    content_type: str | None = None,
    body: bytes = b"",
    limit: int = 10_000,
) -> Operation:
    query_string = address if isinstance(address, bytes) else address.encode()
    return read_operation(
        method=method, query_string=query_string, content_type=content_type, body=body, max_query_bytes=limit
    )


@pytest.mark.parametrize(
    ("method", "address", "content_type", "body"),
    [
        ("GET", urlencode({"query": ASK}), None, b""),
        ("HEAD", urlencode({"query": ASK}), None, b""),
        ("POST", "", FORM, urlencode({"query": ASK}).encode()),
        ("POST", "", f"{FORM}; charset=UTF-8", urlencode({"query": ASK}).encode()),
        ("POST", "", QUERY, ASK.encode()),
        ("POST", "", f"{QUERY.upper()};charset=utf-8", ASK.encode()),
    ],
)
def test_the_three_ways_give_the_same_operation(
    method: str, address: str, content_type: str | None, body: bytes
) -> None:
    assert read(method, address, content_type, body) == Operation(query=ASK)


def test_a_value_is_decoded_exactly_once() -> None:
    query = 'SELECT ("100%25 + 1" AS ?x) {}'
    assert read(address=urlencode({"query": query})).query == query
    assert read("POST", "", FORM, urlencode({"query": query}).encode()).query == query


def test_the_graphs_named_are_kept_and_the_other_side_is_empty() -> None:
    address = urlencode([("query", ASK), ("default-graph-uri", "urn:a"), ("default-graph-uri", "urn:b")])
    assert read(address=address) == Operation(query=ASK, default_graphs=("urn:a", "urn:b"), named_graphs=())
    form = read("POST", "default-graph-uri=urn%3Aa", FORM, b"query=ASK+%7B%7D&default-graph-uri=urn%3Ab")
    assert form == Operation(query=ASK, default_graphs=("urn:a", "urn:b"), named_graphs=())
    update = read("POST", "using-graph-uri=urn%3Aa&using-named-graph-uri=urn%3Ab", UPDATE, b"CLEAR ALL")
    assert update == Operation(update="CLEAR ALL", default_graphs=("urn:a",), named_graphs=("urn:b",))
    direct = read("POST", "named-graph-uri=urn%3Ac&format=csv", QUERY, ASK.encode())
    assert direct == Operation(query=ASK, default_graphs=(), named_graphs=("urn:c",), format="csv")


@pytest.mark.parametrize(
    ("method", "address", "content_type", "body", "status"),
    [
        ("GET", "query=ASK%7B%7D&query=ASK%7B%7D", None, b"", 400),
        ("GET", "query=ASK%7B%7D&format=csv&format=xml", None, b"", 400),
        ("GET", "query=%FF", None, b"", 400),
        ("GET", b"query=\xff", None, b"", 400),
        ("GET", "query=ASK%7B%7D&default-graph-uri=not%20an%20iri", None, b"", 400),
        ("GET", "query=ASK%7B%7D&default-graph-uri=relative", None, b"", 400),
        ("GET", "&".join(f"a{n}=1" for n in range(1100)), None, b"", 400),
        ("POST", "", FORM, b"", 400),
        ("POST", "", FORM, b"other=1", 400),
        ("POST", "", FORM, b"query=a&query=b", 400),
        ("POST", "", FORM, b"query=%C3%28", 400),
        ("POST", "query=ASK%7B%7D", FORM, b"query=ASK%7B%7D", 400),
        ("POST", "query=ASK%7B%7D", QUERY, b"ASK {}", 400),
        ("POST", "", QUERY, "ASK { ?s ?p 'é' }".encode("latin-1"), 400),
        ("GET", "update=CLEAR+ALL", None, b"", 400),
        ("POST", "update=CLEAR+ALL", UPDATE, b"CLEAR ALL", 400),
        ("POST", "", FORM, b"update=a&update=b", 400),
        ("POST", "", FORM, b"update=CLEAR+ALL&query=ASK%7B%7D", 400),
        ("POST", "default-graph-uri=urn%3Aa", UPDATE, b"CLEAR ALL", 400),
        ("POST", "using-graph-uri=urn%3Aa", QUERY, b"ASK {}", 400),
        ("GET", "query=ASK%7B%7D&using-named-graph-uri=urn%3Aa", None, b"", 400),
        ("POST", "using-graph-uri=relative", UPDATE, b"CLEAR ALL", 400),
        ("POST", "", UPDATE, b"\xff", 400),
        ("POST", "", f"{QUERY}; charset=utf-16", b"ASK {}", 415),
        ("POST", "", f'{UPDATE}; Charset="latin-1"', b"CLEAR ALL", 415),
        ("POST", "", None, b"query=ASK%7B%7D", 415),
        ("POST", "", "text/plain", b"ASK {}", 415),
        ("POST", "", "application/json", b"{}", 415),
    ],
)
def test_what_is_no_query_is_told_and_never_guessed(
    method: str, address: str | bytes, content_type: str | None, body: bytes, status: int
) -> None:
    with pytest.raises(BadRequest) as caught:
        read(method, address, content_type, body)
    assert caught.value.status == status
    assert str(caught.value)


@pytest.mark.parametrize(
    ("method", "address", "content_type", "body"),
    [
        ("POST", "", FORM, b"update=CLEAR+ALL"),
        ("POST", "", UPDATE, b"CLEAR ALL"),
        ("POST", "", f"{UPDATE}; charset=UTF-8", b"CLEAR ALL"),
        ("POST", "format=csv&other=1", UPDATE, b"CLEAR ALL"),
    ],
)
def test_an_update_is_read_like_a_query(
    method: str, address: str, content_type: str | None, body: bytes
) -> None:
    found = read(method, address, content_type, body)
    assert (found.query, found.update) == (None, "CLEAR ALL")


def test_a_query_past_the_limit_is_too_large_by_bytes_not_letters() -> None:
    query = "ASK {} #" + "é" * 20
    assert read(address=f"query={quote(query)}", limit=48).query == query
    with pytest.raises(QueryTooLarge, match="47 bytes"):
        read(address=f"query={quote(query)}", limit=47)


@pytest.mark.parametrize(
    ("query", "shape"),
    [
        ("SELECT * {}", "table"),
        ("ask {}", "table"),
        ("# SELECT\nCONSTRUCT WHERE {}", "graph"),
        ("PREFIX select: <http://x/ask#y>\nDESCRIBE select:a", "graph"),
        ("BASE <http://x/>\r\nPREFIX : <#>\n  SELECT*{}", "table"),
        ("prefix ex.a-b: <urn:x#> construct{} {}", "graph"),
        ('VERSION "1.2" SELECT * {}', "table"),
        ("DROP ALL", None),
        ("SELECTION", None),
        ("", None),
        ("PREFIX x <oops> SELECT", None),
    ],
)
def test_the_shape_of_the_answer_follows_from_the_first_word(query: str, shape: str | None) -> None:
    assert shape_of(query) == shape


@pytest.mark.parametrize(
    "piece", ["# comment\n", " ", "PREFIX a: <urn:a>\n", "PREFIX a:", "prefix ", "BASE <", "#"]
)
def test_a_hostile_prologue_is_read_in_linear_time(piece: str) -> None:
    started = time.perf_counter()
    shape_of(piece * (200_000 // len(piece)))
    assert time.perf_counter() - started < 1


@pytest.mark.parametrize(
    ("query", "steady"),
    [("SELECT * {}", True), ("SELECT (NOW() AS ?n) {}", False), ("ASK { FILTER(rand ()>1) }", False)],
)
def test_a_query_by_clock_or_chance_is_not_steady(query: str, steady: bool) -> None:
    assert is_steady(query) is steady


def test_every_refusal_is_of_the_one_tree() -> None:
    assert issubclass(BadRequest, HearsayError)
