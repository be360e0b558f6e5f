"""Measures a model as it ships, eight-bit weights and all: `python -m loaders.training.measure --data CORPORA`.

Words and sentences are those of the treebank; trees are decoded as in reading. The attribution corpus is measured with
its own words: cues alone, and what the linker gives for each annotated cue. The figures go into `scores.json` beside
the model, by corpus and genre.
"""

from __future__ import annotations

import argparse
import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime

from loaders.language.location import MODEL
from loaders.language.pieces import Pieces
from loaders.language.pipeline import NO_KIND
from loaders.language.trees import decode_sentence
from loaders.training.corpora import LinkWindow, TreeWindow, read_links, read_trees

TREEBANKS = {
    "English EWT test": "en_ewt-ud-test.conllu",
    "English GUM test": "en_gum_free-ud-test.conllu",
    "English PUD test": "en_pud-ud-test.conllu",
}
# A document's name begins with its genre; PUD has but a letter for it.
_GENRE = re.compile(r"(?:GUM_)?([a-z]+)", re.IGNORECASE)
_LETTERS = {"n": "news", "w": "wiki"}
_LONGEST = 500


class Model:
    """Hold the exported networks."""

    def __init__(self, folder: Path) -> None:
        self.labels: dict[str, list[str]] = json.loads((folder / "labels.json").read_text(encoding="utf-8"))
        self.pieces = Pieces(folder / "tokenizer.json")
        self.reader, self.labeller, self.linker = (
            onnxruntime.InferenceSession(str(folder / f"{name}.onnx"), providers=["CPUExecutionProvider"])
            for name in ("model", "labeller", "linker")
        )

    def read(self, words: Sequence[str], opens: Sequence[bool]) -> dict[str, Any] | None:
        """Give the scores of one window, None where it is longer than the encoder takes."""
        window = self.pieces.window(self.pieces.cut(words), opens)
        if len(window.ids) > _LONGEST:
            return None
        ids = np.array([window.ids], dtype=np.int64)
        names = [x.name for x in self.reader.get_outputs()]
        first = np.array([window.first], dtype=np.int64)
        values = self.reader.run(names, {"ids": ids, "first": first})
        return {name: value[0] for name, value in zip(names, values, strict=True)}


def measure_trees(model: Model, windows: Iterable[TreeWindow]) -> dict[str, dict[str, float]]:
    """Give per cent by genre and for all: parts of speech, attachment, F1 of sentence starts and of kinds."""
    counts: dict[str, Counter[str]] = {"all": Counter()}
    for window in windows:
        out = model.read(window.words, window.paragraph)
        if out is None:
            continue
        found = _count_window(model, window, out)
        matched = _GENRE.match(window.document)
        name = matched[1].lower() if matched else "other"
        counts["all"].update(found)
        counts.setdefault(_LETTERS.get(name, name), Counter()).update(found)
    return {name: _to_percent(n) for name, n in counts.items()}


def _count_window(model: Model, window: TreeWindow, out: dict[str, Any]) -> Counter[str]:
    n: Counter[str] = Counter()
    size, labels = len(window.words), model.labels
    heads = [-1] * size
    for a, b in _sentences(window.sentence):
        heads[a:b] = decode_sentence(out["arcs"], a, b)
    places = np.array([[0 if h < 0 else h + 1 for h in heads]], dtype=np.int64)
    rooted = out["rooted"][None]
    (scores,) = model.labeller.run(None, {"words": rooted[:, 1:], "rooted": rooted, "heads": places})
    relations = scores[0].argmax(axis=1)
    upos, kinds = out["upos"].argmax(axis=1), out["kinds"].argmax(axis=1)
    for i in range(size):
        right = heads[i] == window.head[i]
        n["words"] += 1
        n["upos"] += labels["upos"][upos[i]] == window.upos[i]
        n["uas"] += right
        labelled = right and labels["relations"][relations[i]] == window.relation[i]
        n["las"] += labelled
        if window.relation[i] != "punct":
            n["plain words"] += 1
            n["plain las"] += labelled
        starts, said = i == 0 or window.sentence[i] != window.sentence[i - 1], i == 0 or out["starts"][i] > 0
        n["start"] += bool(starts and said)
        n["starts"] += int(starts) + int(said)
        if window.kind[i]:
            kind = labels["kinds"][kinds[i]]
            n["kind"] += kind == window.kind[i] != NO_KIND
            n["kinds"] += (kind != NO_KIND) + (window.kind[i] != NO_KIND)
    return n


