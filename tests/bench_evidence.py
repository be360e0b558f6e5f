"""Measure what is derived over all articles: python -m tests.bench_evidence [SIZES] [--help]

For each number of articles: the seconds of CPU to derive all anew, and those to load one article more and to take it
out again, from the beginning of the load to the switch. The articles are variations of those in seeds/. The exponent is
that of the power of the number of articles by which the time for all grows: 1 is linear. Ends with 1 if a limit is
missed, or if the graph is not the same byte for byte after the article is taken out.
"""

from __future__ import annotations

import argparse
import hashlib
import io
import math
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import linear_regression
from tempfile import TemporaryDirectory

from graph.dumps import dump
from graph.iris import Iris
from graph.resources import ONTOLOGY
from graph.snapshots import DataFolder
from loaders import run
from loaders.rdf.triples import to_triples
from loaders.reading import Tools, read
from loaders.text.readers import find_files, read_file
from tests.varied_articles import Read, vary

ROOT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True)
class Times:
    """Hold the seconds of CPU of one size."""

    articles: int
    triples: int
    put: float
    whole: float
    more: float
    fewer: float
    is_same: bool


def main(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.bench_evidence")
    parser.add_argument("sizes", nargs="*", type=int, default=[500, 1000, 2000, 4000])
    parser.add_argument("--most-exponent", type=float, default=1.15)
    parser.add_argument(
        "--most-seconds", type=float, default=3.0, help="for one article more, and for one fewer"
    )
    options = parser.parse_args(arguments)
    seeds = read_seeds()
    print("articles    triples  put, s  derive all, s  one more, s  one fewer, s  same bytes")
    rows = []
    for size in options.sizes:
        row = measure(seeds, size)
        rows.append(row)
        print(
            f"{row.articles:8,} {row.triples:10,} {row.put:7.1f} {row.whole:14.2f} {row.more:12.2f} {row.fewer:13.2f}"
            f"  {'yes' if row.is_same else 'NO'}",
            flush=True,
        )
    kept = all(row.is_same and max(row.more, row.fewer) <= options.most_seconds for row in rows)
    if len(rows) > 1:
        exponent = fit([(row.articles, row.whole) for row in rows])
        print(f"deriving all grows with the power {exponent:.2f} of the articles")
        kept = kept and exponent <= options.most_exponent
    print("within the limits" if kept else "a limit is missed")
    return 0 if kept else 1


def read_seeds() -> list[Read]:
    """Read the seeds as a load would."""
    tools = Tools.load()
    raws = [raw for path in find_files([ROOT / "seeds"]) for raw in read_file(path)]
    articles = [run.to_article(raw.file_name, raw.raw, raw.described) for raw in raws]
    return [(article, list(to_triples(read(article, tools), Iris()))) for article in articles]


def measure(seeds: Sequence[Read], size: int) -> Times:
    """Load so many variations at once, then one more, then take it out again."""
    with TemporaryDirectory() as place:
        folder = DataFolder(Path(place), ontology=ONTOLOGY)
        begun = time.process_time()
        with folder.begin() as transaction:
            for number in range(size):
                transaction.put_article(*vary(seeds, number, folder.iris))
            loaded = time.process_time()
            version = transaction.publish(anew=True)
        done = time.process_time()
        before, triples = digest(folder)
        more = vary(seeds, size, folder.iris)
        at = time.process_time()
        with folder.begin() as transaction:
            transaction.put_article(*more)
            transaction.publish()
        added = time.process_time()
        with folder.begin() as transaction:
            transaction.remove_article(more[0].key)
            last = transaction.publish()
        removed = time.process_time()
        is_same = (last, digest(folder)[0]) == (version, before)
    return Times(size, triples, loaded - begun, done - loaded, added - at, removed - added, is_same)


def digest(folder: DataFolder) -> tuple[str, int]:
    """Give the SHA-256 of the sorted N-Quads and the number of triples."""
    out = io.BytesIO()
    with folder.current() as snapshot:
        dump(snapshot, format="nq", out=out)
        return hashlib.sha256(out.getbuffer()).hexdigest(), len(snapshot.store)


def fit(rows: Sequence[tuple[int, float]]) -> float:
    """Give the exponent of the power that fits best: the slope of the logarithms by least squares."""
    sizes, seconds = zip(*rows, strict=True)
    return linear_regression([math.log(n) for n in sizes], [math.log(s) for s in seconds]).slope


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
