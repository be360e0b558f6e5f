"""Where the data files of the project stand, whether run from a checkout or installed."""

from pathlib import Path

ONTOLOGY = Path(__file__).resolve().parent.parent / "ontology"
