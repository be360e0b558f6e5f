"""The word lists of resolution and events, read from `ontology/lexicons/`: one row is one word, none stands in code."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

from graph.errors import StoreError
from graph.resources import ONTOLOGY

Row = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Head:
    """Hold a noun that heads names and descriptions: its role in resolution, the ontology class, its number."""

    noun: str
    role: str
    kind: str
    is_plural: bool


@dataclass(frozen=True, slots=True)
class Nation:
    """Hold a state: its place key, its names, what its people are called, and the capitals that speak for it."""

    key: str
    names: tuple[str, ...]
    adjectives: tuple[str, ...]
    capitals: tuple[str, ...]


@dataclass(frozen=True)
class Vocabulary:
    """Hold the word lists; built once, shared by all articles of a process."""

    heads: Mapping[str, Head]
    nations: tuple[Nation, ...]
    source_kinds: Mapping[str, str]
    groups: Mapping[str, str]
    events: tuple[Row, ...]
    frames: Mapping[str, Row]
    figures: tuple[Row, ...]
    support: tuple[Row, ...]
    words: Mapping[str, frozenset[str]]
    order: Mapping[str, tuple[str, ...]]

    @cached_property
    def measures(self) -> dict[str, str]:
        """Give what each word of `figures.csv` measures."""
        return {row["word"]: row["measure"] for row in self.figures}

    @cached_property
    def support_kinds(self) -> dict[str, str]:
        """Give the kind of support that each word of `support.csv` names."""
        return {row["word"]: row["kind"] for row in self.support}

    def head(self, *lemmas: str) -> Head | None:
        """Give the row of the first of the words that has one."""
        for lemma in lemmas:
            if lemma in self.heads:
                return self.heads[lemma]
        return None

    def has(self, family: str, word: str) -> bool:
        """Tell whether a word belongs to a family of `words.csv`, such as "negation" or "title"."""
        return word in self.words.get(family, frozenset())

    def listed(self, family: str) -> tuple[str, ...]:
        """Give the words of a family in the order of the file."""
        return self.order[family]


def load(folder: Path | None = None) -> Vocabulary:
    """Read the word lists of a folder, by default `ontology/lexicons/`. Raises StoreError where one is missing."""
    folder = folder or ONTOLOGY / "lexicons"
    kinds = rows(folder / "kinds.csv")
    families = _families(rows(folder / "words.csv"))
    return Vocabulary(
        heads=_heads(rows(folder / "heads.csv")),
        nations=tuple(_nation(row) for row in rows(folder / "nations.csv")),
        source_kinds={row["class"]: row["source_kind"] for row in kinds},
        groups={row["class"]: row["group"] for row in kinds},
        events=rows(folder / "events.csv"),
        frames={row["frame"]: row for row in rows(folder / "frames.csv")},
        figures=rows(folder / "figures.csv"),
        support=rows(folder / "support.csv"),
        words={family: frozenset(words) for family, words in families.items()},
        order=families,
    )


@cache
def spellings(use: str) -> tuple[tuple[str, str], ...]:
    """Give the pairs of letters of one use in the order of the file: what is written, what stands for it."""
    table = rows(ONTOLOGY / "lexicons" / "spellings.csv")
    return tuple((row["written"], row["kept"]) for row in table if row["use"] == use)


def rows(path: Path) -> tuple[Row, ...]:
    """Read one CSV file with a header. Raises StoreError where it can't be read."""
    try:
        with path.open(encoding="utf-8", newline="") as lines:
            return tuple({k: (v or "").strip() for k, v in row.items() if k} for row in csv.DictReader(lines))
    except (OSError, UnicodeDecodeError, csv.Error) as e:
        raise StoreError(
            f"the word list {path.name} can't be read: {e}. Put it back into {path.parent}."
        ) from e


def _heads(table: tuple[Row, ...]) -> dict[str, Head]:
    found: dict[str, Head] = {}
    for row in table:
        head = Head(row["noun"], row["role"], row["class"], row["number"] == "plural")
        found.setdefault(head.noun, head)
    return found


def _nation(row: Row) -> Nation:
    return Nation(row["key"], _list(row["names"]), _list(row["adjectives"]), _list(row["capitals"]))


def _families(table: tuple[Row, ...]) -> dict[str, tuple[str, ...]]:
    found: dict[str, dict[str, None]] = {}
    for row in table:
        found.setdefault(row["family"], {})[row["word"]] = None
    return {family: tuple(words) for family, words in found.items()}


def _list(cell: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in cell.split("|") if part.strip())
