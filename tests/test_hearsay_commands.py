"""The commands of the front door over a small folder: clean output, clear messages, the exit status."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import re
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest
from rdflib import Graph
from typer.testing import CliRunner, Result

import hearsay
from graph.errors import NoSnapshot, UnknownResource, UsageError
from graph.model import Article, Attribution, EventMention, Reading, Span
from graph.snapshots import DataFolder
from graph.terms import HS, RDF
from loaders.rdf import triples

ROOT = Path(__file__).parent.parent
TEXT = "The Syrian army denied that its forces entered Iraq.\r\n\r\nNobody else has said a word about “it”.\n"
DENIALS = "SELECT ?who ?words WHERE { ?s a hs:Denial ; hs:speaker ?who ; rdfs:label ?words }"


def span(words: str) -> Span:
    return Span.of(TEXT, TEXT.index(words), TEXT.index(words) + len(words))


def reading() -> Reading:
    digest = hashlib.sha256(TEXT.encode()).hexdigest()
    said = Attribution(
        "a1",
        span("The Syrian army"),
        span("denied"),
        (span("its forces entered Iraq"),),
        "indirect",
        "Denial",
        source_entity="syrian-armed-forces",
        source_kind="force",
    )
    event = EventMention(
        "e1",
        "Entry",
        span("entered"),
        actor=("syrian-armed-forces",),
        place=("iraq",),
        polarity="negative",
        attribution="a1",
    )
    sentence = Span.of(TEXT, 0, TEXT.index("\r"))
    return Reading(
        Article(digest[:16], "one.txt", digest, TEXT), (), (said,), (event,), sentences=(sentence,)
    )


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("front") / "data"
    folder, read = DataFolder(root), reading()
    with folder.begin() as transaction:
        transaction.put_article(read.article, TEXT.encode(), triples.to_graph(read, folder.iris))
        transaction.publish()
    return root


@pytest.fixture(autouse=True)
def _no_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HEARSAY_DATA", "HEARSAY_BASE"):
        monkeypatch.delenv(name, raising=False)


def call(*words: str | Path, given: str | None = None) -> Result:
    return CliRunner().invoke(hearsay.app, [str(word) for word in words], input=given)


def done(*words: str | Path, given: str | None = None) -> str:
    result = call(*words, given=given)
    assert result.exit_code == 0, result.output
    assert result.stderr == ""
    return result.stdout


def statement_key(data: Path) -> str:
    with hearsay.open(data) as archive:
        (row,) = archive.query("SELECT ?s WHERE { ?s a hs:Denial }")
    return str(row["s"])


def test_help_comes_at_once() -> None:
    begun = time.monotonic()
    subprocess.run(
        [sys.executable, "-m", "hearsay", "load", "--help"], cwd=ROOT, check=True, capture_output=True
    )
    assert time.monotonic() - begun < 3
    loaded = (
        "import sys, hearsay; print(sorted({'rdflib', 'spacy', 'pyoxigraph', 'fastapi'} & set(sys.modules)))"
    )
    found = subprocess.run(
        [sys.executable, "-c", loaded], cwd=ROOT, check=True, capture_output=True, text=True
    )
    assert found.stdout.strip() == "[]"


def test_query_prints_each_form_clean(data: Path, tmp_path: Path) -> None:
    file = tmp_path / "denials.rq"
    file.write_text(DENIALS, encoding="utf-8")
    plain = json.loads(done("query", file, "--data", data, "--format", "json"))
    assert [row["who"]["value"].rpartition("/")[2] for row in plain["results"]["bindings"]] == [
        "syrian-armed-forces"
    ]
    rows = list(csv.reader(io.StringIO(done("query", file, "--data", data, "--format", "csv"))))
    assert rows[0] == ["who", "words"]
    assert len(rows) == 2
    assert done("query", file, "--data", data, "--format", "tsv").startswith("?who\t?words")
    assert done("query", file, "--data", data, "--format", "xml").startswith("<?xml")
    table = done("query", "-", "--data", data, given=DENIALS)
    assert "agent/syrian-armed-forces" in table
    assert "its forces entered Iraq" in table
    assert "1 row" in table


def test_query_gives_graphs_and_a_word_for_yes_and_no(data: Path) -> None:
    graph = "CONSTRUCT { ?s a hs:Denial } WHERE { ?s a hs:Denial }"
    for form in ("table", "ttl", "nt"):
        told = done("query", "-", "--data", data, "--format", form, given=graph)
        parsed = Graph().parse(data=told, format="nt" if form == "nt" else "turtle")
        assert len(list(parsed.subjects(RDF.type, HS.Denial))) == 1
    assert done("query", "-", "--data", data, given="ASK { ?s a hs:Denial }") == "yes\n"
    assert done("query", "-", "--data", data, given="ASK { ?s a hs:Doubt }") == "no\n"


@pytest.mark.parametrize(
    ("words", "given", "status", "said"),
    [
        (["query", "-"], "SELECT ?s WHERE { ?s ?p }", 1, "line 1, column"),
        (["query", "-", "--format", "ttl"], DENIALS, 2, "SELECT gives a table"),
        (["query", "-"], "SELECT * WHERE { SERVICE <http://127.0.0.1/> { ?s ?p ?o } }", 1, "SERVICE"),
        (["query", "nowhere.rq"], None, 2, "nowhere.rq"),
        (["query", "-", "--format", "docx"], DENIALS, 2, "docx"),
        (["show", "no-such-statement"], None, 1, "no-such-statement"),
        (["show", ""], None, 1, "hearsay ask"),
        (["dump", "--article", "0123456789abcdef"], None, 1, "0123456789abcdef"),
        (["dump", "--out", "no/such/folder/all.ttl"], None, 2, "--out"),
        (["ask", "what is the price of onions in Ulan Bator"], None, 1, ""),
    ],
)
def test_messages(data: Path, words: list[str], given: str | None, status: int, said: str) -> None:
    result = call(*words, "--data", data, given=given)
    assert result.exit_code == status, result.output
    assert result.stdout == ""
    assert said in result.stderr
    assert "Traceback" not in result.stderr


@pytest.mark.parametrize(
    "words",
    [
        [],
        ["sing"],
        ["load"],
        ["load", "x.txt", "--workers", "0"],
        ["extract", "x.txt"],
        ["evaluate", "seeds"],
    ],
)
def test_wrong_use_ends_with_2(words: list[str]) -> None:
    assert call(*words).exit_code == 2


def test_nothing_loaded_yet_says_what_to_do(tmp_path: Path) -> None:
    for words in (["query", "-"], ["show", "x"], ["dump"], ["check"]):
        result = call(*words, "--data", tmp_path / "empty", given="ASK {}")
        assert result.exit_code == 1
        assert "hearsay load" in result.stderr
    with pytest.raises(NoSnapshot):
        hearsay.open(tmp_path / "empty")


def test_show_finds_a_statement_by_address_key_and_beginning(data: Path) -> None:
    address = statement_key(data)
    key = address.rpartition("/")[2]
    shown = [
        json.loads(done("show", words, "--data", data, "--format", "json"))
        for words in (address, key, key[:20])
    ]
    assert shown[0] == shown[1] == shown[2]
    text = done("show", key, "--data", data)
    assert "its forces entered Iraq" in text
    parsed = Graph().parse(data=done("show", key, "--data", data, "--format", "ttl"), format="turtle")
    assert len(parsed) > 5


def test_a_beginning_of_several_statements_is_wrong_use(data: Path, tmp_path: Path) -> None:
    folder, read = DataFolder(tmp_path), reading()
    claimed = replace(read.attributions[0], id="a2", stance="Claim")
    twice = Reading(read.article, (), (read.attributions[0], claimed), sentences=read.sentences)
    with folder.begin() as transaction:
        transaction.put_article(read.article, TEXT.encode(), triples.to_graph(twice, folder.iris))
        transaction.publish()
    result = call("show", "syrian-armed", "--data", tmp_path)
    assert result.exit_code == 2
    assert "2 statements begin with syrian-armed" in result.stderr


def test_dump_to_a_file_and_to_standard_output_agree(data: Path, tmp_path: Path) -> None:
    for form in ("nq", "nt"):
        out = tmp_path / f"all.{form}"
        assert done("dump", "--data", data, "--format", form, "--out", out) == ""
        assert out.read_text(encoding="utf-8") == done("dump", "--data", data, "--format", form)
        lines = out.read_text(encoding="utf-8").splitlines()
        assert lines == sorted(lines)
    assert not list(tmp_path.glob("*.part"))
    one = done("dump", "--data", data, "--article", reading().article.key)
    assert len(list(Graph().parse(data=one, format="turtle").subjects(RDF.type, HS.Article))) == 1


def test_check_tells_of_a_text_that_was_changed(data: Path, tmp_path: Path) -> None:
    folder, read = DataFolder(tmp_path), reading()
    with folder.begin() as transaction:
        transaction.put_article(read.article, TEXT.encode(), triples.to_graph(read, folder.iris))
        transaction.publish()
    assert call("check", "--data", tmp_path).exit_code == 0, call("check", "--data", tmp_path).output
    kept = folder.article_path(read.article.sha256)
    kept.chmod(0o644)
    kept.write_bytes(TEXT.replace("entered", "leaving").encode())
    result = call("check", "--data", tmp_path)
    assert result.exit_code == 1
    assert "one.txt" in result.stdout or read.article.key in result.stdout


def test_refusals_are_named_and_end_with_1(tmp_path: Path) -> None:
    (tmp_path / "picture.txt").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(200))
    (tmp_path / "empty.txt").write_bytes(b"")
    result = call("load", tmp_path, tmp_path / "missing.txt", "--data", tmp_path / "data")
    assert result.exit_code == 1
    for name in ("picture.txt", "empty.txt", "missing.txt"):
        assert re.search(rf"refused: {name}: .+; .+", result.stderr), result.stderr
    assert "0 articles" in result.stdout


def test_ask_prints_the_query_behind_an_answer() -> None:
    told = done("ask", "who denied entering Syria", "--sparql")
    assert "hs:denies" in told


def test_the_data_folder_can_be_a_setting(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HEARSAY_DATA", str(data))
    assert done("query", "-", given="ASK { ?s a hs:Denial }") == "yes\n"


def test_notebook(data: Path) -> None:
    with hearsay.open(str(data)) as archive:
        assert [row["who"] for row in archive.query(DENIALS)] == [
            "https://w3id.org/hearsay/id/agent/syrian-armed-forces"
        ]
        numbers = archive.query("SELECT ?start WHERE { ?x hs:contentSpan ?y . ?y hs:start ?start }")
        assert numbers == [{"start": TEXT.index("its forces")}]
        assert archive.ask("who denied entering Syria") == []
        key = str(archive.query("SELECT ?s WHERE { ?s a hs:Denial }")[0]["s"])
        assert archive.statement(key) == archive.statement(key.rpartition("/")[2])
        with pytest.raises(UnknownResource):
            archive.statement("nothing")
        with pytest.raises(UsageError):
            archive.query("ASK {}")
