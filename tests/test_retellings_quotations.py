"""Articles that quote the same words of the same speaker on the same days are told apart from those that don't."""

from __future__ import annotations

from random import Random

import pytest
from rdflib import Graph, Literal, URIRef

from graph import retellings
from graph.iris import Iris
from graph.store import QuadStore
from graph.terms import HS, XSD

IRIS = Iris()
EVIDENCE = IRIS.graph("evidence")

SPEECH = "the advance towards the ford came after our troops had met their allies at the border"
AGAIN = "the move towards the ford was made after our troops and their allies had met at the border"
OTHER = "nobody in this town has seen a single truck of flour since the bridge was hit last spring"
SHORT = "the advance towards the ford came after"

Said = tuple[str, str]  # speaker, words


def put(
    store: QuadStore, key: str, said: list[Said], *, day: str | None = "2021-03-02", form: str = "direct"
) -> URIRef:
    graph, article = Graph(), IRIS.of("article", key)
    if day:
        graph.add((article, HS.published, Literal(day, datatype=XSD.date)))
    for i, (speaker, words) in enumerate(said):
        mention, statement, span = (IRIS.of(kind, f"{key}-{i}") for kind in ("mention", "statement", "span"))
        graph.add((mention, HS.foundIn, article))
        graph.add((mention, HS.mentionOf, statement))
        graph.add((mention, HS.quoteType, Literal(form)))
        graph.add((mention, HS.contentSpan, span))
        graph.add((span, HS.exact, Literal(words)))
        graph.add((statement, HS.speaker, IRIS.of("agent", speaker)))
    name = IRIS.graph(f"article/{key}")
    store.put_graph(name, graph)
    return name


def found(store: QuadStore) -> dict[str, tuple[str, int]]:
    graph = store.graph(EVIDENCE)
    return {
        str(one).rpartition("/")[2]: (
            str(other).rpartition("/")[2], int(str(graph.value(one, HS.sharedQuotations)))
        )
        for one, other in graph.subject_objects(HS.sharesQuotationsWith)
    }  # fmt: skip


@pytest.mark.parametrize(
    ("words", "speaker", "day", "form", "is_shared"),
    [
        (SPEECH, "guard", "2021-03-02", "direct", True),
        (f"“{SPEECH.capitalize()},”", "guard", "2021-03-03", "direct", True),
        (AGAIN, "guard", "2021-03-01", "direct", True),  # translated twice
        (SPEECH, "guard", "2021-03-04", "direct", False),  # two days later
        (SPEECH, "guard", None, "direct", False),
        (SPEECH, "mayor", "2021-03-02", "direct", False),
        (SPEECH, "guard", "2021-03-02", "indirect", False),
        (SHORT, "guard", "2021-03-02", "direct", False),
        (OTHER, "guard", "2021-03-02", "direct", False),
    ],
)
def test_a_quotation_is_shared_by_words_speaker_and_day(
    words: str, speaker: str, day: str | None, form: str, is_shared: bool
) -> None:
    store = QuadStore.in_memory()
    put(store, "a", [("guard", SPEECH)])
    put(store, "b", [(speaker, words)], day=day, form=form)
    retellings.update(store, IRIS)
    assert found(store) == ({"a": ("b", 1), "b": ("a", 1)} if is_shared else {})


def test_the_one_that_shares_most_is_kept() -> None:
    store = QuadStore.in_memory()
    put(store, "a", [("guard", SPEECH), ("mayor", OTHER)])
    put(store, "b", [("guard", AGAIN)])
    put(store, "c", [("mayor", OTHER), ("guard", SPEECH), ("guard", AGAIN)])
    retellings.update(store, IRIS)
    assert found(store) == {"a": ("c", 2), "b": ("a", 1), "c": ("a", 2)}


@pytest.mark.parametrize("seed", range(4))
def test_any_adding_and_removing_gives_what_is_found_from_scratch(seed: int) -> None:
    chance = Random(seed)
    store, loaded = QuadStore.in_memory(), dict[str, tuple[list[Said], str]]()
    most = 0
    for _ in range(25):
        touched = []
        for _ in range(chance.randint(1, 3)):
            key = f"{chance.randrange(10)}"
            if key in loaded and chance.random() < 0.5:
                del loaded[key]
                store.remove_graph(IRIS.graph(f"article/{key}"))
                touched.append(IRIS.graph(f"article/{key}"))
            else:
                said = [
                    (chance.choice(("guard", "mayor")), chance.choice((SPEECH, AGAIN, OTHER, SHORT)))
                    for _ in range(chance.randint(0, 3))
                ]
                loaded[key] = said, f"2021-03-0{chance.randint(1, 3)}"
                touched.append(put(store, key, said, day=loaded[key][1]))
        retellings.update(store, IRIS, touched)
        scratch = QuadStore.in_memory()
        for key in chance.sample(sorted(loaded), len(loaded)):
            put(scratch, key, loaded[key][0], day=loaded[key][1])
        retellings.update(scratch, IRIS)
        assert set(store.quads(EVIDENCE)) == set(scratch.quads(EVIDENCE))
        most = max(most, len(found(store)))
    assert most > 3
