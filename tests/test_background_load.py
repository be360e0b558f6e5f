"""The background is read from files, extended by a researcher's own, kept with the data folder, and never lost."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from rdflib import URIRef

from graph import checks, query, questions
from graph.errors import BackgroundError, StoreError, UnknownResource
from graph.resources import ONTOLOGY
from graph.snapshots import DataFolder
from graph.terms import DEFAULT_BASE, RDFS
from loaders.meaning import background
from loaders.meaning.names import fold
from loaders.meaning.reader import Reader
from loaders.reading import Tools
from loaders.run import Stages, extract, load
from tests.meaning_sample import knowledge

ROOT = Path(__file__).parent.parent
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
        ("Hashd al-Shaabi", "Hashed al-Shaabi", "Hashd al-Sha’abi", "Popular Mobilisation units"),
    ),
    ("islamic-state", "agent", ("ISIS", "Daesh", "Islamic State", "ISIL", "Islamic State of Iraq and Sham")),
    ("syrian-observatory-for-human-rights", "agent", ("SOHR", "Syrian Observatory for Human Rights")),
    ("hayat-tahrir-al-sham", "agent", ("HTS", "Hay'at Tahrir al-Sham", "Hayʼat Tahrir al-Sham")),
    ("al-nusra-front", "agent", ("Jabhat Fatah al-Sham", "Jabhat Fateh al-Sham", "Nusrah Front")),
    ("pro-government-militias", "agent", ("Pro-government militias", "pro-regime militias", "progovernment militia")),
    ("houthis", "agent", ("Houthi rebels", "Huthi rebels", "Ansar Allah", "Ansarullah", "The Houthis")),
    ("izz-ad-din-al-qassam-brigades", "agent", ("Qassam Brigades", "Ezzedine al-Qassam Brigades")),
    ("islamic-state-khorasan-province", "agent", ("ISIS-K", "Islamic State – Khorasan Province")),
    ("donetsk-peoples-republic", "agent", ("Donetsk People’s Republic", "Donetsk People's Republic")),
    ("national-front-for-liberation", "agent", ("the National Front for Liberation",)),
]  # fmt: skip
# What others bear too: a common word, a man's name, a town's airline. Each once stood here, or was thought of.
NOT_NAMES = [
    "Houthi", "Fattah", "Fatah", "Azov", "Wagner", "Amal", "Mnemonic", "Site", "Tiger", "SAA", "STC", "LNA", "GNA",
    "NRC", "Maliki", "Abdul Rahman", "House of Representatives", "Government of National Unity", "Islamic Emirate",
    "New Syrian Army", "Shabak", "Security Belt", "Syrian Resistance", "Fars", "Haftar",
]  # fmt: skip
OWN = """
@prefix hs: <https://w3id.org/hearsay/ontology#> . @prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix dcterms: <http://purl.org/dc/terms/> .
<https://w3id.org/hearsay/id/agent/river-force> a hs:StateForce ; rdfs:label "River Force" ;
    hs:headPhrase "river troops" ; dcterms:source "made up" .
"""
# The article of the made-up war in CONTRIBUTING.md: each paragraph has one speaker.
TEXT = """Fighting goes on in Sarkan's north

The Sarkan River Front said that its fighters had entered Delmora.

The Sarkan army denied that the town had fallen.

SRF said it had captured 12 soldiers.

Jabhat al-Nahr denied shelling the market.

Jebhat an-Nahr added that two of its men were wounded.

Tahaluf al-Jabal said it would send fighters.

Mira Talven told reporters that the road was cut.
"""
SPEAKERS = {
    "The Sarkan River Front": "river-front",
    "The Sarkan army": "sarkan-armed-forces",
    "SRF": "river-front",
    "Jabhat al-Nahr": "river-front",
    "Jebhat an-Nahr": "river-front",
    "Tahaluf al-Jabal": "highland-alliance",
    "Mira Talven": "mira-talven",
}
WHO = """
SELECT ?words ?who WHERE { ?statement hs:speaker ?who ; hs:hasMention/hs:sourceSpan/hs:exact ?words }
"""
WHO_OF_THE_ALLIANCE = """
SELECT DISTINCT ?who WHERE { ?statement hs:speaker ?who . ?who hs:partOfOrg+ ?alliance .
  ?alliance rdfs:label "Highland Alliance" }
