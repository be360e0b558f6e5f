"""The article graph: a reading as RDF, every span checked against the text before it is written.

The only place where a reading becomes triples. The same reading gives the same graph: keys follow from the
content, no blank nodes, no clock, no order of sets. Triples are given as plain tuples, because an rdflib graph
costs more to fill than all the rest; `to_graph` fills one for whoever wants to ask it.
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
from graph.terms import HS, PREFIXES, RDF, RDFS, WGS, XSD
from loaders.rdf import narrator, statements
from loaders.rdf.situations import Situation, agent_key, one_line
from loaders.rdf.statements import Statement, speaker_of
from loaders.text.wordlists import LEXICONS, read_rows

VERSION = "0.1.0"

# A namespace makes a term anew each time it is asked for one.
_TYPE, _LABEL = RDF.type, RDFS.label

Triple = tuple[URIRef, URIRef, URIRef | Literal]


def to_graph(reading: Reading, iris: Iris) -> Graph:
    """Write the reading as the graph of its article. Raises SpanError where a span does not hold."""
    graph = Graph()
    for prefix, namespace in PREFIXES.items():
        graph.bind(prefix, namespace)
    for triple in to_triples(reading, iris):
        graph.add(triple)
    return graph


def to_triples(reading: Reading, iris: Iris) -> tuple[Triple, ...]:
    """Give the triples of an article; one may be given twice. Raises SpanError where a span does not hold."""
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
    own = narrator.build(reading, speaker=voice)
    for statement in (*told, *own):
        writer.statement(statement)
    for one, other in statements.find_contrasts(reading, told, own):
        writer.add(writer.node("statement", one), "contrastsWith", writer.node("statement", other))
    return tuple(writer.triples)


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


@cache
def _term(name: str) -> URIRef:
    """Give a term of the ontology; there are some hundred."""
    return HS[name]


@dataclass
class _Writer:
    """Collect the triples of one article; each method writes one kind of thing once and gives its IRI."""

    reading: Reading
    iris: Iris
    agents: dict[str, Agent]
    triples: list[Triple] = field(default_factory=list)
    dispatch: URIRef | None = None
    described: set[str] = field(default_factory=set)
    described_places: set[str] = field(default_factory=set)
    labelled: set[str] = field(default_factory=set)
    situations: set[Situation] = field(default_factory=set)
    spans: dict[tuple[int, int], URIRef] = field(default_factory=dict)
    nodes: dict[tuple[str, str], URIRef] = field(default_factory=dict)
    places: dict[str, Place] = field(init=False)

    def __post_init__(self) -> None:
        # Situations name places by slug, as agents.
        self.places = {slug(place.key): place for place in self.reading.places}

    @property
    def _article(self) -> Article:
        return self.reading.article

    def add(self, subject: URIRef, name: str, value: URIRef | Literal | str | int | None) -> None:
        """Add a triple of the ontology's property; nothing for None or empty words."""
        if value is None or value == "":
            return
        term = value if isinstance(value, (URIRef, Literal)) else Literal(value)
        self.triples.append((subject, _term(name), term))

    def node(self, kind: str, key: str) -> URIRef:
        """Give the IRI of a thing, made once."""
        found = self.nodes.get((kind, key))
        if found is None:
            found = self.nodes[kind, key] = self.iris.of(kind, key)
        return found

    def say(self, subject: URIRef, predicate: URIRef, value: URIRef | Literal) -> None:
        """Add a triple of another vocabulary's property: what a thing is, what it is called."""
        self.triples.append((subject, predicate, value))

    def article(self, outlet: Agent | None, agency: Agent | None) -> URIRef:
        """Write what is known of the article itself, and the dispatch behind it."""
        article, known = self._article, self._article.described
        node = self.node("article", article.key)
        loader = self.node("loader", f"hearsay-{VERSION}")
        self.say(node, _TYPE, _term("Article"))
        self.say(loader, _TYPE, _term("Loader"))
        self.say(loader, _LABEL, Literal(f"Hearsay {VERSION}"))
        words = {
            "fileName": article.file_name, "sha256": article.sha256, "title": known.title,
            "publishedBasis": known.published_basis, "publisherBasis": known.outlet_basis,
            "dateline": known.dateline, "byline": known.byline, "language": known.language, "url": known.url,
            "originSha256": known.origin_sha256,
        }  # fmt: skip
        for name, value in words.items():
            self.add(node, name, value)
        for name, day in (("published", known.published), ("retrieved", known.retrieved)):
            if day:
                self.add(node, name, Literal(day, datatype=XSD.date))
        self.add(node, "producedBy", loader)
        if outlet:
            self.add(node, "publisher", self.agent(outlet.key))
        if agency:
            self.dispatch = self.node("dispatch", f"{agency.key}-{article.key}")
            self.say(self.dispatch, _TYPE, _term("Dispatch"))
            self.add(self.dispatch, "agency", self.agent(agency.key))
            self.add(self.dispatch, "agencyBasis", known.agency_basis)
            self.add(node, "basedOn", self.dispatch)
        return node

    def agent(self, key: str) -> URIRef:
        """Give an agent's IRI; write one that the background data does not have."""
        node = self.node("agent", key)
        if key in self.described:
            return node
        self.described.add(key)
        agent = self.agents.get(key)
        if agent is None and key.startswith(f"{self._article.key}-"):
            words = key.removeprefix(f"{self._article.key}-").replace("-", " ")
            agent = Agent(key, "UnnamedSource", words, described_as=words, minted=True)
        if agent is None or not (agent.minted or key.startswith(f"{self._article.key}-")):
            return node
        self.say(node, _TYPE, _term(agent.kind))
        self.say(node, _LABEL, Literal(one_line(agent.label)))
        self.add(node, "describedAs", agent.described_as)
        for name, other in (("affiliation", agent.affiliation), ("spokespersonFor", agent.spokesperson_for)):
            if other:
                self.add(node, name, self.agent(agent_key(other, self._article.key)))
        return node

    def place(self, key: str) -> URIRef:
        """Give a place's IRI; write one that the background data does not have."""
        node = self.node("place", key)
        if key not in self.described_places:
            self.described_places.add(key)
            place = self.places.get(key)
            if place is not None and place.minted:
                self.say(node, _TYPE, _term(place.kind))
                self.say(node, _LABEL, Literal(one_line(place.label)))
                for around in place.within:
                    self.add(node, "within", self.place(around))
                if place.geonames_id is not None:
                    self.add(node, "geonamesId", str(place.geonames_id))
                for name, degrees in zip(("lat", "long"), place.position or (), strict=False):
                    self.say(node, WGS[name], Literal(f"{degrees:.5f}", datatype=XSD.decimal))
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
        key, place = self._article.key, (span.start, span.end)
        if place in self.spans:
            return self.spans[place]
        node = self.spans[place] = self.node("span", f"{key}-{span.start}-{span.end}")
        self.say(node, _TYPE, _term("TextSpan"))
        self.add(node, "inArticle", self.node("article", key))
        self.add(node, "start", span.start)
        self.add(node, "end", span.end)
        self.add(node, "exact", Literal(span.exact))
        return node

    def statement(self, statement: Statement) -> URIRef:
        """Write a statement with its situations and its mention."""
        node = self.node("statement", statement.key)
        self.say(node, _TYPE, _term(statement.kind))
        if statement.key not in self.labelled:
            self.labelled.add(statement.key)
            self.say(node, _LABEL, Literal(statement.label))
        self.add(node, "speaker", self.agent(statement.speaker))
        self.add(node, "certainty", _term(statement.certainty))
        for name, key in (("onBehalfOf", statement.on_behalf_of), ("toldTo", statement.told_to)):
            if key:
                self.add(node, name, self.agent(key))
        for how, situation in statement.content:
            self.add(node, how, self.situation(situation))
        for inner in statement.relays:
            self.add(node, "relays", self.node("statement", inner))
        if statement.channel:
            self.add(node, "channel", one_line(statement.channel.exact))
        self._time(node, statement.uttered)
        self._mention(statement, node)
        return node

    def situation(self, situation: Situation) -> URIRef:
        """Write a situation in normal form with the words it was told in."""
        node = self.node("situation", situation.key)
        if situation in self.situations:
            return node
        self.situations.add(situation)
        self.say(node, _TYPE, _term(situation.type))
        for name, keys in situation.agents:
            for key in keys:
                self.add(node, name, self.agent(key))
        for name, keys in situation.places:
            for key in keys:
                self.add(node, name, self.place(key))
        for name, term in situation.terms:
            self.add(node, name, _term(term))
        for name, number in situation.numbers:
            self.add(node, name, number)
        for name, words in situation.said:
            self.add(node, name, words)
        self.add(node, "wording", situation.wording)
        self._bounds(node, situation.earliest, situation.latest)
        return node

    def _mention(self, statement: Statement, about: URIRef) -> None:
        node = self.node("mention", statement.mention)
        self.say(node, _TYPE, _term("Mention"))
        self.add(node, "mentionOf", about)
        self.add(node, "foundIn", self.node("article", self._article.key))
        self.add(node, "viaDispatch", self.dispatch)
        self.add(node, "quoteType", statement.quote_type)
        if statement.confidence is not None:
            self.add(node, "confidence", Literal(f"{statement.confidence:.2f}", datatype=XSD.decimal))
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
