"""Where the language model lies: the one that ships, or another that HEARSAY_MODEL names."""

from __future__ import annotations

import os
from pathlib import Path

from graph.errors import UsageError

MODEL = Path(__file__).resolve().parent / "model"
FILES = ("model.onnx", "labeller.onnx", "linker.onnx", "tokenizer.json", "labels.json", "cue_weights.csv")


def model_folder() -> Path:
    """Give the folder of the language model: HEARSAY_MODEL, or the one that ships.

    Raises UsageError where a file is missing.
    """
    given = os.environ.get("HEARSAY_MODEL")
    folder = Path(given) if given else MODEL
    missing = [name for name in FILES if not (folder / name).is_file()]
    if missing and given:
        raise UsageError(
            f"HEARSAY_MODEL is {given!r}, and {', '.join(missing)} is not there; name a folder that "
            "`make model OUT=FOLDER` wrote, or leave HEARSAY_MODEL out to read with the model that ships"
        )
    if missing:
        raise UsageError(f"the language model lacks {', '.join(missing)}; install Hearsay anew")
    return folder
