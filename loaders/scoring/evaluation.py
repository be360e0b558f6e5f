"""Scores what was read against annotated articles, so that a change for the worse shows as a figure.

Two annotations are paired by the characters they share (Jaccard); a span counts as exact from 0.95 on, after
edge punctuation, quotation marks and an opening "that" are left out on both sides. The measures are those of
the annotation guidelines (`tests/gold/GUIDELINES.md`); those that a corpus does not annotate are left out.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from graph.errors import UsageError
from loaders.scoring.annotations import AnnotatedArticle, Annotation
from loaders.scoring.corpora import read_annotations
from loaders.scoring.differences import Differences
from loaders.scoring.faults import Fault
from loaders.scoring.folded import FoldedText, overlap
from loaders.scoring.items import Item, is_exact, is_same, is_same_entity, known_keys, pair, read_items
from loaders.scoring.layers import NESTING, list_annotated, list_unscored
from loaders.scoring.scores import Score, Scores

__all__ = ["Score", "Scores", "compare", "evaluate", "known_keys"]

_LEAST_CONTENT = 0.5
_LEAST_TRIGGER = 0.3


def evaluate(
    gold_dir: Path,
    text_dir: Path | None,
    predicted: Mapping[str, Any] | Path,
) -> Scores:
    """Score predicted annotations against those of a folder, in any form that `corpora` reads.

    `predicted` is a folder, or the annotations by the article's name without suffix; an article that is
    missing there counts as one in which nothing was found. Raises UsageError where there is nothing to score, or for
    a bad file.
    """
    return compare(list(read_annotations(gold_dir, text_dir)), predicted)


def compare(articles: Sequence[AnnotatedArticle], predicted: Mapping[str, Any] | Path) -> Scores:
    """Score predicted annotations of articles against their own. Raises UsageError where there is no article."""
    if not articles:
        raise UsageError("no annotated article could be used; mend those that were refused")
    annotated = list_annotated([article.gold for article in articles])
    tally = _Tally(annotated)
    for article in articles:
        tally.add(article, _predicted(predicted, article.name))
    measures = {name: Score(*counts) for name, counts in tally.counts.items() if name in annotated}
    return Scores(
        len(articles),
        tally.misplaced,
        measures,
        tuple(tally.faults),
        unscored=list_unscored(annotated),
        left_out=tally.left_out,
    )


class _Tally:
    """Count over the articles, in the order of the measures."""

    def __init__(self, annotated: frozenset[str]) -> None:
        self.annotated = annotated
        self.counts: dict[str, list[int]] = {}
        self.misplaced = self.left_out = 0
        self.faults: list[Fault] = []

    def add(self, article: AnnotatedArticle, predicted: Annotation) -> None:
        text, gold = FoldedText(article.text), article.gold
        gold_claims, gold_events = read_items(gold, text, "attributions"), read_items(gold, text, "events")
        text.misplaced = 0
        claims, events = read_items(predicted, text, "attributions"), read_items(predicted, text, "events")
        self.misplaced += text.misplaced
        types = {event["type"] for event in gold_events}
        events = [event for event in events if event["type"] in types or not types]
        differences = Differences(article.name, text, self.annotated)
        self._add_claims(differences, gold_claims, claims)
        self._add_events(differences, gold_events, events)
        self._add_sets("relation", _ties(gold), _ties(predicted))
        self._add_sets("backs", _ties(gold, "backs"), _ties(predicted, "backs"))
        self._add_sets("quantity", _figures(gold), _figures(predicted))

    def _count(self, measure: str, right: int, gold: int, found: int) -> None:
        counts = self.counts.setdefault(measure, [0, 0, 0])
        for place, more in enumerate((right, gold, found)):
            counts[place] += more

    def _add_claims(self, differences: Differences, gold: list[Item], found: list[Item]) -> None:
        pairs = pair(gold, found, _claim_overlap, _LEAST_CONTENT)
        if NESTING not in self.annotated:
            paired = {id(item) for _, item in pairs}
            kept = [item for item in found if item["parent"] is None or id(item) in paired]
            self.left_out += len(found) - len(kept)
            found = kept
        sizes = (len(gold), len(found))
        checks: dict[str, Callable[[Item, Item], bool]] = {
            "attribution found": lambda g, f: True,
            **{f"{part} exact": is_exact(part) for part in ("source", "cue", "content")},
            "who": is_same_entity,
            "stance": is_same("stance"),
            "who said what how": lambda g, f: is_same_entity(g, f) and g["stance"] == f["stance"],
        }
        for measure, is_right in checks.items():
            self._count(measure, sum(is_right(g, f) for g, f in pairs), *sizes)
        told = is_same("addressee")
        self._count(
            "told to",
            sum(bool(g["addressee"]) and told(g, f) for g, f in pairs),
            *(sum(bool(item["addressee"]) for item in items) for items in (gold, found)),
        )
        self.faults += differences.list_claims(gold, found, pairs)

    def _add_events(self, differences: Differences, gold: list[Item], found: list[Item]) -> None:
        pairs = pair(gold, found, _event_overlap, _LEAST_TRIGGER)
        sizes = (len(gold), len(found))
        self._count("event found", len(pairs), *sizes)
        mood = [is_same("polarity")(g, f) and is_same("modality")(g, f) for g, f in pairs]
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
        self.faults += differences.list_events(gold, found, pairs)

    def _add_sets(self, measure: str, gold: Counter[Any], found: Counter[Any]) -> None:
        self._count(measure, (gold & found).total(), gold.total(), found.total())


def _claim_overlap(gold: Item, found: Item) -> float:
    """Compare contents; a shared cue decides between attributions of the same content."""
    return overlap(gold.at("content"), found.at("content")) + 0.01 * bool(gold.at("cue") & found.at("cue"))


def _event_overlap(gold: Item, found: Item) -> float:
    return overlap(gold.at("trigger"), found.at("trigger")) if gold["type"] == found["type"] else 0.0


def _ties(annotation: Annotation, kind: str | None = None) -> Counter[Any]:
    ties = {(tie["type"], tie["subject"], tie["object"]) for tie in annotation.get("relations", ())}
    return Counter(tie for tie in ties if kind is None or tie[0] == kind)


def _figures(annotation: Annotation) -> Counter[Any]:
    parts = ("value", "lower", "upper", "measure")
    return Counter(tuple(one.get(part) for part in parts) for one in annotation.get("quantities", ()))


def _predicted(predicted: Mapping[str, Any] | Path, name: str) -> Annotation:
    if isinstance(predicted, Path):
        path = predicted / f"{name}.json"
        return _read_json(path) if path.exists() else {}
    found = predicted.get(name, {})
    return found if isinstance(found, Mapping) else {}


def _read_json(path: Path) -> Annotation:
    try:
        value = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise UsageError(f"{path} can't be read as an annotation ({error}); write it again") from error
    if not isinstance(value, dict):
        raise UsageError(f"{path} is no annotation: it must be an object with attributions and events")
    return value
