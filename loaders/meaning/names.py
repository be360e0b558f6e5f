"""Names as text spells them: one folding for all spellings, and one pass that finds every known name in an article.

The house writes Al Bukamal, its sources Albu Kamal, Al-Bukamal and Boukamal. Names are compared without case,
accents, hyphens, apostrophes and spaces, and with the few letters that transliterations swap. What a folding this
plain can't join is an alternative label in the data, never a rule here.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, Literal

from loaders.meaning.vocabulary import spellings
from loaders.text.wordlists import function_words

if TYPE_CHECKING:
    from loaders.meaning.parse import Doc

Use = Literal["name", "head", "metonym"]
LONGEST_NAME = 12  # atoms: no name in the data is longer, and the bound keeps the pass linear

_SHORT = 60  # characters; longer ones are not kept, so that what is kept stays small

_INITIALS = re.compile(r"\b(?:[A-Za-z]\.){2,}")
_APOSTROPHES = re.compile(r"['’‘`ʼʻʿʾ]")
_POSSESSIVE = re.compile(r"['’]s\b")
_ATOM = re.compile(r"[^\W_]+")
_DOUBLED = re.compile(r"([bcdfghjklmnpqrstvwxyz])\1")


def fold(words: str) -> tuple[str, ...]:
    """Split words into folded atoms: lower case, no accents, doubled consonants single, ou and oo as u."""
    return _fold_short(words) if len(words) <= _SHORT else _fold(words)


@lru_cache(maxsize=50_000)
def _fold_short(words: str) -> tuple[str, ...]:
    """Fold a word or a name once: an article names the same few things over and over."""
    return _fold(words)


def _fold(words: str) -> tuple[str, ...]:
    plain = _INITIALS.sub(lambda found: found.group().replace(".", ""), words)
    plain = _APOSTROPHES.sub("", _POSSESSIVE.sub("", plain))
    if not plain.isascii():
        plain = "".join(c for c in unicodedata.normalize("NFKD", plain) if not unicodedata.combining(c))
    return tuple(_fold_atom(atom) for atom in _ATOM.findall(plain.lower()))


def _fold_atom(atom: str) -> str:
    for old, new in spellings("transliteration"):
        atom = atom.replace(old, new)
    return _DOUBLED.sub(r"\1", atom)


def article_free(atoms: tuple[str, ...]) -> tuple[str, ...]:
    """Leave out an opening "the" and, where enough is left to tell names apart, an opening Arabic article."""
    if len(atoms) > 1 and atoms[0] == "the":
        atoms = atoms[1:]
    if len(atoms) > 1 and atoms[0] in function_words("Arabic article") and len("".join(atoms[1:])) >= 4:
        return atoms[1:]
    return atoms


@dataclass(frozen=True, slots=True)
class Name:
    """Hold one spelling of one thing: `use` tells a name from a generic head ("Syrian troops") or a metonym."""

    key: str
    kind: Literal["agent", "place"]
    use: Use
    written: str

    def fits(self, seen: str) -> bool:
        """Tell whether the text's capitals allow the name: "us" is no country, "is" no army."""
        letters = [c for c in seen if c.isalpha()]
        if not letters:
            return False
        if self.use == "head":
            return True
        short = sum(c.isalpha() for c in self.written) <= 3 and self.written.replace(".", "").isupper()
        if short:
            return all(c.isupper() for c in letters)
        return any(c.isupper() for c in letters)


@dataclass(frozen=True, slots=True)
class Found:
    """Hold a place in the text where a known name stands: token numbers, end exclusive, and whose it may be."""

    start: int
    end: int
    names: tuple[Name, ...]

    def keys(self, kind: str, *uses: Use) -> tuple[str, ...]:
        """List the keys of one kind ("agent" or "place"), of the uses named or of all."""
        wanted = uses or ("name", "head", "metonym")
        return tuple(dict.fromkeys(n.key for n in self.names if n.kind == kind and n.use in wanted))


@dataclass(frozen=True, slots=True)
class NameIndex:
    """Hold all known spellings, folded and joined; built once and shared by all articles of a process."""

    entries: Mapping[str, tuple[Name, ...]]
    prefixes: frozenset[str] = field(repr=False)

    @classmethod
    def of(cls, names: Iterable[Name]) -> NameIndex:
        """Index names by each form under which they are looked up."""
        entries: dict[str, dict[Name, None]] = {}
        for name in names:
            atoms = fold(name.written)
            forms = {"".join(atoms), "".join(article_free(atoms))} if atoms else set()
            for form in sorted(forms):
                entries.setdefault(form, {})[name] = None
        prefixes = {form[:end] for form in entries for end in range(1, len(form) + 1)}
        return cls({form: tuple(found) for form, found in entries.items()}, frozenset(prefixes))

    def lookup(self, words: str) -> tuple[Name, ...]:
        """Give what the words may name, without a look at their capitals."""
        atoms = fold(words)
        found = self.entries.get("".join(atoms), ())
        return found or self.entries.get("".join(article_free(atoms)), ())

    def find(self, doc: Doc) -> tuple[Found, ...]:
        """Find the longest known names in the parsed blocks, left to right, none overlapping another.

        The work is linear in the text: at most LONGEST_NAME steps from each word, fewer where no name begins so.
        """
        atoms = [(atom, token.i) for token in doc if token.dep_ for atom in _atoms_of(token.text)]
        return tuple(self._walk(doc, atoms))

    def _walk(self, doc: Doc, atoms: list[tuple[str, int]]) -> Iterator[Found]:
        at = 0
        while at < len(atoms):
            found = self._longest(doc, atoms, at)
            if found is None:
                at += 1
                continue
            yield found
            while at < len(atoms) and atoms[at][1] < found.end:
                at += 1

    def _longest(self, doc: Doc, atoms: list[tuple[str, int]], at: int) -> Found | None:
        joined, best = "", None
        for n in range(at, min(at + LONGEST_NAME, len(atoms))):
            joined += atoms[n][0]
            if joined not in self.prefixes:
                break
            last = atoms[n][1]
            if joined in self.entries:
                seen = doc[atoms[at][1] : last + 1].text
                names = tuple(name for name in self.entries[joined] if name.fits(seen))
                if names:
                    best = Found(atoms[at][1], last + 1, names)
        return best


def _atoms_of(word: str) -> tuple[str, ...]:
    return () if word in function_words("possessive") else fold(word)
