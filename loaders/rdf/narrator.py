"""The article's own voice: what is told outside every attribution is a statement too, one for each sentence.

Nothing in the graph is a fact, so the sentence that nobody is quoted with is put down to whoever prints it.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, field

from graph.model import Agent, EventMention, Figure, Reading, Relation, Span
from loaders.rdf.statements import Statement, content_of, key_of, label_of, stripped

KIND = "NarratorStatement"
OWN_VOICE = "the article's own voice"


def own_voice(article: str) -> Agent:
    """Give the speaker of an article whose outlet and agency are unknown; it holds for this article alone."""
    return Agent(f"{article}-narrator", "UnnamedSource", OWN_VOICE, described_as=OWN_VOICE, minted=True)


def build(reading: Reading, *, speaker: Agent) -> tuple[Statement, ...]:
    """Make a narrator statement of each sentence that tells something outside the attributions, in order."""
    stretches = Stretches.of(reading)
    told: dict[Span, _Told] = {}
    for event in reading.events:
        if event.attribution is None:
            told.setdefault(stretches.around(event.trigger), _Told()).events.append(event)
    for tie in reading.relations:
        if tie.attribution is None:
            told.setdefault(stretches.around(tie.evidence), _Told()).ties.append(tie)
    for figure in reading.figures:
        if figure.attribution is None:
            told.setdefault(stretches.around(figure.evidence), _Told()).figures.append(figure)
    made = (_one(reading, speaker, sentence, told[sentence]) for sentence in sorted(told))
    return tuple(statement for statement in made if statement is not None)


@dataclass(frozen=True, slots=True)
class _Told:
    """Hold what one sentence tells in the article's own voice."""

    events: list[EventMention] = field(default_factory=list)
    ties: list[Relation] = field(default_factory=list)
    figures: list[Figure] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Stretches:
    """Hold the sentences and blocks of an article by where they begin, so that one look finds what is around."""

    text: str
    sentences: tuple[Span, ...]
    blocks: tuple[Span, ...]

    @classmethod
    def of(cls, reading: Reading) -> Stretches:
        """Sort the sentences and the blocks of a reading; in either, none overlaps another."""
        blocks = sorted(block.span for block in reading.blocks)
        return cls(reading.article.text, tuple(sorted(reading.sentences)), tuple(blocks))

    def around(self, span: Span) -> Span:
        """Give the sentence in which a span begins, else its block, else the span; edges without white space."""
        for stretches in (self.sentences, self.blocks):
            at = bisect_right(stretches, span.start, key=lambda stretch: stretch.start) - 1
            if at >= 0 and span.start < stretches[at].end:
                return stripped(self.text, stretches[at].start, stretches[at].end)
        return span


def _one(
    reading: Reading,
    speaker: Agent,
    sentence: Span,
    told: _Told,
) -> Statement | None:
    key = reading.article.key
    content = content_of(KIND, told.events, told.ties, told.figures, key, sentence.exact)
    if not content:  # only ties that are no situations
        return None
    return Statement(
        key=key_of(speaker.key, KIND, content),
        kind=KIND,
        label=label_of(speaker.label, KIND, [sentence.exact]),
        speaker=speaker.key,
        certainty="certain",
        content=content,
        mention=f"{key}-{sentence.start}-narrator",
        quote_type="narrator",
        passage=sentence,
        spans=(sentence,),
    )
