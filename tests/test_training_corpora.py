"""The corpora come in whole: trees stay trees and links keep their words through every variation of typography."""

import json
import random
from pathlib import Path

import pytest

from graph.resources import ONTOLOGY
from loaders.attribution.lexicon import Lexicon, read_cues
from loaders.language.location import MODEL
from loaders.language.pipeline import Pipeline
from loaders.training.corpora import Link, LinkWindow, TreeWindow, read_links, read_trees
from loaders.training.variation import Wording, disturb
from loaders.training.weigh_cues import read_cases

CONLLU = """# newdoc id = a
# newpar
# text = “He left,” she said.
1\t“\t"\tPUNCT\t``\t_\t3\tpunct\t_\tSpaceAfter=No
2\tHe\the\tPRON\tPRP\tNumber=Sing\t3\tnsubj\t_\t_
3\tleft\tleave\tVERB\tVBD\tTense=Past\t7\tccomp\t_\tSpaceAfter=No
4\t,\t,\tPUNCT\t,\t_\t3\tpunct\t_\tSpaceAfter=No
5\t”\t"\tPUNCT\t''\t_\t3\tpunct\t_\t_
6\tshe\tshe\tPRON\tPRP\t_\t7\tnsubj\t_\t_
7\tsaid\tsay\tVERB\tVBD\t_\t0\troot\t_\tSpaceAfter=No
8\t.\t.\tPUNCT\t.\t_\t7\tpunct\t_\t_

# text = Cannot be.
1-2\tCannot\t_\t_\t_\t_\t_\t_\t_\t_
1\tCan\tcan\tAUX\tMD\t_\t3\taux\t_\t_
2\tnot\tnot\tPART\tRB\t_\t3\tadvmod\t_\t_
3\tbe\tbe\tAUX\tVB\t_\t0\troot\t_\tSpaceAfter=No
4\t.\t.\tPUNCT\t.\t_\t3\tpunct\t_\t_
"""


@pytest.fixture
def window(tmp_path: Path) -> TreeWindow:
    path = tmp_path / "x.conllu"
    path.write_text(CONLLU, encoding="utf-8")
    (window,) = read_trees(path)
    return window


def test_sentences_of_a_document_share_a_window(window: TreeWindow) -> None:
    assert window.words[7:11] == [".", "Can", "not", "be"]
    assert window.head[8:] == [10, 10, -1, 10]
    assert window.head[2] == 6
    assert len(set(window.sentence)) == 2
    assert window.paragraph == [True] + [False] * 11


@pytest.mark.parametrize("seed", range(40))
def test_disturbed_trees_are_trees(window: TreeWindow, seed: int) -> None:
    other = disturb(window, random.Random(seed))
    assert isinstance(other, TreeWindow)
    assert other.head.count(-1) == 2
    for i, h in enumerate(other.head):
        assert h == -1 or (other.sentence[h] == other.sentence[i] and 0 <= h < len(other.words))
    assert other.words[other.head[other.words.index("He")]] == "left"


def test_links_are_words_of_their_window(tmp_path: Path) -> None:
    text = 'Rebels said on Monday that "the town fell", an official told AFP.'

    def span(words: str) -> dict[str, object]:
        return {"text": words, "start": text.find(words), "end": text.find(words) + len(words)}

    gold = {"cue": span("said"), "source": span("Rebels"), "content": [span("the town fell")], "stance": "Assertion",
            "addressee": None}  # fmt: skip
    told = {"cue": span("told"), "source": span("an official"), "content": [span("the town fell")],
            "stance": "Assertion", "addressee": "AFP"}  # fmt: skip
    (tmp_path / "a.txt").write_text(text, encoding="utf-8")
    (tmp_path / "a.json").write_text(json.dumps({"attributions": [gold, told]}), encoding="utf-8")
    (window,) = read_links(tmp_path)
    for seed in range(40):
        other = disturb(window, random.Random(seed))
        assert isinstance(other, LinkWindow)
        first, second = other.links
        # A headline loses its articles.
        assert [other.words[i] for i in first.content if other.words[i] != "the"] == ["town", "fell"]
        assert [other.words[i] for i in first.cue + first.source] == ["said", "Rebels"]
        assert [other.words[i] for i in second.addressee] == ["AFP"]


@pytest.fixture(scope="module")
def wording() -> Wording:
    return Wording(read_cues(ONTOLOGY / "lexicons" / "cues.csv"))


@pytest.mark.parametrize(("cue", "ending"), [("said", ""), ("says", "s"), ("claiming", "ing")])
def test_another_verb_of_saying_stands_in_the_same_form(wording: Wording, cue: str, ending: str) -> None:
    words = ["Rebels", cue, "the", "town", "fell"]
    window = LinkWindow(words, [True] + [False] * 4, [Link([1], [0], [2, 3, 4], [], "Assertion")])
    others = {wording.vary(window, random.Random(seed), 1.0).words[1] for seed in range(30)}
    assert all(other.endswith(ending) for other in others)
    assert len(others) > 1
    assert wording.vary(window, random.Random(1), 0.0).words == words


@pytest.mark.parametrize("cue", ["Allegations", "Reports", "Claims"])
def test_a_cue_that_is_or_may_be_a_noun_stays(wording: Wording, cue: str) -> None:
    window = LinkWindow([cue, "of", "arrests"], [True, False, False], [Link([0], [], [2], [], "Assertion")])
    assert wording.vary(window, random.Random(1), 1.0) == window


def test_mentions_give_their_kind_to_the_word_that_heads_them(tmp_path: Path) -> None:
    rows = [
        ("the", 2, "(1-person-new"), ("head", 0, "_"), ("of", 4, "_"), ("Oxfam", 2, "(2-organization-new)1)"),
        ("there", 2, "_"),
    ]  # fmt: skip
    lines = ["# newdoc id = GUM_news_a", "# global.Entity = GRP-etype-infstat"] + [
        f"{i}\t{word}\t_\tX\t_\t_\t{head}\tdep\t_\t{'Entity=' + mark if mark != '_' else '_'}"
        for i, (word, head, mark) in enumerate(rows, start=1)
    ]
    path = tmp_path / "x.conllu"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    (window,) = read_trees(path)
    assert window.kind == ["none", "person", "none", "organization", "none"]
    assert window.document == "GUM_news_a"


def test_an_attribution_that_is_only_marked_weighs_nothing(tmp_path: Path) -> None:
    text = "The mayor said the bridge was closed.\n"
    (tmp_path / "a.txt").write_text(text, encoding="utf-8")
    rows = [
        "T1\tSource 0 9\tThe mayor", "T2\tCue 10 14\tsaid", "T3\tContent 15 36\tthe bridge was closed",
        "E1\tAttribution:T2 Source:T1 Cue:T2 Content:T3", "T4\tAttribution-no-source 10 14\tsaid",
        "E2\tAttribution-no-source:T4",
    ]  # fmt: skip
    (tmp_path / "a.ann").write_text("\n".join(rows) + "\n", encoding="utf-8")
    cases, wanted = read_cases(tmp_path, Pipeline.load(MODEL), Lexicon.load())
    assert wanted == 2
    assert [case.is_right for case in cases].count(True) == 1
