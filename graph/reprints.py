"""Which articles print the same copy, told by the passages that they share and kept in the graph `evidence`.

Two articles print the same copy where at least half the runs of five words in the passages of the shorter stand in the
other too, and thirty of them. The line was drawn on 3,449 pairs of articles read, six corpora apart: all pairs above it
are one text (0.52 to 0.87 of fifty reports on strikes by fifteen outlets, 0.89 and 0.96 of twenty on one bombing, 0.65
and more of one publisher's daily statements), and those next below, 0.37 to 0.49 among those reports, are agency copy
too, but half told anew; all others share 0.42 at most in a paper's own standing words and seldom more than 0.1.

Copies that hang together make a cluster, joined from the strongest pair on (Kruskal 1956), which never has two
agencies: a paper that draws on both goes with the one it shares more with. All of a cluster count under one article,
`copyOf`: one that credits an agency, else the earliest. What somebody printed without the credit is then `basedOn` the
dispatch that the other shows. Beside it stands what tells so: with which article of the cluster it shares most
(`closestCopy`), and how much.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import pyoxigraph as ox
from rdflib import URIRef

from graph import fingerprints
from graph.axioms import Node
from graph.fingerprints import Bands, Index
from graph.iris import Iris
from graph.store import QuadStore, node_of
from graph.summaries import made_graphs
from graph.terms import HS, XSD

LEAST_SHARE, LEAST_RUNS = 0.5, 30
WAY = f"{fingerprints.WAY}, {LEAST_SHARE} and {LEAST_RUNS}"

Triples = set[ox.Triple]


def _term(name: str) -> ox.NamedNode:
    return ox.NamedNode(str(HS[name]))


_FINGERPRINT, _COPY_OF, _BASED_ON = _term("fingerprint"), _term("copyOf"), _term("basedOn")
_AGENCY, _PUBLISHED, _PASSAGE, _EXACT = _term("agency"), _term("published"), _term("passage"), _term("exact")
_CLOSEST, _RUNS, _SHARE = _term("closestCopy"), _term("sharedRuns"), _term("sharedShare")
_FOUND = (_FINGERPRINT, _COPY_OF, _BASED_ON, _CLOSEST, _RUNS, _SHARE)


def update(store: QuadStore, iris: Iris, touched: Iterable[URIRef] | None = None) -> tuple[Triples, Triples]:
    """Bring what is known of copies up to date after graphs were put or removed; None stands for all graphs.

    Gives what was taken out of `evidence` and what was added to it.
    """
    texts = _Texts(store, iris)
    names = store.names() if touched is None else touched
    changed = {node for name in names if (node := texts.article_of(name)) is not None}
    texts.sign(changed)
    after, concerned = Triples(), texts.find_mates(changed)
    for cluster in _find_clusters(texts, concerned):
        after |= cluster
    concerned |= texts.seen
    after |= {triple for node in concerned for triple in texts.say_signature(node)}
    before = {triple for node in concerned for triple in texts.find_former(node)}
    name = iris.graph("evidence")
    out, into = before - after, after - before
    store.take_triples(name, out)
    store.add_triples(name, into)
    store.flush()
    return out, into


@dataclass(frozen=True, slots=True)
class _Overlap:
    """Hold two articles with the number of runs that both have, and the share of the shorter's."""

    one: Node
    other: Node
    runs: int
    share: float

    def order(self) -> tuple[float, int, str, str]:
        """Put the stronger first."""
        return -self.share, -self.runs, *sorted((str(self.one), str(self.other)))  # type: ignore[return-value]


