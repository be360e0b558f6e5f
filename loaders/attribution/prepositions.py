"""How prepositions attribute: "according to X", "in the words of X", "citing X", "per X".

The source stands in the phrase itself, the clause around it is the content. A parse often hangs such a phrase, or the
subject behind it, on the wrong word; print is asked where it does.
"""

from __future__ import annotations

from collections.abc import Sequence

from loaders.attribution.clausal import drop_day, is_day
from loaders.attribution.clauses import Tree
from loaders.attribution.frames import Frame
from loaders.attribution.lexicon import Cue, Lexicon
from loaders.attribution.voices import find_source
from loaders.text.wordlists import function_words

_LONGEST_REST = 14
_CLAUSAL = frozenset(
    {"root", "ccomp", "advcl", "acl:relcl", "acl", "parataxis", "conj", "csubj", "xcomp", "advcl:relcl"}
)


def read_preposition(tree: Tree, first: int, row: Cue, lexicon: Lexicon) -> Frame | None:
    """Read "according to X", "in the words of X", "per X": X is the source, the clause around it the content."""
    parts = row.lemma.split()
    last = first + len(parts) - 1
    if last >= len(tree) or any(tree.lower[first + k] != part for k, part in enumerate(parts)):
        return None
    cue = list(range(first, last + 1))
    noun = _noun_after(tree, first, last)
    if noun is None:
        return None
    source = [k for k in tree.subtree(noun) if k > last and tree.pos[k] != "SPACE"]
    while source and tree.pos[source[-1]] == "PUNCT" and tree.lower[source[-1]] not in {")", "]"}:
        source.pop()
    if not source or source[0] - last > 2:
        return None
    source += _rest_of_phrase(tree, source[-1])
    frame = Frame(first, cue, row, "according")
    outer = tree.head[noun] if tree.head[noun] not in cue else tree.head[tree.head[noun]]
    if outer != noun and outer not in cue:
        at_end = _at_end(tree, source[-1])
        words = _skip_marks(tree, _clause_around(tree, outer, {*cue, *source, noun}, sentence_end=at_end))
        if words and words[0] > cue[0]:
            source, words = _part_subject(tree, source, words)
            words = drop_day(tree, words, cue[0], lexicon)
        frame.words = words
    if not any(tree.pos[k] in {"VERB", "AUX"} for k in frame.words):
        source, frame.words = _split_at_comma(tree, last, source, frame.words)
    source = _drop_last_day(tree, source, lexicon)
    frame.source = source
    if lexicon.has("citing", row.lemma) and not _speaks(tree, noun, source, lexicon):
        return _cited(tree, first, noun, source, row)
    if lexicon.has("needs_speaker", row.lemma) and not _speaks(tree, noun, source, lexicon):
        return None
    return frame


def _rest_of_phrase(tree: Tree, last: int) -> list[int]:
    """Give what a parse has left behind a source, up to the mark that ends it: "… a tweet | on Monday by the mayor"."""
    found: list[int] = []
    stop = tree.sentences[tree.sentence[last]][1]
    for k in range(last + 1, min(stop, last + _LONGEST_REST)):
        if tree.pos[k] in {"PUNCT", "SPACE"}:
            return found
        if tree.pos[k] in {"VERB", "AUX", "SCONJ", "CCONJ", "ADV"}:
            return []
        found.append(k)
    return found if last + _LONGEST_REST >= stop else []


def _drop_last_day(tree: Tree, source: list[int], lexicon: Lexicon) -> list[int]:
    """Leave out a day that ends a source: it says when it was said ("according to the ministry on Saturday")."""
    kept = list(source)
    while len(kept) > 1 and is_day(tree, kept[-1], lexicon):
        kept.pop()
    if len(kept) == len(source):
        return source
    while len(kept) > 1 and tree.lower[kept[-1]] in function_words("before a day"):
        kept.pop()
    return kept


