"""What is wrong in a file that adds to the background is told with file, line and what to do, all of it at once."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

import hearsay
from graph.errors import BackgroundError, UsageError
from loaders.meaning import additions

PREFIXES = """@prefix agent: <https://w3id.org/hearsay/id/agent/> .
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix hs: <https://w3id.org/hearsay/ontology#> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix place: <https://w3id.org/hearsay/id/place/> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .

"""
SOUND = """agent:hill-guard
    a hs:NonStateArmedGroup ;
    rdfs:label "Hill Guard" ;
    skos:altLabel "Guards of the Hill" ;
    dcterms:source "made up" .
"""
SEEN = 'dcterms:source "made up"'
FAULTS = {
    "no turtle": ("agent:hill-guard a hs:Person", r"own\.ttl can't be read as Turtle: .*9.*mend the file"),
    "unknown prefix": ("agent:a a foaf:Person .", r"own\.ttl can't be read as Turtle: .*foaf"),
    "not UTF-8": ("# caf\udce9", r"own\.ttl can't be read as"),
    "unknown kind": (
        f'agent:a a hs:ArmedGroup ; rdfs:label "A" ; {SEEN} .',
        r"own\.ttl, line 9: agent a is a hs:ArmedGroup, which is no kind of agent; write hs:NonStateArmedGroup",
    ),
    "kind of something else": (
        f'agent:a a hs:Country ; rdfs:label "A" ; {SEEN} .',
        r"agent a is a hs:Country, which is no kind of agent; there are hs:Agent, ",
    ),
    "no kind": (
        f'agent:a rdfs:label "A" ; {SEEN} .',
        r"line 9: agent a has no kind; give one, such as hs:NonState",
    ),
    "no label": (
        f"agent:a a hs:Person ; {SEEN} .",
        r"line 9: agent a has no label; give its usual English name",
    ),
    "two labels": (
        f'agent:a a hs:Person ; rdfs:label "A" , "B" ; {SEEN} .',
        r"agent a has 2 labels; .* as rdfs:label, once",
    ),
    "no source": (
        '\nagent:a a hs:Person ; rdfs:label "A" .',
        r"line 10: agent a has no source; say in dcterms:source",
    ),
    "key of another thing": (
        f'agent:hezbollah a hs:NonStateArmedGroup ; rdfs:label "Party of the Hill" ; {SEEN} .',
        r"agent hezbollah is “Hezbollah” in the background data that ships, and “Party of the Hill” here; .* key",
    ),
    "another kind": (
        f"agent:hezbollah a hs:Person ; {SEEN} .",
        r"agent hezbollah is a hs:NonStateArmedGroup in the .* ships, and a hs:Person here; leave the kind out",
    ),
    "no address": (
        f'<https://example.org/a> a hs:Person ; rdfs:label "A" ; {SEEN} .',
        r"https://example\.org/a has no address of an agent or place; .*https://w3id\.org/hearsay/id/agent/",
    ),
    "no slug": (
        f'agent:Hill_Guard a hs:Person ; rdfs:label "A" ; {SEEN} .',
        r"Hill_Guard has no address of an agent",
    ),
    "a thing without address": ('[] rdfs:label "A" .', r"a thing has no address of an agent or place"),
    "nobody there": (
        SOUND.replace(SEEN, f"{SEEN} ; hs:partOfOrg agent:hezbolah"),
        r"agent hill-guard has hs:partOfOrg with hezbolah, which nothing describes; .* or write hezbollah",
    ),
    "part of a place": (
        SOUND.replace(SEEN, f"{SEEN} ; hs:partOfOrg place:syria"),
        r"has hs:partOfOrg with .*place/syria, which is no agent",
    ),
    "part of itself": (
        SOUND.replace(SEEN, f"{SEEN} ; hs:partOfOrg agent:b")
        + f'agent:b a hs:Coalition ; rdfs:label "B" ; hs:partOfOrg agent:hill-guard ; {SEEN} .',
        r"agent hill-guard is by hs:partOfOrg a part of itself; break the circle",
    ),
    "misspelt property": (
        SOUND.replace("skos:altLabel", "hs:headphrase"),
        r"hs:headphrase is no term of the ontology; write hs:headPhrase",
    ),
    "property of others": (
        SOUND.replace("skos:altLabel", "hs:exact"),
        r"hs:exact is not for this; there are",
    ),
    "somebody's claim": (
        SOUND.replace(SEEN, f"{SEEN} ; hs:backedBy agent:iran-government"),
        r"has hs:backedBy, which is somebody's claim",
    ),
    "the same as": (
        SOUND.replace(SEEN, f"{SEEN} ; owl:sameAs agent:b"),
        r"has owl:sameAs; keep identifiers .* as strings",
    ),
    "name that is none": (
        SOUND.replace('"Guards of the Hill"', "agent:b"),
        r"has .*agent/b as a name; write names as text",
    ),
    "head phrase with capitals": (
        SOUND.replace('skos:altLabel "Guards', 'hs:headPhrase "Guards'),
        r"head phrase “Guards of the Hill”; .*small letters",
    ),
}


def write(folder: Path, turtle: str, name: str = "own.ttl") -> Path:
    folder.mkdir(exist_ok=True)
    (folder / name).write_bytes((PREFIXES + turtle).encode("utf-8", errors="surrogateescape"))
    return folder


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_is_told_with_what_to_do(name: str, tmp_path: Path) -> None:
    turtle, words = FAULTS[name]
    with pytest.raises(BackgroundError, match=words):
        additions.gather([write(tmp_path / "war", turtle)])


def test_all_faults_of_all_files_are_told_at_once(tmp_path: Path) -> None:
    write(tmp_path, 'agent:a a hs:Army ; rdfs:label "A" .', "one.ttl")
    write(tmp_path, SOUND.replace("rdfs:label", "rdfs:comment"), "two.ttl")
    with pytest.raises(BackgroundError) as raised:
        additions.gather([tmp_path])
    lines = str(raised.value).splitlines()
    assert [line.partition(":")[0] for line in lines] == [
        "the background data can't be added",
        "one.ttl, line 9",
        "one.ttl, line 9",
        "two.ttl, line 9",
    ]


def test_two_files_may_not_mean_different_things_by_one_key(tmp_path: Path) -> None:
    write(tmp_path, SOUND, "one.ttl")
    write(tmp_path, SOUND.replace('"Hill Guard"', '"Guard of the Hills"'), "two.ttl")
    with pytest.raises(
        BackgroundError, match=r"two\.ttl, line 9: agent hill-guard is “Hill Guard” in one\.ttl, line 9"
    ):
        additions.gather([tmp_path])


def test_a_file_may_add_to_what_is_known(tmp_path: Path) -> None:
    folder = write(tmp_path / "war", f'agent:hezbollah skos:altLabel "Hizb of the Hill" ; {SEEN} .\n{SOUND}')
    found = additions.gather([folder])
    assert [path.name for path in found.given] == ["own.ttl"]
    assert (found.files, found.notes) == (found.given, ())


def test_nothing_added_is_nothing_read() -> None:
    assert additions.gather([]) == additions.Additions()


def test_a_file_takes_the_place_of_a_kept_one_that_it_still_describes(tmp_path: Path) -> None:
    kept = write(tmp_path / "kept", SOUND) / "own.ttl"
    other = write(tmp_path / "kept", SOUND.replace("hill-guard", "vale-guard"), "other.ttl") / "other.ttl"
    new = write(tmp_path / "new", SOUND + SOUND.replace("hill-guard", "dale-guard"))
    found = additions.gather([new], [other, kept])
    assert found.files == (other, new / "own.ttl")
    assert found.given == (new / "own.ttl",)


def test_a_name_that_several_bear_now_is_noted(tmp_path: Path) -> None:
    folder = write(tmp_path / "war", SOUND.replace("Guards of the Hill", "Tiger Forces"))
    (note,) = additions.gather([folder]).notes
    assert "“Tiger Forces” names hill-guard and tiger-forces" in note


@pytest.mark.parametrize("name", ["missing", "empty", "file.ttl"])
def test_a_folder_without_files_is_wrong_use(name: str, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "file.ttl").write_text(SOUND)
    with pytest.raises(
        UsageError, match=r"--background .* (has no Turtle files|is no folder).*name a folder"
    ):
        additions.gather([tmp_path / name])


def test_two_files_of_one_name_are_wrong_use(tmp_path: Path) -> None:
    folders = [write(tmp_path / "one", SOUND), write(tmp_path / "two", SOUND.replace("hill", "vale"))]
    with pytest.raises(UsageError, match="the same name, by which a copy is kept; rename one"):
        additions.gather(folders)


def test_the_option_repeats_and_the_setting_names_several(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    texts = tmp_path / "texts"
    texts.mkdir()
    for name in ("one", "two"):
        write(tmp_path / name, SOUND.replace("NonState", "NoState"), f"{name}.ttl")
    folders = [str(tmp_path / name) for name in ("one", "two")]
    run = CliRunner().invoke
    command = ["extract", str(texts), "--out", str(tmp_path / "out")]
    by_option = run(hearsay.app, [*command, *(word for one in folders for word in ("--background", one))])
    monkeypatch.setenv("HEARSAY_BACKGROUND", ":".join(folders))
    by_setting = run(hearsay.app, command)
    for result in (by_option, by_setting):
        assert result.exit_code == 1
        assert "one.ttl, line 9: agent hill-guard is a hs:NoStateArmedGroup" in result.output
        assert "two.ttl, line 9" in result.output
