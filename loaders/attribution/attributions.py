"""Who said what, how, in an article: every act of attribution, from quotation marks, parse and lexicon.

The way of reading: each word that the lexicon knows is asked whether it attributes here (`constructions`, `nominals`,
`prepositions`), which gives a frame of cue, source and content, and the language model's own view of cues is put beside
it (`hints`). Quotation marks bind direct speech to cues (`claims`, `direct`), colons and the shape of a sentence fill
what a parse leaves open (`colons`, `plain`), and what speaks for and against each frame is weighed (`weighing`).
Contents are cut out of the text so that no quotation is cut; stance, form and nesting follow.

Decisions:
- A quotation is never cut: a content that touches part of one is widened to the whole of it. Direct speech
  ends where its quotation ends.
- A content has no opening "that", no quotation marks where the whole of it is quoted, no separating
  punctuation at its ends. What is around an inverted cue is one content in two pieces.
- A negated cue is a cue ("did not say whether" doubts, "does not believe that" denies); its negation is
  part of it.
- The source stays as it stands, pronoun or description; a participle ("adding that") has the source of the
  clause it hangs on. Passives without agent and most nouns have none.
- An attribution in the content of another has it for parent: the smallest such.
- Where there is no usable parse, quotation marks and the nearest verb of saying still give direct speech.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from spacy.tokens import Doc

from graph.model import Attribution, Block, Form, Span
from loaders.attribution import hints
from loaders.attribution.clauses import Tree, trim
from loaders.attribution.colons import fill_from_next, read_colons
from loaders.attribution.constructions import read_verb
from loaders.attribution.direct import attach
from loaders.attribution.edges import close, drop, extend, tie_loose_ends
from loaders.attribution.frames import Frame, Range
from loaders.attribution.lexicon import Cue, Lexicon
from loaders.attribution.nominals import read_adjective, read_adverb, read_modifier, read_noun
from loaders.attribution.plain import fill_plain, part_continuations
from loaders.attribution.prepositions import read_preposition
from loaders.attribution.quotations import Quotation, split_paragraphs
from loaders.attribution.speech import Speech
from loaders.attribution.stance import judge, main_words
from loaders.attribution.utterance import find_channel, find_hedge, find_time
from loaders.attribution.weighing import calibrate, weigh
from loaders.language.pipeline import CueLink


def find(
    doc: Doc, blocks: Sequence[Block], quotations: Sequence[Quotation], lexicon: Lexicon
) -> tuple[Attribution, ...]:
    """Find the attributions of an article, in the order of their cues; entities are left for resolution."""
    tree = Tree.of(doc)
    speech = Speech(tree, quotations, split_paragraphs(doc.text, blocks))
    frames = gather(speech, lexicon, doc.user_data.get("cue_links", ()), list_titles(blocks))
    weighed = [(frame, weigh(speech, frame, lexicon.weights)) for frame in frames]
    return _number(
        [
            replace(_to_attribution(speech, frame, lexicon), confidence=calibrate(weight, lexicon.weights))
            for frame, weight in weighed
            if weight >= 0
        ]
    )


def list_titles(blocks: Sequence[Block]) -> list[Range]:
    """Give the stretches of titles and sub-headings."""
    return [(block.span.start, block.span.end) for block in blocks if block.kind in {"title", "heading"}]


def gather(
    speech: Speech, lexicon: Lexicon, links: Sequence[CueLink] = (), titles: Sequence[Range] = ()
) -> list[Frame]:
    """Give every frame that the lexicon allows, with its content settled, before they are weighed."""
    frames = hints.apply(speech.tree, find_frames(speech.tree, lexicon), links, lexicon)
    taken = {frame.head for frame in frames}
    frames += [frame for frame in read_colons(speech, titles, lexicon) if frame.head not in taken]
    hints.widen(speech.tree, frames, lexicon)
    hints.fill_bare(speech, frames)
    part_continuations(speech.tree, frames, lexicon)
    attach(speech, frames)
    fill_from_next(speech, frames)
    fill_plain(speech, frames, lexicon)
    heads = {frame.head for frame in frames}
    for frame in frames:
        _settle(speech, frame)
        hints.reconcile(speech.tree, frame)
        extend(speech, frame, heads)
        drop(speech, frame)
        if frame.link is not None:
            _settle(speech, frame)
        close(speech, frame)
        tie_loose_ends(speech, frame)
    return [frame for frame in frames if frame.content and _counts(speech, frame, lexicon)]


def find_frames(tree: Tree, lexicon: Lexicon) -> list[Frame]:
    """Ask every word of the parsed sentences whether it attributes; give the frames in the order of their
    cues."""
    found: dict[int, Frame] = {}
    for i in range(len(tree)):
        frame = _read_word(tree, i, lexicon) if tree.dep[i] else _read_unparsed(tree, i, lexicon)
        if frame is not None:
            found.setdefault(i, frame)
    return [found[i] for i in sorted(found)]


def _read_unparsed(tree: Tree, i: int, lexicon: Lexicon) -> Frame | None:
    """Take a verb of saying for a cue where there is no parse: a quotation beside it is then its content."""
    if tree.pos[i] not in {"", "VERB"}:
        return None
    rows = lexicon.find("verb", tree.lower[i])
    row = next((row for row in rows if {"quote", "that"} <= row.takes and not row.particle), None)
    return Frame(i, [i], row, "bare") if row is not None else None


def _read_word(tree: Tree, i: int, lexicon: Lexicon) -> Frame | None:
    form, pos = tree.lower[i], tree.pos[i]
    for row in _prepositions(tree, i, lexicon):
        frame = read_preposition(tree, i, row, lexicon)
        if frame is not None:
            return frame
    adverbs = lexicon.find("adverb", form)
    if adverbs:
        return read_adverb(tree, i, adverbs[0])
    joined = _hyphenated(tree, i)
    modifiers = lexicon.find("modifier", tree.text[tree.start[joined[0]] : tree.end[i]] if joined else form)
    if modifiers and (joined or tree.dep[i] in {"amod", "compound", "acl"}):
        return read_modifier(tree, joined or [i], modifiers[0])
    if pos in {"VERB", "AUX"}:
        rows = lexicon.find("verb", form)
        if rows:
            return read_verb(tree, i, rows, lexicon)
    if pos == "NOUN":
        rows = lexicon.find("noun", form)
        return read_noun(tree, i, rows, lexicon) if rows else None
    if pos in {"ADJ", "VERB"}:
        rows = lexicon.find("adjective", form)
        return read_adjective(tree, i, rows, lexicon) if rows else None
    return None


def _hyphenated(tree: Tree, i: int) -> list[int]:
    """Give the words of a hyphenated compound that ends here: "self-proclaimed" is three words to the
    tokenizer."""
    if i < 2 or tree.lower[i - 1] not in {"-", "‑", "–"} or tree.end[i - 2] != tree.start[i - 1]:
        return []
    return [i - 2, i - 1, i] if tree.end[i - 1] == tree.start[i] else []


def _prepositions(tree: Tree, i: int, lexicon: Lexicon) -> list[Cue]:
    form = tree.lower[i]
    return [
        row for key, rows in lexicon.rows["preposition"].items() if key.split()[0] == form for row in rows
    ]


def _counts(speech: Speech, frame: Frame, lexicon: Lexicon) -> bool:
    """Tell whether a frame has what its row needs: some verbs only attribute where words are quoted, or where the
    model is sure that they do. "Spoke on condition of anonymity" says how somebody spoke, not what he said."""
    opening = [
        k for k in speech.tree.inside(frame.content[:1]) if speech.tree.pos[k] in {"NOUN", "VERB", "PROPN"}
    ]
    if opening and lexicon.has("terms of speaking", speech.tree.lower[opening[0]]):
        return False
    if frame.how != "quoted":
        return True
    home = speech.around(speech.tree.start[frame.head])
    if home is None and any(speech.inside(start - 1, end) for start, end in frame.content):
        return True
    frame.how = "object"
    return frame.confidence >= hints.SURE


def _settle(speech: Speech, frame: Frame) -> None:
    """Fix the content of a frame as stretches of text: from its words where no quotation gave it."""
    tree = speech.tree
    if not frame.content:
        left_out = {*frame.cue, *frame.source} if frame.how == "parenthesis" else set(frame.cue)
        words = [k for k in frame.words if k not in left_out and not _is_anothers(speech, frame, k)]
        if frame.how == "modifier":
            words = _quoted_first(speech, words)
        frame.content = tree.runs(words)
    home = speech.around(tree.start[frame.head])
    ranges = [_fit(speech, home, start, end) for start, end in frame.content]
    frame.content = _merge([r for r in ranges if r is not None and r[0] < r[1]], tree, frame)


def _is_anothers(speech: Speech, frame: Frame, k: int) -> bool:
    """Tell whether a word is quoted by another cue that doesn't stand in this frame's content itself."""
    quotation = speech.around(speech.tree.start[k])
    owner = speech.owner.get(speech.number(quotation)) if quotation is not None else None
    return owner is not None and owner is not frame and owner.head not in frame.words


def _quoted_first(speech: Speech, words: list[int]) -> list[int]:
    """Give of a noun phrase that opens with a quotation only what is quoted: its self-proclaimed “caliphate”."""
    tree = speech.tree
    first = next((k for k in words if tree.pos[k] not in {"PUNCT", "SPACE"}), None)
    quotation = speech.around(tree.start[first]) if first is not None else None
    if quotation is None or quotation.inner.start != tree.start[first or 0]:
        return words
    return [k for k in words if quotation.inner.start <= tree.start[k] < quotation.inner.end]


def _fit(speech: Speech, home: Quotation | None, start: int, end: int) -> Range | None:
    """Keep a stretch within the quotation that its cue stands in, and widen it over every quotation it
    touches."""
    text = speech.tree.text
    if home is not None:
        start, end = max(start, home.inner.start), min(end, home.inner.end)
        return trim(text, start, end) if start < end else None
    for place in (start, max(start, end - 1)):
        quotation = speech.around(place)
        if quotation is not None:
            start, end = min(start, quotation.open), max(end, quotation.end)
    start, end = trim(text, start, end)
    quotation = speech.around(start) if start < end else None
    if quotation is not None and quotation.open == start and quotation.end >= end:
        return trim(text, quotation.inner.start, quotation.inner.end)
    return start, end


def _merge(ranges: list[Range], tree: Tree, frame: Frame) -> list[Range]:
    """Take the cue out of the stretches, drop those without a letter, join those that overlap."""
    low, high = tree.start[frame.cue[0]], tree.end[frame.cue[-1]]
    pieces: list[Range] = []
    for start, end in ranges:
        crosses = start < high and low < end
        pieces += [(start, min(end, low)), (max(start, high), end)] if crosses else [(start, end)]
    trimmed = [trim(tree.text, start, end) for start, end in pieces if start < end]
    found: list[Range] = []
    for start, end in sorted(trimmed):
        if not any(c.isalnum() for c in tree.text[start:end]):
            continue
        if found and start < found[-1][1]:
            found[-1] = (found[-1][0], max(end, found[-1][1]))
        else:
            found.append((start, end))
    return found


def _to_attribution(speech: Speech, frame: Frame, lexicon: Lexicon) -> Attribution:
    tree, text = speech.tree, speech.tree.text
    words = tree.inside(frame.content)
    source = frame.find_source()
    return Attribution(
        id="",
        source=_span(tree, source) if source else None,
        cue=Span.of(text, tree.start[frame.cue[0]], tree.end[frame.cue[-1]]),
        content=tuple(Span.of(text, start, end) for start, end in frame.content),
        form=_form(speech, frame),
        stance=judge(tree, frame, words, lexicon),
        addressee=_span(tree, frame.addressee) if frame.addressee else None,
        uttered=find_time(tree, frame),
        hedge=find_hedge(tree, frame, main_words(tree, words), lexicon),
        channel=find_channel(tree, frame, lexicon),
    )


def _span(tree: Tree, words: Sequence[int]) -> Span:
    start, end = tree.start[min(words)], tree.end[max(words)]
    return Span.of(tree.text, *trim_source(tree.text, start, end))


def trim_source(text: str, start: int, end: int) -> Range:
    """Take space, commas and dashes from the ends of a source."""
    while start < end - 1 and (text[start].isspace() or text[start] in ",;:–—"):
        start += 1
    while end > start + 1 and (text[end - 1].isspace() or text[end - 1] in ",;:–—"):
        end -= 1
    return start, end


def _form(speech: Speech, frame: Frame) -> Form:
    """Tell how much of the content is quoted: all, part or nothing."""
    whole = sum(end - start for start, end in frame.content)
    quoted = 0
    for start, end in frame.content:
        home = speech.around(start)
        if home is not None and home.end >= end:
            quoted += end - start
            continue
        for k in speech.inside(start, end):
            quoted += min(end, speech.quotations[k].end) - speech.quotations[k].open
    if quoted == 0:
        return "indirect"
    return "direct" if quoted >= whole else "mixed"


def _number(pairs: Sequence[Attribution]) -> tuple[Attribution, ...]:
    """Give ids in the order of the cues and to each the smallest attribution around it for parent."""
    ordered = sorted(pairs, key=lambda a: (a.cue.start, a.cue.end, a.content))
    named = [replace(a, id=f"a{k}") for k, a in enumerate(ordered, start=1)]
    parents = _find_parents(named)
    return tuple(replace(a, parent=parents.get(a.id)) for a in named)


def _find_parents(attributions: Sequence[Attribution]) -> dict[str, str]:
    """Map each attribution to the one with the smallest content around its cue; one pass over the text."""
    contents = sorted(
        (span.start, span.end, sum(len(s.exact) for s in a.content), a.id)
        for a in attributions
        for span in a.content
    )
    found: dict[str, str] = {}
    active: list[tuple[int, int, int, str]] = []
    at = 0
    for child in sorted(attributions, key=lambda a: a.cue.start):
        while at < len(contents) and contents[at][0] <= child.cue.start:
            active.append(contents[at])
            at += 1
        active = [content for content in active if content[1] > child.cue.start]
        around = [(c[2], c[3]) for c in active if c[1] >= child.cue.end and c[3] != child.id]
        if around:
            found[child.id] = min(around)[1]
    return found
