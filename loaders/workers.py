"""Shares work out to processes, so that one article that hangs or brings its reader down costs itself only.

The processes are started afresh (spawn), each prepares its handler once, and takes one task at a time. A task
past its time ends with its process, and a new process takes the next one.
"""

from __future__ import annotations

import gc
import multiprocessing
import signal
import time
import traceback
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from importlib import import_module
from itertools import islice
from multiprocessing.connection import Connection, wait
from multiprocessing.context import SpawnProcess
from pathlib import Path
from typing import Any, Generic, TypeVar

from graph.errors import HearsayError

Task = TypeVar("Task")
Result = TypeVar("Result")

_PATIENCE_S = 300.0


@dataclass(frozen=True, slots=True)
class Lost:
    """Say why a task has no result, in words that go on after the article's name."""

    reason: str


class _Worker(Generic[Task]):
    """Hold one process, its pipe, and the task it is at."""

    def __init__(
        self, prepare: Callable[[], Callable[[Task], Any]] | None, module: str | None = None
    ) -> None:
        context = multiprocessing.get_context("spawn")
        self.pipe, theirs = context.Pipe()
        self.process: SpawnProcess = context.Process(
            target=_serve, args=(theirs, prepare, module), daemon=True
        )
        self.process.start()
        theirs.close()
        self.is_ready = False
        self.place: int | None = None
        self.deadline = time.monotonic() + _PATIENCE_S

    def give(self, place: int, task: Task, limit_s: float) -> None:
        self.place = place
        self.deadline = time.monotonic() + limit_s
        self.pipe.send(task)

    def end(self) -> int | None:
        self.process.kill()
        self.process.join()
        self.pipe.close()
        return self.process.exitcode


class Spare:
    """Hold a process that is started before it is known what it will do; a context manager, which ends it if nobody
    took it.

    It imports a module meanwhile, so that a command's own start costs no time. A Crew takes it for its first process.
    """

    def __init__(self, module: str) -> None:
        self._worker: _Worker[Any] | None = _Worker(None, module)

    def take(self, prepare: Callable[[], Callable[[Any], Any]]) -> _Worker[Any]:
        """Tell the process what to prepare, and hand it over. Raises RuntimeError where it was taken before."""
        worker, self._worker = self._worker, None
        if worker is None:
            raise RuntimeError("the process has been taken")
        # Where the process has ended already, why it did waits in the pipe.
        with suppress(ConnectionError):
            worker.pipe.send(prepare)
        return worker

    def __enter__(self) -> Spare:
        return self

    def __exit__(self, *_: object) -> None:
        if self._worker is not None:
            self._worker.end()


class Crew(Generic[Task, Result]):
    """Hold the processes of a run; a context manager, which ends them.

    `prepare` makes the handler, once in each process; both must be functions of a module. With `at_once` the first
    process starts now, or is the `spare` one, so that it prepares while its parent does; there are never more than
    tasks for them. With no workers tasks are handled here, without a time limit.
    """

    def __init__(
        self,
        prepare: Callable[[], Callable[[Task], Result]],
        *,
        workers: int = 1,
        limit_s: float = 300.0,
        at_once: bool = False,
        spare: Spare | None = None,
    ) -> None:
        self._prepare = prepare
        self._size = workers
        self._limit_s = limit_s
        self._workers: list[_Worker[Task]] = []
        if workers and at_once:
            self._workers.append(_Worker(prepare) if spare is None else spare.take(prepare))

    def __enter__(self) -> Crew[Task, Result]:
        return self

    def __exit__(self, *_: object) -> None:
        for worker in self._workers:
            worker.end()
        self._workers.clear()

    def run(self, tasks: Iterable[Task]) -> Iterator[tuple[int, Result | Lost]]:
        """Handle the tasks and give (place of the task, its result or why it was lost), as they end.

        Raises HearsayError where a process can't prepare.
        """
        if self._size == 0:
            handle = self._prepare()
            yield from ((place, _try(handle, task)) for place, task in enumerate(tasks))
            return
        crew, waiting = self._workers, enumerate(tasks)
        upcoming = deque(islice(waiting, self._size))
        while upcoming or any(worker.place is not None for worker in crew):
            for worker in crew:
                if worker.is_ready and worker.place is None and upcoming:
                    worker.give(*upcoming.popleft(), self._limit_s)
                    upcoming.extend(islice(waiting, 1))
            preparing = sum(not worker.is_ready for worker in crew)
            for _ in range(min(len(upcoming) - preparing, self._size - len(crew))):
                crew.append(_Worker(self._prepare))
            yield from _collect(crew, self._limit_s)


