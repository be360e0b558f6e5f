"""The home page, the ontology and the health of the server."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import Response

from graph.errors import HearsayError, NoSnapshot
from server.house import NOTHING_LOADED, client_of, house_of
from server.negotiation import GRAPHS, HTML, choose
from server.replies import VARIES, json_reply, page, readable, with_charset
from server.streams import StreamedAnswer

router = APIRouter()
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
    """Give the core of the ontology, or a page of its terms."""
    house = house_of(request)
    offered = {"html": HTML, **_ONTOLOGY_FORMS}
    # A client that takes anything gets Turtle; a browser prefers the page by name.
    media_type = offered.get(format or "") or choose(
        request.headers.get("accept"), (*_ONTOLOGY_FORMS.values(), HTML)
    )
    if media_type == HTML:
        return await page(request, "ontology.html", terms=await house.read(request, "terms", {}))
    answer = await house.readers.ask("ontology", {"media_type": media_type}, client=client_of(request))
    return StreamedAnswer(answer, media_type=with_charset(media_type), headers=VARIES)


@readable(router, "/health", summary="Ask how the server is")
async def health(request: Request) -> Response:
    """Tell whether the server is ready, what it serves, what its workers are kept from."""
    house = house_of(request)
    version, what = None, "ready"
    try:
        version = house.version()
    except NoSnapshot:
        what = NOTHING_LOADED
    except HearsayError:
        what = "the graph can't be read just now"
    if version and not (house.queries.alive and house.readers.alive):
        what = "the workers are starting"
    ready = what == "ready"
    state = {
        "live": True,
        "ready": ready,
        "what": what,
        "snapshot": version,
        "workers": {pool.settings.name: pool.to_json() for pool in house.pools},
        "fences": list(house.queries.fences or house.readers.fences),
    }
    return json_reply(state, status=200 if ready else 503, headers={"Cache-Control": "no-store"})
