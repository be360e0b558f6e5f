"""The log of the server: one JSON object a line, so that a machine can read it; every line names its request.

Nothing that a reader asked is in it: no query, no words, no address of a client. A setting lets queries in.
"""

from __future__ import annotations

import json
import logging
import re
import sys
import uuid
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import Any, TextIO

request_id: ContextVar[str | None] = ContextVar("request_id", default=None)
"""The request that is being answered, for whatever is logged meanwhile."""

REQUESTS = "hearsay.requests"
FORMATS = ("json", "text")

_OURS = ("hearsay", "uvicorn")
_SAFE_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:-]{0,127}")


def choose_id(given: str | None) -> str:
    """Take the id that came with a request where it can stand in a log and a header, else a new one."""
    if given is not None and _SAFE_ID.fullmatch(given):
        return given
    return uuid.uuid4().hex


class JsonFormatter(logging.Formatter):
    """Write a record as one line of JSON; `extra={"fields": {…}}` puts more into it."""

    def format(self, record: logging.LogRecord) -> str:
        """Write the line."""
        told: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
        }
        asked = request_id.get()
        if asked is not None:
            told["request_id"] = asked
        told.update(getattr(record, "fields", {}))
        if record.exc_info:
            told["exception"] = self.formatException(record.exc_info)
        # ASCII only: no byte of a log can start a line of its own or turn letters around.
        return json.dumps(told, default=str)


class TextFormatter(logging.Formatter):
    """Write a record for somebody who watches a terminal."""

    def format(self, record: logging.LogRecord) -> str:
        """Write the line, and a trace below it where there is one."""
        fields: dict[str, Any] = getattr(record, "fields", {})
        more = "".join(f" {name}={json.dumps(value, default=str)}" for name, value in fields.items())
        line = f"{record.levelname.lower()}: {json.dumps(record.getMessage())[1:-1]}{more}"
        return f"{line}\n{self.formatException(record.exc_info)}" if record.exc_info else line


def configure(format: str, *, out: TextIO | None = None) -> None:
    """Send the log of the server to standard error in one of FORMATS. Call it once, before serving."""
    handler = logging.StreamHandler(out or sys.stderr)
    handler.setFormatter(JsonFormatter() if format == "json" else TextFormatter())
    for name in _OURS:
        logger = logging.getLogger(name)
        logger.handlers[:] = [handler]
        logger.setLevel(logging.INFO)
        logger.propagate = False
