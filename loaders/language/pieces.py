"""Words into word pieces, the same way in training and in reading.

A window is a run of words with a [SEP] between paragraphs, so that the encoder sees where one ends. Curly quotation
marks are pieces of their own in the vocabulary, and stay as they are.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from tokenizers import Tokenizer

from graph.errors import StoreError
from loaders.text.wordlists import LEXICONS, read_rows

CLS, SEP, UNKNOWN, MASK = "[CLS]", "[SEP]", "[UNK]", "[MASK]"
# A word of more pieces is a web address or rubbish: its beginning tells enough.
LONGEST_WORD = 12


@dataclass(frozen=True, slots=True)
class Window:
    """Hold word pieces of a run of words: `first[i]` is the place of word i's first piece in `ids`."""

    ids: list[int]
    first: list[int]


def read_capitals(path: Path = LEXICONS / "capitals.csv") -> dict[str, str]:
    """Read the words whose capitals tell them from a common word, each with one that the encoder knows them by."""
    return {row["word"]: row["shown_as"] for row in read_rows(path)}


def _shouts(words: Sequence[str], at: int) -> bool:
    """Tell whether the words around are in capitals too, as in a headline, so that capitals tell nothing."""
    around = [w for w in (*words[max(0, at - 3) : at], *words[at + 1 : at + 4]) if w.isalpha()]
    return bool(around) and all(w.isupper() for w in around)


class Pieces:
    """Cut words into pieces of a WordPiece vocabulary.

    `shown` gives, for words in capitals that would be other words in lower case (IS, US), one that stands for them.
    """

    def __init__(self, path: Path, *, shown: Mapping[str, str] | None = None) -> None:
        self._shown = read_capitals() if shown is None else shown
        self._tokenizer = Tokenizer.from_file(str(path))
        self._tokenizer.no_padding()
        self._tokenizer.no_truncation()
        self._cls, self._sep, self._unknown = (self._id(x) for x in (CLS, SEP, UNKNOWN))
        self.mask = self._id(MASK)

    def _id(self, piece: str) -> int:
        found = self._tokenizer.token_to_id(piece)
        if found is None:
            raise StoreError(f"the vocabulary of the language model has no {piece}; install Hearsay anew")
        return found

    def cut(self, words: Sequence[str]) -> list[list[int]]:
        """Give the pieces of each word; a word without any (a control character) is one unknown piece."""
        shown = [
            self._shown[w] if w in self._shown and not _shouts(words, i) else w[:100]
            for i, w in enumerate(words)
        ]
        encodings = self._tokenizer.encode_batch(shown, add_special_tokens=False)
        return [e.ids[:LONGEST_WORD] or [self._unknown] for e in encodings]

    def window(self, pieces: Sequence[list[int]], paragraph_starts: Sequence[bool]) -> Window:
        """Join cut words into one window. `paragraph_starts[i]` tells whether word i opens a paragraph."""
        ids, first = [self._cls], []
        for i, (word, opens) in enumerate(zip(pieces, paragraph_starts, strict=True)):
            if opens and i:
                ids.append(self._sep)
            first.append(len(ids))
            ids.extend(word)
        ids.append(self._sep)
        return Window(ids, first)
