"""What a text sets against each other by a word of contrast, and what only stands beside each other."""

from __future__ import annotations

from dataclasses import replace

import pytest
from rdflib import Graph
from spacy.tokens import Doc

from graph.iris import Iris
from graph.model import Article, Attribution, Contrast, EventMention, Reading, Span, Stance
from graph.terms import HS, RDF
from loaders.meaning import contrasts
from loaders.meaning.actors import Resolver
from loaders.rdf.triples import to_graph
from tests.meaning_sample import article, knowledge, vocab
from tests.parsed_text import parse

ALTHOUGH = (
    "Army/PROPN/nsubj/2 denied/VERB/root/0 it/PRON/obj/2 ,/PUNCT/punct/9 although/SCONJ/mark/9 last/ADJ/amod/7 "
    "week/NOUN/obl/9 rebels/NOUN/nsubj/9 said/VERB/advcl/2 troops/NOUN/nsubj/12 would/AUX/aux/12 "
    "enter/VERB/ccomp/9 ./PUNCT/punct/2"
)
WHILE_IN_FRONT = (
    "While/SCONJ/mark/3 rebels/NOUN/nsubj/3 denied/VERB/advcl/7 it/PRON/obj/3 ,/PUNCT/punct/3 army/NOUN/nsubj/7 "
    "said/VERB/root/0 troops/NOUN/nsubj/9 entered/VERB/ccomp/7 ./PUNCT/punct/7"
)
BUT = (
    "Army/PROPN/nsubj/2 said/VERB/root/0 troops/NOUN/nsubj/4 entered/VERB/ccomp/2 ,/PUNCT/punct/8 but/CCONJ/cc/8 "
    "rebels/NOUN/nsubj/8 denied/VERB/conj/2 it/PRON/obj/8 ./PUNCT/punct/2"
)
DESPITE = (
    "Army/PROPN/nsubj/2 said/VERB/root/0 troops/NOUN/nsubj/4 entered/VERB/ccomp/2 despite/ADP/case/7 "
    "rebel/ADJ/amod/7 denials/NOUN/obl/2 ./PUNCT/punct/2"
)
TWO_SENTENCES = (
    "Army/PROPN/nsubj/2 said/VERB/root/0 troops/NOUN/nsubj/4 entered/VERB/ccomp/2 ./PUNCT/punct/2",
    "But/CCONJ/cc/3 rebels/NOUN/nsubj/3 denied/VERB/root/0 it/PRON/obj/3 ./PUNCT/punct/3",
)
OWN_VOICE = (
    "Troops/NOUN/nsubj/2 took/VERB/root/0 Alda/PROPN/obj/2 ,/PUNCT/punct/7 although/SCONJ/mark/7 "
    "rebels/NOUN/nsubj/7 said/VERB/advcl/2 fighting/NOUN/nsubj/9 continued/VERB/ccomp/7 ./PUNCT/punct/2"
)


Told = tuple[str, str, str, str, Stance]


def said(text: str, key: str, source: str, cue: str, content: str, stance: Stance) -> Attribution:
    def at(words: str) -> Span:
        return Span.of(text, text.index(words), text.index(words) + len(words))

    return Attribution(
        key,
        at(source),
        at(cue),
        (at(content),),
        "indirect",
        stance,
        source_entity=source.lower(),
        source_kind="named",
    )


def parse_for_meaning(*sentences: str) -> Doc:
    """Give the parse with what the language knows of each word: its form in lower case."""
    plain = parse(*sentences)
    return Doc(
        vocab(),
        words=[token.text for token in plain],
        spaces=[bool(token.whitespace_) for token in plain],
        pos=[token.pos_ for token in plain],
        deps=[token.dep_ for token in plain],
        heads=[token.head.i for token in plain],
        sent_starts=[bool(token.is_sent_start) for token in plain],
    )


def find(sentences: tuple[str, ...], told: list[Told], own: str = "") -> tuple[Contrast, ...]:
    doc = parse_for_meaning(*sentences)
    events = []
    if own:
        trigger = Span.of(doc.text, doc.text.index(own), doc.text.index(own) + len(own))
        events.append(EventMention("e1", "Capture", trigger))
    attributions = [said(doc.text, *one) for one in told]
    return contrasts.find(Resolver(article(doc.text), doc, knowledge()), attributions, events)


