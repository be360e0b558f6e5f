"""Who speaks in each attribution: its entity, its kind, on whose behalf, and who was told."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from graph.model import Agent, Attribution, Span
from loaders.meaning.people import PersonPhrase, read_person
from loaders.meaning.strangers import unnamed_key
from loaders.meaning.syntax import children, is_definite, root_of, words_of
from loaders.text.wordlists import function_words

if TYPE_CHECKING:
    from loaders.meaning.actors import Resolver
    from loaders.meaning.parse import Token

_SPEAKERS = ("singular speaker", "plural speaker", "personal speaker")
_LOOK_BACK = 40  # attributions, in the search for who "it" is


def resolve(resolver: Resolver, attributions: Sequence[Attribution]) -> tuple[Attribution, ...]:
    """Resolve the sources in the order of the text, so that "it" may point back to who spoke before."""
    done: dict[str, Attribution] = {}
    for attribution in sorted(attributions, key=lambda a: (a.source or a.cue).start):
        done[attribution.id] = _resolve(resolver, attribution, tuple(done.values())[-_LOOK_BACK:])
    return tuple(_first_person(resolver, done[a.id], done) for a in attributions)


def _first_person(
    resolver: Resolver, attribution: Attribution, done: Mapping[str, Attribution]
) -> Attribution:
    """Let "we" and "I" inside somebody's words be whoever speaks there."""
    source, parent = attribution.source, done.get(attribution.parent or "")
    if (
        source is None
        or source.exact.lower() not in function_words("first person source")
        or parent is None
        or parent.source_entity is None
    ):
        return attribution
    key = parent.source_entity
    return replace(
        attribution, source_entity=key, source_kind=parent.source_kind, speaks_for=parent.speaks_for
    )


def _resolve(resolver: Resolver, attribution: Attribution, earlier: tuple[Attribution, ...]) -> Attribution:
    told = _addressee(resolver, attribution.addressee)
    if attribution.source is None:
        return replace(
            attribution, source_entity=None, source_kind="none", speaks_for=None, addressee_entity=told
        )
    agent, for_whom = _speaker(resolver, attribution, earlier)
    for_whom = for_whom or resolver.represents.get(agent.key)
    if for_whom is not None:
        resolver.represents.setdefault(agent.key, for_whom)
        agent = replace(agent, spokesperson_for=for_whom) if agent.minted else agent
        if agent.minted:
            resolver.minted[agent.key] = agent
    kind = _source_kind(resolver, agent, attribution.source)
    return replace(
        attribution, source_entity=agent.key, source_kind=kind, speaks_for=for_whom, addressee_entity=told
    )


def _source_kind(resolver: Resolver, agent: Agent, span: Span) -> str:
    if agent.key.startswith("unnamed:"):
        start, end = words_of(resolver.doc, span.start, span.end)
        root = root_of(resolver.doc, start, end)
        head = (
            resolver.knowledge.vocabulary.head(root.lower_, root.lemma_.lower()) if root is not None else None
        )
        return "media" if head is not None and head.role == "media" else "unnamed"
    return resolver.knowledge.vocabulary.source_kinds.get(agent.kind, "ngo")


def _speaker(
    resolver: Resolver, attribution: Attribution, earlier: tuple[Attribution, ...]
) -> tuple[Agent, str | None]:
    span = attribution.source
    assert span is not None
    start, end = words_of(resolver.doc, span.start, span.end)
    root = root_of(resolver.doc, start, end)
    words = [w for w in resolver.doc[start:end] if not w.is_space]
    if root is None or not words:
        return _unnamed(resolver, span.exact, [span.exact]), None
    if len([w for w in words if w.dep_ != "punct"]) == 1 and root.pos_ in {"PRON", "DET"}:
        return _pronoun(resolver, root, span, earlier)
    back = _points_back(resolver, root, words, earlier)
    if back is not None:
        return back, resolver.represents.get(back.key)
    person = (
        resolver.remember(read_person(resolver, words, root))
        if _may_be_person(resolver, root, words)
        else None
    )
    if person is not None:
        return _person(resolver, person)
    return _body(resolver, root, words, span), None


