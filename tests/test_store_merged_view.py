"""The default graph is the union of the named graphs, each triple once, whatever is put, replaced or removed."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rdflib import BNode, Graph, Literal, URIRef
from rdflib.compare import isomorphic
from rdflib.term import Node

from graph.converters import from_ox, to_ox, to_triples
from graph.errors import StoreError
from graph.store import SUMS, QuadStore, sum_of
from graph.terms import OWL, RDFS, XSD

NAMES = [URIRef(f"http://example.org/graph/{n}") for n in range(3)]
TERMS = [URIRef(f"http://example.org/{n}") for n in "abc"]


def graph_of(*triples: tuple[Node, Node, Node]) -> Graph:
    graph = Graph()
    for triple in triples:
        graph.add(triple)
    return graph


def union_of(store: QuadStore) -> set[tuple[Node, Node, Node]]:
    return {triple for name in store.names() for triple in store.graph(name)}


def merged(store: QuadStore) -> list[tuple[Node, Node, Node]]:
    return list(store.triples())


A, B, C = TERMS
SHARED = (A, RDFS.label, Literal("shared"))
FIRST, SECOND = (A, RDFS.label, Literal("first")), (B, RDFS.label, Literal("second"))


def test_a_shared_triple_counts_once_and_stays_while_one_graph_has_it() -> None:
    store = QuadStore.in_memory()
    store.put_graph(NAMES[0], graph_of(SHARED, FIRST))
    store.put_graph(NAMES[1], graph_of(SHARED, SECOND))
    assert len(store) == 3
    store.remove_graph(NAMES[0])
    assert set(merged(store)) == {SHARED, SECOND}
    store.put_graph(NAMES[1], graph_of(SECOND))
    assert merged(store) == [SECOND]
    assert store.names() == [NAMES[1]]


steps = st.lists(
    st.tuples(
        st.sampled_from(NAMES),
        st.one_of(
            st.none(),
            st.lists(
                st.tuples(
                    st.sampled_from(TERMS), st.sampled_from(TERMS), st.sampled_from([*TERMS, Literal(1)])
                ),
                max_size=4,
            ),
        ),
    ),
    max_size=12,
)


@given(steps)
@settings(max_examples=60, deadline=None)
def test_the_merged_view_is_the_union_after_any_steps(
    done: list[tuple[URIRef, list[tuple[Node, Node, Node]] | None]],
) -> None:
    store = QuadStore.in_memory()
    for name, triples in done:
        if triples is None:
            store.remove_graph(name)
        else:
            store.put_graph(name, graph_of(*triples))
            assert set(store.graph(name)) == set(triples)
    found = merged(store)
    assert len(found) == len(set(found))
    assert set(found) == union_of(store)


def test_putting_a_value_that_the_engine_writes_otherwise_keeps_it() -> None:
    """The engine turns 01 into 1; putting 1 in its place must not take it away."""
    store = QuadStore.in_memory()
    for lexical in ("01", "1", "+1"):
        number = Literal(lexical, datatype=XSD.integer, normalize=False)
        store.put_graph(NAMES[0], graph_of((A, B, number)))
        assert [int(str(thing)) for _, _, thing in merged(store)] == [1]


def restriction(label: str) -> Graph:
    one, other = BNode(), BNode()
    return graph_of(
        (A, RDFS.subClassOf, one),
        (one, OWL.onProperty, B),
        (one, RDFS.seeAlso, other),
        (other, B, Literal(label)),
    )


def test_blank_nodes_follow_from_content_and_never_meet() -> None:
    first, second = QuadStore.in_memory(), QuadStore.in_memory()
    for store, names in ((first, NAMES), (second, NAMES[::-1])):
        for name in names:
            store.put_graph(name, restriction("same"))
    assert [first.digest(name) for name in NAMES] == [second.digest(name) for name in NAMES]
    assert isomorphic(first.graph(NAMES[0]), restriction("same"))
    # Three graphs with equal blank structures stay three in the merged view.
    assert len(first) == 3 * 4


def test_the_digest_follows_the_content() -> None:
    store = QuadStore.in_memory()
    store.put_graph(NAMES[0], graph_of(SHARED, FIRST))
    store.put_graph(NAMES[1], graph_of(FIRST, SHARED))
    assert store.digest(NAMES[0]) == store.digest(NAMES[1])
    store.put_graph(NAMES[1], graph_of(FIRST))
    assert store.digest(NAMES[0]) != store.digest(NAMES[1])


@given(st.lists(st.tuples(st.booleans(), st.integers(0, 9)), max_size=30))
@settings(max_examples=60, deadline=None)
def test_a_sum_follows_what_is_added_and_removed(done: list[tuple[bool, int]]) -> None:
    store, total = QuadStore.in_memory(), 0
    store.put_graph(NAMES[0], graph_of())
    held: set[int] = set()
    for add, number in done:
        triple = next(to_triples([(A, B, Literal(number))]))
        if add and number not in held:
            store.add_triples(NAMES[0], [triple])
            total += sum_of([triple])
            held.add(number)
        elif not add and number in held:
            store.take_triples(NAMES[0], [triple])
            total -= sum_of([triple])
            held.discard(number)
    assert store.sum_up(NAMES[0]) == (total % SUMS, len(held))


def test_only_a_difference_is_told_as_one() -> None:
    store = QuadStore.in_memory()
    number = graph_of((A, B, Literal("01", datatype=XSD.integer, normalize=False)), FIRST)
    told = [
        store.put_triples(NAMES[0], to_triples(one))
        for one in (number, number, graph_of(FIRST), graph_of(FIRST))
    ]
    assert told == [True, False, True, False]


@pytest.mark.parametrize(
    "term",
    [
        URIRef("http://example.org/é"),
        BNode("b1"),
        Literal("plain"),
        Literal(""),
        Literal("line\r\n\t“quoted” \\ \U0001f6e1"),
        Literal("mot", lang="fr"),
        Literal("2017-11-08", datatype=XSD.date),
        Literal("x", datatype=URIRef("http://example.org/type")),
        Literal(False),
        Literal(0),
    ],
    ids=repr,
)
def test_terms_come_back_equal(term: Node) -> None:
    assert from_ox(to_ox(term)) == term


@pytest.mark.parametrize(
    ("triple", "told"),
    [
        ((Literal("x"), RDFS.label, Literal("y")), "no subject"),
        ((URIRef("http://example.org/a b"), RDFS.label, Literal("y")), "can't be stored"),
        ((A, BNode(), Literal("y")), "no subject with a predicate"),
    ],
)
def test_what_is_no_rdf_is_refused(triple: tuple[Node, Node, Node], told: str) -> None:
    class Loose(Graph):
        """Let anything through, as a careless writer would."""

        def __iter__(self):  # type: ignore[no-untyped-def]  # rdflib's own has no short type
            yield triple

    store = QuadStore.in_memory()
    with pytest.raises(StoreError, match=told):
        store.put_graph(NAMES[0], Loose())
    assert len(store) == 0


def test_a_closed_store_says_so() -> None:
    store = QuadStore.in_memory()
    store.close()
    with pytest.raises(StoreError, match="closed"):
        store.names()
