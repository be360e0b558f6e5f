"""Reads the word lists of the text layer once, so that words stand in data files and not in code."""

from __future__ import annotations

import csv
import re
from collections import defaultdict
from functools import cache
from pathlib import Path

from graph.resources import ONTOLOGY

LEXICONS = ONTOLOGY / "lexicons"


def read_rows(path: Path) -> tuple[dict[str, str], ...]:
    """Read the rows of a lexicon, a CSV file with a header."""
    with path.open(encoding="utf-8", newline="") as handle:
        return tuple(csv.DictReader(handle, strict=True))


@cache
def function_words(use: str) -> frozenset[str]:
    """Give the words of one use: "unfinished" can't end a sentence, "finite" shows a verb, and so on."""
    return frozenset(_function_words().get(use, ()))


@cache
def _function_words() -> dict[str, list[str]]:
    found: defaultdict[str, list[str]] = defaultdict(list)
    for row in read_rows(LEXICONS / "function_words.csv"):
        found[row["use"]].append(row["word"])
    return found


@cache
def agencies() -> dict[str, str]:
    """Give the printed names of news agencies, each with the agency's short name: its first row."""
    first: dict[str, str] = {}
    names = {}
    for row in read_rows(LEXICONS / "agencies.csv"):
        names[row["name"]] = first.setdefault(row["key"], row["name"])
    return names


@cache
def agency_pattern(*, photo: bool = False) -> str:
    """Give a pattern for the names of agencies, also in capitals; `photo` for those that sell pictures."""
    rows = read_rows(LEXICONS / "agencies.csv")
    names = {row["name"] for row in rows if not photo or row["photo"] == "yes"}
    names |= {name.upper() for name in names}
    longest_first = sorted(names, key=lambda name: (-len(name), name))
    return "(?-i:" + "|".join(re.escape(name).replace(r"\ ", r"\s+") for name in longest_first) + ")"


@cache
def outlets() -> dict[str, frozenset[str]]:
    """Give the names of outlets ("name"), folded, and the last words of newspapers' names ("ending")."""
    found: defaultdict[str, set[str]] = defaultdict(set)
    for row in read_rows(LEXICONS / "outlets.csv"):
        found[row["use"]].add(row["name"].casefold())
    return {use: frozenset(names) for use, names in found.items()}
