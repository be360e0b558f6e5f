"""The network: one small encoder and a head for each thing that is read.

Arcs and relations are biaffine (Dozat & Manning 2017, arXiv:1611.01734). An attribution is read as a cue, tagged
token by token; then, for each cue by itself, a small transformer that knows where the cue stands tags every word as
its source, content, addressee or none of them: so nesting, discontinuous contents and shared sources need nothing of
their own. The stance is read off the cue after that pass, when it has seen its content.
"""

from __future__ import annotations

from pathlib import Path

import torch
from torch import Tensor, nn
from transformers import BertModel

CUE_LABELS = ("none", "begin", "inside")
LINK_LABELS = ("none", "source", "content", "addressee")
# A word farther from its cue than this many words is just far.
REACH = 100


class Biaffine(nn.Module):
    """Score pairs of words: (batch, n, d) twice gives (batch, labels, n, n), rows from the first."""

    def __init__(self, width: int, size: int, labels: int, dropout: float) -> None:
        super().__init__()
        self.left = nn.Sequential(nn.Linear(width, size), nn.GELU(), nn.Dropout(dropout))
        self.right = nn.Sequential(nn.Linear(width, size), nn.GELU(), nn.Dropout(dropout))
        self.weight = nn.Parameter(torch.zeros(labels, size, size))
        self.left_bias = nn.Linear(size, labels)
        self.right_bias = nn.Linear(size, labels, bias=False)
        nn.init.xavier_uniform_(self.weight)

    def forward(self, left: Tensor, right: Tensor) -> Tensor:
        a, b = self.left(left), self.right(right)
        scores = torch.matmul(torch.matmul(a.unsqueeze(1), self.weight), b.unsqueeze(1).transpose(2, 3))
        return (
            scores
            + self.left_bias(a).permute(0, 2, 1).unsqueeze(3)
            + self.right_bias(b).permute(0, 2, 1).unsqueeze(2)
        )

    def at(self, left: Tensor, right: Tensor, places: Tensor) -> Tensor:
        """Score each row of the left with one of the right: (batch, n, labels). Cheap where the pairs are known."""
        b = self.right(right)
        b = torch.gather(b, 1, places.unsqueeze(2).expand(-1, -1, b.shape[2]))
        a = self.left(left)
        labels, size, _ = self.weight.shape
        turned = torch.matmul(a, self.weight.permute(1, 0, 2).reshape(size, labels * size))
        scores = torch.matmul(turned.unflatten(2, (labels, size)), b.unsqueeze(3)).squeeze(3)
        return scores + self.left_bias(a) + self.right_bias(b)  # type: ignore[no-any-return]


class Block(nn.Module):
    """One transformer layer, norm first."""

    def __init__(self, width: int, heads: int, dropout: float) -> None:
        super().__init__()
        self.heads = heads
        self.norm_attention = nn.LayerNorm(width)
        self.norm_feed = nn.LayerNorm(width)
        self.qkv = nn.Linear(width, 3 * width)
        self.out = nn.Linear(width, width)
        self.feed = nn.Sequential(nn.Linear(width, 2 * width), nn.GELU(), nn.Linear(2 * width, width))
        self.dropout = nn.Dropout(dropout)

    def forward(self, x: Tensor, bias: Tensor | None) -> Tensor:
        q, k, v = (
            y.unflatten(2, (self.heads, -1)).transpose(1, 2)
            for y in self.qkv(self.norm_attention(x)).chunk(3, dim=2)
        )
        scores = torch.matmul(q, k.transpose(2, 3)) / q.shape[-1] ** 0.5
        weights = torch.softmax(scores if bias is None else scores + bias, dim=-1)
        x = x + self.dropout(self.out(torch.matmul(weights, v).transpose(1, 2).flatten(2)))
        return x + self.dropout(self.feed(self.norm_feed(x)))  # type: ignore[no-any-return]


