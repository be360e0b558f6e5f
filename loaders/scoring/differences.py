"""Lists where an article's reading and its annotation part, as faults by kind."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from loaders.scoring.faults import Effect, Fault, Side
from loaders.scoring.folded import FoldedText, overlap
from loaders.scoring.items import Item, is_exact, is_same, is_same_entity
from loaders.scoring.layers import CLAIMS

_STRINGS = ("source", "cue", "content")
_ARGUMENTS = ("actor", "target", "place", "time")
_MOOD = "event polarity and modality"

Pairs = Sequence[tuple[Item, Item]]


class Differences:
    """Hold an article and what its corpus annotates: what is not annotated is no fault."""

    def __init__(self, article: str, text: FoldedText, annotated: frozenset[str]) -> None:
        self.article = article
        self.text = text
        self.annotated = annotated

    def list_claims(self, gold: Sequence[Item], found: Sequence[Item], pairs: Pairs) -> Iterator[Fault]:
        """List the faults of attributions: missed, spurious, and what is wrong in those that were found."""
        paired = {id(item) for both in pairs for item in both}
        free = [item for item in found if id(item) not in paired]
        for item in gold:
            if id(item) not in paired:
                yield self._missed(item, found, free)
        for item in free:
            yield self._claim("spurious", None, item, self._all(0, -1))
        for one, other in pairs:
            yield from self._wrong(one, other)

    def list_events(self, gold: Sequence[Item], found: Sequence[Item], pairs: Pairs) -> Iterator[Fault]:
        """List the faults of events: missed, spurious, and those that differ in mood, arguments or time."""
        if "event found" not in self.annotated:
            return
        paired = {id(item) for both in pairs for item in both}
        for item in gold:
            if id(item) not in paired:
                effect = self._event_effect(item, (1, 1), dict.fromkeys(_ARGUMENTS, (1, 1)))
                yield self._event("missed-event", item, None, effect)
        for item in found:
            if id(item) not in paired:
                effect = self._event_effect(item, (0, -1), dict.fromkeys(_ARGUMENTS, (0, -1)))
                yield self._event("spurious-event", None, item, effect)
        for one, other in pairs:
            effect = self._event_change(one, other)
            if effect:
                yield self._event("wrong-event", one, other, effect)

    def _missed(self, item: Item, found: Sequence[Item], free: list[Item]) -> Fault:
        """Tell a missed attribution whose cue was found, of which the best other one is shown, from one without.

        Mending the former needs no further attribution where the one with its cue was free.
        """
        near = [other for other in found if item.at("cue") & other.at("cue")]
        if not near:
            return self._claim("missed-cue", item, None, self._all(1, 1))
        nearest = max(
            near, key=lambda other: (other in free, *(overlap(item.at(p), other.at(p)) for p in ("content", "cue")))
        )  # fmt: skip
        is_free = nearest in free
        if is_free:
            free.remove(nearest)
        return self._claim("missed-content", item, nearest, self._all(1, 0 if is_free else 1))

    def _wrong(self, gold: Item, found: Item) -> Iterator[Fault]:
        for part in _STRINGS:
            measure = f"{part} exact"
            if measure in self.annotated and not is_exact(part)(gold, found):
                kind = f"wrong-{part}" if part != "content" else _content_kind(gold, found)
                yield self._claim(kind, gold, found, {measure: (1, 0)})
        if "stance" in self.annotated and not is_same("stance")(gold, found):
            yield self._claim("wrong-stance", gold, found, {"stance": (1, 0)}, "stance")
        if "who" in self.annotated and not is_same_entity(gold, found):
            yield self._claim("wrong-entity", gold, found, {"who": (1, 0)}, "source_entity")

    def _all(self, right: int, found: int) -> Effect:
        return {measure: (right, found) for measure in CLAIMS if measure in self.annotated}

    def _claim(
        self, kind: str, gold: Item | None, found: Item | None, effect: Effect, label: str = ""
    ) -> Fault:
        lead = gold if gold is not None and gold.at("cue") else found or gold
        cue = self.text.words(lead.at("cue")).lower() if lead is not None else ""
        one, other = (
            self._side(item, _STRINGS, str(item[label] or "nobody") if label else "") if item else None
            for item in (gold, found)
        )
        return Fault(kind, self.article, self.text.text, cue or "no cue", one, other, effect)

    def _event(self, kind: str, gold: Item | None, found: Item | None, effect: Effect) -> Fault:
        differing = [
            part
            for part in ("polarity", "modality", *_ARGUMENTS)
            if gold and found and _value(gold, part) != _value(found, part)
        ]
        one, other = (
            self._side(
                item, ("trigger",), ", ".join([str(item["type"]), *(_tell(item, p) for p in differing)])
            )
            if item
            else None
            for item in (gold, found)
        )
        lead = gold or found
        return Fault(
            kind, self.article, self.text.text, str(lead["type"]) if lead else "", one, other, effect
        )

    def _event_effect(self, item: Item, whole: tuple[int, int], parts: dict[str, tuple[int, int]]) -> Effect:
        effect = dict.fromkeys(("event found", _MOOD), whole)
        for part, (right, found) in parts.items():
            count = len(_value(item, part))
            effect[f"event {part}"] = (right * count, found * count)
        return {name: change for name, change in effect.items() if name in self.annotated}

    def _event_change(self, gold: Item, found: Item) -> Effect:
        """Say what mending an event changes, by measure; nothing where all agrees."""
        effect = {}
        if not (is_same("polarity")(gold, found) and is_same("modality")(gold, found)):
            effect[_MOOD] = (1, 0)
        for part in _ARGUMENTS:
            wanted, given = _value(gold, part), _value(found, part)
            if wanted != given:
                effect[f"event {part}"] = (len(wanted - given), len(wanted) - len(given))
        return {name: change for name, change in effect.items() if name in self.annotated}

    def _side(self, item: Item, parts: Sequence[str], label: str) -> Side:
        return Side({part: self.text.to_raw(item.at(part)) for part in parts if item.at(part)}, label)


def _content_kind(gold: Item, found: Item) -> str:
    wanted, given = gold.at("content"), found.at("content")
    if wanted < given:
        return "content-too-long"
    return "content-too-short" if given < wanted else "content-other"


def _value(item: Item, part: str) -> frozenset[str]:
    value = item[part]
    return frozenset(value if isinstance(value, list) else [value] if value else [])


def _tell(item: Item, part: str) -> str:
    return f"{part} {'+'.join(sorted(_value(item, part))) or 'none'}"
