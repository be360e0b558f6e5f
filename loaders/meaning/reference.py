"""Who "it", "the group" and "the source" are: the mentions of an article in order, and the search back through them.

The search goes by recency, number and kind, prefers subjects, and gives nothing rather than a poor guess: a wrong
link puts words into somebody's mouth.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

SAME_WORD_SENTENCES = 30  # "the source" may point back over several paragraphs
ROLE_SENTENCES = 6
PRONOUN_SENTENCES = 2
LONGEST_LOOK = 80

# Which groups of agents a noun of each role can point back to; the ontology class decides the group.
ROLE_CLASSES: dict[str, frozenset[str]] = {
    "group": frozenset(
        {"NonStateArmedGroup", "Paramilitary", "Coalition", "Organization", "MonitoringGroup"}
    ),
    "force": frozenset({"StateForce", "ArmedForce"}),
    "militia": frozenset({"Paramilitary", "NonStateArmedGroup"}),
    "fighters": frozenset({"NonStateArmedGroup"}),
    "rebels": frozenset({"NonStateArmedGroup"}),
    "unit": frozenset({"StateForce", "ArmedForce", "Paramilitary", "NonStateArmedGroup"}),
    "government": frozenset({"StateActor"}),
    "newsagency": frozenset({"NewsAgency"}),
    "agency": frozenset({"NewsAgency", "InternationalOrganization", "Organization"}),
    "media": frozenset({"Broadcaster", "NewsOutlet", "MediaOrganization"}),
    "monitor": frozenset({"MonitoringGroup"}),
}


@dataclass(frozen=True, slots=True)
class Mention:
    """Hold a noun phrase that names an agent or a place: where, whose, and what can point back to it."""

    token: int
    sentence: int
    agents: tuple[str, ...]
    places: tuple[str, ...]
    kinds: frozenset[str]
    words: frozenset[str]
    is_plural: bool
    is_subject: bool
    is_proper: bool

    @property
    def is_person(self) -> bool:
        """Tell whether one person, named or not, is meant."""
        return bool(self.kinds & {"Person", "UnnamedSource"})


@dataclass
class History:
    """Hold the mentions of one article so far, in the order of the text; `numbers` has each word's sentence."""

    numbers: Sequence[int]
    mentions: list[Mention] = field(default_factory=list)

    def add(self, mention: Mention) -> None:
        """Put a mention at the end."""
        self.mentions.append(mention)

    def before(self, token: int, sentences: int) -> Iterator[Mention]:
        """Give the mentions before a word, nearest first, from so many sentences back."""
        sentence = self.numbers[token]
        last = bisect_left(self.mentions, token, key=lambda mention: mention.token)
        for mention in reversed(self.mentions[max(0, last - LONGEST_LOOK) : last]):
            if mention.sentence < sentence - sentences:
                return
            yield mention

    def recall(self, token: int, role: str, words: frozenset[str]) -> tuple[str, ...]:
        """Find whom a definite noun phrase points back to: the same noun first, else the kind that it can name."""
        for mention in self.before(token, SAME_WORD_SENTENCES):
            if mention.agents and words & mention.words:
                return mention.agents
        classes = ROLE_CLASSES.get(role, frozenset())
        if not classes:
            return ()
        for mention in self.before(token, ROLE_SENTENCES):
            if mention.agents and mention.kinds & classes and not mention.is_person:
                return mention.agents
        return ()

    def pronoun(self, token: int, fits: Callable[[Mention], bool]) -> Mention | None:
        """Find whom a pronoun points back to: a subject of its sentence, then of the one before, then the nearest."""
        sentence = self.numbers[token]
        near = [m for m in self.before(token, PRONOUN_SENTENCES) if fits(m)]
        for distance in range(PRONOUN_SENTENCES + 1):
            here = [m for m in near if m.sentence == sentence - distance]
            for choice in (next((m for m in here if m.is_subject), None), here[0] if here else None):
                if choice is not None:
                    return choice
        return None
