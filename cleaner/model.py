"""Evidence to scores: a small network over the units of a document and over its lines, in whole numbers.

Every unit is first seen by itself, then with its neighbours in the text, then
its line as a whole among the lines around it; from the three together come its scores.

Arithmetic: weights and activations are whole numbers held in float32, scaled so that no sum can reach 2**24. Sums of
products are therefore exact in whatever order, with or without fused operations, a matrix library adds them; all else
is done element by element, which IEEE 754 fixes. The result is the same on every machine and in every batch.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from . import weights
from .blocks import Ints
from .chars import U8
from .decode import Calibration
from .kinds import KINDS
from .threads import OneThread

F32 = NDArray[np.float32]
I32 = NDArray[np.int32]

DATA = Path(__file__).parent / "data"
POINTS = 64
"""Scores are in 1/64 of a nat."""
TOP = 511
"""The largest activation."""
LOCAL = (1, 2)
LINES = (1, 2, 4, 8)
_ONE_THREAD = OneThread()
_CHUNK = 8192
"""Units that are scored at once; a longer document is scored in as many pieces, cut between lines where it can be."""


class Layer(NamedTuple):
    """matrix: [in, out]; bias, scale: [out]. Activations are the rounded `scale * (inputs @ matrix + bias)`."""

    matrix: F32
    bias: F32
    scale: F32

    def raw(self, *inputs: F32) -> F32:
        """What comes out before rounding, for inputs that stand side by side."""
        total = np.broadcast_to(self.bias, (len(inputs[0]), len(self.bias))).copy()
        row = 0
        for x in inputs:
            total += x @ self.matrix[row : row + x.shape[1]]
            row += x.shape[1]
        return total

    def activate(self, total: F32) -> F32:
        """Whole numbers from 0 to TOP."""
        return np.clip(np.floor(total * self.scale + np.float32(0.5)), 0, TOP)

    def __call__(self, *inputs: F32) -> F32:
        return self.activate(self.raw(*inputs))


class Member(NamedTuple):
    """One network of the ensemble."""

    enter: Layer
    local: tuple[Layer, ...]
    line: Layer
    lines: tuple[Layer, ...]
    mix: Layer
    out: Layer


class Model:
    """The networks, and what turns their scores into probabilities.

    features: the names of the columns it wants, in order. middle: their usual values. digest: of its
    file. about: how it was made.
    """

    def __init__(self, file: weights.Weights) -> None:
        a = file.arrays
        self.digest = file.digest[:16]
        self.about = file.about
        self.features: tuple[str, ...] = tuple(file.about["features"])
        if tuple(file.about["kinds"]) != tuple(map(str, KINDS)):
            raise weights.ModelError("the model knows other kinds than this cleaner")
        self.calibration = Calibration(a["exp"], a["calibration"])
        self._low, self._high, self.middle = a["low"], a["high"], a["middle"]
        self._members = [_member(a, i) for i in range(int(file.about["members"]))]

    def scores(self, values: U8, doc: Ints, line: Ints) -> I32:
        """The score of each kind for each unit, int32 [units, kinds], in 1/64 of a nat.

        values: [units, features]; doc, line: running numbers.
        """
        with _ONE_THREAD:
            return self._scores(values, doc, line)

    def _scores(self, values: U8, doc: Ints, line: Ints) -> I32:
        result = np.zeros((len(doc), len(KINDS)), dtype=np.int32)
        for part in _chunks(doc, line):
            x = np.clip(values[part], self._low, self._high).astype(np.float32)
            place = _Places(doc[part], line[part])
            total = np.zeros((len(x), len(KINDS)), dtype=np.float32)
            for member in self._members:
                total += _run(member, x, place)
            result[part] = np.floor(total / np.float32(len(self._members)))
        return result


def _run(m: Member, x: F32, place: _Places) -> F32:
    alone = m.enter(x)
    near = place.units.convolve(alone, m.local, LOCAL)
    pooled = m.line(np.maximum.reduceat(near, place.first, axis=0), _means(near, place))
    around = place.lines.convolve(pooled, m.lines, LINES)
    mixed = m.mix(alone, near, around[place.line])
    return np.floor(m.out.raw(mixed) * m.out.scale + np.float32(0.5))


def _means(x: F32, place: _Places) -> F32:
    sums = np.add.reduceat(x, place.first, axis=0)  # whole numbers below 2**24: exact
    return np.floor(sums / place.count[:, None])


class _Sequence:
    """Rows of several documents one behind the other, with so many empty rows between that none sees another."""

    def __init__(self, owner: Ints, gap: int) -> None:
        change = np.concatenate([[0], np.cumsum(owner[1:] != owner[:-1])]) if len(owner) else owner
        self.at = np.arange(len(owner)) + gap * (change + 1)
        self.size = len(owner) + gap * (int(change[-1]) + 2 if len(owner) else 1)

    def convolve(self, rows: F32, layers: tuple[Layer, ...], steps: tuple[int, ...]) -> F32:
        width = rows.shape[1]
        x = np.zeros((self.size, width), dtype=np.float32)
        x[self.at] = rows
        solid = np.zeros((self.size, 1), dtype=np.float32)
        solid[self.at] = 1
        for layer, step in zip(layers, steps, strict=True):
            total = x @ layer.matrix[width : 2 * width] + layer.bias
            total[step:] += x[:-step] @ layer.matrix[:width]
            total[:-step] += x[step:] @ layer.matrix[2 * width :]
            x = layer.activate(total) * solid
        return x[self.at]


class _Places:
    """Which units make up which line of which document."""

    def __init__(self, doc: Ints, line: Ints) -> None:
        new = np.concatenate([[True], line[1:] != line[:-1]])
        self.first = np.flatnonzero(new)
        self.line = np.cumsum(new) - 1
        self.count = np.diff(np.append(self.first, len(line))).astype(np.float32)
        self.units = _Sequence(doc, max(LOCAL))
        self.lines = _Sequence(doc[self.first], max(LINES))


def _chunks(doc: Ints, line: Ints) -> Iterator[slice]:
    """Stretches of whole documents, or of one that is long. Where a document is cut depends on it alone."""
    if not len(doc):
        return
    edges = np.flatnonzero(np.concatenate([[True], doc[1:] != doc[:-1], [True]])).tolist()
    begin = edges[0]
    for start, end in pairwise(edges):
        if end - start > _CHUNK:
            if start > begin:
                yield slice(begin, start)
            yield from _long(line, start, end)
            begin = end
        elif end - begin > _CHUNK:
            yield slice(begin, start)
            begin = start
    if begin < len(doc):
        yield slice(begin, len(doc))


def _long(line: Ints, start: int, end: int) -> Iterator[slice]:
    while end - start > _CHUNK:
        half = start + _CHUNK // 2
        new = np.flatnonzero(line[half + 1 : start + _CHUNK + 1] != line[half : start + _CHUNK])
        cut = half + 1 + int(new[-1]) if len(new) else start + _CHUNK
        yield slice(start, cut)
        start = cut
    yield slice(start, end)


def _member(arrays: weights.Arrays, i: int) -> Member:
    def layer(name: str) -> Layer:
        parts = (arrays[f"{i}.{name}.{part}"].astype(np.float32) for part in ("matrix", "bias", "scale"))
        return Layer(*parts)

    return Member(
        enter=layer("enter"),
        local=tuple(layer(f"local{d}") for d in LOCAL),
        line=layer("line"),
        lines=tuple(layer(f"lines{d}") for d in LINES),
        mix=layer("mix"),
        out=layer("out"),
    )


@lru_cache(maxsize=4)
def load(path: str | None = None) -> Model:
    """The model in a file, the one that comes with the library without one; read once. Raises ModelError, OSError."""
    return Model(weights.read(Path(path) if path else DATA / "model.bin"))


def load_page_model() -> Model:
    """The model of pages that comes with the library; read once. Raises ModelError, OSError."""
    return load(str(DATA / "page.bin"))
