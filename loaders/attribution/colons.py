"""What stands behind a colon: "Name: “…”", "The minister said:" before a paragraph, "UN: …" and "…: monitor"
in titles.

Here a parse has little to say, and print has firm habits. Each function makes or fills frames from the text
around a colon.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence

from loaders.attribution.clauses import Tree, trim
from loaders.attribution.frames import Frame, Range
from loaders.attribution.lexicon import Cue, Lexicon
from loaders.attribution.speech import Speech, region

_COLON = Cue(":", "", "preposition", "Assertion", frozenset({"quote"}), "guidelines")
_WORD = re.compile(r"\w")
_LONGEST_SPEAKER = 12
_LONGEST_TAIL = 6


def read_colons(speech: Speech, titles: Sequence[Range], lexicon: Lexicon) -> list[Frame]:
    """Make a frame for each colon that only a speaker stands before, and for titles that name their source."""
    tree, found = speech.tree, []
    for start, end in titles:
        frame = _read_title(tree, start, end, lexicon)
        if frame is not None:
            found.append(frame)
    for start, end in speech.paragraphs:
        first = bisect_left(tree.start, start)
        colon = next(
            (k for k in range(first, min(first + _LONGEST_SPEAKER, len(tree))) if tree.lower[k] == ":"), None
        )
        if colon is None or tree.end[colon] > end or colon == first:
            continue
        speaker = [k for k in range(first, colon) if tree.pos[k] != "SPACE"]
        opening = tree.text[tree.end[colon] : end].lstrip()[:1]
        if opening and _is_capital(tree, speaker):
            words = [k for k in tree.inside([(tree.end[colon], end)]) if tree.pos[k] != "SPACE"]
            found.append(Frame(colon, [colon], _COLON, "transcript", source=speaker, words=words))
            continue
        if opening and opening in "\"“«'‘" and _is_speaker(tree, speaker, lexicon):
            found.append(Frame(colon, [colon], _COLON, "bare", source=speaker))
    return found


def _is_capital(tree: Tree, words: Sequence[int]) -> bool:
    """Tell whether a name is printed in capitals, as speakers are in a transcript."""
    names = [tree.text[tree.start[k] : tree.end[k]] for k in words if tree.pos[k] != "PUNCT"]
    return bool(names) and len(names) <= 4 and all(name.isupper() and len(name) > 2 for name in names)


def _is_speaker(tree: Tree, words: Sequence[int], lexicon: Lexicon) -> bool:
    if not words or any(tree.pos[k] in {"VERB", "AUX"} for k in words):
        return False
    return any(tree.pos[k] == "PROPN" or lexicon.has("speaker", tree.lower[k]) for k in words)


def _read_title(tree: Tree, start: int, end: int, lexicon: Lexicon) -> Frame | None:
    """Read "Monitor: 40 dead in raid" and "40 dead in raid: monitor"."""
    first, last = bisect_left(tree.start, start), bisect_left(tree.start, end)
    colons = [k for k in range(first, last) if tree.lower[k] == ":"]
    if len(colons) != 1:
        return None
    before = [k for k in range(first, colons[0]) if tree.pos[k] != "SPACE"]
    after = [k for k in range(colons[0] + 1, last) if tree.pos[k] not in {"SPACE"}]
    named = len(before) <= 3 and all(tree.pos[k] == "PROPN" for k in before)
    named = named and any(tree.pos[k] in {"VERB", "AUX"} for k in after)
    if len(after) > 2 and 0 < len(before) <= _LONGEST_TAIL and (named or _names_voice(tree, before, lexicon)):
        return Frame(colons[0], [colons[0]], _COLON, "title", source=before, words=after)
    if len(before) > 2 and 0 < len(after) <= _LONGEST_TAIL and _names_voice(tree, after, lexicon):
        return Frame(colons[0], [colons[0]], _COLON, "title", source=after, words=before)
    return None


def _names_voice(tree: Tree, words: Sequence[int], lexicon: Lexicon) -> bool:
    """Tell whether the words end in an office or a voice ("State Department spokesman", "UN", "Study")."""
    if any(tree.pos[k] in {"VERB", "AUX"} for k in words):
        return False
    return lexicon.has("speaker", tree.lower[words[-1]]) or lexicon.has("speaker", tree.lemma[words[-1]])


def fill_from_next(speech: Speech, frames: Sequence[Frame]) -> None:
    """Give a cue that ends its paragraph with a colon the whole of the paragraph after it for content."""
    tree, text = speech.tree, speech.tree.text
    for frame in frames:
        if frame.content or frame.how != "bare" or speech.around(tree.start[frame.head]) is not None:
            continue
        behind = region(tree, frame)[1]
        end = speech.paragraph(behind - 1)[1]
        tail = text[behind:end].rstrip()
        if not tail.endswith(":") or len(tail) > 90:
            continue
        at = bisect_left(speech.paragraphs, (end,))
        if at < len(speech.paragraphs) and not speech.inside(*speech.paragraphs[at])[:1]:
            frame.content = [trim(text, *speech.paragraphs[at])]
            frame.how = "paragraph"
        elif at < len(speech.paragraphs):
            quotation = speech.inside(*speech.paragraphs[at])[0]
            opening = speech.quotations[quotation]
            if not text[speech.paragraphs[at][0] : opening.open].strip() and quotation not in speech.owner:
                speech.owner[quotation] = frame
                frame.claimed.append(quotation)
                frame.content = [(opening.inner.start, opening.inner.end)]
                frame.how = "speech"
