"""Reads what the head of a web page states of its article, each value with the element that states it.

Which elements are asked, and in which order, are rows of `ontology/lexicons/page_metadata.csv`. Nothing is
guessed: what no element states stays None.
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any, NamedTuple

from lxml import etree

from graph.model import Described
from loaders.text.calendar_words import parse_date
from loaders.text.description import agency_name
from loaders.text.wordlists import LEXICONS, agency_pattern, read_rows

_MOST_VALUES = 5000
_LONGEST = 1000
_IN_ADDRESS = re.compile(r"/((?:19|20)\d\d)[/-](\d\d?)[/-](\d\d?)(?=[/-]|$)")
_LANGUAGE = re.compile(r"([a-z]{2,3})(?:[-_][\w-]+)?", re.IGNORECASE)
_TITLE_TAIL = r"\s+[|»·–—-]+\s+{outlet}$|^{outlet}(?:\s+[|»·–—-]+|:)\s+"
_NO_NAME = re.compile(r"https?://|www\.|@", re.IGNORECASE)


class Stated(NamedTuple):
    """Hold a value of a page and the element that states it, as in <meta property='og:title'>."""

    words: str
    where: str

    @property
    def basis(self) -> str:
        """Write the basis as those of the text are written."""
        return f"stated: '{self.words}' in {self.where}"


@dataclass(frozen=True, slots=True)
class PageMetadata:
    """Hold what a page states of its article; `is_free` is None where it says nothing of a paywall."""

    described: Described
    is_free: bool | None = None


def read_metadata(tree: etree._Element, url: str | None = None) -> PageMetadata:
    """Read the metadata of a page; `url` is where it was fetched, and comes before what it calls itself."""
    found = _Found(tree)
    outlet = found.first("outlet", _is_name)
    published = found.first("published", lambda words: parse_date(words) is not None)
    address = url or next(
        (s.words for s in found.all("url") if s.words.startswith(("http://", "https://"))), None
    )
    date, basis = (parse_date(published.words), published.basis) if published else _date_in_address(address)
    authors = [author for author in found.all("author") if _is_name(author.words)]
    agency = next((author for author in authors if find_agency(author.words)), None)
    language = found.first("language", lambda words: _LANGUAGE.fullmatch(words) is not None)
    free = found.first("free", lambda words: words.lower() in ("true", "false", "free", "metered", "locked"))
    described = Described(
        title=_title(found, outlet.words if outlet else None),
        published=date,
        published_basis=basis,
        outlet=outlet.words if outlet else None,
        outlet_basis=outlet.basis if outlet else None,
        agency=find_agency(agency.words) if agency else None,
        agency_basis=agency.basis if agency else None,
        language=language.words[:2].lower() if language else None,
        url=address,
        byline=", ".join(dict.fromkeys(a.words for a in authors if a.where == authors[0].where)) or None,
    )
    return PageMetadata(described, free.words.lower() in ("true", "free") if free else None)


def find_agency(author: str) -> str | None:
    """Give the agency that an author is, or is of: "Reuters Staff", "Jane Doe, Associated Press"."""
    credit = _credited().fullmatch(author)
    return agency_name(credit["agency"]) if credit else None


class _Found:
    """Collect what the elements of a page state, by part."""

    def __init__(self, tree: etree._Element) -> None:
        self._tree = tree
        self._meta: dict[str, list[Stated]] = {}
        for element in tree.iter("meta"):
            for attribute in ("property", "name", "itemprop", "http-equiv"):
                name, content = element.get(attribute), element.get("content") or ""
                if name and content.strip():
                    stated = Stated(_fold(content), f"<meta {attribute}='{name.strip()}'>")
                    self._meta.setdefault(name.strip().lower(), []).append(stated)
        self._article = next(_articles(tree), {})

    def all(self, part: str) -> Iterator[Stated]:
        """Give what the page states of one part, the rows of the table in their order."""
        for where, name in _rows(part):
            if where == "meta":
                yield from self._meta.get(name.lower(), ())
            elif where == "json":
                for words in _names(self._article.get(name)):
                    yield Stated(_fold(words), f"the page's JSON-LD, {name}")
            elif where == "time":
                yield from self._times(name)
            elif where == "link":
                for link in self._tree.iter("link"):
                    if name in (link.get("rel") or "").lower().split() and link.get("href"):
                        yield Stated(link.get("href").strip(), f"<link rel='{name}'>")
        if part == "language" and (language := self._tree.get("lang")):
            yield Stated(language.strip(), "<html lang>")

    def first(self, part: str, is_right: Any) -> Stated | None:
        """Give the first value of a part that is of the right form."""
        return next((stated for stated in self.all(part) if stated.words and is_right(stated.words)), None)

    def heading(self) -> str | None:
        """Give the page's only first heading, else its title element."""
        headings = ["".join(h.itertext()) for h in self._tree.iter("h1")]
        title = next(self._tree.iter("title"), None)
        words = headings[0] if len(headings) == 1 else "".join(title.itertext()) if title is not None else ""
        return _fold(words) or None

    def _times(self, name: str) -> Iterator[Stated]:
        for time in self._tree.iter("time"):
            marks = f"{time.get('class') or ''} {time.get('itemprop') or ''}".split()
            if name in marks and (words := time.get("datetime") or "".join(time.itertext())):
                yield Stated(
                    _fold(words),
                    f"<time class='{name}'>" if name != "datePublished" else f"<time itemprop='{name}'>",
                )


