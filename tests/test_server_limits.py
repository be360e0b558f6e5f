"""A query past a limit is ended and said so, and the others are answered meanwhile."""

from __future__ import annotations

import http.client
import json
import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import httpx
import pytest

from server.settings import Settings
from tests.server_sample import copy_whole, serving

TIMEOUT_S = 2.0
POINT = "ASK { ?a hs:fileName 'first.txt' }"
CROSS_COUNT = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"
CROSS_ROWS = "SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"
CROSS_SORT = "SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i } ORDER BY ?c LIMIT 1"


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return copy_whole(tmp_path_factory.mktemp("data"))


@pytest.fixture(scope="module")
def client(data: Path) -> Iterator[httpx.Client]:
    settings = Settings(
        data=data,
        query_timeout_s=TIMEOUT_S,
        query_memory_bytes=512 * 1024**2,
        query_workers=2,
        read_ahead_bytes=256 * 1024,
    )
    with serving(settings) as client:
        wait_until(lambda: client.get("/health").json()["workers"]["query"]["idle"] == 2)
        yield client


def wait_until(is_so: object, *, longest_s: float = 10) -> None:
    assert callable(is_so)
    end = time.monotonic() + longest_s
    while not is_so():
        assert time.monotonic() < end, "it did not come to be so in time"
        time.sleep(0.02)


def test_a_runaway_is_ended_and_a_point_query_answered_meanwhile(client: httpx.Client) -> None:
    replies: list[httpx.Response] = []
    asked = threading.Thread(
        target=lambda: replies.append(httpx.get(f"{client.base_url}/sparql", params={"query": CROSS_COUNT}))
    )
    started = time.monotonic()
    asked.start()
    answered = 0
    while asked.is_alive():
        assert client.get("/sparql", params={"query": POINT}).json()["boolean"] is True
        answered += 1
        time.sleep(0.05)
    asked.join()
    assert answered > 1
    assert time.monotonic() - started >= TIMEOUT_S
    (reply,) = replies
    assert reply.status_code == 503
    assert int(reply.headers["retry-after"]) > 0
    assert f"{TIMEOUT_S:g} seconds" in reply.json()["error"]["what"]
    assert client.get("/sparql", params={"query": POINT}).status_code == 200


def test_memory_is_capped_and_only_that_query_falls(client: httpx.Client) -> None:
    reply = client.get("/sparql", params={"query": CROSS_SORT})
    assert reply.status_code in (413, 503)
    assert client.get("/sparql", params={"query": POINT}).json()["boolean"] is True


def test_an_answer_that_is_cut_never_looks_whole(client: httpx.Client) -> None:
    link = http.client.HTTPConnection(client.base_url.host, client.base_url.port or 80, timeout=10)
    link.request("GET", f"/sparql?format=csv&query={quote(CROSS_ROWS)}")
    reply = link.getresponse()
    assert reply.status == 200
    assert reply.getheader("transfer-encoding") == "chunked"
    with pytest.raises(http.client.IncompleteRead) as caught:
        reply.read()
    assert len(caught.value.partial) > 64 * 1024
    link.close()


