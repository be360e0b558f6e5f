"""The background data say what is known before an article is read: described in the ontology's terms, each with its
source, whole, and without a word about who backs or contradicts whom."""

from __future__ import annotations

import json
from collections import defaultdict
from pathlib import Path

import pytest
from rdflib import OWL, RDF, RDFS, SKOS, Graph, Literal, URIRef

from graph.iris import Iris, slug
from graph.resources import ONTOLOGY
from graph.terms import DEFAULT_BASE, HS, WGS
from loaders.meaning.background import load

FILES = sorted((ONTOLOGY / "background").glob("*.ttl"))
GOLD = Path(__file__).resolve().parent / "gold" / "seeds"
SOURCE = URIRef("http://purl.org/dc/terms/source")
AGENT, PLACE = f"{DEFAULT_BASE}id/agent/", f"{DEFAULT_BASE}id/place/"
SOURCES = (
    "article",
    "articles",
    "GeoNames",
    "dr5hn",
    "general knowledge",
    "several public files",
    "name used in",
    "http://",
    "https://",
)
# What only the rules may derive, and what merges things.
COMPUTED = (
    HS.backs, HS.backedBy, HS.alliedWith, HS.contradicts, HS.corroborates, HS.disputes, HS.specializes,
    HS.incompatibleWith, OWL.sameAs,
)  # fmt: skip


@pytest.fixture(scope="module")
def core() -> Graph:
    return Graph().parse(ONTOLOGY / "hearsay.ttl")


@pytest.fixture(scope="module")
def background() -> Graph:
    graph = Graph()
    for path in FILES:
        graph.parse(path)
    return graph


def entities(graph: Graph) -> set[URIRef]:
    return {subject for subject in graph.subjects() if isinstance(subject, URIRef)}


def test_there_is_enough_to_read_with(background: Graph) -> None:
    agents = [one for one in entities(background) if one.startswith(AGENT)]
    places = [one for one in entities(background) if one.startswith(PLACE)]
    assert len(agents) > 500
    assert len(places) > 150
    assert len(agents) + len(places) == len(entities(background))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_each_entity_has_class_label_and_source(path: Path, core: Graph) -> None:
    graph = Graph().parse(path)
    for one in entities(graph):
        kinds = set(graph.objects(one, RDF.type))
        root = HS.Agent if one.startswith(AGENT) else HS.Place
        assert kinds, one
        assert all(root in core.transitive_objects(kind, RDFS.subClassOf) for kind in kinds), one
        assert len(list(graph.objects(one, RDFS.label))) == 1, one
        sources = [str(words) for words in graph.objects(one, SOURCE)]
        assert sources, one
        assert all(words.startswith(SOURCES) for words in sources), sources


def test_terms_are_those_of_the_ontology(background: Graph, core: Graph) -> None:
    used = {term for triple in background for term in triple if isinstance(term, URIRef) and term in HS}
    assert len(used) > 20
    assert {term for term in used if (term, RDF.type, None) not in core} == set()


def test_what_is_named_exists(background: Graph) -> None:
    known = entities(background)
    assert {
        one
        for one in background.objects()
        if isinstance(one, URIRef) and one.startswith(DEFAULT_BASE + "id/")
    } <= known


def test_keys_are_safe_slugs(background: Graph) -> None:
    for one in entities(background):
        kind, key = one.removeprefix(f"{DEFAULT_BASE}id/").split("/")
        assert key == slug(key)
        assert one == Iris().of(kind, key)


@pytest.mark.parametrize("term", COMPUTED)
def test_nothing_computed_is_stated(term: URIRef, background: Graph) -> None:
    assert list(background.subject_objects(term)) == []


def test_a_name_means_one_agent_and_one_place(background: Graph) -> None:
    for root, properties in (
        (AGENT, (RDFS.label, SKOS.altLabel, HS.headPhrase, HS.metonym)),
        (PLACE, (RDFS.label, SKOS.altLabel)),
    ):
        meant = defaultdict(set)
        for predicate in properties:
            for one, words in background.subject_objects(predicate):
                if str(one).startswith(root):
                    meant[str(words).casefold()].add(one)
        assert len(meant) > 300
        assert {words: ones for words, ones in meant.items() if len(ones) > 1} == {}


def test_a_spelling_means_one_agent_however_it_is_folded() -> None:
    """Names are compared without case, hyphens and doubled letters: there "Fattah" is Fatah."""
    known = load()
    shared = {
        form: keys
        for form, names in known.names.entries.items()
        if len(keys := {name.key for name in names if name.kind == "agent" and name.use != "metonym"}) > 1
    }
    assert len(known.names.entries) > 2000
    assert shared == {}


def test_lone_surnames_are_left_to_the_article() -> None:
    """The wars added since hold to what CONTRIBUTING.md asks for: people by their full names, or as heads of state."""
    for path in FILES:
        if path.stem in {"people", "media", "places"}:
            continue
        graph = Graph().parse(path)
        for one in graph.subjects(RDF.type, HS.Person):
            names = {str(words) for p in (RDFS.label, SKOS.altLabel) for words in graph.objects(one, p)}
            assert all(" " in name or name.startswith("Zelensk") for name in names), names


def test_head_phrases_are_lower_case_without_article(background: Graph) -> None:
    phrases = [str(words) for words in background.objects(None, HS.headPhrase)]
    assert len(phrases) > 100
    assert [
        words for words in phrases if words != words.casefold() or words.startswith(("the ", "a ", "an "))
    ] == []


def test_places_lie_in_no_circle_and_end_in_countries(background: Graph) -> None:
    for one in set(background.subjects(HS.within)):
        above = list(background.transitive_objects(one, HS.within))
        assert one not in above[1:], one
        assert (above[-1], RDF.type, HS.Country) in background, one


def test_coordinates_come_in_pairs_on_earth(background: Graph) -> None:
    with_latitude = set(background.subjects(WGS.lat))
    assert len(with_latitude) > 60
    assert with_latitude == set(background.subjects(WGS.long))
    for one in with_latitude:
        latitude, longitude = background.value(one, WGS.lat), background.value(one, WGS.long)
        assert isinstance(latitude, Literal)
        assert isinstance(longitude, Literal)
        assert -90 <= float(latitude) <= 90
        assert -180 <= float(longitude) <= 180


def test_identifiers_of_others_belong_to_one_thing(background: Graph) -> None:
    for term, form in ((HS.geonamesId, "geonames"), (HS.wikidataId, "Q")):
        ids = [str(value) for value in background.objects(None, term)]
        assert ids, form
        assert len(ids) == len(set(ids))


def test_every_key_of_the_gold_is_known(background: Graph) -> None:
    keys: set[str] = set()
    for path in sorted(GOLD.glob("*.json")):
        gold = json.loads(path.read_text("utf-8"))
        for one in gold["attributions"]:
            keys |= {one["source_entity"], one["speaks_for"], one["addressee"]}
        for one in gold["events"]:
            keys |= {*one["actor"], *one["target"], *one["place"]}
        for one in gold["relations"]:
            keys |= {one["subject"], one["object"]}
    named = {key for key in keys if key and not key.startswith("unnamed:")}
    assert len(named) > 30
    known = {one.rsplit("/", 1)[-1] for one in entities(background)}
    assert named <= known
