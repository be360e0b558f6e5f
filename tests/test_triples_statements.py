"""How a reading becomes statements: rows of stance and polarity, of certainty, of ties and figures."""

from __future__ import annotations

import datetime as dt
import hashlib
import re
from dataclasses import replace
from pathlib import Path

import pytest
from rdflib import Graph, Literal, URIRef
from rdflib.term import Node

from graph.errors import SpanError
from graph.iris import Iris
from graph.model import (
    Agent,
    Article,
    Attribution,
    Described,
    EventMention,
    Figure,
    Modality,
    Polarity,
    Reading,
    Relation,
    Span,
    Stance,
    When,
)
from graph.terms import HS, RDF, RDFS, XSD
from loaders.rdf import situations, statements, triples

TEXT = (
    "The Red Guards denied that their men entered Arcadia on Monday, a spokesman said. "
    "Backed by Utopia, the Blue Army took Port Nowhere. Some 1,200 people fled."
)
IRIS = Iris()


def span(words: str, text: str = TEXT) -> Span:
    start = text.index(words)
    return Span.of(text, start, start + len(words))


def article(text: str = TEXT, *, name: str = "one.txt", about: Described | None = None) -> Article:
    digest = hashlib.sha256((name + text).encode()).hexdigest()
    return Article(digest[:16], name, digest, text, about or Described())


def sentences(text: str = TEXT) -> tuple[Span, ...]:
    return tuple(Span.of(text, *m.span()) for m in re.finditer(r"[^.]+\.\s*", text))


DENIAL = Attribution(
    "a1",
    span("The Red Guards"),
    span("denied"),
    (span("their men entered Arcadia on Monday"),),
    "indirect",
    "Denial",
    source_entity="red-guards",
    source_kind="force",
)
ENTRY = EventMention(
    "e1",
    "Entry",
    span("entered"),
    actor=("red-guards",),
    place=("arcadia",),
    time=When(span("on Monday"), dt.date(2031, 3, 3), dt.date(2031, 3, 3), "2031-03-03"),
    polarity="negative",
    attribution="a1",
)
GUARDS = Agent("red-guards", "ArmedForce", "Red Guards")


def reading(**changes: object) -> Reading:
    plain = Reading(article(), (), (DENIAL,), (ENTRY,), agents=(GUARDS,), sentences=sentences())
    return replace(plain, **changes)  # type: ignore[arg-type]  # the fields of a Reading


def one(graph: Graph, subject: Node, name: str) -> Node:
    found = list(graph.objects(subject, HS[name]))
    assert len(found) == 1, (name, found)
    return found[0]


@pytest.mark.parametrize(
    ("stance", "polarity", "modality", "expected"),
    [
        ("Denial", "negative", "actual", "denies"),
        ("Denial", "positive", "future", "denies"),
        ("Assertion", "negative", "actual", "negates"),
        ("Assertion", "negative", "future", "negates"),
        ("Prediction", "positive", "future", "predicts"),
        ("Assertion", "positive", "future", "predicts"),
        ("Directive", "positive", "future", "demands"),
        ("Assertion", "positive", "hypothetical", "leavesOpen"),
        ("Assertion", "positive", "unclear", "leavesOpen"),
        ("Doubt", "positive", "actual", "leavesOpen"),
        ("Dispute", "positive", "actual", "negates"),
        ("Claim", "positive", "actual", "affirms"),
        ("NarratorStatement", "positive", "actual", "affirms"),
    ],
)
def test_content_property(stance: str, polarity: Polarity, modality: Modality, expected: str) -> None:
    found = situations.content_property(stance, polarity=polarity, modality=modality)
    assert found == expected


