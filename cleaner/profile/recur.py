"""What a unit's recurrence on its site is worth as evidence.

That a unit stands on k of n pages says the more, the farther k lies above what quotations, refrains and serials reach,
which is about 1.6 times the root of n. It says little where the unit stands as body does: a sentence in a paragraph
that does not recur, or a few words between paragraphs whose neighbours change, such as a heading that every recipe has.
It says nothing in a text whose long sentences recur nearly all: that is a copy of a page, not a page of the site.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ..blocks import Bools
from ..features import Units
from ..keys import SHORT, on_site, pair_keys, site_seed
from ..kinds import BOILERPLATE, KINDS, Kind
from ..model import POINTS
from .profile import I64, Profile

_BASE, _PER_DOUBLING, _SHARE, _MOST = 3, 1, 2, 9
"""In nats: at the least number of pages, for each time that it doubles, for standing on all pages; and the limit."""
_WEAK = 1
"""The most, in nats, for a unit that stands like body."""
_RUN_WORDS, _LONG_WORDS = 12, 12
_COPY = 2
"""In a copy of a page there are so many times as many words in long units that recur as in others."""


class Recurrence(NamedTuple):
    """pages: on which each unit stands; of: pages of its site; int64 [n]. points: what that is worth, int64 [n]."""

    pages: I64
    of: I64
    points: I64


def recurrence(units: Units, profile: Profile, sites: Sequence[str | None]) -> Recurrence:
    """What the profile knows of units. sites: of the documents, by their number in the batch."""
    seed = np.array([site_seed(s) if s else 0 for s in sites], np.uint64)[units.doc]
    of = np.array([profile.sites.get(s, 0) if s else 0 for s in sites], np.int64)[units.doc]
    pages, alone = _known(units, profile, seed)
    pages = np.where(of > 0, np.minimum(pages, of), 0)
    squared = pages * pages * 25.0 / np.maximum(64 * of, 1)  # (pages / (1.6 sqrt(of)))**2, exact to the last bit
    recurs = (pages >= 3) & (squared >= 1)
    points = (POINTS * (_BASE + _PER_DOUBLING * _log2(np.maximum(squared, 1)))).astype(np.int64)
    points += _SHARE * POINTS * pages // np.maximum(of, 1)
    points = np.minimum(points, _MOST * POINTS)
    pairs = profile.find(on_site(pair_keys(units.key, units.words, units.doc), seed))[0]
    tied = recurs & (pairs * 2 >= pages)
    weak = _like_body(units, recurs, alone * 2 < pages, tied)
    points = np.where(weak, np.minimum(points, _WEAK * POINTS), points)
    return Recurrence(pages, of, np.where(recurs & ~_copies(units, recurs) & ~units.never, points, 0))


def _known(units: Units, profile: Profile, seed: NDArray[np.uint64]) -> tuple[I64, I64]:
    """(pages, alone) of each unit, or of the longer one that it was cut from."""
    pages, alone = profile.find(on_site(units.key, seed))
    whole, whole_alone = profile.find(on_site(units.whole, seed))
    pages, alone = np.where(units.key == 0, 0, pages), np.where(units.key == 0, 0, alone)
    return np.where(whole > pages, whole, pages), np.where(whole > pages, whole_alone, alone)


def _log2(x: NDArray[np.float64]) -> NDArray[np.float64]:
    """log2 by straight lines between powers of two: the same to the last bit on every machine."""
    mantissa, exponent = np.frexp(x)
    return exponent - 1 + (2 * mantissa - 1)


def _like_body(units: Units, recurs: Bools, inside: Bools, tied: Bools) -> Bools:
    """Which recurring units stand as body does. inside: stands mostly inside of lines. tied: stands mostly before what
    comes next here too."""
    n = len(units)
    if not n:
        return recurs
    before: Bools = np.concatenate([[False], recurs[:-1] & (units.line[1:] == units.line[:-1])])
    starts = np.flatnonzero(~(before & recurs))
    sizes = np.diff(np.append(starts, n))
    run = np.repeat(np.add.reduceat(np.where(recurs, units.words, 0), starts), sizes)
    long_run = (run >= _RUN_WORDS) & np.repeat(sizes > 1, sizes)
    in_line = np.flatnonzero(np.concatenate([[True], units.line[1:] != units.line[:-1]]))
    all_recur = np.logical_and.reduceat(recurs | (units.words == 0), in_line)
    mixed = ~np.repeat(all_recur, np.diff(np.append(in_line, n)))
    alone = ~tied & ~np.concatenate([[False], tied[:-1]])
    lonely = (units.words <= SHORT) & alone & _amid(units, ~recurs & (units.words > SHORT))
    return ((mixed | inside) & ~long_run) | lonely


def _amid(units: Units, prose: Bools) -> Bools:
    """Which units have prose of their document before them and after."""
    so_far = np.cumsum(prose)
    first = np.searchsorted(units.doc, units.doc)
    last = np.searchsorted(units.doc, units.doc, side="right") - 1
    before: Bools = so_far - prose > (so_far - prose)[first]
    after: Bools = so_far[last] > so_far
    return before & after


def _copies(units: Units, recurs: Bools) -> Bools:
    """Which units belong to a copy of a page."""
    long = np.where(units.words >= _LONG_WORDS, units.words, 0)
    documents = int(units.doc[-1]) + 1 if len(units) else 0
    again = np.bincount(units.doc, np.where(recurs, long, 0), documents)
    others = np.bincount(units.doc, np.where(recurs, 0, long), documents)
    return (again > _COPY * others)[units.doc]


_PRIOR = 400
"""In 1/10,000: how much more of `interface` a unit is taken for before it is known to recur, so that there is something
to weigh where the model sees no boilerplate at all."""
_CREDIT = {Kind.HEADLINE: 3, Kind.BYLINE: 5, Kind.CAPTION: 5, Kind.BIO: 5, Kind.NOTE: 5}
_TOLD = 6_000
"""Furniture recurs too, an author's name or a standing note more than a headline. Its credit, in eighths of a unit's
points, it has where the model is as sure of its kind, in 1/10,000."""


def updated(p: NDArray[np.uint16], points: I64, exp: NDArray[np.uint64]) -> NDArray[np.uint16]:
    """Probabilities of kinds, of 1/10,000, once it is known that a unit recurs.

    points: int64 [n], in 1/64 of a nat; exp: 2**40 exp(-i/64)."""
    at = np.flatnonzero(points)
    if not len(at):
        return p
    weight = p[at].astype(np.int64)
    weight[:, KINDS.index(Kind.INTERFACE)] += _PRIOR
    boilerplate = np.array([8 * (k in BOILERPLATE) for k in KINDS])
    furniture = np.array([_CREDIT.get(k, 0) for k in KINDS])
    credit = boilerplate + np.where(p[at] >= _TOLD, furniture, 0)
    below = points[at, None] * (8 - credit) // 8
    weight *= (exp[np.minimum(below, len(exp) - 1)] >> np.uint64(16)).astype(np.int64)
    total = weight.sum(axis=1, keepdims=True)
    result = weight * 10_000 // total
    best = result.argmax(axis=1)
    result[np.arange(len(at)), best] += 10_000 - result.sum(axis=1)
    p = p.copy()
    p[at] = result
    return p
