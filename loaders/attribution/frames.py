"""One act of attribution while it is being read: which words carry it, who speaks, what is ascribed.

A frame is made by a rule, filled by others (a quotation that follows, a source found further up) and in the
end becomes an `Attribution`. It holds words by their index in the tree and contents by their offsets in the
text.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from loaders.attribution.clauses import Tree
from loaders.attribution.lexicon import Cue
from loaders.language.pipeline import CueLink
from loaders.text.wordlists import function_words

Range = tuple[int, int]
_CUE_DEPENDENTS = frozenset({"aux", "aux:pass", "advmod", "punct", "cop", "compound:prt"})
_LONGEST_GAP = 4


@dataclass(slots=True)
class Frame:
    """Hold one attribution in the making.

    `head` is the word that the cue turns on, `cue` the words of the whole cue. `how` names the construction
    that gave the content. `claimed` are the indices of the quotations that belong to it. `shares` is the
    frame whose source this one has where it has none of its own. `link` is what the language model says of
    the same cue, where it says anything.
    """

    head: int
    cue: list[int]
    entry: Cue
    how: str = ""
    source: list[int] = field(default_factory=list)
    content: list[Range] = field(default_factory=list)
    words: list[int] = field(default_factory=list)
    addressee: list[int] = field(default_factory=list)
    claimed: list[int] = field(default_factory=list)
    shares: Frame | None = None
    passive: bool = False
    negated: bool = False
    link: CueLink | None = None

    @property
    def confidence(self) -> float:
        """Give how sure the language model is that this is a cue: 0 where it doesn't see one."""
        return self.link.confidence if self.link is not None else 0.0

    def find_source(self) -> list[int]:
        """Give the words of the source, taken from the frame that this one follows where it has none."""
        frame, seen = self, 0
        while not frame.source and frame.shares is not None and seen < 8:
            frame, seen = frame.shares, seen + 1
        return frame.source


def cue_words(tree: Tree, head: int, *, particles: Iterable[int] = ()) -> list[int]:
    """Give the words of a verbal cue: its auxiliaries, what stands between them and it, and its particles.

    "has repeatedly denied", "were also believed", "did not say", "called for". An auxiliary before the
    subject ("did he say") is left out, so that the cue is one stretch.
    """
    first = head
    helpers = [k for k in tree.children(head, "aux", "cop") if k < head]
    for k in sorted(helpers, reverse=True):
        between = [x for x in range(k + 1, first) if tree.pos[x] != "SPACE"]
        plain = all(tree.pos[x] in {"ADV", "PART", "AUX"} or x in helpers for x in between)
        if not plain and not (len(between) <= _LONGEST_GAP and _is_set_off(tree, head, between)):
            break
        first = k
    last = head
    for k in sorted(particles):
        if k > last and k - last <= _LONGEST_GAP - 1:
            last = k
    return [k for k in range(first, last + 1) if tree.pos[k] != "SPACE"]


def _is_set_off(tree: Tree, head: int, between: list[int]) -> bool:
    """Tell whether the words between an auxiliary and its verb all belong to the verb, none of them a subject."""
    subjects = set(tree.children(head, "nsubj", "csubj", "expl"))
    return bool(between) and not any(
        x in subjects or any(up in subjects for up in tree.ancestors(x)) for x in between
    )


def is_negated(tree: Tree, head: int) -> bool:
    """Tell whether the cue itself is negated: "did not say", "never said", "no one knows"."""
    words = [
        tree.lower[k]
        for k in tree.children(head, "advmod", "det", "cc")
        if k < head or tree.dep[k] == "advmod"
    ]
    return any(word in function_words("negation of a cue") for word in words)
