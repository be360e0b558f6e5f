"""Settings come from the environment, carry their unit, and a value without sense is told by its name."""

from __future__ import annotations

from pathlib import Path

import pytest

from graph.errors import UsageError
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
        }
    )
    assert settings == Settings(
        data=Path("/srv/war"),
        base="https://example.org/war/",
        query_timeout_s=2.5,
        query_memory_bytes=1024**3,
        query_workers=4,
        max_query_bytes=1000,
        queue_seconds=3,
        cache=Path("/var/cache/war"),
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
    ],
)
def test_a_value_without_sense_is_told(name: str, value: str) -> None:
    with pytest.raises(UsageError) as caught:
        Settings.from_environment({name: value})
    assert name in str(caught.value) or "memory" in str(caught.value)
