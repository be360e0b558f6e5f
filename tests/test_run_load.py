"""A load takes what it can, answers for the rest, and is the same in any order and with any workers."""

from __future__ import annotations

import json
import multiprocessing
import os
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, cast

import pytest
from rdflib import Graph, Literal

from graph.errors import HearsayError, SpanError, StoreError, UsageError
from graph.iris import Iris
from graph.model import Article, Attribution, Reading, Span
from graph.snapshots import DataFolder
from graph.terms import HS, RDF
from loaders.run import Stages, Summary, article_timeout_s, extract, load, to_article
from loaders.text.layout import split_blocks
from loaders.workers import Spare

BAD = Path(__file__).parent / "data" / "bad"
WORDS = "Troops entered the town on Wednesday, state media said. This is the {} of them."


def load_tools() -> str:
    return "tools"


def cannot_load_tools() -> str:
    raise HearsayError("the model is missing; run: make setup")


def read(article: Article, tools: str) -> Reading:
    """Read as the tests need it: an article's own words say what goes wrong with it."""
    assert tools == "tools"
    if "hangs" in article.text:
        time.sleep(60)
    if "kills its reader" in article.text:
        os._exit(9)
    if "finds a fault" in article.text:
        raise KeyError("subject")
    if "does not hold" in article.text:
        raise SpanError("“x” does not stand at 0 to 1; the article is not loaded")
    cue = Span.of(article.text, 0, 6)
    found = Attribution("a1", None, cue, (cue,), "indirect", "Assertion")
    return Reading(article, split_blocks(article.text), (found,), notes=("a note",))


def to_graph(reading: Reading, iris: Iris) -> Graph:
    """Write the least graph that a data folder takes."""
    article, graph = reading.article, Graph()
    iri, mention = iris.of("article", article.key), iris.of("mention", article.key)
    statement = iris.of("statement", "one")
    graph.add((iri, RDF.type, HS.Article))
    graph.add((iri, HS.fileName, Literal(article.file_name)))
    graph.add((iri, HS.sha256, Literal(article.sha256)))
    graph.add((mention, HS.mentionOf, statement))
    graph.add((statement, HS.speaker, iris.of("agent", "afp")))
    return graph


STAGES = Stages(load_tools, read, to_graph)


class FakeFolder:
    """Be a data folder in memory: what is put shows after publish, in the order in which it was put."""

    def __init__(self) -> None:
        self.iris = Iris()
        self.held: dict[str, tuple[str, str, bytes, int]] = {}
        self.order: list[str] = []
        self.published = 0
        self.has_new_background = False

    def added_background(self) -> tuple[Path, ...]:
        return ()

    def version(self) -> str | None:
        return f"v{self.published}" if self.published else None

    @contextmanager
    def begin(self, background: Sequence[Path] = ()) -> Iterator[FakeFolder]:
        yield self

    def articles(self) -> dict[str, tuple[str, str]]:
        return {key: held[:2] for key, held in self.held.items()}

    def put_article(self, article: Article, raw: bytes, triples: Graph) -> None:
        if "graph is wrong" in article.text:
            raise SpanError("its words stand elsewhere")
        self.held[article.key] = (article.file_name, article.sha256, raw, len(triples))
        self.order.append(article.key)

    def publish(self) -> str:
        self.published += 1
        return f"v{self.published}"


@pytest.fixture
def folder() -> FakeFolder:
    return FakeFolder()


@pytest.fixture
def texts(tmp_path: Path) -> Path:
    path = tmp_path / "texts"
    path.mkdir()
    for name in ("first", "second", "third"):
        (path / f"{name}.txt").write_text(WORDS.format(name))
    return path


def run(paths: list[Path], folder: FakeFolder, **options: Any) -> Summary:
    options = {"workers": 0, "stages": STAGES, **options}
    return load(paths, cast(DataFolder, folder), **options)


def reasons(summary: Summary) -> dict[str, str]:
    return {refused.file: refused.reason for refused in summary.refused}


