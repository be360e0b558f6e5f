"""One worker process seen from the web side: start it, send it jobs, read its frames, end it."""

from __future__ import annotations

import asyncio
import json
import os
import socket
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from graph.errors import HearsayError
from server.wire import HEADER, LONGEST_FRAME, Kind, to_json_frame

_START_LIMIT_S = 30.0
_READ_BYTES = 256 * 1024
_HOME = Path(__file__).resolve().parent.parent


class WorkerFailed(HearsayError):
    """Say that a worker process did not start or ended by itself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkerSettings:
    """Hold what a worker is told at its start. `processor_s` is the second fence behind the wall clock.

    A worker writes no files, or with `needs_scratch` only temporary ones, or those beneath the folder `writes_to`.
    """

    data: str
    base: str
    memory_bytes: int
    processor_s: float
    needs_scratch: bool = False
    writes_to: str | None = None


class Worker:
    """Hold one running worker. Made by `start`, in the thread of the event loop: it dies with that thread."""

    def __init__(
        self, process: subprocess.Popen[bytes], reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        self.jobs = 0
        self.fences: tuple[str, ...] = ()
        self._process = process
        self._reader = reader
        self._writer = writer

    @classmethod
    async def start(cls, settings: WorkerSettings, *, command: Sequence[str] | None = None) -> Worker:
        """Start a process and wait until it is ready. Raises WorkerFailed."""
        ours, theirs = socket.socketpair()
        with theirs:
            process = _launch(command or (sys.executable, "-P", "-m", "server.worker"), theirs)
        try:
            reader, writer = await asyncio.open_unix_connection(sock=ours, limit=_READ_BYTES)
        except BaseException:
            # Given up before there was a worker to end.
            ours.close()
            process.kill()
            process.wait()
            raise
        worker = cls(process, reader, writer)
        try:
            async with asyncio.timeout(_START_LIMIT_S):
                await worker._prepare(settings)
        except (EOFError, ConnectionError, TimeoutError):
            await worker.end()
            raise WorkerFailed(f"it ended with code {process.returncode} before it was ready") from None
        except BaseException:
            await worker.end()
            raise
        return worker

    async def _prepare(self, settings: WorkerSettings) -> None:
        self._writer.write(to_json_frame(Kind.CONFIG, {**asdict(settings), "parent": os.getpid()}))
        kind, payload = await self.receive()
        if kind is not Kind.READY:
            raise ConnectionError("it said something else than that it is ready")
        self.fences = tuple(json.loads(payload)["fences"])

    @property
    def lives(self) -> bool:
        """Tell whether the process still runs."""
        return self._process.poll() is None

    @property
    def pid(self) -> int:
        """Give the process id."""
        return self._process.pid

    async def send_job(self, op: str, arguments: Mapping[str, Any]) -> None:
        """Send a job. Raises ConnectionError where the process is gone."""
        self.jobs += 1
        self._writer.write(to_json_frame(Kind.JOB, {"op": op, "arguments": arguments}))
        await self._writer.drain()

    async def receive(self) -> tuple[Kind, bytes]:
        """Wait for the next frame. Raises EOFError or ConnectionError where the process is gone."""
        length, kind = HEADER.unpack(await self._reader.readexactly(HEADER.size))
        if length > LONGEST_FRAME:
            raise ConnectionError(f"a frame of {length} bytes is longer than a worker may send")
        return Kind(kind), await self._reader.readexactly(length)

    @staticmethod
    def read_head(payload: bytes) -> dict[str, Any]:
        """Decode what a worker says first about its answer."""
        head = json.loads(payload)
        assert isinstance(head, dict)
        return head

    def kill(self) -> None:
        """End the process at once."""
        if self.lives:
            self._process.kill()

    async def wait(self) -> int:
        """Wait for the end of the process without blocking the loop; give its exit code."""
        return await asyncio.to_thread(self._process.wait)

    async def end(self) -> None:
        """End the process, close the socket and take the exit code, so that nothing is left behind."""
        self.kill()
        self._writer.close()
        # Also when this is given up: a killed process is gone within moments.
        await asyncio.shield(self.wait())


def _launch(command: Sequence[str], channel: socket.socket) -> subprocess.Popen[bytes]:
    # Each arena of the allocator reserves 64 MiB of addresses, which the limit counts as memory.
    arenas = {"MALLOC_ARENA_MAX": "2"}
    paths = [str(_HOME), *filter(None, [os.environ.get("PYTHONPATH")])]
    return subprocess.Popen(
        [*command, str(channel.fileno())],
        pass_fds=[channel.fileno()],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        env={**os.environ, **arenas, "PYTHONPATH": os.pathsep.join(paths)},
        # Ctrl-C in a terminal is for the server, which lets its workers finish.
        process_group=0,
    )
