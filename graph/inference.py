"""The closure of the ontology's core, kept in the graph `inferred`, whole or for what a load has changed.

Classes and properties are followed up their trees, inverses and symmetry are completed, transitive properties are
closed, and our own domains classify. All but transitivity look at one triple and the ontology, so what one triple lets
conclude is a row of a table (`Axioms`), and after a change only the conclusions of the changed triples are looked at
again: each stays while any triple still supports it (Gupta, Mumick and Subrahmanian 1993, "Maintaining Views
Incrementally"). A general OWL reasoner would be slower by far, and would also infer triples with literals for subjects
and that every thing is the same as itself. Conclusions are drawn for the terms of Hearsay only: how they relate to
other vocabularies stands in the alignments.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from typing import cast

import pyoxigraph as ox

from graph.axioms import TYPE, Axioms, Node, follow
from graph.iris import Iris
from graph.store import QuadStore, node_of

_MERGED = ox.DefaultGraph()


def close(store: QuadStore, iris: Iris, axioms: Axioms | None = None) -> int:
    """Put into the graph `inferred` what follows from the other graphs and stands in none; give its size.

    The axioms are those of the merged view unless others are given.
    """
    name = iris.graph("inferred")
    store.remove_graph(name)
    axioms = axioms or Axioms.read(store)
    found = _conclude_all(store, axioms)
    engine = store.engine
    store.add_triples(name, (t for t in found if ox.Quad(t.subject, t.predicate, t.object) not in engine))
    return store.count(name)


def extend(store: QuadStore, iris: Iris, triples: Iterable[ox.Triple]) -> None:
    """Add to the graph `inferred` what follows from triples that were added to a closed graph."""
    update(store, iris, Axioms.read(store), gone=(), come=set(triples))


def update(
    store: QuadStore,
    iris: Iris,
    axioms: Axioms,
    *,
    gone: Collection[ox.Triple],
    come: Collection[ox.Triple],
) -> tuple[set[ox.Triple], set[ox.Triple]]:
    """Bring the graph `inferred` up to date after triples were taken from, or added to, the other graphs.

    Gives what was taken out of `inferred` and what was added to it. The axioms must not have changed.
    """
    name = iris.graph("inferred")
    support = _Support(store, axioms, node_of(name))
    candidates = {*gone, *come}
    for triple in (*gone, *come):
        candidates.update(axioms.conclude(triple))
    candidates |= support.find_paths(candidates, gone)
    out, into = set(), set()
    engine, place = store.engine, node_of(name)
    for triple in candidates:
        had = ox.Quad(triple.subject, triple.predicate, triple.object, place) in engine
        has = not store.is_said(triple, besides={place}) and support.follows(triple)
        if had and not has:
            out.add(triple)
        elif has and not had:
            into.add(triple)
    store.take_triples(name, out)
    store.add_triples(name, into)
    return out, into


class _Support:
    """Look up whether a triple follows from what graphs other than `inferred` say."""

    def __init__(self, store: QuadStore, axioms: Axioms, inferred: ox.NamedNode) -> None:
        self._engine = store.engine
        self._axioms = axioms
        self._inferred = inferred
        self._reached: dict[tuple[str, Node], set[ox.NamedNode | ox.BlankNode | ox.Literal]] = {}

    def _said(self, subject: Node | None, name: str, thing: object) -> Iterator[ox.Quad]:
        pattern = (subject, ox.NamedNode(name), cast(Node | None, thing), None)
        for quad in self._engine.quads_for_pattern(*pattern):
            graph = quad.graph_name
            if isinstance(graph, ox.NamedNode) and graph != self._inferred:
                yield quad

    def follows(self, triple: ox.Triple) -> bool:
        """Tell whether a triple follows from what is said."""
        subject, name, thing = cast(Node, triple.subject), triple.predicate.value, triple.object
        if name == TYPE.value:
            return isinstance(thing, ox.NamedNode) and self._is_kind(subject, thing.value)
        for form, turned in self._axioms.forms_of(name):
            start, end = (thing, subject) if turned else (subject, thing)
            if isinstance(start, ox.Literal):
                continue
            if (form != name or turned) and any(True for _ in self._said(cast(Node, start), form, end)):
                return True
            if (
                form in self._axioms.transitive
                and start != end
                and end in self.reach(form, cast(Node, start))
            ):
                return True
        return False

    def _is_kind(self, subject: Node, kind: str) -> bool:
        for form, turned in self._axioms.type_sources.get(kind, ()):
            start, end = (None, subject) if turned else (subject, None)
            if any(True for _ in self._said(start, form, end)):
                return True
        said = self._said(subject, TYPE.value, None)
        return any(
            one.value == kind
            for quad in said
            if isinstance(quad.object, ox.NamedNode)
            for one in self._axioms.wider.get(quad.object.value, ())
        )

    def reach(self, name: str, start: Node) -> set[ox.NamedNode | ox.BlankNode | ox.Literal]:
        """Give all that a thing comes to by a transitive property, over what is said and follows from one triple."""
        known = self._reached.get((name, start))
        if known is not None:
            return known
        found: set[ox.NamedNode | ox.BlankNode | ox.Literal] = set()
        waiting: list[object] = [start]
        while waiting:
            one = waiting.pop()
            if isinstance(one, ox.Literal):
                continue
            for form, turned in self._axioms.forms_of(name):
                if turned:
                    ends = {cast(Node, quad.subject) for quad in self._said(None, form, one)}
                else:
                    ends = {cast(Node, quad.object) for quad in self._said(cast(Node, one), form, None)}
                new = ends - found
                found |= new
                waiting += new
        self._reached[name, start] = found
        return found

    def find_paths(self, changed: Iterable[ox.Triple], gone: Iterable[ox.Triple]) -> set[ox.Triple]:
        """Give the triples of transitive properties, and what follows from them, that changed triples may touch."""
        starts: dict[str, set[Node]] = defaultdict(set)
        for triple in changed:
            if triple.predicate.value in self._axioms.transitive:
                starts[triple.predicate.value].add(cast(Node, triple.subject))
        found: set[ox.Triple] = set()
        for name, nodes in starts.items():
            predicate = ox.NamedNode(name)
            # The store still holds the closure of before, so all that came to a changed start is one step away.
            before = {
                cast(Node, quad.subject)
                for node in nodes
                for quad in self._engine.quads_for_pattern(None, predicate, node, _MERGED)
            }
            for start in nodes | before:
                ends: set[object] = set(self.reach(name, start))
                ends |= {q.object for q in self._engine.quads_for_pattern(start, predicate, None, _MERGED)}
                ends |= {t.object for t in gone if t.subject == start and t.predicate == predicate}
                for end in ends:
                    triple = ox.Triple(start, predicate, cast(Node, end))
                    found.add(triple)
                    found.update(self._axioms.conclude(triple))
        return found


def _conclude_all(store: QuadStore, axioms: Axioms) -> set[ox.Triple]:
    """Give all that follows from the merged view, be it said in it or not."""
    found: set[ox.Triple] = set()
    done: set[tuple[object, object]] = set()
    edges: dict[str, dict[object, set[object]]] = {name: defaultdict(set) for name in axioms.transitive}
    carriers = {form for name in axioms.transitive for form, _ in axioms.forms_of(name)}
    for quad in store.quads(None):
        predicate, thing = quad.predicate.value, quad.object
        if predicate in carriers:
            _add_edges(edges, axioms, quad.triple)
        # Most properties of a thing say the same of its type, and many things have one type: once is enough.
        row = axioms.rows.get(predicate)
        if predicate == TYPE.value:
            mark: tuple[object, object] = (quad.subject, thing)
        elif row is None:
            continue
        elif row.forward or row.reverse or row.object_types:
            found.update(axioms.conclude(quad.triple))
            continue
        else:
            mark = (quad.subject, row.subject_types)
        if mark not in done:
            done.add(mark)
            found.update(axioms.conclude(quad.triple))
    for name, steps in edges.items():
        predicate_node = ox.NamedNode(name)
        for start in list(steps):
            for end in follow(steps, start):
                triple = ox.Triple(cast(Node, start), predicate_node, cast(Node, end))
                found.add(triple)
                found.update(axioms.conclude(triple))
    return found


def _add_edges(edges: dict[str, dict[object, set[object]]], axioms: Axioms, triple: ox.Triple) -> None:
    for one in (triple, *axioms.conclude(triple)):
        if one.predicate.value in edges:
            edges[one.predicate.value][one.subject].add(one.object)
