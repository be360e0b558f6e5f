"""Armed bodies as texts describe them: "Sudanese troops", "Hezbollah fighters", "its forces", "allied militias"."""

from __future__ import annotations

from typing import TYPE_CHECKING

from graph.model import Agent
from loaders.meaning.phrases import Phrases
from loaders.meaning.strangers import minted_key
from loaders.meaning.syntax import case_of, children, modifiers
from loaders.meaning.vocabulary import Head, Nation
from loaders.text.wordlists import function_words

if TYPE_CHECKING:
    from loaders.meaning.parse import Token

ARMED = frozenset({"force", "vehicle", "militia", "fighters", "rebels", "unit", "allies"})


class ArmedBodies(Phrases):
    """Link phrases whose head noun names people in arms."""

    def link_armed(self, token: Token, head: Head, depth: int) -> tuple[str, ...]:
        """Link troops, fighters, militias, groups and their members."""
        if head.role == "force" and self.of.home and self.favours_government(token):
            # "Pro-government forces" are the army and those who fight beside it.
            return tuple(dict.fromkeys((self.of.forces(self.of.home), *self._allied_keys())))
        keys = self.bodies(token)
        if not keys and head.role != "vehicle":
            keys = self._stranger_before(token, head)
        keys = keys or self._possessed(token, depth)
        if keys:
            return keys
        if head.role in ARMED and (keys := self.beside(token)):
            nations = self.nations(token) or (
                [self.of.home] if self.of.home and self._is_loyal(token) else []
            )
            return tuple(
                dict.fromkeys((*(self.of.forces(n) for n in nations if self._is_loyal(token)), *keys))
            )
        nations = self.nations(token)
        if nations and head.role in {"force", "vehicle"}:
            return tuple(self.of.forces(n) for n in nations)
        if (
            nations
            and head.role in {"militia", "rebels", "group", "unit"}
            and (keys := self._kept(token, nations, head))
        ):
            return keys
        if keys := self._of_whom(token, depth):
            return keys
        if head.role == "force" and self.of.home and (self._is_loyal(token) or self._is_bare_army(token)):
            return (self.of.forces(self.of.home),)
        if self.points_back(token):
            return self.recall(token, head.role)
        return ()

    def _is_loyal(self, token: Token) -> bool:
        words = {w.lower_ for w in self.words(token)} | {w.lemma_.lower() for w in self.words(token)}
        return any(self.vocabulary.has("home", w) for w in words)

    def _is_bare_army(self, token: Token) -> bool:
        """Tell whether "the army" or "the military" stands alone: the army of the country the article is about."""
        return self.vocabulary.has("army", token.lemma_.lower()) and not any(
            w.pos_ == "PROPN" for w in self.words(token)
        )

    def beside(self, token: Token) -> tuple[str, ...]:
        """Give the unnamed militias that "allied forces" means."""
        if not any(self.vocabulary.has("allying", w.lower_) for w in modifiers(token) if w.i > token.i - 4):
            return ()
        return self._allied_keys()

    def _allied_keys(self) -> tuple[str, ...]:
        names = [
            n
            for words in self.vocabulary.listed("allied-bodies")
            for n in self.of.knowledge.names.lookup(words)
        ]
        keys = tuple(dict.fromkeys(n.key for n in names if n.kind == "agent"))
        return (
            keys if len(keys) == 1 and self.of.knowledge.means(keys[0], self.of.home, self.of.named) else ()
        )

    def link_allies(self, token: Token, head: Head, depth: int) -> tuple[str, ...]:
        """Link "its allies" and "Russian and Iranian allies"."""
        named = self.bodies(token)
        nations = tuple(self.of.government(n) for n in self.nations(token))
        if named or nations:
            return tuple(dict.fromkeys((*nations, *named)))
        owners = [k for c in children(token, "nmod:poss") for k in self.of.agents(c, depth=depth + 1)]
        home = self.of.home
        if home and any(self.of.knowledge.nation_of_agent(k) == home for k in owners):
            return self._allied_keys()
        return ()

    def _stranger_before(self, token: Token, head: Head) -> tuple[str, ...]:
        """Give the unknown body whose name stands before the noun ("RSF fighters") or holds it ("Wagner Group")."""
        words = [
            w
            for w in self.words(token)
            if self.of.strangers.is_name_word(w)
            and w.i not in self.of.found
            and w.i not in self.of.adjectives
        ]
        if token.i not in self.of.found and words and self.of.strangers.is_name_word(token):
            words = [token]
        for word in words:
            if word.text in self.of.aliases:
                return (self.of.aliases[word.text],)
            stranger = self.of.strangers.at(word)
            if stranger is None or self.of.strangers.is_place(stranger) or self.of.strangers.is_title(word):
                continue
            if (
                word.i != token.i
                and stranger.start <= token.i < stranger.end
                and not self.of.strangers.is_name_word(token)
            ):
                continue
            if (
                any(
                    i in self.of.found or i in self.of.adjectives for i in range(stranger.start, stranger.end)
                )
                and word.i != token.i
            ):
                continue
            known = self.of.strangers.agent(stranger)
            kind = known.kind if known.kind != "Organization" or head.role == "part" else head.kind
            kind = "ArmedForce" if kind == "StateForce" and not self.nations(token) else kind
            if known.kind == "Person":
                return ()
            return (self.of.keep(Agent(known.key, kind or "Organization", known.label, minted=True)),)
        return ()

    def _possessed(self, token: Token, depth: int) -> tuple[str, ...]:
        """Give the forces of a possessor: "its forces", "Assad's troops", "Syria's army"."""
        for owner in children(token, "nmod:poss"):
            if self.of.is_inside_participle(owner):
                continue
            nation = self.nation_at(owner)
            if nation is not None:
                return (
                    (self.of.forces(nation),) if self.head_role(token) in {"force", "unit", "vehicle"} else ()
                )
            forces = [f for k in self.of.agents(owner, depth=depth + 1) if (f := self.of.forces_of(k))]
            if forces:
                return tuple(dict.fromkeys(forces))
        return ()

    def _of_whom(self, token: Token, depth: int) -> tuple[str, ...]:
        for child in children(token, "nmod"):
            if case_of(child) in function_words("of whose forces"):
                keys = tuple(
                    dict.fromkeys(
                        k
                        for c in [child, *children(child, "conj")]
                        for k in self.of.agents(c, depth=depth + 1)
                    )
                )
                keys = tuple(k for k in keys if not k.startswith("unnamed:") and self.of.kind(k) != "Person")
                if keys:
                    return keys
                nation = self.nation_at(child)
                if nation is not None and self.head_role(token) in {"force", "vehicle"}:
                    return (self.of.forces(nation),)
        return ()

    def _kept(self, token: Token, nations: list[Nation], head: Head) -> tuple[str, ...]:
        """Look up "Syrian rebels" or "Iraqi militias" as the data files write it; rebels of a nation get a key."""
        words = [
            token.lower_,
            token.lemma_.lower(),
            head.noun,
            "rebels" if head.role == "rebels" else "militias",
        ]
        for nation in nations:
            for adjective in nation.adjectives:
                for word in words:
                    keys = {
                        n.key
                        for n in self.of.knowledge.names.lookup(f"{adjective} {word}")
                        if n.kind == "agent"
                    }
                    if len(keys) == 1:
                        return tuple(keys)
        if head.role == "rebels" and len(nations) == 1 and nations[0].adjectives:
            label = f"{nations[0].adjectives[0]} rebels"
            return (self.of.keep(Agent(minted_key(label), "NonStateArmedGroup", label, minted=True)),)
        return ()
