"""The stages from attributions to meaning in their order: who speaks, what happened, what ties whom, how many."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from graph.model import Agent, Article, Attribution, Block, Contrast, EventMention, Figure, Place, Relation
from graph.resources import ONTOLOGY
from loaders.meaning import background, compounds, contrasts, events, figures, relations, vocabulary
from loaders.meaning.actors import Resolver
from loaders.meaning.gazetteer import open_index
from loaders.meaning.knowledge import Knowledge
from loaders.meaning.numerals import Numerals

if TYPE_CHECKING:
    from spacy.tokens import Doc


@dataclass(frozen=True)
class Meaning:
    """Hold what was understood of one article; `agents` and `places` have all that its keys name."""

    attributions: tuple[Attribution, ...]
    events: tuple[EventMention, ...]
    relations: tuple[Relation, ...]
    figures: tuple[Figure, ...]
    agents: tuple[Agent, ...]
    places: tuple[Place, ...]
    contrasts: tuple[Contrast, ...] = ()


@dataclass(frozen=True)
class Reader:
    """Hold what all articles of a process share. Build it with `load`."""

    knowledge: Knowledge
    numerals: Numerals

    @classmethod
    def load(cls, background_dirs: Iterable[Path] = ()) -> Reader:
        """Read the background that ships, folders beside it, and the word lists. Raises StoreError for a broken one."""
        known = background.load((ONTOLOGY / "background", *background_dirs))
        return cls(Knowledge.of(known, vocabulary.load(), open_index()), Numerals())

    def read(
        self, article: Article, doc: Doc, blocks: Sequence[Block], attributions: Sequence[Attribution]
    ) -> Meaning:
        """Resolve the sources, then find events, relations and figures."""
        resolver = Resolver(article, doc, self.knowledge)
        resolved = resolver.resolve_sources(attributions)
        joined = compounds.find(resolver)
        happened = events.find(resolver, blocks, resolved, joined)
        ties = relations.find(resolver, blocks, resolved, happened, joined)
        counted = figures.find(resolver, blocks, resolved, self.numerals, happened)
        return Meaning(
            resolved, happened, ties, counted,
            agents=_agents(resolver, resolved, happened, ties),
            places=_places(resolver, happened, counted, ties),
            contrasts=contrasts.find(resolver, resolved, happened),
        )  # fmt: skip


def _agents(
    resolver: Resolver,
    attributions: Sequence[Attribution],
    happened: Sequence[EventMention],
    ties: Sequence[Relation],
) -> tuple[Agent, ...]:
    keys: set[str] = set()
    for a in attributions:
        keys.update(k for k in (a.source_entity, a.speaks_for, a.addressee_entity) if k)
    for e in happened:
        keys.update((*e.actor, *e.target, *e.helper))
    for r in ties:
        keys.update((r.subject, r.object) if r.type not in {"locatedIn", "controls"} else ())
        keys.update(
            (r.subject,)
            if r.subject in resolver.minted or r.subject in resolver.knowledge.background.agents
            else ()
        )
    return tuple(resolver.agent(key) for key in sorted(keys))


def _places(
    resolver: Resolver, happened: Sequence[EventMention], counted: Sequence[Figure], ties: Sequence[Relation]
) -> tuple[Place, ...]:
    keys = {k for e in happened for k in (*e.place, *e.from_place)} | {k for f in counted for k in f.place}
    keys |= {r.object for r in ties if r.type in {"locatedIn", "controls"}}
    keys |= {r.subject for r in ties if r.type == "locatedIn"}
    known = [p for key in sorted(keys) if (p := resolver.place.known(key)) is not None]
    around = {key for p in known for key in p.within} - keys
    known += [p for key in sorted(around) if (p := resolver.place.known(key)) is not None]
    held = resolver.knowledge.background.places
    return tuple(
        Place(p.key, p.kind, p.label, p.within, p.key not in held, p.geonames_id, p.position) for p in known
    )
