"""Which listed words stand where: function words, words of address, words of a kind, words of a sense.

A word's lists are the bits of one number for each pack, so that one look finds all of them.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from .blocks import Ints, find_words
from .chars import U64
from .cues import LISTS, CuePack

U32 = NDArray[np.uint32]

STOP, ADDRESS = 0, 1
FIRST = 2
"""The list of LISTS[i] is bit FIRST + i; at most 32 bits."""
BITS = 20
_ENGLISH = "en"


class WordLists:
    """The lists of several packs. keys: hashes of the words, ascending. bits: uint32 [words, packs + 1], the last
    column what any pack says."""

    def __init__(self, packs: tuple[CuePack, ...]) -> None:
        words: list[str] = []
        pack: list[int] = []
        bit: list[int] = []
        for p, b, listed in _all(packs):
            words += listed
            pack += [p] * len(listed)
            bit += [b] * len(listed)
        hashes, counts = hash_lines(words)
        single = np.flatnonzero(counts == 1)
        hashed = hashes[np.cumsum(counts)[single] - 1]
        self.keys, row = np.unique(hashed, return_inverse=True)
        self.bits = np.zeros((max(len(self.keys), 1), len(packs) + 1), dtype=np.uint32)
        values = np.uint32(1) << np.array(bit, dtype=np.uint32)[single]
        np.bitwise_or.at(self.bits, (row, np.array(pack, dtype=np.intp)[single]), values)
        self.bits[:, -1] = np.bitwise_or.reduce(self.bits[:, :-1], axis=1)
        stop = self.bits[:, :-1] & np.uint32(1 << STOP) != 0
        self._stop = np.where(stop.any(axis=1), np.cumsum(stop.any(axis=1)) - 1, -1)
        self._stop_of_pack = stop[stop.any(axis=1)].astype(np.float64)
        langs = [p.lang for p in packs]
        self._english = langs.index(_ENGLISH) if _ENGLISH in langs else -1
        self._rows = np.full(1 << BITS, -1, dtype=np.int32)
        self._rows[low(self.keys)] = np.arange(len(self.keys))

    def find(self, hashes: U64) -> tuple[Ints, Ints]:
        """(places, rows) of the words that belong to any list."""
        row = self._rows[low(hashes)]
        at = np.flatnonzero(row >= 0)
        row, wanted = row[at].astype(np.intp), hashes[at]
        other = np.flatnonzero(self.keys[row] != wanted)  # another word, perhaps of the lists too, has the same place
        row[other] = np.minimum(np.searchsorted(self.keys, wanted[other]), len(self.keys) - 1)
        same = self.keys[row] == wanted
        return at[same], row[same]

    def stopwords(self, row: Ints, doc: Ints, count: int) -> NDArray[np.int64]:
        """How many of the words are function words in each pack's language, int64 [count, packs]. doc: of each word."""
        which, size = self._stop[row], len(self._stop_of_pack)
        some = which >= 0
        seen = np.bincount(doc[some] * size + which[some], minlength=count * size).reshape(count, size)
        found: NDArray[np.int64] = (seen.astype(np.float64) @ self._stop_of_pack).astype(np.int64)
        return found

    def listed(self, row: Ints, pack: Ints) -> U32:
        """The lists in which words stand, a bit each: those of their document's pack (-1: of any) and the English,
        which are everywhere. row: of the words. pack: of the document of each."""
        found: U32 = self.bits[row, pack]
        return found | self.bits[row, self._english] if self._english >= 0 else found


def _all(packs: tuple[CuePack, ...]) -> Iterator[tuple[int, int, tuple[str, ...]]]:
    """(pack, bit, words) of every list."""
    for p, pack in enumerate(packs):
        yield p, STOP, pack.stopwords
        yield p, ADDRESS, pack.address
        for name, words in pack.words:
            yield p, FIRST + LISTS.index(name), words


_LANES = np.array([[n >> i & 1 for i in range(4)] for n in range(16)], dtype=np.uint64)
_LANE_TABLE = (_LANES << np.arange(0, 64, 16, dtype=np.uint64)).sum(axis=1)
"""The four bits of a number spread over four counters of 16 bits."""
_FULL = 0xFFFF


def count_bits(bits: U32, unit: Ints, units: int) -> NDArray[np.int64]:
    """How many words of each unit stand in each list, int64 [units, FIRST + lists]. unit: of each word, ascending."""
    lists = FIRST + len(LISTS)
    counts = np.zeros((units, 4 * -(-lists // 4)), dtype=np.int64)
    if len(unit):
        new = np.concatenate([[True], unit[1:] != unit[:-1]])
        new[::_FULL] = True  # so that no counter overflows, however long a unit is
        first = np.flatnonzero(new)
        for lane in range(0, lists, 4):
            sums = np.add.reduceat(_LANE_TABLE[(bits >> np.uint32(lane)) & np.uint32(15)], first)
            four = sums[:, None] >> np.arange(0, 64, 16, dtype=np.uint64) & np.uint64(_FULL)
            np.add.at(counts[:, lane : lane + 4], unit[first], four.astype(np.int64))
    return counts[:, :lists]


def hash_lines(lines: list[str]) -> tuple[U64, Ints]:
    """(hashes of all words, number of words of each line)."""
    start, _, hashes = find_words("\n".join(lines) + "\n")
    ends = np.cumsum([len(line) + 1 for line in lines])
    at = np.searchsorted(start, ends)
    return hashes, np.diff(np.concatenate([[0], at])).astype(np.intp)


def low(hashes: U64) -> NDArray[np.intp]:
    """The place of each hash in a table of 2**BITS."""
    return (hashes >> np.uint64(64 - BITS)).astype(np.intp)
