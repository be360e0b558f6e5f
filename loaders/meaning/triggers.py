"""The words that name a happening or state: which word of a parse is a trigger, of which type, with which particle."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from loaders.meaning.syntax import case_of, children, modifiers
from loaders.meaning.vocabulary import Row, Vocabulary
from loaders.text.wordlists import function_words

if TYPE_CHECKING:
    from loaders.meaning.parse import Token


@dataclass(frozen=True, slots=True)
class Trigger:
    """Hold a word with the rows of `events.csv` that fit it, most special first; `last` is the particle's token."""

    token: Token
    rows: tuple[tuple[Row, int], ...]


def index(vocabulary: Vocabulary) -> Mapping[tuple[str, str], tuple[Row, ...]]:
    """Sort the rows by lemma and part of speech, those with a particle or a need first."""
    found: dict[tuple[str, str], list[Row]] = {}
    for row in vocabulary.events:
        found.setdefault((row["lemma"], row["pos"]), []).append(row)
    return {k: tuple(sorted(rows, key=lambda r: not r["particle"])) for k, rows in found.items()}


def find(token: Token, rows_of: Mapping[tuple[str, str], tuple[Row, ...]]) -> Trigger | None:
    """Tell whether a word is a trigger. A noun inside another's name ("death toll", "peace talks") is none."""
    if token.dep_ == "compound" and token.pos_ in {"NOUN", "PROPN"}:
        return None
    fitting: list[tuple[Row, int]] = []
    for key in _keys(token):
        for row in rows_of.get(key, ()):
            last = _particle(token, row["particle"])
            if last is not None:
                fitting.append((row, last))
        if fitting:
            return Trigger(token, tuple(fitting))
    return None


def _keys(token: Token) -> Iterator[tuple[str, str]]:
    lemma = token.lemma_.lower()
    if token.pos_ == "VERB" or (token.pos_ in {"ADJ", "AUX"} and token.lower_.endswith("ed")):
        yield lemma, "VERB"
    if token.pos_ == "NOUN":
        yield lemma, "NOUN"
        yield token.lower_, "NOUN"
        if token.lower_.endswith("ing") and token.dep_ in {"advcl", "acl", "root", "ROOT"}:
            yield lemma, "VERB"
    if token.pos_ in {"ADJ", "VERB"}:
        yield token.lower_, "ADJ"


def _particle(token: Token, particle: str) -> int | None:
    """Give the last token of the trigger where the particle is there; None where it is missing."""
    if not particle:
        return token.i
    if token.pos_ == "NOUN":
        beside = [w for w in modifiers(token) if particle in {w.lower_, w.lemma_.lower()}]
        cases = [c for c in children(token, "nmod") if case_of(c) == particle]
        after = (
            token.i + 2 < len(token.doc) and token.nbor(1).text == "-" and token.nbor(2).lower_ == particle
        )
        return token.i + 2 if after else token.i if beside or cases else None
    for child in token.children:
        if child.dep_ in {"compound:prt", "advmod", "case"} and child.lower_ == particle:
            return _shown(token, child.i, particle)
        if child.dep_.partition(":")[0] in {"obl", "obj", "nsubj"}:
            if particle in {child.lemma_.lower(), child.lower_} and child.i > token.i:
                return _shown(token, child.i, particle)
            for word in child.children:
                if word.dep_ == "case" and word.lower_ == particle and word.i > token.i:
                    return _shown(token, word.i, particle)
    return None


def _shown(token: Token, at: int, particle: str) -> int:
    return token.i if particle in function_words("sense only") or at != token.i + 1 else at
