"""The corpora that the model is trained on, as windows of words with labels.

Two kinds: treebanks in CoNLL-U (Universal Dependencies), and articles annotated with attributions in the form of
`tests/gold/GUIDELINES.md` with offsets.
"""

from __future__ import annotations

import json
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import spacy

# Pieces in a training window; the encoder takes 512, news rarely needs more than this to settle a cue.
WINDOW_WORDS = 180


@dataclass(frozen=True, slots=True)
class TreeWindow:
    """Hold consecutive sentences of one document. `head[i]` is an index into the window, or -1 for a root."""

    words: list[str]
    paragraph: list[bool]
    sentence: list[int]
    upos: list[str]
    feats: list[str]
    head: list[int]
    relation: list[str]


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


def read_trees(path: Path) -> Iterator[TreeWindow]:
    """Read a CoNLL-U file into windows of up to WINDOW_WORDS words that never cross a document."""
    rows: list[tuple[str, str, str, int, str, bool, int]] = []
    count = 0
    for block in path.read_text(encoding="utf-8").split("\n\n"):
        lines = block.splitlines()
        tokens = [x.split("\t") for x in lines if x and x[0].isdigit() and x.split("\t", 1)[0].isdigit()]
        if not tokens:
            continue
        new_document = any(x.startswith("# newdoc") for x in lines)
        opens = new_document or any(x.startswith("# newpar") for x in lines)
        if rows and (new_document or len(rows) + len(tokens) > WINDOW_WORDS):
            yield _tree_window(rows)
            rows = []
        base, count = len(rows), count + 1
        for i, x in enumerate(tokens):
            head = base + int(x[6]) - 1 if x[6] != "0" else -1
            rows.append((x[1], x[3], x[5], head, x[7], opens and i == 0, count))
    if rows:
        yield _tree_window(rows)


def _tree_window(rows: Sequence[tuple[str, str, str, int, str, bool, int]]) -> TreeWindow:
    words, upos, feats, head, relation, paragraph, sentence = (list(x) for x in zip(*rows, strict=True))
    return TreeWindow(words, paragraph, sentence, upos, feats, head, relation)  # type: ignore[arg-type]


def read_links(folder: Path) -> Iterator[LinkWindow]:
    """Read a folder of articles (.txt beside .json in the form of the guidelines) into windows.

    A window holds whole sentences of up to WINDOW_WORDS words; the next begins in the middle of the last, so that
    each cue is seen once with text on both sides.
    """
    nlp = spacy.blank("en")
    for path in sorted(folder.glob("*.json")):
        text = path.with_suffix(".txt").read_bytes().decode("utf-8")
        yield from _article_windows(nlp, text, json.loads(path.read_text(encoding="utf-8"))["attributions"])


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
    cue, content = _words(a["cue"], bounds), _words(a["content"], bounds)
    if not cue or not content:
        return None
    addressee: Any = a.get("addressee")
    if isinstance(addressee, str):
        at = text.find(addressee, a["cue"]["end"], a["cue"]["end"] + 80 + len(addressee))
        addressee = {"start": at, "end": at + len(addressee)} if at >= 0 else None
    return Link(cue, _words(a.get("source"), bounds), content, _words(addressee, bounds), a["stance"])


def _shift(x: Link, begin: int, end: int) -> Link:
    def cut(places: list[int]) -> list[int]:
        return [i - begin for i in places if begin <= i < end]

    return replace(
        x, cue=cut(x.cue), source=cut(x.source), content=cut(x.content), addressee=cut(x.addressee)
    )


def disturb(window: TreeWindow | LinkWindow, rng: random.Random) -> TreeWindow | LinkWindow:
    """Vary the typography of a window: quotation marks curly, straight or lost, commas or apostrophes lost."""
    way = rng.random()
    if way < 0.45:
        return window
    if way < 0.85:
        return replace(window, words=_turn_quotes(window.words, curly=rng.random() < 0.6))
    lost = {",", "'s", "’s"} if way < 0.93 else {'"', "“", "”", "''", "``"}
    keep = [w not in lost for w in window.words]
    return _without(window, keep)


def _turn_quotes(words: Sequence[str], *, curly: bool) -> list[str]:
    out, is_open = [], False
    for w in words:
        if w in {'"', "“", "”", "``", "''"}:
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
        [place[h] if h >= 0 else -1 for h in cut(heads)], cut(window.relation),
    )  # fmt: skip
