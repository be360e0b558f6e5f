"""The parse of an article as plain arrays, with the few moves over it that reading needs.

Rules walk heads and dependents many times; arrays of ints keep that quick, and one place to bound the work
keeps a hostile sentence (tens of thousands of words) from costing more than its length: such a sentence has
no tree here.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from spacy.tokens import Doc

from loaders.language.columns import Columns
from loaders.text.wordlists import function_words

LONGEST_SENTENCE = 320
"""Tokens; longer stretches are lists or lost line breaks, where a parse means nothing."""

NOMINAL = frozenset({"NOUN", "PROPN", "PRON", "NUM", "SYM", "X", "DET", "ADJ"})
_QUOTES = frozenset("\"'“”„‟«»‘’‚‹›`") | {"``", "''"}
_ENDS = frozenset({".", "!", "?", "…"})
_CLOSERS = frozenset("\"'”’»)]")


@dataclass(frozen=True, slots=True)
class Tree:
    """Hold the words of an article with their heads; `first` and `last` give the sentence of each word.

    `head[i] == i` for a root. `dep` is empty where a word was not parsed.
    """

    text: str
    start: tuple[int, ...]
    end: tuple[int, ...]
    lower: tuple[str, ...]
    lemma: tuple[str, ...]
    pos: tuple[str, ...]
    dep: tuple[str, ...]
    head: tuple[int, ...]
    form: tuple[str, ...]
    kids: tuple[tuple[int, ...], ...]
    sentences: tuple[tuple[int, int], ...]
    sentence: tuple[int, ...]

    @classmethod
    def of(cls, doc: Doc) -> Tree:
        """Copy the parse. Words of sentences past the limit lose their relations."""
        words = Columns.of(doc)
        bounds = list(_cut_sentences(words, words.sentences or ([(0, len(doc))] if len(doc) else [])))
        dep, head = [""] * len(doc), list(range(len(doc)))
        kids: list[list[int]] = [[] for _ in range(len(doc))]
        sentence = [0] * len(doc)
        for number, (first, last) in enumerate(bounds):
            usable = last - first <= LONGEST_SENTENCE
            for i in range(first, last):
                sentence[i] = number
                if usable and words.dep[i]:
                    dep[i] = words.dep[i]
                    head[i] = words.head[i] if first <= words.head[i] < last else i
                    if head[i] != i:
                        kids[head[i]].append(i)
                    elif dep[i] not in {"ROOT", "punct"}:
                        dep[i] = "ROOT"
        return cls(
            words.text,
            tuple(words.start),
            tuple(words.end),
            tuple(text.lower() for text in words.word),
            tuple(lemma.lower() or text.lower() for lemma, text in zip(words.lemma, words.word, strict=True)),
            tuple(words.pos),
            tuple(dep),
            tuple(head),
            tuple(map(_form, words.morph)),
            tuple(map(tuple, kids)),
            tuple(bounds),
            tuple(sentence),
        )

    def __len__(self) -> int:
        return len(self.start)

    def children(self, i: int, *deps: str) -> list[int]:
        """Give the dependents of a word that have one of the relations; a bare name covers its subtypes."""
        return [k for k in self.kids[i] if self.dep[k] in deps or self.dep[k].split(":")[0] in deps]

    def child(self, i: int, *deps: str) -> int | None:
        """Give the first dependent that has one of the relations."""
        return next(iter(self.children(i, *deps)), None)

    def subtree(self, i: int, *, without: Collection[int] = ()) -> list[int]:
        """Give a word and all below it, sorted, leaving out the words in `without` and all below them."""
        found, stack = [], [i]
        while stack:
            k = stack.pop()
            if k not in without or k == i:
                found.append(k)
                stack.extend(c for c in self.kids[k] if c not in without)
        return sorted(found)

    def ancestors(self, i: int) -> Iterator[int]:
        """Give the heads above a word, nearest first."""
        seen = 0
        while self.head[i] != i and seen <= LONGEST_SENTENCE:
            i, seen = self.head[i], seen + 1
            yield i

    def case(self, i: int) -> str:
        """Give the preposition of a nominal as printed in lower case, fixed parts joined, or an empty string."""
        words: list[str] = []
        for k in self.children(i, "case", "mark"):
            if k < i:
                words += [self.lower[k], *(self.lower[f] for f in self.children(k, "fixed"))]
        return " ".join(words)

    def is_clause(self, i: int) -> bool:
        """Tell whether a word heads a clause: a verb, or anything with a copula or subject."""
        return self.pos[i] in {"VERB", "AUX"} or any(
            self.dep[k] in {"cop", "nsubj", "nsubj:pass"} for k in self.kids[i]
        )

    def inside(self, ranges: Iterable[tuple[int, int]]) -> list[int]:
        """Give the words that begin within stretches of the text."""
        found: list[int] = []
        for start, end in ranges:
            k = bisect_left(self.start, start)
            while k < len(self) and self.start[k] < end:
                found.append(k)
                k += 1
        return found

    def runs(self, words: Iterable[int]) -> list[tuple[int, int]]:
        """Give the stretches of text that the words cover, as offsets: punctuation alone never parts two runs."""
        found: list[list[int]] = []
        for i in sorted(words):
            if found and all(self.pos[k] in {"PUNCT", "SPACE"} for k in range(found[-1][1] + 1, i)):
                found[-1][1] = i
            else:
                found.append([i, i])
        edges = [trim(self.text, self.start[a], self.end[b]) for a, b in found]
        return [(a, b) for a, b in edges if a < b]


def _cut_sentences(words: Columns, bounds: Iterable[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Cut a sentence where its punctuation says that it ends, whatever the parse says; arcs over the cut are
    dropped."""
    for first, last in bounds:
        begin = first
        for i in range(first, last - 1):
            if words.word[i] in _ENDS and _opens_sentence(words, i, last):
                stop = i + 1
                while (
                    stop < last
                    and (words.is_space[stop] or words.word[stop] in _CLOSERS)
                    and not _opens(words, stop)
                ):
                    stop += 1
                yield begin, stop
                begin = stop
        if begin < last:
            yield begin, last


