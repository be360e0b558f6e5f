"""One load, from the writer's lock to the atomic switch. What is not published has never been.

The work is done in a folder of its own, on a hard-linked copy of the current snapshot, so that `kill -9` at
any moment costs only that folder.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import os
import secrets
import shutil
from collections.abc import Iterable, Sequence
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Self

from rdflib import Graph, Literal, URIRef
from rdflib.term import Node

from graph.converters import Triple
from graph.errors import SpanError, StoreBusy, StoreError, UnknownResource
from graph.files import Lock, sync_folder, write_whole
from graph.model import Article, Span
from graph.sources import read_files, read_triples
from graph.store import QuadStore
from graph.summaries import Summaries
from graph.terms import HS, RDF

if TYPE_CHECKING:
    from graph.snapshots import DataFolder, Snapshot

Parts = dict[Node, Node]
_TEXT_SPAN = HS.TextSpan
_CHECKED = frozenset({HS.sha256, HS.fileName, HS.start, HS.end, HS.exact})


class Transaction:
    """Hold the writer's lock and a copy of the current snapshot; without `publish` nothing changes."""

    def __init__(self, folder: DataFolder, lock: Lock, work: Path, background: Sequence[Path] = ()) -> None:
        self._folder = folder
        self._background = tuple(background)
        self._iris = folder.iris
        self._lock = lock
        self._work = work
        self._work_lock = Lock.take(work)
        self._store: QuadStore | None = None
        self._former: Snapshot | None = None
        self._touched: set[URIRef] = set()
        self._added: set[str] = set()
        self._removed: set[str] = set()

    @classmethod
    def begin(cls, folder: DataFolder, background: Sequence[Path] = ()) -> Self:
        """Take the lock, clear what killed loads left, copy the current snapshot, refresh the ontology in it.

        `background` names Turtle files that add to the background; each takes the place of a kept one of its name.

        Raises StoreBusy while another load runs, StoreError for a folder of another base or out of reach.
        """
        try:
            for needed in (folder.root, folder.articles, folder.snapshots):
                needed.mkdir(parents=True, exist_ok=True)
            (folder.root / "lock").touch()
        except OSError as error:
            raise StoreError(
                f"{folder.root} can't be written: {error}; choose another data folder"
            ) from error
        lock = Lock.take(folder.root / "lock")
        if lock is None:
            raise StoreBusy(f"another load is writing to {folder.root}; wait until it ends and try again")
        try:
            _clear_leftovers(folder)
            work = folder.root / f"work-{secrets.token_hex(6)}"
            work.mkdir()
            transaction = cls(folder, lock, work, background)
        except BaseException:
            lock.release()
            raise
        try:
            transaction._open()
        except BaseException:
            transaction.close()
            raise
        return transaction

    def _open(self) -> None:
        copy = self._work / "store"
        if self._folder.is_plain:
            raise StoreError(
                f"{self._folder.root} was begun with HEARSAY_DEFAULT_GRAPH=plain and holds other data; "
                "load articles into another folder"
            )
        if self._folder.version() is not None:
            # Held open to the end: what changed is found by comparing with it.
            self._former = self._folder.current()
            self._former.store.backup(copy)
        self._store = QuadStore.open(copy)
        if self.store.names() and not self.store.has_graph(self._iris.graph("meta")):
            raise StoreError(
                f"{self._folder.root} was loaded with another base than {self._iris.base}; "
                "set HEARSAY_BASE to the former one, or load into an empty folder"
            )
        self._refresh()

    def _refresh(self) -> None:
        """Bring the ontology's and the background's graphs to what their files say now."""
        ships = self._folder.ontology
        self._copy_background()
        added = read_files(self._list_background(), self._iris)
        for name, triples in (
            ("ontology", read_triples(ships, self._iris)),
            ("background", chain(read_triples(ships / "background", self._iris), added)),
        ):
            graph = self._iris.graph(name)
            if self.store.put_triples(graph, triples):
                self._touched.add(graph)

    def _copy_background(self) -> None:
        """Copy the new files into the work folder, so that what is loaded is what will be kept."""
        copies = self._work / "background"
        try:
            copies.mkdir()
            self._background = tuple(
                Path(shutil.copyfile(one, copies / one.name)) for one in self._background
            )
        except OSError as error:
            raise StoreError(f"the background data can't be copied: {error}; check the files") from error

    def _list_background(self) -> tuple[Path, ...]:
        """List the files that add to the background that ships: those kept that no new one replaces, and the new."""
        new = {path.name for path in self._background}
        return (*(one for one in self._folder.added_background() if one.name not in new), *self._background)

    @property
    def has_new_background(self) -> bool:
        """Tell whether the background is another than in the snapshot that this load began with."""
        return self._iris.graph("background") in self._touched

    @property
    def store(self) -> QuadStore:
        """Give the store of this load, which nobody else sees. Raises StoreError once it has ended."""
        if self._store is None:
            raise StoreError("this load has ended; begin another")
        return self._store

    def articles(self) -> dict[str, tuple[str, str]]:
        """Give the file name and the SHA-256 of every article that is loaded, by article key."""
        names, sums = self.store.values(HS.fileName), self.store.values(HS.sha256)
        found = {sums[one][:16]: (names[one], sums[one]) for one in names.keys() & sums.keys()}
        return dict(sorted(found.items()))

    def put_article(self, article: Article, raw: bytes, triples: Sequence[Triple] | Graph) -> None:
        """Keep an article's bytes and put its graph in the place of a former one of the same key.

        Raises SpanError where a span is not where it says, StoreError where bytes, text and hash disagree.
        """
        _verify(article, raw, triples, self._iris.of("article", article.key))
        self._keep(self._folder.article_path(article.sha256), raw)
        self.put_graph(f"article/{article.key}", triples)
        self._added.add(article.key)
        self._removed.discard(article.key)

    @staticmethod
    def _keep(path: Path, raw: bytes) -> None:
        try:
            if not path.exists() or path.read_bytes() != raw:
                write_whole(path, raw)
        except OSError as error:
            raise StoreError(f"the copy of an article can't be kept in {path}: {error}") from error

    def put_graph(self, name: str, triples: Iterable[Triple]) -> None:
        """Put a named graph ("background", "article/<key>", …) in the place of a former one of that name."""
        graph = self._iris.graph(name)
        if self.store.put_graph(graph, triples):
            self._touched.add(graph)

    def remove_article(self, key: str) -> None:
        """Take an article out; its kept copy goes with its last snapshot. Raises UnknownResource."""
        graph = self._iris.graph(f"article/{key}")
        if not self.store.has_graph(graph):
            raise UnknownResource(f"no article {key} is loaded")
        self.store.remove_graph(graph)
        self._touched.add(graph)
        self._removed.add(key)
        self._added.discard(key)

    def publish(self, *, anew: bool = False) -> str:
        """Derive, describe, and switch readers to the new snapshot; give its version.

        The same content as the current one gives the same version and no new snapshot. The transaction ends.
        What is derived is brought up to date with what has changed, or made `anew`: both give the same.
        Raises StoreError where a rule fails or the disk is full; the served snapshot then stays as it was.
        """
        version = self._derive(anew=anew).write(self.store)
        former = self._folder.version()
        # Before the switch: killed in between, the next load has them too, and none that was served is lost.
        self._keep_background()
        if version != former:
            self._switch(version)
        self._write_journal(version, former)
        self._prune(version)
        self.close()
        return version

    def _derive(self, *, anew: bool) -> Summaries:
        # Only who publishes derives. What finds reprints takes a gigabyte of addresses, which readers are held to.
        from graph.derivation import derive

        former = None if anew or self._former is None else self._former.store
        rules = self._folder.ontology / "rules"
        return derive(self.store, self._iris, rules, former=former, touched=self._touched)

    def _keep_background(self) -> None:
        if not self._background:
            return
        try:
            self._folder.background.mkdir(exist_ok=True)
            for path in self._background:
                write_whole(self._folder.background / path.name, path.read_bytes())
            sync_folder(self._folder.background)
        except OSError as error:
            raise StoreError(
                f"a copy of the background data can't be kept in {self._folder.background}: {error}"
            ) from error

    def _switch(self, version: str) -> None:
        target = self._folder.snapshots / version
        try:
            if not target.exists():
                whole = self._work / "snapshot"
                self.store.backup(whole)
                sync_folder(whole)
                whole.rename(target)
                sync_folder(self._folder.snapshots)
            os.utime(target)
            sync_folder(self._folder.articles)
            write_whole(self._folder.root / "current", f"{version}\n".encode("ascii"))
            sync_folder(self._folder.root)
        except OSError as error:
            raise StoreError(
                f"the new snapshot can't be put in place: {error}; the former one stays"
            ) from error

    def _write_journal(self, version: str, former: str | None) -> None:
        entry = {
            "at": dt.datetime.now(dt.UTC).isoformat(timespec="seconds"),
            "version": version,
            "former": former,
            "put": sorted(self._added),
            "removed": sorted(self._removed),
            "background": sorted(path.name for path in self._background),
        }
        with (self._folder.root / "journal.jsonl").open("a", encoding="utf-8") as file:
            file.write(json.dumps(entry) + "\n")

    def _prune(self, current: str) -> None:
        """Remove all snapshots but the latest and those in use, and the copies that none of them names."""
        self._let_go()
        folder = self._folder.snapshots
        latest = sorted(folder.iterdir(), key=lambda path: path.stat().st_mtime_ns, reverse=True)
        pruned = 0
        for path in latest[self._folder.keep :]:
            lock = None if path.name == current else Lock.take(path)
            if lock is not None:
                path.rename(self._work / f"pruned-{path.name}")
                lock.release()
                pruned += 1
        if pruned:
            self._forget_copies()

    def _forget_copies(self) -> None:
        named: set[str] = set()
        for path in self._folder.snapshots.iterdir():
            store = QuadStore.open_read_only(path)
            named.update(store.values(HS.sha256).values())
            store.close()
        for path in self._folder.articles.glob("*.txt"):
            if path.stem not in named:
                path.unlink()

    def _let_go(self) -> None:
        if self._former is not None:
            self._former.close()
            self._former = None

    def close(self) -> None:
        """End without a trace what was not published. A second call does nothing."""
        self._let_go()
        if self._store is not None:
            self._store.close(keep=False)
            self._store = None
        shutil.rmtree(self._work, ignore_errors=True)
        for lock in (self._work_lock, self._lock):
            if lock is not None:
                lock.release()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def _clear_leftovers(folder: DataFolder) -> None:
    for path in folder.root.glob("work-*"):
        lock = Lock.take(path)
        if lock is not None:
            shutil.rmtree(path, ignore_errors=True)
            lock.release()
    for path in (
        part for room in (folder.root, folder.articles, folder.background) for part in room.glob(".*.part")
    ):
        path.unlink(missing_ok=True)


