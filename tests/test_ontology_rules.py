"""The rules find what the made-up reports hold, in both engines, before and after the closure, and nothing else."""

from __future__ import annotations

import re
from pathlib import Path

import pyoxigraph as ox
import pytest
from rdflib import RDF, Graph

from graph.resources import ONTOLOGY
from graph.terms import HS
from tests.ontology_sample import RULES, add, derive, load, short, to_rdflib

Found = dict[str, set[tuple[str, str, str]]]

SYMMETRIC = {"allied-with", "incompatible", "contradicts", "corroborates"}
# Each row once; symmetric ones are expected both ways.
EXPECTED = {
    "backs": [
        "iran-government backs pro-government-militias",
        "pro-government-militias backs syrian-armed-forces",
        "russia backs syrian-armed-forces",
        "united-states backs syrian-democratic-forces",
        "pro-government-militias backedBy iran-government",
        "syrian-armed-forces backedBy pro-government-militias",
        "syrian-armed-forces backedBy russia",
        "syrian-democratic-forces backedBy united-states",
    ],
    "allied-with": ["russia alliedWith syrian-government"],
    "disputes": ["many-dispute disputes command-control"],
    "specializes": [
        "pmf-entry-8nov specializes pmf-entry",
        "qaim-captured-3nov specializes qaim-captured-last-week",
        "town-entered-8nov-against-is specializes town-entered-8nov",
    ],
    "incompatible": ["fighters-1500 incompatibleWith fighters-2500-3500"],
    "contradicts": ["coalition-estimate contradicts us-estimate", "command-control contradicts many-dispute"],
    "corroborates": [
        # One AFP and one Gulf News; the two of AFP and the outlet that prints AFP don't count.
        "afp-qaim corroborates gulf-news-qaim",
        "afp-qaim-last-week corroborates gulf-news-qaim",
        "defense-post-qaim corroborates gulf-news-qaim",
        # The army's commander and the Observatory; Reuters only relays the commander.
        "commander-withdrew corroborates rami-withdrew",
        "rami-withdrew corroborates reuters-withdrew",
        # State media and SANA are one party, an unknown narrator is nobody.
        "observatory-entered corroborates sana-entered",
        "observatory-entered corroborates state-media-entered",
    ],
}


@pytest.fixture(scope="module")
def plain() -> ox.Store:
    return load()


@pytest.fixture(scope="module")
def found(plain: ox.Store) -> Found:
    return derive(plain)


@pytest.mark.parametrize("rule", EXPECTED)
def test_rule_derives(rule: str, found: Found) -> None:
    rows = [tuple(row.split()) for row in EXPECTED[rule]]
    expected = set(rows) | ({row[::-1] for row in rows} if rule in SYMMETRIC else set())
    assert found[rule] == expected


def test_origins_are_counted_by_agency(found: Found) -> None:
    numbers = {statement: int(number) for statement, _, number in found["independent-origins"]}
    assert numbers["sana-entered"] == 1  # two articles, one agency
    assert numbers["pmf-denial"] == 1
    assert numbers["gulf-news-qaim"] == 1
    assert len(numbers) == 27


def test_another_copy_of_the_agency_changes_no_origin_and_another_outlet_does() -> None:
    again = """
    article:0000000000000006 a hs:Article ; hs:basedOn dispatch:afp-0000000000000001 .
    mention:again hs:mentionOf statement:sana-entered ; hs:foundIn article:0000000000000006 .
    mention:own hs:mentionOf statement:pmf-denial ; hs:foundIn article:0000000000000004 .
    """
    numbers = {one: int(number) for one, _, number in derive(load(more=again))["independent-origins"]}
    assert (numbers["sana-entered"], numbers["pmf-denial"]) == (1, 2)


# An article of another outlet that prints the same statement.
COPY = """
article:0000000000000006 a hs:Article ; hs:publisher agent:trt .
mention:copied hs:mentionOf statement:gulf-news-qaim ; hs:foundIn article:0000000000000006 .
"""


@pytest.mark.parametrize(
    ("found", "origins"),
    [
        ("", 2),
        ("article:0000000000000006 hs:copyOf article:0000000000000004 .", 1),
        ("article:0000000000000004 hs:copyOf article:0000000000000006 .", 1),
        # Both go back to a third, which has neither agency nor outlet.
        (
            "article:0000000000000004 hs:copyOf article:0000000000000005 . "
            "article:0000000000000006 hs:copyOf article:0000000000000005 .",
            1,
        ),
        ("article:0000000000000006 hs:copyOf article:0000000000000005 .", 2),
    ],
)
def test_copies_without_a_credit_have_one_origin(found: str, origins: int) -> None:
    numbers = {one: int(number) for one, _, number in derive(load(more=COPY + found))["independent-origins"]}
    assert numbers["gulf-news-qaim"] == origins


def test_a_copy_of_the_agency_s_does_not_corroborate_it(found: Found) -> None:
    pair = ("afp-qaim", "corroborates", "gulf-news-qaim")
    assert pair in found["corroborates"]
    copied = """
    article:0000000000000004 hs:copyOf article:0000000000000001 ;
        hs:basedOn dispatch:afp-0000000000000001 .
    """
    assert pair not in derive(load(more=copied))["corroborates"]


