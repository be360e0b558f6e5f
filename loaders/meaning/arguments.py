"""What a parse offers to an event: the words in each syntactic slot, and the agents and places that they mean."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from graph.model import Attribution
from loaders.meaning.actors import Resolver
from loaders.meaning.syntax import (
    NOMINAL,
    base,
    case_of,
    children,
    conjuncts,
    first_conjunct,
    is_passive,
    modifiers,
    subjects,
)
from loaders.meaning.vocabulary import Row
from loaders.text.wordlists import function_words

if TYPE_CHECKING:
    from loaders.meaning.parse import Token

_NESTED = 3  # "tens of thousands of civilians"
_WIDEST = 30  # words of an object that are searched for a place


@dataclass(frozen=True, slots=True)
class Arguments:
    """Hold the entity keys of an event's arguments, and the nouns that filled its slots."""

    actor: tuple[str, ...] = ()
    target: tuple[str, ...] = ()
    place: tuple[str, ...] = ()
    from_place: tuple[str, ...] = ()
    slots: dict[str, list[Token]] = field(default_factory=dict)


def slots_of(trigger: Token, resolver: Resolver) -> dict[str, list[Token]]:
    """Sort the words around a trigger into slots: subj, obj, by, poss, adjective, light, and each adposition."""
    slots = _noun_slots(trigger, resolver) if trigger.pos_ in {"NOUN", "PROPN"} else _verb_slots(trigger)
    for words in slots.values():
        words[:] = [_whole(word) for word in words]
    return slots


def _whole(word: Token) -> Token:
    """Give what a word names a part of: "most of the town" is about the town."""
    for _ in range(_NESTED):
        if word.lower_ not in function_words("part of a whole"):
            break
        word = next((c for c in children(word, "nmod", "obl") if case_of(c) == "of" and c.i > word.i), word)
    return word


def _verb_slots(verb: Token) -> dict[str, list[Token]]:
    slots: dict[str, list[Token]] = defaultdict(list)
    passive = is_passive(verb)
    for child in verb.children:
        relation = base(child.dep_)
        if relation in {"obl", "nmod"} and child.pos_ in NOMINAL | {"ADJ", "VERB"}:
            case = case_of(child)
            slots[case or "bare"].append(child)
        elif relation == "obj":
            slots["obj"].append(child)
        elif relation == "iobj":
            slots["to"].append(child)
        elif relation == "advmod" and child.lower_ in function_words("place adverb"):
            slots["in"].append(child)
        elif relation == "advmod" and child.children:
            slots["in"].extend(
                c
                for c in children(child, "obl", "nmod")
                if case_of(c) in function_words("after a place adverb")
            )
    if passive:
        slots["obj"] = _undergone(verb) + slots["obj"]
        slots["subj"] = slots["by"]
    else:
        slots["subj"] = subjects(verb) + slots["by"]
        if not slots["obj"]:
            slots["obj"] = _relative_object(verb)
    return slots


def _undergone(verb: Token) -> list[Token]:
    own = children(verb, "nsubj")
    if own:
        return subjects(verb)
    if verb.dep_ in {"acl", "amod"}:
        return [verb.head]
    return subjects(verb)


def _relative_object(verb: Token) -> list[Token]:
    """Give the noun of an object relative clause: "the territory that they captured"."""
    clause = first_conjunct(verb)
    if clause.dep_ != "acl:relcl" or not children(verb, "nsubj"):
        return []
    subject = children(verb, "nsubj")[0]
    return [] if subject.lower_ in function_words("relative") else [clause.head]


def _noun_slots(noun: Token, resolver: Resolver) -> dict[str, list[Token]]:
    slots: dict[str, list[Token]] = defaultdict(list)
    for child in noun.children:
        if base(child.dep_) == "nmod" and child.dep_ != "nmod:poss":
            slots[case_of(child) or "bare"].append(child)
        elif child.dep_ == "nmod:poss":
            slots["poss"].append(child)
        elif base(child.dep_) == "acl" and child.dep_ != "acl:relcl":
            slots["by"].extend(
                _verb_slots(child)["by"]
                if resolver.knowledge.vocabulary.has("carrying-out", child.lemma_.lower())
                else []
            )
    slots["adjective"] = [
        w for w in modifiers(noun) if not resolver.is_inside_participle(w) and w.dep_ != "nmod:poss"
    ]
    _borrow(first_conjunct(noun), slots, resolver)
    return slots


