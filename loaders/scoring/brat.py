"""Reads brat stand-off (.ann) as PolNeAR uses it: spans for Source, Cue and Content, joined into attributions.

    T1<tab>Source 89 106<tab>The New York Post
    T3<tab>Content 115 190;212 240<tab>that it was … on Sunday
    E1<tab>Attribution:T4 Content:T3 Cue:T2 Source:T1 Content2:T7

A role may carry a number; the spans of all roles of one name are one source, cue or content. Words that hold a
line break go on in the next lines. The form: https://brat.nlplab.org/standoff.html
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from loaders.scoring.annotations import Annotation, BadAnnotation

_ROLES = {"Source": "source", "Cue": "cue", "Content": "content"}
_LINE = re.compile(r"([TEARMN]\d+|#\d*|\*)\t(.*)", re.DOTALL)
_SPAN = re.compile(r"(\S+) (\d+ \d+(?:;\d+ \d+)*)\t(.*)", re.DOTALL)
_JOINED = "Attribution"  # also "Attribution-no-source"

Place = tuple[int, int]


@dataclass(slots=True)
class _Line:
    number: int
    id: str
    rest: str


@dataclass(slots=True)
class _File:
    """Hold what has been read of a file so far."""

    path: Path
    text: str
    places: dict[str, tuple[Place, ...]] = field(default_factory=dict)

    def bad(self, line: _Line, what: str) -> BadAnnotation:
        return BadAnnotation(self.path, what, line.number)


def read_brat(path: Path, written: str, text: str) -> Annotation:
    """Give the attributions of a stand-off file over a text. Raises BadAnnotation with the line at fault."""
    file = _File(path, text)
    lines = list(_lines(path, written))
    for line in lines:
        if line.id.startswith("T"):
            _read_span(file, line)
    joined = [_read_attribution(file, line) for line in lines if line.id.startswith("E")]
    return {"article": f"{path.stem}.txt", "attributions": [one for one in joined if one is not None]}


def _lines(path: Path, written: str) -> Iterator[_Line]:
    """Give the lines, each with those that go on with its words."""
    current: _Line | None = None
    for number, words in enumerate(written.replace("\r\n", "\n").split("\n"), 1):
        found = _LINE.fullmatch(words)
        if found:
            if current is not None:
                yield current
            current = _Line(number, found[1], found[2])
        elif current is not None and current.id.startswith("T"):
            current.rest += f"\n{words}"
        elif words.strip():
            raise BadAnnotation(
                path, "this is no line of brat's stand-off form; it begins with T1, E1, #1 or so and a tab", number
            )  # fmt: skip
    if current is not None:
        yield current


def _read_span(file: _File, line: _Line) -> None:
    found = _SPAN.fullmatch(line.rest)
    if not found:
        raise file.bad(
            line, f"{line.id} must have a name, its offsets (12 20;31 40) and its words, parted by tabs"
        )
    if line.id in file.places:
        raise file.bad(line, f"{line.id} stands there twice; give one of them another number")
    places = [tuple(map(int, pair.split())) for pair in found[2].split(";")]
    for start, end in places:
        if not start < end <= len(file.text):
            raise file.bad(
                line, f"{line.id}: {start} to {end} is no part of the text, which has {len(file.text)}"
            )
    there = " ".join(file.text[start:end] for start, end in places)
    if found[1] in _ROLES and there.split() != found[3].split():
        raise file.bad(
            line, f"{line.id} should be “{_shorten(found[3])}” but the text has “{_shorten(there)}” there; "
            "is it the text that was annotated?"
        )  # fmt: skip
    file.places[line.id] = tuple((start, end) for start, end in sorted(places))


def _read_attribution(file: _File, line: _Line) -> dict[str, Any] | None:
    """Join the spans of an E line; one that joins something else than an attribution is left aside."""
    parts = [part.partition(":") for part in line.rest.split()]
    if not parts or not parts[0][0].startswith(_JOINED):
        return None
    found: dict[str, list[Place]] = {name: [] for name in _ROLES.values()}
    for label, _, span in parts[1:]:
        role = _ROLES.get(label.rstrip("0123456789"))
        if role is None:
            raise file.bad(line, f"{line.id} has a role {label!r}; the roles are {', '.join(_ROLES)}")
        if span not in file.places:
            raise file.bad(
                line, f"{line.id} names {span or 'no span'} for {label}, which the file does not have"
            )
        found[role] += file.places[span]
    return {"id": line.id, **{role: _to_strings(places, file.text) for role, places in found.items()}}


def _to_strings(places: list[Place], text: str) -> Any:
    strings = [{"text": text[start:end], "start": start, "end": end} for start, end in sorted(set(places))]
    return strings[0] if len(strings) == 1 else strings or None


def _shorten(words: str) -> str:
    flat = " ".join(words.split())
    return flat if len(flat) <= 60 else f"{flat[:59]}…"
