"""The data files of the project as triples and queries, at home under the base of the folder that reads them.

Background, rules and questions name things under the default base. A folder with a base of its own gets
them rewritten: what stands under `id/` and `graph/` moves, the ontology's own names stay where they are.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import pyoxigraph as ox
from rdflib import URIRef

from graph.converters import Term, from_ox
from graph.errors import StoreError
from graph.iris import Iris
from graph.terms import DEFAULT_BASE

_OWN = re.compile(re.escape(DEFAULT_BASE) + r"(id|graph)/")


def read_triples(folder: Path, iris: Iris) -> Iterator[ox.Triple]:
    """Read every Turtle file of a folder, in the order of their names. Raises StoreError, naming the file."""
    return read_files(sorted(folder.glob("*.ttl")), iris)


def read_files(paths: Iterable[Path], iris: Iris) -> Iterator[ox.Triple]:
    """Read Turtle files one after the other. Raises StoreError, naming the file."""
    for path in paths:
        for quad in _parse(path):
            yield ox.Triple(_at_home(quad.subject, iris), quad.predicate, _at_home(quad.object, iris))


def read_terms(path: Path) -> Iterator[tuple[Term, URIRef, Term]]:
    """Read one Turtle file as rdflib's terms, at the speed of the engine. Raises StoreError, naming the file."""
    for quad in _parse(path):
        yield from_ox(quad.subject), URIRef(quad.predicate.value), from_ox(quad.object)


def _parse(path: Path) -> list[ox.Quad]:
    try:
        return list(ox.parse(path=path, format=ox.RdfFormat.TURTLE, rename_blank_nodes=True))
    except (SyntaxError, ValueError, OSError) as error:
        raise StoreError(
            f"{path.name} can't be read as Turtle: {error}; mend the file, or take it out of {path.parent}"
        ) from error


def read_query(path: Path, iris: Iris) -> str:
    """Read a SPARQL file. Raises StoreError, naming the file."""
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise StoreError(f"{path.name} can't be read: {error}") from error
    return _OWN.sub(lambda found: f"{iris.base}{found[1]}/", text)


def _at_home(term: Any, iris: Iris) -> Any:
    if isinstance(term, ox.NamedNode) and _OWN.match(term.value):
        return ox.NamedNode(iris.base + term.value[len(DEFAULT_BASE) :])
    return term
