"""All that the files of the ontology say of each term, put together for a reader: the reference page is filled from it.

Nothing is told here by hand. Labels, definitions, examples and notes come from the core and its extension, relations to
other vocabularies from the alignments, what is asked of a term from the shapes, what is computed from the heads of the
rules, and who uses a term from the stored questions.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from rdflib import Graph, Literal, URIRef
from rdflib.collection import Collection as RdfList
from rdflib.namespace import SH
from rdflib.term import Node

from graph.errors import StoreError
from graph.headers import read_header
from graph.resources import ONTOLOGY
from graph.terms import DCTERMS, HS, OWL, PREFIXES, RDF, RDFS, SKOS
from graph.usage import Way, find_named, find_ways, own_name, own_names
from graph.vocabulary import ALIGNMENTS, CORE, EXTENSION, FILES, Document, read_document, read_graph, stamp

# Kinds of terms by their declarations, the first that fits.
_KINDS = ((OWL.Class, "class"), (OWL.ObjectProperty, "relation"), (OWL.DatatypeProperty, "attribute"))
_TRAITS = ((OWL.TransitiveProperty, "transitive"), (OWL.SymmetricProperty, "symmetric"))
_DEPRECATED = (OWL.DeprecatedClass, OWL.DeprecatedProperty)
_RELATIONS = {
    RDFS.subClassOf: "is a kind of",
    RDFS.subPropertyOf: "is a special case of",
    SKOS.exactMatch: "is the same as",
    SKOS.closeMatch: "is close to",
    SKOS.note: "has the code",
}
_DERIVES = re.compile(r"^# derives: (.+)$", re.MULTILINE)
_WHY = re.compile(r"^# why: (.+(?:\n# {5,}.+)*)", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Link:
    """Hold the short name of a term of any vocabulary and its address: `#name` for one of ours, "" for none."""

    name: str
    href: str


@dataclass(frozen=True, slots=True)
class Rule:
    """Hold the rule that computes a term: the name of its file, and why it is there."""

    name: str
    why: str


@dataclass(frozen=True, slots=True)
class Term:
    """Hold one term of ours. Terms of ours are given by their local names, others by links.

    `kind` is class, relation (between things), attribute (a value of a thing) or value (of a closed list). `ways` is
    empty where a question names the term.
    """

    name: str
    kind: str
    label: str
    definition: str
    example: str
    notes: tuple[str, ...]
    for_reasoner: bool
    deprecated: bool
    replaced_by: tuple[Link, ...]
    traits: tuple[str, ...]
    wider: tuple[str, ...]
    narrower: tuple[str, ...]
    inverse: tuple[str, ...]
    chain: tuple[str, ...]
    disjoint: tuple[str, ...]
    domain: tuple[str, ...]
    range: tuple[Link, ...]
    leads_from: tuple[str, ...]
    leads_to: tuple[str, ...]
    at_most_one: tuple[str, ...]
    members: tuple[str, ...]
    member_of: tuple[str, ...]
    alignments: tuple[tuple[str, Link], ...]
    checks: tuple[str, ...]
    rules: tuple[Rule, ...]
    questions: tuple[str, ...]
    ways: tuple[Way, ...]

    @property
    def computed(self) -> bool:
        """Tell whether the term is derived over all articles together: a rule says so, or its note."""
        return bool(self.rules) or any(note.startswith("Computed") for note in self.notes)


@dataclass(frozen=True, slots=True)
class Branch:
    """Hold a class of the tree by its name, with those below it."""

    name: str
    below: tuple[Branch, ...]


@dataclass(frozen=True, slots=True)
class Reference:
    """Hold the reference of one version.

    `terms` is by name, in the order of the files; `questions` are titles by name.
    """

    title: str
    description: str
    policy: str
    licence: str
    namespace: str
    documents: Mapping[str, Document]
    terms: Mapping[str, Term]
    tree: tuple[Branch, ...]
    others: tuple[Link, ...]
    questions: Mapping[str, str]

    @property
    def version(self) -> str:
        """Give the number of the core's version."""
        return self.documents[CORE].version

    def classes(self) -> Iterator[Term]:
        """Give the classes in the order of the tree."""

        def walk(branches: Iterable[Branch]) -> Iterator[Term]:
            for branch in branches:
                yield self.terms[branch.name]
                yield from walk(branch.below)

        yield from dict.fromkeys(walk(self.tree))

    def properties(self) -> Mapping[str, tuple[Term, ...]]:
        """Give relations and attributes by the root of the class that they lead from, "" where that is any thing."""
        found: dict[str, list[Term]] = defaultdict(list)
        for term in self.terms.values():
            if term.kind in ("relation", "attribute"):
                found[self.root_of(term.domain[0]) if term.domain else ""].append(term)
        order = [branch.name for branch in self.tree] + [""]
        return {name: tuple(found[name]) for name in order if name in found}

    def values(self) -> Mapping[str, tuple[Term, ...]]:
        """Give the values of closed lists by their class."""
        found: dict[str, list[Term]] = defaultdict(list)
        for term in self.terms.values():
            for kind in term.member_of:
                found[kind].append(term)
        return {name: tuple(terms) for name, terms in found.items()}

    def root_of(self, name: str) -> str:
        """Give the top of the tree above a class, or the class itself."""
        while self.terms[name].wider:
            name = self.terms[name].wider[0]
        return name

    def unused(self) -> tuple[str, ...]:
        """Name the terms that no stored question names or reaches."""
        return tuple(name for name, term in self.terms.items() if not term.questions and not term.ways)


