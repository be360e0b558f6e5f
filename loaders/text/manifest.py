"""Reads the list of articles, which gives what a text does not state itself: date, outlet, agency.

A CSV file with the columns of `COLUMNS`; only `file` is needed. What is wrong in it is told row by row, and
the other rows still hold.
"""

from __future__ import annotations

import csv
import datetime as dt
import re
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, fields
from pathlib import Path

from graph.model import Described
from loaders.text.readers import MANIFEST_NAME

COLUMNS = (
    "file", "published", "published_basis", "outlet", "outlet_basis", "agency", "agency_basis", "language",
    "url", "title",
)  # fmt: skip
_WITH_BASIS = ("published", "outlet", "agency")
_EARLIEST, _LATEST = 1800, 2100


@dataclass(frozen=True, slots=True)
class Manifest:
    """Hold a list of articles: `rows` by file as written there, `problems` as sentences with their row."""

    path: Path
    rows: Mapping[str, Described]
    problems: tuple[str, ...] = ()

    def find(self, path: Path, file_name: str) -> Described | None:
        """Give the row of an article: by its path from the list's folder, its name, or its file's."""
        names = [file_name, path.name]
        if path.is_relative_to(self.path.parent):
            names.insert(0, path.relative_to(self.path.parent).as_posix())
        return next((self.rows[name] for name in names if name in self.rows), None)


def read_manifest(path: Path, *, present: Collection[str] = ()) -> Manifest:
    """Read a list of articles. A row's file must lie beside the list or be among the names in `present`."""
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except FileNotFoundError:
        return Manifest(path, {}, ("there is no such file; check the spelling of the path",))
    except UnicodeDecodeError:
        return Manifest(path, {}, ("the list is not in UTF-8; save it again as CSV in UTF-8",))
    except OSError as error:
        return Manifest(
            path, {}, (f"the list can't be read ({error.strerror}); check the path and its permission",)
        )
    reader = csv.reader(text.splitlines(keepends=True), strict=True)
    try:
        numbered = [(reader.line_num, row) for row in reader]
    except csv.Error as error:
        return Manifest(path, {}, (f"line {reader.line_num} is no CSV ({error}); check its quotation marks",))
    return _Reading(path, present).read(numbered)


def find_manifests(paths: Iterable[Path]) -> tuple[Path, ...]:
    """Give the lists that lie in the folders to be loaded, and those beside files that are named one by one.

    So an article is described in the same way whether its folder is loaded or its file.
    """
    found: dict[Path, Path] = {}
    for path in paths:
        lists = sorted(path.rglob(MANIFEST_NAME)) if path.is_dir() else [path.parent / MANIFEST_NAME]
        for one in lists:
            if one.is_file():
                found.setdefault(one.resolve(), one)
    return tuple(found.values())


def combine(*sources: Described | None) -> Described:
    """Put together what several sources know: the first that knows a value gives it, with its basis."""
    known = [source for source in sources if source is not None]
    values: dict[str, object] = {}
    for name in (field.name for field in fields(Described)):
        if name.endswith("_basis"):
            continue
        first = next((source for source in known if getattr(source, name) is not None), None)
        values[name] = getattr(first, name) if first else None
        if name in _WITH_BASIS:
            values[f"{name}_basis"] = getattr(first, f"{name}_basis") if first else None
    return Described(**values)  # type: ignore[arg-type]  # the fields of Described itself


def compare_dates(file: str, first: Described | None, second: Described | None) -> tuple[str, ...]:
    """Say where two sources give an article dates that are more than a day apart; the first is the one that holds.

    A day is between a dispatch and the paper that prints it, and between two time zones.
    """
    if not (first and second and first.published and second.published):
        return ()
    if abs(first.published - second.published) <= dt.timedelta(days=1):
        return ()
    both = (f"{one.published} ({one.published_basis})" for one in (first, second))
    return (f"{file}: its date is {', and also '.join(both)}; the first one is taken",)


