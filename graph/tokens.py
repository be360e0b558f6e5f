"""SPARQL cut into tokens in one pass, without recursion, for what must be known before the engine reads it.

https://www.w3.org/TR/sparql11-query/#sparqlGrammar. Brackets, keywords and dots inside comments, strings and
IRIs are none; that is all that this module promises. The engine stays the judge of the grammar.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from graph.errors import QuerySyntaxError

Kind = Literal["word", "variable", "iri", "prefixed", "blank", "string", "number", "tag", "mark"]

# The time is linear in the length of the query: no quantifier gives back what it took, prefix labels are
# bounded (a longer one is cut in two, which misleads nobody), and a lone backslash ends the scan, without
# which an attempt at a long string could be made again and again.
_TOKEN = re.compile(
    r"""
      (?P<space>(?:[ \t\r\n]++|\#[^\r\n]*+)++)
    | (?P<iri><(?:[^<>"{}|^`\\\x00-\x20]++|\\u[0-9A-Fa-f]{4}|\\U[0-9A-Fa-f]{8})*+>)
    | (?P<string>\"{3}(?:[^"\\]++|\\.|"(?!""))*+\"{3} | '{3}(?:[^'\\]++|\\.|'(?!''))*+'{3}
        | "(?:[^"\\\r\n]++|\\.)*+" | '(?:[^'\\\r\n]++|\\.)*+')
    | (?P<variable>[?$]\w++)
    | (?P<tag>@[A-Za-z]++(?:-\w++)*+)
    | (?P<blank>_:\w(?:[\w·-]|\.(?=[\w·-]))*+)
    | (?P<number>(?:\d++(?:\.\d++)?|\.\d++)(?:[eE][+-]?\d++)?)
    | (?P<prefixed>(?:[^\W\d_][\w·.-]{0,63}+)?:(?:\.*+(?:[\w·:-]|%[0-9A-Fa-f]{2}|\\.))*+)
    | (?P<word>[^\W\d_]\w*+)
    | (?P<mark>\^\^|&&|\|\||[!<>]=|<<|>>|[^"'\\])
    """,
    re.VERBOSE | re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class Token:
    """Hold one token: its kind, its text, and the character of the query at which it begins."""

    kind: Kind
    text: str
    at: int


def scan(query: str) -> Iterator[Token]:
    """Give the tokens. Raises QuerySyntaxError at a quotation mark that stays open, or a stray backslash."""
    at = 0
    while at < len(query):
        found = _TOKEN.match(query, at)
        if found is None:
            fault = "can't stand here" if query[at] == "\\" else "opens here and nothing closes it"
            raise QuerySyntaxError(f"{place(query, at)}: the {query[at]} {fault}")
        if found.lastgroup != "space":
            yield Token(found.lastgroup, found[0], at)  # type: ignore[arg-type]  # the groups are the kinds
        at = found.end()


def place(query: str, at: int) -> str:
    """Say where a character stands, as a person counts: lines and columns from 1."""
    before = query[:at]
    return f"line {before.count(chr(10)) + 1}, column {at - before.rfind(chr(10))}"
