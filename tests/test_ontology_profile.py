"""The core stays inside OWL Lite and OWL 2 RL, and each of its terms is documented.

OWL Lite after the OWL Reference, section 8.3, checked at the level of triples; OWL 2 RL after section 4.2 of
OWL 2 Profiles, as far as the core's few axioms go.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from rdflib import OWL, RDF, RDFS, SKOS, XSD, BNode, Graph, Literal, URIRef
from rdflib.term import Node

from graph.resources import ONTOLOGY
from graph.terms import HS

SEEDS = Path(__file__).resolve().parent.parent / "seeds"
CORE, RL_EXTENSION = ONTOLOGY / "hearsay.ttl", ONTOLOGY / "hearsay-rl.ttl"

LITE_NAMES = """
AllDifferent AnnotationProperty Class DatatypeProperty DeprecatedClass DeprecatedProperty FunctionalProperty
InverseFunctionalProperty Nothing ObjectProperty Ontology OntologyProperty Restriction SymmetricProperty Thing
TransitiveProperty allValuesFrom backwardCompatibleWith cardinality differentFrom distinctMembers
equivalentClass equivalentProperty imports incompatibleWith intersectionOf inverseOf maxCardinality
minCardinality onProperty priorVersion sameAs someValuesFrom versionInfo
"""
LITE_TERMS = {OWL[name] for name in LITE_NAMES.split()}
# Of OWL 2, and only in the header, where a reader of OWL 1 takes it for an annotation.
HEADER_TERMS = {OWL.versionIRI}
BUILT_IN_ANNOTATIONS = {RDFS.label, RDFS.comment, RDFS.seeAlso, RDFS.isDefinedBy, OWL.versionInfo}
CARDINALITIES = (OWL.cardinality, OWL.minCardinality, OWL.maxCardinality)
# OWL Lite has these restrictions, OWL 2 RL has them not where the core uses restrictions: as superclasses.
NOT_RL_AS_SUPERCLASS = (OWL.cardinality, OWL.minCardinality, OWL.someValuesFrom)


@dataclass(frozen=True)
class Declared:
    """Hold what an ontology declares, by kind."""

    classes: set[Node]
    objects: set[Node]
    datatypes: set[Node]
    annotations: set[Node]
    restrictions: set[Node] = field(default_factory=set)

    @classmethod
    def of(cls, graph: Graph) -> Declared:
        """Collect the declarations of a graph."""
        kinds = (OWL.Class, OWL.ObjectProperty, OWL.DatatypeProperty, OWL.AnnotationProperty, OWL.Restriction)
        return cls(*(set(graph.subjects(RDF.type, kind)) for kind in kinds))


def find_violations(graph: Graph) -> list[str]:
    """List all in which the graph leaves OWL Lite or OWL 2 RL, one plain line each, sorted."""
    declared = Declared.of(graph)
    checks = (_vocabulary, _kinds, _properties, _axioms, _restrictions)
    return sorted({line for check in checks for line in check(graph, declared)})


def _vocabulary(graph: Graph, declared: Declared) -> Iterator[str]:
    """Report OWL's own terms that OWL Lite has not."""
    for subject, predicate, value in graph:
        in_header = predicate in HEADER_TERMS and (subject, RDF.type, OWL.Ontology) in graph
        for term in (subject, predicate, value):
            if isinstance(term, URIRef) and term in OWL and term not in LITE_TERMS and not in_header:
                yield f"{term.n3()} is not a term of OWL Lite"


def _kinds(graph: Graph, declared: Declared) -> Iterator[str]:
    """Report names of two kinds, and classes without a name."""
    kinds = (declared.classes, declared.objects, declared.datatypes, declared.annotations)
    for number, one in enumerate(kinds):
        for other in kinds[number + 1 :]:
            yield from (f"{term} is declared as two kinds" for term in one & other)
    yield from (f"{term} is a class without a name" for term in declared.classes if isinstance(term, BNode))
    known = declared.classes | LITE_TERMS
    yield from (f"{kind} has members and is no class" for kind in set(graph.objects(None, RDF.type)) - known)


