"""What a page prints around its report is set aside, and a sentence of the report never is, however like it."""

from __future__ import annotations

import pytest

from loaders.text.layout import describe, is_read, split_blocks

FIRST = "Troops entered the town on Wednesday, state media said. Two of them were hurt."
LAST = "A spokesman denied that his fighters had crossed the border."
HEADLINE = "Troops enter the border town"


def kinds(words: str, *, where: str = "middle") -> str:
    """Give the kinds of the blocks that a line becomes at the head of a report, within it or at its end."""
    parts = {"head": [HEADLINE, words, FIRST, LAST], "middle": [FIRST, LAST, words, FIRST, LAST]}
    text = "\n\n".join(parts.get(where, [FIRST, LAST, words]))
    start = text.index(words)
    blocks = [block for block in split_blocks(text) if start <= block.span.start < start + len(words)]
    return " ".join(block.kind for block in blocks)


@pytest.mark.parametrize("where", ["head", "middle", "end"])
@pytest.mark.parametrize(
    ("kind", "words"),
    [
        ("caption", "Pictured: Smoke rises over the town."),
        ("caption", "Photo: Jane Doe/AP"),
        ("caption", "AP Photo/Jane Doe"),
        ("caption", "Jane Doe/Reuters"),
        ("caption", "Handout/Reuters."),
        ("caption", "SANA via AP"),
        ("caption", "Soldiers near the bridge. Photograph: Jane Doe/AP"),
        ("caption", "Soldiers near the bridge CREDIT: JANE DOE/AFP"),
        ("caption", "In this photo released by the state agency SANA, soldiers stand near the bridge."),
        (
            "caption",
            "FILE - In this Nov. 8, 2017 file photo, soldiers stand there. (AP Photo/Jane Doe, File)",
        ),
        ("caption", "Image caption The town was retaken"),
        ("credit", "Additional reporting by Jane Doe"),
        ("credit", "Reporting by Jane Doe in Beirut; Writing by John Roe; Editing by Ann Poe"),
        ("credit", "Associated Press writers Jane Doe in Beirut and John Roe in Moscow contributed."),
        ("credit", "The Associated Press contributed to this report."),
        ("credit", "Contributing: Jane Doe"),
        ("credit", "Doe reported from Beirut."),
        ("credit", "With AFP"),
        ("credit", "Example staff and agencies"),
        ("credit", "Jane Doe is a columnist for The Owl. Follow her on Twitter: @janedoe."),
        ("credit", "The post Troops enter town appeared first on Example Times."),
        ("byline", "By Jane Doe, Special to The Example Times"),
        ("byline", "By Jane Doe in Beirut and agencies"),
        ("byline", "Special to The Example Times"),
        ("byline", "Story by Jane Doe and John Roe"),
        ("byline", "November 8, 2017|10:22 am"),
        ("update", "UPDATED: The toll has risen."),
        ("update", "Correction: The minister is Doe, not Roe."),
        ("update", "Editor’s note: This is the second of two parts."),
        ("update", "This story has been updated with comments from the minister."),
        ("update", "(Adds details, quote from the minister)"),
        ("furniture", "Watch a clip of the interview above."),
        ("furniture", "The full poll can be found here."),
        ("furniture", "Follow the reporter Jane Doe on Twitter at @janedoe"),
        ("furniture", "Questions? Email us at news@example.org."),
        ("furniture", "Email Jane Doe at jane@example.org."),
        ("furniture", "(CROSSTALK)"),
        ("furniture", "Media playback is unsupported on your device"),
        ("furniture", "Share this:"),
        ("furniture", "ENDS"),
    ],
)
def test_line_around_a_report_is_known(kind: str, words: str, where: str) -> None:
    assert kinds(words, where=where) == kind


@pytest.mark.parametrize("where", ["head", "middle", "end"])
@pytest.mark.parametrize(
    "words",
    [
        "In this photo, the minister is seen with the rebels, the court heard.",
        "She showed the judges the photo: Bashar al-Assad.",
        "Pictures of the town showed smoke over the bridge.",
        "Reuters reported from Aleppo that the siege went on.",
        "AFP could not verify the report.",
        "According to a Reuters/Ipsos poll, most of them stayed.",
        "Contributing Senators said they had been told nothing.",
        "Contributing to the crisis is a lack of clean water.",
        "Special to Syrians is the olive tree.",
        "The ruins of the old city can be seen below.",
        "The article about the coup appeared in the newspaper on Monday.",
        "Ali Hassan is a baker who says the police follow him on his way home.",
        "Download speeds on YouTube fell in Iran, the monitor said.",
        "Email sent to jane@example.org was read by the police, she said.",
        "Contact with the crew was lost on Friday.",
        "Share prices fell after the strike.",
        "Follow the money, the prosecutor told the court.",
        "Watch towers were set on fire along the border.",
        "Updates of the software were stopped by the ministry.",
        "Special forces were sent to Raqqa.",
        "By Friday the town had fallen.",
        "Photo editors of the agency were held for two days.",
        "Source after source denied the account.",
        "Video by the group shows the men at the gate.",
        "Published accounts of the battle differ.",
        "Advertisement of the post was stopped by a court.",
        "Related attacks were reported in Hama.",
        "Most popular of all was the general, who won the vote.",
        "Ends meet nowhere in the town any more, residents said.",
    ],
)
def test_sentence_of_a_report_is_read(words: str, where: str) -> None:
    assert kinds(words, where=where) in ("body", "body body")


