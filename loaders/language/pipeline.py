"""The language model behind an ordinary spaCy `Doc`: words, sentences, parts of speech, trees, cues and their links.

One small encoder (MiniLM-L6, fine-tuned; see model/MODEL_CARD.md) reads windows of up to WINDOW_WORDS words; what it
says is set on the Doc, so that all that follows is ordinary spaCy. Nothing is downloaded. Labels are those of
Universal Dependencies version 2.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import pairwise
from pathlib import Path

import numpy as np
import onnxruntime
import spacy
from lemminflect import getLemma
from numpy.typing import NDArray
from spacy.attrs import DEP, HEAD, LEMMA, MORPH, POS
from spacy.language import Language
from spacy.parts_of_speech import IDS as PARTS_OF_SPEECH
from spacy.tokens import Doc, Token

from graph.model import Block
from loaders.language.mending import mend
from loaders.language.pieces import Pieces
from loaders.language.trees import decode_tree
from loaders.text.layout import is_read

MODEL = Path(__file__).resolve().parent / "model"
# Words in a window, of which the first few repeat the end of the last, so that a cue sees what stands before it.
WINDOW_WORDS, CONTEXT_WORDS = 160, 40
# A window has at most this many pieces (the encoder was trained with positions up to 512).
WINDOW_PIECES = 480

Scores = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class CueLink:
    """Hold what the model says of one cue, as token indices of the Doc; `confidence` is that of the cue, 0 to 1."""

    cue: tuple[int, ...]
    source: tuple[int, ...]
    content: tuple[int, ...]
    addressee: tuple[int, ...]
    stance: str
    confidence: float


@dataclass(frozen=True, slots=True)
class _Parsed:
    """Hold what was read of a run of words: heads and links are places in that run."""

    starts: list[bool]
    heads: list[int]
    upos: list[int]
    feats: list[int]
    relations: list[int]
    links: list[CueLink]


class Pipeline:
    """Parse articles. One instance serves one process; it holds no state between articles."""

    def __init__(self, nlp: Language, model: Path, *, threads: int = 1) -> None:
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        options.inter_op_num_threads = 1
        self.nlp = nlp
        self._reader, self._linker = (
            onnxruntime.InferenceSession(str(model / name), options, ["CPUExecutionProvider"])
            for name in ("model.onnx", "linker.onnx")
        )
        self._pieces = Pieces(model / "tokenizer.json")
        self._labels = json.loads((model / "labels.json").read_text(encoding="utf-8"))

    @classmethod
    def load(cls, model: Path = MODEL, *, threads: int = 1) -> Pipeline:
        """Load the model that ships, or another of the same form."""
        return cls(spacy.blank("en"), model, threads=threads)

    def parse(self, text: str, blocks: Sequence[Block]) -> Doc:
        """Parse a whole article's text, visible faults mended. Token.idx is a place in `text`.

        Tokens in blocks that are not read carry no dependency and the part of speech X; those of one such block hang
        together as one sentence. `doc.user_data["cue_links"]` has the CueLinks.
        """
        with self.nlp.select_pipes(enable=[]):
            doc = self.nlp.tokenizer(text)
        words, opens = self._read_words(doc, blocks)
        parsed = self.read([doc[i].text for i in words], opens)
        return self._set(doc, words, parsed)

    def _read_words(self, doc: Doc, blocks: Sequence[Block]) -> tuple[list[int], list[bool]]:
        words: list[int] = []
        opens: list[bool] = []
        readable = [b.span for b in blocks if is_read(b)]
        at = 0
        current = -1
        for token in doc:
            while at < len(readable) and readable[at].end <= token.idx:
                at += 1
            if token.is_space or at == len(readable) or token.idx < readable[at].start:
                continue
            words.append(token.i)
            opens.append(at != current)
            current = at
        return words, opens

    def read(self, words: Sequence[str], opens: Sequence[bool]) -> _Parsed:
        """Read a run of words, window by window; `opens[i]` tells whether word i opens a paragraph."""
        n = len(words)
        out = _Parsed([False] * n, [-1] * n, [0] * n, [0] * n, [0] * n, [])
        pieces = self._pieces.cut(words)
        begin = 0
        while begin < n:
            low = max(0, begin - CONTEXT_WORDS)
            high = self._window_end(pieces, low, begin, n)
            begin = self._read_window(pieces, opens, (low, begin, high), out)
        return out

    @staticmethod
    def _window_end(pieces: Sequence[list[int]], low: int, begin: int, n: int) -> int:
        total, high = sum(len(p) + 1 for p in pieces[low:begin]), begin
        while (
            high < n
            and high - low < WINDOW_WORDS
            and (high == begin or total + len(pieces[high]) + 1 < WINDOW_PIECES)
        ):
            total += len(pieces[high]) + 1
            high += 1
        return high

    def _read_window(
        self, pieces: Sequence[list[int]], opens: Sequence[bool], bounds: tuple[int, int, int], out: _Parsed
    ) -> int:
        """Read one window, write its whole sentences to `out`, and give the place where the next begins."""
        low, begin, high = bounds
        window = self._pieces.window(pieces[low:high], opens[low:high])
        ids = np.array([window.ids], dtype=np.int64)
        values = self._reader.run(
            None, {"ids": ids, "mask": np.ones_like(ids), "first": np.array([window.first], dtype=np.int64)}
        )
        upos, feats, starts, arcs, relations, cues, vectors = (v[0] for v in values)
        first = [i for i in range(begin, high) if i == begin or opens[i] or starts[i - low] > 0]
        # The last sentence may go on past the window: it is read again with what follows, unless it fills the window.
        end = first[-1] if high < len(opens) and len(first) > 1 else high
        for a, b in zip(first, [*first[1:], high], strict=True):
            if a >= end:
                break
            self._write_sentence(a, b, low, (arcs, relations), out)
        for i in range(begin, end):
            out.upos[i] = int(upos[i - low].argmax())
            out.feats[i] = int(feats[i - low].argmax())
        out.links.extend(self._cue_links(cues, vectors, (low, begin, end)))
        return end

    @staticmethod
    def _write_sentence(a: int, b: int, low: int, scores: tuple[Scores, Scores], out: _Parsed) -> None:
        arcs, relations = scores
        rows = slice(a - low, b - low)
        local = np.concatenate([arcs[rows, :1], arcs[rows, 1 + a - low : 1 + b - low]], axis=1)
        out.starts[a] = True
        for i, head in enumerate(decode_tree(local)):
            out.heads[a + i] = -1 if head < 0 else a + head
            column = 0 if head < 0 else 1 + a - low + head
            out.relations[a + i] = int(relations[:, a - low + i, column].argmax())

    def _cue_links(self, cues: Scores, vectors: Scores, bounds: tuple[int, int, int]) -> Iterator[CueLink]:
        """Find the cues of the sentences from `begin` to `end`, and ask the linker what belongs to each."""
        low, begin, end = bounds
        share = np.exp(cues - cues.max(axis=1, keepdims=True))
        share /= share.sum(axis=1, keepdims=True)
        found = list(_cue_runs(cues.argmax(axis=1), begin - low, end - low))
        if not found:
            return
        heads = np.array([c[0] for c in found], dtype=np.int64)
        words = np.repeat(vectors[None], len(found), axis=0)
        links, stances = self._linker.run(
            None, {"words": words, "cue": heads, "mask": np.ones(words.shape[:2], dtype=np.float32)}
        )
        for (at, stop), row, stance in zip(found, links.argmax(axis=2), stances, strict=True):
            row[at:stop] = 0
            roles = {r: tuple(int(x) + low for x in np.flatnonzero(row == r)) for r in (1, 2, 3)}
            yield CueLink(
                tuple(range(at + low, stop + low)), roles[1], roles[2], roles[3],
                self._labels["stances"][int(stance.argmax())], float(1 - share[at, 0]),
            )  # fmt: skip

    def _set(self, doc: Doc, words: Sequence[int], parsed: _Parsed) -> Doc:
        strings, labels, n = doc.vocab.strings, self._labels, len(doc)
        place = {i: k for k, i in enumerate(words)}
        # What is not read has no relation and is its own head, so that no rule of mending touches it.
        pos = ["SPACE" if t.is_space else "X" for t in doc]
        dep, head = [""] * n, list(range(n))
        morph, lemma = [""] * n, [t.text for t in doc]
        for i, k in place.items():
            pos[i], feats = labels["upos"][parsed.upos[k]], labels["feats"][parsed.feats[k]]
            head[i] = i if parsed.heads[k] < 0 else words[parsed.heads[k]]
            relation = labels["relations"][parsed.relations[k]]
            dep[i] = "ROOT" if head[i] == i else ("dep" if relation == "root" else relation)
            morph[i], lemma[i] = "" if feats == "_" else feats, lemma_of(doc[i], pos[i])
        anchors = _anchors(doc, place)
        mend([t.lower_ for t in doc], pos, dep, head, _sentences(anchors, words, parsed.starts))
        values = np.zeros((n, 5), dtype=np.uint64)
        for i in range(n):
            offset = (head[i] if i in place else anchors[i]) - i
            values[i] = (
                PARTS_OF_SPEECH[pos[i]], np.int64(offset).astype(np.uint64), strings.add(dep[i] or "dep"),
                doc.vocab.morphology.add(morph[i]), strings.add(lemma[i]),
            )  # fmt: skip

        def at(places: tuple[int, ...]) -> tuple[int, ...]:
            return tuple(words[k] for k in places)

        # spaCy's signature names an array of integers of its own; unsigned 64 bits are what it takes.
        doc.from_array([POS, HEAD, DEP, MORPH, LEMMA], values)  # type: ignore[arg-type]
        for token in doc:
            if token.i not in place:
                # Without a relation while the array was set, the head would have been forgotten.
                token.dep = 0
        doc.user_data["cue_links"] = tuple(
            replace(x, cue=at(x.cue), source=at(x.source), content=at(x.content), addressee=at(x.addressee))
            for x in parsed.links
        )
        return doc


def _cue_runs(tags: NDArray[np.int64], begin: int, end: int) -> Iterator[tuple[int, int]]:
    """Give the bounds of each run of cue tags that begins between `begin` and `end`."""
    at = begin
    while at < end:
        if tags[at] == 0:
            at += 1
            continue
        stop = at + 1
        while stop < len(tags) and tags[stop] == 2:
            stop += 1
        yield at, stop
        at = stop


def _anchors(doc: Doc, read: dict[int, int]) -> list[int]:
    """Give each word that is not read a head: space hangs on the word before, a block on its first word."""
    heads = list(range(len(doc)))
    anchor = -1
    for token in doc:
        i = token.i
        if i in read:
            anchor = -1
        elif token.is_space:
            heads[i] = max(i - 1, 0)
        else:
            anchor = i if anchor < 0 else anchor
            heads[i] = anchor
    return heads


def _sentences(
    anchors: Sequence[int], words: Sequence[int], starts: Sequence[bool]
) -> Iterator[tuple[int, int]]:
    """Give the bounds of each sentence that is read; the space behind it belongs to it, what is not read ends it."""
    opening = {i for i, starts_here in zip(words, starts, strict=True) if starts_here}
    read = set(words)
    bounds = [i for i in range(len(anchors)) if i in opening or (i not in read and anchors[i] == i)]
    for start, end in pairwise([*bounds, len(anchors)]):
        if start in opening:
            yield start, end


def lemma_of(token: Token, pos: str) -> str:
    """Give the dictionary form of a word, by lemminflect; lower case but for names."""
    return _lemma(token.text, pos)


@lru_cache(maxsize=50_000)
def _lemma(word: str, pos: str) -> str:
    if pos == "PROPN":
        return word
    if pos in {"NOUN", "VERB", "AUX", "ADJ", "ADV"} and len(word) < 40:
        return str(getLemma(word.lower(), upos=pos)[0]) if getLemma(word.lower(), upos=pos) else word.lower()
    return word.lower()
