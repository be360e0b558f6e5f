"""Shows faults to a person: in a terminal, each in its passage with both sides marked, or as a table (CSV)."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from pathlib import Path

from rich.console import Console
from rich.text import Text

from graph.errors import UsageError
from loaders.scoring.faults import KINDS, Fault, Group, Side

COLUMNS = (
    "kind", "article", "line", "start", "cue", "gold_source", "gold_cue", "gold_content", "gold_label",
    "found_source", "found_cue", "found_content", "found_label",
)  # fmt: skip
_MARKS = {
    "source": ("{", "}", "bold cyan"),
    "cue": ("<", ">", "bold yellow"),
    "content": ("[", "]", "bold green"),
    "trigger": ("<", ">", "bold yellow"),
    "mention": ("[", "]", "bold green"),
}
_AROUND = 80  # characters before the first mark and after the last
_LONGEST = 200  # a stretch without an edge of a mark is cut in its middle from here on
_CUES = 8
# Article text is hostile: control characters would reach the terminal.
_BLANK = re.compile(r"[\s\x00-\x1f\x7f-\x9f]+")


def print_faults(console: Console, groups: Sequence[Group], *, limit: int) -> None:
    """Print the groups in their order, of each at most `limit` faults, taken evenly from all its articles."""
    if groups:
        _print(console, Text("Marks: {source} <cue or trigger> [content or mention]", "dim"))
    for group in groups:
        shown = _spread(group.faults, limit)
        _print(console, Text())
        _print(console, Text(_headline(group, len(shown)), "bold"))
        _print(console, Text(f"by cue: {_tell_cues(group)}", "dim"))
        for fault in shown:
            _print(console, Text())
            for line in _tell(fault):
                _print(console, line)


def write_csv(path: Path, groups: Sequence[Group]) -> None:
    """Write all faults of the groups as CSV, a row each. Raises UsageError where the file can't be written."""
    try:
        with path.open("w", encoding="utf-8", newline="") as target:
            writer = csv.writer(target)
            writer.writerow(COLUMNS)
            writer.writerows(_to_row(fault) for group in groups for fault in group.faults)
    except OSError as error:
        raise UsageError(
            f"{path} can't be written ({error.strerror}); name another file with --errors-csv"
        ) from error


def _print(console: Console, line: Text) -> None:
    # A pipe has no width: there nothing is folded, so that grep finds whole passages.
    console.print(line, soft_wrap=not console.is_terminal)


def _headline(group: Group, shown: int) -> str:
    count = len(group.faults)
    some = f", {shown} of them below" if shown < count else ""
    return f"{KINDS[group.kind]} ({group.kind}): {count}, costs {group.cost:.3f} of the mean F1{some}"


def _tell_cues(group: Group) -> str:
    ranked = sorted(group.cues.items(), key=lambda one: (-one[1], one[0]))
    more = f" · {len(ranked) - _CUES} more" if len(ranked) > _CUES else ""
    return " · ".join(f"{_clean(cue)} {count}" for cue, count in ranked[:_CUES]) + more


def _spread(faults: Sequence[Fault], limit: int) -> list[Fault]:
    count = min(limit, len(faults))
    return [faults[place * len(faults) // count] for place in range(count)]


def _tell(fault: Fault) -> Iterator[Text]:
    yield Text(f"{_clean(fault.article)}.txt:{fault.line}", "underline")
    edges = _edges(fault)
    for name, side in (("annotated", fault.gold), ("found", fault.found)):
        if side is not None:
            label = f"{_clean(side.label)}: " if side.label else ""
            yield Text(f"  {name:9s}  {label}").append_text(_mark(fault.text, side, edges))


def _edges(fault: Fault) -> list[int]:
    """Give where the passage begins and ends and every edge of a mark between: both sides are cut alike."""
    places = [place for side in (fault.gold, fault.found) if side for place in side.places]
    if not places:
        return [0, min(len(fault.text), _AROUND)]
    first, last = min(start for start, _ in places), max(end for _, end in places)
    text = fault.text
    begin, newline = text.rfind("\n", 0, first) + 1, text.find("\n", last)
    end = len(text) if newline < 0 else newline
    # What is cut off ends at a space, so that no word is cut in two.
    if begin < first - _AROUND:
        begin = max(first - _AROUND, text.find(" ", first - _AROUND, first) + 1)
    if end > last + _AROUND:
        end = max(text.rfind(" ", last, last + _AROUND), last)
    return sorted({begin, end, *(edge for place in places for edge in place)})


def _mark(text: str, side: Side, edges: Sequence[int]) -> Text:
    spans = [(start, end, part) for part, places in side.parts.items() for start, end in places]
    line = Text()
    for start, end in pairwise(edges):
        inside = [part for first, last, part in spans if first <= start and end <= last]
        for _, _, part in sorted(one for one in spans if one[0] == start):
            line.append(_MARKS[part][0], _MARKS[part][2])
        line.append(_cut(_clean(text[start:end])), _MARKS[inside[0]][2] if inside else "")
        for _, _, part in sorted((one for one in spans if one[1] == end), reverse=True):
            line.append(_MARKS[part][1], _MARKS[part][2])
    return line


def _cut(words: str) -> str:
    """Leave the middle of a long stretch out, from space to space."""
    if len(words) <= _LONGEST:
        return words
    head, _, _ = words[: _LONGEST // 2].rpartition(" ")
    _, _, tail = words[-_LONGEST // 2 :].partition(" ")
    return f"{head or words[: _LONGEST // 2]} … {tail or words[-_LONGEST // 2 :]}"


def _clean(words: str) -> str:
    return _BLANK.sub(" ", words)


def _to_row(fault: Fault) -> list[str | int]:
    sides = [
        value
        for side in (fault.gold, fault.found)
        for value in (
            fault.words(side, "source"),
            fault.words(side, "cue") or fault.words(side, "trigger"),
            fault.words(side, "content") or fault.words(side, "mention"),
            side.label if side else "",
        )
    ]
    return [fault.kind, fault.article, fault.line, fault.start, fault.cue, *sides]
