"""Every matrix of scores gives a tree: one root, a head for each word, no cycle."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from loaders.language.trees import decode_tree


@settings(max_examples=300, deadline=None)
@given(
    st.integers(1, 25).flatmap(
        lambda n: arrays(np.float32, (n, n + 1), elements=st.floats(-20, 20, width=32), fill=st.nothing())
    )
)
def test_any_scores_give_one_rooted_tree(scores: np.ndarray) -> None:
    heads = decode_tree(scores)
    assert heads.count(-1) == 1
    for word in range(len(heads)):
        seen = set()
        at = word
        while at >= 0:
            assert at not in seen
            seen.add(at)
            at = heads[at]


def test_clear_scores_are_followed() -> None:
    # "She left" with "left" as root.
    scores = np.array([[0, 0, 9], [9, 0, 0]], dtype=np.float32)
    assert decode_tree(scores) == [1, -1]


def test_cycle_is_broken_at_the_least_loss() -> None:
    # Words 1 and 2 like each other best; word 2 gives up less by taking word 0.
    scores = np.array([[9, 0, 0, 0], [0, 1, 0, 8], [0, 7, 8, 0]], dtype=np.float32)
    assert decode_tree(scores) == [-1, 2, 0]
