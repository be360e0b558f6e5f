"""Reads files into raw articles whose offsets hold, and says of every other file why it can't be read.

The kept text of a .txt is the file's bytes decoded as UTF-8 with nothing changed: no newline, no byte order
mark. Of other formats the kept bytes of an article are the text that was taken out of it, written as UTF-8.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path

from graph.errors import UsageError
from loaders.text.encodings import complaint_about_bytes, decode
from loaders.text.feed_articles import FEED_SUFFIXES, is_feed, read_feed
from loaders.text.fields import Fields
from loaders.text.html_articles import HTML_SUFFIXES, read_html
from loaders.text.json_articles import holds_articles, read_articles
from loaders.text.markdown_articles import MARKDOWN_SUFFIXES, read_markdown
from loaders.text.raw_articles import SPLIT, RawArticle, Refusal, check

__all__ = ["MANIFEST_NAME", "RawArticle", "Refusal", "find_files", "max_article_bytes", "read_file"]

MANIFEST_NAME = "articles.csv"
MAX_ARTICLE_BYTES = 1_000_000

# What a folder of articles holds beside them. Anything else is answered for, never passed over in silence.
_ASIDE = frozenset(
    {
        ".ann", ".source", ".csv", ".tsv", ".xlsx", ".xls", ".ods", ".py", ".ipynb", ".r", ".sh",
        ".js", ".css", ".svg", ".png", ".jpg", ".jpeg", ".gif", ".webp", ".ico", ".mp3", ".mp4",
        ".wav", ".ttl", ".rdf", ".owl", ".nt", ".nq", ".trig", ".rq", ".jsonld", ".xsd",
        ".dtd", ".yml", ".yaml", ".toml", ".ini", ".cfg", ".lock", ".log", ".rst", ".bib",
        ".conllu", ".conll", ".spacy", ".pkl", ".npz", ".bin", ".onnx", ".sqlite", ".db", ".sha256",
        ".md5", ".bak", ".tmp", ".pyc",
    }
)  # fmt: skip
_ASIDE_NAMES = frozenset(
    {
        "authors", "changelog", "code_of_conduct", "contributing", "credits", "licence", "license", "makefile",
        "notice", "readme", "security",
    }
)  # fmt: skip
_WITH_ASIDE_NAMES = frozenset({"", ".txt", *MARKDOWN_SUFFIXES})
_MANY = frozenset({".jsonl", ".ndjson", ".json"})
_WARC_SUFFIXES = (".warc", ".warc.gz")
_USUAL = Fields()


def max_article_bytes(environment: Mapping[str, str] | None = None) -> int:
    """Give the size above which an article is refused: HEARSAY_MAX_ARTICLE_BYTES, or a million bytes."""
    given = (os.environ if environment is None else environment).get("HEARSAY_MAX_ARTICLE_BYTES")
    if given is None:
        return MAX_ARTICLE_BYTES
    if not given.isdecimal() or int(given) == 0:
        raise UsageError(
            f"HEARSAY_MAX_ARTICLE_BYTES is {given!r}; give a whole number of bytes, such as 1000000"
        )
    return int(given)


def find_files(paths: Iterable[Path], fields: Fields = _USUAL) -> tuple[Path, ...]:
    """Give the files to read, each once: a named path as it is, a folder's files in the order of their names.

    A folder that holds no article, or can't be listed, is given itself, so that `read_file` answers for it.
    A list of articles (articles.csv) is none, also where a pattern such as `folder/*` names it.
    """
    found: dict[str, Path] = {}
    for path in paths:
        if path.name == MANIFEST_NAME and path.is_file():
            continue
        for file in _files_of_folder(path, fields) if path.is_dir() else (path,):
            # Two spellings of one path are one file; two links to it are not, since each has a name.
            found.setdefault(os.path.abspath(file), file)  # noqa: PTH100 - pathlib keeps the dots
    return tuple(found.values())


def read_file(
    path: Path,
    *,
    max_bytes: int = MAX_ARTICLE_BYTES,
    refuse: Callable[[Refusal], None] | None = None,
    fields: Fields = _USUAL,
) -> Iterator[RawArticle]:
    """Read the articles of a file. Raises UnreadableArticle (a Refusal) for one that can't be read.

    With `refuse` given, each refusal goes there instead, and the other articles of the file are still read.
    `fields` names what JSON keeps where.
    """
    articles: Iterator[RawArticle | Refusal] = _read(path, max_bytes, fields)
    for article in articles:
        if isinstance(article, RawArticle):
            yield article
        elif refuse is None:
            raise article
        else:
            refuse(article)


def _files_of_folder(folder: Path, fields: Fields) -> list[Path]:
    """List a folder's articles at any depth; hidden files and files of clearly other kinds are left aside.

    So is the folder `x_files` that a browser makes beside the page `x.html`.
    """
    files: list[Path] = []
    closed: list[Path] = []
    walk = os.walk(folder, onerror=lambda error: closed.append(Path(error.filename)))
    for parent, folders, names in walk:
        of_pages = {
            f"{Path(name).stem}_files" for name in names if Path(name).suffix.lower() in HTML_SUFFIXES
        }
        folders[:] = sorted(name for name in folders if not name.startswith(".") and name not in of_pages)
        files += [Path(parent, name) for name in names if _may_be_article(Path(parent, name), fields)]
    return sorted([*files, *closed]) or [folder]


def _may_be_article(path: Path, fields: Fields) -> bool:
    name, suffix = path.name.lower(), path.suffix.lower()
    if name.startswith(".") or name.endswith("~") or suffix in _ASIDE:
        return False
    if suffix in _WITH_ASIDE_NAMES and path.stem.lower() in _ASIDE_NAMES:
        return False
    if suffix == ".xml":
        return is_feed(path)
    return suffix != ".json" or holds_articles(path, fields)


def _read(path: Path, max_bytes: int, fields: Fields) -> Iterator[RawArticle | Refusal]:
    complaint = _complaint_about_path(path)
    if complaint:
        yield Refusal(path.name or str(path), *complaint)
        return
    try:
        suffix = path.suffix.lower()
        if suffix in _MANY:
            yield from read_articles(path, max_bytes, fields)
        elif path.name.lower().endswith(_WARC_SUFFIXES):
            # Its library imports much, for which nobody without an archive should wait.
            from loaders.text.warc_articles import read_warc

            yield from read_warc(path, max_bytes)
        elif suffix in FEED_SUFFIXES or suffix == ".xml":
            yield from read_feed(path, max_bytes)
        elif suffix in HTML_SUFFIXES:
            yield read_html(path, max_bytes)
        elif suffix in MARKDOWN_SUFFIXES:
            yield read_markdown(path, max_bytes)
        else:
            yield _read_one(path, max_bytes)
    except PermissionError:
        yield Refusal(
            path.name, "the file may not be read", "ask its owner for permission, or run: chmod +r FILE"
        )
    except OSError as error:
        yield Refusal(
            path.name, f"the file can't be read ({error.strerror or error})", "check the disk and try again"
        )


def _complaint_about_path(path: Path) -> tuple[str, str] | None:
    if path.is_dir():
        if not os.access(path, os.R_OK | os.X_OK):
            return "the folder may not be opened", "ask its owner for permission, or run: chmod +rx FOLDER"
        return (
            "the folder holds no article",
            "put articles into it (.txt, .html, .md, .jsonl, .rss, .warc), or name another folder",
        )
    if path.is_symlink() and not path.exists():
        return "the link leads nowhere", "put the file back, or remove the link"
    if not path.exists():
        return "there is no such file", "check the spelling of the path"
    if not path.is_file():
        return "this is not a file but a device or a pipe", "save the text as a file and load that"
    return None


def _read_one(path: Path, max_bytes: int) -> RawArticle | Refusal:
    with path.open("rb") as handle:
        raw = handle.read(max_bytes + 1)
    if len(raw) > max_bytes:
        size = f"{path.stat().st_size:,} bytes"
        return Refusal(
            path.name, f"the text is too large for one article: {size}, the limit is {max_bytes:,}", SPLIT
        )
    complaint = complaint_about_bytes(raw, path.name)
    if complaint:
        return Refusal(path.name, *complaint)
    return check(RawArticle(path.name, raw, decode(raw), path=path))
