"""An article in Markdown is read without its markup; its front matter says what the file knows of it."""

from __future__ import annotations

import datetime as dt
import time
from pathlib import Path

import pytest

from loaders.text.readers import RawArticle, Refusal, read_file

SENTENCE = "Troops entered the river town on Wednesday, a military spokesman said."
ARTICLE = f"""---
title: "Troops: enter the river town"   # working title
date: 2017-11-08T10:00:00Z
authors:
  - Jane Doe
  - AFP
source: 'Example Times'
url: https://example.org/1
draft: false
nested:
  key: value
---

# Troops: enter the river town

{SENTENCE.replace("Wednesday", "**Wednesday**").replace("river town", "[river town](https://example.org/2)")}
It was *quiet* &amp; dark.

![The bridge](a.jpg)

## A denial

> “We have not left,”
> a commander said.

- Ten were ~~killed~~ wounded.
- Nobody else was.

<script>nothing</script>
"""


def read(path: Path, content: str | bytes, name: str = "a.md") -> tuple[list[RawArticle], list[Refusal]]:
    file = path / name
    file.write_bytes(content if isinstance(content, bytes) else content.encode())
    refused: list[Refusal] = []
    return list(read_file(file, refuse=refused.append)), refused


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_text_is_kept_without_markup(newline: str, tmp_path: Path) -> None:
    ((article,), refused) = read(tmp_path, ARTICLE.replace("\n", newline))
    assert article.text == (
        "Troops: enter the river town\n\n"
        f"{SENTENCE} It was quiet & dark.\n\n"
        "A denial\n\n"
        "“We have not left,” a commander said.\n\n"
        "Ten were wounded.\n\n"
        "Nobody else was.\n"
    )
    assert refused == []
    about = article.described
    assert about.title == "Troops: enter the river town"
    assert about.published == dt.date(2017, 11, 8)
    assert about.published_basis == "stated: '2017-11-08T10:00:00Z' in the front matter, date"
    assert (about.outlet, about.outlet_basis) == (
        "Example Times",
        "stated: 'Example Times' in the front matter, source",
    )
    assert (about.agency, about.byline) == ("AFP", "Jane Doe, AFP")
    assert about.url == "https://example.org/1"


@pytest.mark.parametrize(
    ("front", "title", "date"),
    [
        ("", None, None),
        ("---\n---\n", None, None),
        ("---\ntitle: A title\n---\n", "A title", None),
        ("---\ntitle: 'A: title'\npublished: 8 November 2017\n---\n", "A: title", "2017-11-08"),
        ("---\nTitle: none of ours\ndate:\n---\n", None, None),
        ("---\ntitle: >\n  folded\n---\n", None, None),
        ("---\ntitle: [A, B]\n---\n", "A, B", None),
        ("---\ndate: 03/10/2017\n---\n", None, None),
        ("---\ndate: 20171108\n---\n", None, "2017-11-08"),
        ('+++\ntitle = "A title"\ndate = 2017-11-08T10:00:00Z\n+++\n', "A title", "2017-11-08"),
        ('+++\ntitle = "A title\n+++\n', None, None),
        ("\ufeff---\ntitle: A title\n---\n", "A title", None),
        ("# A heading of *its* own\n\n", "A heading of its own", None),
        ("A heading of its own\n====\n\n", "A heading of its own", None),
        ("---\ntitle: A title\n---\n# Another\n\n", "A title", None),
    ],
)
def test_front_matter_says_what_it_says(
    front: str, title: str | None, date: str | None, tmp_path: Path
) -> None:
    ((article,), _) = read(tmp_path, front + SENTENCE)
    about = article.described
    assert about.title == title
    assert (about.published.isoformat() if about.published else None) == date
    assert article.text.endswith(f"{SENTENCE}\n")
    assert article.text.startswith(title or SENTENCE)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ("", "the file is empty"),
        ("---\ntitle: A title\n---\n", "there is no text in it"),
        ("---\ntitle: A title\n---\n![A picture](a.jpg)\n", "there is no text in it but a headline"),
        ("* a\n* b\n", "there is no sentence in it"),
        (SENTENCE.encode() + b"\xff", "is no UTF-8"),
        (SENTENCE * 20_000, "too large"),
        (">" * 10_000 + SENTENCE, "there is no text in it"),
        (b"%PDF-1.4", "this is a PDF"),
    ],
)
def test_markdown_without_an_article_is_refused(content: str | bytes, reason: str, tmp_path: Path) -> None:
    articles, refused = read(tmp_path, content)
    assert articles == []
    assert reason in refused[0].reason


@pytest.mark.parametrize(
    "unit", ["[", "*a ", "**a", "<", "&", "*_", "[a](", "![a", "~~a", "<!--", "`", "a\n", "---\n", "- ", "|"]
)
def test_hostile_markdown_takes_seconds_at_most(unit: str, tmp_path: Path) -> None:
    begun = time.process_time()
    read(tmp_path, f"{SENTENCE}\n\n{unit * 50_000}\n\n{SENTENCE}")
    assert time.process_time() - begun < 10
