"""The data folder: what is served never changes, and what is loaded appears all at once.

    articles/<sha256>.txt    kept copies, the bytes as they were read
    background/<name>.ttl    kept copies of what somebody added to the background data
    snapshots/<version>/     one store each, never written again
    current                  the version that is served, switched by one rename
    plain                    there, empty, where the default graph is a graph of its own (see graph.writes)
    journal.jsonl            who loaded what when; the only place that knows a clock
    lock                     held by the one writer
    work-*/                  a load in progress; left by a killed one, cleared by the next

A load works on a hard-linked copy of the current snapshot. Killed at any moment, it leaves the served one as
it was: nothing under `snapshots` is ever opened for writing, and `current` points to whole snapshots only.
A version is a digest of what the named graphs hold: the same articles give it on any machine, in any order.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path

from graph.errors import NoSnapshot, StoreError, UnknownResource
from graph.files import Lock
from graph.iris import Iris
from graph.resources import ONTOLOGY
from graph.store import QuadStore
from graph.terms import DEFAULT_BASE
from graph.transactions import Transaction

__all__ = ["DataFolder", "Snapshot", "Transaction"]


class Snapshot:
    """Hold one version open for reading. It can't be pruned before `close`; it is its own context manager."""

    def __init__(self, path: Path, lock: Lock, iris: Iris) -> None:
        self.path = path
        self.version = path.name
        self.iris = iris
        self._lock = lock

    @cached_property
    def store(self) -> QuadStore:
        """Give the store, opened read-only at the first use. Raises StoreError."""
        return QuadStore.open_read_only(self.path)

    def close(self) -> None:
        """Let go of the store and of the hold that keeps it from being pruned."""
        if "store" in self.__dict__:
            self.store.close()
        self._lock.release()

    def __enter__(self) -> Snapshot:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


class DataFolder:
    """Be the way into a data folder: the current snapshot, the next transaction, the kept copies.

    `keep` is how many of the latest versions stay besides those in use. `ontology` is the folder of the data
    files (ontology, background, rules) that every snapshot holds.
    """

    def __init__(
        self, root: Path, *, base: str = DEFAULT_BASE, ontology: Path = ONTOLOGY, keep: int = 3
    ) -> None:
        self.root = root
        self.iris = Iris(base)
        self.ontology = ontology
        self.keep = keep
        self.articles = root / "articles"
        self.background = root / "background"
        self.snapshots = root / "snapshots"

    def version(self) -> str | None:
        """Give the version that is served, or None before the first load."""
        try:
            return (self.root / "current").read_text(encoding="ascii").strip() or None
        except FileNotFoundError:
            return None
        except (OSError, UnicodeDecodeError) as error:
            raise StoreError(f"{self.root / 'current'} can't be read: {error}") from error

    @property
    def is_plain(self) -> bool:
        """Tell whether the default graph is a graph of its own here, and not the merged view."""
        return (self.root / "plain").exists()

    def mark_plain(self) -> None:
        """Note that the default graph is a graph of its own here. Raises StoreError."""
        try:
            (self.root / "plain").touch()
        except OSError as error:
            raise StoreError(f"{self.root} can't be written: {error}; choose another data folder") from error

    def current(self) -> Snapshot:
        """Open the snapshot that is served. Raises NoSnapshot before the first load, StoreError."""
        for _ in range(20):
            version = self.version()
            if version is None:
                raise NoSnapshot(f"nothing has been loaded into {self.root} yet; run: hearsay load FOLDER")
            path = self.snapshots / version
            lock = Lock.take(path, shared=True, wait=True)
            if lock is not None:
                return Snapshot(path, lock, self.iris)
            if version == self.version():
                raise StoreError(f"{path} is named as current but is missing; load the articles again")
        raise StoreError(
            f"the current snapshot of {self.root} changes faster than it can be opened; try again"
        )

    def added_background(self) -> tuple[Path, ...]:
        """List the kept files that add to the background data that ships, in the order of their names."""
        return tuple(sorted(self.background.glob("*.ttl")))

    def begin(self, background: Sequence[Path] = ()) -> Transaction:
        """Start the one load that may run; Turtle files given add to the background, and are kept when it publishes.

        Raises StoreBusy, and StoreError for a folder of another base.
        """
        return Transaction.begin(self, background)

    def article_path(self, sha256: str) -> Path:
        """Give the place of a kept copy. Raises UnknownResource for what is no SHA-256 in hex digits."""
        if not re.fullmatch(r"[0-9a-f]{64}", sha256):
            raise UnknownResource(f"{sha256!r} is no SHA-256 of an article (64 hex digits)")
        return self.articles / f"{sha256}.txt"

    def article_text(self, sha256: str) -> str:
        """Read a kept copy, decoded as UTF-8, newlines untouched. Raises UnknownResource and StoreError."""
        path = self.article_path(sha256)
        try:
            return path.read_bytes().decode("utf-8")
        except FileNotFoundError as error:
            raise UnknownResource(f"the kept copy {path} is missing; load the article again") from error
        except (OSError, UnicodeDecodeError) as error:
            raise StoreError(
                f"the kept copy {path} can't be read: {error}; load the article again"
            ) from error
