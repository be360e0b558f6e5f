"""The provenance of a statement as text for a terminal; control characters of articles are shown only."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from graph.records import Content, Copy, Link, MentionRecord, Passage, Related
from graph.sentences import tell_time

if TYPE_CHECKING:
    from graph.provenance import StatementRecord


def render(record: StatementRecord) -> str:
    """Write a record as lines of text, ending with a line feed."""
    return "\n".join(_clean(line) for line in _lines(record)) + "\n"


def _lines(record: StatementRecord) -> Iterator[str]:
    yield record.sentence
    yield ""
    yield from _who(record)
    for content in record.content:
        yield from _what(content)
    yield f"certainty     {record.certainty or 'not given'}"
    when = tell_time(record.stated)
    if when:
        yield f"said          {when}"
    yield from _where(record)
    for title, others in (
        ("relays", record.relays),
        ("relayed by", record.relayed_by),
        ("contradicts", record.contradicts),
        ("contrasts with", record.contrasts_with),
        ("disputes", record.disputes),
        ("disputed by", record.disputed_by),
        ("corroborated by", record.corroborates),
    ):
        yield from _others(title, others)
    yield ""
    yield f"statement     {record.id}"
    yield f"version       {record.version}"
    if record.loaders:
        yield f"read by       {_names(record.loaders)}"


def _who(record: StatementRecord) -> Iterator[str]:
    speaker = record.speaker
    if speaker is None:
        yield "speaker       none is recorded"
        return
    told = [speaker.label, "" if speaker.named else "not named"]
    if speaker.described_as and speaker.described_as != speaker.label:
        told.append(f"described as “{speaker.described_as}”")
    yield f"speaker       {', '.join(filter(None, told))}"
    for title, links in (("affiliation", speaker.affiliation), ("party", speaker.party)):
        if links:
            yield f"{title:<13} {_names(links)}"
    for title, link in (("on behalf of", record.on_behalf_of), ("told to", record.told_to)):
        if link:
            yield f"{title:<13} {link.label}"
    if record.channel:
        yield f"by way of     {record.channel}"


def _what(content: Content) -> Iterator[str]:
    yield f"{content.stance:<13} {content.sentence}"
    for place in (*content.place, *content.from_place):
        if place.within:
            yield f"              {place.label} lies in {_names(place.within)}"
    quantity = content.quantity
    if quantity is not None:
        bounds = [("value", quantity.value), ("at least", quantity.lower), ("at most", quantity.upper)]
        told = [f"{name} {number:,}" for name, number in bounds if number is not None]
        yield f"              {', '.join(told)}"


def _where(record: StatementRecord) -> Iterator[str]:
    yield ""
    mentions, origins = record.mention_count, record.independent_origins
    told = ", ".join(f"{origin.label} ({origin.kind}, {origin.mentions})" for origin in record.origins)
    yield f"found in {mentions} passage{_s(mentions)} from {origins} independent origin{_s(origins)}: {told}"
    state = "every passage verified now" if record.verified else "NOT VERIFIED: see below"
    yield state
    for problem in record.problems:
        yield f"  ! {problem}"
    for mention in record.mentions:
        yield ""
        yield from _mention(mention)


def _mention(mention: MentionRecord) -> Iterator[str]:
    yield f"{_article(mention.article)} [{mention.quote_type or 'quotation unknown'}]"
    if mention.confidence is not None:
        yield f"  {mention.confidence:.0%} of readings like this one were right on annotated articles"
    yield f"  SHA-256 {mention.article.sha256}"
    if mention.via is not None and mention.via.agency is not None:
        basis = f" ({mention.via.basis})" if mention.via.basis else ""
        yield f"  by {mention.via.agency.label}{basis}"
    for span in mention.spans:
        yield from _span(span)


def _article(article: Copy) -> str:
    parts = [article.file, article.title or ""]
    if article.outlet:
        parts.append(f"{article.outlet.label} ({article.outlet_basis or 'no basis given'})")
    if article.published:
        parts.append(f"{article.published} ({article.published_basis or 'no basis given'})")
    return " · ".join(filter(None, parts))


def _span(span: Passage) -> Iterator[str]:
    role = span.role.removesuffix("Span")
    mark = "verified" if span.verified else f"NOT VERIFIED: {span.problem}"
    yield f"  {role:<9} {span.start} to {span.end}  {mark}"
    yield f"            …{_flat(span.before)}[{_flat(span.exact)}]{_flat(span.after)}…"


def _others(title: str, others: Iterable[Related]) -> Iterator[str]:
    for i, other in enumerate(others):
        if i == 0:
            yield ""
            yield title
        rules = f"  (by rule {', '.join(other.rules)})" if other.rules else ""
        yield f"  {other.sentence}{rules}"
        yield f"    {other.key}"


def _names(links: Iterable[Link]) -> str:
    return ", ".join(link.label for link in links)


def _s(number: int) -> str:
    return "" if number == 1 else "s"


def _flat(words: str) -> str:
    return words.replace("\r", " ").replace("\n", " ")


def _clean(line: str) -> str:
    """Show control and direction characters as U+XXXX: article text must not steer a terminal."""
    hidden = {"Cc", "Cf"}
    return "".join(f"<U+{ord(c):04X}>" if unicodedata.category(c) in hidden else c for c in line)
