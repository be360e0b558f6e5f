"""Quotation marks pair as print means them, over paragraphs, and in linear time on hostile text."""

import itertools
import time

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from graph.model import Block, Span
from loaders.attribution.quotations import Quotation, pair, split_paragraphs


def body(text: str) -> list[Block]:
    return [Block("body", Span.of(text, 0, len(text)))] if text else []


def inner(text: str) -> list[str]:
    return [q.inner.exact for q in pair(text, body(text))]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('He said, "It\'s over," and left.', ["It's over,"]),
        ("“Go,” she said. “Now.”", ["Go,", "Now."]),
        ("« Partez », dit-il", ["Partez"]),
        ("„Geht“, sagte er", ["Geht"]),
        ("``Go,'' she said", ["Go,"]),
        ("''Go,'' she said. ''Now.''", ["Go,", "Now."]),
        ("'Not so,' she said of the workers' pay", ["Not so,"]),
        ("a period of ‘rest’ in the fighters’ camp", ["rest"]),
        ("“He told me ‘go’ twice,” she said", ["He told me ‘go’ twice,", "go"]),
        ("the jihadists' loss and Iraq's gain don't count", []),
        ("rock in the '90s and the ’80s", []),
        ('a 5" pipe and an 8" one', []),
        ('He said,"Go," and left', ["Go,"]),
        ("nothing quoted", []),
        ("“”", []),
    ],
)
def test_marks_pair(text: str, expected: list[str]) -> None:
    assert inner(text) == expected


def test_a_quotation_within_another_is_deeper() -> None:
    text = "“He told me ‘go’ twice,” she said"
    assert [q.depth for q in pair(text, body(text))] == [0, 1]


def test_a_quotation_that_never_closes_ends_with_its_paragraph() -> None:
    text = "He said “it is late.\n\nThe army “left” early."
    found = pair(text, body(text))
    assert [(q.inner.exact, q.closed, q.continues) for q in found] == [
        ("it is late.", False, False),
        ("left", True, False),
    ]


def test_a_quotation_goes_on_where_the_next_paragraph_opens_with_a_mark() -> None:
    text = "“It is late.\n\n“We must go,” he said."
    first, second = pair(text, body(text))
    assert first.continues
    assert not first.closed
    assert second.closed
    assert text[second.end :] == " he said."


def test_only_blocks_that_are_read_are_paired() -> None:
    text = "“a”\n“b”"
    blocks = [Block("furniture", Span.of(text, 0, 3)), Block("body", Span.of(text, 4, 7))]
    assert [q.inner.exact for q in pair(text, blocks)] == ["b"]


def test_a_line_break_within_a_sentence_parts_no_paragraphs() -> None:
    text = "“We left\nthe town,” he said.\nThe army stayed."
    assert len(split_paragraphs(text, body(text))) == 2
    assert inner(text) == ["We left\nthe town,"]


@pytest.mark.parametrize(
    "text", ["“" * 10_000, '"' * 10_001, "'a" * 10_000, "‘a’s b " * 10_000, "“a " * 50_000]
)
def test_hostile_text_takes_linear_time(text: str) -> None:
    begin = time.perf_counter()
    pair(text, body(text))
    assert time.perf_counter() - begin < 5


@example("```'\"`")
@given(st.text(alphabet="ab \n.,'’‘“”\"«»`„", max_size=60))
def test_every_quotation_stands_in_its_text(text: str) -> None:
    for quotation in pair(text, body(text)):
        assert quotation.inner.verify(text)
        assert quotation.open < quotation.inner.start
        assert quotation.inner.end <= quotation.close <= len(text)
        assert quotation.inner.exact.strip() == quotation.inner.exact


@given(st.text(alphabet="ab \n.,'’‘“”\"«»`„", max_size=60))
def test_quotations_nest_or_stand_apart(text: str) -> None:
    found: list[Quotation] = [q for q in pair(text, body(text)) if q.depth == 0]
    assert all(one.end <= other.open for one, other in itertools.pairwise(found))
