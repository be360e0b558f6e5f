"""Settings come from the environment, carry their unit, and a value without sense is told by its name."""

from __future__ import annotations

from pathlib import Path

import pytest

from graph.errors import UsageError
from server.logs import FORMATS
from server.settings import Settings


def test_what_is_not_set_keeps_its_default() -> None:
    assert Settings.from_environment({}) == Settings()
    assert Settings().query_timeout_s == 30
    assert Settings().query_memory_bytes == 2 * 1024**3
    assert Settings().query_workers == 2


def test_the_environment_is_read() -> None:
    settings = Settings.from_environment(
        {
            "HEARSAY_DATA": "/srv/war",
            "HEARSAY_BASE": "https://example.org/war/",
            "HEARSAY_QUERY_TIMEOUT_S": "2.5",
            "HEARSAY_QUERY_MEMORY_BYTES": "1073741824",
            "HEARSAY_QUERY_WORKERS": "4",
            "HEARSAY_MAX_QUERY_BYTES": "1000",
            "HEARSAY_QUEUE_SECONDS": "3",
            "HEARSAY_QUEUE_LENGTH": "",
            "HEARSAY_CACHE": "/var/cache/war",
            "HEARSAY_TOKEN": "a-secret",
            "HEARSAY_DEFAULT_GRAPH": "plain",
            "HEARSAY_WRITE_TIMEOUT_S": "60",
            "HEARSAY_MAX_WRITE_BYTES": "1000000",
        }
    )
    assert "a-secret" not in repr(settings)
    assert settings == Settings(
        data=Path("/srv/war"),
        base="https://example.org/war/",
        query_timeout_s=2.5,
        query_memory_bytes=1024**3,
        query_workers=4,
        max_query_bytes=1000,
        queue_seconds=3,
        cache=Path("/var/cache/war"),
        token="a-secret",
        default_graph="plain",
        write_timeout_s=60,
        max_write_bytes=1_000_000,
    )
    assert settings.cache_folder == Path("/var/cache/war")
    assert Settings(data=Path("x")).cache_folder == Path("x/cache")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("HEARSAY_QUERY_TIMEOUT_S", "soon"),
        ("HEARSAY_QUERY_TIMEOUT_S", "0"),
        ("HEARSAY_QUERY_TIMEOUT_S", "nan"),
        ("HEARSAY_QUERY_TIMEOUT_S", "inf"),
        ("HEARSAY_QUERY_WORKERS", "-1"),
        ("HEARSAY_QUERY_WORKERS", "1.5"),
        ("HEARSAY_QUEUE_SECONDS", "-3"),
        ("HEARSAY_QUERY_MEMORY_BYTES", "1000"),
        ("HEARSAY_BASE", "not a base"),
        ("HEARSAY_TOKEN", "two words"),
        ("HEARSAY_TOKEN", "ünicode"),
        ("HEARSAY_DEFAULT_GRAPH", "union"),
        ("HEARSAY_WRITE_MEMORY_BYTES", "1000000000"),
        ("HEARSAY_CACHE_BYTES", "-1"),
        ("HEARSAY_CACHE_BYTES", "much"),
        ("HEARSAY_STOP_TIMEOUT_S", "0"),
        ("HEARSAY_LICENCE", "CC BY"),
        ("HEARSAY_LICENCE", 'https://e.org/">; rel="x'),
        ("HEARSAY_LOG_FORMAT", "xml"),
        ("HEARSAY_LOG_QUERIES", "maybe"),
    ],
)
def test_a_value_without_sense_is_told(name: str, value: str) -> None:
    with pytest.raises(UsageError) as caught:
        Settings.from_environment({name: value})
    assert name in str(caught.value) or "memory" in str(caught.value)


@pytest.mark.parametrize(
    ("words", "on"), [("yes", True), ("1", True), ("TRUE", True), ("no", False), ("0", False), ("", False)]
)
def test_a_switch_is_yes_or_no(words: str, on: bool) -> None:
    assert Settings.from_environment({"HEARSAY_LOG_QUERIES": words}).log_queries is on


def test_a_cache_may_be_nothing_and_a_licence_is_an_address() -> None:
    found = Settings.from_environment(
        {"HEARSAY_CACHE_BYTES": "0", "HEARSAY_LICENCE": "https://e.org/by/4.0/", "HEARSAY_LOG_FORMAT": "text"}
    )
    assert (found.cache_bytes, found.licence, found.log_format) == (0, "https://e.org/by/4.0/", "text")


def test_the_formats_of_the_log_are_those_that_there_are() -> None:
    for one in FORMATS:
        assert Settings(log_format=one).log_format == one
