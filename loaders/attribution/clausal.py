"""Verbs whose content is a clause: "said that …", "…, X said, …", "urged X to …", "vowed to …", "denied doing
it"."""

from __future__ import annotations

from loaders.attribution.clauses import NOMINAL, Tree
from loaders.attribution.frames import Frame
from loaders.attribution.lexicon import Cue, Lexicon
from loaders.attribution.verbs import (
    Verb,
    clause_words,
    find_addressee,
    is_infinitive,
    is_question,
    is_set_off,
    list_objects,
)
from loaders.attribution.voices import find_subject, noun_phrase
from loaders.text.wordlists import function_words

_OWN = frozenset(
    {"cc", "conj", "parataxis", "advcl", "aux", "compound:prt", "nsubj", "mark", "discourse", "punct"}
)
_BREAKING = frozenset({"PUNCT", "SCONJ", "CCONJ"})
_ASIDE = frozenset({"obl", "advmod", "nmod", "compound", "discourse", "advcl"})
_FURTHEST = 40
_QUOTES = frozenset("\"“”„«‘'") | {"``", "''"}


def read_clause(verb: Verb) -> Frame | None:
    """Read "said that …" and “…,” said X: the content clause, behind the verb rather than before it."""
    tree, head = verb.tree, verb.head
    clauses = tree.children(head, "ccomp")
    for clause in sorted(clauses, key=lambda k: (k < head, k)):
        asks = is_question(tree, clause, verb.lexicon)
        row = verb.row("wh", "that", "quote") if asks else verb.row("that", "tell", "quote")
        if row is None and clause > head:
            row = verb.row("order", "obj")
        if row is None or not (tree.is_clause(clause) or (clause > head and len(clauses) == 1)):
            continue
        if clause > head:
            frame = _read_behind(verb, row, clause)
        else:
            words = [k for k in clause_words(tree, clause) if k < head]
            frame = verb.frame(row, "clause before", words)
            frame.addressee = find_addressee(verb, row)
        if frame is not None:
            return frame
    return None


def read_reduced(verb: Verb) -> Frame | None:
    """Read "UN says 120,000 displaced", and a clause that the parse took for an object of a verb of saying."""
    tree, head = verb.tree, verb.head
    row = verb.row("that")
    thing = next((k for k in list_objects(tree, head) if k > head), None)
    if row is None or thing is None or not {"that", "quote"} <= row.takes or row.takes & {"obj", "tell"}:
        return None
    words = _widen(tree, head, tree.subtree(thing))
    inner = [k for k in words if tree.pos[k] in {"VERB", "AUX"} and tree.dep[k] != "acl:relcl"]
    return verb.frame(row, "clause", words) if inner else None


def _read_behind(verb: Verb, row: Cue, clause: int) -> Frame | None:
    """Read a content clause behind its verb; None where the verb only comments on what stands before it."""
    tree, head = verb.tree, verb.head
    words = clause_words(tree, clause)
    mark = next((k for k in tree.children(clause, "mark") if k > head and tree.lower[k] == "that"), None)
    marked = mark is not None
    if not marked and (_is_comment(tree, head, words) or _has_object(verb, words)):
        return None
    words = [k for k in words if mark is None or k > mark or k < head]
    behind = [k for k in words if k > head or tree.lower[k] in function_words("fronted")]
    if not behind:
        return None
    told = find_addressee(verb, row)
    told = [k for k in told if k < max(words)] if told and told[0] < max(words[0], head) else []
    words = _widen(tree, head, behind)
    if not marked:
        words, told = _reach_back(verb, row, words, told)
    words = _until_semicolon(tree, words)
    words = drop_day(tree, [k for k in words if k not in told], head, verb.lexicon)
    frame = verb.frame(row, "clause", words)
    frame.addressee = told
    return frame


def _has_object(verb: Verb, words: list[int]) -> bool:
    """Tell whether a comma parts the clause from an object that is the content: "disputed the claim, some saying …"."""
    tree, head = verb.tree, verb.head
    thing = next((k for k in list_objects(tree, head) if head < k < words[0]), None)
    if thing is None or verb.row("obj") is None:
        return False
    return any(tree.lower[k] == "," for k in range(tree.subtree(thing)[-1] + 1, words[0] + 1))


