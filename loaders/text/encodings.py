"""Tells by the bytes whether something is a text in UTF-8, and if not, what it is and how to make it one."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter

from loaders.text.paragraphs import INVISIBLE

_CONVERT = "convert it, for instance: iconv -f {name} -t UTF-8 {file} > {file}.utf8"
_TEXT_OUT = "save its text as plain text in UTF-8 and load that"

# The first bytes of formats that are met under the name of a text.
_MAGIC: tuple[tuple[bytes, str], ...] = (
    (b"\x89PNG", "an image (PNG)"),
    (b"\xff\xd8\xff", "an image (JPEG)"),
    (b"GIF8", "an image (GIF)"),
    (b"BM\x00", "an image (BMP)"),
    (b"II*\x00", "an image (TIFF)"),
    (b"MM\x00*", "an image (TIFF)"),
    (b"%PDF", "a PDF"),
    (b"PK\x03\x04", "a zip archive or an office document (docx, odt, epub)"),
    (b"PK\x05\x06", "an empty zip archive"),
    (b"\xd0\xcf\x11\xe0", "an old office document (doc, xls)"),
    (b"{\\rtf", "a rich text document (RTF)"),
    (b"\x1f\x8b", "a compressed file (gzip)"),
    (b"BZh", "a compressed file (bzip2)"),
    (b"\xfd7zXZ", "a compressed file (xz)"),
    (b"7z\xbc\xaf", "an archive (7z)"),
    (b"RIFF", "an image, a sound or a film (RIFF)"),
    (b"\x7fELF", "a program"),
    (b"WARC/", "a web archive (WARC)"),
)  # fmt: skip
_UTF16_OR_32 = (
    (b"\xff\xfe\x00\x00", "UTF-32LE"),
    (b"\x00\x00\xfe\xff", "UTF-32BE"),
    (b"\xff\xfe", "UTF-16"),
    (b"\xfe\xff", "UTF-16"),
)
_HTML = re.compile(
    r"\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)?<(?:!doctype\s+html|html|head|body)\b",
    re.IGNORECASE | re.DOTALL,
)

Complaint = tuple[str, str]


def decode(raw: bytes) -> str:
    """Decode UTF-8 with nothing changed: a byte order mark stays as a character."""
    return raw.decode("utf-8")


def complaint_about_bytes(raw: bytes, file: str, *, is_part: bool = False) -> Complaint | None:
    """Say why the bytes are no UTF-8 text and what to do, or None. `is_part` says that more bytes follow."""
    if not raw:
        return "the file is empty", "check that it was saved, or remove it"
    if complaint := complaint_about_magic(raw):
        return complaint
    for mark, encoding in _UTF16_OR_32:
        if raw.startswith(mark):
            return f"the text is in {encoding}, not in UTF-8", _convert(encoding, file)
    if b"\x00" in raw:
        return _complaint_about_nuls(raw, file)
    try:
        decode(raw)
    except UnicodeDecodeError as error:
        if is_part and error.start >= len(raw) - 4:
            return None
        return _complaint_about_encoding(raw, error.start, file)
    return None


def complaint_about_magic(raw: bytes) -> Complaint | None:
    """Say what kind of file this is by its first bytes, or None where they may be a text's."""
    for magic, name in _MAGIC:
        if raw.startswith(magic):
            return f"this is {name}, not text", _TEXT_OUT
    return None


def complaint_about_text(text: str) -> Complaint | None:
    """Say why a decoded text is no article, or None."""
    if not any(not c.isspace() and c not in INVISIBLE for c in text):
        return "there is nothing in it but white space", "check that it was saved, or remove it"
    controls = sum(
        times for c, times in Counter(text).items() if unicodedata.category(c) == "Cc" and not c.isspace()
    )
    if controls > max(3, len(text) // 100):
        return f"this is not text: it holds {controls:,} control characters", _TEXT_OUT
    if text.count("\ufffd") > max(3, len(text) // 100):
        return "many of its letters were lost in a conversion (�)", "take the file from its source again"
    if _HTML.match(text[:5000]):
        return (
            "this is a web page with its markup",
            "give the file the ending .html, or save the page as plain text (in a browser: Save as, Text)",
        )
    if not any(_holds_sentence(line) for line in text.splitlines()):
        return (
            "there is no sentence in it",
            "check that this is the article and not a list, a menu or a table",
        )
    return None


def _holds_sentence(line: str) -> bool:
    return sum(any(c.isalpha() for c in word) for word in line.split()) >= 5


def _complaint_about_nuls(raw: bytes, file: str) -> Complaint:
    sample = raw[:20_000]
    half = max(1, len(sample) // 2)
    if sample[1::2].count(0) > 0.3 * half:
        return "the text looks like UTF-16 (little-endian), not UTF-8", _convert("UTF-16LE", file)
    if sample[0::2].count(0) > 0.3 * half:
        return "the text looks like UTF-16 (big-endian), not UTF-8", _convert("UTF-16BE", file)
    return "this is not text: it holds NUL bytes", _TEXT_OUT


def _complaint_about_encoding(raw: bytes, at: int, file: str) -> Complaint:
    line = raw.count(b"\n", 0, at) + 1
    where = f"the byte {raw[at]:#04x} in line {line} is no UTF-8"
    high = [byte for byte in raw if byte >= 0x80]
    letters = sum(65 <= byte <= 122 for byte in raw)
    if len(high) > letters:
        return f"{where}; this is not text in Latin letters", _TEXT_OUT
    windows = any(byte < 0xA0 for byte in high)
    name, words = ("WINDOWS-1252", "Windows-1252") if windows else ("ISO-8859-1", "Latin-1 (ISO 8859-1)")
    return f"{where}; the text looks like {words}", _convert(name, file)


def _convert(encoding: str, file: str) -> str:
    return _CONVERT.format(name=encoding, file=file)
