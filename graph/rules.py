"""The rules of `ontology/rules`: what each is called, what it is about, and the terms that it reads and writes."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from rdflib import URIRef

from graph.affected import LOCAL
from graph.axioms import Axioms
from graph.errors import QuerySyntaxError, StoreError
from graph.iris import Iris
from graph.sources import read_query
from graph.terms import HS
from graph.tokens import scan

_ABOUT = re.compile(r"^# about: (\w+)$", re.MULTILINE)


def find_rules(folder: Path) -> list[Path]:
    """List the rules of a folder in the order in which they run: that of their file names."""
    return sorted(folder.glob("*.rq"))


@dataclass(frozen=True)
class Rule:
    """Hold one rule: its query, what it is about by its head ("situations", "statements", "" if it does not say),
    and the IRIs of our terms that it writes and reads.
    """

    name: str
    query: str
    about: str
    writes: frozenset[str]
    reads: frozenset[str]

    @classmethod
    def read(cls, path: Path, iris: Iris) -> Rule:
        """Read a rule's file. Raises StoreError, naming the file."""
        query = read_query(path, iris)
        about = _ABOUT.search(query)
        try:
            written, read = _terms(query)
        except QuerySyntaxError as error:
            raise StoreError(f"the rule {path.name} can't be run: {error}") from error
        return cls(
            path.name,
            query,
            about[1] if about else "",
            frozenset(str(HS[name]) for name in written),
            frozenset(str(HS[name]) for name in read),
        )


def read_rules(folder: Path, iris: Iris) -> tuple[Rule, ...]:
    """Read the rules of a folder in the order in which they run. Raises StoreError, naming the file."""
    return tuple(Rule.read(path, iris) for path in find_rules(folder))


def is_local(rules: Sequence[Rule], axioms: Axioms | None = None) -> bool:
    """Tell whether each rule says what it is about, so that after a change not all has to be looked at.

    Rules about situations look at what articles and background say only, those about statements also at what earlier
    rules about situations found; of properties that the ontology has, at those that lead to what decides (`LOCAL`).
    """
    of_situations: set[str] = set()
    written = {term for rule in rules for term in rule.writes}
    for rule in rules:
        allowed = of_situations if rule.about == "statements" else set[str]()
        if rule.about not in {"situations", "statements"} or (rule.reads & written) - allowed:
            return False
        if axioms is not None and rule.reads & axioms.rows.keys() - LOCAL - of_situations:
            return False
        if rule.about == "situations":
            of_situations |= rule.writes
    return True


def find_rules_of(folder: Path) -> dict[URIRef, tuple[str, ...]]:
    """Map each of our properties to the names of the rules whose template writes it."""
    found: dict[URIRef, list[str]] = {}
    for path in find_rules(folder):
        for term in sorted(_terms(path.read_text(encoding="utf-8"))[0]):
            found.setdefault(HS[term], []).append(path.stem)
    return {term: tuple(names) for term, names in found.items()}


def _terms(rule: str) -> tuple[set[str], set[str]]:
    """Give the local names of our terms in a rule's template, from CONSTRUCT to its closing bracket, and behind it."""
    written, read = set[str](), set[str]()
    terms, depth, begun = written, 0, False
    for token in scan(rule):
        begun = begun or token.text.upper() == "CONSTRUCT"
        depth += (token.text == "{") - (token.text == "}")
        if begun and (depth or terms is read) and token.kind == "prefixed" and token.text.startswith("hs:"):
            terms.add(token.text.removeprefix("hs:"))
        if begun and token.text == "}" and depth == 0:
            terms = read
    return written, read
