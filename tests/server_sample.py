"""A small data folder for the tests of the server: two made-up articles, one of them with hostile words."""

from __future__ import annotations

import hashlib
import shutil
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import httpx
import uvicorn
from rdflib import Graph, Literal, URIRef

from graph.iris import Iris, digest
from graph.model import Article, Span
from graph.snapshots import DataFolder
from graph.terms import HS, RDF, RDFS, XSD
from server.run import make_config
from server.settings import Settings

HOSTILE = "<script>alert('x')</script> & \"quoted\" \u202egnihton\u202c </mark><img src=x onerror=alert(1)>"
FIRST = (
    "RIVERTON (Wire) - The Northern Front denied that its forces entered Riverton on Monday.\n\n"
    f"{HOSTILE}, the Southern Council said.\n"
)
SECOND = "The Northern Front has denied that its men entered Riverton, one of its officers said on Tuesday.\n"

FILES = {"first.txt": FIRST, "second.txt": SECOND}
IRIS = Iris()


def key_of(text: str) -> str:
    """Give the key of the article with that text."""
    return hashlib.sha256(text.encode()).hexdigest()[:16]


DENIAL = "northern-front-denial-" + digest("northern-front", "Denial", length=12)
HOSTILE_CLAIM = "southern-council-claim-" + digest("southern-council", "Claim", length=12)


class Sheet:
    """Write the graph of one article."""

    def __init__(self, file_name: str, text: str, *, title: str) -> None:
        self.text = text
        raw = text.encode()
        sha256 = hashlib.sha256(raw).hexdigest()
        self.article = Article(sha256[:16], file_name, sha256, text)
        self.graph = Graph()
        self.iri = IRIS.of("article", self.article.key)
        dispatch = IRIS.of("dispatch", f"wire-{self.article.key}")
        wire = self.agent("wire", "The Wire", "NewsAgency")
        for name, value in (
            ("fileName", file_name),
            ("sha256", sha256),
            ("title", title),
            ("publishedBasis", "manifest"),
            ("language", "en"),
        ):
            self.graph.add((self.iri, HS[name], Literal(value)))
        self.graph.add((self.iri, RDF.type, HS.Article))
        self.graph.add((self.iri, HS.published, Literal("2020-03-02", datatype=XSD.date)))
        self.graph.add((self.iri, HS.basedOn, dispatch))
        self.graph.add((dispatch, RDF.type, HS.Dispatch))
        self.graph.add((dispatch, HS.agency, wire))
        self.graph.add((dispatch, HS.agencyBasis, Literal("stated: (Wire)")))

    def agent(self, key: str, label: str, kind: str) -> URIRef:
        """Name an agent."""
        return self._thing("agent", key, HS[kind], label)

    def _thing(self, kind: str, key: str, type_: URIRef, label: str | None = None) -> URIRef:
        iri = IRIS.of(kind, key)
        self.graph.add((iri, RDF.type, type_))
        if label is not None:
            self.graph.add((iri, RDFS.label, Literal(label)))
        return iri

    def span(self, words: str) -> URIRef:
        """Name the span of the first place where the words stand."""
        start = self.text.index(words)
        span = Span.of(self.text, start, start + len(words))
        iri = self._thing("span", f"{self.article.key}-{span.start}-{span.end}", HS.TextSpan)
        self.graph.add((iri, HS.inArticle, self.iri))
        self.graph.add((iri, HS.start, Literal(span.start)))
        self.graph.add((iri, HS.end, Literal(span.end)))
        self.graph.add((iri, HS.exact, Literal(span.exact)))
        return iri

    def entry(self) -> URIRef:
        """Name the one happening of the sample: the front entering the town."""
        town = self._thing("place", "riverton", HS.Settlement, "Riverton")
        front = self.agent("northern-front", "Northern Front", "ArmedForce")
        situation = self._thing("situation", "entry-of-the-front", HS.Entry)
        self.graph.add((situation, HS.actor, front))
        self.graph.add((situation, HS.place, town))
        return situation

    def worded(self, words: str) -> URIRef:
        """Name a situation of which only the words are known."""
        situation = self._thing("situation", digest(words), HS.Situation)
        self.graph.add((situation, HS.wording, Literal(words)))
        return situation

    def state(
        self,
        key: str,
        kind: str,
        how: str,
        *,
        speaker: URIRef,
        situation: URIRef,
        label: str,
        spans: Sequence[str],
    ) -> None:
        """Write a statement with one mention; `spans` are the words of source, cue and content."""
        statement = self._thing("statement", key, HS[kind], label)
        self.graph.add((statement, HS.speaker, speaker))
        self.graph.add((statement, HS[how], situation))
        self.graph.add((statement, HS.certainty, HS.certain))
        places = [self.span(words) for words in spans]
        mention = self._thing("mention", f"{self.article.key}-{self.text.index(spans[2])}-0", HS.Mention)
        self.graph.add((mention, HS.mentionOf, statement))
        self.graph.add((mention, HS.foundIn, self.iri))
        self.graph.add((mention, HS.viaDispatch, IRIS.of("dispatch", f"wire-{self.article.key}")))
        self.graph.add((mention, HS.quoteType, Literal("indirect")))
        self.graph.add((mention, HS.passage, Literal(self.text.split("\n")[0])))
        for name, place in zip(("sourceSpan", "cueSpan", "contentSpan"), places, strict=True):
            self.graph.add((mention, HS[name], place))


