"""Scores to probabilities, in whole numbers of 1/10,000 that add up to one: the same on every machine."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from .kinds import BOILERPLATE, KINDS
from .spans import UNIT

I32 = NDArray[np.int32]
I64 = NDArray[np.int64]
U16 = NDArray[np.uint16]

FIRST_BOILERPLATE = KINDS.index(BOILERPLATE[0])
"""Kinds are stored body first, then furniture, then boilerplate."""


class Calibration(NamedTuple):
    """exp: 2**40 exp(-i/64), rounded, uint64. boilerplate: what a raw probability of boilerplate is worth, given the
    likeliest boilerplate kind, both in 1/10,000: uint16 [kinds, UNIT + 1]."""

    exp: NDArray[np.uint64]
    boilerplate: U16


def probabilities(scores: I32, calibration: Calibration) -> U16:
    """scores: int32 [n, kinds], in 1/64 of a nat. The result has the same shape."""
    below = np.minimum(scores.max(axis=1, keepdims=True, initial=0) - scores, len(calibration.exp) - 1)
    weight = calibration.exp[below].astype(np.int64)
    return _whole(_calibrated(_shares(weight, UNIT), calibration.boilerplate))


def _shares(weight: I64, unit: int) -> I64:
    """Rows as shares of their sum, rounded down; what rounding took goes to the largest."""
    total = weight.sum(axis=1, keepdims=True)
    # weights are at most 2**40 each and 2**45 in sum; times 10,000 they stay below 2**63
    share = weight * unit // np.maximum(total, 1)
    best = share.argmax(axis=1)
    share[np.arange(len(share)), best] += unit - share.sum(axis=1)
    return share


def _calibrated(share: I64, table: U16) -> I64:
    """Boilerplate and the rest scaled to what the table says their probability is."""
    gone = share[:, FIRST_BOILERPLATE:]
    before = gone.sum(axis=1)
    kind = gone.argmax(axis=1) + FIRST_BOILERPLATE
    after = table[kind, before].astype(np.int64)
    result = share * (UNIT - after)[:, None] // np.maximum(UNIT - before, 1)[:, None]
    result[:, FIRST_BOILERPLATE:] = gone * after[:, None] // np.maximum(before, 1)[:, None]
    return result


def _whole(share: I64) -> U16:
    best = share.argmax(axis=1)
    share[np.arange(len(share)), best] += UNIT - share.sum(axis=1)
    return share.astype(np.uint16)