def _is_comment(tree: Tree, head: int, words: list[int]) -> bool:
    """Tell whether a verb of saying is set off by commas after what was said: "…, state media said, edging
    closer"."""
    behind = next((k for k in range(head + 1, len(tree)) if tree.pos[k] != "SPACE"), head)
    if tree.lower[behind] != "," or tree.lower[min(behind + 1, len(tree) - 1)] in _QUOTES:
        return False
    first = min([head, *(k for k in tree.subtree(head) if k < head and k not in words)])
    while first > 0 and tree.pos[first] in {"PUNCT", "SPACE"}:
        first += 1
    before = first - 1
    return (
        before > 0
        and tree.lower[before] in {",", "–", "—", *_QUOTES}
        and tree.sentence[before] == tree.sentence[head]
    )


def drop_day(tree: Tree, words: list[int], head: int, lexicon: Lexicon) -> list[int]:
    """Leave out a day that opens a content right behind its cue: it says when the cue's act was ("said on
    Sunday …")."""
    k = 0
    while k < len(words) and words[k] > head:
        low, following = tree.lower[words[k]], tree.lower[words[k + 1]] if k + 1 < len(words) else ""
        if is_day(tree, words[k], lexicon) or (
            low in function_words("before a day") and lexicon.has("day", following)
        ):
            k += 1
        else:
            break
    return words[k:] if k < len(words) - 1 else words


def is_day(tree: Tree, k: int, lexicon: Lexicon) -> bool:
    """Tell whether a word is a day, and not the end of a name: "USA Today", "Good Morning"."""
    if not lexicon.has("day", tree.lower[k]):
        return False
    name = tree.text[tree.start[k]].isupper() and k > 0 and tree.pos[k - 1] == "PROPN"
    return not name or lexicon.has("weekday", tree.lower[k])


def _until_semicolon(tree: Tree, words: list[int]) -> list[int]:
    """Cut a content clause at a semicolon behind which a clause of its own begins."""
    for n, k in enumerate(words):
        if tree.lower[k] == ";" and any(tree.dep[x].startswith("nsubj") for x in words[n + 1 :]):
            return words[:n]
    return words


def _widen(tree: Tree, head: int, words: list[int]) -> list[int]:
    """Add to a content clause what the parse has hung on its verb of saying, though it stands behind the
    clause's start.

    What opens a clause of the article's own again (“although …”, “and the army …”, “adding …”) stays out.
    """
    found = set(words)
    for k in tree.kids[head]:
        if k <= words[0] or k in found or tree.dep[k] in _OWN or tree.pos[k] in {"PUNCT", "SPACE"}:
            continue
        part = [x for x in tree.subtree(k) if x > words[0] and x not in found]
        before = max((x for x in found if part and x < part[0]), default=None)
        if before is None or any(tree.pos[x] in _BREAKING for x in range(before + 1, part[0])):
            continue
        found.update(part)
    return sorted(found)


def _reach_back(verb: Verb, row: Cue, words: list[int], told: list[int]) -> tuple[list[int], list[int]]:
    """Add to a content clause what stands between it and the cue without being said of the cue.

    The subject of a content clause is what parses lose most often ("said Wednesday's quake affected …").
    Behind a verb of telling, the first name between is who is told.
    """
    tree, head = verb.tree, verb.head
    first = next((k for k in words if k > head), None)
    if first is None or first - head > _FURTHEST:
        return words, told
    aside = set(told)
    for k in tree.kids[head]:
        if head < k < first and tree.dep[k].split(":")[0] in _ASIDE:
            aside.update(x for x in tree.subtree(k) if x < first)
    last = max((k for k in aside if k > head), default=head)
    gap = [k for k in range(last + 1, first) if tree.pos[k] != "SPACE"]
    while gap and (
        tree.pos[gap[0]] == "PUNCT" or tree.lower[gap[0]] in {"that", *function_words("possessive s")}
    ):
        gap.pop(0)
    if not gap:
        return words, told
    if "tell" in row.takes and not told:
        names = gap[: next((n for n, k in enumerate(gap) if tree.pos[k] not in NOMINAL), len(gap))]
        return sorted({*gap[len(names) :], *words}), names
    return sorted({*range(gap[0], first), *words}), told


