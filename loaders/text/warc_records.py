"""Gives the responses of a web archive one by one, whatever state it is in.

A record is cut out here, within bounds, and only then given to warcio: its own reader ends at the first damaged
record, and has no bound on what a compressed line or record may grow to. The frame of a record is that of the
WARC standard (ISO 28500:2017, section 4); in a .gz file each record, or all of them, may be compressed.
"""

from __future__ import annotations

import binascii
import io
import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, BinaryIO

from warcio.exceptions import ArchiveLoadFailed
from warcio.recordloader import ArcWarcRecordLoader
from warcio.statusandheaders import StatusAndHeadersParserException

_CHUNK = 65_536
_MOST_HEAD_BYTES = 65_536
_BEGIN = re.compile(rb"WARC/\d\.\d+[ \t]*\r?\n")
_LONGEST_BEGIN = 32
_HEAD_END = re.compile(rb"\n\r?\n")
_LENGTH = re.compile(rb"^Content-Length:\s*(\d{1,15})\s*$", re.IGNORECASE | re.MULTILINE)
_RESPONSE = re.compile(rb"^WARC-Type:\s*response\s*$", re.IGNORECASE | re.MULTILINE)
_URI = re.compile(rb"^WARC-Target-URI:[ \t]*(\S.*?)[ \t]*\r?$", re.IGNORECASE | re.MULTILINE)
_GZIP = b"\x1f\x8b\x08"
# Nothing that was not made to do harm is so many times larger than its compressed form over so many bytes.
_MOST_GROWTH = 300
_GROWTH_FROM = 100_000_000


class TornRecord(Exception):
    """Say that a record can't be read to its end; the stream stands where the next one may begin."""


@dataclass(frozen=True, slots=True)
class Response:
    """Hold one answer of a server as warcio gives it, with the bytes of its body, or what is wrong with its record.

    `number` counts all records of the archive from 1; `is_whole` is false where the body was too large to take.
    """

    number: int
    record: Any = None
    body: bytes = b""
    is_whole: bool = True
    fault: str | None = None


def read_responses(handle: BinaryIO, *, is_gzip: bool, max_bytes: int) -> Iterator[Response]:
    """Give the responses of an archive; of one that is larger than `max_bytes` the first bytes. Raises OSError."""
    stream = _Stream(handle, is_gzip)
    number = 0
    is_told = False
    while True:
        was_found = False
        try:
            was_found = stream.find(_BEGIN, _LONGEST_BEGIN)
            number += 1
            if stream.passed and not is_told:
                yield Response(number, fault=f"{stream.passed:,} bytes stand in its place that are no record")
                number += was_found
            if not was_found:
                return
            is_told = False
            head, length, block = _read_record(stream, max_bytes)
        except TornRecord as torn:
            number += not was_found
            is_told = True
            yield Response(number, fault=str(torn))
            continue
        if _RESPONSE.search(head):
            yield _parse(number, head, block, length)


def _read_record(stream: _Stream, max_bytes: int) -> tuple[bytes, int, bytes]:
    """Read the record whose first line was found: its head, the length of its block, the block as far as taken."""
    head = b"WARC/1.0\r\n" + stream.read_to(_HEAD_END, _MOST_HEAD_BYTES)
    if not _HEAD_END.search(head):
        raise TornRecord("the head of the record has no end")
    found = _LENGTH.search(head)
    if not found:
        raise TornRecord("the record does not say how long it is")
    length = int(found[1])
    block = stream.read(min(length, max_bytes))
    missing = length - len(block)
    if len(block) == max_bytes:
        missing -= stream.skip(missing)
    after = stream.peek(2)
    if missing or (after and after[:1] != b"\n" and after != b"\r\n"):
        # Its length is wrong or it is cut off: what follows may have been taken for a part of it.
        if next_one := re.search(rb"\nWARC/\d\.\d", block):
            stream.put_back(block[next_one.start() + 1 :])
        raise TornRecord("the record is not as long as it says, so bytes of it are missing or wrong")
    return head, length, block


def _parse(number: int, head: bytes, block: bytes, length: int) -> Response:
    """Have warcio read the record: the server's headers, and whether the bytes are those that were archived."""
    uri = _URI.search(head)
    if uri is None:
        return Response(number, fault="the record does not say of which page it is")
    # No address has a space, which warcio would mend too, but with a word to the terminal.
    head = head[: uri.start(1)] + uri[1].replace(b" ", b"%20") + head[uri.end(1) :]
    is_whole = len(block) == length
    loader = ArcWarcRecordLoader(verify_http=False)
    try:
        record = loader.parse_record_stream(
            io.BytesIO(head + block), known_format="warc", check_digests=is_whole
        )
        body = record.raw_stream.read()
    except (
        ArchiveLoadFailed,
        StatusAndHeadersParserException,
        EOFError,
        ValueError,
        binascii.Error,
    ) as error:
        return Response(number, fault=f"the record can't be read ({' '.join(str(error).split())[:80]})")
    # The sum of the whole block only: crawlers differ in what they count as the payload.
    if any("block digest failed" in problem for problem in record.digest_checker.problems):
        return Response(number, fault="its bytes are not those that were archived: the check sum differs")
    return Response(number, record, body, is_whole)