@pytest.mark.parametrize(
    ("stance", "source_kind", "hedged", "expected"),
    [
        ("Assertion", "force", False, "certain"),
        ("Assertion", "force", True, "probable"),
        ("Belief", "none", False, "probable"),
        ("Estimate", "ngo", False, "probable"),
        ("Doubt", "person", False, "possible"),
        ("Claim", "force", False, "underspecified"),
        ("Dispute", "unnamed", False, "underspecified"),
        ("Dispute", "none", True, "underspecified"),
        ("Dispute", "government", False, "certain"),
    ],
)
def test_certainty(stance: Stance, source_kind: str, hedged: bool, expected: str) -> None:
    hedge = span("men") if hedged else None
    changed = replace(DENIAL, stance=stance, source_kind=source_kind, hedge=hedge)
    assert statements.certainty_of(changed) == expected


@pytest.mark.parametrize(
    ("share", "written"), [(0.9349, ["0.93"]), (1.0, ["1.00"]), (0.0, ["0.00"]), (None, [])]
)
def test_confidence_of_the_reading_stands_with_the_mention(share: float | None, written: list[str]) -> None:
    graph = triples.to_graph(reading(attributions=(replace(DENIAL, confidence=share),)), IRIS)
    (mention,) = graph.subjects(RDF.type, HS.Mention)
    assert list(graph.objects(mention, HS.confidence)) == [Literal(x, datatype=XSD.decimal) for x in written]
    assert not list(graph.triples((None, HS.confidence, None)))[len(written) :]


VAGUE, PLACED = replace(ENTRY, place=(), time=None), replace(ENTRY, time=None)
DAY = When(span("on Monday"), dt.date(2031, 3, 3), dt.date(2031, 3, 3), "2031-03-03")


@pytest.mark.parametrize(
    ("event", "meet"),
    [
        (VAGUE, False),
        (replace(VAGUE, actor=(), place=("arcadia",)), False),
        (replace(VAGUE, time=replace(DAY, earliest=None, latest=None)), False),
        (PLACED, True),
        (replace(VAGUE, time=DAY), True),
        (replace(VAGUE, target=("blue-army",)), True),
    ],
)
def test_reports_meet_where_two_details_are_known_or_the_words_are_the_same(
    event: EventMention, meet: bool
) -> None:
    told = [
        situations.from_event(event, "one", words).key
        for words in ("“They entered.”", "they entered", "They came in")
    ]
    assert told[0] == told[1]
    assert (told[0] == told[2]) == meet


@pytest.mark.parametrize(("place", "meet"), [((), False), (("port-nowhere",), True)])
def test_numbers_meet_where_a_place_is_known_too(place: tuple[str, ...], meet: bool) -> None:
    some = Figure(1200, 1200, 1200, "people", "displaced", span("Some 1,200 people fled"), place=place)
    one, other = (
        situations.from_figure(some, "displacedPersons", words).key
        for words in ("some fled", "others had fled")
    )
    assert (one == other) == meet


def test_article_names_the_page_it_was_taken_from_and_the_day() -> None:
    about = Described(origin_sha256="0a" * 32, retrieved=dt.date(2019, 1, 5))
    graph = triples.to_graph(reading(article=article(about=about)), IRIS)
    (node,) = graph.subjects(RDF.type, HS.Article)
    assert one(graph, node, "originSha256") == Literal("0a" * 32)
    assert one(graph, node, "retrieved") == Literal(dt.date(2019, 1, 5))
    assert not list(graph.objects(node, HS.published))


def test_denial_in_full() -> None:
    graph = triples.to_graph(reading(), IRIS)
    (statement,) = graph.subjects(RDF.type, HS.Denial)
    assert isinstance(statement, URIRef)
    assert "/id/statement/red-guards-denial-" in statement
    assert graph.value(statement, RDFS.label) == Literal(
        "Red Guards denied: “their men entered Arcadia on Monday”"
    )
    assert one(graph, statement, "speaker") == IRIS.of("agent", "red-guards")
    assert one(graph, statement, "certainty") == HS.certain
    situation = one(graph, statement, "denies")
    assert (situation, RDF.type, HS.Entry) in graph
    assert one(graph, situation, "place") == IRIS.of("place", "arcadia")
    assert one(graph, situation, "earliestBegin") == Literal("2031-03-03", datatype=XSD.date)
    assert one(graph, situation, "timeText") == Literal("on Monday")
    (mention,) = graph.subjects(HS.mentionOf, statement)
    passage = one(graph, mention, "passage")
    assert graph.value(passage, HS.exact) == Literal(sentences()[0].exact.strip())
    content = one(graph, mention, "contentSpan")
    assert graph.value(content, HS.start) == Literal(DENIAL.content[0].start)


