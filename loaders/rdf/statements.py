"""From a reading to statements: who holds which situations how, in which passage, before any RDF.

A statement's key follows from speaker, stance and the situations it holds, so the same act of speech found in
two articles is one statement with two mentions. What nobody is quoted with is the narrator's (`narrator`).
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from graph.errors import SpanError
from graph.iris import digest, slug
from graph.model import Agent, Attribution, EventMention, Figure, Reading, Relation, Span, When
from loaders.rdf import situations
from loaders.rdf.situations import Situation, agent_key, content_property, one_line

NO_SOURCE = "no source given"
LONGEST_LABEL_WORDS = 240

# The plain verb of each stance, for the sentence that a person reads.
VERBS = {
    "Denial": "denied", "Dispute": "disputed", "Doubt": "left open", "Estimate": "estimated",
    "Prediction": "predicted", "Directive": "called for", "Accusation": "accused",
    "Confirmation": "confirmed", "Belief": "believed", "Claim": "claimed", "Assertion": "said",
    "NarratorStatement": "reported",
}  # fmt: skip

# What the ontology calls a counted thing, by the measure of the guidelines and, where it matters, the unit.
MEASURES = {
    ("displaced", ""): "displacedPersons", ("killed", ""): "deaths",
    ("killed", "civilians"): "civilianDeaths", ("killed", "fighters"): "fighterDeaths",
    ("wounded", ""): "wounded", ("captured", ""): "captives", ("surrendered", ""): "captives",
    ("present", "fighters"): "fighters", ("controlled", ""): "placesControlled", ("duration", ""): "duration",
}  # fmt: skip
OTHER_MEASURE = "otherMeasure"

Content = tuple[tuple[str, Situation], ...]


@dataclass(frozen=True, slots=True)
class Statement:
    """Hold one statement with the one mention of it that this reading found; agents are keys of the graph.

    `key` has the form <speaker>-<stance>-<digest>, `mention` that of <article>-<content start>-<cue start>.
    """

    key: str
    kind: str
    label: str
    speaker: str
    certainty: str
    content: Content
    mention: str
    quote_type: str
    passage: Span
    spans: tuple[Span, ...]
    source: Span | None = None
    cue: Span | None = None
    addressee: Span | None = None
    channel: Span | None = None
    confidence: float | None = None
    told_to: str | None = None
    on_behalf_of: str | None = None
    uttered: When | None = None
    relays: tuple[str, ...] = ()


def key_of(speaker: str, kind: str, content: Content, *, hedged: bool = False) -> str:
    """Give a statement's key. A hedged statement ("may have entered") is another one than the plain one.

    A denial is told by what it denies: the ties in its words are told in one paper and left out in the next.
    """
    denied = [pair for pair in content if kind == "Denial" and pair[0] in {"denies", "negates"}]
    held = sorted({f"{how} {situation.key}" for how, situation in denied or content})
    stance = "narrator" if kind == "NarratorStatement" else kind.lower()
    return f"{speaker}-{stance}-{digest(speaker, kind, *held, *(['hedged'] if hedged else []))}"


def label_of(speaker: str, kind: str, words: Iterable[str]) -> str:
    """Write the statement as one plain sentence: Popular Mobilization Forces denied: “…”."""
    said = " … ".join(one_line(part) for part in words)
    if len(said) > LONGEST_LABEL_WORDS:
        said = said[:LONGEST_LABEL_WORDS].rsplit(" ", 1)[0] + " …"
    verb = VERBS[kind]
    who = speaker[:1].upper() + speaker[1:]
    return f"{who} ({verb}): “{said}”" if speaker == NO_SOURCE else f"{who} {verb}: “{said}”"


def speaker_of(attribution: Attribution, article: str) -> Agent:
    """Give the speaker, with the key of the graph: one that is not resolved holds for this passage only."""
    words = one_line(attribution.source.exact) if attribution.source else NO_SOURCE
    entity = attribution.source_entity
    if entity is None:
        own = f"{slug(words, longest=40)}-{attribution.source.start}" if attribution.source else "no-source"
        return Agent(f"{article}-{own}", "UnnamedSource", words, described_as=words, minted=True)
    if entity.startswith("unnamed:"):
        return Agent(agent_key(entity, article), "UnnamedSource", words, described_as=words, minted=True)
    return Agent(agent_key(entity, article), "Agent", entity.replace("-", " ").title())


def certainty_of(attribution: Attribution) -> str:
    """Name how sure the source shows itself: by stance, lowered by a hedge."""
    nobody = attribution.source_kind in {"unnamed", "none"}
    if attribution.stance == "Claim" or (attribution.stance == "Dispute" and nobody):
        return "underspecified"
    if attribution.stance == "Doubt":
        return "possible"
    if attribution.stance in {"Belief", "Estimate"} or attribution.hedge is not None:
        return "probable"
    return "certain"


def content_of(
    stance: str,
    events: Sequence[EventMention],
    relations: Sequence[Relation],
    figures: Sequence[Figure],
    article: str,
    words: str,
) -> Content:
    """Put all that one speaker says in one passage in normal form, each with how it is held; sorted.

    A tie is affirmed whatever the stance: "denied that the Russian-backed force left" denies the leaving. What a denial
    takes for granted ("denied that it took part in the fight": the fight) is left out: nobody said it.
    """
    denies = stance == "Denial" and any(event.polarity == "negative" for event in events)
    held = [
        (
            content_property(stance, polarity=event.polarity, modality=event.modality),
            situations.from_event(event, article, words),
        )
        for event in events
        if not denies or event.polarity == "negative"
    ]
    for relation in relations:
        tie = situations.from_relation(relation, article)
        if tie is not None and not situations.is_told_by(relation, events):
            held.append(("affirms", tie))
    held += [
        (whole_property(stance), situations.from_figure(figure, measure_of(figure), words))
        for figure in figures
    ]
    return tuple(sorted(set(held), key=lambda pair: (pair[0], pair[1].key, pair[1].said)))


def whole_property(stance: str) -> str:
    """Name how a statement holds a content that has no polarity or modality of its own."""
    ahead = stance in {"Prediction", "Directive"}
    return content_property(stance, modality="future" if ahead else "actual")


def measure_of(figure: Figure) -> str:
    """Name in the ontology's words what a figure counts."""
    return MEASURES.get((figure.measure, figure.unit)) or MEASURES.get((figure.measure, ""), OTHER_MEASURE)