def _may_be_person(resolver: Resolver, root: Token, words: list[Token]) -> bool:
    """Tell whether the head of the source is a person: a body named with an office in its name is none."""
    found = resolver.found.get(root.i)
    keys = found.keys("agent", "name") if found else ()
    if keys:
        kinds = {resolver.kind(k) for k in keys}
        if "Person" in kinds:
            return True
        after = [w for w in words if found and w.i >= found.end and w.dep_ != "punct"]
        owned = bool(after) and after[0].lower_ in function_words("possessive")
        after = after[1:] if owned else after
        heads = [_office_or_person(resolver, w) for w in after[: 1 if not owned else 4]]
        return any(heads)
    head = resolver.knowledge.vocabulary.head(root.lower_, root.lemma_.lower())
    if head is not None and head.role != "person":
        return (
            root.pos_ == "PROPN"
            and any(w.pos_ == "PROPN" and w.i not in resolver.found for w in words)
            and _has_office(resolver, words)
        )
    return True


def _office_or_person(resolver: Resolver, word: Token) -> bool:
    head = resolver.knowledge.vocabulary.head(word.lower_, word.lemma_.lower())
    found = resolver.found.get(word.i)
    known = any(resolver.kind(k) == "Person" for k in found.keys("agent", "name")) if found else False
    stranger = resolver.strangers.at(word) if found is None else None
    named = stranger is not None and resolver.strangers.is_person(stranger)
    return known or named or (head is not None and head.role == "person")


def _has_office(resolver: Resolver, words: list[Token]) -> bool:
    heads = [resolver.knowledge.vocabulary.head(w.lower_, w.lemma_.lower()) for w in words]
    return any(h is not None and h.role == "person" for h in heads)


def _person(resolver: Resolver, person: PersonPhrase) -> tuple[Agent, str | None]:
    return resolver.agent(person.agent.key), person.speaks_for


def _points_back(
    resolver: Resolver, root: Token, words: list[Token], earlier: tuple[Attribution, ...]
) -> Agent | None:
    """Take up an unnamed source that spoke before: "the source", "the official"."""
    plain = [w for w in words if w.dep_ not in {"det", "punct"}]
    if not is_definite(root) or len(plain) != 1 or root.pos_ != "NOUN":
        return None
    lemma = root.lemma_.lower()
    for attribution in reversed(earlier):
        key = attribution.source_entity
        if attribution.source is None or key is None:
            continue
        start, end = words_of(resolver.doc, attribution.source.start, attribution.source.end)
        if any(w.lemma_.lower() == lemma and w.pos_ == "NOUN" for w in resolver.doc[start:end]):
            return resolver.agent(key)
    return None


def _pronoun(
    resolver: Resolver, root: Token, span: Span, earlier: tuple[Attribution, ...]
) -> tuple[Agent, str | None]:
    word = root.lower_
    if any(word in function_words(use) for use in _SPEAKERS):
        sentence = resolver.history.numbers[root.i]
        if here := _subject_here(resolver, root):
            return resolver.agent(here[0]), resolver.represents.get(here[0])
        for attribution in reversed(earlier):
            key = attribution.source_entity
            if key is None or attribution.source is None or attribution.source.start >= span.start:
                continue
            start, _ = words_of(resolver.doc, attribution.source.start, attribution.source.end)
            if sentence - resolver.history.numbers[start] > 3:
                break
            if _agrees(resolver, word, resolver.agent(key), attribution):
                return resolver.agent(key), resolver.represents.get(key)
        keys = resolver.agents(root) or _nearest(resolver, root)
        if keys:
            return resolver.agent(keys[0]), resolver.represents.get(keys[0])
    return _unnamed(resolver, span.exact, [root.lower_]), None


def _subject_here(resolver: Resolver, root: Token) -> tuple[str, ...]:
    """Give the subject before a pronoun in its own sentence, which has a better claim than who spoke before."""
    keys = resolver.agents(root)
    subjects = [m for m in resolver.history.before(root.i, 0) if m.is_subject and m.agents == keys]
    return keys if keys and subjects else ()


def _nearest(resolver: Resolver, root: Token) -> tuple[str, ...]:
    """Give the last body named before a pronoun whose first choice was a place: who speaks is no place."""
    if root.lower_ in function_words("personal speaker"):
        return ()
    for mention in resolver.history.before(root.i, 1):
        if mention.agents and not mention.is_person:
            return mention.agents
    return ()


