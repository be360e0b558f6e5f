"""The words of a text, in time that grows with its length and no faster.

spaCy's tokenizer takes a stretch without a space apart mark by mark, and looks at all that is left of it each time:
nothing for a web address, hours for a megabyte of brackets. What is too long for a word or an address is therefore
cut by a plain pattern.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from spacy.tokens import Doc
from spacy.vocab import Vocab

LONGEST_RUN = 400
"""Characters without a space; web addresses of newspapers have up to 300."""

_RUN = re.compile(r"\S+")
_PIECE = re.compile(r"\w+|[^\w\s]+")


def split_words(text: str, tokenizer: Callable[[str], Doc], vocab: Vocab) -> Doc:
    """Give the words of a text as the tokenizer finds them, but for runs that no word is as long as."""
    endless = [run.span() for run in _RUN.finditer(text) if run.end() - run.start() > LONGEST_RUN]
    if not endless:
        return tokenizer(text)
    words: list[str] = []
    spaces: list[bool] = []
    at = 0
    for start, end in (*endless, (len(text), len(text))):
        between = tokenizer(text[at:start])
        words += [word.text for word in between]
        spaces += [bool(word.whitespace_) for word in between]
        pieces = _PIECE.findall(text, start, end)
        words += pieces
        spaces += [False] * len(pieces)
        at = end
        if pieces and text[at : at + 1] == " ":
            spaces[-1], at = True, at + 1
    return Doc(vocab, words=words, spaces=spaces)
