"""Scores in context to kinds: a chain over the units of a document, so that banners hold together.

Forward-backward over the kinds. Sums of products are taken of whole numbers below 2**53, which floating point adds
exactly in any order; all else is done element by element. So the result is the same on every machine and in every
batch.
"""

from __future__ import annotations

import math
from functools import cache

import numpy as np
from numpy.typing import NDArray

from .blocks import Bools, Ints
from .features import I32
from .kinds import BOILERPLATE, CORE, FURNITURE, KINDS, Kind
from .spans import UNIT

F64 = NDArray[np.float64]

REACH = 4
"""Units with no evidence that are looked at on both sides of one with evidence."""
LONGEST = 512
"""A chain is cut after as many units."""
_SCALE = float(1 << 26)
_UNIT_T = float(1 << 16)


@cache
def exp_table() -> F64:
    """exp(-i/10), to 2**-40: the same on every platform, whatever its library rounds."""
    steps = [round(math.exp(-i / 10) * (1 << 40)) for i in range(400)]
    return np.array(steps, dtype=np.float64) / float(1 << 40)


ENTER, LEAVE, STAY, SWITCH, EDGE = 20, 14, 2, 12, 10


@cache
def transitions() -> tuple[F64, F64]:
    """(what it costs to stay [kinds], to change [kinds, kinds]) as whole numbers out of 2**16."""
    n = len(KINDS)
    cost = np.full((n, n), SWITCH)
    core = [KINDS.index(k) for k in CORE]
    cost[np.ix_(core, core)] = SWITCH - 2
    cost[0, :] = ENTER
    cost[:, 0] = LEAVE
    for kind in FURNITURE:
        f = KINDS.index(kind)
        cost[0, f], cost[f, 0] = ENTER - 4, LEAVE - 6
    headline = KINDS.index(Kind.HEADLINE)
    cost[headline, 0] = 2
    for kind in BOILERPLATE:
        cost[KINDS.index(kind), headline] = 8
    factor = np.floor(exp_table()[cost] * _UNIT_T)
    stay = np.full(n, STAY)
    stay[0] = 0
    change = factor.copy()
    np.fill_diagonal(change, 0)
    return np.floor(exp_table()[stay] * _UNIT_T), change


def decode(points: I32, active: Bools, doc: Ints, seam_cost: I32) -> NDArray[np.uint16]:
    """The probability of each kind for each unit, in 1/10,000 that sum to 10,000: uint16 [units, kinds].

    points: scores in tenths of a nat. active: units with evidence; those far from any are body. seam_cost: what
    a change of kind right before the unit costs more than usual.
    """
    result = np.zeros((len(points), len(KINDS)), dtype=np.uint16)
    result[:, 0] = UNIT
    first, length = _chains(active, doc)
    edge = np.concatenate([[True], doc[1:] != doc[:-1], [True]])
    opens, closes = edge[first], edge[first + length]
    for some in _buckets(length):
        rows = first[some][:, None] + np.arange(length[some].max())
        inside = rows < (first[some] + length[some])[:, None]
        rows = np.minimum(rows, len(points) - 1)
        emission = _factors(points[rows])
        seams = exp_table()[seam_cost[rows]]
        ends = _ends(opens[some], closes[some])
        result[rows[inside]] = _quantise(_posterior(emission, seams, inside, ends)[inside])
    return result


def _chains(active: Bools, doc: Ints) -> tuple[Ints, Ints]:
    """(first unit, length) of each stretch of units that is decoded as one chain."""
    n = len(active)
    if not n:
        return np.zeros(0, np.intp), np.zeros(0, np.intp)
    firsts = np.flatnonzero(np.concatenate([[True], doc[1:] != doc[:-1]]))
    begin = np.repeat(firsts, np.diff(np.append(firsts, n)))
    end = np.repeat(np.append(firsts[1:], n), np.diff(np.append(firsts, n)))
    at = np.flatnonzero(active)
    change = np.zeros(n + 1, dtype=np.int64)
    np.add.at(change, np.maximum(at - REACH, begin[at]), 1)
    np.add.at(change, np.minimum(at + REACH + 1, end[at]), -1)
    live = np.cumsum(change[:n]) > 0
    starts = live & (np.concatenate([[True], ~live[:-1]]) | (doc != np.concatenate([doc[:1] - 1, doc[:-1]])))
    first = np.flatnonzero(starts)
    stops = live & (np.concatenate([~live[1:], [True]]) | (doc != np.concatenate([doc[1:], doc[-1:] + 1])))
    last = np.flatnonzero(stops) + 1
    return _cut_long(first, last)


def _cut_long(first: Ints, last: Ints) -> tuple[Ints, Ints]:
    pieces = np.maximum(1, -(-(last - first) // LONGEST))
    number = np.arange(pieces.sum()) - np.repeat(np.cumsum(pieces) - pieces, pieces)
    begin = np.repeat(first, pieces) + number * LONGEST
    return begin, np.minimum(np.repeat(last, pieces) - begin, LONGEST)


def _buckets(length: Ints) -> list[Ints]:
    """Chains of like length together, so that little is padded."""
    order = np.argsort(length, kind="stable")
    bits = np.ceil(np.log2(np.maximum(length[order], 8))).astype(int)
    return [x for x in np.split(order, np.flatnonzero(np.diff(bits)) + 1) if len(x)]


def _factors(points: I32) -> F64:
    below = points.max(axis=-1, keepdims=True) - points
    return exp_table()[np.minimum(below, 399)]


def _scaled(x: F64) -> F64:
    """Rows scaled so that the largest is 2**26, in whole numbers."""
    return np.floor(x * (_SCALE / x.max(axis=1, keepdims=True)))


def _ends(opens: Bools, closes: Bools) -> tuple[F64, F64]:
    """What stands before and after each chain: body, or where the document begins or ends, anything."""
    stay, change = transitions()
    body = np.zeros((2, len(KINDS)))
    body[:, 0] = _SCALE
    body[1, 1:] = np.floor(_SCALE * exp_table()[EDGE])
    leave = np.full((2, len(KINDS)), _SCALE)
    leave[0] = np.concatenate([stay[:1], change[1:, 0]]) * (_SCALE / _UNIT_T)
    return body[opens.astype(np.intp)], leave[closes.astype(np.intp)]


def _posterior(emission: F64, seams: F64, inside: Bools, ends: tuple[F64, F64]) -> F64:
    """emission: [chains, units, kinds]; ends: what stands before and after, [chains, kinds] each."""
    stay, change = transitions()
    units = emission.shape[1]
    forward = np.empty_like(emission)
    state, after = ends
    for t in range(units):
        moved = state * stay + (state @ change) * seams[:, t, None]
        state = np.where(inside[:, t, None], _scaled(moved * emission[:, t]), state)
        forward[:, t] = state
    backward = np.empty_like(emission)
    state = after
    for t in range(units - 1, -1, -1):
        backward[:, t] = state
        weighted = _scaled(state * emission[:, t])
        moved = weighted * stay + (weighted @ change.T) * seams[:, t, None]
        state = np.where(inside[:, t, None], _scaled(moved), state)
    return forward * backward


def _quantise(posterior: F64) -> NDArray[np.uint16]:
    """Rows to whole numbers that sum to UNIT."""
    total = np.zeros(len(posterior))
    for k in range(posterior.shape[1]):
        total = total + posterior[:, k]
    share = np.floor(posterior * (UNIT / total)[:, None]).astype(np.int64)
    best = share.argmax(axis=1)
    share[np.arange(len(share)), best] += UNIT - share.sum(axis=1)
    return share.astype(np.uint16)
