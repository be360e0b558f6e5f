"""Runs a load or an extraction over many files: refuses what can't be read, reads and writes the rest.

Any order of the paths and any number of workers gives the same graph: of two copies of one text the first
name holds, and articles are written in the order of their keys.
"""

from __future__ import annotations

import hashlib
import heapq
import json
import os
import re
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from graph.errors import ArticleError, SpanError, UsageError
from graph.iris import Iris
from graph.model import Article, Described, Reading
from graph.terms import HS
from loaders.plan import Plan, Refused, Task
from loaders.scoring.gold import to_gold
from loaders.text.encodings import decode
from loaders.text.fields import Fields
from loaders.text.layout import describe, split_blocks
from loaders.text.manifest import combine, compare_dates
from loaders.text.readers import MANIFEST_NAME
from loaders.workers import Crew, Lost, Spare

if TYPE_CHECKING:
    from graph.converters import Triple
    from graph.snapshots import DataFolder
    from loaders.meaning.additions import Additions

ARTICLE_TIMEOUT_S = 300.0

Progress = Callable[[int, int, str, int], None]


@dataclass(frozen=True, slots=True)
class Summary:
    """Hold what a run did: `statements` and `mentions` are those it read, `version` is the snapshot's."""

    loaded: int
    statements: int
    mentions: int
    refused: tuple[Refused, ...] = ()
    notes: tuple[str, ...] = ()
    version: str | None = None
    seconds: float = 0.0

    @property
    def is_complete(self) -> bool:
        """Tell whether everything that was named was taken: the exit status is 0."""
        return not self.refused


def _load_tools(background: Sequence[Path] = ()) -> Any:
    from loaders.reading import Tools

    return Tools.load(background)


def _read(article: Article, tools: Any) -> Reading:
    from loaders.reading import read

    return read(article, tools)


def _to_triples(reading: Reading, iris: Iris) -> Iterable[Triple]:
    from loaders.rdf.triples import to_triples

    return to_triples(reading, iris)


@dataclass(frozen=True, slots=True)
class Stages:
    """Hold the functions that a run calls in its workers; each must be a function of a module.

    `load_tools` is given the files that add to the background, where there are any.
    """

    load_tools: Callable[..., Any] = _load_tools
    read: Callable[[Article, Any], Reading] = _read
    to_triples: Callable[[Reading, Iris], Iterable[Triple]] = _to_triples


@dataclass(frozen=True, slots=True)
class _Product:
    """Hold what a worker gives back: the article, and its triples or its extract."""

    article: Article
    content: Any
    statements: frozenset[str]
    mentions: int
    notes: tuple[str, ...]


def load(
    paths: Sequence[Path],
    folder: DataFolder,
    *,
    manifest: Path | None = None,
    background: Sequence[Path] = (),
    workers: int = 1,
    progress: Progress | None = None,
    stages: Stages = Stages(),
    time_limit_s: float | None = None,
    fields: Fields | None = None,
    spare: Spare | None = None,
) -> Summary:
    """Read the articles of files and folders into the graph and publish it. One bad article stops no other.

    `background` names folders of Turtle files that add to the background data; the data folder keeps copies, which
    count in every later load. `spare` is a process that was started before, to be the first worker.
    Raises StoreBusy and StoreError for the data folder as a whole, UsageError for a senseless setting,
    BackgroundError for wrong background data, and HearsayError where the tools for reading can't be loaded; the
    graph then stays as it was.
    """
    begun = time.monotonic()
    added = _gather(background, folder.added_background())
    prepare = partial(_prepare_load, _with_background(stages, added.files), folder.iris.base)
    with (
        Plan(paths, manifest, fields) as plan,
        _crew(plan, prepare, workers, time_limit_s, spare) as crew,
        folder.begin(added.given) as transaction,
    ):
        before = transaction.articles()
        plan.refuse_loaded(before)
        plan.notes += added.notes
        counts = _Counts(plan, progress)
        for product, raw in counts.products(_run(plan, crew)):
            try:
                transaction.put_article(product.article, raw, product.content)
            except (ArticleError, SpanError) as error:
                counts.refuse(
                    product.article.file_name, f"{error}; this is a fault of the reader, please report it"
                )
            else:
                counts.take(product)
        if transaction.has_new_background:
            counts.note_former(before)
        publishes = counts.loaded or added.given
        version = transaction.publish() if publishes else folder.version()
        return counts.summary(version, time.monotonic() - begun)


