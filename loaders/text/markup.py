"""Turns bytes of markup into characters, and markup into the paragraphs that a reader of the page would see."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator

from lxml import etree, html

# The encodings that pages are met in. A page may name any codec, also ones that are no encodings of text.
_KNOWN = re.compile(
    r"(?:utf-8|utf-16(?:-le|-be)?|ascii|iso8859-\d+|cp125\d|cp866|koi8-[ru]|mac-roman|big5(?:hkscs)?|gb2312|gbk"
    r"|gb18030|euc_(?:jp|kr)|shift_jis|cp932|cp949|tis-620)"
)
# What browsers take these two for, by the WHATWG's standard for encodings.
_AS_WINDOWS = frozenset({"ascii", "iso8859-1"})
_DECLARED = re.compile(rb"(?:charset|encoding)\s*=\s*[\"']?\s*([\w.:-]{2,40})", re.IGNORECASE)
_MARKS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
_HEAD_BYTES = 4096

# Elements that stand on lines of their own, and those whose words are none of the text's.
_BREAKS = frozenset(
    {
        "address", "article", "blockquote", "br", "center", "dd", "div", "dl", "dt", "h1", "h2", "h3", "h4", "h5",
        "h6", "header", "hr", "li", "main", "ol", "p", "pre", "section", "table", "td", "th", "tr", "ul",
    }
)  # fmt: skip
_SILENT = frozenset(
    {
        "aside", "audio", "button", "del", "embed", "figure", "footer", "form", "head", "iframe", "math", "nav",
        "noscript", "object", "s", "script", "select", "strike", "style", "svg", "template", "textarea", "title",
        "video",
    }
)  # fmt: skip


def decode_markup(raw: bytes, declared: str | None = None) -> str | None:
    """Decode a page: by its byte order mark, as UTF-8 where it is, as it or its server says, else as browsers do.

    UTF-8 comes before what is declared: declarations are often wrong, and other text is hardly ever valid UTF-8.
    None where the bytes are no text.
    """
    for mark, encoding in _MARKS:
        if raw.startswith(mark):
            return _decode(raw[len(mark) :], encoding)
    if b"\x00" not in raw and (text := _decode(raw, "utf-8")) is not None:
        return text
    found = _DECLARED.search(raw[:_HEAD_BYTES])
    for name in (declared, found[1].decode("ascii") if found else None, "cp1252"):
        if name and (text := _decode(raw, name)) is not None and "\x00" not in text:
            return text
    # The five bytes that Windows-1252 leaves free stand in some pages; browsers pass them through.
    return None if b"\x00" in raw else raw.decode("cp1252", "replace")


def to_paragraphs(markup: str) -> list[str]:
    """Give the words of a piece of HTML by paragraphs, without scripts, figures and forms; nested as deep as it may."""
    if not markup.strip():
        return []
    parser = html.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True, huge_tree=True)
    try:
        tree = html.fragment_fromstring(markup.encode("utf-8", "replace"), create_parent="div", parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError):
        return []
    folded = (" ".join(part.split()) for part in "".join(_words(tree)).split("\n"))
    return [part for part in folded if part]


def _words(tree: etree._Element) -> Iterator[str]:
    """Give the text in the order of the page, with a line end where a paragraph begins or ends; never recursive."""
    silent = 0
    for event, element in etree.iterwalk(tree, events=("start", "end")):
        name = element.tag
        is_break = name in _BREAKS
        if event == "start":
            silent += name in _SILENT
            if not silent:
                yield "\n" if is_break else ""
                yield _folded(element.text)
        else:
            if not silent and is_break:
                yield "\n"
            silent -= name in _SILENT
            if not silent and element is not tree:
                yield _folded(element.tail)


def _folded(words: str | None) -> str:
    return re.sub(r"\s", " ", words or "")


def _decode(raw: bytes, name: str) -> str | None:
    try:
        codec = codecs.lookup(name.strip()).name
        codec = "cp1252" if codec in _AS_WINDOWS else codec
        return raw.decode(codec) if _KNOWN.fullmatch(codec) else None
    except (LookupError, UnicodeDecodeError, ValueError):
        return None
