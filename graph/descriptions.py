"""What the graph says of one thing, as a small graph of its own, with what the things around it are called.

A situation never stands alone: the statements that hold it come with it, since nothing here is a fact.
"""

from __future__ import annotations

from rdflib import Graph, Literal, URIRef

from graph.errors import UnknownResource
from graph.facts import Facts
from graph.snapshots import Snapshot
from graph.store import QuadStore
from graph.terms import HS, PREFIXES, RDF, RDFS

# The most triples that are given of those that point to a thing; a country is pointed to by everything.
MOST_INCOMING = 1_000


def find(snapshot: Snapshot, kind: str, key: str) -> URIRef:
    """Give the IRI of a thing by its key or IRI. Raises UnknownResource, UsageError for an unknown kind."""
    iri = URIRef(key) if key.startswith(snapshot.iris.of(kind, "")) else snapshot.iris.of(kind, key)
    if not Facts(snapshot.store, snapshot.iris).is_known(iri):
        raise UnknownResource(
            f"there is no {kind} {key!r} in this graph (version {snapshot.version}); "
            "ask a question or look at a page to find its key"
        )
    return iri


def resource(snapshot: Snapshot, kind: str, key: str) -> Graph:
    """Describe a thing: its own triples, those that point to it, and the labels of all things in them.

    Raises UnknownResource, UsageError for an unknown kind. Past `MOST_INCOMING` triples that point to it,
    the first ones by subject are given and rdfs:comment says how many there are.
    """
    iri = find(snapshot, kind, key)
    facts = Facts(snapshot.store, snapshot.iris)
    graph = empty_graph()
    graph += snapshot.store.triples(iri)
    incoming = sorted(snapshot.store.triples(None, None, iri), key=str)
    graph += incoming[:MOST_INCOMING]
    if len(incoming) > MOST_INCOMING:
        told = (
            f"{len(incoming)} triples point here; the first {MOST_INCOMING} are given. Ask by SPARQL for all."
        )
        graph.add((iri, RDFS.comment, Literal(told)))
    if kind == "situation":
        for statement in facts.subjects(HS.content, iri):
            graph += ((s, p, o) for s, p, o in snapshot.store.triples(statement, HS.speaker))
    add_labels(graph, snapshot.store)
    return graph


def empty_graph() -> Graph:
    """Make a graph that knows Hearsay's prefixes."""
    graph = Graph(bind_namespaces="none")
    for prefix, namespace in PREFIXES.items():
        graph.bind(prefix, namespace)
    return graph


def add_labels(graph: Graph, store: QuadStore) -> None:
    """Add the labels and our classes of all things that the graph names, to spare a reader a second look."""
    named = {term for triple in graph for term in (triple[0], triple[2]) if isinstance(term, URIRef)}
    for thing in named:
        if thing.startswith(HS):
            continue
        graph += store.triples(thing, RDFS.label)
        graph += ((s, p, o) for s, p, o in store.triples(thing, RDF.type) if str(o).startswith(str(HS)))
