"""The values that flow through the house: spans, articles, what was read in them. No value here knows RDF or a store.

An article is read into a `Reading`: the attributions, events, relations and figures of the annotation
guidelines (`tests/gold/GUIDELINES.md`), every string with its place in the text.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Literal

from graph.errors import SpanError

Form = Literal["direct", "indirect", "mixed"]
Stance = Literal[
    "Denial", "Dispute", "Doubt", "Estimate", "Prediction", "Directive", "Accusation", "Confirmation", "Belief",
    "Claim", "Assertion",
]  # fmt: skip
Polarity = Literal["positive", "negative"]
Modality = Literal["actual", "future", "hypothetical", "unclear"]
BlockKind = Literal[
    "body", "heading", "title", "furniture", "caption", "credit", "byline", "update", "outlet"
]


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """Hold a stretch of an article's text: code point offsets, end exclusive, and the exact words."""

    start: int
    end: int
    exact: str

    @classmethod
    def of(cls, text: str, start: int, end: int) -> Span:
        """Cut the span from the text. Raises SpanError where the offsets are empty or outside it."""
        if not 0 <= start < end <= len(text):
            raise SpanError(f"no text at {start} to {end}: the text has {len(text)} characters")
        return cls(start, end, text[start:end])

    def verify(self, text: str) -> bool:
        """Tell whether the text still has these words at this place."""
        return text[self.start : self.end] == self.exact


@dataclass(frozen=True, slots=True)
class Described:
    """Hold what is known about an article from outside or from its own text, each value with its basis.

    A basis is "stated: …", "inferred: …" or "manifest". An unknown value is None, never a guess. `origin_sha256` is
    the sum of the page or archive that the text was taken from, `retrieved` the day on which that was fetched.
    """

    title: str | None = None
    published: dt.date | None = None
    published_basis: str | None = None
    outlet: str | None = None
    outlet_basis: str | None = None
    agency: str | None = None
    agency_basis: str | None = None
    language: str | None = None
    url: str | None = None
    dateline: str | None = None
    byline: str | None = None
    origin_sha256: str | None = None
    retrieved: dt.date | None = None


@dataclass(frozen=True, slots=True)
class Article:
    """Hold one text as it was found: `text` is the file's bytes decoded as UTF-8, nothing changed.

    `key` is the first 16 hex digits of `sha256`, the SHA-256 of the file's bytes.
    """

    key: str
    file_name: str
    sha256: str
    text: str
    described: Described = Described()


@dataclass(frozen=True, slots=True)
class Block:
    """Hold one paragraph-like stretch of the text and what it is; only body, heading, title and update are read."""

    kind: BlockKind
    span: Span


@dataclass(frozen=True, slots=True)
class When:
    """Hold a time as four bounds' outer two, inclusive days, and the words that gave it.

    Both bounds are None where the words can't be resolved (a weekday in a text without date).
    `label` is the form of the guidelines: 2017-11-08, ~2017-11, ~2017-W44, 2014, or None.
    """

    words: Span | None
    earliest: dt.date | None
    latest: dt.date | None
    label: str | None


@dataclass(frozen=True, slots=True)
class Agent:
    """Hold a speaker or actor: `key` is its entity key, `kind` the local name of its ontology class.

    Keys of unnamed sources begin with "unnamed:" and hold for one article only.
    """

    key: str
    kind: str
    label: str
    described_as: str | None = None
    affiliation: str | None = None
    spokesperson_for: str | None = None
    minted: bool = False


@dataclass(frozen=True, slots=True)
class Place:
    """Hold a place: `kind` is the local name of its ontology class, `within` the keys of places around it.

    `position` is latitude and longitude in degrees of WGS 84.
    """

    key: str
    kind: str
    label: str
    within: tuple[str, ...] = ()
    minted: bool = False
    geonames_id: int | None = None
    position: tuple[float, float] | None = None


@dataclass(frozen=True, slots=True)
class Attribution:
    """Hold one act of attribution: who (source), the words that carry it (cue), what (content, one or more spans).

    `source_kind` has the values of the guidelines. `parent` is the id of the attribution whose content holds this one.
    `confidence` is the share of such readings that were right on annotated articles, 0 to 1; None where it was not
    measured.
    """

    id: str
    source: Span | None
    cue: Span
    content: tuple[Span, ...]
    form: Form
    stance: Stance
    source_entity: str | None = None
    source_kind: str = "none"
    speaks_for: str | None = None
    addressee: Span | None = None
    addressee_entity: str | None = None
    parent: str | None = None
    uttered: When | None = None
    hedge: Span | None = None
    channel: Span | None = None
    confidence: float | None = None


@dataclass(frozen=True, slots=True)
class EventMention:
    """Hold one mention of a happening or state; the arguments are entity keys, `attribution` an Attribution.id."""

    id: str
    type: str
    trigger: Span
    actor: tuple[str, ...] = ()
    target: tuple[str, ...] = ()
    helper: tuple[str, ...] = ()
    place: tuple[str, ...] = ()
    from_place: tuple[str, ...] = ()
    time: When | None = None
    polarity: Polarity = "positive"
    modality: Modality = "actual"
    attribution: str | None = None
    support_kind: str | None = None


@dataclass(frozen=True, slots=True)
class Relation:
    """Hold a lasting tie that the text states: `subject` backs, alliedWith, partOf … `object` (entity keys)."""

    type: str
    subject: str
    object: str
    evidence: Span
    role: str | None = None
    attribution: str | None = None


@dataclass(frozen=True, slots=True)
class Figure:
    """Hold a quantity as printed (`evidence`, `words`) and its bounds."""

    value: int | None
    lower: int | None
    upper: int | None
    unit: str
    measure: str
    evidence: Span
    words: Span | None = None
    place: tuple[str, ...] = ()
    time: When | None = None
    attribution: str | None = None


@dataclass(frozen=True, slots=True)
class Contrast:
    """Hold two attributions (ids) that the text sets against each other by a word; None is the article's own voice."""

    one: str | None
    other: str | None
    mark: Span


@dataclass(frozen=True, slots=True)
class Reading:
    """Hold all that was read in one article. `agents` and `places` have all that the reading names, minted ones too.

    `notes` are plain sentences for the person who loads: what was left unresolved and why.
    """

    article: Article
    blocks: tuple[Block, ...]
    attributions: tuple[Attribution, ...] = ()
    events: tuple[EventMention, ...] = ()
    relations: tuple[Relation, ...] = ()
    figures: tuple[Figure, ...] = ()
    agents: tuple[Agent, ...] = ()
    places: tuple[Place, ...] = ()
    sentences: tuple[Span, ...] = ()
    contrasts: tuple[Contrast, ...] = ()
    notes: tuple[str, ...] = field(default=())
