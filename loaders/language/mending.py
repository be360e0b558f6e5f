"""Small repairs to a parse before anything is read from it.

A small model errs in ways that can be seen: a coordinated subject left beside the first one, a preposition hung on
the wrong noun, an object hung on a far verb. Each rule here touches only what is no valid tree of Universal
Dependencies, or what the order of English words rules out; a sound parse passes unchanged.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from loaders.text.wordlists import function_words

# The rules look at each word with each other: a sentence longer than this is a list or rubbish, and stays as it is.
LONGEST_SENTENCE = 250

_NOMINAL = frozenset({"NOUN", "PROPN", "PRON", "NUM", "ADJ"})
_NOUN = frozenset({"NOUN", "PROPN"})
_ARGUMENTS = frozenset({"nsubj", "nsubj:pass", "obj", "iobj", "obl", "nmod"})
_CLAUSES = frozenset({"ccomp", "xcomp", "advcl", "acl"})
_OPENED = _CLAUSES | {"obl", "nmod"}
_CORE = frozenset({"nsubj", "nsubj:pass", "obj", "iobj"})
_PRE = frozenset({"DET", "ADJ", "NUM", "PROPN", "NOUN", "ADV"})


@dataclass
class _Tree:
    """Hold one sentence of the parse as lists; numbers are those of the whole text."""

    start: int
    end: int
    text: list[str]
    pos: list[str]
    dep: list[str]
    head: list[int]

    def of(self, i: int, *deps: str) -> list[int]:
        """List the dependents of a word in the relations named."""
        return [
            j for j in range(self.start, self.end) if self.head[j] == i and j != i and self.dep[j] in deps
        ]

    def hang(self, i: int, head: int, dep: str) -> None:
        """Hang a word elsewhere, unless that would make a circle."""
        at = head
        for _ in range(self.end - self.start):
            if at == i:
                return
            if self.head[at] == at:
                break
            at = self.head[at]
        self.head[i], self.dep[i] = head, dep


def mend(
    text: list[str], pos: list[str], dep: list[str], head: list[int], sentences: Iterable[tuple[int, int]]
) -> None:
    """Repair the visible faults of a parse in its lists: words in lower case, parts of speech, relations, heads.

    `sentences` are the bounds of those to look at; a head is a place in the lists. Work is bounded for each sentence.
    """
    for start, end in sentences:
        if end - start > LONGEST_SENTENCE:
            continue
        tree = _Tree(start, end, text, pos, dep, head)
        for rule in _RULES:
            rule(tree)


def _join_compounds(tree: _Tree) -> None:
    """Hang "X-held" before its noun: the participle on the noun, the name on the participle."""
    for i in range(tree.start + 2, tree.end - 1):
        if tree.text[i] not in function_words("compound participle") or tree.text[i - 1] not in {"-", "‑"}:
            continue
        noun = i + 1
        while (
            noun + 1 < tree.end and tree.pos[noun] in {"ADJ", "PROPN", "NOUN"} and tree.pos[noun + 1] in _NOUN
        ):
            noun += 1
        if tree.pos[noun] in _NOUN:
            tree.hang(i, noun, "amod")
            tree.hang(i - 1, i, "punct")
            tree.hang(i - 2, i, "compound")
            first = i - 3
            while (
                first >= tree.start
                and tree.head[first] == noun
                and tree.pos[first] in {"PROPN", "ADJ"}
                and tree.dep[first] in {"amod", "compound"}
            ):
                tree.hang(first, i - 2, "compound")
                first -= 1


def _share_names(tree: _Tree) -> None:
    """Make one phrase of neighbouring nouns that hang on the same verb in the same relation."""
    for i in range(tree.end - 2, tree.start - 1, -1):
        j = i + 1
        same = tree.head[i] == tree.head[j] and tree.dep[i] == tree.dep[j] and tree.dep[i] in _ARGUMENTS
        if same and tree.pos[i] in _NOUN and tree.pos[j] in _NOUN:
            tree.hang(i, j, "compound")


def _place_prepositions(tree: _Tree) -> None:
    """Hang a preposition on the noun phrase that follows it, not on one beyond another preposition."""
    for i in range(tree.start, tree.end):
        if tree.dep[i] != "case" or tree.pos[i] != "ADP" or tree.head[i] <= i:
            continue
        noun = _phrase_end(tree, i + 1)
        if noun is None or noun == tree.head[i]:
            continue
        if noun > tree.head[i]:
            if (
                tree.dep[tree.head[i]] in {"nmod:poss", "compound", "amod"}
                and tree.head[tree.head[i]] == noun
            ):
                tree.head[i] = noun
            continue
        between = [
            k for k in range(noun + 1, tree.head[i]) if tree.dep[k] == "case" and tree.head[k] >= tree.head[i]
        ]
        between += [k for k in range(noun + 1, tree.head[i]) if tree.pos[k] in {"ADP", "VERB", "CCONJ"}]
        if between:
            tree.head[i] = noun


def _phrase_end(tree: _Tree, at: int) -> int | None:
    """Give the last noun of the noun phrase that begins here."""
    last = None
    while at < tree.end and (tree.pos[at] in _PRE or tree.text[at] in {"-", "’s", "'s"}):
        if tree.pos[at] in _NOUN | {"NUM", "PRON"}:
            last = at
        at += 1
    return last


def _turn_marks(tree: _Tree) -> None:
    """Hang "as", "that" or a preposition on what it opens, never on a word before it ("described as fierce")."""
    for i in range(tree.start + 1, tree.end - 1):
        head = tree.head[i]
        if head >= i or tree.dep[i] not in {"mark", "case"} or tree.pos[i] not in {"ADP", "SCONJ"}:
            continue
        opened = next((k for k in range(i + 1, tree.end) if tree.head[k] == head), None)
        while opened is not None and tree.dep[opened] == "punct":
            opened = next((k for k in range(opened + 1, tree.end) if tree.head[k] == head), None)
        if opened is not None and tree.dep[opened].partition(":")[0] in _OPENED:
            tree.hang(i, opened, tree.dep[i])


def _demote_cases(tree: _Tree) -> None:
    """Make a subject or object with a preposition a part of the noun or verb before that preposition."""
    for i in range(tree.start, tree.end):
        if tree.dep[i] not in _CORE and not (tree.dep[i] == "nmod" and tree.head[i] > i):
            continue
        cases = [c for c in tree.of(i, "case") if tree.pos[c] == "ADP" and c < i]
        if not cases or cases[0] == tree.start:
            continue
        before = cases[0] - 1
        if tree.pos[before] in _NOUN:
            tree.hang(i, before, "nmod")
        elif tree.pos[before] == "VERB":
            tree.hang(i, before, "obl")
        elif tree.dep[i] in _CORE:
            tree.dep[i] = "obl"


def _coordinate(tree: _Tree) -> None:
    """Join to the first of a series what has an "and" but stands beside it in the same relation."""
    for i in range(tree.start, tree.end):
        if tree.dep[i] not in _ARGUMENTS | _CLAUSES or tree.pos[i] not in _NOMINAL | {"VERB"}:
            continue
        ands = [c for c in tree.of(i, "cc") if c < i]
        if not ands:
            continue
        before = [
            k
            for k in range(tree.start, ands[0])
            if tree.head[k] == tree.head[i] and tree.dep[k] == tree.dep[i]
        ]
        verbs = [k for k in range(before[-1] + 1, ands[0]) if tree.pos[k] == "VERB"] if before else []
        if before and (not verbs or tree.dep[i] in _CLAUSES) and tree.head[i] not in range(before[-1], i):
            tree.hang(i, before[-1], "conj")


def _near_objects(tree: _Tree) -> None:
    """Hang an object on the verb right before its phrase."""
    for i in range(tree.start + 1, tree.end):
        if tree.dep[i] != "obj" or tree.pos[i] not in _NOMINAL:
            continue
        at = i - 1
        while (
            at > tree.start
            and (tree.head[at] == i or tree.head[tree.head[at]] == i)
            and tree.pos[at] != "VERB"
        ):
            at -= 1
        if (
            tree.pos[at] == "VERB"
            and at != tree.head[i]
            and tree.dep[at] != "amod"
            and not tree.of(at, "obj")
        ):
            tree.hang(i, at, "obj")


def _near_subjects(tree: _Tree) -> None:
    """Give a verb the subject that stands between its own and another verb's words."""
    for i in range(tree.start, tree.end):
        if tree.dep[i] not in {"nsubj", "nsubj:pass"}:
            continue
        verb = tree.head[i]
        others = [k for k in tree.of(verb, "nsubj", "nsubj:pass") if k < verb]
        if i == verb + 1 and others and tree.pos[i] in _NOUN:
            tree.dep[i] = "obj"
        elif (
            i > verb
            and i + 2 < tree.end
            and tree.text[i + 1] == "to"
            and tree.pos[i + 2] == "VERB"
            and others
        ):
            tree.hang(i, i + 2, "nsubj")
        elif i < verb and others and others[-1] != i:
            nearer = [
                k
                for k in range(i + 1, others[-1])
                if tree.pos[k] == "VERB" and not tree.of(k, "nsubj", "nsubj:pass")
            ]
            if nearer and tree.dep[nearer[0]] not in {"amod", "acl"}:
                tree.hang(i, nearer[0], tree.dep[i])


