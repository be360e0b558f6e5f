"""Which statements the text itself sets against each other: "X denied it, although Y said …", "but Z denied …".

Only where a word of contrast ties the two clauses; that they can't both hold is another question, and computed. A
clause is that of an attribution whose cue heads it, else the article's own where something is told in it that nobody
is quoted with. Precision first: "while" counts only in front, where it seldom means time; "but" only between two
sources, and at the head of a sentence only before a denial or dispute.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from graph.model import Attribution, Contrast, EventMention, Span
from loaders.meaning.actors import Resolver
from loaders.meaning.syntax import base, case_of, children, first_conjunct, words_of
from loaders.text.wordlists import function_words

if TYPE_CHECKING:
    from loaders.meaning.parse import Token

_AGAINST = frozenset({"Denial", "Dispute"})
_NARRATOR = "narrator"


def find(
    resolver: Resolver, attributions: Sequence[Attribution], events: Iterable[EventMention]
) -> tuple[Contrast, ...]:
    """Find the contrasts of an article, each pair once, in the order of their words."""
    clauses = _Clauses(resolver, attributions, events)
    found: dict[frozenset[str], Contrast] = {}
    for word in resolver.doc:
        for one, other in clauses.tie(word):
            if one is not None and other is not None and one != other:
                first, second = (None if side == _NARRATOR else side for side in (one, other))
                mark = Span(word.idx, word.idx + len(word.text), word.text)
                found.setdefault(frozenset((one, other)), Contrast(first, second, mark))
    return tuple(found.values())


class _Clauses:
    """Tell whose a clause is: the id of an attribution, "narrator", or None where nothing is told in it."""

    def __init__(
        self, resolver: Resolver, attributions: Sequence[Attribution], events: Iterable[EventMention]
    ) -> None:
        self._doc = resolver.doc
        self._attributions = {one.id: one for one in attributions}
        self._cues: dict[int, str] = {}
        self._holders: dict[int, str] = {}
        # The shorter content is the inner one, and what is written last holds.
        for one in sorted(attributions, key=lambda a: (-sum(len(s.exact) for s in a.content), a.id)):
            for span in one.content:
                self._holders.update(dict.fromkeys(range(*words_of(self._doc, span.start, span.end)), one.id))
            self._cues.update(dict.fromkeys(range(*words_of(self._doc, one.cue.start, one.cue.end)), one.id))
        own = (event.trigger for event in events if event.attribution is None)
        self._own = {i for span in own for i in range(*words_of(self._doc, span.start, span.end))}

    def tie(self, word: Token) -> Iterator[tuple[str | None, str | None]]:
        """Give whose the two clauses are that a word of contrast ties; nothing for another word."""
        head = word.head
        if word.dep_ == "mark" and word.lower_ in function_words("concession"):
            one, other = self._owner(head), self._around(head)
            # What somebody concedes within what he says is his own: "while we wait," he said, "we urge …".
            if head.i in self._cues or other is None or one not in self._around_of(other):
                yield one, other
        elif word.dep_ == "mark" and word.lower_ in function_words("concession in front"):
            if head.i < head.head.i:
                yield self._cues.get(head.i), self._around(head)
        elif word.dep_ == "case" and case_of(head) in function_words("against"):
            yield self._cues.get(head.i), self._around(head)
        elif word.dep_ == "cc" and word.lower_ in function_words("adversative"):
            yield from self._tie_but(head)
        elif word.dep_ == "advmod" and word.lower_ in function_words("adversative adverb"):
            yield from self._tie_sentences(head)

    def _around_of(self, name: str) -> set[str]:
        """Give the attributions in whose content one stands."""
        found: set[str] = set()
        while name in self._attributions:
            above = self._attributions[name].parent
            if above is None or above in found:
                break
            found.add(above)
            name = above
        return found

    def _tie_but(self, head: Token) -> Iterator[tuple[str | None, str | None]]:
        first = first_conjunct(head)
        one, other = self._cues.get(head.i), self._cues.get(first.i)
        if head.dep_ == "conj":
            if one and other and self._are_two_sources(one, other):
                yield one, other
        else:
            yield from self._tie_sentences(head)

    def _tie_sentences(self, head: Token) -> Iterator[tuple[str | None, str | None]]:
        """Tie a denial at the head of its sentence to what was said in the sentence before, of one paragraph."""
        one = self._cues.get(head.i)
        if one is None or head.head.i != head.i or self._attributions[one].stance not in _AGAINST:
            return
        start = head.sent.start
        if start == 0 or "\n" in self._doc.text[self._doc.ends[start - 1] : self._doc.starts[start]]:
            return
        before = self._doc[start - 1].sent
        for word in before:
            other = self._cues.get(word.i)
            if word.head.i == word.i and other and self._are_two_sources(one, other):
                yield one, other

    def _are_two_sources(self, one: str, other: str) -> bool:
        keys = {self._attributions[name].source_entity for name in (one, other)}
        return len(keys) == 2 and None not in keys

    def _owner(self, head: Token) -> str | None:
        """Tell whose a clause is: of the cue that heads it, of whose content it is in, or the article's own."""
        found = self._cues.get(head.i) or self._holders.get(head.i)
        if found is None and any(word.i in self._own for word in head.subtree):
            return _NARRATOR
        return found

    def _around(self, head: Token) -> str | None:
        """Tell whose the clause is on which another hangs."""
        main = head.head
        if main.i == head.i:
            return None
        if base(main.dep_) == "conj" and main.i not in self._cues and not children(main, "nsubj"):
            main = first_conjunct(main)
        found = self._cues.get(main.i) or self._holders.get(main.i)
        if found is not None:
            return found
        below = {word.i for word in head.subtree}
        return _NARRATOR if any(w.i in self._own and w.i not in below for w in main.subtree) else None
