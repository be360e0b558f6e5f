"""Answers that are kept stay within their memory, and one is never given for another question."""

from __future__ import annotations

from itertools import combinations
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.cache import ResultCache, key_of


def keys(number: int) -> list[bytes]:
    return [key_of("v", f"ASK {{ {n} }}", media_type="a/b") for n in range(number)]


def test_an_answer_comes_back_and_is_counted() -> None:
    cache = ResultCache(100_000)
    (key,) = keys(1)
    assert cache.get(key) is None
    assert cache.put(key, b"yes")
    assert cache.get(key) == b"yes"
    assert (cache.hits, cache.misses, len(cache)) == (1, 1, 1)


def test_an_empty_answer_is_an_answer() -> None:
    cache = ResultCache(100_000)
    (key,) = keys(1)
    assert cache.put(key, b"")
    assert cache.get(key) == b""
    assert cache.hits == 1


@given(
    sizes=st.lists(st.integers(0, 3000), max_size=60), limit=st.integers(0, 20_000), again=st.integers(1, 7)
)
def test_memory_stays_within_its_bound(sizes: list[int], limit: int, again: int) -> None:
    cache = ResultCache(limit)
    for at, (key, size) in enumerate(zip(keys(len(sizes)), sizes, strict=True)):
        kept = cache.put(key, bytes(size))
        assert kept == (size <= cache.largest_bytes)
        assert cache.held_bytes <= limit
        assert cache.get(key) == (bytes(size) if kept else None)
        if at % again == 0:
            cache.put(key, bytes(size))
    assert cache.held_bytes >= sum(len(cache.get(key) or b"") for key in keys(len(sizes)))


def test_the_least_recently_used_goes_first() -> None:
    cache = ResultCache(40_000)
    some = keys(9)
    for key in some[:8]:
        assert cache.put(key, bytes(cache.largest_bytes))
    assert cache.get(some[0]) is not None
    cache.put(some[8], bytes(cache.largest_bytes))
    assert cache.get(some[1]) is None
    assert cache.get(some[0]) is not None


@pytest.mark.parametrize("limit", [0, 100, 4095])
def test_a_cache_without_room_keeps_nothing(limit: int) -> None:
    cache = ResultCache(limit)
    (key,) = keys(1)
    assert not cache.put(key, b"")
    assert cache.get(key) is None


ASKED: list[dict[str, Any]] = [
    {"version": "1", "query": "ASK {}", "media_type": "a/b"},
    {"version": "2", "query": "ASK {}", "media_type": "a/b"},
    {"version": "1", "query": "ASK { }", "media_type": "a/b"},
    {"version": "1", "query": "ASK {}", "media_type": "a/c"},
    {"version": "1a/b", "query": "ASK {}", "media_type": ""},
    {"version": "1", "query": "ASK {}", "media_type": "a/b", "default_graphs": []},
    {"version": "1", "query": "ASK {}", "media_type": "a/b", "named_graphs": []},
    {"version": "1", "query": "ASK {}", "media_type": "a/b", "default_graphs": ["x"]},
    {"version": "1", "query": "ASK {}", "media_type": "a/b", "named_graphs": ["x"]},
    {"version": "1", "query": "ASK {}", "media_type": "a/b", "default_graphs": ["x"], "named_graphs": ["x"]},
    {"version": "1", "query": "ASK {}", "media_type": "a/b", "default_graphs": ["x", "y"]},
    {"version": "1", "query": "ASK {}", "media_type": "a/b", "default_graphs": ["xy"]},
    {"version": "1", "query": "ASK {} \udcff", "media_type": "a/b"},
]


def test_whatever_differs_has_another_key() -> None:
    for one, other in combinations(ASKED, 2):
        assert key_of(**one) != key_of(**other), (one, other)


def test_the_order_of_graphs_does_not_matter() -> None:
    one = key_of("1", "q", default_graphs=["a", "b", "a"], media_type="t")
    assert one == key_of("1", "q", default_graphs=["b", "a"], media_type="t")
