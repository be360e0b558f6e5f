"""What a client sends to be written, kept in a file until the worker that writes has read it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import IO

from starlette.requests import Request

from graph.errors import QueryTooLarge
from server.protocol import BadRequest


@asynccontextmanager
async def kept(request: Request, *, limit: int) -> AsyncIterator[Path]:
    """Keep the body of a request as a file for as long as it is needed.

    Raises QueryTooLarge past the limit in bytes, BadRequest (415) for a body that is coded.
    """
    coding = request.headers.get("content-encoding", "identity").strip().lower()
    if coding not in ("", "identity"):
        raise BadRequest(f"the coding {coding} is not taken; send the body as it is", status=415)
    file = await asyncio.to_thread(_open)
    path = Path(file.name)
    try:
        size = 0
        async for chunk in request.stream():
            size += len(chunk)
            if size > limit:
                raise QueryTooLarge(f"what was sent is longer than {limit} bytes, the limit of this server")
            await asyncio.to_thread(file.write, chunk)
        await asyncio.to_thread(file.close)
        yield path
    finally:
        file.close()
        await asyncio.to_thread(path.unlink, missing_ok=True)


def _open() -> IO[bytes]:
    return NamedTemporaryFile(prefix="hearsay-", suffix=".sent", delete=False)
