"""The end of a file name says how a dump is written, both ways; compression gives the same bytes each time."""

from __future__ import annotations

import gzip
import io

import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st

from graph.compression import compressing
from graph.dump_forms import FORMS, HOLDINGS, Form
from graph.errors import UsageError


@pytest.mark.parametrize(
    ("name", "form", "media_type"),
    [
        ("ttl", Form("ttl"), "text/turtle; charset=utf-8"),
        ("nq.gz", Form("nq", compression="gzip"), "application/gzip"),
        ("trig.zst", Form("trig", compression="zstd"), "application/zstd"),
        ("jsonld", Form("jsonld"), "application/ld+json"),
        ("rdf12.ttl", Form("ttl", rdf12=True), "text/turtle; charset=utf-8; version=1.2"),
        ("rdf12.nq", Form("nq", rdf12=True), "application/n-quads; version=1.2"),
        ("rdf12.nt.zst", Form("nt", rdf12=True, compression="zstd"), "application/zstd"),
        ("void.ttl", HOLDINGS, "text/turtle; charset=utf-8"),
        ("void.ttl.gz", HOLDINGS.compressed("gzip"), "application/gzip"),
    ],
)
def test_a_name_is_a_form(name: str, form: Form, media_type: str) -> None:
    assert Form.parse(name) == form
    assert form.name == name
    assert form.media_type == media_type
    assert FORMS[name] == form


def test_every_form_is_found_by_its_name_and_has_no_other() -> None:
    assert len(FORMS) == 30
    assert {Form.parse(name).name: Form.parse(name) for name in FORMS} == dict(FORMS)


@pytest.mark.parametrize(
    "name",
    ["", "docx", "gz", ".gz", "nq.zip", "nq.gz.gz", "rdf12", "rdf12.", "rdf12.jsonld", "rdf12.void.ttl", "void",
     "void.nq", "NQ", "rdf12.rdf12.nq", "../nq"],
)  # fmt: skip
def test_what_is_no_form_is_told(name: str) -> None:
    with pytest.raises(UsageError):
        Form.parse(name)


@pytest.mark.parametrize(
    "wrong", [{"format": "docx"}, {"format": "jsonld", "rdf12": True}, {"format": "nq", "compression": "br"}]
)
def test_a_form_that_does_not_go_together_is_told(wrong: dict[str, object]) -> None:
    with pytest.raises(UsageError, match=r"there are|it has"):
        Form(**wrong)  # type: ignore[arg-type]  # rows of wrong values


def packed(pieces: list[bytes], compression: str | None) -> bytes:
    out = io.BytesIO()
    with compressing(out, compression) as sink:
        for piece in pieces:
            sink.write(piece)
    return out.getvalue()


def unpacked(raw: bytes, compression: str | None) -> bytes:
    if compression == "gzip":
        return gzip.decompress(raw)
    if compression == "zstd":
        return zstandard.ZstdDecompressor().stream_reader(io.BytesIO(raw)).read()
    return raw


@pytest.mark.parametrize("compression", [None, "gzip", "zstd"])
@given(pieces=st.lists(st.binary(max_size=40)), times=st.integers(1, 9000))
def test_the_bytes_depend_on_the_content_alone(
    compression: str | None, pieces: list[bytes], times: int
) -> None:
    content = b"".join(pieces) * times
    found = packed([piece for _ in range(times) for piece in pieces], compression)
    assert found == packed([content], compression)
    assert unpacked(found, compression) == content


def test_a_gzip_file_has_neither_clock_nor_name() -> None:
    raw = packed([b"x"], "gzip")
    assert raw[:2] == b"\x1f\x8b"
    assert raw[3] == 0, "flags: no name, no comment"
    assert raw[4:8] == bytes(4), "the time"


def test_a_zstandard_file_carries_a_checksum_that_shows_damage() -> None:
    raw = bytearray(packed([bytes(range(256)) * 50], "zstd"))
    assert zstandard.get_frame_parameters(bytes(raw)).has_checksum
    raw[-1] ^= 1
    with pytest.raises(zstandard.ZstdError):
        unpacked(bytes(raw), "zstd")


def test_an_unknown_compression_is_told() -> None:
    with pytest.raises(UsageError, match="gzip and zstd"):
        packed([], "br")


@pytest.mark.parametrize("compression", ["gzip", "zstd"])
def test_what_fails_midway_is_not_finished_as_if_whole(compression: str) -> None:
    out = io.BytesIO()

    def fail() -> None:
        with compressing(out, compression) as sink:
            sink.write(bytes(range(256)) * 4000)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert out.getvalue(), "something had come"
    with pytest.raises((EOFError, zstandard.ZstdError, AssertionError)):
        assert len(unpacked(out.getvalue(), compression)) == 256 * 4000
