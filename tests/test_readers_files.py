"""What is read keeps its bytes, offsets and order; what a file says of its articles is taken along."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.model import Described
from loaders.text.readers import RawArticle, find_files, read_file

SENTENCE = "Troops entered the town on Wednesday, state media said."


def read(path: Path) -> list[RawArticle]:
    return list(read_file(path))


@pytest.mark.parametrize(
    "words",
    [
        SENTENCE,
        f"\ufeff{SENTENCE}",
        f"{SENTENCE}\r\n\r\nHe said “no”.\r\n",
        f"{SENTENCE}\r{SENTENCE}\n\x0c\u2028{SENTENCE}",
        f"{SENTENCE} قال المتحدث \U0001f600 c'est tout",
    ],
    ids=["plain", "byte order mark", "windows newlines", "odd newlines", "other scripts"],
)
def test_text_keeps_its_characters_and_bytes(words: str, tmp_path: Path) -> None:
    path = tmp_path / "article.txt"
    path.write_bytes(words.encode())
    (article,) = read(path)
    assert article.text == words
    assert article.raw == words.encode()
    assert article.file_name == "article.txt"


@given(st.text(alphabet=st.characters(codec="utf-8", exclude_categories=["Cc"]), max_size=60))
def test_any_text_comes_out_as_it_went_in(words: str) -> None:
    value = json.dumps({"text": f"{SENTENCE} {words}"})
    from loaders.text.encodings import complaint_about_bytes, decode

    raw = json.loads(value)["text"].encode()
    assert complaint_about_bytes(raw, "x") is None
    assert decode(raw) == f"{SENTENCE} {words}"


def test_folder_is_walked_in_order_without_what_is_no_article(tmp_path: Path) -> None:
    for name in (
        "b.txt",
        "a.txt",
        "c/d.txt",
        ".hidden.txt",
        ".git/e.txt",
        "a.ann",
        "a.source",
        "f.csv",
        "LICENSE",
        "README.md",
        "Changelog.md",
        "x.md",
        "x.html",
        "x_files/frame.html",
        "x.warc.gz",
        "x.rss",
    ):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(SENTENCE)
    (tmp_path / "g.jsonl").write_text(json.dumps({"text": SENTENCE}))
    (tmp_path / "documents.json").write_text(json.dumps({"_id": "1", "text": SENTENCE}))
    (tmp_path / "entities.json").write_text(json.dumps({"_id": "1", "begin": 0, "end": 5}))
    (tmp_path / "h.docx").write_bytes(b"PK\x03\x04")
    (tmp_path / "feed.xml").write_text("<?xml version='1.0'?><rss version='2.0'></rss>")
    (tmp_path / "data.xml").write_text("<?xml version='1.0'?><table></table>")
    names = [path.relative_to(tmp_path).as_posix() for path in find_files([tmp_path])]
    assert names == [
        "a.txt", "b.txt", "c/d.txt", "documents.json", "feed.xml", "g.jsonl", "h.docx", "x.html", "x.md", "x.rss",
        "x.warc.gz",
    ]  # fmt: skip


def test_path_named_twice_is_read_once(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text(SENTENCE)
    assert find_files([path, tmp_path, path, tmp_path / "sub" / ".." / "a.txt"]) == (path,)


def test_lines_give_what_their_fields_say() -> None:
    path = Path(__file__).parent / "data" / "bad" / "lines.jsonl"
    first, second = read_file(path, refuse=lambda refusal: None)
    assert first.described == Described(
        title="Troops enter town",
        published=dt.date(2017, 11, 8),
        published_basis="stated: '2017-11-08T10:00:00Z' in the field date",
        outlet="Example Times",
        outlet_basis="stated: 'Example Times' in the field source",
        language="en",
        url="https://example.org/1",
    )
    assert second.text == "A spokesman denied that his fighters had crossed the border.\r\n"
    assert second.raw == second.text.encode()
    # 03/10/2017 is two days, according to who reads it.
    assert second.described.published is None


@pytest.mark.parametrize("form", ["lines", "list", "indented list", "one object"])
def test_json_is_read_by_its_content(form: str, tmp_path: Path) -> None:
    values = [
        {"_id": {"$oid": "1a"}, "text": SENTENCE, "sourceUrl": "https://example.org"},
        {"text": SENTENCE + " Again."},
    ]
    content = {
        "lines": "\ufeff" + "\n".join(json.dumps(value) for value in values),
        "list": json.dumps(values),
        "indented list": json.dumps(values, indent=1),
        "one object": json.dumps(values[0], indent=1),
    }[form]
    path = tmp_path / "documents.json"
    path.write_text(content, encoding="utf-8")
    names = [article.file_name for article in read(path)]
    assert names == (
        ["documents.json#1a"] if form == "one object" else ["documents.json#1a", "documents.json#2"]
    )


def test_short_and_mixed_english_is_not_suspected(tmp_path: Path) -> None:
    for n, words in enumerate(
        ("Troops enter Al Bukamal from Iraq", f"{SENTENCE} “Ils sont entrés”, “ils ont quitté”, he said.")
    ):
        path = tmp_path / f"{n}.txt"
        path.write_text(words, encoding="utf-8")
        assert len(read(path)) == 1


def test_english_is_recognised_in_every_language_column_of_the_corpora() -> None:
    corpora = Path(__file__).parents[2] / "shared" / "corpora"
    if not corpora.is_dir():
        pytest.skip("the corpora are not beside the checkout")
    files = find_files([corpora / "fakes", corpora / "attribution" / "dev", corpora / "re3d"])
    articles = [article for file in files for article in read(file)]
    assert len(articles) == 50 + 34 + 62
