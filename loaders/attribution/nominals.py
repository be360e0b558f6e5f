"""How words other than verbs attribute: "the claim that", "it is unclear whether", "alleged", "allegedly".

Each function reads one word in a tree and gives a filled frame or None; the lexicon says what a word takes.
"""

from __future__ import annotations

from collections.abc import Sequence

from loaders.attribution.clauses import Tree
from loaders.attribution.frames import Frame, cue_words
from loaders.attribution.lexicon import Cue, Lexicon
from loaders.attribution.verbs import clause_words, is_question
from loaders.attribution.voices import find_possessor, find_source, find_subject, noun_phrase
from loaders.text.wordlists import function_words

_NAMED_TAKES = frozenset({"of", "for", "about", "over", "to"})


def read_noun(tree: Tree, head: int, rows: Sequence[Cue], lexicon: Lexicon) -> Frame | None:
    """Read "the claim that …", "allegations of …", "his request to …", with a verb that lends it a voice."""
    found = _noun_content(tree, head, rows, lexicon)
    if found is None:
        return None
    row, how, words, marks = found
    frame = Frame(head, [head], row, how, words=sorted(set(words)))
    frame.source = find_possessor(tree, head)
    _lend_voice(tree, head, frame, lexicon, marks)
    frame.words = [k for k in frame.words if k not in set(frame.source)]
    return frame


def _noun_content(
    tree: Tree, head: int, rows: Sequence[Cue], lexicon: Lexicon
) -> tuple[Cue, str, list[int], list[int]] | None:
    def row_for(*takes: str) -> Cue | None:
        return next((row for take in takes for row in rows if take in row.takes), None)

    for clause in tree.children(head, "acl", "ccomp"):
        if clause < head or tree.dep[clause] == "acl:relcl":
            continue
        marks = {tree.lower[k] for k in tree.children(clause, "mark")}
        if "to" in marks:
            row = row_for("inf")
        elif is_question(tree, clause, lexicon):
            row = row_for("wh")
        elif "that" in marks or find_subject(tree, clause) is not None:
            row = row_for("that")
        else:
            row = None
        if row is not None:
            return row, "noun clause", clause_words(tree, clause), []
    predicate = _predicate_of(tree, head, lexicon)
    if predicate is not None and row_for("inf", "that") is not None:
        row = row_for("inf", "that")
        assert row is not None
        return row, "noun predicate", predicate, []
    for k in tree.children(head, "nmod", "acl"):
        case = tree.case(k)
        row = row_for(_take_of(case)) if k > head else None
        if row is not None:
            marks_before = [m for m in tree.children(k, "case", "mark") if m < k]
            return row, "noun of", tree.subtree(k, without=frozenset(marks_before)), marks_before
    return None


def _take_of(case: str) -> str:
    """Give the code for what a noun takes by its preposition; "-" where no noun takes that one."""
    if case in function_words("about"):
        return "about"
    return case if case in _NAMED_TAKES else "-"


def _predicate_of(tree: Tree, head: int, lexicon: Lexicon) -> list[int] | None:
    """Give what a subject noun is said to be: "its goal is to …", "their demands include …"."""
    verb = tree.head[head]
    if not tree.dep[head].startswith("nsubj") or verb <= head:
        return None
    if lexicon.has("including", tree.lemma[verb]):
        thing = tree.child(verb, "obj")
        return tree.subtree(thing) if thing is not None else None
    if tree.lemma[verb] == "be" and tree.pos[verb] in {"VERB", "AUX"}:
        clause = tree.child(verb, "ccomp", "xcomp")
        return clause_words(tree, clause) if clause is not None else None
    copula = tree.child(verb, "cop")
    if copula is not None and copula > head and tree.pos[verb] == "VERB":
        without = {copula, *tree.subtree(head), *(k for k in tree.kids[verb] if k <= copula)}
        first = {k for k in tree.children(verb, "mark") if tree.lower[k] == "that"}
        return [k for k in tree.subtree(verb, without=frozenset(without)) if k > copula and k not in first]
    return None


def _lend_voice(tree: Tree, head: int, frame: Frame, lexicon: Lexicon, marks: list[int]) -> None:
    """Widen the cue to a verb that only lends the noun its voice: "raised concerns about", "issued a statement
    that"."""
    verb = tree.head[head]
    if tree.dep[head] != "obj" or verb >= head or head - verb > 5:
        return
    stirs = lexicon.has("stir", tree.lemma[verb])
    if not stirs and not lexicon.has("voice", tree.lemma[verb]):
        return
    if any(tree.dep[k] == "nmod:poss" for k in tree.kids[head]) and not stirs:
        return
    frame.cue = [k for k in range(cue_words(tree, verb)[0], head + 1) if tree.pos[k] != "SPACE"]
    if stirs and marks and frame.how == "noun of":
        frame.cue += [marks[0]] if marks[0] == head + 1 else []
    if not stirs and not frame.source:
        frame.source = find_source(tree, verb)
    frame.how += " voiced"


