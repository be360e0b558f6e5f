"""Whether a snapshot keeps what Hearsay promises, as a list of problems for a person to read.

Some promises can't be broken in a store and so have no check here: a literal is never a subject, since the
store refuses it (see `graph.converters`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import pyshacl
from rdflib import Graph, URIRef
from rdflib.namespace import SH

from graph.converters import Term
from graph.copies import Copies
from graph.errors import StoreError
from graph.query import select
from graph.snapshots import DataFolder, Snapshot
from graph.summaries import Summaries
from graph.terms import HS, OWL, RDF

# So many problems of one kind are told one by one; the rest is counted.
MOST_OF_A_KIND = 50


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """Hold one broken promise: its kind, the thing or file where it is, what is wrong, what helps."""

    kind: str
    where: str
    what: str
    what_to_do: str


def check(folder: DataFolder, snapshot: Snapshot) -> list[Problem]:
    """Check spans, completeness, terms, the merged view, the digests and the shapes; an empty list is a clean bill.

    Raises StoreError where a shapes file can't be read.
    """
    checks: Sequence[Callable[[DataFolder, Snapshot], Iterator[Problem]]] = (
        _check_spans,
        _check_completeness,
        _check_terms,
        _check_sameness,
        _check_merged_view,
        _check_digests,
        _check_shapes,
    )
    found: list[Problem] = []
    for one in checks:
        problems = sorted(set(one(folder, snapshot)))
        found += problems[:MOST_OF_A_KIND]
        if len(problems) > MOST_OF_A_KIND:
            more = len(problems) - MOST_OF_A_KIND
            last = problems[-1]
            found.append(Problem(last.kind, "…", f"and {more} more of this kind", last.what_to_do))
    return found


_SPANS = """SELECT ?span ?start ?end ?exact ?sha256 ?file WHERE {
  ?span a hs:TextSpan ; hs:start ?start ; hs:end ?end ; hs:exact ?exact ; hs:inArticle ?article .
  ?article hs:sha256 ?sha256 . OPTIONAL { ?article hs:fileName ?file } }"""

_INCOMPLETE_SPANS = """SELECT DISTINCT ?span WHERE {
  { ?span a hs:TextSpan }
  UNION { ?any hs:contentSpan|hs:sourceSpan|hs:cueSpan|hs:addresseeSpan|hs:passage ?span }
  FILTER NOT EXISTS { ?span hs:start ?a ; hs:end ?b ; hs:exact ?c ; hs:inArticle/hs:sha256 ?d } }"""

_COPIES = "SELECT ?sha256 ?file WHERE { ?article a hs:Article ; hs:sha256 ?sha256 ; hs:fileName ?file }"


def _check_spans(folder: DataFolder, snapshot: Snapshot) -> Iterator[Problem]:
    """Compare every span of the graph with the kept copy of its article."""
    copies = Copies(folder)
    for row in select(snapshot.store, _COPIES):
        problem = copies.read(str(row["sha256"])).problem
        if problem:
            yield Problem("kept copy", str(row["file"]), problem, "load the article again from its source")
    for row in select(snapshot.store, _INCOMPLETE_SPANS):
        yield Problem(
            "span", str(row["span"]), "it lacks start, end, exact words or article", "load the article again"
        )
    for row in select(snapshot.store, _SPANS):
        passage = copies.passage(
            role="",
            id=str(row["span"]),
            sha256=str(row["sha256"]),
            start=_to_int(row["start"]),
            end=_to_int(row["end"]),
            exact=str(row["exact"]),
        )
        if passage.problem and passage.problem != copies.read(str(row["sha256"])).problem:
            where = f"{row.get('file', '')}, characters {passage.start} to {passage.end}"
            yield Problem("span", where, passage.problem, "load the article again, or restore its kept copy")


def _to_int(term: Term) -> int:
    """Read an offset; what is no number can't be a place in a text and so verifies nowhere."""
    return int(str(term)) if str(term).isdecimal() else -1


# What must not lack what; each query selects the things that do, whether or not the closure was computed.
_COMPLETENESS = (
    ("statement", "speaker", """SELECT DISTINCT ?thing WHERE { ?thing a/rdfs:subClassOf* hs:Statement
        FILTER NOT EXISTS { ?thing hs:speaker ?part } }"""),
    ("statement", "content", """SELECT DISTINCT ?thing WHERE { ?thing a/rdfs:subClassOf* hs:Statement
        FILTER NOT EXISTS { ?stance rdfs:subPropertyOf* hs:content . ?thing ?stance ?part } }"""),
    ("statement", "mention", """SELECT DISTINCT ?thing WHERE { ?thing a/rdfs:subClassOf* hs:Statement
        FILTER NOT EXISTS { ?part hs:mentionOf ?thing } }"""),
    ("mention", "statement", """SELECT DISTINCT ?thing WHERE { ?thing a hs:Mention
        FILTER NOT EXISTS { ?thing hs:mentionOf ?part } }"""),
    ("mention", "article", """SELECT DISTINCT ?thing WHERE { ?thing a hs:Mention
        FILTER NOT EXISTS { ?thing hs:foundIn ?part } }"""),
    ("mention", "content span", """SELECT DISTINCT ?thing WHERE { ?thing a hs:Mention
        FILTER NOT EXISTS { ?thing hs:contentSpan ?part } }"""),
    ("unnamed source", "description", """SELECT DISTINCT ?thing WHERE { ?thing a hs:UnnamedSource
        FILTER NOT EXISTS { ?thing hs:describedAs ?part } }"""),
)  # fmt: skip