def _split_at_comma(
    tree: Tree, last: int, source: list[int], words: list[int]
) -> tuple[list[int], list[int]]:
    """Read "According to X, A." from print where the parse shows no clause: the first comma parts X from A."""
    first, stop = tree.sentences[tree.sentence[last]]
    if any(tree.pos[k] not in {"PUNCT", "SPACE", "CCONJ", "ADV"} for k in range(first, last - 1)):
        return source, words
    comma = next((k for k in range(last + 1, stop) if tree.lower[k] == ","), None)
    if comma is None or not any(tree.pos[k] in {"VERB", "AUX"} for k in range(comma, stop)):
        return source, words
    spoken = [k for k in range(comma + 1, stop) if tree.pos[k] != "SPACE"]
    return [k for k in range(last + 1, comma) if tree.pos[k] != "SPACE"], spoken


def _part_subject(tree: Tree, source: list[int], words: list[int]) -> tuple[list[int], list[int]]:
    """Give a subject that a parse has hung on the source back to its clause: "According to X, the army, …,
    entered"."""
    comma = next((k for k in source if tree.lower[k] == ","), None)
    opening = next((k for k in words if tree.pos[k] not in {"PUNCT", "SPACE"}), None)
    if comma is None or opening is None or tree.pos[opening] not in {"VERB", "AUX"}:
        return source, words
    return [k for k in source if k < comma], sorted({*(k for k in source if k > comma), *words})


def _skip_marks(tree: Tree, words: list[int]) -> list[int]:
    k = 0
    while k < len(words) and tree.pos[words[k]] in {"PUNCT", "SPACE"}:
        k += 1
    return words[k:]


def _speaks(tree: Tree, noun: int, words: Sequence[int], lexicon: Lexicon) -> bool:
    """Tell whether a noun phrase can be somebody or something that says: a name, an office, a report."""
    if tree.pos[noun] == "PROPN" or tree.lower[noun] in function_words("pronoun of a speaker"):
        return True
    return lexicon.has("speaker", tree.lemma[noun]) or lexicon.has("speaker", tree.lower[noun])


def _cited(tree: Tree, head: int, noun: int, words: Sequence[int], row: Cue) -> Frame:
    """Read "citing privacy rules": what is cited is the content, the subject of the clause the source."""
    verb = tree.head[noun] if tree.head[noun] != noun else noun
    frame = Frame(head, [head], row, "cited", words=list(words))
    found = find_source(tree, verb)
    frame.source = [] if set(found) & {head, *words} else found
    return frame


def _noun_after(tree: Tree, first: int, last: int) -> int | None:
    """Give the head of the noun phrase that a preposition opens, however the parse has hung the preposition."""
    for part in range(first, last + 1):
        above = tree.head[part]
        opens = above > last and tree.dep[part] in {"case", "mark", "fixed", "compound"}
        if opens and next(k for k in tree.subtree(above) if k > last) - last <= 2:
            return above
        for k in tree.kids[part]:
            if k > last and tree.dep[k] in {"obl", "nmod", "obj", "pobj"}:
                return k
    k = last + 1
    if k < len(tree) and tree.sentence[k] == tree.sentence[last]:
        while tree.head[k] != k and tree.head[k] > k and tree.pos[tree.head[k]] in {"NOUN", "PROPN", "PRON"}:
            k = tree.head[k]
        return k if tree.pos[k] in {"NOUN", "PROPN", "PRON"} else None
    return None


def _at_end(tree: Tree, k: int) -> bool:
    """Tell whether nothing but punctuation follows in the sentence."""
    last = tree.sentences[tree.sentence[k]][1]
    return all(tree.pos[x] in {"PUNCT", "SPACE"} for x in range(k + 1, last))


def _clause_around(tree: Tree, outer: int, left_out: set[int], *, sentence_end: bool) -> list[int]:
    """Give the words of the clause that a source phrase comments on: of the whole sentence where it ends that."""
    top = outer
    for _ in range(40):
        if tree.head[top] == top or tree.dep[top] == "ccomp":
            break
        if (
            not sentence_end
            and tree.dep[top] in _CLAUSAL
            and tree.is_clause(top)
            and tree.dep[top] not in {"xcomp", "acl"}
        ):
            break
        top = tree.head[top]
    words = [k for k in tree.subtree(top, without=frozenset(left_out)) if k not in left_out]
    opening = {k for k in tree.children(top, "mark", "cc") if k < top and tree.dep[top] != "ROOT"}
    return [k for k in words if k not in opening]
