"""The article is told from the page around it, nothing is deleted, and no sentence is torn or lost."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graph.model import Block
from loaders.text.layout import Pattern, is_read, layout_patterns, split_blocks
from loaders.text.paragraphs import INVISIBLE

ROOT = Path(__file__).parents[1]
GOLD = Path(__file__).parent / "gold" / "seeds"
CORPORA = ROOT.parent / "shared" / "corpora" / "attribution"
FIRST = "Troops entered the town on Wednesday, state media said."
LAST = "A spokesman denied that his fighters had crossed the border."


def kinds(text: str) -> list[tuple[str, str]]:
    return [(block.kind, " ".join(block.span.exact.split())) for block in split_blocks(text)]


def read_words(text: str, blocks: tuple[Block, ...]) -> bytearray:
    """Mark each character that stands in a block that is read."""
    marks = bytearray(len(text))
    for block in blocks:
        if is_read(block):
            marks[block.span.start : block.span.end] = b"\1" * (block.span.end - block.span.start)
    return marks


def assert_holds_everything(text: str) -> None:
    last = 0
    for block in split_blocks(text):
        assert block.span.verify(text)
        assert block.span.start >= last
        assert all(c.isspace() or c in INVISIBLE for c in text[last : block.span.start])
        last = block.span.end
    assert all(c.isspace() or c in INVISIBLE for c in text[last:])


@pytest.mark.parametrize(
    "pattern", layout_patterns(), ids=lambda pattern: f"{pattern.kind} {pattern.example[:40]}"
)
def test_example_of_each_pattern_is_of_its_kind(pattern: Pattern) -> None:
    text = f"{FIRST}\n\n{pattern.example}\n\n{LAST}"
    found = split_blocks(text)
    if pattern.where in ("prefix", "suffix"):
        parts = [block.kind for block in found if block.span.exact in pattern.example]
        assert sorted(parts)[0] in (pattern.kind, "body")
        assert pattern.kind in parts
        assert len(parts) == 2
    else:
        assert [block.kind for block in found] == ["body", pattern.kind, "body"]
    assert_holds_everything(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "Middle EastWar\n\nTroops enter the border town\n\nThe deck says a little more |\n\n" + FIRST,
            "furniture title heading furniture body",
        ),
        ("Example Times\n\nTroops enter the border town\n\n" + FIRST, "outlet title body"),
        (
            f"Troops enter the border town\n\nBEIRUT, Lebanon (AFP) – {FIRST}\n\n{LAST}",
            "title byline body body",
        ),
        (
            f"Troops enter the border town.\n\nMOSUL, Iraq (Reuters) - {FIRST}\n\n{LAST}",
            "title byline body body",
        ),
        (f"{FIRST}\n\n- 120,000 displaced -\n\n{LAST}", "body heading body"),
        (f"{FIRST}\n\n– Able to hit –\n\n{LAST}", "body heading body"),
        (f"{FIRST}\n\nThe minister said:\n\nwe do not know\n\n{LAST}", "body body body body"),
        (f"{FIRST}\n\n“I don't know”\n\n- a first point of a list\n\n{LAST}", "body body body body"),
        (
            f"{FIRST}\n\n{LAST}\n\nArmy moving to ‘hold gains’ near the border\n\nLeave a Reply",
            "body body furniture furniture",
        ),
        (
            f"{FIRST}\n\nRelated Articles\n\nTroops leave town\n\nWho holds what\n\n{LAST}",
            "body furniture furniture heading body",
        ),
        (
            f"{FIRST}\n\n{LAST}\n\n{FIRST}\n\nLeave a Reply\n\nYou are all wrong about this, my friends.",
            "body body body furniture furniture",
        ),
        (f"Comments\n\n{FIRST}\n\n{LAST}", "furniture body body"),
        (f"{FIRST}\n\nThe fighting was still going on late at night", "body body"),
        (
            f"{FIRST}\n\nThe rebels attacked two more villages in the south\n\nWith reporting from AFP",
            "body body credit",
        ),
        (f"{FIRST} (AFP)", "body credit"),
        (f"Update November 12 {FIRST}\n{LAST}", "byline body body"),
        (f"By Jane Doe\n\n8 November 2017\n\n{FIRST}", "byline byline body"),
        (f"{FIRST}\n\nAccording to a Reuters/Ipsos poll, the town is lost.", "body body"),
        ("Troops enter the border town", "title"),
        ("Home\n\nWorld", "furniture furniture"),
        ("", ""),
        ("\ufeff \n", ""),
    ],
)
def test_page_is_cut_into_blocks(text: str, expected: str) -> None:
    assert [kind for kind, _ in kinds(text)] == expected.split()
    assert_holds_everything(text)


def test_words_glued_to_the_ends_are_cut_off() -> None:
    text = f"article imageTroops enter the border town\n\nDate of publication 3 October 2017 {FIRST} (AFP)"
    assert kinds(text) == [
        ("furniture", "article image"),
        ("title", "Troops enter the border town"),
        ("byline", "Date of publication 3 October 2017"),
        ("body", FIRST),
        ("credit", "(AFP)"),
    ]


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r", "\u2028"])
def test_lines_cut_off_at_a_column_are_one_paragraph(newline: str) -> None:
    wrapped = [
        "Syrian troops entered the town on Wednesday and edged closer to the",
        "last stronghold of the group, state media said. Thousands of people",
        "had left it in the weeks before, according to a monitor in Britain,",
        "which relies on a network of sources in the country.",
    ]
    other = [
        "The Iraqi force denied that its own fighters had taken any part in",
        "the battle. A spokesman said “we have not moved from our positions",
        "on the border”.",
    ]
    text = newline.join([*wrapped, "", *other, ""])
    assert kinds(text) == [("body", " ".join(wrapped)), ("body", " ".join(other))]
    assert kinds(newline.join([*wrapped, *other])) == [("body", " ".join(wrapped)), ("body", " ".join(other))]


def test_line_that_ends_a_paragraph_without_full_stop_stays_apart() -> None:
    first = "Forces moved into the town on Wednesday and took control of all of it in less than a day"
    assert kinds(f"{FIRST}\n{first}\n“We have freed the town,” the command said.")[1:] == [
        ("body", first),
        ("body", "“We have freed the town,” the command said."),
    ]


@pytest.mark.parametrize(
    ("torn", "rest"),
    [
        (
            "The group was beaten by separate offensives in the two countries by the Russian-backed",
            "Syrian forces.",
        ),
        (
            "The group was beaten by separate offensives in the two countries that were led by the",
            "Army of the North.",
        ),
        ("The group was beaten by separate offensives in the two countries that", "began in September."),
    ],
)
def test_sentence_torn_by_a_page_break_is_mended(torn: str, rest: str) -> None:
    assert kinds(f"{FIRST}\n\n{torn}\n\n{rest}\n\n{LAST}")[1] == ("body", f"{torn} {rest}")


def test_one_paragraph_without_any_break_is_read() -> None:
    words = "A strike killed at least 18 civilians on Tuesday in the town the monitor said"
    assert kinds(" ".join([words] * 12)) == [("body", " ".join([words] * 12))]


@pytest.mark.parametrize("path", sorted(GOLD.glob("*.json")), ids=lambda path: path.stem)
def test_body_of_annotated_article_is_read_from_first_to_last_word(path: Path) -> None:
    meta = json.loads(path.read_text(encoding="utf-8"))["meta"]
    text = (ROOT / "seeds" / f"{path.stem}.txt").read_bytes().decode()
    blocks = split_blocks(text)
    first, last = text.index(meta["body_first"]), text.index(meta["body_last"]) + len(meta["body_last"])
    for block in blocks:
        inside = first <= block.span.start and block.span.end <= last
        if block.kind in ("title", "outlet"):
            assert not inside
        elif inside:
            # A caption or a dateline may stand within the body; what is read stands nowhere else.
            assert is_read(block) or block.kind in ("caption", "byline", "furniture")
        else:
            assert not is_read(block)
    title = [block.span.exact for block in blocks if block.kind == "title"]
    assert title == ([meta["title"]] if meta["title"] else [])


def spans_of(value: object) -> list[tuple[int, int]]:
    if isinstance(value, dict) and "start" in value:
        return [(value["start"], value["end"])]
    return [span for one in value for span in spans_of(one)] if isinstance(value, list) else []


@pytest.mark.parametrize("part", ["train", "dev"])
def test_annotated_contents_are_read(part: str) -> None:
    folder = CORPORA / part
    if not folder.is_dir():
        pytest.skip("the corpora are not beside the checkout")
    inside = total = 0
    for path in sorted(folder.glob("*.txt")):
        text = path.read_bytes().decode()
        marks = read_words(text, split_blocks(text))
        for one in json.loads(path.with_suffix(".json").read_text(encoding="utf-8"))["attributions"]:
            for start, end in spans_of(one["content"]):
                inside += sum(marks[start:end])
                total += end - start
    assert total > 10_000
    assert inside / total >= 0.999


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.sampled_from(
            [
                FIRST,
                LAST,
                "Leave a Reply",
                "By AFP Nov 8, 2017",
                "Home",
                "- 12 -",
                "(AFP)",
                "the",
                "\ufeff",
                " ",
            ]
        ),
        max_size=8,
    ),
    st.sampled_from(["\n", "\n\n", "\r\n\r\n", " "]),
)
def test_nothing_is_deleted_whatever_the_page(parts: list[str], newline: str) -> None:
    assert_holds_everything(newline.join(parts))


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=200))
def test_nothing_is_deleted_whatever_the_characters(text: str) -> None:
    assert_holds_everything(text)


@pytest.mark.parametrize(
    "unit", ["share ", "1", "Name ", "(a", "- ", "home|", "Jane Doe, ", "8 November 2017 ", '"', "By A "]
)
def test_hostile_repetition_takes_no_time(unit: str) -> None:
    import time

    begun = time.monotonic()
    split_blocks((unit * 200_000)[:400_000])
    split_blocks("\n".join([unit * 12] * 3000))
    assert time.monotonic() - begun < 10
