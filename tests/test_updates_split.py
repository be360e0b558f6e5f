"""An update is cut into operations, and what each may write is known before the engine runs it."""

from __future__ import annotations

import time
from contextlib import suppress

import pytest

from graph.admission import Limits, admit_update
from graph.errors import HearsayError, QueryRefused, QuerySyntaxError, QueryTooLarge
from graph.updates import Targets, resolve_names, split_update

BASE = "http://example.org/base/"
LIMITS = Limits(bytes=10_000_000)


@pytest.mark.parametrize(
    ("update", "targets"),
    [
        ("INSERT DATA { <a> <b> <c> }", Targets(default=True)),
        ("INSERT DATA { GRAPH <g> { <a> <b> <c> } }", Targets(("<g>",))),
        ("insert data { graph <g> {} . <a> <b> 'GRAPH <h> {' }", Targets(("<g>",), default=True)),
        ("DELETE DATA { GRAPH <g> { <a> <b> <c> } GRAPH <h> { <a> <b> <c> } }", Targets(("<g>", "<h>"))),
        ("DELETE WHERE { GRAPH ?g { ?s ?p ?o } }", Targets(any=True)),
        ("DELETE WHERE { ?s ?p ?o }", Targets(default=True)),
        ("WITH <g> DELETE { ?s ?p ?o } WHERE { ?s ?p ?o }", Targets(("<g>",))),
        ("WITH <g> INSERT { GRAPH <h> { ?s ?p ?o } } WHERE { ?s ?p ?o }", Targets(("<h>",))),
        (
            "DELETE { ?s ?p ?o } INSERT { GRAPH <h> { ?s ?p ?o } } USING <u> WHERE { GRAPH <r> { ?s ?p ?o } }",
            Targets(("<h>",), default=True),
        ),
        ("INSERT { GRAPH ?g { ?s ?p [] } } WHERE { GRAPH ?g { ?s ?p ?o } }", Targets(any=True)),
        ("CLEAR GRAPH <g>", Targets(("<g>",))),
        ("CLEAR SILENT DEFAULT", Targets(default=True)),
        ("DROP NAMED", Targets(any=True)),
        ("DROP SILENT ALL", Targets(default=True, any=True)),
        ("CREATE GRAPH <g>", Targets(("<g>",))),
        ("COPY <g> TO <h>", Targets(("<h>",))),
        ("ADD DEFAULT TO GRAPH <h>", Targets(("<h>",))),
        ("COPY <g> TO DEFAULT", Targets(default=True)),
        ("MOVE SILENT GRAPH <g> TO <h>", Targets(("<g>", "<h>"))),
        ("MOVE DEFAULT TO <h>", Targets(("<h>",), default=True)),
        ("LOAD SILENT <http://example.org/x>", Targets()),
    ],
)
def test_what_an_operation_may_write(update: str, targets: Targets) -> None:
    (operation,) = split_update(update, base=BASE)
    assert operation.targets == targets


def test_operations_keep_what_was_declared_before_them() -> None:
    update = "PREFIX a: <urn:a:> CLEAR SILENT GRAPH a:x ; PREFIX a: <urn:b:> INSERT DATA { GRAPH a:x {} } ;"
    first, second = split_update(update, base=BASE)
    assert resolve_names(first.prologue, first.targets.names, base=BASE) == ("urn:a:x",)
    assert resolve_names(second.prologue, second.targets.names, base=BASE) == ("urn:b:x",)


def test_names_are_what_the_engine_takes_them_for() -> None:
    names = ("<g>", "<gr\\u0061ph/meta>", "<http://example.org/a/../b>", "p:a\\,b", "rdfs:label")
    assert resolve_names("PREFIX p: <urn:p:>", names, base=BASE) == (
        f"{BASE}g",
        f"{BASE}graph/meta",
        "http://example.org/a/../b",
        "urn:p:a,b",
        "http://www.w3.org/2000/01/rdf-schema#label",
    )


