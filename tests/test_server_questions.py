"""The stored questions can be asked by name, by their words and with other values; others are said to be unknown."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from graph import questions
from graph.query import admit
from server.settings import Settings
from tests.server_sample import copy_whole, serving

BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    with serving(Settings(data=copy_whole(tmp_path_factory.mktemp("data")), query_workers=1)) as client:
        yield client


@pytest.fixture(scope="module")
def stored(client: httpx.Client) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = client.get("/questions").json()["questions"]
    assert found, "no question is stored"
    return found


def test_the_list_is_the_stored_one(client: httpx.Client, stored: list[dict[str, Any]]) -> None:
    assert [one["name"] for one in stored] == [one.name for one in questions.read_all()]
    text = client.get("/questions", headers={"Accept": BROWSER}).text
    for one in stored:
        assert f'href="/questions/{one["name"]}"' in text


def test_each_is_answered_by_name_and_by_its_words(
    client: httpx.Client, stored: list[dict[str, Any]]
) -> None:
    for one in stored:
        admit(one["query"])
        by_name = client.get(f"/questions/{one['name']}")
        assert by_name.status_code == 200, by_name.text
        by_words = client.get("/ask", params={"q": one["words"]})
        assert by_words.status_code == 200, by_words.text
        assert by_words.json() == by_name.json()
        assert set(by_name.json()) == {"question", "version", "variables", "rows"}
        shown = client.get(f"/questions/{one['name']}", headers={"Accept": BROWSER})
        assert shown.status_code == 200
        assert "The query behind it" in shown.text


def test_an_answer_as_csv_has_the_same_rows(client: httpx.Client, stored: list[dict[str, Any]]) -> None:
    for one in stored:
        found = client.get(f"/questions/{one['name']}").json()
        reply = client.get(f"/questions/{one['name']}", params={"format": "csv"})
        assert reply.headers["content-type"] == "text/csv; charset=utf-8"
        head, *rows = csv.reader(io.StringIO(reply.text))
        assert head == found["variables"]
        assert len(rows) == len(found["rows"])


def test_another_value_gives_another_answer_or_none(
    client: httpx.Client, stored: list[dict[str, Any]]
) -> None:
    with_values = [(one, name) for one in stored for name in one["parameters"]]
    assert with_values, "no question has a parameter"
    for one, name in with_values:
        other = {"date": "1999-12-31", "integer": "7"}.get(one["parameters"][name]["type"], "nobody-nowhere")
        reply = client.get(f"/questions/{one['name']}", params={name: other})
        assert reply.status_code == 200, reply.text
        assert reply.json()["question"]["parameters"][name]["default"] == other


@pytest.mark.parametrize(
    ("address", "status", "words"),
    [
        ("/questions/none-of-these", 404, "none-of-these"),
        ("/ask?q=what+is+the+meaning+of+life", 404, "stored question"),
        ("/ask?q=%3Cscript%3Ealert(1)%3C/script%3E", 404, "stored question"),
        ("/ask?q=a&q=b", 400, "twice"),
        ("/ask?q=a&format=zip", 400, "zip"),
        (f"/ask?q={'x' * 600}", 400, "500"),
        ("/ask?q=%FF", 400, "UTF-8"),
    ],
)
def test_what_is_not_understood_is_said(client: httpx.Client, address: str, status: int, words: str) -> None:
    reply = client.get(address)
    assert reply.status_code == status
    assert words in reply.json()["error"]["what"]
    shown = client.get(address, headers={"Accept": BROWSER})
    assert shown.status_code == status
    assert "<script" not in shown.text


def test_a_wrong_parameter_is_told(client: httpx.Client, stored: list[dict[str, Any]]) -> None:
    for one in stored:
        reply = client.get(f"/questions/{one['name']}", params={"no_such": "x"})
        assert reply.status_code == 400
        assert "no_such" in reply.json()["error"]["what"]
    name, parameter = next(
        (one["name"], name)
        for one in stored
        for name, parameter in one["parameters"].items()
        if parameter["type"] == "place"
    )
    for value in ("https://example.org/> } DROP ALL #", "https://a b"):
        reply = client.get(f"/questions/{name}", params={parameter: value})
        assert reply.status_code == 400, value


def test_a_browser_without_words_is_led_to_the_list(client: httpx.Client) -> None:
    reply = client.get("/ask", headers={"Accept": BROWSER})
    assert (reply.status_code, reply.headers["location"]) == (303, "/questions")
