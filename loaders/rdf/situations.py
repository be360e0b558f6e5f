"""Situations in normal form: what would be the case, apart from who says so and in which words.

A key follows from type, roles, places, time bounds and numbers, never from the wording (save where the words
are all there is), so two reports of one happening meet in one node and two happenings stay apart. What a report
leaves so vague that any other might be meant ("a bombing", "the army advanced") is told apart by the words around
it: two prints of one dispatch still meet.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from graph.iris import digest, slug
from graph.model import EventMention, Figure, Modality, Polarity, Relation, When

# The kinds of support that a text can name, by the words of the guidelines' roles.
SUPPORT_KINDS = {"air": "airSupport", "arms": "armsSupply", "ground": "troops", "political": "political"}
UNSPECIFIED_SUPPORT = "unspecifiedSupport"

Roles = tuple[tuple[str, tuple[str, ...]], ...]


@dataclass(frozen=True, slots=True)
class Situation:
    """Hold one situation: `agents` and `places` map properties to sorted keys, `terms` to terms; `key` is its own.

    `earliest` and `latest` are inclusive days. `said` holds words as printed (property, words), which do not
    enter the key. `wording` is set only where what is told or counted was not recognised. `told_in` has the words
    around it where less than two details are known, for then two reports need not mean one thing.
    """

    type: str
    agents: Roles = ()
    places: Roles = ()
    terms: tuple[tuple[str, str], ...] = ()
    numbers: tuple[tuple[str, int], ...] = ()
    earliest: dt.date | None = None
    latest: dt.date | None = None
    wording: str | None = None
    said: tuple[tuple[str, str], ...] = ()
    told_in: str = ""
    key: str = field(init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        # Made once: sorting, the statement's key and the triples all ask for it.
        object.__setattr__(self, "key", self._make_key())

    def _make_key(self) -> str:
        """Make the key: a readable beginning and twelve digits over the whole normal form."""
        bounds = [str(self.earliest or ""), str(self.latest or "")]
        keys = [key for _, group in (*self.agents, *self.places) for key in group]
        readable = slug("-".join([self.type, *keys, *(bounds[:1] if self.earliest else [])]), longest=60)
        form = [repr(part) for part in (self.agents, self.places, self.terms, self.numbers)]
        form += [fold(self.told_in)] if self.told_in else []
        return f"{readable}-{digest(self.type, *form, *bounds, fold(self.wording or ''))}"


def _if_vague(told_in: str, *details: object) -> str:
    """Give the words where less than two details are known, else nothing."""
    return "" if sum(map(bool, details)) > 1 else told_in


def fold(words: str) -> str:
    """Fold words for comparison: lower case, single spaces, no punctuation at the edges."""
    return re.sub(r"\s+", " ", words).strip(" \t\n.,;:!?'\"“”‘’«»()[]-–—…").casefold()


def one_line(words: str) -> str:
    """Give words as printed with each run of white space as one space."""
    return re.sub(r"\s+", " ", words).strip()


def agent_key(entity: str, article: str) -> str:
    """Give the graph's key of an entity: an unnamed one belongs to its article alone."""
    if entity.startswith("unnamed:"):
        return f"{article}-{slug(entity.removeprefix('unnamed:'))}"
    return slug(entity)


def from_event(event: EventMention, article: str, told_in: str = "") -> Situation:
    """Put an event in normal form; `told_in` has the words of the content that holds it.

    Support names its two sides as such, for that is what is asked of it.
    """
    sides = ("supporter", "supported") if event.type == "Support" else ("actor", "target")
    roles = ((sides[0], event.actor), (sides[1], event.target), ("helper", event.helper))
    kinds: tuple[tuple[str, str], ...] = ()
    if event.type == "Support":
        kinds = (("supportKind", support_kind(event.support_kind)),)
    return Situation(
        event.type,
        agents=_roles((name, [agent_key(key, article) for key in keys]) for name, keys in roles),
        places=_roles((("fromPlace", map(slug, event.from_place)), ("place", map(slug, event.place)))),
        terms=kinds,
        earliest=event.time.earliest if event.time else None,
        latest=event.time.latest if event.time else None,
        said=_time_words(event.time),
        told_in=_if_vague(
            told_in,
            event.actor,
            event.target,
            event.place,
            event.from_place,
            event.time and event.time.earliest,
        ),
    )


