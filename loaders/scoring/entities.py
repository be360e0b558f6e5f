"""Scores the mentions of persons, organisations and places that a reading links to an agent or a place.

What counts: a mention is a noun phrase or a pronoun that the reading links. Its span is the phrase with an "of"
part and without clauses. Its class is Person for agents that are persons, Organisation for all other agents,
Location for places; one unnamed source is a Person and several are an Organisation, which is re3d's habit. A
phrase linked to both an agent and a place ("Turkey" as a subject) counts as the agent. A mention is right where an
annotated entity of its class shares at least half of the characters (Jaccard); each counts once, best pairs first.

What does not count: which agent or place it is (the corpus has no keys), and whatever Hearsay does not link:
weapons, vehicles, platforms, nationalities, dates, amounts, documents. A bare noun ("a bridge") is a Location for
re3d and nothing for Hearsay; it counts as missed all the same.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial

from graph.errors import UsageError
from loaders.scoring.faults import ENTITIES, Effect, Fault, Side
from loaders.scoring.items import pair
from loaders.scoring.scores import Score, Scores

CLASSES = ("Person", "Organisation", "Location")
ANY = f"{ENTITIES}any class"

_LEAST = 0.5


@dataclass(frozen=True, slots=True, order=True)
class EntityMention:
    """Hold where an entity is mentioned, code points of the text, end exclusive, and its class."""

    start: int
    end: int
    kind: str


@dataclass(frozen=True, slots=True)
class EntityArticle:
    """Hold a text with the entities that people marked in it."""

    name: str
    text: str = field(repr=False)
    entities: tuple[EntityMention, ...] = field(repr=False)


def share(one: EntityMention, other: EntityMention) -> float:
    """Give the share of characters that two mentions have in common (Jaccard)."""
    common = min(one.end, other.end) - max(one.start, other.start)
    return max(common, 0) / (one.end - one.start + other.end - other.start - max(common, 0))


def compare_entities(
    articles: Sequence[EntityArticle], found: Mapping[str, Sequence[EntityMention]]
) -> Scores:
    """Score the mentions found, by article name: by class, and whatever the class.

    An article without mentions counts as one in which nothing was found. Raises UsageError without any article.
    """
    if not articles:
        raise UsageError("there is no document with entities; check the path")
    counts: dict[str, Counter[str]] = {f"{ENTITIES}{kind}": Counter() for kind in CLASSES}
    counts[ANY] = Counter()
    faults: list[Fault] = []
    unread: Counter[str] = Counter()
    for article in articles:
        unread.update(entity.kind for entity in article.entities if entity.kind not in CLASSES)
        gold = [entity for entity in article.entities if entity.kind in CLASSES]
        mentions = found.get(article.name, ())
        pairs = [
            both for kind in CLASSES for both in pair(_of(kind, gold), _of(kind, mentions), share, _LEAST)
        ]
        for kind in CLASSES:
            _count(
                counts[f"{ENTITIES}{kind}"],
                _of(kind, [g for g, _ in pairs]),
                _of(kind, gold),
                _of(kind, mentions),
            )
        _count(counts[ANY], pair(gold, mentions, share, _LEAST), gold, mentions)
        faults += _list_faults(article, gold, mentions, pairs)
    measures = {name: Score(one["right"], one["gold"], one["found"]) for name, one in counts.items()}
    return Scores(
        len(articles),
        0,
        measures,
        tuple(faults),
        unscored=("attributions", "events"),
        unread=(*sorted(unread), "relations"),
    )


def _of(kind: str, mentions: Sequence[EntityMention]) -> list[EntityMention]:
    return [mention for mention in mentions if mention.kind == kind]


def _count(
    counts: Counter[str], right: Sequence[object], gold: Sequence[object], found: Sequence[object]
) -> None:
    counts.update(right=len(right), gold=len(gold), found=len(found))


def _list_faults(
    article: EntityArticle,
    gold: Sequence[EntityMention],
    found: Sequence[EntityMention],
    pairs: Sequence[tuple[EntityMention, EntityMention]],
) -> Iterator[Fault]:
    """List what is left when the right ones are taken out: wrong classes first, then missed and spurious ones."""
    missed = list((Counter(gold) - Counter(g for g, _ in pairs)).elements())
    spurious = list((Counter(found) - Counter(f for _, f in pairs)).elements())
    tell = partial(_fault, article)
    for one, other in pair(missed, spurious, share, _LEAST):
        missed.remove(one)
        spurious.remove(other)
        effect = {f"{ENTITIES}{one.kind}": (1, 1), f"{ENTITIES}{other.kind}": (0, -1)}
        yield tell("wrong-class", one, other, effect)
    for one in missed:
        yield tell("missed-mention", one, None, {f"{ENTITIES}{one.kind}": (1, 1), ANY: (1, 1)})
    for other in spurious:
        yield tell("spurious-mention", None, other, {f"{ENTITIES}{other.kind}": (0, -1), ANY: (0, -1)})


def _fault(
    article: EntityArticle, kind: str, gold: EntityMention | None, found: EntityMention | None, effect: Effect
) -> Fault:
    one, other = (
        Side({"mention": ((mention.start, mention.end),)}, mention.kind) if mention else None
        for mention in (gold, found)
    )
    lead = gold or found
    words = " ".join(article.text[lead.start : lead.end].split()).lower() if lead else ""
    return Fault(kind, article.name, article.text, words, one, other, effect)
