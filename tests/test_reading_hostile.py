"""Whatever bytes are given as an article: a refusal that says why, or a reading with every span in its place, soon.

A few mutations are tried each time; HEARSAY_MUTATIONS=1000 tries as many (`make bench`).
"""

from __future__ import annotations

import os
import random
import time
import unicodedata
from collections.abc import Callable
from pathlib import Path

import pytest

from graph.iris import Iris
from graph.model import Reading
from loaders.rdf.triples import to_triples
from loaders.reading import Tools, list_spans, read
from loaders.run import to_article
from loaders.text.readers import RawArticle, Refusal, read_file

ROOT = Path(__file__).parent.parent
FAKES = ROOT.parent / "shared" / "corpora" / "fakes"
SEEDS = [path.read_bytes() for path in sorted((ROOT / "seeds").glob("*.txt"))]
TEXT = SEEDS[0].decode("utf-8")
MUTATIONS = int(os.environ.get("HEARSAY_MUTATIONS", "60"))
SEED = 20171108

# Seconds of one core. A reading takes a quarter of the first; a text of a megabyte may take the second.
ARTICLE_S, LONGEST_S = 2.0, 10.0

MARKS = [mark.encode() for mark in "“”\"'‘’«»()[]—…"]
HOSTILE = [b"\x00", b"\x07", b"\x1b[31m", b"\xff", b"\xc3", b"\xed\xa0\x80", "\u202e\u200b\u0301".encode()]


@pytest.fixture(scope="module")
def tools() -> Tools:
    return Tools.load()


def take(raw: bytes, folder: Path, tools: Tools, *, limit_s: float) -> Reading | Refusal:
    """Read bytes as `hearsay load` does, and check what comes of it."""
    path = folder / "article.txt"
    path.write_bytes(raw)
    begun = time.process_time()
    found: list[RawArticle | Refusal] = []
    found += read_file(path, refuse=found.append)
    (taken,) = found
    if isinstance(taken, Refusal):
        assert taken.reason
        assert taken.remedy
        assert time.process_time() - begun < limit_s
        return taken
    reading = read(to_article(taken.file_name, taken.raw, taken.described), tools)
    triples = to_triples(reading, Iris())
    assert time.process_time() - begun < limit_s
    text = taken.raw.decode("utf-8")
    assert reading.article.text == text
    assert all(text[span.start : span.end] == span.exact for span in list_spans(reading))
    assert triples
    return reading


def flip(raw: bytearray, chance: random.Random) -> None:
    for _ in range(chance.randrange(1, 20)):
        raw[chance.randrange(len(raw))] ^= 1 << chance.randrange(8)


def delete(raw: bytearray, chance: random.Random) -> None:
    at = chance.randrange(len(raw))
    del raw[at : at + chance.randrange(1, 200)]


def insert(raw: bytearray, chance: random.Random) -> None:
    at = chance.randrange(len(raw))
    raw[at:at] = bytes(chance.randrange(32, 127) for _ in range(chance.randrange(1, 60)))


