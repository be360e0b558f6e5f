"""`/sparql`: the SPARQL 1.1 Protocol, the service description, and an editor for people."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import Response

from graph.errors import QueryTooLarge
from server.cache import key_of
from server.credentials import check_token, is_permitted
from server.description import describe_service
from server.house import House, client_of, house_of, is_fresh, tag_of
from server.negotiation import FORMAT_ALIASES, GRAPHS, HTML, RESULTS, NotAcceptable, choose
from server.protocol import FORM, UPDATE, Operation, is_steady, media_type_of, read_operation, shape_of
from server.replies import VARIES, page, readable, with_charset
from server.streams import StreamedAnswer, unless_gone

router = APIRouter()
METHODS = "GET, HEAD, POST, OPTIONS"
_EXAMPLE = """\
PREFIX hs: <https://w3id.org/hearsay/ontology#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>

# Who denied what, and in which words?
SELECT ?who ?file ?start ?end ?words WHERE {
  ?statement a hs:Denial ; hs:speaker/rdfs:label ?who .
  ?mention hs:mentionOf ?statement ; hs:foundIn/hs:fileName ?file ; hs:contentSpan ?span .
  ?span hs:start ?start ; hs:end ?end ; hs:exact ?words .
}
ORDER BY ?who ?file ?start
LIMIT 100
"""


@router.post("/sparql", summary="Ask a SPARQL query in the body, or send an update with the token")
@readable(router, "/sparql", summary="Ask a SPARQL query")
async def sparql(request: Request) -> Response:
    """Answer a query, run an update, describe the service, or show the editor."""
    house = house_of(request)
    operation = read_operation(
        method=request.method,
        query_string=request.scope["query_string"],
        content_type=request.headers.get("content-type"),
        body=await _read_body(request, limit=_limit_of(request, house)),
        max_query_bytes=house.settings.max_query_bytes,
    )
    if operation.update is not None:
        return await _update(request, house, operation)
    if operation.query is None or (not operation.query.strip() and request.method != "POST"):
        return await _introduce(request, house, operation)
    return await _answer(request, house, operation, operation.query)


@router.options("/sparql", include_in_schema=False)
async def options() -> Response:
    """Say which methods there are."""
    return Response(status_code=204, headers={"Allow": METHODS})


async def _introduce(request: Request, house: House, operation: Operation) -> Response:
    offered = {
        **{name: kind for name, kind in GRAPHS.items() if name in ("ttl", "nt", "rdf", "jsonld")},
        "html": HTML,
    }
    media_type = _chosen(request, operation, offered)
    if media_type == HTML:
        return await page(request, "sparql.html", query=_EXAMPLE, found=None, forms=offered_forms("table"))
    body = await describe_service(house, str(request.base_url), media_type, client=client_of(request))
    return Response(body, media_type=with_charset(media_type), headers={**VARIES})


async def _answer(request: Request, house: House, operation: Operation, query: str) -> Response:
    shape = shape_of(query) or "table"
    media_type = _chosen(request, operation, {**(GRAPHS if shape == "graph" else RESULTS), "html": HTML})
    version = house.version()
    chosen = (operation.default_graphs, operation.named_graphs)
    headers = {**VARIES, "Cache-Control": "no-cache"}
    if is_steady(query):
        headers["ETag"] = tag_of(version, query, chosen, media_type)
        if is_fresh(request, headers["ETag"]):
            return Response(status_code=304, headers=headers)
    arguments: dict[str, Any] = {
        "query": query,
        "default_graphs": chosen[0],
        "named_graphs": chosen[1],
        "max_query_bytes": house.settings.max_query_bytes,
    }
    client = client_of(request)
    if media_type == HTML:
        found, _ = await unless_gone(request, house.queries.ask_json("table", arguments, client=client))
        return await page(
            request, "sparql.html", query=query, found=found, forms=offered_forms(shape), headers=headers
        )
    kept = "ETag" in headers and house.cache.get(_key(version, operation, media_type))
    if kept:
        return Response(kept, media_type=with_charset(media_type), headers=headers)
    work = house.queries.ask("query", {**arguments, "media_type": media_type}, client=client)
    answer = await unless_gone(request, work)
    if "ETag" not in headers:
        return StreamedAnswer(answer, media_type=with_charset(media_type), headers=headers)
    version = str(answer.head.get("version"))
    headers["ETag"] = tag_of(version, query, chosen, media_type)
    if not answer.complete:
        return StreamedAnswer(answer, media_type=with_charset(media_type), headers=headers)
    whole = await answer.read()
    house.cache.put(_key(version, operation, media_type), whole)
    return Response(whole, media_type=with_charset(media_type), headers=headers)


def _key(version: str, operation: Operation, media_type: str) -> bytes:
    return key_of(
        version,
        operation.query or "",
        default_graphs=operation.default_graphs,
        named_graphs=operation.named_graphs,
        media_type=media_type,
    )


async def _update(request: Request, house: House, operation: Operation) -> Response:
    """Run an update; it goes on where the client leaves, as whoever writes would want."""
    check_token(house.settings.token, request.headers.get("authorization"))
    arguments = {
        "update": operation.update,
        "using": operation.default_graphs,
        "using_named": operation.named_graphs,
        "plain": house.settings.default_graph == "plain",
        "max_write_bytes": house.settings.max_write_bytes,
    }
    await house.writers.ask_json("update", arguments, client=client_of(request))
    return Response(status_code=204)


def _limit_of(request: Request, house: House) -> int:
    """Give how many bytes of a body are read; only somebody who may write sends long ones."""
    settings, authorization = house.settings, request.headers.get("authorization")
    media_type = media_type_of(request.headers.get("content-type"))
    if request.method == "POST" and media_type == UPDATE:
        check_token(settings.token, authorization)
        return settings.max_write_bytes
    writes = media_type == FORM and is_permitted(settings.token, authorization)
    # A form may need three bytes for one.
    return 3 * (settings.max_write_bytes if writes else settings.max_query_bytes) + 4096


def offered_forms(shape: str) -> list[str]:
    """List the short names of the forms that a query of that shape can be answered in."""
    return list(GRAPHS if shape == "graph" else RESULTS)


def _chosen(request: Request, operation: Operation, offered: dict[str, str]) -> str:
    """Take the form named by `format=` (short name or media type), else the one that `Accept` likes best."""
    accept = request.headers.get("accept")
    if operation.format is None:
        return choose(accept, tuple(offered.values()))
    name = FORMAT_ALIASES.get(operation.format, operation.format)
    if name in offered:
        return offered[name]
    if name in offered.values():
        return name
    if accept and not accept.startswith("*/*"):
        # Libraries send a format of their own naming beside a proper Accept.
        return choose(accept, tuple(offered.values()))
    raise NotAcceptable([f"{kind} (format={name})" for name, kind in offered.items()])


async def _read_body(request: Request, *, limit: int) -> bytes:
    kept = bytearray()
    async for chunk in request.stream():
        kept += chunk
        if len(kept) > limit:
            raise QueryTooLarge(f"the request is longer than {limit} bytes, the limit of this server")
    return bytes(kept)
