"""What a person sees of a run over many articles: how far it is, and in the end what was done and refused."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from time import monotonic

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from loaders.run import Summary

_LINE_EVERY_S = 10.0


@contextmanager
def watch() -> Iterator[Callable[[int, int, str, int], None]]:
    """Tell on standard error how far a run is: a bar on a terminal, else a line every ten seconds."""
    console = Console(stderr=True)
    if not console.is_terminal:
        yield _tell_in_lines(console)
        return
    columns = (BarColumn(), MofNCompleteColumn(), TextColumn("{task.fields[pace]}"), TimeRemainingColumn())
    with Progress(*columns, TextColumn("{task.description}"), console=console, transient=True) as bar:
        task = bar.add_task("", total=None, pace="making ready")
        begun = monotonic()

        def tell(done: int, total: int, current: str, refused: int) -> None:
            pace = f"{done / (monotonic() - begun):.1f} articles/s" if done else "making ready"
            bar.update(task, completed=done, total=total, pace=pace, description=current)

        yield tell


def _tell_in_lines(console: Console) -> Callable[[int, int, str, int], None]:
    begun = last = monotonic()

    def tell(done: int, total: int, current: str, refused: int) -> None:
        nonlocal last
        now = monotonic()
        if not done or (now - last < _LINE_EVERY_S and done < total):
            return
        last = now
        pace = done / max(now - begun, 1e-6)
        left = f", about {(total - done) / pace:.0f} s left" if done < total else ""
        words = f"{done} of {count(total, 'article')}, {pace:.1f} articles/s{left}"
        console.print(words, markup=False, highlight=False, soft_wrap=True)

    return tell


def list_remarks(summary: Summary) -> Iterator[str]:
    """Write each note and each refusal as a line."""
    yield from (f"note: {note}" for note in summary.notes)
    yield from (f"refused: {refused.file}: {refused.reason}" for refused in summary.refused)


def to_line(summary: Summary) -> str:
    """Write what a run did as one line."""
    return (
        f"{count(summary.loaded, 'article')}, {count(summary.statements, 'statement')} "
        f"in {count(summary.mentions, 'passage')}, {len(summary.refused):,} refused, {summary.seconds:.1f} s"
    )


def count(number: int, thing: str) -> str:
    """Write a number with its thing: 1 article, 2 articles."""
    return f"{number:,} {thing}{'' if number == 1 else 's'}"
