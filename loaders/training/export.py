"""Write trained weights as one quantised ONNX file: `python -m loaders.training.export FOLDER OUT`.

Weights become 8-bit integers by onnxruntime's dynamic quantisation; activations are measured when the model runs, so
no calibration data is needed. The vectors of word pieces, half of the file, get a scale each: one scale for all of them
costs 2.6 of 100 contents on the development articles, a scale each nothing.
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


class _Vectors(torch.nn.Module):
    """Look up vectors that are kept as 8-bit integers, each with its own scale."""

    def __init__(self, weights: torch.Tensor) -> None:
        super().__init__()
        scale = (weights.abs().amax(dim=1, keepdim=True) / 127).clamp(min=1e-8)
        self.register_buffer("scale", scale)
        self.register_buffer("rounded", torch.round(weights / scale).to(torch.int8))

    def forward(self, ids: torch.Tensor) -> torch.Tensor:
        return self.rounded[ids].float() * self.scale[ids]  # type: ignore[index, operator]  # buffers are tensors


class _Flat(torch.nn.Module):
    """Give the outputs for one window as a tuple, as ONNX wants them: no piece is padding, so none is masked."""

    def __init__(self, net: Network) -> None:
        super().__init__()
        self.net = net

    def forward(self, ids: torch.Tensor, first: torch.Tensor) -> tuple[torch.Tensor, ...]:
        out = self.net(ids, None, first)
        return tuple(out[x] for x in OUTPUTS)


class _Labeller(torch.nn.Module):
    """Label given arcs: (1, n, d) words, (1, m, d) root and words, (1, n) heads give (1, n, relations)."""

    def __init__(self, net: Network) -> None:
        super().__init__()
        self.relations = net.relations

    def forward(self, words: torch.Tensor, rooted: torch.Tensor, heads: torch.Tensor) -> torch.Tensor:
        return self.relations.at(words, rooted, heads)


class _Linker(torch.nn.Module):
    """Tag one window's words for its cues: (1, n, d) words and (cues,) give (cues, n, labels) and (cues, stances)."""

    def __init__(self, net: Network) -> None:
        super().__init__()
        self.linker = net.linker

    def forward(self, words: torch.Tensor, cue: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        return self.linker.of_one(words, cue)


def export(folder: Path, out: Path) -> None:
    """Write model.onnx, labeller.onnx, linker.onnx, tokenizer.json and labels.json into `out`."""
    labels = json.loads((folder / "labels.json").read_text(encoding="utf-8"))
    sizes = {k: len(labels[k]) for k in ("upos", "feats", "relations", "stances", "kinds")}
    net = Network(encoder_folder(), **sizes)
    net.load_state_dict(torch.load(folder / "model.pt", map_location="cpu", weights_only=True))
    embeddings = net.encoder.embeddings
    embeddings.word_embeddings = _Vectors(embeddings.word_embeddings.weight.data)
    net.eval()
    # The other ways of attending are written as graphs with a mask and tests for it, which cost a sixth of the time.
    net.encoder.config._attn_implementation = "eager"
    out.mkdir(parents=True, exist_ok=True)
    ids = torch.ones(1, 12, dtype=torch.long)
    axes: dict[str, dict[int, str]] = {"ids": {1: "n"}, "first": {1: "w"}} | {x: {} for x in OUTPUTS}
    _write(_Flat(net), (ids, torch.arange(1, 9)[None]), axes, OUTPUTS, out / "model.onnx")
    rooted = torch.zeros(1, 9, net.encoder.config.hidden_size)
    axes = {"words": {1: "w"}, "rooted": {1: "r"}, "heads": {1: "w"}, "relations": {1: "w"}}
    heads = torch.arange(8)[None]
    _write(_Labeller(net), (rooted[:, 1:], rooted, heads), axes, ("relations",), out / "labeller.onnx")
    axes = {"words": {1: "w"}, "cue": {0: "c"}} | {x: {0: "c"} for x in LINKED}
    _write(_Linker(net), (rooted[:, 1:], torch.tensor([0, 1, 2])), axes, LINKED, out / "linker.onnx")
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
            op_types_to_quantize=["MatMul", "Gemm"], nodes_to_exclude=stacked,
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
