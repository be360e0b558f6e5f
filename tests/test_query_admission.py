"""A query that would stop the engine is refused before the engine sees it, in linear time."""

from __future__ import annotations

import time

import pytest

from graph.admission import Limits, admit
from graph.errors import QueryError, QueryRefused, QuerySyntaxError, QueryTooLarge

WHO_DENIED = """SELECT DISTINCT ?who ?article ?file ?start ?end ?words WHERE {
  ?st hs:denies ?s ; hs:speaker ?who . ?s a hs:Entry ;
  hs:place/hs:within* <https://w3id.org/hearsay/id/place/syria> .
  ?m hs:mentionOf ?st ; hs:foundIn ?article ; hs:contentSpan ?sp . ?article hs:fileName ?file .
  ?sp hs:exact ?words ; hs:start ?start ; hs:end ?end } ORDER BY ?file ?start"""


def repeat(before: str, part: str, after: str, joint: str = " ", number: int = 10_000) -> str:
    return before + joint.join(part.replace("%", str(i)) for i in range(number)) + after


# Each of these ends the engine's process, or keeps it planning for more than a minute.
DEADLY = {
    "parentheses": "SELECT (" + "(" * 5_000 + "1" + ")" * 5_000 + " AS ?x) {}",
    "groups": "SELECT * " + "{" * 5_000 + "}" * 5_000,
    "calls": "SELECT (" + "STR(" * 2_000 + "1" + ")" * 2_000 + " AS ?x) {}",
    "not exists": "SELECT * { " + "FILTER NOT EXISTS { " * 1_000 + "}" * 1_000 + " }",
    "subselects": "SELECT * { " + "{ SELECT * { " * 2_000 + "} }" * 2_000 + " }",
    "or": repeat("SELECT * { ?s ?p ?o FILTER(", "?o = %", ") }", "||"),
    "plus": repeat("SELECT (", "1", " AS ?x) {}", "+"),
    "minus": repeat("SELECT (", "?a", " AS ?x) {}", "-"),
    "not": "SELECT (" + "!" * 10_000 + "true AS ?x) {}",
    "union": repeat("SELECT * {", "{ ?s ?p % }", "}", " UNION "),
    "empty union": repeat("SELECT * {", "{}", "}", " UNION "),
    "optional": repeat("SELECT * {", "OPTIONAL { ?s ?p % }", "}"),
    "empty groups": repeat("SELECT * {", "{}", "}"),
    "bind": repeat("SELECT * {", "BIND(% AS ?b%)", "}"),
    "projection": repeat("SELECT", "(% AS ?b%)", "{}"),
    "filter": repeat("SELECT * { ?s ?p ?o", "FILTER(?o != %)", "}"),
    "minus groups": repeat("SELECT * { ?s ?p ?o", "MINUS { ?s ?p % }", "}"),
    "order": repeat("SELECT * { ?s ?p ?o } ORDER BY", "STR(?o)", ""),
    "patterns": repeat("SELECT * {", "?s ?p ?o%", "}", " . "),
    "objects": repeat("SELECT * { ?s ?p", "?o%", "}", " , "),
    "predicates": repeat("SELECT * { ?s", "?p%  ?o", "}", " ; "),
    "path": repeat("SELECT * { ?s ", "hs:place", " ?o }", "/"),
    "path in brackets": repeat("SELECT * { ?s (", "hs:place", ")* ?o }", "/"),
    "collection": repeat("SELECT * { ?s ?p (", "%", ") }"),
    "collection after a filter": repeat("SELECT * { FILTER(true) ?s hs:place (", "%", ") }"),
    "blank nodes": "SELECT * { ?s ?p " + "[ ?p " * 5_000 + "?o" + "]" * 5_000 + " }",
    "graphs": repeat("SELECT *", "FROM <http://example.org/%>", "{}"),
}


@pytest.mark.parametrize("query", DEADLY.values(), ids=DEADLY.keys())
def test_what_would_stop_the_engine_is_refused_at_once(query: str) -> None:
    begun = time.perf_counter()
    with pytest.raises(QueryRefused, match=r"^line 1, column \d+: .* more than \d+"):
        admit(query, limits=Limits(bytes=1_000_000))
    assert time.perf_counter() - begun < 1.0


@pytest.mark.parametrize(
    ("query", "patterns", "nesting"),
    [
        (WHO_DENIED, 12, 1),
        ("ASK {}", 0, 1),
        ("SELECT * { ?s ?p ?o . }", 1, 1),
        ("SELECT * { ?s ?p ?o, ?q ; ?r [ ?t ?u ] }", 4, 2),
        ("SELECT * { FILTER(?o > 1) ?s ?p ?o FILTER regex(?o, 'a.b;c') ?a ?b ?c }", 2, 2),
        ('SELECT * { # } ] ) SERVICE <x> \n ?s ?p \'}}}}\' , """{ . ; " SERVICE """ }', 2, 1),
        ("CONSTRUCT { " + "?s ?p ?o . " * 300 + " } WHERE { ?s ?p ?o }", 1, 1),
        ("SELECT * { VALUES ?x { " + "hs:denies " * 3_000 + "} ?s ?x ?o }", 1, 2),
        ("SELECT * { VALUES (?x ?y) { " + "(1 -2.5) " * 3_000 + "} ?s ?x ?o }", 1, 3),
        ("SELECT * { ?s ?p ?o FILTER(?o IN (" + "1, " * 3_000 + "2)) }", 1, 3),
        ("PREFIX service: <http://e/> SELECT ?service { ?service service:service ?load }", 1, 1),
    ],
)
def test_what_is_asked_in_earnest_is_admitted(query: str, patterns: int, nesting: int) -> None:
    shape = admit(query)
    # Words such as GRAPH ?g count as a pattern more; none may be missed.
    assert patterns <= shape.patterns <= patterns + 2
    assert shape.nesting <= nesting


