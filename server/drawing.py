"""A drawing of the ontology's main classes and what leads from one to another, computed from the reference.

Two columns: what carries a statement on the left, who and where on the right. Which classes are drawn is chosen here;
all else follows from the ontology. The measures are units of the drawing, made so that a narrow phone shows it in
its own size, a wider page enlarges it.
"""

from __future__ import annotations

import textwrap
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from graph.reference import Reference, Term

LEFT = ("Article", "Mention", "Statement", "Situation")
RIGHT = ("Agent", "Place")

WIDTH = 372
_LEFT_WIDTH, _RIGHT_WIDTH = 140, 132
_PAD, _NAME, _LINE, _SLOT, _BELOW = 10, 18, 15, 24, 13
_LONGEST_BELOW = 30
_LONGEST_LATERAL = 24


@dataclass(frozen=True, slots=True)
class Tie:
    """Hold a property between two drawn classes, and those below it that lead the same way."""

    source: str
    name: str
    below: tuple[str, ...]
    target: str


@dataclass(frozen=True, slots=True)
class Box:
    """Hold a class with its place, and the properties that lead from it to its like."""

    name: str
    x: int
    y: int
    width: int
    height: int
    own: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class Arrow:
    """Hold an arrow from one point to another, its property with the place of its label, and lines for those below."""

    name: str
    start: tuple[int, int]
    end: tuple[int, int]
    label: tuple[int, int]
    anchor: str
    lines: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class Drawing:
    """Hold the drawing and, as its equivalent in words, all ties by the class that they lead from."""

    width: int
    height: int
    boxes: tuple[Box, ...]
    arrows: tuple[Arrow, ...]
    ties: Mapping[str, tuple[Tie, ...]]


def draw(reference: Reference) -> Drawing:
    """Lay out the drawing of a reference."""
    ties = find_ties(reference)
    plan = _Plan(reference, ties)
    by_source: dict[str, list[Tie]] = defaultdict(list)
    for tie in ties:
        by_source[tie.source].append(tie)
    return Drawing(
        WIDTH,
        plan.height,
        tuple(plan.boxes),
        tuple(plan.arrows),
        {name: tuple(by_source[name]) for name in (*LEFT, *RIGHT) if name in by_source},
    )


def find_ties(reference: Reference) -> tuple[Tie, ...]:
    """Give the relations between the drawn classes, or between kinds of them, the widest of each.

    Of two that are inverse to each other the one that more questions name is given.
    """
    terms = reference.terms
    ends = {term.name: ends for term in terms.values() if (ends := _ends(reference, term))}

    def is_first(term: Term) -> bool:
        if any(ends.get(wider) == ends[term.name] for wider in term.wider):
            return False
        rivals = [terms[name] for name in term.inverse if name in ends and name != term.name]
        return all(len(term.questions) > len(rival.questions) for rival in rivals)

    return tuple(
        Tie(ends[name][0], name, _all_below(reference, name, ends), ends[name][1])
        for name in ends
        if is_first(terms[name])
    )


def _ends(reference: Reference, term: Term) -> tuple[str, str] | None:
    if term.kind != "relation" or term.for_reasoner or term.deprecated or not term.domain or not term.range:
        return None
    target = term.range[0].name
    if target not in reference.terms:
        return None
    ends = reference.root_of(term.domain[0]), reference.root_of(target)
    return ends if set(ends) <= {*LEFT, *RIGHT} else None


def _all_below(reference: Reference, name: str, ends: Mapping[str, tuple[str, str]]) -> tuple[str, ...]:
    found: list[str] = []
    for one in reference.terms[name].narrower:
        if ends.get(one) == ends[name]:
            found += [one, *_all_below(reference, one, ends)]
    return tuple(found)


