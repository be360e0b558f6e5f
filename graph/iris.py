"""IRIs that follow from the content, so that the same reading gives the same graph on any machine.

`<base>id/<kind>/<key>` for things, `<base>graph/<name>` for named graphs. A key is safe in a path segment.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from urllib.parse import quote

from rdflib import URIRef

from graph.errors import UsageError
from graph.terms import DEFAULT_BASE

KINDS = frozenset(
    {"agent", "article", "dispatch", "mention", "name", "place", "situation", "span", "statement", "loader"}
)


def slug(words: str, *, longest: int = 80) -> str:
    """Write words as a lower-case key: letters and digits of ASCII, single hyphens. Empty words give "x"."""
    plain = re.sub(r"['’`ʼ](s\b)?", "", words)
    plain = unicodedata.normalize("NFKD", plain).encode("ascii", "ignore").decode().lower()
    key = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")
    return key[:longest].rstrip("-") or "x"


def digest(*parts: str, length: int = 12) -> str:
    """Give the first hex digits of the SHA-256 of the parts, kept apart by a character that no text has."""
    return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()[:length]


class Iris:
    """Make the IRIs of one base. `base` ends with a slash or a hash."""

    def __init__(self, base: str = DEFAULT_BASE) -> None:
        if not re.fullmatch(r"https?://[^\s<>\"{}|\\^`]+[/#]", base):
            raise UsageError(
                f"the base {base!r} is not a web address that ends with a slash; set HEARSAY_BASE"
            )
        self.base = base

    def of(self, kind: str, key: str) -> URIRef:
        """Give the IRI of a thing. Raises UsageError for a kind that Hearsay does not have."""
        if kind not in KINDS:
            raise UsageError(f"no kind {kind!r}; there are {', '.join(sorted(KINDS))}")
        return URIRef(f"{self.base}id/{kind}/{quote(key, safe='-._~:')}")

    def graph(self, name: str) -> URIRef:
        """Give the IRI of a named graph: "article/<key>", "background", "evidence", "inferred", "ontology", "meta"."""
        return URIRef(f"{self.base}graph/{quote(name, safe='-._~:/')}")
