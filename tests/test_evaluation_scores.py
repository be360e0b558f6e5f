"""The figures are those of the reference scorer, and exact where they can be counted by hand."""

from __future__ import annotations

import copy
import json
import random
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from graph.errors import UsageError
from loaders.scoring.evaluation import Score, evaluate, known_keys
from loaders.scoring.folded import FoldedText, overlap

ROOT = Path(__file__).parents[1]
SEEDS = ROOT / "seeds"
GOLD = Path(__file__).parent / "gold" / "seeds"
REFERENCE = ROOT.parent / "shared" / "gold" / "score.py"

TEXT = "The army said that its troops entered the town.\nA rebel told AFP it was false. Many doubt it."


def at(words: str) -> dict[str, Any]:
    start = TEXT.index(words)
    return {"text": words, "start": start, "end": start + len(words)}


GOLD_ARTICLE: dict[str, Any] = {
    "attributions": [
        {
            "id": "a1",
            "source": "The army",
            "source_entity": "syrian-armed-forces",
            "cue": "said",
            "content": "its troops entered the town",
            "stance": "Assertion",
            "addressee": None,
        },
        {
            "id": "a2",
            "source": "A rebel",
            "source_entity": "unnamed:rebel",
            "cue": "told",
            "content": "it was false",
            "stance": "Denial",
            "addressee": "afp",
        },
        {
            "id": "a3",
            "source": "Many",
            "source_entity": None,
            "cue": "doubt",
            "content": "it",
            "stance": "Doubt",
            "addressee": None,
            "occurrence": {"content": 2},
        },
    ],
    "events": [
        {
            "id": "e1",
            "type": "Entry",
            "trigger": "entered",
            "actor": ["syrian-armed-forces"],
            "target": [],
            "place": ["al-bukamal", "syria"],
            "time": "2017-11-08",
            "polarity": "positive",
            "modality": "actual",
        }
    ],
    "relations": [{"type": "backs", "subject": "russia", "object": "syrian-government"}],
    "quantities": [{"value": 75, "lower": None, "upper": None, "measure": "killed"}],
}


def found_article() -> dict[str, Any]:
    """Give a prediction with known faults: a content too long, an entity and a stance wrong, one missed."""
    return {
        "attributions": [
            {
                "source": at("The army"),
                "source_entity": "syrian-armed-forces",
                "cue": at("said"),
                "content": at("that its troops entered the town."),
                "stance": "Claim",
            },
            {
                "source": at("A rebel"),
                "source_entity": "islamic-state",
                "cue": at("told"),
                "content": at("it was false. Many"),
                "stance": "Denial",
                "addressee": "reuters",
            },
        ],
        "events": [
            {
                "type": "Entry",
                "trigger": at("entered"),
                "actor": ["syrian-armed-forces", "russia"],
                "target": [],
                "place": ["syria"],
                "time": None,
                "polarity": "positive",
                "modality": "future",
            },
            {"type": "Clash", "trigger": at("false"), "actor": [], "target": [], "place": []},
        ],
        "relations": [
            {"type": "backs", "subject": "russia", "object": "syrian-government"},
            {"type": "opposes", "subject": "russia", "object": "islamic-state"},
        ],
        "quantities": [],
    }


@pytest.fixture
def folders(tmp_path: Path) -> tuple[Path, Path]:
    gold, texts = tmp_path / "gold", tmp_path / "texts"
    gold.mkdir()
    texts.mkdir()
    (gold / "a.json").write_text(json.dumps(GOLD_ARTICLE))
    (texts / "a.txt").write_text(TEXT)
    return gold, texts


EXPECTED = {
    "attribution found": Score(2, 3, 2),
    "source exact": Score(2, 3, 2),
    "cue exact": Score(2, 3, 2),
    "content exact": Score(1, 3, 2),
    "who": Score(1, 3, 2),
    "stance": Score(1, 3, 2),
    "who said what how": Score(0, 3, 2),
    "told to": Score(0, 1, 1),
    "event found": Score(1, 1, 1),
    "event polarity and modality": Score(0, 1, 1),
    "event actor": Score(1, 1, 2),
    "event place": Score(1, 2, 1),
    "event time": Score(0, 1, 0),
    "relation": Score(1, 1, 2),
    "backs": Score(1, 1, 1),
    "quantity": Score(0, 1, 0),
}


