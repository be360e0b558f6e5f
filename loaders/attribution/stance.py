"""How a speaker stands to what is ascribed to him: the class of the cue, overridden by what the content says.

The guidelines order the classes and take the first that fits. A row of the lexicon gives the class of the
cue; the content can only move it to a class that stands earlier (a report of what will be is a Prediction,
a judged quantity an Estimate), or to a Claim where the article's own words keep their distance.
"""

from __future__ import annotations

from collections.abc import Sequence

from graph.model import Stance
from loaders.attribution.clauses import Tree
from loaders.attribution.frames import Frame
from loaders.attribution.lexicon import Lexicon
from loaders.text.wordlists import function_words


def judge(tree: Tree, frame: Frame, words: Sequence[int], lexicon: Lexicon) -> Stance:
    """Give the stance of a frame whose content has these words."""
    stance = _negate(tree, frame, words, lexicon)
    if stance in {"Denial", "Dispute", "Doubt", "Estimate"} or not words:
        return stance
    top = main_words(tree, words)
    if frame.how == "speech":
        top = top[:1]
    if stance in {"Assertion", "Belief"} and _is_estimate(tree, words, lexicon):
        return "Estimate"
    if _leaves_open(tree, words, lexicon) and stance == "Assertion":
        return "Doubt"
    # "Will" and "would" may also offer, threaten or suppose, and "should" also judges ("it should have been selected"):
    # there the model, which read the sentence, is asked.
    agreed = frame.link is not None and frame.link.stance == stance
    if stance not in {"Directive", "Belief"} and any(_is_future(tree, k, lexicon) for k in top):
        helped = any(lexicon.has("future", tree.lower[a]) for k in top for a in tree.children(k, "aux"))
        return stance if helped and agreed else "Prediction"
    if stance == "Assertion" and not agreed and any(_is_obligation(tree, k, lexicon) for k in top):
        return "Directive"
    if stance == "Assertion" and _keeps_distance(tree, words, lexicon):
        return "Claim"
    return stance


def _negate(tree: Tree, frame: Frame, words: Sequence[int], lexicon: Lexicon) -> Stance:
    """Give the class of the cue; a negated cue doubts ("did not say whether") or denies ("does not think
    that")."""
    stance = frame.entry.stance
    if not frame.negated:
        return stance
    asks = any(lexicon.has("asking", tree.lower[k]) for k in words[:2])
    if asks or lexicon.has("knowing", tree.lemma[frame.head]):
        return "Doubt"
    if stance in {"Belief", "Assertion", "Confirmation"}:
        return "Denial"
    if stance == "Denial":
        return "Confirmation"
    return stance


def main_words(tree: Tree, words: Sequence[int]) -> list[int]:
    """Give the heads of the content's main clauses: words whose head lies outside it, with their conjuncts."""
    inside = set(words)
    tops = [
        k
        for k in words
        if (tree.head[k] not in inside or tree.head[k] == k) and tree.pos[k] not in {"PUNCT", "SPACE"}
    ]
    tops = [k for k in tops if tree.is_clause(k)][:2]
    for k in list(tops):
        tops += [c for c in tree.children(k, "conj") if c in inside][:1]
    return tops


def _is_future(tree: Tree, k: int, lexicon: Lexicon) -> bool:
    helpers = [tree.lower[a] for a in tree.children(k, "aux")]
    if any(lexicon.has("future", word) for word in helpers):
        return not set(helpers) & function_words("perfect")
    if any(tree.lower[c] in function_words("be") for c in tree.children(k, "aux", "cop")) and _is_to(tree, k):
        return True
    if tree.lower[k] in function_words("be"):
        return any(_is_to(tree, c) for c in tree.children(k, "xcomp", "ccomp"))
    if lexicon.has("impending", tree.lower[k]):
        return any(_is_to(tree, c) for c in tree.children(k, "xcomp"))
    planning = lexicon.has("future_head", tree.lemma[k]) and tree.pos[k] == "VERB"
    return planning and any(_is_to(tree, c) for c in tree.children(k, "xcomp"))


def _is_to(tree: Tree, k: int) -> bool:
    return any(tree.lower[m] == "to" for m in tree.children(k, "mark", "aux"))


def _is_obligation(tree: Tree, k: int, lexicon: Lexicon) -> bool:
    return any(lexicon.has("obligation", tree.lower[a]) for a in tree.children(k, "aux"))


def _keeps_distance(tree: Tree, words: Sequence[int], lexicon: Lexicon) -> bool:
    """Tell whether the content opens with a word by which the article distances itself: a self-styled “caliphate”."""
    opening = tree.text[tree.start[words[0]] : tree.end[words[min(4, len(words) - 1)]]].lower()
    return any(lexicon.has("distance", word) for word in opening.replace("‑", "-").split())


def _leaves_open(tree: Tree, words: Sequence[int], lexicon: Lexicon) -> bool:
    return any(lexicon.has("asking_if", tree.lower[k]) for k in words[:1]) and bool(words)


def _is_estimate(tree: Tree, words: Sequence[int], lexicon: Lexicon) -> bool:
    """Tell whether the content turns on a judged quantity of people or things: "an estimated 120,000 have
    fled"."""
    inside = set(words)
    for k in words:
        if tree.pos[k] != "NUM" or not tree.lower[k].replace(",", "").replace(".", "").isdigit():
            continue
        if (
            int(float(tree.lower[k].replace(",", "") or 0) if tree.lower[k].replace(",", "").isdigit() else 0)
            < 100
        ):
            continue
        before = [tree.lower[x] for x in range(max(0, k - 3), k) if x in inside]
        if any(lexicon.has("approximate", word) for word in before):
            return _bears(tree, k, inside)
    return False


def _bears(tree: Tree, number: int, inside: set[int]) -> bool:
    """Tell whether the quantity is subject of the content's main clause."""
    at = number
    for up in tree.ancestors(number):
        if tree.dep[at] in {"nsubj", "nsubj:pass"}:
            return tree.head[up] not in inside or tree.dep[up] in {"ccomp", "ROOT", "root"}
        at = up
    return False
