"""What the one worker that writes can be asked, by name. Each is a transaction of its own: done as a whole or not."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from itertools import chain
from pathlib import Path
from types import MappingProxyType
from typing import IO, Any, cast

from rdflib import URIRef

from graph import writes
from graph.admission import Limits
from graph.errors import UnknownResource, UsageError, WriteOutdated
from graph.writes import Write
from server.jobs import Arguments, Desk, Out
from server.protocol import media_type_of

MULTIPART = "multipart/form-data"


def prepare(desk: Desk, arguments: Arguments, out: Out) -> None:
    """Publish an empty snapshot of other data where there is none."""
    writes.prepare_plain(desk.folder)
    out.head()


def update(desk: Desk, arguments: Arguments, out: Out) -> None:
    """Run a SPARQL update."""
    with _writing(desk, arguments) as write:
        write.update(
            arguments["update"],
            limits=Limits(bytes=arguments["max_write_bytes"]),
            using=arguments["using"],
            using_named=arguments["using_named"],
        )
        out.head(version=write.publish())


def put_graph(desk: Desk, arguments: Arguments, out: Out) -> None:
    """Put a graph that was sent in the place of the one of that name; say whether there was none."""
    _fill(desk, arguments, out, lambda write, *graph: write.put(*graph))


def add_to_graph(desk: Desk, arguments: Arguments, out: Out) -> None:
    """Add a graph that was sent to the one of that name; say whether there was none."""
    _fill(desk, arguments, out, lambda write, *graph: write.add(*graph))


def remove_graph(desk: Desk, arguments: Arguments, out: Out) -> None:
    """Remove a graph. Raises UnknownResource."""
    with _writing(desk, arguments) as write:
        name = _name(arguments)
        if not write.remove(name):
            raise UnknownResource(f"there is no graph <{name}>")
        out.head(version=write.publish())


_Fill = Callable[[Write, URIRef | None, Iterator[Any]], bool]


def _fill(desk: Desk, arguments: Arguments, out: Out, how: _Fill) -> None:
    with _writing(desk, arguments) as write, Path(arguments["path"]).open("rb") as file:
        name, base = _name(arguments), desk.folder.iris.base
        if arguments["only_new"] and name is not None and write.store.has_graph(name):
            raise WriteOutdated(f"there is a graph <{name}> already")
        parts = _read_parts(file, arguments["content_type"])
        triples = chain.from_iterable(
            writes.read_sent(body, kind, base=str(name or base)) for kind, body in parts
        )
        created = how(write, name, triples)
        out.head(version=write.publish(), value={"created": created})


@contextmanager
def _writing(desk: Desk, arguments: Arguments) -> Iterator[Write]:
    with writes.begin_write(desk.folder, plain=arguments["plain"]) as write:
        write.expect(arguments.get("versions"))
        yield write


def _name(arguments: Arguments) -> URIRef | None:
    return None if arguments["graph"] is None else URIRef(arguments["graph"])


def _read_parts(file: IO[bytes], content_type: str) -> Iterator[tuple[str, IO[bytes]]]:
    """Give the media type and the bytes of each graph that was sent: one, or the files of a form (RFC 7578)."""
    if media_type_of(content_type) != MULTIPART:
        yield media_type_of(content_type), file
        return
    head = f"Content-Type: {content_type}\r\n\r\n".encode("latin-1", "replace")
    message = BytesParser(policy=policy.HTTP).parse(cast(IO[bytes], _Joined(head, file)))
    if not message.is_multipart():
        raise UsageError("the form has no parts; check the boundary in its Content-Type")
    for part in message.iter_parts():
        body = cast(EmailMessage, part).get_payload(decode=True)
        yield part.get_content_type(), io.BytesIO(cast(bytes, body))


class _Joined(io.RawIOBase):
    """Read a head and then a file as one."""

    def __init__(self, head: bytes, file: IO[bytes]) -> None:
        self._head = io.BytesIO(head)
        self._file = file

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        found = self._head.read(len(buffer)) or self._file.read(len(buffer))
        buffer[: len(found)] = found
        return len(found)


WRITES: Mapping[str, Callable[[Desk, Arguments, Out], None]] = MappingProxyType(
    {
        "prepare": prepare,
        "update": update,
        "put": put_graph,
        "add": add_to_graph,
        "remove": remove_graph,
    }
)
