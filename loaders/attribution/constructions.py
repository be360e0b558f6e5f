"""How a verb of the lexicon attributes: the construction that fits best gives its content, then its source is
found.

Constructions are tried from the one that says most (a content clause) to the one that says least (a bare
verb that waits for a quotation). A row of the lexicon says which constructions a verb takes.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from loaders.attribution import clausal, objects, passives
from loaders.attribution.clauses import Tree
from loaders.attribution.frames import Frame
from loaders.attribution.lexicon import Cue, Lexicon
from loaders.attribution.verbs import Verb, find_particle, is_passive
from loaders.attribution.voices import beside, find_agent, find_source, noun_phrase, widen_phrase

_PASSIVE: Sequence[Callable[[Verb], Frame | None]] = (
    passives.read_raised,
    passives.read_passive_order,
    clausal.read_clause,
    clausal.read_parenthesis,
    passives.read_passive_as,
    passives.read_passive_object,
)
_ACTIVE: Sequence[Callable[[Verb], Frame | None]] = (
    clausal.read_clause,
    clausal.read_order,
    clausal.read_parenthesis,
    objects.read_as,
    objects.read_predicate,
    clausal.read_infinitive,
    clausal.read_gerund,
    objects.read_particle,
    objects.read_placed,
    clausal.read_reduced,
    objects.read_accused,
    objects.read_object,
    clausal.read_bare,
)


def read_verb(tree: Tree, head: int, rows: tuple[Cue, ...], lexicon: Lexicon) -> Frame | None:
    """Read one verb: the first construction that fits, with its source; None where it attributes nothing."""
    verb = Verb(tree, head, rows, lexicon, is_passive(tree, head), find_particle(tree, head))
    for read in _PASSIVE if verb.passive else _ACTIVE:
        frame = read(verb)
        if frame is not None:
            _fill_source(verb, frame)
            return frame
    return None


def _fill_source(verb: Verb, frame: Frame) -> None:
    tree = verb.tree
    if verb.passive:
        agent = find_agent(tree, verb.head)
        if agent is not None:
            frame.source = noun_phrase(tree, agent)
            left_out = set(tree.subtree(agent))
            frame.words = [k for k in frame.words if k not in left_out]
    else:
        inside = set(frame.words) if frame.how != "parenthesis" else set()
        source = find_source(tree, verb.head)
        near = beside(tree, frame.cue[0]) if tree.form[verb.head] == "Fin" else []
        if (
            near
            and near[-1] not in source
            and not inside & set(near)
            and not tree.children(verb.head, "expl")
        ):
            source = near
        if source and not inside & set(source):
            source = widen_phrase(tree, source, frame.cue, verb.lexicon)
            frame.source = [k for k in source if k not in inside] or source
