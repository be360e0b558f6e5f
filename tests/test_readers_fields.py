"""Users say in which fields of their JSON lines text, title and date stand; a wrong name is answered for."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

import hearsay
from graph.errors import UsageError
from loaders.text.fields import Fields, to_day
from loaders.text.readers import RawArticle, Refusal, find_files, read_file

SENTENCE = "Troops entered the town on Wednesday, state media said."
LINE = {
    "key": 7,
    "article": {"body": SENTENCE, "head": {"line": "Troops enter"}, "when": "8 November 2017"},
    "site.name": "Example Times",
    "where": "https://example.org/1",
    "text": "Something else that is not the article, and long.",
}
ALL = "text=article.body,title=article.head.line,date=article.when,outlet=site.name,url=where,id=key"


def read(
    path: Path, values: list[Any], fields: str | None, name: str = "a.jsonl"
) -> tuple[list[RawArticle], list[Refusal]]:
    file = path / name
    text = json.dumps(values) if name.endswith(".json") else "\n".join(map(json.dumps, values))
    file.write_text(text, encoding="utf-8")
    refused: list[Refusal] = []
    return list(read_file(file, refuse=refused.append, fields=Fields.parse(fields))), refused


@pytest.mark.parametrize("name", ["a.jsonl", "a.json"])
def test_named_fields_and_paths_are_read(name: str, tmp_path: Path) -> None:
    ((article,), refused) = read(tmp_path, [LINE], ALL, name)
    assert refused == []
    assert (article.file_name, article.text) == (f"{name}#7", SENTENCE)
    about = article.described
    assert (about.title, about.outlet) == ("Troops enter", "Example Times")
    assert about.outlet_basis == "stated: 'Example Times' in the field site.name"
    assert about.published == dt.date(2017, 11, 8)
    assert about.published_basis == "stated: '8 November 2017' in the field article.when"
    assert about.url == "https://example.org/1"


def test_roles_left_out_keep_their_usual_names(tmp_path: Path) -> None:
    value = {"inhalt": SENTENCE, "title": "Troops enter", "date": "2017-11-08"}
    ((article,), _) = read(tmp_path, [value], "text=inhalt")
    assert (article.described.title, article.described.published) == ("Troops enter", dt.date(2017, 11, 8))


def test_role_may_have_several_fields(tmp_path: Path) -> None:
    articles, refused = read(tmp_path, [{"a": SENTENCE}, {"b": SENTENCE + " Again."}], "text=a,text=b")
    assert [article.text for article in articles] == [SENTENCE, f"{SENTENCE} Again."]
    assert refused == []


def test_paragraphs_of_a_list_are_one_text(tmp_path: Path) -> None:
    ((article,), _) = read(tmp_path, [{"parts": [SENTENCE, SENTENCE]}], "text=parts")
    assert article.text == f"{SENTENCE}\n\n{SENTENCE}"


def test_line_without_the_field_leaves_the_others(tmp_path: Path) -> None:
    articles, refused = read(
        tmp_path, [{"other": 1}, {"body": SENTENCE, "text": "x"}, {"text": SENTENCE}], "text=body"
    )
    assert [article.file_name for article in articles] == ["a.jsonl#2"]
    assert [refusal.file for refusal in refused] == ["a.jsonl#1", "a.jsonl#3"]
    assert 'a field "body"' in refused[0].remedy


@pytest.mark.parametrize("name", ["a.jsonl", "a.json"])
@pytest.mark.parametrize(
    ("fields", "missing"),
    [
        ("text=words", "words (text)"),
        ("text=article.words", "article.words (text)"),
        ("text=article.body.more", "article.body.more (text)"),
        ("title=titel", "titel (title)"),
        ("text=words,title=titel", "words (text), titel (title)"),
        ("text=words,text=inhalt", "words or inhalt (text)"),
    ],
)
def test_field_that_no_line_has_is_told_with_those_that_are_there(
    fields: str, missing: str, name: str, tmp_path: Path
) -> None:
    articles, refused = read(tmp_path, [LINE, LINE], fields, name)
    assert articles == []
    assert [refusal.file for refusal in refused] == [name]
    reason = refused[0].reason
    assert f"no article in it has the field {missing}; the fields that are there: key, article.body" in reason
    assert "where" in reason
    assert "--fields" in refused[0].remedy


def test_file_without_one_good_line_is_told_line_by_line(tmp_path: Path) -> None:
    file = tmp_path / "a.jsonl"
    file.write_text("no json\n[1]\n")
    refused: list[Refusal] = []
    assert list(read_file(file, refuse=refused.append, fields=Fields.parse("text=body"))) == []
    assert [refusal.file for refusal in refused] == ["a.jsonl#1", "a.jsonl#2"]


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        ("txt=body", "the role 'txt'; the roles are text, title"),
        ("text", "'text' in --fields names no field"),
        ("text=", "names no field"),
        ("=body", "names no field"),
        ("text=body;title=x,colour=red", "the role 'colour'"),
    ],
)
def test_fields_that_make_no_sense_are_wrong_use(words: str, reason: str) -> None:
    with pytest.raises(UsageError, match=r"--fields") as caught:
        Fields.parse(words)
    assert reason in str(caught.value)


@pytest.mark.parametrize("words", [None, "", " , "])
def test_no_fields_are_the_usual_ones(words: str | None) -> None:
    assert Fields.parse(words) == Fields()


def test_list_is_found_in_a_folder_by_the_name_of_its_field(tmp_path: Path) -> None:
    values = {"a.json": {"article": {"body": SENTENCE}}, "b.json": {"text": SENTENCE}, "c.json": {"x": 1}}
    for name, value in values.items():
        (tmp_path / name).write_text(json.dumps([value]))
    named = find_files([tmp_path], Fields.parse("text=article.body"))
    assert [path.name for path in named] == ["a.json", "b.json"]
    assert [path.name for path in find_files([tmp_path])] == ["b.json"]


@pytest.mark.parametrize(
    ("words", "day"),
    [
        ("2017-11-08T10:00:00Z", "2017-11-08"),
        ("20171108", "2017-11-08"),
        ("20171108103000", "2017-11-08"),
        ("1510135200", "2017-11-08"),
        ("1510135200000", "2017-11-08"),
        ("1510135200.5", "2017-11-08"),
        ("20171399", None),
        ("03/10/2017", None),
        ("soon", None),
        ("", None),
        ("9" * 13, "2286-11-20"),
        ("9" * 400, None),
    ],
)
def test_day_of_a_field(words: str, day: str | None) -> None:
    found = to_day(words)
    assert (found.isoformat() if found else None) == day


@pytest.mark.parametrize("command", ["load", "extract"])
@pytest.mark.parametrize("how", ["option", "setting"])
def test_commands_take_the_fields(
    command: str, how: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "a.jsonl").write_text(json.dumps(LINE))
    where = ["--data", str(tmp_path / "data")] if command == "load" else ["--out", str(tmp_path / "out")]
    fields = "text=words"
    words = [command, str(tmp_path / "a.jsonl"), *where, *(["--fields", fields] if how == "option" else [])]
    if how == "setting":
        monkeypatch.setenv("HEARSAY_FIELDS", fields)
    result = CliRunner().invoke(hearsay.app, words)
    assert result.exit_code == 1
    assert "no article in it has the field words (text)" in result.stderr
    assert CliRunner().invoke(hearsay.app, [*words, "--fields", "colour=red"]).exit_code == 2
