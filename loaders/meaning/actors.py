"""Who acts and who speaks: links the noun phrases of one article to agents, known, unnamed or new.

One pass over the article in the order of the text links names, descriptions ("army troops"), pronouns and definite
noun phrases, and keeps what it found, so that each later question costs nothing. A wrong link is worse than none.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from functools import cached_property
from typing import TYPE_CHECKING

from graph.model import Agent, Article, Attribution, Span
from loaders.meaning import sources
from loaders.meaning.descriptions import Describer
from loaders.meaning.knowledge import Knowledge
from loaders.meaning.names import Found, fold
from loaders.meaning.parse import Doc
from loaders.meaning.people import PersonPhrase, owning_phrase, read_person
from loaders.meaning.places import Places
from loaders.meaning.reference import History, Mention
from loaders.meaning.strangers import Strangers
from loaders.meaning.syntax import base, conjuncts, phrase, root_of, words_of
from loaders.meaning.vocabulary import Nation
from loaders.text import dates
from loaders.text.wordlists import function_words

if TYPE_CHECKING:
    import spacy.tokens

    from loaders.meaning.parse import Token

_NOT_A_HEAD = frozenset({"compound", "flat", "fixed", "goeswith", "punct", "case", "det", "cc", "mark"})
_LINKED = frozenset({"NOUN", "PROPN", "PRON", "ADJ", "NUM", "VERB"})
_DEPTH = 6


class Resolver:
    """Link the noun phrases of one article. Build one for each article; it keeps what it found."""

    def __init__(self, article: Article, parsed: spacy.tokens.Doc, knowledge: Knowledge) -> None:
        doc = Doc.of(parsed)
        self.article = article
        self.doc = doc
        self.text = article.text
        self.knowledge = knowledge
        self.adjectives = _adjectives(doc, knowledge)
        self.found: dict[int, Found] = {
            i: f for f in knowledge.names.find(doc) for i in range(f.start, f.end)
        }
        self.home = _home(doc, self.found, self.adjectives, knowledge)
        self.named = _named(self.found, knowledge)
        self.found = {i: kept for i, f in self.found.items() if (kept := self._in_context(f)) is not None}
        self.minted: dict[str, Agent] = {}
        self.represents: dict[str, str] = {}
        self.aliases: dict[str, str] = {}
        self.strangers = Strangers(doc, knowledge.vocabulary, self._is_town)
        numbers = [n for n, sentence in enumerate(doc.sents) for _ in sentence]
        self.history = History(numbers)
        self.place = Places(
            doc, knowledge, self.found, self.adjectives, self.strangers, self.history, self.home
        )
        self._describer = Describer(self)
        self._memo: dict[int, tuple[str, ...]] = {}
        self._active: set[int] = set()
        self._look_ahead()
        self._read()

    def _is_town(self, words: str) -> bool:
        return self.place.is_town(words)

    def _in_context(self, found: Found) -> Found | None:
        """Leave out the names of common nouns that mean somebody else in this article's war."""
        kept = tuple(
            n
            for n in found.names
            if n.kind == "place"
            or n.use != "name"
            or n.written not in self.knowledge.weak
            or self.knowledge.means(n.key, self.home, self.named)
        )
        return Found(found.start, found.end, kept) if kept else None

    def agents(self, token: Token, *, depth: int = 0) -> tuple[str, ...]:
        """Link one noun phrase, without those coordinated with it, to the keys of its agents; nothing where unclear."""
        if token.i in self._memo:
            return self._memo[token.i]
        if depth > _DEPTH or token.i in self._active:
            return ()
        self._active.add(token.i)
        keys = self._describer.link(token, depth=depth)
        self._active.discard(token.i)
        self._memo[token.i] = keys
        return keys

    def all_agents(self, token: Token) -> tuple[str, ...]:
        """Link a noun phrase and those coordinated with it; in "government and allied troops" both are troops."""
        words = conjuncts(token)
        keys = [key for word in words for key in self.agents(word)]
        if len(words) > 1 and self._role(words[0]) == "government" and self._role(words[-1]) == "force":
            bare = not any(c.dep_ in {"det", "nmod:poss"} for c in words[0].children)
            forces = [self.forces_of(key) or key for key in self.agents(words[0])] if bare else []
            keys = [*forces, *keys[len(forces) :]]
        return tuple(dict.fromkeys(keys))

    def _role(self, token: Token) -> str:
        head = self.knowledge.vocabulary.head(token.lower_, token.lemma_.lower())
        return head.role if head else ""

    def actors(self, token: Token) -> tuple[str, ...]:
        """Link those who do something in an event: the agents of the phrase and its coordination that have a name."""
        return tuple(key for key in self.all_agents(token) if not key.startswith("unnamed:"))

    def acting(self, token: Token, attribution: Attribution | None) -> tuple[str, ...]:
        """Link those who do something; "we" and "our forces" in somebody's words are the speaker's own."""
        ours = function_words("first person")
        first = token.lower_ in ours
        owned = any(c.dep_ == "nmod:poss" and c.lower_ in ours for c in token.children)
        keys = () if owned and token.i not in self.found else self.actors(token)
        speaker = attribution and (attribution.speaks_for or attribution.source_entity)
        if not keys and speaker and not first and not owned and self._role(token) == "force":
            # "Azerbaijan said its forces …": no other body was found that they might be.
            theirs = function_words("of the speaker")
            owned = any(c.dep_ == "nmod:poss" and c.lower_ in theirs for c in token.children)
        if keys or not speaker or not (first or owned):
            return keys or self.actors(token)
        own = speaker if first else self._army_of(self.forces_of(speaker))
        return (own,) if own and not own.startswith("unnamed:") else self.actors(token)

    def _army_of(self, key: str | None) -> str | None:
        """Give the army that a command or staff commands, which is the one it calls its own."""
        words = self.agent(key).label.lower().split() if key else []
        if not any(self.knowledge.vocabulary.has("command", word) for word in words):
            return key
        above = self.knowledge.background.belongs(key)[1:] if key else ()
        return next((k for k in above if self.kind(k) == "StateForce"), key)

    @cached_property
    def times(self) -> dict[int, list[tuple[Span, int]]]:
        """Find the words of time with the word that heads each, by the first word of their sentence."""
        found: dict[int, list[tuple[Span, int]]] = {}
        for span in dates.find(self.text):
            start, end = words_of(self.doc, span.start, span.end)
            root = root_of(self.doc, start, end)
            if root is not None and root.dep_:
                found.setdefault(root.sent.start, []).append((span, root.i))
        return found

    def resolve_sources(self, attributions: Sequence[Attribution]) -> tuple[Attribution, ...]:
        """Fill in who speaks, of which kind, on whose behalf and to whom, in the order of the text."""
        return sources.resolve(self, attributions)

    def agent(self, key: str) -> Agent:
        """Give the agent of a key that this resolver gave."""
        if key in self.knowledge.background.agents:
            return self.knowledge.agent(key)
        return self.minted.get(key) or Agent(key, "Organization", key.replace("-", " "), minted=True)

    def kind(self, key: str) -> str:
        """Give the ontology class of an agent."""
        return self.agent(key).kind

    def keep(self, agent: Agent) -> str:
        """Remember an agent that no data file has, and give its key."""
        if agent.key in self.knowledge.background.agents:
            return agent.key
        for key in (agent.key + "s", agent.key.removesuffix("s")):
            if key in self.minted and agent.key not in self.minted and not agent.key.startswith("unnamed:"):
                return key
        self.minted.setdefault(agent.key, agent)
        return agent.key

    def government(self, nation: Nation) -> str:
        """Give the key of a nation's government."""
        return self.keep(self.knowledge.government(nation))

    def forces(self, nation: Nation) -> str:
        """Give the key of a nation's armed forces."""
        return self.keep(self.knowledge.forces(nation))

    def forces_of(self, key: str) -> str | None:
        """Give the forces that somebody has: an armed group itself, a government's or person's army."""
        if key.startswith("unnamed:") or self.kind(key) == "Person":
            behind = self.represents.get(key) or next(iter(self.knowledge.background.belongs(key)[1:]), None)
            return (
                self.forces_of(behind)
                if behind and behind != key and behind in self._reachable(behind)
                else None
            )
        if self.knowledge.group(self.kind(key)) == "force":
            return key
        nation = self.knowledge.nation_of_agent(key)
        return self.forces(nation) if nation else None

    def _reachable(self, key: str) -> set[str]:
        return {key} if not key.startswith("unnamed:") else set()

    def read_person(self, token: Token, *, depth: int = 0) -> PersonPhrase | None:
        """Read a noun phrase as a person, and remember the agent and whom it speaks for."""
        words = sorted({w.i: w for w in [*phrase(token), *owning_phrase(token)]}.values(), key=lambda w: w.i)
        return self.remember(read_person(self, words, token, depth=depth))

    def remember(self, person: PersonPhrase | None) -> PersonPhrase | None:
        """Keep a person that was read, under its full name, with the body it speaks for."""
        if person is not None:
            self.keep(person.agent)
            self.strangers.introduce(person.agent.label, person.agent.key)
            if person.speaks_for:
                self.represents.setdefault(person.agent.key, person.speaks_for)
        return person

    def is_inside_participle(self, token: Token) -> bool:
        """Tell whether a word belongs to a compound participle or prefix: "US-backed", "IS-held", "pro-regime"."""
        vocabulary, following = self.knowledge.vocabulary, token.i
        while (
            following + 1 < len(self.doc) and not self.doc[following].whitespace_ and following - token.i < 3
        ):
            following += 1
            word = self.doc[following].lower_
            if any(vocabulary.has(f, word) for f in ("backing", "leading", "holding", "basing", "allying")):
                return True
        return self.has_prefix(token) or token.lower_.endswith(
            tuple(f"-{part}" for part in vocabulary.listed("joined"))
        )

    def has_prefix(self, token: Token) -> bool:
        """Tell whether "pro-" or "anti-" stands right before a word."""
        before = self.doc[token.i - 2 : token.i].text.lower() if token.i >= 2 else ""
        prefix = before[:-1].removesuffix(" ") if before.endswith("-") else ""
        return any(self.knowledge.vocabulary.has(family, prefix) for family in ("favouring", "opposing"))

    def only_militants(self) -> tuple[str, ...]:
        """Give the one armed group without a state that the article is about, for "the jihadists" before its name."""
        counts = Counter(
            key
            for i, f in self.found.items()
            if i == f.start
            for key in f.keys("agent", "name")
            if self.kind(key) == "NonStateArmedGroup"
        )
        ranked = counts.most_common(2)
        if not ranked or ranked[0][1] < 3 or (len(ranked) > 1 and ranked[1][1] * 3 > ranked[0][1]):
            return ()
        return (ranked[0][0],)

    def is_name(self, token: Token) -> bool:
        """Tell whether a word belongs to a known name, so that it names nothing else ("Free Army Offensive Radio")."""
        found = self.found.get(token.i)
        return found is not None and bool(found.keys("agent", "name") or found.keys("place", "name"))

    def _look_ahead(self) -> None:
        """Read what later text says of a name before the pass: full names, short forms in brackets, uses as a place."""
        for token in self.doc:
            if token.dep_ == "compound" and token.pos_ == "PROPN" and token.i not in self.found:
                self.strangers.learn(token)
            if (
                token.dep_
                and self.strangers.is_name_word(token)
                and token.i not in self.found
                and token.dep_ not in _NOT_A_HEAD
            ):
                stranger = self.strangers.at(token)
                if stranger is not None:
                    self.strangers.vote(stranger, token)
                    if self.strangers.is_person(stranger):
                        self.strangers.introduce(stranger.words, self.strangers.agent(stranger).key)
        for key in sorted(self.named):
            known = self.knowledge.background.agents[key]
            if known.kind == "Person":
                self.strangers.introduce(known.label, key)
        self._read_brackets()

    def _read_brackets(self) -> None:
        """Learn the short forms that the article introduces: "Syrian Observatory for Human Rights (OSDH)"."""
        for token in self.doc[1:-2] if len(self.doc) > 3 else ():
            short = self.doc[token.i + 1]
            if (
                token.text != "("
                or self.doc[token.i + 2].text != ")"
                or not short.text.isupper()
                or len(short.text) < 2
            ):
                continue
            before = self.found.get(token.i - 1)
            keys = before.keys("agent", "name") if before else ()
            if len(keys) == 1:
                self.aliases[short.text] = keys[0]
                continue
            stranger = None if before else self.strangers.at(self.doc[token.i - 1])
            if stranger is not None and not self.strangers.is_person(stranger):
                self.aliases[short.text] = self.keep(self.strangers.agent(stranger))

    def _read(self) -> None:
        for token in self.doc:
            if not token.dep_ or token.pos_ not in _LINKED or base(token.dep_) in _NOT_A_HEAD:
                continue
            if token.pos_ in {"ADJ", "VERB", "NUM"} and base(token.dep_) not in {
                "nsubj",
                "obj",
                "obl",
                "nmod",
                "conj",
                "iobj",
            }:
                continue
            places = self.place.link(token)
            agents = self.agents(token)
            if places or agents:
                self.history.add(self._mention(token, agents, places))

    def _mention(self, token: Token, agents: tuple[str, ...], places: tuple[str, ...]) -> Mention:
        found = self.found.get(token.i)
        words = self.doc[found.start : found.end] if found else phrase(token)
        nouns = {w.lemma_.lower() for w in words if w.lemma_.lower() in self.knowledge.vocabulary.heads}
        plural = "Number=Plur" in str(token.morph) or any(c.dep_ == "conj" for c in token.children)
        return Mention(
            token=token.i,
            sentence=self.history.numbers[token.i],
            agents=agents,
            places=places,
            kinds=frozenset(self.kind(key) for key in agents),
            words=frozenset(nouns),
            is_plural=plural,
            is_subject=base(token.dep_) == "nsubj",
            is_proper=found is not None or self.strangers.is_name_word(token),
        )


