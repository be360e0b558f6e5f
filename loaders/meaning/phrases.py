"""What a noun phrase offers to resolution: its head noun, and the names and nations before it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from loaders.meaning.syntax import children, is_definite, modifiers
from loaders.meaning.vocabulary import Head, Nation

if TYPE_CHECKING:
    from loaders.meaning.actors import Resolver
    from loaders.meaning.names import Found
    from loaders.meaning.parse import Token

_OF_STATE = frozenset({"StateActor", "StateForce"})


class Phrases:
    """Read noun phrases for a Resolver."""

    def __init__(self, resolver: Resolver) -> None:
        self.of = resolver
        self.vocabulary = resolver.knowledge.vocabulary

    def head(self, token: Token) -> Head | None:
        """Give the row of the head noun, of two words where the list has them."""
        lemma = token.lemma_.lower()
        before = self.of.doc[token.i - 1].lower_ if token.i else ""
        return self.vocabulary.head(f"{before} {token.lower_}", f"{before} {lemma}", token.lower_, lemma)

    def words(self, token: Token) -> list[Token]:
        """List the words before the head and in apposition, without those of compound participles."""
        words = [*modifiers(token), *children(token, "appos", "flat")]
        return [w for w in words if not self.of.is_inside_participle(w)]

    def nations(self, token: Token) -> list[Nation]:
        """List the nations named before the head, as adjective or name."""
        found: dict[str, Nation] = {}
        for word in self.words(token):
            nation = self.of.adjectives.get(word.i)
            match = self.of.found.get(word.i)
            if match is not None and self._is_inside_body(match):
                continue
            if nation is None and match is not None and word.i not in range(token.i, token.i + 1):
                places = match.keys("place", "name")
                nation = next(
                    (self.of.knowledge.nations[p] for p in places if p in self.of.knowledge.nations), None
                )
            if nation is not None:
                found.setdefault(nation.key, nation)
        return list(found.values())

    def _is_inside_body(self, match: Found) -> bool:
        """Tell whether a nation's word belongs to the name of a body that is not its state: "Lebanese Hezbollah"."""
        return match.end - match.start > 1 and any(
            self.of.kind(key) not in _OF_STATE for key in match.keys("agent", "name")
        )

    def bodies(self, token: Token) -> tuple[str, ...]:
        """List the named agents before the head or in apposition to it ("Hezbollah fighters", "the group IS")."""
        found: dict[str, None] = {}
        for word in self.words(token):
            match = self.of.found.get(word.i)
            if match is None or match.start <= token.i < match.end:
                if word.text in self.of.aliases:
                    found[self.of.aliases[word.text]] = None
                continue
            found.update(dict.fromkeys(k for k in match.keys("agent", "name") if self.of.kind(k) != "Person"))
        if self.head_role(token) in {"force", "vehicle"}:
            return tuple(
                dict.fromkeys(
                    (self.of.forces_of(k) or k) if self.of.kind(k) == "StateActor" else k for k in found
                )
            )
        return tuple(found)

    def head_role(self, token: Token) -> str:
        """Give the role of the head noun, or an empty text."""
        head = self.head(token)
        return head.role if head else ""

    def nation_at(self, token: Token) -> Nation | None:
        """Give the nation whose name stands at a word."""
        found = self.of.found.get(token.i)
        if found is None:
            return None
        return next(
            (
                self.of.knowledge.nations[p]
                for p in found.keys("place", "name")
                if p in self.of.knowledge.nations
            ),
            None,
        )

    def favours_government(self, token: Token) -> bool:
        """Tell whether "pro-government" or "pro-regime" stands before the head."""
        prefixes = [f"{word}-" for word in self.vocabulary.listed("favouring")]
        for word in modifiers(token):
            before = self.of.doc[word.i - 2 : word.i].text.lower() if word.i > 1 else ""
            own = next((prefix for prefix in prefixes if word.lower_.startswith(prefix)), "")
            head = self.vocabulary.head(word.lower_.removeprefix(own)) if own or before in prefixes else None
            if head is not None and head.role == "government":
                return True
        return False

    def is_qualified(self, token: Token) -> bool:
        """Tell whether any noun or adjective stands before the head."""
        return any(w.pos_ in {"ADJ", "PROPN", "NOUN"} for w in self.words(token))

    def points_back(self, token: Token) -> bool:
        """Tell whether an article or a possessor points back."""
        return is_definite(token) or bool(children(token, "nmod:poss"))

    def recall(self, token: Token, role: str) -> tuple[str, ...]:
        """Find whom a definite phrase points back to."""
        militant = any(self.vocabulary.has("militancy", w.lower_) for w in modifiers(token))
        watching = any(self.vocabulary.has("monitoring", w.lower_) for w in modifiers(token))
        role = "fighters" if militant else "monitor" if watching and role == "group" else role
        words = frozenset({token.lemma_.lower()}) - ({"group"} if militant or watching else set())
        keys = self.of.history.recall(token.i, role, words & frozenset(self.vocabulary.heads))
        return keys or (self.of.only_militants() if role == "fighters" else ())
