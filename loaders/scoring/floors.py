"""Floors under the quality of reading: an F1 that an evaluation must reach, written NAME=VALUE."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from graph.errors import UsageError
from loaders.scoring.evaluation import Scores


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


def list_missed(scores: Scores, floors: Mapping[str, float]) -> list[str]:
    """Name what is below its floor, in lines for a person. Raises UsageError for an unknown measure."""
    unknown = sorted(set(floors) - set(scores.measures))
    if unknown:
        known = ", ".join(scores.measures)
        raise UsageError(f"there is no measure {', '.join(unknown)}; choose among {known}")
    return [
        f"{name}: F1 {scores.measures[name].f1:.3f} is below the floor {least:g}"
        for name, least in floors.items()
        if not scores.measures[name].f1 >= least
    ]
