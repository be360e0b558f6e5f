"""The article graph: a reading as RDF, every span checked against the text before it is written.

The only place where a reading becomes triples. The same reading gives the same graph: keys follow from the
content, no blank nodes, no clock, no order of sets.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from functools import cache

from rdflib import Graph, Literal, URIRef

from graph.errors import SpanError
from graph.iris import Iris, slug
from graph.model import Agent, Article, Place, Reading, Span, When
from graph.terms import HS, PREFIXES, RDF, RDFS, XSD
from loaders.rdf import narrator, statements
from loaders.rdf.situations import Situation, agent_key, one_line
from loaders.rdf.statements import Statement, speaker_of
from loaders.text.wordlists import LEXICONS, read_rows

VERSION = "0.1.0"


def to_graph(reading: Reading, iris: Iris) -> Graph:
    """Write the reading as the graph of its article. Raises SpanError where a span does not hold."""
    article = reading.article
    outlet = _publisher(article.described.outlet, "NewsOutlet", reading)
    agency = _publisher(article.described.agency, "NewsAgency", reading)
    known = {agent_key(agent.key, article.key): agent for agent in reading.agents}
    voice = outlet or agency or narrator.own_voice(article.key)
    speakers = [speaker_of(one, article.key) for one in reading.attributions]
    for agent in (*speakers, voice, *(one for one in (outlet, agency) if one)):
        known.setdefault(agent.key, agent)
    writer = _Writer(reading, iris, known)
    writer.article(outlet, agency)
    names = {key: agent.label for key, agent in known.items()}
    told = statements.build(reading, agency=agency.key if agency else None, names=names)
    for statement in (*told, *narrator.build(reading, speaker=voice)):
        writer.statement(statement)
    return writer.graph


def _publisher(name: str | None, kind: str, reading: Reading) -> Agent | None:
    """Give the outlet or agency as an agent: one that the reading knows, by key or label, else a new one."""
    if not name:
        return None
    key = _agency_keys().get(name.casefold(), slug(name))
    for agent in reading.agents:
        if agent.key == key or agent.label.casefold() == name.casefold():
            return replace(agent, key=agent_key(agent.key, reading.article.key))
    return Agent(key, kind, one_line(name), minted=True)


@cache
def _agency_keys() -> dict[str, str]:
    """Give the keys of agencies by their printed names, so that "AP" and "Associated Press" are one."""
    return {row["name"].casefold(): row["key"] for row in read_rows(LEXICONS / "agencies.csv")}


@dataclass
class _Writer:
    """Collect the triples of one article; each method writes one kind of thing once and gives its IRI."""

    reading: Reading
    iris: Iris
    agents: dict[str, Agent]
    graph: Graph = field(default_factory=Graph)
    dispatch: URIRef | None = None
    described: set[str] = field(default_factory=set)
    described_places: set[str] = field(default_factory=set)
    places: dict[str, Place] = field(init=False)

    def __post_init__(self) -> None:
        # Situations name places by slug, as agents.
        self.places = {slug(place.key): place for place in self.reading.places}
        for prefix, namespace in PREFIXES.items():
            self.graph.bind(prefix, namespace)

    @property
    def _article(self) -> Article:
        return self.reading.article

    def add(self, subject: URIRef, name: str, value: URIRef | Literal | str | int | None) -> None:
        """Add a triple of the ontology's property; nothing for None or empty words."""
        if value is None or value == "":
            return
        term = value if isinstance(value, (URIRef, Literal)) else Literal(value)
        self.graph.add((subject, HS[name], term))

    def article(self, outlet: Agent | None, agency: Agent | None) -> URIRef:
        """Write what is known of the article itself, and the dispatch behind it."""
        article, known = self._article, self._article.described
        node = self.iris.of("article", article.key)
        loader = self.iris.of("loader", f"hearsay-{VERSION}")
        self.graph.add((node, RDF.type, HS.Article))
        self.graph.add((loader, RDF.type, HS.Loader))
        self.graph.add((loader, RDFS.label, Literal(f"Hearsay {VERSION}")))
        words = {
            "fileName": article.file_name, "sha256": article.sha256, "title": known.title,
            "publishedBasis": known.published_basis, "publisherBasis": known.outlet_basis,
            "dateline": known.dateline, "byline": known.byline, "language": known.language, "url": known.url,
        }  # fmt: skip
        for name, value in words.items():
            self.add(node, name, value)
        if known.published:
            self.add(node, "published", Literal(known.published, datatype=XSD.date))
        self.add(node, "producedBy", loader)
        if outlet:
            self.add(node, "publisher", self.agent(outlet.key))
        if agency:
            self.dispatch = self.iris.of("dispatch", f"{agency.key}-{article.key}")
            self.graph.add((self.dispatch, RDF.type, HS.Dispatch))
            self.add(self.dispatch, "agency", self.agent(agency.key))
            self.add(self.dispatch, "agencyBasis", known.agency_basis)
            self.add(node, "basedOn", self.dispatch)
        return node

    def agent(self, key: str) -> URIRef:
        """Give an agent's IRI; write one that the background data does not have."""
        node = self.iris.of("agent", key)
        if key in self.described:
            return node
        self.described.add(key)
        agent = self.agents.get(key)
        if agent is None and key.startswith(f"{self._article.key}-"):
            words = key.removeprefix(f"{self._article.key}-").replace("-", " ")
            agent = Agent(key, "UnnamedSource", words, described_as=words, minted=True)
        if agent is None or not (agent.minted or key.startswith(f"{self._article.key}-")):
            return node
        self.graph.add((node, RDF.type, HS[agent.kind]))
        self.graph.add((node, RDFS.label, Literal(one_line(agent.label))))
        self.add(node, "describedAs", agent.described_as)
        for name, other in (("affiliation", agent.affiliation), ("spokespersonFor", agent.spokesperson_for)):
            if other:
                self.add(node, name, self.agent(agent_key(other, self._article.key)))
        return node

    def place(self, key: str) -> URIRef:
        """Give a place's IRI; write one that the background data does not have."""
        node = self.iris.of("place", key)
        if key not in self.described_places:
            self.described_places.add(key)
            place = self.places.get(key)
            if place is not None and place.minted:
                self.graph.add((node, RDF.type, HS[place.kind]))
                self.graph.add((node, RDFS.label, Literal(one_line(place.label))))
                for around in place.within:
                    self.add(node, "within", self.place(around))
        return node

    def span(self, span: Span) -> URIRef:
        """Write a span after comparing it with the text. Raises SpanError where they differ."""
        text, name = self._article.text, self._article.file_name
        if not (0 <= span.start < span.end and span.verify(text)):
            raise SpanError(
                f"{name}: from {span.start} to {span.end} the text has "
                f"{text[max(0, span.start) : span.end]!r}, not {span.exact!r}; "
                "the article is not loaded, please report it"
            )
        key = self._article.key
        node = self.iris.of("span", f"{key}-{span.start}-{span.end}")
        self.graph.add((node, RDF.type, HS.TextSpan))
        self.add(node, "inArticle", self.iris.of("article", key))
        self.add(node, "start", span.start)
        self.add(node, "end", span.end)
        self.add(node, "exact", Literal(span.exact))
        return node

    def statement(self, statement: Statement) -> URIRef:
        """Write a statement with its situations and its mention."""
        node = self.iris.of("statement", statement.key)
        self.graph.add((node, RDF.type, HS[statement.kind]))
        if (node, RDFS.label, None) not in self.graph:
            self.graph.add((node, RDFS.label, Literal(statement.label)))
        self.add(node, "speaker", self.agent(statement.speaker))
        self.add(node, "certainty", HS[statement.certainty])
        for name, key in (("onBehalfOf", statement.on_behalf_of), ("toldTo", statement.told_to)):
            if key:
                self.add(node, name, self.agent(key))
        for how, situation in statement.content:
            self.add(node, how, self.situation(situation))
        for inner in statement.relays:
            self.add(node, "relays", self.iris.of("statement", inner))
        if statement.channel:
            self.add(node, "channel", one_line(statement.channel.exact))
        self._time(node, statement.uttered)
        self._mention(statement, node)
        return node

    def situation(self, situation: Situation) -> URIRef:
        """Write a situation in normal form with the words it was told in."""
        node = self.iris.of("situation", situation.key)
        self.graph.add((node, RDF.type, HS[situation.type]))
        for name, keys in situation.agents:
            for key in keys:
                self.add(node, name, self.agent(key))
        for name, keys in situation.places:
            for key in keys:
                self.add(node, name, self.place(key))
        for name, term in situation.terms:
            self.add(node, name, HS[term])
        for name, number in situation.numbers:
            self.add(node, name, number)
        for name, words in situation.said:
            self.add(node, name, words)
        self.add(node, "wording", situation.wording)
        self._bounds(node, situation.earliest, situation.latest)
        return node

    def _mention(self, statement: Statement, about: URIRef) -> None:
        node = self.iris.of("mention", statement.mention)
        self.graph.add((node, RDF.type, HS.Mention))
        self.add(node, "mentionOf", about)
        self.add(node, "foundIn", self.iris.of("article", self._article.key))
        self.add(node, "viaDispatch", self.dispatch)
        self.add(node, "quoteType", statement.quote_type)
        spans: Iterable[tuple[str, Span | None]] = (
            ("passage", statement.passage),
            ("sourceSpan", statement.source),
            ("cueSpan", statement.cue),
            ("addresseeSpan", statement.addressee),
            *(("contentSpan", span) for span in statement.spans),
        )
        for name, span in spans:
            if span is not None:
                self.add(node, name, self.span(span))

    def _time(self, node: URIRef, time: When | None) -> None:
        """Write a time's bounds and words; a time that could not be resolved keeps its words alone."""
        if time is not None:
            self._bounds(node, time.earliest, time.latest)
            self.add(node, "timeText", one_line(time.words.exact) if time.words else None)

    def _bounds(self, node: URIRef, earliest: dt.date | None, latest: dt.date | None) -> None:
        for name, day in (("earliestBegin", earliest), ("latestEnd", latest)):
            if day is not None:
                self.add(node, name, Literal(day, datatype=XSD.date))
