"""Serving over HTTP: one web process, its workers beside it."""

from __future__ import annotations

import dataclasses

import uvicorn

from server.app import create_app
from server.settings import Settings


def serve(
    settings: Settings, *, host: str = "127.0.0.1", port: int = 8000, workers: int | None = None
) -> None:
    """Serve until interrupted. `workers` is the number of query processes, else that of the settings."""
    uvicorn.Server(make_config(settings, host=host, port=port, workers=workers)).run()


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
        timeout_graceful_shutdown=5,
        log_level="info",
    )
