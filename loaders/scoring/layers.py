"""Which layers a corpus annotates: what its annotators left out can't be found right or wrong.

A layer counts as annotated where any article of the corpus has a value for it. A corpus without any attribution
inside another annotates the outermost only; then a found one that stands inside another is not held against the
reading.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from typing import Any

from loaders.scoring.annotations import Annotation

# The measures of attributions that one attribution raises or lowers by itself.
CLAIMS = ("attribution found", "source exact", "cue exact", "content exact", "who", "stance")
EVENTS = (
    "event found", "event polarity and modality", "event actor", "event target", "event place", "event time",
)  # fmt: skip
NESTING = "nesting"

_Items = Iterable[Mapping[str, Any]]


def _any(*parts: str) -> Callable[[_Items], bool]:
    """Tell whether some item has a value in each of the parts."""
    return lambda items: any(all(item.get(part) not in (None, [], "") for part in parts) for item in items)


_LAYERS: dict[str, tuple[str, Callable[[_Items], bool]]] = {
    "attribution found": ("attributions", _any()),
    "source exact": ("attributions", _any("source")),
    "cue exact": ("attributions", _any("cue")),
    "content exact": ("attributions", _any("content")),
    "who": ("attributions", _any("source_entity")),
    "stance": ("attributions", _any("stance")),
    NESTING: ("attributions", _any("parent")),
    "event found": ("events", _any()),
    "event polarity and modality": ("events", _any("polarity")),
    "event actor": ("events", _any("actor")),
    "event target": ("events", _any("target")),
    "event place": ("events", _any("place")),
    "event time": ("events", _any("time")),
    "relation": ("relations", _any()),
    "backs": ("relations", lambda ties: any(tie["type"] == "backs" for tie in ties)),
    "quantity": ("quantities", _any()),
}
_GROUPS = {"events": EVENTS, "relations": ("relation", "backs"), "quantities": ("quantity",)}


def list_annotated(golds: Collection[Annotation]) -> frozenset[str]:
    """Give the measures that the annotations allow, and "nesting" where they have it.

    Who was told is compared by entity keys, as who spoke is: a corpus that has no keys gives addressees in words.
    """
    found = {
        name
        for name, (kind, has_value) in _LAYERS.items()
        if any(has_value(gold.get(kind) or ()) for gold in golds)
    }
    if {"who", "stance"} <= found:
        found.add("who said what how")
    if "who" in found and any(_any("addressee")(gold.get("attributions") or ()) for gold in golds):
        found.add("told to")
    return frozenset(found)


def list_unscored(annotated: Collection[str]) -> tuple[str, ...]:
    """Name what is not annotated, for a person: a whole layer by its name rather than by its measures."""
    missing = [name for name in (*CLAIMS, "told to", NESTING) if name not in annotated]
    for group, measures in _GROUPS.items():
        lost = [name for name in measures if name not in annotated]
        missing += [group] if len(lost) == len(measures) else lost
    return tuple(missing)
