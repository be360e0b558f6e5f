"""The shapes accept what the loader writes, and each of their constraints refuses a fault of its own and nothing else.

All cases are validated in one run, their things named apart: the validator is slow to start.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pyshacl
import pytest
from rdflib import OWL, RDF, RDFS, SH, Graph, URIRef
from rdflib.collection import Collection
from rdflib.term import Node

from graph.resources import ONTOLOGY
from graph.terms import HS
from tests.shapes_sample import FOLDER, PARAMETERS, SILENT, Case, name_constraints, read_cases, read_refusals

CASES = read_cases()
REPORTS = Path(__file__).resolve().parent / "data" / "reports.ttl"


@pytest.fixture(scope="module")
def core() -> Graph:
    return Graph().parse(ONTOLOGY / "hearsay.ttl")


@pytest.fixture(scope="module")
def shapes() -> Graph:
    graph = Graph()
    for path in sorted((ONTOLOGY / "shapes").glob("*.ttl")):
        graph.parse(path)
    return graph


@pytest.fixture(scope="module")
def valid() -> Graph:
    return Graph().parse(FOLDER / "valid.ttl")


@pytest.fixture(scope="module")
def refusals(shapes: Graph, core: Graph, valid: Graph) -> dict[int, set[str]]:
    """Validate what the loader writes, the valid graph as case 0, and the cases from 1, all at once."""
    whole = Graph().parse(REPORTS)
    for path in sorted((ONTOLOGY / "background").glob("*.ttl")):
        whole.parse(path)
    unbroken = Case("nothing", "", "", frozenset())
    for number, case in enumerate([unbroken, *CASES]):
        whole += case.graph(number, valid)
    _, report, _ = pyshacl.validate(whole, shacl_graph=shapes, ont_graph=core, inference="none")
    return read_refusals(report, name_constraints(shapes))


def test_what_the_loader_writes_conforms(refusals: dict[int, set[str]]) -> None:
    assert refusals
    assert refusals.get(0) is None


@pytest.mark.parametrize("number", range(1, len(CASES) + 1), ids=lambda number: CASES[number - 1].name)
def test_the_constraint_refuses_its_fault_and_no_other_does(
    number: int, refusals: dict[int, set[str]]
) -> None:
    case = CASES[number - 1]
    assert refusals.get(number) == {case.name, *case.also}


def test_each_constraint_has_one_case(shapes: Graph) -> None:
    names = sorted(name_constraints(shapes).values())
    assert len(names) > 90
    assert sorted(case.name for case in CASES) == names


def test_a_fault_that_is_not_in_the_valid_graph_is_told(valid: Graph) -> None:
    wrong = replace(CASES[0], left_out="ex:force hs:start")
    with pytest.raises(AssertionError, match="is not in the valid graph"):
        wrong.graph(1, valid)


def test_shapes_use_only_constraints_that_are_named(shapes: Graph) -> None:
    holders = set(shapes.subjects(RDF.type, SH.NodeShape)) | set(shapes.objects(None, SH.property))
    said = {predicate for holder in holders for predicate in shapes.predicates(holder)} - {RDF.type}
    assert {str(one) for one in said} <= {str(SH[name]) for name in (*PARAMETERS, *SILENT)}


def test_each_constraint_has_words_of_its_own(shapes: Graph) -> None:
    parts = [
        part
        for shape in shapes.subjects(RDF.type, SH.NodeShape)
        for part in shapes.objects(shape, SH.property)
    ]
    assert len(parts) > 30
    assert all(len(list(shapes.objects(part, SH.message))) == 1 for part in parts)


def test_targets_classes_paths_and_values_are_terms_of_the_ontology(shapes: Graph, core: Graph) -> None:
    named: set[Node] = set()
    for predicate in (
        SH.targetClass,
        SH.targetSubjectsOf,
        SH.targetObjectsOf,
        SH["class"],
        SH.path,
        SH.inversePath,
        SH.lessThan,
        SH.lessThanOrEquals,
    ):
        named |= set(shapes.objects(None, predicate))
    for predicate in (SH.alternativePath, SH["in"]):
        for head in shapes.objects(None, predicate):
            named |= set(Collection(shapes, head))
    terms = {term for term in named if isinstance(term, URIRef) and term != RDFS.label}
    assert len(terms) > 60
    assert {term for term in terms if (term, RDF.type, None) not in core} == set()
    targets = set(shapes.objects(None, SH.targetClass)) | set(shapes.objects(None, SH["class"]))
    assert targets <= set(core.subjects(RDF.type, OWL.Class))


def test_closed_lists_are_those_of_the_ontology(shapes: Graph, core: Graph) -> None:
    kinds = {HS.certainty: HS.CertaintyValue, HS.supportKind: HS.SupportKind, HS.measures: HS.MeasureKind}
    for path, kind in kinds.items():
        (part,) = shapes.subjects(SH.path, path)
        head = shapes.value(part, SH["in"])
        assert head is not None
        assert set(Collection(shapes, head)) == set(core.subjects(RDF.type, kind))


def test_all_kinds_of_statements_are_checked(shapes: Graph, core: Graph) -> None:
    kinds = set(core.transitive_subjects(RDFS.subClassOf, HS.Statement))
    assert len(kinds) == 13
    assert kinds <= set(shapes.objects(None, SH.targetClass))
