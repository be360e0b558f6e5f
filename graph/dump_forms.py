"""The forms that a dump can have, by the end of its file name; known without the engine being loaded.

`ttl`, `trig`, `nq`, `nt` and `jsonld` are RDF 1.1. `rdf12.ttl`, `rdf12.trig`, `rdf12.nq` and `rdf12.nt` say the same
and reify besides, with the triple terms of RDF 1.2, what each statement is about. `void.ttl` tells what the dump
holds, in numbers. Each may be followed by `.gz` or `.zst`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

from graph.errors import UsageError

MEDIA_TYPES: Mapping[str, str] = MappingProxyType(
    {
        "ttl": "text/turtle",
        "trig": "application/trig",
        "nq": "application/n-quads",
        "nt": "application/n-triples",
        "jsonld": "application/ld+json",
    }
)
"""The formats of RDF 1.1, by the end of the file name."""

RDF12_FORMATS = ("ttl", "trig", "nq", "nt")
"""Those that RDF 1.2 has too: there is no JSON-LD with triple terms yet."""

ENDINGS: Mapping[str, str] = MappingProxyType({"gzip": "gz", "zstd": "zst"})
"""The compressions, with how their files end."""

_PACKED = MappingProxyType({"gzip": "application/gzip", "zstd": "application/zstd"})
_RDF12, _VOID = "rdf12", "void"


@dataclass(frozen=True, slots=True)
class Form:
    """Say how a dump is written. Raises UsageError for what does not go together.

    `format` is one of MEDIA_TYPES, or "void" for what the dump holds; `compression` one of ENDINGS, or None.
    """

    format: str
    rdf12: bool = False
    compression: str | None = None

    def __post_init__(self) -> None:
        if self.format != _VOID and self.format not in MEDIA_TYPES:
            raise UsageError(f"no format {self.format!r}; there are {', '.join((*MEDIA_TYPES, _VOID))}")
        if self.rdf12 and self.format not in RDF12_FORMATS:
            raise UsageError(
                f"RDF 1.2 has no {self.format} with triple terms; it has {', '.join(RDF12_FORMATS)}"
            )
        if self.compression is not None and self.compression not in ENDINGS:
            raise UsageError(f"no compression {self.compression!r}; there are {', '.join(ENDINGS)}")

    @classmethod
    def parse(cls, name: str) -> Form:
        """Read the end of a file name, such as `rdf12.nq.zst`. Raises UsageError."""
        plain, dot, last = name.rpartition(".")
        by_ending = {ending: compression for compression, ending in ENDINGS.items()}
        compression = by_ending.get(last) if dot else None
        if compression is None:
            plain = name
        rdf12 = plain.startswith(f"{_RDF12}.")
        plain = plain.removeprefix(f"{_RDF12}.")
        if plain in (_VOID, f"{_VOID}.ttl") and rdf12:
            raise UsageError(f"{name!r}: what a dump holds is told in RDF 1.1; take void.ttl")
        form = cls(_VOID if plain == f"{_VOID}.ttl" else plain, rdf12, compression)
        if form.name != name:
            raise UsageError(f"no form {name!r}; did you mean {form.name}?")
        return form

    @property
    def name(self) -> str:
        """Give the end of the file name."""
        plain = f"{_VOID}.ttl" if self.format == _VOID else self.format
        parts = [_RDF12] * self.rdf12 + [plain] + ([ENDINGS[self.compression]] if self.compression else [])
        return ".".join(parts)

    @property
    def content_type(self) -> str:
        """Give the media type of what is in the file, compressed or not, with the version of RDF from 1.2 on."""
        plain = MEDIA_TYPES["ttl" if self.format == _VOID else self.format]
        charset = "; charset=utf-8" if plain.startswith("text/") else ""
        return f"{plain}{charset}; version=1.2" if self.rdf12 else f"{plain}{charset}"

    @property
    def media_type(self) -> str:
        """Give the media type of the file itself."""
        return _PACKED[self.compression] if self.compression else self.content_type

    def compressed(self, compression: str | None) -> Form:
        """Give the same form with that compression."""
        return replace(self, compression=compression)


PLAIN: tuple[Form, ...] = tuple(Form(name) for name in MEDIA_TYPES)
"""What is read by every tool of RDF 1.1."""

WITH_TRIPLE_TERMS: tuple[Form, ...] = tuple(Form(name, rdf12=True) for name in RDF12_FORMATS)
"""The same with triple terms."""

HOLDINGS = Form(_VOID)
"""What the dump holds."""

FORMS: Mapping[str, Form] = MappingProxyType(
    {
        form.name: form
        for plain in (*PLAIN, *WITH_TRIPLE_TERMS, HOLDINGS)
        for form in (plain, *(plain.compressed(one) for one in ENDINGS))
    }
)
"""Every form, by the end of its file name."""
