"""What a load derives by what has changed is what is derived anew from all that is loaded, byte for byte."""

from __future__ import annotations

import io
import shutil
from collections.abc import Callable
from functools import partial
from pathlib import Path
from random import Random

import pytest

from graph import derivation, evidence, inference
from graph.axioms import Axioms
from graph.dumps import dump
from graph.iris import Iris
from graph.resources import ONTOLOGY
from graph.rules import find_rules_of, is_local, read_rules
from graph.snapshots import DataFolder
from graph.sources import read_triples
from graph.store import QuadStore
from graph.terms import HS
from tests.made_articles import make


@pytest.fixture(autouse=True)
def _changes_of_any_size(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(derivation, "MOST_CHANGED", 1.0)


@pytest.fixture(scope="module")
def ontology(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give the core and the rules without the background, which made articles don't speak of."""
    folder = tmp_path_factory.mktemp("ontology")
    shutil.copy(ONTOLOGY / "hearsay.ttl", folder)
    shutil.copytree(ONTOLOGY / "rules", folder / "rules")
    return folder


def dumped(folder: DataFolder) -> bytes:
    out = io.BytesIO()
    with folder.current() as snapshot:
        dump(snapshot, format="nq", out=out)
    return out.getvalue()


def load(folder: DataFolder, put: set[int], removed: set[int] = frozenset(), *, anew: bool = False) -> str:  # type: ignore[assignment]
    with folder.begin() as transaction:
        for number in sorted(put):
            transaction.put_article(*make(number))
        for number in sorted(removed):
            transaction.remove_article(make(number)[0].key)
        return transaction.publish(anew=anew)


def difference(one: bytes, other: bytes) -> tuple[list[bytes], list[bytes]]:
    left, right = set(one.splitlines()), set(other.splitlines())
    return sorted(left - right)[:5], sorted(right - left)[:5]


@pytest.mark.parametrize("seed", range(3))
def test_any_adding_and_removing_gives_what_is_derived_from_scratch(
    tmp_path: Path, ontology: Path, seed: int
) -> None:
    chance = Random(seed)
    folder = DataFolder(tmp_path / "steps", ontology=ontology)
    loaded: set[int] = set(range(100 * seed, 100 * seed + 12))
    load(folder, loaded, anew=True)
    for step in range(10):
        put = {chance.randrange(100 * seed, 100 * seed + 40) for _ in range(chance.randint(0, 3))}
        removed = set(chance.sample(sorted(loaded - put), chance.randint(0, 3)))
        version = load(folder, put, removed)
        loaded = (loaded | put) - removed
        scratch = DataFolder(tmp_path / f"scratch {step}", ontology=ontology)
        assert load(scratch, loaded, anew=True) == version or difference(dumped(folder), dumped(scratch)) == (
            [],
            [],
        )
        assert dumped(folder) == dumped(scratch)


def test_a_load_that_changes_little_runs_no_rule_over_all(
    tmp_path: Path, ontology: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = DataFolder(tmp_path, ontology=ontology)
    version = load(folder, set(range(12)))
    monkeypatch.setattr(evidence, "derive", None)
    monkeypatch.setattr(inference, "close", partial(_close_a_copy, inference.close))
    load(folder, {20})
    assert load(folder, set(), {20}) == version
    # A folder is loaded again with one file more: what was loaded is put once more and touches nothing.
    load(folder, set(range(13)))
    assert load(folder, set(), {12}) == version


def _close_a_copy(close: Callable[..., int], store: QuadStore, iris: Iris, axioms: object = None) -> int:
    assert axioms is not None, "all was closed anew"
    return close(store, iris, axioms)


@pytest.mark.parametrize("anew", [True, False])
def test_another_rule_or_another_axiom_is_taken_up_for_what_was_loaded(
    tmp_path: Path, ontology: Path, anew: bool
) -> None:
    own = tmp_path / "ontology"
    shutil.copytree(ontology, own)
    folder = DataFolder(tmp_path / "data", ontology=own)
    version = load(folder, set(range(40, 60)))
    rule, core = own / "rules" / "10-backs.rq", own / "hearsay.ttl"
    rule.write_text(
        rule.read_text().replace("?supported hs:backedBy ?supporter", "?supported hs:alliedWith ?supporter")
    )
    assert load(folder, set(), anew=anew) != version
    with folder.current() as snapshot:
        assert not list(
            snapshot.store.graph(folder.iris.graph("evidence")).triples((None, HS.backedBy, None))
        )
        assert list(snapshot.store.triples(None, HS.backedBy))  # the inverse that the ontology declares
    text = core.read_text()
    core.write_text(
        text.replace("    owl:inverseOf hs:backs ;\n", "").replace("    owl:inverseOf hs:backedBy ;\n", "")
    )
    assert core.read_text() != text
    load(folder, set(), anew=anew)
    with folder.current() as snapshot:
        assert not list(snapshot.store.triples(None, HS.backedBy))


RULE = """# about: {about}
PREFIX hs: <https://w3id.org/hearsay/ontology#>
CONSTRUCT {{ ?a hs:{writes} ?b }} WHERE {{ ?a hs:{reads} ?b }}
"""


@pytest.mark.parametrize(
    ("rules", "local"),
    [
        ([("situations", "specializes", "place")], True),
        ([("situations", "specializes", "place"), ("statements", "contradicts", "specializes")], True),
        ([("statements", "contradicts", "specializes"), ("situations", "specializes", "place")], False),
        ([("situations", "specializes", "place"), ("situations", "backs", "specializes")], False),
        ([("statements", "contradicts", "affirms"), ("statements", "disputes", "contradicts")], False),
        ([("everything", "contradicts", "affirms")], False),
    ],
)
def test_rules_that_see_what_they_may_not_are_run_over_all(
    tmp_path: Path, rules: list[tuple[str, str, str]], local: bool
) -> None:
    for number, (about, writes, reads) in enumerate(rules):
        (tmp_path / f"{number}.rq").write_text(RULE.format(about=about, writes=writes, reads=reads))
    assert is_local(read_rules(tmp_path, Iris())) is local


def test_the_rules_that_ship_are_local_and_one_that_looks_elsewhere_is_not(
    tmp_path: Path, ontology: Path
) -> None:
    store = QuadStore.in_memory()
    store.put_triples(Iris().graph("ontology"), read_triples(ontology, Iris()))
    axioms = Axioms.read(store)
    assert is_local(read_rules(ONTOLOGY / "rules", Iris()), axioms)
    for reads in ("place", "within"):
        rule = RULE.format(about="situations", writes="specializes", reads=reads)
        (tmp_path / "1.rq").write_text(rule)
        assert is_local(read_rules(tmp_path, Iris()), axioms) is (reads == "place")


def test_every_rule_finds_something_among_made_articles(tmp_path: Path, ontology: Path) -> None:
    """What is compared above must be there."""
    folder = DataFolder(tmp_path, ontology=ontology)
    load(folder, set(range(40, 80)))
    with folder.current() as snapshot:
        found = {str(p) for _, p, _ in snapshot.store.graph(folder.iris.graph("evidence"))}
    copies = {HS.fingerprint, HS.copyOf, HS.closestCopy, HS.sharedRuns, HS.sharedShare, HS.basedOn}
    copies |= {HS.sharesQuotationsWith, HS.sharedQuotations}
    assert found == {str(term) for term in {*find_rules_of(ONTOLOGY / "rules"), *copies}}
