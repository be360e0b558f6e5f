"""Where something happens: place names and what points back to them, as entity keys.

`Deir Ezzor` is the city and `Deir Ezzor province` the governorate; `the town` is the last town named; a border is
named by the two countries it parts. A place that no data file has gets a key from its name.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from lemminflect import getAllLemmas

from graph.iris import slug
from loaders.meaning.background import KnownPlace
from loaders.meaning.gazetteer import Town, choose
from loaders.meaning.knowledge import Knowledge
from loaders.meaning.names import Found
from loaders.meaning.reference import History, Mention
from loaders.meaning.sites import Sites
from loaders.meaning.strangers import Stranger, Strangers
from loaders.meaning.syntax import case_of, children, conjuncts, is_definite, modifiers
from loaders.meaning.vocabulary import Nation
from loaders.text.wordlists import function_words

if TYPE_CHECKING:
    from loaders.meaning.parse import Doc, Token

ROLE_KINDS: dict[str, frozenset[str]] = {
    "settlement": frozenset({"Settlement"}),
    "region": frozenset({"Governorate", "District"}),
    "country": frozenset({"Country"}),
}
_SENTENCES = 6
_WHOLE_ARTICLE = 10_000
_DEPTH = 5
_VILLAGE = 5_000  # people
_CITY = 100_000  # people that a place needs whose name is an English word: there is a Congress in Arizona


@dataclass
class Places:
    """Link the places of one article. `minted` has those that the background lacks, by key."""

    doc: Doc
    knowledge: Knowledge
    at: Mapping[int, Found]
    adjectives: Mapping[int, Nation]
    strangers: Strangers
    history: History
    home: Nation | None = None
    minted: dict[str, KnownPlace] = field(default_factory=dict)
    _memo: dict[int, tuple[str, ...]] = field(default_factory=dict)
    _towns: dict[str, bool] = field(default_factory=dict)

    def link(self, token: Token, *, depth: int = 0) -> tuple[str, ...]:
        """Give the keys of the place or places that a noun phrase means; nothing where that is unclear."""
        if depth > _DEPTH:
            return ()
        if token.i not in self._memo:
            self._memo[token.i] = self._link(token, depth)
        return self._memo[token.i]

    def _link(self, token: Token, depth: int) -> tuple[str, ...]:
        named = self.named(token)
        if named:
            return named
        head = self.knowledge.vocabulary.head(token.lemma_.lower(), token.lower_)
        role = head.role if head else ""
        if role == "border":
            return self._border(token, depth)
        if role == "site":
            return self.sites.link(token)
        if role in ROLE_KINDS:
            return self._described(token, role, depth)
        if token.lower_ == "there" and token.pos_ == "ADV":
            return self.recall(token, frozenset({"Settlement", "Governorate", "Country"}))
        if token.pos_ == "PROPN":
            return self._unknown(token)
        if self.knowledge.vocabulary.has("area", token.lemma_.lower()):
            return self._area(token, depth)
        if token.pos_ == "PRON" and token.lower_ in function_words("pronoun of a place"):
            return self._pronoun(token)
        return ()

    def all(self, token: Token) -> tuple[str, ...]:
        """Give the keys of a noun phrase and of those coordinated with it."""
        return tuple(dict.fromkeys(key for word in conjuncts(token) for key in self.link(word)))

    def kind(self, key: str) -> str:
        """Give the class of a place: Country, Governorate, Settlement, River, Zone, Site …"""
        known = self.knowledge.background.places.get(key) or self.minted.get(key)
        if known:
            return known.kind
        if key in self.knowledge.nations:
            return "Country"
        return "Settlement" if key in self.knowledge.capitals else "Place"

    def known(self, key: str) -> KnownPlace | None:
        """Give the place of a key, from the background, this article or the list of nations."""
        found = self.knowledge.background.places.get(key) or self.minted.get(key)
        if found is None and key in self.knowledge.nations:
            return KnownPlace(key, "Country", self.knowledge.nations[key].names[0])
        if found is None and key in self.knowledge.capitals:
            label, nation = self.knowledge.capitals[key]
            town = self._choose(label, {nation.key})
            if town is None:
                return KnownPlace(key, "Settlement", label, (nation.key,))
            return KnownPlace(key, "Settlement", label, (nation.key,), town.geonames_id, town.position)
        return found

    def named(self, token: Token) -> tuple[str, ...]:
        found = self.at.get(token.i)
        keys = found.keys("place", "name") if found else ()
        if not found or not keys:
            return ()
        if len(keys) > 1:
            keys = tuple(k for k in keys if self.kind(k) == "Settlement")[:1] or keys[:1]
        following = self.doc[found.end] if found.end < len(self.doc) else None
        if (
            following is not None
            and self.knowledge.vocabulary.has("region", following.lower_)
            and self.kind(keys[0]) != "Country"
        ):
            return self._region(keys[0], self.doc[found.start : found.end].text, following.lower_)
        if following is not None and self.knowledge.vocabulary.has("border", following.lower_):
            return ()
        return keys

    def _region(self, key: str, words: str, noun: str) -> tuple[str, ...]:
        """Give the governorate of the same name as a settlement."""
        if self.kind(key) in ROLE_KINDS["region"]:
            return (key,)
        for last in (noun, *self.knowledge.vocabulary.listed("usual-region")):
            for name in self.knowledge.names.lookup(f"{words} {last}"):
                if name.kind == "place":
                    return (name.key,)
        if self.kind(key) != "Settlement":
            return (key,)
        return (self.mint(f"{words} {noun}", "Governorate"),)

    def _described(self, token: Token, role: str, depth: int) -> tuple[str, ...]:
        """Link "the town of X", "X province", "the border town" and "its last stronghold"."""
        for word in [*modifiers(token), *children(token, "appos", "flat")]:
            keys = self.named(word) or (self._unknown(word) if word.pos_ == "PROPN" else ())
            if not keys and role == "region" and word.i == token.i - 1:
                keys = self._region_of(word, token)
            if keys and self._is_inside(word, token):
                return self._fit(keys, role, word, token)
        for child in children(token, "nmod"):
            keys = self.link(child, depth=depth + 1) if case_of(child) == "of" else ()
            if keys and (self.kind(keys[0]) != "Country" or role == "country"):
                return self._fit(keys, role, child, token)
        if role != "region" and token.i in self.at and self.at[token.i].keys("agent", "name"):
            return ()
        if role == "country" and "Number=Plur" in str(token.morph):
            return self._last_two(token)
        if (
            is_definite(token)
            or children(token, "nmod:poss")
            or (role == "settlement" and case_of(token) in function_words("into a place"))
        ):
            return self.recall(token, ROLE_KINDS[role])
        return ()

    def _region_of(self, word: Token, token: Token) -> tuple[str, ...]:
        """Make a region of an unknown name that stands right before its noun: "Helmand province"."""
        stranger = self.strangers.at(word)
        if (
            stranger is None
            or stranger.end != token.i
            or self.has_agent(stranger)
            or word.i in self.adjectives
        ):
            return ()
        return (self.mint(f"{stranger.words} {token.lemma_.lower()}", "Governorate"),)

    def is_agent_or_nation(self, word: Token) -> bool:
        """Give the places of that name at a word."""
        found = self.at.get(word.i)
        return word.i in self.adjectives or (found is not None and bool(found.keys("agent", "name")))

    def _is_inside(self, word: Token, token: Token) -> bool:
        """Tell a name in apposition or compound from one inside a participle ("IS-held town")."""
        if word.dep_ == "nmod:poss" or self.kind_of_word(word) == "Country":
            return False
        return word.head.i == token.i or word.head.head.i == token.i

    def kind_of_word(self, word: Token) -> str:
        """Give the class of the place that stands at a word, or an empty text."""
        found = self.at.get(word.i)
        keys = found.keys("place", "name") if found else ()
        return self.kind(keys[0]) if keys else ""

    def _fit(self, keys: tuple[str, ...], role: str, word: Token, noun: Token) -> tuple[str, ...]:
        """Tell whether a word names somebody, or a nation as an adjective."""
        if role == "region":
            found = self.at.get(word.i)
            words = self.doc[found.start : found.end].text if found else word.text
            return self._region(keys[0], words, noun.lemma_.lower())
        return keys

    def _border(self, token: Token, depth: int) -> tuple[str, ...]:
        """Name a border by the countries it parts: those in the phrase, else the last border of the article."""
        inside = [*modifiers(token), *children(token, "nmod", "obl")]
        words = [w for c in inside for w in conjuncts(c)]
        countries = {k for w in words for k in self.link(w, depth=depth + 1) if self.kind(k) == "Country"}
        countries |= {self.adjectives[w.i].key for w in words if w.i in self.adjectives}
        countries |= {n.key for w in words if (found := self.at.get(w.i)) for n in found.names
                      if n.kind == "place" and self.kind(n.key) == "Country"}  # fmt: skip
        if not countries:
            return self.recall(token, frozenset({"Border"}))
        pair = sorted(countries if len(countries) > 1 else countries | self._side(token, countries))[:2]
        if len(pair) < 2:
            return self.recall(token, frozenset({"Border"}))
        key = "-".join(pair) + "-border"
        if key not in self.knowledge.background.places and key not in self.minted:
            names = [self.knowledge.nations[k].names[0] if k in self.knowledge.nations else k for k in pair]
            self.minted[key] = KnownPlace(key, "Zone", f"{names[0]}–{names[1]} border")
        return (key,)

    def _last_two(self, token: Token) -> tuple[str, ...]:
        """Give the two countries named last, for "the two countries"."""
        found: dict[str, None] = {}
        for mention in self.history.before(token.i, _WHOLE_ARTICLE):
            found.update(dict.fromkeys(p for p in mention.places if self.kind(p) == "Country"))
            if len(found) >= 2:
                return tuple(sorted(found)[:2])
        return ()

    def _side(self, token: Token, other: set[str]) -> set[str]:
        """Give the country from which a border is looked at: the one written about, else that of the last place."""
        if self.home is not None and self.home.key not in other:
            return {self.home.key}
        for mention in self.history.before(token.i, _WHOLE_ARTICLE):
            for place in mention.places:
                nation = self.knowledge.nation_of_place(place)
                if nation is not None and nation.key not in other:
                    return {nation.key}
        return set()

    def _area(self, token: Token, depth: int) -> tuple[str, ...]:
        """Follow "the southern edges of X" and "villages in X" to X."""
        for child in children(token, "nmod"):
            if case_of(child) in function_words("after an area"):
                keys = tuple(
                    dict.fromkeys(k for w in conjuncts(child) for k in self.link(w, depth=depth + 1))
                )
                if keys:
                    return keys
        for word in modifiers(token):
            if word.i in self.adjectives and word.head.i == token.i:
                return (self.adjectives[word.i].key,)
            if self.knowledge.vocabulary.head(word.lemma_.lower()) and word.lemma_.lower() == "border":
                return self._border(word, depth)
            keys = self.named(word)
            if keys and word.dep_ in {"compound", "nmod:poss", "amod"}:
                return keys
        return ()

    def _unknown(self, token: Token) -> tuple[str, ...]:
        found = self.at.get(token.i)
        # A seat of government stands for it, but not after "in" and "at".
        where = case_of(token) in function_words("before a place")
        if found and found.keys("agent", *(("name", "head") if where else ())):
            return ()
        stranger = self.strangers.at(token)
        if stranger is None or not self.strangers.is_place(stranger) or self.has_agent(stranger):
            return ()
        following = self.doc[stranger.end] if stranger.end < len(self.doc) else None
        if following is not None and self.knowledge.vocabulary.has("region", following.lower_):
            return (self.mint(f"{stranger.words} {following.lower_}", "Governorate"),)
        return (self._settle(stranger.words, token),)

    def has_agent(self, stranger: Stranger) -> bool:
        return any(
            i in self.at and self.at[i].keys("agent", "name") for i in range(stranger.start, stranger.end)
        )

    def is_town(self, words: str) -> bool:
        """Tell whether the gazetteer has a town of that name where the article's other places are.

        A village does not make a place of a name that may be a surname.
        """
        if words not in self._towns:
            town = self._choose(words, ())
            self._towns[words] = town is not None and (town.people >= _VILLAGE or " " in words)
        return self._towns[words]

    def _choose(self, words: str, said: Collection[str]) -> Town | None:
        """Tell whether a known agent stands within a name."""
        gazetteer = self.knowledge.gazetteer
        towns = gazetteer.find(words) if gazetteer is not None else ()
        if getAllLemmas(words.lower()):
            towns = tuple(t for t in towns if t.people >= _CITY)
        home = self.home.key if self.home else ""
        return choose(towns, said=said, home=home, company=self._company) if towns else None

    def _settle(self, words: str, token: Token) -> str:
        """Give the key of a place by its name: as the gazetteer has it, where it is clear which, else by its words."""
        town = self._choose(words, self._nations_beside(token))
        if town is None:
            return self.mint(words, "Settlement")
        place = self.knowledge.town(town)
        if place.key not in self.knowledge.background.places:
            self.minted.setdefault(place.key, place)
        return place.key

    def _nations_beside(self, token: Token) -> set[str]:
        """List the nations said to hold a place: "Tripoli, Lebanon", "the town of Derna in Libya"."""
        beside = children(token, "appos", "nmod", "nmod:unmarked", "list", "dep")
        head = token.head
        beside += [c for c in children(head, "nmod") if c.i > token.i] if head.i < token.i else []
        return {
            key
            for word in beside
            if case_of(word) in {"", *function_words("holds a place")} and (found := self.at.get(word.i))
            for key in found.keys("place", "name")
            if self.kind(key) == "Country"
        }

    @cached_property
    def sites(self) -> Sites:
        """Give the reader of camps, ports and airports."""
        return Sites(self)

    @cached_property
    def _company(self) -> Counter[str]:
        """Count the nations of the places that the article names."""
        counts: Counter[str] = Counter()
        for i, found in self.at.items():
            if i == found.start:
                for key in found.keys("place", "name")[:1]:
                    nation = self.knowledge.nation_of_place(key)
                    if nation is not None:
                        counts[nation.key] += 1
        counts.update(nation.key for nation in self.adjectives.values())
        return counts

    def mint(self, words: str, kind: str, *, within: tuple[str, ...] = ()) -> str:
        key = slug(words).removeprefix("the-")
        self.minted.setdefault(key, KnownPlace(key, kind, words, within))
        return key

    def recall(self, token: Token, kinds: frozenset[str]) -> tuple[str, ...]:
        """Make a place of its words, and give its key."""
        for mention in self.history.before(token.i, _SENTENCES):
            for place in mention.places:
                if self.kind(place) in kinds or ("Border" in kinds and place.endswith("-border")):
                    return (place,)
        return ()

    def _pronoun(self, token: Token) -> tuple[str, ...]:
        """Give the last place of some classes that was told of."""
        found = self.history.pronoun(token.i, _is_singular)
        return found.places if found and not found.agents else ()


def _is_singular(mention: Mention) -> bool:
    return not mention.is_plural and bool(mention.places or mention.agents)
