"""Floors under the quality of reading: an F1 that an evaluation must reach.

Written NAME=VALUE, or as rows of a CSV file with the columns corpus, measure and floor.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping
from pathlib import Path

from graph.errors import UsageError
from loaders.scoring.scores import Scores

_COLUMNS = ("corpus", "measure", "floor")


def read_floors(written: Iterable[str]) -> dict[str, float]:
    """Read floors such as "who=0.5". Raises UsageError for anything else."""
    floors = {}
    for words in written:
        name, _, value = words.rpartition("=")
        try:
            floors[name.strip()] = float(value)
        except ValueError as error:
            raise UsageError(f"the floor {words!r} is no measure and number; write who=0.5") from error
    return floors


def read_pinned(path: Path, corpus: str) -> dict[str, float]:
    """Read the floors of a corpus from a file. Raises UsageError for a bad row, or where it has none of the corpus."""
    try:
        with path.open(encoding="utf-8", newline="") as lines:
            reader = csv.DictReader(lines, strict=True)
            rows = [(reader.line_num, row) for row in reader]
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise UsageError(
            f"the floors {path} can't be read ({error}); name a CSV file with --floors"
        ) from error
    pinned: dict[str, dict[str, float]] = {}
    for number, row in rows:
        try:
            name, measure, floor = (str(row[column]).strip() for column in _COLUMNS)
            pinned.setdefault(name, {})[measure] = float(floor)
        except (KeyError, ValueError) as error:
            raise UsageError(
                f"{path}, line {number}: a row needs {', '.join(_COLUMNS)}, the last a number such as 0.5"
            ) from error
    if corpus not in pinned:
        raise UsageError(
            f"{path} has no floors of {corpus!r}; choose with --corpus among {', '.join(pinned)}"
        )
    return pinned[corpus]


def list_missed(scores: Scores, floors: Mapping[str, float]) -> list[str]:
    """Name what is below its floor, in lines for a person. Raises UsageError for a measure that was not scored."""
    unknown = sorted(set(floors) - set(scores.measures))
    if unknown:
        known = ", ".join(scores.measures)
        raise UsageError(
            f"{', '.join(unknown)} was not scored, so it can't have a floor; choose among {known}"
        )
    return [
        f"{name}: F1 {scores.measures[name].f1:.4f} is below the floor {least:g}"
        for name, least in floors.items()
        if not scores.measures[name].f1 >= least
    ]
