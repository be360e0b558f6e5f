"""Reads the articles of a web archive: each HTML page that its server gave with status 200 is one."""

from __future__ import annotations

import datetime as dt
import hashlib
import io
import re
import zlib
from collections.abc import Iterator
from pathlib import Path

from warcio.bufferedreaders import ChunkedDataReader

from loaders.text.calendar_words import parse_date
from loaders.text.html_articles import max_page_bytes, read_page
from loaders.text.raw_articles import RawArticle, Refusal, Source
from loaders.text.warc_records import Response, read_responses

_PAGES = re.compile(r"\s*(?:text/html|application/xhtml\+xml)\b", re.IGNORECASE)
_CHARSET = re.compile(r"charset\s*=\s*[\"']?([\w.:-]{2,40})", re.IGNORECASE)
_HEAD_BYTES = 65_536
_FETCH = "fetch the page again, or take it out of the archive"


def read_warc(path: Path, max_bytes: int) -> Iterator[RawArticle | Refusal]:
    """Read the pages of an archive; a damaged record is refused, and the others are read. Raises OSError."""
    found = False
    with path.open("rb") as handle:
        # Some archives have lost their .gz, or have it and are not compressed.
        begin = handle.peek(5)[:5]
        if not begin:
            yield Refusal(path.name, "the file is empty", "check that it was saved, or remove it")
            return
        is_gzip = begin[:2] == b"\x1f\x8b" or (path.suffix.lower() == ".gz" and begin != b"WARC/")
        limit = max_page_bytes(max_bytes) + _HEAD_BYTES
        for response in read_responses(handle, is_gzip=is_gzip, max_bytes=limit):
            article = _read_response(path, response, max_bytes)
            found = found or article is not None
            if article is not None:
                yield article
    if not found:
        yield Refusal(path.name, "the archive holds no web page", "check that the right file was named")


def _read_response(path: Path, response: Response, max_bytes: int) -> RawArticle | Refusal | None:
    """Make the article of a response; None for what is no page, as images and errors."""
    name = f"{path.name}#{response.number}"
    if response.fault:
        return Refusal(name, response.fault, _FETCH)
    record, http = response.record, response.record.http_headers
    if http is None or http.get_statuscode() != "200":
        return None
    kind = http.get_header("Content-Type") or ""
    if not _PAGES.match(kind):
        return None
    if not response.is_whole:
        return Refusal(
            name, f"the page is too large, the limit is {max_page_bytes(max_bytes):,} bytes", _FETCH
        )
    transfer, coding = (
        (http.get_header(header) or "").strip().lower()
        for header in ("Transfer-Encoding", "Content-Encoding")
    )
    body = ChunkedDataReader(io.BytesIO(response.body)).read() if "chunked" in transfer else response.body
    page = _decompress(body, coding, max_page_bytes(max_bytes))
    if page is None:
        return Refusal(
            name,
            f"the page is compressed in a way that can't be read here ({coding[:40]}), or damaged",
            _FETCH,
        )
    url = record.rec_headers.get_header("WARC-Target-URI")
    charset = _CHARSET.search(kind)
    source = Source(name, path, hashlib.sha256(page).hexdigest(), max_bytes, _day(record))
    return read_page(page, source, url=url, charset=charset[1] if charset else None)


def _decompress(body: bytes, coding: str, limit: int) -> bytes | None:
    """Undo the server's compression, up to one byte more than the limit; None where that can't be done."""
    if coding in ("", "identity", "none"):
        return body
    if coding not in ("gzip", "x-gzip", "deflate"):
        # Some archives keep the name of the coding and the page without it.
        return body if body.lstrip()[:1] == b"<" else None
    for wbits in (47, -15):
        inflate = zlib.decompressobj(wbits=wbits)
        try:
            return inflate.decompress(body, limit + 1)
        except zlib.error:
            continue
    return body if body.lstrip()[:1] == b"<" else None


def _day(record: object) -> dt.date | None:
    """Give the day on which the page was fetched, in UTC; no day on which it was published."""
    return parse_date(record.rec_headers.get_header("WARC-Date") or "")  # type: ignore[attr-defined]
