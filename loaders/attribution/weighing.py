"""Whether a frame is an attribution after all: a weighing of what speaks for and against it.

Many verbs attribute in one construction and not in another ("found that" and "found a body"), by one kind
of subject and not by another. What the lexicon allows is therefore weighed: each property of a frame has a
weight, in `cue_weights.csv` beside the language model, and a frame counts where their sum is not below zero. The
weights are fitted by logistic regression to the free attribution corpus (`loaders/training/weigh_cues.py`);
a property that the table does not have weighs nothing.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping

from loaders.attribution.clauses import Tree
from loaders.attribution.frames import Frame
from loaders.attribution.speech import Speech
from loaders.text.wordlists import function_words


def weigh(speech: Speech, frame: Frame, weights: Mapping[str, float]) -> float:
    """Give the sum of the weights of a frame's properties."""
    sure = weights.get("model", 0.0) * frame.confidence + (
        weights.get("only model", 0.0) if frame.entry.lemma == "*" else 0.0
    )
    return sure + sum(weights.get(name, 0.0) for name in list_properties(speech, frame))


def calibrate(weight: float, weights: Mapping[str, float]) -> float | None:
    """Turn a frame's weight into the share of frames of that weight that were right on annotated articles (Platt
    scaling), to the second decimal; None where nobody measured it."""
    if "calibration slope" not in weights:
        return None
    log_odds = weights["calibration slope"] * weight + weights.get("calibration shift", 0.0)
    return round(1 / (1 + math.exp(-max(-20.0, min(20.0, log_odds)))), 2)


def list_properties(speech: Speech, frame: Frame) -> Iterator[str]:
    """List the properties of a settled frame by which it is weighed."""
    tree, entry = speech.tree, frame.entry
    lemma = f"{entry.lemma} {entry.particle}".strip()
    yield "any"
    yield f"how {frame.how}"
    yield f"lemma {lemma}"
    yield f"lemma {lemma}, {frame.how}"
    yield f"stance {entry.stance}"
    source = describe_source(tree, frame)
    yield f"source {source}"
    yield f"how {frame.how}, source {source}"
    yield f"form {tree.form[frame.head] or tree.pos[frame.head]}"
    quoted = speech.around(tree.start[frame.head]) is not None
    yield "in a quotation" if quoted else "in plain text"
    if quoted:
        yield f"in a quotation, how {frame.how}"
    yield from _cue_properties(tree, frame)
    yield from _content_properties(speech, frame)


def _cue_properties(tree: Tree, frame: Frame) -> Iterator[str]:
    if frame.negated:
        yield "negated"
    if any(tree.lower[k] in function_words("modal") for k in frame.cue) or any(
        tree.lower[k] in function_words("modal") for k in tree.children(frame.head, "aux", "mark")
    ):
        yield "modal"
    if frame.passive:
        yield "passive"
    yield f"hangs as {tree.dep[frame.head].split(':')[0].lower()}"


def describe_source(tree: Tree, frame: Frame) -> str:
    """Give the kind of a source: none, first person, pronoun, name, noun, plural and the like."""
    words = frame.find_source()
    if not words:
        return "none"
    inside = set(words)
    head = next((k for k in words if tree.head[k] not in inside or tree.head[k] == k), words[0])
    if tree.pos[head] == "PRON":
        return (
            "first person"
            if tree.lower[head] in function_words("speaks or is spoken to")
            else f"pronoun {tree.lower[head]}"
        )
    return "name" if tree.pos[head] == "PROPN" else "noun"


def _content_properties(speech: Speech, frame: Frame) -> Iterator[str]:
    tree = speech.tree
    size = sum(end - start for start, end in frame.content)
    yield f"content {'tiny' if size < 12 else 'short' if size < 30 else 'middling' if size < 80 else 'long'}"
    if len(frame.content) > 1:
        yield "content in pieces"
    if speech.around(tree.start[frame.head]) is None and any(
        speech.inside(a - 1, b) for a, b in frame.content
    ):
        yield "content quoted"
    inside = set(frame.words)
    if inside:
        head = next((k for k in frame.words if tree.head[k] not in inside), frame.words[0])
        yield f"content headed by {tree.pos[head]}"
        yield f"how {frame.how}, content headed by {tree.pos[head]}"
        opening = next((k for k in frame.words if tree.pos[k] not in {"PUNCT", "SPACE"}), frame.words[0])
        yield f"how {frame.how}, content opens with {tree.pos[opening]}"
