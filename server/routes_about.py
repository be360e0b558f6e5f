"""The home page, the ontology and the health of the server."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import Response

from graph.errors import HearsayError, NoSnapshot, UnknownResource
from graph.reference import read_reference
from graph.vocabulary import CORE, FILES, write_document
from server.drawing import draw
from server.house import NOTHING_LOADED, House, house_of
from server.negotiation import GRAPHS, HTML, choose
from server.replies import VARIES, json_reply, page, readable, with_charset

router = APIRouter()
_READY = "ready"
_ONTOLOGY_FORMS = {name: GRAPHS[name] for name in ("ttl", "nt", "rdf", "jsonld")}


@readable(router, "/", summary="Start here")
async def home(request: Request) -> Response:
    """Show what this is, a box to ask, the stored questions and the newest articles."""
    house = house_of(request)
    overview: Any = None
    stored = await house.read(request, "questions", {})
    with suppress(NoSnapshot):
        overview = await house.read(request, "overview", {})
    return await page(request, "home.html", overview=overview, questions=stored, nothing=NOTHING_LOADED)


@readable(router, "/ontology", summary="Get the vocabulary")
async def ontology(request: Request, format: str | None = None) -> Response:
    """Give the core of the ontology, or the page of reference on all its terms."""
    return await _give_ontology(request, CORE, format)


@readable(
    router, "/ontology/{name}", summary="Get one version of the vocabulary, or one of its other documents"
)
async def ontology_document(request: Request, name: str, format: str | None = None) -> Response:
    """Give a version of the core, or the newest version of its extension (`rl`) or of the `alignments`."""
    part, version = (name, None) if name in FILES else (CORE, name)
    return await _give_ontology(request, part, format, version)


@readable(
    router, "/ontology/{part}/{version}", summary="Get one version of another document of the vocabulary"
)
async def ontology_document_version(
    request: Request, part: str, version: str, format: str | None = None
) -> Response:
    """Give a version of the extension or of the alignments."""
    if part not in FILES:
        known = ", ".join(filter(None, FILES))
        raise UnknownResource(f"the vocabulary has no document {part!r}; it has {known}")
    return await _give_ontology(request, part, format, version)


async def _give_ontology(
    request: Request, part: str, form: str | None, version: str | None = None
) -> Response:
    reference = await asyncio.to_thread(read_reference)
    served = reference.documents[part].version
    if version not in (None, served):
        raise UnknownResource(f"there is no version {version!r} of that here; this server has {served}")
    offered = {"html": HTML, **_ONTOLOGY_FORMS}
    # A client that takes anything gets Turtle; a browser prefers the page by name.
    media_type = offered.get(form or "") or choose(
        request.headers.get("accept"), (*_ONTOLOGY_FORMS.values(), HTML)
    )
    if media_type == HTML:
        drawing = await asyncio.to_thread(draw, reference)
        return await page(request, "ontology.html", reference=reference, drawing=drawing)
    body = await asyncio.to_thread(write_document, part, media_type)
    return Response(body, media_type=with_charset(media_type), headers=dict(VARIES))


@readable(router, "/health", summary="Ask how the server is")
async def health(request: Request) -> Response:
    """Tell whether the server is ready, what it serves, what its workers are kept from.

    `/health?live` asks only whether it runs, `/health?ready` only whether it can answer.
    """
    if "live" in request.query_params:
        return await live(request)
    house = house_of(request)
    what, version = _look_at(house)
    state = {
        "live": True,
        "ready": what == _READY,
        "what": what,
        "snapshot": version,
        "workers": {pool.settings.name: pool.to_json() for pool in house.pools},
        "fences": list(house.queries.fences or house.readers.fences),
    }
    if "ready" in request.query_params:
        state = {name: state[name] for name in ("ready", "what", "snapshot")}
    return _tell_health(state, well=what == _READY)


@readable(router, "/health/live", summary="Ask whether the server runs")
async def live(request: Request) -> Response:
    """Tell that the server runs: whoever gets no answer should start it anew."""
    return _tell_health({"live": True}, well=True)


@readable(router, "/health/ready", summary="Ask whether the server can answer")
async def ready(request: Request) -> Response:
    """Tell whether there is something to ask and somebody to answer: 503 until then."""
    what, version = _look_at(house_of(request))
    return _tell_health({"ready": what == _READY, "what": what, "snapshot": version}, well=what == _READY)


@readable(router, "/metrics", summary="Get the figures of the server")
async def metrics(request: Request) -> Response:
    """Give the figures of the server in Prometheus' form, or OpenMetrics' where it is asked for."""
    body, media_type = house_of(request).metrics.write(request.headers.get("accept"))
    return Response(body, headers={**VARIES, "Content-Type": media_type, "Cache-Control": "no-store"})


def _look_at(house: House) -> tuple[str, str | None]:
    try:
        version = house.version()
    except NoSnapshot:
        return NOTHING_LOADED, None
    except HearsayError:
        return "the graph can't be read just now", None
    if not (house.queries.alive and house.readers.alive):
        return "the workers are starting", version
    return _READY, version


def _tell_health(state: dict[str, Any], *, well: bool) -> Response:
    return json_reply(state, status=200 if well else 503, headers={"Cache-Control": "no-store"})
