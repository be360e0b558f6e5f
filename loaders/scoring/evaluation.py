"""Scores what was read against annotated articles, so that a change for the worse shows as a figure.

Two annotations are paired by the characters they share (Jaccard); a span counts as exact from 0.95 on, after
edge punctuation, quotation marks and an opening "that" are left out on both sides. The measures are those of
the annotation guidelines (`tests/gold/GUIDELINES.md`).
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

from graph.errors import UsageError
from loaders.scoring.folded import FoldedText, Places, overlap
from loaders.scoring.scores import Fault, Score, Scores, list_faults
from loaders.text.wordlists import LEXICONS, read_rows

__all__ = ["Fault", "Score", "Scores", "evaluate", "known_keys", "list_faults"]

_EXACT = 0.95
_LEAST_CONTENT = 0.5
_LEAST_TRIGGER = 0.3
_STRINGS = ("source", "cue", "content", "trigger")

Gold = TypeVar("Gold")
Found = TypeVar("Found")


def evaluate(gold_dir: Path, text_dir: Path, predicted: Mapping[str, Any] | Path) -> Scores:
    """Score predicted annotations against those of a folder, one JSON file per article.

    `predicted` is a folder, or the annotations by the article's name without suffix; an article that is
    missing there counts as one in which nothing was found. Raises UsageError where there is nothing to score.
    """
    paths = sorted(gold_dir.glob("*.json"))
    if not paths:
        raise UsageError(f"there is no annotated article (*.json) in {gold_dir}; check the path")
    tally = _Tally()
    for path in paths:
        text = _read_text(text_dir / f"{path.stem}.txt")
        tally.add(path.stem, FoldedText(text), _read_json(path), _predicted(predicted, path))
    measures = {name: Score(*counts) for name, counts in tally.counts.items()}
    return Scores(len(paths), tally.misplaced, measures, tuple(tally.faults))


@cache
def known_keys() -> frozenset[str]:
    """Give the entity keys that the guidelines fix; keys outside may be named otherwise by two readers."""
    return frozenset(row["key"] for row in read_rows(LEXICONS / "entity_keys.csv"))


class _Item:
    """Hold one annotation: its values, and the places of its strings with the edges left out."""

    def __init__(self, values: Mapping[str, Any], text: FoldedText) -> None:
        self.values = values
        occurrence = values.get("occurrence") or {}
        if not isinstance(occurrence, Mapping):
            occurrence = {"cue": occurrence, "trigger": occurrence}
        self.places: dict[str, Places] = {
            name: text.trim(text.find(values.get(name), occurrence.get(name, 1)))
            for name in _STRINGS
            if name in values
        }

    def __getitem__(self, name: str) -> Any:
        return self.values.get(name)

    def at(self, name: str) -> Places:
        return self.places.get(name, frozenset())


class _Tally:
    """Count over the articles, in the order of the measures."""

    def __init__(self) -> None:
        self.counts: dict[str, list[int]] = {}
        self.misplaced = 0
        self.faults: list[Fault] = []

    def add(self, name: str, text: FoldedText, gold: Mapping[str, Any], found: Mapping[str, Any]) -> None:
        gold_claims, gold_events = _items(gold, text, "attributions"), _items(gold, text, "events")
        text.misplaced = 0
        claims, events = _items(found, text, "attributions"), _items(found, text, "events")
        self.misplaced += text.misplaced
        self._add_claims(name, text, gold_claims, claims)
        types = {event["type"] for event in gold_events}
        self._add_events(
            name, text, gold_events, [event for event in events if event["type"] in types or not types]
        )
        self._add_sets("relation", _ties(gold), _ties(found))
        self._add_sets("backs", _ties(gold, "backs"), _ties(found, "backs"))
        self._add_sets("quantity", _figures(gold), _figures(found))

    def _count(self, measure: str, right: int, gold: int, found: int) -> None:
        counts = self.counts.setdefault(measure, [0, 0, 0])
        for place, more in enumerate((right, gold, found)):
            counts[place] += more

    def _add_claims(self, name: str, text: FoldedText, gold: list[_Item], found: list[_Item]) -> None:
        pairs = _pair(gold, found, _claim_overlap, _LEAST_CONTENT)
        sizes = (len(gold), len(found))
        checks: dict[str, Callable[[_Item, _Item], bool]] = {
            "attribution found": lambda g, f: True,
            **{f"{part} exact": _is_exact(part) for part in ("source", "cue", "content")},
            "who": _is_same_entity,
            "stance": _is_same("stance"),
            "who said what how": lambda g, f: _is_same_entity(g, f) and g["stance"] == f["stance"],
        }
        for measure, is_right in checks.items():
            self._count(measure, sum(is_right(g, f) for g, f in pairs), *sizes)
            self.faults += [
                Fault(name, "wrong", measure, _told(text, g, measure), _told(text, f, measure))
                for g, f in pairs
                if measure != "who said what how" and not is_right(g, f)
            ]
        told = _is_same("addressee")
        self._count(
            "told to",
            sum(bool(g["addressee"]) and told(g, f) for g, f in pairs),
            *(sum(bool(item["addressee"]) for item in items) for items in (gold, found)),
        )
        self.faults += _unpaired(name, text, "content", gold, found, pairs)

    def _add_events(self, name: str, text: FoldedText, gold: list[_Item], found: list[_Item]) -> None:
        pairs = _pair(gold, found, _event_overlap, _LEAST_TRIGGER)
        sizes = (len(gold), len(found))
        self._count("event found", len(pairs), *sizes)
        mood = [_is_same("polarity")(g, f) and _is_same("modality")(g, f) for g, f in pairs]
        self._count("event polarity and modality", sum(mood), *sizes)
        for part in ("actor", "target", "place"):
            right = sum(len(set(g[part] or ()) & set(f[part] or ())) for g, f in pairs)
            self._count(
                f"event {part}", right, *(sum(len(e[part] or ()) for e in items) for items in (gold, found))
            )
        timed = sum(bool(g["time"]) and g["time"] == f["time"] for g, f in pairs)
        self._count(
            "event time", timed, *(sum(bool(event["time"]) for event in items) for items in (gold, found))
        )
        self.faults += _unpaired(name, text, "trigger", gold, found, pairs)

    def _add_sets(self, measure: str, gold: Counter[Any], found: Counter[Any]) -> None:
        self._count(measure, (gold & found).total(), gold.total(), found.total())


def _pair(
    gold: Sequence[Gold], found: Sequence[Found], score: Callable[[Gold, Found], float], least: float
) -> list[tuple[Gold, Found]]:
    """Pair one to one, the best first; of equal ones the later, as the reference does."""
    ranked = sorted(
        ((score(g, f), i, j) for i, g in enumerate(gold) for j, f in enumerate(found)), reverse=True
    )
    used: tuple[set[int], set[int]] = (set(), set())
    pairs = []
    for reached, i, j in ranked:
        if reached >= least and i not in used[0] and j not in used[1]:
            used[0].add(i)
            used[1].add(j)
            pairs.append((gold[i], found[j]))
    return pairs


def _claim_overlap(gold: _Item, found: _Item) -> float:
    """Compare contents; a shared cue decides between attributions of the same content."""
    return overlap(gold.at("content"), found.at("content")) + 0.01 * bool(gold.at("cue") & found.at("cue"))


def _event_overlap(gold: _Item, found: _Item) -> float:
    return overlap(gold.at("trigger"), found.at("trigger")) if gold["type"] == found["type"] else 0.0


def _is_exact(part: str) -> Callable[[_Item, _Item], bool]:
    return lambda gold, found: overlap(gold.at(part), found.at(part)) >= _EXACT


def _is_same(part: str) -> Callable[[_Item, _Item], bool]:
    return lambda gold, found: bool(gold[part] == found[part])


def _is_same_entity(gold: _Item, found: _Item) -> bool:
    """Accept the same key; or, for an unnamed or new one, sources that overlap and no wrong known key."""
    wanted, given = gold["source_entity"], found["source_entity"]
    if wanted == given:
        return True
    if wanted is None or given is None or given in known_keys():
        return False
    is_open = wanted.startswith("unnamed:") or wanted not in known_keys()
    return is_open and bool(gold.at("source") & found.at("source"))


def _items(annotation: Mapping[str, Any], text: FoldedText, kind: str) -> list[_Item]:
    return [_Item(values, text) for values in annotation.get(kind, ())]


def _ties(annotation: Mapping[str, Any], kind: str | None = None) -> Counter[Any]:
    ties = {(tie["type"], tie["subject"], tie["object"]) for tie in annotation.get("relations", ())}
    return Counter(tie for tie in ties if kind is None or tie[0] == kind)


def _figures(annotation: Mapping[str, Any]) -> Counter[Any]:
    parts = ("value", "lower", "upper", "measure")
    return Counter(tuple(one.get(part) for part in parts) for one in annotation.get("quantities", ()))


def _told(text: FoldedText, item: _Item, measure: str) -> str:
    """Say what a side has for a measure: its key or label, or the words it marked."""
    name = {"who": "source_entity", "stance": "stance"}.get(measure)
    if name:
        return f"{item[name]} ({text.words(item.at('source')) or 'no source'}: {text.words(item.at('cue'))})"
    return text.words(item.at(measure.split()[0]))


def _unpaired(
    name: str,
    text: FoldedText,
    part: str,
    gold: list[_Item],
    found: list[_Item],
    pairs: list[tuple[_Item, _Item]],
) -> Iterator[Fault]:
    paired = {id(item) for pair in pairs for item in pair}
    what = "attribution" if part == "content" else "event"
    for kind, items in (("missed", gold), ("spurious", found)):
        for item in items:
            if id(item) not in paired:
                lead = text.words(item.at("cue")) if part == "content" else str(item["type"])
                words = f"{lead}: {text.words(item.at(part))}"
                yield Fault(
                    name, kind, what, words if kind == "missed" else "", words if kind == "spurious" else ""
                )


def _predicted(predicted: Mapping[str, Any] | Path, gold_path: Path) -> Mapping[str, Any]:
    if isinstance(predicted, Path):
        path = predicted / gold_path.name
        return _read_json(path) if path.exists() else {}
    found = predicted.get(gold_path.stem, {})
    return found if isinstance(found, Mapping) else {}


def _read_json(path: Path) -> Mapping[str, Any]:
    try:
        value = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise UsageError(f"{path} can't be read as an annotation ({error}); write it again") from error
    if not isinstance(value, dict):
        raise UsageError(f"{path} is no annotation: it must be an object with attributions and events")
    return value


def _read_text(path: Path) -> str:
    try:
        return path.read_bytes().decode("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(
            f"the article {path} can't be read ({error}); give the folder of its text"
        ) from error
