"""Each fault has its kind, its words and its cost, and a person can read it in a terminal or a table."""

from __future__ import annotations

import csv
import io
import json
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from graph.errors import UsageError
from loaders.scoring.annotations import AnnotatedArticle
from loaders.scoring.evaluation import compare
from loaders.scoring.faults import KINDS, Fault, choose_kinds, group
from loaders.scoring.report import COLUMNS, print_faults, write_csv
from loaders.scoring.scores import Score, Scores

TEXT = (
    "Page one\nThe army said in a statement that its troops had entered the town on Friday and held it.\n"
    "Rebels denied the claim and a doctor told AFP that many were hurt."
)


def at(words: str) -> dict[str, Any]:
    start = TEXT.index(words)
    return {"text": words, "start": start, "end": start + len(words)}


def claim(cue: str = "said", **changes: Any) -> dict[str, Any]:
    given = {
        "cue": at(cue),
        "source": at("The army"),
        "content": at("its troops had entered the town on Friday"),
        "stance": "Assertion",
        "source_entity": "syrian-armed-forces",
        "parent": None,
    }
    return {**given, **changes}


def event(**changes: Any) -> dict[str, Any]:
    given = {
        "type": "Entry",
        "trigger": at("entered"),
        "actor": ["syrian-armed-forces"],
        "target": ["iraq"],
        "place": ["al-bukamal"],
        "time": "2017-11-03",
        "polarity": "positive",
        "modality": "actual",
    }
    return {**given, **changes}


def score(
    gold: Sequence[dict[str, Any]],
    found: Sequence[dict[str, Any]],
    gold_events: Sequence[dict[str, Any]] = (),
    events: Sequence[dict[str, Any]] = (),
    text: str = TEXT,
) -> Scores:
    annotation = {"attributions": list(gold), "events": list(gold_events)}
    article = AnnotatedArticle("a", Path("a.txt"), text, annotation)
    return compare([article], {"a": {"attributions": list(found), "events": list(events)}})


OTHER = claim("denied", source=at("Rebels"), content=at("the claim"), stance="Denial")


@pytest.mark.parametrize(
    ("found", "kinds"),
    [
        ([claim()], []),
        ([claim(content=at("its troops had entered the town on Friday and held it."))], ["content-too-long"]),
        ([claim(content=at("entered the town on Friday"))], ["content-too-short"]),
        ([claim(content=at("troops had entered the town on Friday and held"))], ["content-other"]),
        ([claim(source=at("army"))], ["wrong-source"]),
        ([claim("said in a statement")], ["wrong-cue"]),
        ([claim(stance="Claim", source_entity="afp")], ["wrong-stance", "wrong-entity"]),
        ([], ["missed-cue"]),
        ([claim(content=at("and held it"))], ["missed-content"]),
        ([claim("told", content=at("many were hurt"))], ["missed-cue", "spurious"]),
        ([claim(), claim("told", content=at("many were hurt"))], ["spurious"]),
        # Edges do not count: quotation marks, full stops, an opening "that".
        ([claim(content=at("that its troops had entered the town on Friday"))], []),
    ],
)
def test_faults_of_attributions_have_their_kinds(found: list[dict[str, Any]], kinds: list[str]) -> None:
    scores = score([claim(), OTHER], [*found, OTHER])
    assert [fault.kind for fault in scores.faults] == kinds
    assert set(kinds) <= set(KINDS)


@pytest.mark.parametrize(
    ("found", "kinds"),
    [
        ([event()], []),
        ([], ["missed-event"]),
        ([event(), event(trigger=at("held"))], ["spurious-event"]),
        ([event(polarity="negative")], ["wrong-event"]),
        ([event(actor=[])], ["wrong-event"]),
        ([event(place=["syria"], time=None)], ["wrong-event"]),
    ],
)
def test_faults_of_events_have_their_kinds(found: list[dict[str, Any]], kinds: list[str]) -> None:
    scores = score([], [], [event()], found)
    assert [fault.kind for fault in scores.faults] == kinds