def test_articles_are_put_in_the_order_of_their_keys(texts: Path, folder: FakeFolder) -> None:
    summary = run([texts], folder)
    assert folder.order == sorted(folder.held)
    assert {held[0] for held in folder.held.values()} == {"first.txt", "second.txt", "third.txt"}
    assert (summary.loaded, summary.statements, summary.mentions) == (3, 1, 3)
    assert (summary.version, summary.is_complete) == ("v1", True)
    assert "first.txt: a note" in summary.notes


@pytest.mark.parametrize("workers", [1, 2])
def test_workers_and_order_of_paths_change_nothing(workers: int, texts: Path, folder: FakeFolder) -> None:
    alone = FakeFolder()
    run([texts], alone)
    run(sorted(texts.iterdir(), reverse=True), folder, workers=workers)
    assert folder.held == alone.held
    assert folder.order == alone.order


def test_process_started_before_reads_as_any_other(texts: Path, folder: FakeFolder) -> None:
    with Spare("json") as spare:
        assert len(multiprocessing.active_children()) == 1
        run([texts], folder, workers=2, spare=spare)
    other = FakeFolder()
    run([texts], other)
    assert (folder.order, folder.held) == (other.order, other.held)
    assert multiprocessing.active_children() == []


def test_process_that_nobody_took_is_ended(texts: Path, folder: FakeFolder) -> None:
    with Spare("json") as spare:
        run([texts / "nothing"], folder, workers=1, spare=spare)
    assert multiprocessing.active_children() == []


def test_process_that_can_not_start_ends_the_run(texts: Path, folder: FakeFolder) -> None:
    with Spare("loaders.nowhere") as spare, pytest.raises(HearsayError, match=r"loaders\.nowhere"):
        run([texts], folder, workers=1, spare=spare)
    assert folder.published == 0


def test_process_that_ended_before_it_was_taken_says_why(texts: Path, folder: FakeFolder) -> None:
    with Spare("loaders.nowhere") as spare:
        (process,) = multiprocessing.active_children()
        process.join(20)
        with pytest.raises(HearsayError, match=r"loaders\.nowhere"):
            run([texts], folder, workers=1, spare=spare)


def load_damaged_tools() -> str:
    raise EOFError("Compressed file ended before the end-of-stream marker was reached")


def test_tools_that_end_too_soon_are_answered_for(texts: Path, folder: FakeFolder) -> None:
    stages = Stages(load_damaged_tools, read, to_graph)
    with pytest.raises(HearsayError, match="Compressed file ended"):
        run([texts], folder, workers=1, stages=stages)


def test_same_file_again_is_read_anew(texts: Path, folder: FakeFolder) -> None:
    run([texts], folder)
    summary = run([texts], folder)
    assert (summary.loaded, summary.refused) == (3, ())
    assert len(folder.held) == 3


@pytest.mark.parametrize("order", [1, -1])
def test_copy_under_another_name_is_refused_with_the_other(
    order: int, texts: Path, folder: FakeFolder
) -> None:
    (texts / "copy.txt").write_bytes((texts / "first.txt").read_bytes())
    summary = run([texts / name for name in ("copy.txt", "first.txt")][::order], folder)
    assert reasons(summary) == {
        "first.txt": "the same text is loaded as copy.txt; remove one of the two copies"
    }
    assert summary.loaded == 1


def test_text_loaded_before_under_another_name_is_refused(texts: Path, folder: FakeFolder) -> None:
    run([texts / "first.txt"], folder)
    (texts / "first.txt").rename(texts / "another.txt")
    summary = run([texts], folder)
    assert reasons(summary) == {
        "another.txt": "the same text is loaded as first.txt; remove one of the two copies"
    }
    assert summary.loaded == 2


def test_name_with_other_words_than_before_is_noted(texts: Path, folder: FakeFolder) -> None:
    run([texts], folder)
    (texts / "first.txt").write_text(WORDS.format("corrected"))
    summary = run([texts], folder)
    note = "first.txt: a text of this name with other words is loaded; both are kept"
    assert (summary.loaded, summary.refused, note in summary.notes) == (3, (), True)
    assert note not in run([texts / "second.txt"], folder).notes


