"""Each form of attribution that news uses, on sound parses written by hand: who, by which words, what, how."""

from dataclasses import replace

import pytest

from graph.model import Attribution
from loaders.attribution.attributions import find
from loaders.attribution.lexicon import Lexicon
from loaders.attribution.quotations import pair
from tests.parsed_text import blocks_of, parse


@pytest.fixture(scope="module")
def lexicon() -> Lexicon:
    # What is tested is the reading, not the weighing.
    return replace(Lexicon.load(), weights={})


def read(lexicon: Lexicon, *sentences: str) -> tuple[Attribution, ...]:
    doc = parse(*sentences)
    blocks = blocks_of(doc.text)
    return find(doc, blocks, pair(doc.text, blocks), lexicon)


Expected = tuple[str | None, str, tuple[str, ...], str, str]

CASES: list[tuple[str, Expected]] = [
    (
        "The/DET/det/2 man/NOUN/nsubj:pass/4 was/AUX/aux:pass/4 identified/VERB/root/0/p as/ADP/case/7 a/DET/det/7"
        " spy/NOUN/obl/4 ./PUNCT/punct/4",
        (None, "was identified as", ("The man", "a spy"), "indirect", "Assertion"),
    ),
    (
        # What is held true keeps its "as".
        "The/DET/det/2 town/NOUN/nsubj:pass/4 was/AUX/aux:pass/4 regarded/VERB/root/0/p as/SCONJ/mark/6"
        " lost/ADJ/xcomp/4 ./PUNCT/punct/4",
        (None, "was regarded", ("The town", "as lost"), "indirect", "Belief"),
    ),
    (
        # The day is not what was reported on.
        "He/PRON/nsubj/2 reported/VERB/root/0/f on/ADP/case/4 Monday/PROPN/obl/2 losses/NOUN/obj/2 ./PUNCT/punct/2",
        ("He", "reported", ("losses",), "indirect", "Assertion"),
    ),
    (
        # A paper's name ends in a word that elsewhere is a day.
        "He/PRON/nsubj/2 left/VERB/root/0/f according/VERB/case/5/g to/ADP/fixed/3 USA/PROPN/obl/2"
        " Today/PROPN/flat/5 ./PUNCT/punct/2",
        ("USA Today", "according to", ("He left",), "indirect", "Assertion"),
    ),
    (
        "He/PRON/nsubj/2 left/VERB/root/0/f according/VERB/case/6/g to/ADP/fixed/3 the/DET/det/6"
        " army/NOUN/obl/2 today/NOUN/obl:unmarked/6 ./PUNCT/punct/2",
        ("the army", "according to", ("He left",), "indirect", "Assertion"),
    ),
    (
        # The parse hangs a phrase within the content on the cue.
        "She/PRON/nsubj/2 called/VERB/root/0/f her/PRON/nmod:poss/4 vote/NOUN/obj/2 for/ADP/case/6"
        " war/NOUN/obl/2 a/DET/det/8 mistake/NOUN/xcomp/2 ./PUNCT/punct/2",
        ("She", "called", ("her vote for war a mistake",), "indirect", "Assertion"),
    ),
    (
        "She/PRON/nsubj/2 pointed/VERB/root/0/f out/ADP/compound:prt/2 that/SCONJ/mark/7 the/DET/det/6"
        " army/NOUN/nsubj/7 won/VERB/ccomp/2/f ./PUNCT/punct/2",
        ("She", "pointed out", ("the army won",), "indirect", "Assertion"),
    ),
    (
        "The/DET/det/2 UN/PROPN/nsubj/3 called/VERB/root/0/f on/ADP/compound:prt/3 states/NOUN/obj/3"
        " to/PART/mark/7 act/VERB/xcomp/3/i ./PUNCT/punct/3",
        ("The UN", "called on", ("to act",), "indirect", "Directive"),
    ),
    (
        "The/DET/det/2 army/NOUN/nsubj/3 said/VERB/root/0/f that/SCONJ/mark/8 its/PRON/nmod:poss/6"
        " troops/NOUN/nsubj/8"
        " had/AUX/aux/8 left/VERB/ccomp/3/p ./PUNCT/punct/3",
        ("The army", "said", ("its troops had left",), "indirect", "Assertion"),
    ),
    (
        "“/PUNCT/punct/3 We/PRON/nsubj/3 won/VERB/ccomp/8/f ,/PUNCT/punct/3 ”/PUNCT/punct/3 the/DET/det/7"
        " army/NOUN/nsubj/8 said/VERB/root/0/f ./PUNCT/punct/8",
        ("the army", "said", ("We won",), "direct", "Assertion"),
    ),
    (
        "“/PUNCT/punct/3 We/PRON/nsubj/3 won/VERB/ccomp/6/f ,/PUNCT/punct/3 ”/PUNCT/punct/3 said/VERB/root/0/f"
        " the/DET/det/8 army/NOUN/nsubj/6 ./PUNCT/punct/6",
        ("the army", "said", ("We won",), "direct", "Assertion"),
    ),
    (
        "According/VERB/case/4 to/ADP/fixed/1 the/DET/det/4 army/NOUN/obl/8 ,/PUNCT/punct/4 the/DET/det/7"
        " town/NOUN/nsubj/8 fell/VERB/root/0/f ./PUNCT/punct/8",
        ("the army", "According to", ("the town fell",), "indirect", "Assertion"),
    ),
    (
        "The/DET/det/2 town/NOUN/nsubj/3 fell/VERB/root/0/f ,/PUNCT/punct/8 according/VERB/case/8 to/ADP/fixed/5"
        " the/DET/det/8 army/NOUN/obl/3 ./PUNCT/punct/3",
        ("the army", "according to", ("The town fell",), "indirect", "Assertion"),
    ),
    (
        "The/DET/det/2 army/NOUN/nsubj/4 has/AUX/aux/4 denied/VERB/root/0/p that/SCONJ/mark/8 its/PRON/nmod:poss/7"
        " troops/NOUN/nsubj/8 left/VERB/ccomp/4/f ./PUNCT/punct/4",
        ("The army", "has denied", ("its troops left",), "indirect", "Denial"),
    ),
    (
        "The/DET/det/2 town/NOUN/nsubj/3 fell/VERB/root/0/f ,/PUNCT/punct/7 the/DET/det/6 army/NOUN/nsubj/7"
        " said/VERB/parataxis/3/f ,/PUNCT/punct/7 after/SCONJ/mark/11 rebels/NOUN/nsubj/11"
        " left/VERB/advcl/3/f ./PUNCT/punct/3",
        ("the army", "said", ("The town fell", "after rebels left"), "indirect", "Assertion"),
    ),
    (
        "The/DET/det/2 fighters/NOUN/nsubj:pass/4 are/AUX/aux:pass/4 believed/VERB/root/0/p to/PART/mark/7"
        " have/AUX/aux/7 fled/VERB/xcomp/4/p ./PUNCT/punct/4",
        (None, "are believed to", ("The fighters", "have fled"), "indirect", "Belief"),
    ),
    (
        "It/PRON/expl/3 is/AUX/cop/3 unclear/ADJ/root/0 whether/SCONJ/mark/7 the/DET/det/6 town/NOUN/nsubj/7"
        " fell/VERB/csubj/3/f ./PUNCT/punct/3",
        (None, "unclear", ("whether the town fell",), "indirect", "Doubt"),
    ),
    (
        "The/DET/det/2 army/NOUN/nsubj/3 promised/VERB/root/0/f to/PART/mark/5 leave/VERB/xcomp/3/i the/DET/det/7"
        " town/NOUN/obj/5 ./PUNCT/punct/3",
        ("The army", "promised", ("to leave the town",), "indirect", "Prediction"),
    ),
    (
        "The/DET/det/2 army/NOUN/nsubj/3 said/VERB/root/0/f it/PRON/nsubj/6 would/AUX/aux/6"
        " leave/VERB/ccomp/3/i ./PUNCT/punct/3",
        ("The army", "said", ("it would leave",), "indirect", "Prediction"),
    ),
    (
        "The/DET/det/2 mayor/NOUN/nsubj/3 described/VERB/root/0/f the/DET/det/5 fighting/NOUN/obj/3 as/ADP/case/8"
        " “/PUNCT/punct/8 fierce/ADJ/obl/3 ”/PUNCT/punct/8 ./PUNCT/punct/3",
        ("The mayor", "described", ("the fighting as “fierce”",), "mixed", "Assertion"),
    ),
    (
        "Rebels/NOUN/nsubj/3 allegedly/ADV/advmod/3 shot/VERB/root/0/f him/PRON/obj/3 ./PUNCT/punct/3",
        (None, "allegedly", ("Rebels", "shot him"), "indirect", "Claim"),
    ),
    (
        "The/DET/det/2 minister/NOUN/nsubj/3 called/VERB/root/0/f for/ADP/case/5 talks/NOUN/obl/3 ./PUNCT/punct/3",
        ("The minister", "called for", ("talks",), "indirect", "Directive"),
    ),
    (
        "Minister/NOUN/root/0 :/PUNCT/punct/5 “/PUNCT/punct/5 We/PRON/nsubj/5 won/VERB/parataxis/1/f"
        " ./PUNCT/punct/5 ”/PUNCT/punct/5",
        ("Minister", ":", ("We won",), "direct", "Assertion"),
    ),
    (
        "The/DET/det/2 army/NOUN/nsubj/3 estimated/VERB/root/0/f that/SCONJ/mark/7 90/NUM/nummod/6 men/NOUN/nsubj/7"
        " died/VERB/ccomp/3/f ./PUNCT/punct/3",
        ("The army", "estimated", ("90 men died",), "indirect", "Estimate"),
    ),
]  # fmt: skip


