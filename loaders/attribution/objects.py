"""Verbs whose content is a noun phrase or what is said of one: "denied the charge", "described X as Y",
"called for X"."""

from __future__ import annotations

from loaders.attribution.frames import Frame
from loaders.attribution.verbs import Verb, as_complement, is_infinitive, list_objects
from loaders.text.wordlists import function_words

_AFTER = ("obl", "advcl", "xcomp", "ccomp", "nmod")


def read_as(verb: Verb) -> Frame | None:
    """Read "described X as Y", "referred to X as Y": the content runs from X to the end of Y."""
    tree, head = verb.tree, verb.head
    complement = as_complement(tree, head)
    if complement is None or complement < head:
        return None
    row = verb.row("as")
    named: list[int] = list_objects(tree, head)
    particles: list[int] = []
    if row is None:
        for k in tree.children(head, "obl"):
            row = verb.row("as", particle=tree.case(k))
            if row is not None and k != complement:
                named, particles = [k], tree.children(k, "case")[:1]
                break
            row = None
    if row is None:
        return None
    named = [k for k in named if head < k < complement]
    if not named:
        marks = [m for m in tree.children(complement, "case", "mark") if tree.lower[m] == "as"]
        return verb.frame(row, "as", tree.subtree(complement, without=marks), particles=marks)
    words = [*tree.subtree(named[0], without=particles), *tree.subtree(complement)]
    return verb.frame(row, "as", words, particles=particles)


def read_predicate(verb: Verb) -> Frame | None:
    """Read "called X a thief", "declared the town liberated", "considers X dangerous"."""
    tree, head = verb.tree, verb.head
    row = verb.row("pred")
    if row is None:
        return None
    objects = [k for k in list_objects(tree, head) if k > head]
    clause = next((k for k in tree.children(head, "xcomp") if k > head), None)
    if objects and clause is not None:
        return verb.frame(row, "predicate", [*tree.subtree(objects[0]), *tree.subtree(clause)])
    if len(objects) == 2 and row.stance != "Directive":
        return verb.frame(row, "predicate", [*tree.subtree(objects[0]), *tree.subtree(objects[1])])
    return None


def read_particle(verb: Verb) -> Frame | None:
    """Read "called for X", "warned of X", "ruled out X": the particle belongs to the cue."""
    tree, head = verb.tree, verb.head
    if verb.particle is not None:
        row = verb.row("obj", particle=tree.lower[verb.particle])
        objects = [k for k in list_objects(tree, head) if k > head]
        if row is not None and objects:
            return verb.frame(row, "particle", tree.subtree(objects[0]))
    for k in tree.children(head, "obl", "advcl", "xcomp"):
        marks = [m for m in tree.children(k, "case", "mark") if m < k]
        if k < head or not marks or verb.lexicon.has("time", tree.lower[k]):
            continue
        if tree.case(k) == "to" and tree.pos[k] == "VERB" and not tree.lower[k].endswith("ing"):
            continue
        row = verb.row("obj", "ing", particle=tree.case(k))
        if row is None or not row.particle:
            continue
        words = tree.subtree(k, without=frozenset(marks))
        words += [
            x
            for c in tree.children(head, "advcl", "xcomp")
            if c > k and is_infinitive(tree, c)
            for x in tree.subtree(c)
        ]
        return verb.frame(row, "particle", words, particles=marks)
    return None


def read_placed(verb: Verb) -> Frame | None:
    """Read "put the toll at 90": the object and the number are the content."""
    tree, head = verb.tree, verb.head
    row = verb.row("at")
    objects = [k for k in list_objects(tree, head) if k > head]
    if row is None or not objects:
        return None
    for k in tree.children(head, "obl"):
        words = tree.subtree(k)
        if (
            tree.case(k) in function_words("before a figure")
            and k > objects[0]
            and any(tree.pos[x] == "NUM" for x in words)
        ):
            return verb.frame(row, "placed", [*tree.subtree(objects[0]), *words])
    return None


def read_accused(verb: Verb) -> Frame | None:
    """Read "accused X of doing it", "attributed X to Y": the object and what follows it are the content."""
    tree, head = verb.tree, verb.head
    row = verb.row("to") or verb.row("obj")
    if row is None or row.stance != "Accusation":
        return None
    objects = [k for k in list_objects(tree, head) if k > head]
    if not objects:
        return None
    words = tree.subtree(objects[0])
    for k in tree.children(head, *_AFTER):
        if k > objects[0] and tree.case(k) in function_words("after the accused"):
            words += tree.subtree(k)
    return verb.frame(row, "accused", words)


def read_object(verb: Verb) -> Frame | None:
    """Read "denied the charge", "announced a truce": the object is the content."""
    tree, head = verb.tree, verb.head
    row = verb.row("obj") or verb.row("quoted")
    objects = [k for k in list_objects(tree, head) if tree.dep[k] == "obj"]
    if row is None or not objects:
        return None
    thing = objects[0]
    if thing < head:
        return None
    if tree.pos[thing] == "PRON" and row.stance not in {"Denial", "Dispute"}:
        return None
    words = tree.subtree(thing)
    for k in tree.children(head, "obl", "advcl"):
        if (
            k > thing
            and tree.case(k) in function_words("after a demand")
            and row.stance in {"Directive", "Denial"}
        ):
            words += tree.subtree(k)
            break
    for k in tree.children(head, "obl", "nmod"):
        if k > thing and tree.case(k) in function_words("after an object"):
            words += tree.subtree(k)
    frame = verb.frame(row, "object" if "obj" in row.takes else "quoted", words)
    frame.addressee = []
    return frame
