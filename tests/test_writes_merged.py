"""A write keeps the merged view in step, leaves alone what the loader maintains, and is done as a whole or not."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from pathlib import Path

import pyoxigraph as ox
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rdflib import URIRef

from graph.admission import Limits
from graph.checks import check
from graph.errors import (
    HearsayError,
    QueryRefused,
    QuerySyntaxError,
    StoreError,
    UsageError,
    WriteFailed,
    WriteOutdated,
    WriteRefused,
)
from graph.query import run
from graph.snapshots import DataFolder
from graph.summaries import Summaries
from graph.writes import begin_write, prepare_plain, read_sent
from tests.fast_folder import fast_folder
from tests.server_sample import IRIS, copy_whole, first_sheet, load, second_sheet

E = "http://example.org/"
G1, G2, G3 = (URIRef(f"{E}g{number}") for number in (1, 2, 3))
LIMITS = Limits(bytes=1_000_000)
SHARED = f"""INSERT DATA {{ GRAPH <{G1}> {{ <{E}a> <{E}p> <{E}b> . <{E}a> <{E}p> 1 }}
                           GRAPH <{G2}> {{ <{E}a> <{E}p> <{E}b> . <{E}c> <{E}p> 01 }} }}"""


@pytest.fixture
def root() -> Iterator[Path]:
    with fast_folder() as root:
        yield root


@pytest.fixture
def folder(root: Path) -> DataFolder:
    return DataFolder(copy_whole(root / "data"))


@pytest.fixture(scope="module")
def untouched() -> Iterator[DataFolder]:
    """Give one folder to all tests of writes that come to nothing."""
    with fast_folder() as root:
        yield DataFolder(copy_whole(root))


def update(folder: DataFolder, text: str, *, plain: bool = False, **chosen: list[str] | None) -> str:
    with begin_write(folder, plain=plain) as write:
        write.update(text, limits=LIMITS, **chosen)
        return write.publish()


def ask(folder: DataFolder, query: str, **chosen: list[str]) -> list[dict[str, str]]:
    pieces: list[bytes] = []
    with folder.current() as snapshot:
        run(
            snapshot.store,
            query,
            media_type="application/sparql-results+json",
            write=pieces.append,
            **chosen,  # type: ignore[arg-type]
        )
    rows = json.loads(b"".join(pieces))["results"]["bindings"]
    return [{name: cell["value"] for name, cell in row.items()} for row in rows]


def count(folder: DataFolder, pattern: str, clause: str = "", **chosen: list[str]) -> int:
    return int(ask(folder, f"SELECT (COUNT(*) AS ?n) {clause} WHERE {{ {pattern} }}", **chosen)[0]["n"])


def assert_in_step(folder: DataFolder) -> None:
    """Check what `hearsay check` says of the merged view and the digests, triple by triple."""
    with folder.current() as snapshot:
        store = snapshot.store
        union = {quad.triple for name in store.names() for quad in store.quads(name)}
        assert {quad.triple for quad in store.quads(None)} == union
        told = Summaries.read(store, snapshot.iris)
        found = Summaries(snapshot.iris, way=told.way)
        found.refresh(store, ())
        assert (told.found, told.version) == (found.found, snapshot.version)
        assert found.find_version() == snapshot.version


def problems(folder: DataFolder) -> set[str]:
    with folder.current() as snapshot:
        return {f"{one.kind}: {one.where}: {one.what}" for one in check(folder, snapshot)}


OURS = f"?s <{E}p> ?o"


@pytest.mark.parametrize(
    ("clause", "pattern", "chosen", "number"),
    [
        ("", OURS, {}, 3),
        ("", f"GRAPH ?g {{ {OURS} }}", {}, 4),  # by the standard: once for each graph that has it
        ("", f"SELECT DISTINCT ?s ?o {{ GRAPH ?g {{ {OURS} }} }}", {}, 3),
        (f"FROM <{G1}> FROM <{G2}>", OURS, {}, 3),
        (f"FROM <{G1}> FROM <{G1}>", OURS, {}, 2),
        (f"FROM NAMED <{G1}> FROM NAMED <{G2}> FROM NAMED <{G1}>", f"GRAPH ?g {{ {OURS} }}", {}, 4),
        (f"FROM <{G1}> FROM <{G2}> FROM NAMED <{G2}>", f"GRAPH ?g {{ {OURS} }}", {}, 2),
        ("", OURS, {"default_graphs": [G1, G2]}, 3),
        ("", f"GRAPH ?g {{ {OURS} }}", {"named_graphs": [G1, G2, G2]}, 4),
    ],
)
def test_a_triple_that_two_graphs_share_counts_once(
    folder: DataFolder, clause: str, pattern: str, chosen: dict[str, list[str]], number: int
) -> None:
    update(folder, SHARED)
    inner = f"{{ {pattern} }}" if pattern.startswith("SELECT") else pattern
    assert count(folder, inner, clause, **chosen) == number


def test_what_two_graphs_share_stays_until_neither_has_it(folder: DataFolder) -> None:
    update(folder, SHARED)
    assert count(folder, OURS) == 3
    update(folder, f"DROP GRAPH <{G1}>")
    assert count(folder, OURS) == 2
    update(folder, f"DELETE WHERE {{ GRAPH <{G2}> {{ <{E}a> ?p ?o }} }}")
    assert count(folder, OURS) == 1
    assert_in_step(folder)


def test_the_check_finds_nothing_that_it_did_not_find_before(folder: DataFolder) -> None:
    before = problems(folder)
    update(folder, SHARED)
    assert problems(folder) == before


@pytest.mark.parametrize(
    "text",
    [
        SHARED,
        f"{SHARED} ; DELETE DATA {{ GRAPH <{G1}> {{ <{E}a> <{E}p> <{E}b> }} }}",
        f"{SHARED} ; COPY <{G1}> TO <{G3}> ; DROP GRAPH <{G1}>",
        f"{SHARED} ; MOVE <{G1}> TO <{G2}>",
        f"{SHARED} ; ADD <{G1}> TO <{G2}> ; CLEAR GRAPH <{G1}>",
        f"{SHARED} ; WITH <{G1}> DELETE {{ ?s ?p ?o }} INSERT {{ ?s ?p 2 }} WHERE {{ ?s ?p ?o }}",
        f"{SHARED} ; INSERT {{ GRAPH ?g {{ <{E}x> <{E}p> ?g }} }} WHERE {{ GRAPH ?g {{ <{E}a> ?p ?o }} }}",
        f"{SHARED} ; INSERT {{ GRAPH <{G3}> {{ [] <{E}p> ?o }} }} WHERE {{ ?s <{E}p> ?o }}",
        f"CREATE GRAPH <{G3}>",
        f"COPY DEFAULT TO <{G3}>",
        f"INSERT {{ GRAPH <{G3}> {{ ?s a ?t }} }} WHERE {{ ?s a ?t }}",
        f"INSERT DATA {{ GRAPH <{G3}> {{ <{E}t> <http://www.w3.org/2000/01/rdf-schema#subClassOf> <{E}u> }} }}",
        "",
    ],
)
def test_a_written_folder_is_in_step_and_takes_articles(root: Path, text: str) -> None:
    folder = DataFolder(root)
    load(root, first_sheet())
    former = folder.version()
    assert (update(folder, text) == former) is (text == "")
    assert_in_step(folder)
    names = graphs(folder)
    load(root, second_sheet())
    assert_in_step(folder)
    assert names <= graphs(folder)
    before = folder.version()
    with folder.begin() as transaction:
        assert transaction.publish(anew=True) == before


def graphs(folder: DataFolder) -> set[str]:
    with folder.current() as snapshot:
        return set(snapshot.store.names())


MAINTAINED = [
    str(IRIS.graph(name)) for name in ("meta", "ontology", "background", "evidence", "inferred", "new")
]


@pytest.mark.parametrize(
    "text",
    [
        "INSERT DATA { <urn:a> <urn:b> <urn:c> }",
        f"INSERT DATA {{ GRAPH <{G1}> {{ <urn:a> <urn:b> 1 }} <urn:a> <urn:b> <urn:c> }}",
        "DELETE WHERE { ?s ?p ?o }",
        "DELETE { ?s ?p ?o } WHERE { GRAPH ?g { ?s ?p ?o } }",
        "CLEAR DEFAULT",
        "CLEAR ALL",
        "DROP NAMED",
        f"MOVE DEFAULT TO <{G1}>",
        f"COPY <{G1}> TO DEFAULT",
        "DELETE WHERE { GRAPH ?g { ?s ?p ?o } }",
        "INSERT { GRAPH ?g { ?s ?p 5 } } WHERE { GRAPH ?g { ?s ?p ?o } }",
        "DROP GRAPH <graph/meta>",
        "DROP GRAPH <gr\\u0061ph/meta>",
        "PREFIX g: <graph/> DROP GRAPH g:meta",
        *(f"INSERT DATA {{ GRAPH <{name}> {{ <urn:a> <urn:b> 1 }} }}" for name in MAINTAINED),
        *(f"WITH <{name}> DELETE {{ ?s ?p ?o }} WHERE {{ ?s ?p ?o }}" for name in MAINTAINED),
        *(f"MOVE <{name}> TO <{G1}>" for name in MAINTAINED),
    ],
)
def test_what_the_loader_maintains_is_not_for_writing(untouched: DataFolder, text: str) -> None:
    former = untouched.version()
    with pytest.raises(WriteRefused, match=r"maintain|merged view"):
        update(untouched, f"{SHARED} ; {text}")
    assert untouched.version() == former
    assert count(untouched, OURS) == 0


@pytest.mark.parametrize("name", [*MAINTAINED, None])
def test_a_maintained_graph_is_not_put_added_to_or_removed(untouched: DataFolder, name: str | None) -> None:
    graph = None if name is None else URIRef(name)
    with begin_write(untouched, plain=False) as write:
        with pytest.raises(WriteRefused):
            write.put(graph, ())
        with pytest.raises(WriteRefused):
            write.add(graph, ())
        with pytest.raises(WriteRefused):
            write.remove(graph)


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("LOAD <http://127.0.0.1:9/>", QueryRefused),
        (f"LOAD <http://127.0.0.1:9/> INTO GRAPH <{G1}>", QueryRefused),
        (f"DROP GRAPH <{G3}>", WriteFailed),
        (f"CREATE GRAPH <{G1}>", WriteFailed),
        ("CLEAR NOTHING", QuerySyntaxError),
        (f"INSERT {{ GRAPH <{G1}> {{ ?s ?p <urn:f> }} }} WHERE {{ BIND(<urn:f>(1) AS ?s) }}", HearsayError),
    ],
)
def test_an_update_that_fails_leaves_nothing_behind(
    untouched: DataFolder, text: str, error: type[HearsayError]
) -> None:
    former = untouched.version()
    with pytest.raises(error):
        update(untouched, f"{SHARED} ; {text}")
    assert untouched.version() == former
    assert list(untouched.root.glob("work-*")) == []


def test_nothing_is_fetched_in_silence_either(untouched: DataFolder) -> None:
    former = untouched.version()
    assert update(untouched, "LOAD SILENT <http://127.0.0.1:9/>") == former


@pytest.mark.parametrize("clause", ["USING <{0}> USING <{1}>", "USING <{0}> USING <{1}> USING <{0}>"])
@pytest.mark.parametrize("by_request", [False, True])
def test_the_graphs_that_an_update_reads_are_merged(
    folder: DataFolder, clause: str, by_request: bool
) -> None:
    update(folder, SHARED)
    using = "" if by_request else clause.format(G1, G2)
    text = f"""INSERT {{ GRAPH <{G3}> {{ <{E}total> <{E}is> ?n }} }} {using}
               WHERE {{ SELECT (COUNT(*) AS ?n) {{ {OURS} }} }}"""
    update(folder, text, using=[G1, G2, G1] if by_request else None)
    assert ask(folder, f"SELECT ?n {{ <{E}total> <{E}is> ?n }}") == [{"n": "3"}]
    assert not [name for name in graphs(folder) if "merge" in name]


@pytest.mark.parametrize(
    "text",
    [
        f"WITH <{G1}> DELETE {{ ?s ?p ?o }} WHERE {{ ?s ?p ?o }}",
        f"INSERT {{ GRAPH <{G3}> {{ ?s ?p ?o }} }} USING <{G1}> WHERE {{ ?s ?p ?o }}",
        f"INSERT {{ GRAPH <{G3}> {{ ?s ?p ?o }} }} USING NAMED <{G1}> WHERE {{ GRAPH ?g {{ ?s ?p ?o }} }}",
    ],
)
def test_graphs_are_chosen_by_the_request_or_by_the_update(untouched: DataFolder, text: str) -> None:
    with pytest.raises(UsageError, match="both choose"):
        update(untouched, text, using_named=[str(G1)])


def test_a_write_that_goes_by_an_older_version_is_told(folder: DataFolder) -> None:
    former = folder.version()
    assert former is not None
    update(folder, SHARED)
    with begin_write(folder, plain=False) as write, pytest.raises(WriteOutdated):
        write.expect([former])
    with begin_write(folder, plain=False) as write:
        write.expect([str(folder.version())])
        write.expect(None)


def test_the_journal_tells_of_every_write(folder: DataFolder) -> None:
    version = update(folder, SHARED)
    last = json.loads((folder.root / "journal.jsonl").read_text(encoding="utf-8").splitlines()[-1])
    assert last["version"] == version


def test_a_first_write_finds_ontology_and_background(root: Path) -> None:
    folder = DataFolder(root)
    update(folder, SHARED)
    assert {IRIS.graph("ontology"), IRIS.graph("background"), IRIS.graph("meta")} <= graphs(folder)
    assert_in_step(folder)


def test_plain_folders_and_folders_of_articles_are_kept_apart(root: Path) -> None:
    articles, other = DataFolder(root / "articles"), DataFolder(root / "other")
    load(articles.root, first_sheet())
    prepare_plain(other)
    with pytest.raises(WriteRefused, match="hearsay load"):
        update(articles, "CLEAR ALL", plain=True)
    with pytest.raises(StoreError, match="holds other data"):
        update(other, SHARED)
    with pytest.raises(StoreError, match="holds other data"):
        load(other.root, first_sheet())


def test_a_plain_default_graph_is_a_graph_of_its_own(root: Path) -> None:
    folder = DataFolder(root)
    prepare_plain(folder)
    update(folder, f"{SHARED} ; INSERT DATA {{ <{E}d> <{E}p> <{E}e> }}", plain=True)
    assert count(folder, OURS) == 1
    assert count(folder, f"GRAPH ?g {{ {OURS} }}") == 4
    update(folder, "DROP ALL", plain=True)
    assert graphs(folder) == set()
    assert count(folder, "?s ?p ?o") == 0


@pytest.mark.parametrize(
    ("media_type", "data", "error"),
    [
        ("text/turtle", b"<a> <b> .", QuerySyntaxError),
        ("application/n-quads", b"<urn:a> <urn:b> <urn:c> <urn:g> .", UsageError),
        ("application/ld+json", b'{"@context": "http://127.0.0.1:9/", "a": 1}', QuerySyntaxError),
        ("text/html", b"", UsageError),
    ],
)
def test_what_is_no_graph_is_told(media_type: str, data: bytes, error: type[HearsayError]) -> None:
    with pytest.raises(error):
        list(read_sent(io.BytesIO(data), media_type, base=E))


# Small worlds, so that triples meet: three graphs, and for each operation a few of eight triples.
_TRIPLES = st.lists(st.integers(0, 7), max_size=4)
_GRAPHS = st.sampled_from([str(G1), str(G2), str(G3)])


def _data(triples: list[int]) -> str:
    return " ".join(f"<{E}s{n % 2}> <{E}p> {n} ." for n in triples)


_OPERATIONS = st.one_of(
    st.builds(lambda g, t: f"INSERT DATA {{ GRAPH <{g}> {{ {_data(t)} }} }}", _GRAPHS, _TRIPLES),
    st.builds(lambda g, t: f"DELETE DATA {{ GRAPH <{g}> {{ {_data(t)} }} }}", _GRAPHS, _TRIPLES),
    st.builds(lambda g, h: f"COPY SILENT <{g}> TO <{h}>", _GRAPHS, _GRAPHS),
    st.builds(lambda g, h: f"MOVE SILENT <{g}> TO <{h}>", _GRAPHS, _GRAPHS),
    st.builds(lambda g, h: f"ADD SILENT <{g}> TO <{h}>", _GRAPHS, _GRAPHS),
    st.builds(lambda g: f"DROP SILENT GRAPH <{g}>", _GRAPHS),
    st.builds(
        lambda g, h: (
            f"DELETE {{ GRAPH <{g}> {{ ?s ?p ?o }} }} INSERT {{ GRAPH <{h}> {{ ?s ?p ?o }} }} "
            f"WHERE {{ GRAPH <{g}> {{ ?s ?p ?o FILTER(?o < 4) }} }}"
        ),
        _GRAPHS,
        _GRAPHS,
    ),
    st.builds(
        lambda n: (
            f"DELETE {{ GRAPH ?g {{ ?s ?p {n} }} }} WHERE {{ GRAPH ?g {{ ?s ?p {n} }} "
            f"FILTER(STRSTARTS(STR(?g), '{E}')) }}"
        ),
        st.integers(0, 7),
    ),
)


@settings(max_examples=20, deadline=None)
@given(texts=st.lists(_OPERATIONS, min_size=1, max_size=6))
def test_the_view_is_the_union_whatever_is_written(texts: list[str]) -> None:
    plain = ox.Store()
    for text in texts:
        plain.update(text)
    with fast_folder() as root:
        folder = DataFolder(copy_whole(root))
        update(folder, " ; ".join(texts))
        assert_in_step(folder)
        with folder.current() as snapshot:
            ours = {q for q in snapshot.store.engine if str(q.graph_name).startswith(f"<{E}")}
    assert ours == set(plain)
