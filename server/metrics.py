"""What the server counts of itself, for Prometheus: requests, the line for workers, workers that were ended, memory.

No label can grow without end: routes are the templates of the code, methods those of HTTP, the rest fixed words. The
one label that changes is the version that is served, of which there is one at a time.
https://prometheus.io/docs/practices/naming/.
"""

from __future__ import annotations

import resource
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Protocol

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    ProcessCollector,
    disable_created_metrics,
)
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, InfoMetricFamily, Metric
from prometheus_client.exposition import choose_encoder
from prometheus_client.registry import Collector

from graph.errors import HearsayError
from server.cache import ResultCache
from server.pool import Pool

OTHER = "other"
METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
_SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300)


class Watched(Protocol):
    """Be what the metrics look at when they are asked for."""

    @property
    def pools(self) -> tuple[Pool, ...]:
        """The pools of workers."""

    @property
    def cache(self) -> ResultCache:
        """The answers that are kept."""

    def version(self) -> str:
        """Give the version that is served. Raises HearsayError."""

    def age_s(self) -> float | None:
        """Give for how many seconds it has been published; None before the first load."""


class Metrics:
    """Count for one server. Two servers of one process count apart."""

    def __init__(self) -> None:
        # When each series began is of no use to anybody, and a third of the text.
        disable_created_metrics()  # type: ignore[no-untyped-call]  # it has no types
        self.registry = CollectorRegistry()
        self._requests = Counter(
            "hearsay_requests", "Requests answered.", ("method", "route", "status"), registry=self.registry
        )
        self._durations = Histogram(
            "hearsay_request_duration_seconds",
            "From the head of a request to the last byte of its answer.",
            ("route",),
            buckets=_SECONDS,
            registry=self.registry,
        )
        self._bytes = Counter(
            "hearsay_response_bytes", "Bytes of answers, heads left out.", ("route",), registry=self.registry
        )
        self.running = Gauge(
            "hearsay_requests_running", "Requests being answered now.", registry=self.registry
        )
        self._waits = Histogram(
            "hearsay_queue_wait_seconds",
            "How long a request waited for a worker.",
            ("pool",),
            buckets=_SECONDS,
            registry=self.registry,
        )
        self._refused = Counter(
            "hearsay_queue_refused",
            "Requests that got no worker: the line was full, or none came free in time.",
            ("pool", "reason"),
            registry=self.registry,
        )
        self._ended = Counter(
            "hearsay_workers_ended",
            "Workers that did not live out their share of jobs, by why.",
            ("pool", "reason"),
            registry=self.registry,
        )
        ProcessCollector(registry=self.registry)
        self._present = _Present()
        self.registry.register(self._present)

    def watch(self, watched: Watched) -> None:
        """Tell of pools, cache and snapshot too, as they are at the moment of asking."""
        self._present.watched = watched

    def answered(self, *, method: str, route: str, status: int, seconds: float, sent_bytes: int) -> None:
        """Count one request. `route` is a template of the code, or OTHER."""
        self._requests.labels(method if method in METHODS else OTHER, route, str(status)).inc()
        self._durations.labels(route).observe(seconds)
        self._bytes.labels(route).inc(sent_bytes)

    def waited(self, pool: str, seconds: float) -> None:
        """Count a request that got a worker."""
        self._waits.labels(pool).observe(seconds)

    def refused(self, pool: str, reason: str) -> None:
        """Count a request that got none."""
        self._refused.labels(pool, reason).inc()

    def ended(self, pool: str, reason: str) -> None:
        """Count a worker that was ended or ended by itself."""
        self._ended.labels(pool, reason).inc()

    def write(self, accept: str | None) -> tuple[bytes, str]:
        """Write all of it in the form that the client takes; give it with its media type."""
        encode, media_type = choose_encoder(accept or "")
        return encode(self.registry), media_type


class _Present(Collector):
    def __init__(self) -> None:
        self.watched: Watched | None = None

    def describe(self) -> Iterable[Metric]:
        return ()

    def collect(self) -> Iterator[Metric]:
        if self.watched is not None:
            yield from _tell_pools(self.watched)
            yield from _tell_cache(self.watched)
            yield from _tell_snapshot(self.watched)


def _tell_pools(watched: Watched) -> Iterator[Metric]:
    workers = GaugeMetricFamily("hearsay_workers", "Workers by what they do.", labels=("pool", "state"))
    waiting = GaugeMetricFamily("hearsay_queue_length", "Requests that wait for a worker.", labels=("pool",))
    memory = GaugeMetricFamily(
        "hearsay_workers_resident_memory_bytes", "Memory of the workers together.", labels=("pool",)
    )
    for pool in watched.pools:
        name, now = pool.settings.name, pool.to_json()
        for state in ("idle", "busy"):
            workers.add_metric((name, state), now[state])
        waiting.add_metric((name,), now["waiting"])
        memory.add_metric((name,), sum(map(_resident_bytes, pool.pids)))
    yield from (workers, waiting, memory)


def _tell_cache(watched: Watched) -> Iterator[Metric]:
    cache = watched.cache
    asked = CounterMetricFamily(
        "hearsay_cache_lookups", "Answers looked up among those that are kept.", labels=("result",)
    )
    asked.add_metric(("hit",), cache.hits)
    asked.add_metric(("miss",), cache.misses)
    yield asked
    yield GaugeMetricFamily("hearsay_cache_bytes", "Memory of the answers kept.", value=cache.held_bytes)
    yield GaugeMetricFamily("hearsay_cache_answers", "Answers kept.", value=len(cache))


def _tell_snapshot(watched: Watched) -> Iterator[Metric]:
    with suppress(HearsayError):
        version = watched.version()
        yield InfoMetricFamily("hearsay_snapshot", "What is served.", value={"version": version})
    age_s = watched.age_s()
    if age_s is not None:
        yield GaugeMetricFamily(
            "hearsay_snapshot_age_seconds", "For how long it has been published.", value=age_s
        )


def _resident_bytes(pid: int) -> int:
    """Give the memory of a process; 0 for one that is gone, or where the system does not tell."""
    with suppress(OSError, ValueError, IndexError):
        return int(Path(f"/proc/{pid}/statm").read_text(encoding="ascii").split()[1]) * resource.getpagesize()
    return 0
