"""The layer around all others: gives each request its id, counts it, and writes one line about it in the log."""

from __future__ import annotations

import asyncio
import json
import logging
import time
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qs

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from server.faults import Fault
from server.logs import REQUESTS, choose_id, request_id
from server.metrics import OTHER, Metrics

log = logging.getLogger(REQUESTS)

_ID = b"x-request-id"
# Asked every few seconds by machines: counted, not logged.
_PROBES = ("/health", "/metrics")
_RETRY_AFTER_S = 5
_MOUNTS = ("/static",)
_ASKING = ("query", "update", "q")
_FORM = "application/x-www-form-urlencoded"
_BODIES = {"application/sparql-query": "query", "application/sparql-update": "update"}


class Observer:
    """Wrap the application. `query_bytes` is how much of a body is kept for the log; 0 logs no queries."""

    def __init__(self, app: ASGIApp, *, metrics: Metrics, query_bytes: int = 0) -> None:
        self.app = app
        self._metrics = metrics
        self._query_bytes = query_bytes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on and see how it is answered."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        seen = _Seen(scope, receive, send, keep_bytes=self._query_bytes)
        token = request_id.set(seen.id)
        try:
            with self._metrics.running.track_inprogress():
                await self.app(scope, seen.receive, seen.send)
        except asyncio.CancelledError:
            # Only the end of the server does this. An answer that has begun is left without its last chunk.
            if not seen.begun:
                await _say_stopping(scope, seen.send)
        finally:
            self._tell(scope, seen)
            request_id.reset(token)

    def _tell(self, scope: Scope, seen: _Seen) -> None:
        route = _route_of(scope)
        told = {
            "method": scope["method"],
            "route": route,
            "status": seen.status,
            "duration_s": round(seen.seconds, 6),
            "bytes": seen.bytes,
            "complete": seen.complete,
        }
        self._metrics.answered(
            method=scope["method"],
            route=route,
            status=seen.status,
            seconds=seen.seconds,
            sent_bytes=seen.bytes,
        )
        probe = route.startswith(_PROBES) and seen.status < 500
        asked = seen.asked() if self._query_bytes else {}
        log.log(logging.DEBUG if probe else logging.INFO, "request", extra={"fields": {**told, **asked}})


async def _say_stopping(scope: Scope, send: Send) -> None:
    fault = Fault(503, "the server is being stopped", scope["path"], "Ask again in a moment.")
    body = json.dumps(fault.to_json()).encode()
    headers = [
        (b"content-type", b"application/json"),
        (b"content-length", str(len(body)).encode()),
        (b"retry-after", str(_RETRY_AFTER_S).encode()),
    ]
    await send({"type": "http.response.start", "status": fault.status, "headers": headers})
    await send({"type": "http.response.body", "body": b"" if scope["method"] == "HEAD" else body})


class _Seen:
    """Hold what is seen of one request on its way."""

    def __init__(self, scope: Scope, receive: Receive, send: Send, *, keep_bytes: int) -> None:
        self._headers = dict(scope["headers"])
        self._query_string: bytes = scope["query_string"]
        self._receive, self._send = receive, send
        self._keep_bytes = keep_bytes
        self._body = bytearray()
        self._begun = time.perf_counter()
        self.id = choose_id(self._header(_ID))
        # What the client saw if nothing was sent: the HTTP server answers with 500 then.
        self.status = 500
        self.begun = False
        self.bytes = 0
        self.complete = False

    @property
    def seconds(self) -> float:
        return time.perf_counter() - self._begun

    async def receive(self) -> Message:
        message = await self._receive()
        if message["type"] == "http.request" and self._media_type in (_FORM, *_BODIES):
            self._body += message.get("body", b"")[: self._keep_bytes - len(self._body)]
        return message

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status, self.begun = message["status"], True
            message["headers"] = [*message.get("headers", ()), (_ID, self.id.encode())]
        elif message["type"] == "http.response.body":
            self.bytes += len(message.get("body", b""))
            self.complete = not message.get("more_body", False)
        await self._send(message)

    def asked(self) -> Mapping[str, Any]:
        """Give what was asked, by the names of the parameters."""
        found = _parameters(self._query_string)
        if self._media_type == _FORM:
            found |= _parameters(bytes(self._body))
        elif self._body and self._media_type in _BODIES:
            found[_BODIES[self._media_type]] = self._body.decode("utf-8", "replace")
        return found

    @property
    def _media_type(self) -> str:
        return (self._header(b"content-type") or "").partition(";")[0].strip().lower()

    def _header(self, name: bytes) -> str | None:
        value: bytes | None = self._headers.get(name)
        return None if value is None else value.decode("latin-1")


def _parameters(raw: bytes) -> dict[str, str]:
    found = parse_qs(raw.decode("latin-1"))
    return {name: "\n".join(found[name]) for name in _ASKING if name in found}


def _route_of(scope: Scope) -> str:
    """Give the template of the route that answered, so that what people type can't become a label."""
    path = getattr(scope.get("route"), "path", None)
    if isinstance(path, str) and path:
        return path
    return next((mount for mount in _MOUNTS if scope["path"].startswith(f"{mount}/")), OTHER)
