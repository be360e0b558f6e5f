"""The front door: the commands of a terminal, and the face for notebooks (`import hearsay`).

What takes long to import is imported by the command that needs it, so a help text comes at once.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, BinaryIO, Literal

import typer
from typer.core import TyperGroup

from graph.errors import HearsayError, UsageError

if TYPE_CHECKING:
    from graph.archive import Archive
    from graph.snapshots import DataFolder
    from loaders.run import Summary


class _Doorkeeper(TyperGroup):
    """Turn every error that Hearsay raises on purpose into a message and an exit status."""

    def invoke(self, ctx: Any) -> Any:
        try:
            return super().invoke(ctx)
        except HearsayError as error:
            typer.echo(f"hearsay: {error}", err=True)
            raise typer.Exit(2 if isinstance(error, UsageError) else 1) from error


app = typer.Typer(
    cls=_Doorkeeper,
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="Who said what about what in the news of a war, and where it stands in the text.",
    epilog="Ends with 0 when all went well, 1 when something was refused or a check failed, 2 for wrong use.",
)

Paths = Annotated[list[Path], typer.Argument(help="Files or folders: .txt, .html, .md, .jsonl, .rss, .warc.")]
Data = Annotated[Path, typer.Option(envvar="HEARSAY_DATA", help="The data folder.")]
Manifest = Annotated[
    Path | None, typer.Option(help="A CSV list of what the texts don't state: file, published, outlet …")
]
Background = Annotated[
    list[Path] | None,
    typer.Option(
        envvar="HEARSAY_BACKGROUND",
        metavar="DIR",
        help="A folder of Turtle files with more forces, people and places; repeat it for more folders.",
    ),
]
Workers = Annotated[int, typer.Option(min=1, help="How many articles to read at a time.")]
FieldNames = Annotated[
    str | None,
    typer.Option(
        envvar="HEARSAY_FIELDS", help="What .jsonl keeps where: text=body,title=headline,date=published_at"
    ),
]
_FORMAT = typer.Option("--format", help="The form of the answer.")
DATA = Path("data")


def main() -> None:
    """Run the command line."""
    app()


def open(data: str | Path = DATA) -> Archive:
    """Open a data folder for asking, in a notebook. Raises NoSnapshot where nothing has been loaded."""
    from graph.archive import Archive

    return Archive(Path(data), base=_base())


@app.command()
def load(
    paths: Paths,
    data: Data = DATA,
    manifest: Manifest = None,
    background: Background = None,
    fields: FieldNames = None,
    workers: Workers = 1,
) -> None:
    """Read articles into the graph.

    The data folder keeps a copy of what --background names, so that later loads know it too. Articles that were loaded
    before keep their links until they are loaded again.
    """
    with _reading(manifest, background, fields, workers) as options:
        from loaders import run

        summary = run.load(paths, _folder(data), **options)
    _report(summary, f"{data}, version {summary.version}" if summary.version else f"{data} is as it was")


@app.command()
def extract(
    paths: Paths,
    out: Annotated[Path, typer.Option(help="The folder to write to.")],
    manifest: Manifest = None,
    background: Background = None,
    fields: FieldNames = None,
    workers: Workers = 1,
) -> None:
    """Write what is read in each article as JSON, every string with its place."""
    with _reading(manifest, background, fields, workers) as options:
        from loaders import run

        summary = run.extract(paths, out, **options)
    _report(summary, f"written to {out}")


@app.command()
def serve(
    data: Data = DATA,
    host: Annotated[str, typer.Option(help="The address to listen at.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=1, max=65535, help="The port to listen at.")] = 8000,
    workers: Annotated[int | None, typer.Option(min=1, help="How many queries to answer at a time.")] = None,
) -> None:
    """Serve the pages and the SPARQL endpoint, until stopped with Ctrl-C."""
    from dataclasses import replace

    from server import run
    from server.settings import Settings

    settings = replace(Settings.from_environment(), data=data)
    seen_as = f"[{host}]" if ":" in host else host
    typer.echo(f"Hearsay is at http://{seen_as}:{port}/ and Ctrl-C stops it", err=True)
    run.serve(settings, host=host, port=port, workers=workers)


@app.command()
def ask(
    question: Annotated[str, typer.Argument(help='A question, such as "who denied entering Syria".')],
    data: Data = DATA,
    sparql: Annotated[bool, typer.Option("--sparql", help="Print the query instead of its answer.")] = False,
    form: Annotated[Literal["table", "json", "csv"], _FORMAT] = "table",
) -> None:
    """Answer a question that is stored, or name the nearest ones."""
    from graph import questions
    from graph.iris import Iris

    found = questions.find(question, Iris(_base()), added=_folder(data).background)
    if sparql:
        typer.echo(found.query)
    else:
        _answer(data, found.query, form)


@app.command()
def query(
    file: Annotated[str, typer.Argument(help="A file with a SPARQL query, or - for standard input.")],
    data: Data = DATA,
    form: Annotated[Literal["table", "json", "csv", "tsv", "xml", "ttl", "nt"], _FORMAT] = "table",
) -> None:
    """Run a SPARQL query over what is loaded."""
    try:
        raw = sys.stdin.buffer.read() if file == "-" else Path(file).read_bytes()
        words = raw.decode("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(
            f"the query in {file} can't be read ({error}); name a text file, or - for standard input"
        ) from error
    _answer(data, words, form)


@app.command()
def show(
    statement: Annotated[
        str, typer.Argument(help="A statement: its address, its key or how the key begins.")
    ],
    data: Data = DATA,
    form: Annotated[Literal["text", "json", "ttl"], _FORMAT] = "text",
) -> None:
    """Show who said it and where it stands, checked against the kept texts now."""
    with open(data) as archive:
        record = archive.record(statement)
        if form == "json":
            typer.echo(json.dumps(record.to_json(), ensure_ascii=False, indent=2))
        elif form == "ttl":
            typer.echo(record.to_graph().serialize(format="turtle").rstrip("\n"))
        else:
            typer.echo(record.to_text().rstrip("\n"))


@app.command()
def dump(
    data: Data = DATA,
    form: Annotated[Literal["ttl", "trig", "nq", "nt", "jsonld", "void"], _FORMAT] = "ttl",
    article: Annotated[str | None, typer.Option(help="The key of one article; all without it.")] = None,
    out: Annotated[Path | None, typer.Option(help="The file to write; standard output without it.")] = None,
    compress: Annotated[
        Literal["gzip", "zstd"] | None, typer.Option(help="Compress what is written.")
    ] = None,
    rdf12: Annotated[
        bool, typer.Option("--rdf12", help="Reify what each statement is about, with triple terms (RDF 1.2).")
    ] = False,
) -> None:
    """Write the graph out, or with --format void what it holds and how to cite it.

    The lines of nq and nt are sorted: equal content gives equal bytes, those of a server's downloads.
    """
    from graph import dumps
    from graph.dump_forms import Form

    asked = Form(form, rdf12=rdf12, compression=compress)
    with open(data) as archive, _opened(out) as target:
        dumps.dump(archive.snapshot, format=asked.name, article=article, out=target)


@app.command()
def check(data: Data = DATA) -> None:
    """Check every passage against the kept texts, and the form of the graph."""
    from graph import checks

    with open(data) as archive:
        problems = list(checks.check(archive.folder, archive.snapshot))
    for problem in problems:
        typer.echo(f"{problem.kind}: {problem.where}: {problem.what}; {problem.what_to_do}")
    if problems:
        typer.echo(f"{data}: {len(problems)} found", err=True)
        raise typer.Exit(1)
    typer.echo(f"{data}: nothing is wrong")


@app.command()
def evaluate(
    gold_dir: Annotated[
        Path, typer.Argument(help="The folder of annotated articles: .json, .ann, or a folder of re3d.")
    ],
    text_dir: Annotated[
        Path | None, typer.Argument(help="The folder of their texts, .txt; the same one without it.")
    ] = None,
    floor: Annotated[
        list[str] | None, typer.Option(metavar="NAME=VALUE", help="An F1 to be reached; repeat it for more.")
    ] = None,
    floors: Annotated[
        Path | None, typer.Option(help="A CSV file of floors: corpus, measure, floor. It needs --corpus.")
    ] = None,
    corpus: Annotated[str | None, typer.Option(help="Which corpus of the floors this one is.")] = None,
    errors: Annotated[
        bool, typer.Option("--errors", help="Show what was read wrongly, the most costly kind first.")
    ] = False,
    kind: Annotated[
        list[str] | None, typer.Option(help="Show such errors only: missed, content, wrong-stance …")
    ] = None,
    limit: Annotated[int, typer.Option(min=1, help="How many errors of each kind to show.")] = 10,
    errors_csv: Annotated[
        Path | None, typer.Option(help="Write all of them, a row each, to this file.")
    ] = None,
    manifest: Manifest = None,
    workers: Workers = 1,
) -> None:
    """Read the texts anew and compare with what people annotated."""
    from rich.console import Console

    from loaders import measurement, progress
    from loaders.scoring import faults, report
    from loaders.scoring import floors as pins

    if (floors is None) != (corpus is None):
        raise UsageError("--floors FILE and --corpus NAME belong together; give both or neither")
    least = {
        **(pins.read_pinned(floors, corpus) if floors and corpus else {}),
        **pins.read_floors(floor or []),
    }
    kinds = faults.choose_kinds(kind) if kind else tuple(faults.KINDS)
    with progress.watch() as watch:
        measured = measurement.measure(gold_dir, text_dir, manifest=manifest, workers=workers, progress=watch)
    scores = measured.scores
    groups = [one for one in faults.group(scores.faults, scores.measures) if one.kind in kinds]
    console = Console()
    if errors or kind:
        report.print_faults(console, groups, limit=limit)
    if errors_csv:
        report.write_csv(errors_csv, groups)
    console.print(scores.to_table())
    for line in scores.list_remarks():
        typer.echo(line)
    missed = pins.list_missed(scores, least)
    for line in [*missed, *(f"refused: {one}" for one in measured.refused)]:
        typer.echo(line, err=True)
    if missed or scores.misplaced or measured.refused:
        raise typer.Exit(1)


def _base() -> str:
    from graph.terms import DEFAULT_BASE

    return os.environ.get("HEARSAY_BASE") or DEFAULT_BASE


@contextmanager
def _reading(
    manifest: Path | None, background: list[Path] | None, fields: str | None, workers: int
) -> Iterator[dict[str, Any]]:
    """Give what every reading takes, with its progress shown.

    The process that will read first is started before this one imports what it needs itself.
    """
    from loaders.workers import Spare

    with Spare("loaders.reading") as spare:
        from loaders import progress
        from loaders.text.fields import Fields

        roles = Fields.parse(fields)
        with progress.watch() as watch:
            yield {
                "manifest": manifest,
                "background": background or [],
                "fields": roles,
                "workers": workers,
                "progress": watch,
                "spare": spare,
            }


def _folder(data: Path) -> DataFolder:
    from graph.snapshots import DataFolder

    return DataFolder(data, base=_base())


def _answer(data: Path, sparql: str, form: str) -> None:
    from rich.console import Console

    with open(data) as archive:
        if form != "table":
            archive.write(sparql, form, sys.stdout.buffer.write)
            sys.stdout.flush()
            return
        answer = archive.tabulate(sparql)
    if isinstance(answer, str):
        typer.echo(answer)
    else:
        # A pipe has no width: there nothing is folded, so that grep finds whole cells.
        Console(width=None if sys.stdout.isatty() else 10_000).print(answer)


@contextmanager
def _opened(out: Path | None) -> Iterator[BinaryIO]:
    """Give the file to write, which gets its name only when it is whole, or standard output."""
    if out is None:
        yield sys.stdout.buffer
        sys.stdout.flush()
        return
    part = out.with_name(f"{out.name}.part")
    try:
        with part.open("wb") as target:
            yield target
        part.replace(out)
    except OSError as error:
        raise UsageError(
            f"{out} can't be written ({error.strerror}); name another file with --out"
        ) from error
    finally:
        part.unlink(missing_ok=True)


def _report(summary: Summary, where: str) -> None:
    from loaders import progress

    for line in progress.list_remarks(summary):
        typer.echo(line, err=True)
    typer.echo(f"{progress.to_line(summary)}; {where}")
    if not summary.is_complete:
        raise typer.Exit(1)


if __name__ == "__main__":
    main()