def passage_of(spans: Sequence[Span], sentences: Sequence[Span], text: str) -> Span:
    """Give the sentence or sentences in which the spans stand, without white space at the edges.

    `sentences` are in the order of the text, none over another.
    """
    start, end = min(span.start for span in spans), max(span.end for span in spans)
    first = bisect_right(sentences, start, key=lambda sentence: sentence.end)
    last = bisect_left(sentences, end, key=lambda sentence: sentence.start)
    around = sentences[first:last]
    start = min([start, *(sentence.start for sentence in around)])
    end = max([end, *(sentence.end for sentence in around)])
    return stripped(text, start, end)


def stripped(text: str, start: int, end: int) -> Span:
    """Give a stretch of the text without white space at its edges."""
    words = text[start:end]
    return Span.of(text, start + len(words) - len(words.lstrip()), end - len(words) + len(words.rstrip()))


def build(reading: Reading, *, agency: str | None, names: dict[str, str]) -> tuple[Statement, ...]:
    """Make the statement of each attribution, outer ones relaying inner ones.

    `agency` is the graph's key of the wire agency whose copy the article is: what it passes on is told by the
    dispatch, not by relays. `names` maps keys of agents to labels. Raises SpanError where a content is empty.
    """
    said = _Said.of(reading)
    made = _tell_apart({one.id: _one(reading, one, said, names) for one in reading.attributions})
    inner: dict[str, list[str]] = {}
    for one in reading.attributions:
        if one.parent is None or one.parent not in made or made[one.parent].speaker == agency:
            continue
        if made[one.parent].key != made[one.id].key:
            inner.setdefault(one.parent, []).append(made[one.id].key)
    return tuple(_relaying(made[one.id], inner.get(one.id, ())) for one in reading.attributions)