def test_rules_find_the_same_after_the_closure(found: Found) -> None:
    assert derive(load(closed=True)) == found


def test_rules_run_again_find_nothing_new(plain: ox.Store, found: Found) -> None:
    before = len(plain)
    assert derive(plain) == found
    assert len(plain) == before


def test_rdflib_finds_the_same(found: Found) -> None:
    store = load()
    for path in RULES:
        query = path.read_text("utf-8")
        graph = to_rdflib(store)
        by_rdflib = {(short(s), short(p), short(o)) for s, p, o in graph.query(query).graph or ()}
        assert by_rdflib == add(store, query), path.name


@pytest.mark.parametrize(
    ("kind", "stance", "situation", "contradicts"),
    [
        ("Assertion", "affirms", "pmf-entry", "pmf-denial"),
        ("Assertion", "affirms", "pmf-entry-8nov", "pmf-denial-8nov"),
        ("Assertion", "predicts", "pmf-entry-8nov", "pmf-denial-8nov"),
        ("Assertion", "predicts", "pmf-entry", None),
        ("Doubt", "leavesOpen", "pmf-entry", None),
        ("Directive", "demands", "pmf-entry", None),
    ],
)
def test_contradiction_is_strict(kind: str, stance: str, situation: str, contradicts: str | None) -> None:
    more = f"statement:y a hs:{kind} ; hs:speaker agent:sana ; hs:{stance} situation:{situation} ."
    rows = derive(load(more=more))["contradicts"]
    assert {other for one, _, other in rows if one == "y"} == ({contradicts} if contradicts else set())


SITUATION = "a hs:Entry ; hs:actor agent:hezbollah ; hs:place place:syria"
DAY = 'hs:earliestBegin "2017-11-%02d"^^xsd:date ; hs:latestEnd "2017-11-%02d"^^xsd:date'


@pytest.mark.parametrize(
    ("special", "general", "holds"),
    [
        (f"{SITUATION} ; {DAY % (8, 8)}", SITUATION, True),
        (f"{SITUATION} ; {DAY % (8, 8)}", f"{SITUATION} ; {DAY % (6, 12)}", True),
        (f"{SITUATION} ; {DAY % (8, 8)}", f"{SITUATION} ; {DAY % (9, 9)}", False),
        (f"{SITUATION} ; {DAY % (8, 8)}", f'{SITUATION} ; hs:earliestBegin "2017-11-01"^^xsd:date', True),
        (f"{SITUATION} , place:al-bukamal", SITUATION, True),
        (f"{SITUATION} ; hs:target agent:islamic-state", SITUATION, True),
        (f"{SITUATION} ; hs:helper agent:russia", SITUATION, True),
        (f"{SITUATION} ; hs:fromPlace place:lebanon", SITUATION, True),
        (f"{SITUATION} ; hs:actor agent:russia", SITUATION, True),
        (SITUATION.replace("Entry", "Advance"), SITUATION, False),
        (f"{SITUATION} ; {DAY % (8, 8)}", f"a hs:Entry ; hs:place place:syria ; {DAY % (8, 8)}", True),
        (f"{SITUATION} ; {DAY % (8, 8)}", f"a hs:Entry ; hs:place place:syria ; {DAY % (9, 9)}", False),
        (SITUATION, "a hs:Entry ; hs:place place:syria", False),
        (f"{SITUATION} ; hs:target agent:russia", f"{SITUATION} ; hs:target agent:sana", False),
        (SITUATION, "a hs:Entry ; hs:actor agent:hezbollah", False),
        (
            "a hs:Support ; hs:supporter agent:qatar ; hs:supported agent:hezbollah ; hs:supportKind hs:troops",
            "a hs:Support ; hs:supporter agent:qatar ; hs:supported agent:hezbollah ; "
            "hs:supportKind hs:unspecifiedSupport",
            True,
        ),
        (
            "a hs:Support ; hs:supporter agent:qatar ; hs:supported agent:hezbollah ; hs:supportKind hs:troops",
            "a hs:Support ; hs:supporter agent:qatar ; hs:supported agent:hezbollah ; hs:supportKind hs:political",
            False,
        ),
    ],
)
def test_specializing(special: str, general: str, holds: bool) -> None:
    more = f"situation:special {special} .\nsituation:general {general} .\n"
    rows = derive(load(more=more))["specializes"]
    assert (("special", "specializes", "general") in rows) is holds
    assert ("general", "specializes", "special") not in rows


@pytest.mark.parametrize("path", RULES, ids=lambda path: path.stem)
def test_rule_says_what_it_derives_and_why(path: Path) -> None:
    head = path.read_text("utf-8").split("PREFIX")[0]
    keys = re.findall(r"^# (\w+):", head, flags=re.MULTILINE)
    assert keys[:3] == ["name", "derives", "why"]


def test_rules_use_terms_of_the_ontology() -> None:
    core = Graph().parse(ONTOLOGY / "hearsay.ttl")
    assert len(RULES) == 8
    for path in RULES:
        for name in re.findall(r"hs:(\w+)", path.read_text("utf-8")):
            assert (HS[name], RDF.type, None) in core, f"{path.name}: hs:{name}"
