"""Answers kept in memory, so that what many ask again costs no worker; the least recently used go first.

The key holds all that an answer depends on: the version of the graph, the query letter for letter, the graphs
chosen, the form. So nothing here ever is stale, and a load needs to clear nothing: answers of older versions are
asked for no more and go. The web process alone uses it, on its event loop.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from cachetools import LRUCache

# What an entry costs besides its body: the key, the head, the tables' share.
_ENTRY_BYTES = 512
# One answer takes at most this share of the cache, so that a single long one does not empty it.
_LARGEST_SHARE = 8


class ResultCache:
    """Keep answers of at most `limit_bytes` together; 0 keeps none."""

    def __init__(self, limit_bytes: int) -> None:
        self.limit_bytes = limit_bytes
        self.hits = 0
        self.misses = 0
        self._kept: LRUCache[bytes, bytes] = LRUCache(max(limit_bytes, 1), getsizeof=_size_of)

    def __len__(self) -> int:
        """Count the answers kept."""
        return len(self._kept)

    @property
    def held_bytes(self) -> int:
        """Give the memory of all that is kept."""
        return int(self._kept.currsize)

    @property
    def largest_bytes(self) -> int:
        """Give the length of the longest answer that is kept; a longer one is not. Below 0 none is."""
        return self.limit_bytes // _LARGEST_SHARE - _ENTRY_BYTES

    def get(self, key: bytes) -> bytes | None:
        """Give an answer, or None, and count which it was."""
        found = self._kept.get(key)
        if found is None:
            self.misses += 1
        else:
            self.hits += 1
        return found

    def put(self, key: bytes, body: bytes) -> bool:
        """Keep an answer; tell whether it is short enough for that."""
        if len(body) > self.largest_bytes:
            return False
        self._kept[key] = body
        return True


def key_of(
    version: str,
    query: str,
    *,
    default_graphs: Sequence[str] | None = None,
    named_graphs: Sequence[str] | None = None,
    media_type: str,
) -> bytes:
    """Give the key of an answer: a SHA-256, which nobody can make meet another on purpose.

    The order of graphs does not matter, and no graphs chosen is another choice than an empty list.
    """
    told = hashlib.sha256()
    for part in (version, media_type, query, *_mark(default_graphs), "", *_mark(named_graphs)):
        raw = part.encode("utf-8", "surrogatepass")
        # Each part with its length before it, so that none can pose as two.
        told.update(len(raw).to_bytes(8, "big") + raw)
    return told.digest()


def _mark(graphs: Sequence[str] | None) -> Sequence[str]:
    return ["any"] if graphs is None else ["these", *sorted(set(graphs))]


def _size_of(body: bytes) -> int:
    return len(body) + _ENTRY_BYTES
