"""Write trained weights as one quantised ONNX file: `python -m loaders.training.export FOLDER OUT`.

Weights become 8-bit integers, the embeddings too, by onnxruntime's dynamic quantisation; activations are measured
when the model runs, so no calibration data is needed.
"""

from __future__ import annotations

import argparse
import json
import shutil
import tempfile
import warnings
from pathlib import Path
from typing import Any

import onnx
import torch
from onnxruntime.quantization import QuantType, quantize_dynamic
from onnxruntime.quantization.shape_inference import quant_pre_process

from loaders.training.network import Network
from loaders.training.train import encoder_folder

LINKED = ("links", "stances")
OUTPUTS = ("upos", "feats", "starts", "kinds", "arcs", "cues", "rooted")


class _Flat(torch.nn.Module):
    """Give the outputs as a tuple, as ONNX wants them."""

    def __init__(self, net: Network) -> None:
        super().__init__()
        self.net = net

    def forward(self, ids: torch.Tensor, mask: torch.Tensor, first: torch.Tensor) -> tuple[torch.Tensor, ...]:
        out = self.net(ids, mask, first)
        return tuple(out[x] for x in OUTPUTS)


class _Labeller(torch.nn.Module):
    """Label given arcs: (1, n, d) words, (1, m, d) root and words, (1, n) heads give (1, n, relations)."""

    def __init__(self, net: Network) -> None:
        super().__init__()
        self.relations = net.relations

    def forward(self, words: torch.Tensor, rooted: torch.Tensor, heads: torch.Tensor) -> torch.Tensor:
        return self.relations.at(words, rooted, heads)


def export(folder: Path, out: Path) -> None:
    """Write model.onnx, labeller.onnx, linker.onnx, tokenizer.json and labels.json into `out`."""
    labels = json.loads((folder / "labels.json").read_text(encoding="utf-8"))
    sizes = {k: len(labels[k]) for k in ("upos", "feats", "relations", "stances", "kinds")}
    net = Network(encoder_folder(), **sizes)
    net.load_state_dict(torch.load(folder / "model.pt", map_location="cpu", weights_only=True))
    net.eval()
    out.mkdir(parents=True, exist_ok=True)
    ids = torch.ones(1, 12, dtype=torch.long)
    axes = {"ids": {0: "b", 1: "n"}, "mask": {0: "b", 1: "n"}, "first": {0: "b", 1: "w"}} | {
        x: {0: "b"} for x in OUTPUTS
    }
    _write(_Flat(net), (ids, ids, torch.arange(1, 9)[None]), axes, OUTPUTS, out / "model.onnx")
    rooted = torch.zeros(1, 9, net.encoder.config.hidden_size)
    axes = {"words": {1: "w"}, "rooted": {1: "r"}, "heads": {1: "w"}, "relations": {1: "w"}}
    heads = torch.arange(8)[None]
    _write(_Labeller(net), (rooted[:, 1:], rooted, heads), axes, ("relations",), out / "labeller.onnx")
    words = torch.zeros(3, 9, net.encoder.config.hidden_size)
    axes = {"words": {0: "c", 1: "w"}, "cue": {0: "c"}, "mask": {0: "c", 1: "w"}} | {
        x: {0: "c"} for x in LINKED
    }
    _write(net.linker, (words, torch.tensor([0, 1, 2]), torch.ones(3, 9)), axes, LINKED, out / "linker.onnx")
    shutil.copyfile(folder / "labels.json", out / "labels.json")
    shutil.copyfile(encoder_folder() / "tokenizer.json", out / "tokenizer.json")


def _write(
    net: torch.nn.Module, example: Any, axes: dict[str, dict[int, str]], outputs: tuple[str, ...], path: Path
) -> None:
    with tempfile.TemporaryDirectory() as scratch:
        plain, ready = Path(scratch) / "plain.onnx", Path(scratch) / "ready.onnx"
        with warnings.catch_warnings():
            # The tracing exporter warns that it is the older one; it is the one that writes this graph as it is.
            warnings.simplefilter("ignore")
            torch.onnx.export(
                net, example, str(plain), input_names=[x for x in axes if x not in outputs], output_names=list(outputs),
                dynamic_axes=axes, opset_version=17, dynamo=False,
            )  # fmt: skip
        quant_pre_process(str(plain), str(ready), skip_symbolic_shape=True)
        # A stack of small matrices can't be quantised by channel, and is small.
        stacked = [
            n.name for n in onnx.load(str(ready)).graph.node if n.op_type == "MatMul" and _is_biaffine(n.name)
        ]
        quantize_dynamic(
            str(ready), str(path), weight_type=QuantType.QInt8, per_channel=True,
            op_types_to_quantize=["MatMul", "Gemm", "Gather"], nodes_to_exclude=stacked,
        )  # fmt: skip


def _is_biaffine(name: str) -> bool:
    parts = name.strip("/").split("/")
    return len(parts) == 3 and parts[1] == "arcs"


def main() -> None:
    """Read the command line and export."""
    parser = argparse.ArgumentParser(description="Write a trained language model as quantised ONNX.")
    parser.add_argument("folder", type=Path)
    parser.add_argument("out", type=Path)
    args = parser.parse_args()
    export(args.folder, args.out)


if __name__ == "__main__":
    main()
