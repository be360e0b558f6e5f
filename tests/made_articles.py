"""Articles made up by chance from a few agents, places and days, so that every rule finds something among some dozen.

They do what loaders seldom or never do as well: they say what somebody belongs to, leave a type to be inferred, write
an inverse, say of a place where it lies. Some print the same copy, whole or in part. The same number gives the same
article.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from random import Random

from rdflib import Literal, URIRef

from graph.converters import Triple
from graph.iris import Iris, digest
from graph.model import Article
from graph.terms import HS, RDF, XSD

IRIS = Iris()
AGENTS = [
    IRIS.of("agent", f"made-{name}") for name in ("army", "guard", "militia", "state", "north", "watch")
]
MEDIA = [IRIS.of("agent", f"made-{name}") for name in ("wire", "sun", "post")]
ARMY, GUARD, MILITIA, STATE, _, WATCH = AGENTS
# Few, for where everybody belongs to everybody no two voices are independent.
MEMBERSHIPS = [
    (GUARD, HS.partOfOrg, ARMY), (ARMY, HS.partOfOrg, STATE), (MILITIA, HS.affiliation, WATCH),
    (WATCH, HS.spokespersonFor, MEDIA[2]),
]  # fmt: skip
PLACES = [IRIS.of("place", f"made-{name}") for name in ("town", "ford", "hills", "land")]
STANCES = ("affirms", "affirms", "affirms", "negates", "denies", "predicts", "leavesOpen")
KINDS = {"negates": "Assertion", "denies": "Denial", "predicts": "Prediction", "leavesOpen": "Doubt"}


def make(number: int) -> tuple[Article, bytes, list[Triple]]:
    """Make the article of that number, its bytes and its triples."""
    chance = Random(number)
    passages = _make_passages(number)
    text = "\n".join((f"Made article {number}.", *passages, ""))
    sha256 = hashlib.sha256(text.encode()).hexdigest()
    article = Article(sha256[:16], f"{number}.txt", sha256, text)
    node = IRIS.of("article", article.key)
    triples: set[Triple] = {
        (node, RDF.type, HS.Article),
        (node, HS.sha256, Literal(sha256)),
        (node, HS.fileName, Literal(article.file_name)),
    }
    dispatch = IRIS.of("dispatch", article.key)
    if chance.random() < 0.5:
        triples |= {(node, HS.basedOn, dispatch), (dispatch, HS.agency, chance.choice(MEDIA))}
    if chance.random() < 0.5:
        triples.add((node, HS.publisher, chance.choice(MEDIA)))
    if number % 3:
        day = dt.date(2021, 3, 1 + number % 5)
        triples.add((node, HS.published, Literal(day, datatype=XSD.date)))
    said = [_make_statement(chance, article.key, triples) for _ in range(chance.randint(2, 5))]
    for i in range(len(said)):
        mention = IRIS.of("mention", f"{article.key}-{i}")
        triples |= {(mention, RDF.type, HS.Mention), (mention, HS.foundIn, node)}
        if chance.random() < 0.5:
            triples.add((mention, HS.quoteType, Literal("direct")))
        for passage in passages[i :: len(said)]:
            triples |= _make_span(article, mention, passage)
        triples.add(
            (mention, HS.mentionOf, said[i]) if chance.random() < 0.8 else (said[i], HS.hasMention, mention)
        )
        if chance.random() < 0.2:
            triples.add((mention, HS.viaDispatch, dispatch))
        other = chance.choice(said)
        if other != said[i] and chance.random() < 0.3:
            triples.add(
                (other, HS.relays, said[i]) if chance.random() < 0.7 else (said[i], HS.relayedBy, other)
            )
    triples |= _make_background(chance)
    return article, text.encode(), sorted(triples)


def _make_passages(number: int) -> list[str]:
    """Make what an article prints: part of one or two dispatches of three, and something of its own."""
    chance = Random(f"passages {number}")
    found = []
    for story in chance.sample(range(3), chance.choice((0, 1, 1, 1, 2))):
        wire = [_make_sentence(f"story {story} {i}") for i in range(6)]
        found += wire[: chance.randint(3, 6)]
    return found + [_make_sentence(f"own {number} {i}") for i in range(chance.choice((0, 1, 3, 8)))]


def _make_sentence(name: str) -> str:
    chance = Random(name)
    words = ["".join(chance.choice("abcdefgh") for _ in range(4)) for _ in range(14)]
    return " ".join(words).capitalize() + "."


def _make_span(article: Article, mention: URIRef, words: str) -> set[Triple]:
    start = article.text.index(words)
    span = IRIS.of("span", f"{article.key}-{start}-{start + len(words)}")
    return {
        (mention, HS.passage, span), (mention, HS.contentSpan, span), (span, RDF.type, HS.TextSpan),
        (span, HS.inArticle, IRIS.of("article", article.key)), (span, HS.start, Literal(start)),
        (span, HS.end, Literal(start + len(words))), (span, HS.exact, Literal(words)),
    }  # fmt: skip


def _make_statement(chance: Random, article: str, triples: set[Triple]) -> URIRef:
    speaker = chance.choice([*AGENTS, *MEDIA, None])
    about: set[Triple] = set()
    if speaker is None:
        speaker = IRIS.of("agent", f"{article}-source-{chance.randint(0, 1)}")
        about.add((speaker, HS.describedAs, Literal("a source")))
        if chance.random() < 0.5:
            about.add((speaker, HS.affiliation, chance.choice(AGENTS)))
    held = {
        (HS[chance.choice(STANCES)], _make_situation(chance, triples)) for _ in range(chance.randint(1, 2))
    }
    stances = {str(stance).rpartition("#")[2] for stance, _ in held}
    kind = min((KINDS[one] for one in stances if one in KINDS), default="Assertion")
    if speaker in MEDIA and chance.random() < 0.5:
        kind = "NarratorStatement"
    if chance.random() < 0.1:
        kind = "Dispute"
    key = digest(str(speaker), kind, *sorted(f"{stance} {situation}" for stance, situation in held))
    node = IRIS.of("statement", key)
    triples |= about | {(node, HS.speaker, speaker), (node, RDF.type, HS[kind])}
    triples |= {(node, stance, situation) for stance, situation in held}
    if chance.random() < 0.1:
        triples.add((node, HS.onBehalfOf, chance.choice(AGENTS)))
    return node


def _make_situation(chance: Random, triples: set[Triple]) -> URIRef:
    kind = chance.choice(("Clash", "Clash", "Entry", "Support", "Alliance", "Measurement"))
    actor, target = {"Support": (HS.supporter, HS.supported), "Alliance": (HS.ally, HS.ally)}.get(
        kind, (HS.actor, HS.target)
    )
    said: set[tuple[URIRef, URIRef | Literal]] = set()
    if kind == "Measurement":
        least = chance.choice((100, 105, 500))
        said |= {
            (HS.measures, HS.fighters),
            (HS["lower"], Literal(least)),
            (HS["upper"], Literal(least + 10)),
        }
        said.add((HS.place, chance.choice(PLACES)))
    elif kind in {"Support", "Alliance"} or chance.random() < 0.8:
        said.add((actor, chance.choice(AGENTS)))
    if kind in {"Support", "Alliance"} or chance.random() < 0.3:
        said.add((target, chance.choice(AGENTS)))
    for _ in range(chance.choice((0, 1, 1, 2))):
        said.add((HS.place, chance.choice(PLACES)))
    if kind == "Support":
        said.add((HS.supportKind, chance.choice((HS.troops, HS.unspecifiedSupport))))
    if chance.random() < 0.5:
        day = dt.date(2021, 3, chance.randint(1, 2))
        said.add((HS.earliestBegin, Literal(day, datatype=XSD.date)))
        said.add((HS.latestEnd, Literal(day + dt.timedelta(days=chance.randint(0, 1)), datatype=XSD.date)))
    node = IRIS.of(
        "situation", f"{kind.lower()}-{digest(*sorted(f'{name} {value}' for name, value in said))}"
    )
    triples |= {(node, name, value) for name, value in said}
    if kind not in {"Support", "Alliance", "Measurement"} or chance.random() < 0.7:
        triples.add((node, RDF.type, HS[kind]))
    return node


def _make_background(chance: Random) -> set[Triple]:
    """Make what an article says of everybody's things, now and then."""
    said: set[Triple] = set()
    if chance.random() < 0.2:
        said.add(chance.choice(MEMBERSHIPS))
    if chance.random() < 0.3:
        said.add((chance.choice(PLACES), HS.within, chance.choice(PLACES)))
    if chance.random() < 0.05:
        said.add((chance.choice(AGENTS), RDF.type, HS.UnnamedSource))
    if chance.random() < 0.1:
        said.add((chance.choice(PLACES), HS.borders, chance.choice(PLACES)))
    return {(s, p, o) for s, p, o in said if s != o}
