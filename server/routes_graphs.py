"""`/graphs`: the SPARQL 1.1 Graph Store HTTP Protocol, which reads and writes whole graphs.

https://www.w3.org/TR/sparql11-http-rdf-update/. A graph is named indirectly (`/graphs?graph=IRI`, `/graphs?default`) or
directly, by its own address: what stands under `/graphs/` and `/graph/` here is the graph whose IRI has the same path
under the base. So `/graph/article/KEY` is what one article says, and `/graphs/mine` is there for a graph of yours.
"""

from __future__ import annotations

import re
import uuid
from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import Response

from server.credentials import check_token
from server.description import describe_service
from server.house import House, client_of, house_of, is_fresh, tag_of
from server.negotiation import GRAPHS, choose
from server.protocol import BadRequest, check_charset, check_iri, media_type_of, read_fields
from server.replies import VARIES, json_reply, readable, with_charset
from server.streams import StreamedAnswer, unless_gone
from server.uploads import kept

router = APIRouter()
METHODS = "GET, HEAD, PUT, POST, DELETE, OPTIONS"

_JSON = "application/json"
_DESCRIPTIONS = tuple(GRAPHS[name] for name in ("ttl", "nt", "rdf", "jsonld"))
_SENT = (*GRAPHS.values(), "multipart/form-data")
_TAG = re.compile(r'(?:W/)?"([0-9a-f]+)-[0-9a-f]+"')


class _Default:
    """Stand for the default graph."""


@readable(router, "/graphs", summary="List the graphs, or get one by ?graph= or ?default")
@readable(router, "/graphs/{name:path}", summary="Get a graph by its own address")
@readable(router, "/graph/{name:path}", summary="Get a graph that is maintained, by its own address")
async def get_graph(request: Request) -> Response:
    """Give a graph, or the list of all where none is named."""
    house, graph = house_of(request), _named(request)
    if graph is None:
        return await _list(request, house)
    media_type = choose(request.headers.get("accept"), tuple(GRAPHS.values()))
    iri = None if graph is _Default else str(graph)
    headers = {
        **VARIES,
        "Cache-Control": "no-cache",
        "ETag": tag_of(house.version(), "graph", iri, media_type),
    }
    if is_fresh(request, headers["ETag"]):
        return Response(status_code=304, headers=headers)
    work = house.queries.ask("graph", {"graph": iri, "media_type": media_type}, client=client_of(request))
    answer = await unless_gone(request, work)
    headers["ETag"] = tag_of(str(answer.head.get("version")), "graph", iri, media_type)
    return StreamedAnswer(answer, media_type=with_charset(media_type), headers=headers)


@router.put("/graphs", summary="Put a graph in the place of another")
@router.put("/graphs/{name:path}", include_in_schema=False)
@router.put("/graph/{name:path}", include_in_schema=False)
async def put_graph(request: Request) -> Response:
    """Put what is sent in the place of a graph."""
    house, graph = _begin(request), _named(request)
    if graph is None:
        raise BadRequest("name the graph to be put: /graphs?graph=IRI, /graphs?default, or its own address")
    return await _send(request, house, "put", graph)


@router.post("/graphs", summary="Add triples to a graph, or make a new one")
@router.post("/graphs/{name:path}", include_in_schema=False)
@router.post("/graph/{name:path}", include_in_schema=False)
async def post_graph(request: Request) -> Response:
    """Add what is sent to a graph; where none is named, to a new one, whose name is told in `Location`."""
    house, graph = _begin(request), _named(request)
    if graph is None:
        graph = f"{house.settings.base}graphs/{uuid.uuid4()}"
    return await _send(request, house, "add", graph)


