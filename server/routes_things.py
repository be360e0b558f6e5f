"""`/id/<kind>/<key>` and what it leads to: the page for a person, the data for a program."""

from __future__ import annotations

from types import MappingProxyType
from typing import Any
from urllib.parse import quote

from fastapi import APIRouter, Request
from starlette.responses import Response

from graph.errors import UnknownResource
from graph.iris import KINDS
from server.house import client_of, house_of, is_fresh, tag_of
from server.negotiation import GRAPHS, HTML, choose
from server.replies import VARIES, json_reply, page, readable, with_charset
from server.streams import StreamedAnswer

router = APIRouter()

_JSON = "application/json"
_FORMS = MappingProxyType({"json": _JSON, **{name: GRAPHS[name] for name in ("ttl", "jsonld", "nt", "rdf")}})
_PAGES = frozenset({"statement", "article", "agent", "place", "situation", "mention", "span"})


@readable(router, "/id/{kind}/{key:path}", summary="Lead to the page or the data of a thing")
async def identify(request: Request, kind: str, key: str) -> Response:
    """Lead from the name of a thing to what is told about it (303), by `Accept`."""
    _check(kind)
    wish = choose(request.headers.get("accept"), (HTML, *_FORMS.values()))
    place = f"/{quote(kind)}/{quote(key, safe='-._~:')}"
    if wish == HTML:
        target = f"/page{place}"
    else:
        target = f"/data{place}.{next(name for name, kind_of in _FORMS.items() if kind_of == wish)}"
    root = request.scope.get("root_path", "")
    return Response(status_code=303, headers={**VARIES, "Location": f"{root}{target}"})


@readable(router, "/page/{kind}/{key:path}", summary="Read about a thing")
async def show(request: Request, kind: str, key: str) -> Response:
    """Show the page of a thing."""
    _check(kind)
    house = house_of(request)
    headers = {"Cache-Control": "no-cache"}
    # A statement's and an article's passages are checked against the kept copies at each look: no tag.
    if kind == "statement":
        record = await house.read(request, "statement", {"key": key})
        return await page(request, "statement.html", headers=headers, it=record, key=key, **_links(kind, key))
    view = await house.read(request, "view", {"kind": kind, "key": key})
    template = f"{kind}.html" if kind in _PAGES else "thing.html"
    return await page(request, template, headers=headers, it=view, **_links(kind, key))


@readable(router, "/data/{kind}/{name:path}", summary="Get the data of a thing")
async def give_data(request: Request, kind: str, name: str) -> Response:
    """Give the data of a thing, in the form that the ending or `Accept` names."""
    _check(kind)
    house = house_of(request)
    key, dot, ending = name.rpartition(".")
    if dot and ending in _FORMS:
        media_type = _FORMS[ending]
    else:
        key, media_type = name, choose(request.headers.get("accept"), tuple(_FORMS.values()))
    headers = {**VARIES, "Cache-Control": "no-cache"}
    if media_type == _JSON:
        op, arguments = (
            ("statement", {"key": key}) if kind == "statement" else ("view", {"kind": kind, "key": key})
        )
        return json_reply(await house.read(request, op, arguments), headers=headers)
    headers["ETag"] = tag_of(house.version(), kind, key, media_type)
    # A statement's graph says whether its passages verify now, which is no matter of the version.
    if kind == "statement":
        del headers["ETag"]
    elif is_fresh(request, headers["ETag"]):
        return Response(status_code=304, headers=headers)
    answer = await house.readers.ask(
        "rdf", {"kind": kind, "key": key, "media_type": media_type}, client=client_of(request)
    )
    return StreamedAnswer(answer, media_type=with_charset(media_type), headers=headers)


def _check(kind: str) -> None:
    if kind not in KINDS:
        raise UnknownResource(
            f"there is no kind of thing called {kind!r}; there are {', '.join(sorted(KINDS))}"
        )


def _links(kind: str, key: str) -> dict[str, Any]:
    path = f"{quote(kind)}/{quote(key, safe='-._~:')}"
    return {
        "iri_path": f"/id/{path}",
        "media_types": _FORMS,
        "data_links": {name: f"/data/{path}.{name}" for name in _FORMS},
    }
