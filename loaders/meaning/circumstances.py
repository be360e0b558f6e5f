"""Whether, when and in whose words something happened: polarity, modality, time and attribution of a trigger."""

from __future__ import annotations

import datetime as dt
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from graph.model import Attribution, Modality, Polarity, Span, When
from loaders.meaning.actors import Resolver
from loaders.meaning.syntax import (
    ancestors,
    auxiliaries,
    base,
    case_of,
    children,
    first_conjunct,
    modifiers,
    root_of,
    words_of,
)
from loaders.meaning.vocabulary import Vocabulary
from loaders.text import dates
from loaders.text.wordlists import function_words

if TYPE_CHECKING:
    from loaders.meaning.parse import Doc, Token

_WIDEST = 200  # contents that are searched for the one around a word


@dataclass(frozen=True)
class Circumstances:
    """Answer for the triggers of one article. `contents` are the stretches of the attributions, by their start."""

    doc: Doc
    vocabulary: Vocabulary
    published: dt.date | None
    times: Mapping[int, Sequence[tuple[Span, int]]]
    contents: Sequence[tuple[int, int, int, Attribution]]

    @classmethod
    def of(cls, resolver: Resolver, attributions: Sequence[Attribution]) -> Circumstances:
        """Sort the contents once."""
        contents = [
            (span.start, span.end, sum(s.end - s.start for s in a.content), a)
            for a in attributions
            for span in a.content
        ]
        contents.sort(key=lambda c: c[:3])
        published = resolver.article.described.published
        return cls(resolver.doc, resolver.knowledge.vocabulary, published, resolver.times, contents)

    def attribution(self, start: int, end: int) -> Attribution | None:
        """Give the innermost attribution whose content holds the characters."""
        last = bisect_right(self.contents, start, key=lambda c: c[0])
        holding = [c for c in self.contents[max(0, last - _WIDEST) : last] if end <= c[1]]
        return min(holding, key=lambda c: c[2])[3] if holding else None

    # Time

    def time(self, trigger: Token, *, light: bool, future: bool) -> When | None:
        """Give the time that the trigger's own clause states; a noun may borrow that of its verb."""
        governors = {trigger.i}
        if light:
            governors.add(first_conjunct(trigger).head.i)
        for span, root in self.times.get(trigger.sent.start, ()):
            if self._governor(self.doc[root], trigger) in governors:
                when = dates.resolve(span, self.published, direction="future" if future else "past")
                if when.earliest is not None or when.label is not None or self.published is None:
                    return dates.narrowed(when)
        return None

    def _governor(self, word: Token, trigger: Token) -> int:
        """Climb from a word of time to the first verb, or to the trigger where it lies on the way.

        A verb that stands nearer before it, with no comma between, has the better claim.
        """
        climbed = word.head.i
        for above in ancestors(word):
            climbed = above.i
            if above.i == trigger.i or above.pos_ in {"VERB", "AUX"} or base(above.dep_) in {"root", "ROOT"}:
                break
        for near in reversed(self.doc[max(climbed + 1, word.i - 20) : word.i]):
            if near.dep_ == "punct" and near.text != "-":
                break
            if near.pos_ == "VERB" and near.dep_ != "amod":
                return near.i
        return climbed

    # Modality

    def modality(self, trigger: Token, attribution: Attribution | None) -> Modality:
        """Tell whether the text presents it as done, to come, supposed or unclear."""
        if attribution is not None and attribution.stance == "Doubt":
            return "unclear"
        if trigger.pos_ == "NOUN":
            return self._noun_modality(trigger)
        own = self._verb_modality(trigger)
        if own == "actual" and attribution is not None and attribution.stance == "Directive":
            return "future"
        return own

    def _verb_modality(self, verb: Token, *, depth: int = 0) -> Modality:
        helpers = [a.lower_ for a in auxiliaries(verb)]
        if any(self.vocabulary.has("future", a) for a in helpers):
            return "future"
        if any(self.vocabulary.has("hypothetical", a) for a in helpers):
            return "hypothetical"
        first = first_conjunct(verb)
        marks = {c.lower_ for c in children(first, "mark")} | {c.lower_ for c in children(verb, "mark")}
        relation = base(first.dep_)
        if marks & function_words("condition"):
            return "hypothetical"
        if "to" in marks and "have" in helpers:
            return "actual"
        gerund = verb.lower_.endswith("ing") and "to" in marks
        if depth > 8 or ("to" not in marks and relation != "xcomp"):
            return "actual"
        if relation in {"advcl", "acl", "csubj"} or gerund:
            above = first.head.lemma_.lower()
            return "hypothetical" if self.vocabulary.has("illusive", above) else "future"
        if relation == "xcomp":
            if (
                self.vocabulary.has("intending", first.head.lemma_.lower())
                or first.head.lower_ == "are"
                or first.head.pos_ == "ADJ"
            ):
                return "future"
            return self._verb_modality(first.head, depth=depth + 1)
        return "future" if relation == "ccomp" or first.head.lemma_ == "be" else "actual"

    def _noun_modality(self, noun: Token) -> Modality:
        if any(self.vocabulary.has("prospect", w.lower_) for w in modifiers(noun)):
            return "hypothetical"
        first = first_conjunct(noun)
        above = first.head
        relation = base(first.dep_)
        if above.pos_ in {"VERB", "AUX"} and relation in {"nsubj", "obj", "obl"}:
            modality = self._verb_modality(above)
            helpers = {a.lower_ for a in auxiliaries(above)}
            if relation == "nsubj":
                return (
                    "hypothetical"
                    if helpers & function_words("conditional") and first.dep_ == "nsubj"
                    else "actual"
                )
            if self.vocabulary.has("illusive", above.lemma_.lower()) and case_of(first) in function_words(
                "after an illusion"
            ):
                return "hypothetical"
            light = self.vocabulary.has("light", above.lemma_.lower())
            return modality if light and relation == "obj" else "actual"
        if relation == "nmod" and self.vocabulary.has("illusive", above.lemma_.lower()):
            return "hypothetical"
        return "actual"

    # Polarity

    def polarity(self, trigger: Token, attribution: Attribution | None) -> Polarity:
        """Tell whether the text says that it did not happen: a negation, or a denial whose main point it is."""
        negative = self._is_negated(trigger)
        if attribution is not None and attribution.stance == "Denial" and self._is_main(trigger, attribution):
            return "negative"
        return "negative" if negative else "positive"

    def _is_negated(self, trigger: Token) -> bool:
        for child in trigger.children:
            if child.dep_.partition(":")[0] in {
                "advmod",
                "det",
                "cc",
                "advcl",
                "neg",
            } and self.vocabulary.has("negation", child.lower_):
                return True
        if trigger.pos_ == "NOUN":
            if self.vocabulary.has("instead", case_of(trigger)):
                return True
            verb = first_conjunct(trigger).head
            light = verb.pos_ == "VERB" and self.vocabulary.has("light", verb.lemma_.lower())
            return light and base(first_conjunct(trigger).dep_) == "obj" and self._is_negated(verb)
        first = first_conjunct(trigger)
        if base(first.dep_) == "xcomp":
            above = first.head
            return self.vocabulary.has("negating", above.lemma_.lower()) or (
                above.pos_ == "VERB" and self._denies(above)
            )
        return False

    def _denies(self, verb: Token) -> bool:
        return any(c.dep_ == "advmod" and self.vocabulary.has("negation", c.lower_) for c in verb.children)

    def _is_main(self, trigger: Token, attribution: Attribution) -> bool:
        """Tell whether the trigger is the predicate of the content, not part of a clause or phrase hung on it."""
        for span in attribution.content:
            start, end = words_of(self.doc, span.start, span.end)
            root = root_of(self.doc, start, end)
            if root is None:
                continue
            if root.i == first_conjunct(trigger).i or root.i == trigger.i:
                return True
            above = first_conjunct(trigger).head
            if above.i == root.i and base(trigger.dep_) in {"obj", "xcomp", "nsubj"}:
                return True
        return False
