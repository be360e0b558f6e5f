"""Towns that no file of ours has: found under any spelling, told apart, blank where it would be a guess."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from loaders.meaning import gazetteer
from loaders.meaning.gazetteer import Gazetteer, Town, choose
from loaders.text.wordlists import LEXICONS, read_rows
from tests.meaning_sample import read, reader, resolver

SPELLINGS = [
    ("Khan Younis", "khan-younis"),
    ("Khan Yunis", "khan-younis"),
    ("Hudaydah", "hodeidah"),
    ("al-Hodeidah", "hodeidah"),
    ("Az Zawiyah", "zawiya"),
    ("Avdeevka", "avdiivka"),
    ("Kiev", "kyiv"),
]
# Nicknames, airports and old names that GeoNames lists among the spellings of other places.
NO_SPELLINGS = ["Al Gore", "Google", "CIA", "an", ""]


@pytest.mark.parametrize(("words", "key"), SPELLINGS)
def test_one_town_has_one_key_under_all_its_spellings(words: str, key: str) -> None:
    assert gazetteer.open_index().find(words)[0].key == key


@pytest.mark.parametrize("words", NO_SPELLINGS)
def test_other_names_find_no_town(words: str) -> None:
    assert gazetteer.open_index().find(words) == ()


def test_a_state_is_not_taken_for_a_village_of_its_name() -> None:
    found = gazetteer.open_index().find("Florida")[0]
    assert (found.kind, found.nation, found.key) == ("Governorate", "united-states", "florida")


def test_keys_are_unique_and_the_usual_bearer_has_the_plain_one() -> None:
    tripoli = gazetteer.open_index().find("Tripoli")
    assert [(t.key, t.nation) for t in tripoli[:2]] == [("tripoli", "libya"), ("tripoli-lebanon", "lebanon")]
    assert len({t.key for t in tripoli}) == len(tripoli)


def _town(key: str, nation: str, people: int) -> Town:
    return Town(sum(map(ord, key)), key, "Settlement", key.title(), nation, people, 1.0, 2.0)


BIG, SMALL = _town("big", "libya", 900_000), _town("small", "lebanon", 60_000)
TWIN, HAMLET = _town("twin", "libya", 700_000), _town("hamlet", "libya", 900)
CHOICES: list[tuple[str, tuple[Town, ...], tuple[str, ...], str, Mapping[str, int], Town | None]] = [
    ("the nation said with it wins", (BIG, SMALL), ("lebanon",), "libya", {}, SMALL),
    ("a nation said that has no such town leaves it open", (BIG, SMALL), ("iraq",), "libya", {}, None),
    ("then the nation written about", (BIG, SMALL), (), "lebanon", {"libya": 9}, SMALL),
    ("then the nation of most other places", (BIG, SMALL), (), "syria", {"lebanon": 2, "libya": 1}, SMALL),
    ("two nations named as often leave it open", (BIG, SMALL), (), "syria", {"lebanon": 1, "libya": 1}, None),
    ("else only a city that dwarfs its namesakes", (BIG, SMALL), (), "", {}, BIG),
    ("which a town does not", (SMALL,), (), "", {}, None),
    ("two of a size in one nation leave it open", (BIG, TWIN), (), "libya", {}, None),
    ("a hamlet beside a city does not", (BIG, HAMLET), (), "libya", {}, BIG),
]


@pytest.mark.parametrize(("said", "home", "company", "towns", "chosen"), [
    pytest.param(said, home, company, towns, chosen, id=name) for name, towns, said, home, company, chosen in CHOICES
])  # fmt: skip
def test_namesakes_are_told_apart_or_left_open(
    said: tuple[str, ...], home: str, company: Mapping[str, int], towns: tuple[Town, ...], chosen: Town | None
) -> None:
    assert choose(towns, said=said, home=home, company=company) == chosen


def test_an_article_on_another_war_gets_towns_with_country_and_coordinates() -> None:
    found = read("towns")
    assert [(e.type, e.place) for e in found.events] == [
        ("Clash", ("benghazi",)), ("Bombing", ("derna",)), ("Capture", ("derna",)), ("Capture", ("zawiya",))
    ]  # fmt: skip
    places = {p.key: p for p in found.places}
    derna = places["derna"]
    assert (derna.kind, derna.within, derna.geonames_id, derna.position) == (
        "Settlement", ("libya",), 87205, (32.76704, 22.63669)
    )  # fmt: skip
    assert places["libya"].kind == "Country"
    assert not any(a.key in {"derna", "benghazi"} for a in found.agents)


def test_a_country_said_beside_a_town_decides() -> None:
    assert [(e.type, e.place) for e in read("elsewhere").events] == [("Clash", ("tripoli-lebanon",))]


def test_a_village_does_not_make_a_place_of_an_english_word() -> None:
    found = resolver("congress")
    keys = {
        t.text: found.place.link(t)
        for t in found.doc
        if t.pos_ == "PROPN" and t.text in {"Phoenix", "Congress"}
    }
    assert keys["Phoenix"] == ("phoenix",)
    assert "congress" not in {p.key for p in found.place.minted.values() if p.geonames_id}


def test_a_town_that_the_background_has_keeps_its_key() -> None:
    knowledge = reader().knowledge
    (town,) = [t for t in gazetteer.open_index().find("Al Bukamal") if t.nation == "syria"]
    assert town.key != "al-bukamal"
    assert knowledge.town(town).key == "al-bukamal"


def test_every_code_names_a_nation_and_every_name_a_place_of_geonames() -> None:
    nations = {row["code"]: row["nation"] for row in read_rows(LEXICONS / "country_codes.csv")}
    assert set(nations.values()) == set(reader().knowledge.nations)
    for row in read_rows(LEXICONS / "town_names.csv"):
        ids = {town.geonames_id: town for town in gazetteer.open_index().find(row["name"])}
        assert ids[int(row["geonames_id"])].name == row["name"], row


def test_half_an_index_is_never_left(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def stop(entries: object) -> object:
        raise OSError("no space left on device")

    monkeypatch.setattr(gazetteer, "_read_states", stop)
    with pytest.raises(OSError, match="no space"):
        gazetteer._make(tmp_path / "places.sqlite")
    assert list(tmp_path.iterdir()) == []


def test_the_index_goes_where_it_can_be_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    blocked = tmp_path / "blocked"
    blocked.write_text("a file where the folder should be")
    made: list[Path] = []

    def make(path: Path) -> Path:
        path.parent.mkdir(parents=True, exist_ok=True)
        made.append(path)
        return path

    monkeypatch.setenv("HEARSAY_CACHE", str(blocked / "cache"))
    monkeypatch.setattr("tempfile.gettempdir", lambda: str(tmp_path / "temporary"))
    monkeypatch.setattr(gazetteer, "_make", make)
    gazetteer.open_index.cache_clear()
    try:
        assert gazetteer.open_index() == Gazetteer(made[0])
    finally:
        gazetteer.open_index.cache_clear()
    assert made[0].is_relative_to(tmp_path / "temporary")
