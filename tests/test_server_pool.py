"""Workers are ended at the limit and replaced, waited for in fair order, and never hold up the event loop.

The workers here are small scripts that speak the same frames and do what a test tells them.
"""

from __future__ import annotations

import asyncio
import os
import sys
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest

from graph.errors import HearsayError, QuerySyntaxError, QueryTimeout, QueryTooLarge
from server.pool import HELD_BACK_BYTES, Busy, Pool, PoolSettings
from server.workers import WorkerFailed, WorkerSettings

SCRIPT = """
import json, os, signal, socket, sys, time
from server.wire import Kind, read_frame, to_error_frame, to_frame, to_json_frame
from graph.errors import QuerySyntaxError
link = socket.socket(fileno=int(sys.argv[1]))
source = link.makefile("rb")
read_frame(source)
link.sendall(to_json_frame(Kind.READY, {"fences": ["none"]}))
while True:
    try:
        job = json.loads(read_frame(source)[1])
    except EOFError:
        break
    told = job["arguments"]
    link.sendall(to_json_frame(Kind.HEAD, {"value": told.get("value"), "version": "v1", "pid": os.getpid()}))
    sent = 0
    while sent < told.get("bytes", 0):
        link.sendall(to_frame(Kind.DATA, b"x" * 8192))
        sent += 8192
    time.sleep(told.get("sleep", 0))
    if "signal" in told:
        signal.signal(told["signal"], signal.SIG_DFL)
        os.kill(os.getpid(), told["signal"])
    if "exit" in told:
        os._exit(told["exit"])
    if "syntax" in told:
        link.sendall(to_error_frame(QuerySyntaxError(told["syntax"])))
    else:
        link.sendall(to_frame(Kind.END))
"""

Test = Callable[[Pool], Awaitable[None]]


def run(tmp_path: Path, test: Test, **changes: Any) -> None:
    script = tmp_path / "worker.py"
    script.write_text(SCRIPT)
    values: dict[str, Any] = {
        "name": "test",
        "size": 1,
        "timeout_s": 5.0,
        "queue_length": 8,
        "queue_seconds": 5.0,
        "read_ahead_bytes": 1024 * 1024,
        "jobs_per_worker": 100,
        "worker": WorkerSettings(data="", base="", memory_bytes=1, processor_s=1),
        "command": (sys.executable, str(script)),
        **changes,
    }
    watcher = values.pop("watcher", None)

    async def body() -> None:
        async with Pool(PoolSettings(**values), watcher=watcher) as pool:
            await test(pool)

    asyncio.run(body())


class Notes:
    """Take down what a pool tells."""

    def __init__(self) -> None:
        self.waits: list[float] = []
        self.told: list[tuple[str, str]] = []

    def waited(self, pool: str, seconds: float) -> None:
        assert pool == "test"
        self.waits.append(seconds)

    def refused(self, pool: str, reason: str) -> None:
        self.told.append(("refused", reason))

    def ended(self, pool: str, reason: str) -> None:
        self.told.append(("ended", reason))

    async def wait_for(self, number: int) -> None:
        async with asyncio.timeout(5):
            while len(self.told) < number:
                await asyncio.sleep(0.01)


