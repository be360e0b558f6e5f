"""Names that no data file has: where such a name begins and ends, whether a person, a body or a place bears it.

The text itself decides: a title, a noun of office, the head noun of the name, the prepositions it stands after.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from graph.iris import slug
from graph.model import Agent
from loaders.meaning.names import fold
from loaders.meaning.syntax import base, case_of
from loaders.meaning.vocabulary import Vocabulary, spellings
from loaders.text.wordlists import function_words

if TYPE_CHECKING:
    from loaders.meaning.parse import Doc, Token

LONGEST_NAME = 10  # words
_HYPHENS = frozenset({"-", "–", "'", "’"})
_TOWN = 2  # uses as a place that a town of that name, in the country the article is about, weighs
_BODY_ROLES = frozenset(
    {"force", "unit", "police", "government", "ministry", "militia", "rebels", "group", "agency", "newsagency",
     "media", "monitor", "organization"}
)  # fmt: skip
_PLACE_ROLES = frozenset({"settlement", "region", "country", "site", "border"})


@dataclass(frozen=True, slots=True)
class Stranger:
    """Hold one occurrence of an unknown name: token numbers, end exclusive, and its words without title."""

    start: int
    end: int
    words: str


@dataclass
class Strangers:
    """Find and judge the unknown names of one article; a name is judged once for all its occurrences."""

    doc: Doc
    vocabulary: Vocabulary
    is_town: Callable[[str], bool] = field(default=lambda words: False)
    full_names: dict[tuple[str, ...], str] = field(default_factory=dict)
    _classes: dict[str, str] = field(default_factory=dict)
    _votes: Counter[tuple[str, str]] = field(default_factory=Counter)
    _with_verb: dict[int, bool] = field(default_factory=dict)

    def at(self, token: Token) -> Stranger | None:
        """Give the unknown name that a proper noun belongs to; None where it is no name."""
        if not self.is_name_word(token):
            return None
        start = end = token.i
        while start > token.sent.start and token.i - start < LONGEST_NAME and self._goes_on(start - 1, start):
            start -= 1
        while end + 1 < token.sent.end and end - token.i < LONGEST_NAME and self._goes_on(end + 1, end + 2):
            end += 1
        while start < end and not self.doc[start].text[:1].isupper():
            start += 1
        while end > start and not self.doc[end].text[:1].isupper():
            end -= 1
        while start < end and self.is_title(self.doc[start]):
            start += 1
        while (
            start < end
            and self.doc[start].text.istitle()
            and self.doc[start].lower_ in function_words("article")
        ):
            start += 1
        words = self.doc[start : end + 1].text
        return Stranger(start, end + 1, words) if len(words) > 2 or words.isupper() else None

    def is_name_word(self, token: Token) -> bool:
        """Tell whether a word can be part of a name: a proper noun, or a capital where the grammar asks for none."""
        if not token.text[:1].isupper():
            return False
        if self.vocabulary.has("calendar", token.lower_) or self.vocabulary.has("indefinite", token.lower_):
            return False
        if token.pos_ == "NUM":
            return any(c.isdigit() for c in token.text)  # a name such as M23
        return token.pos_ == "PROPN" or (token.pos_ in {"NOUN", "ADJ"} and self._is_marked(token))

    def _is_marked(self, token: Token) -> bool:
        """Tell whether a capital means a name: not the first word, nor a word of a headline."""
        before = self.doc[token.i - 1] if token.i > token.sent.start else None
        if before is None or before.text in {"“", '"', "‘", "(", ":"}:
            return False
        first = token.sent.start
        if first not in self._with_verb:
            verbs = (w for w in token.sent if w.pos_ in {"VERB", "AUX"})
            self._with_verb[first] = any(w.text.islower() for w in verbs)
        return self._with_verb[first]

    def _goes_on(self, at: int, beyond: int) -> bool:
        word = self.doc[at]
        if word.pos_ == "PROPN" and word.text[:1].isalnum():
            return not self.vocabulary.has("calendar", word.lower_)
        if word.text in _HYPHENS or word.lower_ in function_words("inside a name"):
            return not word.whitespace_ or word.text not in _HYPHENS
        if word.lower_ in function_words("inside a body's name") and self._is_office(at - 1):
            return beyond < len(self.doc) and (self.doc[at + 1].pos_ == "PROPN")
        return word.pos_ in {"ADJ", "NOUN"} and word.text[:1].isupper() and self._is_marked(word)

    def _is_office(self, at: int) -> bool:
        if at < 0:
            return False
        word = self.doc[at]
        head = self.vocabulary.head(word.lower_, word.lemma_.lower())
        return word.text[:1].isupper() and head is not None and head.role in _BODY_ROLES

    def is_title(self, word: Token) -> bool:
        """Tell whether a word is a title before a name ("Gen.", "President")."""
        return self.vocabulary.has("title", word.lower_)

    def has_title(self, stranger: Stranger) -> bool:
        """Tell whether a title or a noun of office stands right before the name."""
        before = self.doc[stranger.start - 1] if stranger.start else None
        if before is None or before.sent.start != self.doc[stranger.start].sent.start:
            return False
        head = self.vocabulary.head(before.lower_, before.lemma_.lower())
        return self.is_title(before) or (head is not None and head.role == "person")

    def is_person(self, stranger: Stranger) -> bool:
        """Tell whether a person bears the name; a lone word is a person only with a title or an earlier full name."""
        words = [w for w in self.doc[stranger.start : stranger.end] if w.text not in _HYPHENS]
        heads = [h for w in words if (h := self.vocabulary.head(w.lower_, w.lemma_.lower()))]
        if any(h.role in _PLACE_ROLES for h in heads[-1:]):
            return False
        if self.has_title(stranger) or self._has_office_beside(stranger):
            return not any(h.role in _BODY_ROLES for h in heads[-1:])
        if self.surname(stranger):
            return True
        if any(h.role in _BODY_ROLES for h in heads) or self._is_definite(stranger):
            return False
        if self.is_town(stranger.words):
            return False
        lower = [w for w in words if w.lower_ in function_words("not in a person's name")]
        shout = [w for w in words if len(w.text) > 1 and w.text.isupper()]
        return 2 <= len(words) <= 5 and not lower and not shout

    def _is_definite(self, stranger: Stranger) -> bool:
        before = self.doc[stranger.start - 1] if stranger.start else None
        return before is not None and before.lower_ == "the"

    def _has_office_beside(self, stranger: Stranger) -> bool:
        for token in self.doc[stranger.start : stranger.end]:
            for child in token.children:
                if child.dep_ in {"appos", "nmod:desc"} and not stranger.start <= child.i < stranger.end:
                    head = self.vocabulary.head(child.lower_, child.lemma_.lower())
                    if head is not None and head.role == "person":
                        return True
        return False

    def surname(self, stranger: Stranger) -> str | None:
        """Give the key of the one full name in the article that ends in these words; None where there are two."""
        atoms = fold(stranger.words)
        keys = {key for name, key in self.full_names.items() if atoms and name[-len(atoms) :] == atoms}
        return next(iter(keys)) if len(keys) == 1 else None

    def introduce(self, words: str, key: str) -> None:
        """Keep a full name of the article, so that the surname alone means the same person later."""
        atoms = fold(words)
        if len(atoms) > 1:
            self.full_names[atoms] = key

    def agent(self, stranger: Stranger) -> Agent:
        """Make the agent of the name: a person, or a body whose class follows from its head noun."""
        if self.is_person(stranger):
            key = self.surname(stranger) or slug(stranger.words)
            return Agent(key, "Person", stranger.words, minted=True)
        return Agent(minted_key(stranger.words), self.kind(stranger), stranger.words, minted=True)

    def learn(self, token: Token) -> None:
        """Learn the class of a name from the noun behind it: who has "fighters" or "militants" is an armed group."""
        head = self.vocabulary.head(token.head.lower_, token.head.lemma_.lower())
        if head is not None and head.role in {"fighters", "rebels", "militia"}:
            self._classes.setdefault(token.text.rstrip("s"), head.kind)

    def kind(self, stranger: Stranger) -> str:
        """Give the ontology class of a body from the nouns in its name, the last first, or from what it has."""
        learned = self._classes.get(stranger.words.rstrip("s"))
        if learned is not None:
            return learned
        for word in reversed(self.doc[stranger.start : stranger.end]):
            head = self.vocabulary.head(word.lower_, word.lemma_.lower())
            if head is not None and head.role in _BODY_ROLES:
                return head.kind
        return "Organization"

    def vote(self, stranger: Stranger, token: Token) -> None:
        """Count how the name is used here, so that later a doubtful use follows the clear ones."""
        case = case_of(token)
        if case in function_words("before a place") or self._follows_place_noun(token):
            self._votes[stranger.words, "place"] += 1
        elif base(token.dep_) == "nsubj":
            self._votes[stranger.words, "agent"] += 1
        elif token.dep_ == "obj" and self.vocabulary.has("reaching", token.head.lemma_.lower()):
            self._votes[stranger.words, "place"] += stranger.end - stranger.start == 1

    def _follows_place_noun(self, token: Token) -> bool:
        beside = [token.head] if token.dep_ in {"nmod", "appos", "compound", "nmod:desc", "flat"} else []
        beside += [c for c in token.children if c.dep_ in {"compound", "appos", "nmod:desc"}]
        for word in beside:
            head = self.vocabulary.head(word.lemma_.lower())
            if head is not None and head.role in {"settlement", "region"}:
                return token.dep_ != "nmod" or case_of(token) == "of"
        return False

    def is_place(self, stranger: Stranger) -> bool:
        """Tell whether the article uses the name more as a place than as somebody who acts."""
        last = self.doc[stranger.end - 1]
        head = self.vocabulary.head(last.lower_, last.lemma_.lower())
        if head is not None and head.role in _PLACE_ROLES and stranger.end - stranger.start > 1:
            return True
        if head is not None and head.role in _BODY_ROLES:
            return False
        votes = self._votes[stranger.words, "place"]
        votes += _TOWN if not self.is_person(stranger) and self.is_town(stranger.words) else 0
        return votes > self._votes[stranger.words, "agent"]

    def is_actor(self, stranger: Stranger) -> bool:
        """Tell whether the article ever lets the name act or speak, or titles it."""
        if self._votes[stranger.words, "agent"] or self.has_title(stranger) or self.surname(stranger):
            return True
        return self.kind(stranger) != "Organization" or self.doc[stranger.start].text.isupper()


def minted_key(words: str) -> str:
    """Make the key of a body that no data file has: a slug without article, in one of two usual spellings."""
    key = slug(words)
    for british, american in spellings("house"):
        key = key.replace(british, american)
    return key.removeprefix("the-") or key


def unnamed_key(words: Sequence[str]) -> str:
    """Make the key of an unnamed source from the words that describe it."""
    return "unnamed:" + slug(" ".join(words))
