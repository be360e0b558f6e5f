"""Which terms of the ontology the stored questions use, so that a term that nobody asks for is found.

A question uses a term that its query names. It reaches, in one step, what the ontology ties to a named term:

- narrower: a class or property below a named one; the closure brings what it marks into the answer;
- wider: a class or property above a named one, which holds it;
- inverse: the named property read from its other end;
- end: the class that a named property leads from or to;
- value: a value of the class that a named property leads to, and so a cell that an answer may have.

Steps are not chained, but for narrower and wider, which follow the tree: a class below the class that a property leads
to is not reached, unless a question asks for it or for one above it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Literal

from rdflib import Graph, URIRef
from rdflib.term import Node

from graph.terms import HS, OWL, RDF, RDFS
from graph.tokens import scan

How = Literal["narrower", "wider", "inverse", "end", "value"]


@dataclass(frozen=True, slots=True, order=True)
class Way:
    """Hold how a term is reached, and the named term through which it is."""

    how: How
    through: str


def own_name(term: Node | None) -> str | None:
    """Give the local name of one of our terms, or None for any other node."""
    return str(term).removeprefix(str(HS)) if isinstance(term, URIRef) and term in HS else None


def own_names(graph: Graph) -> set[str]:
    """Name all terms of ours that a graph declares."""
    return {name for term in graph.subjects(RDF.type) if (name := own_name(term))}


def find_named(query: str) -> frozenset[str]:
    """Name the terms of ours that a query names, with `hs:` or in full; comments and strings don't count."""
    found = set()
    for token in scan(query):
        if token.kind == "prefixed" and token.text.startswith("hs:"):
            found.add(token.text.removeprefix("hs:"))
        elif token.kind == "iri":
            found.add(own_name(URIRef(token.text[1:-1])) or "")
    return frozenset(found - {""})


def find_ways(graph: Graph, named: Collection[str]) -> dict[str, tuple[Way, ...]]:
    """Map each term that is reached and not named to the ways, sorted. `graph` holds the axioms."""
    found: dict[str, set[Way]] = defaultdict(set)
    for name in named:
        for how, term in _ties(graph, HS[name]):
            other = own_name(term)
            if other and other not in named:
                found[other].add(Way(how, name))
    return {name: tuple(sorted(ways)) for name, ways in found.items()}


def _ties(graph: Graph, term: URIRef) -> Iterator[tuple[How, Node | None]]:
    for tree in (RDFS.subClassOf, RDFS.subPropertyOf):
        yield from (("narrower", one) for one in graph.transitive_subjects(tree, term))
        yield from (("wider", one) for one in graph.transitive_objects(term, tree))
    yield from (("inverse", one) for one in graph.objects(term, OWL.inverseOf))
    yield from (("inverse", one) for one in graph.subjects(OWL.inverseOf, term))
    yield from (("end", one) for one in graph.objects(term, RDFS.domain))
    for kind in graph.objects(term, RDFS.range):
        yield "end", kind
        yield from (("value", one) for one in graph.subjects(RDF.type, kind))
