"""Small questions to a parse (Universal Dependencies): the subject of a verb, the words of a noun phrase.

Every walk is bounded, so that a hostile or broken parse costs a fixed amount of work for each word.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from typing import TYPE_CHECKING

from loaders.text.wordlists import function_words

if TYPE_CHECKING:
    from loaders.meaning.parse import Doc, Token

NOMINAL = frozenset({"NOUN", "PROPN", "PRON", "NUM", "SYM"})
_INSIDE_PHRASE = frozenset(
    {"det", "det:predet", "amod", "compound", "nummod", "nmod:poss", "flat", "fixed", "nmod:desc", "appos",
     "goeswith", "nmod:unmarked", "conj", "cc", "punct", "advmod", "dep", "case"}
)  # fmt: skip
_BEFORE_HEAD = frozenset(
    {"det", "det:predet", "amod", "compound", "nummod", "nmod:poss", "nmod:desc", "advmod", "flat"}
)
_STEPS = 12  # a chain of conjunctions, controls or auxiliaries is never longer in news


def base(dep: str) -> str:
    """Give the relation without its subtype: "nsubj:pass" is "nsubj"."""
    return dep.partition(":")[0]


def children(token: Token, *deps: str) -> list[Token]:
    """List the dependents that stand in one of the relations, subtypes included unless one is named."""
    return [c for c in token.children if c.dep_ in deps or base(c.dep_) in deps]


def conjuncts(token: Token) -> list[Token]:
    """List the word and those coordinated with it, in the order of the text."""
    found, waiting = [token], children(token, "conj")
    while waiting and len(found) < 4 * _STEPS:
        word = waiting.pop(0)
        found.append(word)
        waiting.extend(children(word, "conj"))
    return found


def first_conjunct(token: Token) -> Token:
    """Climb from a coordinated word to the first of its series."""
    for _ in range(_STEPS):
        if token.dep_ != "conj" or token.head.i == token.i:
            break
        token = token.head
    return token


def case_of(token: Token) -> str:
    """Give the adposition of a nominal, lower case: "into", "with", "because of"; empty where it has none.

    A coordinated nominal without its own shares the one of the first of its series.
    """
    own = _own_case(token)
    if own or token.dep_ != "conj":
        return own
    return _own_case(first_conjunct(token))


def _own_case(token: Token) -> str:
    for word in token.children:
        if word.dep_ == "case" and word.lower_ not in function_words("possessive"):
            return " ".join([word.lower_, *(c.lower_ for c in word.children if c.dep_ == "fixed")])
    return ""


def phrase(token: Token, *, right: bool = True) -> list[Token]:
    """List the words of the noun phrase that the token heads, without its clauses and prepositional parts."""
    found, waiting = {token.i: token}, [token]
    while waiting and len(found) < 60:
        word = waiting.pop()
        for child in word.children:
            if child.dep_ not in _INSIDE_PHRASE or (
                child.dep_ in {"conj", "cc", "punct"} and word.i == token.i
            ):
                continue
            if child.dep_ == "case" and word.i == token.i:
                continue
            if child.dep_ == "appos" and word.i != token.i:
                continue
            if (right or child.i < token.i) and child.i not in found:
                found[child.i] = child
                waiting.append(child)
    return [found[i] for i in sorted(found)]


def modifiers(token: Token) -> list[Token]:
    """List the words before the head that belong to its phrase, with what is coordinated with them."""
    found: dict[int, Token] = {}
    waiting = [c for c in token.children if c.dep_ in _BEFORE_HEAD and c.i < token.i]
    while waiting and len(found) < 40:
        word = waiting.pop(0)
        found[word.i] = word
        waiting.extend(
            c
            for c in word.children
            if (c.dep_ in _BEFORE_HEAD or c.dep_ in {"conj", "nmod"}) and c.i not in found
        )
    return [found[i] for i in sorted(found) if i < token.i]


def is_definite(token: Token) -> bool:
    """Tell whether the noun phrase points back: an article "the" or a demonstrative."""
    return any(c.dep_ == "det" and c.lower_ in function_words("definite") for c in token.children)


def is_passive(verb: Token) -> bool:
    """Tell whether a verb form is passive: it has a passive auxiliary or subject, or is a bare past participle."""
    if any(c.dep_ in {"aux:pass", "nsubj:pass"} for c in verb.children):
        return True
    bare = verb.dep_ in {"acl", "amod"} or (verb.dep_ == "advcl" and not children(verb, "obj", "nsubj"))
    return bare and "VerbForm=Part" in str(verb.morph) and "Tense=Past" in str(verb.morph)


def auxiliaries(verb: Token) -> list[Token]:
    """List the auxiliaries of a verb, with those of the first of its series where it has none and no subject."""
    own = children(verb, "aux")
    if own or verb.dep_ != "conj" or children(verb, "nsubj"):
        return own
    return children(first_conjunct(verb), "aux")


def subjects(verb: Token, *, depth: int = 0) -> list[Token]:
    """List the heads of what does or undergoes the verb, from its own clause or the clause that controls it."""
    if depth > _STEPS:
        return []
    own = children(verb, "nsubj")
    if own:
        return [_antecedent(verb, subject) for subject in own if subject.dep_ != "nsubj:outer"][:1]
    relation = base(verb.dep_)
    if relation == "conj":
        return subjects(verb.head, depth=depth + 1)
    if relation == "xcomp":
        objects = children(verb.head, "obj", "iobj")
        return objects[:1] or subjects(verb.head, depth=depth + 1)
    if relation == "acl" and verb.dep_ != "acl:relcl":
        infinitive = any(c.dep_ == "mark" for c in verb.children)
        return [] if infinitive else [verb.head]
    if relation in {"advcl", "ccomp"} and _is_bare(verb):
        return subjects(verb.head, depth=depth + 1)
    return []


def _is_bare(verb: Token) -> bool:
    return not any(
        c.dep_ in {"nsubj", "nsubj:pass", "expl"} for c in verb.children
    ) and "VerbForm=Fin" not in str(verb.morph)


def _antecedent(verb: Token, subject: Token) -> Token:
    """Put the noun of a relative clause in the place of its "who" or "that"."""
    if subject.lower_ in function_words("relative") and subject.pos_ in {"PRON", "DET", "SCONJ"}:
        clause = first_conjunct(verb)
        if clause.dep_ in {"acl:relcl", "advcl:relcl"}:
            return clause.head
    return subject


def words_of(doc: Doc, start: int, end: int) -> tuple[int, int]:
    """Give the tokens, end exclusive, that lie in the characters start to end (code points)."""
    first = bisect_right(doc.ends, start)
    return first, max(first, bisect_left(doc.starts, end))


def root_of(doc: Doc, start: int, end: int) -> Token | None:
    """Give the word of a token range whose head lies outside it, the first of several."""
    for token in doc[start:end]:
        if token.dep_ in {"punct", "case", "cc", "det"} or token.is_space:
            continue
        if token.head.i == token.i or not start <= token.head.i < end:
            return token
    return doc[start] if start < end else None


def ancestors(token: Token) -> Iterator[Token]:
    """Walk from a word to the root of its sentence, at most sixty steps."""
    for _ in range(60):
        if token.head.i == token.i:
            return
        token = token.head
        yield token
