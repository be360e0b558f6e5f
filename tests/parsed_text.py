"""Small texts with a parse written by hand, so that rules are tested apart from the model."""

from __future__ import annotations

from spacy.tokens import Doc
from spacy.vocab import Vocab

from graph.model import Block, BlockKind, Span

_NO_SPACE_BEFORE = frozenset(",.;:?!”’)") | {"’s", "'s", "n’t"}
_NO_SPACE_BEHIND = frozenset("“‘(")
_FORMS = {
    "f": "VerbForm=Fin",
    "i": "VerbForm=Inf",
    "g": "Tense=Pres|VerbForm=Part",
    "p": "Tense=Past|VerbForm=Part",
}


def parse(*sentences: str) -> Doc:
    """Build a Doc from sentences of `word/POS/relation/head` (head counted from 1, 0 for the root).

    A fifth part gives the form of a verb: f finite, i infinitive, g present participle, p past participle.
    """
    words: list[str] = []
    pos: list[str] = []
    deps: list[str] = []
    heads: list[int] = []
    morphs: list[str] = []
    starts: list[bool] = []
    for sentence in sentences:
        base = len(words)
        for place, item in enumerate(sentence.split()):
            word, upos, relation, head, *form = item.split("/")
            words.append(word)
            pos.append(upos)
            deps.append("ROOT" if head == "0" else relation)
            heads.append(base + place if head == "0" else base + int(head) - 1)
            morphs.append(_FORMS[form[0]] if form else "")
            starts.append(place == 0)
    spaces = [
        k + 1 < len(words) and words[k + 1] not in _NO_SPACE_BEFORE and word not in _NO_SPACE_BEHIND
        for k, word in enumerate(words)
    ]
    return Doc(Vocab(), words=words, spaces=spaces, pos=pos, deps=deps, heads=heads, morphs=morphs)


def blocks_of(text: str, kind: BlockKind = "body") -> list[Block]:
    """Make the whole text one block."""
    return [Block(kind, Span.of(text, 0, len(text)))]