def test_a_denial_leaves_out_what_it_takes_for_granted() -> None:
    fight = EventMention("e2", "Clash", span("men"), place=("arcadia",), attribution="a1")
    graph = triples.to_graph(reading(events=(ENTRY, fight)), IRIS)
    (statement,) = graph.subjects(RDF.type, HS.Denial)
    assert isinstance(statement, URIRef)
    assert (one(graph, statement, "denies"), RDF.type, HS.Entry) in graph
    assert (None, RDF.type, HS.Clash) not in graph


def test_the_words_alone_where_nothing_was_recognised() -> None:
    graph = triples.to_graph(reading(events=()), IRIS)
    (statement,) = graph.subjects(RDF.type, HS.Denial)
    assert isinstance(statement, URIRef)
    situation = one(graph, statement, "denies")
    assert (situation, RDF.type, HS.Situation) in graph
    assert one(graph, situation, "wording") == Literal("their men entered Arcadia on Monday")


def test_an_outer_statement_relays_an_inner_one_but_not_in_its_own_agencys_copy() -> None:
    outer = Attribution(
        "a0",
        span("a spokesman"),
        span("said"),
        (span(TEXT[: TEXT.index(", a spokesman")]),),
        "indirect",
        "Assertion",
        source_entity="unnamed:spokesman",
        source_kind="unnamed",
    )
    inner = replace(DENIAL, parent="a0")
    graph = triples.to_graph(reading(attributions=(outer, inner)), IRIS)
    assert len(list(graph.subject_objects(HS.relays))) == 1
    wire = replace(outer, source_entity="afp", source_kind="news-agency")
    copy = reading(article=article(about=Described(agency="AFP")), attributions=(wire, inner))
    graph = triples.to_graph(copy, IRIS)
    assert not list(graph.subject_objects(HS.relays))
    assert len(list(graph.subject_objects(HS.viaDispatch))) == 2


SUPPORT = EventMention(
    "e2", "Support", span("Backed"), actor=("utopia",), target=("blue-army",), support_kind="air"
)
BACKS = Relation("backs", "utopia", "blue-army", span("Backed by Utopia"), role="arms")


@pytest.mark.parametrize(
    ("events", "relations", "kinds"),
    [
        ((SUPPORT,), (), ["airSupport"]),
        ((), (BACKS,), ["armsSupply"]),
        ((SUPPORT,), (BACKS,), ["airSupport"]),
        ((), (replace(BACKS, role=None),), ["unspecifiedSupport"]),
        ((), (replace(BACKS, role="ground"), replace(BACKS, role="political")), ["political", "troops"]),
        ((), (replace(BACKS, type="partOf"),), []),
    ],
)
def test_support_is_a_claim_of_the_narrator(
    events: tuple[EventMention, ...], relations: tuple[Relation, ...], kinds: list[str]
) -> None:
    graph = triples.to_graph(reading(attributions=(), events=events, relations=relations), IRIS)
    found = sorted(str(kind).removeprefix(str(HS)) for kind in graph.objects(None, HS.supportKind))
    assert found == kinds
    assert len(list(graph.subjects(RDF.type, HS.NarratorStatement))) == bool(kinds)