def test_what_is_not_annotated_is_no_fault() -> None:
    bare = [{key: one[key] for key in ("cue", "source", "content")} for one in (claim(), OTHER)]
    inner = claim("told", content=at("many"), parent="a1")
    scores = score(bare, [claim(stance="Claim", source_entity="afp"), OTHER, inner], (), [event()])
    assert scores.faults == ()


def test_a_cue_that_serves_a_right_one_too_still_shows_what_was_found() -> None:
    second = claim(content=at("held it"))
    (fault,) = score([claim(), second], [claim()]).faults
    assert (fault.kind, fault.effect["cue exact"]) == ("missed-content", (1, 1))
    assert fault.words(fault.found, "content") == "its troops had entered the town on Friday"


def mend(scores: Scores, kind: str) -> float:
    """Work out the gain of mending a kind the long way: the measures after it, less those before."""
    before, after = [], []
    effects = [fault.effect for fault in scores.faults if fault.kind == kind]
    layer = [name for name in scores.measures if name.startswith("event ") == ("event" in kind)]
    for name in layer:
        if name in ("who said what how", "told to"):
            continue
        one = scores.measures[name]
        right, found = (sum(effect.get(name, (0, 0))[i] for effect in effects) for i in (0, 1))
        before.append(one.f1)
        after.append(Score(one.right + right, one.gold, one.found + found).f1)
    return sum(after) / len(after) - sum(before) / len(before)


def test_kinds_are_ranked_by_what_mending_them_gains() -> None:
    found = [claim(stance="Claim", source=at("army")), claim("told", content=at("many were hurt"))]
    scores = score(
        [claim(), OTHER], found, [event(), event(trigger=at("held"))], [event(time=None, place=[])]
    )
    groups = group(scores.faults, scores.measures)
    assert {one.kind: len(one.faults) for one in groups} == Counter(fault.kind for fault in scores.faults)
    assert next(one.kind for one in groups) == "missed-event"
    assert [one.cost for one in groups] == sorted((one.cost for one in groups), reverse=True)
    for one in groups:
        assert one.cost == pytest.approx(mend(scores, one.kind))
        assert one.cost > 0


@pytest.mark.parametrize(
    ("found", "events"),
    [
        ([], []),
        ([claim()], [event()]),
        (
            [claim(stance="Claim", source=at("army"), content=at("and held it")), claim("told")],
            [
                event(polarity="negative", actor=["iraq", "syria"], place=[], time="2017"),
                event(trigger=at("hurt")),
            ],
        ),
    ],
)
def test_mending_everything_gives_full_marks(
    found: list[dict[str, Any]], events: list[dict[str, Any]]
) -> None:
    """The law behind the costs: what each fault says that it takes away adds up to what is missing."""
    scores = score([claim(), OTHER], found, [event(), event(trigger=at("held"))], events)
    for name, one in scores.measures.items():
        if name in ("who said what how", "told to"):
            continue
        right, more = (sum(fault.effect.get(name, (0, 0))[i] for fault in scores.faults) for i in (0, 1))
        assert (one.right + right, one.found + more) == (one.gold, one.gold), name


@pytest.mark.parametrize(
    ("words", "kinds"),
    [
        (["missed"], {"missed-cue", "missed-content", "missed-event", "missed-mention"}),
        (["content-"], {"content-too-long", "content-too-short", "content-other"}),
        (["spurious"], {"spurious"}),
        (["wrong-cue", "wrong-source"], {"wrong-cue", "wrong-source"}),
    ],
)
def test_kinds_are_chosen_by_name_or_part(words: list[str], kinds: set[str]) -> None:
    assert set(choose_kinds(words)) == kinds


def test_an_unknown_kind_is_wrong_use() -> None:
    with pytest.raises(UsageError, match="no kind of fault 'typo'; choose among missed-cue"):
        choose_kinds(["typo"])


def printed(scores: Scores, limit: int = 10) -> str:
    console = Console(file=io.StringIO(), width=60)
    print_faults(console, group(scores.faults, scores.measures), limit=limit)
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue()


