"""The article of a web page is kept without its menus, with what the page states of it; a bad page costs itself."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import time
from pathlib import Path
from typing import Any

import pytest

from loaders.text.html_articles import HTML_SUFFIXES
from loaders.text.layout import split_blocks
from loaders.text.markup import decode_markup, to_paragraphs
from loaders.text.page_metadata import find_agency
from loaders.text.readers import RawArticle, Refusal, find_files, read_file

PAGES = Path(__file__).parent / "data" / "pages"
FIRST = "Government troops entered the river town on Wednesday, a military spokesman said."
SECOND = "“We hold the bridge,” said the spokesman, who did not say how many soldiers had been killed."
THIRD = "A commander of the rebels denied that his fighters had left the eastern bank of the river."
BODY = "".join(f"<p>{words}</p>" for words in (FIRST, SECOND, THIRD))
MENU = "<nav><ul>" + "".join(f"<li><a href='/{n}'>Section {n}</a></li>" for n in range(30)) + "</ul></nav>"


def page(head: str = "", body: str = BODY) -> str:
    head = f"<head><title>A title</title>{head}</head>"
    return f"<!DOCTYPE html><html>{head}<body>{MENU}<article>{body}</article></body></html>"


def read_all(
    path: Path, content: str | bytes, name: str = "page.html"
) -> tuple[list[RawArticle], list[Refusal]]:
    file = path / name
    file.write_bytes(content if isinstance(content, bytes) else content.encode())
    refused: list[Refusal] = []
    return list(read_file(file, refuse=refused.append)), refused


def read(path: Path, content: str | bytes) -> RawArticle:
    articles, refused = read_all(path, content)
    assert refused == []
    return articles[0]


def refusal(path: Path, content: str | bytes) -> Refusal:
    articles, refused = read_all(path, content)
    assert articles == []
    return refused[0]


def test_page_gives_title_and_paragraphs_and_what_it_states() -> None:
    (article,) = read_file(PAGES / "report.html")
    paragraphs = article.text.split("\n\n")
    assert paragraphs[0] == "Troops enter the river town"
    assert paragraphs[1].startswith("Government troops entered")
    assert paragraphs[1].endswith("eastern bank.")
    assert "denied that his fighters had left" in article.text
    assert len(paragraphs) == 6
    for words in ("Home", "Most read", "dishes", "script", "color: red", "Photo:", "rights reserved"):
        assert words not in article.text
    about = article.described
    assert (about.title, about.outlet) == ("Troops enter the river town", "Example Times")
    assert about.outlet_basis == "stated: 'Example Times' in <meta property='og:site_name'>"
    assert about.published == dt.date(2017, 11, 8)
    assert about.published_basis == (
        "stated: '2017-11-08T22:15:00+03:00' in <meta property='article:published_time'>"
    )
    assert (about.byline, about.language) == ("Jane Doe", "en")
    assert about.url == "https://example.org/2017/11/river-town"


def test_kept_bytes_are_the_text_and_the_page_has_its_own_sum() -> None:
    path = PAGES / "report.html"
    (article,) = read_file(path)
    assert article.raw == article.text.encode()
    assert article.described.origin_sha256 == hashlib.sha256(path.read_bytes()).hexdigest()
    assert article.described.retrieved is None


def test_title_is_the_first_block() -> None:
    (article,) = read_file(PAGES / "report.html")
    blocks = split_blocks(article.text)
    assert (blocks[0].kind, blocks[0].span.exact) == ("title", "Troops enter the river town")
    assert [block.kind for block in blocks[1:]] == ["body", "body", "heading", "body", "body"]


OTHER = {"@type": "NewsArticle", "headline": "Another", "datePublished": "2001-01-01"}
LINKED = {
    "@graph": [
        {"@type": "ItemList", "itemListElement": [OTHER]},
        {
            "@type": ["NewsArticle"],
            "headline": "Troops enter the town",
            "datePublished": "2017-11-08T10:00:00Z",
            "author": [{"@type": "Person", "name": "Jane Doe"}, {"name": "Reuters"}],
            "publisher": {"@type": "Organization", "name": "Example Times"},
            "inLanguage": "en-US",
        },
    ]
}  # fmt: skip


@pytest.mark.parametrize(
    ("head", "name", "value", "basis"),
    [
        (
            f'<script type="application/ld+json">{json.dumps(LINKED)}</script>',
            "published",
            dt.date(2017, 11, 8),
            "stated: '2017-11-08T10:00:00Z' in the page's JSON-LD, datePublished",
        ),
        (
            f'<script type="application/ld+json">{json.dumps(LINKED)}</script>',
            "agency",
            "Reuters",
            "stated: 'Reuters' in the page's JSON-LD, author",
        ),
        (
            "<meta name='DC.date.issued' content='8 November 2017'>",
            "published",
            dt.date(2017, 11, 8),
            "stated: '8 November 2017' in <meta name='DC.date.issued'>",
        ),
        (
            "<meta property='article:published_time' content='soon'><meta name='date' content='2017-11-08'>",
            "published",
            dt.date(2017, 11, 8),
            "stated: '2017-11-08' in <meta name='date'>",
        ),
        (
            "<link rel='canonical' href='https://example.org/news/2017/11/8/town'>",
            "published",
            dt.date(2017, 11, 8),
            "inferred: '/2017/11/8' in the page's address",
        ),
        ("<meta property='article:published_time' content='03/10/2017'>", "published", None, None),
        (
            "<meta name='application-name' content='Example Times'>",
            "outlet",
            "Example Times",
            "stated: 'Example Times' in <meta name='application-name'>",
        ),
        ("<meta name='author' content='Jane Doe'>", "agency", None, None),
        ("", "published", None, None),
        ("", "outlet", None, None),
    ],
)  # fmt: skip
def test_value_of_a_page_has_its_basis(
    head: str, name: str, value: object, basis: str | None, tmp_path: Path
) -> None:
    about = read(tmp_path, page(head)).described
    assert (getattr(about, name), getattr(about, f"{name}_basis")) == (value, basis)


def test_date_in_an_element_of_time(tmp_path: Path) -> None:
    body = f"<time class='entry-date published' datetime='2017-11-08'>Wed</time>{BODY}"
    about = read(tmp_path, page(body=body)).described
    assert (about.published, about.published_basis) == (
        dt.date(2017, 11, 8),
        "stated: '2017-11-08' in <time class='published'>",
    )


SITE = "<meta property='og:site_name' content='Example Times'>"


@pytest.mark.parametrize(
    ("head", "title"),
    [
        (f"<meta property='og:title' content='Town falls | Example Times'>{SITE}", "Town falls"),
        (f"<meta property='og:title' content='Example Times: Town falls'>{SITE}", "Town falls"),
        ("<meta property='og:title' content='Town falls | at last'>", "Town falls | at last"),
        ("<meta property='og:title' content='Town&amp;#8217;s fall'>", "Town’s fall"),
        ("<meta property='og:title' content='Troops enter the…'>", "A title"),
        ('<script type="application/ld+json"><!-- {"@type": "Report", "headline": "It fell"} --></script>', "It fell"),
        ("", "A title"),
        (f'<script type="application/ld+json">{json.dumps(LINKED)}</script>', "Troops enter the town"),
        ('<script type="application/ld+json">{"@type": "NewsArticle", "headline": </script>', "A title"),
        ('<script type="application/ld+json">' + '{"@graph":[' * 5000 + "</script>", "A title"),
    ],
)  # fmt: skip
def test_title_is_without_the_outlet(head: str, title: str, tmp_path: Path) -> None:
    article = read(tmp_path, page(head))
    assert article.described.title == title
    assert article.text.splitlines()[0] == title


def test_title_that_opens_the_article_stands_there_once(tmp_path: Path) -> None:
    article = read(tmp_path, page(body=f"<h1>A title</h1>{BODY}"))
    assert article.text.count("A title") == 1


WORDS = "“Naïve” claims from Café Zürich – the minister’s aide denied it all on Monday."


@pytest.mark.parametrize(
    ("declared", "encoding"),
    [
        ("utf-8", "utf-8"),
        ("iso-8859-1", "utf-8"),
        ("windows-1252", "cp1252"),
        ("iso-8859-1", "cp1252"),
        ("utf-8", "cp1252"),
        ("rot13", "cp1252"),
        ("no-such-thing", "cp1252"),
        ("", "cp1252"),
        ("utf-16", "utf-16"),
        ("utf-8", "utf-8-sig"),
    ],
)
def test_letters_hold_whatever_encoding_is_declared(declared: str, encoding: str, tmp_path: Path) -> None:
    content = page(f"<meta charset='{declared}'>", f"<p>{WORDS}</p>{BODY}").encode(encoding)
    article = read(tmp_path, content)
    assert WORDS in article.text
    assert article.raw.decode() == article.text


def test_bytes_that_are_no_letters_do_not_stop_a_page(tmp_path: Path) -> None:
    content = page().encode().replace(b"military", b"mili\x81\xfetary")
    assert "commander of the rebels denied" in read(tmp_path, content).text


CLOSED = {"@type": "NewsArticle", "isAccessibleForFree": False}
FRENCH = "Les troupes sont entrées dans la ville mercredi, selon un porte-parole de l'armée. "
STUB = "<p>Troops entered the river town on Wednesday, a spokesman said.</p><p>{}</p>"


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ("", "the file is empty"),
        ("   \n ", "the file is empty"),
        (page(body=""), "there is no article in this page"),
        (f"<html><body>{MENU}</body></html>", "there is no article in this page"),
        (page(body="<div>Home</div><div>World</div>"), "there is no article in this page"),
        (page(body="<h2>Troops enter the border town</h2><h2>Ten dishes for the winter</h2>" * 5), "no article"),
        (page(body=STUB.format("Subscribe now to continue reading.")), "behind a paywall"),
        (page(body=STUB.format("This article is for subscribers only.")), "behind a paywall"),
        (page(body=STUB.format("Already a subscriber? Log in")), "behind a paywall"),
        (
            page(f'<script type="application/ld+json">{json.dumps(CLOSED)}</script>', STUB.format("More.")),
            "behind a paywall",
        ),
        ("Just words, and no markup at all.", "this is no web page"),
        (b"\x89PNG\r\n\x1a\n" + b"\x00" * 100, "this is an image (PNG), not text"),
        (b"%PDF-1.4 <html>", "this is a PDF"),
        (page(body="<div>" * 10_000 + BODY + "</div>" * 10_000), "there is no article in this page"),
        (page(body="<b>" * 40_000 + BODY), "there is no article in this page"),
        (page(body="<p>a" * 60_000), "more than 50,000 elements"),
        (page(body=BODY + "<!--" + "x" * 10_100_000), "the page is too large"),
        (page(body="<script>" + BODY), "there is no article in this page"),
        (page(body="<p>" + FRENCH * 9), "it looks French"),
    ],
)  # fmt: skip
def test_page_without_an_article_is_refused(content: str | bytes, reason: str, tmp_path: Path) -> None:
    found = refusal(tmp_path, content)
    assert reason in found.reason
    assert found.remedy
    assert found.file == "page.html"


def test_long_article_with_an_offer_to_subscribe_is_read(tmp_path: Path) -> None:
    article = read(tmp_path, page(body=BODY * 4 + "<p>Subscribe now to continue reading.</p>"))
    assert article.text.count("commander of the rebels") == 4


@pytest.mark.parametrize(
    "unit",
    ["<p>a", "<div>a</div>", "<h2>a</h2>", "<!--", "<", "&amp;", "<p a=1 ", "<table><tr><td>", "<ul><li>"],
)
def test_hostile_page_takes_seconds_at_most(unit: str, tmp_path: Path) -> None:
    begun = time.process_time()
    read_all(tmp_path, page(body=BODY + unit * 20_000))
    assert time.process_time() - begun < 10


def test_bad_page_leaves_the_others(tmp_path: Path) -> None:
    (tmp_path / "a.html").write_text("")
    (tmp_path / "b.htm").write_text(page())
    (tmp_path / "c.xhtml").write_text('<?xml version="1.0" encoding="utf-8"?>' + page())
    (tmp_path / "b_files").mkdir()
    (tmp_path / "b_files" / "frame.html").write_text(page())
    files = find_files([tmp_path])
    assert [file.suffix for file in files] == sorted(HTML_SUFFIXES, key=[".html", ".htm", ".xhtml"].index)
    refused: list[Refusal] = []
    read_names = [one.file_name for file in files for one in read_file(file, refuse=refused.append)]
    assert read_names == ["b.htm", "c.xhtml"]
    assert [one.file for one in refused] == ["a.html"]


@pytest.mark.parametrize(
    ("author", "agency"),
    [
        ("Reuters", "Reuters"),
        ("By Reuters Staff", "Reuters"),
        ("Jane Doe, Associated Press", "AP"),
        ("Jane Doe | AFP", "AFP"),
        ("Jane Doe (AFP)", "AFP"),
        ("Ina Doe", None),
        ("Petra Doe", None),
        ("Jane Doe", None),
        ("", None),
    ],
)
def test_author_is_an_agency_or_a_person(author: str, agency: str | None) -> None:
    assert find_agency(author) == agency


@pytest.mark.parametrize(
    ("markup", "paragraphs"),
    [
        ("<p>One <b>two</b>three<br>four</p>tail", ["One twothree", "four", "tail"]),
        ("no markup &amp; none", ["no markup & none"]),
        ("a<script>b</script>c<style>d</style>e<!-- f -->g", ["aceg"]),
        ("<figure>a<figcaption>b</figcaption></figure>c", ["c"]),
        ("it was <del>ten</del><s>nine</s> eight", ["it was eight"]),
        ("<ul><li>a<li>b</ul>", ["a", "b"]),
        ("", []),
        ("<!-- -->", []),
        ("<b>", []),
    ],
)
def test_markup_is_read_by_paragraphs(markup: str, paragraphs: list[str]) -> None:
    assert to_paragraphs(markup) == paragraphs


def test_nothing_but_text_is_decoded() -> None:
    assert decode_markup(b"\x00\x01\x02 binary") is None
    assert decode_markup("schön".encode("latin-1"), "zip") == "schön"


def test_all_values_are_asked_by_rows_that_exist() -> None:
    from loaders.text.wordlists import LEXICONS, read_rows

    rows: list[dict[str, Any]] = list(read_rows(LEXICONS / "page_metadata.csv"))
    assert {row["where"] for row in rows} == {"type", "json", "meta", "time", "link"}
    assert {row["part"] for row in rows} == {
        "article", "elsewhere", "published", "title", "outlet", "author", "url", "language", "free",
    }  # fmt: skip
    walls = read_rows(LEXICONS / "paywalls.csv")
    assert walls
    from loaders.text.html_articles import is_behind_wall

    assert all(is_behind_wall(row["example"]) for row in walls)
    assert not is_behind_wall(f"{FIRST} {SECOND} {THIRD} The subscribers of the plan denied it.")
