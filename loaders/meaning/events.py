"""What happened or held, as the text tells it: each mention with who, to whom, where, when, and in whose words.

Triggers are rows of `ontology/lexicons/events.csv`; arguments come from the trigger's own clause or from an anaphor
in it, never from later text. A headline is not read: it says what the body says.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from graph.model import Attribution, Block, EventMention, Span
from loaders.meaning import scenes, triggers
from loaders.meaning.actors import Resolver
from loaders.meaning.arguments import Arguments, fill
from loaders.meaning.circumstances import Circumstances
from loaders.meaning.compounds import Compound
from loaders.meaning.syntax import base, first_conjunct
from loaders.meaning.vocabulary import Row, Vocabulary

if TYPE_CHECKING:
    from loaders.meaning.parse import Token

_READ = frozenset({"body", "heading", "update"})
_ARMED_GROUPS = frozenset({"force", "government"})
# A participle before a noun ("displaced people") tells a happening only of these types.
_BEFORE_NOUNS = frozenset({"Displacement", "Proclamation"})
Stretches = tuple[list[int], list[int]]
_MOST_EVENTS = 2_000  # of one article; a text with more is a list, not a report


def find(
    resolver: Resolver,
    blocks: Sequence[Block],
    attributions: Sequence[Attribution],
    compounds: Iterable[Compound] = (),
) -> tuple[EventMention, ...]:
    """Find the events of an article in the order of their triggers. `attributions` have their sources resolved."""
    vocabulary = resolver.knowledge.vocabulary
    around = Circumstances.of(resolver, attributions)
    rows = triggers.index(vocabulary)
    taken: dict[int, EventMention] = {}
    read = read_stretches(blocks)
    for compound in compounds:
        event = _of_compound(compound, resolver, around)
        if event is not None and is_read(compound.word.start, read):
            taken[compound.token.i] = event
    for token in resolver.doc:
        if len(taken) >= _MOST_EVENTS:
            break
        if token.dep_ and token.i not in taken and is_read(token.idx, read):
            event = _of_word(token, rows, resolver, around)
            if event is not None:
                taken[token.i] = event
    for token_i in [
        i for i, e in taken.items() if e.type == "Control" and _is_carried(resolver.doc[i], taken)
    ]:
        del taken[token_i]
    taken = scenes.share(taken, resolver)
    ordered = sorted(taken.values(), key=lambda e: e.trigger.start)
    return tuple(replace(e, id=f"e{n}") for n, e in enumerate(ordered, 1))


def _is_carried(token: Token, taken: Mapping[int, EventMention]) -> bool:
    """Tell whether "control" only completes another trigger: "took control of X"."""
    verb = token.head.i
    return (
        token.pos_ == "NOUN"
        and base(token.dep_) == "obj"
        and verb in taken
        and taken[verb].type in {"Capture", "Defeat"}
    )


def read_stretches(blocks: Sequence[Block]) -> Stretches:
    """Give the starts and ends of the blocks that are read for meaning, in order."""
    spans = sorted((b.span.start, b.span.end) for b in blocks if b.kind in _READ)
    return [a for a, _ in spans], [b for _, b in spans]


def is_read(at: int, stretches: Stretches) -> bool:
    """Tell whether a place lies in one of the stretches."""
    n = bisect_right(stretches[0], at) - 1
    return n >= 0 and at < stretches[1][n]


def _of_word(
    token: Token, rows: Mapping[tuple[str, str], tuple[Row, ...]], resolver: Resolver, around: Circumstances
) -> EventMention | None:
    trigger = triggers.find(token, rows)
    if trigger is None or resolver.is_name(token):
        return None
    for row, last in trigger.rows:
        if token.dep_ == "amod" and token.pos_ == "VERB" and row["type"] not in _BEFORE_NOUNS:
            continue
        holder = around.attribution(token.idx, token.idx + len(token))
        arguments = fill(token, resolver.knowledge.vocabulary.frames[row["frame"]], resolver, holder)
        if not _is_met(row["needs"], token, arguments, resolver):
            continue
        start, end = token.idx, resolver.doc[last].idx + len(resolver.doc[last])
        return _event(row["type"], Span.of(resolver.text, start, end), token, arguments, around, resolver)
    return None


def _event(
    kind: str, word: Span, token: Token, arguments: Arguments, around: Circumstances, resolver: Resolver
) -> EventMention:
    attribution = around.attribution(word.start, word.end)
    modality = around.modality(token, attribution)
    light = token.pos_ == "NOUN" and _is_light(token, resolver.knowledge.vocabulary)
    return EventMention(
        id="",
        type=kind,
        trigger=word,
        actor=arguments.actor,
        target=arguments.target,
        place=arguments.place,
        from_place=arguments.from_place,
        time=around.time(token, light=light, future=modality == "future"),
        polarity=around.polarity(token, attribution),
        modality=modality,
        attribution=attribution.id if attribution else None,
        support_kind=support_kind(token, resolver.knowledge.vocabulary) if kind == "Support" else None,
    )


def _of_compound(compound: Compound, resolver: Resolver, around: Circumstances) -> EventMention | None:
    kind = {"backing": "Support", "holding": "Control"}.get(compound.family)
    if kind is None or not compound.left:
        return None
    vocabulary = resolver.knowledge.vocabulary
    noun = compound.noun
    target = resolver.actors(noun) if noun is not None and kind == "Support" else ()
    place = (
        (resolver.place.all(noun) or resolver.place.link(noun))
        if noun is not None and kind == "Control"
        else ()
    )
    attribution = around.attribution(compound.word.start, compound.word.end)
    return EventMention(
        id="",
        type=kind,
        trigger=compound.word,
        actor=compound.left,
        target=tuple(k for k in target if k not in compound.left),
        place=place,
        attribution=attribution.id if attribution else None,
        support_kind=support_kind(compound.token, vocabulary) if kind == "Support" else None,
    )


def support_kind(token: Token, vocabulary: Vocabulary) -> str | None:
    """Tell the kind of support from the words beside it: air, arms, ground or political; None where it is unsaid."""
    kinds = vocabulary.support_kinds
    near = [c for c in token.children if base(c.dep_) in {"amod", "compound", "obl", "obj", "nmod"}]
    for word in [
        w for c in near for w in (c, *(g for g in c.children if base(g.dep_) in {"compound", "amod"}))
    ]:
        for form in (word.lower_, word.lemma_.lower()):
            if form in kinds:
                return kinds[form]
    return None


def _is_light(noun: Token, vocabulary: Vocabulary) -> bool:
    first = first_conjunct(noun)
    return base(first.dep_) == "obj" and vocabulary.has("light", first.head.lemma_.lower())


def _is_met(needs: str, token: Token, arguments: Arguments, resolver: Resolver) -> bool:
    """Tell whether one of the needs of a row is met; "a&b" needs both."""
    if not needs:
        return True
    return any(
        all(_holds(n, token, arguments, resolver) for n in part.split("&")) for part in needs.split("|")
    )


def _holds(need: str, token: Token, arguments: Arguments, resolver: Resolver) -> bool:
    vocabulary = resolver.knowledge.vocabulary
    objects = arguments.slots.get("obj", [])
    subjects = arguments.slots.get("subj", [])
    if need == "place":
        return bool(arguments.place or arguments.from_place)
    if need == "armed":
        keys = (*arguments.actor, *arguments.target)
        return any(resolver.knowledge.group(resolver.kind(k)) in _ARMED_GROUPS for k in keys) or any(
            _role(w, vocabulary) in {"force", "vehicle", "fighters", "militia", "rebels", "unit"}
            for w in [*subjects, *objects]
        )
    if need == "target":
        return bool(arguments.target)
    if need == "settled":
        return any(
            resolver.place.kind(p) in {"Settlement", "Governorate", "Site", "District"}
            for p in arguments.place
        )
    if need == "plain":
        return not objects and not any(base(c.dep_) in {"ccomp", "xcomp"} for c in token.children)
    if need == "control":
        return any(w.lemma_.lower() == "control" for w in objects)
    if need == "plural":
        return "Number=Plur" in str(token.morph)
    if need == "troops":
        return any(
            _role(w, vocabulary) in {"force", "vehicle", "fighters", "militia", "rebels", "unit"}
            for w in objects
        )
    if need == "civilians":
        return any(_role(w, vocabulary) == "civilians" for w in [*subjects, *objects])
    near = [*subjects, *objects, *arguments.slots.get("adjective", []), *token.children]
    return any(vocabulary.has(need, w.lemma_.lower()) or vocabulary.has(need, w.lower_) for w in near)


def _role(word: Token, vocabulary: Vocabulary) -> str:
    head = vocabulary.head(word.lower_, word.lemma_.lower())
    return head.role if head else ""