"""


@cache
def shared_tools() -> Tools:
    return Tools.load()


def load_tools(files: Sequence[Path] = ()) -> Tools:
    """Give the tools with another background, without loading the model anew."""
    return replace(shared_tools(), reader=Reader.load(files))


IN_HERE: dict[str, Any] = {"workers": 0, "stages": Stages(load_tools)}


@pytest.mark.parametrize(
    ("key", "kind", "written"), [(k, kind, w) for k, kind, written in SPELLINGS for w in written]
)
def test_every_spelling_finds_its_key(key: str, kind: str, written: str) -> None:
    assert key in {n.key for n in knowledge().names.lookup(written) if n.kind == kind}


@pytest.mark.parametrize("words", NOT_NAMES)
def test_words_that_others_bear_name_nobody(words: str) -> None:
    assert [n for n in knowledge().names.lookup(words) if n.kind == "agent" and n.use == "name"] == []


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


def test_a_name_that_opens_like_another_with_its_article_is_found_whole(tmp_path: Path) -> None:
    known = background.load()
    written = {name.written for names in known.names.entries.values() for name in names}
    assert "the National Front for Liberation" in written
    assert "the Sultan Murad Division" not in written


def test_capitals_tell_names_from_words() -> None:
    names = {n.written: n for n in knowledge().names.lookup("IS")}
    assert names["IS"].fits("IS")
    assert not names["IS"].fits("is")


def test_armies_and_governments_follow_from_the_nation() -> None:
    nations = knowledge().nations
    assert knowledge().forces(nations["syria"]).key == "syrian-armed-forces"
    assert knowledge().government(nations["iran"]).key == "iran-government"
    assert knowledge().government(nations["russia"]).key == "russia"
    assert knowledge().forces(nations["ukraine"]).key == "ukrainian-armed-forces"
    assert knowledge().government(nations["afghanistan"]).key == "afghanistan"
    assert knowledge().forces(nations["rwanda"]).key == "rwandan-armed-forces"
    assert knowledge().forces(nations["rwanda"]).minted


@pytest.fixture(scope="module")
def war(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a folder with the example of CONTRIBUTING.md, and in `texts` beside it an article of that war."""
    folder = tmp_path_factory.mktemp("sarkan")
    (example,) = re.findall(r"```turtle\n(.*?)```", (ROOT / "CONTRIBUTING.md").read_text("utf-8"), re.DOTALL)
    (folder / "war").mkdir()
    (folder / "war" / "sarkan.ttl").write_text(example, encoding="utf-8")
    (folder / "texts").mkdir()
    (folder / "texts" / "delmora.txt").write_text(TEXT, encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def loaded(war: Path) -> DataFolder:
    """Load the war without and then with its background into one data folder; both loads read the same article."""
    folder = DataFolder(war / "data")
    load([war / "texts"], folder, **IN_HERE)
    shutil.copytree(war / "data", war / "without")
    load([war / "texts"], folder, background=[war / "war"], **IN_HERE)
    return folder


def speakers(folder: DataFolder) -> dict[str, str]:
    with folder.current() as snapshot:
        rows = query.select(snapshot.store, WHO)
    return {str(row["words"]): str(row["who"]).rpartition("/")[2] for row in rows}


def test_an_added_war_links_its_speakers_under_all_their_names(loaded: DataFolder, war: Path) -> None:
    found = speakers(loaded)
    assert {words: found.get(words) for words in SPEAKERS} == SPEAKERS
    before = speakers(DataFolder(war / "without"))
    assert before["Jabhat al-Nahr"] != "river-front"


def test_part_of_answers_over_what_was_added(loaded: DataFolder) -> None:
    with loaded.current() as snapshot:
        rows = query.select(snapshot.store, WHO_OF_THE_ALLIANCE)
        assert [str(row["who"]).rpartition("/")[2] for row in rows] == ["river-front"]
        problems = list(checks.check(loaded, snapshot))
        ships = snapshot.store.triples(URIRef(f"{DEFAULT_BASE}id/agent/islamic-state"), RDFS.label)
        assert [str(label) for _, _, label in ships] == ["Islamic State"]
    assert problems == []


def test_a_question_knows_the_added_names(loaded: DataFolder) -> None:
    asked = "who denied entering Sarkan"
    found = questions.find(asked, loaded.iris, added=loaded.background)
    assert found.parameters["place"].default == "sarkan"
    with pytest.raises(UnknownResource, match="sarkan"):
        questions.find(asked, loaded.iris)


def test_later_loads_keep_what_was_added(war: Path, loaded: DataFolder) -> None:
    shutil.copytree(loaded.root, war / "later")
    folder = DataFolder(war / "later")
    (war / "more").mkdir()
    (war / "more" / "second.txt").write_text("Jabhat al-Nahr said it had left Delmora.\n", encoding="utf-8")
    summary = load([war / "more"], folder, **IN_HERE)
    assert not [note for note in summary.notes if "background" in note]
    found = speakers(folder)
    assert {found[words] for words in SPEAKERS} == set(SPEAKERS.values())
    assert (folder.background / "sarkan.ttl").read_bytes() == (war / "war" / "sarkan.ttl").read_bytes()
    journal = [json.loads(line) for line in (folder.root / "journal.jsonl").read_text("utf-8").splitlines()]
    assert [entry["background"] for entry in journal] == [[], ["sarkan.ttl"], []]


def test_the_way_to_a_background_does_not_change_the_version(war: Path, loaded: DataFolder) -> None:
    """What is derived follows what is said, and not the order in which it came."""
    at_once = DataFolder(war / "at once")
    summary = load([war / "texts"], at_once, background=[war / "war"], **IN_HERE)
    assert summary.version == loaded.version()
    with at_once.begin() as transaction:
        assert transaction.publish(anew=True) == summary.version


def test_articles_of_earlier_loads_are_told_of(war: Path, loaded: DataFolder) -> None:
    shutil.copytree(war / "without", war / "old")
    (war / "other").mkdir()
    (war / "other" / "third.txt").write_text("SRF said it had left Delmora.\n", encoding="utf-8")
    folder = DataFolder(war / "old")
    summary = load([war / "other"], folder, background=[war / "war"], **IN_HERE)
    assert [note for note in summary.notes if "1 article of earlier loads was read without it" in note]
    assert speakers(folder)["Jabhat al-Nahr"] != "river-front"
    load([war / "texts"], folder, **IN_HERE)
    assert speakers(folder)["Jabhat al-Nahr"] == "river-front"


def test_a_file_may_not_push_out_another_of_its_name(war: Path, loaded: DataFolder, tmp_path: Path) -> None:
    (tmp_path / "sarkan.ttl").write_text(OWN, encoding="utf-8")
    version = loaded.version()
    with pytest.raises(BackgroundError, match=r"sarkan\.ttl: .*river-front.*rename"):
        load([war / "texts"], loaded, background=[tmp_path], **IN_HERE)
    assert loaded.version() == version
    assert (loaded.background / "sarkan.ttl").read_bytes() == (war / "war" / "sarkan.ttl").read_bytes()


def test_a_wrong_file_leaves_everything_as_it_was(war: Path, loaded: DataFolder, tmp_path: Path) -> None:
    (tmp_path / "wrong.ttl").write_text(OWN.replace("hs:StateForce", "hs:Army"), encoding="utf-8")
    version = loaded.version()
    with pytest.raises(BackgroundError, match=r"wrong\.ttl, line 4: agent river-force is a hs:Army"):
        load([war / "texts"], loaded, background=[tmp_path], **IN_HERE)
    assert loaded.version() == version
    assert [path.name for path in loaded.added_background()] == ["sarkan.ttl"]


def test_an_extract_takes_the_background_too(war: Path, tmp_path: Path) -> None:
    extract([war / "texts"], tmp_path, background=[war / "war"], **IN_HERE)
    gold = json.loads((tmp_path / "delmora.json").read_text("utf-8"))
    assert {one["source_entity"] for one in gold["attributions"]} >= set(SPEAKERS.values())
