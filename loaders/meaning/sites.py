"""Camps, ports, airports, bases: places that a common noun names, with a name before it or a town behind it."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from loaders.meaning.syntax import case_of, children, is_definite, modifiers

if TYPE_CHECKING:
    from loaders.meaning.parse import Token
    from loaders.meaning.places import Places

_OPENING = 4  # sentences, in which "a camp" may be the one that is named later


class Sites:
    """Link sites for the Places of one article."""

    def __init__(self, places: Places) -> None:
        self.of = places

    def link(self, token: Token) -> tuple[str, ...]:
        """Link "the Yida refugee camp", "Camp X" and "the port of X"; the noun alone means the one that was named."""
        if named := self._named(token):
            return named
        plain = not any(w.dep_ != "det" and not self._is_site_word(w) for w in modifiers(token))
        if not plain or "Number=Plur" in str(token.morph):
            return ()
        if is_definite(token) and (found := self.of.recall(token, frozenset({"Site"}))):
            return found
        only = self._all.get(token.lemma_.lower(), ())
        first = self.of.history.numbers[token.i] < _OPENING
        return tuple(only) if len(only) == 1 and (first or is_definite(token)) else ()

    def _named(self, token: Token) -> tuple[str, ...]:
        head = self.of.knowledge.vocabulary.head(token.lemma_.lower(), token.lower_)
        for word in modifiers(token):
            if word.pos_ != "PROPN" or self.of.is_agent_or_nation(word) or self._is_site_word(word):
                continue
            if keys := self.of.named(word):
                return keys
            stranger = self.of.strangers.at(word)
            if stranger is not None and not self.of.has_agent(stranger):
                words = [w for w in self.of.doc[stranger.start : stranger.end] if w.i < token.i]
                name = self.of.doc[words[0].i : words[-1].i + 1].text if words else stranger.words
                while words and self._is_site_word(words[-1]):
                    words.pop()
                    name = self.of.doc[words[0].i : words[-1].i + 1].text if words else name
                if stranger.end > token.i and not words:
                    return (self.of.mint(stranger.words, head.kind if head else "Site"),)
                return (self.of.mint(f"{name} {token.lemma_.lower()}", head.kind if head else "Site"),)
        for child in children(token, "nmod"):
            case = case_of(child)
            if (
                head is None
                or head.kind != "Site"
                or not (case == "of" or (case == "in" and is_definite(token)))
            ):
                continue
            keys = self.of.link(child, depth=1)
            if len(keys) == 1 and self.of.kind(keys[0]) == "Settlement":
                place = self.of.known(keys[0])
                label = place.label if place is not None else child.text
                return (self.of.mint(f"{label} {token.lemma_.lower()}", "Site", within=keys),)
        return ()

    def _is_site_word(self, word: Token) -> bool:
        """Tell whether a word says what a site is for, and is no name: a refugee camp, an air base."""
        return self.of.knowledge.vocabulary.has("site-word", word.lower_)

    @cached_property
    def _all(self) -> dict[str, dict[str, None]]:
        """Map nouns of sites to the keys of those that the article names anywhere."""
        found: dict[str, dict[str, None]] = {}
        for token in self.of.doc:
            head = (
                self.of.knowledge.vocabulary.head(token.lemma_.lower(), token.lower_) if token.dep_ else None
            )
            if head is not None and head.role == "site":
                found.setdefault(token.lemma_.lower(), {}).update(dict.fromkeys(self._named(token)))
        return found
