"""The provenance of one statement: all that the graph holds of it, every passage compared with the text now.

A passage that no longer verifies, or whose article's kept copy is missing, is shown with the reason and never
hidden. Mentions are never counted without the independent origins behind them: five papers printing one wire
are one voice.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from rdflib import Graph, URIRef

from graph.annotations import annotate
from graph.contents import ContentReader
from graph.copies import Copies
from graph.descriptions import add_labels, empty_graph, find, resource
from graph.facts import Facts
from graph.mentions import MentionReader, count_origins, find_problems
from graph.records import (
    Content,
    Json,
    Link,
    MentionRecord,
    Origin,
    Related,
    Speaker,
    Time,
    to_plain,
)
from graph.rendering import render
from graph.rules import find_rules_of
from graph.sentences import tell_statement
from graph.snapshots import DataFolder, Snapshot
from graph.terms import HS, RDFS

__all__ = ["StatementRecord", "resource", "statement"]

_TIES = ("relays", "contradicts", "contrastsWith", "disputes", "corroborates")

_QUERY = """SELECT ?speaker ?file ?start ?end ?words WHERE {{
  BIND({} AS ?statement)
  ?statement hs:speaker ?speaker .
  ?mention hs:mentionOf ?statement ; hs:foundIn/hs:fileName ?file ; hs:contentSpan ?span .
  ?span hs:start ?start ; hs:end ?end ; hs:exact ?words .
}} ORDER BY ?file ?start"""


@dataclass(frozen=True, slots=True)
class StatementRecord:
    """Hold all that is known of one statement, each passage verified when the record was made.

    `verified` is false where one source, cue or content does not stand where it should; `problems` says
    which.
    `query` is SPARQL that gives the passages, `facts` the triples that the record was read from.
    """

    id: str
    key: str
    kind: tuple[str, ...]
    sentence: str
    label: str | None
    speaker: Speaker | None
    on_behalf_of: Link | None
    told_to: Link | None
    channel: str | None
    stated: Time
    content: tuple[Content, ...]
    certainty: str | None
    mentions: tuple[MentionRecord, ...]
    mention_count: int
    independent_origins: int
    origins: tuple[Origin, ...]
    relays: tuple[Related, ...]
    relayed_by: tuple[Related, ...]
    contradicts: tuple[Related, ...]
    contrasts_with: tuple[Related, ...]
    disputes: tuple[Related, ...]
    disputed_by: tuple[Related, ...]
    corroborates: tuple[Related, ...]
    verified: bool
    problems: tuple[str, ...]
    loaders: tuple[Link, ...]
    graphs: tuple[str, ...]
    version: str
    query: str
    facts: Graph = field(repr=False, compare=False)

    def to_json(self) -> Json:
        """Give the record as dicts, lists, strings, numbers, booleans and None, under the names used here."""
        plain: Json = to_plain(self, leave_out=frozenset({"facts"}))
        return plain

    def to_text(self) -> str:
        """Write the record for a terminal."""
        return render(self)

    def to_graph(self) -> Graph:
        """Give the triples of the record, and each mention as a Web Annotation."""
        return self.facts + annotate(self)


def statement(folder: DataFolder, snapshot: Snapshot, key: str) -> StatementRecord:
    """Look up a statement by its key or IRI, and verify its passages now. Raises UnknownResource."""
    return _Lookup(folder, snapshot, find(snapshot, "statement", key)).record()


class _Lookup:
    """Put one record together; each method reads one part of it."""

    def __init__(self, folder: DataFolder, snapshot: Snapshot, iri: URIRef) -> None:
        self._snapshot = snapshot
        self._iri = iri
        self._facts = Facts(snapshot.store, snapshot.iris)
        self._contents = ContentReader(self._facts)
        self._mentions = MentionReader(self._facts, Copies(folder))
        self._rules = find_rules_of(folder.ontology / "rules")

    def record(self) -> StatementRecord:
        facts, iri = self._facts, self._iri
        mentions = self._mentions.read_all(facts.subjects(HS.mentionOf, iri))
        origins = count_origins(mentions)
        problems = find_problems(mentions)
        certainty = facts.first(iri, HS.certainty)
        against = {name: self._related(facts.things(iri, HS[name]), name) for name in _TIES}
        narrower = {one.id for name in ("contradicts", "disputes") for one in against[name]}
        disputed_by = self._related(facts.subjects(HS.disputes, iri), "disputes")
        narrower |= {one.id for one in disputed_by}
        return StatementRecord(
            id=str(iri),
            key=facts.key(iri),
            kind=tuple(facts.key(kind) for kind in facts.kinds(iri)),
            sentence=self._sentence(iri),
            label=facts.words(iri, RDFS.label),
            speaker=self._speaker(),
            on_behalf_of=facts.link(facts.first(iri, HS.onBehalfOf)),
            told_to=facts.link(facts.first(iri, HS.toldTo)),
            channel=facts.words(iri, HS.channel),
            stated=facts.time(iri),
            content=self._contents.read(iri),
            certainty=None if certainty is None else facts.key(certainty),
            mentions=mentions,
            mention_count=len(mentions),
            independent_origins=len(origins),
            origins=origins,
            relays=against["relays"],
            relayed_by=self._related(facts.subjects(HS.relays, iri), "relays"),
            contradicts=against["contradicts"],
            contrasts_with=tuple(one for one in against["contrastsWith"] if one.id not in narrower),
            disputes=against["disputes"],
            disputed_by=disputed_by,
            corroborates=against["corroborates"],
            verified=bool(mentions) and not problems,
            problems=problems,
            loaders=self._loaders(mentions),
            graphs=tuple(map(str, facts.store.graphs_of(iri))),
            version=self._snapshot.version,
            query=_QUERY.format(iri.n3()),
            facts=self._triples(mentions),
        )

    def _sentence(self, iri: URIRef) -> str:
        """Write a statement as one sentence. One whose speaker is unknown says so."""
        facts = self._facts
        speaker = facts.first(iri, HS.speaker)
        certainty = facts.first(iri, HS.certainty)
        return tell_statement(
            "nobody named" if speaker is None else facts.label(speaker),
            self._contents.read(iri),
            self._contents.labels,
            "" if certainty is None else facts.key(certainty),
        )

    def _speaker(self) -> Speaker | None:
        facts = self._facts
        speaker = facts.first(self._iri, HS.speaker)
        if speaker is None:
            return None
        kinds = tuple(facts.key(kind) for kind in facts.kinds(speaker))
        affiliation = {*facts.links(speaker, HS.affiliation), *facts.links(speaker, HS.spokespersonFor)}
        return Speaker(
            id=str(speaker),
            label=facts.label(speaker),
            named="UnnamedSource" not in kinds,
            kinds=kinds,
            described_as=facts.words(speaker, HS.describedAs),
            affiliation=tuple(sorted(affiliation, key=lambda link: link.id)),
            party=self._party(speaker, facts.things(self._iri, HS.onBehalfOf)),
        )

    def _party(self, speaker: URIRef, behalf: Iterable[URIRef]) -> tuple[Link, ...]:
        """Follow affiliations and parts up to their tops, from the speaker and whom it speaks for."""
        facts = self._facts
        above: set[URIRef] = set(behalf)
        waiting = [speaker, *above]
        tops = set()
        while waiting:
            one = waiting.pop()
            outer = {
                o
                for name in ("affiliation", "spokespersonFor", "partOfOrg")
                for o in facts.things(one, HS[name])
            }
            if not outer and one != speaker:
                tops.add(one)
            waiting += outer - above
            above |= outer
        return tuple(Link(str(top), facts.label(top)) for top in sorted(tops))

    def _related(self, others: Iterable[URIRef], tie: str) -> tuple[Related, ...]:
        facts = self._facts
        return tuple(
            Related(
                id=str(other),
                key=facts.key(other),
                sentence=self._sentence(other),
                speaker=facts.link(facts.first(other, HS.speaker)),
                rules=self._rules.get(HS[tie], ()),
            )
            for other in others
        )

    def _loaders(self, mentions: Iterable[MentionRecord]) -> tuple[Link, ...]:
        found = {
            link for one in mentions for link in self._facts.links(URIRef(one.article.id), HS.producedBy)
        }
        return tuple(sorted(found, key=lambda link: link.id))

    def _triples(self, mentions: Iterable[MentionRecord]) -> Graph:
        """Copy what the record was read from: statement, situations, mentions, spans, articles, wires."""
        facts, graph = self._facts, empty_graph()
        things = {self._iri, *(URIRef(content.id) for content in self._contents.read(self._iri))}
        for mention in mentions:
            passages = facts.things(URIRef(mention.id), HS.passage)
            things |= {URIRef(mention.id), URIRef(mention.article.id), *passages}
            things |= {URIRef(span.id) for span in mention.spans}
            things |= {URIRef(mention.via.id)} if mention.via else set()
        for thing in things:
            graph += facts.store.triples(thing)
        add_labels(graph, facts.store)
        return graph
