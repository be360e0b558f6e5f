"""The web application, built from its settings; nothing is started before its lifespan begins."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.middleware.cors import CORSMiddleware
from starlette.responses import Response
from starlette.staticfiles import StaticFiles

from graph.errors import HearsayError
from server import (
    routes_about,
    routes_dumps,
    routes_graphs,
    routes_questions,
    routes_sparql,
    routes_things,
)
from server.coding import Coding
from server.faults import Fault, to_fault
from server.guard import Guard
from server.house import House
from server.metrics import Metrics
from server.negotiation import NotAcceptable
from server.observer import Observer
from server.replies import fault_reply
from server.settings import Settings
from server.shelf import DumpShelf

_STATIC = Path(__file__).resolve().parent / "static"
_ROUTES = (routes_about, routes_sparql, routes_graphs, routes_things, routes_questions, routes_dumps)


def create_app(settings: Settings) -> FastAPI:
    """Build the application. Its workers start and end with its lifespan."""
    metrics = Metrics()

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        async with House(settings, metrics=metrics) as house:
            app.state.house = house
            app.state.dumps = DumpShelf(house)
            yield

    # The usual pages of interactive documentation load scripts from elsewhere; /openapi.json stays.
    app = FastAPI(
        title="Hearsay", summary="Who said what about what.", docs_url=None, redoc_url=None, lifespan=lifespan
    )
    for module in _ROUTES:
        app.include_router(module.router)
    app.mount("/static", StaticFiles(directory=_STATIC), name="static")
    app.add_exception_handler(HearsayError, _tell_error)
    app.add_exception_handler(NotAcceptable, _tell_error)
    app.add_exception_handler(HTTPException, _tell_http)
    app.add_exception_handler(RequestValidationError, _tell_invalid)
    # Everything here is public, so any site may read it; what writes needs is a header that no browser adds itself.
    app.add_middleware(
        CORSMiddleware,
        allow_origins=["*"],
        allow_methods=["GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS"],
        allow_headers=["*"],
        expose_headers=["ETag", "Retry-After", "Location", "Link", "Repr-Digest", "X-Request-Id"],
    )
    app.add_middleware(Coding)
    app.add_middleware(Guard)
    app.add_middleware(
        Observer, metrics=metrics, query_bytes=settings.max_query_bytes if settings.log_queries else 0
    )
    return app


async def _tell_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, HearsayError | NotAcceptable)
    return await fault_reply(request, to_fault(error, where=request.url.path))


async def _tell_http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    advice = {
        404: "Look at the address, or start from / and follow the links.",
        405: "Use one of the methods in the Allow header.",
    }
    fault = Fault(
        error.status_code,
        "there is nothing at this address" if error.status_code == 404 else str(error.detail).lower(),
        request.url.path,
        advice.get(error.status_code, "Correct the request and send it again."),
    )
    reply = await fault_reply(request, fault)
    if error.status_code == 405:
        reply.headers["Allow"] = methods_of(request.url.path)
    return reply


def methods_of(path: str) -> str:
    """Give the methods that an address takes, for the Allow header."""
    if path == "/sparql":
        return routes_sparql.METHODS
    return routes_graphs.METHODS if path.startswith(("/graphs", "/graph/")) else "GET, HEAD"


async def _tell_invalid(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    words = "; ".join(f"{'.'.join(map(str, one['loc']))}: {one['msg'].lower()}" for one in error.errors())
    return await fault_reply(
        request, Fault(400, words, request.url.path, "Correct the parameter and ask again.")
    )
