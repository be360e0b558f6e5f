"""Fits the weights by which frames are weighed (`cue_weights.csv` beside the language model) to the free attribution
corpus.

    python -m loaders.training.weigh_cues --data FOLDER_OF_CORPUS

Every frame that the lexicon allows in the training articles is a case; it is right where a gold attribution
has its cue and at least half of its content. Weights are those of a logistic regression with a quadratic
penalty. What the language model says of a cue can't be fitted there, because the model was trained on those
articles: its two weights, the threshold, and the scale that turns a sum of weights into a confidence are fitted to the
development articles. Run it again whenever the model changes.
"""

from __future__ import annotations

import argparse
import csv
import itertools
import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from loaders.attribution import attributions, quotations
from loaders.attribution.clauses import Tree
from loaders.attribution.frames import Frame
from loaders.attribution.lexicon import Lexicon
from loaders.attribution.speech import Speech
from loaders.attribution.weighing import list_properties
from loaders.language.location import MODEL
from loaders.language.pipeline import Pipeline
from loaders.scoring.corpora import read_annotations
from loaders.text.layout import split_blocks

PENALTY = 1.0
FEWEST_CASES = 3
SMALLEST = 0.02
MODEL_WEIGHTS = np.arange(0.0, 5.1, 0.5)
SHIFTS = np.arange(-3.0, 1.1, 0.25)
ALONE = np.arange(-4.0, 0.1, 0.5)
ALIKE = 0.006  # in F1: less than that is chance on some four hundred attributions

Numbers = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Case:
    """Hold one frame of an article: its properties, how sure the model is, whether the lexicon knows it, if
    it's right."""

    properties: tuple[str, ...]
    confidence: float
    is_model_only: bool
    is_right: bool


def read_cases(folder: Path, pipeline: Pipeline, lexicon: Lexicon) -> tuple[list[Case], int]:
    """Give the cases of a folder of articles and how many attributions their annotators found."""
    cases: list[Case] = []
    wanted = 0
    for one in read_annotations(folder):
        gold = one.gold["attributions"]
        wanted += len(gold)
        cases += _read_article(one.text, gold, pipeline, lexicon)
    return cases, wanted


def _read_article(
    text: str, gold: Sequence[dict[str, Any]], pipeline: Pipeline, lexicon: Lexicon
) -> list[Case]:
    blocks = split_blocks(text)
    doc = pipeline.parse(text, blocks)
    paragraphs = quotations.split_paragraphs(text, blocks)
    speech = Speech(Tree.of(doc), quotations.pair(text, blocks), paragraphs)
    titles = attributions.list_titles(blocks)
    frames = attributions.gather(speech, lexicon, doc.user_data.get("cue_links", ()), titles)
    free = list(range(len(gold)))
    found = []
    for frame in sorted(frames, key=lambda f: -f.confidence):
        match = next((g for g in free if _is_match(speech, frame, gold[g])), None)
        if match is not None:
            free.remove(match)
        properties = tuple(dict.fromkeys(list_properties(speech, frame)))
        found.append(Case(properties, frame.confidence, frame.entry.lemma == "*", match is not None))
    return found


def _is_match(speech: Speech, frame: Frame, gold: dict[str, Any]) -> bool:
    tree = speech.tree
    cue = range(tree.start[frame.cue[0]], tree.end[frame.cue[-1]])
    if not set(cue) & _places([gold["cue"]]):
        return False
    content = gold["content"] if isinstance(gold["content"], list) else [gold["content"]]
    mine = {i for start, end in frame.content for i in range(start, end)}
    theirs = _places(content)
    return len(mine & theirs) >= 0.5 * len(mine | theirs)


def _places(spans: Sequence[dict[str, Any] | None]) -> set[int]:
    """Give the characters of spans; an attribution without a cue has none there."""
    return {i for span in spans if span is not None for i in range(span["start"], span["end"])}


def fit(cases: Sequence[Case], names: Sequence[str]) -> dict[str, float]:
    """Give the weight of each property: logistic regression by Newton's method."""
    rows, right = _matrix(cases, names), np.array([case.is_right for case in cases], dtype=float)
    weights = np.zeros(len(names))
    for _ in range(30):
        share = 1 / (1 + np.exp(-rows @ weights))
        slope = rows.T @ (share - right) + PENALTY * weights
        bend = (rows * (share * (1 - share))[:, None]).T @ rows + PENALTY * np.eye(len(names))
        step = np.linalg.solve(bend, slope)
        weights -= step
        if float(np.abs(step).max()) < 1e-6:
            break
    return dict(zip(names, (float(w) for w in weights), strict=True))


