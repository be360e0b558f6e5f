"""A SPARQL update cut into its operations, each with what it may write, before the engine sees it.

https://www.w3.org/TR/sparql11-update/#grammar. The engine judges the grammar (`check_syntax`); here it is only read
where each operation begins and ends and which graphs it names. Names stay as they are written: the engine itself
completes them (`resolve_names`), so that no other reading of an IRI than its own decides what may be written.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import pyoxigraph as ox

from graph.errors import QuerySyntaxError, UsageError
from graph.query import explain_syntax
from graph.terms import PREFIXES
from graph.tokens import Token, scan

_MANAGING = frozenset({"CLEAR", "DROP", "CREATE"})
_MOVING = frozenset({"ADD", "COPY", "MOVE"})
_NAMES = frozenset({"iri", "prefixed"})
# An update begins with it where only its syntax is asked for: parsed as a whole, ended before anything is done.
_STOP = "CLEAR GRAPH <urn:hearsay:none> ;\n"


@dataclass(frozen=True, slots=True)
class Targets:
    """Hold what an operation may write: named graphs as they are written, the default graph, any graph at all."""

    names: tuple[str, ...] = ()
    default: bool = False
    any: bool = False


@dataclass(frozen=True, slots=True)
class Operation:
    """Hold one operation of an update.

    `kind` is its first word, or two: "INSERT DATA", "DELETE DATA", "LOAD SILENT". What chooses the graphs to read
    (USING) stands between `head` and `tail`, both of which are None for an operation that reads none.
    """

    kind: str
    prologue: str
    text: str
    targets: Targets
    head: str | None = None
    tail: str | None = None
    using: tuple[str, ...] = ()
    using_named: tuple[str, ...] = ()
    has_with: bool = False

    @property
    def whole(self) -> str:
        """Give the operation with all that was declared before it, to run by itself."""
        return self.prologue + self.text

    def reading(self, default: Sequence[str], named: Sequence[str]) -> str:
        """Give the whole with other graphs to read, named by IRIs. Raises UsageError where it reads none."""
        if self.head is None or self.tail is None:
            raise UsageError(f"{self.kind} reads no graph that could be chosen")
        clauses = [f"USING <{iri}>" for iri in default] + [f"USING NAMED <{iri}>" for iri in named]
        return f"{self.prologue}{self.head} {' '.join(clauses)} {self.tail}"


def split_update(update: str, *, base: str) -> Iterator[Operation]:
    """Give the operations in their order. Raises QuerySyntaxError with the place before the first is given."""
    drafts = list(_cut(update))
    check_syntax(update, drafts, base=base)
    return (draft.finish() for draft in drafts)


def _cut(update: str) -> Iterator[_Draft]:
    draft = _Draft(update)
    for token in scan(update):
        if draft.depth == 0 and token.text == ";":
            draft.end = token.at
            if draft.items:
                yield draft
            draft = _Draft(update, draft.prologue)
        else:
            draft.read(token)
    draft.end = len(update)
    if draft.items:
        yield draft


def check_syntax(update: str, drafts: Sequence[_Draft], *, base: str) -> None:
    """Have the engine parse an update without doing any of it. Raises QuerySyntaxError with the place.

    The engine's version 0.5 knows declarations only before the first operation, so where more follow it is given one
    operation at a time.
    """
    if not any(draft.declares for draft in drafts[1:]):
        begin = drafts[0].begin if drafts else len(update)
        _parse(update[:begin], update[begin:], update, begin, base)
        return
    known: set[str] = set()
    for draft in drafts:
        _parse(draft.prologue, update[draft.begin : draft.end], update, draft.begin, base)
        for label in draft.labels & known:
            raise QuerySyntaxError(
                f"the blank node {label} stands in two operations; give each of them a label of its own"
            )
        known |= draft.labels


def _parse(prologue: str, text: str, update: str, begin: int, base: str) -> None:
    """Have the engine parse what stands in the update from `begin` on, under a prologue."""
    before = prologue + _STOP
    try:
        ox.Store().update(before + text, base_iri=base, prefixes=PREFIXES)
    except SyntaxError as error:
        # A fault in the prologue stands before what was put in, one in the operations after it.
        inserted = (len(prologue), len(before), begin)
        told = explain_syntax(update, str(error), kind="update", read=before + text, inserted=inserted)
        raise QuerySyntaxError(told) from error
    except RuntimeError:
        # The first operation names a graph that is not there: so far the engine came, and no farther.
        return
    raise AssertionError("an update ran that should only be parsed")


def resolve_names(prologue: str, names: Sequence[str], *, base: str) -> tuple[str, ...]:
    """Give the IRIs that the engine takes names of graphs for, under the declarations before them."""
    if not names:
        return ()
    triples = " . ".join(f"<urn:n:{number}> <urn:n> {name}" for number, name in enumerate(names))
    memory = ox.Store()
    memory.update(f"{prologue} INSERT DATA {{ {triples} }}", base_iri=base, prefixes=PREFIXES)
    found: dict[str, str] = {}
    for quad in memory:
        assert isinstance(quad.subject, ox.NamedNode)
        assert isinstance(quad.object, ox.NamedNode)
        found[quad.subject.value] = quad.object.value
    return tuple(found[f"urn:n:{number}"] for number in range(len(names)))


@dataclass
class _Block:
    """Hold what stands in braces at the top of an operation: the graphs named in it, and whether more stands there."""

    at: int
    names: list[str] = field(default_factory=list)
    loose: bool = False
    any: bool = False
    end: int = 0


@dataclass
class _Draft:
    """Read the tokens of one operation. `items` holds those outside of braces, with a block for each pair.

    `prologue` holds all that was declared before the operation, `labels` the blank nodes in it.
    """

    update: str
    prologue: str = ""
    items: list[Token | _Block] = field(default_factory=list)
    labels: set[str] = field(default_factory=set)
    depth: int = 0
    begin: int = 0
    end: int = 0
    declares: bool = False
    declaring: int | None = None
    naming: bool = False

    def read(self, token: Token) -> None:
        if token.kind == "blank":
            self.labels.add(token.text)
        if self.depth == 0:
            self._read_outside(token)
        elif token.text == "{":
            self.depth += 1
        elif token.text == "}":
            self.depth -= 1
            if self.depth == 0:
                self._block.end = token.at
        elif self.depth == 1:
            self._read_inside(token)

    @property
    def _block(self) -> _Block:
        block = self.items[-1]
        assert isinstance(block, _Block)
        return block

    def _read_outside(self, token: Token) -> None:
        if self.declaring is not None:
            if token.kind == "iri":
                end = token.at + len(token.text)
                self.prologue += self.update[self.declaring : end] + "\n"
                self.declaring = None
        elif not self.items and token.kind == "word" and token.text.upper() in {"PREFIX", "BASE"}:
            self.declaring, self.declares = token.at, True
        else:
            self.begin = self.begin if self.items else token.at
            self.depth = int(token.text == "{")
            self.items.append(_Block(token.at) if self.depth else token)

    def _read_inside(self, token: Token) -> None:
        """Note what stands directly in the braces: GRAPH and its name, or triples of no graph that is named."""
        block = self._block
        if self.naming:
            self.naming = False
            if token.kind in _NAMES:
                block.names.append(token.text)
            else:
                block.any = True
        elif token.kind == "word" and token.text.upper() == "GRAPH":
            self.naming = True
        elif token.text != ".":
            block.loose = True

    def finish(self) -> Operation:
        """Give the operation, which the engine has parsed."""
        first, prologue = self.items[0], self.prologue
        assert isinstance(first, Token)
        kind, text = first.text.upper(), self.update[self.begin : self.end]
        if kind == "LOAD":
            kind = "LOAD SILENT" if self._word(1) == "SILENT" else kind
            return Operation(kind, prologue, text, Targets())
        if kind in _MANAGING:
            return Operation(kind, prologue, text, self._managed())
        if kind in _MOVING:
            return Operation(kind, prologue, text, self._moved(kind))
        if self._word(1) == "DATA":
            return Operation(f"{kind} DATA", prologue, text, _merge(self._templates(), None))
        return self._modifying(kind, prologue, text)

    def _modifying(self, kind: str, prologue: str, text: str) -> Operation:
        first, where = self.items[0], self._find("WHERE")
        assert isinstance(first, Token)
        assert isinstance(where, Token)
        other = self.items[1].text if kind == "WITH" and isinstance(self.items[1], Token) else None
        head, tail = self.update[first.at : where.at], text[where.at - first.at :]
        if self._word(1) == "WHERE":
            # DELETE WHERE has the pattern for its template, and no place for USING: written out, it has one.
            pattern = self._block
            head = f"DELETE {self.update[pattern.at : pattern.end + 1]}"
            return Operation(kind, prologue, text, _merge([pattern], None), head, tail)
        using, using_named, begin = self._using()
        return Operation(
            kind,
            prologue,
            text,
            _merge(self._templates(), other),
            head if begin is None else self.update[first.at : begin],
            tail,
            using,
            using_named,
            other is not None,
        )

    def _word(self, number: int) -> str:
        item = self.items[number] if number < len(self.items) else None
        return item.text.upper() if isinstance(item, Token) and item.kind == "word" else ""

    def _find(self, word: str) -> Token | None:
        return next(
            (one for n, one in enumerate(self.items) if self._word(n) == word and isinstance(one, Token)),
            None,
        )

    def _templates(self) -> list[_Block]:
        return [
            item
            for before, item in enumerate(self.items[1:])
            if isinstance(item, _Block) and self._word(before) in {"DATA", "DELETE", "INSERT"}
        ]

    def _using(self) -> tuple[tuple[str, ...], tuple[str, ...], int | None]:
        """Give the graphs that are chosen to be read, and where in the update the choice begins."""
        chosen: dict[str, list[str]] = {"USING": [], "NAMED": []}
        begin = self._find("USING")
        for before, item in enumerate(self.items[1:]):
            if isinstance(item, Token) and item.kind in _NAMES and self._word(before) in chosen:
                chosen[self._word(before)].append(item.text)
        return tuple(chosen["USING"]), tuple(chosen["NAMED"]), begin.at if begin else None

    def _managed(self) -> Targets:
        words = {self._word(number) for number in range(1, len(self.items))}
        if words & {"NAMED", "ALL"}:
            return Targets(default="ALL" in words, any=True)
        return Targets(self._written(self.items), default="DEFAULT" in words)

    def _moved(self, kind: str) -> Targets:
        """Give what ADD, COPY and MOVE write: where to; MOVE empties where from as well."""
        to = next(number for number in range(len(self.items)) if self._word(number) == "TO")
        ends = self.items[to:] if kind != "MOVE" else self.items
        words = {item.text.upper() for item in ends if isinstance(item, Token) and item.kind == "word"}
        return Targets(self._written(ends), default="DEFAULT" in words)

    @staticmethod
    def _written(items: Sequence[Token | _Block]) -> tuple[str, ...]:
        return tuple(item.text for item in items if isinstance(item, Token) and item.kind in _NAMES)


def _merge(blocks: Sequence[_Block], other: str | None) -> Targets:
    """Give what templates write; what stands in no GRAPH of theirs goes to the graph of WITH, or to the default one."""
    loose = any(block.loose for block in blocks)
    names = [name for block in blocks for name in block.names]
    if loose and other is not None:
        names.append(other)
    return Targets(tuple(names), default=loose and other is None, any=any(block.any for block in blocks))
