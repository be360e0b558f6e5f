"""A parse column by column: what reads on asks for words many thousand times, and spaCy makes an object for a word
anew each time it is asked for one."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

from spacy.attrs import DEP, HEAD, IS_SPACE, LEMMA, LOWER, MORPH, ORTH, POS, SENT_START, SPACY
from spacy.strings import StringStore
from spacy.tokens import Doc

_EMPTY_MORPH = "_"


@dataclass(frozen=True, slots=True)
class Columns:
    """Hold the words of an article with their tags, one list for each; equal strings are one.

    `start` and `end` are places in the text, `head` and `sentences` places among the words; a root is its own head.
    `spaced` tells whether a space follows. `sentences` is empty where nobody parsed.
    """

    text: str
    word: list[str]
    start: list[int]
    end: list[int]
    lower: list[str]
    lemma: list[str]
    pos: list[str]
    dep: list[str]
    head: list[int]
    morph: list[str]
    is_space: list[bool]
    spaced: list[bool]
    sentences: list[tuple[int, int]]

    @classmethod
    def of(cls, doc: Doc) -> Columns:
        """Copy what spaCy holds."""
        names = _Names(doc.vocab.strings)
        values = doc.to_array([ORTH, LOWER, LEMMA, POS, DEP, MORPH, HEAD, IS_SPACE, SPACY, SENT_START])
        orth, lower, lemma, pos, dep, morph, *_ = values.T.tolist()
        # Offsets of heads are negative where the head stands before; the array has no signs.
        offsets = values[:, 6].astype("int64").tolist()
        spaced = values[:, 8].astype(bool).tolist()
        words = [names[key] for key in orth]
        starts, at = [], 0
        for word, space in zip(words, spaced, strict=True):
            starts.append(at)
            at += len(word) + space
        opens = [i for i, mark in enumerate(values[:, 9].tolist()) if mark == 1 or i == 0]
        return cls(
            text="".join(word + " " if space else word for word, space in zip(words, spaced, strict=True)),
            word=words,
            start=starts,
            end=[start + len(word) for start, word in zip(starts, words, strict=True)],
            lower=[names[key] for key in lower],
            lemma=[names[key] for key in lemma],
            pos=[names[key] for key in pos],
            dep=[names[key] for key in dep],
            # As spaCy has it: a word without a relation has no head, whatever its number says.
            head=[i + offset if key else i for i, (offset, key) in enumerate(zip(offsets, dep, strict=True))],
            morph=["" if (name := names[key]) == _EMPTY_MORPH else name for key in morph],
            is_space=values[:, 7].astype(bool).tolist(),
            spaced=spaced,
            sentences=list(pairwise([*opens, len(words)])) if doc.has_annotation("SENT_START") else [],
        )


class _Names(dict[int, str]):
    """Look up each string of spaCy's store once."""

    def __init__(self, store: StringStore) -> None:
        super().__init__()
        self._store = store

    def __missing__(self, key: int) -> str:
        name = self[key] = str(self._store[key])
        return name
