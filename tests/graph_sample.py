"""A small data folder of an invented world, for the tests of the graph floor.

Two wire copies print one denial; a third text, by an outlet of its own, affirms what was denied.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

from rdflib import Graph, Literal, URIRef

from graph.iris import Iris
from graph.model import Article
from graph.snapshots import DataFolder
from graph.terms import HS, RDF, RDFS, XSD

DATA = Path(__file__).parent / "data" / "graph"
ONTOLOGY = DATA / "ontology"

DENIAL = "river-force-denial-1"
ENTRY = "river-force-enters-northland"


@dataclass(frozen=True)
class Report:
    """One text with the passages of the one statement in it, each given by its words."""

    name: str
    text: str
    source: str
    cue: str
    content: str
    statement: str
    kind: str
    stance: str
    speaker: str
    agency: str | None = None
    outlet: str | None = None


WIRE_A = Report(
    name="a.txt",
    text="STONEBRIDGE (Wire One) —\xa0The River Force denied that its fighters entered Northland on Wednesday.\r\n"
    "“We stay at home,” it said. 🛡 Dozens of fighters are in Milltown.\n",
    source="The River Force",
    cue="denied",
    content="its fighters entered Northland on Wednesday",
    statement=DENIAL,
    kind="Denial",
    stance="denies",
    speaker="river-force",
    agency="wire-one",
)
WIRE_B = Report(
    name="b.txt",
    text="“Café” news. The River Force has denied that its fighters entered Northland, Wire One reported.\n",
    source="The River Force",
    cue="has denied",
    content="its fighters entered Northland",
    statement=DENIAL,
    kind="Denial",
    stance="denies",
    speaker="river-force",
    agency="wire-one",
)
OWN = Report(
    name="c.txt",
    text="Daily Sun, Milltown. A border guard said River Force fighters entered Northland.\n",
    source="A border guard",
    cue="said",
    content="River Force fighters entered Northland",
    statement="guard-assertion-1",
    kind="Assertion",
    stance="affirms",
    speaker="guard",
    outlet="daily-sun",
)
REPORTS = (WIRE_A, WIRE_B, OWN)


def article_of(report: Report) -> tuple[Article, bytes]:
    """Give the article of a report and its bytes."""
    raw = report.text.encode()
    sha256 = hashlib.sha256(raw).hexdigest()
    return Article(sha256[:16], report.name, sha256, report.text), raw


def graph_of(report: Report, iris: Iris) -> Graph:
    """Write a report as a loader would."""
    article, _ = article_of(report)
    graph, node = Graph(), iris.of("article", article.key)
    statement, situation = iris.of("statement", report.statement), iris.of("situation", ENTRY)
    speaker = iris.of("agent", f"{article.key}-guard" if report.speaker == "guard" else report.speaker)
    mention = iris.of("mention", f"{article.key}-{report.text.index(report.content)}")
    for subject, name, value in (
        (node, RDF.type, HS.Article),
        (node, HS.sha256, Literal(article.sha256)),
        (node, HS.fileName, Literal(report.name)),
        (node, HS.producedBy, iris.of("loader", "test-1")),
        (iris.of("loader", "test-1"), RDF.type, HS.Loader),
        (iris.of("loader", "test-1"), RDFS.label, Literal("Test 1")),
        (statement, RDF.type, HS[report.kind]),
        (statement, HS.speaker, speaker),
        (statement, HS[report.stance], situation),
        (statement, HS.certainty, HS.certain),
        (situation, RDF.type, HS.Entry),
        (situation, HS.actor, iris.of("agent", "river-force")),
        (situation, HS.place, iris.of("place", "northland")),
        (situation, HS.earliestBegin, Literal("2021-03-03", datatype=XSD.date)),
        (situation, HS.latestEnd, Literal("2021-03-03", datatype=XSD.date)),
        (situation, HS.timeText, Literal("on Wednesday")),
        (mention, RDF.type, HS.Mention),
        (mention, HS.mentionOf, statement),
        (mention, HS.foundIn, node),
        (mention, HS.quoteType, Literal("indirect")),
        (mention, HS.confidence, Literal("0.90", datatype=XSD.decimal)),
        (mention, HS.passage, _span(graph, iris, report, report.text.split("\n")[0].strip())),
        (mention, HS.sourceSpan, _span(graph, iris, report, report.source)),
        (mention, HS.cueSpan, _span(graph, iris, report, report.cue)),
        (mention, HS.contentSpan, _span(graph, iris, report, report.content)),
    ):
        graph.add((subject, name, value))
    _add_origin(graph, iris, report, node, mention)
    if report.speaker == "guard":
        graph.add((speaker, RDF.type, HS.UnnamedSource))
        graph.add((speaker, RDFS.label, Literal("A border guard")))
        graph.add((speaker, HS.describedAs, Literal("A border guard")))
    return graph


def _add_origin(graph: Graph, iris: Iris, report: Report, node: URIRef, mention: URIRef) -> None:
    if report.agency:
        dispatch = iris.of("dispatch", f"{report.agency}-{article_of(report)[0].key}")
        graph.add((dispatch, RDF.type, HS.Dispatch))
        graph.add((dispatch, HS.agency, iris.of("agent", report.agency)))
        graph.add((dispatch, HS.agencyBasis, Literal("stated: (Wire One)")))
        graph.add((node, HS.basedOn, dispatch))
        graph.add((mention, HS.viaDispatch, dispatch))
    if report.outlet:
        graph.add((node, HS.publisher, iris.of("agent", report.outlet)))
        graph.add((node, HS.publisherBasis, Literal("stated: Daily Sun")))


def _span(graph: Graph, iris: Iris, report: Report, words: str) -> URIRef:
    article, _ = article_of(report)
    start = report.text.index(words)
    node = iris.of("span", f"{article.key}-{start}-{start + len(words)}")
    graph.add((node, RDF.type, HS.TextSpan))
    graph.add((node, HS.inArticle, iris.of("article", article.key)))
    graph.add((node, HS.start, Literal(start)))
    graph.add((node, HS.end, Literal(start + len(words))))
    graph.add((node, HS.exact, Literal(words)))
    return node


def load(folder: DataFolder, reports: tuple[Report, ...] = REPORTS) -> str:
    """Load reports in the order given and publish them; give the version."""
    with folder.begin() as transaction:
        for report in reports:
            article, raw = article_of(report)
            transaction.put_article(article, raw, graph_of(report, folder.iris))
        return transaction.publish()
