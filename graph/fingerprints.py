"""Short signatures of what articles print, by which those with passages in common are found among many.

Each passage is taken as its runs of five words (shingles), and they as eight least hashes (MinHash, Broder 1997), two
of which make a band. Two passages that have half their words in common share a band seven times in ten, equal ones
always; so articles of which one prints a good part of the other share bands of many passages. It is the passages that
are signed, not the articles: a short dispatch within a long article would be lost in a signature of the whole.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Iterable, Mapping, Sequence

import numpy as np
import numpy.typing as npt
from rensa import RMinHash  # type: ignore[import-untyped]  # it ships no type information

from graph.axioms import Node

Bands = npt.NDArray[np.uint32]

RUN = 5  # words
_LEAST_RUNS = 4  # a passage with fewer is too short to tell copies by
_BANDS, _ROWS = 4, 2
_SEED = 1
# Of the one with fewer signed passages; pairs that share half their runs had two fifths and more (`graph.reprints`).
_LEAST_PASSAGES = 0.2
# Signatures of another version can't be compared with these.
WAY = f"runs of {RUN}, {_BANDS} bands of {_ROWS}, rensa {RMinHash.ALGORITHM_VERSION}"

_WORD = re.compile(r"\w+")
_APOSTROPHES = str.maketrans("", "", "'’ʼ`")
# Multipliers by which two hashes and the number of their band become one number.
_MIX = (np.uint64(0x9E3779B97F4A7C15), np.uint64(0xC2B2AE3D27D4EB4F), np.uint64(0x165667B19E3779F9))


def find_runs(passage: str) -> list[str]:
    """List the runs of five words of a passage, lower case and without punctuation, in their order."""
    words = _WORD.findall(passage.translate(_APOSTROPHES).lower())
    return [" ".join(words[i : i + RUN]) for i in range(len(words) - RUN + 1)]


def sign(passages: Iterable[str]) -> Bands:
    """Give the signature of an article's passages, a row for each that is long enough, in no meaningful order."""
    runs = [runs for passage in sorted(set(passages)) if len(runs := find_runs(passage)) >= _LEAST_RUNS]
    if not runs:
        return np.zeros((0, _BANDS), dtype=np.uint32)
    hashes = np.array(
        RMinHash.digests_from_token_sets(runs, num_perm=_BANDS * _ROWS, seed=_SEED), dtype=np.uint64
    ).reshape(len(runs), _BANDS, _ROWS)
    mixed = (
        hashes[:, :, 0] * _MIX[0] + hashes[:, :, 1] * _MIX[1] + np.arange(_BANDS, dtype=np.uint64) * _MIX[2]
    )
    return np.unique((mixed >> np.uint64(32)).astype(np.uint32), axis=0)


def to_text(bands: Bands) -> str:
    """Write a signature as text."""
    return base64.b64encode(bands.astype("<u4").tobytes()).decode("ascii")


def from_text(text: str) -> Bands:
    """Read what `to_text` wrote."""
    return np.frombuffer(base64.b64decode(text), dtype="<u4").astype(np.uint32).reshape(-1, _BANDS)


class Index:
    """Find, for one article, those that have so many passages in common with it that they are worth comparing."""

    def __init__(self, signatures: Mapping[Node, Bands]) -> None:
        self._nodes: Sequence[Node] = sorted(signatures, key=str)
        self._signatures = signatures
        parts = [signatures[node] for node in self._nodes]
        self._sizes = np.array([len(part) for part in parts], dtype=np.int64)
        rows = np.concatenate(parts) if parts else np.zeros((0, _BANDS), dtype=np.uint32)
        bands = rows.ravel()
        order = np.argsort(bands, kind="stable")
        self._bands = bands[order]
        self._rows = order // _BANDS
        self._owners = np.repeat(np.arange(len(parts)), self._sizes)

    def find_near(self, node: Node) -> list[Node]:
        """Give the others, sorted. Whether two are near each other depends on no third."""
        own = self._signatures[node]
        wanted = own.ravel()
        first = np.searchsorted(self._bands, wanted, side="left")
        number = np.searchsorted(self._bands, wanted, side="right") - first
        at = np.repeat(first - np.cumsum(number) + number, number) + np.arange(number.sum())
        theirs, ours = self._rows[at], np.repeat(np.arange(len(wanted)) // _BANDS, number)
        met = np.zeros((len(self._nodes), len(own)), dtype=bool)
        met[self._owners[theirs], ours] = True
        meeting = np.zeros(len(self._owners), dtype=bool)
        meeting[theirs] = True
        back = np.bincount(self._owners[meeting], minlength=len(self._nodes))
        fewer = np.minimum(met.sum(axis=1), back)
        enough = np.maximum(1, np.minimum(self._sizes, len(own)) * _LEAST_PASSAGES)
        return [found for i in np.flatnonzero(fewer >= enough).tolist() if (found := self._nodes[i]) != node]
