"""Each request is one line of JSON with its id, and nothing that was asked is in the log unless a setting says so."""

from __future__ import annotations

import io
import json
import logging
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from server import logs
from server.logs import JsonFormatter, TextFormatter, choose_id, request_id
from server.settings import Settings
from tests.server_sample import copy_whole, serving

SECRET = "SELECT ?secret { ?secret ?p ?o } LIMIT 1"


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return copy_whole(tmp_path_factory.mktemp("data"))


@contextmanager
def logging_to(out: io.StringIO, format: str = "json") -> Iterator[None]:
    names = ("hearsay", "uvicorn")
    before = [
        (logging.getLogger(n), logging.getLogger(n).handlers[:], logging.getLogger(n).propagate)
        for n in names
    ]
    logs.configure(format, out=out)
    try:
        yield
    finally:
        for logger, handlers, propagate in before:
            logger.handlers[:], logger.propagate = handlers, propagate
            logger.setLevel(logging.NOTSET)


def ask_everything(client: httpx.Client) -> None:
    client.get("/sparql", params={"query": SECRET}, headers={"X-Request-Id": "mine-1"})
    client.post("/sparql", data={"query": SECRET})
    client.post("/sparql", content=SECRET, headers={"Content-Type": "application/sparql-query"})
    client.get("/sparql", params={"query": SECRET + " broken {"})
    client.get("/ask", params={"q": "who denied secret things"})
    client.get("/health")
    client.get("/metrics")


def lines_of(out: io.StringIO) -> list[dict[str, object]]:
    return [json.loads(line) for line in out.getvalue().splitlines()]


def requests_of(out: io.StringIO) -> list[dict[str, object]]:
    """Give the lines of requests; a probe that a busy machine did not answer in time is told of, and not meant here."""
    told = [line for line in lines_of(out) if line["logger"] == logs.REQUESTS]
    return [x for x in told if x["route"] not in {"/health", "/metrics"} or str(x["status"]) < "500"]


def test_a_request_is_one_line_without_what_was_asked(data: Path) -> None:
    out = io.StringIO()
    with logging_to(out), serving(Settings(data=data, query_workers=1)) as client:
        ask_everything(client)
    told = requests_of(out)
    assert len(told) == 5, "probes are not logged"
    first = told[0]
    assert first["request_id"] == "mine-1"
    assert (first["method"], first["route"], first["status"]) == ("GET", "/sparql", 200)
    assert isinstance(first["bytes"], int)
    assert first["bytes"] > 0
    assert isinstance(first["duration_s"], float)
    assert first["complete"] is True
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}\+00:00", str(first["time"]))
    assert [line["status"] for line in told] == [200, 200, 200, 400, 404]
    assert "secret" not in out.getvalue().lower()
    assert "127.0.0.1" not in "".join(map(str, told)), "no address of a client"


def test_a_setting_lets_what_was_asked_in(data: Path) -> None:
    out = io.StringIO()
    with logging_to(out), serving(Settings(data=data, query_workers=1, log_queries=True)) as client:
        ask_everything(client)
    told = requests_of(out)
    assert [line.get("query") for line in told] == [SECRET] * 3 + [SECRET + " broken {", None]
    assert told[-1]["q"] == "who denied secret things"


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("abc-123", True),
        ("4f6d:9.a_b", True),
        ("x" * 128, True),
        ("x" * 129, False),
        ("", False),
        ("-a", False),
        ("a b", False),
        ("a\nb", False),
        ('a","level":"x', False),
        ("ä", False),
    ],
)
def test_only_a_harmless_id_is_taken_over(given: str, kept: bool) -> None:
    found = choose_id(given)
    assert (found == given) is kept
    assert re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._:-]*", found)


def test_every_answer_carries_its_id(data: Path) -> None:
    with serving(Settings(data=data, query_workers=1)) as client:
        for address in ("/", "/nothing", "/sparql?query=ASK%20%7B", "/dumps/hearsay.nq"):
            assert client.get(address, headers={"X-Request-Id": "one"}).headers["x-request-id"] == "one"
            made = {client.get(address).headers["x-request-id"] for _ in range(2)}
            assert len(made) == 2
        odd = client.get("/", headers={"X-Request-Id": "<script>"}).headers.get_list("x-request-id")
        assert len(odd) == 1
        assert "<" not in odd[0]


def test_a_line_is_one_line_whatever_is_logged() -> None:
    record = logging.LogRecord(
        "hearsay.server", logging.WARNING, "x", 1, "a\nb\u2028c %s", ("\u202e\x1b[31m",), None
    )
    for formatter in (JsonFormatter(), TextFormatter()):
        line = formatter.format(record)
        assert len(line.splitlines()) == 1
        assert line.isascii()
        assert line.isprintable()


def test_what_is_logged_meanwhile_names_the_request() -> None:
    token = request_id.set("r-1")
    try:
        record = logging.LogRecord("hearsay.server", logging.ERROR, "x", 1, "bad", (), None)
        assert json.loads(JsonFormatter().format(record))["request_id"] == "r-1"
    finally:
        request_id.reset(token)
    assert "request_id" not in json.loads(JsonFormatter().format(record))


def test_a_trace_is_kept_in_its_line() -> None:
    try:
        raise ValueError("broken")
    except ValueError as error:
        told = (type(error), error, error.__traceback__)
    record = logging.LogRecord("hearsay.server", logging.ERROR, "x", 1, "bad", (), told)
    line = JsonFormatter().format(record)
    assert len(line.splitlines()) == 1
    assert "ValueError: broken" in json.loads(line)["exception"]


def test_text_is_for_people(data: Path) -> None:
    out = io.StringIO()
    with logging_to(out, "text"), serving(Settings(data=data, query_workers=1)) as client:
        client.get("/sparql", params={"query": SECRET})
    assert 'info: request method="GET" route="/sparql" status=200' in out.getvalue()
