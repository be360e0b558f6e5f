"""Each term of the ontology is asked for by a stored question, or the reason why none asks for it stands here.

What counts as asked for is defined in `graph.usage`: named in a query, or one step from a named term.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from rdflib import Graph

from graph import reference
from graph.resources import ONTOLOGY
from graph.terms import HS
from graph.usage import Way, find_named, find_ways, own_names

CHAINED = "only a reasoner of the OWL 2 RL rules concludes it; questions follow hs:within and hs:partOfOrg in a path"
EXCEPTIONS = {
    "occursWithin": CHAINED,
    "speaksForParty": CHAINED,
    "fingerprint": "an index by which copies are found; it tells a reader nothing",
}
PREFIXES = """
@prefix hs: <https://w3id.org/hearsay/ontology#> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
"""
TREE = """
hs:Thing a owl:Class . hs:Kind a owl:Class ; rdfs:subClassOf hs:Thing . hs:Sort a owl:Class ; rdfs:subClassOf hs:Kind .
hs:Other a owl:Class . hs:Below a owl:Class ; rdfs:subClassOf hs:Other .
hs:Choice a owl:Class . hs:yes a hs:Choice . hs:no a hs:Choice .
hs:leads a owl:ObjectProperty ; rdfs:domain hs:Thing ; rdfs:range hs:Other ; owl:inverseOf hs:led .
hs:led a owl:ObjectProperty .
hs:strictly a owl:ObjectProperty ; rdfs:subPropertyOf hs:leads .
hs:chosen a owl:ObjectProperty ; rdfs:range hs:Choice .
hs:alone a owl:DatatypeProperty .
"""


@pytest.fixture(scope="module")
def tree() -> Graph:
    return Graph().parse(data=PREFIXES + TREE, format="turtle")


def test_every_term_is_asked_for() -> None:
    unused = set(reference.read_reference().unused())
    assert unused == EXCEPTIONS.keys(), "give the term a question, take it out, or say why it has none"
    assert all(EXCEPTIONS.values())


def test_most_terms_are_named_and_not_only_reached() -> None:
    terms = reference.read_reference().terms.values()
    named = [term for term in terms if term.questions]
    assert len(named) > 100
    attributes = [term for term in terms if term.kind == "attribute" and term.name not in EXCEPTIONS]
    assert [term.name for term in attributes if not term.questions] == []


def test_a_term_that_nobody_asks_for_is_found(tmp_path: Path) -> None:
    for path in ONTOLOGY.rglob("*.*"):
        if path.suffix in {".ttl", ".rq"}:
            copy = tmp_path / path.relative_to(ONTOLOGY)
            copy.parent.mkdir(parents=True, exist_ok=True)
            copy.write_bytes(path.read_bytes())
    with (tmp_path / "hearsay.ttl").open("a", encoding="utf-8") as file:
        file.write(
            'hs:orphan\n    a owl:DatatypeProperty ;\n    rdfs:domain hs:Article ;\n    rdfs:label "orphan"@en .\n'
        )
    assert set(reference.read_reference(tmp_path).unused()) == {*EXCEPTIONS, "orphan"}


@pytest.mark.parametrize(
    ("named", "reached"),
    [
        ({"Kind"}, {"Sort": [Way("narrower", "Kind")], "Thing": [Way("wider", "Kind")]}),
        # The ends of a property are reached, what is below them is not.
        (
            {"leads"},
            {
                "Thing": [Way("end", "leads")],
                "Other": [Way("end", "leads")],
                "led": [Way("inverse", "leads")],
                "strictly": [Way("narrower", "leads")],
            },
        ),
        ({"strictly"}, {"leads": [Way("wider", "strictly")]}),
        ({"led"}, {"leads": [Way("inverse", "led")]}),
        (
            {"chosen"},
            {"Choice": [Way("end", "chosen")], "yes": [Way("value", "chosen")], "no": [Way("value", "chosen")]},
        ),
        ({"chosen", "yes"}, {"Choice": [Way("end", "chosen")], "no": [Way("value", "chosen")]}),
        ({"alone"}, {}),
    ],
)  # fmt: skip
def test_terms_one_step_away_are_reached(tree: Graph, named: set[str], reached: dict[str, list[Way]]) -> None:
    assert {name: list(ways) for name, ways in find_ways(tree, named).items()} == reached


def test_own_names_are_those_that_are_declared(tree: Graph) -> None:
    assert {"Thing", "leads", "yes"} <= own_names(tree)
    assert "Nowhere" not in own_names(tree)


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("SELECT * { ?s hs:speaker/hs:partOfOrg+ ?o }", {"speaker", "partOfOrg"}),
        (f"SELECT * {{ ?s a <{HS}Denial> }}", {"Denial"}),
        ('SELECT * { ?s rdfs:label "hs:speaker" } # hs:denies', set()),
        (
            "SELECT * { ?s hs:negates|hs:denies ?o FILTER(?o != hs:certain) }",
            {"negates", "denies", "certain"},
        ),
    ],
)
def test_named_terms_are_read_from_a_query(query: str, names: set[str]) -> None:
    assert find_named(query) == names


def test_the_store_holds_no_half_of_what_a_chain_concludes() -> None:
    terms = reference.read_reference().terms.values()
    (chained, core) = (
        [term for term in terms if term.chain],
        [term for term in terms if not term.for_reasoner],
    )
    assert chained
    assert not [term.name for term in core if set(term.wider) & {one.name for one in chained}]
