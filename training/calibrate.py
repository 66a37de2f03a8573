"""What a raw probability of boilerplate is worth, kind by kind, learned from scores of texts not trained on.

The networks are surer than they should be, and of some kinds much more than of others: teasers and adverts look like
the lists and asides of an article, donation banners hardly ever do. So for each kind the raw probability is replaced by
the share of text that was boilerplate where such a probability was given: isotonic regression (never falling, by
pooling neighbours that violate it), over characters.

That share is then made cautious: a mistake takes body out, so body counts CAUTION times. A teaser is one line, but what
is wrongly taken for teasers or for readers' comments is a whole list or interview: there it counts most.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from cleaner.kinds import KINDS, Kind
from cleaner.spans import UNIT

from .fit import FIRST_BOILERPLATE

Floats = NDArray[np.float64]

CAUTION = {
    Kind.DONATION: 3, Kind.PREMIUM: 3, Kind.NEWSLETTER: 3, Kind.COMMENT: 3, Kind.ACCOUNT: 3, Kind.FOLLOW: 3,
    Kind.CONTACT: 3, Kind.INTERFACE: 3, Kind.LEGAL: 4, Kind.ADVERT: 6, Kind.RELATED: 40, Kind.READER_COMMENT: 60,
}  # fmt: skip
"""How often a character of body counts, beside one of boilerplate."""

_MOST = 300.0
"""Characters of one unit that count."""
_PRIOR = 300.0
"""Characters' worth of belief that the raw probability is right, in each bin."""
_BIN = 40
_LEAST = 0.02
_FURNITURE = 0.2
"""Taking out a byline is an error too, but a small one beside taking out body."""


def softmax(scores: NDArray[np.float32]) -> Floats:
    """Scores in nats to probabilities."""
    e = np.exp(scores.astype(np.float64) - scores.max(axis=1, keepdims=True))
    shares: Floats = e / e.sum(axis=1, keepdims=True)
    return shares


def table(
    scores: Sequence[NDArray[np.float32]], labels: Sequence[NDArray[np.int64]], sizes: Sequence[NDArray[np.float32]]
) -> NDArray[np.uint16]:
    """For each kind and raw probability in 1/10,000 the calibrated one: uint16 [kinds, UNIT + 1], never falling."""
    raw, kind, truth, weight = (np.concatenate(x) for x in zip(*map(_rows, scores, labels, sizes), strict=True))
    grid = _logit(np.arange(UNIT + 1) / UNIT)
    made = np.tile(np.arange(UNIT + 1, dtype=np.uint16), (len(KINDS), 1))
    for k in range(FIRST_BOILERPLATE, len(KINDS)):
        mine = kind == k
        at, value = _isotonic(_logit(raw[mine]), truth[mine], weight[mine])
        share = np.interp(grid, at, value)
        cautious = share / (share + (1 - share) * CAUTION[KINDS[k]])
        made[k] = np.round(UNIT * cautious).astype(np.uint16)
    return made


def _rows(
    scores: NDArray[np.float32], label: NDArray[np.int64], size: NDArray[np.float32]
) -> tuple[Floats, NDArray[np.int64], Floats, Floats]:
    p = softmax(scores)[:, FIRST_BOILERPLATE:]
    raw, kind = p.sum(axis=1), p.argmax(axis=1) + FIRST_BOILERPLATE
    use = (label >= 0) & (raw > _LEAST)
    weight = np.minimum(size, _MOST) * np.where((label > 0) & (label < FIRST_BOILERPLATE), _FURNITURE, 1.0)
    return raw[use], kind[use], (label[use] >= FIRST_BOILERPLATE).astype(np.float64), weight[use]


def _logit(p: Floats) -> Floats:
    p = np.clip(p, 0.5 / UNIT, 1 - 0.5 / UNIT)
    logit: Floats = np.log(p / (1 - p))
    return logit


def _isotonic(x: Floats, truth: Floats, weight: Floats) -> tuple[Floats, Floats]:
    """Points of a rising line: (logits of the raw probability, calibrated probability)."""
    order = np.argsort(x, kind="stable")
    bins = np.array_split(order, max(1, len(x) // _BIN))
    blocks: list[tuple[float, float, list[float]]] = []  # weight of truth, weight, where
    for rows in bins:
        if len(rows):
            at = float(np.average(x[rows], weights=weight[rows] + 1e-9))
            hits = float(weight[rows] @ truth[rows]) + _PRIOR / (1 + np.exp(-at))
            blocks.append((hits, float(weight[rows].sum()) + _PRIOR, [at]))
            while len(blocks) > 1 and blocks[-2][0] * blocks[-1][1] > blocks[-1][0] * blocks[-2][1]:
                (a, n, p), (b, m, q) = blocks[-2:]
                blocks[-2:] = [(a + b, n + m, p + q)]
    floor = float(_logit(np.array([_LEAST / 4]))[0])
    at = [floor, *(p for _, _, where in blocks for p in where)]
    value = [0.0, *(hits / total for hits, total, where in blocks for _ in where)]
    return np.array(at), np.array(value)
