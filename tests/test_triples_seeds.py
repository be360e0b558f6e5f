"""The seeds as a person annotated them, as graphs: the first question has its answer, word for word."""

from __future__ import annotations

import csv
import datetime as dt
import hashlib
import json
import re
from pathlib import Path
from typing import Any

import pytest
from rdflib import Graph, URIRef

from graph.iris import Iris
from graph.model import (
    Agent,
    Article,
    Attribution,
    Block,
    Described,
    EventMention,
    Figure,
    Reading,
    Relation,
    Span,
    When,
)
from graph.terms import DEFAULT_BASE, HS, RDF, RDFS
from loaders.rdf import triples

ROOT = Path(__file__).parent.parent
GOLD = ROOT / "tests" / "gold" / "seeds"
SEEDS = ROOT / "seeds"

WHO_DENIED = """
SELECT DISTINCT ?who ?file ?start ?end ?words WHERE {
  ?st hs:denies ?s ; hs:speaker ?who . ?s a hs:Entry ; hs:place <https://w3id.org/hearsay/id/place/syria> .
  ?m hs:mentionOf ?st ; hs:foundIn ?article ; hs:contentSpan ?sp . ?article hs:fileName ?file .
  ?sp hs:exact ?words ; hs:start ?start ; hs:end ?end } ORDER BY ?file ?start
"""


class Text:
    """Find verbatim strings of the annotation in the raw text, white space folded."""

    def __init__(self, raw: str) -> None:
        self.raw = raw

    def span(self, words: str, occurrence: int = 1) -> Span:
        pattern = r"\s+".join(map(re.escape, words.split()))
        found = list(re.finditer(f"(?={pattern})", self.raw))[(occurrence or 1) - 1]
        match = re.compile(pattern).match(self.raw, found.start())
        assert match is not None
        return Span.of(self.raw, *match.span())


def when(text: Text, label: str | None) -> When | None:
    if label is None or label.startswith("~") or len(label) < 10:
        return None
    day = dt.date.fromisoformat(label)
    return When(None, day, day, label)


def attribution(text: Text, found: dict[str, Any]) -> Attribution:
    nth = found.get("occurrence") or {}
    content = found["content"] if isinstance(found["content"], list) else [found["content"]]
    return Attribution(
        id=found["id"],
        source=text.span(found["source"], nth.get("source", 1)) if found["source"] else None,
        cue=text.span(found["cue"], nth.get("cue", 1)),
        content=tuple(text.span(words, nth.get("content", 1)) for words in content),
        form=found["form"],
        stance=found["stance"],
        source_entity=found["source_entity"],
        source_kind=found["source_kind"],
        speaks_for=found["speaks_for"],
        addressee_entity=found["addressee"],
        parent=found["parent"],
        uttered=when(text, found["uttered"]),
    )


def event(text: Text, found: dict[str, Any]) -> EventMention:
    return EventMention(
        id=found["id"],
        type=found["type"],
        trigger=text.span(found["trigger"], found.get("occurrence", 1)),
        actor=tuple(found["actor"]),
        target=tuple(found["target"]),
        place=tuple(found["place"]),
        time=when(text, found["time"]),
        polarity=found["polarity"],
        modality=found["modality"],
        attribution=found["attribution"],
    )


def relation(text: Text, found: dict[str, Any]) -> Relation:
    return Relation(
        found["type"],
        found["subject"],
        found["object"],
        text.span(found["evidence"]),
        found["role"],
        found["attribution"],
    )


def figure(text: Text, found: dict[str, Any]) -> Figure:
    bounds = (found["value"], found["lower"], found["upper"])
    return Figure(
        *bounds,
        found["unit"],
        found["measure"],
        text.span(found["evidence"]),
        place=tuple(found["place"]),
        attribution=found["attribution"],
    )


def described(file_name: str) -> Described:
    with (SEEDS / "articles.csv").open(encoding="utf-8", newline="") as lines:
        row = next(row for row in csv.DictReader(lines) if row["file"] == file_name)
    return Described(
        published=dt.date.fromisoformat(row["published"]),
        published_basis=row["published_basis"],
        outlet=row["outlet"] or None,
        outlet_basis=row["outlet_basis"] or None,
        agency=row["agency"] or None,
        agency_basis=row["agency_basis"] or None,
        language=row["language"],
    )


