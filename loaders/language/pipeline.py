"""The language model behind an ordinary spaCy `Doc`: words, sentences, parts of speech, trees, names, cues and their
links.

One small encoder (MiniLM-L6, fine-tuned; see model/MODEL_CARD.md) reads windows of up to WINDOW_WORDS words; what it
says is set on the Doc, so that all that follows is ordinary spaCy. Nothing is downloaded. Labels are those of
Universal Dependencies version 2.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import pairwise
from pathlib import Path

import numpy as np
import onnxruntime
from lemminflect import getLemma
from numpy.typing import NDArray
from spacy.attrs import DEP, HEAD, LEMMA, MORPH, POS
from spacy.lang.en import English
from spacy.language import Language
from spacy.parts_of_speech import IDS as PARTS_OF_SPEECH
from spacy.tokens import Doc, Span

from graph.model import Block
from loaders.language.location import model_folder
from loaders.language.mending import mend
from loaders.language.pieces import Pieces
from loaders.language.trees import decode_sentence
from loaders.language.words import split_words
from loaders.text.layout import is_read

# Words in a window, of which the first few repeat the end of the last, so that a cue sees what stands before it.
WINDOW_WORDS, CONTEXT_WORDS = 180, 30
# A word at least this likely to open a cue is handed on with its likelihood: what reads on has more to go by.
LEAST_CONFIDENCE = 0.15
# A cue goes on over a word that is likely enough to be inside it ("would like to state").
_GOES_ON = 0.25
# Log-odds. On EWT's test part 44 of 166 such starts are wrong at 0, 3 of 69 at 3; on PUD there is none.
_UNMARKED = 3.0
_ENDS = frozenset(".!?:;…\"”’')]-–—")
# A window has at most this many pieces (the encoder was trained with positions up to 512).
WINDOW_PIECES = 480
# The label of a word that heads no mention of anything.
NO_KIND = "none"

Scores = NDArray[np.float32]


@dataclass(frozen=True, slots=True, eq=False)
class CueLink:
    """Hold what the model says of one cue, as token indices of the Doc.

    `confidence` is the likelihood that it is a cue, 0 to 1. `words` are the tokens of the window that it was read in,
    and `shares` their likelihoods: a row each, a column for none, source, content and addressee.
    """

    cue: tuple[int, ...]
    source: tuple[int, ...]
    content: tuple[int, ...]
    addressee: tuple[int, ...]
    stance: str
    confidence: float
    words: tuple[int, ...]
    shares: Scores

    def content_shares(self, tokens: Iterable[int]) -> list[float | None]:
        """Give the likelihood of each token to be content, None for one outside the window."""
        place = {token: n for n, token in enumerate(self.words)}
        return [float(self.shares[place[k], 2]) if k in place else None for k in tokens]


@dataclass(frozen=True, slots=True)
class _Parsed:
    """Hold what was read of a run of words: heads and links are places in that run."""

    starts: list[bool]
    heads: list[int]
    upos: list[int]
    feats: list[int]
    relations: list[int]
    kinds: list[int]
    links: list[CueLink]


class Pipeline:
    """Parse articles. One instance serves one process; it holds no state between articles."""

    def __init__(self, nlp: Language, model: Path, *, threads: int = 1) -> None:
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        options.inter_op_num_threads = 1
        self.nlp = nlp
        self._reader, self._labeller, self._linker = (
            onnxruntime.InferenceSession(str(model / name), options, ["CPUExecutionProvider"])
            for name in ("model.onnx", "labeller.onnx", "linker.onnx")
        )
        self._pieces = Pieces(model / "tokenizer.json")
        self._labels = json.loads((model / "labels.json").read_text(encoding="utf-8"))

    @classmethod
    def load(cls, model: Path | None = None, *, threads: int = 1) -> Pipeline:
        """Load a model: the one given, or the one of `model_folder`."""
        return cls(English(), model or model_folder(), threads=threads)

    def parse(self, text: str, blocks: Sequence[Block]) -> Doc:
        """Parse a whole article's text, visible faults mended. Token.idx is a place in `text`.

        Tokens in blocks that are not read carry no dependency and the part of speech X; those of one such block hang
        together as one sentence. `doc.user_data["cue_links"]` has the CueLinks.
        """
        with self.nlp.select_pipes(enable=[]):
            doc = split_words(text, self.nlp.tokenizer, self.nlp.vocab)
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
        # A new sentence behind a word with no mark to end it is rare in print, and needs more to be believed.
        needed = [0.0 if ends else _UNMARKED for ends in (True, *(w[-1] in _ENDS for w in words[:-1]))]
        out = _Parsed([False] * n, [-1] * n, [0] * n, [0] * n, [0] * n, [0] * n, [])
        pieces = self._pieces.cut(words)
        begin = 0
        while begin < n:
            low = max(0, begin - CONTEXT_WORDS)
            high = self._window_end(pieces, low, begin, n)
            begin = self._read_window(pieces, opens, needed, (low, begin, high), out)
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
        self,
        pieces: Sequence[list[int]],
        opens: Sequence[bool],
        needed: Sequence[float],
        bounds: tuple[int, int, int],
        out: _Parsed,
    ) -> int:
        """Read one window, write its whole sentences to `out`, and give the place where the next begins."""
        low, begin, high = bounds
        window = self._pieces.window(pieces[low:high], opens[low:high])
        ids = np.array([window.ids], dtype=np.int64)
        values = self._reader.run(None, {"ids": ids, "first": np.array([window.first], dtype=np.int64)})
        upos, feats, starts, kinds, arcs, cues, vectors = (v[0] for v in values)
        first = [i for i in range(begin, high) if i == begin or opens[i] or starts[i - low] > needed[i]]
        # The last sentence may go on past the window: it is read again with what follows, unless it fills the window.
        end = first[-1] if high < len(opens) and len(first) > 1 else high
        for a, b in zip(first, [*first[1:], high], strict=True):
            if a >= end:
                break
            out.starts[a] = True
            heads = decode_sentence(arcs, a - low, b - low)
            out.heads[a:b] = [-1 if head < 0 else low + head for head in heads]
        rows = slice(begin - low, end - low)
        out.upos[begin:end] = upos[rows].argmax(axis=1).tolist()
        out.feats[begin:end] = feats[rows].argmax(axis=1).tolist()
        out.kinds[begin:end] = kinds[rows].argmax(axis=1).tolist()
        out.relations[begin:end] = self._relations(vectors, (low, begin, end), out)
        out.links.extend(self._cue_links(cues, vectors[1:], (low, begin, end)))
        return end

    def _relations(self, vectors: Scores, bounds: tuple[int, int, int], out: _Parsed) -> list[int]:
        """Label the arcs that were chosen; `vectors` has the root before the words."""
        low, begin, end = bounds
        heads = np.array([0 if h < 0 else h - low + 1 for h in out.heads[begin:end]], dtype=np.int64)
        words = vectors[1 + begin - low : 1 + end - low]
        (scores,) = self._labeller.run(
            None, {"words": words[None], "rooted": vectors[None], "heads": heads[None]}
        )
        return [int(x) for x in scores[0].argmax(axis=1)]

    def _cue_links(self, cues: Scores, vectors: Scores, bounds: tuple[int, int, int]) -> Iterator[CueLink]:
        """Find the cues of the sentences from `begin` to `end`, and ask the linker what belongs to each."""
        low, begin, end = bounds
        share = _softmax(cues)
        found = list(_cue_runs(share, begin - low, end - low))
        if not found:
            return
        heads = np.array([c[0] for c in found], dtype=np.int64)
        links, stances = self._linker.run(None, {"words": vectors[None], "cue": heads})
        window = tuple(range(low, low + len(vectors)))
        for (at, stop), row, stance in zip(found, _softmax(links), stances, strict=True):
            best = row.argmax(axis=1)
            best[at:stop] = 0
            roles = {r: tuple(int(x) + low for x in np.flatnonzero(best == r)) for r in (1, 2, 3)}
            yield CueLink(
                tuple(range(at + low, stop + low)), roles[1], roles[2], roles[3],
                self._labels["stances"][int(stance.argmax())], float(1 - share[at, 0]), window, row,
            )  # fmt: skip

    def _set(self, doc: Doc, words: Sequence[int], parsed: _Parsed) -> Doc:
        strings, labels, n = doc.vocab.strings, self._labels, len(doc)
        texts = [t.text for t in doc]
        place = {i: k for k, i in enumerate(words)}
        # What is not read has no relation and is its own head, so that no rule of mending touches it.
        pos = ["SPACE" if x.isspace() else "X" for x in texts]
        dep, head = [""] * n, list(range(n))
        morph, lemma, kind = [""] * n, list(texts), [NO_KIND] * n
        for i, k in place.items():
            pos[i], feats = labels["upos"][parsed.upos[k]], labels["feats"][parsed.feats[k]]
            head[i] = i if parsed.heads[k] < 0 else words[parsed.heads[k]]
            relation = labels["relations"][parsed.relations[k]]
            dep[i] = "ROOT" if head[i] == i else ("dep" if relation == "root" else relation)
            morph[i], lemma[i] = "" if feats == "_" else feats, _lemma(texts[i], pos[i])
            kind[i] = labels["kinds"][parsed.kinds[k]]
        anchors = _anchors(pos, place)
        mend([x.lower() for x in texts], pos, dep, head, _sentences(anchors, words, parsed.starts))
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
        for i in range(n):
            if i not in place:
                # Without a relation while the array was set, the head would have been forgotten.
                doc[i].dep = 0
        doc.set_ents([Span(doc, a, b, label=x) for a, b, x in _names(pos, dep, head, kind)])
        doc.user_data["cue_links"] = tuple(
            replace(
                x, cue=at(x.cue), source=at(x.source), content=at(x.content), addressee=at(x.addressee),
                words=at(x.words),
            )
            for x in parsed.links
        )  # fmt: skip
        return doc


def _softmax(scores: Scores) -> Scores:
    """Turn scores into likelihoods over the last axis."""
    share: Scores = np.exp(scores - scores.max(axis=-1, keepdims=True))
    share /= share.sum(axis=-1, keepdims=True)
    return share


def _names(
    pos: Sequence[str], dep: Sequence[str], head: Sequence[int], kind: Sequence[str]
) -> Iterator[tuple[int, int, str]]:
    """Give the bounds and kind of each name: a proper noun with the parts of the name that touch it."""
    parts: dict[int, set[int]] = {}
    for i, relation in enumerate(dep):
        if relation in {"flat", "compound", "flat:name"} and pos[i] == "PROPN":
            parts.setdefault(head[i], set()).add(i)
    for i, top in enumerate(pos):
        if top != "PROPN" or kind[i] == NO_KIND or dep[i] in {"flat", "compound", "flat:name"}:
            continue
        inside, first, last = parts.get(i, set()), i, i
        while first - 1 in inside:
            first -= 1
        while last + 1 in inside:
            last += 1
        yield first, last + 1, kind[i]


def _cue_runs(share: Scores, begin: int, end: int) -> Iterator[tuple[int, int]]:
    """Give the bounds of each run of words that may be a cue and begins between `begin` and `end`."""
    at = begin
    while at < end:
        if 1 - share[at, 0] < LEAST_CONFIDENCE:
            at += 1
            continue
        stop = at + 1
        while stop < len(share) and share[stop, 2] > max(_GOES_ON, share[stop, 1]):
            stop += 1
        yield at, stop
        at = stop


def _anchors(pos: Sequence[str], read: Mapping[int, int]) -> list[int]:
    """Give each word that is not read a head: space hangs on the word before, a block on its first word."""
    heads = list(range(len(pos)))
    anchor = -1
    for i, tag in enumerate(pos):
        if i in read:
            anchor = -1
        elif tag == "SPACE":
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


def load_lemmas() -> None:
    """Read the dictionary of word forms, which otherwise waits for the first word of the first article."""
    getLemma("words", upos="NOUN")


@lru_cache(maxsize=50_000)
def _lemma(word: str, pos: str) -> str:
    """Give the dictionary form of a word, by lemminflect; lower case but for names."""
    if pos == "PROPN":
        return word
    if pos in {"NOUN", "VERB", "AUX", "ADJ", "ADV"} and len(word) < 40:
        found = getLemma(word.lower(), upos=pos)
        return str(found[0]) if found else word.lower()
    return word.lower()
