"""Told to stop, a server takes nothing new, finishes what runs within its limit, ends its workers and ends with 0."""

from __future__ import annotations

import http.client
import json
import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote

import pytest

from tests.server_sample import copy_whole

ROOT = Path(__file__).parent.parent
# About a second of work, and a little more than the test needs to look and to stop the server.
SLOW = """SELECT (COUNT(*) AS ?n) { { SELECT * { ?a ?b ?c . ?d ?e ?f } LIMIT 800000 }
FILTER(STRLEN(CONCAT(STR(?c), STR(?f))) > 0) }"""
ENDLESS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return copy_whole(tmp_path_factory.mktemp("data"))


@dataclass
class Running:
    """Hold a server in a process of its own, with its log."""

    process: subprocess.Popen[str]
    port: int
    lines: list[str] = field(default_factory=list)

    def get(self, path: str, headers: Mapping[str, str] | None = None) -> tuple[int, bytes]:
        link = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            link.request("GET", path, headers=dict(headers or {}))
            reply = link.getresponse()
            return reply.status, reply.read()
        finally:
            link.close()

    def ask(self, query: str) -> tuple[int, bytes]:
        return self.get(f"/sparql?query={quote(query)}")

    def workers(self) -> list[int]:
        task = Path(f"/proc/{self.process.pid}/task")
        return [int(pid) for one in task.iterdir() for pid in (one / "children").read_text().split()]

    def stop(self, how: int = signal.SIGTERM) -> int:
        self.process.send_signal(how)
        return self.process.wait(timeout=30)


@contextmanager
def running(data: Path, *options: str, **settings: str) -> Iterator[Running]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    process = subprocess.Popen(
        [sys.executable, "-P", "-m", "hearsay", "serve", "--data", str(data), "--port", str(port), *options],
        stderr=subprocess.PIPE,
        text=True,
        cwd=data,
        env={**os.environ, "PYTHONPATH": str(ROOT), **settings},
    )
    found = Running(process, port)
    assert process.stderr is not None
    reading = threading.Thread(target=lambda: found.lines.extend(process.stderr or ()))
    reading.start()
    try:
        for _ in range(400):
            try:
                if found.get("/health/ready")[0] == 200:
                    break
            except ConnectionError:
                assert process.poll() is None, found.lines
            time.sleep(0.05)
        yield found
    finally:
        if process.poll() is None:
            process.kill()
        process.wait()
        reading.join()
        process.stderr.close()


def is_running(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT])
def test_an_idle_server_ends_at_once_with_0_and_leaves_nothing(data: Path, how: int) -> None:
    with running(data) as server:
        workers = server.workers()
        assert len(workers) >= 2
        started = time.monotonic()
        assert server.stop(how) == 0
        assert time.monotonic() - started < 5
        assert not any(map(is_running, workers))
    assert not any("Traceback" in line for line in server.lines)


def test_a_running_answer_is_finished_and_nothing_new_is_taken(data: Path) -> None:
    with running(data, HEARSAY_STOP_TIMEOUT_S="20") as server:
        replies: list[tuple[int, bytes]] = []
        asking = threading.Thread(target=lambda: replies.append(server.ask(SLOW)))
        asking.start()
        busy = json.loads(server.get("/health")[1])["workers"]["query"]["busy"]
        for _ in range(100):
            if busy:
                break
            busy = json.loads(server.get("/health")[1])["workers"]["query"]["busy"]
        if not replies:
            assert busy == 1
        server.process.send_signal(signal.SIGTERM)
        time.sleep(0.3)
        if server.process.poll() is None and not replies:
            with pytest.raises(ConnectionError):
                server.get("/health/live")
        asking.join()
        assert server.process.wait(timeout=30) == 0
    (reply,) = replies
    assert reply[0] == 200
    assert int(json.loads(reply[1])["results"]["bindings"][0]["n"]["value"]) > 100_000


def test_an_answer_past_the_limit_is_given_up(data: Path) -> None:
    with running(data, HEARSAY_STOP_TIMEOUT_S="1") as server:
        failed: list[object] = []

        def ask() -> None:
            try:
                failed.append(server.ask(ENDLESS))
            except (http.client.HTTPException, ConnectionError) as error:
                failed.append(error)

        asking = threading.Thread(target=ask)
        asking.start()
        time.sleep(0.5)
        workers = server.workers()
        started = time.monotonic()
        assert server.stop() == 0
        assert 0.9 < time.monotonic() - started < 8
        asking.join()
        assert not any(map(is_running, workers))
    assert isinstance(failed[0], tuple), "it is told, not cut off"
    assert failed[0][0] == 503
    assert "stopped" in json.loads(failed[0][1])["error"]["what"]


def test_workers_are_as_many_as_asked_for_and_the_log_is_json(data: Path) -> None:
    with running(data, "--workers", "3") as server:
        for _ in range(100):
            state = json.loads(server.get("/health")[1])
            if state["workers"]["query"]["idle"] == 3:
                break
            time.sleep(0.05)
        assert state["workers"]["query"]["size"] == state["workers"]["query"]["idle"] == 3
        assert server.get("/dumps", {"X-Request-Id": "seen-1"})[0] == 200
        assert server.stop() == 0
    told = [json.loads(line) for line in server.lines if line.startswith("{")]
    assert len(told) >= len(server.lines) - 1, "all but the greeting"
    (line,) = [one for one in told if one.get("request_id") == "seen-1"]
    assert (line["route"], line["status"]) == ("/dumps", 200)
    assert not any(re.search(r'"GET /dumps', one) for one in server.lines), "no second log of requests"
