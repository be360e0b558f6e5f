"""The first answer, the way a user gets it: load the seeds, ask, and compare with the files."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

import hearsay

ROOT = Path(__file__).parent.parent
SEEDS = ROOT / "seeds"
GOLD = ROOT / "tests" / "gold" / "seeds"


def run(*words: str | Path) -> str:
    result = CliRunner().invoke(hearsay.app, [str(word) for word in words])
    assert result.exit_code == 0, result.output
    return result.stdout


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("seeds") / "data"
    told = run("load", SEEDS, "--manifest", SEEDS / "articles.csv", "--data", folder)
    assert "5 articles" in told
    return folder


def test_who_denied_entering_syria(data: Path) -> None:
    rows = list(
        csv.DictReader(
            io.StringIO(run("ask", "who denied entering Syria", "--data", data, "--format", "csv"))
        )
    )
    assert {row["who"].rpartition("/")[2] for row in rows} == {"popular-mobilization-forces"}
    assert sorted(row["file"][:3] for row in rows) == ["000", "001", "003"]
    for row in rows:
        text = (SEEDS / row["file"]).read_bytes().decode()
        assert text[int(row["start"]) : int(row["end"])] == row["words"]


def test_check_passes(data: Path) -> None:
    assert "nothing is wrong" in run("check", "--data", data)


def test_every_statement_of_the_answer_shows_verified(data: Path, tmp_path: Path) -> None:
    file = tmp_path / "denials.rq"
    file.write_text("SELECT DISTINCT ?st WHERE { ?st hs:denies ?s }", encoding="utf-8")
    found = json.loads(run("query", file, "--data", data, "--format", "json"))
    keys = {row["st"]["value"] for row in found["results"]["bindings"]}
    assert keys
    for key in sorted(keys):
        shown = json.loads(run("show", key, "--data", data, "--format", "json"))
        assert shown["mentions"]
        assert all(mention["verified"] for mention in shown["mentions"])


def test_loading_again_changes_nothing(data: Path, tmp_path: Path) -> None:
    before = run("dump", "--data", data, "--format", "nq")
    files = sorted(SEEDS.glob("*.txt"), reverse=True)
    run("load", *files, "--manifest", SEEDS / "articles.csv", "--data", tmp_path, "--workers", "2")
    assert run("dump", "--data", tmp_path, "--format", "nq") == before


def test_quality_floors() -> None:
    table = run("evaluate", GOLD, SEEDS, "--floors", ROOT / "tests" / "floors.csv", "--corpus", "seeds")
    assert "0 strings not where they say" in table
