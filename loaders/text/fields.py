"""Names the fields in which files of many articles keep text, title and date: usual names, or those a user gives."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from graph.errors import UsageError
from loaders.text.calendar_words import parse_date

_USUAL: Mapping[str, tuple[str, ...]] = {
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
_EXAMPLE = "text=body,title=headline,date=published_at"
_COMPACT = re.compile(r"((?:19|20)\d\d)(\d\d)(\d\d)(?:\d{4}|\d{6})?")
_MOST_NAMES = 20


@dataclass(frozen=True, slots=True)
class Fields:
    """Hold the names of the fields by role, the first that holds something counts; `named` are the user's own roles."""

    names: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: _USUAL)
    named: frozenset[str] = frozenset()

    @classmethod
    def parse(cls, words: str | None) -> Fields:
        """Read "text=body,title=headline"; a role may stand there twice, one left out keeps its usual names.

        Raises UsageError for a role that there is not.
        """
        given: dict[str, tuple[str, ...]] = {}
        for pair in (words or "").split(","):
            if not pair.strip():
                continue
            role, mark, name = (part.strip() for part in pair.partition("="))
            if not (mark and role and name):
                raise UsageError(f"{pair.strip()!r} in --fields names no field; write it as {_EXAMPLE}")
            if role not in _USUAL:
                raise UsageError(f"--fields has the role {role!r}; the roles are {', '.join(_USUAL)}")
            given[role] = (*given.get(role, ()), name)
        return cls({**_USUAL, **given}, frozenset(given))

    def find(self, value: Mapping[str, Any], role: str) -> tuple[str, str] | None:
        """Give the name and the words of the first field that may hold this role; {"$oid": …} counts as words."""
        for name in self.names[role]:
            found = _get(value, name)
            if isinstance(found, dict) and len(found) == 1:
                found = next(iter(found.values()))
            if role in ("id", "date") and isinstance(found, int | float) and not isinstance(found, bool):
                found = str(found)
            if role == "text" and isinstance(found, list) and all(isinstance(part, str) for part in found):
                found = "\n\n".join(found)
            if isinstance(found, str) and (found.strip() or role == "text"):
                return name, found
        return None

    def starts_with_text(self, keys: Iterable[str]) -> bool:
        """Tell whether one of an object's keys is, or is on the way to, a field that holds a text, by any name."""
        names = (*self.names["text"], *_USUAL["text"])
        firsts = {first for name in names for first in (name, name.split(".")[0])}
        return any(key in firsts for key in keys)

    def complain(self, values: Iterable[Any]) -> tuple[str, str] | None:
        """Say which fields that the user named are in none of the objects, and which are there; None if all are."""
        wanted = {role: self.names[role] for role in sorted(self.named)}
        there: dict[str, None] = {}
        for value in values:
            if not isinstance(value, dict):
                continue
            wanted = {
                role: names for role, names in wanted.items() if all(_get(value, n) is None for n in names)
            }
            if not wanted:
                return None
            if len(there) < _MOST_NAMES:
                there.update(dict.fromkeys(_paths(value)))
        if not wanted or not there:
            return None
        missing = ", ".join(f"{' or '.join(names)} ({role})" for role, names in wanted.items())
        seen = ", ".join(list(there)[:_MOST_NAMES])
        return (
            f"no article in it has the field {missing}; the fields that are there: {seen}",
            "correct --fields",
        )


def to_day(words: str) -> dt.date | None:
    """Read the day of a field: a date that begins it, 20171108, or the seconds since 1970 (or milliseconds)."""
    if match := _COMPACT.fullmatch(words.strip()):
        try:
            return dt.date(*(int(part) for part in match.groups()))
        except ValueError:
            return None
    if re.fullmatch(r"\d{9,10}(?:\.\d*)?|\d{12,13}", words):
        seconds = float(words) / (1000 if len(words.split(".")[0]) > 10 else 1)
        return dt.datetime.fromtimestamp(seconds, dt.UTC).date()
    return parse_date(words)


def _get(value: Mapping[str, Any], name: str) -> Any:
    """Give what stands in a field, or at a path such as article.body; None where nothing does."""
    if name in value:
        return value[name]
    found: Any = value
    for part in name.split("."):
        found = found.get(part) if isinstance(found, dict) else None
    return found


def _paths(value: Mapping[str, Any]) -> Iterator[str]:
    """Give the fields of an object, those of an object within it as paths."""
    for name, inner in value.items():
        if isinstance(inner, dict) and len(inner) > 1:
            yield from (f"{name}.{key}" for key in inner)
        else:
            yield str(name)