def _agrees(resolver: Resolver, word: str, agent: Agent, attribution: Attribution) -> bool:
    is_person = agent.kind in {"Person", "UnnamedSource"} and attribution.source_kind != "media"
    source = attribution.source
    start, end = words_of(resolver.doc, source.start, source.end) if source else (0, 0)
    root = root_of(resolver.doc, start, end)
    plural = root is not None and "Number=Plur" in str(root.morph)
    media = root is not None and resolver.knowledge.vocabulary.has("media", root.lemma_.lower())
    if word in function_words("personal speaker"):
        return is_person and not plural
    if word in function_words("singular speaker"):
        return not is_person and not media
    return plural or media


def _body(resolver: Resolver, root: Token, words: list[Token], span: Span) -> Agent:
    keys = resolver.agents(root) or _nation(resolver, root) or _anywhere(resolver, root, words)
    if keys:
        return resolver.agent(keys[0])
    if (
        resolver.strangers.is_name_word(root)
        and not children(root, "appos")
        and root.i not in resolver.adjectives
    ):
        stranger = resolver.strangers.at(root)
        if stranger is not None and root.i not in resolver.found:
            agent = resolver.strangers.agent(stranger)
            resolver.keep(agent)
            return resolver.agent(agent.key)
    return _unnamed(resolver, span.exact, _collective(resolver, words))


def _nation(resolver: Resolver, root: Token) -> tuple[str, ...]:
    """Let a country or capital speak for its government."""
    found = resolver.found.get(root.i)
    if found is None:
        return ()
    metonyms = found.keys("agent", "metonym")
    if metonyms:
        return metonyms[:1]
    for key in found.keys("place", "name"):
        nation = resolver.knowledge.nations.get(key)
        if nation is not None:
            return (resolver.government(nation),)
    capital = resolver.doc[found.start : found.end].text
    for nation in resolver.knowledge.vocabulary.nations:
        if capital in nation.capitals:
            return (resolver.government(nation),)
    return ()


def _anywhere(resolver: Resolver, root: Token, words: list[Token]) -> tuple[str, ...]:
    """Take a known body in the words where the parse has another head ("state news agency SANA")."""
    head = resolver.knowledge.vocabulary.head(root.lower_, root.lemma_.lower())
    keys: dict[str, None] = {}
    for word in words:
        found = resolver.found.get(word.i)
        if (
            found is not None
            and not resolver.is_inside_participle(word)
            and word.dep_ not in {"nmod", "nmod:poss"}
        ):
            keys.update(dict.fromkeys(found.keys("agent", "name")))
    classes = {resolver.kind(k) for k in keys}
    if (
        len(keys) == 1
        and (
            head is None or head.role in {"agency", "newsagency", "media", "group", "monitor", "organization"}
        )
        and classes != {"Person"}
    ):
        return tuple(keys)
    return ()


def _collective(resolver: Resolver, words: list[Token]) -> list[str]:
    """List the words of a key for a source without a name; "state media" is that of the country written about."""
    plain = [
        w.lower_
        for w in words
        if w.dep_ not in {"det", "punct", "case"} and w.text not in function_words("possessive s")
    ]
    plain = [w for w in plain if w not in function_words("article")] or [w.lower_ for w in words]
    has_nation = any(w.i in resolver.adjectives for w in words)
    home = resolver.home
    if (
        resolver.knowledge.vocabulary.has("of-the-state", plain[0] if plain else "")
        and home is not None
        and home.adjectives
        and not has_nation
    ):
        return [home.adjectives[0], *plain]
    return plain


def _unnamed(resolver: Resolver, text: str, words: list[str]) -> Agent:
    agent = Agent(unnamed_key(words), "UnnamedSource", text, described_as=text, minted=True)
    resolver.keep(agent)
    return resolver.agent(agent.key)


def _addressee(resolver: Resolver, span: Span | None) -> str | None:
    if span is None:
        return None
    start, end = words_of(resolver.doc, span.start, span.end)
    root = root_of(resolver.doc, start, end)
    if root is None or root.lower_ in function_words("first person source"):
        return None
    keys = [k for k in resolver.agents(root) if not k.startswith("unnamed:")]
    if keys:
        return keys[0]
    found = [
        k for w in resolver.doc[start:end] if (f := resolver.found.get(w.i)) for k in f.keys("agent", "name")
    ]
    if found:
        return found[0]
    if root.pos_ == "PROPN" and (stranger := resolver.strangers.at(root)):
        return resolver.keep(resolver.strangers.agent(stranger))
    return None
