"""What the pages show of each kind of thing, read from the merged view of a snapshot inside a worker.

A view is plain JSON: it is also what `/data/<kind>/<key>.json` gives. Long lists are cut at a stated length.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from types import MappingProxyType
from typing import Any

from rdflib import BNode, Literal, URIRef

from graph.copies import Copies, KeptCopy
from graph.errors import UnknownResource
from graph.facts import Facts
from graph.query import select
from graph.records import to_plain
from graph.snapshots import DataFolder, Snapshot
from graph.terms import HS, RDFS, SKOS
from server.words import mark, spell

LONGEST_LIST = 300

# The narrower first: an inferred wider one is not said twice.
_CONTENT = (HS.denies, HS.negates, HS.predicts, HS.demands, HS.leavesOpen, HS.affirms, HS.content)
_ROLES = (
    "actor", "target", "helper", "ally", "supporter", "supported", "place", "fromPlace",
    "measures", "quantityText", "lower", "upper", "value", "supportKind", "timeText", "earliestBegin",
    "latestEnd", "wording",
)  # fmt: skip
_PARTIES = ("actor", "target", "helper", "supporter", "supported", "ally")
_ARTICLE = (
    "fileName", "sha256", "originSha256", "retrieved", "title", "published", "publishedBasis", "publisher",
    "publisherBasis", "dateline", "byline", "language", "url",
)  # fmt: skip

_COUNTS = """
SELECT ?articles ?statements ?mentions WHERE {
  { SELECT (COUNT(?a) AS ?articles) { ?a a hs:Article } }
  { SELECT (COUNT(?s) AS ?statements) { ?s a hs:Statement } }
  { SELECT (COUNT(?m) AS ?mentions) { ?m a hs:Mention } }
}
"""
_NEWEST = """
SELECT ?article { ?article a hs:Article OPTIONAL { ?article hs:published ?published } }
ORDER BY DESC(?published) ?article LIMIT 12
"""
_BY_FILE = """
SELECT ?article { ?article a hs:Article OPTIONAL { ?article hs:fileName ?file } } ORDER BY ?file LIMIT 1000
"""

Json = dict[str, Any]


class Viewer:
    """Read one snapshot for pages."""

    def __init__(self, folder: DataFolder, snapshot: Snapshot) -> None:
        self._copies = Copies(folder)
        self._version = snapshot.version
        self._iris = snapshot.iris
        self._store = snapshot.store
        self._facts = Facts(snapshot.store, snapshot.iris)

    def view(self, kind: str, key: str) -> Json:
        """Give the view of one thing. Raises UnknownResource, UsageError for a kind that there is not."""
        iri = self._iris.of(kind, key)
        if not self._facts.is_known(iri):
            raise UnknownResource(f"there is no {kind} {key!r} in this graph")
        more = VIEWS[kind](self, iri) if kind in VIEWS else {}
        return {**self.thing(iri), "version": self._version, **more, "facts": self.facts(iri)}

    def overview(self) -> Json:
        """Give counts and the newest articles for the home page."""
        (counts,) = select(self._store, _COUNTS)
        return {
            "version": self._version,
            **{name: int(str(count)) for name, count in counts.items()},
            "newest": [self._article_line(row["article"]) for row in select(self._store, _NEWEST)],
        }

    def articles(self) -> list[Json]:
        """List the first thousand articles by file name."""
        return [self._article_line(row["article"]) for row in select(self._store, _BY_FILE)]

    def thing(self, term: Any) -> Json:
        """Give a term as a link with its label, or a literal as its words."""
        if isinstance(term, Literal):
            return {"value": str(term)}
        if isinstance(term, BNode):
            return {"value": "(unnamed)"}
        kind, _, key = str(term).removeprefix(f"{self._iris.base}id/").partition("/")
        inside = kind != str(term) and bool(key)
        types = [self._facts.key(one) for one in self._facts.kinds(term)]
        return {
            "id": str(term),
            "kind": kind if inside else None,
            "key": self._facts.key(term) if inside else None,
            "label": self._label(term, kind if inside else "", types),
            "types": types,
        }

    def facts(self, iri: URIRef) -> list[Json]:
        """List all that the graph says of a thing, by property."""
        found: dict[str, list[Json]] = {}
        for _, predicate, value in sorted(self._store.triples(iri), key=str):
            values = found.setdefault(str(predicate), [])
            if len(values) < LONGEST_LIST:
                values.append(self.thing(value))
        return [{"property": name, "values": values} for name, values in found.items()]

    def one(self, iri: URIRef, name: str) -> Any:
        """Give the first value of one of our properties: words, a thing, or None."""
        value = next(iter(self._facts.all(iri, HS[name])), None)
        if value is None:
            return None
        return str(value) if isinstance(value, Literal) else self.thing(value)

    def statement_line(self, statement: URIRef) -> Json:
        """Give a statement as one line of a list."""
        speaker = self._facts.first(statement, HS.speaker)
        contents: dict[URIRef, str] = {}
        for name in _CONTENT:
            for situation in self._facts.things(statement, name):
                contents.setdefault(situation, self._facts.key(name))
        return {
            **self.thing(statement),
            "speaker": speaker and self.thing(speaker),
            "contents": [
                {"property": name, "situation": self.thing(situation)}
                for situation, name in sorted(contents.items())
            ],
        }

    def statement_lines(self, statements: Iterable[URIRef]) -> Json:
        """List statements, cut at the longest list, with their number."""
        found = sorted(set(statements))
        return {"total": len(found), "lines": [self.statement_line(iri) for iri in found[:LONGEST_LIST]]}

    def article(self, iri: URIRef) -> Json:
        """Give an article: what is known of it, its text with contents marked, its statements in order."""
        copy = self._copy(iri)
        lines = sorted(
            self._passages(iri, copy.text), key=lambda line: (line["start"], line["statement"]["id"])
        )
        dispatch = self._facts.first(iri, HS.basedOn)
        return {
            **{name: self.one(iri, name) for name in _ARTICLE},
            "dispatch": dispatch
            and {
                **self.thing(dispatch),
                "agency": self.one(dispatch, "agency"),
                "basis": self.one(dispatch, "agencyBasis"),
            },
            "problem": copy.problem,
            "statements": lines,
            "segments": None if copy.text is None else mark(copy.text, lines),
        }

    def agent(self, iri: URIRef) -> Json:
        """Give an agent: what it said, and what was said of it."""
        about = {one for name in _PARTIES for one in self._facts.subjects(HS[name], iri)}
        return {
            "also_called": [str(name) for name in self._facts.all(iri, SKOS.altLabel)],
            "described_as": self.one(iri, "describedAs"),
            "affiliation": [self.thing(one) for one in self._facts.closest_first(iri, HS.affiliation)],
            "spokesperson_for": self.one(iri, "spokespersonFor"),
            "said": self.statement_lines(self._facts.subjects(HS.speaker, iri)),
            "said_of": self.statement_lines(self._statements_with(about)),
        }

    def place(self, iri: URIRef) -> Json:
        """Give a place: where it lies and what was said to have happened there."""
        here = {one for name in ("place", "fromPlace") for one in self._facts.subjects(HS[name], iri)}
        return {
            "within": [self.thing(outer) for outer in self._facts.closest_first(iri, HS.within)],
            "holds": [self.thing(inner) for inner in self._facts.subjects(HS.within, iri)[:LONGEST_LIST]],
            "said_of": self.statement_lines(self._statements_with(here)),
        }

    def situation(self, iri: URIRef) -> Json:
        """Give a situation: its parts, and every statement on it."""
        parts = {name: [self.thing(value) for value in self._facts.all(iri, HS[name])] for name in _ROLES}
        return {
            "parts": {name: values for name, values in parts.items() if values},
            "said_of": self.statement_lines(self._statements_with({iri})),
        }

    def mention(self, iri: URIRef) -> Json:
        """Give a mention: its statement, its article and each of its spans checked now."""
        statement, article = self._facts.first(iri, HS.mentionOf), self._facts.first(iri, HS.foundIn)
        spans = [
            {"role": role, **self.thing(span), **self.span(span)}
            for role in ("sourceSpan", "cueSpan", "contentSpan", "addresseeSpan")
            for span in self._facts.things(iri, HS[role])
        ]
        return {
            "statement": statement and self.statement_line(statement),
            "article": article and self._article_line(article),
            "quote_type": self.one(iri, "quoteType"),
            "confidence": self._facts.share(iri, HS.confidence),
            "passage": self._label(iri, "mention", []),
            "spans": sorted(spans, key=lambda span: span["start"]),
        }

    def span(self, iri: URIRef) -> Json:
        """Give a span: its place, its words, whether they stand there now, and what stands beside them."""
        article = self._facts.first(iri, HS.inArticle)
        start, end, exact = self._place_in_text(iri)
        sha256 = (article and self._facts.words(article, HS.sha256)) or ""
        passage = self._copies.passage(
            role="span", id=str(iri), sha256=sha256, start=start, end=end, exact=exact
        )
        return {
            "article": article and self._article_line(article),
            **to_plain(passage, leave_out=frozenset({"role", "id"})),
            "used_by": [self.thing(mention) for mention in self._facts.subjects(HS.contentSpan, iri)],
        }

    def _passages(self, article: URIRef, text: str | None) -> Iterator[Json]:
        for mention in self._facts.subjects(HS.foundIn, article):
            statement = self._facts.first(mention, HS.mentionOf)
            if statement is None:
                continue
            for span in self._facts.things(mention, HS.contentSpan):
                start, end, exact = self._place_in_text(span)
                yield {
                    "statement": self.statement_line(statement),
                    "mention": str(mention),
                    "span": str(span),
                    "start": start,
                    "end": end,
                    "exact": exact,
                    "verified": text is not None and text[start:end] == exact,
                }

    def _place_in_text(self, span: URIRef) -> tuple[int, int, str]:
        start, end = self._facts.number(span, HS.start), self._facts.number(span, HS.end)
        return start or 0, end or 0, self._facts.words(span, HS.exact) or ""

    def _copy(self, article: URIRef) -> KeptCopy:
        return self._copies.read(self._facts.words(article, HS.sha256) or "")

    def _article_line(self, iri: Any) -> Json:
        mentions = self._facts.subjects(HS.foundIn, iri)
        return {
            **self.thing(iri),
            "file": self.one(iri, "fileName"),
            "title": self.one(iri, "title"),
            "published": self.one(iri, "published"),
            "publisher": self.one(iri, "publisher"),
            "statements": len({self._facts.first(mention, HS.mentionOf) for mention in mentions}),
        }

    def _statements_with(self, situations: Iterable[URIRef]) -> set[URIRef]:
        return {one for it in situations for name in _CONTENT for one in self._facts.subjects(name, it)}

    def _label(self, iri: URIRef, kind: str, types: list[str]) -> str:
        words: tuple[URIRef, ...] = {
            "article": (HS["title"], HS.fileName),
            "span": (HS.exact,),
            "situation": (HS.wording,),
        }.get(kind, ())
        found = self._facts.words(iri, RDFS.label)
        for predicate in words:
            found = found or self._facts.words(iri, predicate)
        passage = self._facts.first(iri, HS.passage)
        if passage is not None:
            return self._facts.words(passage, HS.exact) or self._facts.label(passage)
        if found is None and kind == "situation" and self._facts.is_known(iri):
            return self._words_of_situation(iri, types)
        return found or self._facts.label(iri)

    def _words_of_situation(self, iri: URIRef, types: list[str]) -> str:
        parts = [" / ".join(map(spell, types))]
        for name in ("actor", "supporter", "ally", "target", "supported", "place", "timeText"):
            parts += [self._facts.label(value) for value in self._facts.all(iri, HS[name])]
        return " · ".join(filter(None, parts))


VIEWS: Mapping[str, Callable[[Viewer, URIRef], Json]] = MappingProxyType(
    {
        "article": Viewer.article,
        "agent": Viewer.agent,
        "place": Viewer.place,
        "situation": Viewer.situation,
        "mention": Viewer.mention,
        "span": Viewer.span,
    }
)
