"""How to cite a version of the graph, and who owns what of it; known without the engine being loaded.

A citation has what a reader needs to find the same content again: what it is, the day of the newest article, the
version (which is a digest of the content), what read the articles, the base of the addresses. It has no clock.
"""

from __future__ import annotations

from dataclasses import dataclass

from graph.terms import HS, RDFS

RIGHTS = (
    "Nothing in it is held to be a fact: each triple on the war is somebody's claim, beside the passage that carries "
    "it. The ontology and the background are under the Apache License 2.0. The words quoted from articles (hs:exact, "
    "hs:title, hs:wording and the like) belong to their publishers; no licence for them is given here."
)
"""Who owns what of a dump."""

COUNT_ARTICLES = f"""
SELECT ?articles ?oldest ?newest {{
  {{ SELECT (COUNT(DISTINCT ?article) AS ?articles) {{ ?article a <{HS.Article}> }} }}
  {{ SELECT (MIN(STR(?day)) AS ?oldest) (MAX(STR(?day)) AS ?newest) {{ ?article <{HS.published}> ?day }} }} }}"""
"""SPARQL for one row: articles, oldest, newest; the days are missing where none is known."""

NAME_SOFTWARE = f"""
SELECT DISTINCT ?software ?label {{ ?article <{HS.producedBy}> ?software . ?software <{RDFS.label}> ?label }}
ORDER BY ?label ?software"""
"""SPARQL for what read the articles: software, label."""


@dataclass(frozen=True, slots=True)
class Edition:
    """Hold what a citation says. The days are those of the oldest and the newest article whose day is known."""

    version: str
    base: str
    articles: int
    oldest: str | None
    newest: str | None
    software: tuple[str, ...]

    def cite(self) -> str:
        """Say how to cite it, in one line."""
        what = "1 news article" if self.articles == 1 else f"{self.articles:,} news articles"
        newest = f", {'of' if self.articles == 1 else 'the newest of'} {self.newest}" if self.newest else ""
        made = f" Read by {', '.join(self.software)}." if self.software else ""
        return f"Hearsay graph of {what}{newest}. Version {self.version}.{made} {self.base}"
