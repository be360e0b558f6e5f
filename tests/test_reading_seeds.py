"""Reading the five articles: every span in its place, every id known, and who said what found as often as pinned."""

import datetime as dt
import hashlib
import itertools
from dataclasses import replace
from pathlib import Path

import pytest

from graph.errors import SpanError
from graph.model import Article, Described, Reading, Span
from loaders.reading import Tools, list_spans, read, verify
from loaders.scoring.evaluation import Scores, evaluate
from loaders.scoring.floors import read_pinned
from loaders.scoring.gold import to_gold

ROOT = Path(__file__).parent.parent
SEEDS = sorted((ROOT / "seeds").glob("*.txt"))
FLOORS = read_pinned(ROOT / "tests" / "floors.csv", "seeds")


@pytest.fixture(scope="module")
def tools() -> Tools:
    return Tools.load()


def article_of(path: Path) -> Article:
    raw = path.read_bytes()
    key = hashlib.sha256(raw).hexdigest()
    described = Described(published=dt.date(2017, 11, 8))
    return Article(key[:16], path.name, key, raw.decode("utf-8"), described)


@pytest.fixture(scope="module")
def readings(tools: Tools) -> dict[str, Reading]:
    assert len(SEEDS) == 5
    return {path.stem: read(article_of(path), tools) for path in SEEDS}


@pytest.fixture(scope="module")
def scores(readings: dict[str, Reading]) -> Scores:
    found = {name: to_gold(reading) for name, reading in readings.items()}
    return evaluate(ROOT / "tests" / "gold" / "seeds", ROOT / "seeds", found)


@pytest.mark.parametrize(("name", "least"), FLOORS.items())
def test_attribution_reaches_its_floor(scores: Scores, name: str, least: float) -> None:
    assert scores.measures[name].f1 >= least


def test_no_string_is_misplaced(scores: Scores) -> None:
    assert scores.misplaced == 0


def test_every_span_stands_in_its_text(readings: dict[str, Reading]) -> None:
    for reading in readings.values():
        spans = list(list_spans(reading))
        assert len(spans) > 50
        assert all(span.verify(reading.article.text) for span in spans)


def test_ids_are_known_and_agents_are_listed(readings: dict[str, Reading]) -> None:
    for reading in readings.values():
        ids = {a.id for a in reading.attributions}
        agents = {agent.key for agent in reading.agents}
        assert len(ids) == len(reading.attributions) > 0
        assert all(a.parent is None or a.parent in ids for a in reading.attributions)
        assert all(e.attribution is None or e.attribution in ids for e in reading.events)
        assert {a.source_entity for a in reading.attributions if a.source_entity} <= agents


def test_sentences_stand_in_order_and_hold_every_cue(readings: dict[str, Reading]) -> None:
    for reading in readings.values():
        sentences = reading.sentences
        assert all(one.end <= other.start for one, other in itertools.pairwise(sentences))
        for a in reading.attributions:
            assert any(s.start <= a.cue.start < s.end for s in sentences)


def test_reading_twice_gives_the_same(tools: Tools, readings: dict[str, Reading]) -> None:
    path = SEEDS[0]
    assert read(article_of(path), tools) == readings[path.stem]


def test_days_are_resolved_against_the_date(readings: dict[str, Reading]) -> None:
    labels = {a.uttered.label for r in readings.values() for a in r.attributions if a.uttered is not None}
    assert "~2017-W44" in labels


def test_a_text_without_a_date_keeps_the_words(tools: Tools) -> None:
    undated = [read(replace(article_of(path), described=Described()), tools) for path in SEEDS]
    times = [a.uttered for reading in undated for a in reading.attributions if a.uttered is not None]
    assert times
    assert all(when.words is not None and when.earliest is None for when in times)


def test_a_misplaced_span_is_refused(readings: dict[str, Reading]) -> None:
    reading = next(iter(readings.values()))
    moved = Span(reading.sentences[0].start + 1, reading.sentences[0].end + 1, reading.sentences[0].exact)
    with pytest.raises(SpanError, match="does not stand at"):
        verify(replace(reading, sentences=(moved,)))


@pytest.mark.parametrize("text", ["One word", "?!", "“", "a\n\nb", "The army said.", "\ufeff “\n“\n“"])
def test_small_and_odd_texts_are_read(tools: Tools, text: str) -> None:
    reading = read(Article("0" * 16, "odd.txt", "0" * 64, text), tools)
    assert all(span.verify(text) for span in list_spans(reading))
