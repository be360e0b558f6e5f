"""A reader of the merged view, one thing at a time, with answers in an order that never changes."""

from __future__ import annotations

from decimal import Decimal
from urllib.parse import unquote

from rdflib import BNode, Literal, URIRef

from graph.converters import Term
from graph.iris import Iris
from graph.records import Link, Time
from graph.store import QuadStore
from graph.terms import HS, RDF, RDFS


class Facts:
    """Read what the graph says of a thing. `None` and empty tuples stand for what it does not say."""

    def __init__(self, store: QuadStore, iris: Iris) -> None:
        self.store = store
        self.iris = iris

    def is_known(self, thing: URIRef) -> bool:
        """Tell whether the graph says anything of a thing."""
        return next(self.store.triples(thing), None) is not None

    def all(self, thing: Term, predicate: URIRef) -> tuple[Term, ...]:
        """Give the values of a property, sorted."""
        return tuple(sorted((o for _, _, o in self.store.triples(thing, predicate)), key=_order))

    def things(self, thing: Term, predicate: URIRef) -> tuple[URIRef, ...]:
        """Give those values of a property that are IRIs, sorted."""
        return tuple(value for value in self.all(thing, predicate) if isinstance(value, URIRef))

    def words(self, thing: Term, predicate: URIRef) -> str | None:
        """Give the first value of a property as words."""
        return next((str(value) for value in self.all(thing, predicate)), None)

    def number(self, thing: Term, predicate: URIRef) -> int | None:
        """Give the first value of a property that is a whole number."""
        for value in self.all(thing, predicate):
            if isinstance(value, Literal) and str(value).lstrip("-").isdecimal():
                return int(str(value))
        return None

    def share(self, thing: Term, predicate: URIRef) -> float | None:
        """Give the first value of a property that is a number from 0 to 1."""
        for value in self.all(thing, predicate):
            number = value.toPython() if isinstance(value, Literal) else None
            if isinstance(number, (int, float, Decimal)) and 0 <= number <= 1:
                return float(number)
        return None

    def subjects(self, predicate: URIRef, thing: Term) -> tuple[URIRef, ...]:
        """Give the things that have a property with this value, sorted."""
        found = self.store.triples(None, predicate, thing)
        return tuple(sorted(s for s, _, _ in found if isinstance(s, URIRef)))

    def kinds(self, thing: Term) -> tuple[URIRef, ...]:
        """Give the narrowest of our classes of a thing: Denial, not Statement."""
        found = {kind for kind in self.things(thing, RDF.type) if kind.startswith(HS)}
        wider = {outer for kind in found for outer in self._wider(kind)}
        return tuple(sorted(found - wider))

    def _wider(self, kind: URIRef) -> set[URIRef]:
        """Give all classes above a class; a cycle among them puts none above itself."""
        found: set[URIRef] = set()
        waiting = [kind]
        while waiting:
            for outer in self.things(waiting.pop(), RDFS.subClassOf):
                if outer not in found and outer != kind:
                    found.add(outer)
                    waiting.append(outer)
        return found

    def label(self, thing: Term) -> str:
        """Give what to call a thing: its first label, else the key or local name spelled out."""
        if isinstance(thing, Literal | BNode):
            return str(thing)
        return self.words(thing, RDFS.label) or spell(self.key(thing))

    def key(self, thing: URIRef) -> str:
        """Give the last part of an IRI: the key of a thing, the local name of a term."""
        return unquote(thing.rpartition("#")[2] if thing.startswith(HS) else thing.rpartition("/")[2])

    def link(self, thing: URIRef | None) -> Link | None:
        """Give a thing as a link."""
        return None if thing is None else Link(str(thing), self.label(thing))

    def links(self, thing: Term, predicate: URIRef) -> tuple[Link, ...]:
        """Give the things at a property as links."""
        return tuple(Link(str(value), self.label(value)) for value in self.things(thing, predicate))

    def first(self, thing: Term, predicate: URIRef) -> URIRef | None:
        """Give the first thing at a property."""
        return next(iter(self.things(thing, predicate)), None)

    def time(self, thing: Term) -> Time:
        """Give the time of a statement or situation."""
        return Time(
            self.words(thing, HS.earliestBegin),
            self.words(thing, HS.latestEnd),
            self.words(thing, HS.timeText),
        )

    def closest_first(self, thing: URIRef, predicate: URIRef) -> tuple[URIRef, ...]:
        """Follow a transitive property; the values nearest to the thing come first."""
        around = set(self.things(thing, predicate)) - {thing}
        todo = list(around)
        while todo:
            more = set(self.things(todo.pop(), predicate)) - around - {thing}
            around |= more
            todo += more
        # What lies in more of the others is nearer: a town lies in its district and in its country.
        return tuple(sorted(around, key=lambda one: (-len(set(self.things(one, predicate)) & around), one)))


def spell(name: str) -> str:
    """Write a key or a local name as words: "popular-mobilization-forces", "BorderCrossing"."""
    words = "".join(f" {letter.lower()}" if letter.isupper() else letter for letter in name)
    return words.replace("-", " ").strip()


def _order(term: Term) -> tuple[str, str, str]:
    if isinstance(term, Literal):
        return str(term), str(term.datatype or ""), str(term.language or "")
    return str(term), "", ""
