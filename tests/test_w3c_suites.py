"""The running server passes the W3C's SPARQL 1.1 suites, but for the tests that are named with their reason."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from tests.w3c_manifests import SUITES, W3C, read_cases
from tests.w3c_runner import KNOWN, Runner, conformance_server, read_known, run_suite, write_earl

SIZES = {
    "query": 328,
    "update": 157,
    "results": 10,
    "protocol": 34,
    "graph-store": 13,
    "service-description": 3,
    "federated-syntax": 3,
}

pytestmark = pytest.mark.skipif(not W3C.is_dir(), reason="the W3C's test suite is not here")


@pytest.fixture(scope="module")
def runner() -> Iterator[Runner]:
    with conformance_server() as client:
        yield Runner(client)


@pytest.mark.parametrize("suite", SUITES)
def test_a_suite_misses_what_is_known_and_nothing_else(
    runner: Runner, suite: str, record_property: Callable[[str, object], None]
) -> None:
    found = run_suite(runner, suite)
    missed = {case.name: told for case, told in found.items() if told is not None}
    record_property(suite, f"{len(found) - len(missed)} / {len(found)}")
    assert len(found) == SIZES[suite]
    assert missed.keys() == read_known(suite).keys(), missed


def test_every_known_miss_has_its_reason() -> None:
    known = {name: reason for suite in SUITES for name, reason in read_known(suite).items()}
    assert len(known) == len(KNOWN.read_text(encoding="utf-8").splitlines()) - 1
    assert all(known.values())


def test_the_report_names_each_test_with_its_outcome() -> None:
    first, second, *_ = read_cases("graph-store")
    report = write_earl({"graph-store": {first: None, second: "no answer"}}).decode()
    assert f"<{first.iri}>" in report
    assert (report.count("earl:passed"), report.count("earl:failed")) == (1, 1)