def read_reference(folder: Path = ONTOLOGY) -> Reference:
    """Read the reference from a folder like `ontology`, once for as long as no file changes. Raises StoreError."""
    return _read(folder, tuple((path, *stamp(path)) for path in _files(folder)))


def _files(folder: Path) -> tuple[Path, ...]:
    parts = [folder / name for name in FILES.values()]
    more = [path for kind in ("shapes/*.ttl", "rules/*.rq", "questions/*.rq") for path in folder.glob(kind)]
    return (*parts, *sorted(more))


@lru_cache(maxsize=2)
def _read(folder: Path, seen: tuple[tuple[Path, int, int], ...]) -> Reference:
    documents = {part: read_document(part, folder=folder) for part in FILES}
    core = read_graph(folder / FILES[CORE])
    whole = core + read_graph(folder / FILES[EXTENSION])
    texts = {path.stem: _text(path) for path in sorted(folder.glob("questions/*.rq"))}
    names = _ordered(folder, whole)
    maker = _Maker(folder, whole, core, names, {name: find_named(text) for name, text in texts.items()})
    header = URIRef(documents[CORE].iri)
    return Reference(
        title=str(whole.value(header, RDFS.label) or documents[CORE].iri),
        description=str(whole.value(header, DCTERMS.description) or ""),
        policy=str(whole.value(header, RDFS.comment) or ""),
        licence=str(whole.value(header, DCTERMS.license) or ""),
        namespace=str(HS),
        documents=documents,
        terms={name: maker.term(name) for name in names},
        tree=maker.tree(),
        others=maker.others(),
        questions={name: read_header(text).values.get("title", name) for name, text in texts.items()},
    )


def _text(path: Path) -> str:
    try:
        return path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise StoreError(f"{path.name} can't be read: {error}") from error


def _ordered(folder: Path, whole: Graph) -> list[str]:
    """Name the terms in the order in which the files declare them, which goes by subject; a graph has none."""
    text = "\n".join(_text(folder / FILES[part]) for part in (CORE, EXTENSION))
    order = {name: at for at, name in reversed(list(enumerate(re.findall(r"^hs:(\w+)\s+a\s", text, re.M))))}
    return sorted(own_names(whole), key=lambda name: (order.get(name, len(order)), name))


