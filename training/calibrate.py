"""What a raw probability of boilerplate is worth, kind by kind, learned from scores of texts not trained on.

The networks are surer than they should be, and of some kinds much more than of others: teasers and adverts look like
the lists and asides of an article, donation banners hardly ever do. So for each kind the raw probability is replaced by
the share of text that was boilerplate where such a probability was given: isotonic regression (never falling, by
pooling neighbours that violate it), over characters.

That share is then made cautious: a mistake takes body out, so body counts CAUTION times. A teaser is one line, but what
is wrongly taken for teasers or for readers' comments is a whole list or interview: without a cue in the very line they
stay. Lines with and without a telling cue of their kind are told apart throughout.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import starmap

import numpy as np
from numpy.typing import NDArray

from cleaner.decode import FIRST_BOILERPLATE, TELLING, steady
from cleaner.kinds import KINDS, Kind
from cleaner.model import POINTS
from cleaner.spans import UNIT

from .examples import Example

Floats = NDArray[np.float64]

CAUTION: dict[Kind, tuple[float, float]] = {
    Kind.DONATION: (2.5, 1.8),
    Kind.PREMIUM: (2.8, 1.8),
    Kind.NEWSLETTER: (3.5, 1.8),
    Kind.COMMENT: (2.8, 1.8),
    Kind.ACCOUNT: (4, 2),
    Kind.FOLLOW: (4, 2),
    Kind.CONTACT: (12, 2),
    Kind.INTERFACE: (8, 2),
    Kind.LEGAL: (5, 2),
    Kind.ADVERT: (11, 3.5),
    Kind.RELATED: (1000, 3),
    Kind.READER_COMMENT: (100, 100),
}
"""How often a character of body counts, beside one of boilerplate, without a telling cue and with one."""

_SUREST = 0.985
"""Two readers of the labels agree on 98 to 99 % of the lines: nothing can be surer than that."""

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


def table(held: Sequence[tuple[Example, NDArray[np.float32]]]) -> NDArray[np.uint16]:
    """The calibrated probability for each raw one in 1/10,000: uint16 [2, kinds, UNIT + 1], never falling.

    held: examples with scores from networks that have not seen them.
    """
    raw, kind, cued, truth, weight = (np.concatenate(x) for x in zip(*starmap(_rows, held), strict=True))
    grid = _logit(np.arange(UNIT + 1) / UNIT)
    made = np.tile(np.arange(UNIT + 1, dtype=np.uint16), (2, len(KINDS), 1))
    for k in range(FIRST_BOILERPLATE, len(KINDS)):
        for told in (0, 1):
            mine = (kind == k) & (cued == bool(told))
            share = np.arange(UNIT + 1) / UNIT
            if mine.sum() >= _BIN:
                share = np.interp(grid, *_isotonic(_logit(raw[mine]), truth[mine], weight[mine]))
            share = np.minimum(share, _SUREST)
            cautious = share / (share + (1 - share) * CAUTION[KINDS[k]][told])
            made[told, k] = np.round(UNIT * cautious).astype(np.uint16)
    return made


def _rows(
    example: Example, scores: NDArray[np.float32]
) -> tuple[Floats, NDArray[np.int64], NDArray[np.bool_], Floats, Floats]:
    """(raw probability, likeliest kind, whether cued, whether boilerplate, weight) of the units that matter."""
    drawn = steady(np.round(scores * POINTS).astype(np.int32), example.goes_on)
    p, label = softmax(drawn / np.float32(POINTS))[:, FIRST_BOILERPLATE:], example.label
    raw, kind = p.sum(axis=1), p.argmax(axis=1) + FIRST_BOILERPLATE
    first = example.features.index(f"cue_{KINDS[1]}") - 1
    cued = example.values[np.arange(len(kind)), first + kind] >= TELLING
    use = (label >= 0) & (raw > _LEAST)
    weight = np.minimum(example.size, _MOST) * np.where((label > 0) & (label < FIRST_BOILERPLATE), _FURNITURE, 1.0)
    return raw[use], kind[use], cued[use], (label[use] >= FIRST_BOILERPLATE).astype(np.float64), weight[use]


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
