"""A reading is written in the form of the annotation guidelines, and each string stands where it says."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import Any

from graph.model import (
    Article,
    Attribution,
    Block,
    Described,
    EventMention,
    Figure,
    Reading,
    Relation,
    Span,
    When,
)
from loaders.scoring.gold import from_span, to_gold

GOLD = Path(__file__).parent / "gold" / "seeds"
TEXT = "Troops enter\n\nA source said troops\nentered the town on Friday, backed by jets, and 75 were killed."


def span(words: str) -> Span:
    start = TEXT.index(words)
    return Span.of(TEXT, start, start + len(words))


def reading() -> Reading:
    friday = When(span("Friday"), dt.date(2017, 11, 3), dt.date(2017, 11, 3), "2017-11-03")
    said = Attribution(
        "a1",
        span("A source"),
        span("said"),
        (span("troops\nentered the town on Friday"), span("75 were killed")),
        "indirect",
        "Assertion",
        source_entity="unnamed:source",
        source_kind="unnamed",
        addressee_entity="afp",
        uttered=friday,
    )
    none = Attribution("a2", None, span("backed"), (span("by jets"),), "indirect", "Claim", parent="a1")
    entered = EventMention(
        "e1",
        "Entry",
        span("entered"),
        actor=("syrian-armed-forces",),
        place=("al-bukamal",),
        time=friday,
        attribution="a1",
    )
    figure = Figure(75, None, None, "people", "killed", span("75 were killed"), attribution="a1")
    tie = Relation("backs", "russia", "syrian-armed-forces", span("backed by jets"), role="air")
    described = Described(
        title="Troops enter", agency="AFP", published=dt.date(2017, 11, 8), dateline="BEIRUT"
    )
    article = Article("0" * 16, "a.txt", "0" * 64, TEXT, described)
    blocks = (Block("title", span("Troops enter")), Block("body", Span.of(TEXT, 14, len(TEXT))))
    return Reading(article, blocks, (none, said), (entered,), (tie,), (figure,))


def shape(value: Any) -> Any:
    """Give the keys of each part of an annotation."""
    return {part: set(value[part][0]) for part in ("attributions", "events", "relations", "quantities")} | {
        "article": set(value),
        "meta": set(value["meta"]),
    }


def test_form_is_that_of_the_annotated_articles() -> None:
    found = shape(to_gold(reading()))
    path = next(iter(sorted(GOLD.glob("*.json"))))
    wanted = shape(json.loads(path.read_text(encoding="utf-8")))
    # Our strings say where they stand, so that no "occurrence" is needed.
    assert found["attributions"] - wanted["attributions"] == {"confidence"}
    found["attributions"] -= {"confidence"}
    assert found == {part: keys - {"occurrence"} for part, keys in wanted.items()}


def test_values_are_those_of_the_reading() -> None:
    found = to_gold(reading())
    assert [one["id"] for one in found["attributions"]] == ["a1", "a2"]
    first, second = found["attributions"]
    assert first["source"] == {"text": "A source", "start": 14, "end": 22}
    assert [part["text"] for part in first["content"]] == [
        "troops\nentered the town on Friday",
        "75 were killed",
    ]
    assert (first["source_entity"], first["addressee"], first["uttered"]) == (
        "unnamed:source",
        "afp",
        "2017-11-03",
    )
    assert (second["source"], second["content"]["text"], second["parent"]) == (None, "by jets", "a1")
    assert found["events"][0]["time"] == "2017-11-03"
    assert found["meta"] == {
        "title": "Troops enter",
        "outlet": None,
        "agency": "AFP",
        "dateline_place": "BEIRUT",
        "published": "2017-11-08",
        "body_first": "A source said troops entered the town on",
        "body_last": "Friday, backed by jets, and 75 were killed.",
    }


def test_each_string_stands_where_it_says() -> None:
    def strings(value: Any) -> list[dict[str, Any]]:
        if isinstance(value, dict) and "start" in value:
            return [value]
        parts = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
        return [found for part in parts for found in strings(part)]

    found = strings(json.loads(json.dumps(to_gold(reading()))))
    assert len(found) == 9
    assert all(TEXT[one["start"] : one["end"]] == one["text"] for one in found)


def test_nothing_read_gives_empty_lists() -> None:
    article = Article("0" * 16, "a.txt", "0" * 64, "", Described())
    found = to_gold(Reading(article, ()))
    assert found["attributions"] == found["events"] == found["relations"] == found["quantities"] == []
    assert found["meta"]["body_first"] is None
    assert from_span(None) is None
