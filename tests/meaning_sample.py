"""Parsed sentences of several wars, for the tests of resolution, events, relations and figures.

The parses stand in `data/meaning/sentences.conllu`, so that these tests hold whatever model ships.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import spacy
from spacy.tokens import Doc
from spacy.vocab import Vocab

from graph.model import Article, Attribution, Block, Described, Form, Span, Stance
from loaders.meaning.actors import Resolver
from loaders.meaning.knowledge import Knowledge
from loaders.meaning.reader import Meaning, Reader

SENTENCES = Path(__file__).parent / "data" / "meaning" / "sentences.conllu"
PUBLISHED = dt.date(2024, 4, 10)  # a Wednesday


@cache
def reader() -> Reader:
    return Reader.load()


@cache
def vocab() -> Vocab:
    return spacy.blank("en").vocab


def knowledge() -> Knowledge:
    return reader().knowledge


@cache
def _blocks() -> dict[str, list[list[list[str]]]]:
    found: dict[str, list[list[list[str]]]] = {}
    name = ""
    for line in SENTENCES.read_text(encoding="utf-8").splitlines():
        if line.startswith("# doc = "):
            name = line.removeprefix("# doc = ")
            found[name] = [[]]
        elif line.strip():
            found[name][-1].append(line.split("\t"))
        elif found[name][-1]:
            found[name].append([])
    return {name: [s for s in sentences if s] for name, sentences in found.items()}


def parsed(name: str) -> Doc:
    """Give the parse of one small text."""
    sentences = _blocks()[name]
    rows = [(row, start) for start, sentence in _starts(sentences) for row in sentence]
    heads = [start + int(row[6]) - 1 if row[6] != "0" else start + int(row[0]) - 1 for row, start in rows]
    return Doc(
        vocab(),
        words=[row[1] for row, _ in rows],
        spaces=[
            row[9] != "SpaceAfter=No" or row[0] == last
            for (row, _), last in zip(rows, _lasts(sentences), strict=True)
        ],
        lemmas=[row[2] for row, _ in rows],
        pos=[row[3] for row, _ in rows],
        morphs=["" if row[5] == "_" else row[5] for row, _ in rows],
        heads=heads,
        deps=[row[7] for row, _ in rows],
    )


def _starts(sentences: list[list[list[str]]]) -> Iterator[tuple[int, list[list[str]]]]:
    at = 0
    for sentence in sentences:
        yield at, sentence
        at += len(sentence)


def _lasts(sentences: list[list[list[str]]]) -> Iterator[str]:
    """Give for each word the number of its sentence's last word, after which a space stands."""
    for sentence in sentences:
        yield from (sentence[-1][0] for _ in sentence)


def article(text: str, published: dt.date | None = PUBLISHED) -> Article:
    return Article("0" * 16, "sample.txt", "0" * 64, text, Described(published=published))


def resolver(name: str) -> Resolver:
    doc = parsed(name)
    return Resolver(article(doc.text), doc, knowledge())


def span(text: str, words: str) -> Span:
    start = text.index(words)
    return Span(start, start + len(words), words)


def attribution(
    text: str, source: str | None, cue: str, content: str, *, stance: Stance = "Assertion", key: str = "a1"
) -> Attribution:
    form: Form = "indirect"
    found = span(text, source) if source is not None else None
    return Attribution(key, found, span(text, cue), (span(text, content),), form, stance)


def read(name: str, *attributions: Attribution, published: dt.date | None = PUBLISHED) -> Meaning:
    doc = parsed(name)
    blocks = (Block("body", Span(0, len(doc.text), doc.text)),)
    return reader().read(article(doc.text, published), doc, blocks, attributions)
