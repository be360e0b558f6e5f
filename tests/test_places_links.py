"""Where: names, provinces beside their cities, borders, and what points back."""

import pytest

from tests.meaning_sample import resolver

LINKS = [
    ("capture", "town", ("wad-madani",)),
    ("unnamed", "city", ("mekelle",)),
    ("titles", "city", ("khartoum",)),
    ("border", "border", ("rwanda-uganda-border",)),
    ("pronouns", "border", ("iraq-syria-border",)),
    ("backed", "Euphrates", ("euphrates",)),
]


@pytest.mark.parametrize(("name", "word", "keys"), LINKS)
def test_places_are_linked(name: str, word: str, keys: tuple[str, ...]) -> None:
    found = resolver(name)
    (token,) = [t for t in found.doc if t.text == word][:1]
    assert found.place.link(token) == keys


def test_a_place_that_no_file_has_is_known_by_its_key() -> None:
    found = resolver("capture")
    place = found.place.known("wad-madani")
    assert place is not None
    assert (place.kind, place.label) == ("Settlement", "Wad Madani")


def test_the_country_written_about_is_the_one_most_named() -> None:
    assert [r.home.key for n in ("backed", "titles") if (r := resolver(n)).home] == ["syria", "sudan"]
