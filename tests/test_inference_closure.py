"""What follows from the ontology's core is stored, and nothing else."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rdflib import Graph, Literal, URIRef

from graph import inference
from graph.axioms import Axioms
from graph.iris import Iris
from graph.store import QuadStore
from graph.terms import HS, OWL, RDF, RDFS

IRIS = Iris()
INFERRED = IRIS.graph("inferred")
DATA_GRAPHS = [IRIS.graph(f"article/{number}") for number in range(2)]

ONTOLOGY = """
hs:Statement a owl:Class . hs:Denial rdfs:subClassOf hs:Statement . hs:FlatDenial rdfs:subClassOf hs:Denial .
hs:Denial rdfs:subClassOf [ a owl:Restriction ; owl:onProperty hs:speaker ; owl:maxCardinality 1 ] .
hs:content rdfs:domain hs:Statement .
hs:negates rdfs:subPropertyOf hs:content . hs:denies rdfs:subPropertyOf hs:negates ; rdfs:domain hs:FlatDenial .
hs:speaker owl:inverseOf hs:said ; rdfs:subPropertyOf prov:wasAttributedTo .
hs:contrastsWith a owl:SymmetricProperty . hs:contradicts rdfs:subPropertyOf hs:contrastsWith .
hs:within a owl:TransitiveProperty ; owl:inverseOf hs:holds .
hs:exact rdfs:subPropertyOf hs:words . hs:words rdfs:domain hs:Span .
prov:wasAttributedTo rdfs:domain prov:Entity ; owl:inverseOf prov:made .
skos:altLabel rdfs:domain hs:Named .
"""
DATA = """
:st hs:denies :s ; hs:speaker :pmf ; hs:contradicts :other ; skos:altLabel "a" .
:town hs:within :district . :district hs:within :province . :province hs:within :country .
:span hs:exact "words" . :circle hs:within :ring . :ring hs:within :circle .
"""
EXPECTED = """
:st hs:negates :s ; hs:content :s ; a hs:FlatDenial , hs:Denial , hs:Statement ; hs:contrastsWith :other .
:pmf hs:said :st . :other hs:contrastsWith :st .
:town hs:within :province , :country . :district hs:within :country .
:district hs:holds :town . :province hs:holds :town , :district . :country hs:holds :town , :district , :province .
:span hs:words "words" ; a hs:Span . :circle hs:holds :ring . :ring hs:holds :circle .
"""


def read(turtle: str) -> Graph:
    head = "".join(
        f"@prefix {prefix}: <{name}> .\n"
        for prefix, name in {
            "": "http://example.org/", "hs": HS, "owl": OWL, "rdfs": RDFS, "prov": "http://www.w3.org/ns/prov#",
            "skos": "http://www.w3.org/2004/02/skos/core#",
        }.items()
    )  # fmt: skip
    return Graph().parse(data=head + turtle, format="turtle")


def closed(*graphs: str) -> QuadStore:
    store = QuadStore.in_memory()
    for number, turtle in enumerate(graphs):
        store.put_graph(URIRef(f"http://example.org/graph/{number}"), read(turtle))
    inference.close(store, IRIS)
    return store


def test_the_closure_is_exactly_what_follows() -> None:
    found = set(closed(ONTOLOGY, DATA).graph(INFERRED))
    expected = set(read(EXPECTED))
    assert found - expected == set()
    assert expected - found == set()


def test_order_and_repetition_change_nothing() -> None:
    one, other = closed(ONTOLOGY, DATA), closed(DATA, ONTOLOGY)
    assert one.digest(INFERRED) == other.digest(INFERRED)
    before = one.digest(INFERRED)
    inference.close(one, IRIS)
    assert one.digest(INFERRED) == before


def test_nothing_is_inferred_twice_or_about_itself() -> None:
    store = closed(ONTOLOGY, DATA + ":st a hs:Statement .")
    assert (URIRef("http://example.org/st"), RDF.type, HS.Statement) not in store.graph(INFERRED)
    for subject, predicate, thing in store.triples():
        assert not isinstance(subject, Literal)
        assert predicate != OWL.sameAs
        assert subject != thing


NODES = [URIRef(f"http://example.org/{name}") for name in "abcd"]
WRITTEN = [
    HS.within, HS.holds, HS.denies, HS.negates, HS.content, HS.speaker, HS.said, HS.contradicts, HS.contrastsWith,
    RDF.type, HS.inside,
]  # fmt: skip
MORE_AXIOMS = ONTOLOGY + "hs:inside rdfs:subPropertyOf hs:within . hs:said rdfs:domain hs:Agent ."
TRIPLES = st.tuples(
    st.sampled_from(NODES), st.sampled_from(WRITTEN), st.sampled_from([*NODES, HS.FlatDenial, HS.Denial])
)


@given(st.lists(st.tuples(st.integers(0, 1), st.lists(TRIPLES, max_size=4)), max_size=10))
@settings(max_examples=80, deadline=None)
def test_a_closure_kept_up_to_date_is_the_closure_from_scratch(
    steps: list[tuple[int, list[tuple[URIRef, URIRef, URIRef]]]],
) -> None:
    """Graphs are put in the place of former ones, and only what has changed is concluded anew."""
    store = QuadStore.in_memory()
    store.put_graph(IRIS.graph("ontology"), read(MORE_AXIOMS))
    inference.close(store, IRIS)
    axioms = Axioms.read(store)
    for number, triples in steps:
        before = {quad.triple for name in DATA_GRAPHS for quad in store.quads(name)}
        graph = Graph()
        for triple in triples:
            graph.add(triple)
        store.put_graph(DATA_GRAPHS[number], graph)
        after = {quad.triple for name in DATA_GRAPHS for quad in store.quads(name)}
        inference.update(store, IRIS, axioms, gone=before - after, come=after - before)
        kept = set(store.graph(INFERRED))
        inference.close(store, IRIS)
        assert kept == set(store.graph(INFERRED))


@pytest.mark.parametrize("length", [1, 2, 33])
def test_a_chain_of_any_length_is_closed(length: int) -> None:
    chain = " ".join(f":p{n} hs:within :p{n + 1} ." for n in range(length))
    store = closed("hs:within a owl:TransitiveProperty .", chain)
    first = URIRef("http://example.org/p0")
    assert len(list(store.triples(first, HS.within))) == length
    assert len(list(store.triples(None, HS.within))) == length * (length + 1) // 2