def test_copies_of_one_name_in_two_folders_are_one(texts: Path, folder: FakeFolder) -> None:
    (texts / "sub").mkdir()
    (texts / "sub" / "first.txt").write_bytes((texts / "first.txt").read_bytes())
    summary = run([texts], folder)
    assert reasons(summary) == {
        "first.txt": "another file of this name has the same text; remove one of the two copies"
    }


def test_bad_files_are_refused_and_the_others_loaded(texts: Path, folder: FakeFolder) -> None:
    summary = run([BAD, texts, texts / "gone.txt"], folder)
    assert summary.loaded == 3 + 2
    assert not summary.is_complete
    assert "an image (PNG), not text" in reasons(summary)["image.txt"]
    assert "no such file" in reasons(summary)["gone.txt"]


def test_nothing_good_publishes_nothing(folder: FakeFolder) -> None:
    summary = run([BAD / "image.txt"], folder)
    assert (summary.loaded, summary.version, folder.published) == (0, None, 0)


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        ("hangs", "reading it took longer than 1 seconds and was ended"),
        ("kills its reader", "its reader ended without a word (exit 9)"),
        ("finds a fault", "its reader failed (KeyError: 'subject'; test_run_load.py"),
        ("does not hold", "does not stand at 0 to 1"),
    ],
)
def test_article_that_brings_its_reader_down_costs_itself_only(
    words: str, reason: str, texts: Path, folder: FakeFolder
) -> None:
    (texts / "bad.txt").write_text(f"This article {words} and should not be loaded.")
    summary = run([texts], folder, workers=1, time_limit_s=1)
    assert summary.loaded == 3
    assert list(reasons(summary)) == ["bad.txt"]
    assert reason in reasons(summary)["bad.txt"]


def test_article_whose_graph_is_refused_costs_itself_only(texts: Path, folder: FakeFolder) -> None:
    (texts / "bad.txt").write_text("This article's graph is wrong in some way.")
    summary = run([texts], folder)
    assert summary.loaded == 3
    assert "its words stand elsewhere" in reasons(summary)["bad.txt"]


def test_tools_that_cannot_be_loaded_end_the_run(texts: Path, folder: FakeFolder) -> None:
    with pytest.raises(HearsayError, match="make setup"):
        run([texts], folder, workers=1, stages=Stages(cannot_load_tools, read, to_graph))
    assert folder.published == 0


def test_wrong_number_of_workers_is_wrong_use(texts: Path, folder: FakeFolder) -> None:
    with pytest.raises(UsageError, match="-1 workers"):
        run([texts], folder, workers=-1)


def test_list_in_the_folder_gives_date_and_outlet(texts: Path) -> None:
    (texts / "articles.csv").write_text("file,published,outlet,title\nfirst.txt,2017-11-08,Gulf News,Given\n")
    seen = extracted(texts)
    assert seen["first"]["meta"]["published"] == "2017-11-08"
    assert seen["first"]["meta"]["outlet"] == "Gulf News"
    assert seen["second"]["meta"]["published"] is None


def extracted(texts: Path, **options: Any) -> dict[str, Any]:
    out = texts.parent / "out"
    extract([texts], out, workers=0, stages=STAGES, **options)
    return {path.stem: json.loads(path.read_text()) for path in out.iterdir()}


def test_files_named_one_by_one_are_described_like_their_folder(texts: Path, tmp_path: Path) -> None:
    (texts / "articles.csv").write_text("file,published\nfirst.txt,2017-11-08\n")
    for out, paths in (
        (tmp_path / "one", [texts]),
        (tmp_path / "two", sorted(texts.iterdir(), reverse=True)),
    ):
        assert extract(paths, out, workers=0, stages=STAGES).refused == ()
    names = [path.name for path in sorted((tmp_path / "one").iterdir())]
    assert len(names) == 3
    assert all((tmp_path / "one" / n).read_bytes() == (tmp_path / "two" / n).read_bytes() for n in names)


def test_named_list_comes_before_that_of_the_folder(texts: Path, tmp_path: Path) -> None:
    (texts / "articles.csv").write_text("file,outlet,agency\nfirst.txt,Of the folder,AFP\n")
    named = tmp_path / "named.csv"
    named.write_text("file,outlet\nfirst.txt,Named\n")
    meta = extracted(texts, manifest=named)["first"]["meta"]
    assert (meta["outlet"], meta["agency"]) == ("Named", "AFP")


