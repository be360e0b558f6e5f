"""The outermost layer: hardened headers, cut answers ended as cut, and the last handler of errors."""

from __future__ import annotations

import logging
from typing import Any

from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from server.faults import Fault
from server.replies import fault_reply
from server.streams import ClientGone, CutShort

log = logging.getLogger("hearsay.server")

_HEADERS = (
    (
        b"content-security-policy",
        b"default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; "
        b"frame-ancestors 'none'",
    ),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"same-origin"),
)


class Guard:
    """Wrap the application."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, and see to what goes wrong on the way back."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        begun = False

        async def send_hardened(message: Message) -> None:
            nonlocal begun
            if message["type"] == "http.response.start":
                begun = True
                message["headers"] = [*message.get("headers", ()), *_HEADERS]
            await send(message)

        try:
            await self.app(scope, receive, send_hardened)
        except ClientGone:
            log.info("the client left before its answer came: %s", scope["path"])
            await _send_nothing(send_hardened)
        except CutShort as error:
            # Returning without the last chunk makes the HTTP server close the connection.
            log.warning("an answer was cut short: %s", error)
        except Exception:
            log.exception("%s %s failed", scope["method"], scope["path"])
            if not begun:
                await _send_fault(scope, receive, send_hardened)


async def _send_nothing(send: Send) -> None:
    await send({"type": "http.response.start", "status": 499, "headers": []})
    await send({"type": "http.response.body", "body": b""})


async def _send_fault(scope: Scope, receive: Receive, send: Send) -> None:
    request = Request(scope, receive)
    fault = Fault(
        500,
        "something went wrong in the server",
        request.url.path,
        "Try again; the server's log has the reason.",
    )
    reply: Any = await fault_reply(request, fault)
    await reply(scope, receive, send)
