"""The words that carry attribution, read from `ontology/lexicons`: a new cue is a new row, never new code.

A row of `cues.csv` gives a lemma, its particle or preposition, its kind, the stance class of the annotation
guidelines and what it takes (`ontology/lexicons/README.md` explains the codes). `cue_words.csv` holds plain
lists: weekdays, approximations, verbs that only lend a noun its voice, and the like. A word of a text leads to its
rows by its dictionary form, which lemminflect gives.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import cast, get_args

import lemminflect

from graph.errors import UsageError
from graph.model import Stance
from graph.resources import ONTOLOGY
from loaders.language.location import model_folder

KINDS = ("verb", "noun", "adjective", "modifier", "adverb", "preposition")
TAKES = frozenset(
    {
        *(
            "that",
            "wh",
            "quote",
            "quoted",
            "tell",
            "order",
            "inf",
            "ing",
            "obj",
            "as",
            "pred",
            "at",
            "to",
            "manner",
        ),
        *("pass", "passas", "passinf", "passof", "of", "for", "about", "over", "np", "clause"),
    }
)
_STANCES = frozenset(get_args(Stance))
_UPOS = {"verb": "VERB", "noun": "NOUN"}
_WEIGHT_COLUMNS = ["property", "weight"]
_COLUMNS = ["lemma", "particle", "kind", "stance", "takes", "origin"]


@dataclass(frozen=True, slots=True)
class Cue:
    """Hold one row: a word that can carry attribution, its stance class and what it takes."""

    lemma: str
    particle: str
    kind: str
    stance: Stance
    takes: frozenset[str]
    origin: str


@dataclass(frozen=True, slots=True)
class Lexicon:
    """Hold the cues by kind and lemma, and the plain lists by name."""

    rows: Mapping[str, Mapping[str, tuple[Cue, ...]]]
    lists: Mapping[str, frozenset[str]]
    weights: Mapping[str, float]

    @classmethod
    def load(cls, folder: Path = ONTOLOGY / "lexicons", *, model: Path | None = None) -> Lexicon:
        """Read every `cues*.csv` and `cue_words.csv` in the folder, and the weights that belong to the language model.

        Raises UsageError for a row that makes no sense.
        """
        weights = read_weights((model or model_folder()) / "cue_weights.csv")
        return replace(cls.without_weights(folder), weights=weights)

    @classmethod
    def without_weights(cls, folder: Path = ONTOLOGY / "lexicons") -> Lexicon:
        """Read the lists alone, as for a model whose weights are still to be fitted."""
        cues = [cue for path in sorted(folder.glob("cues*.csv")) for cue in read_cues(path)]
        return cls.of(cues, read_lists(folder / "cue_words.csv"), {})

    @classmethod
    def of(
        cls, cues: Iterable[Cue], lists: Mapping[str, frozenset[str]], weights: Mapping[str, float]
    ) -> Lexicon:
        """Build the lexicon from rows."""
        rows: dict[str, dict[str, tuple[Cue, ...]]] = {kind: {} for kind in KINDS}
        for cue in cues:
            rows[cue.kind][cue.lemma] = (*rows[cue.kind].get(cue.lemma, ()), cue)
        return cls(rows, dict(lists), dict(weights))

    def find(self, kind: str, form: str) -> tuple[Cue, ...]:
        """Give the rows of a kind for a word as it stands in the text; verbs and nouns in any form."""
        table, word = self.rows[kind], form.lower().replace("’", "'")
        if kind not in _UPOS:
            return table.get(word, ())
        first, space, rest = word.partition(" ")
        return tuple(row for lemma in find_lemmas(first, kind) for row in table.get(lemma + space + rest, ()))

    def has(self, name: str, word: str) -> bool:
        """Tell whether a list has the word."""
        return word.lower() in self.lists[name]


@lru_cache(maxsize=100_000)
def find_lemmas(word: str, kind: str) -> tuple[str, ...]:
    """Give the word itself and what it may be a form of, as a verb or noun; a verb that is in no dictionary by rule."""
    found = lemminflect.getAllLemmas(word, upos=_UPOS[kind])
    if not found and kind == "verb":
        found = lemminflect.getAllLemmasOOV(word, upos="VERB")
    return tuple(dict.fromkeys((word, *(lemma for lemmas in found.values() for lemma in lemmas))))


def read_cues(path: Path) -> list[Cue]:
    """Read the rows of one list of cues. Raises UsageError with file and line for a row that makes no sense."""
    with path.open(encoding="utf-8", newline="") as handle:
        reader = csv.DictReader(handle)
        if reader.fieldnames != _COLUMNS:
            raise UsageError(f"{path.name}: the columns must be {', '.join(_COLUMNS)}")
        return [_read_row(row, f"{path.name}, line {number}") for number, row in enumerate(reader, start=2)]


def _read_row(row: dict[str, str], where: str) -> Cue:
    takes = frozenset(row["takes"].split())
    if row["kind"] not in KINDS:
        raise UsageError(f"{where}: {row['kind']!r} is no kind of cue; use one of {', '.join(KINDS)}")
    if row["stance"] not in _STANCES:
        raise UsageError(f"{where}: {row['stance']!r} is no stance of the guidelines")
    if not row["lemma"] or not takes or takes - TAKES:
        raise UsageError(f"{where}: give a lemma and what it takes, from {', '.join(sorted(TAKES))}")
    stance = cast(Stance, row["stance"])
    return Cue(row["lemma"], row["particle"], row["kind"], stance, takes, row["origin"])


def read_lists(path: Path) -> dict[str, frozenset[str]]:
    """Read the plain word lists: a table with the columns list and word."""
    found: dict[str, set[str]] = {}
    with path.open(encoding="utf-8", newline="") as handle:
        reader = csv.DictReader(handle)
        if reader.fieldnames != ["list", "word"]:
            raise UsageError(f"{path.name}: the columns must be list, word")
        for row in reader:
            found.setdefault(row["list"], set()).add(row["word"])
    return {name: frozenset(words) for name, words in found.items()}


def read_weights(path: Path) -> dict[str, float]:
    """Read the weights. Raises UsageError where the table is not one of properties and numbers."""
    with path.open(encoding="utf-8", newline="") as handle:
        reader = csv.DictReader(handle)
        if reader.fieldnames != _WEIGHT_COLUMNS:
            raise UsageError(f"{path.name}: the columns must be {', '.join(_WEIGHT_COLUMNS)}")
        try:
            return {row["property"]: float(row["weight"]) for row in reader}
        except ValueError as e:
            raise UsageError(f"{path.name}: a weight must be a number ({e})") from e
