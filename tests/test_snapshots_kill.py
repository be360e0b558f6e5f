"""`kill -9` at any moment of a load leaves the served snapshot as it was, and the next load finishes the work."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from graph.snapshots import DataFolder
from graph.terms import HS, RDF
from tests.graph_sample import ONTOLOGY, OWN, REPORTS, article_of, load

ROOT = Path(__file__).resolve().parent.parent

# Loads the sample again and again with one changing graph, so that a kill can fall into any step of a load.
LOADER = """
import sys
from pathlib import Path
from rdflib import Graph, Literal, URIRef
from graph.snapshots import DataFolder
from graph.terms import RDFS
from tests.graph_sample import ONTOLOGY, REPORTS, article_of, graph_of
folder = DataFolder(Path(sys.argv[1]), ontology=ONTOLOGY)
print("ready", flush=True)
for number in range(10_000):
    with folder.begin() as transaction:
        for report in REPORTS:
            article, raw = article_of(report)
            transaction.put_article(article, raw, graph_of(report, folder.iris))
        turn = Graph()
        turn.add((URIRef("http://example.org/turn"), RDFS.label, Literal(f"{sys.argv[2]} {number}")))
        transaction.put_graph("corrections", turn)
        transaction.publish()
"""


@pytest.mark.parametrize("seed", [1, 2])
def test_a_killed_load_costs_nothing_but_itself(tmp_path: Path, seed: int) -> None:
    folder = DataFolder(tmp_path / "data", ontology=ONTOLOGY)
    load(folder, (OWN,))
    moments = random.Random(seed)  # the same moments each time, as far as a machine allows
    seen = set()
    for turn in range(5):
        held = folder.current()
        triples = len(held.store)
        _load_and_kill(folder, after_s=moments.uniform(0.0, 0.35), name=f"{seed} {turn}")
        # What a reader held is untouched, and what is served now is whole.
        assert len(held.store) == triples
        held.close()
        with folder.current() as served:
            seen.add(served.version)
            assert _articles(served.store.triples(None, RDF.type, HS.Article)) >= {article_of(OWN)[0].key}
            assert sum(1 for name in served.store.names() for _ in served.store.quads(name)) >= len(
                served.store
            )
            for name in served.store.names():
                assert all(True for _ in served.store.quads(name))
    load(folder)
    with folder.current() as served:
        found = _articles(served.store.triples(None, RDF.type, HS.Article))
        assert found == {article_of(report)[0].key for report in REPORTS}
        for report in REPORTS:
            assert folder.article_text(article_of(report)[0].sha256) == report.text
    assert not list(folder.root.glob("work-*"))
    assert not list(folder.root.rglob("*.part"))


def _load_and_kill(folder: DataFolder, *, after_s: float, name: str) -> None:
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-c", LOADER, str(folder.root), name]
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, cwd=ROOT) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"ready\n"
        time.sleep(after_s)
        process.send_signal(signal.SIGKILL)
        assert process.wait(timeout=30) == -signal.SIGKILL


def _articles(triples: object) -> set[str]:
    return {str(subject).rpartition("/")[2] for subject, _, _ in triples}  # type: ignore[attr-defined]


def test_leftovers_of_another_running_process_stay(tmp_path: Path) -> None:
    """A work folder whose lock somebody holds is not a leftover."""
    folder = DataFolder(tmp_path / "data", ontology=ONTOLOGY)
    load(folder, (OWN,))
    (folder.root / "work-held").mkdir()
    (folder.root / "work-free").mkdir()
    handle = os.open(folder.root / "work-held", os.O_RDONLY)
    try:
        import fcntl

        fcntl.flock(handle, fcntl.LOCK_EX)
        with folder.begin():
            names = {path.name for path in folder.root.glob("work-*")}
            assert "work-held" in names
            assert "work-free" not in names
    finally:
        os.close(handle)