def find_contrasts(
    reading: Reading, told: Sequence[Statement], own: Sequence[Statement]
) -> list[tuple[str, str]]:
    """List the keys of statements that the text sets against each other, each pair once, sorted.

    `told` has the statement of each attribution in their order, `own` those of the article's own voice.
    """
    by_id = {one.id: statement.key for one, statement in zip(reading.attributions, told, strict=True)}
    pairs = set()
    for contrast in reading.contrasts:
        here = (one.key for one in own if one.passage.start <= contrast.mark.start < one.passage.end)
        narrated = next(here, None)
        keys = {narrated if side is None else by_id[side] for side in (contrast.one, contrast.other)}
        if len(keys) == 2 and None not in keys:
            one, other = sorted(str(key) for key in keys)
            pairs.add((one, other))
    return sorted(pairs)


def _tell_apart(made: dict[str, Statement]) -> dict[str, Statement]:
    """Give two statements that begin at the same words under the same cue two mentions."""
    taken: dict[str, str] = {}
    for name, one in made.items():
        if taken.setdefault(one.mention, one.key) != one.key:
            made[name] = replace(one, mention=f"{one.mention}-{digest(one.key, length=6)}")
    return made


@dataclass(frozen=True, slots=True)
class _Said:
    """Hold what is said in each attribution, by its id."""

    events: dict[str, list[EventMention]]
    ties: dict[str, list[Relation]]
    figures: dict[str, list[Figure]]

    @classmethod
    def of(cls, reading: Reading) -> _Said:
        said = cls({}, {}, {})
        for event in reading.events:
            said.events.setdefault(event.attribution or "", []).append(event)
        for tie in reading.relations:
            said.ties.setdefault(tie.attribution or "", []).append(tie)
        for figure in reading.figures:
            said.figures.setdefault(figure.attribution or "", []).append(figure)
        return said


def _one(reading: Reading, one: Attribution, said: _Said, names: dict[str, str]) -> Statement:
    article = reading.article
    if not one.content:
        raise SpanError(
            f"{article.file_name}: {one.cue.exact!r} at {one.cue.start} was read as an attribution without "
            "content; the article is not loaded, please report it"
        )
    spans = tuple(sorted(one.content))
    words = [span.exact for span in spans]
    content = content_of(
        one.stance,
        said.events.get(one.id, ()),
        said.ties.get(one.id, ()),
        said.figures.get(one.id, ()),
        article.key,
        " … ".join(words),
    )
    content = content or ((whole_property(one.stance), situations.from_words(" … ".join(words))),)
    speaker = speaker_of(one, article.key)
    certainty = certainty_of(one)
    hedged = certainty != certainty_of(replace(one, hedge=None))
    about = [span for span in (one.source, one.cue, *spans) if span]
    return Statement(
        key=key_of(speaker.key, one.stance, content, hedged=hedged),
        kind=one.stance,
        label=label_of(names.get(speaker.key, speaker.label), one.stance, words),
        speaker=speaker.key,
        certainty=certainty,
        content=content,
        mention=f"{article.key}-{spans[0].start}-{one.cue.start}",
        quote_type=one.form,
        confidence=one.confidence,
        passage=passage_of(about, reading.sentences, article.text),
        spans=spans,
        source=one.source,
        cue=one.cue,
        addressee=one.addressee,
        channel=one.channel,
        told_to=agent_key(one.addressee_entity, article.key) if one.addressee_entity else None,
        on_behalf_of=agent_key(one.speaks_for, article.key) if one.speaks_for else None,
        uttered=one.uttered,
    )


def _relaying(statement: Statement, inner: Iterable[str]) -> Statement:
    return replace(statement, relays=tuple(sorted(set(inner))))