@pytest.mark.parametrize(("sentence", "expected"), CASES, ids=[e[1] + " " + e[2][0] for _, e in CASES])
def test_each_form_is_read(lexicon: Lexicon, sentence: str, expected: Expected) -> None:
    (found,) = read(lexicon, sentence)
    source = found.source.exact if found.source else None
    assert (
        source,
        found.cue.exact,
        tuple(c.exact for c in found.content),
        found.form,
        found.stance,
    ) == expected


def test_who_is_told_is_kept_apart(lexicon: Lexicon) -> None:
    (found,) = read(
        lexicon,
        "A/DET/det/2 source/NOUN/nsubj/3 told/VERB/root/0/f AFP/PROPN/iobj/3 that/SCONJ/mark/8 the/DET/det/7"
        " town/NOUN/nsubj/8 fell/VERB/ccomp/3/f ./PUNCT/punct/3",
    )
    assert found.addressee is not None
    assert found.addressee.exact == "AFP"
    assert [c.exact for c in found.content] == ["the town fell"]


def test_who_is_ordered_is_kept_apart(lexicon: Lexicon) -> None:
    (found,) = read(
        lexicon,
        "The/DET/det/2 army/NOUN/nsubj/3 urged/VERB/root/0/f residents/NOUN/obj/3 to/PART/mark/6"
        " leave/VERB/xcomp/3/i ./PUNCT/punct/3",
    )
    assert found.addressee is not None
    assert found.addressee.exact == "residents"
    assert (found.content[0].exact, found.stance) == ("to leave", "Directive")