@router.delete("/graphs", summary="Remove a graph")
@router.delete("/graphs/{name:path}", include_in_schema=False)
@router.delete("/graph/{name:path}", include_in_schema=False)
async def delete_graph(request: Request) -> Response:
    """Remove a graph; the default graph is emptied."""
    house, graph = _begin(request), _named(request)
    if graph is None:
        raise BadRequest(
            "name the graph to be removed: /graphs?graph=IRI, /graphs?default, or its own address"
        )
    await house.writers.ask_json("remove", _arguments(request, house, graph), client=client_of(request))
    return Response(status_code=204)


@router.options("/graphs", include_in_schema=False)
@router.options("/graphs/{name:path}", include_in_schema=False)
@router.options("/graph/{name:path}", include_in_schema=False)
async def options() -> Response:
    """Say which methods there are."""
    return Response(status_code=204, headers={"Allow": METHODS})


async def _list(request: Request, house: House) -> Response:
    media_type = choose(request.headers.get("accept"), (_JSON, *_DESCRIPTIONS))
    if media_type != _JSON:
        body = await describe_service(house, str(request.base_url), media_type, client=client_of(request))
        return Response(body, media_type=with_charset(media_type), headers={**VARIES})
    found, version = await house.queries.ask_json("graphs", {}, client=client_of(request))
    graphs = [{"graph": name, "triples": number} for name, number in found.items()]
    return json_reply({"version": version, "graphs": graphs}, headers={"Cache-Control": "no-cache"})


def _begin(request: Request) -> House:
    """Give the house to somebody who may write."""
    house = house_of(request)
    check_token(house.settings.token, request.headers.get("authorization"))
    return house


async def _send(request: Request, house: House, op: str, graph: str | type[_Default]) -> Response:
    content_type = request.headers.get("content-type", "")
    media_type = media_type_of(content_type)
    if media_type not in _SENT:
        asked = f"{media_type!r}" if media_type else "no Content-Type"
        raise BadRequest(f"a graph is sent as one of {', '.join(_SENT)}; got {asked}", status=415)
    check_charset(content_type)
    arguments = _arguments(request, house, graph)
    arguments["content_type"] = content_type
    arguments["only_new"] = request.headers.get("if-none-match", "").strip() == "*"
    async with kept(request, limit=house.settings.max_write_bytes) as path:
        arguments["path"] = str(path)
        value, _ = await house.writers.ask_json(op, arguments, client=client_of(request))
    if not value["created"]:
        return Response(status_code=204)
    return Response(status_code=201, headers={"Location": str(arguments["graph"])})


def _arguments(request: Request, house: House, graph: str | type[_Default]) -> dict[str, Any]:
    return {
        "graph": None if graph is _Default else str(graph),
        "plain": house.settings.default_graph == "plain",
        "versions": _expected(request),
    }


def _expected(request: Request) -> list[str] | None:
    """Give the versions that the client takes for the one that is served (If-Match); None where it doesn't say."""
    wanted = request.headers.get("if-match", "").strip()
    return None if wanted in ("", "*") else _TAG.findall(wanted)


def _named(request: Request) -> str | type[_Default] | None:
    """Give the IRI of the graph that a request names, the default graph, or None. Raises BadRequest."""
    fields = read_fields(request.scope["query_string"])
    indirect = [(name, value) for name, value in fields if name in ("graph", "default")]
    direct = _path_of(request).lstrip("/")
    if direct.rstrip("/") in ("graphs", "graph"):
        direct = ""
    if len(indirect) + bool(direct) > 1:
        raise BadRequest("the request names more than one graph; name it once")
    if direct:
        iri = f"{house_of(request).settings.base}{direct}"
    elif not indirect:
        return None
    elif indirect[0][0] == "default":
        return _Default
    else:
        iri = indirect[0][1]
    check_iri(iri)
    return iri


def _path_of(request: Request) -> str:
    """Give the path as it was sent: the name of a graph is not decoded."""
    raw: bytes = request.scope.get("raw_path") or request.scope["path"].encode()
    path = raw.partition(b"?")[0].decode("ascii", "replace")
    return path.removeprefix(request.scope.get("root_path", ""))
