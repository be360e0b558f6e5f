"""The rules that link one noun phrase to agents: its name, its description, or what it points back to.

In order: a name that covers the head noun; a head phrase of the data files; the role of the head noun with the names
and nations before it ("Hezbollah fighters", "Sudanese troops", "Assad's army"); what it points back to.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from graph.model import Agent
from loaders.meaning.armed import ARMED, ArmedBodies
from loaders.meaning.names import Name, fold
from loaders.meaning.people import owning_phrase
from loaders.meaning.pronouns import Pronouns, points_back
from loaders.meaning.strangers import minted_key
from loaders.meaning.syntax import base, case_of, children, is_definite, phrase
from loaders.meaning.vocabulary import Head
from loaders.text.wordlists import function_words

if TYPE_CHECKING:
    from loaders.meaning.actors import Resolver
    from loaders.meaning.parse import Token

_WITH_MEMBERS = frozenset({"force", "vehicle", "militia", "fighters", "rebels", "unit", "part", "group"})


class Describer(ArmedBodies):
    """Link noun phrases for a Resolver, which remembers the answers."""

    def __init__(self, resolver: Resolver) -> None:
        super().__init__(resolver)
        self.pronouns = Pronouns(resolver)

    def link(self, token: Token, *, depth: int) -> tuple[str, ...]:
        """Give the keys of the agents that the phrase means."""
        if token.pos_ == "PRON" and points_back(token.lower_):
            return self.pronouns.link(token)
        head = self.head(token)
        named = self._named(token, head)
        if named:
            return named
        if head is None:
            return self._nameless(token, depth)
        if head.role == "person":
            return self._person(token, head, depth)
        rules: dict[str, Callable[[Token, Head, int], tuple[str, ...]]] = {
            "government": self._government,
            "allies": self.link_allies,
        }
        rule = rules.get(head.role) or (self.link_armed if head.role in _WITH_MEMBERS else self._institution)
        return rule(token, head, depth)

    def _named(self, token: Token, head: Head | None) -> tuple[str, ...]:
        if token.text in self.of.aliases:
            return (self.of.aliases[token.text],)
        found = self.of.found.get(token.i)
        if found is None:
            return ()
        keys = found.keys("agent", "name")
        if keys:
            return keys if len(keys) == 1 else self._most_recent(token, keys)
        phrases = [n for n in found.names if n.kind == "agent" and n.use == "head" and self._holds(n, token)]
        if self.of.has_prefix(self.of.doc[found.start]):
            phrases = []  # "pro-government forces" are not the government's
        keys = tuple(dict.fromkeys(n.key for n in phrases))
        if len(keys) > 1:
            keys = self._most_recent(token, keys)
        if keys and head is not None and head.role in ARMED:
            keys = tuple(dict.fromkeys((*keys, *self.beside(token))))
        return keys

    def _holds(self, name: Name, token: Token) -> bool:
        """Tell whether a head phrase may mean its agent here: generic ones only in an article about it."""
        nation = self.of.knowledge.nation_of_agent(name.key)
        others = {n.key for n in self.nations(token)}
        if nation is not None and others and nation.key not in others:
            return False
        if name.written not in self.of.knowledge.generic:
            return True
        if nation is None or self.of.home is None:
            return self.of.knowledge.means(name.key, self.of.home, self.of.named)
        return nation.key == self.of.home.key

    def _most_recent(self, token: Token, keys: Iterable[str]) -> tuple[str, ...]:
        wanted = set(keys)
        for mention in self.of.history.before(token.i, 1_000):
            both = wanted & set(mention.agents)
            if both:
                return (sorted(both)[0],)
        return ()

    def _government(self, token: Token, head: Head, depth: int) -> tuple[str, ...]:
        nations = self.nations(token)
        if nations:
            return tuple(self.of.government(n) for n in nations)
        for child in children(token, "nmod:poss", "nmod"):
            nation = self.nation_at(child)
            if nation is not None and (
                child.dep_ == "nmod:poss" or case_of(child) in function_words("of which state")
            ):
                return (self.of.government(nation),)
            if child.dep_ == "nmod:poss":
                owners = [
                    self.of.knowledge.nation_of_agent(k) for k in self.of.agents(child, depth=depth + 1)
                ]
                if owners and owners[0] is not None:
                    return (self.of.government(owners[0]),)
        if self.vocabulary.has("authorities", head.noun) and self.of.home and not self.is_qualified(token):
            return (self.of.government(self.of.home),)
        return self.recall(token, head.role) if self.points_back(token) else ()

    def _institution(self, token: Token, head: Head, depth: int) -> tuple[str, ...]:
        """Link a ministry, outlet or other body: its name beside it, a nation's own, or the one named before."""
        if head.role in {"settlement", "region", "country", "border", "area", "civilians", "asset", "site"}:
            return self.bodies(token) if head.role == "asset" else ()
        keys = self.bodies(token)
        if keys:
            return self._office_of(token, keys[0]) or keys[:1]
        words = [w for w in phrase(token, right=False) if w.dep_ not in {"det", "punct"} or w.text in {"-"}]
        named = [
            w
            for w in words
            if self.of.strangers.is_name_word(w)
            and w.i not in self.of.adjectives
            and w.i not in self.of.found
        ]
        if self.of.strangers.is_name_word(token) and (len(words) > 1 or not is_definite(token)):
            stranger = self.of.strangers.at(token)
            if (
                stranger is not None
                and stranger.end - stranger.start > 1
                and not self.of.strangers.is_person(stranger)
            ):
                return (self.of.keep(self.of.strangers.agent(stranger)),)
        if named or (self.nations(token) and head.role in {"ministry", "police", "newsagency"}):
            label = " ".join(
                w.text for w in words if w.dep_ != "nmod:poss" or w.i in self.of.adjectives or w in named
            )
            return (self.of.keep(Agent(minted_key(label), head.kind or "Organization", label, minted=True)),)
        return self.recall(token, head.role) if self.points_back(token) else ()

    def _office_of(self, token: Token, whole: str) -> tuple[str, ...]:
        """Give the known part of a body that all words of its own name describe ("the UN's refugee agency")."""
        words = {a for w in phrase(token) for a in fold(w.text)} | set(fold(token.lemma_))
        for key, known in self.of.knowledge.background.agents.items():
            if whole in known.part_of:
                own = {a for a in fold(known.label) if len(a) > 3} - set(fold(self.of.agent(whole).label))
                if len(own) > 1 and own <= words:
                    return (key,)
        return ()

    def _person(self, token: Token, head: Head, depth: int) -> tuple[str, ...]:
        if self.points_back(token) and not self.is_qualified(token) and not owning_phrase(token):
            keys = self.recall(token, "")
            if keys:
                return keys
        person = self.of.read_person(token, depth=depth)
        return (person.agent.key,) if person else ()

    def _nameless(self, token: Token, depth: int) -> tuple[str, ...]:
        """Link a phrase whose head noun has no role: an unknown name, or a known one in apposition."""
        found = self.of.found.get(token.i)
        if found is not None:
            return ()
        if token.i in self.of.adjectives:
            return ()
        if self.of.strangers.is_name_word(token):
            stranger = self.of.strangers.at(token)
            if stranger is None or self.of.strangers.is_place(stranger) or self._is_elsewhere(token):
                return ()
            if base(token.dep_) not in {"nsubj", "obl", "nmod", "obj", "conj", "appos", "root", "iobj"}:
                return ()
            if base(token.dep_) not in {"nsubj", "appos"} and not self.of.strangers.is_actor(stranger):
                return ()
            agent = self.of.strangers.agent(stranger)
            if agent.kind == "Person" and (person := self.of.read_person(token, depth=depth)):
                return (person.agent.key,)
            return (self.of.keep(agent),)
        return self.bodies(token) if any(c.dep_ == "appos" for c in token.children) else ()

    def _is_elsewhere(self, token: Token) -> bool:
        return case_of(token) in function_words("elsewhere")