def test_both_sides_are_marked_in_their_passage() -> None:
    lines = printed(score([claim(), OTHER], [claim(content=at("and held it"))])).splitlines()
    assert lines[0] == "Marks: {source} <cue or trigger> [content or mention]"
    assert any(
        line.startswith("missed: cue found, content apart (missed-content): 1, costs 0.") for line in lines
    )
    assert "by cue: said 1" in lines
    place = lines.index("a.txt:2")
    assert lines[place + 1 : place + 3] == [
        "  annotated  {The army} <said> in a statement that [its troops had entered the town on Friday] and held it.",
        "  found      {The army} <said> in a statement that its troops had entered the town on Friday [and held it].",
    ]


def test_labels_stand_before_the_passage() -> None:
    told = printed(score([claim(), OTHER], [claim(stance="Claim", source_entity=None), OTHER]))
    assert "  annotated  Assertion: {The army} <said>" in told
    assert "  found      Claim: {The army} <said>" in told
    assert "  found      nobody: {The army} <said>" in told
    told = printed(score([], [], [event()], [event(place=[], modality="future")]))
    assert "  found      Entry, modality future, place none: " in told


def test_only_so_many_of_each_kind_are_shown_taken_evenly() -> None:
    text = "".join(f"Number {number} said so.\n" for number in range(100))
    gold = [
        {
            "cue": {"text": "said", "start": at, "end": at + 4},
            "content": {"text": "so", "start": at + 5, "end": at + 7},
        }
        for at in (place for place in range(len(text)) if text.startswith("said", place))
    ]
    told = printed(score(gold, [], text=text), limit=4)
    assert "100, costs 1.000 of the mean F1, 4 of them below" in told
    assert [line for line in told.splitlines() if line.startswith("a.txt")] == [
        "a.txt:1", "a.txt:26", "a.txt:51", "a.txt:76"
    ]  # fmt: skip


def test_long_passages_are_cut_and_control_characters_never_reach_the_terminal() -> None:
    text = "word " * 400 + "he said \x1b[31m" + "that " + "long " * 400 + "."
    start, end = text.index("said"), text.rindex("long")
    gold = {
        "cue": {"text": "said", "start": start, "end": start + 4},
        "content": {"text": text[start + 5 : end], "start": start + 5, "end": end},
    }
    told = printed(score([gold], [], text=text))
    passage = next(line for line in told.splitlines() if "annotated" in line)
    assert "\x1b" not in told
    assert len(passage) < 500
    assert "…" in passage
    assert passage.startswith("  annotated  word word ")


def test_all_faults_are_written_as_a_table(tmp_path: Path) -> None:
    scores = score(
        [claim(), OTHER], [claim(stance="Claim"), claim("told", content=at("many were hurt"))], [event()], []
    )
    write_csv(tmp_path / "faults.csv", group(scores.faults, scores.measures))
    with (tmp_path / "faults.csv").open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    assert tuple(rows[0]) == COLUMNS
    assert Counter(row["kind"] for row in rows) == Counter(fault.kind for fault in scores.faults)
    stance = next(row for row in rows if row["kind"] == "wrong-stance")
    assert (stance["article"], stance["line"], stance["cue"]) == ("a", "2", "said")
    assert (stance["gold_label"], stance["found_label"]) == ("Assertion", "Claim")
    missed = next(row for row in rows if row["kind"] == "missed-cue")
    assert (missed["gold_source"], missed["gold_content"], missed["found_content"]) == (
        "Rebels",
        "the claim",
        "",
    )
    assert TEXT[int(missed["start"]) :].startswith("Rebels")
    assert next(row for row in rows if row["kind"] == "missed-event")["gold_cue"] == "entered"


def test_a_table_that_can_not_be_written_is_wrong_use(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="--errors-csv"):
        write_csv(tmp_path / "no" / "faults.csv", [])


def test_a_fault_keeps_the_text_out_of_its_words() -> None:
    fault = Fault("spurious", "a", "x" * 1000, "said", None, None, {})
    assert len(repr(fault)) < 200
    assert (fault.start, fault.line) == (0, 1)
    assert json.dumps(fault.words(None, "cue")) == '""'