def _opens(words: Columns, i: int) -> bool:
    """Tell whether a straight quotation mark opens: there is space before it and none behind."""
    return (
        words.word[i] in {'"', "'"}
        and i > 0
        and (words.spaced[i - 1] or words.is_space[i - 1])
        and not words.spaced[i]
    )


def _opens_sentence(words: Columns, i: int, last: int) -> bool:
    """Tell whether what follows a full stop begins as a sentence does, and the stop isn't that of an
    abbreviation."""
    text, k = words.word, i + 1
    while k < last and (words.is_space[k] or text[k] in _CLOSERS or text[k] in _QUOTES):
        k += 1
    if k >= last or (k == i + 1 and not words.spaced[i]):
        return False
    before = text[i - 1] if i else ""
    if text[i] == "." and (
        (len(before) == 1 and before.isalpha()) or before in function_words("abbreviation")
    ):
        return False
    return text[k][:1].isupper() or text[k][:1].isdigit()


@lru_cache(maxsize=1_000)
def _form(morph: str) -> str:
    """Give the form of a verb as UD has it: Fin, Inf, Ger, Part Past, Part Pres, or an empty string."""
    values = dict(part.split("=", 1) for part in morph.split("|") if "=" in part)
    name = values.get("VerbForm", "")
    return f"{name} {values['Tense']}" if name == "Part" and "Tense" in values else name


def trim(text: str, start: int, end: int) -> tuple[int, int]:
    """Take space, separating marks and unpaired brackets from both ends of a stretch; quotation marks stay."""
    while True:
        before = start, end
        while start < end and (text[start].isspace() or text[start] in ",;:.!?-–—―…)]}|•"):
            start += 1
        while end > start and (text[end - 1].isspace() or text[end - 1] in ",;:-–—―([{|•"):
            end -= 1
        if end > start and text[end - 1] == "." and not _is_abbreviation(text, start, end):
            end -= 1
        for opening, closing in ("()", "[]"):
            if start < end and text[end - 1] == closing and opening not in text[start:end]:
                end -= 1
            if start < end and text[start] == opening and closing not in text[start:end]:
                start += 1
        if (start, end) == before:
            return before


def _is_abbreviation(text: str, start: int, end: int) -> bool:
    """Tell whether the full stop belongs to the last word: it has another inside it (U.S., p.m.)."""
    k = end - 1
    while k > start and not text[k - 1].isspace():
        k -= 1
    return "." in text[k : end - 1] and text[k].isalpha()