def test_figures_of_a_small_article_are_exact(folders: tuple[Path, Path]) -> None:
    scores = evaluate(*folders, {"a": found_article()})
    assert dict(scores.measures) == EXPECTED
    assert (scores.articles, scores.misplaced, scores.left_out) == (1, 0, 0)


def test_shares_are_computed_from_the_counts() -> None:
    score = Score(1, 3, 2)
    assert (score.precision, score.recall) == (0.5, 1 / 3)
    assert score.f1 == pytest.approx(0.4)
    assert (Score(0, 0, 0).precision, Score(0, 0, 0).recall, Score(0, 0, 0).f1) == (0.0, 0.0, 0.0)


def test_string_that_is_not_where_it_says_is_misplaced(folders: tuple[Path, Path]) -> None:
    found = found_article()
    found["attributions"][0]["cue"]["start"] += 1
    found["attributions"][1]["source"] = "not in the text"
    assert evaluate(*folders, {"a": found}).misplaced == 2


def test_table_prints_each_measure(folders: tuple[Path, Path]) -> None:
    console = Console(width=120, record=True, quiet=False, file=open("/dev/null", "w"))  # noqa: SIM115, PTH123
    console.print(evaluate(*folders, {"a": found_article()}).to_table())
    printed = console.export_text()
    console.file.close()
    assert all(name in printed for name in EXPECTED)
    assert "1 articles, 0 strings not where they say" in printed


def test_missing_prediction_is_an_article_with_nothing_found(folders: tuple[Path, Path]) -> None:
    scores = evaluate(*folders, {})
    assert scores.measures["attribution found"] == Score(0, 3, 0)


@pytest.mark.parametrize(
    ("part", "lost", "told"),
    [
        ("stance", {"stance", "who said what how"}, ["stance"]),
        ("source_entity", {"who", "who said what how", "told to"}, ["who", "told to"]),
        ("addressee", {"told to"}, ["told to"]),
        ("source", {"source exact"}, ["source exact"]),
        ("events", {name for name in EXPECTED if name.startswith("event ")}, ["events"]),
        ("time", {"event time"}, ["event time"]),
        ("relations", {"relation", "backs"}, ["relations"]),
        ("quantities", {"quantity"}, ["quantities"]),
        ("attributions", set(list(EXPECTED)[:8]), [*list(EXPECTED)[:6], "told to"]),
    ],
)
def test_what_is_not_annotated_is_not_scored(
    folders: tuple[Path, Path], part: str, lost: set[str], told: list[str]
) -> None:
    gold = copy.deepcopy(GOLD_ARTICLE)
    if part in gold:
        gold[part] = []
    for one in [*gold["attributions"], *gold["events"]]:
        one[part] = None
    (folders[0] / "a.json").write_text(json.dumps(gold))
    scores = evaluate(*folders, {"a": found_article()})
    assert dict(scores.measures) == {name: score for name, score in EXPECTED.items() if name not in lost}
    always = ["nesting", *(["event target"] if part != "events" else [])]
    assert set(scores.unscored) == {*always, *told}
    (line,) = scores.list_remarks()
    assert line.startswith("This corpus does not annotate, so not scored: ")


@pytest.mark.parametrize(("parent", "found", "left_out"), [("a1", 3, 0), (None, 2, 1)])
def test_a_corpus_of_outermost_attributions_says_nothing_of_those_inside(
    folders: tuple[Path, Path], parent: str | None, found: int, left_out: int
) -> None:
    gold, read = copy.deepcopy(GOLD_ARTICLE), found_article()
    gold["attributions"][1]["parent"] = parent
    read["attributions"].append({"cue": at("entered"), "content": at("the town"), "parent": "a1"})
    read["attributions"][1]["parent"] = "a1"  # as this one is annotated, it counts all the same
    (folders[0] / "a.json").write_text(json.dumps(gold))
    scores = evaluate(*folders, {"a": read})
    assert scores.measures["attribution found"] == Score(2, 3, found)
    assert scores.left_out == left_out
    assert ("nesting" in scores.unscored) == (parent is None)
    assert sum("inside another" in line for line in scores.list_remarks()) == left_out


