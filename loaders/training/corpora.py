"""The corpora that the model is trained on, as windows of words with labels.

Two kinds: treebanks in CoNLL-U (Universal Dependencies), and articles annotated with attributions in the form of
`tests/gold/GUIDELINES.md` with offsets.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import spacy

from loaders.language.pipeline import NO_KIND
from loaders.scoring.corpora import read_annotations

# Pieces in a training window; the encoder takes 512, news rarely needs more than this to settle a cue.
WINDOW_WORDS = 180
_BRACKETS = re.compile(r"\([^()]+\)?|[^()]+\)")


@dataclass(frozen=True, slots=True)
class TreeWindow:
    """Hold consecutive sentences of one document. `head[i]` is an index into the window, or -1 for a root.

    `kind[i]` is the kind of thing whose mention word i heads: NO_KIND for none, empty where nobody annotated it.
    `document` is the name that the treebank gives it.
    """

    words: list[str]
    paragraph: list[bool]
    sentence: list[int]
    upos: list[str]
    feats: list[str]
    head: list[int]
    relation: list[str]
    kind: list[str]
    document: str = ""


@dataclass(frozen=True, slots=True)
class Link:
    """Hold one attribution as word indices of its window; `cue[0]` stands for it."""

    cue: list[int]
    source: list[int]
    content: list[int]
    addressee: list[int]
    stance: str


@dataclass(frozen=True, slots=True)
class LinkWindow:
    """Hold a stretch of an article with the attributions whose cue lies in it."""

    words: list[str]
    paragraph: list[bool]
    links: list[Link] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Row:
    """Hold one word of a treebank."""

    word: str
    upos: str
    feats: str
    head: int
    relation: str
    opens: bool
    sentence: int
    kind: str


def read_trees(path: Path) -> Iterator[TreeWindow]:
    """Read a CoNLL-U file into windows of up to WINDOW_WORDS words that never cross a document."""
    rows: list[_Row] = []
    count, document = 0, ""
    text = path.read_text(encoding="utf-8")
    has_kinds = "# global.Entity" in text
    for block in text.split("\n\n"):
        lines = block.splitlines()
        tokens = [x.split("\t") for x in lines if x and x[0].isdigit() and x.split("\t", 1)[0].isdigit()]
        if not tokens:
            continue
        named = next((x.partition("=")[2].strip() for x in lines if x.startswith("# newdoc")), None)
        new_document = named is not None
        opens = new_document or any(x.startswith("# newpar") for x in lines)
        if rows and (new_document or len(rows) + len(tokens) > WINDOW_WORDS):
            yield _tree_window(rows, document)
            rows = []
        document = named if named is not None else document
        base, count = len(rows), count + 1
        heads = [int(x[6]) - 1 for x in tokens]
        kinds = _read_kinds([x[9] for x in tokens], heads) if has_kinds else [""] * len(tokens)
        for i, x in enumerate(tokens):
            head = base + heads[i] if heads[i] >= 0 else -1
            rows.append(_Row(x[1], x[3], x[5], head, x[7], opens and i == 0, count, kinds[i]))
    if rows:
        yield _tree_window(rows, document)


def _read_kinds(columns: Sequence[str], heads: Sequence[int]) -> list[str]:
    """Give for each word of a sentence the kind of the mention that it heads, the widest where it heads two.

    The brackets are those of GUM's Entity column: `(1-person-…` opens a mention, `1)` closes it, and `(1-person-…)` is
    one of one word.
    """
    kinds = [NO_KIND] * len(columns)
    opened: list[tuple[str, str, int]] = []
    for last, column in enumerate(columns):
        value = next((x[len("Entity=") :] for x in column.split("|") if x.startswith("Entity=")), "")
        for mark in _BRACKETS.findall(value):
            name, *rest = mark.strip("()").split("-")
            if mark.startswith("("):
                opened.append((name, rest[0], last))
            if mark.endswith(")"):
                at = next((k for k in reversed(range(len(opened))) if opened[k][0] == name), None)
                if at is not None:
                    _, kind, first = opened.pop(at)
                    top = next((k for k in range(first, last + 1) if not first <= heads[k] <= last), last)
                    kinds[top] = kind
    return kinds


def _tree_window(rows: Sequence[_Row], document: str) -> TreeWindow:
    return TreeWindow(
        [r.word for r in rows], [r.opens for r in rows], [r.sentence for r in rows], [r.upos for r in rows],
        [r.feats for r in rows], [r.head for r in rows], [r.relation for r in rows], [r.kind for r in rows], document,
    )  # fmt: skip


def read_links(folder: Path) -> Iterator[LinkWindow]:
    """Read a folder of annotated articles, of any form that can be measured on, into windows.

    A window holds whole sentences of up to WINDOW_WORDS words; the next begins in the middle of the last, so that
    each cue is seen once with text on both sides. Raises UsageError where an annotation has a fault.
    """
    nlp = spacy.blank("en")
    for one in read_annotations(folder):
        yield from _article_windows(nlp, one.text, one.gold["attributions"])


def _article_windows(nlp: Any, text: str, attributions: list[dict[str, Any]]) -> Iterator[LinkWindow]:
    doc = nlp.make_doc(text)
    tokens = [t for t in doc if not t.is_space]
    starts = [
        i == 0 or "\n" in text[tokens[i - 1].idx + len(tokens[i - 1]) : t.idx] for i, t in enumerate(tokens)
    ]
    bounds = [(t.idx, t.idx + len(t)) for t in tokens]
    links = [link for a in attributions if (link := _link(a, bounds, text)) is not None]
    step = WINDOW_WORDS * 2 // 3
    for begin in range(0, max(1, len(tokens) - WINDOW_WORDS + step), step):
        end = min(begin + WINDOW_WORDS, len(tokens))
        inside = [_shift(x, begin, end) for x in links if begin <= x.cue[0] and x.cue[-1] < end]
        yield LinkWindow([t.text for t in tokens[begin:end]], starts[begin:end], inside)


def _words(value: Any, bounds: Sequence[tuple[int, int]]) -> list[int]:
    if value is None:
        return []
    if isinstance(value, list):
        return sorted({i for v in value for i in _words(v, bounds)})
    return [i for i, (s, e) in enumerate(bounds) if s < value["end"] and value["start"] < e]


def _link(a: dict[str, Any], bounds: Sequence[tuple[int, int]], text: str) -> Link | None:
    """Give an attribution as words; one without a cue, or whose stance nobody annotated, teaches what it can."""
    cue, content = _words(a["cue"], bounds), _words(a["content"], bounds)
    if not cue or not content:
        return None
    addressee: Any = a.get("addressee")
    if isinstance(addressee, str):
        end = bounds[cue[-1]][1]
        at = text.find(addressee, end, end + 80 + len(addressee))
        addressee = {"start": at, "end": at + len(addressee)} if at >= 0 else None
    source = _words(a.get("source"), bounds)
    return Link(cue, source, content, _words(addressee, bounds), a.get("stance") or "")


def _shift(x: Link, begin: int, end: int) -> Link:
    def cut(places: list[int]) -> list[int]:
        return [i - begin for i in places if begin <= i < end]

    return replace(
        x, cue=cut(x.cue), source=cut(x.source), content=cut(x.content), addressee=cut(x.addressee)
    )