@pytest.mark.parametrize(
    ("query", "told"),
    [
        ("SELECT * { SERVICE <http://localhost/> { ?s ?p ?o } }", "line 1, column 12: SERVICE is refused"),
        ("SELECT * {\n service silent ?x { ?s ?p ?o } }", "line 2, column 2: SERVICE is refused"),
        ("LOAD <http://localhost/x>", "LOAD would change"),
        ("PREFIX a: <http://e/> insert data { a:a a:b 1 }", "INSERT would change"),
        ("DELETE WHERE { ?s ?p ?o }", "DELETE would change"),
        ("with <http://e/> delete {} where {}", "WITH would change"),
        ("# a comment\nBASE <http://e/> DROP ALL", "DROP would change"),
    ],
)
def test_what_this_endpoint_does_not_do_is_refused(query: str, told: str) -> None:
    with pytest.raises(QueryRefused, match=told):
        admit(query)


@pytest.mark.parametrize(
    ("query", "told"),
    [
        ("", "the query is empty"),
        ("# only a comment", "the query is empty"),
        ("SELEC * {}", "line 1, column 1: a query begins with SELECT"),
        ("SELECT * {\n  ?s foo:bar ?o }", "line 2, column 6: the prefix foo: is not declared"),
        ("SELECT * { ?s ?p 'open }", "line 1, column 18: the ' opens here"),
        ("SELECT * {\n\n ?s ?p '''open }", "line 3, column 10: the ' opens here"),
        ("SELECT * { ?s \\ ?o }", "line 1, column 15: the \\\\ can't stand here"),
        ("SELECT * { ?s <http://e/{x> ?o }", "line 1, column 16: the prefix http: is not declared"),
        ("SELECT * { ( }", "line 1, column 14: this } closes nothing"),
        ("SELECT * { { ?s ?p ?o }", "line 1, column 10: this { is never closed"),
        ("SELECT * {} ]", "line 1, column 13: this ] closes nothing"),
    ],
)
def test_faults_are_told_with_their_place(query: str, told: str) -> None:
    with pytest.raises(QuerySyntaxError, match=told):
        admit(query)


def test_a_long_query_is_too_large() -> None:
    with pytest.raises(QueryTooLarge, match="100,000"):
        admit("SELECT * { ?s ?p '" + "é" * 60_000 + "' }")


# What makes a careless scanner go back again and again.
HOSTILE = [
    "a.",
    "a-",
    '"',
    '""a',
    "'''",
    '\\"""a" ',
    "<a",
    ":.",
    "a:.a",
    "#",
    "@a-",
    "1.",
    "?",
    "_:a.",
    ":%",
    "\"'\"\"\"'''",
]


@pytest.mark.parametrize("part", HOSTILE)
@pytest.mark.parametrize("before", ["", "SELECT * { ", '"""', ":"])
def test_any_text_is_read_in_linear_time(before: str, part: str) -> None:
    query = before + part * (100_000 // len(part) - len(before))
    begun = time.perf_counter()
    with pytest.raises(QueryError):
        admit(query)
    assert time.perf_counter() - begun < 2.0


@pytest.mark.parametrize(
    ("query", "default", "named"),
    [
        ("SELECT * FROM <http://e/a> FROM NAMED <http://e/b> {}", ["http://e/a"], ["http://e/b"]),
        ("PREFIX e: <http://e/> ASK FROM e:a FROM e:b {}", ["http://e/a", "http://e/b"], []),
        ("BASE <http://e/x/> SELECT * FROM <a> FROM NAMED <../b> {}", ["http://e/x/a"], ["http://e/b"]),
        ("SELECT * { ?from ?named 'FROM <http://e/a>' }", [], []),
    ],
)
def test_the_graphs_of_a_query_are_known(query: str, default: list[str], named: list[str]) -> None:
    shape = admit(query)
    assert (list(shape.default_graphs), list(shape.named_graphs)) == (default, named)


@pytest.mark.parametrize("form", ["SELECT", "ASK", "CONSTRUCT", "DESCRIBE"])
def test_the_form_is_known(form: str) -> None:
    bodies = {"CONSTRUCT": "WHERE { ?s ?p ?o }", "DESCRIBE": "hs:denies", "ASK": "{}", "SELECT": "* {}"}
    assert admit(f"# {form}\nPREFIX select: <http://e/> {form.lower()} {bodies[form]}").form == form
