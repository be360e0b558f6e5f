"""What follows from all articles together: the rules of `ontology/rules`, kept in the graph `evidence`.

No loader writes that two statements corroborate or contradict each other, or that one force backs another:
each is the answer of a query over what the articles hold, so it can be read, questioned and recomputed.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from pathlib import Path
from typing import cast

import pyoxigraph as ox
from rdflib import URIRef

from graph import inference, reprints, retellings
from graph.affected import Reach
from graph.axioms import Axioms, Node
from graph.errors import StoreError
from graph.iris import Iris, digest
from graph.rules import Rule, read_rules
from graph.store import QuadStore, node_of
from graph.surroundings import Surroundings
from graph.terms import PREFIXES

# To be raised when the same rules over the same articles give something else than before.
_WAY = "3"


def digest_rules(rules: Iterable[Rule]) -> str:
    """Give a digest of the rules and of the way in which they are run: with another one, all is derived anew."""
    return digest(
        _WAY,
        reprints.WAY,
        retellings.WAY,
        *(part for rule in rules for part in (rule.name, rule.query)),
        length=16,
    )


def derive(store: QuadStore, iris: Iris, rules: Path | Sequence[Rule]) -> int:
    """Run every rule over the merged view, each seeing what earlier ones derived; give the number of triples.

    A rule is one CONSTRUCT query. Raises StoreError, naming the file, for a rule that is malformed or none.
    """
    name = iris.graph("evidence")
    store.add_triples(name, ())
    for rule in read_rules(rules, iris) if isinstance(rules, Path) else rules:
        store.add_triples(name, _run(store, rule))
    return store.count(name)


def update(
    store: QuadStore,
    iris: Iris,
    axioms: Axioms,
    rules: Sequence[Rule],
    *,
    gone: Collection[ox.Triple],
    come: Collection[ox.Triple],
) -> tuple[set[ox.Triple], set[ox.Triple]]:
    """Bring the graph `evidence` up to date after triples were taken from, or added to, the graphs that rules read.

    Gives what was taken out of `evidence` and what was added to it. Only for rules that are local (`is_local`): they
    run over a copy of what the change reaches, and decide anew about that and nothing else.
    """
    around = Surroundings(store, iris, axioms)
    reach = Reach(around, {term for rule in rules for term in rule.reads}, gone, come)
    by_kind = {kind: [rule for rule in rules if rule.about == kind] for kind in ("situations", "statements")}
    out, into = set[ox.Triple](), set[ox.Triple]()

    some = _Decision(store, iris, by_kind["situations"], reach.situations, reach.pairs())
    some.decide(axioms, reach.copy_situations(reach.alike()), ())
    ties = tuple(
        URIRef(term)
        for term in sorted({t for rule in by_kind["situations"] for t in rule.writes})
        if any(term in rule.reads for rule in by_kind["statements"])
    )
    more = _Decision(store, iris, by_kind["statements"], reach.statements, set())
    statements, between = reach.meeting(ties)
    found = [one for tie in ties for node in between for one in _evidence_of(store, iris, node, tie)]
    more.decide(axioms, reach.copy_statements(statements, between), found)
    for decision in (some, more):
        out |= decision.out
        into |= decision.into
    return out, into


class _Decision:
    """Decide anew about the ties of some things, by rules over a copy of what is said of them."""

    def __init__(
        self,
        store: QuadStore,
        iris: Iris,
        rules: Sequence[Rule],
        things: set[Node],
        pairs: set[tuple[Node, Node]],
    ) -> None:
        self._store = store
        self._iris = iris
        self._rules = rules
        self._things = things
        self._pairs = pairs
        self.out: set[ox.Triple] = set()
        self.into: set[ox.Triple] = set()

    def decide(self, axioms: Axioms, said: Iterable[ox.Triple], found: Iterable[ox.Triple]) -> None:
        """Run the rules over what is said and was found by earlier rules, and write the difference."""
        before = self._find_former()
        after: set[ox.Triple] = set()
        if self._things or self._pairs:
            copy = QuadStore.in_memory()
            copy.add_triples(self._iris.graph("article"), said)
            inference.close(copy, self._iris, axioms)
            copy.add_triples(self._iris.graph("evidence"), found)
            for rule in self._rules:
                new = _run(copy, rule)
                copy.add_triples(self._iris.graph("evidence"), new)
                after.update(triple for triple in new if self._is_concerned(triple))
        name = self._iris.graph("evidence")
        self.out, self.into = before - after, after - before
        self._store.take_triples(name, self.out)
        self._store.add_triples(name, self.into)
        self._store.flush()

    def _is_concerned(self, triple: ox.Triple) -> bool:
        subject, thing = cast(Node, triple.subject), cast(Node, triple.object)
        return subject in self._things or thing in self._things or (subject, thing) in self._pairs

    def _find_former(self) -> set[ox.Triple]:
        """Give what the rules found of the things before."""
        engine, place = self._store.engine, node_of(self._iris.graph("evidence"))
        predicates = [ox.NamedNode(term) for term in sorted({t for rule in self._rules for t in rule.writes})]
        found: set[ox.Triple] = set()
        for predicate in predicates:
            for node in self._things:
                found.update(q.triple for q in engine.quads_for_pattern(node, predicate, None, place))
                found.update(q.triple for q in engine.quads_for_pattern(None, predicate, node, place))
            for one, other in self._pairs:
                if ox.Quad(one, predicate, other, place) in engine:
                    found.add(ox.Triple(one, predicate, other))
        return found


def _evidence_of(store: QuadStore, iris: Iris, node: Node, tie: URIRef) -> list[ox.Triple]:
    found = store.engine.quads_for_pattern(node, node_of(tie), None, node_of(iris.graph("evidence")))
    return [quad.triple for quad in found]


def _run(store: QuadStore, rule: Rule) -> set[ox.Triple]:
    try:
        found = store.engine.query(rule.query, prefixes=PREFIXES)
        if not isinstance(found, ox.QueryTriples):
            raise StoreError(f"the rule {rule.name} is no CONSTRUCT query; rewrite it as one")
        triples = {triple for triple in found if not _is_self(triple)}
    except (SyntaxError, RuntimeError, ValueError) as error:
        raise StoreError(f"the rule {rule.name} can't be run: {error}") from error
    if any(isinstance(term, ox.BlankNode) for triple in triples for term in (triple.subject, triple.object)):
        raise StoreError(
            f"the rule {rule.name} makes blank nodes, which change from run to run; give them IRIs"
        )
    return triples


def _is_self(triple: ox.Triple) -> bool:
    """Tell a thing tied to itself ("a corroborates a"), which a rule's variables can give by chance."""
    return triple.subject == triple.object