def test_problem_in_a_list_is_answered_for_and_rows_hold(texts: Path, folder: FakeFolder) -> None:
    (texts / "articles.csv").write_text("file,published,colour\nfirst.txt,8 Nov,red\ngone.txt,2017-11-08,\n")
    summary = run([texts], folder)
    told = [refused.reason for refused in summary.refused]
    assert summary.loaded == 3
    assert [refused.file for refused in summary.refused] == ["articles.csv"] * 3
    assert [
        any(words in reason for reason in told) for words in ("colour", "is no date", "no file gone.txt")
    ] == [True] * 3


def test_text_without_date_is_noted(texts: Path, folder: FakeFolder) -> None:
    (texts / "articles.csv").write_text("file,published\nfirst.txt,2017-11-08\n")
    notes = run([texts], folder).notes
    assert not any(note.startswith("first.txt: no date") for note in notes)
    assert any(note.startswith("second.txt: no date is known") and "Wednesday" in note for note in notes)


def test_progress_is_told_after_each_article(texts: Path, folder: FakeFolder) -> None:
    (texts / "empty.txt").write_text("")
    told: list[tuple[int, int, str, int]] = []
    run([texts], folder, progress=lambda *state: told.append(state))
    assert [state[:2] for state in told] == [(0, 3), (1, 3), (2, 3), (3, 3)]
    assert {state[2] for state in told} == {"", "first.txt", "second.txt", "third.txt"}
    assert all(state[3] == 1 for state in told)


def test_extract_writes_a_file_for_each_article(texts: Path) -> None:
    (texts / "more.jsonl").write_text(json.dumps({"id": "a/b 1", "text": WORDS.format("fourth")}))
    (texts / "sub").mkdir()
    (texts / "sub" / "first.txt").write_text(WORDS.format("other"))
    seen = extracted(texts)
    assert {"second", "third", "more.jsonl_a_b_1", "first"} < set(seen)
    assert len([name for name in seen if name.startswith("first-")]) == 1
    assert seen["second"]["attributions"][0]["cue"] == {"text": "Troops", "start": 0, "end": 6}


def test_folder_that_cannot_be_made_is_wrong_use(texts: Path) -> None:
    with pytest.raises(UsageError, match="can't be made"):
        extract([texts], texts / "first.txt" / "out", stages=STAGES)


def test_article_keeps_its_bytes_and_describes_itself() -> None:
    raw = "\ufeffBy AFP     Nov 8, 2017 in World\r\n\r\nTroops entered the town.\r\n".encode()
    article = to_article("a.txt", raw)
    assert article.text.encode() == raw
    assert article.key == article.sha256[:16]
    assert article.described.agency == "AFP"


@pytest.mark.parametrize("given", ["0", "-3", "soon"])
def test_time_limit_that_makes_no_sense_is_wrong_use(given: str) -> None:
    with pytest.raises(UsageError, match="HEARSAY_ARTICLE_TIMEOUT_S"):
        article_timeout_s({"HEARSAY_ARTICLE_TIMEOUT_S": given})


def test_real_data_folder_takes_a_run_and_takes_it_again(texts: Path, tmp_path: Path) -> None:
    folder = DataFolder(tmp_path / "data")
    first = load([texts], folder, workers=0, stages=STAGES)
    second = load([texts], folder, workers=1, stages=STAGES)
    assert first.version == second.version == folder.version()
    with folder.begin() as transaction:
        assert {name for name, _ in transaction.articles().values()} == {
            "first.txt",
            "second.txt",
            "third.txt",
        }


def test_fault_of_the_data_folder_ends_the_run(
    texts: Path, folder: FakeFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise StoreError("the disk is full; free some space")

    monkeypatch.setattr(folder, "put_article", cast(Callable[..., None], fail))
    with pytest.raises(StoreError, match="disk is full"):
        run([texts], folder)
    assert folder.published == 0
