"""Whom a pronoun means: "it" one body, "they" several or the whole of a coordination, "he" a person."""

from __future__ import annotations

from typing import TYPE_CHECKING

from loaders.meaning.reference import Mention
from loaders.meaning.syntax import first_conjunct
from loaders.text.wordlists import function_words

if TYPE_CHECKING:
    from loaders.meaning.actors import Resolver
    from loaders.meaning.parse import Token


def points_back(word: str) -> bool:
    """Tell whether a lower-case word can point back to somebody or something: "it", "they", "he", "who"."""
    return (
        word in function_words("singular pronoun")
        or word in function_words("plural pronoun")
        or word in function_words("personal pronoun")
    )


class Pronouns:
    """Link pronouns for a Resolver."""

    def __init__(self, resolver: Resolver) -> None:
        self.of = resolver

    def link(self, token: Token) -> tuple[str, ...]:
        """Give the agents that a pronoun points back to; nothing where that is unclear."""
        if token.dep_ == "expl":
            return ()
        word = token.lower_
        if word in function_words("relative"):
            return self._relative(token)
        fits = (
            self._is_single
            if word in function_words("singular pronoun")
            else self._is_person
            if word in function_words("personal pronoun")
            else self._is_several
        )
        found = self.of.history.pronoun(token.i, fits)
        if found is None:
            return ()
        if word in function_words("plural pronoun"):
            return self.of.all_agents(first_conjunct(self.of.doc[found.token])) or found.agents
        return found.agents

    def _relative(self, token: Token) -> tuple[str, ...]:
        clause = token.head
        for _ in range(4):
            if clause.dep_ == "acl:relcl":
                return self.of.agents(clause.head) if clause.head.i < token.i else ()
            clause = clause.head
        return ()

    @staticmethod
    def _is_single(mention: Mention) -> bool:
        if mention.is_person:
            return False
        return (len(mention.agents) == 1 and (mention.is_proper or not mention.is_plural)) or bool(
            mention.places and not mention.agents and not mention.is_plural
        )

    @staticmethod
    def _is_several(mention: Mention) -> bool:
        return bool(mention.agents) and (
            mention.is_plural or len(mention.agents) > 1 or "Person" not in mention.kinds
        )

    @staticmethod
    def _is_person(mention: Mention) -> bool:
        return bool(mention.agents) and mention.is_person and not mention.is_plural
