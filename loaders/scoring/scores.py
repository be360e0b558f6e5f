"""Holds the figures of an evaluation and its faults, for a terminal, for JSON, for a floor."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from rich.table import Table

if TYPE_CHECKING:
    from loaders.scoring.faults import Fault


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
class Scores:
    """Hold the figures of an evaluation. `misplaced` counts strings that don't stand where they say.

    `unscored` names the layers that the corpus does not annotate, `unread` what it annotates and a reading does not
    give; `left_out` counts the attributions found inside another that a corpus of outermost ones says nothing about.
    """

    articles: int
    misplaced: int
    measures: Mapping[str, Score]
    faults: tuple[Fault, ...] = ()
    unscored: tuple[str, ...] = ()
    unread: tuple[str, ...] = ()
    left_out: int = 0

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

    def list_remarks(self) -> Iterator[str]:
        """Say in lines what the figures leave out."""
        if self.unscored:
            yield f"This corpus does not annotate, so not scored: {', '.join(self.unscored)}."
        if self.unread:
            yield f"A reading has nothing to compare with, so not scored: {', '.join(self.unread)}."
        if self.left_out:
            yield f"{self.left_out} found inside another attribution: not counted, for the same reason."

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
