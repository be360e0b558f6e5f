"""One shape for everything that goes wrong: status, what, where and what to do."""

from __future__ import annotations

import re
from dataclasses import asdict, dataclass

from graph import errors
from server.credentials import NotPermitted
from server.negotiation import NotAcceptable
from server.pool import Busy
from server.protocol import BadRequest
from server.workers import WorkerFailed

RETRY_AFTER_S = 30

# A fault found in a query begins with its place.
_IN_QUERY = re.compile(r"line \d+, column \d+")


@dataclass(frozen=True, slots=True)
class Fault:
    """Hold what is told to a client. `retry_after_s` is None where asking again changes nothing."""

    status: int
    what: str
    where: str
    what_to_do: str
    retry_after_s: int | None = None

    def to_json(self) -> dict[str, dict[str, object]]:
        """Give the one error shape."""
        shape: dict[str, object] = asdict(self)
        del shape["retry_after_s"]
        return {"error": shape}


# What to do next, by kind of error; the first that fits counts, so the narrower stand first.
_ADVICE: tuple[tuple[type[errors.HearsayError], int, str, int | None], ...] = (
    (errors.QuerySyntaxError, 400, "Correct the query at that place and send it again.", None),
    (errors.QueryRefused, 403, "Ask without it.", None),
    (errors.WriteRefused, 403, "Nothing was changed. Write to another graph.", None),
    (errors.WriteFailed, 409, "Nothing was changed. Look at the graphs that there are (/graphs), or add SILENT.", None),
    (errors.WriteOutdated, 412, "Nothing was changed. Read it again, then write with its new ETag.", None),
    (errors.StoreBusy, 503, "Try again when the other load or write has ended.", RETRY_AFTER_S),
    (
        errors.QueryTimeout,
        503,
        "Make the question narrower (name a speaker, a place or an article, or add a LIMIT), "
        "or take the whole graph from /dumps and query it at home.",
        RETRY_AFTER_S,
    ),
    (errors.QueryTooLarge, 413, "Ask for less at a time, or take the whole graph from /dumps.", None),
    (errors.UnknownResource, 404, "Look at the address, or start from / and follow the links.", None),
    (
        errors.NoSnapshot,
        503,
        "Load articles with `hearsay load PATH`; this server shows them as soon as that is done.",
        RETRY_AFTER_S,
    ),
    (errors.StoreError, 503, "Try again in a moment; if it stays, run `hearsay check` there.", RETRY_AFTER_S),
    (errors.UsageError, 400, "Correct the value and ask again.", None),
    (errors.QueryError, 400, "Correct the query and send it again.", None),
    (
        WorkerFailed,
        500,
        "Try again; if the same request fails again, report it: it is a fault of the server.",
        None,
    ),
)  # fmt: skip


_INSIDE: dict[type[errors.HearsayError], str] = {errors.StoreBusy: "something else is being written just now"}


def to_fault(error: errors.HearsayError | NotAcceptable, *, where: str) -> Fault:
    """Give the fault that an error means to a client who asked at `where`."""
    if isinstance(error, NotAcceptable):
        return Fault(406, f"{error}", where, f"Ask for one of: {', '.join(error.offered)}.")
    if isinstance(error, BadRequest):
        return Fault(error.status, str(error), where, "Correct the request and send it again.")
    if isinstance(error, NotPermitted):
        return Fault(error.status, str(error), where, error.what_to_do)
    if isinstance(error, Busy):
        after = error.retry_after_s
        return Fault(503, str(error), where, f"Ask again in {after} seconds.", after)
    for kind, status, advice, retry_after_s in _ADVICE:
        if isinstance(error, kind):
            # What the store says names folders of this machine: that is for the log, not for the client.
            inside = isinstance(error, errors.StoreError) and not isinstance(error, errors.NoSnapshot)
            what = _INSIDE.get(kind, "the graph can't be read just now") if inside else str(error)
            in_query = _IN_QUERY.match(what)
            return Fault(status, what, in_query[0] if in_query else where, advice, retry_after_s)
    return Fault(
        500, "something went wrong in the server", where, "Try again; the server's log has the reason."
    )
