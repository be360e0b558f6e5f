"""Terms between rdflib, which the house speaks, and the engine, which stores and answers.

A plain string stays a plain string: the engine types it xsd:string, rdflib does not, and the two would
compare unequal. Blank nodes get labels that follow from their graph's content and name, so that reading a
file twice gives the same triples and two graphs never share one by accident.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import cast

import pyoxigraph as ox
from rdflib import BNode, Graph, Literal, URIRef
from rdflib.term import Node

from graph.errors import StoreError
from graph.iris import digest
from graph.terms import PREFIXES, XSD

Term = URIRef | BNode | Literal
Triple = tuple[Node, Node, Node]
OxTerm = ox.NamedNode | ox.BlankNode | ox.Literal

_STRING = str(XSD.string)


def to_ox(term: Node) -> OxTerm:
    """Turn an rdflib term into the engine's. Raises StoreError for an IRI that is none."""
    try:
        if isinstance(term, URIRef):
            return ox.NamedNode(str(term))
        if isinstance(term, BNode):
            return ox.BlankNode(str(term))
        if isinstance(term, Literal):
            if term.language:
                return ox.Literal(str(term), language=term.language)
            return ox.Literal(str(term), datatype=ox.NamedNode(str(term.datatype or XSD.string)))
    except ValueError as error:
        raise StoreError(f"{term!r} can't be stored: {error}") from error
    raise StoreError(f"{term!r} can't be stored: it is no IRI, blank node or literal")


def from_ox(term: OxTerm | ox.Triple) -> Term:
    """Turn the engine's term into rdflib's, its lexical form kept. Raises StoreError for a triple term."""
    if isinstance(term, ox.NamedNode):
        return URIRef(term.value)
    if isinstance(term, ox.BlankNode):
        return BNode(term.value)
    if isinstance(term, ox.Literal):
        if term.language:
            return Literal(term.value, lang=term.language)
        datatype = None if term.datatype.value == _STRING else URIRef(term.datatype.value)
        return Literal(term.value, datatype=datatype, normalize=False)
    raise StoreError("a triple inside a triple (RDF 1.2) has no place in this graph")


def to_triples(triples: Iterable[Triple]) -> Iterator[ox.Triple]:
    """Turn rdflib triples, such as a graph's, into the engine's. Raises StoreError for a literal as subject."""
    iris: dict[str, ox.NamedNode] = {}

    def of(term: Node) -> OxTerm:
        """Turn a term; an IRI, which a graph names over and over, once."""
        if type(term) is not URIRef:
            return to_ox(term)
        found = iris.get(str(term))
        if found is None:
            found = iris[str(term)] = cast(ox.NamedNode, to_ox(term))
        return found

    for subject, predicate, thing in triples:
        if isinstance(subject, Literal) or not isinstance(predicate, URIRef):
            raise StoreError(f"{subject!r} {predicate!r} is no subject with a predicate; nothing was stored")
        yield ox.Triple(of(subject), of(predicate), of(thing))  # type: ignore[arg-type]  # checked above


def to_graph(triples: Iterable[ox.Triple]) -> Graph:
    """Turn the engine's triples into an rdflib graph with Hearsay's prefixes."""
    graph = Graph(bind_namespaces="none")
    for prefix, namespace in PREFIXES.items():
        graph.bind(prefix, namespace)
    for triple in triples:
        graph.add((from_ox(triple.subject), from_ox(triple.predicate), from_ox(triple.object)))
    return graph


def settle_blanks(triples: Iterable[ox.Triple], graph_name: str) -> set[ox.Triple]:
    """Give blank nodes labels that follow from the content (RDF Canonicalization) and the graph's name."""
    found = set(triples)
    if not any(isinstance(t.subject, ox.BlankNode) or isinstance(t.object, ox.BlankNode) for t in found):
        return found
    dataset = ox.Dataset(ox.Quad(t.subject, t.predicate, t.object) for t in found)
    dataset.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
    mark = digest(graph_name, length=8)

    def named(term: OxTerm) -> OxTerm:
        return ox.BlankNode(f"b{mark}{term.value}") if isinstance(term, ox.BlankNode) else term

    return {ox.Triple(named(q.subject), q.predicate, named(q.object)) for q in dataset}  # type: ignore[arg-type]