@cache
def _credited() -> re.Pattern[str]:
    return re.compile(
        rf"(?:[Bb]y )?(?:[^,/|(]{{2,60}}[,/|(] ?)?(?P<agency>{agency_pattern()})(?: [Ss]taff| [Ww]riters?)?\)?"
    )


@cache
def _rows(part: str) -> tuple[tuple[str, str], ...]:
    rows = read_rows(LEXICONS / "page_metadata.csv")
    return tuple((row["where"], row["name"]) for row in rows if row["part"] == part)


def _articles(tree: etree._Element) -> Iterator[dict[str, Any]]:
    """Give the articles that the page's JSON-LD describes, without those that it only links to."""
    types = {name for _, name in _rows("article")}
    elsewhere = {name for _, name in _rows("elsewhere")}
    for script in tree.iter("script"):
        if "ld+json" not in (script.get("type") or "").lower():
            continue
        try:
            words = "".join(script.itertext()).strip().removeprefix("<!--").removesuffix("-->")
            waiting: list[Any] = [json.loads(words, strict=False)]
        except (ValueError, RecursionError):
            continue
        for _ in range(_MOST_VALUES):
            if not waiting:
                break
            value = waiting.pop(0)
            if isinstance(value, list):
                waiting += value
            elif isinstance(value, dict):
                kinds = value.get("@type")
                if any(kind in types for kind in (kinds if isinstance(kinds, list) else [kinds])):
                    yield value
                waiting += [inner for name, inner in value.items() if name not in elsewhere]


def _names(value: Any) -> Iterator[str]:
    """Give the words of a JSON-LD value: plain, the name of an object, or each of a list."""
    for one in value[:20] if isinstance(value, list) else [value]:
        words = one.get("name", one.get("@id")) if isinstance(one, dict) else one
        if isinstance(words, bool):
            yield str(words).lower()
        elif isinstance(words, str):
            yield words


def _title(found: _Found, outlet: str | None) -> str | None:
    """Give the headline without the outlet's name at its end or its head."""
    # Search engines want short headlines, so some are cut off.
    stated = found.first("title", lambda words: not words.endswith(("…", "...")))
    title = stated.words if stated else found.heading()
    if title and outlet:
        cut = re.sub(_TITLE_TAIL.replace("{outlet}", re.escape(outlet)), "", title, flags=re.IGNORECASE)
        return cut or title
    return title


def _date_in_address(url: str | None) -> tuple[Any, str | None]:
    match = _IN_ADDRESS.search(url or "")
    date = parse_date("-".join(part.zfill(2) for part in match.groups())) if match else None
    return (date, f"inferred: '{match[0]}' in the page's address") if match and date else (None, None)


def _is_name(words: str) -> bool:
    return 2 <= len(words) <= 120 and not _NO_NAME.search(words)


def _fold(words: str) -> str:
    """Give the words as one line; many sites escape them twice."""
    return " ".join(html.unescape(words[:_LONGEST]).split())
