"""Reads the texts of an annotated corpus anew and scores what was read, whichever form the corpus has."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from graph.errors import UsageError
from loaders import run
from loaders.plan import Plan, Refused, Task
from loaders.run import Progress
from loaders.scoring import evaluation, re3d
from loaders.scoring.annotations import AnnotatedArticle, BadAnnotation
from loaders.scoring.corpora import read_annotations
from loaders.scoring.entities import EntityArticle, EntityMention, compare_entities
from loaders.scoring.scores import Scores
from loaders.text.layout import split_blocks
from loaders.workers import Lost, run_tasks


@dataclass(frozen=True, slots=True)
class Measured:
    """Hold the figures, and what could not be read: annotations with a fault, articles that were refused."""

    scores: Scores
    refused: tuple[str, ...] = ()


def measure(
    gold_dir: Path,
    text_dir: Path | None = None,
    *,
    manifest: Path | None = None,
    workers: int = 1,
    progress: Progress | None = None,
) -> Measured:
    """Score the reading of a corpus: re3d's entities, or articles annotated with attributions.

    `text_dir` is where the texts lie, without it beside the annotations. A file that is wrong is told and the
    others are still scored. Raises UsageError where nothing is left.
    """
    faults: list[BadAnnotation] = []
    if re3d.list_folders(gold_dir):
        documents = list(re3d.read_entities(gold_dir, refuse=faults.append))
        scores, refused = _measure_entities(documents, workers, progress)
    else:
        articles = list(read_annotations(gold_dir, text_dir, refuse=faults.append))
        if not articles:
            raise UsageError(f"no annotated article could be used, the first because of {faults[0]}")
        scores, refused = _measure_claims(articles, manifest, workers, progress)
    return Measured(scores, (*map(str, faults), *(f"{one.file}: {one.reason}" for one in refused)))


def _measure_claims(
    articles: list[AnnotatedArticle], manifest: Path | None, workers: int, progress: Progress | None
) -> tuple[Scores, tuple[Refused, ...]]:
    with TemporaryDirectory() as folder:
        summary = run.extract(
            [article.text_path for article in articles],
            Path(folder),
            manifest=manifest,
            workers=workers,
            progress=progress,
        )
        # An extract is named as its article, but for signs that a file name should not have.
        found = [json.loads(path.read_text(encoding="utf-8")) for path in Path(folder).glob("*.json")]
    return evaluation.compare(articles, {_stem(one["article"]): one for one in found}), summary.refused


def _stem(file_name: str) -> str:
    return file_name.removesuffix(".txt")


def _measure_entities(
    documents: list[EntityArticle], workers: int, progress: Progress | None
) -> tuple[Scores, tuple[Refused, ...]]:
    found: dict[str, list[EntityMention]] = {}
    with TemporaryDirectory() as folder:
        for document in documents:
            (Path(folder) / f"{document.name}.txt").write_bytes(document.text.encode("utf-8"))
        with Plan([Path(folder)]) as plan:
            refused = list(plan.refused)
            results = run_tasks(
                plan.tasks(),
                prepare=partial(_prepare_mentions, run.Stages().load_tools),
                workers=workers,
                limit_s=run.article_timeout_s(),
            )
            for done, (place, mentions) in enumerate(results, 1):
                name = plan.name(place)
                if isinstance(mentions, Lost):
                    refused.append(Refused(name, mentions.reason))
                else:
                    found[_stem(name)] = mentions
                if progress is not None:
                    progress(done, len(plan), name, len(refused))
    return compare_entities(documents, found), tuple(refused)


def _prepare_mentions(load_tools: Callable[[], Any]) -> Callable[[Task], list[EntityMention]]:
    from loaders.scoring.mentions import find_mentions

    tools = load_tools()

    def handle(task: Task) -> list[EntityMention]:
        article = run.to_article(task.file_name, task.raw, task.given)
        doc = tools.pipeline.parse(article.text, split_blocks(article.text))
        return find_mentions(article, doc, tools.reader.knowledge)

    return handle
