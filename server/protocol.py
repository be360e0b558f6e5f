"""The SPARQL 1.1 Protocol's way of putting a query or an update into a request, read once and strictly.

https://www.w3.org/TR/sparql11-protocol/. Form values are decoded exactly once; a value that is not UTF-8, a
parameter that stands twice or one that belongs to the other operation is an error, never a guess.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal
from urllib.parse import parse_qsl

from graph.errors import HearsayError, QueryTooLarge

FORM = "application/x-www-form-urlencoded"
QUERY = "application/sparql-query"
UPDATE = "application/sparql-update"

Shape = Literal["table", "graph"]
"""What a query gives: solutions or a yes/no, or triples."""

_ONCE = ("query", "update", "format")
_READING = ("default-graph-uri", "named-graph-uri")
_WRITING = ("using-graph-uri", "using-named-graph-uri")
_FIELDS = (*_ONCE, *_READING, *_WRITING)
_MOST_FIELDS = 1000

_IRI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[^\x00-\x20<>\"{}|\\^`]*")
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
    """Hold what a request asks: a query, an update, or neither. The graphs are None where it chose none.

    They are those that a query reads, or those that an update's patterns do.
    """

    query: str | None = None
    default_graphs: tuple[str, ...] | None = None
    named_graphs: tuple[str, ...] | None = None
    format: str | None = None
    update: str | None = None


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
    """Read the operation of a GET, HEAD or POST. How long an update may be is for its worker to judge.

    Raises BadRequest (400, 415), QueryTooLarge for a query past the limit.
    """
    fields = read_fields(query_string)
    if method == "POST":
        fields += _read_body(fields, content_type, body)
    elif any(name == "update" for name, _ in fields):
        raise BadRequest(f"an update is sent by POST, as the parameter `update` or as {UPDATE}")
    operation = _to_operation(fields)
    if operation.query is None and operation.update is None and method == "POST":
        raise BadRequest("the request names no query; send one as the parameter `query`, or an `update`")
    if operation.query is not None and len(operation.query.encode()) > max_query_bytes:
        raise QueryTooLarge(
            f"the query is longer than {max_query_bytes} bytes, the limit of this server; shorten it"
        )
    return operation


def _read_body(
    fields: Sequence[tuple[str, str]], content_type: str | None, body: bytes
) -> list[tuple[str, str]]:
    kind = media_type_of(content_type)
    if any(name in ("query", "update") for name, _ in fields):
        raise BadRequest("give the query or the update in the body or in the address, not in both")
    if kind not in (FORM, QUERY, UPDATE):
        asked = f"{content_type!r}" if content_type else "no Content-Type"
        raise BadRequest(
            f"a query is sent by POST as {QUERY} or as {FORM}, an update as {UPDATE}; got {asked}", status=415
        )
    check_charset(content_type)
    if kind == FORM:
        return read_fields(body)
    return [("query" if kind == QUERY else "update", _decode(body))]


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
    for name in _ONCE:
        if len(values[name]) > 1:
            raise BadRequest(f"the parameter `{name}` stands {len(values[name])} times; give it once")
    if values["query"] and values["update"]:
        raise BadRequest("the request holds a query and an update; send one of them")
    ours, others = (_WRITING, _READING) if values["update"] else (_READING, _WRITING)
    for name in others:
        if values[name]:
            kind = "an update" if values["update"] else "a query"
            raise BadRequest(f"{name} has no meaning for {kind}; use {ours[0]} and {ours[1]}")
    default, named = (values[name] for name in ours)
    for iri in (*default, *named):
        check_iri(iri)
    chosen = bool(default or named)
    return Operation(
        query=values["query"][0] if values["query"] else None,
        update=values["update"][0] if values["update"] else None,
        # The protocol's dataset is exactly what is named: a side that is not named is empty.
        default_graphs=tuple(default) if chosen else None,
        named_graphs=tuple(named) if chosen else None,
        format=(values["format"][0] or None) if values["format"] else None,
    )


def check_iri(iri: str) -> None:
    """Raise BadRequest for what can't be the name of a graph."""
    if not _IRI.fullmatch(iri):
        raise BadRequest(f"the graph {iri!r} is not an absolute IRI; give one such as urn:x or https://…")


def media_type_of(content_type: str | None) -> str:
    """Give the media type without its parameters; empty where there is none."""
    return (content_type or "").partition(";")[0].strip().lower()


def check_charset(content_type: str | None) -> None:
    """Raise BadRequest (415) for another encoding than UTF-8, the only one that these formats have."""
    for parameter in (content_type or "").split(";")[1:]:
        name, _, value = parameter.partition("=")
        charset = value.strip().strip('"').lower()
        if name.strip().lower() == "charset" and charset not in ("utf-8", "utf8", "us-ascii"):
            raise BadRequest(f"the encoding {charset} is not taken; send UTF-8", status=415)


def _decode(body: bytes) -> str:
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError as error:
        raise BadRequest(f"the query is not UTF-8: byte {error.start} does not fit") from None
