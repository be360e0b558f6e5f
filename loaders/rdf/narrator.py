"""The article's own voice: what is told outside every attribution is a statement too, one for each sentence.

Nothing in the graph is a fact, so the sentence that nobody is quoted with is put down to whoever prints it.
"""

from __future__ import annotations

from collections.abc import Sequence

from graph.model import Agent, EventMention, Figure, Reading, Relation, Span
from loaders.rdf.statements import Statement, content_of, key_of, label_of

KIND = "NarratorStatement"
OWN_VOICE = "the article's own voice"


def own_voice(article: str) -> Agent:
    """Give the speaker of an article whose outlet and agency are unknown; it holds for this article alone."""
    return Agent(f"{article}-narrator", "UnnamedSource", OWN_VOICE, described_as=OWN_VOICE, minted=True)


def build(reading: Reading, *, speaker: Agent) -> tuple[Statement, ...]:
    """Make a narrator statement of each sentence that tells something outside the attributions, in order."""
    events = [event for event in reading.events if event.attribution is None]
    ties = [tie for tie in reading.relations if tie.attribution is None]
    figures = [figure for figure in reading.figures if figure.attribution is None]
    places = {
        sentence_of(span, reading)
        for span in (
            *(event.trigger for event in events),
            *(tie.evidence for tie in ties),
            *(figure.evidence for figure in figures),
        )
    }
    made = (_one(reading, speaker, place, events, ties, figures) for place in sorted(places))
    return tuple(statement for statement in made if statement is not None)


def sentence_of(span: Span, reading: Reading) -> Span:
    """Give the sentence in which a span begins, else its block, else the span; edges without white space."""
    for stretch in (*reading.sentences, *(block.span for block in reading.blocks)):
        if stretch.start <= span.start < stretch.end:
            words = stretch.exact
            left, right = len(words) - len(words.lstrip()), len(words) - len(words.rstrip())
            return Span.of(reading.article.text, stretch.start + left, stretch.end - right)
    return span


def _one(
    reading: Reading,
    speaker: Agent,
    sentence: Span,
    events: Sequence[EventMention],
    ties: Sequence[Relation],
    figures: Sequence[Figure],
) -> Statement | None:
    key = reading.article.key
    content = content_of(
        KIND,
        [event for event in events if sentence_of(event.trigger, reading) == sentence],
        [tie for tie in ties if sentence_of(tie.evidence, reading) == sentence],
        [figure for figure in figures if sentence_of(figure.evidence, reading) == sentence],
        key,
    )
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