def _complement(tree: _Tree) -> None:
    """Give the clause behind "denied that …" to that verb: nothing else stands before its "that"."""
    for i in range(tree.start + 1, tree.end):
        verb, clause = i - 1, tree.head[i]
        if tree.text[i] != "that" or tree.dep[i] != "mark" or tree.pos[verb] != "VERB":
            continue
        if clause > i and tree.head[clause] != verb and not tree.of(verb, "ccomp"):
            tree.hang(clause, verb, "ccomp")


def _uncross(tree: _Tree) -> None:
    """Hang a phrase on the verb of the clause that it stands in, not on one before that clause: English arcs do not
    cross there ("… and entered the city, waging battles | inside the town")."""
    for i in range(tree.start, tree.end):
        head = tree.head[i]
        if tree.dep[i] not in {"obl", "obj"} or head >= i:
            continue
        between = [
            k
            for k in range(head + 1, i)
            if tree.pos[k] == "VERB" and tree.dep[k] in {"advcl", "conj"} and tree.head[k] < head
        ]
        if between and not any(
            tree.dep[k] in {"obj", "obl"} and tree.head[k] == head for k in range(between[-1], i)
        ):
            tree.hang(i, between[-1], tree.dep[i])


def _demote_auxiliaries(tree: _Tree) -> None:
    """Make "have" an auxiliary of the verb that follows it and that the parse has made its clause."""
    for i in range(tree.start, tree.end - 1):
        if tree.text[i] not in function_words("perfect auxiliary"):
            continue
        verb = i + 1
        while verb < tree.end - 1 and tree.pos[verb] in {"ADV", "PART"} and tree.text[verb] != "to":
            verb += 1
        if tree.pos[verb] != "VERB" or tree.head[verb] != i or tree.dep[verb] not in _CLAUSES:
            continue
        head, dep = tree.head[i], tree.dep[i]
        tree.head[verb], tree.dep[verb] = (verb, dep) if head == i else (head, dep)
        for k in range(tree.start, tree.end):
            if tree.head[k] == i and k not in {i, verb}:
                tree.head[k] = verb
        tree.head[i], tree.dep[i], tree.pos[i] = verb, "aux", "AUX"


def _subordinate(tree: _Tree) -> None:
    """Call a clause with "after" or "while" and no "and" what it is."""
    for i in range(tree.start, tree.end):
        if tree.dep[i] == "conj" and tree.pos[i] == "VERB" and not tree.of(i, "cc"):
            marks = [m for m in tree.of(i, "mark") if tree.text[m] in function_words("subordinator")]
            if marks:
                tree.dep[i] = "advcl"


_RULES = (
    _demote_auxiliaries,
    _join_compounds,
    _share_names,
    _turn_marks,
    _place_prepositions,
    _demote_cases,
    _coordinate,
    _near_objects,
    _near_subjects,
    _complement,
    _subordinate,
    _uncross,
)