@pytest.mark.parametrize(
    ("update", "chosen"),
    [
        (
            "DELETE { ?s ?p ?o } USING <u> USING NAMED <n> WHERE { ?s ?p ?o }",
            "DELETE { ?s ?p ?o }  USING <urn:1> USING NAMED <urn:2> WHERE { ?s ?p ?o }",
        ),
        (
            "DELETE WHERE { GRAPH <g> { ?s ?p '}' } }",
            "DELETE { GRAPH <g> { ?s ?p '}' } } USING <urn:1> USING NAMED <urn:2> WHERE { GRAPH <g> { ?s ?p '}' } }",
        ),
    ],
)
def test_the_graphs_to_read_are_put_in_their_place(update: str, chosen: str) -> None:
    (operation,) = split_update(update, base=BASE)
    assert operation.reading(["urn:1"], ["urn:2"]) == chosen


@pytest.mark.parametrize("update", ["", " # nothing\n", "PREFIX a: <urn:a>"])
def test_an_update_may_be_empty(update: str) -> None:
    assert list(split_update(update, base=BASE)) == []


@pytest.mark.parametrize(
    ("update", "told"),
    [
        ("INSERT DATA { <a> <b> ?c }", "line 1, column 27: .*; Variables are not allowed in INSERT DATA"),
        ("PREFIX a: <urn:a:>\nCLEAR ALL ;\n INSERT DATA { <a> <b> ?c }", "line 3, column 28"),
        ("CLEAR ALL ;\n INSERT DATA { <a> }", "line 2, column 21: the update is malformed at the end"),
        ("CLEAR ALL ; PREFIX a: <urn:a:>\nINSERT DATA { a:x a:y ?z }", "line 2, column 27"),
        ("PREFIX a <urn:a> CLEAR ALL", "line 1, column 9"),
        ("INSERT DATA { _:a <b> 1 } ; INSERT DATA { _:a <b> 1 }", "blank node _:a"),
        ("INSERT DATA { _:a <b> 1 } ; BASE <urn:x> INSERT DATA { _:a <b> 1 }", "blank node _:a"),
        ("INSERT DATA { <a> <b> 'open }", "the ' opens here"),
        ("INSERT { ?s ?p ?o }", "malformed"),
    ],
)
def test_a_fault_is_told_with_its_place(update: str, told: str) -> None:
    with pytest.raises(QuerySyntaxError, match=told):
        list(split_update(update, base=BASE))


@pytest.mark.parametrize(
    ("update", "error", "told"),
    [
        ("SELECT * {}", QuerySyntaxError, "an update begins with INSERT"),
        ("CLEAR ALL ; ASK {}", QuerySyntaxError, "line 1, column 13: an update begins with"),
        ("INSERT { <a> <b> 1 } WHERE { SERVICE <http://e/> {} }", QueryRefused, "SERVICE"),
        ("INSERT DATA { <a> <b> " + "[ <b> " * 300 + "1" + "]" * 300 + " }", QueryRefused, "nested"),
        (
            "DELETE { <a> <b> 1 } WHERE { " + "?s ?p ?o . " * 150 + "}",
            QueryRefused,
            "the update has more than",
        ),
        ("DELETE WHERE { " + "?s ?p ?o . " * 150 + "}", QueryRefused, "patterns"),
        ("INSERT DATA { <a> <b> 1 ", QuerySyntaxError, "never closed"),
    ],
)
def test_what_is_too_much_never_reaches_the_engine(update: str, error: type[HearsayError], told: str) -> None:
    with pytest.raises(error, match=told):
        admit_update(update, limits=LIMITS)


def test_data_may_be_long_and_the_limits_hold_for_each_operation() -> None:
    admit_update("INSERT DATA { " + "<a> <b> 1 . " * 20_000 + "}", limits=LIMITS)
    admit_update("DELETE WHERE { ?a ?b ?c . ?d ?e ?f } ; " * 300, limits=LIMITS)
    with pytest.raises(QueryTooLarge, match="send it in parts"):
        admit_update("CLEAR ALL #" + "é" * 100, limits=Limits(bytes=100))


@pytest.mark.parametrize(
    "piece", ["CLEAR ALL;", "PREFIX a: <urn:a>\n", "{", "<a", "GRAPH ", "INSERT{", "_:a "]
)
def test_any_text_is_read_in_linear_time(piece: str) -> None:
    update = piece * (200_000 // len(piece))
    started = time.process_time()
    with suppress(HearsayError):
        admit_update(update, limits=LIMITS)
        list(split_update(update, base=BASE))
    assert time.process_time() - started < 8
