"""The parse of one article as plain objects, with the names that spaCy gives them.

The rules of this room ask a parse many thousand questions, and spaCy makes an object for each word anew whenever it
is asked for one, and another for each of its neighbours. Copied once, a question costs a twentieth.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, overload

from loaders.language.columns import Columns

if TYPE_CHECKING:
    import spacy.tokens


@dataclass(slots=True, eq=False)
class Token:
    """Hold one word: its place `i` among the words, `idx` in the text, its tags; a root is its own head."""

    doc: Doc = field(repr=False)
    i: int
    idx: int
    text: str
    whitespace_: str
    lower_: str
    lemma_: str
    pos_: str
    dep_: str
    morph: str
    is_space: bool
    head: Token = field(init=False, repr=False)
    sent: Stretch = field(init=False, repr=False)
    children: list[Token] = field(default_factory=list, repr=False)

    def __len__(self) -> int:
        return len(self.text)

    def nbor(self, distance: int = 1) -> Token:
        """Give the word so many words on."""
        return self.doc[self.i + distance]

    @property
    def subtree(self) -> Iterator[Token]:
        """Give the word and all below it, each with what stands left of it before and the rest behind."""
        waiting: list[tuple[Token, bool]] = [(self, False)]
        while waiting:
            word, is_open = waiting.pop()
            if is_open:
                yield word
                continue
            waiting.extend((c, False) for c in reversed(word.children) if c.i > word.i)
            waiting.append((word, True))
            waiting.extend((c, False) for c in reversed(word.children) if c.i < word.i)


class Stretch(list[Token]):
    """Hold neighbouring words; `start` and `end` are places among the words, the end exclusive."""

    def __init__(self, doc: Doc, start: int, end: int) -> None:
        super().__init__(doc.tokens[start:end])
        self.start, self.end, self._doc = start, end, doc

    @property
    def text(self) -> str:
        """Give the words as they stand in the text."""
        return self._doc.text[self[0].idx : self[-1].idx + len(self[-1].text)] if self else ""


class Doc:
    """Hold the words of one article; `starts` and `ends` are their places in the text, the end exclusive."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.tokens: list[Token] = []
        self.starts: list[int] = []
        self.ends: list[int] = []
        self.sents: list[Stretch] = []

    @classmethod
    def of(cls, doc: spacy.tokens.Doc) -> Doc:
        """Copy what spaCy holds."""
        columns = Columns.of(doc)
        copy = cls(columns.text)
        copy.starts, copy.ends = columns.start, columns.end
        spaces = [" " if spaced else "" for spaced in columns.spaced]
        tokens = copy.tokens = [
            Token(copy, i, *word)
            for i, word in enumerate(
                zip(
                    columns.start, columns.word, spaces, columns.lower, columns.lemma, columns.pos, columns.dep,
                    columns.morph, columns.is_space, strict=True,
                )
            )
        ]  # fmt: skip
        for word, head in zip(tokens, columns.head, strict=True):
            word.head = tokens[head]
            if head != word.i:
                tokens[head].children.append(word)
        for start, end in columns.sentences or [(0, len(tokens))]:
            sentence = Stretch(copy, start, end)
            copy.sents.append(sentence)
            for word in sentence:
                word.sent = sentence
        return copy

    def __len__(self) -> int:
        return len(self.tokens)

    def __iter__(self) -> Iterator[Token]:
        return iter(self.tokens)

    @overload
    def __getitem__(self, place: int) -> Token: ...

    @overload
    def __getitem__(self, place: slice) -> Stretch: ...

    def __getitem__(self, place: int | slice) -> Token | Stretch:
        if isinstance(place, int):
            return self.tokens[place]
        start, end, _ = place.indices(len(self.tokens))
        return Stretch(self, start, max(start, end))
