"""Whose voice it is: the words of the source for a cue, found along the parse.

The source is kept as it stands in the text: a pronoun stays a pronoun, a definite description stays one.
Who it is gets decided later, by resolution. It is the whole noun phrase, appositions and relative clauses
with it, except where the cue itself stands in that relative clause.
"""

from __future__ import annotations

from loaders.attribution.clauses import Tree
from loaders.attribution.lexicon import Lexicon
from loaders.text.wordlists import function_words

_SUBJECTS = ("nsubj", "nsubj:pass")
_CLIMBING = frozenset({"conj", "advcl", "xcomp", "parataxis", "ccomp", "dep", "advcl:relcl"})
_NAMING = frozenset({"NOUN", "PROPN", "ADJ", "NUM", "DET"})
_BELONGING = frozenset(
    {"acl", "acl:relcl", "amod", "nmod", "compound", "advcl:relcl", "appos", "case", "fixed", "flat"}
)
_BRACKETS = frozenset({"(", ")", "-", "‑"})
_LONGEST_MEND = 10
_STEPS = 6


def noun_phrase(tree: Tree, head: int, *, without: frozenset[int] = frozenset()) -> list[int]:
    """Give the words of a noun phrase without its own preposition and edge punctuation."""
    case = {k for k in tree.children(head, "case", "mark", "cc") if k < head}
    words = tree.subtree(head, without=without | case)
    own = [k for k in words if tree.pos[k] not in {"PUNCT", "SPACE"}]
    if not own:
        return [head]
    words = [k for k in words if own[0] <= k <= own[-1] or _closes(tree, k, own[-1])]
    while len(words) > 1 and tree.lower[words[-1]] in function_words("possessive"):
        words.pop()
    return words


def _closes(tree: Tree, k: int, last: int) -> bool:
    return k == last + 1 and tree.lower[k] in {")", "]"}


def widen_phrase(tree: Tree, words: list[int], cue: list[int], lexicon: Lexicon) -> list[int]:
    """Mend the edges of a source beside its cue: names and nouns up to the cue belong to it, a closing time
    does not.

    Long names and titles are where parses of news break most.
    """
    if min(words) < cue[0] < max(words):
        words = [k for k in words if k < cue[0]]
    first, last = min(words), max(words)
    if last < cue[0]:
        first = _skip_clause(tree, words, first, last)
        between = range(last + 1, cue[0])
        if len(between) <= _LONGEST_MEND and all(
            _names(tree, k) or tree.lower[k] in _BRACKETS for k in between
        ):
            last = max([last, *between])
        first = _reach_left(tree, first, lexicon)
        at = next((k for k in range(first + 1, last + 1) if _is_time(tree, k, last, lexicon)), None)
        last = at - 1 if at is not None else last
    elif first > cue[-1]:
        last = _reach_on(tree, last, lexicon)
        at = next((k for k in range(first + 1, last + 1) if _is_aside(tree, k, last, lexicon)), None)
        last = at - 1 if at is not None else last
    return [k for k in range(first, last + 1) if tree.pos[k] != "SPACE"]


def _names(tree: Tree, k: int) -> bool:
    return tree.pos[k] in _NAMING or tree.lower[k] in function_words("possessive")


def _reach_on(tree: Tree, last: int, lexicon: Lexicon) -> int:
    """Give where a name behind its cue really ends: "said the United | Nations' office"."""
    k = last + 1
    while k < len(tree) and tree.sentence[k] == tree.sentence[last] and k - last <= _LONGEST_MEND:
        if not _names(tree, k) or lexicon.has("time", tree.lower[k]) or tree.pos[k] == "DET":
            break
        k += 1
    return k - 1


def beside(tree: Tree, cue: int) -> list[int]:
    """Give the noun phrase that stands directly before a finite cue, adverbs left out: in print that is its
    subject."""
    k = cue - 1
    while k >= 0 and tree.pos[k] in {"ADV", "SPACE", "AUX"}:
        k -= 1
    if k < 0 or tree.sentence[k] != tree.sentence[cue] or tree.pos[k] not in {"NOUN", "PROPN", "PRON"}:
        return []
    last = k
    while (
        k > 0
        and tree.sentence[k - 1] == tree.sentence[cue]
        and last - k <= _LONGEST_MEND
        and _names(tree, k - 1)
    ):
        k -= 1
        if tree.pos[k] == "DET":
            break
    return list(range(k, last + 1))


def _reach_left(tree: Tree, first: int, lexicon: Lexicon) -> int:
    """Give where a name really begins: names, titles and owners directly before it belong to it."""
    if tree.pos[first] in {"PRON", "DET"}:
        return first
    start, k = first, first - 1
    while k >= 0 and first - k <= _LONGEST_MEND and tree.sentence[k] == tree.sentence[first]:
        if tree.pos[k] == "PRON" or lexicon.has("time", tree.lower[k]):
            break
        if _names(tree, k) or (tree.lower[k] in {"-", "of"} and k > 0 and _names(tree, k - 1)):
            start = k if _names(tree, k) and tree.lower[k] not in function_words("possessive") else start
        else:
            break
        if tree.pos[k] == "DET":
            break
        k -= 1
    return start


