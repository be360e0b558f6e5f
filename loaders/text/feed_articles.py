"""Reads the items of an RSS or Atom feed, each an article: its headline and the text that the feed gives of it."""

from __future__ import annotations

import datetime as dt
import hashlib
import io
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from graph.model import Described
from loaders.text.calendar_words import parse_date
from loaders.text.encodings import complaint_about_magic
from loaders.text.markup import to_paragraphs
from loaders.text.page_metadata import find_agency
from loaders.text.raw_articles import RawArticle, Refusal, Source, make_article
from loaders.text.wordlists import outlets

FEED_SUFFIXES = frozenset({".rss", ".atom"})
_MOST_FEED_BYTES = 20_000_000
_HEAD_BYTES = 20_000
_ROOT = re.compile(rb"<(?:\w+:)?(rss|feed|RDF)\b")
_NOT_BLANK = re.compile(rb"(?![\s\xef\xbb\xbf\xfe\xff])")
_PROLOGUE = ((b"<?", b"?>"), (b"<!--", b"-->"), (b"<!", b">"))
_PARTED = re.compile(r"\s*[|»·–—:>]\s*|\s+-\s+")
_ELEMENT = re.compile(rb"<\w")
# A letter by name, as &nbsp;, is what a feed may declare. More is declared to make its reader run out of memory.
_SHORT_ENTITY = re.compile(rb"<!ENTITY\s+\w+\s+([\"'])(?:&#\w{1,8};|[^&\"']{0,20})\1\s*>")
_NO_FEED = "name a feed (RSS or Atom), or save its articles as text"


def is_feed(path: Path) -> bool:
    """Tell by its root whether an .xml file is a feed; other XML, and RDF other than of RSS 1.0, is other data."""
    try:
        with path.open("rb") as handle:
            head = handle.read(_HEAD_BYTES)
    except OSError:
        return True
    return _begins_feed(head)


def _begins_feed(head: bytes) -> bool:
    root = _root(head.replace(b"\x00", b""))  # in UTF-16 every other byte of a name is nothing
    return root is not None and (root != b"RDF" or b"purl.org/rss/" in head)


def _root(head: bytes) -> bytes | None:
    """Give the name of a feed's root element, or None where the root is another or is not reached."""
    at = 0
    while True:
        at = _NOT_BLANK.search(head, at).start()  # type: ignore[union-attr]  # the pattern matches anywhere
        begin, end = next(((b, e) for b, e in _PROLOGUE if head.startswith(b, at)), (b"", b""))
        if not begin:
            root = _ROOT.match(head, at)
            return root[1] if root else None
        close = head.find(end, at)
        if begin == b"<!" and 0 <= head.find(b"[", at) < close:
            close = head.find(end, head.find(b"]", at))
        if close < 0:
            return None
        at = close + len(end)


def read_feed(path: Path, max_bytes: int) -> Iterator[RawArticle | Refusal]:
    """Read the items of a feed; one that has no text is refused, and the others are read. Raises OSError."""
    import feedparser

    with path.open("rb") as handle:
        raw = handle.read(_MOST_FEED_BYTES + 1)
    if complaint := _complain(raw):
        yield Refusal(path.name, *complaint)
        return
    # The bytes in a stream: a string could be taken for an address or a path, and be opened.
    feed = feedparser.parse(io.BytesIO(raw), resolve_relative_uris=False, sanitize_html=False)
    digest = hashlib.sha256(raw).hexdigest()
    for number, entry in enumerate(feed.entries, start=1):
        name = f"{path.name}#{_words(entry, 'id') or _words(entry, 'link') or number}"
        yield _read_entry(entry, feed.feed, Source(name, path, digest, max_bytes))
    if not feed.entries:
        fault = feed.get("bozo_exception")
        why = f"it is no valid XML: {str(fault)[:80]}" if feed.bozo and fault else "it is empty"
        yield Refusal(path.name, f"the feed has no items ({why})", "fetch it again, or remove it")


