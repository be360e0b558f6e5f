"""What follows from all articles together: the rules of `ontology/rules`, kept in the graph `evidence`.

No loader writes that two statements corroborate or contradict each other, or that one force backs another:
each is the answer of a query over what the articles hold, so it can be read, questioned and recomputed.
"""

from __future__ import annotations

from pathlib import Path

import pyoxigraph as ox
from rdflib import URIRef

from graph.errors import StoreError
from graph.iris import Iris
from graph.sources import read_query
from graph.store import QuadStore
from graph.terms import HS, PREFIXES
from graph.tokens import scan


def find_rules(folder: Path) -> list[Path]:
    """List the rules of a folder in the order in which they run: that of their file names."""
    return sorted(folder.glob("*.rq"))


def derive(store: QuadStore, iris: Iris, rules: Path) -> int:
    """Run every rule over the merged view, each seeing what earlier ones derived; give the number of triples.

    A rule is one CONSTRUCT query. Raises StoreError, naming the file, for a rule that is malformed or none.
    """
    name = iris.graph("evidence")
    store.add_triples(name, ())
    for path in find_rules(rules):
        store.add_triples(name, _run(store, path, iris))
    return store.count(name)


def find_rules_of(folder: Path) -> dict[URIRef, tuple[str, ...]]:
    """Map each of our properties to the names of the rules whose template writes it."""
    found: dict[URIRef, list[str]] = {}
    for path in find_rules(folder):
        for term in sorted(_written(path.read_text(encoding="utf-8"))):
            found.setdefault(HS[term], []).append(path.stem)
    return {term: tuple(names) for term, names in found.items()}


def _written(rule: str) -> set[str]:
    """Give the local names of our terms in a rule's template: from CONSTRUCT to its closing bracket."""
    terms, depth, inside = set(), 0, False
    for token in scan(rule):
        inside = inside or token.text.upper() == "CONSTRUCT"
        depth += (token.text == "{") - (token.text == "}")
        if inside and depth and token.kind == "prefixed" and token.text.startswith("hs:"):
            terms.add(token.text.removeprefix("hs:"))
        if inside and token.text == "}" and depth == 0:
            break
    return terms


def _run(store: QuadStore, path: Path, iris: Iris) -> set[ox.Triple]:
    try:
        found = store.engine.query(read_query(path, iris), prefixes=PREFIXES)
        if not isinstance(found, ox.QueryTriples):
            raise StoreError(f"the rule {path.name} is no CONSTRUCT query; rewrite it as one")
        triples = {triple for triple in found if not _is_self(triple)}
    except (SyntaxError, RuntimeError, ValueError) as error:
        raise StoreError(f"the rule {path.name} can't be run: {error}") from error
    if any(isinstance(term, ox.BlankNode) for triple in triples for term in (triple.subject, triple.object)):
        raise StoreError(
            f"the rule {path.name} makes blank nodes, which change from run to run; give them IRIs"
        )
    return triples


def _is_self(triple: ox.Triple) -> bool:
    """Tell a thing tied to itself ("a corroborates a"), which a rule's variables can give by chance."""
    return triple.subject == triple.object
