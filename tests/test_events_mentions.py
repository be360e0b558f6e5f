"""What happened, by the words and the parse alone: who, to whom, where, when, denied or to come."""

from typing import Any

import pytest

from graph.model import EventMention
from tests.meaning_sample import attribution, parsed, read

EVENTS: list[tuple[str, str, dict[str, Any]]] = [
    # sample, trigger, what must hold
    ("capture", "captured", {"type": "Capture", "actor": {"sudanese-armed-forces"}, "place": {"wad-madani"},
                             "time": "2024-04-05", "modality": "actual"}),
    ("capture", "march", {"type": "Advance", "actor": {"sudanese-armed-forces"}, "place": {"khartoum"},
                          "modality": "future"}),
    ("unnamed", "bombed", {"type": "AirStrike", "actor": {"ethiopian-armed-forces"}, "place": {"mekelle"}}),
    ("unnamed", "entered", {"type": "Entry", "actor": set(), "polarity": "negative"}),
    ("titles", "withdraw", {"type": "Withdrawal", "place": {"khartoum"}, "modality": "future"}),
    ("backed", "backed", {"type": "Support", "actor": {"united-states"}, "target": {"syrian-democratic-forces"}}),
    ("backed", "battling", {"type": "Clash", "actor": {"syrian-democratic-forces"}, "target": {"islamic-state"},
                            "place": {"euphrates"}}),
    ("figures", "killed", {"type": "Killing", "place": {"idlib"}, "time": "~2024-03"}),
    ("figures", "displaced", {"type": "Displacement", "place": {"aleppo"}}),
    ("support", "backed", {"type": "Support", "actor": {"turkey"}}),
    ("support", "advanced", {"type": "Advance", "place": {"tripoli"}, "time": "~2020-06"}),
    ("border", "crossed", {"type": "BorderCrossing", "actor": {"rwandan-armed-forces"},
                           "place": {"rwanda-uganda-border"}}),
]  # fmt: skip


def holds(event: EventMention, name: str, value: object) -> bool:
    if name == "time":
        return (event.time.label if event.time else None) == value
    found = getattr(event, name)
    return set(found) == value if isinstance(value, set) else bool(found == value)


@pytest.mark.parametrize(("name", "trigger", "wanted"), EVENTS)
def test_events_are_read(name: str, trigger: str, wanted: dict[str, Any]) -> None:
    found = [e for e in read(name).events if e.trigger.exact == trigger]
    assert found, f"no event at {trigger!r}"
    wrong = {k: (v, getattr(found[0], k)) for k, v in wanted.items() if not holds(found[0], k, v)}
    assert not wrong


def test_a_denied_entry_is_the_speakers_own_and_negative() -> None:
    text = parsed("denial").text
    denial = attribution(
        text, "The Rapid Support Forces", "denied", "its fighters entered Egypt on Wednesday", stance="Denial"
    )
    (event,) = read("denial", denial).events
    assert (event.type, event.actor, event.place) == ("Entry", ("rapid-support-forces",), ("egypt",))
    assert (event.polarity, event.attribution) == ("negative", "a1")
    assert event.time is not None
    assert event.time.label == "2024-04-10"


def test_without_a_date_the_words_of_time_stay() -> None:
    (event,) = read("denial", published=None).events
    assert event.time is not None
    assert event.time.words is not None
    assert (event.time.words.exact, event.time.label) == ("Wednesday", None)


def test_triggers_stand_in_the_text_and_ids_follow_it() -> None:
    for name in ("capture", "unnamed", "support"):
        text, events = parsed(name).text, read(name).events
        assert all(e.trigger.verify(text) for e in events)
        assert [e.id for e in events] == [f"e{n}" for n in range(1, len(events) + 1)]
