"""The lexicon of cues reads whole, knows word forms, and refuses rows that make no sense."""

import ast
import csv
import re
import shutil
from collections import Counter
from functools import cache
from pathlib import Path

import pytest

from graph.errors import UsageError
from graph.resources import ONTOLOGY
from loaders.attribution.lexicon import (
    KINDS,
    TAKES,
    Lexicon,
    find_lemmas,
    read_cues,
    read_lists,
    read_weights,
)
from loaders.language.location import MODEL
from loaders.meaning.vocabulary import load

FOLDER = ONTOLOGY / "lexicons"
LOADERS = Path(__file__).parent.parent / "loaders"
TABLES = {
    "cue_words.csv": ["list", "word"],
    "words.csv": ["family", "word"],
    "function_words.csv": ["word", "use"],
    "spellings.csv": ["use", "written", "kept"],
    "country_codes.csv": ["code", "nation"],
    "town_names.csv": ["geonames_id", "name"],
}
HEADER = "lemma,particle,kind,stance,takes,origin\n"


@pytest.fixture(scope="module")
def lexicon() -> Lexicon:
    return Lexicon.load()


@pytest.mark.parametrize(
    ("kind", "form", "lemma", "stance"),
    [
        ("verb", "said", "say", "Assertion"),
        ("verb", "Denies", "deny", "Denial"),
        ("verb", "criticised", "criticise", "Accusation"),
        ("verb", "estimating", "estimate", "Estimate"),
        ("noun", "fears", "fear", "Belief"),
        ("adjective", "unclear", "unclear", "Doubt"),
        ("modifier", "so-called", "so-called", "Claim"),
        ("adverb", "allegedly", "allegedly", "Claim"),
        ("preposition", "according to", "according to", "Assertion"),
    ],
)
def test_forms_lead_to_rows(lexicon: Lexicon, kind: str, form: str, lemma: str, stance: str) -> None:
    assert (lemma, stance) in {(row.lemma, row.stance) for row in lexicon.find(kind, form)}


def test_a_word_that_is_no_cue_has_no_row(lexicon: Lexicon) -> None:
    assert lexicon.find("verb", "walked") == ()


def test_the_lexicon_covers_every_kind_and_stance(lexicon: Lexicon) -> None:
    rows = {row for table in lexicon.rows.values() for found in table.values() for row in found}
    assert {row.kind for row in rows} == set(KINDS)
    assert len({row.stance for row in rows}) == 11
    assert len({row.lemma for row in rows}) > 400


def test_no_row_stands_twice() -> None:
    counts = Counter(
        (row.lemma, row.particle, row.kind, row.stance) for row in read_cues(FOLDER / "cues.csv")
    )
    assert [row for row, n in counts.items() if n > 1] == []


def test_the_readme_explains_every_code() -> None:
    explained = set(re.findall(r"`([a-z]+)`", (FOLDER / "README.md").read_text(encoding="utf-8")))
    assert TAKES | set(KINDS) <= explained


def test_every_list_that_code_asks_for_exists() -> None:
    lists = read_lists(FOLDER / "cue_words.csv")
    asked = _asked(r'lexicon\.has\(\s*"([^"]+)"')
    assert len(asked) > 10
    assert asked == set(lists)


@pytest.mark.parametrize(
    ("table", "column", "call"),
    [
        ("words.csv", "family", r'vocabulary\.(?:has|listed)\(\s*"([^"]+)"'),
        ("function_words.csv", "use", r'function_words\(\s*"([^"]+)"'),
        ("spellings.csv", "use", r'spellings\(\s*"([^"]+)"'),
    ],
)
def test_every_list_named_in_code_has_rows_and_none_is_left_unasked(
    table: str, column: str, call: str
) -> None:
    lists = {row[column] for row in _rows(table)}
    asked = _asked(call)
    assert asked
    assert asked - lists == set()
    needs = {need for row in _rows("events.csv") for need in re.split(r"[|&]", row["needs"])}
    assert lists - needs - _strings_in_code() == set()


