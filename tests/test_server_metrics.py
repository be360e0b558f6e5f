"""The figures of a server are right, readable by Prometheus, and no label can grow without end."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from prometheus_client.parser import text_string_to_metric_families

from graph.snapshots import DataFolder
from server.settings import Settings
from tests.server_sample import copy_whole, serving

CROSS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"
POINT = "ASK { ?s ?p ?o }"


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return copy_whole(tmp_path_factory.mktemp("data"))


@pytest.fixture
def client(data: Path) -> Iterator[httpx.Client]:
    settings = Settings(
        data=data,
        query_timeout_s=1,
        query_workers=1,
        queue_length=1,
        queue_seconds=5,
    )
    with serving(settings) as client:
        for _ in range(200):
            if client.get("/health/ready").status_code == 200:
                break
            time.sleep(0.05)
        yield client


def figures(client: httpx.Client) -> dict[str, float]:
    """Give each sample as name{label=value,…}."""
    reply = client.get("/metrics")
    assert reply.status_code == 200
    assert reply.headers["content-type"].startswith("text/plain; version=")
    found = {}
    for family in text_string_to_metric_families(reply.text):
        for sample in family.samples:
            labels = ",".join(f"{name}={value}" for name, value in sorted(sample.labels.items()))
            found[f"{sample.name}{{{labels}}}"] = sample.value
    return found


def ask(client: httpx.Client, query: str) -> httpx.Response:
    return client.get("/sparql", params={"query": query})


def wait_until_idle(client: httpx.Client) -> None:
    for _ in range(200):
        if client.get("/health").json()["workers"]["query"]["idle"] == 1:
            return
        time.sleep(0.05)
    raise AssertionError("no worker became idle in time")


def test_requests_are_counted_by_route_method_and_status(client: httpx.Client) -> None:
    before = figures(client)
    for _ in range(3):
        assert ask(client, POINT).status_code == 200
    assert ask(client, "ASK {").status_code == 400
    for address in ("/nothing", "/nothing/else?x=1", "/id/agent/a", "/id/agent/b", "/static/style.css"):
        client.get(address)
    client.request("BREW", "/sparql")
    wanted: dict[str, float] = {
        "hearsay_requests_total{method=GET,route=/sparql,status=200}": 3,
        "hearsay_requests_total{method=GET,route=/sparql,status=400}": 1,
        "hearsay_requests_total{method=GET,route=other,status=404}": 2,
        "hearsay_requests_total{method=GET,route=/static,status=200}": 1,
        "hearsay_requests_total{method=other,route=/sparql,status=405}": 1,
        "hearsay_request_duration_seconds_count{route=/sparql}": 5,
        # The second and third time it came from memory.
        "hearsay_queue_wait_seconds_count{pool=query}": 2,
        "hearsay_cache_lookups_total{result=hit}": 2,
        "hearsay_cache_answers{}": 1,
    }

    def count() -> dict[str, float]:
        now = figures(client)
        return {name: now.get(name, 0) - before.get(name, 0) for name in wanted}

    # A request is counted when it is over, which is a moment after its answer came.
    for _ in range(100):
        if count() == wanted:
            break
        time.sleep(0.02)
    assert count() == wanted
    found = figures(client)
    assert found["hearsay_response_bytes_total{route=/sparql}"] > 0
    assert found["hearsay_requests_running{}"] == 1


def test_what_people_type_is_never_a_label(client: httpx.Client) -> None:
    client.get("/secret-address/x", headers={"Host": "secret-host", "User-Agent": "secret-agent"})
    client.get("/id/agent/secret-key")
    ask(client, "ASK { ?secret ?b ?c }")
    client.request("SECRET", "/sparql")
    assert "secret" not in client.get("/metrics").text.lower()


def test_snapshot_workers_and_memory_are_told(client: httpx.Client, data: Path) -> None:
    found = figures(client)
    assert found[f"hearsay_snapshot_info{{version={DataFolder(data).version()}}}"] == 1
    assert 0 <= found["hearsay_snapshot_age_seconds{}"] < 24 * 3600
    assert found["hearsay_workers{pool=query,state=idle}"] == 1
    assert found["hearsay_workers_resident_memory_bytes{pool=query}"] > 2**20
    assert found["process_resident_memory_bytes{}"] > 2**20
    assert found["hearsay_queue_length{pool=query}"] == 0
    assert found["hearsay_cache_bytes{}"] >= 0


def test_a_worker_that_was_ended_is_counted_with_its_reason(client: httpx.Client) -> None:
    assert ask(client, CROSS).status_code == 503
    wait_until_idle(client)
    with pytest.raises(httpx.TimeoutException):
        client.get("/sparql", params={"query": CROSS}, timeout=0.3)
    wanted = "hearsay_workers_ended_total{pool=query,reason=gone}"
    found = figures(client)
    for _ in range(100):
        if wanted in found:
            break
        time.sleep(0.05)
        found = figures(client)
    assert found[wanted] == 1
    assert found["hearsay_workers_ended_total{pool=query,reason=timeout}"] == 1
    ended = [v for name, v in found.items() if name.startswith("hearsay_workers_ended_total{pool=query")]
    assert sum(ended) == 2


def test_a_full_line_is_counted(client: httpx.Client) -> None:
    asking = [threading.Thread(target=httpx.get, args=(f"{client.base_url}/sparql",),
                               kwargs={"params": {"query": CROSS}, "timeout": 20}) for _ in range(2)]  # fmt: skip
    for one in asking:
        one.start()
        time.sleep(0.2)
    during = figures(client)
    assert during["hearsay_workers{pool=query,state=busy}"] == 1
    assert during["hearsay_queue_length{pool=query}"] == 1
    assert ask(client, POINT).status_code == 503
    for one in asking:
        one.join()
    assert figures(client)["hearsay_queue_refused_total{pool=query,reason=full}"] == 1


def test_openmetrics_is_given_where_it_is_asked_for(client: httpx.Client) -> None:
    reply = client.get("/metrics", headers={"Accept": "application/openmetrics-text; version=1.0.0"})
    assert reply.headers["content-type"].startswith("application/openmetrics-text")
    assert reply.text.endswith("# EOF\n")
    assert reply.headers["cache-control"] == "no-store"


def test_before_anything_is_loaded_there_are_figures_too(tmp_path: Path) -> None:
    with serving(Settings(data=tmp_path / "nothing", query_workers=1)) as client:
        found = figures(client)
        assert not any(name.startswith("hearsay_snapshot") for name in found)
        assert client.get("/health/live").json() == {"live": True}
        assert client.get("/health?live").status_code == 200
        for address in ("/health/ready", "/health?ready", "/health"):
            reply = client.get(address)
            assert reply.status_code == 503
            assert reply.json()["ready"] is False
            assert "hearsay load" in reply.json()["what"]
            assert reply.headers["cache-control"] == "no-store"


def test_ready_and_live_once_there_is_something_to_ask(client: httpx.Client, data: Path) -> None:
    assert client.get("/health/ready").json() == {
        "ready": True,
        "what": "ready",
        "snapshot": DataFolder(data).version(),
    }
    assert client.head("/health/live").status_code == 200