def read_parenthesis(verb: Verb) -> Frame | None:
    """Read "…, X said, …": the clause around the verb is the content."""
    tree, head = verb.tree, verb.head
    row = verb.row("that", "quote", "tell")
    if row is None or (
        verb.row("obj", "quoted") is not None and list_objects(tree, head) and "tell" not in row.takes
    ):
        return None
    relation = tree.dep[head]
    as_said = relation == "advcl" and any(
        tree.lower[k] == "as" for k in tree.children(head, "mark", "advmod", "case")
    )
    if relation == "parataxis" or as_said:
        outer = tree.head[head]
        if verb.passive and not as_said and find_subject(tree, head) is None:
            return None
        if not verb.passive and find_subject(tree, head) is None:
            return None
        if not as_said and not is_set_off(tree, head):
            return None
        words = tree.subtree(outer, without=frozenset({head}))
        frame = verb.frame(row, "parenthesis", words)
        frame.addressee = find_addressee(verb, row)
        return frame
    before = [k for k in tree.children(head, "parataxis", "dep") if k < head and tree.is_clause(k)]
    if before and find_subject(tree, head) is not None and not verb.passive:
        frame = verb.frame(row, "clause before", tree.subtree(before[0]))
        frame.addressee = find_addressee(verb, row)
        return frame
    return None


def read_order(verb: Verb) -> Frame | None:
    """Read "urged X to do it": X is told, the infinitive is the content."""
    tree, head = verb.tree, verb.head
    row, particles = verb.row("order"), []
    told = next(iter(list_objects(tree, head)), None)
    if told is None or row is None:
        for k in tree.children(head, "obl"):
            found = verb.row("order", particle=tree.case(k))
            if found is not None and k > head and not verb.lexicon.has("time", tree.lower[k]):
                row, told, particles = found, k, tree.children(k, "case")[:1]
                break
    if row is None or "order" not in row.takes or told is None:
        return None
    after = [k for k in tree.children(head, "xcomp", "advcl", "ccomp") if k > told and is_infinitive(tree, k)]
    after += [k for k in tree.children(told, "acl") if k > told and is_infinitive(tree, k)]
    if not after:
        return None
    frame = verb.frame(row, "order", tree.subtree(after[0]), particles=particles)
    frame.addressee = [k for k in noun_phrase(tree, told) if k < min(frame.words)]
    return frame


def read_infinitive(verb: Verb) -> Frame | None:
    """Read "vowed to do it", "refused to do it": the subject's own act is the content."""
    tree, head = verb.tree, verb.head
    row = verb.row("inf")
    if row is None:
        return None
    clause = next((k for k in tree.children(head, "xcomp") if k > head and is_infinitive(tree, k)), None)
    if clause is None or list_objects(tree, head):
        return None
    return verb.frame(row, "infinitive", tree.subtree(clause))


def read_gerund(verb: Verb) -> Frame | None:
    tree, head = verb.tree, verb.head
    row = verb.row("ing")
    if row is None:
        return None
    for k in tree.children(head, "xcomp", "ccomp", "advcl"):
        if k > head and tree.lower[k].endswith("ing") and not tree.children(k, "mark"):
            return verb.frame(row, "gerund", tree.subtree(k))
    return None


def read_bare(verb: Verb) -> Frame | None:
    """Read a verb of saying that has no content in its clause: a quotation may follow."""
    row = verb.row("quote", "that", "tell", "quoted") or verb.row("quote", particle=None)
    if row is None:
        return None
    frame = verb.frame(row, "bare", [])
    frame.addressee = find_addressee(verb, row)
    return frame
