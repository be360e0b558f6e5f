"""Sending an answer that is still coming, and noticing that the client has gone.

A cut answer must not look whole: after the first bytes are out, a failure closes the connection without the
last chunk of the body, so that every HTTP client reports an incomplete answer (RFC 9112, section 8).
"""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine, Mapping
from typing import Any, TypeVar

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from graph.errors import HearsayError
from server.pool import Answer

T = TypeVar("T")


class ClientGone(Exception):
    """Say that nobody waits for the answer any more."""


class CutShort(Exception):
    """Say that an answer could not be finished after its beginning was sent."""


async def unless_gone(request: Request, work: Coroutine[Any, Any, T]) -> T:
    """Do the work, but give it up as soon as the client closes the connection. Raises ClientGone.

    The body of the request must have been read.
    """
    task = asyncio.ensure_future(work)
    watch = asyncio.ensure_future(_wait_until_gone(request.receive))
    try:
        await asyncio.wait({task, watch}, return_when=asyncio.FIRST_COMPLETED)
        if not task.done():
            raise ClientGone
        return task.result()
    finally:
        await _give_up(task, watch)


class StreamedAnswer(Response):
    """Send an Answer: with its length where it has come whole, else in chunks while the worker goes on."""

    def __init__(self, answer: Answer, *, media_type: str, headers: Mapping[str, str]) -> None:
        super().__init__(status_code=200, headers=dict(headers), media_type=media_type)
        del self.headers["content-length"]
        self.answer = answer

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            if self.answer.complete:
                whole = await self.answer.read()
                self.headers["content-length"] = str(len(whole))
                await self._start(send)
                await _send_chunk(send, b"" if scope["method"] == "HEAD" else whole, more=False)
            elif scope["method"] == "HEAD":
                await self._start(send)
                await _send_chunk(send, b"", more=False)
            else:
                await self._stream(receive, send)
        finally:
            await self.answer.close()

    async def _start(self, send: Send) -> None:
        await send({"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers})

    async def _stream(self, receive: Receive, send: Send) -> None:
        await self._start(send)
        sending = asyncio.ensure_future(self._send_all(send))
        watch = asyncio.ensure_future(_wait_until_gone(receive))
        try:
            await asyncio.wait({sending, watch}, return_when=asyncio.FIRST_COMPLETED)
            if sending.done():
                sending.result()
        finally:
            await _give_up(sending, watch)

    async def _send_all(self, send: Send) -> None:
        try:
            async for chunk in self.answer:
                await _send_chunk(send, chunk, more=True)
        except HearsayError as error:
            raise CutShort(str(error)) from error
        await _send_chunk(send, b"", more=False)


async def _send_chunk(send: Send, body: bytes, *, more: bool) -> None:
    await send({"type": "http.response.body", "body": body, "more_body": more})


async def _wait_until_gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


async def _give_up(*tasks: asyncio.Future[Any]) -> None:
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
