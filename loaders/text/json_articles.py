"""Reads files of many articles: JSON lines, or a list of objects, with the field names in use elsewhere."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any, BinaryIO

from graph.model import Described
from loaders.text.encodings import complaint_about_bytes
from loaders.text.fields import Fields, to_day
from loaders.text.raw_articles import SPLIT, RawArticle, Refusal, check

_MAX_LIST_BYTES = 200_000_000
_HEAD_BYTES = 20_000
_USUAL = Fields()
_JSON_TOKEN = re.compile(r'"(?P<key>(?:[^"\\]|\\.)*)"\s*:|"(?:[^"\\]|\\.)*"|(?P<open>[\[{])|(?P<close>[\]}])')


def holds_articles(path: Path, fields: Fields = _USUAL) -> bool:
    """Tell by its first object whether a .json file holds articles; other JSON is data of other kinds."""
    try:
        with path.open("rb") as handle:
            head = handle.read(_HEAD_BYTES).decode("utf-8", "ignore")
    except OSError:
        return True
    return fields.starts_with_text(_first_keys(head))


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


def read_articles(path: Path, max_bytes: int, fields: Fields = _USUAL) -> Iterator[RawArticle | Refusal]:
    """Read JSON lines, or a list of objects; which of the two the content tells. Raises OSError.

    A file in which no object has a field that the user named is refused as a whole.
    """
    with path.open("rb") as handle:
        head = handle.read(4096)
        handle.seek(0)
        complaint = complaint_about_bytes(head.lstrip(), path.name, is_part=True)
        if complaint:
            yield Refusal(path.name, *complaint)
        elif _starts_list(path, handle):
            yield from _read_list(path, handle, max_bytes, fields)
        elif complaint := _complaint_about_fields(handle, max_bytes, fields):
            yield Refusal(path.name, *complaint)
        else:
            yield from _read_lines(path, handle, max_bytes, fields)


def _starts_list(path: Path, handle: BinaryIO) -> bool:
    """Tell whether the file is one JSON value: a list, or one object over several lines."""
    first = b""
    while not first and (line := handle.readline(_HEAD_BYTES)):
        first = line.lstrip(b"\xef\xbb\xbf \t\r\n")
    handle.seek(0)
    return first.startswith(b"[") or (path.suffix.lower() == ".json" and first.rstrip() == b"{")


def _read_list(
    path: Path, handle: BinaryIO, max_bytes: int, fields: Fields
) -> Iterator[RawArticle | Refusal]:
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
    if complaint := fields.complain(values):
        yield Refusal(path.name, *complaint)
        return
    for number, value in enumerate(values, start=1):
        yield _from_value(path, number, value, max_bytes, fields)
    if not values:
        yield Refusal(path.name, "the list holds no article", "check that the right file was named")


def _complaint_about_fields(handle: BinaryIO, max_bytes: int, fields: Fields) -> tuple[str, str] | None:
    """Look for the fields that the user named, as a rule in the first line alone."""
    complaint = fields.complain(_objects(handle, _longest_line(max_bytes))) if fields.named else None
    handle.seek(0)
    return complaint


def _objects(handle: BinaryIO, longest: int) -> Iterator[Any]:
    while line := handle.readline(longest):
        with suppress(ValueError, RecursionError):
            yield json.loads(line.decode("utf-8-sig"))


def _longest_line(max_bytes: int) -> int:
    # A letter may stand as six (\u0041), and other fields beside the text.
    return 8 * max_bytes + 65_536


def _read_lines(
    path: Path, handle: BinaryIO, max_bytes: int, fields: Fields
) -> Iterator[RawArticle | Refusal]:
    longest = _longest_line(max_bytes)
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
        yield _from_value(path, number, value, max_bytes, fields)
    if not found:
        yield Refusal(path.name, "the file is empty", "check that it was saved, or remove it")


def _from_value(path: Path, number: int, value: Any, max_bytes: int, fields: Fields) -> RawArticle | Refusal:
    """Make the article of one JSON object; `number` is its line, or its place in the list."""
    name = f"{path.name}#{number}"
    if not isinstance(value, dict):
        return Refusal(
            name, "this is not an object with fields", 'write each article as {"text": "…", "title": "…"}'
        )
    key = fields.find(value, "id")
    if key:
        name = f"{path.name}#{key[1]}"
    text = fields.find(value, "text")
    if text is None:
        there = "; ".join(str(field) for field in list(value)[:8]) or "none"
        remedy = f'put the article\'s text into a field "{fields.names["text"][0]}", or say in --fields where it is'
        return Refusal(name, f"there is no text in it (fields: {there})", remedy)
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
    return check(RawArticle(name, raw, text[1], _described(value, fields), path))


def _described(value: Mapping[str, Any], fields: Fields) -> Described:
    title, url, date, outlet = (fields.find(value, role) for role in ("title", "url", "date", "outlet"))
    published = to_day(date[1]) if date else None
    return Described(
        title=" ".join(title[1].split()) if title else None,
        published=published,
        published_basis=f"stated: '{date[1]}' in the field {date[0]}" if date and published else None,
        outlet=outlet[1].strip() if outlet else None,
        outlet_basis=f"stated: '{outlet[1].strip()}' in the field {outlet[0]}" if outlet else None,
        url=url[1].strip() if url and url[1].strip().startswith(("http://", "https://")) else None,
    )


def _short(error: Exception) -> str:
    return str(error)[:120] if not isinstance(error, RecursionError) else "nested too deeply"
