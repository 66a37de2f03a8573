"""Evidence to scores: how much each unit, by itself and by its place, speaks for each kind.

Scores are whole numbers, tenths of a nat, against a body line of middle length. The weights here are set by hand; a
trained model takes this room's place.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from .blocks import Bools, Ints
from .features import I32, Units
from .kinds import BOILERPLATE, CORE, KINDS, Kind

_COLUMN = {k: i for i, k in enumerate(KINDS)}
_BOILERPLATE = [_COLUMN[k] for k in BOILERPLATE]
_BANNER = [_COLUMN[k] for k in CORE]

PROSE_WORDS = 14
"""A unit with as many words that ends like a sentence and holds no cue is prose."""


class Scores(NamedTuple):
    """points: int32 [units, kinds]. active: units that may be anything but body."""

    points: I32
    active: Bools


class Place(NamedTuple):
    """Where units stand in their documents. head, tail: before the first prose unit, after the last. index: from the
    document's first unit. left: units to its last. repeated: the same words stand elsewhere in the document."""

    head: Bools
    tail: Bools
    index: Ints
    left: Ints
    repeated: Bools
    has_prose: Bools


def place(units: Units) -> Place:
    """Where each unit stands."""
    n = len(units)
    firsts = np.flatnonzero(np.concatenate([[True], units.doc[1:] != units.doc[:-1]])) if n else np.zeros(0, np.intp)
    sizes = np.diff(np.append(firsts, n))
    index = np.arange(n) - np.repeat(firsts, sizes)
    left = np.repeat(sizes, sizes) - index - 1
    strong = units.cue[:, _BOILERPLATE].max(axis=1) >= 25 if n else np.zeros(0, bool)
    prose = (units.words >= PROSE_WORDS) & units.stop & ~strong
    before = np.cumsum(prose) - prose
    total = np.add.reduceat(prose, firsts, dtype=np.int64) if n else np.zeros(0, np.int64)
    base = np.repeat(before[firsts], sizes)
    total = np.repeat(total, sizes)
    seen = before - base
    return Place(
        head=(seen == 0) & ~prose & (total > 0),
        tail=(seen == total) & ~prose & (total > 0),
        index=index,
        left=left,
        repeated=_repeated(units),
        has_prose=total > 0,
    )


def _repeated(units: Units) -> Bools:
    """Units of up to 25 words whose words stand elsewhere in the same document."""
    pair = units.key ^ (units.doc.astype(np.uint64) * np.uint64(0x9E3779B97F4A7C15))
    _, inverse, counts = np.unique(pair, return_inverse=True, return_counts=True)
    return (counts[inverse] > 1) & (units.words > 0) & (units.words <= 25)


def score(units: Units) -> Scores:
    """The scores of all units; body is the measure, at 0."""
    where = place(units)
    points = units.cue.copy()
    short = np.minimum(units.words, 45)
    dull = 6 + short * np.where(units.stop, 3, 2) // 4  # what speaks for body: long, and ending like a sentence
    address = np.minimum(units.address, 4)
    points -= dull[:, None].astype(np.int32)
    points[:, _BANNER] += (7 * address)[:, None]
    points[:, _BOILERPLATE] += (14 * where.tail + 4 * where.head + 6 * where.repeated)[:, None]
    label = (units.words <= 3) & ~units.stop
    points[:, _COLUMN[Kind.INTERFACE]] += 6 * (label & (where.tail | where.head))
    _furniture(points, units, where)
    points[:, 0] = 0
    points[units.never, 0] = 120
    active = (units.cue[:, 1:].max(axis=1, initial=0) > 0) | where.tail | where.head
    return Scores(points, active)


def _furniture(points: I32, units: Units, where: Place) -> None:
    """A title stands before the article's first prose; credits and dates are short and not sentences."""
    title = where.head & (where.index <= 3) & (units.words <= 28) & (units.words >= 3)
    points[:, _COLUMN[Kind.HEADLINE]] += np.where(title, 30 - 6 * np.minimum(where.index, 3), -10).astype(np.int32)
    few = (units.words <= 14) & ~units.stop
    for kind in (Kind.BYLINE, Kind.CAPTION):
        points[:, _COLUMN[kind]] += np.where(few, 4, -8).astype(np.int32)


def seam_costs() -> NDArray[np.int32]:
    """What a change of kind costs within a line, by Seam."""
    return np.array([0, 26, 4, 22], dtype=np.int32)
