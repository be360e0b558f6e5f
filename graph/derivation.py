"""The graphs `inferred` and `evidence`, made from all the others, or brought up to date with what a load has changed.

Both ways give the same triples. The second looks at what the change reaches only, however much is loaded.
"""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

import pyoxigraph as ox
from rdflib import URIRef

from graph import evidence, inference, reprints, retellings
from graph.axioms import Axioms, is_axiom
from graph.iris import Iris
from graph.rules import is_local, read_rules
from graph.store import QuadStore
from graph.summaries import DERIVED, Summaries, made_graphs

# Where more than this share of the articles changes, deriving all anew costs less than looking up what they reach.
MOST_CHANGED = 0.1

Triples = set[ox.Triple]


def derive(
    store: QuadStore, iris: Iris, rules: Path, *, former: QuadStore | None, touched: Collection[URIRef]
) -> Summaries:
    """Bring the derived graphs to what follows from the others; give the summaries of all graphs.

    `former` is the store that the work began with, `touched` names the graphs that were put or removed since; without
    a former store all is derived anew. First is found which articles print the same copy (`reprints`, `retellings`).
    The rules see the closed graph (a spokesperson is affiliated), and what they find is closed in turn. Raises
    StoreError, naming the file, for a rule that can't be run.
    """
    read = read_rules(rules, iris)
    way = evidence.digest_rules(read)
    summaries = Summaries.read(store, iris)
    axioms = Axioms.read(store)
    change = None
    if former is not None and summaries.way == way and is_local(read, axioms):
        change = _find_change(former, store, iris, touched)
    named = {name: iris.graph(name) for name in DERIVED}
    if change is None:
        store.remove_graph(named["evidence"])
        inference.close(store, iris)
        _find_copies(store, iris, None)
        evidence.derive(store, iris, read)
        inference.extend(store, iris, _triples(store, named["evidence"]))
        touched = {*touched, *named.values()}
    else:
        copies = _find_copies(store, iris, touched)
        gone, come = change[0] | copies[0], change[1] | copies[1]
        found = evidence.update(store, iris, axioms, read, gone=gone, come=come)
        closed = inference.update(store, iris, axioms, gone=gone | found[0], come=come | found[1])
        summaries.change(named["evidence"], copies[0] | found[0], copies[1] | found[1])
        summaries.change(named["inferred"], *closed)
    summaries.refresh(store, touched)
    summaries.way = way
    return summaries


def _find_copies(store: QuadStore, iris: Iris, touched: Collection[URIRef] | None) -> tuple[Triples, Triples]:
    """Find which articles have passages or quotations in common; give what is found no longer and what is now."""
    passages = reprints.update(store, iris, touched)
    quotations = retellings.update(store, iris, touched)
    return passages[0] | quotations[0], passages[1] | quotations[1]


def _find_change(
    before: QuadStore, after: QuadStore, iris: Iris, touched: Collection[URIRef]
) -> tuple[Triples, Triples] | None:
    """Give the triples that are said no longer and those that were not said before.

    None where all is to be derived anew: too much has changed, or what the ontology says.
    """
    articles = sum(name.startswith(iris.graph("article/")) for name in after.names())
    if len(touched) > max(1, MOST_CHANGED * articles):
        return None
    gone, come = Triples(), Triples()
    for name in touched:
        old, new = _triples(before, name), _triples(after, name)
        gone |= old - new
        come |= new - old
    besides = made_graphs(iris)
    gone = {triple for triple in gone if not after.is_said(triple, besides=besides)}
    come = {triple for triple in come if not before.is_said(triple, besides=besides)}
    return None if any(map(is_axiom, (*gone, *come))) else (gone, come)


def _triples(store: QuadStore, name: URIRef) -> Triples:
    return {quad.triple for quad in store.quads(name)}
