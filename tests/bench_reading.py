"""Measure how fast articles are read: python -m tests.bench_reading [FOLDER OF .txt]

Beside it a peer in the same run, for machines differ: spaCy's tokenizer and its sentence splitter by rule, which do the
first two of the stages and nothing of the rest.
"""

from __future__ import annotations

import resource
import subprocess
import sys
import time
from collections import deque
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

import spacy

from graph.iris import Iris
from graph.model import Article
from loaders import run
from loaders.rdf.triples import to_triples
from loaders.reading import Tools, read
from loaders.text.readers import RawArticle, find_files, read_file

ROOT = Path(__file__).resolve().parent.parent
POLNEAR = ROOT.parent / "shared" / "corpora" / "polnear" / "dev"


def main(arguments: Sequence[str]) -> None:
    folder = Path(arguments[0]) if arguments else POLNEAR if POLNEAR.is_dir() else ROOT / "seeds"
    raws = [raw for path in find_files([folder]) for raw in read_file(path)]
    articles = [run.to_article(raw.file_name, raw.raw, raw.described) for raw in raws]
    words = sum(len(article.text.split()) for article in articles)
    print(f"{len(articles)} articles, {words:,} words, from {folder}")

    first = min(articles, key=lambda one: abs(len(one.text.split()) - words / len(articles)))
    print(
        f"an article of usual length is written {min(command(raws, first) for _ in range(3)):.2f} s after the command"
    )
    tools = Tools.load()
    read(first, tools)

    ours = measure(
        "Hearsay, all stages to triples", words, lambda: deque(map(partial(write, tools), articles), maxlen=0)
    )
    peer = spacy.blank("en")
    peer.add_pipe("sentencizer")
    theirs = measure("spaCy, words and sentences", words, lambda: [peer(one.text) for one in articles])
    print(f"that is one {theirs / ours:.0f}th of the peer's words a second")
    print(f"peak memory of this process: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024:,} MB")

    # A process reads its tools first, which no number of processes makes shorter.
    one, two = (extract(folder, workers) for workers in (1, 2))
    print(f"hearsay extract with one worker {one:.1f} s, with two {two:.1f} s: {one / two:.2f} times as fast")
    print(f"peak memory of a worker: {resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024:,} MB")


def command(raws: Sequence[RawArticle], article: Article) -> float:
    """Give the seconds from a command to its end, for one article."""
    raw = next(one for one in raws if one.file_name == article.file_name)
    with TemporaryDirectory() as folder:
        path = Path(folder) / "article.txt"
        path.write_bytes(raw.raw)
        begun = time.perf_counter()
        subprocess.run(
            [sys.executable, ROOT / "hearsay.py", "extract", path, "--out", folder],
            check=True,
            capture_output=True,
        )
        return time.perf_counter() - begun


def write(tools: Tools, article: Article) -> None:
    to_triples(read(article, tools), Iris())


def measure(name: str, words: int, work: Callable[[], object]) -> float:
    """Print how many words a second some work handles, by the clock and by the CPU; give the latter."""
    begun, cpu = time.perf_counter(), time.process_time()
    work()
    took, cpu = time.perf_counter() - begun, time.process_time() - cpu
    print(f"{name}: {words / took:,.0f} words/s, {words / cpu:,.0f} words/s of CPU")
    return words / cpu


def extract(folder: Path, workers: int) -> float:
    """Give the seconds that an extraction takes from beginning to end."""
    with TemporaryDirectory() as out:
        return run.extract([folder], Path(out), workers=workers).seconds


if __name__ == "__main__":
    main(sys.argv[1:])