def is_running(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


async def ask_pid(pool: Pool, **told: Any) -> int:
    answer = await pool.ask("x", told)
    await answer.close()
    return int(answer.head["pid"])


def test_a_job_is_answered_and_the_worker_used_again(tmp_path: Path) -> None:
    async def test(pool: Pool) -> None:
        assert await pool.ask_json("x", {"value": {"é": [1]}}) == ({"é": [1]}, "v1")
        first, second = await ask_pid(pool), await ask_pid(pool)
        assert first == second
        assert pool.fences == ("none",)
        assert pool.ended == 0

    run(tmp_path, test)


def test_an_error_is_raised_again_and_the_worker_stays(tmp_path: Path) -> None:
    async def test(pool: Pool) -> None:
        before = await ask_pid(pool)
        with pytest.raises(QuerySyntaxError, match="line 3"):
            await pool.ask("x", {"syntax": "line 3, column 4: …"})
        assert await ask_pid(pool) == before

    run(tmp_path, test)


def test_a_job_past_the_limit_is_ended_and_others_go_on_meanwhile(tmp_path: Path) -> None:
    async def test(pool: Pool) -> None:
        started = time.perf_counter()
        slow = asyncio.ensure_future(pool.ask("x", {"sleep": 60}))
        await asyncio.sleep(0.1)
        assert await pool.ask_json("x", {"value": 1}) == (1, "v1")
        assert not slow.done()
        with pytest.raises(QueryTimeout, match=r"0\.7 seconds"):
            await slow
        assert time.perf_counter() - started < 30
        assert await pool.ask_json("x", {"value": 2}) == (2, "v1")
        assert pool.ended == 1

    run(tmp_path, test, size=2, timeout_s=0.7)


def test_the_process_of_an_ended_job_is_gone(tmp_path: Path) -> None:
    async def test(pool: Pool) -> None:
        pid = await ask_pid(pool)
        with pytest.raises(QueryTimeout):
            await pool.ask("x", {"sleep": 60})
        assert await ask_pid(pool) != pid
        assert not is_running(pid)

    run(tmp_path, test, timeout_s=0.5)


def test_giving_up_a_job_ends_its_worker(tmp_path: Path) -> None:
    async def test(pool: Pool) -> None:
        pid = await ask_pid(pool)
        waiting = asyncio.ensure_future(pool.ask("x", {"sleep": 60}))
        await asyncio.sleep(0.2)
        waiting.cancel()
        with pytest.raises(asyncio.CancelledError):
            await waiting
        assert await ask_pid(pool) != pid
        assert not is_running(pid)

    run(tmp_path, test)


@pytest.mark.parametrize(
    ("told", "error", "words"),
    [
        ({"signal": 6}, QueryTooLarge, "memory"),
        ({"signal": 24}, QueryTimeout, "processor"),
        ({"signal": 11}, WorkerFailed, "ended by itself"),
        ({"exit": 1}, WorkerFailed, "ended by itself"),
    ],
)
def test_a_worker_that_dies_is_explained_and_replaced(
    tmp_path: Path, told: dict[str, int], error: type[HearsayError], words: str
) -> None:
    async def test(pool: Pool) -> None:
        with pytest.raises(error, match=words):
            await pool.ask("x", told)
        assert await pool.ask_json("x", {"value": 1}) == (1, "v1")

    run(tmp_path, test)


def test_a_failure_after_the_first_bytes_is_raised_while_reading(tmp_path: Path) -> None:
    async def test(pool: Pool) -> None:
        answer = await pool.ask("x", {"bytes": HELD_BACK_BYTES, "sleep": 0.2, "syntax": "too late"})
        got: list[bytes] = []

        async def read() -> None:
            async for chunk in answer:
                got.append(chunk)

        with pytest.raises(QuerySyntaxError, match="too late"):
            await read()
        assert len(b"".join(got)) == HELD_BACK_BYTES
        await answer.close()

    run(tmp_path, test)


def test_a_slow_reader_does_not_hold_the_worker_of_an_answer_that_fits(tmp_path: Path) -> None:
    async def test(pool: Pool) -> None:
        answer = await pool.ask("x", {"bytes": 512 * 1024})
        assert await pool.ask_json("x", {"value": "free again"}) == ("free again", "v1")
        assert len(await answer.read()) == 512 * 1024
        await answer.close()

    run(tmp_path, test)


def test_an_endless_answer_is_read_ahead_only_so_far_and_ended_at_the_limit(tmp_path: Path) -> None:
    async def test(pool: Pool) -> None:
        answer = await pool.ask("x", {"bytes": 10**12})
        await asyncio.sleep(0.3)
        assert HELD_BACK_BYTES <= answer.waiting_bytes <= 256 * 1024 + 8192
        with pytest.raises(QueryTimeout):
            await answer.read()
        await answer.close()
        assert await pool.ask_json("x", {"value": 1}) == (1, "v1")

    run(tmp_path, test, timeout_s=0.8, read_ahead_bytes=256 * 1024)


def test_a_full_line_is_refused_and_says_when_to_ask_again(tmp_path: Path) -> None:
    async def test(pool: Pool) -> None:
        await ask_pid(pool)
        busy = [asyncio.ensure_future(pool.ask("x", {"sleep": 60})) for _ in range(3)]
        await asyncio.sleep(0.2)
        with pytest.raises(Busy, match="too many") as caught:
            await pool.ask("x", {})
        assert caught.value.retry_after_s >= 1
        results = await asyncio.gather(*busy, return_exceptions=True)
        assert sorted(type(result).__name__ for result in results) == ["Busy", "Busy", "QueryTimeout"]

    run(tmp_path, test, queue_length=2, queue_seconds=0.6, timeout_s=1.5)


def test_clients_are_served_in_turn(tmp_path: Path) -> None:
    async def test(pool: Pool) -> None:
        order: list[str] = []

        async def ask(client: str) -> None:
            await pool.ask_json("x", {"sleep": 0.02}, client=client)
            order.append(client)

        first = asyncio.ensure_future(ask("a"))
        await asyncio.sleep(0)
        await asyncio.gather(first, *(ask("a") for _ in range(4)), ask("b"), ask("c"))
        assert order.index("b") <= 3
        assert order.index("c") <= 3
        assert order.count("a") == 5

    run(tmp_path, test)


def test_the_event_loop_is_not_held_up(tmp_path: Path) -> None:
    async def test(pool: Pool) -> None:
        longest = 0.0

        async def watch() -> None:
            nonlocal longest
            while True:
                before = time.perf_counter()
                await asyncio.sleep(0.01)
                longest = max(longest, time.perf_counter() - before)

        watching = asyncio.ensure_future(watch())
        for _ in range(3):
            with pytest.raises(QueryTimeout):
                await pool.ask("x", {"sleep": 60})
        watching.cancel()
        assert longest < 1

    run(tmp_path, test, timeout_s=0.3)


def test_a_worker_is_replaced_after_its_share_of_jobs(tmp_path: Path) -> None:
    async def test(pool: Pool) -> None:
        pids = [await ask_pid(pool) for _ in range(5)]
        assert len(set(pids)) == 3
        assert pool.ended == 0

    run(tmp_path, test, jobs_per_worker=2)


def test_a_pool_that_is_not_eager_starts_a_worker_when_asked(tmp_path: Path) -> None:
    async def test(pool: Pool) -> None:
        await asyncio.sleep(0.2)
        assert pool.alive == 0
        assert await pool.ask_json("x", {"value": 1}) == (1, "v1")
        assert pool.alive == 1

    run(tmp_path, test, eager=False)


def test_a_worker_that_cannot_start_is_told_and_tried_again(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async def test(pool: Pool) -> None:
        with pytest.raises(Busy):
            await pool.ask("x", {})

    run(tmp_path, test, command=(sys.executable, "-c", "raise SystemExit(3)"), queue_seconds=0.8)
    assert sum("did not start" in record.message for record in caplog.records) >= 2


def test_closing_ends_every_process(tmp_path: Path) -> None:
    pids: list[int] = []

    async def test(pool: Pool) -> None:
        pids.append(await ask_pid(pool))
        pids.append(await ask_pid(pool))
        asyncio.get_running_loop().call_later(60, lambda: None)

    run(tmp_path, test, size=2)
    assert pids
    assert not any(is_running(pid) for pid in pids)


@pytest.mark.parametrize(
    ("told", "reason"),
    [
        ({"signal": 6}, "memory"),
        ({"signal": 24}, "processor"),
        ({"signal": 11}, "crash"),
        ({"exit": 1}, "crash"),
        ({"sleep": 60}, "timeout"),
    ],
)
def test_why_a_worker_ended_is_told_once(tmp_path: Path, told: dict[str, int], reason: str) -> None:
    notes = Notes()

    async def test(pool: Pool) -> None:
        with pytest.raises(HearsayError):
            await pool.ask("x", told)
        await notes.wait_for(1)
        await pool.ask_json("x", {})

    run(tmp_path, test, timeout_s=0.5, watcher=notes)
    assert notes.told == [("ended", reason)]
    assert len(notes.waits) == 2


def test_a_client_that_left_is_no_timeout(tmp_path: Path) -> None:
    notes = Notes()

    async def test(pool: Pool) -> None:
        leaving = asyncio.ensure_future(pool.ask("x", {"sleep": 60}))
        await asyncio.sleep(0.3)
        leaving.cancel()
        await asyncio.gather(leaving, return_exceptions=True)
        await notes.wait_for(1)

    run(tmp_path, test, watcher=notes)
    assert notes.told == [("ended", "gone")]


def test_who_got_no_worker_is_told_with_the_reason(tmp_path: Path) -> None:
    notes = Notes()

    async def test(pool: Pool) -> None:
        await ask_pid(pool)
        busy = [asyncio.ensure_future(pool.ask("x", {"sleep": 60})) for _ in range(2)]
        await asyncio.sleep(0.1)
        with pytest.raises(Busy):
            await pool.ask("x", {})
        await asyncio.gather(*busy, return_exceptions=True)

    run(tmp_path, test, queue_length=1, queue_seconds=0.4, timeout_s=1, watcher=notes)
    assert [one for one in notes.told if one[0] == "refused"] == [("refused", "full"), ("refused", "late")]


def test_an_end_in_order_and_a_closed_pool_tell_nothing(tmp_path: Path) -> None:
    notes = Notes()

    async def test(pool: Pool) -> None:
        for _ in range(3):
            await pool.ask_json("x", {})
        asyncio.ensure_future(pool.ask("x", {"sleep": 60}))  # noqa: RUF006 - the pool is closed over it
        await asyncio.sleep(0.1)

    run(tmp_path, test, jobs_per_worker=2, watcher=notes)
    assert notes.told in ([], [("ended", "gone")])
    assert len(notes.waits) >= 3
