"""What a query may ask of the engine, checked before the engine sees it, in linear time, without recursion.

The engine parses by recursion and plans in more than linear time: 10 kB of nested parentheses end its
process, 150 triple patterns around one variable keep it planning for seconds, and neither can be stopped.
The limits stand where planning stays near a second at worst, and nesting far from the stack's end; measured
with the engine of `pyproject.toml` on one core (times in seconds):

    what                                          100      150    1,000    3,000
    triple patterns around one variable           0.7      3.5
    OPTIONALs, or GRAPHs, or groups side by side  1.2     > 5
    conditions joined by || or by FILTER                            0.5     > 6
    UNIONs                                                          0.5     5
    BIND, MINUS, expressions of SELECT or ORDER BY                  0.1     stack overflow
    nested function calls, nested NOT EXISTS                        stack overflow
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from urllib.parse import urljoin

from graph.errors import QueryRefused, QuerySyntaxError, QueryTooLarge
from graph.terms import PREFIXES
from graph.tokens import Token, place, scan

_OPENING: Mapping[str, str] = MappingProxyType({")": "(", "]": "[", "}": "{"})
_UPDATES = ("INSERT", "DELETE", "WITH", "LOAD", "CLEAR", "CREATE", "DROP", "COPY", "MOVE", "ADD")
# What stands after these in an update is data or a template: it is written, not planned.
_TEMPLATES = frozenset({"DATA", "DELETE", "INSERT"})
_CHAINING = frozenset({"UNION", "MINUS", "FILTER", "BIND", "AS", "LATERAL", "EXISTS"})
_ESCAPE = re.compile(r"\\u([0-9A-Fa-f]{4})|\\U([0-9A-Fa-f]{8})")
_OPERATORS = frozenset({"||", "&&", "!", "+", "-", "*", "/", "^", "|", "?"})
_TERMS = frozenset({"variable", "iri", "prefixed", "blank", "string", "number"})


@dataclass(frozen=True, slots=True)
class Limits:
    """Hold how much one query may ask; `chain` is for operators, brackets, UNION, FILTER, BIND together."""

    bytes: int = 100_000
    nesting: int = 200
    patterns: int = 100
    chain: int = 500
    graphs: int = 100


@dataclass(frozen=True, slots=True)
class Shape:
    """Hold what a query consists of: its form, depth, sizes, and the graphs that its FROM clauses name."""

    form: str
    nesting: int
    patterns: int
    chain: int
    default_graphs: tuple[str, ...] = ()
    named_graphs: tuple[str, ...] = ()


def admit(query: str, *, limits: Limits = Limits(), base: str = "") -> Shape:
    """Let a query pass or say why not; give its shape. `base` is what its relative IRIs are completed by.

    Raises QueryTooLarge past the size, QueryRefused for SERVICE, updates and what is too deep or too much,
    QuerySyntaxError with line and column for brackets, quotation marks and prefixes that don't fit.
    """
    size = len(query.encode("utf-8", errors="surrogatepass"))
    if size > limits.bytes:
        raise QueryTooLarge(f"the query has {size:,} bytes, {limits.bytes:,} are allowed; shorten it")
    reader = _Reader(query, limits, base=base)
    for token in scan(query):
        reader.read(token)
    return reader.finish()


def admit_update(update: str, *, limits: Limits) -> None:
    """Let an update pass or say why not; of the limits, all but the bytes hold for each of its operations.

    Raises as `admit` does; of LOAD judges who runs it.
    """
    size = len(update.encode("utf-8", errors="surrogatepass"))
    if size > limits.bytes:
        raise QueryTooLarge(f"the update has {size:,} bytes, {limits.bytes:,} are allowed; send it in parts")
    reader = _Reader(update, limits, changes=True)
    for token in scan(update):
        reader.read(token)
    reader.check_closed()


@dataclass
class _Reader:
    """Read tokens one by one; every check is made where its token stands, so nothing is read past a fault.

    `frames` holds the open brackets, each with what it holds: "group" (patterns), "expression", "data"
    (counted by nobody: rows of VALUES, the template of CONSTRUCT), or "list" (a collection or a path).
    `fresh` tells that the next term begins a new triple pattern.
    """

    query: str
    limits: Limits
    changes: bool = False
    base: str = ""
    frames: list[tuple[Token, str]] = field(default_factory=list)
    prefixes: dict[str, str] = field(default_factory=lambda: dict(PREFIXES))
    form: str | None = None
    nesting: int = 0
    patterns: int = 0
    chain: int = 0
    fresh: bool = False
    last: Token | None = None
    keyword: str = ""
    clause: list[str] = field(default_factory=list)
    chosen: dict[str, list[str]] = field(default_factory=lambda: {"FROM": [], "NAMED": []})

    @property
    def inside(self) -> str:
        return self.frames[-1][1] if self.frames else "outside"

    def read(self, token: Token) -> None:
        if token.kind == "prefixed":
            self._check_prefix(token)
        if self.clause and token.kind in {"iri", "prefixed"}:
            self._read_clause(token)
        elif token.kind == "word":
            self._read_word(token)
        elif token.text in "([{":
            self._open(token)
        elif token.text in ")]}":
            self._close(token)
        elif token.kind == "mark":
            self._read_mark(token)
        else:
            self._read_term(token)
        self.last = token
        self._check_limits(token)

    def _read_word(self, token: Token) -> None:
        word = token.text.upper()
        if word == "SERVICE":
            raise QueryRefused(
                f"{place(self.query, token.at)}: SERVICE is refused, this endpoint asks no other one; "
                "fetch the other data first and give it in a VALUES block"
            )
        if self.inside == "outside" and word in {"PREFIX", "BASE", "FROM"}:
            self.clause = [word]
        elif self.clause:
            self.clause.append(word)
        elif self.form is None and word != "VERSION":
            self._read_form(token, word)
        if word in _CHAINING:
            self.chain += 1
        if token.text not in {"a", "true", "false"}:
            self.keyword = word
            self.fresh = self.inside == "group"

    def _read_form(self, token: Token, word: str) -> None:
        if self.changes:
            self._read_operation(token, word)
            return
        if word in _UPDATES:
            raise QueryRefused(
                f"{word} would change the graph; an update is sent by POST, as the parameter `update` or as "
                "application/sparql-update"
            )
        if word not in {"SELECT", "ASK", "CONSTRUCT", "DESCRIBE"}:
            at = place(self.query, token.at)
            raise QuerySyntaxError(
                f"{at}: a query begins with SELECT, ASK, CONSTRUCT or DESCRIBE, not {token.text}"
            )
        self.form = word

    def _read_operation(self, token: Token, word: str) -> None:
        if word not in _UPDATES:
            at = place(self.query, token.at)
            raise QuerySyntaxError(f"{at}: an update begins with {', '.join(_UPDATES)}, not {token.text}")
        self.form = word

    def _read_clause(self, token: Token) -> None:
        """Finish PREFIX x: <…>, BASE <…>, FROM <…> or FROM NAMED <…>, whose parts stand in `clause`."""
        if self.clause[0] == "PREFIX" and token.kind == "prefixed":
            self.clause.append(token.text[:-1])
            return
        iri = urljoin(self.base, _plain(token.text)) if token.kind == "iri" else self._expand(token.text)
        if self.clause[0] == "BASE":
            self.base = iri
        elif self.clause[0] == "PREFIX":
            self.prefixes[self.clause[-1]] = iri
        else:
            self.chosen[self.clause[-1] if self.clause[-1] == "NAMED" else "FROM"].append(iri)
        self.clause = []

    def _expand(self, name: str) -> str:
        prefix, _, local = name.partition(":")
        return self.prefixes[prefix] + re.sub(r"\\(.)", r"\1", local)

    def _check_prefix(self, token: Token) -> None:
        prefix = token.text.partition(":")[0]
        if prefix not in self.prefixes and self.clause[:1] != ["PREFIX"]:
            raise QuerySyntaxError(
                f"{place(self.query, token.at)}: the prefix {prefix}: is not declared; "
                f"begin the query with PREFIX {prefix}: <…>, or use one of {', '.join(PREFIXES)}"
            )

    def _open(self, token: Token) -> None:
        inside = self.inside
        self.chain += inside != "data"
        if token.text == "{":
            before = "" if self.last is None else self.last.text.upper()
            written = before in _TEMPLATES if self.changes else before == "CONSTRUCT"
            data = self.keyword == "VALUES" or written
            kind = "data" if data or inside == "data" else "group"
        elif inside == "data":
            kind = "data"
        elif token.text == "[":
            self._read_term(token)
            kind = "group"
        elif inside in {"group", "list"} and not self._calls():
            kind = "list"
        else:
            kind = "expression"
        self.frames.append((token, kind))
        self.nesting = max(self.nesting, len(self.frames))
        self.fresh = kind == "group"

    def _calls(self) -> bool:
        """Tell whether the bracket that opens now belongs to a keyword or a function: FILTER (, STR (."""
        if self.last is None or self.last.kind == "word":
            return self.last is not None and self.last.text != "a"
        return self.keyword == "FILTER" and self.last.kind in {"iri", "prefixed"} and not self.fresh

    def _close(self, token: Token) -> None:
        if not self.frames or self.frames[-1][0].text != _OPENING[token.text]:
            raise QuerySyntaxError(f"{place(self.query, token.at)}: this {token.text} closes nothing")
        _, kind = self.frames.pop()
        self.fresh = self.inside == "group" and (kind == "expression" or token.text == "}")
        if token.text == "}" or (kind == "expression" and self.keyword == "FILTER"):
            self.keyword = ""

    def _read_mark(self, token: Token) -> None:
        if self.inside == "data":
            return
        if self.inside == "outside" and token.text == ";" and self.changes:
            self.form, self.keyword, self.nesting, self.patterns, self.chain = None, "", 0, 0, 0
        elif self.inside == "group" and token.text in {".", ";", ","}:
            self.fresh = True
        elif token.text == "/" and self.inside in {"group", "list"}:
            self.patterns += 1
        elif token.text in {"+", "-"}:
            # A sign is no operator: only what follows a term or a bracket chains.
            self.chain += self.last is not None and (self.last.kind in _TERMS or self.last.text == ")")
        elif token.text in _OPERATORS:
            self.chain += 1

    def _read_term(self, token: Token) -> None:
        in_path = self.last is not None and self.last.text in _OPERATORS
        if (self.inside == "group" and self.fresh) or (self.inside == "list" and not in_path):
            self.patterns += 1
        self.fresh = False

    def _check_limits(self, token: Token) -> None:
        limits, graphs = self.limits, sum(map(len, self.chosen.values()))
        for what, found, allowed in (
            ("is nested {} deep", self.nesting, limits.nesting),
            ("has {} triple patterns and path steps", self.patterns, limits.patterns),
            ("has {} operators, brackets, UNIONs and FILTERs", self.chain, limits.chain),
            ("names {} graphs", graphs, limits.graphs),
        ):
            if found > allowed:
                at, kind = place(self.query, token.at), "update" if self.changes else "query"
                raise QueryRefused(
                    f"{at}: the {kind} {what.format(f'more than {allowed}')}, which the engine could not plan "
                    "in good time; split it, or take a dump and ask that"
                )

    def check_closed(self) -> None:
        if self.frames:
            token = self.frames[-1][0]
            raise QuerySyntaxError(f"{place(self.query, token.at)}: this {token.text} is never closed")

    def finish(self) -> Shape:
        self.check_closed()
        if self.form is None:
            raise QuerySyntaxError("the query is empty; it begins with SELECT, ASK, CONSTRUCT or DESCRIBE")
        return Shape(
            form=self.form,
            nesting=self.nesting,
            patterns=self.patterns,
            chain=self.chain,
            default_graphs=tuple(self.chosen["FROM"]),
            named_graphs=tuple(self.chosen["NAMED"]),
        )


def _plain(iri: str) -> str:
    """Take an IRI out of its brackets, its escapes read."""
    return _ESCAPE.sub(lambda found: chr(int(found[1] or found[2], 16)), iri[1:-1])
