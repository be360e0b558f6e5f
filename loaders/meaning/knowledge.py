"""What the background and the word lists say together: the names of all, and what a state's government and army are.

Background files name the agents of some wars. For every other state the keys follow from the list of nations, so that
"Sudanese troops" is the same force in every article without anybody having entered it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from graph.iris import slug
from graph.model import Agent
from loaders.meaning.background import Background, KnownPlace
from loaders.meaning.gazetteer import Gazetteer, Town
from loaders.meaning.names import Name, NameIndex, fold
from loaders.meaning.vocabulary import Nation, Vocabulary


@dataclass(frozen=True)
class Knowledge:
    """Hold background and vocabulary with one index of all names; built once for all articles of a process."""

    background: Background
    vocabulary: Vocabulary
    names: NameIndex
    adjectives: Mapping[str, Nation]
    gazetteer: Gazetteer | None = None

    @classmethod
    def of(
        cls, background: Background, vocabulary: Vocabulary, gazetteer: Gazetteer | None = None
    ) -> Knowledge:
        """Join the background's names with those of the nations that it leaves out."""
        known = background.names
        extra = [n for nation in vocabulary.nations for n in _nation_names(nation, known)]
        entries = [name for names in known.entries.values() for name in names]
        adjectives = {"".join(fold(a)): nation for nation in vocabulary.nations for a in nation.adjectives}
        return cls(
            background, vocabulary, NameIndex.of([*dict.fromkeys(entries), *extra]), adjectives, gazetteer
        )

    @cached_property
    def nations(self) -> dict[str, Nation]:
        """Map the keys of countries to their rows."""
        return {nation.key: nation for nation in self.vocabulary.nations}

    @cached_property
    def generic(self) -> frozenset[str]:
        """List the head phrases that name nobody ("government forces"): they mean their agent only in context."""
        found = set()
        for names in self.names.entries.values():
            for name in names:
                if name.use == "head" and not self._is_anchored(name.written):
                    found.add(name.written)
        return frozenset(found)

    def _is_anchored(self, words: str) -> bool:
        atoms = fold(words)
        spans = [
            "".join(atoms[i:j]) for i in range(len(atoms)) for j in range(i + 1, min(i + 5, len(atoms)) + 1)
        ]
        return any(
            s in self.adjectives or any(self._is_strong(n) for n in self.names.entries.get(s, ()))
            for s in spans
        )

    def _is_strong(self, name: Name) -> bool:
        return name.use == "name" and name.written not in self.weak

    @cached_property
    def weak(self) -> frozenset[str]:
        """List the names made of common nouns only ("the Coalition", "Ministry of Defence"): each war has its own."""
        common = {
            *self.vocabulary.listed("portfolio"),
            *self.vocabulary.listed("shared"),
            *self.vocabulary.heads,
        }
        folded = {"".join(fold(word)) for word in common} - {
            "".join(fold(word)) for word in self.vocabulary.listed("telling")
        }
        names = {
            n for names in self.names.entries.values() for n in names if n.use == "name" and n.kind == "agent"
        }
        return frozenset(n.written for n in names if folded.issuperset(fold(n.written)))

    @cached_property
    def covered(self) -> frozenset[str]:
        """List the countries whose towns the background knows: those of its wars."""
        towns = [p for p in self.background.places.values() if p.kind in {"Settlement", "Governorate"}]
        return frozenset(nation.key for town in towns if (nation := self.nation_of_place(town.key)))

    def means(self, key: str, home: Nation | None, named: frozenset[str]) -> bool:
        """Tell whether common nouns may mean an agent in an article about `home` that names the agents `named`."""
        if key in named:
            return True
        if home is None:
            return False
        nation = self.nation_of_agent(key)
        return nation.key == home.key if nation is not None else home.key in self.covered

    def government(self, nation: Nation) -> Agent:
        """Give the agent that a nation's name, capital or government stands for when it acts or speaks."""
        words = [f"{a} government" for a in nation.adjectives]
        words += [f"government of {nation.names[0]}", nation.names[0]]
        key = self._known("StateActor", *words, *nation.capitals)
        return self.agent(key) if key else Agent(nation.key, "StateActor", nation.names[0], minted=True)

    def forces(self, nation: Nation) -> Agent:
        """Give the agent that a nation's army, troops or forces are."""
        adjectives = nation.adjectives or nation.names
        key = self._known(
            "", *(f"{a} {word}" for a in adjectives for word in self.vocabulary.listed("armed-forces"))
        )
        if key:
            return self.agent(key)
        return Agent(
            f"{slug(adjectives[0])}-armed-forces", "StateForce", f"{adjectives[0]} armed forces", minted=True
        )

    def _known(self, kind: str, *words: str) -> str | None:
        for phrase in words:
            for name in self.names.lookup(phrase):
                known = self.background.agents.get(name.key)
                if name.kind == "agent" and known and kind in {"", known.kind}:
                    return name.key
        return None

    def agent(self, key: str) -> Agent:
        """Give a known agent as the model's value."""
        known = self.background.agents[key]
        return Agent(
            key=key,
            kind=known.kind,
            label=known.label,
            affiliation=next(iter((*known.affiliation, *known.part_of)), None),
            spokesperson_for=next(iter(known.speaks_for), None),
        )

    @cached_property
    def capitals(self) -> dict[str, tuple[str, Nation]]:
        """Map the keys of capitals that the background lacks to their names and nations."""
        return {slug(c): (c, nation) for nation in self.vocabulary.nations for c in nation.capitals}

    @cached_property
    def _owners(self) -> dict[str, Nation]:
        found: dict[str, Nation] = {}
        for nation in self.vocabulary.nations:
            found.setdefault(self.forces(nation).key, nation)
            found.setdefault(self.government(nation).key, nation)
        return found

    def nation_of_agent(self, key: str) -> Nation | None:
        """Give the state that an agent is, serves or speaks for; None where it serves none."""
        for owner in self.background.belongs(key):
            if owner in self._owners:
                return self._owners[owner]
            known = self.background.agents.get(owner)
            for place in known.governs if known else ():
                if nation := self.nation_of_place(place):
                    return nation
        return None

    def nation_of_place(self, key: str) -> Nation | None:
        """Give the state that a place lies in."""
        found = next((self.nations[p] for p in self.background.around(key) if p in self.nations), None)
        if found is None and key not in self.background.places and key in self.capitals:
            return self.capitals[key][1]
        return found

    def town(self, town: Town) -> KnownPlace:
        """Give a town of the gazetteer as a place: the background's own where it knows one by any of its spellings."""
        assert self.gazetteer is not None
        for form in self.gazetteer.spellings(town):
            for name in self.names.entries.get(form, ()):
                known = self.background.places.get(name.key)
                if (
                    known is not None
                    and known.kind == town.kind
                    and town.nation in self.background.around(known.key)
                ):
                    return known
        return KnownPlace(
            town.key, town.kind, town.name, (town.nation,) if town.nation else (), town.geonames_id, town.position,
        )  # fmt: skip

    def group(self, kind: str) -> str:
        """Give the group of a class for reference: force, government, organization, media, person, unnamed."""
        return self.vocabulary.groups.get(kind, "organization")


def _nation_names(nation: Nation, known: NameIndex) -> Iterator[Name]:
    """Add a nation's name and capital as places, unless the background has a place of that name."""
    for words in nation.names:
        if not any(n.kind == "place" for n in known.lookup(words)):
            yield Name(nation.key, "place", "name", words)
        if not words.endswith("s"):
            # Some collections have lost their apostrophes: "Syrias Raqqa".
            yield Name(nation.key, "place", "name", f"{words}s")
    for words in nation.capitals:
        if not any(n.kind == "place" for n in known.lookup(words)):
            yield Name(slug(words), "place", "name", words)
