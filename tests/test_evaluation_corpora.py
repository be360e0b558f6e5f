"""Every form of annotation gives the same article with places, and a bad file is told by name and line."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from graph.errors import UsageError
from loaders.scoring.corpora import AnnotatedArticle, BadAnnotation, list_files, read_annotations

ROOT = Path(__file__).parents[1]
CORPORA = ROOT.parent / "shared" / "corpora"
TEXT = "The army said that\nits troops, it\nsaid, entered the town.\n“We doubt it,” said a rebel.\n"


def at(words: str, occurrence: int = 1) -> dict[str, Any]:
    start = -1
    for _ in range(occurrence):
        start = TEXT.index(words, start + 1)
    return {"text": words, "start": start, "end": start + len(words)}


PLACED: list[dict[str, Any]] = [
    {
        "id": "a1",
        "source": at("it", 2),
        "cue": at("said", 2),
        "content": [at("its troops"), at("entered the town")],
        "stance": "Assertion",
    },
    {"id": "a2", "source": None, "cue": at("doubt"), "content": at("it", 3), "stance": "Doubt"},
]
WORDS = [
    {
        **PLACED[0],
        "source": "it",
        "cue": "said",
        "content": ["its troops", "entered the town"],
        "occurrence": {"source": 2, "cue": 2},
    },
    {**PLACED[1], "cue": "doubt", "content": "it", "occurrence": {"content": 3}},
]
BRAT = """T1\tSource 31 33\tit
T2\tCue 34 38\tsaid
T3\tContent 19 29\tits troops
T4\tContent 40 56\tentered the town
T5\tAttribution 34 38\tsaid
E1\tAttribution:T5 Source:T1 Cue:T2 Content:T3 Content2:T4
#1\tAnnotatorNotes E1\tis this right?
A1\tCertain E1