def _check_completeness(folder: DataFolder, snapshot: Snapshot) -> Iterator[Problem]:
    """Find statements without speaker, content or mention, and mentions that lead nowhere."""
    for kind, lacks, query in _COMPLETENESS:
        for row in select(snapshot.store, query):
            yield Problem(
                kind,
                str(row["thing"]),
                f"the {kind} has no {lacks}",
                "load the article that it comes from again",
            )


_TERMS_IN_USE = """SELECT DISTINCT ?term ?use ?ontology WHERE {
  { ?a ?term ?b BIND("property" AS ?use) }
  UNION { ?a a ?term BIND("class" AS ?use) }
  UNION { ?a ?p ?term FILTER(?p != rdf:type) BIND("value" AS ?use) }
  FILTER(STRSTARTS(STR(?term), STR(hs:)))
  FILTER NOT EXISTS { GRAPH ?ontology { ?term a ?declared } }
}"""


def _check_terms(folder: DataFolder, snapshot: Snapshot) -> Iterator[Problem]:
    """Find names in our namespace that the ontology does not declare: most often a misspelling."""
    ontology = snapshot.iris.graph("ontology")
    for row in select(snapshot.store, _TERMS_IN_USE, ontology=ontology):
        term = str(row["term"]).removeprefix(str(HS))
        yield Problem(
            "term",
            f"hs:{term}",
            f"hs:{term} is used as a {row['use']} but the ontology does not declare it",
            "declare it in ontology/hearsay.ttl, or mend its spelling where it is written",
        )


def _check_sameness(folder: DataFolder, snapshot: Snapshot) -> Iterator[Problem]:
    """Find owl:sameAs, which would merge two things for every reader; Hearsay ties them by properties."""
    for subject, _, other in snapshot.store.triples(None, OWL.sameAs):
        yield Problem(
            "same as",
            str(subject),
            f"it is said to be the same as {other}",
            "remove the triple; give identifiers of other collections as text",
        )


_TOTALS = (
    """SELECT (COUNT(*) AS ?number) WHERE { { SELECT DISTINCT ?s ?p ?o WHERE { GRAPH ?g { ?s ?p ?o } } } }"""
)


def _check_merged_view(folder: DataFolder, snapshot: Snapshot) -> Iterator[Problem]:
    """Compare the stored merged view with the union of the named graphs."""
    merged, union = len(snapshot.store), int(str(select(snapshot.store, _TOTALS)[0]["number"]))
    if merged != union:
        yield Problem(
            "merged view",
            snapshot.version,
            f"the default graph has {merged:,} triples, the named graphs together {union:,}",
            "load all articles into an empty data folder",
        )


def _check_digests(folder: DataFolder, snapshot: Snapshot) -> Iterator[Problem]:
    """Compare each graph with the size and digest that `meta` tells of it, and the version with those."""
    told = Summaries.read(snapshot.store, snapshot.iris)
    found = Summaries(snapshot.iris, way=told.way)
    found.refresh(snapshot.store, ())
    for name in sorted(found.found.keys() | told.found.keys()):
        if found.found.get(name) != told.found.get(name):
            yield Problem(
                "digest",
                str(name),
                f"it has {_size(found, name)}, the graph of all graphs tells of {_size(told, name)}, "
                "or as many others",
                "load all articles into an empty data folder",
            )
    if told.version != snapshot.version or told.version != told.find_version():
        yield Problem(
            "digest",
            snapshot.version,
            "the version doesn't follow from the digests of the graphs",
            "load all articles into an empty data folder",
        )


def _size(summaries: Summaries, name: URIRef) -> str:
    known = summaries.found.get(name)
    return "no triples" if known is None else f"{known[1]:,} triples"


def _check_shapes(folder: DataFolder, snapshot: Snapshot) -> Iterator[Problem]:
    """Validate the merged view against the SHACL shapes of the ontology folder."""
    shapes = _read_shapes(folder.ontology / "shapes")
    if len(shapes) == 0:
        return
    _, report, _ = pyshacl.validate(snapshot.store.graph(None), shacl_graph=shapes, advanced=False)
    for result in report.subjects(RDF.type, SH.ValidationResult):
        focus, path = report.value(result, SH.focusNode), report.value(result, SH.resultPath)
        told = "; ".join(sorted(str(message) for message in report.objects(result, SH.resultMessage)))
        on = f" at {_name(path)}" if isinstance(path, URIRef) else ""
        yield Problem("shape", str(focus), f"{told}{on}", "load the article again; if it stays, report it")


def _read_shapes(folder: Path) -> Graph:
    shapes = Graph()
    for path in sorted(folder.glob("*.ttl")):
        try:
            shapes.parse(path, format="turtle")
        except (SyntaxError, OSError) as error:
            raise StoreError(f"the shapes in {path.name} can't be read: {error}") from error
    return shapes


def _name(term: URIRef) -> str:
    return f"hs:{term.removeprefix(str(HS))}" if term.startswith(HS) else str(term)
