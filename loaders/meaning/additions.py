"""Checks the Turtle files that a researcher adds to the background, before anything is read with them.

They have the form of `ontology/background/*.ttl`. Whatever is wrong in them is told at once, with file, line and what
to do: a force that is misspelt here would be missing in every article.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from rdflib import Literal, URIRef
from rdflib.term import Node

from graph.errors import BackgroundError, StoreError, UsageError
from graph.iris import slug
from graph.resources import ONTOLOGY
from graph.sources import read_terms
from graph.terms import DCTERMS, DEFAULT_BASE, HS, OWL, RDF, RDFS, SKOS
from loaders.meaning import background
from loaders.meaning.background import Background, KnownAgent, KnownPlace

_ROOTS = {"agent": HS.Agent, "place": HS.Place}
_TIES = {
    "agent": {"partOfOrg": "agent", "affiliation": "agent", "spokespersonFor": "agent", "governs": "place"},
    "place": {"within": "place", "borders": "place"},
}
_WORDS = {"agent": {"headPhrase", "metonym", "demonym", "wikidataId"}, "place": {"geonamesId", "wikidataId"}}
_COMPUTED = {"backs", "backedBy", "alliedWith", "contradicts", "corroborates", "disputes"}
_UPWARDS = ("partOfOrg", "within")

Facts = dict[tuple[str, str], "Thing"]


@dataclass(frozen=True, slots=True)
class Additions:
    """Hold what is added: the files of the folders named now, all files with those kept before, and remarks."""

    given: tuple[Path, ...] = ()
    files: tuple[Path, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(slots=True)
class Thing:
    """Hold what one file says of one agent or place."""

    file: str
    line: int | None
    kind: str
    key: str
    said: dict[Node, list[Node]] = field(default_factory=dict)

    def values(self, predicate: URIRef) -> list[Node]:
        """Give the values of a property."""
        return self.said.get(predicate, [])

    @property
    def classes(self) -> list[str]:
        """List the local names of the ontology's classes that it is said to be of."""
        return [str(one).removeprefix(HS) for one in self.values(RDF.type) if str(one).startswith(HS)]


def gather(folders: Sequence[Path], kept: Sequence[Path] = ()) -> Additions:
    """Find the Turtle files of the folders and check them with those kept before, which they replace by name.

    Raises UsageError for a folder without such files, BackgroundError for all that is wrong in them.
    """
    given = _find_files(folders)
    names = {path.name for path in given}
    files = (*(path for path in kept if path.name not in names), *given)
    if not files:
        return Additions()
    known = background.load()
    found: dict[str, list[Thing]] = {path.name: [] for path in files}
    problems: list[str] = []
    for path in files:
        try:
            things, strange = _read(path)
        except StoreError as error:
            problems.append(str(error))
        else:
            found[path.name], problems = things, [*problems, *strange]
    things = [thing for some in found.values() for thing in some]
    problems += _check(things, known)
    problems += _check_kept((path for path in kept if path.name in names), things)
    if problems:
        raise BackgroundError("the background data can't be added:\n" + "\n".join(problems))
    return Additions(given, files, tuple(_list_shared(background.load(files), known)))


def _find_files(folders: Sequence[Path]) -> tuple[Path, ...]:
    found: dict[str, Path] = {}
    for folder in dict.fromkeys(folder.absolute() for folder in folders):
        paths = sorted(folder.glob("*.ttl")) if folder.is_dir() else []
        if not paths:
            what = "has no Turtle files (.ttl)" if folder.is_dir() else "is no folder"
            raise UsageError(f"--background {folder} {what}; name a folder of them, see CONTRIBUTING.md")
        for path in paths:
            other = found.setdefault(path.name, path)
            if other != path:
                raise UsageError(
                    f"{other} and {path} have the same name, by which a copy is kept; rename one of them"
                )
    return tuple(found.values())


def _read(path: Path) -> tuple[list[Thing], list[str]]:
    """Read one file; give its agents and places, and what is said of anything else."""
    things: dict[Node, Thing] = {}
    problems: list[str] = []
    lines = _lines(path)
    start = f"{DEFAULT_BASE}id/"
    for subject, predicate, value in read_terms(path):
        if subject not in things:
            kind, _, key = str(subject).removeprefix(start).partition("/")
            if not str(subject).startswith(start) or kind not in _ROOTS or key != slug(key) or not key:
                kind, key = "", str(subject)
            things[subject] = Thing(path.name, _line(lines, key), kind, key)
        things[subject].said.setdefault(predicate, []).append(value)
    for thing in things.values():
        if not thing.kind:
            problems.append(
                f"{_at(thing)}: {thing.key if thing.key.startswith('http') else 'a thing'} has no address of an "
                f"agent or place; let it begin with {start}agent/ or {start}place/, which is right whatever "
                "HEARSAY_BASE is, and end with a key of small letters, digits and hyphens"
            )
    return [thing for thing in things.values() if thing.kind], problems


