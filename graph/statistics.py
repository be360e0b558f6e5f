"""How much a snapshot holds, for the description of the service: counted by the engine, nothing is kept."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import cast

import pyoxigraph as ox

from graph.iris import Iris
from graph.store import QuadStore
from graph.summaries import Summaries

_NUMBERS = "SELECT (COUNT(*) AS ?t) (COUNT(DISTINCT ?s) AS ?d) (COUNT(DISTINCT ?o) AS ?e) { ?s ?p ?o }"
_CLASSES = "SELECT ?name (COUNT(*) AS ?n) { ?s a ?name FILTER(isIRI(?name)) } GROUP BY ?name"
_PROPERTIES = "SELECT ?name (COUNT(*) AS ?n) { ?s ?name ?o } GROUP BY ?name"

_GEOF = "http://www.opengis.net/def/function/geosparql/"
# What GeoSPARQL 1.1 names; which of them there are is asked of the engine.
_GEO_FUNCTIONS = (
    "area", "asGeoJSON", "asWKT", "boundary", "boundingCircle", "buffer", "centroid", "convexHull",
    "coordinateDimension", "difference", "dimension", "distance", "ehContains", "ehCoveredBy", "ehCovers",
    "ehDisjoint", "ehEquals", "ehInside", "ehMeet", "ehOverlap", "envelope", "geometryN", "geometryType", "getSRID",
    "intersection", "is3D", "isEmpty", "isMeasured", "isSimple", "length", "metricArea", "metricDistance",
    "metricLength", "numGeometries", "perimeter", "rcc8dc", "rcc8ec", "rcc8eq", "rcc8ntpp", "rcc8ntppi", "rcc8po",
    "rcc8tpp", "rcc8tppi", "relate", "sfContains", "sfCrosses", "sfDisjoint", "sfEquals", "sfIntersects",
    "sfOverlaps", "sfTouches", "sfWithin", "spatialDimension", "symDifference", "transform", "union",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Statistics:
    """Hold the triples of each named graph, and of the default graph its triples, terms, classes, properties."""

    triples: int
    subjects: int
    objects: int
    classes: Mapping[str, int]
    properties: Mapping[str, int]
    graphs: Mapping[str, int]


def count(store: QuadStore, iris: Iris) -> Statistics:
    """Count. The time is that of a few passes over the default graph."""
    numbers = next(_ask(store, _NUMBERS))
    triples, subjects, objects = (int(cast(ox.Literal, numbers[name]).value) for name in "tde")
    return Statistics(
        triples,
        subjects,
        objects,
        classes=_group(store, _CLASSES),
        properties=_group(store, _PROPERTIES),
        graphs=count_graphs(store, iris),
    )


def count_graphs(store: QuadStore, iris: Iris) -> dict[str, int]:
    """Give the named graphs with their triples, from what `meta` tells of them where it does."""
    known = Summaries.read(store, iris).found
    return {str(name): known[name][1] if name in known else store.count(name) for name in store.names()}


def list_functions() -> list[str]:
    """List the functions beyond SPARQL's own that the engine has."""
    return [f"{_GEOF}{name}" for name in _GEO_FUNCTIONS if _has_function(f"{_GEOF}{name}")]


def _has_function(iri: str) -> bool:
    try:
        bool(ox.Store().query(f"ASK {{ VALUES ?x {{ 1 }} BIND(<{iri}>(?x) AS ?y) }}"))
    except RuntimeError:
        return False
    return True


def _ask(store: QuadStore, query: str) -> Iterator[ox.QuerySolution]:
    return iter(cast(ox.QuerySolutions, store.engine.query(query)))


def _group(store: QuadStore, query: str) -> dict[str, int]:
    found = {
        cast(ox.NamedNode, row["name"]).value: int(cast(ox.Literal, row["n"]).value)
        for row in _ask(store, query)
    }
    return dict(sorted(found.items()))