def _borrow(noun: Token, slots: dict[str, list[Token]], resolver: Resolver) -> None:
    """Take the arguments of the verb that carries a noun out ("waging battles inside X") or goes with its help."""
    verb, case = noun.head, case_of(noun)
    if case == "with":
        slots["beneficiary"].extend(
            [verb] if verb.pos_ in {"NOUN", "PROPN"} else subjects(verb) or _verb_slots(verb)["subj"]
        )
    if case == "in" and verb.pos_ == "VERB" and slots["of"]:
        slots["beneficiary"].extend(slots.pop("of"))
        slots["light"].extend(subjects(verb))
    if verb.pos_ == "VERB" and noun.dep_ == "nsubj":
        _follow(verb, slots, resolver)
    if (
        verb.pos_ != "VERB"
        or base(noun.dep_) != "obj"
        or not resolver.knowledge.vocabulary.has("light", verb.lemma_.lower())
    ):
        return
    around = _verb_slots(verb)
    slots["light"].extend(t for t in around["subj"] if t.i != noun.i)
    for name, words in around.items():
        if name not in {"subj", "obj", "by", "bare"}:
            slots[name].extend(w for w in words if w.i > noun.i)


def _follow(verb: Token, slots: dict[str, list[Token]], resolver: Resolver) -> None:
    """Take where and between whom from the verb that a happening is the subject of ("fighting broke out in X").

    What a strike hits is where it struck: "an explosion rocked X".
    """
    vocabulary, lemma = resolver.knowledge.vocabulary, verb.lemma_.lower()
    striking = vocabulary.has("striking", lemma)
    if not striking and not vocabulary.has("occurring", lemma):
        return
    for name, words in _verb_slots(verb).items():
        if name == "obj":
            for slot in ("on", "against") if striking else ():
                slots[slot].extend(words)
        elif name not in {"subj", "by", "bare"}:
            slots[name].extend(w for w in words if w.i > verb.i)
    # A parse often hangs the place of "between the army and rebels in X" on the last of the two.
    for word in [w for pair in slots.get("between", ()) for w in conjuncts(pair)]:
        slots["in"].extend(c for c in children(word, "nmod") if case_of(c) == "in")


def fill(trigger: Token, frame: Row, resolver: Resolver, holder: Attribution | None = None) -> Arguments:
    """Link the words of the slots as the frame says: who, to whom, where, from where."""
    slots = slots_of(trigger, resolver)
    wants = {
        role: frame[role].split("|") if frame[role] else [] for role in ("actor", "target", "place", "from")
    }
    nation = frame["nation"]
    actor = _agents(slots, wants["actor"], resolver, nation, holder, may_stand_for=True)
    place = _places(slots, wants["place"], resolver) or _where_others_are(slots, resolver)
    target = tuple(
        k
        for k in _agents(
            slots,
            wants["target"],
            resolver,
            nation,
            holder,
            may_stand_for=frame["frame"] in {"support", "noun-support"},
        )
        if k not in actor
    )
    origin = _places(slots, [c for c in wants["from"] if c not in wants["target"]], resolver)
    if "from" in wants["target"] and not target:
        place = place or _places(slots, ["from"], resolver)
    if not target and "obj" in wants["place"]:
        target = tuple(
            k
            for k in _agents(slots, ["obj"], resolver, nation, holder, may_stand_for=False)
            if k not in actor
        )
    return Arguments(actor, target, place, tuple(p for p in origin if p not in place), slots)


def _agents(
    slots: dict[str, list[Token]],
    wanted: list[str],
    resolver: Resolver,
    nation: str,
    holder: Attribution | None,
    *,
    may_stand_for: bool,
) -> tuple[str, ...]:
    found: dict[str, None] = {}
    for slot in wanted:
        for word in slots.get(slot, []):
            keys = (
                _of_adjective(word, resolver, nation)
                if slot == "adjective"
                else resolver.acting(word, holder)
            )
            if (
                not keys
                and may_stand_for
                and slot in {"subj", "by", "poss", "light", "from", "of", "with", "for", "to", "obj"}
            ):
                keys = tuple(k for w in conjuncts(word) for k in _standing_for(w, resolver))
            found.update(dict.fromkeys(keys))
        if found and slot != "adjective":
            break
    return tuple(found)


