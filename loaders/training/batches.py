"""Windows of words as the tensors that a training step takes: alike in length, varied, some words hidden."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from typing import Any

import torch
from torch import Tensor

from loaders.language.pieces import Pieces
from loaders.language.pipeline import WINDOW_PIECES
from loaders.training.corpora import LinkWindow
from loaders.training.variation import Wording, disturb

PIECES_A_BATCH = 1600
HIDDEN_WORDS = 0.06  # share of words that the encoder is not shown, in half of the windows
OTHER_VERBS = 0.15  # share of cues of one word that another verb stands in for
IGNORE = -100  # the label of what is not to be learned


def batches(
    windows: Sequence[Any], pieces: Pieces, rng: random.Random, *, wording: Wording | None = None
) -> Iterator[list[Any]]:
    """Give lists of (window, its Window of pieces), alike in length, of up to PIECES_A_BATCH pieces.

    With `wording` they are for training: varied, some words hidden, and in a random order.
    """
    ready = []
    for w in windows:
        if wording is not None:
            w = disturb(w, rng)
            if isinstance(w, LinkWindow):
                w = wording.vary(w, rng, OTHER_VERBS)
        words = pieces.cut(w.words)
        if wording is not None and rng.random() < 0.5:
            words = [[pieces.mask] * len(x) if rng.random() < HIDDEN_WORDS else x for x in words]
        cut = pieces.window(words, w.paragraph)
        if len(cut.ids) <= WINDOW_PIECES:
            ready.append((w, cut))
    if wording is not None:
        ready.sort(key=lambda x: len(x[1].ids) + rng.random() * 40)
    groups: list[list[Any]] = [[]]
    for item in ready:
        if (
            groups[-1]
            and (len(groups[-1]) + 1) * max(len(item[1].ids), len(groups[-1][0][1].ids)) > PIECES_A_BATCH
        ):
            groups.append([])
        groups[-1].append(item)
    if wording is not None:
        rng.shuffle(groups)
    yield from (g for g in groups if g)


def inputs(batch: Sequence[Any], device: str) -> tuple[Tensor, Tensor, Tensor]:
    """Pad a batch: ids, mask, first pieces."""
    n = max(len(c.ids) for _, c in batch)
    m = max(len(c.first) for _, c in batch)
    ids = torch.tensor([c.ids + [0] * (n - len(c.ids)) for _, c in batch])
    mask = torch.tensor([[1] * len(c.ids) + [0] * (n - len(c.ids)) for _, c in batch])
    first = torch.tensor([c.first + [0] * (m - len(c.first)) for _, c in batch])
    return ids.to(device), mask.to(device), first.to(device)


def pad(rows: Sequence[Sequence[int]], m: int, fill: int) -> Tensor:
    """Make one tensor of rows of numbers, each filled up to the length `m`."""
    return torch.tensor([list(r) + [fill] * (m - len(r)) for r in rows])
