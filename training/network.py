"""The network that is trained; `cleaner/model.py` runs the same one in whole numbers."""

from __future__ import annotations

from typing import NamedTuple

import torch
from torch import Tensor, nn
from torch.nn import functional

from cleaner.kinds import KINDS
from cleaner.model import LINES, LOCAL

CLIP = 4.0
"""Features are cut off at so many standard deviations."""


class Batch(NamedTuple):
    """values: float [units, features]. units, lines: bool [documents, longest]: which places are taken.
    line: the line of each unit, running over the batch. label, weight: [units]. document: the document of each unit."""

    values: Tensor
    units: Tensor
    lines: Tensor
    line: Tensor
    label: Tensor
    weight: Tensor
    document: Tensor


class Network(nn.Module):
    """A unit by itself, then among its neighbours, then its line among lines, then all together."""

    mean: Tensor
    deviation: Tensor

    def __init__(self, features: int, *, width: int, dropout: float) -> None:
        super().__init__()
        self.enter = nn.Linear(features, width)
        self.local = nn.ModuleList([_convolution(width, d) for d in LOCAL])
        self.line = nn.Linear(2 * width, width)
        self.lines = nn.ModuleList([_convolution(width, d) for d in LINES])
        self.mix = nn.Linear(3 * width, width)
        self.out = nn.Linear(width, len(KINDS))
        self.dropout = nn.Dropout(dropout)
        self.register_buffer("mean", torch.zeros(features))
        self.register_buffer("deviation", torch.ones(features))

    def standard(self, values: Tensor) -> Tensor:
        """Features in standard deviations from their mean."""
        return torch.clamp((values - self.mean) / self.deviation, -CLIP, CLIP)

    def activations(self, b: Batch) -> tuple[Tensor, ...]:
        """What each part of the network says, the last of which the scores are made of."""
        alone = self.dropout(functional.relu(self.enter(self.standard(b.values))))
        near = _convolve(alone, b.units, self.local)
        pooled = self.dropout(functional.relu(self.line(_pool(near, b.line, int(b.lines.sum())))))
        around = self.dropout(_convolve(pooled, b.lines, self.lines))
        mixed = self.dropout(functional.relu(self.mix(torch.cat([alone, near, around[b.line]], -1))))
        return alone, near, pooled, around, mixed

    def forward(self, b: Batch) -> Tensor:
        """Scores in nats, [units, kinds]."""
        scores: Tensor = self.out(self.activations(b)[-1])
        return scores


def _convolution(width: int, step: int) -> nn.Conv1d:
    layer = nn.Conv1d(width, width, 3, padding=step, dilation=step)
    with torch.no_grad():
        layer.weight.mul_(0.5)
        layer.weight[:, :, 1] += torch.eye(width)
    return layer


def _convolve(rows: Tensor, taken: Tensor, layers: nn.ModuleList) -> Tensor:
    x = torch.zeros(*taken.shape, rows.shape[1])
    x[taken] = rows
    x, mask = x.transpose(1, 2), taken[:, None].float()
    for layer in layers:
        x = functional.relu(layer(x)) * mask
    found: Tensor = x.transpose(1, 2)[taken]
    return found


def _pool(rows: Tensor, line: Tensor, count: int) -> Tensor:
    width = rows.shape[1]
    largest = torch.zeros(count, width).scatter_reduce(0, line[:, None].expand(-1, width), rows, "amax")
    sums = torch.zeros(count, width).index_add(0, line, rows)
    sizes = torch.zeros(count).index_add(0, line, torch.ones(len(line)))
    return torch.cat([largest, sums / sizes[:, None]], -1)