def extract(
    paths: Sequence[Path],
    out_dir: Path,
    *,
    manifest: Path | None = None,
    background: Sequence[Path] = (),
    workers: int = 1,
    progress: Progress | None = None,
    stages: Stages = Stages(),
    time_limit_s: float | None = None,
    fields: Fields | None = None,
    spare: Spare | None = None,
) -> Summary:
    """Write what is read as JSON, one file per article, in the form of the annotation guidelines.

    `background` names folders of Turtle files that add to the background data.
    """
    begun = time.monotonic()
    added = _gather(background)
    stages = _with_background(stages, added.files)
    with Plan(paths, manifest, fields) as plan:
        plan.notes += added.notes
        try:
            out_dir.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise UsageError(
                f"the folder {out_dir} can't be made ({error.strerror}); name another with --out"
            ) from error
        counts = _Counts(plan, progress)
        taken: set[str] = set()
        with _crew(plan, partial(_prepare_extract, stages), workers, time_limit_s, spare) as crew:
            for product, _ in counts.products(_run(plan, crew)):
                name = _json_name(product.article, taken)
                (out_dir / name).write_text(product.content, encoding="utf-8")
                counts.take(product)
        return counts.summary(None, time.monotonic() - begun)


def _gather(background: Sequence[Path], kept: Sequence[Path] = ()) -> Additions:
    """Check what is added to the background data."""
    from loaders.meaning import additions

    return additions.gather(background, kept)


def _with_background(stages: Stages, files: tuple[Path, ...]) -> Stages:
    return replace(stages, load_tools=partial(stages.load_tools, files)) if files else stages


def _crew(
    plan: Plan,
    prepare: Callable[[], Callable[[Task], _Product]],
    workers: int,
    time_limit_s: float | None,
    spare: Spare | None,
) -> Crew[Task, _Product]:
    """Start those who will read, so that they load their tools while the graph is opened."""
    if workers < 0:
        raise UsageError(f"{workers} workers can't read; give 1 or more")
    limit_s = article_timeout_s() if time_limit_s is None else time_limit_s
    return Crew(prepare, workers=workers, limit_s=limit_s, at_once=len(plan) > 0, spare=spare)


def _run(plan: Plan, crew: Crew[Task, _Product]) -> Iterator[tuple[str, _Product | Lost, bytes]]:
    """Have the articles read; give (file name, product or loss, bytes) in the order of the keys."""
    early: list[tuple[int, _Product | Lost]] = []
    wanted = 0
    for found in crew.run(plan.tasks()):
        heapq.heappush(early, found)
        while early and early[0][0] == wanted:
            yield plan.name(wanted), heapq.heappop(early)[1], plan.raw(wanted)
            wanted += 1


class _Counts:
    """Count, and tell whoever watches."""

    def __init__(self, plan: Plan, progress: Progress | None) -> None:
        self._refused = list(plan.refused)
        self._total = len(plan)
        self._done = 0
        self._progress = progress
        self.loaded = self.mentions = 0
        self._statements: set[str] = set()
        self._read: set[str] = set()
        self._notes: dict[str, None] = dict.fromkeys(plan.notes)

    def products(
        self, results: Iterable[tuple[str, _Product | Lost, bytes]]
    ) -> Iterator[tuple[_Product, bytes]]:
        """Pass on what was read, refuse what was lost, and tell after each article how far the run is."""
        self._tell("")
        for name, product, raw in results:
            if isinstance(product, Lost):
                self.refuse(name, product.reason)
            else:
                yield product, raw
            self._done += 1
            self._tell(name)

    def refuse(self, name: str, reason: str) -> None:
        self._refused.append(Refused(name, reason))

    def take(self, product: _Product) -> None:
        self.loaded += 1
        self.mentions += product.mentions
        self._read.add(product.article.key)
        self._statements |= product.statements
        self._notes.update(dict.fromkeys(product.notes))

    def note_former(self, loaded: Iterable[str]) -> None:
        """Note that articles of earlier loads were read with another background."""
        former = len(set(loaded) - self._read)
        if former:
            self._notes[
                f"the background data has changed, and {former:,} article{'s' if former > 1 else ''} of earlier "
                f"loads {'were' if former > 1 else 'was'} read without it; load them again to have them linked by it"
            ] = None

    def _tell(self, current: str) -> None:
        if self._progress is not None:
            self._progress(self._done, self._total, current, len(self._refused))

    def summary(self, version: str | None, seconds: float) -> Summary:
        refused = tuple(sorted(dict.fromkeys(self._refused)))
        return Summary(
            self.loaded, len(self._statements), self.mentions, refused, tuple(self._notes), version, seconds
        )


