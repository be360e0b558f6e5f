"""The SPARQL 1.1 Protocol's way of putting a query into a request, read once and strictly.

https://www.w3.org/TR/sparql11-protocol/#query-operation. Form values are decoded exactly once; a value that
is not UTF-8, a parameter that stands twice or an update is an error, never a guess.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal
from urllib.parse import parse_qsl

from graph.errors import HearsayError, QueryRefused, QueryTooLarge

FORM = "application/x-www-form-urlencoded"
QUERY = "application/sparql-query"
UPDATE = "application/sparql-update"

Shape = Literal["table", "graph"]
"""What a query gives: solutions or a yes/no, or triples."""

_NO_WRITES = "this server takes no writes; the graph changes only by `hearsay load` where it runs"
_FIELDS = ("query", "default-graph-uri", "named-graph-uri", "format", "update")
_MOST_FIELDS = 1000

_PROLOGUE = re.compile(
    r"""(?:\s+|\#[^\r\n]*|(?i:base)\s*<[^<>"{}|^`\\\x00-\x20]*>|(?i:version)\s*(?:"[^"\r\n]*"|'[^'\r\n]*')
    |(?i:prefix)\s+[^\s:<>#]*:\s*<[^<>"{}|^`\\\x00-\x20]*>)""",
    re.VERBOSE,
)
_FORM_OF_QUERY = re.compile(r"(select|ask|construct|describe)\b", re.IGNORECASE)
_CHANGES = re.compile(r"\b(?:now|rand|uuid|struuid)\s*\(", re.IGNORECASE)


class BadRequest(HearsayError):
    """Say that a request is not one of the protocol; `status` is the HTTP status that fits."""

    def __init__(self, message: str, *, status: int = 400) -> None:
        super().__init__(message)
        self.status = status


@dataclass(frozen=True, slots=True)
class Operation:
    """Hold what a request asks. `query` is None where it names none, the graphs where it chose none."""

    query: str | None
    default_graphs: tuple[str, ...] | None = None
    named_graphs: tuple[str, ...] | None = None
    format: str | None = None


def read_fields(encoded: bytes) -> list[tuple[str, str]]:
    """Decode a query string or form once. Raises BadRequest for what is not UTF-8 or has too many fields."""
    try:
        return parse_qsl(
            encoded.decode("ascii"), keep_blank_values=True, errors="strict", max_num_fields=_MOST_FIELDS
        )
    except UnicodeDecodeError:
        raise BadRequest("the parameters are not UTF-8 in percent-encoding") from None
    except ValueError:
        raise BadRequest(f"the request has more than {_MOST_FIELDS} parameters") from None


def read_operation(
    *, method: str, query_string: bytes, content_type: str | None, body: bytes, max_query_bytes: int
) -> Operation:
    """Read the operation of a GET, HEAD or POST.

    Raises BadRequest (400, 415), QueryRefused for an update, QueryTooLarge for a query past the limit.
    """
    fields = read_fields(query_string)
    if method == "POST":
        kind = _media_type(content_type)
        if kind == FORM:
            if any(name in ("query", "update") for name, _ in fields):
                raise BadRequest("give the query in the form or in the address, not in both")
            fields = [pair for pair in fields if pair[0] == "format"] + read_fields(body)
        elif kind == QUERY:
            if any(name == "query" for name, _ in fields):
                raise BadRequest("give the query in the body or in the address, not in both")
            fields.append(("query", _decode(body)))
        elif kind == UPDATE:
            raise QueryRefused(_NO_WRITES)
        else:
            asked = f"{content_type!r}" if content_type else "no Content-Type"
            raise BadRequest(f"a query is sent by POST as {QUERY} or as {FORM}; got {asked}", status=415)
    operation = _to_operation(fields)
    if operation.query is None and method == "POST":
        raise BadRequest("the request names no query; send one as the parameter `query`")
    if operation.query is not None and len(operation.query.encode()) > max_query_bytes:
        raise QueryTooLarge(
            f"the query is longer than {max_query_bytes} bytes, the limit of this server; shorten it"
        )
    return operation


def shape_of(query: str) -> Shape | None:
    """Tell from the first word after the prologue what the query gives; None where no such word stands there.

    Linear in the length of the prologue. The engine stays the judge of the grammar.
    """
    position = 0
    while found := _PROLOGUE.match(query, position):
        position = found.end()
    word = _FORM_OF_QUERY.match(query, position)
    if not word:
        return None
    return "table" if word[1].lower() in ("select", "ask") else "graph"


def is_steady(query: str) -> bool:
    """Tell whether the same snapshot always gives the same answer: no clock, no chance in the query."""
    return not _CHANGES.search(query)


def _to_operation(fields: Sequence[tuple[str, str]]) -> Operation:
    values: dict[str, list[str]] = {name: [] for name in _FIELDS}
    for name, value in fields:
        if name in values:
            values[name].append(value)
    if values["update"]:
        raise QueryRefused(_NO_WRITES)
    for name in ("query", "format"):
        if len(values[name]) > 1:
            raise BadRequest(f"the parameter `{name}` stands {len(values[name])} times; give it once")
    default, named = values["default-graph-uri"], values["named-graph-uri"]
    for iri in (*default, *named):
        if not re.fullmatch(r"[A-Za-z][A-Za-z0-9+.-]*:[^\s<>\"{}|\\^`]*", iri):
            raise BadRequest(f"the graph {iri!r} is not an absolute IRI; give one such as urn:x or https://…")
    chosen = bool(default or named)
    return Operation(
        query=values["query"][0] if values["query"] else None,
        # The protocol's dataset is exactly what is named: a side that is not named is empty.
        default_graphs=tuple(default) if chosen else None,
        named_graphs=tuple(named) if chosen else None,
        format=(values["format"][0] or None) if values["format"] else None,
    )


def _media_type(content_type: str | None) -> str:
    return (content_type or "").partition(";")[0].strip().lower()


def _decode(body: bytes) -> str:
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError as error:
        raise BadRequest(f"the query is not UTF-8: byte {error.start} does not fit") from None
