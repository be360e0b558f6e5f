"""A sixth article that copies an agency's dispatch raises the mentions and no origin; taken out, it leaves no trace."""

from __future__ import annotations

import io
from collections import Counter
from functools import cache
from pathlib import Path

import pytest
from rdflib import Literal

from graph.dumps import dump
from graph.iris import Iris
from graph.model import Described, Reading
from graph.snapshots import DataFolder
from graph.terms import HS
from loaders.rdf.triples import to_triples
from loaders.reading import Tools, read
from loaders.run import to_article
from loaders.text.readers import find_files, read_file

SEEDS = Path(__file__).parent.parent / "seeds"
DATELINE = "BEIRUT, Lebanon (AFP) – "
DROPPED = (
    "Tens of thousands have been displaced by fighting to oust IS from the area, many living in desperate "
    "conditions in desert camps."
)
ADDED = "The mayor of a town nearby told the Evening Courier that shops stayed shut on Thursday."
HEADLINE = "Troops push into the last town on the Euphrates"


@cache
def tools() -> Tools:
    return Tools.load()


@cache
def seeds() -> tuple[tuple[Reading, bytes], ...]:
    raws = [raw for path in find_files([SEEDS]) for raw in read_file(path)]
    return tuple((read(to_article(raw.file_name, raw.raw, raw.described), tools()), raw.raw) for raw in raws)


@cache
def sixth(*, credited: bool) -> tuple[Reading, bytes]:
    """Copy the dispatch that the first seed prints, as another paper would."""
    wire = next(reading for reading, _ in seeds() if DATELINE in reading.article.text)
    text = wire.article.text
    begin, end = text.index(DATELINE), text.index("\n\nCoalition moving to")
    body = text[begin:end]
    assert DROPPED in body
    body = body.replace(DROPPED, ADDED)
    if not credited:
        body = body.replace(DATELINE, "").replace("told AFP", "told reporters")
        assert "AFP" not in body
    raw = f"Evening Courier\n\n{HEADLINE}\n\n{body}\n".encode()
    given = Described(
        outlet="Evening Courier", outlet_basis="manifest", published=wire.article.described.published,
        agency="AFP" if credited else None, agency_basis="manifest" if credited else None,
    )  # fmt: skip
    return read(to_article("sixth.txt", raw, given), tools()), raw


@pytest.fixture
def folder(tmp_path: Path) -> DataFolder:
    folder = DataFolder(tmp_path)
    with folder.begin() as transaction:
        for reading, raw in seeds():
            transaction.put_article(reading.article, raw, to_triples(reading, folder.iris))
        transaction.publish()
    return folder


def dumped(folder: DataFolder) -> bytes:
    out = io.BytesIO()
    with folder.current() as snapshot:
        dump(snapshot, format="nq", out=out)
    return b"".join(sorted(out.getvalue().splitlines(keepends=True)))


def count(folder: DataFolder) -> tuple[dict[str, int], Counter[str]]:
    """Give the independent origins and the number of mentions of each statement."""
    with folder.current() as snapshot:
        store = snapshot.store
        origins = {str(s): int(str(n)) for s, _, n in store.triples(None, HS.independentOrigins)}
        return origins, Counter(str(o) for _, _, o in store.triples(None, HS.mentionOf))


def load_sixth(folder: DataFolder, *, credited: bool) -> None:
    reading, raw = sixth(credited=credited)
    with folder.begin() as transaction:
        transaction.put_article(reading.article, raw, to_triples(reading, folder.iris))
        transaction.publish()


@pytest.mark.parametrize("credited", [True, False])
def test_a_copy_raises_mentions_and_leaves_origins_as_they_were(folder: DataFolder, credited: bool) -> None:
    origins, mentions = count(folder)
    load_sixth(folder, credited=credited)
    new_origins, new_mentions = count(folder)
    assert {one: new_origins[one] for one in origins} == origins
    more = [one for one in mentions if new_mentions[one] > mentions[one]]
    assert len(more) >= 3
    assert any("popular-mobilization-forces-denial" in one for one in more)
    assert all(number == 1 for one, number in new_origins.items() if one not in origins)


@pytest.mark.parametrize("credited", [True, False])
def test_what_tells_the_copy_is_kept_beside_it(folder: DataFolder, credited: bool) -> None:
    load_sixth(folder, credited=credited)
    article, afp = sixth(credited=credited)[0].article, folder.iris.of("agent", "afp")
    node = folder.iris.of("article", article.key)
    wire = next(reading.article for reading, _ in seeds() if DATELINE in reading.article.text)
    with folder.current() as snapshot:
        found = snapshot.store.graph(folder.iris.graph("evidence"))
        own = snapshot.store.graph(folder.iris.graph(f"article/{article.key}"))
        dispatches = [o for _, _, o in snapshot.store.triples(node, HS.basedOn)]
        assert [snapshot.store.graph(None).value(one, HS.agency) for one in dispatches] == [afp]
    pair = {node, folder.iris.of("article", wire.key)}
    first = found.value(node, HS.copyOf) or found.value(folder.iris.of("article", wire.key), HS.copyOf)
    assert first in pair
    copied = (pair - {first}).pop()
    assert found.value(copied, HS.closestCopy) == first
    share = found.value(copied, HS.sharedShare)
    assert isinstance(share, Literal)
    assert 0.8 < float(share) < 1
    assert ((node, HS.basedOn, None) in found) is not credited
    assert not {p for _, p, _ in own} & {
        HS.copyOf,
        HS.closestCopy,
        HS.sharedShare,
        HS.sharedRuns,
        HS.fingerprint,
    }


@pytest.mark.parametrize("credited", [True, False])
def test_taken_out_it_leaves_no_trace(folder: DataFolder, credited: bool) -> None:
    before, version = dumped(folder), folder.version()
    load_sixth(folder, credited=credited)
    assert dumped(folder) != before
    with folder.begin() as transaction:
        transaction.remove_article(sixth(credited=credited)[0].article.key)
        assert transaction.publish() == version
    assert dumped(folder) == before


def test_the_order_of_loading_changes_nothing(folder: DataFolder, tmp_path: Path) -> None:
    load_sixth(folder, credited=False)
    other = DataFolder(tmp_path / "other")
    for reading, raw in (sixth(credited=False), *reversed(seeds())):
        with other.begin() as transaction:
            transaction.put_article(reading.article, raw, to_triples(reading, Iris()))
            transaction.publish()
    assert dumped(other) == dumped(folder)


def test_the_seeds_themselves_are_no_copies(folder: DataFolder) -> None:
    """Four are AFP's, but each tells it in words of its own for more than half."""
    with folder.current() as snapshot:
        found = snapshot.store.graph(folder.iris.graph("evidence"))
    assert len(list(found.subjects(HS.fingerprint))) == 5
    assert not list(found.subject_objects(HS.copyOf))
