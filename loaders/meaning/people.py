"""Persons in a text, named or not, and on whose behalf they speak: "Army spokesman Gen. X", "US officials"."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from graph.model import Agent
from loaders.meaning.knowledge import Knowledge
from loaders.meaning.names import Found
from loaders.meaning.strangers import Strangers, unnamed_key
from loaders.meaning.syntax import case_of, children
from loaders.meaning.vocabulary import Nation
from loaders.text.wordlists import function_words

if TYPE_CHECKING:
    from loaders.meaning.parse import Doc, Token

_DESCRIBING = frozenset({"NOUN", "PROPN", "ADJ", "VERB", "NUM"})


class Linker(Protocol):
    """Be what links other noun phrases while a person is read."""

    doc: Doc
    knowledge: Knowledge
    strangers: Strangers
    found: dict[int, Found]
    adjectives: dict[int, Nation]
    home: Nation | None

    def agents(self, token: Token, *, depth: int = 0) -> tuple[str, ...]:
        """Link a noun phrase to agents."""

    def kind(self, key: str) -> str:
        """Give the ontology class of an agent."""

    def is_inside_participle(self, token: Token) -> bool:
        """Tell whether a word belongs to a compound participle such as "US-backed"."""


@dataclass(frozen=True, slots=True)
class PersonPhrase:
    """Hold a person as a phrase describes one: the agent and on whose behalf it speaks."""

    agent: Agent
    speaks_for: str | None


def read_person(linker: Linker, words: list[Token], head: Token, *, depth: int = 0) -> PersonPhrase | None:
    """Read the words of a noun phrase as a person; None where neither a name nor a noun of office stands in it."""
    named = _known_person(linker, words) or _stranger(linker, words)
    office = _office(linker, words)
    if named is None and office is None:
        return None
    for_whom = _represented(linker, words, office or head, depth)
    if named is not None:
        known = linker.knowledge.background.agents.get(named.key)
        if known is not None:
            for_whom = next(iter((*known.speaks_for, *known.affiliation)), for_whom)
        return PersonPhrase(named, for_whom)
    if office is None:
        return None
    key = unnamed_key(describing_words(linker, words, office, for_whom))
    text = linker.doc[words[0].i : words[-1].i + 1].text
    return PersonPhrase(Agent(key, "UnnamedSource", text, described_as=text, minted=True), for_whom)


def _known_person(linker: Linker, words: Iterable[Token]) -> Agent | None:
    for word in words:
        found = linker.found.get(word.i)
        for key in found.keys("agent", "name") if found else ():
            known = linker.knowledge.background.agents.get(key)
            if known is not None and known.kind == "Person":
                return linker.knowledge.agent(key)
    return None


def _stranger(linker: Linker, words: list[Token]) -> Agent | None:
    """Find an unknown person's name among the words; a known body or place is none."""
    places = {w.i for w in words}
    for word in words:
        if word.i in linker.found or word.pos_ != "PROPN" or linker.strangers.is_title(word):
            continue
        if word.dep_ == "nmod" and case_of(word) in function_words("belonging"):
            continue
        stranger = linker.strangers.at(word)
        if stranger is None or not places.issuperset(range(stranger.start, stranger.end)):
            continue
        if linker.strangers.is_person(stranger) and not any(
            i in linker.found for i in range(stranger.start, stranger.end)
        ):
            return linker.strangers.agent(stranger)
    return None


def _office(linker: Linker, words: list[Token]) -> Token | None:
    found = None
    for word in words:
        head = linker.knowledge.vocabulary.head(word.lower_, word.lemma_.lower())
        if head is not None and head.role == "person" and word.i not in linker.found:
            found = word if found is None or word.dep_ not in {"nmod", "conj"} else found
            if word.dep_ not in {"compound", "amod", "nmod"}:
                return word
    return found


def _represented(linker: Linker, words: list[Token], office: Token, depth: int) -> str | None:
    """Give whom the person speaks for: a body in the phrase, its army or its government."""
    for word in words:
        if word.i == office.i or linker.is_inside_participle(word):
            continue
        found = linker.found.get(word.i)
        for key in found.keys("agent", "name") if found else ():
            if linker.kind(key) != "Person":
                return key
    for word in words:
        if word.dep_ == "nmod" and case_of(word) in function_words("belonging") and word.i != office.i:
            keys = [
                k
                for k in linker.agents(word, depth=depth + 1)
                if not k.startswith("unnamed:") and linker.kind(k) != "Person"
            ]
            if keys:
                return keys[0]
    return _office_of_state(linker, words, office)


def _office_of_state(linker: Linker, words: list[Token], office: Token) -> str | None:
    nation = next((linker.adjectives[w.i] for w in words if w.i in linker.adjectives), None)
    nation = nation or _nation_named(linker, words)
    roles = [
        h.role
        for w in words
        if w.i != office.i and (h := linker.knowledge.vocabulary.head(w.lower_, w.lemma_.lower()))
    ]
    if nation is None and not {"force", "government", "ministry"} & set(roles):
        return None
    nation = nation or linker.home
    if nation is None:
        return None
    if "force" in roles:
        return linker.knowledge.forces(nation).key
    lemma = office.lemma_.lower()
    vocabulary = linker.knowledge.vocabulary
    speaks = (
        vocabulary.has("spokesperson", lemma) or vocabulary.has("statesman", lemma) or lemma != office.lower_
    )
    if "government" in roles or (speaks and not {"ministry", "police", "militia", "rebels"} & set(roles)):
        return linker.knowledge.government(nation).key
    return None


def _nation_named(linker: Linker, words: list[Token]) -> Nation | None:
    """Give the nation whose name, not adjective, stands before the office ("US officials")."""
    for word in words:
        found = linker.found.get(word.i)
        if found is None or word.dep_ == "nmod" or linker.is_inside_participle(word):
            continue
        for key in found.keys("place", "name"):
            if key in linker.knowledge.nations:
                return linker.knowledge.nations[key]
    return None


def describing_words(linker: Linker, words: list[Token], office: Token, for_whom: str | None) -> list[str]:
    """List the words of an unnamed source's key: whose it is, its kind, the noun; the same for a definite article."""
    owner = [w for w in words if w.i > office.i]
    plain = [w.lower_ for w in words if w.i <= office.i and _describes(w)]
    if owner and for_whom is not None and _is_name_among(linker, owner, for_whom):
        adjectives = {w.lower_ for w in words if w.i in linker.adjectives}
        return [for_whom, *(w for w in plain if w not in adjectives)]
    return [*(w.lower_ for w in owner if _describes(w) and w.dep_ != "appos"), *plain]


def _is_name_among(linker: Linker, words: list[Token], key: str) -> bool:
    return any(key in found.keys("agent", "name") for w in words if (found := linker.found.get(w.i)))


def _describes(word: Token) -> bool:
    return word.pos_ in _DESCRIBING and word.lower_ not in function_words("not describing")


def owning_phrase(token: Token) -> list[Token]:
    """List the prepositional parts that tell whose a person is ("of the UN office", "from a militia"), whole."""
    found: list[Token] = []
    for child in children(token, "nmod", "acl"):
        if child.dep_ == "acl:relcl" or (
            child.dep_.startswith("nmod") and case_of(child) not in function_words("belonging")
        ):
            continue
        if child.i > token.i:
            found.extend(w for w in list(child.subtree)[:25] if w.dep_ != "punct")
    return found
