"""Whatever the text and however wrong its parse: no crash, no misplaced span, no work beyond the text's length."""

import itertools
import random
import time
from dataclasses import replace

import pytest
from spacy.tokens import Doc
from spacy.vocab import Vocab

from graph.model import Attribution, Block, Span
from loaders.attribution.attributions import find
from loaders.attribution.lexicon import Lexicon
from loaders.attribution.quotations import pair

WORDS = [
    *(
        "said",
        "“",
        "”",
        '"',
        ",",
        ".",
        "the",
        "army",
        "that",
        "denied",
        "according",
        "to",
        "claim",
        "he",
        "has",
    ),
    *(
        "adding",
        "believed",
        "reportedly",
        "alleged",
        "not",
        ":",
        "described",
        "as",
        "unclear",
        "whether",
        "\n\n",
    ),
    *("(", ")", "will", "’s"),
]
DEPS = [
    *(
        "nsubj",
        "obj",
        "ccomp",
        "xcomp",
        "parataxis",
        "advcl",
        "acl",
        "acl:relcl",
        "obl",
        "case",
        "mark",
        "conj",
        "cc",
    ),
    *(
        "punct",
        "aux",
        "aux:pass",
        "nsubj:pass",
        "nmod",
        "amod",
        "advmod",
        "appos",
        "cop",
        "expl",
        "fixed",
        "iobj",
    ),
]
POS = ["NOUN", "VERB", "PROPN", "ADJ", "ADV", "PUNCT", "ADP", "PRON", "AUX", "PART", "NUM"]

LIKELY = {
    **dict.fromkeys(["said", "denied", "adding", "believed", "described", "according"], "VERB"),
    **dict.fromkeys(["army", "claim"], "NOUN"),
    "he": "PRON",
    "has": "AUX",
    "will": "AUX",
    "reportedly": "ADV",
    "alleged": "ADJ",
    "unclear": "ADJ",
}


@pytest.fixture(scope="module")
def lexicon() -> Lexicon:
    # Without weights everything that is read is kept, so that everything is checked.
    return replace(Lexicon.load(), weights={})


def build(seed: int, length: int, *, sentence: int = 30) -> Doc:
    """Build a text of words from the list above, with a random tree for each sentence."""
    chance = random.Random(seed)
    words = [chance.choice(WORDS) for _ in range(length)]
    heads: list[int] = []
    deps: list[str] = []
    for first in range(0, length, sentence):
        size = min(sentence, length - first)
        order = list(range(size))
        chance.shuffle(order)
        head = {order[0]: order[0]} | {k: order[chance.randrange(n)] for n, k in enumerate(order) if n}
        heads += [first + head[k] for k in range(size)]
        deps += ["ROOT" if head[k] == k else chance.choice(DEPS) for k in range(size)]
    pos = [
        "SPACE"
        if not word.strip()
        else LIKELY[word]
        if word in LIKELY and chance.random() < 0.8
        else chance.choice(POS)
        for word in words
    ]
    return Doc(Vocab(), words=words, spaces=[True] * length, heads=heads, deps=deps, pos=pos)


def read(doc: Doc, lexicon: Lexicon) -> tuple[Attribution, ...]:
    blocks = [Block("body", Span.of(doc.text, 0, len(doc.text)))]
    return find(doc, blocks, pair(doc.text, blocks), lexicon)


def test_a_wrong_parse_gives_no_wrong_place(lexicon: Lexicon) -> None:
    for seed in range(300):
        doc = build(seed, seed % 150 + 1)
        check(doc, read(doc, lexicon))


def check(doc: Doc, found: tuple[Attribution, ...]) -> None:
    assert [a.id for a in found] == [f"a{k}" for k in range(1, len(found) + 1)]
    ids = {a.id for a in found}
    for a in found:
        spans = [a.cue, *a.content, a.source, a.addressee, a.hedge, a.channel]
        assert all(span.verify(doc.text) for span in spans if span is not None)
        assert a.content
        assert all(span.exact.strip() == span.exact for span in a.content)
        assert all(one.end <= other.start for one, other in itertools.pairwise(a.content))
        assert all(c.end <= a.cue.start or c.start >= a.cue.end for c in a.content)
        assert a.parent is None or (a.parent in ids and a.parent != a.id)


def test_the_random_texts_hold_attributions(lexicon: Lexicon) -> None:
    assert sum(len(read(build(seed, 120), lexicon)) for seed in range(10)) > 20


@pytest.mark.parametrize(
    "word", ["said", "“", '"', "“said", "claim", "according to", "he said , “ we won , ” and “ we left . ”"]
)
def test_one_endless_sentence_takes_no_endless_time(lexicon: Lexicon, word: str) -> None:
    words = (word.split() * 50_000)[:50_000]
    doc = Doc(
        Vocab(),
        words=words,
        heads=[max(k - 1, 0) for k in range(len(words))],
        deps=["ROOT", *["ccomp"] * (len(words) - 1)],
        pos=["VERB"] * len(words),
    )
    begin = time.perf_counter()
    read(doc, lexicon)
    assert time.perf_counter() - begin < 30


def test_work_grows_with_the_text_and_no_faster(lexicon: Lexicon) -> None:
    def measure(length: int) -> float:
        doc = build(7, length)
        begin = time.perf_counter()
        read(doc, lexicon)
        return time.perf_counter() - begin

    measure(2_000)
    assert measure(32_000) < 40 * max(measure(4_000), 0.05)


def test_without_any_parse_a_quotation_still_finds_its_cue(lexicon: Lexicon) -> None:
    words = ["“", "We", "won", ",", "”", "the", "army", "said", "."]
    doc = Doc(Vocab(), words=words, spaces=[False, True, False, False, True, True, True, False, False])
    (found,) = read(doc, lexicon)
    assert (found.cue.exact, found.content[0].exact, found.form) == ("said", "We won", "direct")


def test_an_empty_text_gives_nothing(lexicon: Lexicon) -> None:
    assert find(Doc(Vocab(), words=[]), [], (), lexicon) == ()
