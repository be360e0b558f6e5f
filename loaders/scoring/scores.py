"""Holds the figures of an evaluation and its faults, for a terminal, for JSON, for a floor."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from rich.table import Table


@dataclass(frozen=True, slots=True)
class Score:
    """Hold how many were right, how many the annotation has, how many were found."""

    right: int
    gold: int
    found: int

    @property
    def precision(self) -> float:
        """Give the share of what was found that is right."""
        return self.right / self.found if self.found else 0.0

    @property
    def recall(self) -> float:
        """Give the share of the annotation that was found."""
        return self.right / self.gold if self.gold else 0.0

    @property
    def f1(self) -> float:
        """Give the harmonic mean of precision and recall."""
        both = self.precision + self.recall
        return 2 * self.precision * self.recall / both if both else 0.0


@dataclass(frozen=True, slots=True)
class Fault:
    """Hold one difference: `kind` is missed, spurious or wrong; `what` names the part; both in words."""

    article: str
    kind: str
    what: str
    gold: str
    found: str


@dataclass(frozen=True, slots=True)
class Scores:
    """Hold the figures of an evaluation. `misplaced` counts strings that don't stand where they say."""

    articles: int
    misplaced: int
    measures: Mapping[str, Score]
    faults: tuple[Fault, ...] = ()

    def to_table(self) -> Table:
        """Give the figures as a table for the terminal."""
        table = Table(caption=f"{self.articles} articles, {self.misplaced} strings not where they say")
        table.add_column("measure")
        for name in ("precision", "recall", "F1", "annotated", "found"):
            table.add_column(name, justify="right")
        for name, score in self.measures.items():
            shares = (score.precision, score.recall, score.f1)
            table.add_row(name, *(f"{share:.3f}" for share in shares), str(score.gold), str(score.found))
        return table

    def to_json(self) -> dict[str, Any]:
        """Give the figures as values for JSON."""
        measures = {
            name: {
                "precision": round(score.precision, 4), "recall": round(score.recall, 4),
                "f1": round(score.f1, 4),
                "right": score.right, "gold": score.gold, "found": score.found,
            }
            for name, score in self.measures.items()
        }  # fmt: skip
        return {"articles": self.articles, "misplaced": self.misplaced, "measures": measures}


def list_faults(faults: Iterable[Fault]) -> Iterator[str]:
    """Write each fault as a line for a person."""
    for fault in faults:
        sides = " ≠ ".join(side for side in (fault.gold, fault.found) if side)
        yield f"{fault.article}: {fault.kind} {fault.what}: {sides}"
