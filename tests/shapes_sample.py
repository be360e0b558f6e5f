"""The constraints of the SHACL shapes by name, and for each of them a small graph that breaks it.

`tests/data/shapes/valid.ttl` conforms. A row of `constraints.csv` names a constraint (`Article sha256 minCount`), and
says what to leave out of that graph (`left_out`: subject and property, several apart by a semicolon) and what to put in
(`put_in`, as Turtle). `also` names constraints that the same fault can't but break.
"""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from rdflib import RDF, SH, Graph, Literal, URIRef
from rdflib.collection import Collection
from rdflib.term import Node

from graph.terms import HS

FOLDER = Path(__file__).resolve().parent / "data" / "shapes"
EXAMPLES = "https://example.org/"
# Constraint components by the parameter that gives them; these are all that our shapes use.
PARAMETERS = (
    "class", "datatype", "in", "lessThan", "lessThanOrEquals", "maxCount", "maxInclusive", "minCount", "minInclusive",
    "minLength", "nodeKind", "pattern",
)  # fmt: skip
# What a node or property shape may say beside its constraints.
SILENT = ("message", "path", "property", "targetClass", "targetObjectsOf", "targetSubjectsOf")


@dataclass(frozen=True)
class Case:
    """Hold a row: the constraint that it breaks, the fault, and what else breaks with it."""

    name: str
    left_out: str
    put_in: str
    also: frozenset[str]

    def graph(self, number: int, valid: Graph) -> Graph:
        """Give the valid graph with the fault, its things named apart from those of other cases."""
        prefixes = "".join(f"@prefix {name}: <{iri}> .\n" for name, iri in valid.namespaces())
        graph = Graph() + valid
        for part in filter(None, map(str.strip, self.left_out.split(";"))):
            subject, predicate = map(valid.namespace_manager.expand_curie, part.split())
            assert (subject, predicate, None) in graph, f"{self.name}: {part} is not in the valid graph"
            graph.remove((subject, predicate, None))
        graph.parse(data=prefixes + self.put_in, format="turtle")
        moved = Graph()
        for one, property_, other in graph:
            moved.add((_move(one, number), property_, _move(other, number)))
        return moved


def _move(term: Node, number: int) -> Node:
    if not isinstance(term, URIRef | Literal) or not term.startswith(EXAMPLES):
        return term
    moved = f"{EXAMPLES}{number}/{term.removeprefix(EXAMPLES)}"
    return URIRef(moved) if isinstance(term, URIRef) else Literal(moved)


def read_cases() -> list[Case]:
    """Read the rows."""
    with (FOLDER / "constraints.csv").open(encoding="utf-8", newline="") as file:
        return [
            Case(row["constraint"], row["left_out"], row["put_in"], frozenset(_split(row["also"])))
            for row in csv.DictReader(file)
        ]


def _split(words: str) -> list[str]:
    return [part.strip() for part in words.split(";") if part.strip()]


def name_constraints(shapes: Graph) -> dict[tuple[Node, str], str]:
    """Name every constraint: by the shape or property shape that holds it and the parameter."""
    found: dict[tuple[Node, str], str] = {}
    for shape in shapes.subjects(RDF.type, SH.NodeShape):
        holders = [(shape, "")] + [
            (part, name_path(shapes, part)) for part in shapes.objects(shape, SH.property)
        ]
        for holder, path in holders:
            for parameter in PARAMETERS:
                if (holder, SH[parameter], None) in shapes:
                    name = " ".join(filter(None, (str(shape).rpartition("#")[2], path, parameter)))
                    assert name not in found.values(), f"{name} stands twice"
                    found[holder, parameter] = name
    return found


def name_path(shapes: Graph, part: Node) -> str:
    """Name the path of a property shape: `^mentionOf` for the inverse, `content` for the first of several."""
    path = shapes.value(part, SH.path)
    for predicate, mark in ((SH.inversePath, "^"), (SH.alternativePath, "")):
        inner = shapes.value(path, predicate)
        if inner is not None:
            first = inner if mark else Collection(shapes, inner)[0]
            return mark + str(first).removeprefix(str(HS))
    return str(path).removeprefix(str(HS)).rpartition("#")[2] or str(path)


def read_refusals(report: Graph, names: dict[tuple[Node, str], str]) -> dict[int, set[str]]:
    """Give the constraints that a validation reports, by the number of the case; 0 for anything else."""
    found: dict[int, set[str]] = defaultdict(set)
    for result in report.subjects(RDF.type, SH.ValidationResult):
        found[_number(report, result)].add(_constraint(report, result, names))
    return found


def _constraint(report: Graph, result: Node, names: dict[tuple[Node, str], str]) -> str:
    component = str(report.value(result, SH.sourceConstraintComponent)).rpartition("#")[2]
    parameter = component.removesuffix("ConstraintComponent")
    holder = report.value(result, SH.sourceShape)
    assert holder is not None
    return names[holder, parameter[0].lower() + parameter[1:]]


def _number(report: Graph, result: Node) -> int:
    for term in _told(report, result):
        if term.startswith(EXAMPLES):
            return int(term.removeprefix(EXAMPLES).split("/")[0])
    return 0


def _told(report: Graph, result: Node) -> Iterator[str]:
    yield str(report.value(result, SH.focusNode))
    yield str(report.value(result, SH.value))