def test_allies_are_two_and_in_no_order() -> None:
    tie = Relation("alliedWith", "utopia", "blue-army", span("Backed by Utopia"))
    back = replace(tie, subject="blue-army", object="utopia")
    graph = triples.to_graph(reading(attributions=(), events=(), relations=(tie, back)), IRIS)
    (alliance,) = graph.subjects(RDF.type, HS.Alliance)
    allies = {IRIS.of("agent", "utopia"), IRIS.of("agent", "blue-army")}
    assert set(graph.objects(alliance, HS.ally)) == allies


def test_figures_keep_bounds_and_words() -> None:
    figure = Figure(1200, None, None, "people", "displaced", span("1,200 people"), span("Some 1,200"))
    graph = triples.to_graph(reading(attributions=(), events=(), figures=(figure,)), IRIS)
    (measured,) = graph.subjects(RDF.type, HS.Measurement)
    assert one(graph, measured, "value") == Literal(1200)
    assert one(graph, measured, "quantityText") == Literal("Some 1,200")
    assert not list(graph.objects(measured, HS["lower"]))
    (statement,) = graph.subjects(HS.affirms, measured)
    assert one(graph, statement, "speaker") == IRIS.of("agent", f"{article().key}-narrator")


@pytest.mark.parametrize(
    ("about", "speaker"),
    [
        (Described(outlet="The Daily Owl", agency="AFP"), "the-daily-owl"),
        (Described(agency="AFP"), "afp"),
        (Described(agency="The Associated Press"), "associated-press"),
        (Described(), f"{article().key}-narrator"),
    ],
)
def test_the_narrator_is_whoever_prints_it(about: Described, speaker: str) -> None:
    event = replace(ENTRY, attribution=None, polarity="positive")
    plain = reading(attributions=(), events=(event,), article=replace(article(), described=about))
    graph = triples.to_graph(plain, IRIS)
    (statement,) = graph.subjects(RDF.type, HS.NarratorStatement)
    assert one(graph, statement, "speaker") == IRIS.of("agent", speaker)
    assert graph.value(IRIS.of("agent", speaker), RDFS.label) is not None


@pytest.mark.parametrize(
    ("entity", "source", "key"),
    [
        ("unnamed:rebel-source", span("a spokesman"), f"{article().key}-rebel-source"),
        (None, None, f"{article().key}-no-source"),
        (None, span("a spokesman"), f"{article().key}-a-spokesman-{span('a spokesman').start}"),
        ("red-guards", span("The Red Guards"), "red-guards"),
    ],
)
def test_speakers(entity: str | None, source: Span | None, key: str) -> None:
    changed = replace(DENIAL, source_entity=entity, source=source)
    graph = triples.to_graph(reading(attributions=(changed,)), IRIS)
    (statement,) = graph.subjects(RDF.type, HS.Denial)
    assert one(graph, statement, "speaker") == IRIS.of("agent", key)
    minted = (IRIS.of("agent", key), RDF.type, HS.UnnamedSource) in graph
    assert minted == (key != "red-guards")


def test_a_span_that_does_not_hold_stops_the_article() -> None:
    moved = replace(DENIAL, cue=Span(3, 9, "denied"))
    with pytest.raises(SpanError, match=r"one\.txt: from 3 to 9 .* not 'denied'"):
        triples.to_graph(reading(attributions=(moved,)), IRIS)


def test_an_attribution_without_content_stops_the_article() -> None:
    with pytest.raises(SpanError, match="without content"):
        triples.to_graph(reading(attributions=(replace(DENIAL, content=()),)), IRIS)


def test_a_hedged_statement_is_another_statement() -> None:
    plain = triples.to_graph(reading(), IRIS)
    hedged = triples.to_graph(reading(attributions=(replace(DENIAL, hedge=span("men")),)), IRIS)
    (first,), (second,) = plain.subjects(RDF.type, HS.Denial), hedged.subjects(RDF.type, HS.Denial)
    assert first != second


def test_the_loaders_version_is_the_projects() -> None:
    project = (Path(__file__).parent.parent / "pyproject.toml").read_text(encoding="utf-8")
    assert f'\nversion = "{triples.VERSION}"\n' in project
