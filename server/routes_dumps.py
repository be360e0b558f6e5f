"""`/dumps`: the whole graph, or one article's, as files to take home."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Mapping
from pathlib import Path
from tempfile import NamedTemporaryFile
from types import MappingProxyType
from typing import IO
from urllib.parse import quote

from fastapi import APIRouter, Request
from starlette.responses import FileResponse, Response

from graph.errors import StoreError, UnknownResource, UsageError
from server.description import describe_dumps
from server.house import House, house_of, is_fresh, tag_of
from server.negotiation import GRAPHS, HTML, choose
from server.replies import VARIES, json_reply, page, readable, with_charset

router = APIRouter()

FORMATS: Mapping[str, str] = MappingProxyType(
    {name: GRAPHS[name] for name in ("ttl", "trig", "nq", "nt", "jsonld")}
)
_JSON = "application/json"
_DESCRIPTIONS = tuple(GRAPHS[name] for name in ("ttl", "nt", "rdf", "jsonld"))


class DumpShelf:
    """Keep finished dumps of the version that is served, each made once however many ask for it."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._making: dict[Path, asyncio.Task[None]] = {}

    async def get(self, version: str, *, format: str, article: str | None) -> Path:
        """Give the file of a dump, made now where it is missing. Raises UnknownResource."""
        shelf = self._house.settings.cache_folder / "dumps" / version
        path = shelf / f"{_stem(article)}.{format}"
        if not await asyncio.to_thread(path.is_file):
            making = self._making.get(path)
            if making is None:
                making = asyncio.ensure_future(self._make(path, version, format=format, article=article))
                self._making[path] = making
                making.add_done_callback(lambda _: self._making.pop(path, None))
            # One client leaving does not stop the file that others wait for.
            await asyncio.shield(making)
        return path

    async def _make(self, path: Path, version: str, *, format: str, article: str | None) -> None:
        answer = await self._house.dumps.ask("dump", {"format": format, "article": article})
        try:
            file = await asyncio.to_thread(_open_beside, path)
            try:
                async for chunk in answer:
                    await asyncio.to_thread(file.write, chunk)
                if answer.head.get("version") != version:
                    raise StoreError("another version was published while the file was made; ask again")
                await asyncio.to_thread(_put_in_place, file, path)
            finally:
                await asyncio.to_thread(_drop, file)
        finally:
            await answer.close()


@readable(router, "/dumps", summary="List the downloads")
async def list_dumps(request: Request) -> Response:
    """List the downloads as a page, as JSON, or as VoID and DCAT."""
    house = house_of(request)
    version = house.version()
    media_type = choose(request.headers.get("accept"), (_JSON, *_DESCRIPTIONS, HTML))
    if media_type in _DESCRIPTIONS:
        body = await describe_dumps(house, str(request.base_url), media_type, version=version)
        return Response(body, media_type=with_charset(media_type), headers=VARIES)
    whole = [
        {"format": name, "media_type": kind, "href": f"/dumps/hearsay.{name}"}
        for name, kind in FORMATS.items()
    ]
    articles = await house.read(request, "articles", {})
    if media_type == HTML:
        return await page(
            request, "dumps.html", version=version, whole=whole, articles=articles, forms=list(FORMATS)
        )
    lines = [
        {
            "key": line["key"],
            "file": line["file"],
            "hrefs": {name: f"/dumps/article/{line['key']}.{name}" for name in FORMATS},
        }
        for line in articles
    ]
    return json_reply({"version": version, "whole": whole, "articles": lines})


@readable(router, "/dumps/{name}", summary="Take the whole graph")
async def dump_whole(request: Request, name: str) -> Response:
    """Give the whole graph as a file."""
    stem, _, format = name.rpartition(".")
    if stem != "hearsay" or format not in FORMATS:
        raise UnknownResource(
            f"there is no download {name!r}; there are {', '.join(f'hearsay.{f}' for f in FORMATS)}"
        )
    return await _give(request, format=format, article=None)


@readable(router, "/dumps/article/{name}", summary="Take one article's graph")
async def dump_article(request: Request, name: str) -> Response:
    """Give one article's graph as a file."""
    key, _, format = name.rpartition(".")
    if format not in FORMATS:
        raise UsageError(f"a download ends in one of {', '.join(f'.{f}' for f in FORMATS)}; got {name!r}")
    return await _give(request, format=format, article=key)


async def _give(request: Request, *, format: str, article: str | None) -> Response:
    house = house_of(request)
    version = house.version()
    tag = tag_of(version, "dump", format, article)
    headers = {"ETag": tag, "Cache-Control": "no-cache"}
    if is_fresh(request, tag):
        return Response(status_code=304, headers=headers)
    path = await request.app.state.dumps.get(version, format=format, article=article)
    name = f"{_stem(article)}-{version}.{format}"
    return FileResponse(
        path,
        media_type=with_charset(FORMATS[format]),
        filename=name,
        content_disposition_type="inline",
        headers=headers,
    )


def _stem(article: str | None) -> str:
    return "hearsay" if article is None else f"article-{quote(article, safe='')}"


def _open_beside(path: Path) -> IO[bytes]:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        _clear_older(path.parent)
        return NamedTemporaryFile(dir=path.parent, suffix=".part", delete=False)
    except OSError as error:
        raise StoreError(
            f"the folder for dumps {path.parent} can't be written: {error}; set HEARSAY_CACHE"
        ) from error


def _clear_older(shelf: Path) -> None:
    for other in shelf.parent.iterdir():
        if other != shelf and other.is_dir():
            shutil.rmtree(other, ignore_errors=True)


def _put_in_place(file: IO[bytes], path: Path) -> None:
    file.close()
    Path(file.name).replace(path)


def _drop(file: IO[bytes]) -> None:
    file.close()
    Path(file.name).unlink(missing_ok=True)
