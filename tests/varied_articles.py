"""Many articles out of few: variations of read articles with other names, places, days, figures and outlets.

They go in wars of a hundred articles, each with forces and towns of its own, and in stories of five, which share their
days: some situations are everybody's, most belong to a story, as in the news. Great powers, countries and agencies
stay the same in all wars, so that there are things that a large part of the graph points to. The text is the seed's in
letters of the story's own, so that offsets hold and no two stories have passages in common, with a line of its own
below; one article in ten prints the text of the one before that is made from the same seed, as papers do.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import string
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from operator import itemgetter
from random import Random

from rdflib import Literal, URIRef
from rdflib.term import Node

from graph.converters import Triple
from graph.iris import Iris, digest
from graph.model import Article
from graph.terms import HS, RDF, RDFS, XSD

STORY, WAR, TOWNS, OUTLETS, COPIED = 5, 100, 8, 40, 10
# What every war knows: who is asked everywhere, who takes part everywhere, and where much happens.
KNOWN = frozenset(["afp", "reuters", "associated-press", "russia", "iran", "united-states", "syria", "iraq"])
_NORMAL = (HS.content, HS.affirms, HS.negates, HS.denies, HS.predicts, HS.demands, HS.leavesOpen)
_WORDS = frozenset({RDFS.label, HS.wording, HS.timeText, HS.quantityText, HS.describedAs})
_DAYS = frozenset({HS.earliestBegin, HS.latestEnd, HS.published})
_FIGURES = frozenset({HS.value, HS["lower"], HS["upper"]})

Read = tuple[Article, Sequence[Triple]]


@dataclass(frozen=True)
class _Variation:
    """Hold which article is varied to which, and in which story and war that is."""

    iris: Iris
    number: int
    former: Article
    article: Article

    def key(self, kind: str, key: str) -> str:
        """Give the key of an agent, a place or a part of the article in the variation."""
        if self.former.key in key:
            return key.replace(self.former.key, self.article.key)
        if key in KNOWN or kind == "loader":
            return key
        war, story = self.number // WAR, self.number // STORY
        return f"{key}-{war}-{story % TOWNS}" if kind == "place" else f"{key}-{war}"

    def value(self, predicate: Node, value: Node) -> Node:
        """Give a value with the story's days and figures."""
        story = self.number // STORY
        if predicate in _DAYS:
            day = dt.date.fromisoformat(str(value)) + dt.timedelta(days=3 * story)
            return Literal(day, datatype=XSD.date)
        if predicate in _FIGURES:
            return Literal(int(str(value)) + 10 * (story % 50) + self.number % 3)
        if predicate == HS.sha256:
            return Literal(self.article.sha256)
        if predicate == HS.fileName:
            return Literal(self.article.file_name)
        if predicate == HS.exact:
            return Literal(str(value).translate(_letters(self.number)))
        return value


def vary(read: Sequence[Read], number: int, iris: Iris) -> tuple[Article, bytes, list[Triple]]:
    """Give the variation of that number: the article, its bytes and its triples. The same number gives the same."""
    former, triples = read[number % len(read)]
    text = f"{former.text.translate(_letters(number))}\nVariation {number}.\n"
    sha256 = hashlib.sha256(text.encode()).hexdigest()
    name = f"{number:06}.txt"
    article = replace(former, key=sha256[:16], file_name=name, sha256=sha256, text=text)
    variation = _Variation(iris, number, former, article)
    return article, text.encode(), list(_rename(variation, triples))


def _letters(number: int) -> dict[int, int]:
    """Give the letters of a story in the place of others."""
    mixed = list(string.ascii_lowercase)
    Random(number // STORY - (number % COPIED == COPIED - 1)).shuffle(mixed)
    lower = "".join(mixed)
    return str.maketrans(string.ascii_letters, lower + lower.upper())


def _rename(variation: _Variation, triples: Sequence[Triple]) -> Iterator[Triple]:
    """Name things anew: agents and places first, then situations by what they are, then statements by both."""
    names: dict[Node, Node] = {}
    nodes = {node for s, _, o in triples for node in (s, o) if isinstance(node, URIRef)}
    parts = {node: _split(variation.iris, node) for node in nodes}
    for node, (kind, key) in parts.items():
        if kind and kind not in {"situation", "statement"}:
            names[node] = variation.iris.of(kind, variation.key(kind, key))
    ordered = sorted(triples, key=itemgetter(0))
    for wanted in ("situation", "statement"):
        for node, group in groupby(ordered, key=itemgetter(0)):
            if parts[node][0] == wanted:
                names[node] = _name(variation, wanted, names, list(group))
    outlet = variation.iris.of("agent", f"outlet-{variation.number % OUTLETS}")
    for subject, predicate, value in triples:
        value = outlet if predicate == HS.publisher else variation.value(predicate, value)
        yield names.get(subject, subject), predicate, names.get(value, value)
    if not any(predicate == HS.publisher for _, predicate, _ in triples):
        yield variation.iris.of("article", variation.article.key), HS.publisher, outlet


def _split(iris: Iris, node: URIRef) -> tuple[str, str]:
    kind, _, key = node.removeprefix(f"{iris.base}id/").partition("/")
    return (kind, key) if key and not kind.startswith("http") else ("", "")


def _name(variation: _Variation, kind: str, names: dict[Node, Node], triples: Iterable[Triple]) -> URIRef:
    """Make the name of a situation or a statement from its normal form, so that equal ones meet."""
    said = list(triples)
    type_ = min(str(value).rpartition("#")[2] for _, predicate, value in said if predicate == RDF.type)
    speakers = [str(names.get(v, v)) for _, p, v in said if p == HS.speaker]
    form = [
        f"{predicate} {names.get(value, variation.value(predicate, value))}"
        for _, predicate, value in said
        if (predicate not in _WORDS or type_ == "Situation") and predicate not in {HS.relays, HS.toldTo}
    ]
    by = f"{min(speakers).rpartition('/')[2]}-" if speakers else ""
    # A statement whose contents have no triples here is told apart by its words.
    words = "" if kind == "situation" or any(p in _NORMAL for _, p, _ in said) else str(said[0][0])
    return variation.iris.of(kind, f"{by}{type_}-{digest(*sorted(form), words)}".lower())