class _Reading:
    """Read one list row by row, with its problems."""

    def __init__(self, path: Path, present: Collection[str]) -> None:
        self.path = path
        self.present = present
        self.rows: dict[str, Described] = {}
        self.first_row: dict[str, int] = {}
        self.problems: list[str] = []

    def read(self, numbered: list[tuple[int, list[str]]]) -> Manifest:
        numbered = [(number, row) for number, row in numbered if any(value.strip() for value in row)]
        if not numbered:
            return Manifest(
                self.path, {}, (f"the list is empty; its first row names the columns: {', '.join(COLUMNS)}",)
            )
        columns = self._columns(numbered[0][1])
        if columns is not None:
            for number, row in numbered[1:]:
                self._row(number, row, columns)
        return Manifest(self.path, self.rows, tuple(self.problems))

    def _columns(self, header: list[str]) -> list[str] | None:
        columns = [name.strip().lower() for name in header]
        if len(columns) == 1 and (mark := re.search(r"[;\t]", columns[0])):
            kind = "semicolons" if mark[0] == ";" else "tabs"
            self.problems.append(f"row 1: the columns are parted by {kind}; save the list with commas")
            return None
        for name in dict.fromkeys(columns):
            if name not in COLUMNS:
                self.problems.append(
                    f"row 1: there is no column {name!r}, so it is left out; "
                    f"the columns are {', '.join(COLUMNS)}"
                )
            elif columns.count(name) > 1:
                self.problems.append(f"row 1: the column {name!r} stands there twice; the first one holds")
        if "file" not in columns:
            self.problems.append(
                "row 1: the column 'file' is missing, so no row can be used; name each article's file in it"
            )
            return None
        return columns

    def _row(self, number: int, row: list[str], columns: list[str]) -> None:
        if len(row) > len(columns):
            self.problems.append(
                f"row {number}: {len(row)} values for {len(columns)} columns, so the row is left out; "
                "put a value that holds a comma into quotation marks"
            )
            return
        values: dict[str, str] = {}
        for name, value in zip(columns, row, strict=False):
            if value.strip() and name in COLUMNS:
                values.setdefault(name, value.strip())
        file = values.get("file")
        if not file:
            self.problems.append(
                f"row {number}: no file is named; write the article's file name into the column 'file'"
            )
        elif file in self.rows:
            self.problems.append(
                f"row {number}: {file} stands in row {self.first_row[file]} already, which holds; "
                "remove one of them"
            )
        else:
            self.rows[file], self.first_row[file] = self._described(number, file, values), number
            self._check_presence(number, file)

    def _check_presence(self, number: int, file: str) -> None:
        beside = self.path.parent / file.split("#")[0]
        if file not in self.present and not beside.exists():
            self.problems.append(
                f"row {number}: there is no file {file}; "
                "correct the name, put the file beside the list, or remove the row"
            )

    def _described(self, number: int, file: str, values: Mapping[str, str]) -> Described:
        def check(name: str, is_right: Callable[[str], bool], advice: str) -> str | None:
            value = values.get(name)
            if value is None or is_right(value):
                return value
            self.problems.append(f"row {number} ({file}): {name} {value!r} {advice}")
            return None

        published = check(
            "published", _is_date, "is no date, so the article has none; write it as 2017-11-08"
        )
        outlet, agency = values.get("outlet"), values.get("agency")
        return Described(
            title=values.get("title"),
            published=dt.date.fromisoformat(published) if published else None,
            published_basis=values.get("published_basis", "manifest") if published else None,
            outlet=outlet,
            outlet_basis=values.get("outlet_basis", "manifest") if outlet else None,
            agency=agency,
            agency_basis=values.get("agency_basis", "manifest") if agency else None,
            language=check("language", _is_language, "is no language code; write it as en"),
            url=check("url", _is_url, "is no web address; write it with https://"),
        )


def _is_date(words: str) -> bool:
    """Tell whether the words are a day as 2017-11-08, in a year that a newspaper may have."""
    if not re.fullmatch(r"\d{4}-\d\d-\d\d", words):
        return False
    try:
        return _EARLIEST <= dt.date.fromisoformat(words).year <= _LATEST
    except ValueError:
        return False


def _is_language(words: str) -> bool:
    return re.fullmatch(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*", words) is not None


def _is_url(words: str) -> bool:
    return re.fullmatch(r"https?://\S+", words) is not None
