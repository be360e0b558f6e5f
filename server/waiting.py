"""The line of requests that wait for a worker: clients are served in turn, so that one can't fill it."""

from __future__ import annotations

import asyncio
from collections import OrderedDict, deque
from dataclasses import dataclass, field

from server.workers import Worker


@dataclass(slots=True)
class Line:
    """Keep who waits, by client."""

    lines: OrderedDict[str, deque[asyncio.Future[Worker]]] = field(default_factory=OrderedDict)

    def __len__(self) -> int:
        return sum(len(line) for line in self.lines.values())

    def add(self, client: str, waiter: asyncio.Future[Worker]) -> None:
        self.lines.setdefault(client, deque()).append(waiter)

    def drop(self, client: str, waiter: asyncio.Future[Worker]) -> None:
        line = self.lines.get(client)
        if line and waiter in line:
            line.remove(waiter)
            if not line:
                del self.lines[client]

    def next(self) -> asyncio.Future[Worker] | None:
        while self.lines:
            client, line = self.lines.popitem(last=False)
            waiter = line.popleft()
            if line:
                self.lines[client] = line
            if not waiter.done():
                return waiter
        return None
