"""Finds strings in a text whose white space is folded, so that annotations can be compared by their places.

A place is a position in the folded text: two annotations agree as far as their places do.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

Places = frozenset[int]

# Corpora differ in whether these belong to a content, so both sides of a comparison leave them out.
_EDGE = frozenset(" ,.;:!?'\"“”‘’«»()[]-–—…")
_OPENING = "that "


def overlap(one: Places, other: Places) -> float:
    """Give the share of places that two annotations have in common (Jaccard); 1.0 where both are empty."""
    union = one | other
    return len(one & other) / len(union) if union else 1.0


class FoldedText:
    """Hold a text and its folded form.

    `text` is the text itself, `misplaced` counts the strings that were not where they should be.
    """

    def __init__(self, text: str) -> None:
        self.text = text
        self._folded, self._raw = _fold(text)
        self._from_raw = {raw: place for place, raw in enumerate(self._raw)}
        self.misplaced = 0

    def find(self, value: Any, occurrence: int = 1) -> Places:
        """Give the places of a string, of {"text", "start", "end"}, or of a list of either; none for None."""
        if value is None:
            return frozenset()
        if isinstance(value, list):
            return frozenset().union(*(self.find(one) for one in value))
        if isinstance(value, Mapping):
            return self._at(str(value["text"]), int(value["start"]), int(value["end"]))
        return self._search(_fold(str(value))[0], occurrence)

    def trim(self, places: Places) -> Places:
        """Leave quotation marks, punctuation and an opening "that" out at the edges of each run of places."""
        return frozenset(place for run in _runs(places) for place in self._trim_run(run))

    def words(self, places: Places) -> str:
        """Give the words at the places, runs parted by an ellipsis."""
        return " … ".join(self._folded[run.start : run.stop] for run in _runs(places))

    def to_raw(self, places: Places) -> tuple[tuple[int, int], ...]:
        """Give the runs of places as offsets of the text itself, end exclusive."""
        return tuple((self._raw[run.start], self._raw[run.stop - 1] + 1) for run in _runs(places))

    def _at(self, words: str, start: int, end: int) -> Places:
        if _fold(self.text[start:end])[0] != _fold(words)[0]:
            self.misplaced += 1
        return frozenset(self._from_raw[raw] for raw in range(start, end) if raw in self._from_raw)

    def _search(self, words: str, occurrence: int) -> Places:
        at = -1
        for _ in range(max(occurrence, 1)):
            at = self._folded.find(words, at + 1)
            if at < 0:
                self.misplaced += 1
                return frozenset()
        return frozenset(range(at, at + len(words)))

    def _trim_run(self, run: range) -> range:
        first, last = self._without_edge(run.start, run.stop)
        if self._folded[first : min(first + len(_OPENING), last)].lower() == _OPENING:
            first, last = self._without_edge(first + len(_OPENING), last)
        return range(first, last)

    def _without_edge(self, first: int, last: int) -> tuple[int, int]:
        while first < last and self._folded[first] in _EDGE:
            first += 1
        while last > first and self._folded[last - 1] in _EDGE:
            last -= 1
        return first, last


def _fold(text: str) -> tuple[str, list[int]]:
    """Put one space for each run of white space; give the folded text and where each of its places stood."""
    letters: list[str] = []
    raw_places: list[int] = []
    after_space = False
    for raw, letter in enumerate(text):
        is_space = letter.isspace()
        if not (is_space and after_space):
            letters.append(" " if is_space else letter)
            raw_places.append(raw)
        after_space = is_space
    return "".join(letters), raw_places


def _runs(places: Places) -> Iterator[range]:
    first = previous = None
    for place in sorted(places):
        if previous is None or first is None:
            first = place
        elif place != previous + 1:
            yield range(first, previous + 1)
            first = place
        previous = place
    if first is not None and previous is not None:
        yield range(first, previous + 1)
