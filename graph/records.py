"""What a provenance lookup shows, as values: who said what how surely, in which passage, and how it came.

The values are plain and frozen, so that a page, a terminal and a file show the same thing. Absent is None or
an empty tuple, never a guess.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, is_dataclass
from typing import Any

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Link:
    """Hold a thing of the graph: its IRI and what to call it."""

    id: str
    label: str


@dataclass(frozen=True, slots=True)
class Time:
    """Hold a time: inclusive days as ISO dates, and the words of the text that gave it."""

    earliest: str | None
    latest: str | None
    text: str | None


@dataclass(frozen=True, slots=True)
class Speaker:
    """Hold who speaks. `party` is what the speaker belongs to in the end, derived from affiliations."""

    id: str
    label: str
    named: bool
    kinds: tuple[str, ...]
    described_as: str | None
    affiliation: tuple[Link, ...]
    party: tuple[Link, ...]


@dataclass(frozen=True, slots=True)
class PlaceLink:
    """Hold a place with the places around it, the nearest first."""

    id: str
    label: str
    within: tuple[Link, ...]


@dataclass(frozen=True, slots=True)
class Quantity:
    """Hold a number as printed (`text`) beside what was read in it; the bounds are inclusive."""

    measures: str | None
    text: tuple[str, ...]
    value: int | None
    lower: int | None
    upper: int | None


@dataclass(frozen=True, slots=True)
class Content:
    """Hold one situation and the stance on it ("denies"); `roles` maps actor, target, ally … to agents."""

    stance: str
    id: str
    type: str
    sentence: str
    roles: Mapping[str, tuple[Link, ...]]
    place: tuple[PlaceLink, ...]
    from_place: tuple[PlaceLink, ...]
    time: Time
    support_kind: str | None
    quantity: Quantity | None
    wording: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Copy:
    """Hold an article, what is known of it and on what basis; `problem` is what is wrong with its copy."""

    id: str
    file: str
    sha256: str
    title: str | None
    outlet: Link | None
    outlet_basis: str | None
    published: str | None
    published_basis: str | None
    language: str | None
    url: str | None
    dateline: str | None
    byline: str | None
    problem: str | None


@dataclass(frozen=True, slots=True)
class Passage:
    """Hold a span of a mention, compared with the kept copy now; `before`, `after`: 32 characters of it."""

    role: str
    id: str
    start: int
    end: int
    exact: str
    before: str
    after: str
    verified: bool
    problem: str | None


@dataclass(frozen=True, slots=True)
class Wire:
    """Hold the dispatch by which a passage came, with its agency and what tells so."""

    id: str
    agency: Link | None
    basis: str | None


@dataclass(frozen=True, slots=True)
class MentionRecord:
    """Hold one passage of one article that reports the statement."""

    id: str
    article: Copy
    quote_type: str | None
    confidence: float | None
    sentence: str | None
    spans: tuple[Passage, ...]
    via: Wire | None
    first: Origin | None
    verified: bool


@dataclass(frozen=True, slots=True)
class Origin:
    """Hold one independent origin: an agency, else an outlet, else an article; `kind` says which."""

    id: str
    label: str
    kind: str
    mentions: int


@dataclass(frozen=True, slots=True)
class Related:
    """Hold another statement; `rules` names the files of the rules that tie it to this one, if rules did."""

    id: str
    key: str
    sentence: str
    speaker: Link | None
    rules: tuple[str, ...] = ()


def to_plain(value: Any, *, leave_out: frozenset[str] = frozenset()) -> Any:
    """Turn records into dicts, lists, strings, numbers, booleans and None."""
    if is_dataclass(value) and not isinstance(value, type):
        return {f.name: to_plain(getattr(value, f.name)) for f in fields(value) if f.name not in leave_out}
    if isinstance(value, Mapping):
        return {key: to_plain(inner) for key, inner in value.items()}
    if isinstance(value, tuple):
        return [to_plain(inner) for inner in value]
    return value
