"""What is known before an article is read: agents and places with their spellings, from the ontology's data files.

A researcher adds a force, an outlet or a town by adding a Turtle file, to `ontology/background/` or in a folder of
their own that `--background` names; no code changes. What such a file must hold is checked in `additions.py`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from rdflib import Literal, URIRef
from rdflib.term import Node

from graph.resources import ONTOLOGY
from graph.sources import read_terms
from graph.terms import HS, RDF, RDFS, SKOS
from loaders.meaning.names import Name, NameIndex, Use, fold

_AGENT, _PLACE = "id/agent/", "id/place/"


@dataclass(frozen=True, slots=True)
class KnownAgent:
    """Hold an agent of the background: `kind` is the local name of its ontology class, ties are entity keys."""

    key: str
    kind: str
    label: str
    part_of: tuple[str, ...] = ()
    affiliation: tuple[str, ...] = ()
    speaks_for: tuple[str, ...] = ()
    governs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class KnownPlace:
    """Hold a place: `kind` is Country, Governorate, Settlement, River, Zone or another class.

    `geonames_id` and `position` (latitude, longitude) are given where a gazetteer knows a place that no file has.
    """

    key: str
    kind: str
    label: str
    within: tuple[str, ...] = ()
    geonames_id: int | None = None
    position: tuple[float, float] | None = None


@dataclass(frozen=True)
class Background:
    """Hold all agents and places by key, and the index of their names."""

    agents: Mapping[str, KnownAgent]
    places: Mapping[str, KnownPlace]
    names: NameIndex

    def around(self, place: str) -> tuple[str, ...]:
        """List the place and all that it lies within, nearest first."""
        seen: dict[str, None] = {}
        waiting = [place]
        while waiting:
            key = waiting.pop(0)
            if key not in seen:
                seen[key] = None
                waiting.extend(self.places[key].within if key in self.places else ())
        return tuple(seen)

    def belongs(self, agent: str) -> tuple[str, ...]:
        """List the agent and all that it is part of, speaks for or is affiliated to, nearest first."""
        seen: dict[str, None] = {}
        waiting = [agent]
        while waiting:
            key = waiting.pop(0)
            if key in seen:
                continue
            seen[key] = None
            known = self.agents.get(key)
            if known:
                waiting.extend((*known.part_of, *known.speaks_for, *known.affiliation))
        return tuple(seen)


def load(paths: Iterable[Path] | None = None) -> Background:
    """Read the Turtle files of the folders or files given, by default `ontology/background/`.

    Raises StoreError where a file is not Turtle.
    """
    facts = _Facts()
    for path in _files(paths if paths is not None else (ONTOLOGY / "background",)):
        for triple in read_terms(path):
            facts.add(*triple)
    return _read(facts)


class _Facts:
    """Hold what the files say, by subject and property: an rdflib graph of a gazetteer takes seconds to fill."""

    def __init__(self) -> None:
        self.subjects: set[URIRef] = set()
        self._objects: dict[tuple[Node, Node], list[Node]] = {}

    def add(self, subject: Node, predicate: Node, thing: Node) -> None:
        """Add a triple; one that two files have counts once."""
        if predicate == RDF.type and isinstance(subject, URIRef):
            self.subjects.add(subject)
        held = self._objects.setdefault((subject, predicate), [])
        if thing not in held:
            held.append(thing)

    def objects(self, subject: Node, predicate: Node) -> list[Node]:
        """Give the values of a property."""
        return self._objects.get((subject, predicate), [])


def _files(paths: Iterable[Path]) -> Iterator[Path]:
    for path in paths:
        yield from sorted(path.glob("*.ttl")) if path.is_dir() else (path,)


def _read(facts: _Facts) -> Background:
    agents: dict[str, KnownAgent] = {}
    places: dict[str, KnownPlace] = {}
    names: list[Name] = []
    for subject in sorted(facts.subjects):
        kind = _kind(facts, subject)
        if kind is None:
            continue
        if _AGENT in subject:
            agents[_key(subject)] = _agent(facts, subject, kind)
        elif _PLACE in subject:
            places[_key(subject)] = _place(facts, subject, kind)
        else:
            continue
        names.extend(_names(facts, subject))
    return Background(agents, places, NameIndex.of([*names, *_with_article(names)]))


def _with_article(names: Iterable[Name]) -> Iterator[Name]:
    """Write names that open like another one has it after its article once more with the article.

    The longest name in a text wins: without this "the National Front for Liberation" would begin with the newspaper
    The National.
    """
    folded = {name: fold(name.written) for name in names}
    openings = {atoms[1:] for atoms in folded.values() if len(atoms) > 1 and atoms[0] == "the"}
    longest = max(map(len, openings), default=0)
    for name, atoms in folded.items():
        if any(atoms[:end] in openings for end in range(1, min(longest, len(atoms) - 1) + 1)):
            yield replace(name, written=f"the {name.written}")


def _key(iri: Node) -> str:
    words = str(iri)
    return words.split(_AGENT)[-1].split(_PLACE)[-1]


def _kind(facts: _Facts, subject: URIRef) -> str | None:
    kinds = sorted(str(o)[len(HS) :] for o in facts.objects(subject, RDF.type) if str(o).startswith(str(HS)))
    return kinds[0] if kinds else None


def _label(facts: _Facts, subject: URIRef) -> str:
    labels = sorted(str(o) for o in facts.objects(subject, RDFS.label))
    return labels[0] if labels else _key(subject).replace("-", " ")


def _ties(facts: _Facts, subject: URIRef, local: str) -> tuple[str, ...]:
    return tuple(sorted(_key(o) for o in facts.objects(subject, HS[local]) if isinstance(o, URIRef)))


def _agent(facts: _Facts, subject: URIRef, kind: str) -> KnownAgent:
    return KnownAgent(
        key=_key(subject),
        kind=kind,
        label=_label(facts, subject),
        part_of=_ties(facts, subject, "partOfOrg"),
        affiliation=_ties(facts, subject, "affiliation"),
        speaks_for=_ties(facts, subject, "spokespersonFor"),
        governs=_ties(facts, subject, "governs"),
    )


def _place(facts: _Facts, subject: URIRef, kind: str) -> KnownPlace:
    return KnownPlace(_key(subject), kind, _label(facts, subject), _ties(facts, subject, "within"))


def _names(facts: _Facts, subject: URIRef) -> Iterator[Name]:
    kind = "agent" if _AGENT in subject else "place"
    uses: tuple[tuple[URIRef, Use], ...] = (
        (RDFS.label, "name"),
        (SKOS.altLabel, "name"),
        (HS.headPhrase, "head"),
        (HS.metonym, "metonym"),
    )
    for predicate, use in uses:
        for value in sorted(facts.objects(subject, predicate), key=str):
            for written in _spellings(facts, value):
                yield Name(_key(subject), "agent" if kind == "agent" else "place", use, written)


def _spellings(facts: _Facts, value: Node) -> Iterator[str]:
    """Give a literal's words; a metonym that points to a place gives that place's labels."""
    if isinstance(value, Literal):
        if value.language in {None, "en"}:
            yield str(value)
        return
    for predicate in (RDFS.label, SKOS.altLabel):
        yield from sorted(str(o) for o in facts.objects(value, predicate))
