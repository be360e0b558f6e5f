"""Holds a text as it was found, or the reason why it is not taken."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from pathlib import Path

from graph.errors import UnreadableArticle
from graph.model import Described
from loaders.text.encodings import complaint_about_text
from loaders.text.english import complaint_about_language, is_english

NO_TEXT = "check that it is an article; if it is, save its words as plain text and load that"
SPLIT = "split it into its articles, or raise HEARSAY_MAX_ARTICLE_BYTES"


class Refusal(UnreadableArticle):
    """Say which article can't be read, why, and what to do."""

    def __init__(self, file: str, reason: str, remedy: str) -> None:
        super().__init__(f"{file}: {reason}; {remedy}")
        self.file, self.reason, self.remedy = file, reason, remedy

    def __reduce__(self) -> tuple[type[Refusal], tuple[str, str, str]]:
        """Let the refusal pass between processes."""
        return Refusal, (self.file, self.reason, self.remedy)


@dataclass(frozen=True, slots=True)
class RawArticle:
    """Hold one text as found: `raw` are its bytes, `text` the same decoded, `path` the file that holds it."""

    file_name: str
    raw: bytes = field(repr=False)
    text: str = field(repr=False)
    described: Described = field(default_factory=Described)
    path: Path = Path()


@dataclass(frozen=True, slots=True)
class Source:
    """Hold where a text is taken from: the article's name, its file, the SHA-256 of the page, when it was fetched."""

    name: str
    path: Path
    sha256: str
    max_bytes: int
    retrieved: dt.date | None = None

    def refuse(self, reason: str, remedy: str) -> Refusal:
        """Give the refusal of this article."""
        return Refusal(self.name, reason, remedy)


def make_article(
    source: Source, title: str | None, paragraphs: Iterable[str], described: Described
) -> RawArticle | Refusal:
    """Make the text of an article whose form was no plain text: its title, a blank line, paragraph by paragraph.

    White space within a paragraph is folded; a first paragraph that is the title again stands there once.
    """
    parts = [" ".join(paragraph.split()) for paragraph in paragraphs]
    parts = [part for part in parts if part]
    title = " ".join(title.split()) if title else None
    if not parts:
        return source.refuse("there is no text in it" + (" but a headline" if title else ""), NO_TEXT)
    if title and parts[0].casefold() != title.casefold():
        parts.insert(0, title)
    text = "\n\n".join(parts) + "\n"
    try:
        raw = text.encode("utf-8")
    except UnicodeEncodeError:
        return source.refuse("its text holds half of a character", "take the file from its source again")
    if len(raw) > source.max_bytes:
        size = f"{len(raw):,} bytes, the limit is {source.max_bytes:,}"
        return source.refuse(f"the text is too large for one article: {size}", SPLIT)
    described = replace(described, title=title, origin_sha256=source.sha256, retrieved=source.retrieved)
    return check(RawArticle(source.name, raw, text, described, source.path))


def check(article: RawArticle) -> RawArticle | Refusal:
    """Give the article with its language where it is plain, or the refusal of what is no English text."""
    complaint = complaint_about_text(article.text) or complaint_about_language(article.text)
    if complaint:
        return Refusal(article.file_name, *complaint)
    if is_english(article.text):
        return replace(article, described=replace(article.described, language="en"))
    return article
