"""One annotation of an article with the places of its strings, and how two of them are compared and paired."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import Any, TypeVar

from loaders.scoring.annotations import Annotation, read_occurrence
from loaders.scoring.folded import FoldedText, Places, overlap
from loaders.text.wordlists import LEXICONS, read_rows

_EXACT = 0.95
_STRINGS = ("source", "cue", "content", "trigger")

Gold = TypeVar("Gold")
Found = TypeVar("Found")


class Item:
    """Hold one attribution or event: its values, and the places of its strings with the edges left out."""

    def __init__(self, values: Mapping[str, Any], text: FoldedText) -> None:
        self.values = values
        occurrence = read_occurrence(values)
        self.places: dict[str, Places] = {
            name: text.trim(text.find(values.get(name), occurrence.get(name, 1)))
            for name in _STRINGS
            if name in values
        }

    def __getitem__(self, name: str) -> Any:
        return self.values.get(name)

    def at(self, name: str) -> Places:
        """Give the places of a string, none where there is no such string."""
        return self.places.get(name, frozenset())


@cache
def known_keys() -> frozenset[str]:
    """Give the entity keys that the guidelines fix; keys outside may be named otherwise by two readers."""
    return frozenset(row["key"] for row in read_rows(LEXICONS / "entity_keys.csv"))


def read_items(annotation: Annotation, text: FoldedText, kind: str) -> list[Item]:
    """Give the attributions or events of an annotation."""
    return [Item(values, text) for values in annotation.get(kind, ())]


def pair(
    gold: Sequence[Gold], found: Sequence[Found], score: Callable[[Gold, Found], float], least: float
) -> list[tuple[Gold, Found]]:
    """Pair one to one, the best first; of equal ones the later, as the reference does."""
    scores = ((score(g, f), i, j) for i, g in enumerate(gold) for j, f in enumerate(found))
    used: tuple[set[int], set[int]] = (set(), set())
    pairs = []
    for _, i, j in sorted((one for one in scores if one[0] >= least), reverse=True):
        if i not in used[0] and j not in used[1]:
            used[0].add(i)
            used[1].add(j)
            pairs.append((gold[i], found[j]))
    return pairs


def is_exact(part: str) -> Callable[[Item, Item], bool]:
    """Tell, for two items, whether a string is the same but for its edges."""
    return lambda gold, found: overlap(gold.at(part), found.at(part)) >= _EXACT


def is_same(part: str) -> Callable[[Item, Item], bool]:
    """Tell, for two items, whether a value is the same."""
    return lambda gold, found: bool(gold[part] == found[part])


def is_same_entity(gold: Item, found: Item) -> bool:
    """Accept the same key; or, for an unnamed or new one, sources that overlap and no wrong known key."""
    wanted, given = gold["source_entity"], found["source_entity"]
    if wanted == given:
        return True
    if wanted is None or given is None or given in known_keys():
        return False
    is_open = wanted.startswith("unnamed:") or wanted not in known_keys()
    return is_open and bool(gold.at("source") & found.at("source"))
