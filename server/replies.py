"""Replies that several routes give: a page, JSON, a fault, a redirect."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from server.credentials import SCHEME
from server.faults import Fault
from server.house import house_of
from server.negotiation import wants_page

F = TypeVar("F", bound=Callable[..., Any])

VARIES: Mapping[str, str] = {"Vary": "Accept"}


def readable(router: APIRouter, path: str, *, summary: str) -> Callable[[F], F]:
    """Register a route for GET, and for HEAD beside it without a second entry in the description."""

    def register(function: F) -> F:
        router.add_api_route(path, function, methods=["GET"], summary=summary)
        router.add_api_route(path, function, methods=["HEAD"], include_in_schema=False)
        return function

    return register


async def page(
    request: Request,
    template: str,
    *,
    status: int = 200,
    headers: Mapping[str, str] | None = None,
    **values: Any,
) -> Response:
    """Fill a template and give it as a page."""
    body = await house_of(request).pages.render(template, path=request.url.path, **values)
    return HTMLResponse(body, status_code=status, headers={**VARIES, **(headers or {})})


def json_reply(value: Any, *, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    """Give a value as readable JSON."""
    body = json.dumps(value, ensure_ascii=False, indent=2) + "\n"
    return Response(
        body.encode("utf-8", "replace"),
        status_code=status,
        media_type="application/json",
        headers={**VARIES, **(headers or {})},
    )


async def fault_reply(request: Request, fault: Fault) -> Response:
    """Give a fault in the one error shape: a small page for a browser, else JSON."""
    headers = {"Retry-After": str(fault.retry_after_s)} if fault.retry_after_s else {}
    if fault.status == 401:
        headers["WWW-Authenticate"] = f'{SCHEME} realm="hearsay"'
    if wants_page(request.headers.get("accept")):
        return await page(request, "fault.html", status=fault.status, headers=headers, fault=fault)
    return json_reply(fault.to_json(), status=fault.status, headers=headers)


def with_charset(media_type: str) -> str:
    """Say UTF-8 for text types; the others are UTF-8 by their own standard."""
    return f"{media_type}; charset=utf-8" if media_type.startswith("text/") else media_type
