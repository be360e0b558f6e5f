"""The pages of a web archive are read one by one, whatever has become of the records between them."""

from __future__ import annotations

import base64
import datetime as dt
import gzip
import hashlib
import time
import tracemalloc
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest

from loaders.plan import Plan
from loaders.run import to_article
from loaders.text.readers import RawArticle, Refusal, find_files, read_file

PAGE = (Path(__file__).parent / "data" / "pages" / "report.html").read_bytes()
URL = "https://example.org/news/{}"


def record(
    url: str,
    body: bytes,
    *,
    status: str = "200 OK",
    kind: str = "text/html; charset=utf-8",
    headers: tuple[tuple[str, str], ...] = (),
) -> bytes:
    """Write a record as crawlers do, with the sum of its block."""
    http = [f"HTTP/1.1 {status}", f"Content-Type: {kind}", *(": ".join(pair) for pair in headers), "", ""]
    block = "\r\n".join(http).encode() + body
    digest = base64.b32encode(hashlib.sha1(block).digest()).decode()
    head = [
        "WARC/1.0",
        "WARC-Type: response",
        f"WARC-Target-URI: {url}",
        "WARC-Date: 2019-01-05T10:00:00Z",
        "WARC-Record-ID: <urn:uuid:00000000-0000-0000-0000-000000000000>",
        f"WARC-Block-Digest: sha1:{digest}",
        "Content-Type: application/http; msgtype=response",
        f"Content-Length: {len(block)}",
        "",
        "",
    ]
    return "\r\n".join(head).encode() + block + b"\r\n\r\n"


def three(*, is_gzip: bool) -> tuple[bytes, list[int]]:
    """Make an archive of three pages; give it with the places where its records begin."""
    records = [record(URL.format(n), PAGE.replace(b"twelve thousand", b"%d thousand" % n)) for n in (5, 6, 7)]
    records = [gzip.compress(one) for one in records] if is_gzip else records
    return b"".join(records), [0, len(records[0]), len(records[0] + records[1])]


def read(path: Path, content: bytes, name: str) -> tuple[list[RawArticle], list[Refusal]]:
    file = path / name
    file.write_bytes(content)
    refused: list[Refusal] = []
    return list(read_file(file, refuse=refused.append)), refused


@pytest.mark.parametrize("name", ["crawl.warc", "crawl.warc.gz"])
def test_each_page_is_an_article_with_its_address(name: str, tmp_path: Path) -> None:
    articles, refused = read(tmp_path, three(is_gzip=name.endswith(".gz"))[0], name)
    assert refused == []
    assert [article.file_name for article in articles] == [f"{name}#{n}" for n in (1, 2, 3)]
    assert [article.described.url for article in articles] == [URL.format(n) for n in (5, 6, 7)]
    assert [f"{n} thousand people" in article.text for n, article in zip((5, 6, 7), articles, strict=True)]
    assert len({article.described.origin_sha256 for article in articles}) == 3


def test_day_of_the_crawl_is_not_the_day_of_publication(tmp_path: Path) -> None:
    articles, _ = read(tmp_path, three(is_gzip=True)[0], "crawl.warc.gz")
    assert articles[0].described.retrieved == dt.date(2019, 1, 5)
    assert articles[0].described.published == dt.date(2017, 11, 8)
    undated = b"<html><body>" + PAGE[PAGE.index(b"<article>") : PAGE.index(b"</article>")].replace(
        b"2017-11-09", b""
    )
    articles, _ = read(tmp_path, record(URL.format(1), undated), "undated.warc.gz")
    assert (articles[0].described.retrieved, articles[0].described.published) == (dt.date(2019, 1, 5), None)


def test_plan_keeps_where_a_text_was_taken_from_and_when(tmp_path: Path) -> None:
    path = tmp_path / "crawl.warc.gz"
    path.write_bytes(three(is_gzip=True)[0])
    with Plan([path]) as plan:
        articles = [to_article(task.file_name, task.raw, task.given) for task in plan.tasks()]
    assert {one.described.retrieved for one in articles} == {dt.date(2019, 1, 5)}
    assert len({one.described.origin_sha256 for one in articles}) == 3
    assert all(one.described.origin_sha256 != one.sha256 for one in articles)


