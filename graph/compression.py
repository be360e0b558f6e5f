"""Compression that gives the same bytes for the same content: no clock, no file name, no threads.

What comes is cut into pieces of one size first, so that the bytes don't depend on how the content was written.
gzip is RFC 1952, Zstandard RFC 8878. Another version of zlib or of libzstd may compress the same content otherwise;
what is inside stays the same, and the digest of the content is what to compare then.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol

import zstandard

from graph.errors import UsageError

_PIECE_BYTES = 128 * 1024
_GZIP_LEVEL = 6
# The header and trailer of gzip around the stream, as zlib counts.
_GZIP_WINDOW = 16 + zlib.MAX_WBITS
_ZSTD_LEVEL = 10


class Sink(Protocol):
    """Take bytes."""

    def write(self, piece: bytes, /) -> object:
        """Take some."""


class _Packer(Protocol):
    def compress(self, data: bytes, /) -> bytes: ...

    def flush(self) -> bytes: ...


@contextmanager
def compressing(out: Sink, compression: str | None) -> Iterator[Sink]:
    """Give where to write what is to reach `out` as "gzip" or "zstd", or as it is for None. Raises UsageError.

    Where writing fails the stream is left without its end, so that what came so far can't pass for whole.
    """
    if compression is None:
        yield out
        return
    pieces = _Pieces(out, _choose_packer(compression))
    yield pieces
    pieces.finish()


def _choose_packer(compression: str) -> _Packer:
    if compression == "gzip":
        return zlib.compressobj(_GZIP_LEVEL, zlib.DEFLATED, _GZIP_WINDOW)
    if compression == "zstd":
        packer = zstandard.ZstdCompressor(level=_ZSTD_LEVEL, write_checksum=True, write_content_size=False)
        return packer.compressobj()
    raise UsageError(f"no compression {compression!r}; there are gzip and zstd")


class _Pieces:
    def __init__(self, out: Sink, packer: _Packer) -> None:
        self._out = out
        self._packer = packer
        self._held = bytearray()

    def write(self, piece: bytes) -> int:
        self._held += piece
        while len(self._held) >= _PIECE_BYTES:
            self._out.write(self._packer.compress(bytes(self._held[:_PIECE_BYTES])))
            del self._held[:_PIECE_BYTES]
        return len(piece)

    def finish(self) -> None:
        self._out.write(self._packer.compress(bytes(self._held)) + self._packer.flush())