def _verify(article: Article, raw: bytes, triples: Iterable[Triple], iri: URIRef) -> None:
    """Check at the door what everybody relies on later: bytes, hash, text and every span agree."""
    if hashlib.sha256(raw).hexdigest() != article.sha256 or article.key != article.sha256[:16]:
        raise StoreError(f"{article.file_name}: the bytes don't have the SHA-256 {article.sha256}")
    if raw.decode("utf-8", errors="replace") != article.text:
        raise StoreError(f"{article.file_name}: the text is not what the bytes say as UTF-8")
    named, spans = _sort_parts(triples, iri)
    if str(named.get(HS.sha256)) != article.sha256 or HS.fileName not in named:
        raise StoreError(f"{article.file_name}: its graph does not name {iri} with its file name and SHA-256")
    for span, parts in spans.items():
        start, end, exact = (parts.get(part) for part in (HS.start, HS.end, HS.exact))
        if not all(isinstance(part, Literal) for part in (start, end, exact)):
            raise SpanError(f"{article.file_name}: {span} lacks start, end or exact words")
        if not Span(int(str(start)), int(str(end)), str(exact)).verify(article.text):
            raise SpanError(f"{article.file_name}: {str(exact)!r} does not stand at {start} to {end}")


def _sort_parts(triples: Iterable[Triple], iri: URIRef) -> tuple[Parts, dict[Node, Parts]]:
    """Give what the triples say of the article, and of each text span, by property."""
    parts: dict[Node, Parts] = {}
    spans: dict[Node, Parts] = {}
    for subject, predicate, thing in triples:
        if predicate in _CHECKED:
            parts.setdefault(subject, {})[predicate] = thing
        elif thing == _TEXT_SPAN and predicate == RDF.type:
            spans[subject] = {}
    return parts.get(iri, {}), {span: parts.get(span, {}) for span in spans}
