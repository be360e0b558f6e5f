"""Numbers as print writes them, and the bounds they set: "more than 330,000", "between 2,500 and 3,500"."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from graph.model import Span
from graph.resources import ONTOLOGY
from loaders.meaning.vocabulary import rows
from loaders.text.wordlists import function_words

_DIGITS = r"\d{1,3}(?:,\d{3})+(?!\d)|(?!0\d)\d{1,9}(?:\.\d{1,3})?(?![\d%]|[.,:/]\d)"


@dataclass(frozen=True, slots=True)
class Numeral:
    """Hold a number phrase: its words, its value or bounds; `noun_at` is where the counted noun can begin."""

    words: Span
    value: int | None
    lower: int | None
    upper: int | None


class Numerals:
    """Find number phrases. Built once from `numbers.csv`."""

    def __init__(self, folder: Path | None = None) -> None:
        table = rows((folder or ONTOLOGY / "lexicons") / "numbers.csv")
        self._value = {row["word"]: int(row["value"]) for row in table}
        self._kind = {row["word"]: row["kind"] for row in table}
        by_kind = {
            kind: _any(w for w, k in self._kind.items() if k == kind) for kind in set(self._kind.values())
        }
        hedge = "|".join(by_kind[k] for k in ("lower", "upper", "about"))
        number = rf"(?:{_DIGITS}|\b(?:{by_kind['number']})(?:[- ](?:{by_kind['number']}))?\b)"
        scaled = rf"{number}(?:\s(?:{by_kind['scale']})\b)?"
        some = rf"\b(?:{by_kind['some']})(?:\sof\s(?:{by_kind['some']}))?\b"
        self._pattern = re.compile(
            rf"(?:(?P<between>\bbetween\s(?P<a>{scaled})\sand\s(?P<b>{scaled}))"
            rf"|(?:\b(?P<hedge>{hedge})\s(?:an?\s)?)?(?:(?P<some>{some})|(?:\ba\s)?(?P<dozen>\b(?:{by_kind['scale']})\b)|(?P<n>(?<![\d.,$€£#/:-]){scaled})))",
            re.IGNORECASE,
        )
        self._piece = re.compile(rf"{_DIGITS}|\w+", re.IGNORECASE)

    def find(self, text: str) -> Iterator[Numeral]:
        """Give the number phrases in the order of the text."""
        for match in self._pattern.finditer(text):
            words = Span.of(text, match.start(), match.end())
            if match["between"]:
                yield Numeral(words, None, self._count(match["a"]), self._count(match["b"]))
                continue
            bound = self._kind.get(" ".join((match["hedge"] or "").lower().split()), "about")
            value = self._count(match["some"] or match["dozen"] or match["n"])
            if match["some"] or bound == "lower":
                yield Numeral(words, None, value, None)
            elif bound == "upper":
                yield Numeral(words, None, None, value)
            else:
                yield Numeral(words, value, None, None)

    def _count(self, words: str) -> int:
        """Multiply and add the parts: "2.5 million", "twenty-five", "tens of thousands" (20 times a thousand)."""
        total, current = 0.0, 0.0
        pieces = [
            p.lower()
            for p in self._piece.findall(words)
            if p.lower() not in function_words("inside a number")
        ]
        for n, piece in enumerate(pieces):
            kind = self._kind.get(piece)
            if kind == "scale":
                current = (current or 1) * self._value[piece]
            elif kind == "some":
                unit = self._value[piece] if n == 0 else self._value[piece] // 2
                current = (current or 1) * unit
            elif kind == "number":
                current += self._value[piece]
            else:
                current += float(piece.replace(",", ""))
        return round(total + current)


def _any(words: Iterator[str]) -> str:
    return "|".join(re.escape(w).replace(r"\ ", r"\s") for w in sorted(words, key=len, reverse=True))
