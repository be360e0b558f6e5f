"""`hearsay evaluate` takes every form of corpus, tells what is wrong in it, and shows what was read wrongly."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

import hearsay

FLOORS = Path(__file__).parent / "floors.csv"
TEXT = (
    "The Syrian army said on Friday that its troops had entered the town of Raqqa.\n\n"
    "President Bashar al-Assad denied that civilians were hurt, and a rebel spokesman dismissed the claim.\n"
)


def call(*words: str | Path) -> Result:
    return CliRunner().invoke(hearsay.app, ["evaluate", *map(str, words)])


def span(number: int, role: str, words: str) -> str:
    start = TEXT.index(words)
    return f"T{number}\t{role} {start} {start + len(words)}\t{words}\n"


BRAT = (
    span(1, "Source", "The Syrian army") + span(2, "Cue", "said")
    + span(3, "Content", "its troops had entered the town of Raqqa") + span(4, "Attribution", "said")
    + "E1\tAttribution:T4 Source:T1 Cue:T2 Content:T3\n"
    + span(5, "Source", "Raqqa") + span(6, "Cue", "on Friday") + span(7, "Content", "The Syrian army")
    + "E2\tAttribution:T6 Source:T5 Cue:T6 Content:T7\n"
)  # fmt: skip


@pytest.fixture
def brat(tmp_path: Path) -> Path:
    # A name that an extract can't have, and a file with a fault.
    for name, words in (("what's said?", BRAT), ("bad", "T1\tCue 0 3\tsaid\n")):
        (tmp_path / f"{name}.txt").write_text(TEXT if name != "bad" else f"{TEXT}More.\n")
        (tmp_path / f"{name}.ann").write_text(words)
    return tmp_path


def test_a_brat_corpus_is_scored_with_its_errors_and_its_bad_file(brat: Path, tmp_path: Path) -> None:
    table = tmp_path / "errors.csv"
    result = call(brat, "--errors", "--limit", "1", "--errors-csv", table, "--floor", "cue exact=0.99")
    assert result.exit_code == 1
    assert "1 articles, 0 strings not where they say" in result.stdout
    assert (
        "This corpus does not annotate, so not scored: who, stance, told to, nesting, events" in result.stdout
    )
    assert "attribution found" in result.stdout
    assert not {"event found", "relation", "quantity"} & set(result.stdout.split("│"))
    assert f"refused: {brat / 'bad.ann'}, line 1: T1 should be “said”" in result.stderr
    assert "cue exact: F1 0." in result.stderr
    assert "what's said?.txt:1\n  annotated  [The Syrian army] said <on Friday>" in result.stdout
    with table.open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    assert {"missed-cue", "spurious"} == {row["kind"] for row in rows}
    assert {row["gold_cue"] for row in rows if row["kind"] == "missed-cue"} == {"on Friday"}


def test_an_entity_corpus_is_known_by_its_files(tmp_path: Path) -> None:
    part = tmp_path / "re3d" / "part"
    part.mkdir(parents=True)
    (part / "documents.json").write_text(json.dumps({"_id": "D1", "text": TEXT}) + "\n")
    rows = []
    for words, kind in (
        ("The Syrian army", "Organisation"),
        ("Raqqa", "Location"),
        ("President Bashar al-Assad", "Person"),
        ("Friday", "Temporal"),
    ):
        start = TEXT.index(words)
        end = start + len(words)
        rows.append({"begin": start, "end": end, "value": words, "type": kind, "documentId": "D1"})
    (part / "entities.json").write_text("\n".join(map(json.dumps, rows)))
    result = call(tmp_path / "re3d", "--kind", "missed")
    assert result.exit_code == 0, result.output
    figures = {
        cells[1].strip(): [cell.strip() for cell in cells[2:7]]
        for line in result.stdout.splitlines()
        if len(cells := line.split("│")) == 8
    }
    for kind in ("Person", "Organisation", "Location"):
        assert float(figures[f"entity {kind}"][1]) == 1.0, kind  # recall
    assert "nothing to compare with, so not scored: Temporal, relations." in result.stdout


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--floors", FLOORS], "--floors FILE and --corpus NAME belong together"),
        (["--corpus", "seeds"], "belong together"),
        (["--floors", FLOORS, "--corpus", "seed"], "has no floors of 'seed'"),
        (["--floor", "who"], "write who=0.5"),
        (["--errors", "--kind", "mist"], "there is no kind of fault 'mist'"),
        (["--limit", "0"], "--limit"),
    ],
)
def test_wrong_use_is_told_before_anything_is_read(brat: Path, words: list[str | Path], said: str) -> None:
    result = call(brat, *words)
    assert result.exit_code == 2
    assert said in result.stderr.replace("\n", " ")


def test_a_corpus_of_bad_files_is_wrong_use(brat: Path) -> None:
    (brat / "what's said?.ann").unlink()
    result = call(brat)
    assert result.exit_code == 2
    assert "no annotated article could be used" in result.stderr
    assert "bad.ann, line 1" in result.stderr
