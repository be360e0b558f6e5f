"""What every annotated corpus is read into: an article, its text, and who said what in it by place."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from graph.errors import UsageError

Annotation = Mapping[str, Any]


class BadAnnotation(UsageError):
    """Say what is wrong in a file of a corpus, at which line where that is known (counted from 1)."""

    def __init__(self, path: Path, what: str, line: int | None = None) -> None:
        self.path = path
        self.what = what
        self.line = line
        super().__init__(f"{path}{f', line {line}' if line else ''}: {what}")


Refuse = Callable[[BadAnnotation], None]


def tell(fault: BadAnnotation, refuse: Refuse | None) -> None:
    """Hand a fault to whoever takes it; raise it where nobody does."""
    if refuse is None:
        raise fault
    refuse(fault)


def read_occurrence(values: Annotation) -> Mapping[str, Any]:
    """Give by part which occurrence in the text is meant; a bare number holds for cue and trigger."""
    found = values.get("occurrence") or {}
    return found if isinstance(found, Mapping) else {"cue": found, "trigger": found}


@dataclass(frozen=True, slots=True)
class AnnotatedArticle:
    """Hold an article of a corpus. `gold` has the form of `tests/gold/GUIDELINES.md`, and each string of an
    attribution or event has its place: {"text", "start", "end"}, code points of `text`, end exclusive."""

    name: str
    text_path: Path
    text: str = field(repr=False)
    gold: Annotation = field(repr=False)


def read_text(path: Path) -> str:
    """Read a text with nothing changed, so that offsets hold. Raises BadAnnotation where that can't be done."""
    try:
        return path.read_bytes().decode("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise BadAnnotation(
            path, f"the article can't be read ({error}); give the folder of its text"
        ) from error
