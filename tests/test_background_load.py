"""The background is read from files, extended by files, and found under every usual spelling."""

from pathlib import Path

import pytest

from graph.errors import StoreError
from graph.resources import ONTOLOGY
from loaders.meaning import background
from loaders.meaning.names import fold
from tests.meaning_sample import knowledge

SPELLINGS = [
    (
        "al-bukamal",
        "place",
        ("Al Bukamal", "Albu Kamal", "Al Bu Kamal", "Boukamal", "Al-Bukamal", "AL BUKAMAL"),
    ),
    ("deir-ez-zor", "place", ("Deir Ezzor", "Deir ez-Zor", "Deir Al Zor")),
    ("raqqa", "place", ("Raqqa", "Raqa", "ar-Raqqa")),
    (
        "popular-mobilization-forces",
        "agent",
        ("Hashd al-Shaabi", "Hashed al-Shaabi", "Popular Mobilisation units"),
    ),
    ("islamic-state", "agent", ("ISIS", "Daesh", "Islamic State")),
    ("syrian-observatory-for-human-rights", "agent", ("SOHR", "Syrian Observatory for Human Rights")),
]
OWN = """
@prefix hs: <https://w3id.org/hearsay/ontology#> . @prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
<https://w3id.org/hearsay/id/agent/river-force> a hs:StateForce ; rdfs:label "River Force" ;
    hs:headPhrase "river troops" .
"""


@pytest.mark.parametrize(
    ("key", "kind", "written"), [(k, kind, w) for k, kind, written in SPELLINGS for w in written]
)
def test_every_spelling_finds_its_key(key: str, kind: str, written: str) -> None:
    assert key in {n.key for n in knowledge().names.lookup(written) if n.kind == kind}


@pytest.mark.parametrize(
    ("written", "atoms"),
    [("U.S.", ("us",)), ("Al-Shaabi’s", ("al", "shaabi")), ("Boukamal", ("bukamal",)), ("", ()), ("—", ())],
)
def test_names_are_folded(written: str, atoms: tuple[str, ...]) -> None:
    assert fold(written) == atoms


def test_a_file_adds_an_agent(tmp_path: Path) -> None:
    (tmp_path / "own.ttl").write_text(OWN, encoding="utf-8")
    known = background.load([ONTOLOGY / "background", tmp_path])
    assert known.agents["river-force"].kind == "StateForce"
    assert {n.use for n in known.names.lookup("River troops")} == {"head"}
    assert len(known.agents) > 50


def test_a_broken_file_is_named(tmp_path: Path) -> None:
    (tmp_path / "broken.ttl").write_text("this is no Turtle", encoding="utf-8")
    with pytest.raises(StoreError, match=r"broken\.ttl"):
        background.load([tmp_path])


def test_capitals_tell_names_from_words() -> None:
    names = {n.written: n for n in knowledge().names.lookup("IS")}
    assert names["IS"].fits("IS")
    assert not names["IS"].fits("is")


def test_armies_and_governments_follow_from_the_nation() -> None:
    nations = knowledge().nations
    assert knowledge().forces(nations["syria"]).key == "syrian-armed-forces"
    assert knowledge().government(nations["iran"]).key == "iran-government"
    assert knowledge().government(nations["russia"]).key == "russia"
    assert knowledge().forces(nations["rwanda"]).key == "rwandan-armed-forces"
    assert knowledge().forces(nations["rwanda"]).minted
