"""What each statement is about, as triple terms of RDF 1.2: spoken of, never asserted.

In RDF 1.1 a statement points to a situation (`hs:denies`, `hs:affirms` …), and the situation has its properties:
what kind of happening, who acted, where. Here the statement reifies each of these besides,

    statement:x hs:denies situation:y ;
        rdf:reifies <<( situation:y hs:actor agent:z )>> , <<( situation:y hs:place place:w )>> .

so that SPARQL 1.2 asks "who said of whom that they acted where" with one pattern, `?statement rdf:reifies
<<( ?situation hs:actor ?who )>>`. How the speaker stands to it (affirms, denies, predicts) stays with the stance
property: a triple term has no truth of its own. https://www.w3.org/TR/rdf12-concepts/, section 1.5.

Rule: in the graph of an article, for every `?statement ?stance ?situation` whose stance is `hs:content` or narrower,
and every `?situation ?property ?value` of that graph, the graph also has `?statement rdf:reifies
<<( ?situation ?property ?value )>>`. The merged view has the union of them. Other graphs stay as they are.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

import pyoxigraph as ox
from rdflib import URIRef

from graph.iris import Iris
from graph.store import QuadStore, node_of
from graph.terms import HS, RDF, RDFS

_REIFIES = node_of(URIRef(f"{RDF}reifies"))


class Reifications:
    """Find what RDF 1.2 adds to the graphs of a store."""

    def __init__(self, store: QuadStore, iris: Iris) -> None:
        self._store = store
        self._articles = str(iris.graph("article/"))
        self._stances = _find_stances(store)

    def of(self, name: URIRef) -> Iterator[ox.Quad]:
        """Give the quads that are added to a named graph, in no order, each once; none to one of no article."""
        if not str(name).startswith(self._articles):
            return
        about: defaultdict[object, set[ox.NamedNode | ox.BlankNode]] = defaultdict(set)
        for quad in self._store.quads(name):
            if quad.predicate.value in self._stances and isinstance(
                quad.subject, ox.NamedNode | ox.BlankNode
            ):
                about[quad.object].add(quad.subject)
        graph = node_of(name)
        for quad in self._store.quads(name):
            for statement in about.get(quad.subject, ()):
                yield ox.Quad(statement, _REIFIES, quad.triple, graph)

    def of_all(self) -> Iterator[ox.Quad]:
        """Give those of every graph; the same triple comes once for each graph that has it."""
        for name in self._store.names():
            yield from self.of(name)


def _find_stances(store: QuadStore) -> frozenset[str]:
    """List `hs:content` and all properties narrower than it, as the ontology in the store has them."""
    found, waiting = {str(HS.content)}, [HS.content]
    while waiting:
        for narrower, _, _ in store.triples(None, RDFS.subPropertyOf, waiting.pop()):
            if str(narrower) not in found:
                found.add(str(narrower))
                waiting.append(URIRef(str(narrower)))
    return frozenset(found)