def test_an_adding_participle_shares_the_source(lexicon: Lexicon) -> None:
    said, adding = read(
        lexicon,
        "The/DET/det/2 army/NOUN/nsubj/3 said/VERB/root/0/f the/DET/det/5 town/NOUN/nsubj/6 fell/VERB/ccomp/3/f"
        " ,/PUNCT/punct/8 adding/VERB/advcl/6/g that/SCONJ/mark/12 it/PRON/nsubj/12 was/AUX/cop/12"
        " empty/ADJ/ccomp/8 ./PUNCT/punct/3",
    )
    assert said.content[0].exact == "the town fell"
    assert adding.source is not None
    assert (adding.source.exact, adding.content[0].exact) == ("The army", "it was empty")


def test_a_quotation_without_a_cue_belongs_to_the_one_before(lexicon: Lexicon) -> None:
    (found,) = read(
        lexicon,
        "“/PUNCT/punct/3 We/PRON/nsubj/3 won/VERB/ccomp/7/f ,/PUNCT/punct/3 ”/PUNCT/punct/3 he/PRON/nsubj/7"
        " said/VERB/root/0/f ./PUNCT/punct/7",
        "“/PUNCT/punct/3 They/PRON/nsubj/3 fled/VERB/root/0/f north/ADV/advmod/3 ./PUNCT/punct/3 ”/PUNCT/punct/3",
    )
    assert [c.exact for c in found.content] == ["We won", "They fled north"]


def test_a_content_within_another_names_its_parent(lexicon: Lexicon) -> None:
    outer, inner = read(
        lexicon,
        "Many/ADJ/nsubj/2 disputed/VERB/root/0/f the/DET/det/4 claim/NOUN/obj/2 that/SCONJ/mark/8 the/DET/det/7"
        " town/NOUN/nsubj/8 fell/VERB/acl/4/f ./PUNCT/punct/2",
    )
    assert (outer.stance, outer.content[0].exact) == ("Dispute", "the claim that the town fell")
    assert (inner.stance, inner.content[0].exact, inner.parent) == ("Claim", "the town fell", outer.id)


def test_a_negated_cue_is_part_of_the_cue_and_leaves_open(lexicon: Lexicon) -> None:
    (found,) = read(
        lexicon,
        "The/DET/det/2 army/NOUN/nsubj/5 did/AUX/aux/5 not/PART/advmod/5 say/VERB/root/0/i whether/SCONJ/mark/9"
        " the/DET/det/8 town/NOUN/nsubj/9 fell/VERB/ccomp/5/f ./PUNCT/punct/5",
    )
    assert (found.cue.exact, found.stance) == ("did not say", "Doubt")


def test_when_it_was_said_is_kept_as_words(lexicon: Lexicon) -> None:
    (found,) = read(
        lexicon,
        "On/ADP/case/2 Friday/PROPN/obl/5 the/DET/det/4 army/NOUN/nsubj/5 said/VERB/root/0/f the/DET/det/7"
        " town/NOUN/nsubj/8 fell/VERB/ccomp/5/f ./PUNCT/punct/5",
    )
    assert found.uttered is not None
    assert found.uttered.words is not None
    assert "Friday" in found.uttered.words.exact
    assert found.content[0].exact == "the town fell"


@pytest.mark.parametrize(
    "sentence",
    [
        "The/DET/det/2 army/NOUN/nsubj/3 left/VERB/root/0/f the/DET/det/5 town/NOUN/obj/3 ./PUNCT/punct/3",
        # On what terms somebody spoke is not what he said.
        "He/PRON/nsubj/2 requested/VERB/root/0/f anonymity/NOUN/obj/2 ./PUNCT/punct/2",
    ],
)
def test_a_sentence_that_ascribes_nothing_gives_nothing(lexicon: Lexicon, sentence: str) -> None:
    assert read(lexicon, sentence) == ()
