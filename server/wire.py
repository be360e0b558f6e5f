"""How the web process and a worker talk over their socket: frames of a length, a kind and a payload.

A worker answers one job with at most one HEAD, any number of DATA and then exactly one END or ERROR.
"""

from __future__ import annotations

import json
import struct
from collections.abc import Mapping
from enum import IntEnum
from typing import Any, Protocol

from graph import errors

HEADER = struct.Struct("!IB")
CHUNK_BYTES = 32 * 1024
LONGEST_FRAME = 64 * 1024 * 1024


class Kind(IntEnum):
    """Name the kinds of frames."""

    CONFIG = 1
    READY = 2
    JOB = 3
    HEAD = 4
    DATA = 5
    END = 6
    ERROR = 7


class _Readable(Protocol):
    def read(self, size: int, /) -> bytes: ...


def to_frame(kind: Kind, payload: bytes = b"") -> bytes:
    """Write one frame."""
    return HEADER.pack(len(payload), kind) + payload


def to_json_frame(kind: Kind, value: Mapping[str, Any]) -> bytes:
    """Write one frame whose payload is JSON."""
    return to_frame(kind, json.dumps(value, ensure_ascii=False).encode())


def read_frame(source: _Readable) -> tuple[Kind, bytes]:
    """Read one frame from a blocking stream. Raises EOFError where the other side is gone."""
    head = source.read(HEADER.size)
    if len(head) < HEADER.size:
        raise EOFError("the other side closed the connection")
    length, kind = HEADER.unpack(head)
    payload = source.read(length) if length else b""
    if len(payload) < length:
        raise EOFError("the other side closed the connection within a frame")
    return Kind(kind), payload


def to_error_frame(error: errors.HearsayError) -> bytes:
    """Write an error of `graph.errors` by its name, so that it can be raised again on the other side."""
    return to_json_frame(Kind.ERROR, {"name": type(error).__name__, "message": str(error)})


def to_error(payload: bytes) -> errors.HearsayError:
    """Give the error that a worker met; a name that is not in the tree becomes its root."""
    value = json.loads(payload)
    found = getattr(errors, str(value["name"]), None)
    if isinstance(found, type) and issubclass(found, errors.HearsayError):
        return found(str(value["message"]))
    return errors.HearsayError(str(value["message"]))
