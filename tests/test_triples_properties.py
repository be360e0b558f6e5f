"""Laws of the article graph: same reading, same graph; keys follow from the content; spans come back."""

from __future__ import annotations

import datetime as dt
import hashlib
import random
from dataclasses import replace
from typing import get_args

from hypothesis import given, settings
from hypothesis import strategies as st
from rdflib import Graph, URIRef
from rdflib.compare import isomorphic

from graph.iris import Iris
from graph.model import Article, Attribution, Described, EventMention, Reading, Span, Stance, When
from graph.terms import HS, RDF
from loaders.rdf import triples

WORDS = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), min_size=1, max_size=12)
KEYS = st.sampled_from(["red-guards", "blue-army", "unnamed:rebel-source", "unnamed:officials"])
PLACES = st.sampled_from(["arcadia", "port-nowhere", "utopia"])
STANCES: st.SearchStrategy[Stance] = st.sampled_from(get_args(Stance))
TYPES = st.sampled_from(["Entry", "Capture", "Support", "Control", "Clash"])


def cut(text: str, draw: st.DrawFn) -> Span:
    start = draw(st.integers(0, len(text) - 1))
    return Span.of(text, start, draw(st.integers(start + 1, len(text))))


@st.composite
def readings(draw: st.DrawFn) -> Reading:
    text = " ".join(draw(st.lists(WORDS, min_size=3, max_size=12)))
    digest = hashlib.sha256(text.encode()).hexdigest()
    said = []
    for n in range(draw(st.integers(0, 4))):
        parent = f"a{draw(st.integers(0, n - 1))}" if n and draw(st.booleans()) else None
        content = tuple(cut(text, draw) for _ in range(draw(st.integers(1, 2))))
        source = cut(text, draw) if draw(st.booleans()) else None
        speaker = draw(st.none() | KEYS) if source else None
        said.append(
            Attribution(
                f"a{n}", source, cut(text, draw), content, "indirect", draw(STANCES), speaker, parent=parent
            )
        )
    events = []
    for n in range(draw(st.integers(0, 5))):
        held = draw(st.sampled_from([None, *(one.id for one in said)]))
        day = draw(st.none() | st.dates())
        events.append(
            EventMention(
                f"e{n}",
                draw(TYPES),
                cut(text, draw),
                actor=tuple(draw(st.lists(KEYS, max_size=2))),
                place=tuple(draw(st.lists(PLACES, max_size=2))),
                time=When(cut(text, draw), day, day, None),
                polarity=draw(st.sampled_from(["positive", "negative"])),
                modality=draw(st.sampled_from(["actual", "future", "unclear"])),
                attribution=held,
            )
        )
    about = Described(outlet=draw(st.none() | st.just("The Daily Owl")))
    article = Article(digest[:16], "made.txt", digest, text, about)
    return Reading(article, (), tuple(said), tuple(events), sentences=(Span.of(text, 0, len(text)),))


def statements_of(graph: Graph) -> set[URIRef]:
    return {node for node in graph.subjects(HS.speaker, None) if isinstance(node, URIRef)}


@settings(max_examples=60, deadline=None)
@given(readings())
def test_the_same_reading_gives_the_same_graph(reading: Reading) -> None:
    assert set(triples.to_graph(reading, Iris())) == set(triples.to_graph(reading, Iris()))


@settings(max_examples=60, deadline=None)
@given(readings(), st.randoms(use_true_random=False))
def test_the_order_of_events_leaves_no_trace(reading: Reading, chance: random.Random) -> None:
    events = list(reading.events)
    chance.shuffle(events)
    shuffled = replace(
        reading, events=tuple(replace(event, actor=tuple(reversed(event.actor))) for event in events)
    )
    assert set(triples.to_graph(reading, Iris())) == set(triples.to_graph(shuffled, Iris()))


@settings(max_examples=60, deadline=None)
@given(readings())
def test_spans_and_triples_come_back(reading: Reading) -> None:
    graph = triples.to_graph(reading, Iris())
    again = Graph().parse(data=graph.serialize(format="nt"), format="nt")
    assert isomorphic(graph, again)
    for span in again.subjects(RDF.type, HS.TextSpan):
        start, end, exact = (again.value(span, HS[name]) for name in ("start", "end", "exact"))
        assert reading.article.text[int(str(start)) : int(str(end))] == str(exact)


