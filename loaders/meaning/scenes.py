"""Where and when a happening was that the text tells of without saying so again: it shares a scene with another one.

"They broke through the lines and entered the town": the place stands with one verb of two. "75 people were killed on
Saturday in a bombing": the day stands with the verb and holds for the noun. "The fighting would go on": a definite
noun takes up what was told before. Nothing is shared across a report, a condition or another subject, and nothing
is put in place of what the text says of the happening itself.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from graph.model import EventMention
from loaders.meaning.actors import Resolver
from loaders.meaning.syntax import base, case_of, children, is_definite, modifiers
from loaders.text.wordlists import function_words

if TYPE_CHECKING:
    from loaders.meaning.parse import Token

_STEPS = 6  # words that are climbed from a happening to the one that it is part of
_SENTENCES = 4  # over which a definite noun takes something up
_UP = frozenset({"obl", "nmod", "obj", "advcl", "acl", "xcomp", "compound"})
# The place of a movement is where it leads, which is not where what goes with it happens.
_LEADING = frozenset({"Withdrawal", "Displacement", "Deployment"})
# What is told of as the same kind of thing: a strike may be taken up as a bombing.
_ALIKE = (
    {"AirStrike", "Bombing", "Shelling"},
    {"Clash", "Offensive"},
    {"Entry", "Advance", "BorderCrossing"},
)

Scene = Mapping[int, EventMention]


def share(events: Scene, resolver: Resolver) -> dict[int, EventMention]:
    """Fill in place and time of happenings from those of their scene. Keys are the numbers of the trigger words."""
    shared = dict(events)
    for i in sorted(events):
        token, event = resolver.doc[i], shared[i]
        if not event.place and not event.from_place:
            event = replace(event, place=_place(token, event, shared, resolver))
        if event.time is None:
            event = replace(
                event, time=next((e.time for e in _around(token, shared) if e.time is not None), None)
            )
        shared[i] = event
    return shared


def _place(token: Token, event: EventMention, events: Scene, resolver: Resolver) -> tuple[str, ...]:
    if where := _antecedent_of_where(token, resolver):
        return where
    for other in _around(token, events):
        if other.place and other.type not in _LEADING | _ALIKE[2]:
            return other.place
    for other in (*_beside(token, events), *_before(token, event, events, resolver)):
        if other.place and other.type not in _LEADING:
            return other.place
    return ()


def _around(token: Token, events: Scene) -> Iterator[EventMention]:
    """Give the happenings that this one is part of, and those that are part of it, nearest first."""
    word = token
    for _ in range(_STEPS):
        if not _is_part(word):
            break
        word = word.head
        carried = children(word, "obj") if word.i not in events else []
        yield from (events[w.i] for w in (word, *carried) if w.i in events and w.i != token.i)
    for child in children(token, "obl", "nmod", "nsubj"):
        inside = child.dep_ == "nsubj" or case_of(child) in function_words("within a scene")
        if child.i in events and inside:
            yield events[child.i]
    # A parse often hangs the clause on the last of a series: "12 were killed and 30 wounded when …".
    for child in [c for word in (token, *children(token, "conj")) for c in children(word, "advcl")]:
        opening = {c.lower_ for c in children(child, "mark", "advmod")}
        if child.i in events and opening & function_words("opens a scene"):
            yield events[child.i]


def _is_part(word: Token) -> bool:
    """Tell whether what a word names belongs to what stands above it: by, in or after which, doing which."""
    relation = base(word.dep_)
    if word.head.i == word.i or relation not in _UP or word.dep_ in {"acl:relcl", "nmod:poss"}:
        return False
    if relation in {"obl", "nmod"}:
        return case_of(word) in function_words("within a scene")
    return relation not in {"advcl", "acl"} or not children(word, "mark", "nsubj")


def _beside(token: Token, events: Scene) -> Iterator[EventMention]:
    """Give the happenings coordinated with this one that have the same subject: the next first, then the last."""
    yield from (events[c.i] for c in children(token, "conj") if c.i in events and not children(c, "nsubj"))
    if token.dep_ == "conj" and token.head.i in events and not children(token, "nsubj"):
        yield events[token.head.i]


def _before(token: Token, event: EventMention, events: Scene, resolver: Resolver) -> Iterator[EventMention]:
    """Give what a definite noun without an adjective of its own takes up: "the fighting", "the attack"."""
    if token.pos_ != "NOUN" or not is_definite(token) or modifiers(token)[1:]:
        return
    alike = next((kinds for kinds in _ALIKE if event.type in kinds), {event.type})
    sentences = resolver.history.numbers
    for i in sorted((i for i in events if i < token.i), reverse=True):
        if sentences[i] < sentences[token.i] - _SENTENCES:
            break
        if events[i].type in alike and events[i].place:
            yield events[i]
            break


def _antecedent_of_where(token: Token, resolver: Resolver) -> tuple[str, ...]:
    """Give the place that a clause with "where" belongs to: "Iraq, where they declared a caliphate"."""
    if token.dep_ != "acl:relcl" or not any(c.lower_ == "where" for c in children(token, "advmod")):
        return ()
    return resolver.place.all(token.head)
