"""Plans a run: which texts are read, in which order, and which files and rows are refused before any reading.

Texts are put in the order of their keys, so that neither the order of the paths nor the number of workers
changes what is written. Of two copies of one text the first name in the order of names holds.
"""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, NamedTuple

from graph.model import Described
from loaders.text.fields import Fields
from loaders.text.manifest import combine, compare_dates, find_manifests, read_manifest
from loaders.text.readers import Refusal, find_files, max_article_bytes, read_file

_SPOOL_IN_MEMORY = 64_000_000


class Refused(NamedTuple):
    """Name an article or a row that was not taken, and why and what to do."""

    file: str
    reason: str


@dataclass(frozen=True, slots=True)
class Task:
    """Hold one text to be read, with what its file and the lists of articles say about it."""

    file_name: str
    sha256: str
    raw: bytes = field(repr=False)
    given: Described


class _Entry(NamedTuple):
    sha256: str
    file_name: str
    offset: int
    length: int
    given: Described


class Plan:
    """Hold what is to be read. The texts wait in a temporary file, not in memory; `close` lets go of it."""

    def __init__(
        self, paths: Sequence[Path], manifest: Path | None = None, fields: Fields | None = None
    ) -> None:
        self.refused: list[Refused] = []
        self.notes: list[str] = []
        self._spool: IO[bytes] = tempfile.SpooledTemporaryFile(max_size=_SPOOL_IN_MEMORY)  # noqa: SIM115 - closed below
        entries: list[_Entry] = []
        names: set[str] = set()
        lists = _Lists(paths, manifest)
        fields = fields or Fields()
        for path in find_files(paths, fields):
            for article in read_file(
                path, max_bytes=max_article_bytes(), refuse=self._refuse_file, fields=fields
            ):
                sha256 = hashlib.sha256(article.raw).hexdigest()
                row = lists.find(article.path, article.file_name)
                self.notes += compare_dates(article.file_name, row, article.described)
                given = combine(row, article.described)
                offset = self._spool.tell()
                entries.append(
                    _Entry(sha256, article.file_name, offset, self._spool.write(article.raw), given)
                )
                names |= {article.file_name, path.name}
        self.refused += lists.problems(names)
        self._entries = self._without_copies(sorted(entries, key=lambda entry: entry[:2]))

    def __enter__(self) -> Plan:
        return self

    def __exit__(self, *_: object) -> None:
        self._spool.close()

    def __len__(self) -> int:
        return len(self._entries)

    def tasks(self) -> Iterator[Task]:
        """Give the texts in the order of their keys."""
        for place, entry in enumerate(self._entries):
            yield Task(entry.file_name, entry.sha256, self.raw(place), entry.given)

    def name(self, place: int) -> str:
        """Give the file name of the text at a place of the order."""
        return self._entries[place].file_name

    def raw(self, place: int) -> bytes:
        """Give the bytes of the text at a place of the order."""
        entry = self._entries[place]
        self._spool.seek(entry.offset)
        return self._spool.read(entry.length)

    def refuse_loaded(self, loaded: Mapping[str, tuple[str, str]]) -> None:
        """Refuse texts that the graph has under another name; under the same name they are read anew.

        A name that stands in the graph with other words is noted: nobody but the user knows which are right.
        """
        kept = []
        texts = dict(loaded.values())
        for entry in self._entries:
            name, _ = loaded.get(entry.sha256[:16], (entry.file_name, entry.sha256))
            if name == entry.file_name:
                kept.append(entry)
                if texts.get(name, entry.sha256) != entry.sha256 and entry.sha256[:16] not in loaded:
                    self.notes.append(
                        f"{name}: a text of this name with other words is loaded; both are kept"
                    )
            else:
                self._refuse_copy(entry.file_name, name)
        self._entries = kept

    def _without_copies(self, entries: list[_Entry]) -> list[_Entry]:
        kept: list[_Entry] = []
        for entry in entries:
            if kept and kept[-1].sha256 == entry.sha256:
                self._refuse_copy(entry.file_name, kept[-1].file_name)
            else:
                kept.append(entry)
        return kept

    def _refuse_file(self, refusal: Refusal) -> None:
        self.refused.append(Refused(refusal.file, f"{refusal.reason}; {refusal.remedy}"))

    def _refuse_copy(self, name: str, other: str) -> None:
        what = (
            f"the same text is loaded as {other}"
            if name != other
            else "another file of this name has the same text"
        )
        self.refused.append(Refused(name, f"{what}; remove one of the two copies"))


class _Lists:
    """Hold the lists of articles of a run: the named one before those that lie in the loaded folders."""

    def __init__(self, paths: Sequence[Path], named: Path | None) -> None:
        self._named = named
        found = [*([named] if named else []), *find_manifests(paths)]
        self._manifests = [read_manifest(path) for path in dict.fromkeys(found)]

    def find(self, path: Path, file_name: str) -> Described | None:
        """Give what the lists say of an article; a list in a folder speaks for that folder only."""
        rows = [
            manifest.find(path, file_name)
            for manifest in self._manifests
            if manifest.path == self._named or path.is_relative_to(manifest.path.parent)
        ]
        return combine(*rows) if any(rows) else None

    def problems(self, names: set[str]) -> Iterator[Refused]:
        """Give what is wrong in the lists, now that it is known which articles there are."""
        for manifest in self._manifests:
            for problem in read_manifest(manifest.path, present=names).problems:
                yield Refused(manifest.path.name, problem)
