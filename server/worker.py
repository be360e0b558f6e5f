"""One worker process: opens the published snapshot and does one job at a time behind its fences.

Started by the web process as `python -P -m server.worker DESCRIPTOR`, the descriptor being its end of a
socket pair. An error that nobody foresaw ends the process; the web side says so and starts another.
"""

from __future__ import annotations

import json
import os
import socket
import sys
import tempfile
from pathlib import Path
from types import MappingProxyType
from typing import Any

from graph.errors import HearsayError, QueryTooLarge
from server import fences
from server.jobs import JOBS, Desk
from server.wire import CHUNK_BYTES, Kind, read_frame, to_error_frame, to_frame, to_json_frame
from server.write_jobs import WRITES

_JOBS = MappingProxyType({**JOBS, **WRITES})


class Channel:
    """Send one answer: the head first, then bytes in frames of a useful size. Looks like a file."""

    def __init__(self, link: socket.socket) -> None:
        self._link = link
        self._held = bytearray()

    def head(self, **values: Any) -> None:
        """Say what the answer is, before its bytes."""
        self._link.sendall(to_json_frame(Kind.HEAD, values))

    def write(self, chunk: bytes) -> int:
        """Send bytes, soon."""
        self._held += chunk
        if len(self._held) >= CHUNK_BYTES:
            self.flush()
        return len(chunk)

    def flush(self) -> None:
        """Send what is held."""
        if self._held:
            self._link.sendall(to_frame(Kind.DATA, bytes(self._held)))
            self._held.clear()


def work(descriptor: int) -> None:
    """Serve jobs until the web process closes its end."""
    with socket.socket(fileno=descriptor) as link, link.makefile("rb") as source:
        _, payload = read_frame(source)
        config = json.loads(payload)
        notes = _raise_fences(config)
        desk = Desk(data=config["data"], base=config["base"])
        if config["writes_to"] is None:
            desk.warm()
        link.sendall(to_json_frame(Kind.READY, {"fences": notes}))
        while True:
            _, payload = read_frame(source)
            job = json.loads(payload)
            fences.limit_processor(config["processor_s"])
            link.sendall(_answer(desk, job, Channel(link)))


def _answer(desk: Desk, job: dict[str, Any], channel: Channel) -> bytes:
    try:
        _JOBS[job["op"]](desk, job["arguments"], channel)
        channel.flush()
    except HearsayError as error:
        return to_error_frame(error)
    except MemoryError:
        return to_error_frame(QueryTooLarge("needs more memory than this server gives to one request"))
    return to_frame(Kind.END)


def _raise_fences(config: dict[str, Any]) -> list[str]:
    notes = [fences.die_with_parent(config["parent"]), fences.limit_memory(config["memory_bytes"])]
    network = fences.close_network()
    data: str | None = config["writes_to"]
    if data is not None:
        Path(data).mkdir(parents=True, exist_ok=True)
    scratch = data or (tempfile.gettempdir() if config["needs_scratch"] else None)
    closed = fences.close_files(
        network_open=network.endswith("open"), scratch=scratch, moves=data is not None
    )
    return [*notes, network, *closed]


def main() -> None:
    """Run one worker on the descriptor given as the only argument."""
    try:
        work(int(sys.argv[1]))
    except (EOFError, BrokenPipeError, ConnectionResetError):
        # The web process is gone or has no more use for this one.
        os._exit(0)


if __name__ == "__main__":
    main()
