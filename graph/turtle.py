"""Turtle whose head is the same each time: the engine writes its prefixes in no order."""

from __future__ import annotations

from collections.abc import Callable


class SortedHead:
    """Be a file to the engine's Turtle and TriG writers, and hand on their prefix lines sorted."""

    def __init__(self, write: Callable[[bytes], object]) -> None:
        self._write = write
        self._head: bytes | None = b""

    def write(self, chunk: bytes) -> int:
        """Take a chunk; the head is held back until its last line is known."""
        if self._head is None:
            self._write(chunk)
        else:
            self._head += chunk
            body = self._body_at(self._head)
            if body is not None:
                self._hand_on(body)
        return len(chunk)

    def flush(self) -> None:
        """Do nothing: a chunk is handed on at once."""

    def finish(self) -> None:
        """Hand on a head without a body; call it when the engine is done."""
        if self._head is not None:
            self._hand_on(len(self._head))

    def _hand_on(self, body: int) -> None:
        held, self._head = self._head or b"", None
        self._write(b"".join(sorted(held[:body].splitlines(keepends=True))) + held[body:])

    @staticmethod
    def _body_at(held: bytes) -> int | None:
        at = 0
        while (end := held.find(b"\n", at)) >= 0:
            if not held.startswith(b"@prefix ", at):
                return at
            at = end + 1
        return None