def cut(raw: bytearray, chance: random.Random) -> None:
    del raw[chance.randrange(len(raw) // 4, len(raw)) :]


def duplicate(raw: bytearray, chance: random.Random) -> None:
    at = chance.randrange(len(raw))
    raw[at:at] = raw[at : at + chance.randrange(1, 2_000)] * chance.randrange(1, 3)


def swap_quotation_marks(raw: bytearray, chance: random.Random) -> None:
    for mark in MARKS[:8]:
        if chance.random() < 0.6:
            raw[:] = raw.replace(mark, chance.choice(MARKS))


def drop_newlines(raw: bytearray, chance: random.Random) -> None:
    raw[:] = raw.replace(b"\n", b" " if chance.random() < 0.5 else b"")


def add_marks(raw: bytearray, chance: random.Random) -> None:
    for _ in range(chance.randrange(1, 40)):
        at = chance.randrange(len(raw))
        raw[at:at] = chance.choice(MARKS)


def add_hostile(raw: bytearray, chance: random.Random) -> None:
    for _ in range(chance.randrange(1, 4)):
        at = chance.randrange(len(raw))
        raw[at:at] = chance.choice(HOSTILE)


def drop_spaces(raw: bytearray, chance: random.Random) -> None:
    at = chance.randrange(len(raw))
    end = at + chance.randrange(1, 2_000)
    raw[at:end] = raw[at:end].replace(b" ", b"")


CHANGES: tuple[Callable[[bytearray, random.Random], None], ...] = (
    flip, delete, insert, cut, duplicate, swap_quotation_marks, drop_newlines, add_marks, add_hostile, drop_spaces,
)  # fmt: skip


def mutate(number: int) -> bytes:
    """Change one of the articles in one to four ways; a number gives the same bytes on any machine."""
    chance = random.Random(SEED + number)
    raw = bytearray(SEEDS[number % len(SEEDS)])
    for change in chance.sample(CHANGES, chance.randrange(1, 5)):
        if len(raw) > 8:
            change(raw, chance)
    return bytes(raw)


@pytest.mark.parametrize("number", range(MUTATIONS))
def test_a_damaged_article_is_refused_or_read(number: int, tmp_path: Path, tools: Tools) -> None:
    take(mutate(number), tmp_path, tools, limit_s=ARTICLE_S)


def test_the_damaged_articles_are_of_both_kinds(tmp_path: Path) -> None:
    kinds = set()
    for number in range(30):
        path = tmp_path / f"{number}.txt"
        path.write_bytes(mutate(number))
        refused: list[Refusal] = []
        kinds |= {type(one) for one in (*read_file(path, refuse=refused.append), *refused)}
    assert kinds == {RawArticle, Refusal}


@pytest.mark.skipif(not FAKES.is_dir(), reason="needs the articles of ../shared/corpora/fakes")
def test_articles_from_elsewhere_are_read(tmp_path: Path, tools: Tools) -> None:
    paths = sorted(FAKES.glob("*.txt"))
    assert len(paths) == 50
    found = [take(path.read_bytes(), tmp_path, tools, limit_s=ARTICLE_S) for path in paths]
    assert all(isinstance(reading, Reading) for reading in found)
    assert sum(len(reading.attributions) for reading in found if isinstance(reading, Reading)) > 300


def words(number: int) -> str:
    """Give one sentence of so many words."""
    chance = random.Random(number)
    known = [
        "the",
        "army",
        "said",
        "that",
        "its",
        "forces",
        "entered",
        "a",
        "town",
        "near",
        "Al",
        "Bukamal",
        "on",
        "Friday",
        "and",
        "killed",
        "many",
        "IS",
        "fighters",
    ]
    return " ".join(chance.choice(known) for _ in range(number)) + "."


def scatter(marks: str) -> str:
    """Put one of the marks, or none, behind each letter of an article."""
    chance = random.Random(len(marks))
    return "".join(c + chance.choice([*marks, ""]) for c in TEXT)


TEXTS: dict[str, Callable[[], str]] = {
    "one sentence of 50,000 words": lambda: words(50_000),
    "10,000 opening quotation marks": lambda: "He said “" * 10_000,
    "1,000 opening quotation marks in sentences": lambda: "He said it “. " * 1_000,
    "10,000 nested brackets": lambda: "(" * 10_000 + "he said the army left it" + ")" * 10_000,
    "10,000 nested clauses": lambda: "(he said " * 10_000 + ")" * 10_000,
    "100,000 newlines": lambda: TEXT + "\n" * 100_000 + TEXT,
    "a line of 900 kB without a space": lambda: "He said the army left it.\n" + "a" * 900_000,
    "a line of 900 kB of marks": lambda: "He said the army left it.\n" + ".,-'\"" * 180_000,
    "a line of 900 kB of data": lambda: TEXT + "\ndata:image/png;base64," + "iVBORw0KGgo/+" * 69_000,
    "50,000 times he said that": lambda: "he said that " * 50_000,
    "20,000 lines of one mark": lambda: TEXT + '"\n' * 20_000,
    "20,000 paragraphs of one mark": lambda: TEXT + '"\n\n' * 20_000,
    "50,000 short lines": lambda: TEXT + "\n" + "a b\n" * 50_000,
    "paragraphs that never end": lambda: "\n\n".join(["and the army said it would not leave the town"] * 8_000),
    "all capitals": lambda: TEXT.upper(),
    "marks of direction and without width": lambda: scatter("\u200f\u200e\u202e\u200b\u200d\ufeff"),
    "emoji": lambda: TEXT.replace(" ", " 👨‍👩‍👧‍👦😀🇸🇾 "),
    "200,000 emoji": lambda: TEXT + "😀" * 200_000,
    "400,000 combining marks": lambda: TEXT + "e" + "\u0301" * 400_000,
    "combining marks on each letter": lambda: scatter("\u0301\u0327"),
    "decomposed": lambda: unicodedata.normalize("NFD", scatter("é")),
    "900,000 spaces": lambda: "He said the army left it." + " " * 900_000 + "They denied it.",
    "carriage returns": lambda: TEXT.replace("\n", "\r"),
    "separators of lines": lambda: TEXT.replace("\n", "\u2028"),
}  # fmt: skip


@pytest.mark.parametrize("name", TEXTS)
def test_a_pathological_text_costs_seconds_at_most(name: str, tmp_path: Path, tools: Tools) -> None:
    take(TEXTS[name]().encode("utf-8"), tmp_path, tools, limit_s=LONGEST_S)


def test_an_endless_run_is_noted_and_the_rest_is_read(tmp_path: Path, tools: Tools) -> None:
    raw = f"{TEXT}\n\n{words(12_000)}\n\nThe ministry denied on Friday that the town had been taken.".encode()
    reading = take(raw, tmp_path, tools, limit_s=LONGEST_S)
    assert isinstance(reading, Reading)
    assert ["without the end of a sentence" in note for note in reading.notes] == [True]
    assert any(a.cue.exact == "denied" and a.cue.start > len(TEXT) + 50_000 for a in reading.attributions)
