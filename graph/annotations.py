"""The mentions of a statement as Web Annotations (https://www.w3.org/TR/annotation-model/), for other tools.

An export, not the way they are stored. Our spans count code points, as the model's position selector does.
Every node has an IRI that follows from the mention's.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from rdflib import Graph, Literal, Namespace, URIRef

from graph.descriptions import empty_graph
from graph.records import MentionRecord, Passage
from graph.terms import RDF, XSD

if TYPE_CHECKING:
    from graph.provenance import StatementRecord

OA = Namespace("http://www.w3.org/ns/oa#")


def annotate(record: StatementRecord) -> Graph:
    """Write each mention as an annotation: its body is the statement, its targets the contents."""
    graph = empty_graph()
    graph.bind("oa", OA)
    for mention in record.mentions:
        annotation = URIRef(f"{mention.id}#annotation")
        graph.add((annotation, RDF.type, OA.Annotation))
        graph.add((annotation, OA.hasBody, URIRef(record.id)))
        graph.add((annotation, OA.motivatedBy, OA.identifying))
        for span in mention.spans:
            if span.role == "contentSpan":
                graph.add((annotation, OA.hasTarget, _target(graph, mention, span)))
    return graph


def _target(graph: Graph, mention: MentionRecord, span: Passage) -> URIRef:
    target = URIRef(f"{mention.id}#target-{span.start}")
    graph.add((target, RDF.type, OA.SpecificResource))
    graph.add((target, OA.hasSource, URIRef(mention.article.id)))
    position = URIRef(f"{mention.id}#position-{span.start}")
    graph.add((target, OA.hasSelector, position))
    graph.add((position, RDF.type, OA.TextPositionSelector))
    graph.add((position, OA.start, Literal(span.start, datatype=XSD.nonNegativeInteger)))
    graph.add((position, OA.end, Literal(span.end, datatype=XSD.nonNegativeInteger)))
    quote = URIRef(f"{mention.id}#quote-{span.start}")
    graph.add((target, OA.hasSelector, quote))
    graph.add((quote, RDF.type, OA.TextQuoteSelector))
    graph.add((quote, OA.exact, Literal(span.exact)))
    # A span that no longer verifies has no true surroundings to give.
    if span.verified:
        graph.add((quote, OA.prefix, Literal(span.before)))
        graph.add((quote, OA.suffix, Literal(span.after)))
    return target