def _adjectives(doc: Doc, knowledge: Knowledge) -> dict[int, Nation]:
    """Find the words that name a nation as an adjective: "Syrian", "South Sudanese", "Russianbacked"."""
    found: dict[int, Nation] = {}
    for token in doc:
        if not token.dep_ or not token.text[:1].isupper():
            continue
        atoms = fold(token.text)
        pair = fold(doc[token.i : token.i + 2].text) if token.i + 1 < len(doc) else atoms
        for words, last in ((pair, token.i + 1), (atoms[:1], token.i)):
            nation = knowledge.adjectives.get("".join(words))
            if nation is not None and (last == token.i or doc[last].dep_) and token.i not in found:
                found.update(dict.fromkeys(range(token.i, last + 1), nation))
    return found


def _named(found: dict[int, Found], knowledge: Knowledge) -> frozenset[str]:
    """List the agents that the article calls by a name of their own."""
    names = {n for f in found.values() for n in f.names if n.kind == "agent" and n.use == "name"}
    return frozenset(n.key for n in names if n.written not in knowledge.weak)


def _home(
    doc: Doc, found: dict[int, Found], adjectives: dict[int, Nation], knowledge: Knowledge
) -> Nation | None:
    """Give the country that most of the article's places lie in: whose "army" and "government" the text means.

    A name joined to a participle ("US-backed") says nothing of where the article is.
    """
    counts: Counter[str] = Counter()
    for i, match in found.items():
        if i == match.start and not _is_joined(doc, match.end - 1):
            for key in match.keys("place", "name")[:1]:
                nation = knowledge.nation_of_place(key)
                if nation:
                    counts[nation.key] += 1 if key == nation.key else 2
    for i, nation in adjectives.items():
        counts[nation.key] += not _is_joined(doc, i)
    best = max(counts.values(), default=0)
    leaders = [key for key, n in counts.items() if n == best]
    return knowledge.nations.get(leaders[0]) if len(leaders) == 1 else None


def _is_joined(doc: Doc, i: int) -> bool:
    return not doc[i].whitespace_ and i + 1 < len(doc) and doc[i + 1].text in {"-", "‑"}