def from_relation(relation: Relation, article: str) -> Situation | None:
    """Put a tie in normal form, or give None for a tie that is no situation.

    "Part of", "located in", "leads" say what somebody is, not what is the case in the war: they stand in the
    background data or on the agent itself.
    """
    subject, other = agent_key(relation.subject, article), agent_key(relation.object, article)
    if relation.type == "backs":
        return Situation(
            "Support",
            agents=_roles((("supporter", [subject]), ("supported", [other]))),
            terms=(("supportKind", support_kind(relation.role)),),
        )
    if relation.type == "alliedWith":
        return Situation("Alliance", agents=_roles([("ally", [subject, other])]))
    if relation.type == "controls":
        place = _roles([("place", [slug(relation.object)])])
        return Situation("Control", agents=_roles([("actor", [subject])]), places=place)
    return None


def from_figure(figure: Figure, measure: str, told_in: str = "") -> Situation:
    """Put a quantity in normal form; `measure` is the ontology's name of what is counted, `told_in` as for events."""
    numbers = (("lower", figure.lower), ("upper", figure.upper), ("value", figure.value))
    words = one_line((figure.words or figure.evidence).exact)
    return Situation(
        "Measurement",
        places=_roles([("place", map(slug, figure.place))]),
        terms=(("measures", measure),),
        numbers=tuple((name, number) for name, number in numbers if number is not None),
        earliest=figure.time.earliest if figure.time else None,
        latest=figure.time.latest if figure.time else None,
        said=(("quantityText", words), *_time_words(figure.time)),
        told_in=_if_vague(told_in, numbers, figure.place, figure.time and figure.time.earliest),
    )


def from_words(words: str) -> Situation:
    """Make the situation of a content in which nothing was recognised: its words stand for it."""
    return Situation("Situation", wording=one_line(words))


def support_kind(role: str | None) -> str:
    """Name the kind of support; a name of the ontology stays as it is."""
    if role in SUPPORT_KINDS.values():
        return str(role)
    return SUPPORT_KINDS.get(role or "", UNSPECIFIED_SUPPORT)


def is_told_by(relation: Relation, events: Iterable[EventMention]) -> bool:
    """Tell whether one of the events already says what the relation says, so that it is not counted twice."""
    for event in events:
        if relation.subject not in event.actor:
            continue
        if relation.type == "backs" and event.type == "Support" and relation.object in event.target:
            return True
        if relation.type == "controls" and event.type == "Control" and relation.object in event.place:
            return True
    return False


def content_property(stance: str, *, polarity: Polarity = "positive", modality: Modality = "actual") -> str:
    """Name how a statement holds a situation, from its stance and the event's polarity and modality."""
    if stance == "Denial":
        return "denies"
    if polarity == "negative":
        return "negates"
    if modality == "future":
        return "demands" if stance == "Directive" else "predicts"
    if stance == "Doubt" or modality in {"hypothetical", "unclear"}:
        return "leavesOpen"
    return "negates" if stance == "Dispute" else "affirms"


def _roles(pairs: Iterable[tuple[str, Iterable[str]]]) -> Roles:
    """Sort each group of keys and drop empty groups, so that the order of reading leaves no trace."""
    groups = ((name, tuple(sorted(set(keys)))) for name, keys in pairs)
    return tuple((name, keys) for name, keys in groups if keys)


def _time_words(time: When | None) -> tuple[tuple[str, str], ...]:
    return (("timeText", one_line(time.words.exact)),) if time and time.words else ()
