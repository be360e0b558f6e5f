"""Entities of re3d are read line by line, doubles and rejected ones left out, and mentions scored by class."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from graph.errors import UsageError
from loaders.scoring.annotations import BadAnnotation
from loaders.scoring.entities import EntityArticle, EntityMention, compare_entities, share
from loaders.scoring.faults import group
from loaders.scoring.re3d import list_folders, read_entities
from loaders.scoring.scores import Score

CORPUS = Path(__file__).parents[2] / "shared" / "corpora" / "re3d"
TEXT = "The Syrian army entered Raqqa, President Bashar al-Assad said, and two tanks burnt."


def row(words: str, kind: str, confidence: float | None = 1, **changes: Any) -> dict[str, Any]:
    start = TEXT.index(words)
    given: dict[str, Any] = {
        "begin": start, "end": start + len(words), "type": kind, "value": words, "documentId": "D1",
    }  # fmt: skip
    return {**given, **({} if confidence is None else {"confidence": confidence}), **changes}


def mention(words: str, kind: str) -> EntityMention:
    start = TEXT.index(words)
    return EntityMention(start, start + len(words), kind)


def write(folder: Path, *rows: Any) -> Path:
    folder.mkdir(exist_ok=True)
    (folder / "documents.json").write_text(json.dumps({"_id": "D1", "text": TEXT}) + "\n\n")
    lines = [one if isinstance(one, str) else json.dumps(one) for one in rows]
    (folder / "entities.json").write_text("\n".join(lines))
    return folder


def test_confirmed_entities_are_read_once(tmp_path: Path) -> None:
    folder = write(
        tmp_path / "part",
        row("The Syrian army", "Organisation", 0.8),
        row("Syrian army", "Organisation", 0.8),
        row("Syrian", "Nationality", 0.3),
        row("Raqqa", "Location", None),
        row("Raqqa", "Organisation", 0.9),
        row("President Bashar al-Assad", "Person", 0.7),
        row("Bashar al-Assad", "Person", 1),
        row("two tanks", "MilitaryPlatform"),
    )
    (article,) = read_entities(folder)
    assert (article.name, article.text) == ("D1", TEXT)
    assert article.entities == tuple(
        sorted(
            [
                mention("The Syrian army", "Organisation"),  # of equal ones the longer
                mention("Raqqa", "Location"),
                mention("Raqqa", "Organisation"),
                mention("Bashar al-Assad", "Person"),  # the more confident
                mention("two tanks", "MilitaryPlatform"),
            ]
        )
    )


def test_a_folder_of_folders_is_one_corpus(tmp_path: Path) -> None:
    assert list_folders(tmp_path) == []
    parts = [write(tmp_path / name, row("Raqqa", "Location")) for name in ("b", "a")]
    (tmp_path / "c").mkdir()
    assert list_folders(tmp_path) == sorted(parts)
    assert list_folders(parts[0]) == [parts[0]]
    assert [len(article.entities) for article in read_entities(tmp_path)] == [1, 1]


@pytest.mark.parametrize(
    ("bad", "what"),
    [
        ('{"begin": 1,', "can't be read as JSON"),
        ("[1]", "must be an object"),
        (
            row("Raqqa", "Location", begin=3),
            "“Raqqa” does not stand at 3 to 29, where the text has “ Syrian army",
        ),
        (row("Raqqa", "Location", begin=900, end=905), "does not stand"),
        (row("Raqqa", "Location", documentId="D2"), "there is no document D2"),
        (row("Raqqa", "Location", end="29"), "needs end, a number"),
    ],
)
def test_a_bad_entity_is_told_by_its_line_and_the_others_are_read(
    tmp_path: Path, bad: Any, what: str
) -> None:
    write(tmp_path, row("The Syrian army", "Organisation"), bad, row("Raqqa", "Location"))
    with pytest.raises(BadAnnotation) as told:
        list(read_entities(tmp_path))
    assert (told.value.path, told.value.line) == (tmp_path / "entities.json", 2)
    assert what in told.value.what
    faults: list[BadAnnotation] = []
    (article,) = read_entities(tmp_path, refuse=faults.append)
    assert len(article.entities) == 2
    assert [str(fault) for fault in faults] == [str(told.value)]


def test_a_bad_document_is_told(tmp_path: Path) -> None:
    (write(tmp_path) / "documents.json").write_text('{"_id": "D1"}\n')
    with pytest.raises(BadAnnotation, match=r"documents\.json, line 1: a document needs _id and text"):
        list(read_entities(tmp_path))


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [((0, 4), (0, 4), 1.0), ((0, 4), (2, 6), 1 / 3), ((0, 4), (4, 8), 0.0), ((0, 4), (9, 10), 0.0)],
)
def test_share_is_that_of_the_characters(
    one: tuple[int, int], other: tuple[int, int], expected: float
) -> None:
    assert share(EntityMention(*one, "Person"), EntityMention(*other, "Location")) == pytest.approx(expected)


GOLD = EntityArticle(
    "D1",
    TEXT,
    (
        mention("The Syrian army", "Organisation"),
        mention("Raqqa", "Location"),
        mention("President Bashar al-Assad", "Person"),
        mention("two tanks", "MilitaryPlatform"),
    ),
)


def test_mentions_are_scored_by_class_and_share() -> None:
    found = [
        mention("Syrian army", "Organisation"),  # more than half of it
        mention("Raqqa", "Organisation"),  # another class
        mention("President", "Person"),  # less than half
        mention("two tanks", "Organisation"),  # nothing of the classes that are read
    ]
    scores = compare_entities([GOLD], {"D1": found})
    assert dict(scores.measures) == {
        "entity Person": Score(0, 1, 1),
        "entity Organisation": Score(1, 1, 3),
        "entity Location": Score(0, 1, 0),
        "entity any class": Score(2, 3, 4),
    }
    assert [fault.kind for fault in scores.faults] == [
        "wrong-class", "missed-mention", "spurious-mention", "spurious-mention"
    ]  # fmt: skip
    assert scores.unread == ("MilitaryPlatform", "relations")
    for name in ("entity Person", "entity Organisation", "entity Location"):
        one = scores.measures[name]
        right, more = (sum(fault.effect.get(name, (0, 0))[i] for fault in scores.faults) for i in (0, 1))
        assert (one.right + right, one.found + more) == (one.gold, one.gold), name
    assert all(one.cost > 0 for one in group(scores.faults, scores.measures))


def test_a_mention_counts_once() -> None:
    twice = [mention("Raqqa", "Location"), mention("Raqqa", "Location")]
    assert compare_entities([GOLD], {"D1": twice}).measures["entity Location"] == Score(1, 1, 2)


def test_nothing_found_and_nothing_to_find() -> None:
    assert compare_entities([GOLD], {}).measures["entity any class"] == Score(0, 3, 0)
    with pytest.raises(UsageError, match="no document with entities"):
        compare_entities([], {})


def test_the_words_beside_the_offsets_may_have_other_marks_and_spaces(tmp_path: Path) -> None:
    write(tmp_path, row("The Syrian army", "Organisation", value="The\nSyrian army"))
    text = TEXT.replace("Bashar al-Assad", "“Bashar” al-Assad")
    (tmp_path / "documents.json").write_text(json.dumps({"_id": "D1", "text": text}))
    person = {"begin": text.index("“"), "end": text.index(" said"), "value": "'Bashar' al-Assad"}
    with (tmp_path / "entities.json").open("a") as rows:
        rows.write("\n" + json.dumps({**row("Raqqa", "Person"), **person}))
    (article,) = read_entities(tmp_path)
    assert [entity.kind for entity in article.entities] == ["Organisation", "Person"]


def test_the_corpus_is_read_without_a_fault() -> None:
    if not CORPUS.is_dir():
        pytest.skip("the corpus re3d is not beside the checkout")
    articles = list(read_entities(CORPUS))
    assert len(articles) == 62
    assert sum(len(article.entities) for article in articles) > 2000
