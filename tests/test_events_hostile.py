"""Whatever the text and however wrong its parse: no crash, spans that stand, and work that grows with the length."""

import random
import time
from itertools import pairwise

import pytest
from spacy.tokens import Doc

from graph.model import Attribution, Block, Span
from loaders.meaning.reader import Meaning
from tests.meaning_sample import article, reader, vocab

_LINES = """
    the The its their they it We our said denied entered captured town city of Al - Bukamal Damascus Syria Syrian
    US backed ISIS IS forces troops army allied militias source spokesman Gen. Smith John ( UN ) 120,000 between and
    more than people killed displaced Friday last week 2014 border with from by to would not air strikes support
    “ ” ’s , . government regime group which who
"""
WORDS = tuple(_LINES.split())
TAGS = (
    "NOUN",
    "PROPN",
    "VERB",
    "ADJ",
    "PRON",
    "ADP",
    "DET",
    "NUM",
    "AUX",
    "PUNCT",
    "CCONJ",
    "PART",
    "SCONJ",
    "ADV",
    "X",
)
RELATIONS = (
    "nsubj", "nsubj:pass", "obj", "iobj", "obl", "obl:agent", "nmod", "nmod:poss", "amod", "compound", "flat", "appos",
    "conj", "cc", "case", "mark", "aux", "aux:pass", "acl", "acl:relcl", "advcl", "xcomp", "ccomp", "det", "punct",
    "nummod", "advmod", "expl", "parataxis", "dep",
)  # fmt: skip


def jumble(seed: int, length: int, sentence: int = 30) -> Doc:
    """Make a text of random words with random trees, one for each sentence."""
    rng = random.Random(seed)
    heads: list[int] = []
    for start in range(0, length, sentence):
        size = min(sentence, length - start)
        order = rng.sample(range(size), size)
        of = {order[0]: order[0]} | {order[n]: order[rng.randrange(n)] for n in range(1, size)}
        heads.extend(start + of[i] for i in range(size))
    deps = ["ROOT" if heads[i] == i else rng.choice(RELATIONS) for i in range(length)]
    return Doc(
        vocab(),
        words=[rng.choice(WORDS) for _ in range(length)],
        spaces=[rng.random() < 0.9 for _ in range(length)],
        pos=[rng.choice(TAGS) for _ in range(length)],
        lemmas=[rng.choice(WORDS).lower() for _ in range(length)],
        morphs=[rng.choice(["", "Number=Plur", "VerbForm=Part|Tense=Past"]) for _ in range(length)],
        heads=heads,
        deps=deps,
    )


def understand(doc: Doc) -> Meaning:
    text = doc.text
    thirds = [len(text) * n // 30 for n in range(31)]
    attributions = [
        Attribution(
            f"a{n}",
            Span.of(text, a, a + 3),
            Span.of(text, a + 4, a + 6),
            (Span.of(text, a + 6, b),),
            "indirect",
            "Denial",
        )
        for n, (a, b) in enumerate(pairwise(thirds))
        if b - a > 10
    ]
    return reader().read(article(text), doc, (Block("body", Span.of(text, 0, len(text))),), attributions)


@pytest.mark.parametrize("seed", range(12))
def test_no_parse_is_too_wrong(seed: int) -> None:
    doc = jumble(seed, 240)
    found = understand(doc)
    text = doc.text
    assert all(e.trigger.verify(text) for e in found.events)
    assert all(r.evidence.verify(text) for r in found.relations)
    assert all(f.evidence.verify(text) for f in found.figures)
    assert {a.key for a in found.agents} >= {a.source_entity for a in found.attributions if a.source_entity}


def test_work_grows_with_the_length() -> None:
    def cost(length: int) -> float:
        doc = jumble(1, length)
        start = time.process_time()
        understand(doc)
        return time.process_time() - start

    cost(300)
    short, long = max(cost(1_500), 0.05), cost(9_000)
    assert long < short * 6 * 4


def test_an_empty_article_has_no_meaning() -> None:
    doc = Doc(vocab(), words=[" "], spaces=[False])
    found = reader().read(article(" "), doc, (), ())
    assert (found.events, found.relations, found.figures, found.agents) == ((), (), (), ())


def test_one_endless_sentence_is_read() -> None:
    doc = jumble(3, 2_000, sentence=2_000)
    start = time.process_time()
    understand(doc)
    assert time.process_time() - start < 20
