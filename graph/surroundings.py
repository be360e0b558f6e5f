"""The merged view walked along properties, each by all the forms in which it may be said."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import cast

import pyoxigraph as ox
from rdflib import URIRef

from graph.axioms import TYPE, Axioms, Node
from graph.iris import Iris
from graph.store import QuadStore, node_of

Names = tuple[URIRef, ...]

_MERGED = ox.DefaultGraph()
_DERIVED = ("evidence", "inferred", "meta")


class Surroundings:
    """Walk the graph along properties, in the direction in which they are stored or by their inverses."""

    def __init__(self, store: QuadStore, iris: Iris, axioms: Axioms) -> None:
        self.store = store
        self.axioms = axioms
        self._engine = store.engine
        self._derived = {node_of(iris.graph(name)) for name in _DERIVED}
        self._forms: dict[Names, list[tuple[ox.NamedNode, bool]]] = {}
        self._sets: dict[tuple[Node, Names], frozenset[Node]] = {}

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

    def far(self, nodes: Iterable[Node], names: Names) -> set[Node]:
        """Give the things that have some things by any of the properties."""
        return self._walk(nodes, names, back=True)

    def _walk(self, nodes: Iterable[Node], names: Names, *, back: bool) -> set[Node]:
        found: set[Node] = set()
        for node in nodes:
            for form, turned in self.forms(names):
                if turned != back:
                    found.update(cast(Node, quad.subject) for quad in self._ending(node, form, _MERGED))
                else:
                    quads = self._starting(node, form, _MERGED)
                    found.update(q.object for q in quads if isinstance(q.object, ox.NamedNode | ox.BlankNode))
        return found

    def _starting(
        self, node: Node, form: ox.NamedNode | None, place: ox.DefaultGraph | None
    ) -> Iterator[ox.Quad]:
        return self._engine.quads_for_pattern(node, form, None, place)

    def _ending(self, node: Node, form: ox.NamedNode, place: ox.DefaultGraph | None) -> Iterator[ox.Quad]:
        return self._engine.quads_for_pattern(None, form, node, place)

    def sharers(self, node: Node, names: Names) -> frozenset[Node]:
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
        for form, turned in self.forms(names):
            quads = self._ending(node, form, _MERGED) if turned else self._starting(node, form, _MERGED)
            if next(quads, None) is not None:
                return True
        return False

    def is_a(self, node: Node, kinds: Iterable[Node]) -> bool:
        """Tell whether a thing has one of the types in the merged view."""
        return any(ox.Quad(node, TYPE, kind) in self._engine for kind in kinds)

    def said_of(self, node: Node, names: Names | None = None) -> Iterator[ox.Triple]:
        """Give what is said of a thing, by some properties or all: what articles and background hold, not rules."""
        if names is None:
            yield from self._said(self._starting(node, None, None))
            return
        for form, turned in self.forms(names):
            quads = self._ending(node, form, None) if turned else self._starting(node, form, None)
            yield from self._said(quads)

    def said_to(self, node: Node, names: Names) -> Iterator[ox.Triple]:
        """Give what is said by some properties of other things, with this one at their end."""
        for form, turned in self.forms(names):
            quads = self._starting(node, form, None) if turned else self._ending(node, form, None)
            yield from self._said(quads)

    def _said(self, quads: Iterable[ox.Quad]) -> Iterator[ox.Triple]:
        for quad in quads:
            if isinstance(quad.graph_name, ox.NamedNode) and quad.graph_name not in self._derived:
                yield quad.triple
