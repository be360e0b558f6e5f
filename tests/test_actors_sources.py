"""Who speaks: names, offices, descriptions, pronouns and short forms become entities, and nobody is merged by guess."""

from dataclasses import replace

import pytest

from graph.model import Attribution, Span
from tests.meaning_sample import attribution, parsed, read, resolver

SOURCES = [
    # sample, source, cue, content, entity, kind, speaks for
    ("denial", "The Rapid Support Forces", "denied", "its fighters entered Egypt",
     "rapid-support-forces", "force", None),
    ("unnamed", "A source from the Interior Ministry", "told", "Ethiopian warplanes had bombed Mekelle",
     "unnamed:interior-ministry-source", "unnamed", None),
    ("titles", "Gen. Yasser Atta, a spokesman for the Sudanese army", "said", "the rebels would withdraw",
     "yasser-atta", "person", "sudanese-armed-forces"),
    ("alias", "The Sudan Doctors Network (SDN)", "said", "12 people died", "sudan-doctors-network", "ngo", None),
    ("backed", None, "battling", "the Islamic State group", None, "none", None),
]  # fmt: skip


@pytest.mark.parametrize(("name", "source", "cue", "content", "entity", "kind", "whom"), SOURCES)
def test_sources_are_resolved(
    name: str, source: str | None, cue: str, content: str, entity: str | None, kind: str, whom: str | None
) -> None:
    text = parsed(name).text
    (found,) = read(name, attribution(text, source, cue, content)).attributions
    assert (found.source_entity, found.source_kind) == (entity, kind)
    assert whom is None or found.speaks_for == whom


def both(name: str, *rows: tuple[str, str, str]) -> tuple[Attribution, ...]:
    text = parsed(name).text
    given = [
        attribution(text, source, cue, content, key=f"a{n}")
        for n, (source, cue, content) in enumerate(rows, 1)
    ]
    return read(name, *given).attributions


def test_a_definite_source_points_back() -> None:
    first, second = both(
        "unnamed",
        ("A source from the Interior Ministry", "told", "Ethiopian warplanes had bombed Mekelle"),
        ("The source", "added", "troops had not entered the city"),
    )
    assert second.source_entity == first.source_entity


def test_a_surname_means_the_full_name_of_the_article() -> None:
    _, second = both(
        "titles",
        ("Gen. Yasser Atta, a spokesman for the Sudanese army", "said", "the rebels would withdraw"),
        ("Atta", "said the army", "the army controlled the city"),
    )
    assert (second.source_entity, second.speaks_for) == ("yasser-atta", "sudanese-armed-forces")


def test_namesakes_are_not_merged() -> None:
    text = parsed("namesakes").text
    at = text.rindex("Smith")
    given = replace(attribution(text, None, "said", "nothing"), source=Span.of(text, at, at + 5))
    (found,) = read("namesakes", given).attributions
    assert found.source_entity is not None
    assert found.source_entity not in {"john-smith", "adam-smith"}


def test_a_short_form_in_brackets_means_the_name() -> None:
    assert resolver("alias").aliases == {"SDN": "sudan-doctors-network"}
    text = parsed("alias").text
    at = text.rindex("SDN")
    given = replace(attribution(text, None, "blamed", "the army"), source=Span.of(text, at, at + 3))
    (found,) = read("alias", given).attributions
    assert found.source_entity == "sudan-doctors-network"


def test_it_points_to_the_subject_before() -> None:
    text = parsed("pronouns").text
    (found,) = read(
        "pronouns", attribution(text, "It", "has denied", "its own forces crossed", stance="Denial")
    ).attributions
    assert found.source_entity == "hezbollah"
