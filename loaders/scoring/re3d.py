"""Reads re3d, documents on the war in Syria and Iraq with entities that people confirmed or rejected.

A folder has `documents.json` and `entities.json`, one JSON object in each line, or folders that do. `begin` and
`end` of an entity are offsets into the document's `text`. Proposals of a machine that no reader confirmed stand
there with a low confidence: only those from 0.5 on are taken. Of two entities of one class that are nearly one
span (Jaccard of at least 0.5: with and without "the") the more confident one counts, of equal ones the longer.
The data: https://github.com/dstl/re3d
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from loaders.scoring.annotations import BadAnnotation, Refuse, tell
from loaders.scoring.entities import EntityArticle, EntityMention, share

_DOCUMENTS = "documents.json"
_ENTITIES = "entities.json"
_LEAST_CONFIDENCE = 0.5
_ONE_SPAN = 0.5
# The words beside the offsets have other quotation marks and spaces than the text.
_QUOTES = str.maketrans('“”‘’"', "'" * 5)
_NEEDED: dict[str, tuple[str, type]] = {
    "documentId": ("a text", str), "type": ("a text", str), "value": ("a text", str),
    "begin": ("a number", int), "end": ("a number", int),
}  # fmt: skip


def list_folders(folder: Path) -> list[Path]:
    """List the folders of re3d's form: the folder itself or those in it; none where it has another form."""
    places = [folder, *sorted(place for place in folder.glob("*") if place.is_dir())]
    return [place for place in places if (place / _DOCUMENTS).is_file() and (place / _ENTITIES).is_file()]


def read_entities(folder: Path, *, refuse: Refuse | None = None) -> Iterator[EntityArticle]:
    """Give the documents of a folder with their entities, in the order of their names.

    Raises BadAnnotation with file and line for the first fault; with `refuse` given, each fault goes there and the
    rest is still read.
    """
    for place in list_folders(folder):
        documents = {}
        for line, row in _rows(place / _DOCUMENTS, refuse):
            if isinstance(row.get("_id"), str) and isinstance(row.get("text"), str):
                documents[row["_id"]] = row["text"]
            else:
                tell(BadAnnotation(place / _DOCUMENTS, "a document needs _id and text", line), refuse)
        entities: dict[str, list[tuple[float, EntityMention]]] = {name: [] for name in documents}
        for line, row in _rows(place / _ENTITIES, refuse):
            fault = _find_fault(row, documents)
            if fault:
                tell(BadAnnotation(place / _ENTITIES, fault, line), refuse)
            elif row.get("confidence", 1) >= _LEAST_CONFIDENCE:
                mention = EntityMention(row["begin"], row["end"], row["type"])
                entities[row["documentId"]].append((row.get("confidence", 1), mention))
        for name in sorted(documents):
            yield EntityArticle(name, documents[name], _without_doubles(entities[name]))


def _rows(path: Path, refuse: Refuse | None) -> Iterator[tuple[int, dict[str, Any]]]:
    try:
        written = path.read_bytes().decode("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        tell(BadAnnotation(path, f"it can't be read ({error})"), refuse)
        return
    for number, words in enumerate(written.split("\n"), 1):
        if words.strip():
            try:
                row = json.loads(words)
            except ValueError as error:
                tell(BadAnnotation(path, f"it can't be read as JSON ({error}); correct it", number), refuse)
                continue
            if isinstance(row, dict):
                yield number, row
            else:
                tell(BadAnnotation(path, "each line must be an object with its fields", number), refuse)


def _find_fault(row: dict[str, Any], documents: dict[str, str]) -> str:
    for name, (what, kind) in _NEEDED.items():
        if not isinstance(row.get(name), kind):
            return f"an entity needs {name}, {what}"
    text = documents.get(row["documentId"])
    if text is None:
        return f"there is no document {row['documentId']}"
    there = text[row["begin"] : row["end"]]
    if not there or _flatten(there) != _flatten(row["value"]):
        return (
            f"“{row['value'][:60]}” does not stand at {row['begin']} to {row['end']}, "
            f"where the text has “{there[:60]}”"
        )
    return ""


def _flatten(words: str) -> list[str]:
    return words.translate(_QUOTES).split()


def _without_doubles(found: list[tuple[float, EntityMention]]) -> tuple[EntityMention, ...]:
    ranked = sorted(found, key=lambda one: (-one[0], one[1].start - one[1].end, one[1]))
    kept: list[EntityMention] = []
    for _, mention in ranked:
        if not any(other.kind == mention.kind and share(other, mention) >= _ONE_SPAN for other in kept):
            kept.append(mention)
    return tuple(sorted(kept))
