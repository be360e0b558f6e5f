"""What a server can be told, read from the environment once and handed down: every name carries its unit."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, fields
from dataclasses import field as field_of
from pathlib import Path
from types import MappingProxyType

from graph.errors import UsageError
from graph.iris import Iris
from graph.terms import DEFAULT_BASE

_MIB = 1024 * 1024
# The engine reserves 280 MiB of addresses for an empty graph.
_LEAST_MEMORY_BYTES = 512 * _MIB
# More for one that is written, of which up to four are open in a write: measured, it ends with 1,300 MiB.
_LEAST_WRITE_MEMORY_BYTES = 2048 * _MIB


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Hold the settings of one server.

    `data` is the folder that `hearsay load` fills; `cache` holds finished dumps (else `cache` in `data`).
    Times are seconds, sizes bytes. `queue_length` counts requests that may wait for a worker at one time.
    `read_ahead_bytes` is how much of one answer is kept for a slow reader, so that its worker is free again.
    `cache_bytes` is for answers that may be asked for again; 0 keeps none. `stop_timeout_s` is how long answers
    that are being sent may take once the server is told to stop. `licence` is the address of the one under which
    the operator gives the graph away. `log_format` is one of server.logs.FORMATS. Without a `token` nobody may write;
    with `default_graph` "plain" the default graph is a graph of its own, and the folder holds other data than articles.
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
    cache_bytes: int = 64 * _MIB
    stop_timeout_s: float = 30.0
    licence: str | None = None
    log_format: str = "json"
    log_queries: bool = False
    token: str | None = field_of(default=None, repr=False)
    default_graph: str = "merged"
    write_timeout_s: float = 120.0
    write_memory_bytes: int = 4096 * _MIB
    max_write_bytes: int = 16 * _MIB

    def __post_init__(self) -> None:
        Iris(self.base)
        for name in _NUMBERS:
            value = getattr(self, name)
            if not (value > 0 or (value == 0 and name in _MAY_BE_NOTHING)) or value == float("inf"):
                raise UsageError(f"{_variable(name)} is {value}; give a number above 0")
        if self.log_format not in _LOG_FORMATS:
            raise UsageError(f"HEARSAY_LOG_FORMAT is {self.log_format!r}; give {' or '.join(_LOG_FORMATS)}")
        if self.licence is not None and not _ADDRESS.fullmatch(self.licence):
            raise UsageError(f"HEARSAY_LICENCE is {self.licence!r}; give the web address of a licence")
        if self.default_graph not in _DEFAULT_GRAPHS:
            choices = " or ".join(_DEFAULT_GRAPHS)
            raise UsageError(f"HEARSAY_DEFAULT_GRAPH is {self.default_graph!r}; give {choices}")
        if self.token is not None and not _TOKEN.fullmatch(self.token):
            raise UsageError("HEARSAY_TOKEN has other characters than visible ones of ASCII; give another")
        if self.write_memory_bytes < _LEAST_WRITE_MEMORY_BYTES:
            raise UsageError(
                f"HEARSAY_WRITE_MEMORY_BYTES is {self.write_memory_bytes}; a write needs at least "
                f"{_LEAST_WRITE_MEMORY_BYTES} bytes of memory, since it opens the old graph and the new one"
            )
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
        "cache_bytes": int,
        "stop_timeout_s": float,
        "write_timeout_s": float,
        "write_memory_bytes": int,
        "max_write_bytes": int,
    }
)
_MAY_BE_NOTHING = frozenset({"cache_bytes"})
_DEFAULT_GRAPHS = ("merged", "plain")
_TOKEN = re.compile(r"[\x21-\x7e]+")
_LOG_FORMATS = ("json", "text")
_SWITCHES = MappingProxyType(
    {"1": True, "true": True, "yes": True, "on": True, "0": False, "false": False, "no": False, "off": False}
)
_ADDRESS = re.compile(r"https?://[^\s<>\"{}|\\^`,;]+")


def _variable(name: str) -> str:
    return f"HEARSAY_{name.upper()}"


def _read(name: str, words: str) -> object:
    if name in ("data", "cache"):
        return Path(words)
    if name in ("base", "licence", "log_format", "token", "default_graph"):
        return words
    if name == "log_queries":
        if words.lower() not in _SWITCHES:
            raise UsageError(f"{_variable(name)} is {words!r}; give yes or no")
        return _SWITCHES[words.lower()]
    kind = _NUMBERS[name]
    try:
        return kind(words)
    except ValueError:
        whole = "a whole number" if kind is int else "a number"
        raise UsageError(f"{_variable(name)} is {words!r}; give {whole} above 0") from None