def run_tasks(
    tasks: Iterable[Task],
    *,
    prepare: Callable[[], Callable[[Task], Result]],
    workers: int = 1,
    limit_s: float = 300.0,
) -> Iterator[tuple[int, Result | Lost]]:
    """Handle the tasks with a crew of their own; see Crew."""
    with Crew(prepare, workers=workers, limit_s=limit_s) as crew:
        yield from crew.run(tasks)


def _collect(crew: list[_Worker[Task]], limit_s: float) -> Iterator[tuple[int, Any]]:
    """Wait until a process has something to say or is past its time; take those out that have ended."""
    busy = [worker for worker in crew if worker.place is not None or not worker.is_ready]
    patience = min(worker.deadline for worker in busy) - time.monotonic()
    speaking = wait([worker.pipe for worker in busy], max(patience, 0.0))
    for worker in busy:
        if worker.pipe in speaking:
            yield from _hear(crew, worker)
        elif worker.deadline <= time.monotonic():
            place = worker.place
            crew.remove(worker)
            worker.end()
            if place is None:
                raise HearsayError(
                    "the tools for reading could not be loaded in five minutes; "
                    "try again, or on a faster machine"
                )
            yield place, Lost(f"reading it took longer than {limit_s:g} seconds and was ended")


def _hear(crew: list[_Worker[Task]], worker: _Worker[Task]) -> Iterator[tuple[int, Any]]:
    try:
        word, content = worker.pipe.recv()
    except (EOFError, ConnectionError):
        word, content = "ended", None
    place, worker.place = worker.place, None
    if word == "ready":
        worker.is_ready = True
    elif word == "done" and place is not None:
        yield place, content
    else:
        crew.remove(worker)
        code = worker.end()
        if word == "ended":
            content = f"its reader ended without a word (exit {code}), perhaps for want of memory"
        if place is None:
            raise HearsayError(f"the tools for reading can't be loaded: {content}")
        yield place, Lost(content)


def _serve(pipe: Connection, prepare: Callable[[], Callable[[Any], Any]] | None, module: str | None) -> None:
    """Be a process: prepare, then answer task by task until the pipe closes, as when the parent dies."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    # What is imported and prepared stays as long as the process: the collector need not look through it, now or later.
    gc.disable()
    try:
        if module is not None:
            import_module(module)
        if prepare is None:
            try:
                prepare = pipe.recv()
            except EOFError:
                return
        handle = prepare()
        gc.freeze()
        gc.enable()
        pipe.send(("ready", None))
        while True:
            try:
                task = pipe.recv()
            except EOFError:
                return
            pipe.send(("done", _try(handle, task)))
    except BrokenPipeError:
        return
    except BaseException as error:
        # The process ends: after a fault nobody knows what state its tools are in.
        pipe.send(("failed", _explain(error)))
        raise SystemExit(1) from error


def _try(handle: Callable[[Task], Result], task: Task) -> Result | Lost:
    """Handle a task; an error that Hearsay raises on purpose costs this task only."""
    try:
        return handle(task)
    except HearsayError as error:
        return Lost(str(error))


def _explain(error: BaseException) -> str:
    """Say what went wrong: our own errors speak for themselves, of others the place is told, for a report."""
    if isinstance(error, HearsayError):
        return str(error)
    last = traceback.extract_tb(error.__traceback__)[-1]
    place = f"{Path(last.filename).name}, line {last.lineno}"
    fault = f"{type(error).__name__}: {str(error)[:200]}; {place}"
    return f"its reader failed ({fault}); please report this with the article"