def _lines(path: Path) -> list[str]:
    try:
        return path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise StoreError(f"{path.name} can't be read as UTF-8: {error}; save it so") from error


def _line(lines: list[str], key: str) -> int | None:
    """Give the number of the line that opens with the thing's address, or None."""
    opening = re.compile(rf"(?:\w+:|<[^>]*/)?<?{re.escape(key)}(?![\w-])")
    return next((number for number, line in enumerate(lines, 1) if opening.match(line.lstrip())), None)


def _at(thing: Thing) -> str:
    return thing.file + (f", line {thing.line}" if thing.line else "")


def _check(things: list[Thing], known: Background) -> Iterator[str]:
    classes, properties = _read_ontology()
    first: dict[tuple[str, str], Thing] = {}
    for thing in things:
        first.setdefault((thing.kind, thing.key), thing)
    here = {*first, *(("agent", key) for key in known.agents), *(("place", key) for key in known.places)}
    for thing in things:
        where = f"{_at(thing)}: {thing.kind} {thing.key}"
        before = _known(thing, known) or first[thing.kind, thing.key]
        yield from (f"{where} {what}" for what in _check_identity(thing, before, classes[thing.kind]))
        yield from (f"{where} {what}" for what in _check_properties(thing, here, properties))
    yield from _check_circles(things)


def _known(thing: Thing, known: Background) -> KnownAgent | KnownPlace | None:
    return known.agents.get(thing.key) if thing.kind == "agent" else known.places.get(thing.key)


def _check_identity(
    thing: Thing, before: KnownAgent | KnownPlace | Thing, classes: frozenset[str]
) -> Iterator[str]:
    """Check class, label and source; what is described elsewhere may be added to, and stays what it is."""
    labels, own = [str(one) for one in thing.values(RDFS.label)], before is thing
    for name in thing.classes:
        if name not in classes:
            yield f"is a hs:{name}, which is no kind of {thing.kind}; {_nearest(name, classes)}"
    if own and not thing.classes:
        yield f"has no kind; give one, such as {'hs:NonStateArmedGroup' if thing.kind == 'agent' else 'hs:Settlement'}"
    if len(labels) > 1 or (own and not labels):
        yield f"has {len(labels) or 'no'} label{'s' if labels else ''}; give its usual English name as rdfs:label, once"
    if not thing.values(DCTERMS.source):
        yield "has no source; say in dcterms:source what its facts rest on, such as the address of a page"
    if own:
        return
    label, kinds, place = _identity(before)
    if labels and label and labels != [label]:
        yield f"is “{label}” {place}, and “{labels[0]}” here; give one of the two another key"
    elif thing.classes and kinds and not set(kinds) & set(thing.classes):
        yield f"is a hs:{kinds[0]} {place}, and a hs:{thing.classes[0]} here; leave the kind out, or take another key"


def _identity(before: KnownAgent | KnownPlace | Thing) -> tuple[str | None, list[str], str]:
    if isinstance(before, Thing):
        label = next((str(one) for one in before.values(RDFS.label)), None)
        return label, before.classes, f"in {_at(before)}"
    return before.label, [before.kind], "in the background data that ships"


def _check_properties(thing: Thing, here: set[tuple[str, str]], properties: frozenset[str]) -> Iterator[str]:
    ties, words = _TIES[thing.kind], _WORDS[thing.kind]
    for predicate, values in thing.said.items():
        name, own = str(predicate).removeprefix(HS), str(predicate).startswith(HS)
        if predicate == OWL.sameAs:
            yield "has owl:sameAs; keep identifiers of other collections as strings, such as hs:wikidataId"
        elif predicate in (RDFS.label, SKOS.altLabel) or (own and name in words):
            # A metonym may point to the place whose names it has.
            places = [one for one in values if name == "metonym" and isinstance(one, URIRef)]
            yield from _check_tie(name, "place", places, here)
            yield from _check_words(name, (one for one in values if one not in places))
        elif not own:
            continue
        elif name in ties:
            yield from _check_tie(name, ties[name], values, here)
        elif name in _COMPUTED:
            yield f"has hs:{name}, which is somebody's claim each time and computed from the articles; leave it out"
        else:
            known = f"hs:{name} is " + ("not for this" if name in properties else "no term of the ontology")
            yield f"has a property that can't stand here: {known}; {_nearest(name, {*ties, *words})}"