ARMY_DENIES: Told = ("a1", "Army", "denied", "it", "Denial")
REBELS_SAY: Told = ("a2", "rebels", "said", "troops would enter", "Assertion")
ARMY_SAYS: Told = ("a1", "Army", "said", "troops entered", "Assertion")
REBELS_DENY: Told = ("a2", "rebels", "denied", "it", "Denial")


@pytest.mark.parametrize(
    ("sentences", "told", "mark"),
    [
        ((ALTHOUGH,), [ARMY_DENIES, REBELS_SAY], "although"),
        ((ALTHOUGH.replace("although", "whereas"),), [ARMY_DENIES, REBELS_SAY], "whereas"),
        ((ALTHOUGH.replace("although", "while"),), [ARMY_DENIES, REBELS_SAY], None),  # it may mean time
        ((ALTHOUGH.replace("although", "because"),), [ARMY_DENIES, REBELS_SAY], None),
        ((ALTHOUGH,), [ARMY_DENIES], None),
        ((WHILE_IN_FRONT,), [("a1", "army", "said", "troops entered", "Assertion"), REBELS_DENY], "While"),
        ((BUT,), [ARMY_SAYS, REBELS_DENY], "but"),
        ((BUT.replace("but", "and"),), [ARMY_SAYS, REBELS_DENY], None),
        ((BUT,), [ARMY_SAYS, ("a2", "Army", "denied", "it", "Denial")], None),  # one source goes on
        ((DESPITE,), [ARMY_SAYS, ("a2", "rebel", "denials", "troops entered", "Denial")], "despite"),
        ((DESPITE,), [ARMY_SAYS], None),
        (TWO_SENTENCES, [ARMY_SAYS, REBELS_DENY], "But"),
        (TWO_SENTENCES, [ARMY_SAYS, ("a2", "rebels", "denied", "it", "Assertion")], None),
    ],
)
def test_a_word_of_contrast_ties_two_attributions(
    sentences: tuple[str, ...], told: list[Told], mark: str | None
) -> None:
    found = find(sentences, told)
    assert [{one.one, one.other} for one in found] == ([{"a1", "a2"}] if mark else [])
    assert [one.mark.exact for one in found] == ([mark] if mark else [])


@pytest.mark.parametrize(("own", "number"), [("took", 1), ("", 0)])
def test_the_article_s_own_voice_is_a_side_where_it_tells_something(own: str, number: int) -> None:
    found = find((OWN_VOICE,), [("a2", "rebels", "said", "fighting continued", "Assertion")], own)
    assert [(one.one, one.other) for one in found] == [("a2", None)] * number


def test_what_somebody_concedes_himself_is_no_contrast_to_what_he_says() -> None:
    doc = parse_for_meaning(ALTHOUGH)
    outer = Attribution(
        "a1", None, Span.of(doc.text, 0, 4), (Span.of(doc.text, 5, len(doc.text)),), "direct", "Claim"
    )
    inner = replace(said(doc.text, "a2", "Army", "denied", "it", "Denial"), parent="a1")
    assert contrasts.find(Resolver(article(doc.text), doc, knowledge()), [outer, inner], []) == ()


def test_the_graph_ties_the_two_statements_once() -> None:
    doc = parse(OWN_VOICE)
    told = said(doc.text, "a2", "rebels", "said", "fighting continued", "Assertion")
    took = EventMention("e1", "Capture", Span.of(doc.text, 7, 11), actor=("alda-army",), place=("alda",))
    whole = Span.of(doc.text, 0, len(doc.text))
    reading = Reading(
        Article("0" * 16, "a.txt", "0" * 64, doc.text), (), attributions=(told,), events=(took,), sentences=(whole,),
        contrasts=(Contrast("a2", None, Span.of(doc.text, 18, 26)),),
    )  # fmt: skip
    graph: Graph = to_graph(reading, Iris())
    [(one, other)] = graph.subject_objects(HS.contrastsWith)
    kinds = {kind for side in (one, other) for kind in graph.objects(side, RDF.type)}
    assert kinds == {HS.Assertion, HS.NarratorStatement}