def _skip_clause(tree: Tree, words: list[int], first: int, last: int) -> int:
    """Give where a source before its cue begins, once a clause that a parse has swallowed into it is left out."""
    inside = set(words)
    for k in range(last - 1, first, -1):
        if (
            tree.lower[k] == "that"
            and tree.pos[k] == "SCONJ"
            and any(tree.pos[x] == "VERB" for x in range(first, k))
        ):
            return k + 1
    for k in range(last, first, -1):
        if tree.pos[k] not in {"VERB", "AUX", "SCONJ"} or k not in inside:
            continue
        chain = [k, *tree.ancestors(k)]
        if not any(tree.dep[x] in _BELONGING for x in chain if x in inside) and k + 1 <= last:
            return k + 1
    return first


def _is_time(tree: Tree, k: int, last: int, lexicon: Lexicon) -> bool:
    """Tell whether the words from here to the end only say when: "on Thursday", "yesterday", "last week"."""
    rest = [x for x in range(k, last + 1) if tree.pos[x] not in {"PUNCT", "SPACE", "NUM"}]
    if not rest or len(rest) > 4 or not any(lexicon.has("time", tree.lower[x]) for x in rest):
        return False
    return all(tree.pos[x] in {"ADP", "DET"} or lexicon.has("time", tree.lower[x]) for x in rest)


def _is_aside(tree: Tree, k: int, last: int, lexicon: Lexicon) -> bool:
    """Tell whether a source that follows its cue ends before this preposition: "in a statement", "on Tuesday"."""
    if _is_time(tree, k, last, lexicon):
        return True
    if tree.lower[k] not in function_words("opens an aside"):
        return False
    return any(lexicon.has("channel", tree.lower[x]) for x in range(k + 1, min(k + 5, last + 1)))


def find_subject(tree: Tree, verb: int) -> int | None:
    """Give the head of the subject of a verb that has its own; an expletive is none."""
    return next((k for k in tree.children(verb, *_SUBJECTS) if tree.dep[k] != "nsubj:outer"), None)


def find_agent(tree: Tree, verb: int) -> int | None:
    """Give the head of the agent of a passive: "by X"."""
    agent = next((k for k in tree.children(verb, "obl") if tree.dep[k] == "obl:agent"), None)
    if agent is not None:
        return agent
    return next((k for k in tree.children(verb, "obl") if tree.case(k) == "by"), None)


def subject_words(tree: Tree, subject: int, verb: int) -> list[int]:
    """Give the words of a subject; a relative pronoun stands for the noun that its clause describes."""
    if tree.lower[subject] in function_words("relative of a person") and not tree.kids[subject]:
        clause = relative_clause(tree, verb)
        if clause is not None:
            noun = tree.head[clause]
            return noun_phrase(tree, noun, without=clauses_from(tree, noun, clause))
    return noun_phrase(tree, subject)


def clauses_from(tree: Tree, noun: int, clause: int) -> frozenset[int]:
    """Give what to leave out of an antecedent: the clause of the cue and all that hangs on the noun after it."""
    return frozenset(k for k in tree.kids[noun] if k >= clause)


def relative_clause(tree: Tree, verb: int) -> int | None:
    """Give the head of the relative clause that a verb stands in, over conjunctions, or None."""
    at = verb
    for _ in range(_STEPS):
        if tree.dep[at] in {"acl:relcl", "advcl:relcl"}:
            return at
        if tree.dep[at] not in {"conj", "xcomp"} or tree.head[at] == at:
            return None
        at = tree.head[at]
    return None


def find_source(tree: Tree, verb: int) -> list[int]:
    """Find the words of the source of an active verb; empty where nobody is said to speak.

    Participles, conjuncts and infinitives share the subject of the clause they hang on; a participle on a
    noun has that noun for source.
    """
    at = verb
    for _ in range(_STEPS):
        subject = find_subject(tree, at)
        if subject is not None:
            return subject_words(tree, subject, at)
        if tree.child(at, "expl") is not None or tree.child(at, "csubj") is not None:
            return []
        if tree.dep[at] == "acl" and _is_set_off(tree, at):
            subject = _clause_subject(tree, tree.head[at])
            if subject is not None:
                return subject_words(tree, subject, tree.head[subject])
        if tree.dep[at] in {"acl", "acl:relcl"}:
            noun = tree.head[at]
            return noun_phrase(tree, noun, without=clauses_from(tree, noun, at))
        if tree.dep[at] == "xcomp":
            told = tree.child(tree.head[at], "obj", "iobj")
            if told is not None and told < at:
                return noun_phrase(tree, told)
        if tree.dep[at] not in _CLIMBING or tree.head[at] == at:
            return []
        at = tree.head[at]
    return []


def _is_set_off(tree: Tree, verb: int) -> bool:
    """Tell whether a participle stands behind a comma: it then tells of the clause's subject, not of the noun
    before."""
    return tree.lower[verb].endswith("ing") and verb > 0 and tree.lower[verb - 1] == ","


def _clause_subject(tree: Tree, noun: int) -> int | None:
    """Give the subject of the clause that a noun stands in."""
    for above in (noun, *tree.ancestors(noun)):
        subject = find_subject(tree, above)
        if subject is not None:
            return subject
    return None


def find_possessor(tree: Tree, noun: int) -> list[int]:
    """Find whose a noun is: "its", "the president's", "claims by X", "an order from X"; empty where nobody is
    named."""
    owner = next((k for k in tree.children(noun, "nmod") if tree.dep[k] == "nmod:poss"), None)
    if owner is not None:
        return noun_phrase(tree, owner)
    for k in tree.children(noun, "nmod", "obl"):
        if k > noun and tree.case(k) in function_words("of whose"):
            return noun_phrase(tree, k)
    return []