def test_nothing_to_score_is_wrong_use(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no annotated article"):
        evaluate(tmp_path, tmp_path, {})


def test_missing_text_is_wrong_use(folders: tuple[Path, Path]) -> None:
    (folders[1] / "a.txt").unlink()
    with pytest.raises(UsageError, match="give the folder of its text"):
        evaluate(*folders, {})


def test_known_keys_are_those_of_the_guidelines() -> None:
    guidelines = (Path(__file__).parent / "gold" / "GUIDELINES.md").read_text(encoding="utf-8")
    part = guidelines.split("## entity keys")[1].split("\n## ")[0]
    assert known_keys() == set(re.findall(r"`([a-z-]+)`", part))


def test_places_are_compared_without_edges_and_line_breaks() -> None:
    text = FoldedText("He said “that  the\ntown fell”, yesterday.")
    long = text.trim(text.find("“that the town fell”,"))
    short = text.trim(text.find("the town fell"))
    assert overlap(long, short) == 1.0
    assert text.words(short) == "the town fell"
    assert text.misplaced == 0


def perturbed(annotation: dict[str, Any], text: str, chance: random.Random) -> dict[str, Any]:
    """Spoil an annotation as a reader might: leave out, shift, mislabel, misplace."""
    found = copy.deepcopy(annotation)
    for kind in ("attributions", "events", "relations", "quantities"):
        found[kind] = [one for one in found[kind] if chance.random() > 0.2]
    for one in found["attributions"]:
        if chance.random() < 0.3:
            one["stance"] = chance.choice(["Assertion", "Denial", "Claim"])
        if chance.random() < 0.3:
            one["source_entity"] = chance.choice(["afp", None, "unnamed:somebody", "a-new-force"])
        if chance.random() < 0.3:
            one["addressee"] = chance.choice(["afp", None])
        for part in ("source", "cue"):
            if one[part] and chance.random() < 0.3:
                one[part] = chance.choice([one[part].split()[0], None, "nowhere in it"])
        content = one["content"]
        if chance.random() < 0.5 and isinstance(content, str) and content in text:
            start = text.index(content)
            end = start + len(content) - chance.randint(0, 25)
            said = text[start:end] if chance.random() < 0.8 else "elsewhere"
            one["content"] = {"text": said, "start": start, "end": end}
    for one in found["events"]:
        one["modality"] = chance.choice([one["modality"], "future"])
        one["actor"] = one["actor"][: chance.randint(0, 2)]
        one["type"] = chance.choice([one["type"], one["type"], "Clash"])
    return found


@pytest.mark.parametrize("seed", range(6))
def test_figures_are_those_of_the_reference(seed: int, tmp_path: Path) -> None:
    if not REFERENCE.is_file():
        pytest.skip("the reference scorer is not beside the checkout")
    chance = random.Random(seed)
    for path in GOLD.glob("*.json"):
        if chance.random() < 0.9:
            text = (SEEDS / f"{path.stem}.txt").read_text(encoding="utf-8")
            spoiled = perturbed(json.loads(path.read_text(encoding="utf-8")), text, chance)
            (tmp_path / path.name).write_text(json.dumps(spoiled))
    scores = evaluate(GOLD, SEEDS, tmp_path)
    command = [sys.executable, str(REFERENCE), str(SEEDS), str(GOLD), str(tmp_path)]
    head, *lines = subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines()
    assert head.startswith(f"{scores.articles} articles, {scores.misplaced} predicted strings")
    printed = [
        f"{name:28s} P {score.precision:.3f}  R {score.recall:.3f}  F1 {score.f1:.3f}   "
        f"gold {score.gold} found {score.found}"
        for name, score in scores.measures.items()
    ]
    shown = [line for line in lines if not re.search(r"gold 0 found", line)]
    assert len(shown) > 10
    assert printed == shown
