"""Writes a reading in the form of the annotation guidelines, to be scored, kept, and read by a person.

Each string of the text is {"text", "start", "end"}: code points, end exclusive.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from graph.model import Attribution, EventMention, Figure, Reading, Relation, Span
from loaders.text.layout import is_read

_WORDS_OF_EDGE = 8


def to_gold(reading: Reading) -> dict[str, Any]:
    """Give the reading as values for JSON; attributions by their cues, events by their triggers."""
    attributions = sorted(reading.attributions, key=lambda one: (one.cue, one.id))
    events = sorted(reading.events, key=lambda one: (one.trigger, one.id))
    return {
        "article": reading.article.file_name,
        "meta": _to_meta(reading),
        "attributions": [_from_attribution(one) for one in attributions],
        "events": [_from_event(one) for one in events],
        "relations": [_from_relation(one) for one in reading.relations],
        "quantities": [_from_figure(one) for one in reading.figures],
    }


def from_span(span: Span | None) -> dict[str, Any] | None:
    """Give a span as {"text", "start", "end"}, None for none."""
    return None if span is None else {"text": span.exact, "start": span.start, "end": span.end}


def _to_meta(reading: Reading) -> dict[str, Any]:
    described = reading.article.described
    body = [block.span.exact for block in reading.blocks if is_read(block) and block.kind != "title"]
    return {
        "title": described.title,
        "outlet": described.outlet,
        "agency": described.agency,
        "dateline_place": described.dateline,
        "published": described.published.isoformat() if described.published else None,
        "body_first": _edge(body[0].split()[:_WORDS_OF_EDGE]) if body else None,
        "body_last": _edge(body[-1].split()[-_WORDS_OF_EDGE:]) if body else None,
    }


def _edge(words: Iterable[str]) -> str:
    return " ".join(words)


def _from_attribution(one: Attribution) -> dict[str, Any]:
    contents = [from_span(span) for span in one.content]
    return {
        "id": one.id,
        "source": from_span(one.source),
        "confidence": one.confidence,
        "source_entity": one.source_entity,
        "source_kind": one.source_kind,
        "speaks_for": one.speaks_for,
        "cue": from_span(one.cue),
        "content": contents[0] if len(contents) == 1 else contents,
        "form": one.form,
        "stance": one.stance,
        "addressee": one.addressee_entity,
        "parent": one.parent,
        "uttered": one.uttered.label if one.uttered else None,
    }


def _from_event(one: EventMention) -> dict[str, Any]:
    return {
        "id": one.id,
        "type": one.type,
        "trigger": from_span(one.trigger),
        "actor": list(one.actor),
        "target": list(one.target),
        "place": list(one.place),
        "time": one.time.label if one.time else None,
        "polarity": one.polarity,
        "modality": one.modality,
        "attribution": one.attribution,
        # Which happenings are one is computed over all articles, in the graph of evidence.
        "same_as": None,
    }


def _from_relation(one: Relation) -> dict[str, Any]:
    return {
        "type": one.type,
        "subject": one.subject,
        "object": one.object,
        "evidence": from_span(one.evidence),
        "role": one.role,
        "attribution": one.attribution,
    }


def _from_figure(one: Figure) -> dict[str, Any]:
    return {
        "value": one.value,
        "lower": one.lower,
        "upper": one.upper,
        "unit": one.unit,
        "measure": one.measure,
        "place": list(one.place),
        "evidence": from_span(one.evidence),
        "attribution": one.attribution,
    }
