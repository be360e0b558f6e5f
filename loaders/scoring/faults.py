"""What a reading got wrong, one fault at a time, and how much each kind of fault costs.

The cost of a kind is what the mean F1 of its layer (attributions, events, entities) would gain if every fault of
that kind were mended and nothing else changed. So a kind that is frequent but touches one measure can cost less
than a rarer one that touches all.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from graph.errors import UsageError
from loaders.scoring.layers import CLAIMS, EVENTS
from loaders.scoring.scores import Score

KINDS = {
    "missed-cue": "missed: no cue found there",
    "missed-content": "missed: cue found, content apart",
    "spurious": "spurious: nothing annotated there",
    "wrong-source": "wrong source",
    "wrong-cue": "wrong cue",
    "content-too-long": "wrong content: too long",
    "content-too-short": "wrong content: too short",
    "content-other": "wrong content: neither holds the other",
    "wrong-stance": "wrong stance",
    "wrong-entity": "wrong entity: the source is somebody else",
    "missed-event": "missed event",
    "spurious-event": "spurious event",
    "wrong-event": "wrong event: polarity, modality, actor, target, place or time",
    "missed-mention": "missed mention of an entity",
    "spurious-mention": "spurious mention of an entity",
    "wrong-class": "wrong class of an entity",
}

ENTITIES = "entity "

Places = tuple[tuple[int, int], ...]
# What mending a fault adds to a measure: right, found.
Effect = Mapping[str, tuple[int, int]]


@dataclass(frozen=True, slots=True)
class Side:
    """Hold what one side has: its strings as offsets of the text, and its label in words ("Denial")."""

    parts: Mapping[str, Places]
    label: str = ""

    @property
    def places(self) -> Places:
        """Give all places of its strings."""
        return tuple(place for places in self.parts.values() for place in places)


@dataclass(frozen=True, slots=True)
class Fault:
    """Hold one fault: `kind` is one of KINDS, `cue` the word that it is counted under, each side where it has one."""

    kind: str
    article: str
    text: str = field(repr=False)
    cue: str
    gold: Side | None
    found: Side | None
    effect: Effect = field(repr=False)

    @property
    def start(self) -> int:
        """Give where the fault begins in the text."""
        sides = (self.gold, self.found)
        return min((start for side in sides if side for start, _ in side.places), default=0)

    @property
    def line(self) -> int:
        """Give the line of the text where the fault begins, counted from 1."""
        return self.text.count("\n", 0, self.start) + 1

    def words(self, side: Side | None, part: str) -> str:
        """Give the words of a string of a side, its pieces parted by an ellipsis."""
        places = side.parts.get(part, ()) if side else ()
        return " … ".join(" ".join(self.text[start:end].split()) for start, end in places)


@dataclass(frozen=True, slots=True)
class Group:
    """Hold the faults of one kind and what they cost: a difference of mean F1, 0 to 1."""

    kind: str
    faults: tuple[Fault, ...]
    cost: float

    @property
    def cues(self) -> Counter[str]:
        """Count the faults by their cue."""
        return Counter(fault.cue for fault in self.faults)


def group(faults: Iterable[Fault], measures: Mapping[str, Score]) -> list[Group]:
    """Group the faults by kind, the most costly kind first."""
    by_kind: dict[str, list[Fault]] = {}
    for fault in faults:
        by_kind.setdefault(fault.kind, []).append(fault)
    groups = [Group(kind, tuple(found), _cost(found, measures)) for kind, found in by_kind.items()]
    return sorted(groups, key=lambda one: (-one.cost, list(KINDS).index(one.kind)))


def choose_kinds(words: Iterable[str]) -> tuple[str, ...]:
    """Give the kinds that words name, in full or in part: "missed" is all kinds of missed ones.

    Raises UsageError for a word that names none.
    """
    chosen = []
    for word in words:
        kinds = [kind for kind in KINDS if kind == word] or [kind for kind in KINDS if word in kind]
        if not kinds:
            raise UsageError(f"there is no kind of fault {word!r}; choose among {', '.join(KINDS)}")
        chosen += kinds
    return tuple(dict.fromkeys(chosen))


def _cost(faults: Iterable[Fault], measures: Mapping[str, Score]) -> float:
    gains: Counter[str] = Counter()
    finds: Counter[str] = Counter()
    for fault in faults:
        for name, (right, found) in fault.effect.items():
            gains[name] += right
            finds[name] += found
    touched = [name for name in finds if name in measures]
    layer = [name for name in measures if any(_is_of_layer(name, other) for other in touched)]
    mended = 0.0
    for name in touched:
        score = measures[name]
        after = Score(score.right + gains[name], score.gold, score.found + finds[name])
        mended += after.f1 - score.f1
    return mended / len(layer) if layer else 0.0


def _is_of_layer(name: str, other: str) -> bool:
    return any(name in layer and other in layer for layer in (CLAIMS, EVENTS)) or (
        name.startswith(ENTITIES) and other.startswith(ENTITIES)
    )