def article_timeout_s(environment: Mapping[str, str] | None = None) -> float:
    """Give the seconds after which the reading of one article is ended: HEARSAY_ARTICLE_TIMEOUT_S, or 300."""
    given = (os.environ if environment is None else environment).get("HEARSAY_ARTICLE_TIMEOUT_S")
    if given is None:
        return ARTICLE_TIMEOUT_S
    if not re.fullmatch(r"\d+(\.\d+)?", given) or float(given) == 0:
        raise UsageError(f"HEARSAY_ARTICLE_TIMEOUT_S is {given!r}; give a number of seconds, such as 300")
    return float(given)


def to_article(file_name: str, raw: bytes, given: Described | None = None) -> Article:
    """Make the article of a text: what is given about it from outside comes before what it states itself."""
    text = decode(raw)
    sha256 = hashlib.sha256(raw).hexdigest()
    described = combine(given, describe(text, split_blocks(text)))
    return Article(sha256[:16], file_name, sha256, text, described)


def _prepare_load(stages: Stages, base: str) -> Callable[[Task], _Product]:
    tools, iris = stages.load_tools(), Iris(base)

    def handle(task: Task) -> _Product:
        reading = stages.read(to_article(task.file_name, task.raw, task.given), tools)
        triples = tuple(stages.to_triples(reading, iris))
        # A namespace makes a term anew each time it is asked for one.
        speaker, about = HS.speaker, HS.mentionOf
        statements = frozenset(str(subject) for subject, predicate, _ in triples if predicate == speaker)
        mentions = {subject for subject, predicate, _ in triples if predicate == about}
        return _Product(reading.article, triples, statements, len(mentions), _notes(reading, task.given))

    return handle


def _prepare_extract(stages: Stages) -> Callable[[Task], _Product]:
    tools = stages.load_tools()

    def handle(task: Task) -> _Product:
        reading = stages.read(to_article(task.file_name, task.raw, task.given), tools)
        found = json.dumps(to_gold(reading), ensure_ascii=False, indent=1) + "\n"
        statements = frozenset(f"{reading.article.key} {one.id}" for one in reading.attributions)
        return _Product(reading.article, found, statements, len(statements), _notes(reading, task.given))

    return handle


def _notes(reading: Reading, given: Described) -> tuple[str, ...]:
    name = reading.article.file_name
    notes = [f"{name}: {note}" for note in reading.notes]
    notes += compare_dates(name, given, describe(reading.article.text, reading.blocks))
    if reading.article.described.published is None:
        times = [event.time for event in reading.events if event.time and event.time.earliest is None]
        loose = sorted({time.words.exact for time in times if time.words}) or ["Wednesday"]
        notes.append(
            f"{name}: no date is known, so days such as “{'”, “'.join(loose)}” stay unresolved; "
            f"give it in {MANIFEST_NAME}"
        )
    return tuple(notes)


def _json_name(article: Article, taken: set[str]) -> str:
    """Name the extract as its article, without the suffix; a name that is taken gets the article's key."""
    stem = article.file_name.removesuffix(".txt")
    stem = re.sub(r"[^\w.+-]+", "_", stem).strip(".") or article.key
    name = f"{stem}.json" if f"{stem}.json" not in taken else f"{stem}-{article.key}.json"
    taken.add(name)
    return name