class _Stream:
    """Give the bytes of an archive, uncompressed, in bounded portions. Every method raises TornRecord at damage."""

    def __init__(self, handle: BinaryIO, is_gzip: bool) -> None:
        self._handle = handle
        self._is_gzip = is_gzip
        self._ready = b""
        self._at = 0
        self._packed = b""
        self._inflate: Any = None
        self._taken = self._given = 0
        self.passed = 0

    def find(self, pattern: re.Pattern[bytes], longest: int) -> bool:
        """Go to the end of the next match, which has at most so many bytes; tell whether there is one.

        `passed` says how many bytes other than white space were passed over.
        """
        self._taken = self._given = self.passed = 0
        while not (found := pattern.search(self._ready, self._at)):
            self._pass_to(max(self._at, len(self._ready) - longest))
            if not self._fill(len(self._ready) - self._at + 1):
                self._pass_to(len(self._ready))
                return False
        self._pass_to(found.start())
        self._at = found.end()
        return True

    def read_to(self, pattern: re.Pattern[bytes], most: int) -> bytes:
        """Read to the end of a match within so many bytes; without one, nothing is read."""
        while not (found := pattern.search(self._ready, self._at)):
            if len(self._ready) - self._at >= most or not self._fill(len(self._ready) - self._at + 1):
                return b""
        begin, self._at = self._at, found.end()
        return self._ready[begin : self._at]

    def read(self, size: int) -> bytes:
        """Read so many bytes, fewer only at the end of the archive."""
        parts = []
        while size > 0 and self._fill(1):
            parts.append(self._ready[self._at : self._at + size])
            self._at += len(parts[-1])
            size -= len(parts[-1])
        return b"".join(parts)

    def skip(self, size: int) -> int:
        """Pass over so many bytes; give how many there were."""
        left = size
        while left > 0 and self._fill(1):
            part = min(left, len(self._ready) - self._at)
            self._at += part
            left -= part
        return size - left

    def peek(self, size: int) -> bytes:
        """Give the next bytes and leave them."""
        self._fill(size)
        return self._ready[self._at : self._at + size]

    def put_back(self, words: bytes) -> None:
        """Have these bytes read next."""
        self._ready, self._at = words + self._ready[self._at :], 0

    def _pass_to(self, end: int) -> None:
        self.passed += len(self._ready[self._at : end].strip())
        self._at = end

    def _fill(self, wanted: int) -> bool:
        """Make so many bytes ready; tell whether the archive has them."""
        while len(self._ready) - self._at < wanted:
            more = self._unpacked() if self._is_gzip else self._handle.read(_CHUNK)
            if not more:
                return False
            self._ready, self._at = self._ready[self._at :] + more, 0
        return True

    def _unpacked(self) -> bytes:
        """Give some more bytes of a compressed archive, none at its end."""
        words = b""
        while not words:
            self._packed = self._packed or self._handle.read(_CHUNK)
            if not self._packed:
                is_cut, self._inflate = self._inflate is not None, None
                if is_cut:
                    raise TornRecord("the archive is cut off within it")
                return b""
            words = self._inflated()
        if self._given > _GROWTH_FROM and self._given > _MOST_GROWTH * self._taken:
            self._find_member()
            raise TornRecord("its compressed bytes grow beyond measure")
        return words

    def _inflated(self) -> bytes:
        self._inflate = self._inflate or zlib.decompressobj(wbits=31)
        before = len(self._packed)
        try:
            words: bytes = self._inflate.decompress(self._packed, 16 * _CHUNK)
        except zlib.error as error:
            self._find_member()
            raise TornRecord("its compressed bytes are damaged") from error
        self._packed = self._inflate.unconsumed_tail or self._inflate.unused_data
        if self._inflate.eof:
            self._inflate = None
            self._packed = self._packed.lstrip(b"\x00")
        self._taken += before - len(self._packed)
        self._given += len(words)
        return words

    def _find_member(self) -> None:
        """Go on to the next bytes that begin a compressed stream; what stands ready is given up."""
        self._ready, self._at, self._inflate = b"", 0, None
        self._packed = self._packed[1:]
        while (at := self._packed.find(_GZIP)) < 0:
            more = self._handle.read(_CHUNK)
            if not more:
                self._packed = b""
                return
            self._packed = self._packed[-2:] + more
        self._packed = self._packed[at:]
