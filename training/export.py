"""Trained networks to the arrays of a model file: whole numbers, scaled so that sums stay in float32's exact range."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal, localcontext
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from cleaner.model import LINES, LOCAL, POINTS, TOP

from .examples import Example
from .fit import collate
from .network import CLIP, Network

LIMIT = float((1 << 24) - 1)
Array = NDArray[Any]
Arrays = dict[str, Array]


def exponentials() -> NDArray[np.uint64]:
    """2**40 exp(-i / POINTS), rounded, until nothing is left: computed in decimal, the same everywhere."""
    with localcontext() as context:
        context.prec = 40
        steps = 28 * POINTS
        values = [int((Decimal(2) ** 40 * (Decimal(-i) / POINTS).exp()).to_integral_value()) for i in range(steps)]
    return np.array(values, dtype=np.uint64)


def arrays(networks: Sequence[Network], sample: Sequence[Example], calibration: Array) -> Arrays:
    """The arrays of the model file. sample: examples from which the range of activations is taken."""
    mean, deviation = (getattr(networks[0], n).numpy().astype(np.float64) for n in ("mean", "deviation"))
    low = np.clip(np.ceil(mean - CLIP * deviation), 0, 255)
    high = np.clip(np.floor(mean + CLIP * deviation), 0, 255)
    made: Arrays = {
        "exp": exponentials(),
        "calibration": calibration.astype(np.uint16),
        "low": low.astype(np.uint8),
        "high": high.astype(np.uint8),
        "middle": np.clip(np.round(mean), 0, 255).astype(np.uint8),
    }
    for i, network in enumerate(networks):
        layers = _network(network, (mean, deviation, high), sample)
        made |= {f"{i}.{name}.{part}": array for name, parts in layers.items() for part, array in parts.items()}
    return made


def _network(network: Network, standard: tuple[Array, Array, Array], sample: Sequence[Example]) -> dict[str, Arrays]:
    mean, deviation, high = standard
    step = _largest(network, sample) / TOP
    weight, bias = _parts(network.enter)
    entered = weight / deviation[:, None]
    layers = {"enter": _layer(entered, bias - mean @ entered, high, 1 / step)}
    for name, steps, found in (("local", LOCAL, network.local), ("lines", LINES, network.lines)):
        for d, layer in zip(steps, found, strict=True):
            kernel = layer.weight.detach().numpy().astype(np.float64)
            joined = np.concatenate([kernel[:, :, k].T for k in range(3)])
            layers[f"{name}{d}"] = _layer(joined * step, layer.bias.detach().numpy(), TOP, 1 / step)
    for name in ("line", "mix"):
        weight, bias = _parts(getattr(network, name))
        layers[name] = _layer(weight * step, bias, TOP, 1 / step)
    weight, bias = _parts(network.out)
    layers["out"] = _layer(weight * step, bias, TOP, POINTS)
    return layers


def _parts(layer: torch.nn.Linear) -> tuple[Array, Array]:
    return layer.weight.detach().numpy().astype(np.float64).T, layer.bias.detach().numpy().astype(np.float64)


def _layer(matrix: Array, bias: Array, top: float | Array, scale: float) -> Arrays:
    """Each column as large as its sums may get: the sum of |weight| * largest input, and the bias, below LIMIT."""
    bias = np.asarray(bias, dtype=np.float64)
    reach = (np.abs(matrix) * np.reshape(np.broadcast_to(top, len(matrix)), (-1, 1))).sum(axis=0) + np.abs(bias)
    # rounding may add a half to each weight
    room = LIMIT - 0.5 * float(np.broadcast_to(top, len(matrix)).sum()) - 1
    factor = np.minimum(room / np.maximum(reach, 1e-12), 32_000 / np.maximum(np.abs(matrix).max(axis=0), 1e-12))
    return {
        "matrix": np.round(matrix * factor).astype(np.int16),
        "bias": np.round(bias * factor).astype(np.int32),
        "scale": (scale / factor).astype(np.float32),
    }


@torch.no_grad()
def _largest(network: Network, sample: Sequence[Example]) -> float:
    """An activation that hardly any exceeds."""
    batches = (collate([piece]) for e in sample for piece in e.pieces(512))
    seen = (float(torch.quantile(x.flatten(), 0.9999)) for b in batches for x in network.activations(b))
    return 1.25 * max(seen)