def _matrix(cases: Sequence[Case], names: Sequence[str]) -> Numbers:
    place = {name: k for k, name in enumerate(names)}
    rows = np.zeros((len(cases), len(names)))
    for i, case in enumerate(cases):
        rows[i, [place[p] for p in case.properties if p in place]] = 1
    return rows


def choose(cases: Sequence[Case], wanted: int, weights: dict[str, float]) -> tuple[float, float, float]:
    """Choose what the model's word weighs, what a cue of the model alone loses, and the threshold, by F1.

    Many choices are as good as the best but for chance: the middle of them is taken.
    """
    names = list(weights)
    base = _matrix(cases, names) @ np.array(list(weights.values()))
    sure = np.array([case.confidence for case in cases])
    alone = np.array([case.is_model_only for case in cases], dtype=float)
    right = np.array([case.is_right for case in cases], dtype=bool)
    choices = np.array(list(itertools.product(MODEL_WEIGHTS, ALONE, SHIFTS)))
    kept = base + choices @ np.stack([sure, alone, np.ones_like(sure)]) >= 0
    scores = 2 * (kept & right).sum(axis=1) / np.maximum(1, kept.sum(axis=1) + wanted)
    model, only, shift = choices[scores >= scores.max() - ALIKE].mean(axis=0)
    return float(model), float(only), float(shift)


def calibrate(cases: Sequence[Case], weights: dict[str, float]) -> tuple[float, float]:
    """Give slope and shift that turn weights into shares of right cases: Platt scaling (Platt 1999), by Newton's
    method, with his correction of the targets."""
    x = np.array(
        [
            sum(weights.get(p, 0.0) for p in case.properties)
            + weights["model"] * case.confidence
            + weights["only model"] * case.is_model_only
            for case in cases
        ]
    )
    right = np.array([case.is_right for case in cases], dtype=bool)
    hits, misses = int(right.sum()), int((~right).sum())
    if not hits or not misses:
        return 1.0, 0.0
    target = np.where(right, (hits + 1) / (hits + 2), 1 / (misses + 2))
    rows = np.stack([x, np.ones_like(x)], axis=1)
    values = np.array([1.0, 0.0])
    for _ in range(50):
        share = 1 / (1 + np.exp(-np.clip(rows @ values, -30, 30)))
        bend = (rows * (share * (1 - share))[:, None]).T @ rows + 1e-6 * np.eye(2)
        values -= np.linalg.solve(bend, rows.T @ (share - target))
    return float(values[0]), float(values[1])


def main(arguments: Sequence[str] | None = None) -> int:
    """Fit the weights and write them."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--data", type=Path, required=True, help="the folder with train/ and dev/")
    parser.add_argument(
        "--model", type=Path, default=MODEL, help="the folder of the model; the weights go there"
    )
    options = parser.parse_args(arguments)
    pipeline, lexicon = Pipeline.load(options.model), Lexicon.without_weights()
    train, _ = read_cases(options.data / "train", pipeline, lexicon)
    known = [case for case in train if not case.is_model_only]
    counts = Counter(p for case in known for p in case.properties)
    weights = fit(known, sorted(p for p, n in counts.items() if n >= FEWEST_CASES))
    dev, wanted = read_cases(options.data / "dev", pipeline, lexicon)
    model, alone, shift = choose(dev, wanted, weights)
    weights["any"] += shift
    weights |= {"model": model, "only model": alone}
    weights["calibration slope"], weights["calibration shift"] = calibrate(dev, weights)
    with (options.model / "cue_weights.csv").open("w", encoding="utf-8", newline="") as handle:
        writer = csv.writer(handle, lineterminator="\n")
        writer.writerow(["property", "weight"])
        writer.writerows(
            [name, f"{value:.2f}"] for name, value in sorted(weights.items()) if abs(value) >= SMALLEST
        )
    sys.stdout.write(
        f"{len(known)} cases, {len(weights)} weights; model {model:.2f}, alone {alone:.2f}, shift {shift:.2f}\n"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