def _properties(graph: Graph, declared: Declared) -> Iterator[str]:
    """Report properties that are used and not declared."""
    builtin = {
        RDF.type, RDFS.subClassOf, RDFS.subPropertyOf, RDFS.domain, RDFS.range, OWL.inverseOf,
        OWL.equivalentClass, OWL.equivalentProperty, OWL.onProperty, OWL.allValuesFrom, OWL.someValuesFrom,
        OWL.imports, OWL.intersectionOf, *CARDINALITIES, *HEADER_TERMS,
    }  # fmt: skip
    known = builtin | BUILT_IN_ANNOTATIONS | declared.objects | declared.datatypes | declared.annotations
    yield from (f"{term} is used as a property and not declared" for term in set(graph.predicates()) - known)


def _axioms(graph: Graph, declared: Declared) -> Iterator[str]:
    """Report axioms about something else than declared classes and properties of one kind."""
    properties = declared.objects | declared.datatypes
    for one, other in graph.subject_objects(RDFS.subClassOf):
        if one not in declared.classes or other not in declared.classes | declared.restrictions:
            yield f"{one} is a subclass of {other}, and one of the two is no named class"
    for one, other in graph.subject_objects(RDFS.subPropertyOf):
        if {one, other} <= declared.objects or {one, other} <= declared.datatypes:
            continue
        yield f"{one} is a sub-property of {other}, and they are not of one kind"
    for one, other in graph.subject_objects(OWL.inverseOf):
        if not {one, other} <= declared.objects:
            yield f"{one} is the inverse of {other}, and one of the two is no object property"
    for one, other in graph.subject_objects(RDFS.domain):
        if one not in properties or other not in declared.classes:
            yield f"{one} has the domain {other}, which is no named class"
    for one, other in graph.subject_objects(RDFS.range):
        is_datatype = other == RDFS.Literal or str(other).startswith(str(XSD))
        fits_object = one in declared.objects and other in declared.classes
        if not fits_object and not (one in declared.datatypes and is_datatype):
            yield f"{one} has the range {other}, which does not fit its kind"
        if other == XSD.date:
            yield f"{one} has the range xsd:date, which is not in the datatype map of OWL 2"


def _restrictions(graph: Graph, declared: Declared) -> Iterator[str]:
    """Report restrictions that one of the two profiles forbids."""
    for node in declared.restrictions:
        on = graph.value(node, OWL.onProperty)
        if on not in declared.objects | declared.datatypes:
            yield f"a restriction is on {on}, which is no declared property"
        for kind in CARDINALITIES:
            number = graph.value(node, kind)
            if isinstance(number, Literal) and int(number) not in (0, 1):
                yield f"a restriction on {on} counts to {number}"
            if number is not None and (on, RDF.type, OWL.TransitiveProperty) in graph:
                yield f"a restriction counts {on}, which is transitive"
        if any(graph.value(node, kind) is not None for kind in NOT_RL_AS_SUPERCLASS):
            yield f"a restriction on {on} is of a kind that OWL 2 RL has not for superclasses"


@pytest.fixture(scope="module")
def core() -> Graph:
    return Graph().parse(CORE)


def own_terms(graph: Graph) -> list[URIRef]:
    return sorted({s for s in graph.subjects(RDF.type) if isinstance(s, URIRef) and s in HS})


def test_core_is_inside_both_profiles(core: Graph) -> None:
    assert len(own_terms(core)) > 150
    assert find_violations(core) == []


def test_extension_is_reported() -> None:
    found = "\n".join(find_violations(Graph().parse(RL_EXTENSION)))
    assert "propertyChainAxiom" in found
    assert "disjointWith" in found


