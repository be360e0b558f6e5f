"""What a server can be told, read from the environment once and handed down: every name carries its unit."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from types import MappingProxyType

from graph.errors import UsageError
from graph.iris import Iris
from graph.terms import DEFAULT_BASE

_MIB = 1024 * 1024
# The engine reserves 280 MiB of addresses for an empty graph.
_LEAST_MEMORY_BYTES = 512 * _MIB


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Hold the settings of one server.

    `data` is the folder that `hearsay load` fills; `cache` holds finished dumps (else `cache` in `data`).
    Times are seconds, sizes bytes. `queue_length` counts requests that may wait for a worker at one time.
    `read_ahead_bytes` is how much of one answer is kept for a slow reader, so that its worker is free again.
    """

    data: Path = Path("data")
    base: str = DEFAULT_BASE
    cache: Path | None = None
    query_timeout_s: float = 30.0
    page_timeout_s: float = 10.0
    dump_timeout_s: float = 600.0
    query_memory_bytes: int = 2048 * _MIB
    dump_memory_bytes: int = 4096 * _MIB
    query_workers: int = 2
    max_query_bytes: int = 100_000
    queue_length: int = 64
    queue_seconds: float = 10.0
    read_ahead_bytes: int = 4 * _MIB
    jobs_per_worker: int = 1000

    def __post_init__(self) -> None:
        Iris(self.base)
        for name in _NUMBERS:
            value = getattr(self, name)
            if not value > 0 or value == float("inf"):
                raise UsageError(f"{_variable(name)} is {value}; give a number above 0")
        if min(self.query_memory_bytes, self.dump_memory_bytes) < _LEAST_MEMORY_BYTES:
            raise UsageError(
                f"a worker needs at least {_LEAST_MEMORY_BYTES} bytes of memory to open the graph"
            )

    @property
    def cache_folder(self) -> Path:
        """Give the folder for finished dumps."""
        return self.cache or self.data / "cache"

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] | None = None) -> Settings:
        """Read HEARSAY_DATA, HEARSAY_QUERY_TIMEOUT_S and so on; what is not set keeps its default.

        Raises UsageError with the name of the variable for a value that makes no sense.
        """
        found = os.environ if environment is None else environment
        given: dict[str, object] = {}
        for field in fields(cls):
            words = found.get(_variable(field.name), "").strip()
            if words:
                given[field.name] = _read(field.name, words)
        return cls(**given)  # type: ignore[arg-type]  # _read gives each field its type


_NUMBERS = MappingProxyType(
    {
        "query_timeout_s": float,
        "page_timeout_s": float,
        "dump_timeout_s": float,
        "query_memory_bytes": int,
        "dump_memory_bytes": int,
        "query_workers": int,
        "max_query_bytes": int,
        "queue_length": int,
        "queue_seconds": float,
        "read_ahead_bytes": int,
        "jobs_per_worker": int,
    }
)


def _variable(name: str) -> str:
    return f"HEARSAY_{name.upper()}"


def _read(name: str, words: str) -> object:
    if name in ("data", "cache"):
        return Path(words)
    if name == "base":
        return words
    kind = _NUMBERS[name]
    try:
        return kind(words)
    except ValueError:
        whole = "a whole number" if kind is int else "a number"
        raise UsageError(f"{_variable(name)} is {words!r}; give {whole} above 0") from None
