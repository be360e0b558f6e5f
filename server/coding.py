"""Answers made smaller on their way out, by gzip or Zstandard, where the client takes that (RFC 9110, section 8.4).

An answer stays a stream: what comes from inside in pieces leaves in pieces. A coded answer is another representation,
so its entity tag ends in the name of the coding; a client that sends such a tag back is understood.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Mapping
from types import MappingProxyType
from typing import Protocol

import zstandard
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from server.negotiation import choose_coding

# Below that the head of the answer is most of it.
_LEAST_BYTES = 1024
_GZIP_LEVEL, _ZSTD_LEVEL = 5, 3
_TEXTUAL = re.compile(
    r"text/.*|image/svg\+xml|application/(.*\+)?(json|xml|n-triples|n-quads|trig|javascript)"
)
_TAG = re.compile(r'"([^"]*)-(gzip|zstd)"')


class _Coder(Protocol):
    def compress(self, data: bytes, /) -> bytes: ...
    def flush(self) -> bytes: ...


def _start(coding: str) -> _Coder:
    if coding == "zstd":
        return zstandard.ZstdCompressor(level=_ZSTD_LEVEL).compressobj()
    # 16 asks zlib for the head and tail of gzip, which has no time in it.
    return zlib.compressobj(_GZIP_LEVEL, zlib.DEFLATED, 16 + zlib.MAX_WBITS)


class Coding:
    """Wrap the application."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, and code what comes back."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        plain, held = _without_codings(scope)
        coding = choose_coding(Headers(scope=scope).get("accept-encoding"))
        await self.app(plain, receive, _Coded(send, coding, held, head_only=scope["method"] == "HEAD"))


class _Coded:
    """Take the messages of one answer, and send them coded where that helps."""

    def __init__(self, send: Send, coding: str | None, held: Mapping[str, str], *, head_only: bool) -> None:
        self._send = send
        self._coding = coding
        self._held = held
        self._head_only = head_only
        self._coder: _Coder | None = None
        self._start: Message | None = None

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self._start = message
            return
        if message["type"] != "http.response.body":
            await self._send(message)
            return
        if self._start is not None:
            begin, self._start = self._start, None
            if self._prepare(begin, message):
                message = self._whole(begin, message)
            await self._send(begin)
        if self._coder is not None:
            message = self._code(message)
            if not message["body"] and message["more_body"]:
                return
        await self._send(message)

    def _prepare(self, begin: Message, first: Message) -> bool:
        """Decide whether the answer is coded, and set its head; tell whether all of it is in the first message."""
        headers = MutableHeaders(raw=begin["headers"])
        begin["headers"] = headers.raw
        if begin["status"] == 304 and headers.get("etag") in self._held:
            headers["etag"] = self._held[headers["etag"]]
        if begin["status"] != 200 or not self._is_worth_it(headers, first):
            return False
        headers.add_vary_header("Accept-Encoding")
        if self._coding is None:
            return False
        headers["content-encoding"] = self._coding
        for name in ("content-length", "accept-ranges"):
            del headers[name]
        tag = headers.get("etag", "")
        if tag.endswith('"'):
            headers["etag"] = f'{tag[:-1]}-{self._coding}"'
        if self._head_only:
            return False
        self._coder = _start(self._coding)
        return not first.get("more_body", False)

    def _is_worth_it(self, headers: MutableHeaders, first: Message) -> bool:
        media_type = headers.get("content-type", "").partition(";")[0].strip().lower()
        length = headers.get("content-length")
        if length is None and not first.get("more_body", False) and not self._head_only:
            length = str(len(first.get("body", b"")))
        short = length is not None and int(length) < _LEAST_BYTES
        # What has a digest of its own, or says so, goes out as it is.
        settled = "content-encoding" in headers or "no-transform" in headers.get("cache-control", "")
        return not short and not settled and bool(_TEXTUAL.fullmatch(media_type))

    def _whole(self, begin: Message, message: Message) -> Message:
        """Code an answer that has come whole, so that its length can be told."""
        message, self._coder = self._code(message), None
        MutableHeaders(raw=begin["headers"])["content-length"] = str(len(message["body"]))
        return message

    def _code(self, message: Message) -> Message:
        assert self._coder is not None
        more = message.get("more_body", False)
        body = self._coder.compress(message.get("body", b""))
        return {**message, "body": body if more else body + self._coder.flush(), "more_body": more}


def _without_codings(scope: Scope) -> tuple[Scope, Mapping[str, str]]:
    """Take the codings out of the tags that a client sends back; give the tags as they were, by what is left."""
    held: dict[str, str] = {}

    def plain(tag: re.Match[str]) -> str:
        held[f'"{tag[1]}"'] = tag[0]
        return f'"{tag[1]}"'

    headers = [
        (name, _TAG.sub(plain, value.decode("latin-1")).encode("latin-1"))
        if name in (b"if-none-match", b"if-match")
        else (name, value)
        for name, value in scope["headers"]
    ]
    return ({**scope, "headers": headers} if held else scope), MappingProxyType(held)