def overwritten(content: bytes, place: int, new: bytes) -> bytes:
    return content[:place] + new + content[place + len(new) :]


Damage = Callable[[bytes, int, int], bytes]
LENGTH = b"Content-Length: "


@pytest.mark.parametrize("is_gzip", [False, True], ids=["plain", "gzip"])
@pytest.mark.parametrize(
    ("damage", "left"),
    [
        pytest.param(lambda d, a, b: overwritten(d, (a + b) // 2, b"\xff"), "1 3", id="a byte"),
        pytest.param(lambda d, a, b: overwritten(d, (a + b) // 2, bytes(300)), "1 3", id="zeros"),
        pytest.param(lambda d, a, b: d[: (a + b) // 2] + d[(a + b) // 2 + 200 :], "1 3", id="lost bytes"),
        pytest.param(lambda d, a, b: d[: a + 4] + d[a + 60 :], "1 3", id="lost head"),
        pytest.param(lambda d, a, b: d[:a] + b"words " * 30_000 + d[a:], "1 3 4", id="bytes between"),
        pytest.param(lambda d, a, b: b"words " * 100 + d, "2 3 4", id="bytes before"),
        pytest.param(lambda d, a, b: d[:b] + d[b : b + 90], "1 2", id="cut in a head"),
        pytest.param(lambda d, a, b: d[:-500], "1 2", id="cut in a page"),
    ],
)  # fmt: skip
def test_damaged_record_is_refused_and_the_others_read(
    damage: Damage, left: str, is_gzip: bool, tmp_path: Path
) -> None:
    content, places = three(is_gzip=is_gzip)
    name = "crawl.warc.gz" if is_gzip else "crawl.warc"
    articles, refused = read(tmp_path, damage(content, places[1], places[2]), name)
    assert [article.file_name for article in articles] == [f"{name}#{n}" for n in left.split()]
    assert len(refused) == 1
    assert refused[0].remedy


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (LENGTH, LENGTH + b"9"),
        (LENGTH, LENGTH + b"1\r\nX: "),
        (LENGTH, LENGTH + b"-"),
        (LENGTH, b"X: "),
        (b"WARC-Target-URI", b"X"),
    ],
)
def test_record_with_a_wrong_head_costs_itself_only(old: bytes, new: bytes, tmp_path: Path) -> None:
    content, places = three(is_gzip=False)
    content = content[: places[1]] + content[places[1] :].replace(old, new, 1)
    articles, refused = read(tmp_path, content, "crawl.warc")
    assert [article.described.url for article in articles] == [URL.format(5), URL.format(7)]
    assert [refusal.file for refusal in refused] == ["crawl.warc#2"]


@pytest.mark.parametrize(
    ("name", "pack"),
    [
        ("one.warc.gz", gzip.compress),
        ("renamed.warc.gz", bytes),
        ("renamed.warc", gzip.compress),
    ],
)
def test_archive_is_read_however_it_is_compressed(
    name: str, pack: Callable[[bytes], bytes], tmp_path: Path
) -> None:
    articles, refused = read(tmp_path, pack(three(is_gzip=False)[0]), name)
    assert (len(articles), refused) == (3, [])


HEAD = b"WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: https://example.org/bomb\r\n"


@pytest.mark.parametrize(
    "begin",
    [
        HEAD + LENGTH + b"900000000\r\n\r\nHTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n",
        HEAD + LENGTH + b"10\r\n\r\nHTTP/1.1 200 OK\r\n",
        HEAD + b"X: ",
        b"",
    ],
    ids=["in a page", "behind a record", "in a head", "in nothing"],
)
def test_bomb_takes_neither_time_nor_memory(begin: bytes, tmp_path: Path) -> None:
    squeeze = zlib.compressobj(9, zlib.DEFLATED, 31)
    bomb = squeeze.compress(begin) + b"".join(squeeze.compress(bytes(1_000_000)) for _ in range(600))
    content = bomb + squeeze.flush() + three(is_gzip=True)[0]
    begun = time.process_time()
    tracemalloc.start()
    articles, refused = read(tmp_path, content, "crawl.warc.gz")
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert len(articles) == 3
    assert refused
    assert any("grow beyond measure" in refusal.reason for refusal in refused)
    assert peak < 100_000_000
    assert time.process_time() - begun < 20


CHUNKED = b"10\r\n" + PAGE[:16] + b"\r\n%x\r\n" % (len(PAGE) - 16) + PAGE[16:] + b"\r\n0\r\n\r\n"


@pytest.mark.parametrize(
    ("body", "header", "reason"),
    [
        (gzip.compress(PAGE), ("Content-Encoding", "gzip"), None),
        (zlib.compress(PAGE), ("Content-Encoding", "deflate"), None),
        (zlib.compress(PAGE)[2:-4], ("Content-Encoding", "deflate"), None),
        (PAGE, ("Content-Encoding", "br"), None),
        (CHUNKED, ("Transfer-Encoding", "chunked"), None),
        (gzip.compress(PAGE)[:-800], ("Content-Encoding", "gzip"), ""),
        (b"\x1b\x03 no page", ("Content-Encoding", "br"), "compressed in a way that can't be read here (br)"),
        (b"no gzip", ("Content-Encoding", "gzip"), "or damaged"),
        (gzip.compress(bytes(100_000_000)), ("Content-Encoding", "gzip"), "the page is too large"),
        (PAGE + b"x" * 10_100_000, ("X", "y"), "the page is too large, the limit is 10,000,000 bytes"),
        (b"", ("X", "y"), "the file is empty"),
    ],
)
def test_coding_of_the_server_is_undone(
    body: bytes, header: tuple[str, str], reason: str | None, tmp_path: Path
) -> None:
    articles, refused = read(tmp_path, record(URL.format(1), body, headers=(header,)), "crawl.warc.gz")
    if reason is None:
        assert [article.described.title for article in articles] == ["Troops enter the river town"]
    elif reason:
        assert articles == []
        assert reason in refused[0].reason
    else:
        assert len(articles) + len(refused) == 1  # of a page that was cut off, there may be enough


def test_what_is_no_page_is_passed_over(tmp_path: Path) -> None:
    others = [
        b"WARC/1.0\r\nWARC-Type: warcinfo\r\nContent-Length: 19\r\n\r\nsoftware: a crawler\r\n\r\n",
        record(URL.format("gone"), PAGE, status="404 Not Found"),
        record(URL.format("picture"), b"\x89PNG", kind="image/png"),
        record("dns:example.org", b"192.0.2.1"),
    ]
    articles, refused = read(tmp_path, b"".join(others), "none.warc")
    assert (articles, [refusal.reason for refusal in refused]) == ([], ["the archive holds no web page"])
    others.append(record(URL.format("a page"), PAGE, kind="application/xhtml+xml"))
    articles, refused = read(tmp_path, b"".join(others), "one.warc")
    assert [article.described.url for article in articles] == [URL.format("a%20page")]
    assert refused == []


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "the file is empty"),
        (b"Just words\n" * 1000, "its compressed bytes are damaged"),
        (gzip.compress(b"Just words\n" * 1000), "bytes stand in its place that are no record"),
        (b"\x1f\x8b\x08" + b"\xff" * 1000, "its compressed bytes are damaged"),
    ],
)
def test_file_that_is_no_archive_is_answered_for(content: bytes, reason: str, tmp_path: Path) -> None:
    articles, refused = read(tmp_path, content, "crawl.warc.gz")
    assert articles == []
    assert reason in refused[0].reason


def test_archive_is_found_in_a_folder(tmp_path: Path) -> None:
    for name in ("a.warc", "b.warc.gz", "c.txt"):
        (tmp_path / name).write_bytes(three(is_gzip=False)[0])
    assert [path.name for path in find_files([tmp_path])] == ["a.warc", "b.warc.gz", "c.txt"]
