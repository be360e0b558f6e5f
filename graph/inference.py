"""The closure of the ontology's core, kept in the graph `inferred`, as queries over the store.

Classes and properties are followed up their trees, inverses and symmetry are completed, transitive
properties are closed, and our own domains classify. A general OWL reasoner would be slower by far, and would
also infer triples with literals for subjects and that every thing is the same as itself. Conclusions are
drawn for the terms of Hearsay only: how they relate to other vocabularies stands in the alignments.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

import pyoxigraph as ox
from rdflib import URIRef

from graph.iris import Iris
from graph.store import QuadStore
from graph.terms import HS, PREFIXES

_OURS = f'STRSTARTS(STR(%s), "{HS}")'

_PROPERTY_RULES = (
    # A property's super-properties.
    f"""CONSTRUCT {{ ?s ?q ?o }} WHERE {{
          {{ SELECT DISTINCT ?p ?q WHERE {{ ?p rdfs:subPropertyOf+ ?q FILTER({_OURS % "?q"}) }} }}
          ?s ?p ?o FILTER NOT EXISTS {{ ?s ?q ?o }} }}""",
    # Inverses, whichever of the two declares the other.
    f"""CONSTRUCT {{ ?o ?q ?s }} WHERE {{
          {{ SELECT DISTINCT ?p ?q WHERE {{ ?p owl:inverseOf|^owl:inverseOf ?q FILTER({_OURS % "?q"}) }} }}
          ?s ?p ?o FILTER(!isLiteral(?o)) FILTER NOT EXISTS {{ ?o ?q ?s }} }}""",
    f"""CONSTRUCT {{ ?o ?p ?s }} WHERE {{
          ?p a owl:SymmetricProperty FILTER({_OURS % "?p"})
          ?s ?p ?o FILTER(!isLiteral(?o)) FILTER NOT EXISTS {{ ?o ?p ?s }} }}""",
    f"""CONSTRUCT {{ ?s ?p ?o }} WHERE {{
          ?p a owl:TransitiveProperty FILTER({_OURS % "?p"})
          ?s ?p ?m . ?m ?p ?o FILTER(?s != ?o) FILTER NOT EXISTS {{ ?s ?p ?o }} }}""",
)

_CLASS_RULES = (
    f"""CONSTRUCT {{ ?s a ?c }} WHERE {{
          ?p rdfs:domain ?c FILTER(isIRI(?c) && {_OURS % "?p"} && {_OURS % "?c"})
          ?s ?p ?o FILTER NOT EXISTS {{ ?s a ?c }} }}""",
    f"""CONSTRUCT {{ ?s a ?d }} WHERE {{
          {{ SELECT DISTINCT ?c ?d WHERE {{ ?c rdfs:subClassOf+ ?d FILTER(isIRI(?d) && {_OURS % "?d"}) }} }}
          ?s a ?c FILTER NOT EXISTS {{ ?s a ?d }} }}""",
)


def close(store: QuadStore, iris: Iris) -> int:
    """Add to the graph `inferred` what follows from the merged view; give the number of its triples.

    Properties are closed first, until nothing new comes; then each class rule is run once, in order: types
    follow from properties and never the other way round.
    """
    name = iris.graph("inferred")
    store.add_triples(name, ())
    while _run(store, name, _PROPERTY_RULES):
        pass
    for rule in _CLASS_RULES:
        _run(store, name, (rule,))
    return store.count(name)


def _run(store: QuadStore, name: URIRef, rules: Sequence[str]) -> int:
    new = 0
    for rule in rules:
        found = store.engine.query(rule, prefixes=PREFIXES)
        triples = set(cast(ox.QueryTriples, found))
        store.add_triples(name, triples)
        new += len(triples)
    return new
