"""What the ontology's core says, as tables: what one triple lets conclude, and the wider classes of each class.

A property's forms are itself, what it is a sub-property of, its inverses and, where it is symmetric, its own converse,
over and over; so whatever follows from one triple is a row looked up by its property.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import cast

import pyoxigraph as ox

from graph.store import QuadStore
from graph.terms import HS, OWL, RDF, RDFS

Node = ox.NamedNode | ox.BlankNode
Form = tuple[str, bool]

TYPE = ox.NamedNode(str(RDF.type))
_OURS = str(HS)
_MERGED = ox.DefaultGraph()
# A triple with one of these, or that makes a property symmetric or transitive, changes what follows from others.
_AXIOMS = frozenset(map(str, (RDFS.subPropertyOf, RDFS.subClassOf, RDFS.domain, OWL.inverseOf)))
_KINDS = frozenset(map(str, (OWL.SymmetricProperty, OWL.TransitiveProperty)))


@dataclass(frozen=True)
class _Row:
    """Hold what a triple of one property lets conclude: other properties, and types of its two ends."""

    forward: tuple[ox.NamedNode, ...]
    reverse: tuple[ox.NamedNode, ...]
    subject_types: tuple[ox.NamedNode, ...]
    object_types: tuple[ox.NamedNode, ...]


@dataclass(frozen=True)
class Axioms:
    """Hold what the ontology says, as tables: a row for each property, the wider classes of each class.

    `sources` has, for a property, those that it follows from, each with whether its triple is turned round.
    """

    rows: dict[str, _Row]
    wider: dict[str, tuple[ox.NamedNode, ...]]
    transitive: frozenset[str]
    sources: dict[str, tuple[Form, ...]] = field(init=False)
    type_sources: dict[str, tuple[Form, ...]] = field(init=False)

    def __post_init__(self) -> None:
        sources: dict[str, list[Form]] = defaultdict(list)
        types: dict[str, list[Form]] = defaultdict(list)
        for name, row in sorted(self.rows.items()):
            for found, kind, turned in (
                (sources, row.forward, False),
                (sources, row.reverse, True),
                (types, row.subject_types, False),
                (types, row.object_types, True),
            ):
                for one in kind:
                    found[one.value].append((name, turned))
        object.__setattr__(self, "sources", {name: tuple(forms) for name, forms in sources.items()})
        object.__setattr__(self, "type_sources", {name: tuple(forms) for name, forms in types.items()})

    @classmethod
    def read(cls, store: QuadStore) -> Axioms:
        """Read the axioms from the merged view."""
        wider_properties = _closed_pairs(store, str(RDFS.subPropertyOf))
        wider_classes = _closed_pairs(store, str(RDFS.subClassOf))
        inverse: dict[str, set[str]] = defaultdict(set)
        for one, other in _pairs(store, str(OWL.inverseOf)):
            inverse[one].add(other)
            inverse[other].add(one)
        kinds = {kind: {s for s, _ in _pairs(store, str(RDF.type), kind)} for kind in _KINDS}
        symmetric = {name for name in kinds[str(OWL.SymmetricProperty)] if name.startswith(_OURS)}
        domains: dict[str, set[str]] = defaultdict(set)
        for name, kind in _pairs(store, str(RDFS.domain)):
            if name.startswith(_OURS) and kind.startswith(_OURS):
                domains[name] |= {kind, *(one for one in wider_classes[kind] if one.startswith(_OURS))}
        rows = {}
        for name in {*wider_properties, *inverse, *symmetric, *domains}:
            forms = _forms(name, wider_properties, inverse, symmetric)
            rows[name] = _Row(
                _nodes(form for form, turned in forms if not turned and form != name),
                _nodes(form for form, turned in forms if turned),
                _nodes(kind for form, turned in forms if not turned for kind in domains.get(form, ())),
                _nodes(kind for form, turned in forms if turned for kind in domains.get(form, ())),
            )
        wider = {
            name: _nodes(one for one in found if one.startswith(_OURS))
            for name, found in wider_classes.items()
        }
        transitive = {name for name in kinds[str(OWL.TransitiveProperty)] if name.startswith(_OURS)}
        return cls(rows, wider, frozenset(transitive))

    def conclude(self, triple: ox.Triple) -> Iterator[ox.Triple]:
        """Give what follows from one triple alone."""
        subject, predicate, thing = cast(Node, triple.subject), triple.predicate, triple.object
        if predicate.value == TYPE.value:
            if isinstance(thing, ox.NamedNode):
                for kind in self.wider.get(thing.value, ()):
                    yield ox.Triple(subject, TYPE, kind)
            return
        row = self.rows.get(predicate.value)
        if row is None:
            return
        for name in row.forward:
            yield ox.Triple(subject, name, thing)
        for kind in row.subject_types:
            yield ox.Triple(subject, TYPE, kind)
        if isinstance(thing, ox.NamedNode | ox.BlankNode):
            for name in row.reverse:
                yield ox.Triple(thing, name, subject)
            for kind in row.object_types:
                yield ox.Triple(thing, TYPE, kind)

    def forms_of(self, name: str) -> tuple[Form, ...]:
        """Give the properties that a property follows from, itself first, each with whether it is turned round."""
        return ((name, False), *self.sources.get(name, ()))


def is_axiom(triple: ox.Triple) -> bool:
    """Tell whether a triple changes what follows from others, so that all has to be concluded anew."""
    return triple.predicate.value in _AXIOMS or (
        isinstance(triple.object, ox.NamedNode) and triple.object.value in _KINDS
    )


def _pairs(store: QuadStore, predicate: str, thing: str | None = None) -> list[tuple[str, str]]:
    """List the subjects and objects of a property that are IRIs."""
    found = store.engine.quads_for_pattern(
        None, ox.NamedNode(predicate), None if thing is None else ox.NamedNode(thing), _MERGED
    )
    return [
        (quad.subject.value, quad.object.value)
        for quad in found
        if isinstance(quad.subject, ox.NamedNode) and isinstance(quad.object, ox.NamedNode)
    ]


def _closed_pairs(store: QuadStore, predicate: str) -> dict[str, set[str]]:
    """Map each subject of a property to all that it leads to, itself left out unless it is in a circle."""
    steps: dict[object, set[object]] = defaultdict(set)
    for one, other in _pairs(store, predicate):
        steps[one].add(other)
    found: dict[str, set[str]] = defaultdict(set)
    for start in list(steps):
        found[str(start)] = {str(one) for one in follow(steps, start)}
    return found


def _forms(
    name: str, wider: dict[str, set[str]], inverse: dict[str, set[str]], symmetric: set[str]
) -> set[Form]:
    """Give all properties that hold where one holds, each with whether subject and object change places."""
    found: set[Form] = {(name, False)}
    waiting = [(name, False)]
    while waiting:
        one, turned = waiting.pop()
        near = {(up, turned) for up in wider.get(one, ()) if up.startswith(_OURS)}
        near |= {(other, not turned) for other in inverse.get(one, ()) if other.startswith(_OURS)}
        near |= {(one, not turned)} if one in symmetric else set()
        waiting += near - found
        found |= near
    return found


def _nodes(names: Iterable[str]) -> tuple[ox.NamedNode, ...]:
    return tuple(ox.NamedNode(name) for name in sorted(set(names)))


def follow(steps: dict[object, set[object]], start: object) -> set[object]:
    """Give all that can be come to from a start, but for itself."""
    found: set[object] = set()
    waiting = [start]
    while waiting:
        new = steps.get(waiting.pop(), set()) - found
        found |= new
        waiting += new
    return found - {start}
