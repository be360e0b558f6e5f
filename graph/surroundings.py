"""The merged view walked along properties, each by all the forms in which it may be said."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import pyoxigraph as ox
from rdflib import URIRef

from graph.axioms import TYPE, Axioms, Node
from graph.iris import Iris
from graph.store import QuadStore, node_of
from graph.summaries import made_graphs

Names = tuple[URIRef, ...]

_MERGED = ox.DefaultGraph()


class Surroundings:
    """Walk the graph along properties, in the direction in which they are stored or by their inverses."""

    def __init__(self, store: QuadStore, iris: Iris, axioms: Axioms) -> None:
        self.axioms = axioms
        self._engine = store.engine
        self._derived = made_graphs(iris)
        self._evidence = node_of(iris.graph("evidence"))
        self._forms: dict[Names, list[tuple[ox.NamedNode, bool]]] = {}
        self._sets: dict[tuple[Node | ox.Literal, Names], frozenset[Node]] = {}

    def forms(self, names: Names) -> list[tuple[ox.NamedNode, bool]]:
        """Give the properties that stand for some, each with whether it leads the other way."""
        found = self._forms.get(names)
        if found is None:
            each = {form for name in names for form in self.axioms.forms_of(str(name))}
            found = self._forms[names] = [(ox.NamedNode(name), turned) for name, turned in sorted(each)]
        return found

    def near(self, nodes: Iterable[Node], names: Names) -> set[Node]:
        """Give the things that some things have by any of the properties."""
        return self._walk(nodes, names, back=False)

    def far(self, nodes: Iterable[Node | ox.Literal], names: Names) -> set[Node]:
        """Give the things that have some things by any of the properties."""
        return self._walk(nodes, names, back=True)

    def _walk(self, nodes: Iterable[Node | ox.Literal], names: Names, *, back: bool) -> set[Node]:
        found = (
            quad.object if quad.subject == node else quad.subject
            for node in nodes
            for quad in self._quads(node, names, _MERGED, back=back)
        )
        return {end for end in found if isinstance(end, ox.NamedNode | ox.BlankNode)}

    def _quads(
        self, node: Node | ox.Literal, names: Names, place: ox.DefaultGraph | None, *, back: bool = False
    ) -> Iterator[ox.Quad]:
        """Give what leads from a thing by any of the properties, or back to it, however it is said."""
        for form, turned in self.forms(names):
            if turned != back:
                yield from self._engine.quads_for_pattern(None, form, node, place)
            elif not isinstance(node, ox.Literal):
                yield from self._engine.quads_for_pattern(node, form, None, place)

    def sharers(self, node: Node | ox.Literal, names: Names) -> frozenset[Node]:
        """Give the things that have one thing by any of the properties; looked up once."""
        found = self._sets.get((node, names))
        if found is None:
            found = self._sets[node, names] = frozenset(self.far((node,), names))
        return found

    def all_near(self, nodes: Iterable[Node], names: Names) -> set[Node]:
        """Give the things and all that they come to by the properties."""
        return self._all(nodes, names, back=False)

    def all_far(self, nodes: Iterable[Node], names: Names) -> set[Node]:
        """Give the things and all that come to them by the properties."""
        return self._all(nodes, names, back=True)

    def _all(self, nodes: Iterable[Node], names: Names, *, back: bool) -> set[Node]:
        found = set(nodes)
        waiting = found
        while waiting:
            waiting = self._walk(waiting, names, back=back) - found
            found |= waiting
        return found

    def has(self, node: Node, names: Names) -> bool:
        """Tell whether a thing has any of the properties, be it a literal."""
        return next(self._quads(node, names, _MERGED), None) is not None

    def is_a(self, node: Node, kinds: Iterable[Node]) -> bool:
        """Tell whether a thing has one of the types in the merged view."""
        return any(ox.Quad(node, TYPE, kind) in self._engine for kind in kinds)

    def said_of(self, node: Node, names: Names | None = None) -> Iterator[ox.Triple]:
        """Give what is said of a thing, by some properties or all: what articles and background hold, not rules."""
        if names is None:
            return self._said(self._engine.quads_for_pattern(node, None, None, None))
        return self._said(self._quads(node, names, None))

    def said_to(self, node: Node, names: Names) -> Iterator[ox.Triple]:
        """Give what is said by some properties of other things, with this one at their end."""
        return self._said(self._quads(node, names, None, back=True))

    def found_of(self, node: Node, names: Names) -> Iterator[ox.Triple]:
        """Give what was found of a thing over all articles, by some properties."""
        for name in names:
            found = self._engine.quads_for_pattern(node, ox.NamedNode(str(name)), None, self._evidence)
            yield from (quad.triple for quad in found)

    def _said(self, quads: Iterable[ox.Quad]) -> Iterator[ox.Triple]:
        for quad in quads:
            if isinstance(quad.graph_name, ox.NamedNode) and quad.graph_name not in self._derived:
                yield quad.triple