def _complain(raw: bytes) -> tuple[str, str] | None:
    if not raw.strip():
        return "the file is empty", "check that it was saved, or remove it"
    if len(raw) > _MOST_FEED_BYTES:
        return f"the feed is too large, the limit is {_MOST_FEED_BYTES:,} bytes", "split it"
    if complaint := complaint_about_magic(raw):
        return complaint
    if not _begins_feed(raw[:_HEAD_BYTES]):
        return "this is no feed: its root is not rss, feed or RDF of RSS 1.0", _NO_FEED
    plain = raw.replace(b"\x00", b"")
    root = _ELEMENT.search(plain)
    if b"<!ENTITY" in _SHORT_ENTITY.sub(b"", plain[: root.start() if root else None]):
        return (
            "the feed declares entities of its own, which may do harm",
            "take the <!ENTITY …> out of its head",
        )
    return None


def _read_entry(entry: Any, feed: Any, source: Source) -> RawArticle | Refusal:
    """Make the article of an item, from the longest text that the feed gives of it."""
    title = " ".join(to_paragraphs(_words(entry, "title") or ""))
    texts = [part.get("value") or "" for part in entry.get("content") or ()] + [
        _words(entry, "summary") or ""
    ]
    paragraphs = max((to_paragraphs(text) for text in texts), key=lambda found: sum(map(len, found)))
    if [" ".join(paragraphs).casefold()] == [title.casefold()]:
        paragraphs = []
    link = _words(entry, "link") or ""
    published, basis = _published(entry)
    outlet, outlet_basis = _outlet(entry, feed)
    author = _words(entry, "author")
    agency = find_agency(author or "")
    described = Described(
        published=published,
        published_basis=basis,
        outlet=outlet,
        outlet_basis=outlet_basis,
        agency=agency,
        agency_basis=f"stated: '{author}' in the item's author" if agency else None,
        language=(_words(entry, "language") or _words(feed, "language") or "")[:2].lower() or None,
        url=link if link.startswith(("http://", "https://")) else None,
        byline=author,
    )
    return make_article(source, title or None, paragraphs, described)


def _published(entry: Any) -> tuple[dt.date | None, str | None]:
    """Read the day as it is printed, which is the publisher's own; an update's only where there is no other."""
    for name in ("published", "created", "updated"):
        # What feedparser has parsed is in UTC, where the day may be another.
        words, parsed = dict.get(entry, name), dict.get(entry, f"{name}_parsed")
        day = parse_date(words) if isinstance(words, str) else None
        if day is None and parsed:
            day = dt.date(*parsed[:3])
        if day:
            return day, f"stated: '{words}' in the item's {name}"
    return None, None


def _outlet(entry: Any, feed: Any) -> tuple[str | None, str | None]:
    """Give the outlet that the item or its feed names; of a feed's title the part that is surely an outlet's name."""
    for where, holder in (("item", entry), ("feed", feed)):
        if words := _words(holder, "publisher"):
            return words, f"stated: '{words}' in the {where}'s publisher"
    for where, holder in (("item's source", dict.get(entry, "source") or {}), ("feed", feed)):
        title = _words(holder, "title") or ""
        host = (urlsplit(_words(holder, "link") or _words(holder, "href") or "").hostname or "").replace(
            "-", ""
        )
        for part in _PARTED.split(title):
            letters = "".join(c for c in part.casefold() if c.isalnum())
            if part.casefold() in outlets()["name"] or (len(letters) > 4 and letters in host):
                return part, f"stated: '{title}' in the title of the {where}"
    return None, None


def _words(holder: Any, name: str) -> str | None:
    """Give a value of an item as one line; feedparser's own look-up answers for other names as well."""
    value = dict.get(holder, name)
    return " ".join(value.split()) or None if isinstance(value, str) else None
