"""The items of a feed are articles with the date, address and outlet that the feed gives; no network is asked."""

from __future__ import annotations

import datetime as dt
import hashlib
import socket
import time
import urllib.request
from pathlib import Path

import pytest

from loaders.text.feed_articles import is_feed
from loaders.text.readers import RawArticle, Refusal, find_files, read_file

FEED = Path(__file__).parent / "data" / "pages" / "feed.rss"
SENTENCE = "Troops entered the river town on Wednesday, a military spokesman said."
ITEM = f"<item><title>Troops enter</title><link>https://example.org/1</link><description>{SENTENCE}</description></item>"


def rss(items: str = ITEM, *, prologue: str = "", channel: str = "") -> str:
    channel = f"<channel><title>News</title>{channel}{items}</channel>"
    return f'<?xml version="1.0"?>{prologue}<rss version="2.0">{channel}</rss>'


def atom(entry: str, *, feed: str = "") -> str:
    return (
        '<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom"><title>News</title>'
        f'{feed}<entry><title>Troops enter</title><id>urn:1</id>{entry}</entry></feed>'
    )  # fmt: skip


def read(path: Path, content: str | bytes, name: str = "feed.xml") -> tuple[list[RawArticle], list[Refusal]]:
    file = path / name
    file.write_bytes(content if isinstance(content, bytes) else content.encode())
    refused: list[Refusal] = []
    return list(read_file(file, refuse=refused.append)), refused


def test_items_are_articles_with_what_the_feed_gives() -> None:
    refused: list[Refusal] = []
    first, second = read_file(FEED, refuse=refused.append)
    assert first.file_name == "feed.rss#et-1"
    assert first.text == (
        "Troops enter the river town & its port\n\n"
        "Government troops entered the river town on Wednesday, a military spokesman said.\n\n"
        "A commander of the rebels denied that his fighters had left.\n"
    )
    assert first.raw == first.text.encode()
    assert first.described.origin_sha256 == hashlib.sha256(FEED.read_bytes()).hexdigest()
    about = first.described
    # It is the day that the feed prints, though it was the ninth in Greenwich.
    assert about.published == dt.date(2017, 11, 8)
    assert about.published_basis == "stated: 'Wed, 08 Nov 2017 23:30:00 -0500' in the item's published"
    assert (about.outlet, about.outlet_basis) == (
        "Example Times",
        "stated: 'Example Times - World' in the title of the feed",
    )
    assert (about.agency, about.byline) == ("Reuters", "Jane Doe, Reuters")
    assert (about.url, about.language) == ("https://www.example-times.example/1", "en")
    assert second.file_name == "feed.rss#https://www.example-times.example/2"
    assert second.described.published is None
    assert second.text.endswith("that a truce was close, but gave no day.\n")
    assert [refusal.reason for refusal in refused] == ["there is no text in it but a headline"]


@pytest.mark.parametrize(
    ("content", "date", "basis"),
    [
        (
            rss(ITEM.replace("<link>", "<pubDate>8 Nov 2017</pubDate><link>")),
            "2017-11-08",
            "stated: '8 Nov 2017' in the item's published",
        ),
        (
            atom(
                "<published>2017-11-08T23:00:00+03:00</published><updated>2018-01-01T00:00:00Z</updated>"
                f"<summary>{SENTENCE}</summary>"
            ),
            "2017-11-08",
            "stated: '2017-11-08T23:00:00+03:00' in the item's published",
        ),
        (
            atom(
                "<updated>2017-11-08T00:00:00Z</updated>"
                f"<content type='html'>&lt;p&gt;{SENTENCE}&lt;/p&gt;</content>"
            ),
            "2017-11-08",
            "stated: '2017-11-08T00:00:00Z' in the item's updated",
        ),
        (rss(ITEM.replace("<link>", "<pubDate>03/10/2017 is it</pubDate><link>")), None, None),
        (rss(), None, None),
    ],
)  # fmt: skip
def test_date_is_printed_or_none(content: str, date: str | None, basis: str | None, tmp_path: Path) -> None:
    ((article,), refused) = read(tmp_path, content)
    about = article.described
    assert (about.published.isoformat() if about.published else None, about.published_basis) == (date, basis)
    assert refused == []
    assert SENTENCE in article.text


@pytest.mark.parametrize(
    ("channel", "outlet"),
    [
        ("<title>BBC News - World</title>", "BBC News"),
        ("<title>World News</title>", None),
        (
            "<title>Latest | The Daily Owl</title><link>https://www.thedailyowl.example/</link>",
            "The Daily Owl",
        ),
        ("<title>Latest</title><link>https://www.thedailyowl.example/</link>", None),
    ],
)
def test_outlet_is_the_name_in_the_title(channel: str, outlet: str | None, tmp_path: Path) -> None:
    ((article,), _) = read(tmp_path, rss(channel=channel).replace("<title>News</title>", ""))
    assert article.described.outlet == outlet


