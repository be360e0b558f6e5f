"""`hearsay dump` writes every form, and the bytes of each are those that the library writes."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

import hearsay
from graph.dump_forms import FORMS, Form
from graph.dumps import dump
from graph.snapshots import DataFolder
from tests.server_sample import FIRST, copy_whole, key_of


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return copy_whole(tmp_path_factory.mktemp("data"))


def call(*words: object) -> Result:
    return CliRunner().invoke(hearsay.app, ["dump", *map(str, words)])


def options_of(form: Form) -> list[str]:
    words = ["--format", form.format]
    if form.rdf12:
        words.append("--rdf12")
    return [*words, "--compress", form.compression] if form.compression else words


@pytest.mark.parametrize("form", FORMS.values(), ids=lambda form: form.name)
@pytest.mark.parametrize("article", [None, key_of(FIRST)])
def test_the_command_writes_the_bytes_of_the_dump(
    data: Path, tmp_path: Path, form: Form, article: str | None
) -> None:
    wanted, file = io.BytesIO(), tmp_path / f"all.{form.name}"
    with DataFolder(data).current() as snapshot:
        dump(snapshot, format=form.name, article=article, out=wanted)
    which = [] if article is None else ["--article", article]
    result = call("--data", data, *options_of(form), *which, "--out", file)
    assert result.exit_code == 0, result.output
    assert file.read_bytes() == wanted.getvalue()


@pytest.mark.parametrize(
    ("words", "said"),
    [(["--format", "jsonld", "--rdf12"], "RDF 1.2"), (["--format", "void", "--rdf12"], "RDF 1.2")],
)
def test_what_does_not_go_together_is_told_before_anything_is_read(words: list[str], said: str) -> None:
    result = call("--data", "no-such-folder", *words)
    assert result.exit_code == 2
    assert said in result.output
