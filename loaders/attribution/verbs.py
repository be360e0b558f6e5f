"""A verb that may attribute, with the questions that every construction asks of it.

Is it passive, who is told, what are its objects, is this clause a question? The constructions themselves
are read in `clausal` (clauses and infinitives), `objects` (noun phrases and complements) and `passives`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from loaders.attribution.clauses import NOMINAL, Tree
from loaders.attribution.frames import Frame, cue_words, is_negated
from loaders.attribution.lexicon import Cue, Lexicon
from loaders.attribution.voices import find_subject, noun_phrase
from loaders.text.wordlists import function_words


@dataclass(frozen=True, slots=True)
class Verb:
    """Hold a verb with what the constructions ask of it again and again.

    `particle` is the word that makes one verb with it: the "out" of "pointed out".
    """

    tree: Tree
    head: int
    rows: tuple[Cue, ...]
    lexicon: Lexicon
    passive: bool
    particle: int | None

    def row(self, *takes: str, particle: str | None = "") -> Cue | None:
        """Give the first row that takes one of these; a particle of None means any.

        Without a particle asked for, a row of the verb with its own particle comes before one of the verb alone.
        """
        own = () if particle != "" or self.particle is None else (self.tree.lower[self.particle],)
        return next(
            (
                cue
                for wanted in (*own, particle)
                for take in takes
                for cue in self.rows
                if take in cue.takes and wanted in {None, cue.particle}
            ),
            None,
        )

    def frame(self, entry: Cue, how: str, words: Sequence[int], *, particles: Sequence[int] = ()) -> Frame:
        """Make the frame of this verb with a content of these words; its own particle belongs to its cue."""
        if self.particle is not None and self.tree.lower[self.particle] == entry.particle:
            particles = [*particles, self.particle]
        cue = cue_words(self.tree, self.head, particles=particles)
        frame = Frame(self.head, cue, entry, how, words=sorted(set(words)), passive=self.passive)
        frame.negated = is_negated(self.tree, self.head)
        return frame


def find_particle(tree: Tree, verb: int) -> int | None:
    """Find the word that makes one verb with another."""
    return next((k for k in tree.children(verb, "compound:prt") if k > verb), None)


def is_passive(tree: Tree, verb: int) -> bool:
    """Tell whether a verb is passive: by its auxiliary, its subject, or as a bare past participle on a noun."""
    deps = {tree.dep[k] for k in tree.kids[verb]}
    if deps & {"aux:pass", "nsubj:pass", "csubj:pass"}:
        return True
    if tree.dep[verb] == "conj" and tree.form[verb].startswith("Part") and not deps & {"nsubj", "aux"}:
        return tree.form[verb] == "Part Past" and is_passive(tree, tree.head[verb]) and "obj" not in deps
    bare = tree.dep[verb] in {"acl", "advcl", "amod"} and tree.form[verb] in {"Part Past", "Part"}
    return bare and not tree.lower[verb].endswith("ing") and not deps & {"obj", "nsubj", "aux"}


def clause_words(tree: Tree, clause: int, *, without: frozenset[int] = frozenset()) -> list[int]:
    """Give the words of a content clause without its opening "that", "as" or coordinator."""
    first = {
        k
        for k in tree.children(clause, "mark", "cc")
        if tree.lower[k] in function_words("opens a content") and k < clause
    }
    return tree.subtree(clause, without=without | first)


def is_question(tree: Tree, clause: int, lexicon: Lexicon) -> bool:
    """Tell whether a clause opens with whether, if or a question word."""
    words = [k for k in tree.subtree(clause)[:3] if tree.pos[k] not in {"PUNCT", "SPACE"}]
    return bool(words) and any(lexicon.has("asking", tree.lower[k]) for k in words[:2])


def list_objects(tree: Tree, head: int) -> list[int]:
    return [k for k in tree.children(head, "obj", "iobj") if tree.pos[k] in NOMINAL]


def is_infinitive(tree: Tree, k: int) -> bool:
    return any(tree.lower[m] == "to" for m in tree.children(k, "mark"))


def as_complement(tree: Tree, head: int) -> int | None:
    for k in tree.children(head, "obl", "xcomp", "advcl", "nmod"):
        if any(tree.lower[m] == "as" for m in tree.children(k, "case", "mark")):
            return k
    return None


def _can_hear(verb: Verb, k: int) -> bool:
    """Tell whether a nominal can be who is told: a name, a pronoun, somebody who could speak as well."""
    tree = verb.tree
    return tree.pos[k] in {"PROPN", "PRON"} or verb.lexicon.has("speaker", tree.lemma[k])


def find_addressee(verb: Verb, row: Cue) -> list[int]:
    """Find who is told: the object of a verb of telling, or "to X" close behind any verb of saying."""
    tree, head = verb.tree, verb.head
    if verb.passive:
        subject = find_subject(tree, head)
        return noun_phrase(tree, subject) if subject is not None and row.takes & {"tell", "order"} else []
    if row.takes & {"tell", "order"}:
        for k in (*tree.children(head, "iobj"), *list_objects(tree, head)):
            return noun_phrase(tree, k)
    wanted = "from" if row.stance == "Directive" else "to"
    for k in tree.children(head, "obl"):
        if k > head and tree.case(k) == wanted and _can_hear(verb, k):
            return noun_phrase(tree, k)
    return []


def is_set_off(tree: Tree, head: int) -> bool:
    """Tell whether the verb's clause stands behind or between marks: a comma, a dash or a quotation mark."""
    words = tree.subtree(head)
    first = next((k for k in words if tree.pos[k] not in {"PUNCT", "SPACE"}), head)
    k = first - 1
    while k >= 0 and tree.pos[k] == "SPACE":
        k -= 1
    return k < 0 or (tree.pos[k] == "PUNCT" and tree.lower[k] not in {";", "(", "["})
