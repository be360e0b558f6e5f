"""The mentions of a statement, their passages compared with the kept copies now, and whence they come."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from rdflib import URIRef

from graph.copies import Copies
from graph.facts import Facts
from graph.records import Copy, MentionRecord, Origin, Passage, Wire
from graph.terms import HS

SPAN_ROLES = ("sourceSpan", "cueSpan", "contentSpan", "addresseeSpan")


class MentionReader:
    """Read mentions from the graph; each kept copy is read once."""

    def __init__(self, facts: Facts, copies: Copies) -> None:
        self._facts = facts
        self._copies = copies

    def read_all(self, mentions: Iterable[URIRef]) -> tuple[MentionRecord, ...]:
        """Read mentions, in the order of their files and places."""
        return tuple(sorted(map(self.read, mentions), key=_by_place))

    def read(self, mention: URIRef) -> MentionRecord:
        """Read one mention. A mention without article or spans is given as it is, and does not verify."""
        facts = self._facts
        article = facts.first(mention, HS.foundIn)
        copy = self._copy(article)
        spans = [
            self._passage(role, span, copy.sha256)
            for role in SPAN_ROLES
            for span in facts.things(mention, HS[role])
        ]  # fmt: skip
        passage = facts.first(mention, HS.passage)
        credited = facts.first(mention, HS.viaDispatch)
        dispatch = credited or facts.first(article or mention, HS.basedOn)
        copied = None if credited or article is None else facts.first(article, HS.closestCopy)
        return MentionRecord(
            id=str(mention),
            article=copy,
            quote_type=facts.words(mention, HS.quoteType),
            confidence=facts.share(mention, HS.confidence),
            sentence=facts.words(mention, HS.passage) if passage is None else facts.words(passage, HS.exact),
            spans=tuple(sorted(spans, key=lambda span: (span.start, span.end, span.role))),
            via=None if dispatch is None else self._wire(dispatch, article, copied),
            first=self._first(article),
            verified=bool(spans) and all(span.verified for span in spans),
        )

    def _passage(self, role: str, span: URIRef, sha256: str) -> Passage:
        facts = self._facts
        return self._copies.passage(
            role=role,
            id=str(span),
            sha256=sha256,
            start=facts.number(span, HS.start) or 0,
            end=facts.number(span, HS.end) or 0,
            exact=facts.words(span, HS.exact) or "",
        )

    def _copy(self, article: URIRef | None) -> Copy:
        facts = self._facts
        here = article or URIRef("")
        sha256 = facts.words(here, HS.sha256) or ""
        named = (
            "title",
            "published",
            "publishedBasis",
            "language",
            "url",
            "dateline",
            "byline",
            "publisherBasis",
        )
        words = {name: facts.words(here, HS[name]) for name in named}
        return Copy(
            id=str(here),
            file=facts.words(here, HS.fileName) or "",
            sha256=sha256,
            title=words["title"],
            outlet=facts.link(facts.first(here, HS.publisher)),
            outlet_basis=words["publisherBasis"],
            published=words["published"],
            published_basis=words["publishedBasis"],
            language=words["language"],
            url=words["url"],
            dateline=words["dateline"],
            byline=words["byline"],
            problem=self._copies.read(sha256).problem,
        )

    def _wire(self, dispatch: URIRef, article: URIRef | None, copied: URIRef | None) -> Wire:
        """Tell of the dispatch behind an article; where only the copy that it prints has the credit, that is why."""
        facts = self._facts
        agency = facts.link(facts.first(dispatch, HS.agency))
        basis = facts.words(dispatch, HS.agencyBasis)
        if article is not None and copied is not None:
            other, share = facts.words(copied, HS.fileName), facts.words(article, HS.sharedShare)
            basis = f"same copy as {other}: {share} of the shorter text"
        return Wire(str(dispatch), agency, basis)

    def _first(self, article: URIRef | None) -> Origin | None:
        """Give the paper whose copy an article prints, where nobody credits an agency."""
        facts = self._facts
        root = facts.first(article, HS.copyOf) if article is not None else None
        if root is None:
            return None
        outlet = facts.link(facts.first(root, HS.publisher))
        if outlet is not None:
            return Origin(outlet.id, outlet.label, "outlet", 0)
        return Origin(str(root), facts.words(root, HS.fileName) or "", "article", 0)


def count_origins(mentions: Iterable[MentionRecord]) -> tuple[Origin, ...]:
    """Count from where mentions come: each agency once, else each outlet, else each article."""
    counted: dict[tuple[str, str, str], int] = {}
    for mention in mentions:
        if mention.via is not None and mention.via.agency is not None:
            origin = (mention.via.agency.id, mention.via.agency.label, "agency")
        elif mention.first is not None:
            origin = (mention.first.id, mention.first.label, mention.first.kind)
        elif mention.article.outlet is not None:
            origin = (mention.article.outlet.id, mention.article.outlet.label, "outlet")
        else:
            origin = (mention.article.id, mention.article.file, "article")
        counted[origin] = counted.get(origin, 0) + 1
    return tuple(Origin(*origin, number) for origin, number in sorted(counted.items()))


def find_problems(mentions: Iterable[MentionRecord]) -> tuple[str, ...]:
    """Say in plain words, once each, why mentions don't verify."""
    return tuple(dict.fromkeys(problem for mention in mentions for problem in _problems(mention)))


def _by_place(mention: MentionRecord) -> tuple[str, int, str]:
    return mention.article.file, min((span.start for span in mention.spans), default=0), mention.id


def _problems(mention: MentionRecord) -> Iterator[str]:
    if mention.article.problem:
        yield f"{mention.article.file}: {mention.article.problem}"
    for span in mention.spans:
        if span.problem and span.problem != mention.article.problem:
            yield f"{mention.article.file}, characters {span.start} to {span.end}: {span.problem}"
    if not mention.spans:
        yield f"{mention.id} names no passage"