class Linker(nn.Module):
    """Tag the words of a window for one cue each: (cues, words, d), (cues,) and a mask give labels and stances."""

    def __init__(self, width: int, size: int, stances: int, dropout: float, layers: int = 2) -> None:
        super().__init__()
        self.words = nn.Linear(width, size)
        self.cue = nn.Linear(width, size)
        self.places = nn.Embedding(2 * REACH + 1, size)
        self.blocks = nn.ModuleList(Block(size, 4, dropout) for _ in range(layers))
        self.norm = nn.LayerNorm(size)
        self.labels = nn.Linear(size, len(LINK_LABELS))
        self.stances = nn.Linear(size, stances)

    def forward(self, words: Tensor, cue: Tensor, mask: Tensor) -> tuple[Tensor, Tensor]:
        at = cue.view(-1, 1, 1).expand(-1, 1, words.shape[2])
        bias = (1.0 - mask.to(words.dtype)).unsqueeze(1).unsqueeze(1) * -1e4
        return self._tag(words, torch.gather(words, 1, at), cue, bias)

    def of_one(self, words: Tensor, cue: Tensor) -> tuple[Tensor, Tensor]:
        """Tag the words of one window for each of its cues: (1, words, d) and (cues,) give the same. No word is padding
        there, and what is alike for all cues is computed once."""
        return self._tag(words, words[0, cue].unsqueeze(1), cue, None)

    def _tag(self, words: Tensor, cued: Tensor, cue: Tensor, bias: Tensor | None) -> tuple[Tensor, Tensor]:
        distance = torch.arange(words.shape[1], device=words.device).unsqueeze(0) - cue.unsqueeze(1)
        x = self.words(words) + self.cue(cued) + self.places(distance.clamp(-REACH, REACH) + REACH)
        for block in self.blocks:
            x = block(x, bias)
        x = self.norm(x)
        seen = torch.gather(x, 1, cue.view(-1, 1, 1).expand(-1, 1, x.shape[2])).squeeze(1)
        return self.labels(x), self.stances(seen)


class Network(nn.Module):
    """Read words: parts of speech, features, sentence starts, trees, kinds of things, cues; `linker` reads on from
    their vectors.

    The pretrained vectors of word pieces are kept as they are: a word that the small corpora lack stays beside its
    like, and half the weights need no training.
    """

    def __init__(
        self,
        encoder: Path,
        *,
        upos: int,
        feats: int,
        relations: int,
        stances: int,
        kinds: int,
        dropout: float = 0.2,
    ) -> None:
        super().__init__()
        self.encoder = BertModel.from_pretrained(str(encoder), add_pooling_layer=False)
        self.encoder.embeddings.word_embeddings.requires_grad_(False)
        width = self.encoder.config.hidden_size
        self.dropout = nn.Dropout(dropout)
        self.upos = nn.Linear(width, upos)
        self.feats = nn.Linear(width, feats)
        self.starts = nn.Linear(width, 1)
        self.kinds = nn.Linear(width, kinds)
        self.arcs = Biaffine(width, 256, 1, dropout)
        self.relations = Biaffine(width, 96, relations, dropout)
        self.cues = nn.Linear(width, len(CUE_LABELS))
        self.linker = Linker(width, 192, stances, dropout)

    def words(self, ids: Tensor, mask: Tensor | None, first: Tensor) -> Tensor:
        """Give one vector a word, that of its first piece, behind one for the root (that of [CLS])."""
        hidden = self.encoder(input_ids=ids, attention_mask=mask).last_hidden_state
        places = torch.cat([torch.zeros_like(first[:, :1]), first], dim=1)
        taken = torch.gather(hidden, 1, places.unsqueeze(2).expand(-1, -1, hidden.shape[2]))
        return self.dropout(taken)  # type: ignore[no-any-return]

    def tree(self, rooted: Tensor, heads: Tensor) -> dict[str, Tensor]:
        """Give what a tree needs, with relations for given heads only (0 is the root)."""
        words = rooted[:, 1:]
        return {
            "upos": self.upos(words),
            "feats": self.feats(words),
            "starts": self.starts(words).squeeze(2),
            "kinds": self.kinds(words),
            "arcs": self.arcs(words, rooted).squeeze(1),
            "relations": self.relations.at(words, rooted, heads),
        }

    def forward(self, ids: Tensor, mask: Tensor | None, first: Tensor) -> dict[str, Tensor]:
        rooted = self.words(ids, mask, first)
        words = rooted[:, 1:]
        return {
            "upos": self.upos(words),
            "feats": self.feats(words),
            "starts": self.starts(words).squeeze(2),
            "kinds": self.kinds(words),
            "arcs": self.arcs(words, rooted).squeeze(1),
            "cues": self.cues(words),
            "rooted": rooted,
        }
