"""Kept copies of articles, compared now with what the graph says stands in them."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from graph.errors import UnknownResource
from graph.records import Passage

if TYPE_CHECKING:
    from graph.snapshots import DataFolder

CONTEXT_CHARACTERS = 32


@dataclass(frozen=True, slots=True)
class KeptCopy:
    """Hold a kept copy's text, or None where there is none, and in plain words what is wrong with it."""

    text: str | None
    problem: str | None


class Copies:
    """Read each kept copy once and compare spans with it."""

    def __init__(self, folder: DataFolder) -> None:
        self._folder = folder
        self._read: dict[str, KeptCopy] = {}

    def read(self, sha256: str) -> KeptCopy:
        """Give the kept copy of the article with this SHA-256; a fault is told, not raised."""
        if sha256 not in self._read:
            self._read[sha256] = self._open(sha256)
        return self._read[sha256]

    def _open(self, sha256: str) -> KeptCopy:
        try:
            raw = self._folder.article_path(sha256).read_bytes()
        except UnknownResource as error:
            return KeptCopy(None, str(error))
        except FileNotFoundError:
            return KeptCopy(None, "the kept copy is missing; load the article again to put it back")
        except OSError as error:
            return KeptCopy(None, f"the kept copy can't be read: {error.strerror}")
        found = hashlib.sha256(raw).hexdigest()
        problem = None
        if found != sha256:
            problem = f"the kept copy was changed after it was loaded: its SHA-256 is now {found}"
        try:
            return KeptCopy(raw.decode("utf-8"), problem)
        except UnicodeDecodeError:
            return KeptCopy(None, problem or "the kept copy is not UTF-8")

    def passage(self, *, role: str, id: str, sha256: str, start: int, end: int, exact: str) -> Passage:
        """Compare a span with the kept copy: the same words at the same place in the same bytes."""
        copy = self.read(sha256)
        if copy.text is None:
            return Passage(role, id, start, end, exact, "", "", verified=False, problem=copy.problem)
        now = copy.text[start:end]
        problem = copy.problem
        if now != exact:
            problem = f"the kept copy has {now!r} there, not {exact!r}"
        return Passage(
            role=role,
            id=id,
            start=start,
            end=end,
            exact=exact,
            before=copy.text[max(0, start - CONTEXT_CHARACTERS) : start],
            after=copy.text[end : end + CONTEXT_CHARACTERS],
            verified=problem is None,
            problem=problem,
        )
