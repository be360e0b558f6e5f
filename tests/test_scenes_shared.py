"""Place and time that a happening has from its scene, and what it must not take from elsewhere."""

import pytest

from graph.model import EventMention
from tests.meaning_sample import read

PLACES = [
    # sample, trigger, place
    ("scenes", "broke through", "benghazi"),  # from the verb beside it
    ("scenes", "bombing", "derna"),
    ("scenes", "killed", "derna"),  # from the bombing in which it was
    ("scenes", "fought", "misrata"),  # "where" leads back to the town
    ("scenes", "fighting", "misrata"),  # a definite noun takes up what was told
    ("camps", "bombed", "yida-camp"),  # "a refugee camp" is the one that is named after it
    ("camps", "bombing", "yida-camp"),
    ("camps", "killed", "yida-camp"),  # from its subject
    ("apart", "defeats", "libya"),  # hung on whom it was for
]
NOWHERE = [
    ("apart", "help"),  # the place of a crossing is where it leads
    ("apart", "bombed"),  # a clause about the minister is another scene
]


def _event(name: str, trigger: str) -> EventMention:
    (found,) = [e for e in read(name).events if e.trigger.exact == trigger]
    return found


@pytest.mark.parametrize(("name", "trigger", "place"), PLACES)
def test_a_place_is_shared(name: str, trigger: str, place: str) -> None:
    assert _event(name, trigger).place == (place,)


@pytest.mark.parametrize(("name", "trigger"), NOWHERE)
def test_a_place_of_another_scene_is_not(name: str, trigger: str) -> None:
    assert _event(name, trigger).place == ()


def test_a_day_is_shared_with_what_is_part_of_it() -> None:
    bombing, killed = _event("scenes", "bombing"), _event("scenes", "killed")
    assert bombing.time is not None
    assert bombing.time == killed.time


def test_what_the_text_says_of_a_happening_stays() -> None:
    first, second = [e for e in read("camps").events if e.trigger.exact == "shelled"]
    assert first.place == ()
    assert second.place == ("hodeidah-port",)
    port = {p.key: p for p in read("camps").places}["hodeidah-port"]
    assert (port.kind, port.within) == ("Site", ("hodeidah",))