def test_a_client_that_leaves_ends_its_query(data: Path) -> None:
    with serving(Settings(data=data, query_timeout_s=60, query_workers=1)) as client:
        wait_until(lambda: client.get("/health").json()["workers"]["query"]["idle"] == 1)
        for query in (CROSS_COUNT, CROSS_ROWS):
            ended = client.get("/health").json()["workers"]["query"]["ended"]
            address = (client.base_url.host, client.base_url.port or 80)
            with socket.create_connection(address) as link:
                link.sendall(f"GET /sparql?query={quote(query)} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
                wait_until(lambda: client.get("/health").json()["workers"]["query"]["busy"] == 1)
            # A new connection is answered long before the limit of a minute.
            assert client.get("/sparql", params={"query": POINT}).json()["boolean"] is True
            assert client.get("/health").json()["workers"]["query"]["ended"] == ended + 1


def test_a_full_line_is_told_with_the_time_to_come_again(data: Path) -> None:
    settings = Settings(data=data, query_timeout_s=3, query_workers=1, queue_length=1, queue_seconds=0.5)
    with serving(settings) as client:
        wait_until(lambda: client.get("/health").json()["workers"]["query"]["idle"] == 1)
        slow = threading.Thread(
            target=lambda: httpx.get(f"{client.base_url}/sparql", params={"query": CROSS_COUNT}, timeout=20)
        )
        slow.start()
        wait_until(lambda: client.get("/health").json()["workers"]["query"]["busy"] == 1)
        reply = client.get("/sparql", params={"query": POINT})
        assert reply.status_code == 503
        assert int(reply.headers["retry-after"]) >= 1
        assert "busy" in reply.json()["error"]["what"]
        assert client.get("/", headers={"Accept": "text/html"}).status_code == 200
        slow.join()


def test_workers_end_with_the_server_however_it_ends(data: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from server.run import serve; from server.settings import Settings; "
        "serve(Settings(data=Path(sys.argv[1])), port=int(sys.argv[2]))"
    )
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    root = Path(__file__).parent.parent
    server = subprocess.Popen(
        [sys.executable, "-c", code, str(data), str(port)], cwd=root, stderr=subprocess.DEVNULL
    )
    try:
        wait_until(lambda: is_ready(port), longest_s=60)
        workers = [int(pid) for pid in children_of(server.pid)]
        assert len(workers) >= 3
    finally:
        server.kill()
        server.wait()
    wait_until(lambda: not any(Path(f"/proc/{pid}").exists() for pid in workers))


def is_ready(port: int) -> bool:
    try:
        workers = httpx.get(f"http://127.0.0.1:{port}/health").json()["workers"]
    except httpx.TransportError:
        return False
    return bool(workers["query"]["idle"] == 2 and workers["page"]["idle"] == 1)


def children_of(pid: int) -> list[str]:
    listed = Path(f"/proc/{pid}/task/{pid}/children")
    if not listed.exists():
        pytest.skip("this kernel does not list the children of a process")
    return listed.read_text().split()


def test_the_web_process_never_loads_the_store() -> None:
    code = (
        "import sys, server.run; print([n for n in sys.modules if n.startswith(('pyoxigraph', 'oxrdflib'))])"
    )
    root = Path(__file__).parent.parent
    done = subprocess.run([sys.executable, "-c", code], cwd=root, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_importing_the_server_starts_nothing() -> None:
    code = "import server.run, threading; print(threading.active_count())"
    root = Path(__file__).parent.parent
    done = subprocess.run([sys.executable, "-c", code], cwd=root, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "1"


FENCED = """
import json, os, resource, socket, sys
from server import fences
notes = [fences.die_with_parent(os.getppid()), fences.limit_memory(600 * 1024**2), fences.close_network()]
notes += fences.close_files(network_open=notes[-1].endswith("open"), scratch=sys.argv[2] or None)
def attempt(what):
    try:
        what()
    except (OSError, MemoryError) as error:
        return type(error).__name__
    return "done"
def connect():
    with socket.create_connection(("127.0.0.1", int(sys.argv[1])), timeout=2):
        pass
print(json.dumps({
    "notes": notes,
    "connect": attempt(connect),
    "write": attempt(lambda: open("written", "w").close()),
    "scratch": attempt(lambda: open(os.path.join(sys.argv[2] or ".", "note"), "w").close()),
    "memory": attempt(lambda: bytearray(10**9)),
    "core": resource.getrlimit(resource.RLIMIT_CORE)[0],
}))
"""


@pytest.mark.parametrize("with_scratch", [False, True])
def test_the_fences_hold_or_are_reported_as_missing(tmp_path: Path, with_scratch: bool) -> None:
    root = Path(__file__).parent.parent
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    with socket.create_server(("127.0.0.1", 0)) as listening:
        done = subprocess.run(
            [
                sys.executable,
                "-c",
                FENCED,
                str(listening.getsockname()[1]),
                str(scratch) if with_scratch else "",
            ],
            cwd=tmp_path,
            env={**os.environ, "PYTHONPATH": str(root)},
            capture_output=True,
            text=True,
            check=True,
        )
    found = json.loads(done.stdout)
    told = " ".join(found["notes"])
    assert found["memory"] == "MemoryError"
    assert found["core"] == 0
    assert (found["connect"] == "done") == ("network: open" in told and "no TCP" not in told)
    assert (found["write"] == "done") == ("not forbidden" in told)
    if with_scratch:
        assert found["scratch"] == "done"
