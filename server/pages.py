"""Pages from templates, every value escaped, with the few filters that they need.

Article text is hostile input: it is escaped, kept in its own direction, and characters that could turn the
order of letters around or hide are shown by their number.
"""

from __future__ import annotations

import asyncio
import re
import unicodedata
from pathlib import Path
from typing import Any
from urllib.parse import quote

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from graph.terms import HS
from server.words import spell

TEMPLATES = Path(__file__).resolve().parent / "templates"
_HIDDEN = re.compile(
    r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u00ad\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]"
)


class Pages:
    """Render the templates of one server. `base` is the base of its IRIs."""

    def __init__(self, *, base: str) -> None:
        self._base = base
        self._templates = Environment(
            loader=FileSystemLoader(TEMPLATES),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._templates.filters.update(
            shown=shown,
            plain=plain,
            spell=spell,
            link=self.link,
            number=number,
            local=local_name,
            percent=percent,
        )

    async def render(self, name: str, **values: Any) -> str:
        """Fill a template, beside the event loop: a long article takes a while."""
        return await asyncio.to_thread(self._templates.get_template(name).render, **values)

    def link(self, thing: Any) -> str:
        """Give the address of a thing's page, or of an IRI elsewhere on the web; "" for what has none."""
        iri = thing.get("id", "") if isinstance(thing, dict) else str(thing or "")
        if iri.startswith(f"{self._base}id/"):
            return "/page/" + quote(iri.removeprefix(f"{self._base}id/"), safe="/%-._~:")
        if iri.startswith(str(HS)):
            return f"/ontology#{quote(local_name(iri))}"
        return iri if iri.startswith(("https://", "http://")) else ""


def shown(words: Any) -> Markup:
    """Escape words, keep their direction from spilling over, and show hidden characters by their number."""
    safe = _HIDDEN.sub(_show_hidden, str(escape("" if words is None else str(words))))
    return Markup(f"<bdi>{safe}</bdi>")


def plain(words: Any, *, longest: int = 120) -> str:
    """Give words for the title of a page, where no mark-up can stand: hidden characters by number, cut."""
    safe = _HIDDEN.sub(lambda found: f"U+{ord(found[0]):04X}", " ".join(str(words or "").split()))
    return safe if len(safe) <= longest else f"{safe[: longest - 1]}…"


def number(count: int) -> str:
    """Write a number with thin spaces between thousands."""
    return f"{count:,}".replace(",", "\u202f")


def percent(share: float) -> str:
    """Write a share as whole per cent."""
    return f"{share:.0%}"


def local_name(iri: str) -> str:
    """Give what stands after the last hash or slash of an IRI."""
    return re.split(r"[#/]", iri)[-1] or iri


def _show_hidden(found: re.Match[str]) -> str:
    code = f"U+{ord(found[0]):04X}"
    name = unicodedata.name(found[0], "control character").lower()
    return f'<span class="hidden-character" title="{name}">{code}</span>'
