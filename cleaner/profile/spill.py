"""Which keys stand on how many pages, counted exactly in bounded memory: rows are sorted and put down in files, the
files are then read side by side, a range of keys at a time."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ..chars import U64

_ROWS = 1 << 20
"""Rows that are sorted at once."""
ALONE = np.uint64(1)
"""The lowest bit of a page says that the key is a line by itself there."""


class Rows(NamedTuple):
    """A key on a page. page: what the page is known by, see ALONE. place: where it is found."""

    key: U64
    page: U64
    site: NDArray[np.int32]
    words: NDArray[np.int32]
    place: NDArray[np.int64]

    def take(self, which: NDArray[np.intp] | NDArray[np.bool_] | slice) -> Rows:
        """Some of the rows."""
        return Rows(self.key[which], self.page[which], self.site[which], self.words[which], self.place[which])


class Groups(NamedTuple):
    """A key and its pages. first: one row of each; pages: how many; alone: on how many it is a line by itself."""

    first: Rows
    pages: NDArray[np.int64]
    alone: NDArray[np.int64]


class Spill:
    """Rows that are to be counted. folder: for the files, its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.held: list[Rows] = []
        self.size = 0
        self.runs: list[Rows] = []
        folder.mkdir()

    def add(self, rows: Rows) -> None:
        """Some more rows, in any order."""
        self.held.append(rows)
        self.size += len(rows.key)
        if self.size >= _ROWS:
            self._put_down()

    def groups(self) -> Iterator[Groups]:
        """Every key once, in the order of keys, many at a time."""
        self._put_down()
        ends = _ranges(self.runs)
        before = [0] * len(self.runs)
        for last in ends:
            after = [int(np.searchsorted(run.key, last, side="right")) for run in self.runs]
            some = [run.take(slice(a, b)) for run, a, b in zip(self.runs, before, after, strict=True)]
            before = after
            rows = _unique(_joined(some))
            if len(rows.key):
                yield _grouped(rows)

    def _put_down(self) -> None:
        if not self.held:
            return
        rows = _unique(_joined(self.held))
        self.held, self.size = [], 0
        number = len(self.runs)
        for name in Rows._fields:
            np.save(self.folder / f"{number}.{name}.npy", getattr(rows, name))
        self.runs.append(Rows(*(np.load(self.folder / f"{number}.{n}.npy", mmap_mode="r") for n in Rows._fields)))


def _joined(parts: list[Rows]) -> Rows:
    return Rows(*(np.concatenate(columns) for columns in zip(*parts, strict=True)))


def _ranges(runs: list[Rows]) -> list[np.uint64]:
    """The last keys of ranges that hold about as many rows as can be sorted at once; keys are spread evenly."""
    total = sum(len(run.key) for run in runs)
    count = total // _ROWS + 1 if total else 0
    return [np.uint64((i + 1) * 2**64 // count - 1) for i in range(count)]


def _unique(rows: Rows) -> Rows:
    """The rows in the order of key, page and place, each key once a page: alone if it is so anywhere on it."""
    order = np.lexsort((rows.place, ~rows.page, rows.key))  # of one page the row that is alone comes first
    rows = rows.take(order)
    if not len(order):
        return rows
    page = rows.page | ALONE
    new = np.concatenate([[True], (rows.key[1:] != rows.key[:-1]) | (page[1:] != page[:-1])])
    return rows.take(new)


def _grouped(rows: Rows) -> Groups:
    first = np.flatnonzero(np.concatenate([[True], rows.key[1:] != rows.key[:-1]]))
    pages = np.diff(np.append(first, len(rows.key)))
    alone = np.add.reduceat((rows.page & ALONE).astype(np.int64), first)
    return Groups(rows.take(first), pages.astype(np.int64), alone)
