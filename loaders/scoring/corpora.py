"""Reads a folder of annotated articles, whatever form its annotations have.

- `.json` beside `.txt`, in the form of `tests/gold/GUIDELINES.md`; a string is given by its words and
  "occurrence", or with its place;
- `.ann` beside `.txt`, brat stand-off as in PolNeAR (`loaders/scoring/brat.py`).

Whoever measures and whoever trains read the same: every string comes with its place.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, get_args

from graph.errors import UsageError
from graph.model import Stance
from loaders.scoring.annotations import (
    AnnotatedArticle,
    Annotation,
    BadAnnotation,
    Refuse,
    read_occurrence,
    read_text,
    tell,
)
from loaders.scoring.brat import read_brat
from loaders.scoring.folded import FoldedText

__all__ = ["AnnotatedArticle", "BadAnnotation", "list_files", "read_annotations"]

_SUFFIXES = (".json", ".ann")
_PARTS = {
    "attributions": ("source", "cue", "content"),
    "events": ("trigger",),
    "relations": (),
    "quantities": (),
}
_NEEDED = {"events": ("type",), "relations": ("type", "subject", "object")}
_STANCES = frozenset(get_args(Stance))


def read_annotations(
    folder: Path, text_dir: Path | None = None, *, refuse: Refuse | None = None
) -> Iterator[AnnotatedArticle]:
    """Give the annotated articles of a folder in the order of their names; their texts lie in `text_dir`, or there.

    Raises BadAnnotation for the first file with a fault, which names the file and the line. With `refuse`
    given, each fault goes there instead and the other files are still read. Raises UsageError where the folder
    has no annotation at all.
    """
    paths = list_files(folder)
    if not paths:
        raise UsageError(f"there is no annotated article (*.json, *.ann) in {folder}; check the path")
    for path in paths:
        try:
            yield _read(path, text_dir or folder)
        except BadAnnotation as fault:
            tell(fault, refuse)


def list_files(folder: Path) -> list[Path]:
    """List the annotations of a folder, one for each article: where there are two forms, the .json."""
    found: dict[str, Path] = {}
    for suffix in _SUFFIXES:
        for path in folder.glob(f"*{suffix}"):
            found.setdefault(path.stem, path)
    return [found[name] for name in sorted(found)]


def _read(path: Path, text_dir: Path) -> AnnotatedArticle:
    try:
        written = path.read_bytes().decode("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise BadAnnotation(path, f"it can't be read as an annotation ({error}); write it again") from error
    text_path = text_dir / f"{path.stem}.txt"
    text = read_text(text_path)
    gold = read_brat(path, written, text) if path.suffix == ".ann" else _JsonFile(path, written, text).read()
    return AnnotatedArticle(path.stem, text_path, text, gold)


class _JsonFile:
    """Read one file in the form of the guidelines."""

    def __init__(self, path: Path, written: str, text: str) -> None:
        self.path = path
        self.written = written
        self.text = text
        self.folded = FoldedText(text)

    def read(self) -> Annotation:
        try:
            gold = json.loads(self.written)
        except ValueError as error:
            line = error.lineno if isinstance(error, json.JSONDecodeError) else None
            what = error.msg if isinstance(error, json.JSONDecodeError) else str(error)
            raise BadAnnotation(self.path, f"it can't be read as JSON ({what}); correct it", line) from error
        if not isinstance(gold, dict) or not any(kind in gold for kind in _PARTS):
            raise BadAnnotation(
                self.path, "this is no annotation: it must be an object with attributions or events"
            )
        read = {kind: [self._item(kind, i, one) for i, one in self._list(gold, kind)] for kind in _PARTS}
        return {**gold, **read}

    def _list(self, gold: Mapping[str, Any], kind: str) -> Iterable[tuple[int, Any]]:
        items = gold.get(kind)
        if items is None:
            items = []
        if not isinstance(items, list):
            raise BadAnnotation(self.path, f"{kind} must be a list")
        return enumerate(items, 1)

    def _item(self, kind: str, number: int, item: Any) -> dict[str, Any]:
        if not isinstance(item, dict):
            raise BadAnnotation(self.path, f"number {number} of {kind} must be an object with its fields")
        name = item.get("id") if isinstance(item.get("id"), str) else None
        for field in _NEEDED.get(kind, ()):
            if not isinstance(item.get(field), str):
                raise self._bad(name, f"{name or f'number {number} of {kind}'} has no {field}")
        stance = item.get("stance")
        if kind == "attributions" and stance is not None and stance not in _STANCES:
            raise self._bad(
                name, f"{name or f'number {number}'}: there is no stance {stance!r}; "
                f"choose among {', '.join(sorted(_STANCES))}"
            )  # fmt: skip
        occurrence = read_occurrence(item)
        if not all(isinstance(count, int) for count in occurrence.values()):
            raise self._bad(
                name, f"{name or number}: occurrence must be a number, counted from 1 over the text"
            )
        parts = {
            part: self._place(item[part], occurrence.get(part, 1), name, f"{name or number}, {part}")
            for part in _PARTS[kind]
            if part in item
        }
        return {**item, **parts}

    def _place(self, value: Any, occurrence: int, name: str | None, where: str) -> Any:
        """Give a string, or a list of them, with its place; what occurs in the text is told by its words."""
        if value is None:
            return None
        if isinstance(value, list):
            return [self._place(one, 1, name, where) for one in value]
        if not _is_string(value):
            raise self._bad(name, f"{where}: give words of the text, or text, start and end")
        if not (value if isinstance(value, str) else value["text"]).strip():
            raise self._bad(name, f"{where}: the string is empty; write null where there is none")
        self.folded.misplaced = 0
        places = self.folded.find(value, occurrence)
        if self.folded.misplaced:
            raise self._bad(name, f"{where}: {_complain(value, occurrence, self.text)}")
        if not isinstance(value, str):
            return value
        ((start, end),) = self.folded.to_raw(places)
        return {"text": self.text[start:end], "start": start, "end": end}

    def _bad(self, name: str | None, what: str) -> BadAnnotation:
        found = re.search(rf'"id"\s*:\s*{re.escape(json.dumps(name))}', self.written) if name else None
        return BadAnnotation(
            self.path, what, self.written.count("\n", 0, found.start()) + 1 if found else None
        )


def _is_string(value: Any) -> bool:
    if isinstance(value, dict):
        return isinstance(value.get("text"), str) and all(
            isinstance(value.get(name), int) for name in ("start", "end")
        )
    return isinstance(value, str)


def _complain(value: Any, occurrence: int, text: str) -> str:
    if isinstance(value, str):
        which = f" {occurrence} times" if occurrence > 1 else ""
        return f"“{value[:60]}” does not occur{which} in the text; copy the words as they stand"
    start, end = value["start"], value["end"]
    return f"“{value['text'][:60]}” does not stand at {start} to {end}, where the text has “{text[start:end][:60]}”"
