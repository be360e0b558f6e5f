"""One data folder, held open for asking: what the command line and a notebook share."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from types import MappingProxyType
from typing import Any

from rdflib import Dataset
from rich.table import Table
from rich.text import Text

from graph import provenance, query, questions
from graph.errors import UnknownResource, UsageError
from graph.snapshots import DataFolder
from graph.terms import DEFAULT_BASE, HS

FORMS = MappingProxyType(
    {
        "json": "application/sparql-results+json",
        "xml": "application/sparql-results+xml",
        "csv": "text/csv",
        "tsv": "text/tab-separated-values",
        "ttl": "text/turtle",
        "nt": "application/n-triples",
    }
)


class Archive:
    """Hold the current snapshot of a data folder open. Close it, or use it in a `with`."""

    def __init__(self, data: Path, *, base: str = DEFAULT_BASE) -> None:
        self.folder = DataFolder(data, base=base)
        self.snapshot = self.folder.current()

    def ask(self, question: str) -> list[dict[str, object]]:
        """Answer a stored question, one mapping a row. Raises UnknownResource, naming the nearest ones."""
        return self.query(questions.find(question, self.folder.iris, added=self.folder.background).query)

    def query(self, sparql: str) -> list[dict[str, object]]:
        """Answer a SELECT query; addresses come as text, numbers and days as Python's. Raises QueryError."""
        rows = query.select(self.snapshot.store, sparql)
        return [{name: term.toPython() for name, term in row.items()} for row in rows]

    def dataset(self) -> Dataset:
        """Give the whole graph as an rdflib Dataset: for serialisers, shapes, notebooks."""
        return self.snapshot.store.dataset()

    def statement(self, words: str) -> dict[str, Any]:
        """Give the provenance of a statement, named as in `record`."""
        return self.record(words).to_json()

    def record(self, words: str) -> provenance.StatementRecord:
        """Look a statement up by its address, its key or the beginning of the key, verified now.

        Raises UnknownResource for none, UsageError for more than one.
        """
        return provenance.statement(self.folder, self.snapshot, self._key_of(words))

    def write(self, sparql: str, form: str, out: Callable[[bytes], object]) -> None:
        """Answer any query in a form of FORMS. Raises UsageError where the form does not fit the query."""
        query.run(self.snapshot.store, sparql, media_type=FORMS[form], write=out)

    def tabulate(self, sparql: str) -> Table | str:
        """Answer any query for a person: rows as a table, a graph as Turtle, a yes or no as a word."""
        form = "ttl" if query.admit(sparql).form in {"CONSTRUCT", "DESCRIBE"} else "json"
        pieces: list[bytes] = []
        self.write(sparql, form, pieces.append)
        answer = b"".join(pieces).decode()
        return (
            answer.rstrip("\n") if form == "ttl" else _to_table(json.loads(answer), self.snapshot.iris.base)
        )

    def _key_of(self, words: str) -> str:
        key = words.rstrip("/").rpartition("/id/statement/")[2]
        start = str(self.snapshot.iris.of("statement", ""))
        speaking = self.snapshot.store.triples(None, HS.speaker)
        known = {str(node).removeprefix(start) for node, _, _ in speaking}
        found = [key] if key in known else sorted(one for one in known if key and one.startswith(key))
        if not found:
            raise UnknownResource(f"no statement {words}; find one with: hearsay ask QUESTION")
        if len(found) > 1:
            some = ", ".join(found[:5]) + (f" and {len(found) - 5} more" if len(found) > 5 else "")
            raise UsageError(f"{len(found)} statements begin with {words}; give more of the key: {some}")
        return found[0]

    def close(self) -> None:
        """Let go of the snapshot."""
        self.snapshot.close()

    def __enter__(self) -> Archive:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def _to_table(found: dict[str, Any], base: str) -> Table | str:
    if "boolean" in found:
        return "yes" if found["boolean"] else "no"
    names, rows = found["head"]["vars"], found["results"]["bindings"]
    table = Table(*names, caption=f"{len(rows):,} row{'' if len(rows) == 1 else 's'}")
    for row in rows:
        cells = [row.get(name, {}).get("value", "").removeprefix(f"{base}id/") for name in names]
        table.add_row(*(Text(cell, overflow="fold") for cell in cells))
    return table