T6\tCue 62 67\tdoubt
T7\tContent 68 70\tit
T8\tAttribution-no-source 62 67\tdoubt
T9\tDiscuss 0 5\tnot what stands there
E2\tAttribution-no-source:T8 Cue:T6 Content:T7
"""


def write(folder: Path, name: str, words: str) -> Path:
    (folder / Path(name).with_suffix(".txt")).write_bytes(TEXT.encode())
    (folder / name).write_text(words, encoding="utf-8")
    return folder


def strings(article: AnnotatedArticle) -> list[dict[str, Any]]:
    return [
        {part: one[part] for part in ("source", "cue", "content")} for one in article.gold["attributions"]
    ]


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("a.json", json.dumps({"attributions": PLACED})),
        ("a.json", json.dumps({"attributions": WORDS, "events": []})),
        ("a.json", "\ufeff" + json.dumps({"attributions": PLACED})),
        ("a.ann", BRAT),
        ("a.ann", BRAT.replace("\n", "\r\n")),
        ("a.ann", BRAT.replace("T3\tContent 19 29\tits troops", "T3\tContent 19 22;23 29\tits troops")),
    ],
)
def test_every_form_gives_the_same_strings_with_their_places(tmp_path: Path, name: str, words: str) -> None:
    (article,) = read_annotations(write(tmp_path, name, words))
    wanted: list[dict[str, Any]] = [
        {part: one[part] for part in ("source", "cue", "content")} for one in PLACED
    ]
    if "19 22;23 29" in words:
        wanted[0]["content"] = [at("its"), at("troops"), at("entered the town")]
    assert strings(article) == wanted
    assert (article.name, article.text, article.text_path) == ("a", TEXT, tmp_path / "a.txt")


def test_words_over_a_line_break_are_found_where_they_stand(tmp_path: Path) -> None:
    gold = {"attributions": [{"id": "a1", "cue": "said that its troops", "content": "it said,"}]}
    (article,) = read_annotations(write(tmp_path, "a.json", json.dumps(gold)))
    (one,) = article.gold["attributions"]
    assert one["cue"] == {"text": "said that\nits troops", "start": 9, "end": 29}
    assert one["content"] == {"text": "it\nsaid,", "start": 31, "end": 39}


def test_words_of_a_brat_span_go_on_in_the_next_line(tmp_path: Path) -> None:
    words = "T1\tCue 9 13\tsaid\nT2\tContent 14 29\tthat\nits troops\nE1\tAttribution:T1 Cue:T1 Content:T2\n"
    (article,) = read_annotations(write(tmp_path, "a.ann", words))
    assert article.gold["attributions"][0]["content"]["text"] == "that\nits troops"


def changed(change: Callable[[dict[str, Any]], object]) -> str:
    gold: dict[str, Any] = json.loads(json.dumps({"attributions": PLACED, "events": [], "relations": []}))
    change(gold)
    return json.dumps(gold, indent=1)


@pytest.mark.parametrize(
    ("name", "words", "line", "what"),
    [
        ("a.json", '{"attributions": [\n{"id": "a1",}\n]}', 2, "can't be read as JSON"),
        ("a.json", "[1]", None, "must be an object"),
        ("a.json", "{}", None, "must be an object with attributions or events"),
        ("a.json", '{"attributions": {}}', None, "attributions must be a list"),
        ("a.json", '{"attributions": ["said"]}', None, "number 1 of attributions must be an object"),
        (
            "a.json",
            changed(lambda gold: gold["attributions"][1].update(cue="denied")),
            "a2",
            "a2, cue: “denied” does not occur in the text",
        ),
        (
            "a.json",
            changed(lambda gold: gold["attributions"][1].update(cue="said", occurrence={"cue": 4})),
            "a2",
            "does not occur 4 times",
        ),
        (
            "a.json",
            changed(lambda gold: gold["attributions"][0]["cue"].update(start=33)),
            "a1",
            "a1, cue: “said” does not stand at 33 to 38, where the text has “\nsaid”",
        ),
        (
            "a.json",
            changed(lambda gold: gold["attributions"][0].update(source=7)),
            "a1",
            "a1, source: give words",
        ),
        ("a.json", changed(lambda gold: gold["attributions"][0].update(source=" ")), "a1", "a1, source"),
        (
            "a.json",
            changed(lambda gold: gold["attributions"][0].update(occurrence={"cue": "x"})),
            "a1",
            "a number",
        ),
        (
            "a.json",
            changed(lambda gold: gold["attributions"][1].update(stance="denial")),
            "a2",
            "there is no stance 'denial'; choose among Accusation",
        ),
        ("a.json", changed(lambda gold: gold["events"].append({"id": "e1"})), "e1", "e1 has no type"),
        (
            "a.json",
            changed(lambda gold: gold["relations"].append({"type": "backs", "subject": "x"})),
            None,
            "number 1 of relations has no object",
        ),
        ("a.ann", "hello\n", 1, "no line of brat's stand-off form"),
        ("a.ann", "T1\tCue 9 13\tsaid\nE1\tAttribution:T1 Cue:T2\n", 2, "E1 names T2 for Cue"),
        ("a.ann", "T1\tCue 9 13\tsaid\nE1\tAttribution:T1 Verb:T1\n", 2, "a role 'Verb'"),
        ("a.ann", "T1\tCue 9-13\tsaid\n", 1, "its offsets"),
        ("a.ann", "T1\tCue 9 13\tsaid\nT1\tCue 9 13\tsaid\n", 2, "stands there twice"),
        ("a.ann", "T1\tCue 9 999\tsaid\n", 1, "no part of the text, which has"),
        ("a.ann", "\nT1\tCue 13 9\tsaid\n", 2, "no part of the text"),
        ("a.ann", "T1\tCue 9 13\tsays\n", 1, "should be “says” but the text has “said”"),
    ],
)
def test_a_bad_file_is_told_by_name_and_line_and_the_others_are_read(
    tmp_path: Path, name: str, words: str, line: int | str | None, what: str
) -> None:
    if isinstance(line, str):
        line = words[: words.index(f'"id": "{line}"')].count("\n") + 1
    write(write(tmp_path, name, words), "b.ann", BRAT)
    with pytest.raises(BadAnnotation) as told:
        list(read_annotations(tmp_path))
    assert (told.value.path, told.value.line) == (tmp_path / name, line)
    assert what in told.value.what
    assert str(told.value).startswith(f"{tmp_path / name}{f', line {line}' if line else ''}: ")
    faults: list[BadAnnotation] = []
    assert [article.name for article in read_annotations(tmp_path, refuse=faults.append)] == ["b"]
    assert [str(fault) for fault in faults] == [str(told.value)]


def test_a_text_that_is_missing_or_not_utf_8_is_told(tmp_path: Path) -> None:
    write(tmp_path, "a.ann", BRAT)
    (tmp_path / "a.txt").unlink()
    with pytest.raises(BadAnnotation, match="give the folder of its text"):
        list(read_annotations(tmp_path))
    (tmp_path / "a.txt").write_bytes(b"\xff\xfe")
    with pytest.raises(BadAnnotation, match=r"a\.txt: the article can't be read"):
        list(read_annotations(tmp_path))


def test_texts_may_lie_elsewhere_and_one_article_has_one_annotation(tmp_path: Path) -> None:
    gold, texts = tmp_path / "gold", tmp_path / "texts"
    gold.mkdir()
    texts.mkdir()
    write(texts, "a.json", "{}")
    for name, words in (("a.json", json.dumps({"attributions": []})), ("a.ann", BRAT), ("notes.md", "x")):
        (gold / name).write_text(words)
    (article,) = read_annotations(gold, texts)
    assert article.gold["attributions"] == []
    assert list_files(gold) == [gold / "a.json"]


def test_a_folder_without_annotations_is_wrong_use(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(TEXT)
    with pytest.raises(UsageError, match="no annotated article"):
        list(read_annotations(tmp_path))


@pytest.mark.parametrize(
    ("folder", "articles", "attributions"),
    [("attribution/dev", 34, 322), ("attribution/train", 217, 2402), ("polnear/dev", 84, 2193)],
)
def test_the_corpora_are_read_without_a_fault(folder: str, articles: int, attributions: int) -> None:
    if not (CORPORA / folder).is_dir():
        pytest.skip(f"the corpus {folder} is not beside the checkout")
    found = list(read_annotations(CORPORA / folder))
    assert len(found) == articles
    assert sum(len(article.gold["attributions"]) for article in found) == attributions
    for article in found:
        for one in article.gold["attributions"]:
            for value in (one["source"], one["cue"], one["content"]):
                for part in value if isinstance(value, list) else [value] if value else []:
                    assert article.text[part["start"] : part["end"]] == part["text"]


def test_reading_corpora_imports_nothing_heavy() -> None:
    heavy = "{'spacy', 'onnxruntime', 'rdflib', 'rich', 'pyoxigraph'}"
    code = f"import sys, loaders.scoring.corpora; sys.exit({heavy} & set(sys.modules) or 0)"
    found = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert (found.returncode, found.stderr) == (0, "")
