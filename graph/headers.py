"""The head of a stored question: lines of `#+`, written as the YAML that grlc made usual for SPARQL files.

Of YAML only what the heads need: `key: value`, a list of values, a list of entries with keys of their own.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from graph.errors import StoreError

_LINE = re.compile(r"#\+(?P<indent>\s*)(?P<dash>-\s+)?(?:(?P<key>[a-z_]+):(?:\s+|$))?(?P<value>.*)")


@dataclass(slots=True)
class Header:
    """Hold a head: single values, lists of values, and lists of entries, by key; `body` is what follows it."""

    values: dict[str, str] = field(default_factory=dict)
    lists: dict[str, list[str]] = field(default_factory=dict)
    entries: dict[str, list[dict[str, str]]] = field(default_factory=dict)
    body: str = ""


def read_header(text: str) -> Header:
    """Read the head of a file's text. Raises StoreError for a line that fits nowhere."""
    header, current = Header(), ""
    lines = text.splitlines(keepends=True)
    while lines and lines[0].startswith("#+"):
        line = lines.pop(0).rstrip()
        found = _LINE.fullmatch(line)
        assert found is not None, "the pattern takes any line that begins so"
        if len(found["indent"]) <= 1 and found["key"] and not found["dash"]:
            current = found["key"]
            if found["value"]:
                header.values[current] = found["value"]
        elif not current:
            raise StoreError(f"the line {line!r} belongs to no key")
        else:
            _add_below(header, current, found, line)
    header.body = "".join(lines).lstrip("\n")
    return header


def _add_below(header: Header, current: str, found: re.Match[str], line: str) -> None:
    if found["dash"] and not found["key"]:
        header.lists.setdefault(current, []).append(found["value"])
    elif found["key"]:
        entries = header.entries.setdefault(current, [])
        if found["dash"]:
            entries.append({})
        if not entries:
            raise StoreError(f"the line {line!r} belongs to no entry of {current}")
        entries[-1][found["key"]] = found["value"]
    elif found["value"]:
        raise StoreError(f"the line {line!r} is neither a key nor an entry of a list")