class _Plan:
    """Place boxes and arrows from the top down."""

    def __init__(self, reference: Reference, ties: Sequence[Tie]) -> None:
        self._reference = reference
        self._between: dict[tuple[str, str], list[Tie]] = defaultdict(list)
        for tie in ties:
            self._between[tie.source, tie.target].append(tie)
        self.boxes: list[Box] = []
        self.arrows: list[Arrow] = []
        self._tops: dict[str, int] = {}
        self._bottoms: dict[str, int] = {}
        y = 1
        for at, name in enumerate(LEFT):
            if at:
                y = self._place_vertical(LEFT[at - 1], name, x=_LEFT_WIDTH // 2, y=y)
            y = self._place_left(name, y)
        self.height = y + 1
        self._bottoms[RIGHT[-1]] = y
        for name in RIGHT:
            if name in self._tops:
                top, bottom = self._tops[name], self._bottoms[name]
                self._add_box(name, WIDTH - _RIGHT_WIDTH - 1, top, _RIGHT_WIDTH, bottom - top)

    def _place_left(self, name: str, y: int) -> int:
        """Place a box of the left with the arrows that lead across from it; give its lower edge."""
        top, at, drawn = y, y + _PAD, ""
        for other in RIGHT:
            across = [*self._between[name, other], *self._between[other, name]]
            if not across:
                continue
            if other not in self._tops:
                at = self._place_right(drawn, other, at, top)
            for tie in across:
                at = self._place_across(tie, at)
            drawn = other
            self._bottoms[other] = at + _PAD
        bottom = max(at + _PAD, top + 2 * _PAD + _NAME + _LINE * len(self._between[name, name]))
        self._add_box(name, 1, top, _LEFT_WIDTH, bottom - top)
        return bottom

    def _place_right(self, drawn: str, other: str, at: int, top: int) -> int:
        """Let a box of the right begin; give where the next arrow across may stand."""
        if not drawn:
            self._tops[other] = top
            return at
        before = at + _PAD
        self._bottoms[drawn] = before
        x = WIDTH - _RIGHT_WIDTH // 2
        self._tops[other] = self._place_vertical(drawn, other, x=x, y=before)
        return self._tops[other] + _PAD

    def _place_across(self, tie: Tie, at: int) -> int:
        left, right = _LEFT_WIDTH + 1, WIDTH - _RIGHT_WIDTH - 1
        y = at + _SLOT - 7
        ends = ((left, y), (right, y)) if tie.source in LEFT else ((right, y), (left, y))
        lines = self._wrap(tie.below, _LONGEST_LATERAL, y + _BELOW)
        label = ((left + right) // 2 - 3, y - 5)
        self.arrows.append(Arrow(tie.name, *ends, label, "middle", lines))
        return at + _SLOT + _BELOW * len(lines)

    def _place_vertical(self, upper: str, lower: str, *, x: int, y: int) -> int:
        """Place the arrows between two boxes of a column, one beside the other; give the lower box's upper edge."""
        ties = [*self._between[upper, lower], *self._between[lower, upper]]
        wrapped = [self._wrap(tie.below, _LONGEST_BELOW, y + 24 + _BELOW) for tie in ties]
        bottom = y + 40 + _BELOW * max(map(len, wrapped), default=0)
        for at, (tie, lines) in enumerate(zip(ties, wrapped, strict=True)):
            beside = x - 30 * at
            ends = ((beside, y), (beside, bottom)) if tie.source == upper else ((beside, bottom), (beside, y))
            self.arrows.append(Arrow(tie.name, *ends, (beside + 8, y + 24), "start", lines))
        return bottom

    def _wrap(self, names: Sequence[str], longest: int, y: int) -> tuple[tuple[str, int], ...]:
        words = ", ".join(self._reference.terms[name].label.replace(" ", "\u00a0") for name in names)
        lines = textwrap.wrap(words, longest, break_on_hyphens=False)
        return tuple((line.replace("\u00a0", " "), y + _BELOW * at) for at, line in enumerate(lines))

    def _add_box(self, name: str, x: int, y: int, width: int, height: int) -> None:
        own = tuple(
            (tie.name, y + _PAD + _NAME + _LINE * at + 12) for at, tie in enumerate(self._between[name, name])
        )
        self.boxes.append(Box(name, x, y, width, height, own))
