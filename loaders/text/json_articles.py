"""Reads files of many articles: JSON lines, or a list of objects, with the field names in use elsewhere."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, BinaryIO

from graph.model import Described
from loaders.text.calendar_words import parse_date
from loaders.text.encodings import complaint_about_bytes
from loaders.text.raw_articles import SPLIT, RawArticle, Refusal, check

_MAX_LIST_BYTES = 200_000_000
_HEAD_BYTES = 20_000
_JSON_TOKEN = re.compile(r'"(?P<key>(?:[^"\\]|\\.)*)"\s*:|"(?:[^"\\]|\\.)*"|(?P<open>[\[{])|(?P<close>[\]}])')
_FIELDS: Mapping[str, tuple[str, ...]] = {
    "text": ("text", "body", "content", "article_text", "maintext", "full_text"),
    "title": ("title", "headline", "name"),
    "url": ("url", "sourceUrl", "source_url", "link", "uri"),
    "date": (
        "date", "published", "date_published", "datePublished", "publishedAt", "published_at", "date_publish",
        "pubDate",
    ),
    "outlet": ("outlet", "sourceName", "source", "publisher", "source_name", "newspaper", "site"),
    "id": ("id", "_id", "uid", "doc_id", "docid", "article_id"),
}  # fmt: skip


def holds_articles(path: Path) -> bool:
    """Tell by its first object whether a .json file holds articles; other JSON is data of other kinds."""
    try:
        with path.open("rb") as handle:
            head = handle.read(_HEAD_BYTES).decode("utf-8", "ignore")
    except OSError:
        return True
    return any(key in _FIELDS["text"] for key in _first_keys(head))


def _first_keys(head: str) -> Iterator[str]:
    """Give the keys of the first object in the beginning of a JSON file, which may be cut off anywhere."""
    depth = depth_of_object = 0
    for token in _JSON_TOKEN.finditer(head):
        if token["open"]:
            depth += 1
            depth_of_object = depth_of_object or (depth if token["open"] == "{" else 0)
        elif token["close"]:
            depth -= 1
            if depth < depth_of_object:
                return
        elif token["key"] is not None and depth == depth_of_object:
            yield token["key"]


def read_articles(path: Path, max_bytes: int) -> Iterator[RawArticle | Refusal]:
    """Read JSON lines, or a list of objects; which of the two the content tells. Raises OSError."""
    with path.open("rb") as handle:
        head = handle.read(4096)
        handle.seek(0)
        complaint = complaint_about_bytes(head.lstrip(), path.name, is_part=True)
        if complaint:
            yield Refusal(path.name, *complaint)
        elif _starts_list(path, handle):
            yield from _read_list(path, handle, max_bytes)
        else:
            yield from _read_lines(path, handle, max_bytes)


def _starts_list(path: Path, handle: BinaryIO) -> bool:
    """Tell whether the file is one JSON value: a list, or one object over several lines."""
    first = b""
    while not first and (line := handle.readline(_HEAD_BYTES)):
        first = line.lstrip(b"\xef\xbb\xbf \t\r\n")
    handle.seek(0)
    return first.startswith(b"[") or (path.suffix.lower() == ".json" and first.rstrip() == b"{")


def _read_list(path: Path, handle: BinaryIO, max_bytes: int) -> Iterator[RawArticle | Refusal]:
    raw = handle.read(_MAX_LIST_BYTES + 1)
    if len(raw) > _MAX_LIST_BYTES:
        yield Refusal(
            path.name,
            "the list is too large to be read at once",
            "write it as JSON lines, one article a line",
        )
        return
    try:
        values = json.loads(raw.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        yield Refusal(
            path.name, f"this is no valid JSON ({_short(error)})", "correct it, or write one article a line"
        )
        return
    values = values if isinstance(values, list) else [values]
    for number, value in enumerate(values, start=1):
        yield _from_value(path, number, value, max_bytes)
    if not values:
        yield Refusal(path.name, "the list holds no article", "check that the right file was named")


def _read_lines(path: Path, handle: BinaryIO, max_bytes: int) -> Iterator[RawArticle | Refusal]:
    longest = 8 * max_bytes + 65_536
    number = found = 0
    while line := handle.readline(longest):
        number += 1
        name = f"{path.name}#{number}"
        if len(line) == longest and not line.endswith(b"\n"):
            while (rest := handle.readline(longest)) and not rest.endswith(b"\n"):
                pass
            found += 1
            yield Refusal(
                name, f"line {number} is too large for one article, the limit is {max_bytes:,} bytes", SPLIT
            )
            continue
        if not line.strip(b"\xef\xbb\xbf \t\r\n"):
            continue
        found += 1
        try:
            value = json.loads(line.decode("utf-8-sig"))
        except (ValueError, RecursionError) as error:
            yield Refusal(
                name, f"line {number} is no valid JSON ({_short(error)})", "correct the line or remove it"
            )
            continue
        yield _from_value(path, number, value, max_bytes)
    if not found:
        yield Refusal(path.name, "the file is empty", "check that it was saved, or remove it")


def _from_value(path: Path, number: int, value: Any, max_bytes: int) -> RawArticle | Refusal:
    """Make the article of one JSON object; `number` is its line, or its place in the list."""
    name = f"{path.name}#{number}"
    if not isinstance(value, dict):
        return Refusal(
            name, "this is not an object with fields", 'write each article as {"text": "…", "title": "…"}'
        )
    key = _field(value, "id")
    if key:
        name = f"{path.name}#{key[1]}"
    text = _field(value, "text")
    if text is None:
        fields = "; ".join(str(field) for field in list(value)[:8]) or "none"
        return Refusal(
            name, f"there is no text in it (fields: {fields})", 'put the article\'s text into a field "text"'
        )
    try:
        raw = text[1].encode("utf-8")
    except UnicodeEncodeError:
        return Refusal(
            name, "its text holds half of a character", "write the file again from its source as UTF-8"
        )
    if len(raw) > max_bytes:
        return Refusal(name, f"the text is too large: {len(raw):,} bytes, the limit is {max_bytes:,}", SPLIT)
    complaint = complaint_about_bytes(raw, name)
    if complaint:
        return Refusal(name, *complaint)
    return check(RawArticle(name, raw, text[1], _described(value), path))


def _described(value: Mapping[str, Any]) -> Described:
    title, url, date, outlet = (_field(value, part) for part in ("title", "url", "date", "outlet"))
    published = parse_date(date[1]) if date else None
    return Described(
        title=" ".join(title[1].split()) if title else None,
        published=published,
        published_basis=f"stated: '{date[1]}' in the field {date[0]}" if date and published else None,
        outlet=outlet[1].strip() if outlet else None,
        outlet_basis=f"stated: '{outlet[1].strip()}' in the field {outlet[0]}" if outlet else None,
        url=url[1].strip() if url and url[1].strip().startswith(("http://", "https://")) else None,
    )


def _field(value: Mapping[str, Any], part: str) -> tuple[str, str] | None:
    """Give the name and the words of the first field that may hold this part; {"$oid": …} counts as words."""
    for name in _FIELDS[part]:
        found = value.get(name)
        if isinstance(found, dict) and len(found) == 1:
            found = next(iter(found.values()))
        if isinstance(found, int) and not isinstance(found, bool) and part == "id":
            found = str(found)
        if isinstance(found, str) and (found.strip() or part == "text"):
            return name, found
    return None


def _short(error: Exception) -> str:
    return str(error)[:120] if not isinstance(error, RecursionError) else "nested too deeply"
