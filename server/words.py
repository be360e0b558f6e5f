"""Words and marks that pages and views share: names written as words, and a text cut at its marked spans."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import pairwise
from typing import Any


def spell(name: str) -> str:
    """Write the local name of a class or property as words: `BorderCrossing` gives "border crossing"."""
    return "".join(f" {letter.lower()}" if letter.isupper() else letter for letter in name).strip()


def mark(text: str, lines: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Cut a text where a marked span begins or ends; each piece names the statements that cover it.

    The pieces joined are the text.
    """
    spans = [
        (line["start"], min(line["end"], len(text)), line["statement"]["id"])
        for line in lines
        if 0 <= line["start"] < min(line["end"], len(text))
    ]
    edges = sorted({0, len(text), *(start for start, _, _ in spans), *(end for _, end, _ in spans)})
    pieces = []
    for start, end in pairwise(edges):
        over = sorted({iri for low, high, iri in spans if low <= start and end <= high})
        pieces.append({"text": text[start:end], "start": start, "statements": over})
    return pieces
