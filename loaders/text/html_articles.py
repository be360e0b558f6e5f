"""Reads the article of a web page: its words by trafilatura, what the page states of it by its metadata.

The kept text is the article's title and its paragraphs, parted by blank lines; all offsets refer to it.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from functools import cache
from pathlib import Path

from loaders.text.encodings import complaint_about_magic
from loaders.text.layout import split_blocks
from loaders.text.markup import decode_markup
from loaders.text.page_metadata import read_metadata
from loaders.text.raw_articles import NO_TEXT, RawArticle, Refusal, Source, make_article
from loaders.text.wordlists import LEXICONS, read_rows

HTML_SUFFIXES = frozenset({".html", ".htm", ".xhtml"})

# A page is many times its text; and looking for the article in one of very many elements takes minutes.
_PAGE_PER_TEXT = 10
_MOST_ELEMENTS = 50_000
_FEWEST_WORDS = 8
_FEWEST_WORDS_BEHIND_WALL = 120
# A front page has headlines enough, but few sentences.
_SENTENCE_END = re.compile(r"[.!?…][\"'”’»)\]]*(?:\s|$)")
_ELSEWHERE = "open the page in a browser and save the article itself, as a web page or as plain text"


def max_page_bytes(max_bytes: int) -> int:
    """Give the size above which a page is refused, from that of a text."""
    return max_bytes * _PAGE_PER_TEXT


def read_html(path: Path, max_bytes: int) -> RawArticle | Refusal:
    """Read a saved web page. Raises OSError."""
    with path.open("rb") as handle:
        raw = handle.read(max_page_bytes(max_bytes) + 1)
    source = Source(path.name, path, hashlib.sha256(raw).hexdigest(), max_bytes)
    return read_page(raw, source)


def read_page(
    raw: bytes, source: Source, *, url: str | None = None, charset: str | None = None
) -> RawArticle | Refusal:
    """Take the article out of the bytes of a page; `url` and `charset` are what its server told."""
    # Takes a third of a second to import, which only those should wait for who have pages.
    from trafilatura import bare_extraction, load_html

    if not raw.strip():
        return source.refuse("the file is empty", "check that it was saved, or remove it")
    if len(raw) > max_page_bytes(source.max_bytes):
        limit = f"the limit is {max_page_bytes(source.max_bytes):,} bytes"
        return source.refuse(f"the page is too large, {limit}", _ELSEWHERE)
    if complaint := complaint_about_magic(raw):
        return source.refuse(*complaint)
    page = decode_markup(raw, charset)
    tree = load_html(page) if page and "<" in page else None
    if tree is None:
        return source.refuse("this is no web page", "check that the right file was saved")
    if sum(1 for _ in tree.iter()) > _MOST_ELEMENTS:
        return source.refuse(f"the page has more than {_MOST_ELEMENTS:,} elements", _ELSEWHERE)
    metadata = read_metadata(tree, url)
    try:
        found = bare_extraction(tree, include_comments=False, include_formatting=False)
    except RecursionError:
        return source.refuse("its elements are nested too deeply", _ELSEWHERE)
    paragraphs = [] if found is None or isinstance(found, dict) else (found.text or "").splitlines()
    return _complain(source, paragraphs, metadata.is_free) or make_article(
        source, metadata.described.title, paragraphs, metadata.described
    )


def _complain(source: Source, paragraphs: Sequence[str], is_free: bool | None) -> Refusal | None:
    """Refuse a page that holds no article, or only the beginning of one."""
    text = "\n\n".join(paragraphs)
    bodies = [block.span.exact for block in split_blocks(text) if block.kind in ("body", "update")]
    words = sum(len(body.split()) for body in bodies if _SENTENCE_END.search(body))
    if words < _FEWEST_WORDS_BEHIND_WALL and (is_free is False or is_behind_wall(text)):
        return source.refuse(
            f"only the beginning of the article is in the page ({words} words), the rest is behind a paywall",
            "save the whole text, if you have access to it",
        )
    if words < _FEWEST_WORDS:
        return source.refuse("there is no article in this page, only menus or links", NO_TEXT)
    return None


def is_behind_wall(text: str) -> bool:
    """Tell whether a text ends in an offer to buy the rest of it."""
    return any(pattern.search(text) for pattern in _walls())


@cache
def _walls() -> tuple[re.Pattern[str], ...]:
    return tuple(
        re.compile(row["pattern"].replace(" ", r"\s+"), re.IGNORECASE)
        for row in read_rows(LEXICONS / "paywalls.csv")
    )