class _Texts:
    """Read what is stored of articles: passages, signatures, credits; and what was found before."""

    def __init__(self, store: QuadStore, iris: Iris) -> None:
        self._store = store
        self._engine = store.engine
        self._iris = iris
        self._evidence = node_of(iris.graph("evidence"))
        self._made = made_graphs(iris)
        self._graphs, self._articles = str(iris.graph("article/")), str(iris.of("article", ""))
        self._numbers: dict[str, int] = {}
        self._runs: dict[Node, npt.NDArray[np.int64]] = {}
        found = self._engine.quads_for_pattern(None, _FINGERPRINT, None, self._evidence)
        self._signatures: dict[Node, Bands] = {
            quad.subject: fingerprints.from_text(quad.object.value)
            for quad in found
            if isinstance(quad.subject, ox.NamedNode) and isinstance(quad.object, ox.Literal)
        }
        self._index: Index | None = None
        self.seen: set[Node] = set()

    def article_of(self, graph: URIRef) -> Node | None:
        """Give the article whose graph has a name, None for another graph."""
        key = graph.removeprefix(self._graphs)
        return None if key == str(graph) else ox.NamedNode(f"{self._articles}{key}")

    def _key(self, article: Node) -> str:
        return article.value.removeprefix(self._articles)

    def _passages(self, article: Node) -> list[str]:
        graph = node_of(self._iris.graph(f"article/{self._key(article)}"))
        spans = {quad.object for quad in self._engine.quads_for_pattern(None, _PASSAGE, None, graph)}
        return [
            quad.object.value
            for span in spans
            if isinstance(span, ox.NamedNode)
            for quad in self._engine.quads_for_pattern(span, _EXACT, None, graph)
            if isinstance(quad.object, ox.Literal)
        ]

    def sign(self, articles: Iterable[Node]) -> None:
        """Make the signatures of articles anew, and forget those of articles that are gone or have no passages."""
        for article in articles:
            bands = fingerprints.sign(self._passages(article))
            if len(bands):
                self._signatures[article] = bands
            else:
                self._signatures.pop(article, None)
        self._index = Index(self._signatures)

    def say_signature(self, article: Node) -> Iterable[ox.Triple]:
        """Give the triple that keeps an article's signature."""
        bands = self._signatures.get(article)
        if bands is not None:
            yield ox.Triple(article, _FINGERPRINT, ox.Literal(fingerprints.to_text(bands)))

    def find_overlaps(self, article: Node) -> list[_Overlap]:
        """Give the articles that print the same copy as one, in no order."""
        if self._index is None or article not in self._signatures:
            return []
        near = self._index.find_near(article)
        if not near:
            return []
        own, theirs = self._runs_of(article), [self._runs_of(other) for other in near]
        sizes = np.array([len(runs) for runs in theirs])
        has = np.zeros(len(self._numbers), dtype=np.int64)
        has[own] = 1
        shared = np.add.reduceat(has[np.concatenate(theirs)], np.cumsum(sizes) - sizes)
        shorter = np.minimum(sizes, len(own))
        enough = (shared >= LEAST_RUNS) & (shared >= LEAST_SHARE * shorter)
        return [
            _Overlap(article, near[i], int(shared[i]), int(shared[i]) / int(shorter[i]))
            for i in np.flatnonzero(enough).tolist()
        ]

    def _runs_of(self, article: Node) -> npt.NDArray[np.int64]:
        """Give the runs of an article, each once, as numbers that hold for this work."""
        runs = self._runs.get(article)
        if runs is None:
            words = {run for passage in self._passages(article) for run in fingerprints.find_runs(passage)}
            numbers = self._numbers
            runs = self._runs[article] = np.array(
                [numbers.setdefault(run, len(numbers)) for run in words], dtype=np.int64
            )
        return runs

    def find_mates(self, articles: Iterable[Node]) -> set[Node]:
        """Give articles with those that counted as their copies before."""
        found = set(articles)
        for article in list(found):
            firsts = {quad.object for quad in self._former(article, _COPY_OF)} | {article}
            for first in firsts:
                if isinstance(first, ox.NamedNode):
                    mates = self._engine.quads_for_pattern(None, _COPY_OF, first, self._evidence)
                    found |= {first, *(q.subject for q in mates if isinstance(q.subject, ox.NamedNode))}
        return found

    def _former(self, subject: Node, predicate: ox.NamedNode) -> Iterable[ox.Quad]:
        return self._engine.quads_for_pattern(subject, predicate, None, self._evidence)

    def find_former(self, article: Node) -> Iterable[ox.Triple]:
        """Give what was found of an article before."""
        for predicate in _FOUND:
            yield from (quad.triple for quad in self._former(article, predicate))

    def _said(self, subject: Node, predicate: ox.NamedNode) -> list[ox.NamedNode | ox.Literal]:
        """Give what articles say by a property, not what was derived; sorted."""
        found = {
            quad.object
            for quad in self._engine.quads_for_pattern(subject, predicate, None, None)
            if isinstance(quad.graph_name, ox.NamedNode) and quad.graph_name not in self._made
        }
        return sorted((one for one in found if isinstance(one, ox.NamedNode | ox.Literal)), key=str)

    def find_credit(self, article: Node) -> tuple[str, ox.NamedNode] | None:
        """Give the agency that an article credits and the dispatch; the first where it credits more."""
        return min(
            (
                (agency.value, dispatch)
                for dispatch in self._said(article, _BASED_ON)
                if isinstance(dispatch, ox.NamedNode)
                for agency in self._said(dispatch, _AGENCY)
            ),
            key=str,
            default=None,
        )

    def rank(self, article: Node) -> tuple[bool, str, str]:
        """Put first the article that the others of its cluster count under."""
        days = [day.value for day in self._said(article, _PUBLISHED)]
        return self.find_credit(article) is None, min(days, default="9999"), str(article)

    def say_copy(self, article: Node, first: Node, nearest: _Overlap) -> Triples:
        """Write that an article prints the same copy as the first of its cluster, and what tells so."""
        said = Triples()
        credit = self.find_credit(first)
        if credit is not None and not self._said(article, _BASED_ON):
            said.add(ox.Triple(article, _BASED_ON, credit[1]))
        other = nearest.other if nearest.one == article else nearest.one
        # As the engine writes it, so that what is found again is known for the same.
        share = f"{nearest.share:.2f}".rstrip("0").rstrip(".")
        return said | {
            ox.Triple(article, _COPY_OF, first),
            ox.Triple(article, _CLOSEST, other),
            ox.Triple(article, _RUNS, ox.Literal(nearest.runs)),
            ox.Triple(article, _SHARE, ox.Literal(share, datatype=ox.NamedNode(str(XSD.decimal)))),
        }