@settings(max_examples=60, deadline=None)
@given(readings())
def test_every_attribution_is_a_mention_of_a_statement(reading: Reading) -> None:
    graph = triples.to_graph(reading, Iris())
    mentions = set(graph.subjects(RDF.type, HS.Mention))
    told = {(min(one.content).start, one.cue.start) for one in reading.attributions}
    narrated = {node for node in mentions if str(node).endswith("-narrator")}
    assert len(mentions - narrated) >= len(told)
    assert all(len(set(graph.objects(node, HS.mentionOf))) == 1 for node in mentions)
    assert {graph.value(node, HS.mentionOf) for node in mentions} == statements_of(graph)


def reprinted(reading: Reading, opening: str) -> Reading:
    """Print the same passages in another article, further down."""
    text = opening + reading.article.text
    digest = hashlib.sha256(text.encode()).hexdigest()

    def move(span: Span | None) -> Span | None:
        return Span(span.start + len(opening), span.end + len(opening), span.exact) if span else None

    def must(span: Span) -> Span:
        moved = move(span)
        assert moved is not None
        return moved

    return replace(
        reading,
        article=replace(reading.article, key=digest[:16], sha256=digest, text=text),
        attributions=tuple(
            replace(
                one,
                source=move(one.source),
                cue=must(one.cue),
                content=tuple(must(span) for span in one.content),
            )
            for one in reading.attributions
        ),
        events=tuple(
            replace(
                event, trigger=must(event.trigger), time=replace(event.time, words=move(event.time.words))
            )
            for event in reading.events
            if event.time
        ),
        sentences=tuple(must(span) for span in reading.sentences),
    )


@settings(max_examples=60, deadline=None)
@given(readings(), st.text("abc \n", min_size=1, max_size=9))
def test_one_act_in_two_articles_is_one_statement_unless_nobody_is_named(
    reading: Reading, opening: str
) -> None:
    first = triples.to_graph(reading, Iris())
    second = triples.to_graph(reprinted(reading, opening), Iris())
    shared = statements_of(first) & statements_of(second)
    for graph in (first, second):
        for statement in statements_of(graph):
            agents = {str(node) for node in agents_of(graph, statement)}
            unnamed = any((URIRef(a), RDF.type, HS.UnnamedSource) in graph for a in agents)
            assert (statement in shared) == (not unnamed)


def agents_of(graph: Graph, statement: URIRef) -> set[URIRef]:
    """Give every agent whom a statement names, as speaker or within a situation."""
    held = [node for node in graph.objects(statement, None) if "/id/situation/" in str(node)]
    return {
        node
        for subject in (statement, *held)
        for node in graph.objects(subject, None)
        if isinstance(node, URIRef) and "/id/agent/" in node
    }


def test_one_denial_in_two_articles_is_one_statement() -> None:
    day = dt.date(2031, 3, 3)
    texts = (
        "Red Guards denied they entered Arcadia.",
        "Late news: Red Guards rejected having entered Arcadia.",
    )
    found = []
    for text, cue in zip(texts, ("denied", "rejected"), strict=True):
        digest = hashlib.sha256(text.encode()).hexdigest()

        def at(words: str, text: str = text) -> Span:
            return Span.of(text, text.index(words), text.index(words) + len(words))

        said = Attribution(
            "a1", at("Red Guards"), at(cue), (at("entered Arcadia"),), "indirect", "Denial", "red-guards"
        )
        event = EventMention(
            "e1",
            "Entry",
            at("entered"),
            actor=("red-guards",),
            place=("arcadia",),
            time=When(None, day, day, None),
            polarity="negative",
            attribution="a1",
        )
        article = Article(digest[:16], "one.txt", digest, text)
        found.append(statements_of(triples.to_graph(Reading(article, (), (said,), (event,)), Iris())))
    assert found[0] == found[1]
    assert len(found[0]) == 1
