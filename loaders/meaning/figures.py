"""How many: quantities of people with what became of them, kept as printed beside their bounds.

A number is read as a figure only where its noun counts people or places held, and a verb, adjective or noun beside it
says what is measured (displaced, killed, wounded, present …). Everything else that has digits is left alone.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from graph.model import Attribution, Block, EventMention, Figure, Span
from loaders.meaning.actors import Resolver
from loaders.meaning.circumstances import Circumstances
from loaders.meaning.events import is_read, read_stretches
from loaders.meaning.numerals import Numeral, Numerals
from loaders.meaning.syntax import base, case_of, children, first_conjunct, phrase, root_of, words_of
from loaders.meaning.vocabulary import Vocabulary
from loaders.text.wordlists import function_words

if TYPE_CHECKING:
    from loaders.meaning.parse import Token

_PEOPLE = frozenset({"civilians", "fighters", "force", "rebels", "militia", "person", "unit", "part"})
_MOST_FIGURES = 500
_STEPS = 4  # words from what is counted up to what happened
_HARMED = frozenset({"killed", "wounded", "displaced", "captured", "missing"})


def find(
    resolver: Resolver,
    blocks: Sequence[Block],
    attributions: Sequence[Attribution],
    numerals: Numerals,
    events: Sequence[EventMention] = (),
) -> tuple[Figure, ...]:
    """Find the figures of an article in the order of the text; where and when follow those of the event they count."""
    around = Circumstances.of(resolver, attributions)
    happened = {words_of(resolver.doc, e.trigger.start, e.trigger.end)[0]: e for e in events}
    found: list[Figure] = []
    read = read_stretches(blocks)
    for numeral in [*numerals.find(resolver.text), *_vague(resolver)]:
        if len(found) >= _MOST_FIGURES:
            break
        if is_read(numeral.words.start, read):
            figure = _read(numeral, resolver, around, happened)
            if figure is not None and not any(_overlap(figure.evidence, f.evidence) for f in found[-5:]):
                found.append(figure)
    return tuple(sorted(found, key=lambda f: f.evidence.start))


def _overlap(a: Span, b: Span) -> bool:
    return a.start < b.end and b.start < a.end


def _vague(resolver: Resolver) -> list[Numeral]:
    """Find amounts without a number: "a large number of militants", "a few villages"."""
    found = []
    vocabulary = resolver.knowledge.vocabulary
    for token in resolver.doc:
        amount = vocabulary.has("amount", token.lemma_.lower()) and any(
            c.dep_ == "amod" for c in token.children
        )
        few = vocabulary.has("few", token.lower_) and base(token.dep_) in {"amod", "nummod"}
        if token.dep_ and (amount or few):
            found.append(Numeral(Span.of(resolver.text, token.idx, token.idx + len(token)), None, None, None))
    return found


def _read(
    numeral: Numeral, resolver: Resolver, around: Circumstances, happened: Mapping[int, EventMention]
) -> Figure | None:
    start, end = words_of(resolver.doc, numeral.words.start, numeral.words.end)
    root = root_of(resolver.doc, start, end)
    if root is None or not root.dep_:
        return None
    before = resolver.doc[start - 1].lower_ if start else ""
    if numeral.value == 1 and resolver.knowledge.vocabulary.has("negation", before):
        return None  # "no one was killed"
    noun, counts = _noun(root, start, end)
    unit = _unit(counts, resolver)
    measure = _measure(noun, counts, resolver)
    if measure is None or (
        unit is None and not (noun.i == counts.i and start <= noun.i < end and measure in _HARMED)
    ):
        return None
    if measure == "controlled" and unit == "people":
        return None
    words = [w for w in [*resolver.doc[start:end], *phrase(noun), *phrase(counts)] if w.dep_ != "appos"]
    first, last = min(w.i for w in words), max(w.i for w in words)
    last = min(last, max(counts.i, end - 1))
    evidence = Span.of(
        resolver.text,
        resolver.doc[min(first, start)].idx,
        resolver.doc[last].idx + len(resolver.doc[last]),
    )
    attribution = around.attribution(numeral.words.start, numeral.words.end)
    place, time = _place(noun, counts, resolver), around.time(_governor(noun), light=False, future=False)
    for event in _counted(noun, happened):
        place = place or event.place or event.from_place
        time = time or event.time
    return Figure(
        value=numeral.value,
        lower=numeral.lower,
        upper=numeral.upper,
        unit=unit or "people",
        measure=measure,
        evidence=evidence,
        words=numeral.words,
        place=place,
        time=time,
        attribution=attribution.id if attribution else None,
    )


def _noun(root: Token, start: int, end: int) -> tuple[Token, Token]:
    """Give the head of the phrase and the noun that is counted: "tens of thousands of people" counts people."""
    noun = root
    if (
        base(root.dep_) in {"nummod", "advmod", "compound", "amod", "det", "nmod"}
        and root.head.pos_ in {"NOUN", "PROPN", "ADJ"}
        and root.head.i >= end
    ):
        noun = root.head
    counts = noun
    for _ in range(3):
        of = next((c for c in children(counts, "nmod") if case_of(c) == "of"), None)
        if of is None or counts.pos_ not in {"NOUN", "NUM"} or not (start <= counts.i < end):
            break
        counts = of
    return noun, counts


def _unit(noun: Token, resolver: Resolver) -> str | None:
    head = resolver.knowledge.vocabulary.head(noun.lower_, noun.lemma_.lower())
    if head is None:
        if noun.i in resolver.adjectives:
            return "people"
        return noun.lower_ if resolver.knowledge.vocabulary.has("victim", noun.lemma_.lower()) else None
    if head.role in {"fighters", "rebels", "militia", "part"}:
        return "fighters" if head.role != "part" else "people"
    if head.role == "settlement":
        return noun.lower_
    return noun.lower_ if head.role in _PEOPLE else None


def _governor(noun: Token) -> Token:
    return first_conjunct(noun).head


def _counted(noun: Token, happened: Mapping[int, EventMention]) -> Iterator[EventMention]:
    """Give the event whose victims are counted, then those that it is part of: "strikes hit X, killing 20"."""
    word = first_conjunct(noun)
    for _ in range(_STEPS):
        if word.head.i == word.i or word.dep_ == "acl:relcl" or base(word.dep_) in {"ccomp", "parataxis"}:
            return
        word = word.head
        if word.i in happened:
            yield happened[word.i]


def _measure(noun: Token, counts: Token, resolver: Resolver) -> str | None:
    vocabulary = resolver.knowledge.vocabulary
    table = vocabulary.measures
    governor = _governor(noun)
    beside = [c for n in (noun, counts) for c in n.children if base(c.dep_) in {"amod", "acl", "advcl"}]
    across = (
        [governor]
        if governor.i != noun.i and base(first_conjunct(noun).dep_) in {"nsubj", "obj", "obl"}
        else []
    )
    if base(noun.dep_) in {"root", "ROOT"}:
        across = [c for c in noun.children if base(c.dep_) in {"acl", "amod", "parataxis", "advcl", "dep"}]
    across += (
        [c for c in governor.children if base(c.dep_) == "xcomp"]
        if across and vocabulary.has("resulting", governor.lemma_)
        else []
    )
    goals = [
        c for c in (governor.children if across else ()) if base(c.dep_) == "obl" and case_of(c) == "into"
    ]
    for word in [counts, noun, *beside, *across, *goals]:
        for form in (word.lower_, word.lemma_.lower()):
            measure = table.get(form)
            if measure is None or (measure == "present" and not _is_there(noun, governor, vocabulary)):
                continue
            if base(first_conjunct(noun).dep_) == "obl" and word.i == governor.i and not _is_bare(noun):
                continue
            if (
                measure in _HARMED
                and word.i == governor.i
                and not _is_harmed(noun, governor, form, vocabulary)
            ):
                continue
            return measure
    return None


def _is_harmed(noun: Token, verb: Token, form: str, vocabulary: Vocabulary) -> bool:
    """Tell whether the counted people underwent the verb; those who did the killing are not the killed."""
    relation = first_conjunct(noun).dep_
    if vocabulary.has("undergoing", form):
        return base(relation) == "nsubj"
    if relation == "nsubj" and verb.pos_ == "VERB":
        return verb.lower_.endswith("ed") and not any(base(c.dep_) in {"obj", "aux"} for c in verb.children)
    return relation in {"nsubj", "nsubj:pass", "obj"} or _is_bare(noun)


def _is_bare(number: Token) -> bool:
    """Tell whether a number stands alone in a series of victims: "12 people were killed and 30 wounded"."""
    return number.pos_ == "NUM" and number.dep_ == "obl:unmarked" and number.head.dep_ == "conj"


def _is_there(noun: Token, governor: Token, vocabulary: Vocabulary) -> bool:
    around = [*noun.children, *governor.children]
    return any(c.dep_ == "expl" for c in around) or vocabulary.has("staying", governor.lemma_.lower())


def _place(noun: Token, counts: Token, resolver: Resolver) -> tuple[str, ...]:
    found: dict[str, None] = {}
    for word in (noun, counts, _governor(noun)):
        for child in children(word, "nmod", "obl"):
            if case_of(child) in function_words("where counted"):
                found.update(dict.fromkeys(resolver.place.all(child)))
    for child in children(counts, "amod", "nmod:poss"):
        if child.i in resolver.adjectives:
            found.setdefault(resolver.adjectives[child.i].key)
    if counts.i in resolver.adjectives:
        found.setdefault(resolver.adjectives[counts.i].key)
    return tuple(found)
