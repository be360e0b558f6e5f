"""One article from text to what was read in it: the one place that calls the stages, in their order.

    layout       which stretches are the report, which the page around it
    language     words, sentences, a parse
    quotations   where marks open and close
    attribution  who said what
    meaning      who that is; events, relations, figures

A stage gets values and gives values; none knows of another. Reading an article touches nothing outside its
arguments, so that any number of processes can read at once.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from graph.errors import SpanError
from graph.model import Article, Attribution, Block, Reading, Span
from loaders.attribution import attributions, quotations
from loaders.attribution.lexicon import Lexicon
from loaders.language.location import model_folder
from loaders.language.pipeline import Pipeline, load_lemmas
from loaders.meaning.reader import Reader
from loaders.text import dates
from loaders.text.endless import set_aside
from loaders.text.layout import is_read, split_blocks

if TYPE_CHECKING:
    from spacy.tokens import Doc


@dataclass(frozen=True, slots=True)
class Tools:
    """Hold what reading needs and is costly to make; made once for all articles of a process."""

    pipeline: Pipeline
    lexicon: Lexicon
    reader: Reader

    @classmethod
    def load(cls, background_dirs: Iterable[Path] = ()) -> Tools:
        """Load the model and the data files; folders given add to the background that ships."""
        model = model_folder()
        # The networks are read by code that lets Python go on meanwhile.
        with ThreadPoolExecutor(max_workers=1) as beside:
            pipeline = beside.submit(Pipeline.load, model)
            lexicon, reader = Lexicon.load(model=model), Reader.load(background_dirs)
            load_lemmas()
            return cls(pipeline.result(), lexicon, reader)


def read(article: Article, tools: Tools) -> Reading:
    """Read an article. Every span of the result is checked against the text; raises SpanError where one is
    wrong."""
    blocks, notes = set_aside(article.text, split_blocks(article.text))
    doc = tools.pipeline.parse(article.text, blocks)
    quoted = quotations.pair(article.text, blocks)
    found = _date(attributions.find(doc, blocks, quoted, tools.lexicon), article)
    meaning = tools.reader.read(article, doc, blocks, found)
    reading = Reading(
        article,
        blocks,
        attributions=meaning.attributions,
        events=meaning.events,
        relations=meaning.relations,
        figures=meaning.figures,
        agents=meaning.agents,
        places=meaning.places,
        sentences=tuple(_sentences(article.text, doc, blocks)),
        contrasts=meaning.contrasts,
        notes=notes,
    )
    return verify(reading)


def _date(attributions: Sequence[Attribution], article: Article) -> tuple[Attribution, ...]:
    """Resolve the words that say when something was uttered against the article's date."""
    published = article.described.published
    return tuple(
        a
        if a.uttered is None or a.uttered.words is None
        else replace(a, uttered=dates.resolve(a.uttered.words, published))
        for a in attributions
    )


def _sentences(text: str, doc: Doc, blocks: Sequence[Block]) -> Iterator[Span]:
    """Give the sentences of what is read, without the space around them."""
    kept = [block.span for block in blocks if is_read(block)]
    at = 0
    for sentence in doc.sents:
        while at < len(kept) and kept[at].end <= sentence.start_char:
            at += 1
        for number in range(at, len(kept)):
            span = kept[number]
            if span.start >= sentence.end_char:
                break
            start, end = max(sentence.start_char, span.start), min(sentence.end_char, span.end)
            words = text[start:end]
            if words.strip():
                start += len(words) - len(words.lstrip())
                yield Span.of(text, start, start + len(words.strip()))


def verify(reading: Reading) -> Reading:
    """Give the reading back when every span of it stands in the text. Raises SpanError for the first that
    doesn't."""
    for span in list_spans(reading):
        if not span.verify(reading.article.text):
            raise SpanError(
                f"{reading.article.file_name}: “{span.exact[:60]}” does not stand at {span.start} to {span.end}; "
                "the article is not loaded"
            )
    return reading


def list_spans(reading: Reading) -> Iterator[Span]:
    """List every span that a reading holds."""
    yield from (block.span for block in reading.blocks)
    yield from reading.sentences
    for a in reading.attributions:
        when = a.uttered.words if a.uttered is not None else None
        yield from (a.cue, *a.content)
        yield from (s for s in (a.source, a.addressee, a.hedge, a.channel, when) if s is not None)
    for event in reading.events:
        when = event.time.words if event.time is not None else None
        yield from (s for s in (event.trigger, when) if s is not None)
    yield from (relation.evidence for relation in reading.relations)
    yield from (contrast.mark for contrast in reading.contrasts)
    for figure in reading.figures:
        yield from (s for s in (figure.evidence, figure.words) if s is not None)
