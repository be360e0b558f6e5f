"""The shapes accept what the loader writes, refuse each seeded fault with its own words, and name only known terms.

A case is a file of `tests/data/shapes` whose first lines say how the refusals begin: `# fails: …`.
"""

from __future__ import annotations

from pathlib import Path

import pyshacl
import pytest
from rdflib import OWL, RDF, RDFS, SH, Graph, URIRef
from rdflib.collection import Collection
from rdflib.term import Node

from graph.resources import ONTOLOGY
from graph.terms import HS

DATA = Path(__file__).resolve().parent / "data"
CASES = sorted((DATA / "shapes").glob("*.ttl"))


def read_all(folder: Path) -> Graph:
    graph = Graph()
    for path in sorted(folder.glob("*.ttl")):
        graph.parse(path)
    return graph


@pytest.fixture(scope="module")
def core() -> Graph:
    return Graph().parse(ONTOLOGY / "hearsay.ttl")


@pytest.fixture(scope="module")
def shapes() -> Graph:
    return read_all(ONTOLOGY / "shapes")


def refuse(data: Graph, shapes: Graph, core: Graph) -> tuple[set[str], set[Node]]:
    """Validate; give the messages, and the shapes that spoke (those of properties by the shape they are in)."""
    _, report, _ = pyshacl.validate(data, shacl_graph=shapes, ont_graph=core, inference="none")
    messages = {str(words) for words in report.objects(None, SH.resultMessage)}
    said = set(report.objects(None, SH.resultMessage))
    spoken = {
        shape
        for shape in shapes.subjects(RDF.type, SH.NodeShape)
        if said & set(shapes.objects(shape, SH.message))
    }
    for shape, part in shapes.subject_objects(SH.property):
        if said & set(shapes.objects(part, SH.message)):
            spoken.add(shape)
    return messages, spoken


@pytest.fixture(scope="module")
def refusals(shapes: Graph, core: Graph) -> dict[Path, tuple[set[str], set[Node]]]:
    return {path: refuse(Graph().parse(path), shapes, core) for path in CASES}


def test_what_the_loader_writes_conforms(shapes: Graph, core: Graph) -> None:
    data = read_all(ONTOLOGY / "background").parse(DATA / "reports.ttl")
    assert refuse(data, shapes, core) == (set(), set())


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_seeded_fault_is_refused_in_its_own_words(
    path: Path, refusals: dict[Path, tuple[set[str], set[Node]]]
) -> None:
    lines = path.read_text("utf-8").splitlines()
    expected = [line.removeprefix("# fails: ") for line in lines if line.startswith("# fails: ")]
    messages, _ = refusals[path]
    assert expected
    assert all(any(message.startswith(words) for message in messages) for words in expected), messages
    assert all(any(message.startswith(words) for words in expected) for message in messages), messages


def test_each_shape_has_a_case_that_it_refuses(
    shapes: Graph, refusals: dict[Path, tuple[set[str], set[Node]]]
) -> None:
    spoken = {shape for _, found in refusals.values() for shape in found}
    assert set(shapes.subjects(RDF.type, SH.NodeShape)) <= spoken


def test_each_constraint_has_words_of_its_own(shapes: Graph) -> None:
    parts = [
        part
        for shape in shapes.subjects(RDF.type, SH.NodeShape)
        for part in shapes.objects(shape, SH.property)
    ]
    assert len(parts) > 30
    assert all(len(list(shapes.objects(part, SH.message))) == 1 for part in parts)


def test_targets_and_paths_are_terms_of_the_ontology(shapes: Graph, core: Graph) -> None:
    named: set[Node] = set()
    for predicate in (
        SH.targetClass,
        SH.targetSubjectsOf,
        SH.targetObjectsOf,
        SH["class"],
        SH.path,
        SH.lessThan,
    ):
        named |= set(shapes.objects(None, predicate))
    for head in shapes.objects(None, SH.alternativePath):
        named |= set(Collection(shapes, head))
    terms = {term for term in named if isinstance(term, URIRef) and term != RDFS.label}
    assert len(terms) > 40
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
