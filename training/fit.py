"""Examples to a trained network: batches and the training loop."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional

from cleaner.kinds import KINDS

from .examples import OTHER_NUMBER, Example
from .network import Batch, Network


@dataclass(frozen=True)
class Recipe:
    """How a network is trained.

    batch: places a batch. longest: units of a document that are seen at once. drop_cues, drop_picked: in what share of
    the documents the cues, and what trafilatura picks of a page, are hidden, so that it does not rely on them alone.
    even: whether a document counts by the root of what its units count, so that long pages do not outweigh short ones.
    """

    width: int = 48
    epochs: int = 16
    rate: float = 4e-3
    batch: int = 4000
    dropout: float = 0.25
    drop_cues: float = 0.05
    drop_picked: float = 0.0
    decay: float = 0.02
    longest: int = 512
    even: bool = False


def batches(found: Sequence[Example], size: int, rng: random.Random) -> list[list[Example]]:
    """Pieces of like length together, in random order, at most `size` places a batch."""
    order = sorted(found, key=lambda p: len(p.label) + rng.random() * 20)
    groups: list[list[Example]] = [[]]
    for p in order:
        if groups[-1] and (len(groups[-1]) + 1) * len(p.label) > size:
            groups.append([])
        groups[-1].append(p)
    rng.shuffle(groups)
    return groups


def collate(group: Sequence[Example]) -> Batch:
    """Pieces as one batch."""
    sizes = np.array([len(p.label) for p in group])
    lines = np.array([int(p.line[-1]) + 1 for p in group])
    line_base = np.cumsum(lines) - lines
    weight = np.concatenate([np.sqrt(p.size) * p.text.weight for p in group])
    label = np.concatenate([p.label for p in group])
    arrays = (
        np.concatenate([p.values for p in group]).astype(np.float32),
        np.arange(sizes.max()) < sizes[:, None],
        np.arange(lines.max()) < lines[:, None],
        np.concatenate([p.line + b for p, b in zip(group, line_base, strict=True)]),
        label,
        np.where(label >= 0, weight, 0).astype(np.float32),
        np.repeat(np.arange(len(group)), sizes),
    )
    return Batch(*(torch.from_numpy(a) for a in arrays))


def fit(examples: Sequence[Example], recipe: Recipe, seed: int) -> Network:
    """A network trained on the examples; the same seed gives the same network."""
    rng = random.Random(seed)
    torch.manual_seed(seed)
    network = Network(examples[0].values.shape[1], width=recipe.width, dropout=recipe.dropout)
    _standardise(network, examples)
    found = [p for e in examples for p in e.pieces(recipe.longest)]
    hide = _Hide(examples[0].features, recipe, seed)
    optimizer = torch.optim.AdamW(network.parameters(), lr=recipe.rate, weight_decay=recipe.decay)
    steps = recipe.epochs * len(batches(found, recipe.batch, rng)) + 50 * recipe.epochs
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, recipe.rate, total_steps=steps, pct_start=0.15)
    for batch in _epochs(found, recipe, rng):
        hide(batch)
        optimizer.zero_grad()
        _loss(network(batch), batch, even=recipe.even).backward()  # type: ignore[no-untyped-call]
        nn.utils.clip_grad_norm_(network.parameters(), 1.0)
        optimizer.step()
        schedule.step()
    return network.eval()


def _loss(scores: Tensor, batch: Batch, *, even: bool) -> Tensor:
    """What is only known not to be body counts by the probability of all other kinds together."""
    kind = functional.cross_entropy(scores, batch.label.clamp(0, len(KINDS) - 1), reduction="none")
    other = torch.logsumexp(scores, -1) - torch.logsumexp(scores[:, 1:], -1)
    weight = batch.weight
    if even:
        total = torch.zeros(int(batch.document.max()) + 1).index_add(0, batch.document, weight)
        weight = weight / total.clamp(min=1)[batch.document].sqrt()
    loss: Tensor = (torch.where(batch.label == OTHER_NUMBER, other, kind) * weight).sum()
    return loss / weight.sum().clamp(min=1e-6)


class _Hide:
    """Sets some columns of some documents to zero."""

    def __init__(self, features: Sequence[str], recipe: Recipe, seed: int) -> None:
        cues = [i for i, f in enumerate(features) if f.startswith("cue_") or f in ("line_cue", "document_cues")]
        picked = [i for i, f in enumerate(features) if f.startswith("page_picked")]
        self._groups = [(c, r) for c, r in ((cues, recipe.drop_cues), (picked, recipe.drop_picked)) if c and r]
        self._random = np.random.default_rng(seed)

    def __call__(self, batch: Batch) -> None:
        for columns, rate in self._groups:
            kept = torch.from_numpy(self._random.random(len(batch.units)) >= rate)
            batch.values[:, columns] *= kept[batch.document][:, None].float()


def _epochs(found: Sequence[Example], recipe: Recipe, rng: random.Random) -> Iterator[Batch]:
    for _ in range(recipe.epochs):
        for group in batches(found, recipe.batch, rng):
            yield collate(group)


def _standardise(network: Network, examples: Sequence[Example]) -> None:
    sample = np.concatenate([e.values for e in examples[:: max(1, len(examples) // 2000)]]).astype(np.float32)
    network.mean[:] = torch.from_numpy(sample.mean(0))
    network.deviation[:] = torch.from_numpy(sample.std(0) + np.float32(2.0))


@torch.no_grad()
def scores(network: Network, examples: Sequence[Example], longest: int = 512) -> list[NDArray[np.float32]]:
    """The network's scores in nats for each example."""
    found = []
    for e in examples:
        parts = [network(collate([p])).numpy() for p in e.pieces(longest)]
        found.append(np.concatenate(parts))
    return found