def _check_words(name: str, values: Iterable[Node]) -> Iterator[str]:
    for value in values:
        if not isinstance(value, Literal) or not str(value).strip():
            yield f"has {value!s} as a name; write names as text in quotation marks"
        elif name == "headPhrase" and str(value) != str(value).lower():
            yield f"has the head phrase “{value}”; write it in small letters, without article"


def _check_tie(name: str, kind: str, values: Iterable[Node], here: set[tuple[str, str]]) -> Iterator[str]:
    start = f"{DEFAULT_BASE}id/{kind}/"
    for value in values:
        key = str(value).removeprefix(start)
        if not isinstance(value, URIRef) or not value.startswith(start):
            yield f"has hs:{name} with {value}, which is no {kind}; give the address of one, {start}…"
        elif (kind, key) not in here:
            near = difflib.get_close_matches(key, [other for of, other in here if of == kind], n=1)
            meant = f", or write {near[0]} if that is meant" if near else ""
            yield f"has hs:{name} with {key}, which nothing describes; describe it too{meant}"


def _check_circles(things: list[Thing]) -> Iterator[str]:
    """Find what is part of itself, through however many others of these files."""
    for name in _UPWARDS:
        above: dict[str, set[str]] = {}
        for thing in things:
            keys = {str(value).rpartition("/")[2] for value in thing.values(HS[name])}
            above.setdefault(thing.key, set()).update(keys)
        for thing in things:
            seen, waiting = set[str](), list(above[thing.key])
            while waiting:
                key = waiting.pop()
                if key not in seen:
                    seen.add(key)
                    waiting.extend(above.get(key, ()))
            if thing.key in seen and thing.values(HS[name]):
                yield f"{_at(thing)}: {thing.kind} {thing.key} is by hs:{name} a part of itself; break the circle"


def _check_kept(replaced: Iterable[Path], things: list[Thing]) -> Iterator[str]:
    """Hold back a file that would push out another war's of the same name: nothing that was loaded is lost."""
    here = {(thing.kind, thing.key) for thing in things}
    for path in replaced:
        gone = [one.key for one in _read(path)[0] if (one.kind, one.key) not in here]
        if gone:
            some = ", ".join(gone[:5]) + (" …" if len(gone) > 5 else "")
            yield (
                f"{path.name}: the file of this name that was added before describes {some}, which the new one does "
                f"not; rename the new one, or remove {path} if these are to go"
            )


def _list_shared(added: Background, known: Background) -> Iterator[str]:
    """List the names that several agents have now: such a name links only after another name of one of them."""
    for names in added.names.entries.values():
        for name in names:
            if name.kind != "agent" or name.use != "name":
                continue
            others = {
                n.key for n in known.names.lookup(name.written) if n.kind == "agent" and n.use == "name"
            }
            for key in sorted(others - {name.key}):
                yield (
                    f"“{name.written}” names {name.key} and {key}: where an article uses no other name of one of "
                    "them, it is left unlinked"
                )


def _read_ontology() -> tuple[dict[str, frozenset[str]], frozenset[str]]:
    """Give the kinds of agents and of places, and all properties, by their local names."""
    below: dict[Node, set[Node]] = {}
    properties = set()
    for subject, predicate, value in read_terms(ONTOLOGY / "hearsay.ttl"):
        if predicate == RDFS.subClassOf and isinstance(value, URIRef):
            below.setdefault(value, set()).add(subject)
        if predicate == RDF.type and str(value).endswith("Property"):
            properties.add(str(subject).removeprefix(HS))
    kinds = {}
    for name, root in _ROOTS.items():
        found, waiting = set[Node](), list[Node]([root])
        while waiting:
            one = waiting.pop()
            found.add(one)
            waiting.extend(below.get(one, set()) - found)
        kinds[name] = frozenset(str(one).removeprefix(HS) for one in found)
    return kinds, frozenset(properties)


def _nearest(name: str, known: Iterable[str]) -> str:
    listed = sorted(known)
    by_small = {one.lower(): one for one in listed}
    near = difflib.get_close_matches(name.lower(), list(by_small), n=1)
    return (
        f"write hs:{by_small[near[0]]}" if near else "there are " + ", ".join(f"hs:{one}" for one in listed)
    )
