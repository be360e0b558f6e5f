"""Verbs in the passive: "is believed to …", "was described as …", "the charge was denied by X", "was told to
…".

What is ascribed stands in two pieces here, the subject before the verb and the rest behind it. The source
is the agent, if one is named.
"""

from __future__ import annotations

from loaders.attribution.frames import Frame
from loaders.attribution.verbs import Verb, as_complement, find_addressee, is_infinitive
from loaders.attribution.voices import find_agent, find_subject, noun_phrase, relative_clause
from loaders.text.wordlists import function_words


def read_passive_order(verb: Verb) -> Frame | None:
    tree, head = verb.tree, verb.head
    row = verb.row("order")
    clause = next(
        (k for k in tree.children(head, "xcomp", "advcl") if k > head and is_infinitive(tree, k)), None
    )
    if row is None or clause is None:
        return None
    frame = verb.frame(row, "passive order", tree.subtree(clause))
    frame.addressee = find_addressee(verb, row)
    return frame


def read_raised(verb: Verb) -> Frame | None:
    """Read "X is believed to do it", "X was reported killed": the content is X and the rest."""
    tree, head = verb.tree, verb.head
    rows = [
        row
        for row in (verb.row("pass"), verb.row("passinf"), verb.row("passas"), verb.row("pred"))
        if row is not None
    ]
    if not rows:
        return None
    clause = next(
        (
            k
            for k in tree.children(head, "xcomp", "ccomp")
            if k > head and (tree.dep[k] == "xcomp" or is_infinitive(tree, k))
        ),
        None,
    )
    subject = find_subject(tree, head)
    if clause is None:
        return None
    to = [k for k in tree.children(clause, "mark") if tree.lower[k] == "to"]
    row = next((r for r in rows if to or r.takes & {"passas", "pred", "pass"}), None)
    if row is None:
        return None
    believed = row.stance == "Belief" and to and any(tree.dep[k] == "aux:pass" for k in tree.kids[head])
    frame = verb.frame(
        row, "raised", tree.subtree(clause, without=to if believed else ()), particles=to if believed else ()
    )
    frame.words = sorted({*_passive_subject(verb, subject), *frame.words})
    return frame


def _passive_subject(verb: Verb, subject: int | None) -> list[int]:
    """Give the words of what a passive speaks of: its subject, its antecedent, or the noun a participle hangs
    on."""
    tree, head = verb.tree, verb.head
    if subject is not None and tree.lower[subject] not in function_words("relative"):
        return noun_phrase(tree, subject)
    clause = relative_clause(tree, head)
    if subject is not None and clause is not None:
        noun = tree.head[clause]
        return noun_phrase(tree, noun, without=frozenset(k for k in tree.kids[noun] if k >= clause))
    if tree.dep[head] == "acl":
        noun = tree.head[head]
        return noun_phrase(tree, noun, without=frozenset(k for k in tree.kids[noun] if k >= head))
    if tree.dep[head] == "conj":
        upper = find_subject(tree, tree.head[head])
        return noun_phrase(tree, upper) if upper is not None else []
    return []


def read_passive_as(verb: Verb) -> Frame | None:
    """Read "was identified as a thief" and "fighting described as fierce", and "was regarded | as lost"."""
    tree, head = verb.tree, verb.head
    row = verb.row("as", "passas") or verb.row("as", particle=None)
    complement = as_complement(tree, head)
    if row is None or complement is None:
        return read_of(verb)
    mark = next(iter(k for k in tree.children(complement, "case", "mark") if tree.lower[k] == "as"), None)
    without = () if mark is None else (mark,)
    if any(tree.dep[k] == "aux:pass" for k in tree.kids[head]):
        # With what is held true, "as" belongs to the content.
        without = () if "passas" in row.takes else without
        frame = verb.frame(row, "passive as", tree.subtree(complement, without=without), particles=without)
        frame.words = sorted({*_passive_subject(verb, find_subject(tree, head)), *frame.words})
        return frame
    return verb.frame(row, "participle as", tree.subtree(complement, without=without), particles=without)


def read_of(verb: Verb) -> Frame | None:
    """Read "is accused of doing it", "was charged with murder"."""
    tree, head = verb.tree, verb.head
    for k in tree.children(head, "obl", "advcl"):
        case = tree.case(k)
        row = verb.row("passof", particle=case)
        if row is not None and k > head:
            marks = [m for m in tree.children(k, "case", "mark") if m < k]
            frame = verb.frame(row, "passive of", tree.subtree(k, without=marks), particles=marks[:1])
            frame.words = sorted({*_passive_subject(verb, find_subject(tree, head)), *frame.words})
            return frame
    return None


def read_passive_object(verb: Verb) -> Frame | None:
    """Read "the charge was denied by X", "39 deaths were reported": the subject is what is ascribed."""
    tree, head = verb.tree, verb.head
    subject = find_subject(tree, head)
    row = verb.row("obj", "pass", "that")
    if row is None or subject is None or tree.dep[subject] != "nsubj:pass":
        return None
    if find_agent(tree, head) is None and "pass" not in row.takes:
        return None
    words = _passive_subject(verb, subject)
    return verb.frame(row, "passive object", words) if words else None
