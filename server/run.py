"""Serving over HTTP: one web process, its workers beside it, and an end that lets running answers finish."""

from __future__ import annotations

import dataclasses
import math
import signal
from collections.abc import Iterator
from contextlib import contextmanager

import uvicorn

from server import logs
from server.app import create_app
from server.settings import Settings


def serve(
    settings: Settings, *, host: str = "127.0.0.1", port: int = 8000, workers: int | None = None
) -> None:
    """Serve until told to stop (SIGTERM, Ctrl-C), then end in order and return.

    `workers` is the number of query processes, else that of the settings.
    """
    logs.configure(settings.log_format)
    server = uvicorn.Server(make_config(settings, host=host, port=port, workers=workers))
    with _stopping(server):
        server.run()


def make_config(settings: Settings, *, host: str, port: int, workers: int | None = None) -> uvicorn.Config:
    """Give the configuration of the HTTP server: one process, no name of the software in the headers."""
    if workers is not None:
        settings = dataclasses.replace(settings, query_workers=workers)
    return uvicorn.Config(
        create_app(settings),
        host=host,
        port=port,
        workers=1,
        lifespan="on",
        server_header=False,
        timeout_graceful_shutdown=math.ceil(settings.stop_timeout_s),
        # The log is ours: one line a request, without what was asked.
        log_config=None,
        access_log=False,
    )


@contextmanager
def _stopping(server: uvicorn.Server) -> Iterator[None]:
    """Take a signal to stop for an orderly end.

    The HTTP server raises each signal anew when it is done, which would end the process as if killed.
    """

    def stop(*_: object) -> None:
        server.should_exit = True

    former = {one: signal.signal(one, stop) for one in (signal.SIGTERM, signal.SIGINT)}
    try:
        yield
    finally:
        for one, handler in former.items():
            signal.signal(one, handler)
