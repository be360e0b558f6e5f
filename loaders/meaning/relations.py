"""Lasting ties that the text states: who backs, leads, speaks for or is allied with whom, what lies where."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from graph.model import Attribution, Block, EventMention, Relation, Span
from loaders.meaning.actors import Resolver
from loaders.meaning.circumstances import Circumstances
from loaders.meaning.compounds import Compound
from loaders.meaning.events import is_read, read_stretches, support_kind
from loaders.meaning.phrases import Phrases
from loaders.meaning.syntax import (
    case_of,
    children,
    conjuncts,
    first_conjunct,
    modifiers,
    phrase,
    subjects,
    words_of,
)
from loaders.text.wordlists import function_words

if TYPE_CHECKING:
    from loaders.meaning.parse import Token

_MOST_RELATIONS = 1_000
_COMPOUND_TYPES = {"backing": "backs", "holding": "controls", "leading": "leads", "allying": "alliedWith"}
_ARMED = frozenset({"NonStateArmedGroup", "Paramilitary"})
_BODIES = _ARMED | {"MonitoringGroup", "Organization", "InternationalOrganization"}

Tie = tuple[str, str, str, Span, str | None]


def find(
    resolver: Resolver,
    blocks: Sequence[Block],
    attributions: Sequence[Attribution],
    events: Sequence[EventMention],
    compounds: Sequence[Compound],
) -> tuple[Relation, ...]:
    """Find the ties of an article in the order of the text, each wording once."""
    around = Circumstances.of(resolver, attributions)
    ties = [
        *_of_compounds(compounds, resolver),
        *_of_events(events, resolver),
        *_of_sources(attributions, resolver),
    ]
    for token in resolver.doc:
        if token.dep_ and token.pos_ in {"NOUN", "PROPN", "VERB", "ADJ"}:
            ties.extend(_of_word(token, resolver))
    found: dict[tuple[str, str, str, int], Relation] = {}
    read = read_stretches(blocks)
    for kind, subject, other, evidence, role in sorted(ties, key=lambda t: (t[3].start, t[3].end, t[:3])):
        inside = is_read(evidence.start, read)
        if subject == other or not inside or len(found) >= _MOST_RELATIONS:
            continue
        holder = around.attribution(evidence.start, evidence.end)
        key = (kind, subject, other, evidence.start)
        found.setdefault(key, Relation(kind, subject, other, evidence, role, holder.id if holder else None))
    return tuple(found.values())


def _span(resolver: Resolver, words: Iterable[Token]) -> Span:
    """Cut the smallest run of the text that holds the words."""
    places = [(w.idx, w.idx + len(w)) for w in words]
    return Span.of(resolver.text, min(a for a, _ in places), max(b for _, b in places))


def _of_compounds(compounds: Sequence[Compound], resolver: Resolver) -> Iterator[Tie]:
    for compound in compounds:
        if compound.noun is None:
            continue
        noun = compound.noun
        end = noun.idx + len(noun)
        if found := resolver.found.get(noun.i):
            last = resolver.doc[found.end - 1]
            end = max(end, last.idx + len(last))
        evidence = Span.of(resolver.text, min(compound.start, noun.idx), max(end, compound.word.end))
        agents = tuple(k for k in resolver.agents(noun) if not k.startswith("unnamed:"))
        if compound.family == "basing":
            yield from (("locatedIn", a, p, evidence, None) for a in agents for p in compound.left_place[:1])
        elif compound.family == "holding":
            yield from (
                ("controls", k, p, evidence, None) for k in compound.left for p in resolver.place.all(noun)
            )
        elif compound.family == "allying":
            yield from (("alliedWith", a, k, evidence, None) for a in agents for k in compound.left)
        else:
            kind = _COMPOUND_TYPES[compound.family]
            yield from ((kind, k, a, evidence, None) for k in compound.left for a in agents)


def _of_events(events: Sequence[EventMention], resolver: Resolver) -> Iterator[Tie]:
    """Turn events of support and control that are told as so into ties."""
    vocabulary = resolver.knowledge.vocabulary
    for event in events:
        start, _ = words_of(resolver.doc, event.trigger.start, event.trigger.end)
        token = resolver.doc[start]
        if event.polarity == "negative" or event.modality != "actual":
            continue
        if (
            event.type == "Support"
            and vocabulary.has("backing-tie", token.lemma_.lower())
            and "-" not in resolver.doc[max(0, start - 1) : start].text
        ):
            if (
                token.pos_ == "NOUN"
                and vocabulary.has("mere-help", token.lemma_.lower())
                and not any(resolver.kind(a) in {"StateActor", "Coalition"} for a in event.actor)
            ):
                continue
            kind = event.support_kind or support_kind(token, vocabulary)
            yield from (("backs", a, t, event.trigger, kind) for a in event.actor for t in event.target)
        if event.type == "Control" and "-" not in resolver.doc[max(0, start - 1) : start].text:
            yield from (("controls", a, p, event.trigger, None) for a in event.actor for p in event.place)


def _of_sources(attributions: Sequence[Attribution], resolver: Resolver) -> Iterator[Tie]:
    """Tie a person who speaks to the body named in the same phrase."""
    vocabulary = resolver.knowledge.vocabulary
    for attribution in attributions:
        key, whom, span = attribution.source_entity, attribution.speaks_for, attribution.source
        if (
            key is None
            or whom is None
            or span is None
            or resolver.kind(key) not in {"Person", "UnnamedSource"}
        ):
            continue
        start, end = words_of(resolver.doc, span.start, span.end)
        lemmas = {w.lemma_.lower() for w in resolver.doc[start:end]}
        if end - start < 2 or not _is_named(whom, start, end, resolver):
            continue
        kind = "partOf"
        if any(vocabulary.has("spokesperson", w) for w in lemmas):
            kind = "speaksFor"
        elif resolver.kind(key) == "Person" and any(vocabulary.has("leading-office", w) for w in lemmas):
            kind = "leads"
        yield kind, key, whom, span, None


def _is_named(key: str, start: int, end: int, resolver: Resolver) -> bool:
    """Tell whether the phrase itself names the body, so that nothing is tied by background alone."""
    words = resolver.doc[start:end]
    if any(key in f.keys("agent") for w in words if (f := resolver.found.get(w.i))):
        return True
    return (
        any(key in resolver.agents(w) for w in words)
        or any(w.i in resolver.adjectives for w in words)
        or any(
            (h := resolver.knowledge.vocabulary.head(w.lower_, w.lemma_.lower())) is not None
            and h.role in {"force", "government"}
            for w in words
        )
    )


def _of_word(token: Token, resolver: Resolver) -> Iterator[Tie]:
    yield from _allied(token, resolver)
    yield from _favouring(token, resolver)
    yield from _seated(token, resolver)
    yield from _part(token, resolver)
    yield from _lying(token, resolver)


def _allied(token: Token, resolver: Resolver) -> Iterator[Tie]:
    """Read "Syrian troops and allied militias", "X and its allies", "militias allied to X", "a close ally of X"."""
    lemma, vocabulary = token.lemma_.lower(), resolver.knowledge.vocabulary
    if vocabulary.has("ally", lemma) and token.pos_ == "NOUN":
        for whom in children(token, "nmod"):
            if case_of(whom) == "of":
                ours = [k for s in subjects(token) for k in _acting(s, resolver)]
                evidence = _span(resolver, [*subjects(token), token, whom])
                yield from (
                    ("alliedWith", k, t, evidence, None) for k in ours for t in _acting(whom, resolver)
                )
    if vocabulary.has("allying-verb", lemma) and token.pos_ in {"VERB", "ADJ"} and token.dep_ == "acl":
        for whom in children(token, "obl"):
            if case_of(whom) in function_words("of an ally"):
                evidence = _span(resolver, [token.head, token, whom])
                yield from (
                    ("alliedWith", k, t, evidence, None)
                    for k in resolver.actors(token.head)
                    for t in _acting(whom, resolver)
                )
    first = first_conjunct(token)
    if token.pos_ != "NOUN" or first.i == token.i:
        return
    allying = any(vocabulary.has("allying", w.lower_) for w in modifiers(token))
    if allying or vocabulary.has("ally", lemma):
        allies = resolver.actors(token)
        others = [k for w in conjuncts(first) if w.i < token.i for k in resolver.actors(w)]
        evidence = _span(resolver, [*phrase(first), *phrase(token)])
        yield from (("alliedWith", k, t, evidence, None) for k in allies for t in others if t not in allies)


def _acting(token: Token, resolver: Resolver) -> tuple[str, ...]:
    keys = resolver.actors(token)
    if keys:
        return keys
    match = resolver.found.get(token.i)
    if match is None:
        return ()
    metonyms = match.keys("agent", "metonym")
    nations = [
        resolver.knowledge.nations[p] for p in match.keys("place", "name") if p in resolver.knowledge.nations
    ]
    return metonyms[:1] or tuple(resolver.government(n) for n in nations[:1])


def _favouring(token: Token, resolver: Resolver) -> Iterator[Tie]:
    """Read "pro-regime fighters" and "pro-government militias"; a state's own forces don't back it, they are its."""
    if token.pos_ not in {"NOUN", "PROPN"} or resolver.home is None:
        return
    if Phrases(resolver).favours_government(token):
        government = resolver.government(resolver.home)
        evidence = _span(resolver, [*phrase(token, right=False), token])
        for key in resolver.actors(token):
            if key != government and resolver.kind(key) != "StateForce":
                yield "backs", key, government, evidence, None


def _seated(token: Token, resolver: Resolver) -> Iterator[Tie]:
    """Read "Lebanon's Hezbollah movement", "Lebanese Hezbollah", "the UN office in Damascus"."""
    keys = [k for k in resolver.agents(token) if resolver.kind(k) in _BODIES and not k.startswith("unnamed:")]
    named = [
        w
        for w in [token, *phrase(token)]
        if (f := resolver.found.get(w.i)) and set(f.keys("agent", "name")) & set(keys)
    ]
    if len(keys) != 1 or not named or _is_within_name(token, resolver):
        return
    own = {i for w in named if (f := resolver.found.get(w.i)) for i in range(f.start, f.end)}
    nations = [
        resolver.adjectives[w.i].key
        for w in modifiers(token)
        if w.i in resolver.adjectives
        and w.i not in own
        and w.dep_ != "conj"
        and not children(w, "conj", "cc")
        and not resolver.is_inside_participle(w)
    ]
    nations += [
        p
        for c in children(token, "nmod:poss")
        for p in resolver.place.link(c)
        if resolver.place.kind(p) == "Country"
    ]
    # A name's nation is where an armed group is from, but what a monitor watches ("the Syrian Observatory").
    nations += _nation_in_name(named[0], keys[0], resolver) if resolver.kind(keys[0]) in _ARMED else []
    for nation in nations[:1]:
        yield "locatedIn", keys[0], nation, _span(resolver, [*modifiers(token), *named, token]), None
    # An office sits where it is; a force in a place has only come there.
    for child in () if resolver.kind(keys[0]) in _ARMED else children(token, "nmod"):
        if case_of(child) == "in":
            yield from (
                ("locatedIn", keys[0], p, _span(resolver, [token, child]), None)
                for p in resolver.place.link(child)
            )


def _is_within_name(token: Token, resolver: Resolver) -> bool:
    """Tell whether a word is not the head of the name that it belongs to ("Human" of an Observatory)."""
    found = resolver.found.get(token.i)
    return found is not None and token.head.i != token.i and found.start <= token.head.i < found.end


def _nation_in_name(word: Token, key: str, resolver: Resolver) -> list[str]:
    """Give the nation that opens a name which is whole without it: "Lebanese Hezbollah", not "Syrian Observatory"."""
    found = resolver.found[word.i]
    rest = found.start + 1
    if rest < found.end and resolver.doc[rest].lower_ in function_words("possessive s"):
        rest += 1
    if rest >= found.end or not any(
        n.key == key for n in resolver.knowledge.names.lookup(resolver.doc[rest : found.end].text)
    ):
        return []
    if found.start in resolver.adjectives:
        return [resolver.adjectives[found.start].key]
    names = resolver.knowledge.names.lookup(resolver.doc[found.start].text)
    return [n.key for n in names if n.kind == "place" and n.key in resolver.knowledge.nations][:1]


def _part(token: Token, resolver: Resolver) -> Iterator[Tie]:
    """Read "X, part of Y" and "Syrian regime forces"."""
    if token.lower_ == "part" and token.dep_ == "appos":
        for whole in children(token, "nmod"):
            if case_of(whole) == "of":
                evidence = _span(resolver, [token.head, token, *phrase(whole)])
                yield from (
                    ("partOf", k, t, evidence, None)
                    for k in resolver.actors(token.head)
                    for t in resolver.actors(whole)
                )
    vocabulary = resolver.knowledge.vocabulary
    head = vocabulary.head(token.lower_, token.lemma_.lower())
    if head is None or head.role not in {"force", "newsagency", "agency"}:
        return
    words = [w for w in [*modifiers(token)] if not resolver.is_inside_participle(w)]
    owned = [
        w
        for w in words
        if vocabulary.has("government", w.lower_)
        or (head.role != "force" and vocabulary.has("state-owned", w.lower_))
    ]
    for key in resolver.actors(token) if owned else ():
        nation = resolver.knowledge.nation_of_agent(key) or resolver.home
        if nation is not None and resolver.kind(key) in {"StateForce", "NewsAgency"}:
            yield "partOf", key, resolver.government(nation), _span(resolver, [*words, token]), None


def _lying(token: Token, resolver: Resolver) -> Iterator[Tie]:
    """Read "the town of X in Y province" and "X in Y"."""
    places = resolver.place.link(token) if token.pos_ in {"NOUN", "PROPN"} else ()
    if len(places) != 1:
        return
    for child in children(token, "nmod", "acl"):
        if case_of(child) == "in" and child.i > token.i:
            wider = [p for p in resolver.place.link(child) if p != places[0]]
            if wider and resolver.place.kind(wider[0]) in {"Country", "Governorate"}:
                yield (
                    "locatedIn",
                    places[0],
                    wider[0],
                    _span(resolver, [*phrase(token), *phrase(child)]),
                    None,
                )