def gold_reading(path: Path) -> Reading:
    found = json.loads(path.read_text(encoding="utf-8"))
    raw = (SEEDS / found["article"]).read_bytes()
    digest, text = hashlib.sha256(raw).hexdigest(), Text(raw.decode("utf-8"))
    lines = [Span.of(text.raw, *m.span()) for m in re.finditer(r"[^\n]*\S[^\n]*", text.raw)]
    sentences = [
        Span.of(text.raw, line.start + m.start(), line.start + m.end())
        for line in lines
        for m in re.finditer(r".+?(?:[.!?][”\"]?(?=\s|$)|$)", line.exact)
    ]
    return Reading(
        Article(digest[:16], found["article"], digest, text.raw, described(found["article"])),
        blocks=tuple(Block("body", line) for line in lines),
        attributions=tuple(attribution(text, one) for one in found["attributions"]),
        events=tuple(event(text, one) for one in found["events"]),
        relations=tuple(relation(text, one) for one in found["relations"]),
        figures=tuple(figure(text, one) for one in found["quantities"]),
        agents=(
            Agent("popular-mobilization-forces", "Paramilitary", "Popular Mobilization Forces"),
            Agent("afp", "NewsAgency", "AFP"),
        ),
        sentences=tuple(sentences),
    )


@pytest.fixture(scope="module")
def readings() -> list[Reading]:
    found = [gold_reading(path) for path in sorted(GOLD.glob("*.json"))]
    assert len(found) == 5
    return found


@pytest.fixture(scope="module")
def graphs(readings: list[Reading]) -> list[Graph]:
    return [triples.to_graph(reading, Iris()) for reading in readings]


@pytest.fixture(scope="module")
def merged(graphs: list[Graph]) -> Graph:
    whole = Graph()
    for graph in graphs:
        whole += graph
    whole.bind("hs", HS)
    return whole


def test_the_first_question_gets_three_passages_of_one_speaker(
    merged: Graph, readings: list[Reading]
) -> None:
    rows = [tuple(term.toPython() for term in row) for row in merged.query(WHO_DENIED)]  # type: ignore[union-attr]
    assert {str(row[0]) for row in rows} == {f"{DEFAULT_BASE}id/agent/popular-mobilization-forces"}
    assert [row[1][:3] for row in rows] == ["000", "001", "003"]
    assert rows[0][2:4] == (1514, 1551)
    texts = {reading.article.file_name: reading.article.text for reading in readings}
    for _, file_name, start, end, words in rows:
        assert texts[file_name][start:end] == words


def test_every_span_is_where_it_says(graphs: list[Graph], readings: list[Reading]) -> None:
    for graph, reading in zip(graphs, readings, strict=True):
        spans = list(graph.subjects(RDF.type, HS.TextSpan))
        assert len(spans) > 40
        for span in spans:
            start, end, exact = (graph.value(span, HS[name]) for name in ("start", "end", "exact"))
            assert reading.article.text[int(str(start)) : int(str(end))] == str(exact)


def test_every_statement_has_speaker_content_mention_and_label(graphs: list[Graph]) -> None:
    holds = [HS[name] for name in ("affirms", "negates", "denies", "predicts", "leavesOpen", "demands")]
    for graph in graphs:
        told = set(graph.subjects(HS.speaker, None))
        assert len(told) > 15
        for statement in told:
            assert len(list(graph.objects(statement, HS.speaker))) == 1
            assert len(list(graph.objects(statement, RDFS.label))) == 1
            assert list(graph.subjects(HS.mentionOf, statement))
            assert any((statement, how, None) in graph for how in holds)


def test_every_situation_is_held_by_a_statement(graphs: list[Graph]) -> None:
    for graph in graphs:
        held = set(graph.objects(None, None))
        for node in set(graph.subjects()):
            if isinstance(node, URIRef) and "/id/situation/" in node:
                assert node in held, node


def test_backing_is_told_by_the_narrator_who_prints_it(graphs: list[Graph]) -> None:
    graph = graphs[0]
    iris = Iris()
    support = [
        node
        for node in graph.subjects(HS.supporter, iris.of("agent", "global-coalition"))
        if (node, HS.supported, iris.of("agent", "syrian-democratic-forces")) in graph
    ]
    assert len(support) == 1
    (statement,) = graph.subjects(HS.affirms, support[0])
    assert (statement, RDF.type, HS.NarratorStatement) in graph
    assert (statement, HS.speaker, iris.of("agent", "afp")) in graph


def test_unnamed_sources_stay_in_their_article(graphs: list[Graph], readings: list[Reading]) -> None:
    own = [
        {str(node) for node in graph.objects(None, HS.speaker) if reading.article.key in str(node)}
        for graph, reading in zip(graphs, readings, strict=True)
    ]
    assert all(own)
    assert sum(map(len, own)) == len(set().union(*own))