@pytest.mark.parametrize(
    ("seeded", "expected"),
    [
        ("hs:Entry owl:disjointWith hs:Withdrawal .", "disjointWith> is not a term of OWL Lite"),
        ("hs:CertaintyValue owl:oneOf ( hs:certain hs:possible ) .", "oneOf> is not a term of OWL Lite"),
        ("hs:Mention owl:hasKey ( hs:foundIn ) .", "hasKey> is not a term of OWL Lite"),
        ("hs:Entry a owl:ObjectProperty .", "Entry is declared as two kinds"),
        ("hs:Entry rdfs:subClassOf hs:Nowhere .", "Nowhere, and one of the two is no named class"),
        ("hs:actor rdfs:subPropertyOf hs:start .", "start, and they are not of one kind"),
        ("hs:actor owl:inverseOf hs:start .", "start, and one of the two is no object property"),
        ("hs:actor rdfs:domain [ owl:unionOf ( hs:Event hs:State ) ] .", "which is no named class"),
        ("hs:actor rdfs:range xsd:string .", "which does not fit its kind"),
        ("hs:published rdfs:range xsd:date .", "not in the datatype map of OWL 2"),
        ("hs:certain hs:sureness 1 .", "sureness is used as a property and not declared"),
        ("hs:oddThing a hs:OddKind .", "OddKind has members and is no class"),
        (
            "hs:Event rdfs:subClassOf [ a owl:Restriction ; owl:onProperty hs:place ; owl:cardinality 2 ] .",
            "counts to 2",
        ),
        (
            "hs:Place rdfs:subClassOf [ a owl:Restriction ; owl:onProperty hs:within ; owl:cardinality 1 ] .",
            "which is transitive",
        ),
        (
            "hs:Event rdfs:subClassOf [ a owl:Restriction ; owl:onProperty hs:place ; owl:cardinality 1 ] .",
            "of a kind that OWL 2 RL has not",
        ),
    ],
)
def test_seeded_violation_is_found(seeded: str, expected: str) -> None:
    prefixes = "".join(
        f"@prefix {p}: <{n}> .\n" for p, n in (("hs", HS), ("owl", OWL), ("rdfs", RDFS), ("xsd", XSD))
    )
    graph = Graph().parse(CORE).parse(data=prefixes + seeded, format="turtle")
    assert any(expected in line for line in find_violations(graph)), find_violations(graph)


def test_header_names_version_and_licence(core: Graph) -> None:
    header = core.value(predicate=RDF.type, object=OWL.Ontology)
    version = str(core.value(header, OWL.versionInfo))
    assert str(core.value(header, OWL.versionIRI)).endswith(f"/{version}")
    assert core.value(header, URIRef("http://purl.org/dc/terms/license")) is not None


@pytest.mark.parametrize("path", [CORE, RL_EXTENSION], ids=lambda path: path.name)
def test_each_term_has_label_definition_and_example(path: Path) -> None:
    graph = Graph().parse(path)
    terms = own_terms(graph)
    assert terms
    for term in terms:
        for wanted in (RDFS.label, SKOS.definition, SKOS.example):
            assert len(list(graph.objects(term, wanted))) == 1, f"{term} has not one {wanted}"
        label = str(graph.value(term, RDFS.label))
        assert label == label.lower(), f"the label {label!r} is not in lower case"


def test_definition_of_a_class_begins_with_its_parent(core: Graph) -> None:
    checked = 0
    for one, parent in core.subject_objects(RDFS.subClassOf):
        if isinstance(parent, URIRef) and parent in HS:
            checked += 1
            definition, label = core.value(one, SKOS.definition), core.value(parent, RDFS.label)
            assert re.match(rf"an? {label}\b", str(definition)), f"{one}: {definition}"
    assert checked > 50


def test_names_follow_the_house_style(core: Graph) -> None:
    declared = Declared.of(core)
    for term in own_terms(core):
        name = term.removeprefix(str(HS))
        pattern = r"[A-Z][A-Za-z]+" if term in declared.classes else r"[a-z][A-Za-z0-9]+"
        assert re.fullmatch(pattern, name), f"{term} is not written like the others of its kind"


def test_examples_stand_in_the_articles(core: Graph) -> None:
    texts = {path.name[:3]: " ".join(path.read_text("utf-8").split()) for path in SEEDS.glob("*.txt")}
    for term in own_terms(core):
        example = str(core.value(term, SKOS.example))
        passages = re.findall(r"“([^”]*)” \((\d{3})\)", example)
        assert passages, f"{term}: the example quotes no article"
        for words, article in passages:
            assert words in texts[article], f"{term}: {words!r} does not stand in article {article}"
