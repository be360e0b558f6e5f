"""Finds the mentions that a reading links to agents and places, to be scored against annotated entities."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from graph.model import Article
from loaders.meaning.actors import Resolver
from loaders.meaning.knowledge import Knowledge
from loaders.meaning.syntax import case_of, children, phrase
from loaders.scoring.entities import EntityMention

if TYPE_CHECKING:
    from spacy.tokens import Doc

    from loaders.meaning.reference import Mention


def find_mentions(article: Article, doc: Doc, knowledge: Knowledge) -> list[EntityMention]:
    """Give the mentions of an article that are linked, in the order of the text; see `entities` for what counts."""
    resolver = Resolver(article, doc, knowledge)
    return sorted(
        EntityMention(*_span(resolver.doc[mention.token]), _class(mention, knowledge))
        for mention in resolver.history.mentions
    )


def _class(mention: Mention, knowledge: Knowledge) -> str:
    if not mention.agents:
        return "Location"
    groups = {knowledge.group(kind) for kind in mention.kinds}
    if "person" in groups or (groups == {"unnamed"} and not mention.is_plural):
        return "Person"
    return "Organisation"


def _span(token: Any) -> tuple[int, int]:
    """Give the offsets of the noun phrase that a word heads."""
    words = [*phrase(token), *_of_part(token)]
    first, last = min(words, key=lambda word: word.i), max(words, key=lambda word: word.i)
    return first.idx, last.idx + len(last)


def _of_part(token: Any) -> Iterator[Any]:
    """Give the words of "of X": "the city of X", "residents of X"."""
    for child in children(token, "nmod"):
        if case_of(child) == "of":
            yield from (word for word in child.subtree if not word.is_space)