def _sentences(numbers: Sequence[int]) -> Iterator[tuple[int, int]]:
    begin = 0
    for i in range(1, len(numbers) + 1):
        if i == len(numbers) or numbers[i] != numbers[begin]:
            yield begin, i
            begin = i


def _to_percent(n: Counter[str]) -> dict[str, float]:
    found = {name: round(100 * n[name] / max(1, n["words"]), 2) for name in ("upos", "uas", "las")}
    # PUD hangs commas on other words than EWT and GUM do, so punctuation says little about a parser there.
    found["las without punctuation"] = round(100 * n["plain las"] / max(1, n["plain words"]), 2)
    found["sentences"] = round(200 * n["start"] / max(1, n["starts"]), 2)
    if n["kinds"]:
        found["kinds"] = round(200 * n["kind"] / n["kinds"], 2)
    return found | {"words": n["words"]}


def measure_links(model: Model, windows: Iterable[LinkWindow]) -> dict[str, float]:
    """Give per cent: F1 of cues by exact words; of annotated cues, how many have source, content and stance right."""
    n: Counter[str] = Counter()
    for window in windows:
        out = model.read(window.words, window.paragraph)
        if out is None:
            continue
        gold = {tuple(k.cue) for k in window.links}
        found = set(find_runs(out["cues"].argmax(axis=1).tolist()))
        n["cue"] += len(gold & found)
        n["cues"] += len(gold) + len(found)
        if not window.links:
            continue
        at = np.array([k.cue[0] for k in window.links], dtype=np.int64)
        marks, stances = model.linker.run(None, {"words": out["rooted"][None, 1:], "cue": at})
        best, stance = marks.argmax(axis=2).tolist(), stances.argmax(axis=1).tolist()
        for link, row, said in zip(window.links, best, stance, strict=True):
            n["links"] += 1
            n["source"] += [i for i, x in enumerate(row) if x == 1] == link.source
            n["content"] += [i for i, x in enumerate(row) if x == 2] == link.content
            n["stance"] += model.labels["stances"][said] == link.stance
    shares = {k: round(100 * n[k] / max(1, n["links"]), 1) for k in ("source", "content", "stance")}
    return {"cue": round(200 * n["cue"] / max(1, n["cues"]), 1)} | shares | {"links": n["links"]}


def find_runs(tags: Sequence[int]) -> Iterator[tuple[int, ...]]:
    """Give the words of each cue that tags mark: 1 begins one, 2 goes on with it."""
    run: list[int] = []
    for i, tag in enumerate([*tags, 0]):
        if tag != 2 and run:
            yield tuple(run)
            run = []
        if tag == 1 or (tag == 2 and run):
            run.append(i)


def main() -> None:
    """Read the command line, measure, and write the figures."""
    parser = argparse.ArgumentParser(description="Measure an exported language model.")
    parser.add_argument("--data", type=Path, required=True, help="the folder with ud/ and attribution/")
    parser.add_argument("--model", type=Path, default=MODEL)
    args = parser.parse_args()
    model = Model(args.model)
    scores: dict[str, Any] = {}
    for name, file in TREEBANKS.items():
        scores[name] = measure_trees(model, read_trees(args.data / "ud" / file))
        print(f"{name}: {json.dumps(scores[name]['all'])}", flush=True)
    scores["attribution dev"] = measure_links(model, read_links(args.data / "attribution" / "dev"))
    print(f"attribution dev: {json.dumps(scores['attribution dev'])}", flush=True)
    (args.model / "scores.json").write_text(json.dumps(scores, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
