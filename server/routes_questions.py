"""`/ask` for a question in words, and `/questions`: the stored questions, each with its parameters."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from graph.errors import UnknownResource, UsageError
from server.house import client_of, house_of
from server.negotiation import HTML, choose
from server.protocol import read_fields
from server.replies import VARIES, json_reply, page, readable
from server.streams import unless_gone

router = APIRouter()
_LONGEST_TABLE = 1000
_FORMS = {"json": "application/json", "csv": "text/csv", "html": HTML}


@readable(router, "/ask", summary="Ask in words")
async def ask(request: Request) -> Response:
    """Answer a question in words by a stored question; where none fits, say so and offer the nearest."""
    fields = _fields(request)
    media_type = _form(request, fields)
    words = fields.get("q", "").strip()
    if not words:
        if media_type == HTML:
            return RedirectResponse("/questions", status_code=303)
        raise UsageError(
            "the parameter `q` is missing; give the question in words, such as those of /questions"
        )
    if len(words) > 500:
        raise UsageError("a question may have 500 characters; shorten it")
    try:
        found = await _run(request, {"words": words})
    except UnknownResource as error:
        if media_type != HTML:
            raise
        stored = await house_of(request).read(request, "questions", {})
        return await page(
            request, "not_understood.html", status=404, words=words, why=str(error), questions=stored
        )
    return await _give(request, media_type, found, words=words)


@readable(router, "/questions", summary="List the stored questions")
async def list_questions(request: Request) -> Response:
    """List the stored questions."""
    stored = await house_of(request).read(request, "questions", {})
    if choose(request.headers.get("accept"), ("application/json", HTML)) == HTML:
        return await page(request, "questions.html", questions=stored)
    return json_reply({"questions": stored})


@readable(router, "/questions/{name}", summary="Ask a stored question")
async def ask_stored(request: Request, name: str) -> Response:
    """Answer one stored question with the parameters given."""
    fields = _fields(request)
    media_type = _form(request, fields)
    fields.pop("format", None)
    found = await _run(request, {"name": name, "parameters": fields})
    return await _give(request, media_type, found, words=found["question"]["words"])


async def _run(request: Request, arguments: Mapping[str, Any]) -> dict[str, Any]:
    work = house_of(request).queries.ask_json("ask", arguments, client=client_of(request))
    value, _ = await unless_gone(request, work)
    assert isinstance(value, dict)
    return value


async def _give(request: Request, media_type: str, found: dict[str, Any], *, words: str) -> Response:
    if media_type == HTML:
        found = {**found, "total": len(found["rows"]), "rows": found["rows"][:_LONGEST_TABLE]}
        return await page(request, "answer.html", found=found, words=words, links=_links(request))
    if media_type == "text/csv":
        return Response(
            to_csv(found["variables"], found["rows"]), media_type="text/csv; charset=utf-8", headers=VARIES
        )
    return json_reply(found)


def to_csv(variables: Sequence[str], rows: Sequence[Mapping[str, Any]]) -> str:
    """Write rows of plain values as CSV; an unbound value is empty."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(variables)
    for row in rows:
        cells = (row.get(name) for name in variables)
        writer.writerow(["" if cell is None else cell.get("id") or cell.get("value") for cell in cells])
    return out.getvalue()


def _links(request: Request) -> dict[str, str]:
    asked = [pair for pair in read_fields(request.scope["query_string"]) if pair[0] != "format"]
    return {name: f"?{urlencode([*asked, ('format', name)])}" for name in ("json", "csv")}


def _fields(request: Request) -> dict[str, str]:
    found: dict[str, str] = {}
    for name, value in read_fields(request.scope["query_string"]):
        if name in found:
            raise UsageError(f"the parameter {name!r} stands twice; give it once")
        found[name] = value
    return found


def _form(request: Request, fields: Mapping[str, str]) -> str:
    if "format" in fields:
        if fields["format"] not in _FORMS:
            raise UsageError(f"there is no format {fields['format']!r}; there are {', '.join(_FORMS)}")
        return _FORMS[fields["format"]]
    return choose(request.headers.get("accept"), tuple(_FORMS.values()))
