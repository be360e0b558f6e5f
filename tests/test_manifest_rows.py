"""The list of articles gives what a text does not state; faults in it are told by row, and the rest holds."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from graph.model import Described
from loaders.text.manifest import combine, find_manifests, read_manifest

SEEDS = Path(__file__).parents[1] / "seeds"
HEADER = "file,published,published_basis,outlet,agency,language,url,title\n"


def write(folder: Path, content: str | bytes) -> Path:
    path = folder / "articles.csv"
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    (folder / "a.txt").write_text("A text.")
    (folder / "b.txt").write_text("B text.")
    return path


def test_list_of_the_seeds_has_no_problem_and_names_each() -> None:
    manifest = read_manifest(SEEDS / "articles.csv")
    assert manifest.problems == ()
    assert set(manifest.rows) == {path.name for path in SEEDS.glob("*.txt")}
    assert all(row.published and row.published_basis for row in manifest.rows.values())


def test_row_gives_its_values_each_with_a_basis(tmp_path: Path) -> None:
    content = (
        HEADER
        + "a.txt,2017-11-08,stated: 'Nov 8',Gulf News,,en,https://example.org,Troops enter\nb.txt,,,,AFP,,,\n"
    )
    manifest = read_manifest(write(tmp_path, "\ufeff" + content))
    assert manifest.problems == ()
    assert manifest.rows["a.txt"] == Described(
        title="Troops enter",
        published=dt.date(2017, 11, 8),
        published_basis="stated: 'Nov 8'",
        outlet="Gulf News",
        outlet_basis="manifest",
        language="en",
        url="https://example.org",
    )
    assert manifest.rows["b.txt"] == Described(agency="AFP", agency_basis="manifest")


@pytest.mark.parametrize(
    ("content", "problem", "rows"),
    [
        (
            "file,date\na.txt,2017-11-08\n",
            "row 1: there is no column 'date', so it is left out; the columns are file, published",
            1,
        ),
        ("file,file\na.txt,b.txt\n", "row 1: the column 'file' stands there twice", 1),
        ("published\n2017-11-08\n", "row 1: the column 'file' is missing, so no row can be used", 0),
        ("file;published\na.txt;2017-11-08\n", "row 1: the columns are parted by semicolons", 0),
        ("", "the list is empty; its first row names the columns: file", 0),
        (b"file,outlet\na.txt,Caf\xe9\n", "not in UTF-8", 0),
        ('file,title\na.txt,"never closed\n', "is no CSV", 0),
        (
            "file,published\na.txt,8 Nov 2017\n",
            "row 2 (a.txt): published '8 Nov 2017' is no date, so the article has none",
            1,
        ),
        (
            "file,published\na.txt,2017-02-30\nb.txt,2017-11-08\n",
            "row 2 (a.txt): published '2017-02-30' is no date",
            2,
        ),
        ("file,published\na.txt,0217-11-08\n", "write it as 2017-11-08", 1),
        ("file,published\ngone.txt,2017-11-08\nb.txt,2017-11-08\n", "row 2: there is no file gone.txt", 2),
        ("file,outlet\na.txt,X\na.txt,Y\n", "row 3: a.txt stands in row 2 already, which holds", 1),
        ("file,outlet\n,X\nb.txt,Y\n", "row 2: no file is named", 1),
        (
            "file,outlet\na.txt,Gulf News, Dubai\nb.txt,Y\n",
            "row 2: 3 values for 2 columns, so the row is left out",
            1,
        ),
        ("file,language\na.txt,English\n", "language 'English' is no language code", 1),
        ("file,url\na.txt,example.org\n", "url 'example.org' is no web address", 1),
    ],
)
def test_problem_is_told_and_other_rows_hold(
    content: str | bytes, problem: str, rows: int, tmp_path: Path
) -> None:
    manifest = read_manifest(write(tmp_path, content))
    assert len(manifest.problems) == 1
    assert problem in manifest.problems[0]
    assert len(manifest.rows) == rows


def test_wrong_value_costs_only_itself(tmp_path: Path) -> None:
    manifest = read_manifest(write(tmp_path, "file,published,outlet\na.txt,yesterday,Gulf News\n"))
    assert manifest.rows["a.txt"] == Described(outlet="Gulf News", outlet_basis="manifest")


def test_first_of_two_rows_holds(tmp_path: Path) -> None:
    manifest = read_manifest(write(tmp_path, "file,outlet\na.txt,X\na.txt,Y\n"))
    assert manifest.rows["a.txt"].outlet == "X"


def test_missing_list_is_told(tmp_path: Path) -> None:
    assert "no such file" in read_manifest(tmp_path / "gone.csv").problems[0]


def test_file_loaded_from_elsewhere_is_no_problem(tmp_path: Path) -> None:
    path = write(tmp_path, "file\nelsewhere.txt\nmany.jsonl#7\n")
    assert len(read_manifest(path).problems) == 2
    assert read_manifest(path, present={"elsewhere.txt", "many.jsonl#7"}).problems == ()


def test_article_is_found_by_path_before_name(tmp_path: Path) -> None:
    path = write(tmp_path, "file,outlet\nsub/a.txt,Sub\na.txt,Top\n")
    manifest = read_manifest(path, present={"sub/a.txt"})
    cases = {tmp_path / "sub" / "a.txt": "Sub", tmp_path / "a.txt": "Top", Path("/elsewhere/a.txt"): "Top"}
    for article, outlet in cases.items():
        row = manifest.find(article, "a.txt")
        assert row is not None
        assert row.outlet == outlet
    assert manifest.find(tmp_path / "b.txt", "b.txt") is None


def test_lists_in_loaded_folders_are_found(tmp_path: Path) -> None:
    (tmp_path / "sub").mkdir()
    first, second = write(tmp_path, HEADER), write(tmp_path / "sub", HEADER)
    assert find_manifests([tmp_path, tmp_path / "a.txt"]) == (first, second)
    assert find_manifests([tmp_path / "sub" / "a.txt", tmp_path / "sub" / "b.txt"]) == (second,)
    assert find_manifests([tmp_path / "gone" / "a.txt"]) == ()


def test_first_source_that_knows_gives_value_and_basis() -> None:
    given = Described(outlet="Gulf News", outlet_basis="manifest")
    stated = Described(
        title="Troops enter",
        published=dt.date(2017, 11, 8),
        published_basis="stated: 'Nov 8, 2017'",
        outlet="Example Times",
        outlet_basis="stated: 'Example Times'",
    )
    assert combine(given, None, stated) == Described(
        title="Troops enter",
        published=dt.date(2017, 11, 8),
        published_basis="stated: 'Nov 8, 2017'",
        outlet="Gulf News",
        outlet_basis="manifest",
    )
    assert combine() == Described()