def _of_adjective(word: Token, resolver: Resolver, nation: str) -> tuple[str, ...]:
    """Link a word before a noun: "Russian air strikes" are those of Russia's forces, its support that of the state."""
    found = resolver.adjectives.get(word.i)
    if found is not None:
        return (resolver.forces(found) if nation == "forces" else resolver.government(found),)
    match = resolver.found.get(word.i)
    if match is None:
        return _common_owner(word, resolver)
    keys = match.keys("agent", "name")
    if not keys:
        nations = [
            resolver.knowledge.nations[p]
            for p in match.keys("place", "name")
            if p in resolver.knowledge.nations
        ]
        return tuple(
            resolver.forces(n) if nation == "forces" else resolver.government(n) for n in nations[:1]
        )
    return keys[:1]


def _common_owner(word: Token, resolver: Resolver) -> tuple[str, ...]:
    """Link "government offensive" and "army operation" to the country that the article is about."""
    vocabulary = resolver.knowledge.vocabulary
    head = vocabulary.head(word.lower_)
    if head is None or resolver.home is None:
        return ()
    if vocabulary.has("government", head.noun):
        return (resolver.government(resolver.home),)
    return (
        (resolver.forces(resolver.home),) if vocabulary.has("army", head.noun) and word.pos_ == "NOUN" else ()
    )


def _standing_for(word: Token, resolver: Resolver) -> tuple[str, ...]:
    """Let a nation or capital stand for its government, and strikes or raids for whose they are."""
    match = resolver.found.get(word.i)
    if match is not None and (keys := match.keys("agent", "metonym")):
        return keys[:1]
    for place in match.keys("place", "name") if match is not None else ():
        if place in resolver.knowledge.nations:
            return (resolver.government(resolver.knowledge.nations[place]),)
    if word.pos_ == "NOUN" and resolver.knowledge.vocabulary.head(word.lemma_.lower()) is None:
        nations = [
            resolver.adjectives[w.i]
            for w in modifiers(word)
            if w.i in resolver.adjectives and not resolver.is_inside_participle(w)
        ]
        if nations:
            return tuple(dict.fromkeys(resolver.government(n) for n in nations))
        owners = [c for c in children(word, "nmod") if case_of(c) in function_words("owner of an act")]
        return tuple(dict.fromkeys(key for owner in owners for key in resolver.acting(owner, None)))
    return ()


def _places(slots: dict[str, list[Token]], wanted: list[str], resolver: Resolver) -> tuple[str, ...]:
    found: dict[str, None] = {}
    for slot in wanted:
        for word in slots.get(slot, []):
            if slot == "adjective" and (
                word.i in resolver.adjectives or resolver.place.kind_of_word(word) in {"", "Country"}
            ):
                continue
            keys = resolver.place.all(word) or (_inside(word, resolver) if slot != "subj" else ())
            found.update(dict.fromkeys(keys))
        if found:
            break
    return tuple(found)


def _where_others_are(slots: dict[str, list[Token]], resolver: Resolver) -> tuple[str, ...]:
    """Give the place that a parse hangs on another argument: "defeats for the group in the province"."""
    for slot in ("obj", "for", "by", "from", "against", "of", "with"):
        for word in slots.get(slot, []):
            for child in children(word, "nmod"):
                if case_of(child) in function_words("where others are") and (
                    keys := resolver.place.all(child)
                ):
                    return keys
    return ()


def _inside(word: Token, resolver: Resolver) -> tuple[str, ...]:
    """Look for a place in the prepositional parts of a phrase whose head is none ("villages held by X in Y")."""
    looked = 0
    waiting = children(word, "nmod")
    while waiting and looked < _WIDEST:
        child = waiting.pop(0)
        looked += 1
        if case_of(child) in function_words("to a place"):
            keys = resolver.place.all(child)
            if keys:
                return keys
            waiting.extend(children(child, "nmod"))
    return ()