@pytest.mark.parametrize(
    ("glued", "kind"),
    [
        (f"{LAST} (Reporting by Jane Doe in Beirut; Editing by John Roe and Ann Poe)", "credit"),
        (
            f"{LAST} (Additional reporting by Jane Doe in Beirut and John Roe in Moscow; Editing by Ann Poe)",
            "credit",
        ),
        (f"{LAST} (AFP)", "credit"),
    ],
)
def test_credit_glued_to_the_last_sentence_is_cut_off(glued: str, kind: str) -> None:
    blocks = split_blocks(f"{FIRST}\n\n{glued}")
    assert [block.kind for block in blocks] == ["body", "body", kind]
    assert blocks[1].span.exact == LAST


def test_days_of_a_chronology_are_headings_and_no_dates_of_publication() -> None:
    days = ("3 March 2011", "Friday, 4 March 2011", "5 March 2011")
    text = "\n\n".join([FIRST, LAST, FIRST, *(part for day in days for part in (day, FIRST, LAST))])
    blocks = split_blocks(text)
    assert [block.kind for block in blocks if block.span.exact in days] == ["heading"] * 3
    assert describe(text, blocks).published is None


@pytest.mark.parametrize(
    ("line", "is_title"),
    [
        ("Troops Enter Border Town as Rebels Deny Retreat.", True),
        ("Minister: ‘We Will Never Leave the Town’.", True),
        ("Russian Foreign Minister Sergei Lavrov met Iranian President Hassan Rouhani.", False),
        ("Troops entered the border town on Wednesday.", False),
    ],
)
def test_headline_with_a_full_stop_is_the_title(line: str, is_title: bool) -> None:
    blocks = split_blocks(f"{line}\n\n{FIRST}\n\n{LAST}")
    assert (blocks[0].kind == "title") is is_title
    assert is_read(blocks[0])


@pytest.mark.parametrize(
    "opening",
    ["The minister said:", "Commenting on the strike, the foreign minister Jane Doe said:"],
)
def test_line_that_opens_a_quotation_belongs_to_the_report(opening: str) -> None:
    blocks = split_blocks(f"{HEADLINE}\n\n{opening}\n\n“We hold the bridge and the roads to it.”\n\n{LAST}")
    assert [block.kind for block in blocks] == ["title", "body", "body", "body"]


@pytest.mark.parametrize(
    ("dateline", "place", "agency"),
    [
        ("CAIRO —", "CAIRO", None),
        ("BEIRUT (Reuters) -", "BEIRUT", "Reuters"),
        ("CHARLESTON, S.C.\u00a0—", "CHARLESTON, S.C.", None),
        ("Nov 8 (Reuters) -", None, "Reuters"),
        ("Dec. 29 (AP) —", None, "AP"),
    ],
)
def test_dateline_is_cut_and_read(dateline: str, place: str | None, agency: str | None) -> None:
    text = f"{HEADLINE}\n\n{dateline} {FIRST}\n\n{LAST}"
    blocks = split_blocks(text)
    assert [block.kind for block in blocks] == ["title", "byline", "body", "body"]
    about = describe(text, blocks)
    assert (about.dateline, about.agency) == (place, agency)


@pytest.mark.parametrize(
    ("lines", "byline"),
    [
        (["8 November 2017", "By Jane Doe"], "By Jane Doe"),
        (["Jane Doe, Reuters", "8 November 2017"], "Jane Doe, Reuters"),
        (["8 November 2017"], None),
        (["Updated: 9 November 2017"], None),
        (["By AFP Nov 8, 2017 in World"], "By AFP Nov 8, 2017 in World"),
    ],
)
def test_byline_names_somebody(lines: list[str], byline: str | None) -> None:
    text = "\n\n".join([HEADLINE, *lines, FIRST, LAST])
    assert describe(text, split_blocks(text)).byline == byline
