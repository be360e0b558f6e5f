"""Which form a client gets, and that none is made up where none fits."""

from __future__ import annotations

import pytest

from server.negotiation import GRAPHS, HTML, RESULTS, NotAcceptable, choose, wants_page

BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8"
TABLE = (*RESULTS.values(), HTML)
GRAPH = (*GRAPHS.values(), HTML)


@pytest.mark.parametrize(
    ("accept", "offered", "expected"),
    [
        (None, TABLE, "application/sparql-results+json"),
        ("", TABLE, "application/sparql-results+json"),
        ("*/*", TABLE, "application/sparql-results+json"),
        ("*/*", GRAPH, "text/turtle"),
        ("text/csv", TABLE, "text/csv"),
        ("text/csv, */*", TABLE, "text/csv"),
        ("*/*, text/csv;q=0.9", TABLE, "application/sparql-results+json"),
        ("TEXT/CSV", TABLE, "text/csv"),
        ("text/csv;q=0.5, application/sparql-results+xml", TABLE, "application/sparql-results+xml"),
        ("text/csv;q=0.5,application/sparql-results+xml;q=0.4", TABLE, "text/csv"),
        ("application/json", TABLE, "application/sparql-results+json"),
        ("application/json;q=0.2, text/csv;q=0.9", TABLE, "text/csv"),
        ("application/xml", TABLE, "application/sparql-results+xml"),
        ("text/*", TABLE, "text/csv"),
        ("text/*;q=0.3, text/tab-separated-values", TABLE, "text/tab-separated-values"),
        ("*/*;q=0.1, text/csv;q=0", TABLE, "application/sparql-results+json"),
        ("application/sparql-results+json;q=0, */*", TABLE, "application/sparql-results+xml"),
        (BROWSER, TABLE, HTML),
        (BROWSER, GRAPH, HTML),
        ("text/turtle;charset=utf-8", GRAPH, "text/turtle"),
        ("application/rdf+xml, text/turtle;q=0.9", GRAPH, "application/rdf+xml"),
        ("application/n-quads", GRAPH, "application/n-quads"),
        ("nonsense, text/csv", TABLE, "text/csv"),
        ("text/csv;q=high, application/sparql-results+xml;q=0.1", TABLE, "application/sparql-results+xml"),
    ],
)
def test_the_form_that_is_liked_best_is_chosen(
    accept: str | None, offered: tuple[str, ...], expected: str
) -> None:
    assert choose(accept, offered) == expected


@pytest.mark.parametrize("accept", ["image/png", "text/turtle", "*/*;q=0", "application/*;q=0", "nonsense"])
def test_no_form_is_made_up_where_none_fits(accept: str) -> None:
    offered = ("application/sparql-results+json",)
    with pytest.raises(NotAcceptable) as caught:
        choose(accept, offered)
    assert caught.value.offered == offered


@pytest.mark.parametrize(
    ("accept", "expected"),
    [
        (None, False),
        ("*/*", False),
        ("application/json", False),
        (BROWSER, True),
        ("text/html", True),
        ("text/html, */*", True),
        ("x/y", False),
    ],
)
def test_only_a_browser_gets_a_page_for_a_fault(accept: str | None, expected: bool) -> None:
    assert wants_page(accept) is expected
