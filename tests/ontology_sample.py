"""The made-up reports of `tests/data/reports.ttl` in both engines, with background, core and what the rules derive."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

import pyoxigraph as ox
from rdflib import Graph, Literal, URIRef
from rdflib.term import Node

from graph.resources import ONTOLOGY
from graph.terms import DEFAULT_BASE, HS

REPORTS = Path(__file__).resolve().parent / "data" / "reports.ttl"
RULES = sorted((ONTOLOGY / "rules").glob("*.rq"))
# What a closure adds before the rules run; enough of it to show that they find the same with and without.
CLOSURE = f"""
CONSTRUCT {{ ?s ?q ?o }} WHERE {{
  {{ ?p <http://www.w3.org/2000/01/rdf-schema#subPropertyOf>+ ?q . ?s ?p ?o }}
  UNION
  {{ ?s a ?c . ?c <http://www.w3.org/2000/01/rdf-schema#subClassOf>+ ?o FILTER(STRSTARTS(STR(?o), "{HS}"))
    BIND(<http://www.w3.org/1999/02/22-rdf-syntax-ns#type> AS ?q) }}
  UNION
  {{ ?s <{HS}partOfOrg>+ ?o BIND(<{HS}partOfOrg> AS ?q) }}
}}
"""


def load(*, closed: bool = False, more: str = "") -> ox.Store:
    """Load core, background and reports into one default graph; `more` is Turtle with the prefixes of the reports."""
    store = ox.Store()
    for path in (ONTOLOGY / "hearsay.ttl", *sorted((ONTOLOGY / "background").glob("*.ttl"))):
        store.load(path=path, format=ox.RdfFormat.TURTLE)
    reports = REPORTS.read_text("utf-8")
    store.load(reports + more, format=ox.RdfFormat.TURTLE)
    if closed:
        add(store, CLOSURE)
    return store


def add(store: ox.Store, query: str) -> set[tuple[str, str, str]]:
    """Add what a CONSTRUCT query finds; give its triples with short names."""
    found = store.query(query)
    assert isinstance(found, ox.QueryTriples)
    triples = set(found)
    store.extend(ox.Quad(one.subject, one.predicate, one.object) for one in triples)
    return {(short(one.subject), short(one.predicate), short(one.object)) for one in triples}


def derive(store: ox.Store) -> dict[str, set[tuple[str, str, str]]]:
    """Run all rules in order; give what each derived, by the name of its file without number."""
    return {path.stem.split("-", 1)[1]: add(store, path.read_text("utf-8")) for path in RULES}


def to_rdflib(store: ox.Store) -> Graph:
    """Give the default graph of a store as rdflib has it."""
    found = store.dump(format=ox.RdfFormat.N_TRIPLES, from_graph=ox.DefaultGraph())
    assert found is not None
    return Graph().parse(data=found.decode(), format="nt")


def select(store: ox.Store, query: str, values: Mapping[str, Node]) -> list[tuple[str, ...]]:
    """Answer a SELECT query by Oxigraph, values given by substitution; cells with short names, "" where unbound."""
    substitutions: dict[ox.Variable, ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple] = {
        ox.Variable(name): to_ox(value) for name, value in values.items()
    }
    found = store.query(query, substitutions=substitutions)
    assert isinstance(found, ox.QuerySolutions)
    names = found.variables
    return [tuple(short(row[name]) for name in names) for row in found]


def to_ox(value: Node) -> ox.NamedNode | ox.Literal:
    if isinstance(value, URIRef):
        return ox.NamedNode(value)
    assert isinstance(value, Literal)
    return (
        ox.Literal(str(value), datatype=ox.NamedNode(value.datatype))
        if value.datatype
        else ox.Literal(str(value))
    )


def short(term: object) -> str:
    """Name a term of either engine by what follows its namespace; a literal by its words."""
    if term is None:
        return ""
    words = str(term.value) if isinstance(term, (ox.NamedNode, ox.Literal)) else str(term)
    return re.sub(rf"^{re.escape(DEFAULT_BASE)}(id/\w+/|ontology#)", "", words)
