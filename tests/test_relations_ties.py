"""Lasting ties are read where the text states them, with the kind of support, and nowhere else."""

import pytest

from tests.meaning_sample import parsed, read

TIES = [
    ("backed", ("backs", "united-states", "syrian-democratic-forces"), None),
    ("capture", ("alliedWith", "pro-government-militias", "syrian-armed-forces"), "absent"),
    ("support", ("backs", "turkey", "syrian-rebels"), "absent"),
    # Strikes stand for whose they are.
    ("strikes", ("backs", "turkish-armed-forces", "libyan-armed-forces"), "air"),
]


@pytest.mark.parametrize(("name", "tie", "role"), TIES)
def test_ties_are_read(name: str, tie: tuple[str, str, str], role: str | None) -> None:
    found = {(r.type, r.subject, r.object): r for r in read(name).relations}
    if role == "absent":
        assert tie not in found
        return
    assert tie in found
    assert found[tie].role == role
    assert found[tie].evidence.verify(parsed(name).text)


def test_a_speaker_is_tied_to_whom_the_phrase_names() -> None:
    from tests.meaning_sample import attribution

    text = parsed("titles").text
    given = attribution(
        text, "Gen. Yasser Atta, a spokesman for the Sudanese army", "said", "the rebels would withdraw"
    )
    found = {(r.type, r.subject, r.object) for r in read("titles", given).relations}
    assert ("speaksFor", "yasser-atta", "sudanese-armed-forces") in found
