"""The content of a statement: which situations it takes a stand on, and what each of them consists of."""

from __future__ import annotations

from rdflib import URIRef

from graph.facts import Facts, spell
from graph.records import Content, Link, PlaceLink, Quantity
from graph.sentences import tell_situation
from graph.terms import HS, RDFS

ROLES = ("actor", "target", "helper", "supporter", "supported", "ally")


class ContentReader:
    """Read the contents of statements; what the ontology says of stances is read once."""

    def __init__(self, facts: Facts) -> None:
        self._facts = facts
        self._wider = self._read_stances()
        self.labels = {facts.key(one): facts.label(one) for one in self._wider}

    def _read_stances(self) -> dict[URIRef, set[URIRef]]:
        """Map every property under `content` to the wider ones above it, as the ontology has them."""
        wider: dict[URIRef, set[URIRef]] = {HS.content: set()}
        waiting = [HS.content]
        while waiting:
            outer = waiting.pop()
            for inner in self._facts.subjects(RDFS.subPropertyOf, outer):
                if inner not in wider:
                    waiting.append(inner)
                wider.setdefault(inner, set()).update({outer}, wider[outer])
        return wider

    def read(self, statement: URIRef) -> tuple[Content, ...]:
        """Give the contents of a statement, each with the narrowest stance: denies, not negates."""
        held: dict[URIRef, set[URIRef]] = {}
        for stance in self._wider:
            for situation in self._facts.things(statement, stance):
                held.setdefault(situation, set()).add(stance)
        found = []
        for situation, stances in sorted(held.items()):
            wider = set().union(*(self._wider[stance] for stance in stances))
            found += [self._content(stance, situation) for stance in sorted(stances - wider)]
        return tuple(sorted(found, key=lambda content: (content.stance, content.sentence, content.id)))

    def _content(self, stance: URIRef, situation: URIRef) -> Content:
        facts = self._facts
        kinds = facts.kinds(situation) or (HS.Situation,)
        roles = {role: facts.links(situation, HS[role]) for role in ROLES}
        places, from_places = (self._places(situation, one) for one in (HS.place, HS.fromPlace))
        time, quantity = facts.time(situation), self._quantity(situation)
        wording = tuple(str(words) for words in facts.all(situation, HS.wording))
        return Content(
            stance=facts.key(stance),
            id=str(situation),
            type=facts.key(kinds[0]),
            sentence=tell_situation(
                type_label=facts.label(kinds[0]),
                roles=roles,
                places=places,
                from_places=from_places,
                time=time,
                quantity=quantity,
                wording=wording,
            ),
            roles={role: agents for role, agents in roles.items() if agents},
            place=places,
            from_place=from_places,
            time=time,
            support_kind=self._term(situation, HS.supportKind),
            quantity=quantity,
            wording=wording,
        )

    def _places(self, situation: URIRef, predicate: URIRef) -> tuple[PlaceLink, ...]:
        facts = self._facts
        return tuple(
            PlaceLink(
                str(place),
                facts.label(place),
                tuple(
                    Link(str(outer), facts.label(outer)) for outer in facts.closest_first(place, HS.within)
                ),
            )
            for place in facts.things(situation, predicate)
        )

    def _quantity(self, situation: URIRef) -> Quantity | None:
        facts = self._facts
        measures = self._term(situation, HS.measures)
        text = tuple(str(words) for words in facts.all(situation, HS.quantityText))
        numbers = [facts.number(situation, HS[name]) for name in ("value", "lower", "upper")]
        if measures is None and not text and numbers == [None, None, None]:
            return None
        return Quantity(measures, text, *numbers)

    def _term(self, situation: URIRef, predicate: URIRef) -> str | None:
        value = self._facts.first(situation, predicate)
        return None if value is None else spell(self._facts.key(value))