@dataclass
class _Forest:
    """Join articles, each cluster with one agency at most."""

    agencies: dict[Node, str | None]
    _above: dict[Node, Node] = field(default_factory=dict)

    def find(self, node: Node) -> Node:
        """Give the article that stands for a cluster while it grows."""
        while (above := self._above.get(node, node)) != node:
            self._above[node] = self._above.get(above, above)
            node = above
        return node

    def join(self, overlap: _Overlap) -> None:
        """Join the clusters of two articles unless they credit two agencies."""
        one, other = self.find(overlap.one), self.find(overlap.other)
        credits = {agency for node in (one, other) if (agency := self.agencies[node]) is not None}
        if one != other and len(credits) < 2:
            self._above[other] = one
            self.agencies[one] = next(iter(credits), None)


def _find_clusters(texts: _Texts, starts: Collection[Node]) -> Iterable[Triples]:
    """Give what is to be said of the copies that hang together with some articles; all looked at are `seen`."""
    waiting, overlaps = set(starts), dict[frozenset[Node], _Overlap]()
    while waiting:
        article = waiting.pop()
        texts.seen.add(article)
        for overlap in texts.find_overlaps(article):
            overlaps[frozenset((overlap.one, overlap.other))] = overlap
            waiting |= {overlap.other} - texts.seen
    ordered = sorted(overlaps.values(), key=_Overlap.order)
    tied = {node for pair in overlaps for node in pair}
    credits = {node: texts.find_credit(node) for node in tied}
    forest = _Forest({node: credit[0] if credit else None for node, credit in credits.items()})
    for overlap in ordered:
        forest.join(overlap)
    clusters: dict[Node, list[Node]] = {}
    for node in tied:
        clusters.setdefault(forest.find(node), []).append(node)
    nearest: dict[Node, _Overlap] = {}
    for overlap in ordered:
        if forest.find(overlap.one) == forest.find(overlap.other):
            nearest.setdefault(overlap.one, overlap)
            nearest.setdefault(overlap.other, overlap)
    for members in clusters.values():
        first = min(members, key=texts.rank)
        for member in members:
            if member != first:
                yield texts.say_copy(member, first, nearest[member])
