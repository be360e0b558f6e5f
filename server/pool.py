"""Worker processes for the web side: one job each at a time, ended at the limit, waited for in fair order.

The engine can't be interrupted from within, so a query runs in a process of its own that can be killed.
Nothing here blocks the event loop, and the triple store is never loaded into the web process.
"""

from __future__ import annotations

import asyncio
import logging
import signal
import time
from collections import deque
from collections.abc import Coroutine, Mapping
from types import MappingProxyType, TracebackType
from typing import Any, Protocol

from graph.errors import HearsayError
from server.answers import HELD_BACK_BYTES, Answer, PoolSettings
from server.waiting import Line
from server.workers import Worker, WorkerFailed

__all__ = ["HELD_BACK_BYTES", "Answer", "Busy", "Pool", "PoolSettings"]

log = logging.getLogger("hearsay.server")

_LONGEST_PAUSE_S = 10.0


class Busy(HearsayError):
    """Say that no worker came free in time; `retry_after_s` is when to ask again."""

    def __init__(self, message: str, *, retry_after_s: int) -> None:
        super().__init__(message)
        self.retry_after_s = retry_after_s


class Watcher(Protocol):
    """Be told what happens in a pool; `reason` is one of a few fixed words."""

    def waited(self, pool: str, seconds: float) -> None:
        """Take note of a job that got a worker after so long."""

    def refused(self, pool: str, reason: str) -> None:
        """Take note of one that got none: "full" or "late"."""

    def ended(self, pool: str, reason: str) -> None:
        """Take note of a worker ended: "timeout", "memory", "processor", "crash", or "gone" with its client."""


_REASONS: Mapping[int, str] = MappingProxyType({signal.SIGABRT: "memory", signal.SIGXCPU: "processor"})


class Pool:
    """Run jobs in worker processes. Open with `async with`; closing ends every worker."""

    def __init__(self, settings: PoolSettings, *, watcher: Watcher | None = None) -> None:
        self.settings = settings
        self._watcher = watcher
        self._handed_out: dict[Worker, float] = {}
        self.fences: tuple[str, ...] = ()
        self.ended = 0
        self._idle: deque[Worker] = deque()
        self._busy: set[Worker] = set()
        self._starting = 0
        self._waiters = Line()
        self._tasks: set[asyncio.Task[None]] = set()
        self._closed = False

    async def __aenter__(self) -> Pool:
        if self.settings.eager:
            self._refill()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._closed = True
        for task in tuple(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await asyncio.gather(*(worker.end() for worker in (*self._idle, *self._busy)))
        self._idle.clear()
        self._busy.clear()

    @property
    def alive(self) -> int:
        """Give the number of workers that can take a job now or are at one."""
        return len(self._idle) + len(self._busy)

    @property
    def pids(self) -> tuple[int, ...]:
        """Give the process ids of the workers."""
        return tuple(worker.pid for worker in (*self._idle, *self._busy))

    def to_json(self) -> dict[str, Any]:
        """Describe the pool for /health."""
        return {
            "size": self.settings.size,
            "idle": len(self._idle),
            "busy": len(self._busy),
            "waiting": len(self._waiters),
            "ended": self.ended,
            "limit_s": self.settings.timeout_s,
        }

    async def ask(self, op: str, arguments: Mapping[str, Any], *, client: str = "") -> Answer:
        """Run a job, give its answer when its first 64 KiB or all of it came; failures until then raise.

        Raises Busy where no worker comes free, and whatever of graph.errors the job meets. Close the answer.
        """
        asked = time.monotonic()
        worker = await self._acquire(client)
        begun = time.monotonic()
        self._handed_out[worker] = begun
        if self._watcher:
            self._watcher.waited(self.settings.name, begun - asked)
        answer = Answer(worker, self.settings, self._release)
        try:
            await answer.begin(op, arguments)
        except BaseException:
            await answer.close()
            raise
        return answer

    async def ask_json(
        self, op: str, arguments: Mapping[str, Any], *, client: str = ""
    ) -> tuple[Any, str | None]:
        """Run a job whose head holds its whole answer; give the value and the version it was read from."""
        answer = await self.ask(op, arguments, client=client)
        try:
            return answer.head.get("value"), answer.head.get("version")
        finally:
            await answer.close()

    async def _acquire(self, client: str) -> Worker:
        while self._idle and not self._waiters:
            worker = self._idle.popleft()
            if worker.lives:
                self._busy.add(worker)
                return worker
            self._bury(worker)
        if len(self._waiters) >= self.settings.queue_length:
            raise self._full("too many requests wait already", reason="full")
        waiter: asyncio.Future[Worker] = asyncio.get_running_loop().create_future()
        self._waiters.add(client, waiter)
        self._refill()
        try:
            async with asyncio.timeout(self.settings.queue_seconds):
                return await waiter
        except TimeoutError:
            if waiter.done() and not waiter.cancelled():
                return waiter.result()
            why = f"none came free within {self.settings.queue_seconds:g} seconds"
            raise self._full(why, reason="late") from None
        except asyncio.CancelledError:
            if waiter.done() and not waiter.cancelled():
                self._release(waiter.result(), True)
            raise
        finally:
            self._waiters.drop(client, waiter)

    def _release(self, worker: Worker, healthy: bool) -> None:
        # One that is not healthy or has done its share is replaced.
        self._busy.discard(worker)
        begun = self._handed_out.pop(worker, time.monotonic())
        if self._closed or not healthy or worker.jobs >= self.settings.jobs_per_worker or not worker.lives:
            if not healthy:
                self.ended += 1
                self._note_end(worker, seconds=time.monotonic() - begun)
            self._bury(worker)
            self._refill()
            return
        self._hand_on(worker)

    def _hand_on(self, worker: Worker) -> None:
        waiter = self._waiters.next()
        if waiter is None:
            self._idle.append(worker)
        else:
            self._busy.add(worker)
            waiter.set_result(worker)

    def _refill(self) -> None:
        wanted = self.settings.size if self.settings.eager else min(self.settings.size, len(self._waiters))
        while not self._closed and self.alive + self._starting < wanted:
            self._starting += 1
            self._spawn(self._start())

    async def _start(self) -> None:
        pause = 0.2
        try:
            while True:
                try:
                    worker = await Worker.start(self.settings.worker, command=self.settings.command)
                    break
                except WorkerFailed as error:
                    log.error("a %s worker did not start: %s", self.settings.name, error)
                    await asyncio.sleep(pause)
                    pause = min(pause * 2, _LONGEST_PAUSE_S)
        finally:
            self._starting -= 1
        self.fences = worker.fences
        self._hand_on(worker)

    def _note_end(self, worker: Worker, *, seconds: float) -> None:
        """Tell the watcher why a worker is not used again, before it is buried."""
        if self._watcher is None or self._closed:
            return
        if worker.lives:
            late = seconds >= self.settings.timeout_s
            self._watcher.ended(self.settings.name, "timeout" if late else "gone")
        else:
            self._spawn(self._note_death(worker, self._watcher))

    async def _note_death(self, worker: Worker, watcher: Watcher) -> None:
        code = await worker.wait()
        watcher.ended(self.settings.name, _REASONS.get(-code, "crash"))

    def _bury(self, worker: Worker) -> None:
        worker.kill()
        self._spawn(worker.end())

    def _spawn(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def _full(self, why: str, *, reason: str) -> Busy:
        if self._watcher:
            self._watcher.refused(self.settings.name, reason)
        after = max(1, round(self.settings.queue_seconds))
        return Busy(f"all {self.settings.size} workers are busy and {why}", retry_after_s=after)