@pytest.mark.parametrize(("table", "columns"), TABLES.items())
def test_every_row_is_well_formed_and_stands_once(table: str, columns: list[str]) -> None:
    rows = _rows(table)
    assert list(rows[0]) == columns
    wrong = [
        (line, row)
        for line, row in enumerate(rows, start=2)
        if list(row) != columns or any(not cell or cell != cell.strip() for cell in row.values())
    ]
    assert wrong == []
    assert [row for row, n in Counter(tuple(row.values()) for row in rows).items() if n > 1] == []


@pytest.mark.parametrize(
    ("table", "column"),
    [
        ("cue_words.csv", "list"),
        ("words.csv", "family"),
        ("function_words.csv", "use"),
        ("spellings.csv", "use"),
    ],
)
def test_the_readme_explains_every_list(table: str, column: str) -> None:
    explained = set(re.findall(r"`([^`]+)`", (FOLDER / "README.md").read_text(encoding="utf-8")))
    assert {row[column] for row in _rows(table)} - explained == set()


def test_a_family_keeps_the_order_of_its_rows(tmp_path: Path) -> None:
    for path in FOLDER.glob("*.csv"):
        shutil.copy(path, tmp_path)
    (tmp_path / "words.csv").write_text("family,word\nx,two\nx,one\ny,three\n", encoding="utf-8")
    vocabulary = load(tmp_path)
    assert vocabulary.listed("x") == ("two", "one")
    assert vocabulary.has("x", "one")
    assert not vocabulary.has("x", "three")


def _rows(table: str) -> list[dict[str, str]]:
    with (FOLDER / table).open(encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(handle, strict=True, restval=""))


def _asked(call: str) -> set[str]:
    """Give the lists that the loaders ask for by name."""
    return {
        name for path in LOADERS.rglob("*.py") for name in re.findall(call, path.read_text(encoding="utf-8"))
    }


@cache
def _strings_in_code() -> set[str]:
    """Give all strings of the loaders: the names of some lists stand in tuples."""
    return {
        node.value
        for path in LOADERS.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }


def test_weights_are_numbers_and_say_what_the_model_counts() -> None:
    weights = read_weights(MODEL / "cue_weights.csv")
    assert len(weights) > 100
    assert weights["model"] > 0


@pytest.mark.parametrize(
    ("word", "kind", "lemma"),
    [
        ("say", "verb", "say"), ("says", "verb", "say"), ("said", "verb", "say"), ("saying", "verb", "say"),
        ("retweeted", "verb", "retweet"), ("allegations", "noun", "allegation"),
    ],
)  # fmt: skip
def test_irregular_and_unknown_words_lead_to_their_lemma(word: str, kind: str, lemma: str) -> None:
    assert lemma in find_lemmas(word, kind)


@pytest.mark.parametrize(
    "row",
    [
        "say,,verb,Saying,that,own",
        "say,,word,Assertion,that,own",
        "say,,verb,Assertion,this,own",
        ",,verb,Assertion,that,own",
    ],
)
def test_a_row_that_makes_no_sense_is_refused_with_its_line(tmp_path: Path, row: str) -> None:
    path = tmp_path / "cues.csv"
    path.write_text(HEADER + row + "\n", encoding="utf-8")
    with pytest.raises(UsageError, match="line 2"):
        read_cues(path)


def test_wrong_columns_are_refused(tmp_path: Path) -> None:
    for name, read in (
        ("cues.csv", read_cues),
        ("cue_words.csv", read_lists),
        ("cue_weights.csv", read_weights),
    ):
        path = tmp_path / name
        with path.open("w", encoding="utf-8", newline="") as handle:
            csv.writer(handle).writerow(["one", "two", "three"])
        with pytest.raises(UsageError, match="columns"):
            read(path)
