"""Which situations and statements a change of the graph reaches, and the part of the graph that decides about them.

A rule over all articles need not be run over all of them again when one comes or goes. A rule about situations
("# about: situations" at its head) ties situations, or the agents in them, by what they have in common: two of actor,
target and place, place and first day, or the place alone where nobody acts. A rule about statements ties statements
that hold one situation, or situations that a rule about situations ties (such a situation has two details or is an
alliance), or of which one relays the other. All that such a rule looks at beyond that is on the way from a statement
to its mentions, to their articles, what these are copies of and dispatches, to its speaker and whom that belongs to,
and to what it relays. So the rules run, as they stand, over a small copy: what the change reached, what that may be
tied to, and what is said of both.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from typing import cast

import pyoxigraph as ox
from rdflib import URIRef

from graph.axioms import TYPE, Node
from graph.surroundings import Names, Surroundings
from graph.terms import HS, RDF

CONTENT: Names = (HS.content,)
ACTORS: Names = (HS.actor,)
TARGETS: Names = (HS.target,)
PLACES: Names = (HS.place,)
ALLIES: Names = (HS.ally,)
SUPPORTERS: Names = (HS.supporter,)
SUPPORTED: Names = (HS.supported,)
DAYS: Names = (HS.earliestBegin, HS.latestEnd)
ROLES: Names = (HS.actor, HS.target, HS.place)
ORIGINS: Names = (HS.basedOn, HS.publisher)
COPIES: Names = (HS.copyOf,)
MEMBERSHIP: Names = (HS.affiliation, HS.spokespersonFor, HS.partOfOrg)
SPEAKERS: Names = (HS.speaker, HS.onBehalfOf)
MEASURES: Names = (HS.measures,)
# What ties two agents: the situation has one by the first and the other by the second.
_TIES = ((SUPPORTERS, SUPPORTED), (ALLIES, ALLIES))
_ALLIANCE = ox.NamedNode(str(HS.Alliance))
# What is looked at by the ways above; a rule that reads another property is run over all.
LOCAL = frozenset(
    str(HS[name])
    for name in (
        "actor", "ally", "supporter", "target", "supported", "helper", "place", "fromPlace", "supportKind", "measures",
        "value", "lower", "upper", "wording", "earliestBegin", "latestEnd", "certainty", "content", "affirms",
        "negates", "denies", "predicts", "demands", "leavesOpen", "relays", "relayedBy", "speaker", "said",
        "onBehalfOf", "mentionOf", "hasMention", "foundIn", "viaDispatch", "basedOn", "publisher", "agency",
        "copyOf", "affiliation", "spokespersonFor", "partOfOrg",
    )
)  # fmt: skip
# Two situations that have no more than one of these in common are not alike.
_GENERAL = frozenset(ox.NamedNode(str(HS[name])) for name in ("Situation", "Event", "State", "Measurement"))


class Reach:
    """Find what a change reaches: `situations` whose description changed, `held` by others, and `statements`."""

    def __init__(
        self,
        around: Surroundings,
        reads: Collection[str],
        gone: Collection[ox.Triple],
        come: Iterable[ox.Triple],
    ) -> None:
        self._around = around
        self._reads = reads
        self._former: dict[Node, list[ox.Triple]] = {}
        self.situations: set[Node] = set()
        self.held: set[Node] = set()
        self.statements: set[Node] = set()
        self._relaying: set[Node] = set()
        self._agents: set[Node] = set()
        self._parts: dict[str, set[Node]] = {name: set() for name in ("mention", "article", "dispatch")}
        self._kinds = self._sort_properties()
        self._backwards = self._read_backwards()
        for triple in gone:
            for one in (triple, *around.axioms.conclude(triple)):
                self._former.setdefault(cast(Node, one.subject), []).append(one)
                self._note(one)
        for triple in come:
            for one in (triple, *around.axioms.conclude(triple)):
                self._note(one)
        self._follow()

    def _read_backwards(self) -> Names:
        """Give the properties that rules read and that may be said by their inverse."""
        turned = (name for name in self._reads if any(back for _, back in self._around.axioms.forms_of(name)))
        return tuple(URIRef(name) for name in sorted(turned))

    def _sort_properties(self) -> dict[str, str]:
        kinds = {
            "content": CONTENT, "statement": SPEAKERS, "relays": (HS.relays,), "mention of": (HS.mentionOf,),
            "mention": (HS.foundIn, HS.viaDispatch), "article": (*ORIGINS, *COPIES), "dispatch": (HS.agency,),
            "agent": MEMBERSHIP,
        }  # fmt: skip
        return {
            form.value: kind
            for kind, names in kinds.items()
            for form, turned in self._around.forms(names)
            if not turned
        }

    def _note(self, triple: ox.Triple) -> None:
        subject, name, thing = cast(Node, triple.subject), triple.predicate.value, triple.object
        kind = self._kinds.get(name)
        if name == TYPE.value:
            self.situations.add(subject)
            self.statements.add(subject)
            if isinstance(thing, ox.NamedNode) and thing.value in self._reads:
                self._agents.add(subject)
        elif kind == "content":
            self.statements.add(subject)
            if isinstance(thing, ox.NamedNode | ox.BlankNode):
                self.held.add(thing)
        elif kind == "statement":
            self.statements.add(subject)
        elif kind == "relays":
            self._relaying.add(subject)
        elif kind == "mention of":
            if isinstance(thing, ox.NamedNode | ox.BlankNode):
                self.statements.add(thing)
        elif kind == "agent":
            self._agents.add(subject)
        elif kind is not None:
            self._parts[kind].add(subject)
        elif name in self._reads:
            self.situations.add(subject)
            self.statements.add(subject)

    def _follow(self) -> None:
        around = self._around
        articles = self._parts["article"] | around.far(self._parts["dispatch"], (HS.basedOn,))
        articles |= around.far(articles, COPIES)
        mentions = self._parts["mention"] | around.far(articles, (HS.foundIn,))
        mentions |= around.far(self._parts["dispatch"], (HS.viaDispatch,))
        self.statements |= around.near(mentions, (HS.mentionOf,))
        self.statements |= around.far(around.all_far(self._agents, MEMBERSHIP), SPEAKERS)
        self.statements |= around.all_far(self._relaying, (HS.relays,))
        self.situations = {one for one in self.situations if self._has_role(one)}
        self.statements |= around.far(self.situations, CONTENT)

    def _has_role(self, node: Node) -> bool:
        return bool(self.values(node, ROLES)) or _ALLIANCE in self.values(node, (RDF.type,))

    def values(self, node: Node, names: Names) -> set[Node]:
        """Give what a thing has by some properties, or had before the change."""
        found = self._around.near((node,), names)
        wanted = {form for form, turned in self._around.forms(names) if not turned}
        for triple in self._former.get(node, ()):
            if triple.predicate in wanted and isinstance(triple.object, ox.NamedNode | ox.BlankNode):
                found.add(triple.object)
        return found

    def _first_days(self, node: Node) -> set[ox.Literal]:
        """Give the first day of a situation, now and before the change."""
        name = ox.NamedNode(str(HS.earliestBegin))
        said = [*self._around.said_of(node, (HS.earliestBegin,)), *self._former.get(node, ())]
        return {one.object for one in said if one.predicate == name and isinstance(one.object, ox.Literal)}

    def _types(self, node: Node) -> set[Node]:
        return self.values(node, (RDF.type,)) | {
            cast(Node, one.object)
            for triple in self._around.said_of(node)
            for one in self._around.axioms.conclude(triple)
            if one.predicate.value == TYPE.value and one.subject == node
        }

    def pairs(self) -> set[tuple[Node, Node]]:
        """Give the agents that a reached support or alliance ties, in both orders."""
        found: set[tuple[Node, Node]] = set()
        for node in self.situations | self.held:
            for some, others in _TIES:
                ones = self.values(node, some)
                for other in self.values(node, others) if ones else ():
                    found |= {pair for one in ones for pair in ((one, other), (other, one))}
        return found

    def alike(self) -> set[Node]:
        """Give the reached situations and those that a rule may tie to them, or that tie the same agents."""
        found = set(self.situations)
        for node in self.situations:
            found |= self._like(node)
        for one, other in self.pairs():
            for some, others in _TIES:
                found |= self._around.sharers(one, some) & self._around.sharers(other, others)
        return found

    def _like(self, node: Node) -> set[Node]:
        """Give the situations that have so much in common with one that a rule may tie the two."""
        found = self._meet(node, PLACES, ACTORS) | self._meet(node, ACTORS, TARGETS)
        days = self._first_days(node)
        for place in self.values(node, PLACES):
            if not self.values(node, ACTORS):
                found |= self._around.sharers(place, PLACES)
            for day in days:
                found |= self._around.sharers(place, PLACES) & self._around.sharers(day, (HS.earliestBegin,))
        kinds = {kind for kind in self._types(node) if kind not in _GENERAL}
        alike = {one for one in found if one in self.situations or self._around.is_a(one, kinds)}
        return alike | self._meet(node, PLACES, MEASURES)

    def _meet(self, node: Node, some: Names, others: Names) -> set[Node]:
        """Give the things that have one of its things by some properties and another by others."""
        around = self._around
        ones, found = self.values(node, some), set[Node]()
        for other in self.values(node, others):
            with_other = around.sharers(other, others)
            for one in ones - {other} if some == others else ones:
                found |= with_other & around.sharers(one, some)
        return found

    def copy_situations(self, nodes: Iterable[Node]) -> Iterator[ox.Triple]:
        """Give what is said of situations, and who affirms those that tie their agents."""
        for node in nodes:
            yield from self._say(node)
            if self._around.has(node, (HS.supporter, HS.ally)):
                yield from self._around.said_to(node, (HS.affirms,))

    def _say(self, node: Node) -> Iterator[ox.Triple]:
        """Give what is said of a thing, be it by an inverse."""
        yield from self._around.said_of(node)
        yield from self._around.said_of(node, self._backwards)

    def meeting(self, ties: Names) -> tuple[set[Node], set[Node]]:
        """Give the statements that a rule may tie to those reached, these included, and the situations between them."""
        around = self._around
        between = {one for one in around.near(self.statements, CONTENT) if self._is_detailed(one)}
        between |= around.near(between, ties) | around.far(between, ties)
        others = around.far((one for one in between if self._is_detailed(one)), CONTENT)
        relays = (HS.relays,)
        others |= around.near(self.statements, relays) | around.far(self.statements, relays)
        return self.statements | others, between

    def _is_detailed(self, node: Node) -> bool:
        around = self._around
        details = sum(around.has(node, names) for names in (ACTORS, TARGETS, PLACES, DAYS))
        return details > 1 or around.has(node, ALLIES) or around.is_a(node, (_ALLIANCE,))

    def copy_statements(self, nodes: Collection[Node], between: Iterable[Node]) -> Iterator[ox.Triple]:
        """Give what is said of statements and situations, and all that the former rest on."""
        around = self._around
        for node in (*between, *nodes):
            yield from self._say(node)
        for node in around.all_near(nodes, (HS.relays,)) - set(nodes):
            yield from around.said_of(node, (HS.relays,))
        mentions = around.far(nodes, (HS.mentionOf,))
        for node in mentions:
            yield from around.said_of(node, (HS.mentionOf, HS.foundIn, HS.viaDispatch))
        articles = around.near(mentions, (HS.foundIn,))
        articles |= around.near(articles, COPIES)
        for node in articles:
            yield from around.said_of(node, ORIGINS)
            yield from around.found_of(node, (HS.basedOn, *COPIES))
        for node in around.near(mentions, (HS.viaDispatch,)) | around.near(articles, (HS.basedOn,)):
            yield from around.said_of(node, (HS.agency,))
        kinds = {
            URIRef(name)
            for kind in self._reads
            for name, turned in around.axioms.type_sources.get(kind, ())
            if not turned
        }
        about = (RDF.type, *MEMBERSHIP, HS.describedAs, *sorted(kinds))
        for node in around.all_near(around.near(nodes, SPEAKERS), MEMBERSHIP):
            yield from around.said_of(node, about)
