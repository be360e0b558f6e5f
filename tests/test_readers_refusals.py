"""Every file that can't be read is answered for: what it is, what to do. Cases: files in tests/data/bad."""

from __future__ import annotations

import csv
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from graph.errors import UnreadableArticle, UsageError
from loaders.text.readers import Refusal, find_files, max_article_bytes, read_file

BAD = Path(__file__).parent / "data" / "bad"
SENTENCE = "Troops entered the town on Wednesday, state media said.\n"


def expected() -> Iterator[tuple[str, str, str]]:
    with (BAD / "expected.csv").open(encoding="utf-8", newline="") as handle:
        for row in csv.DictReader(handle):
            yield row["file"], row["words"], row["remedy"]


def refusals(path: Path, *, max_bytes: int = 1_000_000) -> list[Refusal]:
    found: list[Refusal] = []
    for _ in read_file(path, max_bytes=max_bytes, refuse=found.append):
        pass
    return found


@pytest.mark.parametrize(("file", "words", "remedy"), list(expected()))
def test_bad_file_is_refused_with_reason_and_remedy(file: str, words: str, remedy: str) -> None:
    found = {refusal.file: refusal for refusal in refusals(BAD / file.split("#")[0])}
    assert words in found[file].reason
    assert remedy in found[file].remedy


def test_each_bad_file_has_its_expectation() -> None:
    files = {path.name for path in find_files([BAD])}
    assert files == {file.split("#")[0] for file, _, _ in expected()}


def test_first_bad_file_raises_where_nobody_takes_refusals() -> None:
    with pytest.raises(UnreadableArticle, match=r"^image\.txt: this is an image"):
        list(read_file(BAD / "image.txt"))


def test_bad_lines_leave_the_good_articles_of_their_file() -> None:
    good = list(read_file(BAD / "lines.jsonl", refuse=lambda refusal: None))
    assert [article.file_name for article in good] == ["lines.jsonl#good-1", "lines.jsonl#good-2"]


def test_large_text_is_refused_with_its_size(tmp_path: Path) -> None:
    large = tmp_path / "large.txt"
    large.write_text(SENTENCE * 100_000, encoding="utf-8")
    (refusal,) = refusals(large)
    assert "too large for one article: 5,600,000 bytes, the limit is 1,000,000" in refusal.reason
    assert "HEARSAY_MAX_ARTICLE_BYTES" in refusal.remedy


def test_large_line_is_refused_and_the_next_one_read(tmp_path: Path) -> None:
    lines = tmp_path / "many.jsonl"
    texts = [SENTENCE * 30_000, SENTENCE]
    lines.write_text(
        "".join(f'{{"text": "{text.strip()}"}}\n'.replace("\n", " ", text.count("\n") - 1) for text in texts)
    )
    found: list[Refusal] = []
    good = list(read_file(lines, max_bytes=1000, refuse=found.append))
    assert [refusal.file for refusal in found] == ["many.jsonl#1"]
    assert [article.file_name for article in good] == ["many.jsonl#2"]


def test_missing_path_is_answered_for(tmp_path: Path) -> None:
    path = tmp_path / "not there.txt"
    assert find_files([path]) == (path,)
    (refusal,) = refusals(path)
    assert (refusal.file, refusal.reason) == ("not there.txt", "there is no such file")


def test_link_to_nowhere_is_answered_for(tmp_path: Path) -> None:
    path = tmp_path / "link.txt"
    path.symlink_to(tmp_path / "gone.txt")
    (refusal,) = refusals(path)
    assert refusal.reason == "the link leads nowhere"


def test_folder_without_articles_is_answered_for(tmp_path: Path) -> None:
    (tmp_path / "notes.csv").write_text("a,b\n")
    assert find_files([tmp_path]) == (tmp_path,)
    (refusal,) = refusals(tmp_path)
    assert refusal.reason == "the folder holds no article"


def test_pipe_is_answered_for(tmp_path: Path) -> None:
    path = tmp_path / "pipe.txt"
    os.mkfifo(path)
    (refusal,) = refusals(path)
    assert "device or a pipe" in refusal.reason


def test_forbidden_file_is_answered_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "closed.txt"
    path.write_text(SENTENCE)

    def deny(self: Path, *args: object, **options: object) -> object:
        raise PermissionError(13, "Permission denied", str(self))

    # The superuser, as whom tests may run, can read everything: the refusal has to be played.
    monkeypatch.setattr(Path, "open", deny)
    (refusal,) = refusals(path)
    assert refusal.reason == "the file may not be read"


def test_forbidden_folder_is_answered_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    closed = tmp_path / "closed"
    closed.mkdir()
    (tmp_path / "open.txt").write_text(SENTENCE)
    scan, access = os.scandir, os.access

    def deny(path: str) -> object:
        if Path(path).name == "closed":
            raise PermissionError(13, "Permission denied", str(path))
        return scan(path)

    monkeypatch.setattr(os, "scandir", deny)
    monkeypatch.setattr(os, "access", lambda path, mode: Path(path).name != "closed" and access(path, mode))
    assert find_files([tmp_path]) == (closed, tmp_path / "open.txt")
    (refusal,) = refusals(closed)
    assert refusal.reason == "the folder may not be opened"


@pytest.mark.parametrize("given", ["0", "-1", "many", "1.5", ""])
def test_limit_that_makes_no_sense_is_wrong_use(given: str) -> None:
    with pytest.raises(UsageError, match="HEARSAY_MAX_ARTICLE_BYTES"):
        max_article_bytes({"HEARSAY_MAX_ARTICLE_BYTES": given})


def test_limit_is_a_setting() -> None:
    assert max_article_bytes({}) == 1_000_000
    assert max_article_bytes({"HEARSAY_MAX_ARTICLE_BYTES": "5000"}) == 5000
