"""Varies the texts that the model is trained on, as the papers and the web vary them.

Quotation marks are curly, straight or lost, commas and apostrophes are lost, an article's line is cut short as a
headline is, and one verb of saying stands for another. So the model learns the shape of an attribution and not the few
words and marks that a small corpus has.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from typing import Any

from lemminflect import getAllLemmas, getInflection

from loaders.attribution.lexicon import Cue
from loaders.training.corpora import Link, LinkWindow, TreeWindow

_QUOTES = frozenset({'"', "“", "”", "''", "``"})
_ARTICLES = frozenset({"a", "an", "the"})
_VERB_TAGS = ("VBD", "VBZ", "VBG", "VBP", "VB", "VBN")


def disturb(window: TreeWindow | LinkWindow, rng: random.Random) -> TreeWindow | LinkWindow:
    """Give a window in another typography, or as it is (two in five)."""
    way = rng.random()
    if way < 0.4:
        return window
    if way < 0.8:
        return replace(window, words=_turn_quotes(window.words, curly=rng.random() < 0.6))
    if way < 0.88:
        lost = frozenset({",", "'s", "’s"})
    elif way < 0.95:
        lost = _QUOTES
    else:
        lost = _ARTICLES | {"."}
    return _without(window, [w.lower() not in lost for w in window.words])


def _turn_quotes(words: Sequence[str], *, curly: bool) -> list[str]:
    out, is_open = [], False
    for w in words:
        if w in _QUOTES:
            is_open = not is_open
            out.append(("“" if is_open else "”") if curly else '"')
        else:
            out.append(w.replace("'", "’") if curly else w.replace("’", "'"))
    return out


def _without(window: TreeWindow | LinkWindow, keep: Sequence[bool]) -> TreeWindow | LinkWindow:
    """Take words out of a window; a tree stays one, for what hung on a lost word hangs on that word's head."""
    place, n = {}, 0
    for i, kept in enumerate(keep):
        if kept:
            place[i], n = n, n + 1
    if not n:
        return window

    def cut(values: Sequence[Any]) -> list[Any]:
        return [v for v, kept in zip(values, keep, strict=True) if kept]

    if isinstance(window, LinkWindow):

        def at(places: list[int]) -> list[int]:
            return [place[i] for i in places if i in place]

        links = [
            Link(at(k.cue), at(k.source), at(k.content), at(k.addressee), k.stance) for k in window.links
        ]
        links = [x for x in links if x.cue and x.content]
        return LinkWindow(cut(window.words), cut(window.paragraph), links)
    heads = list(window.head)
    for i, kept in enumerate(keep):
        if kept:
            while heads[i] >= 0 and not keep[heads[i]]:
                heads[i] = heads[heads[i]]
    return TreeWindow(
        cut(window.words), cut(window.paragraph), cut(window.sentence), cut(window.upos), cut(window.feats),
        [place[h] if h >= 0 else -1 for h in cut(heads)], cut(window.relation), cut(window.kind), window.document,
    )  # fmt: skip


class Wording:
    """Puts one verb of saying for another of the same stance that takes the same contents."""

    def __init__(self, cues: Iterable[Cue]) -> None:
        alike: dict[tuple[str, bool], set[str]] = {}
        self._group: dict[str, tuple[str, bool]] = {}
        for lemma, rows in _plain_verbs(cues).items():
            group = (rows[0].stance, "quote" in rows[0].takes)
            alike.setdefault(group, set()).add(lemma)
            self._group[lemma] = group
        self._alike: Mapping[tuple[str, bool], list[str]] = {k: sorted(v) for k, v in alike.items()}

    def vary(self, window: LinkWindow, rng: random.Random, share: float) -> LinkWindow:
        """Give the window with that share of its cues of one word replaced, each in the form of the old one."""
        words = list(window.words)
        for link in window.links:
            if len(link.cue) == 1 and rng.random() < share:
                words[link.cue[0]] = self._other(words[link.cue[0]], rng)
        return replace(window, words=words)

    def _other(self, word: str, rng: random.Random) -> str:
        found = _read_form(word)
        if found is None or found[0] not in self._group:
            return word
        forms = getInflection(rng.choice(self._alike[self._group[found[0]]]), found[1])
        return str(forms[0]) if forms else word


def _plain_verbs(cues: Iterable[Cue]) -> dict[str, list[Cue]]:
    """Give the verbs that introduce a clause of their own, and do not need to name who is told."""
    found: dict[str, list[Cue]] = {}
    for row in cues:
        if (
            row.kind == "verb"
            and "that" in row.takes
            and not row.particle
            and row.takes.isdisjoint({"tell", "as"})
        ):
            found.setdefault(row.lemma, []).append(row)
    return found


@lru_cache(maxsize=10_000)
def _read_form(word: str) -> tuple[str, str] | None:
    """Give a verb's base form and the tag of the form it stands in; none where it may be a noun ("reports")."""
    lower = word.lower()
    if getAllLemmas(lower, upos="NOUN"):
        return None
    for lemma in getAllLemmas(lower, upos="VERB").get("VERB", ()):
        for tag in _VERB_TAGS:
            if lower in getInflection(lemma, tag):
                return str(lemma), tag
    return None
