"""A reasoner of the OWL 2 RL rules draws from core and extension what is meant, and no more."""

from __future__ import annotations

import owlrl
import pytest
from rdflib import OWL, RDF, Graph, Literal, URIRef

from graph.resources import ONTOLOGY
from graph.terms import DEFAULT_BASE, HS

PREFIXES = f"""
@prefix hs: <{HS}> .
@prefix agent: <{DEFAULT_BASE}id/agent/> .
@prefix place: <{DEFAULT_BASE}id/place/> .
@prefix ex: <https://example.org/> .
"""
DATA = """
agent:army hs:partOfOrg agent:state . agent:guard hs:partOfOrg agent:army .
agent:speaker hs:spokespersonFor agent:guard . agent:source hs:describedAs "a source" .
agent:state hs:governs place:land .
place:town hs:within place:province . place:province hs:within place:land . place:land hs:borders place:other .
ex:fight a hs:Clash ; hs:place place:town .
ex:backing hs:supporter agent:state ; hs:supported agent:army . ex:pact hs:ally agent:state .
ex:count hs:measures hs:deaths ; hs:lower 3 .
ex:denial hs:denies ex:entry ; hs:speaker agent:guard . ex:dispute hs:disputes ex:denial .
ex:claim hs:predicts ex:entry . ex:outer hs:relays ex:claim .
ex:special hs:specializes ex:middle . ex:middle hs:specializes ex:general .
ex:mention hs:mentionOf ex:denial ; hs:cueSpan ex:span .
"""
EXPECTED = [
    ("place:town", "hs:within", "place:land"),
    ("ex:fight", "hs:occursWithin", "place:province"),
    ("ex:fight", "hs:occursWithin", "place:land"),
    ("place:other", "hs:borders", "place:land"),
    ("agent:guard", "hs:partOfOrg", "agent:state"),
    ("agent:speaker", "hs:affiliation", "agent:guard"),
    ("agent:speaker", "hs:speaksForParty", "agent:state"),
    ("agent:source", "rdf:type", "hs:UnnamedSource"),
    ("agent:state", "rdf:type", "hs:StateActor"),
    ("ex:fight", "rdf:type", "hs:Situation"),
    ("ex:backing", "hs:actor", "agent:state"),
    ("ex:backing", "hs:target", "agent:army"),
    ("ex:backing", "rdf:type", "hs:State"),
    ("ex:pact", "rdf:type", "hs:Alliance"),
    ("ex:count", "rdf:type", "hs:Measurement"),
    ("ex:denial", "rdf:type", "hs:Denial"),
    ("ex:denial", "hs:negates", "ex:entry"),
    ("ex:denial", "hs:content", "ex:entry"),
    ("agent:guard", "hs:said", "ex:denial"),
    ("ex:denial", "hs:hasMention", "ex:mention"),
    ("ex:mention", "hs:hasSpan", "ex:span"),
    ("ex:denial", "hs:contrastsWith", "ex:dispute"),
    ("ex:claim", "hs:relayedBy", "ex:outer"),
    ("ex:special", "hs:specializes", "ex:general"),
]
# Forecasts are made in assertions too, and a support that is predicted backs nobody. What a chain concludes is
# larger than what it starts from.
NOT_EXPECTED = [
    ("ex:fight", "hs:occursWithin", "place:town"),
    ("agent:speaker", "hs:speaksForParty", "agent:guard"),
    ("ex:claim", "rdf:type", "hs:Prediction"),
    ("agent:state", "hs:backs", "agent:army"),
    ("ex:general", "hs:specializes", "ex:special"),
]


def close(data: str) -> Graph:
    graph = Graph().parse(ONTOLOGY / "hearsay.ttl").parse(ONTOLOGY / "hearsay-rl.ttl")
    graph.parse(data=PREFIXES + data, format="turtle")
    owlrl.DeductiveClosure(owlrl.OWLRL_Semantics).expand(graph)
    return graph


@pytest.fixture(scope="module")
def closed() -> Graph:
    return close(DATA)


def to_triple(graph: Graph, row: tuple[str, str, str]) -> tuple[URIRef, URIRef, URIRef]:
    subject, predicate, value = (graph.namespace_manager.expand_curie(name) for name in row)
    return subject, predicate, value


@pytest.mark.parametrize("row", EXPECTED, ids=" ".join)
def test_entailed(row: tuple[str, str, str], closed: Graph) -> None:
    assert to_triple(closed, row) in closed


@pytest.mark.parametrize("row", NOT_EXPECTED, ids=" ".join)
def test_not_entailed(row: tuple[str, str, str], closed: Graph) -> None:
    assert to_triple(closed, row) not in closed


def test_nothing_is_merged(closed: Graph) -> None:
    pairs = {(one, other) for one, other in closed.subject_objects(OWL.sameAs) if one != other}
    assert {pair for pair in pairs if not isinstance(pair[0], Literal)} == set()


def errors(graph: Graph) -> list[str]:
    kind = URIRef("http://www.daml.org/2002/03/agents/agent-ont#ErrorMessage")
    return [
        str(words)
        for node in graph.subjects(RDF.type, kind)
        for words in graph.objects(node)
        if words != kind
    ]


def test_consistent_data_raise_no_error(closed: Graph) -> None:
    assert errors(closed) == []


@pytest.mark.parametrize(
    "seeded",
    ["agent:army a hs:Place .", "ex:denial a hs:Situation .", "ex:text a hs:Article , hs:Dispatch ."],
)
def test_inconsistency_is_found(seeded: str) -> None:
    assert any(
        "disjoint" in words.casefold()
        for words in errors(close("agent:army a hs:StateForce .\n" + DATA + seeded))
    )