class _Maker:
    """Make terms from the graphs of one folder."""

    def __init__(
        self, folder: Path, whole: Graph, core: Graph, names: list[str], named: Mapping[str, frozenset[str]]
    ) -> None:
        self._whole, self._core = whole, core
        self._place = {name: at for at, name in enumerate(names)}
        self._alignments = read_graph(folder / FILES[ALIGNMENTS])
        prefixes = {**{str(name): str(iri) for name, iri in self._alignments.namespaces()}, **PREFIXES}
        self._prefixes = sorted(prefixes.items(), key=lambda pair: -len(pair[1]))
        self._checks = _read_checks(sorted(folder.glob("shapes/*.ttl")))
        self._rules = _read_rules(sorted(folder.glob("rules/*.rq")))
        self._questions: dict[str, list[str]] = defaultdict(list)
        for question, terms in sorted(named.items()):
            for name in terms:
                self._questions[name].append(question)
        self._ways = find_ways(whole, frozenset(self._questions) & frozenset(names))

    def term(self, name: str) -> Term:
        """Put together what the files say of a term."""
        iri, graph = HS[name], self._whole
        types = set(graph.objects(iri, RDF.type))
        kind = next((word for one, word in _KINDS if one in types), "value")
        chain = graph.value(iri, OWL.propertyChainAxiom)
        restrictions = [one for one in graph.objects(iri, RDFS.subClassOf) if own_name(one) is None]
        replaced_by = sorted(map(str, graph.objects(iri, DCTERMS.isReplacedBy)))
        return Term(
            name=name,
            kind=kind,
            label=self._words(iri, RDFS.label) or name,
            definition=self._words(iri, SKOS.definition),
            example=self._words(iri, SKOS.example),
            notes=tuple(sorted(str(note) for note in graph.objects(iri, RDFS.comment))),
            for_reasoner=(iri, RDF.type, None) not in self._core,
            deprecated=bool(types & set(_DEPRECATED)) or (iri, OWL.deprecated, Literal(True)) in graph,
            replaced_by=tuple(self._link(URIRef(one)) for one in replaced_by),
            traits=tuple(word for one, word in _TRAITS if one in types),
            wider=self._own(self._up(iri)),
            narrower=self._own(self._down(iri)),
            inverse=self._own([*graph.objects(iri, OWL.inverseOf), *graph.subjects(OWL.inverseOf, iri)]),
            chain=tuple(filter(None, map(own_name, RdfList(graph, chain)))) if chain else (),
            disjoint=self._own(
                [*graph.objects(iri, OWL.disjointWith), *graph.subjects(OWL.disjointWith, iri)]
            ),
            domain=self._own(graph.objects(iri, RDFS.domain)),
            range=tuple(self._link(one) for one in sorted(graph.objects(iri, RDFS.range), key=str)),
            leads_from=self._own(graph.subjects(RDFS.domain, iri)),
            leads_to=self._own(graph.subjects(RDFS.range, iri)),
            at_most_one=self._own(graph.value(one, OWL.onProperty) for one in restrictions),
            members=self._own(graph.subjects(RDF.type, iri)),
            member_of=self._own(types),
            alignments=tuple(self._find_alignments(iri)),
            checks=tuple(self._checks.get(name, ())),
            rules=tuple(self._rules.get(name, ())),
            questions=tuple(self._questions.get(name, ())),
            ways=self._ways.get(name, ()),
        )

    def tree(self) -> tuple[Branch, ...]:
        """Give the classes as a tree, those without a wider one at its top."""
        classes = set(self._whole.subjects(RDF.type, OWL.Class))
        return tuple(self._branch(name) for name in self._own(classes) if not self._own(self._up(HS[name])))

    def others(self) -> tuple[Link, ...]:
        """Give the terms of other vocabularies that the core declares because it or the data use them."""
        found = {one for one in self._core.subjects(RDF.type) if isinstance(one, URIRef) and one not in HS}
        headers = set(self._core.subjects(RDF.type, OWL.Ontology))
        return tuple(self._link(one) for one in sorted(found - headers))

    def _branch(self, name: str) -> Branch:
        below = self._own(self._whole.subjects(RDFS.subClassOf, HS[name]))
        return Branch(name, tuple(self._branch(one) for one in below))

    def _up(self, iri: URIRef) -> list[Node]:
        return [
            one for tree in (RDFS.subClassOf, RDFS.subPropertyOf) for one in self._whole.objects(iri, tree)
        ]

    def _down(self, iri: URIRef) -> list[Node]:
        return [
            one for tree in (RDFS.subClassOf, RDFS.subPropertyOf) for one in self._whole.subjects(tree, iri)
        ]

    def _own(self, nodes: Iterable[Node | None]) -> tuple[str, ...]:
        """Name those of the nodes that are terms of ours, in the order of the files."""
        return tuple(sorted({name for one in nodes if (name := own_name(one))}, key=self._place.__getitem__))

    def _words(self, iri: URIRef, predicate: URIRef) -> str:
        return str(self._whole.value(iri, predicate) or "")

    def _link(self, node: Node) -> Link:
        name = own_name(node)
        if name is not None:
            return Link(name, f"#{name}")
        for prefix, iri in self._prefixes:
            if prefix and str(node).startswith(iri):
                return Link(f"{prefix}:{str(node).removeprefix(iri)}", str(node))
        return Link(str(node), str(node) if isinstance(node, URIRef) else "")

    def _find_alignments(self, iri: URIRef) -> Iterator[tuple[str, Link]]:
        for predicate, words in _RELATIONS.items():
            for one in sorted(self._alignments.objects(iri, predicate), key=str):
                yield words, self._link(one)


def _read_checks(paths: Iterable[Path]) -> dict[str, list[str]]:
    """Map terms to what the shapes ask of them: the refusals, word for word, of the shapes that name the term."""
    found: dict[str, dict[str, None]] = defaultdict(dict)
    for path in paths:
        shapes = read_graph(path)
        for shape, words in sorted(shapes.subject_objects(SH.message), key=lambda pair: str(pair[1])):
            about = [*shapes.objects(shape, SH.path)]
            for one in shapes.objects(shape, SH.path):
                about += list(shapes.objects(one, SH.inversePath))
                for several in shapes.objects(one, SH.alternativePath):
                    about += list(RdfList(shapes, several))
            for target in (SH.targetSubjectsOf, SH.targetObjectsOf):
                about += list(shapes.objects(shape, target))
            for name in filter(None, map(own_name, about)):
                found[name][str(words)] = None
    return {name: list(words) for name, words in found.items()}


def _read_rules(paths: Iterable[Path]) -> dict[str, list[Rule]]:
    """Map terms to the rules that say at their head that they derive them."""
    found: dict[str, list[Rule]] = defaultdict(list)
    for path in paths:
        text = _text(path)
        derives, why = _DERIVES.search(text), _WHY.search(text)
        told = " ".join(re.sub(r"^#", "", line).strip() for line in (why[1] if why else "").splitlines())
        for name in re.findall(r"hs:(\w+)", derives[1] if derives else ""):
            found[name].append(Rule(path.stem, told))
    return found