def first_sheet() -> Sheet:
    """Give the first article's graph: the denial, and a claim in hostile words."""
    sheet = Sheet("first.txt", FIRST, title="Front denies <b>entry</b>")
    sheet.state(
        DENIAL,
        "Denial",
        "denies",
        speaker=sheet.agent("northern-front", "Northern Front", "ArmedForce"),
        situation=sheet.entry(),
        label="Northern Front denies entering Riverton",
        spans=("The Northern Front", "denied", "its forces entered Riverton on Monday"),
    )
    sheet.state(
        HOSTILE_CLAIM,
        "Claim",
        "affirms",
        speaker=sheet.agent("southern-council", "Southern <i>Council</i>", "StateActor"),
        situation=sheet.worded(HOSTILE),
        label=f"Southern <i>Council</i>: {HOSTILE}",
        spans=("the Southern Council", "said", HOSTILE),
    )
    return sheet


def second_sheet() -> Sheet:
    """Give the second article's graph: the same denial in other words."""
    sheet = Sheet("second.txt", SECOND, title="Denied again")
    sheet.state(
        DENIAL,
        "Denial",
        "denies",
        speaker=sheet.agent("northern-front", "Northern Front", "ArmedForce"),
        situation=sheet.entry(),
        label="Northern Front denies entering Riverton",
        spans=("The Northern Front", "has denied", "its men entered Riverton"),
    )
    return sheet


def load(root: Path, *sheets: Sheet) -> str:
    """Publish the sheets into a data folder; give the version."""
    with DataFolder(root).begin() as transaction:
        for sheet in sheets:
            transaction.put_article(sheet.article, sheet.text.encode(), sheet.graph)
        return transaction.publish()


@cache
def _whole() -> TemporaryDirectory[str]:
    folder = TemporaryDirectory()
    load(Path(folder.name), first_sheet(), second_sheet())
    return folder


def copy_whole(root: Path) -> Path:
    """Give a folder of its own with both articles, which are loaded once for all tests."""
    shutil.copytree(_whole().name, root, dirs_exist_ok=True)
    return root


@contextmanager
def serving(settings: Settings) -> Iterator[httpx.Client]:
    """Serve over HTTP on a free port of this machine; give a client for it."""
    server = uvicorn.Server(make_config(settings, host="127.0.0.1", port=0))
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        while not server.started:
            assert thread.is_alive(), "the server did not start"
            time.sleep(0.01)
        port = server.servers[0].sockets[0].getsockname()[1]
        with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=20) as client:
            yield client
    finally:
        server.should_exit = True
        thread.join(timeout=20)
