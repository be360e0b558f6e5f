"""The answer of one job while it comes: read ahead of the client, ended at the limit, its failures explained."""

from __future__ import annotations

import asyncio
import logging
import signal
from collections import deque
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from graph.errors import HearsayError, QueryTimeout, QueryTooLarge
from server.wire import Kind, to_error
from server.workers import Worker, WorkerFailed, WorkerSettings

log = logging.getLogger("hearsay.server")

HELD_BACK_BYTES = 64 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class PoolSettings:
    """Hold how many workers a pool has, how long a job may take and how many requests may wait how long.

    A pool that is not `eager` starts a worker only when a job asks for one.
    """

    name: str
    size: int
    timeout_s: float
    queue_length: int
    queue_seconds: float
    read_ahead_bytes: int
    jobs_per_worker: int
    worker: WorkerSettings
    eager: bool = True
    # Tests put a command of their own here.
    command: Sequence[str] | None = None


class Answer:
    """Hold the answer of one job while it comes. `head` is what the worker says first; iterate for the bytes.

    The worker is read ahead of the client up to `read_ahead_bytes`, and is free again when it has said all.
    """

    def __init__(
        self, worker: Worker, settings: PoolSettings, release: Callable[[Worker, bool], None]
    ) -> None:
        self.head: dict[str, Any] = {}
        self._settings = settings
        self._release = release
        self._worker = worker
        self._chunks: deque[bytes] = deque()
        self.waiting_bytes = 0
        self._finished = False
        self._error: HearsayError | None = None
        self._changed = asyncio.Condition()
        self._pump: asyncio.Task[None] | None = None

    async def begin(self, op: str, arguments: Mapping[str, Any]) -> None:
        """Send the job and wait until 64 KiB or the end have come. Raises what the job met so far."""
        self._pump = asyncio.get_running_loop().create_task(self._run(op, arguments))
        async with self._changed:
            await self._changed.wait_for(lambda: self._finished or self.waiting_bytes >= HELD_BACK_BYTES)
        if self._error:
            raise self._error

    @property
    def complete(self) -> bool:
        """Tell whether everything has come from the worker, without an error."""
        return self._finished and self._error is None

    async def __aiter__(self) -> AsyncIterator[bytes]:
        while True:
            async with self._changed:
                await self._changed.wait_for(lambda: self._chunks or self._finished)
                if not self._chunks:
                    if self._error:
                        raise self._error
                    return
                chunk = self._chunks.popleft()
                self.waiting_bytes -= len(chunk)
                self._changed.notify_all()
            yield chunk

    async def read(self) -> bytes:
        """Give the whole body."""
        return b"".join([chunk async for chunk in self])

    async def close(self) -> None:
        """Let go of the answer: a worker that is still at it is ended."""
        if self._pump is None:
            self._release(self._worker, True)
            return
        self._pump.cancel()
        await asyncio.gather(self._pump, return_exceptions=True)

    async def _run(self, op: str, arguments: Mapping[str, Any]) -> None:
        limit = self._settings.timeout_s
        healthy = False
        error: HearsayError | None = None
        try:
            async with asyncio.timeout(limit):
                await self._worker.send_job(op, arguments)
                while not (done := await self._take()):
                    pass
            error = done.error
            healthy = True
        except TimeoutError:
            error = QueryTimeout(f"ended after {limit:g} seconds, the limit of this server")
        except (EOFError, ConnectionError):
            error = await self._explain_death()
        finally:
            self._release(self._worker, healthy)
        async with self._changed:
            self._error, self._finished = error, True
            self._changed.notify_all()

    async def _take(self) -> _Done | None:
        kind, payload = await self._worker.receive()
        if kind is Kind.DATA:
            room = self._settings.read_ahead_bytes
            async with self._changed:
                await self._changed.wait_for(lambda: self.waiting_bytes < max(room, HELD_BACK_BYTES))
                self._chunks.append(payload)
                self.waiting_bytes += len(payload)
                self._changed.notify_all()
            return None
        if kind is Kind.HEAD:
            self.head = self._worker.read_head(payload)
            return None
        return _Done(error=to_error(payload) if kind is Kind.ERROR else None)

    async def _explain_death(self) -> HearsayError:
        code = await self._worker.wait()
        log.error("a %s worker ended by itself with code %s", self._settings.name, code)
        return _explain(code, self._settings)


@dataclass(frozen=True, slots=True)
class _Done:
    error: HearsayError | None


def _explain(code: int, settings: PoolSettings) -> HearsayError:
    """Say in words why a worker ended by itself: the engine aborts where memory ends."""
    if code == -signal.SIGXCPU:
        return QueryTimeout(
            f"ended after {settings.timeout_s:g} seconds of processor time, the limit of this server"
        )
    if code == -signal.SIGABRT:
        return QueryTooLarge(
            f"needs more than {settings.worker.memory_bytes} bytes of memory, the limit of this server"
        )
    return WorkerFailed("the process that worked on this request ended by itself")
