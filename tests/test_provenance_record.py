"""A statement is shown with everything behind it, verified now, and a failure is shown and never hidden."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from rdflib import Graph, Literal, URIRef

from graph import provenance
from graph.errors import UnknownResource, UsageError
from graph.records import Link
from graph.snapshots import DataFolder, Snapshot
from graph.terms import HS, RDF, RDFS, XSD
from tests.graph_sample import DENIAL, ENTRY, ONTOLOGY, OWN, WIRE_A, WIRE_B, article_of, graph_of, load

OA = "http://www.w3.org/ns/oa#"


@pytest.fixture
def folder(tmp_path: Path) -> DataFolder:
    found = DataFolder(tmp_path, ontology=ONTOLOGY)
    load(found)
    return found


@pytest.fixture
def snapshot(folder: DataFolder) -> Iterator[Snapshot]:
    with folder.current() as found:
        yield found


def copy_of(folder: DataFolder, report: object = WIRE_A) -> Path:
    return folder.article_path(article_of(report)[0].sha256)  # type: ignore[arg-type]


def test_the_record_says_who_what_and_how_surely(folder: DataFolder, snapshot: Snapshot) -> None:
    record = provenance.statement(folder, snapshot, DENIAL)
    assert record.kind == ("Denial",)
    assert record.speaker is not None
    assert (record.speaker.label, record.speaker.named) == ("River Force", True)
    assert [party.label for party in record.speaker.party] == ["Lowland government"]
    assert record.certainty == "certain"
    (content,) = record.content
    assert (content.stance, content.type) == ("denies", "Entry")
    assert [agent.label for agent in content.roles["actor"]] == ["River Force"]
    assert [place.label for place in content.place] == ["Northland"]
    assert (content.time.earliest, content.time.latest) == ("2021-03-03", "2021-03-03")
    assert content.time.text == "on Wednesday"
    assert record.sentence == (
        "River Force denies: entry by River Force in Northland, 2021-03-03 (“on Wednesday”)"
    )
    assert record.version == snapshot.version
    assert [loader.label for loader in record.loaders] == ["Test 1"]
    assert sum("graph/article/" in name for name in record.graphs) == 2


def test_mentions_and_origins_are_counted_apart(folder: DataFolder, snapshot: Snapshot) -> None:
    record = provenance.statement(folder, snapshot, DENIAL)
    assert (record.mention_count, record.independent_origins) == (2, 1)
    assert [(origin.label, origin.kind, origin.mentions) for origin in record.origins] == [
        ("Wire One", "agency", 2)
    ]
    other = provenance.statement(folder, snapshot, OWN.statement)
    assert [(origin.label, origin.kind) for origin in other.origins] == [("Daily Sun", "outlet")]
    assert other.speaker is not None
    assert not other.speaker.named
    assert other.speaker.described_as == "A border guard"


def test_every_passage_is_verified_with_its_surroundings(folder: DataFolder, snapshot: Snapshot) -> None:
    record = provenance.statement(folder, snapshot, DENIAL)
    assert record.verified
    assert record.problems == ()
    for mention, report in zip(record.mentions, (WIRE_A, WIRE_B), strict=True):
        assert mention.verified
        assert mention.confidence == 0.9
        assert mention.article.file == report.name
        assert mention.article.sha256 == article_of(report)[0].sha256
        assert mention.via is not None
        assert mention.via.agency == Link("https://w3id.org/hearsay/id/agent/wire-one", "Wire One")
        assert mention.via.basis == "stated: (Wire One)"
        assert [span.role for span in mention.spans] == ["sourceSpan", "cueSpan", "contentSpan"]
        for span in mention.spans:
            assert report.text[span.start : span.end] == span.exact
            assert report.text[max(0, span.start - 32) : span.start] == span.before
            assert report.text[span.end : span.end + 32] == span.after
    # Code points, not code units: the shield lies beyond the basic plane.
    assert record.mentions[0].spans[2].after.endswith("🛡")


def test_contradictions_come_with_their_rule(folder: DataFolder, snapshot: Snapshot) -> None:
    record = provenance.statement(folder, snapshot, DENIAL)
    (other,) = record.contradicts
    assert other.key == OWN.statement
    assert other.rules == ("10-contradicts",)
    assert other.sentence.startswith("A border guard affirms: entry by River Force")
    assert record.contrasts_with == ()


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (
            lambda raw: raw.replace(b"on Wednesday", b"on Thursday!"),
            "has 'its fighters entered Northland on Thursday!",
        ),
        (lambda raw: raw + b" ", "was changed after it was loaded"),
        (lambda raw: raw[:40], "has '' there"),
        (lambda raw: b"\xff" + raw, "was changed after it was loaded"),
        (None, "is missing"),
    ],
)
def test_a_passage_that_no_longer_verifies_is_shown_with_the_reason(
    folder: DataFolder, snapshot: Snapshot, change: object, told: str
) -> None:
    path = copy_of(folder)
    if change is None:
        path.unlink()
    else:
        path.write_bytes(change(path.read_bytes()))  # type: ignore[operator]
    record = provenance.statement(folder, snapshot, DENIAL)
    assert not record.verified
    assert any(told in problem for problem in record.problems)
    first, second = record.mentions
    assert not first.verified
    assert second.verified
    assert [span.exact for span in first.spans] == [WIRE_A.source, WIRE_A.cue, WIRE_A.content]
    assert all(not span.verified and span.problem for span in first.spans)
    assert "NOT VERIFIED" in record.to_text()
    assert record.to_json()["mentions"][0]["spans"][2]["verified"] is False
    # What was verified a moment ago is read again, not remembered.
    path.write_bytes(article_of(WIRE_A)[1])
    assert provenance.statement(folder, snapshot, DENIAL).verified


def test_json_is_plain(folder: DataFolder, snapshot: Snapshot) -> None:
    record = provenance.statement(folder, snapshot, DENIAL)
    plain = record.to_json()
    assert json.loads(json.dumps(plain)) == plain
    assert "facts" not in plain
    assert plain["speaker"]["label"] == "River Force"
    assert plain["mentions"][1]["via"]["agency"]["label"] == "Wire One"
    assert (plain["mention_count"], plain["independent_origins"]) == (2, 1)


def test_text_reads_in_a_terminal(folder: DataFolder, snapshot: Snapshot) -> None:
    text = provenance.statement(folder, snapshot, DENIAL).to_text()
    assert "River Force denies: entry by River Force in Northland" in text
    assert "found in 2 passages from 1 independent origin: Wire One (agency, 2)" in text
    assert "[its fighters entered Northland on Wednesday]" in text
    assert "contradicts" in text
    assert text.endswith("\n")


def test_article_text_can_not_steer_the_terminal(tmp_path: Path) -> None:
    from dataclasses import replace

    hostile = replace(WIRE_A, text=WIRE_A.text.replace("STONEBRIDGE", "\x1b[2J\u202eSTONE\x07"))
    folder = DataFolder(tmp_path, ontology=ONTOLOGY)
    load(folder, (hostile,))
    with folder.current() as snapshot:
        text = provenance.statement(folder, snapshot, DENIAL).to_text()
    assert "\x1b" not in text
    assert "\u202e" not in text
    assert "<U+001B>" in text


def test_the_graph_has_the_facts_and_a_web_annotation_of_each_mention(
    folder: DataFolder, snapshot: Snapshot
) -> None:
    graph = provenance.statement(folder, snapshot, DENIAL).to_graph()
    back = Graph().parse(data=graph.serialize(format="turtle"), format="turtle")
    assert set(back) == set(graph)
    denial = folder.iris.of("statement", DENIAL)
    assert (denial, HS.denies, folder.iris.of("situation", ENTRY)) in graph
    assert (folder.iris.of("agent", "river-force"), RDFS.label, Literal("River Force")) in graph
    annotations = list(graph.subjects(RDF.type, URIRef(f"{OA}Annotation")))
    assert len(annotations) == 2
    assert {graph.value(one, URIRef(f"{OA}hasBody")) for one in annotations} == {denial}
    for report in (WIRE_A, WIRE_B):
        (quote,) = graph.subjects(URIRef(f"{OA}exact"), Literal(report.content))
        (target,) = graph.subjects(URIRef(f"{OA}hasSelector"), quote)
        assert graph.value(target, URIRef(f"{OA}hasSource")) == folder.iris.of(
            "article", article_of(report)[0].key
        )
        start = report.text.index(report.content)
        (position,) = graph.subjects(URIRef(f"{OA}start"), Literal(start, datatype=XSD.nonNegativeInteger))
        end = Literal(start + len(report.content), datatype=XSD.nonNegativeInteger)
        assert graph.value(position, URIRef(f"{OA}end")) == end
        assert len(list(graph.objects(position, RDF.type))) == len(list(graph.objects(quote, RDF.type))) == 1


def test_the_query_of_the_record_gives_its_passages(folder: DataFolder, snapshot: Snapshot) -> None:
    from graph.query import select

    record = provenance.statement(folder, snapshot, DENIAL)
    rows = select(snapshot.store, record.query)
    assert [str(row["words"]) for row in rows] == [WIRE_A.content, WIRE_B.content]


def test_a_statement_may_be_named_by_its_iri(folder: DataFolder, snapshot: Snapshot) -> None:
    iri = str(folder.iris.of("statement", DENIAL))
    assert provenance.statement(folder, snapshot, iri).key == DENIAL


@pytest.mark.parametrize("key", ["none", "", "https://w3id.org/hearsay/id/statement/none", "x/../y", "a b"])
def test_an_unknown_statement_is_told(folder: DataFolder, snapshot: Snapshot, key: str) -> None:
    with pytest.raises(UnknownResource, match="no statement"):
        provenance.statement(folder, snapshot, key)


def test_a_figure_and_words_without_event_are_told(tmp_path: Path) -> None:
    folder = DataFolder(tmp_path, ontology=ONTOLOGY)
    article, raw = article_of(WIRE_A)
    graph, iris = graph_of(WIRE_A, folder.iris), folder.iris
    denial, figure, words = (
        iris.of("statement", DENIAL),
        iris.of("situation", "figure"),
        iris.of("situation", "words"),
    )
    for subject, name, value in (
        (denial, HS.affirms, figure),
        (figure, RDF.type, HS.Measurement),
        (figure, HS.measures, HS.fighters),
        (figure, HS.quantityText, Literal("Dozens")),
        (figure, HS["lower"], Literal(24)),
        (figure, HS.place, iris.of("place", "milltown")),
        (denial, HS.affirms, words),
        (words, RDF.type, HS.Situation),
        (words, HS.wording, Literal("We stay at home")),
        (denial, HS.predicts, words),
    ):
        graph.add((subject, name, value))
    with folder.begin() as transaction:
        transaction.put_article(article, raw, graph)
        transaction.publish()
    with folder.current() as snapshot:
        record = provenance.statement(folder, snapshot, DENIAL)
    told = {(content.stance, content.sentence) for content in record.content}
    assert ("affirms", "fighters “Dozens” in Milltown") in told
    assert {("affirms", "“We stay at home”"), ("predicts", "“We stay at home”")} <= told
    (quantity,) = [content.quantity for content in record.content if content.quantity]
    assert (quantity.measures, quantity.lower, quantity.upper, quantity.text) == (
        "fighters",
        24,
        None,
        ("Dozens",),
    )
    (milltown,) = next(content.place for content in record.content if content.quantity)
    assert [place.label for place in milltown.within] == ["North Province", "Northland"]


@pytest.mark.parametrize(
    ("kind", "key", "predicate"),
    [
        ("agent", "river-force", HS.speaker),
        ("place", "northland", HS.place),
        ("situation", ENTRY, HS.denies),
        ("statement", DENIAL, HS.mentionOf),
        ("article", article_of(WIRE_A)[0].key, HS.foundIn),
    ],
)
def test_any_other_thing_is_described_with_what_points_to_it(
    snapshot: Snapshot, kind: str, key: str, predicate: URIRef
) -> None:
    graph = provenance.resource(snapshot, kind, key)
    iri = snapshot.iris.of(kind, key)
    assert list(graph.predicate_objects(iri))
    assert list(graph.subjects(predicate, iri))


def test_a_situation_comes_with_who_claims_it(snapshot: Snapshot) -> None:
    graph = provenance.resource(snapshot, "situation", ENTRY)
    speakers = {str(speaker).rpartition("/")[2] for speaker in graph.objects(None, HS.speaker)}
    assert "river-force" in speakers
    assert len(speakers) == 2


def test_unknown_things_and_kinds_are_told(snapshot: Snapshot) -> None:
    with pytest.raises(UnknownResource, match="no agent 'nobody'"):
        provenance.resource(snapshot, "agent", "nobody")
    with pytest.raises(UsageError, match="no kind"):
        provenance.resource(snapshot, "opinion", "x")
