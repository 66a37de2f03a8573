"""How much of each line stands in another text: by runs of four words, by whole lines, and in the same order."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from ..blocks import find_words
from ..chars import U8, U64
from ..matcher import phrase_hashes
from ..shape import share

Ints = NDArray[np.int64]
_N = 4
_MATCHED = 32
"""In 1/64: a line with as large a share in the other text counts as found."""


@dataclass(frozen=True, eq=False)
class Words:
    """The words of a text and of its lines. hashes [w]: of folded words; first, count [n]: each line's words."""

    hashes: U64
    first: Ints
    count: Ints

    @cached_property
    def lines(self) -> U64:
        """A hash of each line's words."""
        return phrase_hashes(self.hashes, self.first, self.count)

    @cached_property
    def grams(self) -> U64:
        """The hash of the four words from each word on."""
        n = max(len(self.hashes) - _N + 1, 0)
        return phrase_hashes(self.hashes, np.arange(n), np.full(n, _N))


def words_of(text: str, line_start: Ints | None = None) -> Words:
    """The words of a text; its lines are those between line feeds, unless it is said where they start."""
    start, _, hashes = find_words(text) if text else (np.zeros(0, np.int64),) * 2 + (np.zeros(0, np.uint64),)
    if line_start is None:
        sizes = np.array([len(line) + 1 for line in text.split("\n")], dtype=np.int64)
        line_start = np.cumsum(sizes) - sizes
    first = np.searchsorted(start, line_start)
    return Words(hashes, first, np.diff(np.append(first, len(start))))


def covered(words: Words, other: Words) -> U8:
    """The share of each line's words that stand in runs of four which the other text has too, in 1/64."""
    grams = words.grams
    if not len(grams) or not len(other.grams):
        return np.zeros(len(words.first), np.uint8)
    known = np.isin(grams, other.grams)
    last = np.repeat(words.first + words.count, words.count)[: len(grams)]
    known &= np.arange(len(grams)) + _N <= last  # a run must not reach into the next line
    change = np.zeros(len(words.hashes) + 1, np.int64)
    np.add.at(change, np.flatnonzero(known), 1)
    np.subtract.at(change, np.flatnonzero(known) + _N, 1)
    inside = np.concatenate([[0], np.cumsum(np.cumsum(change[:-1]) > 0)])
    return share(inside[words.first + words.count] - inside[words.first], words.count)


@dataclass(frozen=True, eq=False)
class Matched:
    """How each line is found in another text, uint8 [n]. share: of its words, in 1/64, of short lines all or none.
    ordered: 64 where the line stands between the same neighbours there."""

    share: U8
    ordered: U8


def match(words: Words, other: Words) -> Matched:
    """How the lines are found in another text whose lines are in the same order.

    Long lines are found by runs of four words. Those that stand in order are anchors; a short line counts only when
    the other text has the same line between the anchors around it, so that one "Share" does not stand for all.
    """
    long = covered(words, other)
    place = _anchors(words, other, long)
    before = np.maximum.accumulate(np.concatenate([[-1], place]))[:-1]
    after = np.minimum.accumulate(np.append(np.where(place >= 0, place, len(other.hashes)), len(other.hashes))[::-1])
    after = after[::-1][1:]
    value = long.copy()
    ordered = np.where(place >= 0, np.uint8(64), np.uint8(0))
    positions = _positions(other)
    hashes = words.lines.tolist()
    for i in np.flatnonzero((place < 0) & (words.count > 0)).tolist():
        at = positions.get(hashes[i])
        if at is None:
            continue
        k = bisect_right(at, int(before[i]))
        if k < len(at) and at[k] < after[i]:
            value[i] = ordered[i] = 64
        elif words.count[i] >= _N:
            value[i] = 64
    return Matched(value, ordered)


def _positions(other: Words) -> dict[int, list[int]]:
    """The first words of all lines of a kind."""
    positions: dict[int, list[int]] = {}
    for key, first, count in zip(other.lines.tolist(), other.first.tolist(), other.count.tolist(), strict=True):
        if count:
            positions.setdefault(key, []).append(first)
    return positions


def _anchors(words: Words, other: Words, long: U8) -> Ints:
    """Where each line stands in the other text; -1 unless it is long and in order with the others."""
    place = np.full(len(words.first), -1, np.int64)
    lines = np.flatnonzero((long >= _MATCHED) & (words.count >= _N))
    if not len(lines):
        return place
    ordered, first = np.unique(other.grams, return_index=True)
    owner = np.repeat(np.arange(len(words.first)), words.count)[: len(words.grams)]
    at = np.minimum(np.searchsorted(ordered, words.grams), len(ordered) - 1)
    hits = np.flatnonzero((ordered[at] == words.grams) & (long[owner] >= _MATCHED))
    line, first_hit = np.unique(owner[hits], return_index=True)
    target = first[at[hits[first_hit]]]
    keep = _rising(target.tolist())
    place[line[keep]] = target[keep]
    return place


def _rising(values: list[int]) -> list[int]:
    """The indices of a longest subsequence that never falls."""
    tails: list[int] = []
    ends: list[int] = []
    back = [-1] * len(values)
    for i, value in enumerate(values):
        k = bisect_right(tails, value)
        back[i] = ends[k - 1] if k else -1
        tails[k : k + 1] = [value]
        ends[k : k + 1] = [i]
    found = []
    i = ends[-1] if ends else -1
    while i >= 0:
        found.append(i)
        i = back[i]
    return found[::-1]


def equal_to_any(words: Words, other: Words) -> U8:
    """64 for each line that has the same words as a line of the other text."""
    same = np.isin(words.lines, other.lines[other.count > 0]) & (words.count > 0)
    return np.where(same, np.uint8(64), np.uint8(0))


def common_words(words: Words, other: Words) -> U8:
    """The share of each line's words that the other text has somewhere, in 1/64."""
    known = np.isin(words.hashes, other.hashes)
    sums = np.concatenate([[0], np.cumsum(known)])
    return share(sums[words.first + words.count] - sums[words.first], words.count)
