"""What the routes of one server share: settings, pools of workers, the version being served, pages."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Mapping
from contextlib import AsyncExitStack
from types import TracebackType
from typing import Any, cast

from starlette.requests import Request

from graph.errors import NoSnapshot, StoreError
from graph.iris import Iris
from server.cache import ResultCache
from server.metrics import Metrics
from server.pages import Pages
from server.pool import Pool, PoolSettings
from server.settings import Settings
from server.workers import WorkerSettings

NOTHING_LOADED = "nothing loaded yet: hearsay load PATH"


class House:
    """Hold the running parts. Open with `async with`.

    Pools apart, so that long queries never stand in the way of pages, and a dump or a write in the way of neither.
    """

    def __init__(self, settings: Settings, *, metrics: Metrics | None = None) -> None:
        self.settings = settings
        self.iris = Iris(settings.base)
        self.metrics = metrics or Metrics()
        self.queries = _pool(
            settings, self.metrics, "query", settings.query_workers, settings.query_timeout_s
        )
        self.readers = _pool(settings, self.metrics, "page", 1, settings.page_timeout_s)
        self.dumps = _pool(settings, self.metrics, "dump", 1, settings.dump_timeout_s)
        self.cache = ResultCache(settings.cache_bytes)
        self.writers = _pool(settings, self.metrics, "write", 1, settings.write_timeout_s)
        writers = () if settings.token is None else (self.writers,)
        self.pools = (self.queries, self.readers, self.dumps, *writers)
        self.pages = Pages(base=settings.base)
        # The file that graph.snapshots keeps; read here, because that module brings the engine with it.
        self._current = settings.data / "current"
        self._stack = AsyncExitStack()
        self.metrics.watch(self)

    async def __aenter__(self) -> House:
        for pool in self.pools:
            await self._stack.enter_async_context(pool)
        if self.writers in self.pools and self.settings.default_graph == "plain":
            await self.writers.ask_json("prepare", {})
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._stack.aclose()

    def version(self) -> str:
        """Give the version that is published, by a look at one small file. Raises NoSnapshot, StoreError."""
        try:
            version = self._current.read_text(encoding="ascii").strip()
        except FileNotFoundError:
            version = ""
        except (OSError, UnicodeDecodeError) as error:
            raise StoreError(f"{self._current} can't be read: {error}") from error
        if not version:
            raise NoSnapshot(NOTHING_LOADED)
        return version

    def age_s(self) -> float | None:
        """Give for how many seconds the version has been published; None before the first load."""
        try:
            return max(0.0, time.time() - self._current.stat().st_mtime)
        except OSError:
            return None

    async def read(self, request: Request, op: str, arguments: Mapping[str, Any]) -> Any:
        """Have a page's data read by the page workers.

        A reader who leaves does not end the worker: the job is short, and another would cost more.
        """
        value, _ = await self.readers.ask_json(op, arguments, client=client_of(request))
        return value


def house_of(request: Request) -> House:
    """Give the house that a request came to."""
    return cast(House, request.app.state.house)


def client_of(request: Request) -> str:
    """Give the address that the line of waiting requests tells clients apart by."""
    return request.client.host if request.client else ""


def tag_of(version: str, *parts: object) -> str:
    """Give the entity tag of one form of what a snapshot says."""
    told = hashlib.sha256("\x1f".join(map(str, (version, *parts))).encode()).hexdigest()[:16]
    return f'"{version}-{told}"'


def is_fresh(request: Request, tag: str) -> bool:
    """Tell whether the client already holds that form (If-None-Match, compared weakly: RFC 9110, 13.1.2)."""
    held = request.headers.get("if-none-match", "")
    return request.method in ("GET", "HEAD") and tag in (
        part.strip().removeprefix("W/") for part in held.split(",")
    )


def _pool(settings: Settings, metrics: Metrics, name: str, size: int, timeout_s: float) -> Pool:
    dump, write = name == "dump", name == "write"
    memory = {"dump": settings.dump_memory_bytes, "write": settings.write_memory_bytes}
    return Pool(
        PoolSettings(
            name=name,
            size=size,
            timeout_s=timeout_s,
            queue_length=settings.queue_length,
            queue_seconds=timeout_s if dump or write else settings.queue_seconds,
            read_ahead_bytes=settings.read_ahead_bytes,
            # Dumps are rare and leave much memory behind.
            jobs_per_worker=10 if dump else settings.jobs_per_worker,
            eager=not dump,
            worker=WorkerSettings(
                data=str(settings.data.absolute()),
                base=settings.base,
                memory_bytes=memory.get(name, settings.query_memory_bytes),
                processor_s=timeout_s,
                needs_scratch=dump,
                writes_to=str(settings.data.absolute()) if write else None,
            ),
        ),
        watcher=metrics,
    )