@pytest.mark.parametrize("encoding", ["utf-8", "iso-8859-1", "utf-16"])
def test_letters_of_a_feed_hold(encoding: str, tmp_path: Path) -> None:
    content = rss(ITEM.replace("Troops", "Zürich's troops"))
    declared = content.replace('version="1.0"', f'version="1.0" encoding="{encoding}"', 1).encode(encoding)
    ((article,), _) = read(tmp_path, declared, "feed.rss")
    assert article.text.startswith("Zürich")


RDF = (
    '<?xml version="1.0"?><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" '
    f'xmlns="http://purl.org/rss/1.0/"><channel><title>News</title></channel>{ITEM}</rdf:RDF>'
)


@pytest.mark.parametrize(
    ("content", "is_one"),
    [
        (rss(), True),
        (atom("<summary>x</summary>"), True),
        (RDF, True),
        ("\ufeff\n<!-- a --><!DOCTYPE rss PUBLIC 'x' [ <!ENTITY nbsp '&#160;'> ]>\n<rss version='0.91'/>", True),
        ('<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"></rdf:RDF>', False),
        ("<html><body>rss</body></html>", False),
        ("<?xml version='1.0'?><nitf/>", False),
        ("<!-- " * 3000, False),
        ("<?" * 3000, False),
        ("", False),
        ("<rssx/>", False),
    ],
)  # fmt: skip
def test_feed_is_known_by_its_root(content: str, is_one: bool, tmp_path: Path) -> None:
    path = tmp_path / "some.xml"
    path.write_text(content, encoding="utf-8")
    assert is_feed(path) is is_one
    assert find_files([tmp_path]) == ((path,) if is_one else (tmp_path,))


BOMB = (
    "<!DOCTYPE rss [<!ENTITY a0 'x'>"
    + "".join(f"<!ENTITY a{n} '{f'&a{n - 1};' * 10}'>" for n in range(1, 10))
    + "]>"
)
LONG = f"<!DOCTYPE rss [\n<!ENTITY a '{'x' * 15_000}'>\n]>"
FILE = "<!DOCTYPE rss [<!ENTITY a SYSTEM 'file:///etc/passwd'>]>"


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ("", "the file is empty"),
        ("<html></html>", "this is no feed"),
        (rss(""), "the feed has no items (it is empty)"),
        (rss().replace("a9", "x")[:60], "the feed has no items (it is no valid XML"),
        (rss(ITEM.replace(SENTENCE, "&a9;"), prologue=BOMB), "declares entities of its own"),
        (rss(ITEM.replace(SENTENCE, "&a;" * 100_000), prologue=LONG), "declares entities of its own"),
        (rss(ITEM.replace(SENTENCE, "&a;"), prologue=FILE), "declares entities of its own"),
        (rss(ITEM.replace(SENTENCE, "")), "there is no text in it but a headline"),
        (rss(ITEM.replace(SENTENCE, "Troops enter")), "there is no text in it but a headline"),
        (rss(ITEM.replace(SENTENCE, "&lt;div&gt;" * 10_000)), "there is no text in it but a headline"),
        (b"\x1f\x8b\x08 no feed", "a compressed file (gzip)"),
    ],
)  # fmt: skip
def test_feed_without_articles_is_refused(content: str | bytes, reason: str, tmp_path: Path) -> None:
    articles, refused = read(tmp_path, content, "feed.rss")
    assert articles == []
    assert reason in refused[0].reason
    assert refused[0].remedy


def test_letter_by_name_does_no_harm(tmp_path: Path) -> None:
    prologue = "<!DOCTYPE rss [\n<!ENTITY nbsp '&#160;'>\n<!ENTITY name 'a letter'>\n]>"
    ((article,), _) = read(tmp_path, rss(ITEM.replace("river town", "river&nbsp;town"), prologue=prologue))
    assert SENTENCE in article.text


@pytest.mark.parametrize(
    "broken",
    [
        rss(ITEM + ITEM).replace("</item><item>", "</item><b & <c><item>"),
        rss(ITEM + ITEM)[:-60],
        rss("<item><title>a</title>" + "<x>" * 3000 + "</item>" + ITEM),
        rss("<item><description>" + "&lt;p&gt;" * 20_000 + "</description></item>" + ITEM),
        rss(f"<item><title>{'&' * 20_000}</title></item>" + ITEM),
    ],
)
def test_bad_item_leaves_the_others(broken: str, tmp_path: Path) -> None:
    begun = time.process_time()
    articles, _ = read(tmp_path, broken)
    assert any(SENTENCE in article.text for article in articles)
    assert time.process_time() - begun < 10


def test_no_network_and_no_other_file_is_touched(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> None:
        raise AssertionError("the network was asked")

    monkeypatch.setattr(socket, "socket", fail)
    monkeypatch.setattr(socket, "create_connection", fail)
    monkeypatch.setattr(urllib.request, "urlopen", fail)
    doctype = '<!DOCTYPE rss PUBLIC "-//Netscape Communications//DTD RSS 0.91//EN" "http://example.org/rss-0.91.dtd">'
    ((article,), refused) = read(tmp_path, rss(prologue=doctype))
    assert (article.described.url, refused) == ("https://example.org/1", [])
    articles, refused = read(tmp_path, "http://example.org/feed.rss", "address.rss")
    assert (articles, "no feed" in refused[0].reason) == ([], True)
