"""`/dumps`: the whole graph, or one article's, as files to take home."""

from __future__ import annotations

import asyncio
import base64
from typing import cast

from fastapi import APIRouter, Request
from starlette.responses import FileResponse, Response

from graph.dump_forms import FORMS, HOLDINGS, PLAIN, WITH_TRIPLE_TERMS, Form
from graph.editions import COUNT_ARTICLES, NAME_SOFTWARE, RIGHTS, Edition
from graph.errors import UnknownResource, UsageError
from server import catalogue
from server.house import House, house_of, is_fresh, tag_of
from server.negotiation import GRAPHS, HTML, choose
from server.replies import VARIES, json_reply, page, readable, with_charset
from server.shelf import DumpShelf

router = APIRouter()

_JSON = "application/json"
_DESCRIPTIONS = tuple(GRAPHS[name] for name in ("ttl", "nt", "rdf", "jsonld"))
_PLAIN = (*PLAIN, *WITH_TRIPLE_TERMS, HOLDINGS)


@readable(router, "/dumps", summary="List the downloads")
async def list_dumps(request: Request) -> Response:
    """List the downloads as a page, as JSON, or as VoID, DCAT and PROV."""
    house = house_of(request)
    version = house.version()
    media_type = choose(request.headers.get("accept"), (_JSON, *_DESCRIPTIONS, HTML))
    if media_type in _DESCRIPTIONS:
        return await _describe(request, house, version, media_type)
    citation = await _cite(request, house, version)
    articles = await house.read(request, "articles", {})
    if media_type == HTML:
        rows = [_row(form) for form in _PLAIN]
        return await page(
            request,
            "dumps.html",
            version=version,
            citation=citation,
            rights=RIGHTS,
            licence=house.settings.licence,
            rows=rows,
            articles=articles,
            forms=[form.name for form in (*PLAIN, HOLDINGS)],
        )
    whole = [
        {"format": form.name, "media_type": form.media_type, "href": catalogue.address_of(form)}
        for form in FORMS.values()
    ]
    lines = [
        {
            "key": line["key"],
            "file": line["file"],
            "hrefs": {form.name: catalogue.address_of(form, line["key"]) for form in _PLAIN},
        }
        for line in articles
    ]
    return json_reply(
        {
            "version": version,
            "citation": citation,
            "licence": house.settings.licence,
            "rights": RIGHTS,
            "whole": whole,
            "articles": lines,
        }
    )


@readable(router, "/dumps/{name}", summary="Take the whole graph")
async def dump_whole(request: Request, name: str) -> Response:
    """Give the whole graph as a file."""
    stem, _, ending = name.partition(".")
    form = FORMS.get(ending)
    if stem != "hearsay" or form is None:
        raise UnknownResource(
            f"there is no download {name!r}; there are {', '.join(f'hearsay.{f}' for f in FORMS)}"
        )
    return await _give(request, form, article=None)


@readable(router, "/dumps/article/{name}", summary="Take one article's graph")
async def dump_article(request: Request, name: str) -> Response:
    """Give one article's graph as a file."""
    key, _, ending = name.partition(".")
    form = FORMS.get(ending)
    if form is None:
        raise UsageError(f"a download ends in one of {', '.join(f'.{f}' for f in FORMS)}; got {name!r}")
    return await _give(request, form, article=key)


async def _describe(request: Request, house: House, version: str, media_type: str) -> Response:
    address = str(request.base_url)
    tag = tag_of(version, "dumps", media_type, catalogue.root_of(house.settings, address))
    headers = {**VARIES, "ETag": tag, "Cache-Control": "no-cache", "Link": _links(house, None)}
    if is_fresh(request, tag):
        return Response(status_code=304, headers=headers)
    kept = await _shelf(request).get(version, HOLDINGS)
    holdings = await asyncio.to_thread(kept.path.read_bytes)
    body = await asyncio.to_thread(catalogue.describe, house.settings, address, holdings, media_type)
    return Response(body, media_type=with_charset(media_type), headers=headers)


async def _cite(request: Request, house: House, version: str) -> str:
    """Read by the page workers, not from the file: a dump that is being made would hold it up."""
    (counted,), software = [await _ask(request, house, query) for query in (COUNT_ARTICLES, NAME_SOFTWARE)]
    names = tuple(row["label"] for row in software)
    days = counted.get("oldest"), counted.get("newest")
    return Edition(version, house.settings.base, int(counted["articles"]), *days, names).cite()


async def _ask(request: Request, house: House, query: str) -> list[dict[str, str]]:
    arguments = {
        "query": query,
        "default_graphs": None,
        "named_graphs": None,
        "max_query_bytes": house.settings.max_query_bytes,
    }
    found = await house.read(request, "table", arguments)
    return [{name: cell["value"] for name, cell in row.items()} for row in found["rows"]]


async def _give(request: Request, form: Form, *, article: str | None) -> Response:
    house = house_of(request)
    version = house.version()
    tag = tag_of(version, "dump", form.name, article)
    # A proxy that packs the file anew would make its digest wrong.
    headers = {"ETag": tag, "Cache-Control": "no-cache, no-transform", "Link": _links(house, article)}
    if is_fresh(request, tag):
        return Response(status_code=304, headers=headers)
    kept = await _shelf(request).get(version, form, article)
    # RFC 9530: what the file should hash to when it has come.
    headers["Repr-Digest"] = f"sha-256=:{base64.b64encode(kept.sha256).decode()}:"
    return FileResponse(
        kept.path,
        media_type=form.media_type,
        filename=kept.name,
        content_disposition_type="inline",
        headers=headers,
    )


def _shelf(request: Request) -> DumpShelf:
    return cast(DumpShelf, request.app.state.dumps)


def _links(house: House, article: str | None) -> str:
    return catalogue.links_of(house.settings, article)


def _row(form: Form) -> dict[str, object]:
    packed = [form.compressed(one) for one in ("gzip", "zstd")]
    return {
        "name": f"hearsay.{form.name}",
        "href": catalogue.address_of(form),
        "rdf12": form.rdf12,
        "holdings": form == HOLDINGS,
        "packed": [
            {"name": one.name.rpartition(".")[2], "href": catalogue.address_of(one)} for one in packed
        ],
    }
