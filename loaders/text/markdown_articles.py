"""Reads articles in Markdown: the front matter is what the file states of the article, the markup is taken off."""

from __future__ import annotations

import hashlib
import re
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from graph.model import Described
from loaders.text.encodings import complaint_about_bytes
from loaders.text.fields import Fields, to_day
from loaders.text.markup import to_paragraphs
from loaders.text.page_metadata import find_agency
from loaders.text.raw_articles import SPLIT, RawArticle, Refusal, Source, make_article

MARKDOWN_SUFFIXES = frozenset({".md", ".markdown"})

_FRONT = re.compile(
    r"\ufeff?(?P<mark>---|\+\+\+)[ \t]*\r?\n(?P<front>.*?)^(?P=mark)[ \t]*(?:\r?\n|\Z)",
    re.DOTALL | re.MULTILINE,
)
_PAIR = re.compile(r"(?P<name>[\w-]+)[ \t]*:(?:[ \t]+(?P<value>.*))?$")
_ITEM = re.compile(r"\s*-\s+(?P<value>.+)$")
_QUOTED = re.compile(r"(?P<mark>[\"'])(?P<words>.*)(?P=mark)\s*(?:#.*)?")
_COMMENT = re.compile(r"\s+#.*$")
_AUTHORS = ("author", "authors", "byline", "by", "creator")
_LANGUAGES = ("lang", "language", "locale")
_HEADING = re.compile(r"<h1>(.*?)</h1>", re.DOTALL)


def read_markdown(path: Path, max_bytes: int) -> RawArticle | Refusal:
    """Read an article in Markdown. Raises OSError."""
    # Only those should wait for its import who have such files.
    from markdown_it import MarkdownIt

    with path.open("rb") as handle:
        raw = handle.read(max_bytes + 1)
    if len(raw) > max_bytes:
        return Refusal(
            path.name, f"the text is too large for one article, the limit is {max_bytes:,} bytes", SPLIT
        )
    if complaint := complaint_about_bytes(raw, path.name):
        return Refusal(path.name, *complaint)
    source = Source(path.name, path, hashlib.sha256(raw).hexdigest(), max_bytes)
    text = raw.decode("utf-8")
    front = _FRONT.match(text)
    body = text[front.end() :] if front else text.removeprefix("\ufeff")
    stated = _read_front(front["mark"], front["front"]) if front else {}
    markup = MarkdownIt("commonmark").enable(["table", "strikethrough"]).render(body)
    paragraphs = to_paragraphs(markup)
    title = Fields().find(stated, "title")
    heading = _HEADING.match(markup)
    own = to_paragraphs(heading[1]) if heading else []
    return make_article(source, title[1] if title else " ".join(own) or None, paragraphs, _described(stated))


def _described(stated: Mapping[str, Any]) -> Described:
    date, outlet, url = (Fields().find(stated, role) for role in ("date", "outlet", "url"))
    published = to_day(date[1]) if date else None
    author = next((str(stated[name]) for name in _AUTHORS if stated.get(name)), None)
    agency = find_agency(author or "")
    language = next((str(stated[name]) for name in _LANGUAGES if stated.get(name)), "")
    return Described(
        published=published,
        published_basis=f"stated: '{date[1]}' in the front matter, {date[0]}" if date and published else None,
        outlet=outlet[1] if outlet else None,
        outlet_basis=f"stated: '{outlet[1]}' in the front matter, {outlet[0]}" if outlet else None,
        agency=agency,
        agency_basis=f"stated: '{author}' in the front matter" if agency else None,
        language=language[:2].lower() or None,
        url=url[1] if url and url[1].startswith(("http://", "https://")) else None,
        byline=author,
    )


def _read_front(mark: str, front: str) -> Mapping[str, Any]:
    """Read the front matter: TOML between +++, and of YAML between --- the plain values and lists of one level."""
    if mark == "+++":
        try:
            values = tomllib.loads(front)
        except tomllib.TOMLDecodeError:
            return {}
        return {
            name: ", ".join(map(str, value)) if isinstance(value, list) else str(value)
            for name, value in values.items()
        }
    return {name: ", ".join(values) for name, values in _read_yaml(front).items() if values}


def _read_yaml(front: str) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    name: str | None = None
    for line in front.splitlines():
        if pair := _PAIR.match(line):
            name = pair["name"]
            found.setdefault(name, []).extend(_values(pair["value"] or ""))
        elif name and (item := _ITEM.match(line)):
            found[name].extend(_values(item["value"]))
    return found


def _values(words: str) -> Iterator[str]:
    words = words.strip()
    if words[:1] == "[" and words[-1:] == "]":
        for one in words[1:-1].split(","):
            yield from _values(one)
        return
    quoted = _QUOTED.fullmatch(words)
    words = quoted["words"] if quoted else _COMMENT.sub("", words)
    # A block scalar (| or >) and null have no value on their line.
    if words not in ("", "|", ">", "|-", ">-", "~", "null"):
        yield words
