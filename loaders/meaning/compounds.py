"""Compound participles and prefixes that carry a tie: "US-backed", "IS-held", "Russianbacked", "pro-regime"."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from graph.model import Span
from loaders.meaning.actors import Resolver
from loaders.meaning.names import fold
from loaders.meaning.syntax import base
from loaders.meaning.vocabulary import Vocabulary

if TYPE_CHECKING:
    from loaders.meaning.parse import Token

FAMILIES = ("backing", "leading", "holding", "basing", "allying")
_HYPHENS = frozenset({"-", "‑", "–"})


@dataclass(frozen=True, slots=True)
class Compound:
    """Hold one compound: its participle, whose name stands before it (entity keys), and the noun it describes."""

    family: str
    token: Token
    word: Span
    start: int
    left: tuple[str, ...]
    left_place: tuple[str, ...]
    noun: Token | None


def find(resolver: Resolver) -> tuple[Compound, ...]:
    """Find the compounds of the article in the order of the text."""
    return tuple(_find(resolver))


def _find(resolver: Resolver) -> Iterator[Compound]:
    doc, vocabulary = resolver.doc, resolver.knowledge.vocabulary
    tail = _tail(vocabulary)
    for token in doc:
        if not token.dep_:
            continue
        match = tail.fullmatch(token.text)
        part = match["part"] if match else ""
        glued = match is not None and bool(match["left"])
        family = next((f for f in FAMILIES if vocabulary.has(f, part)), None) if part else None
        if family is None and glued and (m := _glued(token.text, resolver)):
            part, family = m
        if family is None:
            continue
        if not glued or part == token.text:
            before = doc[token.i - 1] if token.i else None
            if before is None or before.text not in _HYPHENS or before.whitespace_ or token.i < 2:
                continue
            left, places, first = _left(resolver, token.i - 2)
        else:
            left, places = _spelled(resolver, token.text[: -len(part)])
            first = token.i
        word = Span.of(resolver.text, token.idx + len(token.text) - len(part), token.idx + len(token.text))
        yield Compound(family, token, word, doc[first].idx, left, places, _noun(token))


def _tail(vocabulary: Vocabulary) -> re.Pattern[str]:
    """Make the pattern of a word that ends in a participle: any regular one, or an irregular one of the lists."""
    parts = sorted({part for family in FAMILIES for part in vocabulary.listed(family)})
    irregular = [re.escape(part) for part in parts if not part.endswith("ed")]
    return re.compile(rf"(?P<left>.*?)[-‑–]?(?P<part>{'|'.join(['[a-z]+ed', *irregular])})$")


def _glued(text: str, resolver: Resolver) -> tuple[str, str] | None:
    """Cut a compound whose hyphen was lost: "Russianbacked"."""
    for family in FAMILIES:
        for part in resolver.knowledge.vocabulary.listed(family):
            head = text[: -len(part)].rstrip("-")
            if (
                text.endswith(part)
                and head[:1].isupper()
                and "".join(fold(head)) in resolver.knowledge.adjectives
            ):
                return part, family
    return None


def _left(resolver: Resolver, at: int) -> tuple[tuple[str, ...], tuple[str, ...], int]:
    """Link the name that ends at a token."""
    found = resolver.found.get(at)
    if at in resolver.adjectives:
        first = at - 1 if resolver.adjectives.get(at - 1) is resolver.adjectives[at] else at
        return (resolver.government(resolver.adjectives[at]),), (resolver.adjectives[at].key,), first
    if found is None:
        token = resolver.doc[at]
        head = resolver.knowledge.vocabulary.head(token.lower_)
        if token.text in resolver.aliases:
            return (resolver.aliases[token.text],), (), at
        if head is not None and head.role == "government" and resolver.home:
            return (resolver.government(resolver.home),), (), at
        if head is not None:
            keys = resolver.history.recall(at, head.role, frozenset({head.noun}))
            return keys or (resolver.only_militants() if head.role == "fighters" else ()), (), at
        stranger = resolver.strangers.at(token) if token.pos_ == "PROPN" else None
        if stranger is not None and stranger.end == at + 1 and not resolver.strangers.is_place(stranger):
            return (resolver.keep(resolver.strangers.agent(stranger)),), (), stranger.start
        return (), (), at
    places = found.keys("place", "name")
    keys = found.keys("agent", "name") or found.keys("agent", "metonym")
    nations = [resolver.knowledge.nations[p] for p in places if p in resolver.knowledge.nations]
    if not keys and nations:
        keys = (resolver.government(nations[0]),)
    if not keys:
        keys = found.keys("agent", "head")
    return (keys if len(keys) == 1 else ()), places, found.start


def _spelled(resolver: Resolver, words: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Link the first part of a compound that the tokens leave whole ("U.S.-backed")."""
    words = words.rstrip("-‑–")
    nation = resolver.knowledge.adjectives.get("".join(fold(words)))
    if nation is not None:
        return (resolver.government(nation),), (nation.key,)
    names = [n for n in resolver.knowledge.names.lookup(words) if n.fits(words)]
    places = tuple(n.key for n in names if n.kind == "place")
    nations = [resolver.knowledge.nations[p] for p in places if p in resolver.knowledge.nations]
    agents = tuple(dict.fromkeys(n.key for n in names if n.kind == "agent" and n.use != "head"))
    if not agents and nations:
        agents = (resolver.government(nations[0]),)
    return (agents if len(agents) == 1 else ()), places


def _noun(token: Token) -> Token | None:
    """Give the noun that a compound stands before."""
    word = token
    for _ in range(4):
        if (
            word.i > token.i
            and word.pos_ in {"NOUN", "PROPN"}
            and base(word.dep_) not in {"compound", "flat"}
        ):
            return word
        if word.head.i <= token.i and word.head.i != token.i and word.i == token.i:
            break
        word = word.head
    for following in token.doc[token.i + 1 : token.i + 8]:
        if following.pos_ in {"NOUN", "PROPN"} and base(following.dep_) not in {"compound", "flat", "amod"}:
            return following
        if following.pos_ not in {"ADJ", "NOUN", "PROPN", "CCONJ", "ADV", "PUNCT"}:
            break
    return None
