"""Scores to probabilities, in whole numbers of 1/10,000 that add up to one: the same on every machine."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from .kinds import BOILERPLATE, KINDS, Kind
from .spans import UNIT

I32 = NDArray[np.int32]
I64 = NDArray[np.int64]
U8 = NDArray[np.uint8]
U16 = NDArray[np.uint16]

FIRST_BOILERPLATE = KINDS.index(BOILERPLATE[0])
"""Kinds are stored body first, then furniture, then boilerplate."""
TELLING = 60
"""The strength of cues, on the scale of the features, from which a unit may be said to name its kind."""


class Calibration(NamedTuple):
    """exp: 2**40 exp(-i/64), rounded, uint64. boilerplate: what a raw probability of boilerplate is worth, both in
    1/10,000, given whether the unit holds a telling cue of the likeliest boilerplate kind, and that kind:
    uint16 [2, kinds, UNIT + 1]."""

    exp: NDArray[np.uint64]
    boilerplate: U16


_PARAGRAPH = 12
"""Sentences; a line with more is no paragraph but a whole text on one line."""


def steady(scores: I32, goes_on: NDArray[np.bool_]) -> I32:
    """Scores drawn half way to the mean of their paragraph: its sentences are nearly always of one kind, and a quoted
    appeal in a report is no appeal.

    goes_on: whether a unit follows the one before in its line with nothing but an ordinary sentence end between them;
    where lines are glued together the paragraph ends.
    """
    if not len(scores):
        return scores
    first = np.flatnonzero(~goes_on)
    sizes = np.diff(np.append(first, len(scores)))
    mean = np.add.reduceat(scores, first, axis=0, dtype=np.int64) // sizes[:, None]
    drawn = (scores + np.repeat(mean, sizes, axis=0)) // 2
    return np.where(np.repeat(sizes <= _PARAGRAPH, sizes)[:, None], drawn, scores).astype(np.int32)


RELATED = KINDS.index(Kind.RELATED)


def after_label(scores: I32, cues: U8, follows: NDArray[np.bool_]) -> tuple[I32, U8]:
    """Scores and cues in which what stands behind "READ MORE:" in its line is what the label is: a headline by itself
    says nothing.

    follows: whether a unit is a short one without a sentence end that stands behind a label with a telling cue.
    """
    at = np.flatnonzero(follows)
    at = at[scores[at - 1].argmax(axis=1) == RELATED]
    if not len(at):
        return scores, cues
    scores, cues = scores.copy(), cues.copy()
    scores[at], cues[at] = scores[at - 1], cues[at - 1]
    return scores, cues


def probabilities(scores: I32, cues: U8, calibration: Calibration) -> U16:
    """scores: int32 [n, kinds], in 1/64 of a nat. cues: uint8 [n, kinds], the strength of each kind's cues. The result
    has their shape."""
    below = np.minimum(scores.max(axis=1, keepdims=True, initial=0) - scores, len(calibration.exp) - 1)
    weight = calibration.exp[below].astype(np.int64)
    return _calibrated(_shares(weight, UNIT), cues >= TELLING, calibration.boilerplate).astype(np.uint16)


def _shares(weight: I64, unit: int) -> I64:
    """Rows as shares of their sum, rounded down; what rounding took goes to the largest."""
    total = weight.sum(axis=1, keepdims=True)
    # weights are at most 2**40 each and 2**45 in sum; times 10,000 they stay below 2**63
    share = weight * unit // np.maximum(total, 1)
    best = share.argmax(axis=1)
    share[np.arange(len(share)), best] += unit - share.sum(axis=1)
    return share


def _calibrated(share: I64, cued: NDArray[np.bool_], table: U16) -> I64:
    """Boilerplate and the rest scaled to what the table says their probability is."""
    before = share[:, FIRST_BOILERPLATE:].sum(axis=1)
    kind = share[:, FIRST_BOILERPLATE:].argmax(axis=1) + FIRST_BOILERPLATE
    told = cued[np.arange(len(kind)), kind].astype(np.intp)
    after = table[told, kind, before].astype(np.int64)
    result, change = share.copy(), np.flatnonzero(before != after)  # prose, nearly all of a text, stays as it is
    before, after, share = before[change], after[change], share[change]
    result[change, :FIRST_BOILERPLATE] = _scaled(share[:, :FIRST_BOILERPLATE], UNIT - before, UNIT - after)
    result[change, FIRST_BOILERPLATE:] = _scaled(share[:, FIRST_BOILERPLATE:], before, after)
    return result


def _scaled(share: I64, total: I64, wanted: I64) -> I64:
    """Rows that add up to `total` made to add up to `wanted`; what rounding leaves goes to the largest, and the whole
    to the first kind where there was nothing."""
    result = share * wanted[:, None] // np.maximum(total, 1)[:, None]
    best = share.argmax(axis=1)
    result[np.arange(len(result)), best] += wanted - result.sum(axis=1)
    return result
