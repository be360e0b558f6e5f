"""What no tree of English can be is mended, and a sound parse passes unchanged."""

from __future__ import annotations

import pytest

from loaders.language.mending import mend

# Words with part of speech, relation and head, counted from 1, 0 for the root; then what is mended.
Parse = list[tuple[str, str, str, int]]
CASES: list[tuple[str, Parse, list[tuple[int, str, int]]]] = [
    (
        "as behind its head opens what follows",
        [
            ("fighting", "NOUN", "root", 0), ("described", "VERB", "acl", 1), ("as", "SCONJ", "mark", 2),
            ("“", "PUNCT", "punct", 4), ("fierce", "ADJ", "xcomp", 2),
        ],
        [(3, "mark", 5)],
    ),
    (
        "a preposition before its noun stays",
        [("troops", "NOUN", "nsubj", 2), ("left", "VERB", "root", 0), ("for", "ADP", "case", 4),
         ("home", "NOUN", "obl", 2)],
        [],
    ),
    (
        "a possessive stays behind its noun",
        [("army", "NOUN", "nmod:poss", 3), ("'s", "PART", "case", 1), ("troops", "NOUN", "nsubj", 4),
         ("left", "VERB", "root", 0)],
        [],
    ),
    (
        "a mark with nothing behind it to open stays",
        [("go", "VERB", "root", 0), ("on", "ADP", "case", 1), ("now", "ADV", "advmod", 1)],
        [],
    ),
]  # fmt: skip


@pytest.mark.parametrize(("parse", "mended"), [case[1:] for case in CASES], ids=[case[0] for case in CASES])
def test_only_what_can_not_be_is_mended(parse: Parse, mended: list[tuple[int, str, int]]) -> None:
    text, pos, dep = ([row[part] for row in parse] for part in range(3))
    head = [i if row[3] == 0 else row[3] - 1 for i, row in enumerate(parse)]
    wanted = list(zip(dep, head, strict=True))
    for word, relation, above in mended:
        wanted[word - 1] = (relation, above - 1)
    mend(text, pos, dep, head, [(0, len(parse))])  # type: ignore[arg-type]  # words are str
    assert list(zip(dep, head, strict=True)) == wanted
