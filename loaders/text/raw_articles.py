"""Holds a text as it was found, or the reason why it is not taken."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from pathlib import Path

from graph.errors import UnreadableArticle
from graph.model import Described
from loaders.text.encodings import complaint_about_text
from loaders.text.english import complaint_about_language, is_english

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


def check(article: RawArticle) -> RawArticle | Refusal:
    """Give the article with its language where it is plain, or the refusal of what is no English text."""
    complaint = complaint_about_text(article.text) or complaint_about_language(article.text)
    if complaint:
        return Refusal(article.file_name, *complaint)
    if is_english(article.text):
        return replace(article, described=replace(article.described, language="en"))
    return article
