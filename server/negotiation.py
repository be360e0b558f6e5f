"""Which of the forms that there are a client would like best (RFC 9110, section 12.5.1).

The tables stand here and not only in the graph, because the web process never loads the triple store.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

HTML = "text/html"

RESULTS: Mapping[str, str] = MappingProxyType(
    {
        "json": "application/sparql-results+json",
        "xml": "application/sparql-results+xml",
        "csv": "text/csv",
        "tsv": "text/tab-separated-values",
    }
)
"""Forms of a table or a yes/no, by short name, the first preferred."""

GRAPHS: Mapping[str, str] = MappingProxyType(
    {
        "ttl": "text/turtle",
        "nt": "application/n-triples",
        "rdf": "application/rdf+xml",
        "jsonld": "application/ld+json",
        "nq": "application/n-quads",
        "trig": "application/trig",
    }
)
"""Forms of a graph, by short name, the first preferred."""

ALIASES: Mapping[str, str] = MappingProxyType(
    {
        "application/json": "application/sparql-results+json",
        "application/xml": "application/sparql-results+xml",
        "text/xml": "application/sparql-results+xml",
        "application/x-turtle": "text/turtle",
        "text/n3": "text/turtle",
        "text/plain": "application/n-triples",
    }
)
"""Other names that clients ask by, tried only where the proper name was not asked for."""

FORMAT_ALIASES: Mapping[str, str] = MappingProxyType(
    {
        "turtle": "ttl",
        "n3": "ttl",
        "ntriples": "nt",
        "n-triples": "nt",
        "rdf+xml": "rdf",
        "rdfxml": "rdf",
        "json-ld": "jsonld",
        "nquads": "nq",
        "n-quads": "nq",
    }
)
"""Other short names that libraries use."""

_RANGE = re.compile(r"^([\w!#$&^.+*-]+)/([\w!#$&^.+*-]+)$")


class NotAcceptable(Exception):
    """Say that none of the forms on offer is one that the client takes. `offered` lists them."""

    def __init__(self, offered: Sequence[str]) -> None:
        super().__init__("none of the forms asked for is one that there is")
        self.offered = tuple(offered)


@dataclass(frozen=True, slots=True)
class _Wish:
    main: str
    sub: str
    quality: float

    def fits(self, media_type: str) -> int:
        """Give 3 for the exact type, 2 for the main type, 1 for anything, 0 for no fit."""
        main, _, sub = media_type.partition("/")
        if (self.main, self.sub) == (main, sub):
            return 3
        if self.sub == "*" and self.main in (main, "*"):
            return 2 if self.main == main else 1
        return 0


def choose(accept: str | None, offered: Sequence[str]) -> str:
    """Give the offered media type that the `Accept` header likes best.

    Of two that it likes as well, one that it names comes before one that only a wildcard lets in; then the order of
    `offered` decides. No header takes anything. A quality of 0 rules a form out. Raises NotAcceptable.
    """
    wishes = _read_wishes(accept)
    ranked = [(_quality(wishes, media_type), _fit(wishes, media_type), media_type) for media_type in offered]
    quality, _, best = max(ranked, key=lambda found: found[:2], default=(0.0, 0, ""))
    if not quality:
        raise NotAcceptable(offered)
    return best


CODINGS = ("zstd", "gzip")
"""The content codings that an answer can be sent in, the first preferred."""


def choose_coding(accept: str | None) -> str | None:
    """Give the content coding that `Accept-Encoding` likes best, or None for the answer as it is (RFC 9110, 12.5.3)."""
    wishes: dict[str, float] = {}
    for part in (accept or "").split(","):
        name, *parameters = (piece.strip() for piece in part.split(";"))
        quality = _read_quality(parameters)
        if name and quality is not None:
            wishes[name.lower()] = quality
    rest = wishes.get("*", 0.0)
    found = {coding: wishes.get(coding, rest) for coding in CODINGS}
    best = max(found, key=lambda coding: found[coding])
    return best if found[best] > 0 and found[best] >= wishes.get("identity", 0.0) else None


def wants_page(accept: str | None) -> bool:
    """Tell whether the client would rather have a page than JSON: a browser."""
    if not accept:
        return False
    try:
        return choose(accept, ("application/json", HTML)) == HTML
    except NotAcceptable:
        return False


def _read_wishes(accept: str | None) -> tuple[_Wish, ...]:
    if accept is None or not accept.strip():
        return (_Wish("*", "*", 1.0),)
    wishes = []
    for part in accept.split(","):
        name, *parameters = (piece.strip() for piece in part.split(";"))
        shape = _RANGE.match(name.lower())
        quality = _read_quality(parameters)
        if shape and quality is not None:
            wishes.append(_Wish(shape[1], shape[2], quality))
    return tuple(wishes)


def _read_quality(parameters: Sequence[str]) -> float | None:
    for parameter in parameters:
        name, _, value = parameter.partition("=")
        if name.strip().lower() == "q":
            try:
                quality = float(value)
            except ValueError:
                return None
            return quality if 0 <= quality <= 1 else None
    return 1.0


def _fit(wishes: Sequence[_Wish], media_type: str) -> int:
    """Tell how exactly a header names a media type or one of its aliases: 3 the type itself, 0 not at all."""
    names = (media_type, *(alias for alias, proper in ALIASES.items() if proper == media_type))
    return max((wish.fits(name) for wish in wishes for name in names), default=0)


def _quality(wishes: Sequence[_Wish], media_type: str) -> float:
    """Take the quality of the most specific range that fits, as the standard asks; an alias is exact too."""
    fit, quality = max(((wish.fits(media_type), wish.quality) for wish in wishes), default=(0, 0.0))
    if fit == 3:
        return quality
    others = (alias for alias, proper in ALIASES.items() if proper == media_type)
    named = [w.quality for alias in others for w in wishes if w.fits(alias) == 3]
    if named:
        return max(named)
    return quality if fit else 0.0
