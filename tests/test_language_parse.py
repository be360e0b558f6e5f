"""The shipped model parses any text: every token in its place, every sentence a tree, in bounded time."""

import random
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graph.model import Block, Span
from loaders.language.pipeline import Pipeline


@pytest.fixture(scope="module")
def pipeline() -> Pipeline:
    return Pipeline.load()


def body(text: str) -> list[Block]:
    return [Block("body", Span.of(text, 0, len(text)))] if text else []


TEXT = (
    "BEIRUT (AFP) – Rebel fighters withdrew from the town on Monday, the army said.\n\n"
    "Share this\n\n"
    "“We will not leave,” a commander told Reuters. The government denied that its forces had entered the city."
)


def test_words_keep_their_places_and_sentences_are_found(pipeline: Pipeline) -> None:
    at = TEXT.index("Share")
    blocks = [
        Block("body", Span.of(TEXT, 0, at - 2)),
        Block("furniture", Span.of(TEXT, at, at + 10)),
        Block("body", Span.of(TEXT, at + 12, len(TEXT))),
    ]
    doc = pipeline.parse(TEXT, blocks)
    assert all(TEXT[t.idx : t.idx + len(t)] == t.text for t in doc)
    sentences = [s.text.strip() for s in doc.sents if s.root.dep_ == "ROOT"]
    assert [s.split()[-1] for s in sentences] == ["said.", "Reuters.", "city."]
    (entered,) = [t for t in doc if t.text == "entered"]
    assert entered.pos_ == "VERB"
    assert entered.lemma_ == "enter"
    assert entered.head.text == "denied"
    assert {c.text for c in entered.children if c.dep_ == "nsubj"} == {"forces"}
    assert all(not t.dep_ for t in doc if t.text in {"Share", "this"})
    cues = {doc[x.cue[0]].text for x in doc.user_data["cue_links"]}
    assert {"told", "denied"} <= cues


@settings(max_examples=60, deadline=None)
@given(st.text(st.characters(codec="utf-8"), max_size=400))
def test_any_text_is_parsed_with_every_token_in_place(text: str) -> None:
    doc = shared().parse(text, body(text) if text.strip() else [])
    assert "".join(t.text_with_ws for t in doc) == text
    for sentence in doc.sents:
        assert sum(t.dep_ == "ROOT" for t in sentence) == any(t.dep_ for t in sentence)


_cache: list[Pipeline] = []


def shared() -> Pipeline:
    if not _cache:
        _cache.append(Pipeline.load())
    return _cache[0]


@pytest.mark.parametrize(
    "text",
    [
        "war " * 6_000,
        "“" * 3_000,
        "a" * 50_000,
        "\n".join("x" for _ in range(3_000)),
        "".join(random.Random(1).choices("\u202e\u200b\x00 .,“”'-\t", k=5_000)),
    ],
    ids=["one sentence", "opening quotes", "one word", "one-word lines", "control characters"],
)
def test_pathological_text_is_read_in_bounded_time(pipeline: Pipeline, text: str) -> None:
    begun = time.monotonic()
    pipeline.parse(text, body(text))
    # Ten times what two busy cores need; a quadratic step would take minutes.
    assert time.monotonic() - begun < 60


def test_window_edges_leave_no_gap(pipeline: Pipeline) -> None:
    text = " ".join(f"The army said that it took village number {i} on Monday." for i in range(80))
    doc = pipeline.parse(text, body(text))
    assert len(list(doc.sents)) == 80
    said = [t.i for t in doc if t.text == "said"]
    assert [x.cue[0] for x in doc.user_data["cue_links"] if doc[x.cue[0]].text == "said"] == said