def read_adjective(tree: Tree, head: int, rows: Sequence[Cue], lexicon: Lexicon) -> Frame | None:
    """Read "it is unclear whether …", "is wary of …", "are convinced that …"."""
    copula = tree.child(head, "cop")
    clause = next((k for k in tree.children(head, "ccomp", "csubj", "advcl", "xcomp") if k > head), None)
    subject = find_subject(tree, head)
    impersonal = tree.child(head, "expl") is not None or (subject is not None and tree.lower[subject] == "it")
    row, words, marks = None, [], []
    for k in tree.children(head, "obl", "advcl"):
        case = tree.case(k)
        row = next((r for r in rows if r.particle == case and r.particle), None)
        if row is not None and k > head:
            marks = [m for m in tree.children(k, "case", "mark") if m < k]
            words = tree.subtree(k, without=frozenset(marks))
            break
        row = None
    if row is None and clause is not None:
        asks = is_question(tree, clause, lexicon)
        infinitive = any(tree.lower[k] == "to" for k in tree.children(clause, "mark"))
        take = "wh" if asks else "inf" if infinitive else "that"
        row = next((r for r in rows if take in r.takes and not r.particle), None)
        words = clause_words(tree, clause)
    if row is None or (
        copula is None
        and tree.dep[head] not in {"acl", "advcl", "xcomp", "root", "conj", "parataxis", "ROOT"}
    ):
        return None
    cue = [head] if impersonal or copula is None else cue_words(tree, head)
    frame = Frame(
        head, cue + marks[:1] if marks and marks[0] == head + 1 else cue, row, "adjective", words=words
    )
    if not impersonal:
        frame.source = find_source(tree, head)
    return frame


def read_modifier(tree: Tree, cue: Sequence[int], row: Cue) -> Frame | None:
    """Read "alleged ties to …", "its self-proclaimed caliphate": the noun phrase from here on is the content."""
    head = cue[-1]
    noun = tree.head[head]
    if tree.dep[head] not in {"amod", "compound", "acl"} or noun <= head or noun - head > 8:
        near = _noun_behind(tree, head) if len(cue) > 1 else None
        if near is None:
            return None
        return _own_name(
            tree, Frame(head, list(cue), row, "modifier", words=list(range(head + 1, near + 1))), near
        )
    relative = frozenset(
        k
        for k in tree.children(noun, "acl:relcl", "appos", "conj", "cc", "parataxis")
        if k > noun and tree.dep[k] != "acl"
    )
    words = [k for k in tree.subtree(noun, without=relative) if k > head]
    return _own_name(tree, Frame(head, list(cue), row, "modifier", words=words), noun)


def _noun_behind(tree: Tree, head: int) -> int | None:
    """Give the noun that a hyphenated modifier stands before, where the parse has hung the modifier elsewhere."""
    for k in range(head + 1, min(head + 5, len(tree))):
        if tree.pos[k] in {"NOUN", "PROPN"}:
            return k
        if tree.pos[k] not in {"ADJ", "PUNCT"}:
            return None
    return None


def _own_name(tree: Tree, frame: Frame, noun: int) -> Frame:
    """Give a modifier such as "self-proclaimed" its source: whose the noun is."""
    row, cue = frame.entry, frame.cue
    if row.lemma.startswith("self-"):
        before = cue[0] - 1
        owns = (
            before >= 0
            and tree.pos[before] == "PRON"
            and tree.lower[before] not in function_words("subject pronoun")
        )
        frame.source = [before] if owns else find_possessor(tree, noun)
    return frame


def read_adverb(tree: Tree, head: int, row: Cue) -> Frame | None:
    """Read "reportedly", "allegedly": the clause or phrase that the adverb bears on is the content."""
    governor = tree.head[head]
    if governor == head:
        return Frame(head, [head], row, "adverb", words=[k for k in tree.subtree(head) if k != head])
    if not tree.is_clause(governor) and tree.dep[governor] in {"amod", "advmod", "nummod"}:
        governor = tree.head[governor]
    words = set(tree.subtree(governor, without=frozenset(_outside(tree, governor))))
    words -= set(tree.subtree(head))
    if tree.is_clause(governor):
        words |= set(_shared_subject(tree, governor))
    else:
        words = {k for k in words if k > head} if governor > head else words
    return Frame(head, [head], row, "adverb", words=sorted(words))


def _outside(tree: Tree, governor: int) -> list[int]:
    """Give what hangs on a clause but does not belong to what an adverb in it bears on."""
    kids = tree.children(governor, "cc", "mark", "parataxis", "case")
    later = [k for k in tree.children(governor, "conj") if find_subject(tree, k) is not None]
    return [k for k in kids if k < governor] + later


def _shared_subject(tree: Tree, governor: int) -> list[int]:
    if find_subject(tree, governor) is not None:
        return []
    if tree.dep[governor] == "conj":
        upper = find_subject(tree, tree.head[governor])
        return noun_phrase(tree, upper) if upper is not None else []
    if tree.dep[governor] == "acl":
        noun = tree.head[governor]
        return noun_phrase(tree, noun, without=frozenset(k for k in tree.kids[noun] if k >= governor))
    return []
