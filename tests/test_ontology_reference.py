"""The reference tells of each term what the files say, all of it, and the page of it needs no script and no width."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path

import httpx
import pytest
from rdflib import OWL, RDF, RDFS, SKOS, Graph, URIRef

from graph.errors import StoreError
from graph.reference import Reference, read_reference
from graph.resources import ONTOLOGY
from graph.terms import HS
from graph.usage import own_name
from graph.vocabulary import FILES, write_document
from server.drawing import LEFT, RIGHT, WIDTH, draw
from server.settings import Settings
from tests.server_sample import serving

BROWSER = {"Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}
VOID_TAGS = {"meta", "link", "br", "img", "input", "hr"}


@pytest.fixture(scope="module")
def reference() -> Reference:
    return read_reference()


@pytest.fixture(scope="module")
def whole() -> Graph:
    return Graph().parse(ONTOLOGY / "hearsay.ttl").parse(ONTOLOGY / "hearsay-rl.ttl")


def copy_ontology(folder: Path) -> Path:
    for path in ONTOLOGY.rglob("*.*"):
        if path.suffix in {".ttl", ".rq"}:
            copy = folder / path.relative_to(ONTOLOGY)
            copy.parent.mkdir(parents=True, exist_ok=True)
            copy.write_bytes(path.read_bytes())
    return folder


# What is told
# ------------


def test_each_term_is_told_with_the_words_of_the_files(reference: Reference, whole: Graph) -> None:
    declared = {s for s in whole.subjects(RDF.type) if isinstance(s, URIRef) and s in HS}
    assert {HS[name] for name in reference.terms} == declared
    assert len(declared) > 180
    for name, term in reference.terms.items():
        assert term.label == str(whole.value(HS[name], RDFS.label))
        assert term.definition == str(whole.value(HS[name], SKOS.definition))
        assert term.example == str(whole.value(HS[name], SKOS.example))
        assert set(term.notes) == set(map(str, whole.objects(HS[name], RDFS.comment)))


def test_every_axiom_between_terms_is_told_at_both_ends(reference: Reference, whole: Graph) -> None:
    ends = {
        RDFS.subClassOf: ("wider", "narrower"),
        RDFS.subPropertyOf: ("wider", "narrower"),
        RDFS.domain: ("domain", "leads_from"),
        RDFS.range: ("", "leads_to"),
        OWL.inverseOf: ("inverse", "inverse"),
        OWL.disjointWith: ("disjoint", "disjoint"),
    }
    checked = 0
    for predicate, (there, back) in ends.items():
        for one, other in whole.subject_objects(predicate):
            if own_name(one) and own_name(other):
                first, second = (str(term).removeprefix(str(HS)) for term in (one, other))
                assert not there or second in getattr(reference.terms[first], there)
                assert first in getattr(reference.terms[second], back)
                checked += 1
    assert checked > 250


def test_the_tree_has_each_class_once(reference: Reference) -> None:
    classes = [term.name for term in reference.classes()]
    assert len(classes) == len(set(classes))
    assert set(classes) == {term.name for term in reference.terms.values() if term.kind == "class"}


def test_properties_and_values_are_complete(reference: Reference) -> None:
    properties = [term.name for found in reference.properties().values() for term in found]
    kinds = {term.name for term in reference.terms.values() if term.kind in ("relation", "attribute")}
    assert sorted(properties) == sorted(kinds)
    values = [term.name for found in reference.values().values() for term in found]
    assert sorted(values) == sorted(term.name for term in reference.terms.values() if term.kind == "value")


@pytest.mark.parametrize(
    ("name", "field", "told"),
    [
        ("denies", "checks", "Only a denial denies."),
        ("sha256", "checks", "An article needs the SHA-256"),
        ("mentionOf", "checks", "A statement needs a mention"),
        ("backs", "rules", "10-backs"),
        ("speaker", "alignments", "prov:wasAttributedTo"),
        ("certain", "alignments", "fact:certain"),
        ("Clash", "alignments", "ACLED: Armed clash"),
        ("Article", "at_most_one", "sha256"),
        ("within", "traits", "transitive"),
        ("alliedWith", "traits", "symmetric"),
        ("occursWithin", "chain", "within"),
        ("MeasureKind", "members", "deaths"),
        ("denies", "questions", "who-denied-entering"),
        ("Denial", "ways", "denies"),
        ("published", "range", "rdfs:Literal"),
    ],
)
def test_what_other_files_say_of_a_term_is_told(
    reference: Reference, name: str, field: str, told: str
) -> None:
    assert told in str(getattr(reference.terms[name], field))


def test_every_alignment_is_told(reference: Reference) -> None:
    alignments = Graph().parse(ONTOLOGY / FILES["alignments"])
    stated = {(s, o) for s, _, o in alignments if own_name(s)}
    told = sum(len(term.alignments) for term in reference.terms.values())
    assert told == len(stated) > 60


def test_a_deprecated_term_is_marked_with_what_takes_its_place(tmp_path: Path) -> None:
    folder = copy_ontology(tmp_path)
    with (folder / "hearsay.ttl").open("a", encoding="utf-8") as file:
        file.write("hs:byline a owl:DeprecatedProperty ; dcterms:isReplacedBy hs:dateline .\n")
    terms = read_reference(folder).terms
    assert [term.name for term in terms.values() if term.deprecated] == ["byline"]
    assert [link.name for link in terms["byline"].replaced_by] == ["dateline"]


def test_the_reference_is_read_again_when_a_file_has_changed(tmp_path: Path) -> None:
    folder = copy_ontology(tmp_path)
    before = read_reference(folder)
    assert read_reference(folder) is before
    core = folder / "hearsay.ttl"
    core.write_text(core.read_text("utf-8").replace("0.1.0", "0.2.0"), "utf-8")
    assert read_reference(folder).version == "0.2.0"


@pytest.mark.parametrize(
    ("file", "text", "message"),
    [
        ("hearsay.ttl", "no Turtle", "hearsay.ttl can't be read as Turtle"),
        ("alignments.ttl", "", "alignments.ttl: its head lacks"),
        ("alignments.ttl", None, "alignments.ttl can't be read"),
    ],
)
def test_a_file_that_can_not_be_read_is_named(
    tmp_path: Path, file: str, text: str | None, message: str
) -> None:
    folder = copy_ontology(tmp_path)
    if text is None:
        (folder / file).unlink()
    else:
        (folder / file).write_text(text, "utf-8")
    with pytest.raises(StoreError, match=re.escape(message)):
        read_reference(folder)


@pytest.mark.parametrize("part", FILES)
@pytest.mark.parametrize("media_type", ["text/turtle", "application/rdf+xml", "application/n-triples"])
def test_a_document_is_the_same_in_each_form(part: str, media_type: str) -> None:
    kept = Graph().parse(ONTOLOGY / FILES[part])
    written = write_document(part, media_type)
    assert len(Graph().parse(data=written, format=media_type)) == len(kept)


# What is drawn
# -------------


def test_the_drawing_has_the_main_classes_and_all_that_leads_between_them(reference: Reference) -> None:
    drawing = draw(reference)
    assert {box.name for box in drawing.boxes} == {*LEFT, *RIGHT}
    ties = [tie for found in drawing.ties.values() for tie in found]
    drawn = {arrow.name for arrow in drawing.arrows} | {name for box in drawing.boxes for name, _ in box.own}
    assert drawn == {tie.name for tie in ties}
    assert {"speaker", "mentionOf", "foundIn", "content", "actor", "place", "publisher", "within"} <= drawn
    # Of two that say the same from both ends one is enough, and a narrower one stands with the wider.
    assert not drawn & {"said", "hasMention", "relayedBy", "denies", "supporter"}
    below = {name for tie in ties for name in tie.below}
    assert {"affirms", "denies", "supporter", "ally"} <= below


def test_nothing_is_drawn_over_something_else(reference: Reference) -> None:
    drawing = draw(reference)
    assert drawing.width == WIDTH
    for box in drawing.boxes:
        assert box.x >= 0
        assert box.x + box.width <= drawing.width
        assert box.y + box.height <= drawing.height
        assert all(box.y < y < box.y + box.height for _, y in box.own)
    for one in drawing.boxes:
        for other in drawing.boxes:
            beside = one.x + one.width < other.x or other.x + other.width < one.x
            above = one.y + one.height < other.y or other.y + other.height < one.y
            assert one is other or beside or above
    labels = [(arrow.label[0], arrow.label[1]) for arrow in drawing.arrows]
    lines = [(arrow.label[0], y) for arrow in drawing.arrows for _, y in arrow.lines]
    places = sorted(labels + lines)
    assert all(x1 != x2 or y2 - y1 >= 11 for (x1, y1), (x2, y2) in pairwise(places))


# What is served
# --------------


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    with serving(Settings(data=tmp_path_factory.mktemp("nothing"), query_workers=1)) as client:
        yield client


@pytest.fixture(scope="module")
def page(client: httpx.Client) -> str:
    reply = client.get("/ontology", headers=BROWSER)
    assert reply.status_code == 200
    return reply.text


class Outline(HTMLParser):
    """Collect what the tests of the page look at, and check that tags are closed in order."""

    def __init__(self) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.hrefs: list[str] = []
        self.headings: list[int] = []
        self.open: list[str] = []
        self.styled: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        self.ids += [found["id"] or ""] if "id" in found else []
        self.hrefs += [found["href"] or ""] if "href" in found else []
        self.styled += [tag] if "style" in found else []
        if re.fullmatch(r"h[1-6]", tag):
            self.headings.append(int(tag[1]))
        if tag not in VOID_TAGS:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.hrefs += [value or "" for name, value in attrs if name == "href"]

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


@pytest.fixture(scope="module")
def outline(page: str) -> Outline:
    found = Outline()
    found.feed(page)
    assert found.open == []
    return found


def test_each_term_has_its_anchor_and_each_link_on_the_page_its_target(
    outline: Outline, reference: Reference
) -> None:
    assert len(outline.ids) == len(set(outline.ids))
    assert set(reference.terms) <= set(outline.ids)
    inside = {href[1:] for href in outline.hrefs if href.startswith("#")}
    assert inside <= set(outline.ids)
    assert set(reference.terms) <= inside


def test_the_page_needs_no_script_and_no_style_of_its_own(page: str, outline: Outline) -> None:
    assert "<script" not in page
    assert "<style" not in page
    assert outline.styled == []
    assert all(after - before <= 1 for before, after in pairwise(outline.headings))


def test_the_page_tells_version_policy_and_the_questions_of_a_term(page: str, reference: Reference) -> None:
    assert reference.documents[""].version_iri in page
    assert "is marked as deprecated" in page
    assert 'href="/questions/who-denied-entering"' in page
    assert "https://w3id.org/hearsay/ontology#Denial" in page
    assert page.count("<svg") == 1
    assert 'aria-labelledby="drawing-title"' in page


def test_every_question_that_the_page_names_is_there(client: httpx.Client, outline: Outline) -> None:
    stored = {question["name"] for question in client.get("/questions").json()["questions"]}
    named = {href.removeprefix("/questions/") for href in outline.hrefs if href.startswith("/questions/")}
    assert len(named) > 40
    assert named <= stored


@pytest.mark.parametrize(
    "address", ["/ontology", "/ontology/{}", "/ontology/rl", "/ontology/rl/{}", "/ontology/alignments/{}"]
)
@pytest.mark.parametrize(
    ("asked", "media_type"),
    [("ttl", "text/turtle"), ("jsonld", "application/ld+json"), ("rdf", "application/rdf+xml"), ("html", "text/html")],
)  # fmt: skip
def test_a_document_and_its_version_are_served_in_each_form(
    client: httpx.Client, reference: Reference, address: str, asked: str, media_type: str
) -> None:
    address = address.format(reference.version)
    by_name = client.get(address, params={"format": asked})
    by_header = client.get(address, headers={"Accept": media_type})
    for reply in (by_name, by_header):
        assert reply.status_code == 200
        assert reply.headers["content-type"].split(";")[0] == media_type
        assert "Accept" in reply.headers["vary"]
    assert by_name.content == by_header.content


def test_turtle_of_the_core_is_the_file(client: httpx.Client) -> None:
    assert client.get("/ontology").content == (ONTOLOGY / "hearsay.ttl").read_bytes()
    assert client.get("/ontology/rl").content == (ONTOLOGY / "hearsay-rl.ttl").read_bytes()


@pytest.mark.parametrize("address", ["/ontology/9.9.9", "/ontology/rl/9.9.9", "/ontology/shapes/0.1.0"])
def test_a_version_that_is_not_here_is_told(client: httpx.Client, reference: Reference, address: str) -> None:
    reply = client.get(address)
    assert reply.status_code == 404
    assert reply.json()["error"]["what_to_do"]
    assert re.search(rf"{re.escape(reference.version)}|has rl, alignments", reply.json()["error"]["what"])
