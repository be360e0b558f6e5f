"""The lexicon of cues reads whole, knows word forms, and refuses rows that make no sense."""

import csv
import re
from collections import Counter
from pathlib import Path

import pytest

from graph.errors import UsageError
from graph.resources import ONTOLOGY
from loaders.attribution.lexicon import (
    KINDS,
    TAKES,
    Lexicon,
    expand_forms,
    read_cues,
    read_lists,
    read_weights,
)

FOLDER = ONTOLOGY / "lexicons"
LOADERS = Path(__file__).parent.parent / "loaders"
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
    rows = {row for table in lexicon.forms.values() for found in table.values() for row in found}
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
    asked = set()
    for path in LOADERS.rglob("*.py"):
        asked |= set(re.findall(r'lexicon\.has\(\s*"([a-z_]+)"', path.read_text(encoding="utf-8")))
    assert len(asked) > 10
    assert asked == set(lists)


def test_weights_are_numbers_and_say_what_the_model_counts() -> None:
    weights = read_weights(FOLDER / "cue_weights.csv")
    assert len(weights) > 100
    assert weights["model"] > 0


def test_irregular_and_unknown_verbs_are_inflected() -> None:
    assert {"say", "says", "said", "saying"} <= expand_forms("say", "verb")
    assert "retweeted" in expand_forms("retweet", "verb")
    assert expand_forms("according to", "preposition") == {"according to"}


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
