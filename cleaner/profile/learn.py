"""What sites repeat, learned from their pages: every line and sentence is counted, what recurs beyond chance is kept.

Copies of a page (the same three longest units) count once. The order of the pages does not matter.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from sqlite3 import Connection
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ..batches import batches as by_size
from ..blocks import Blocks, Ints, Seam, split
from ..chars import U64, mix
from ..features import windows
from ..keys import on_site, pair_keys, site_seed, unit_keys
from ..matcher import matcher
from . import store
from .spill import ALONE, Groups, Rows, Spill

WINDOW = 1 << 17
"""Characters that are handled at once: as many as the processor's cache takes, which doubles the speed."""
LEAST = 3
"""Pages on which a unit must stand to be kept at all."""
_LONGEST = 3
"""Units that a page is known by."""
_TEXT = 400
"""Characters of a text that are kept."""


class Page(NamedTuple):
    """A page of a site. place: a number by which it is found again, 0 to 2**63 - 1."""

    site: str
    text: str
    place: int


class Learned(NamedTuple):
    """What was learned. pages: different ones."""

    sites: int
    pages: int
    units: int


def learn(pages: Callable[[], Iterable[Page]], path: str) -> Learned:
    """Learn from pages and write the profile. pages: called twice, the second time for the texts of what is kept.

    Raises StoreError when it cannot be written.
    """
    try:
        with tempfile.TemporaryDirectory(prefix="cleaner-") as folder:
            counter = _Counter(Path(folder))
            for some in batches(pages()):
                counter.add(some)
            with store.created(path) as file:
                return _write(counter, pages, file)
    except OSError as e:
        raise store.StoreError(e.strerror or str(e)) from None


def least_pages(pages: NDArray[np.int64]) -> NDArray[np.int64]:
    """On how many of so many pages a unit must stand to be kept: half of what counts as evidence, so that profiles can
    be merged."""
    return np.maximum(LEAST, np.ceil(0.8 * np.sqrt(pages))).astype(np.int64)


def batches(pages: Iterable[Page]) -> Iterator[list[Page]]:
    """About a hundred thousand characters at a time."""
    return by_size(pages, lambda page: len(page.text), limit=WINDOW)


class _Found(NamedTuple):
    """The units of some pages. page: number in the batch; start, end: offsets in its text."""

    page: Ints
    key: U64
    words: Ints
    alone: NDArray[np.bool_]
    start: Ints
    end: Ints


def _units(pages: list[Page]) -> _Found:
    compiled = matcher(())
    parts = []
    for window in windows([p.text for p in pages]):
        blocks = split(window.text, abbreviations=compiled.abbreviations, names=compiled.names)
        at = np.searchsorted(window.starts, blocks.ink, side="right") - 1
        begin = window.starts[at] - window.offset
        parts.append(
            _Found(
                window.docs[at],
                unit_keys(blocks),
                blocks.word_end - blocks.word,
                _whole_lines(blocks),
                blocks.ink - begin,
                blocks.ink_end - begin,
            )
        )
    return _Found(*(np.concatenate(columns) for columns in zip(*parts, strict=True)))


def _whole_lines(blocks: Blocks) -> NDArray[np.bool_]:
    """Which units are a line by themselves."""
    first = blocks.seam == Seam.LINE
    return first & np.append(first[1:], True)[: len(first)]


class Counted(NamedTuple):
    """What is counted of some pages, `site` being a page's number among them. units: each unit, as often as it stands
    there, from start to end, offsets in the page's text; pairs: of units, without words; pages: those that have units,
    by the key of their site."""

    units: Rows
    start: Ints
    end: Ints
    pairs: Rows
    pages: Rows


def counted(pages: list[Page]) -> Counted:
    """The rows of some pages, to be counted once a page."""
    found = _units(pages)
    found = _Found(*(column[found.key != 0] for column in found))
    seed = np.array([site_seed(p.site) for p in pages], np.uint64)
    place = np.array([p.place for p in pages], np.int64)
    known = _known_by(found, len(pages))
    page = (mix(known ^ seed) & ~ALONE)[found.page] | found.alone.astype(np.uint64)
    key = on_site(found.key, seed[found.page])
    units = Rows(key, page, found.page.astype(np.int32), found.words.astype(np.int32), place[found.page])
    pairs = pair_keys(found.key, found.words, found.page)
    paired = np.flatnonzero(pairs)
    pairs = on_site(pairs[paired], seed[found.page[paired]])
    some = np.flatnonzero(known)
    words = np.zeros(len(pages), np.int32)
    return Counted(
        units,
        found.start,
        found.end,
        units.take(paired)._replace(key=pairs, words=np.zeros(len(paired), np.int32)),
        Rows(mix(seed), mix(known ^ seed), np.arange(len(pages), dtype=np.int32), words, place).take(some),
    )


class _Counter:
    """Counts units and pages by site. names: of the sites, in the order of their numbers."""

    def __init__(self, folder: Path) -> None:
        self.names: dict[str, int] = {}
        self.units = Spill(folder / "units")
        self.pages = Spill(folder / "pages")

    def add(self, pages: list[Page]) -> None:
        """Some more pages."""
        found = counted(pages)
        site = np.array([self.names.setdefault(p.site, len(self.names)) for p in pages], np.int32)
        for rows in (found.units, found.pairs):
            self.units.add(rows._replace(site=site[rows.site]))
        self.pages.add(found.pages._replace(site=site[found.pages.site]))

    def totals(self) -> NDArray[np.int64]:
        """Pages by number of the site."""
        pages = np.zeros(len(self.names), np.int64)
        for groups in self.pages.groups():
            pages[groups.first.site] = groups.pages
        return pages


def _known_by(found: _Found, pages: int) -> U64:
    """What each page is known by: its longest units, each once. 0 for a page without any."""
    order = np.lexsort((found.key, -found.words, found.page))
    page, key = found.page[order], found.key[order]
    new = np.concatenate([[True], (page[1:] != page[:-1]) | (key[1:] != key[:-1])])[: len(page)]
    page, key = page[new], key[new]
    first = np.searchsorted(page, np.arange(pages))
    rank = np.arange(len(page)) - first[page]
    known = np.zeros(pages, np.uint64)
    np.add.at(known, page[rank < _LONGEST], mix(key[rank < _LONGEST]))
    return known


def _write(counter: _Counter, pages: Callable[[], Iterable[Page]], file: Connection) -> Learned:
    totals = counter.totals()
    names = list(counter.names)
    ids = store.add_sites(file, ((n, int(t)) for n, t in zip(names, totals, strict=True) if t))
    number = np.array([ids.get(n, 0) for n in names], np.int64)
    wanted: dict[int, set[int]] = {}
    count = 0
    for groups in counter.units.groups():
        kept = groups.pages >= least_pages(totals)[groups.first.site]
        rows = groups.first.take(kept)
        count += int((rows.words > 0).sum())
        store.add_units(file, _rows(Groups(rows, groups.pages[kept], groups.alone[kept]), number))
        for place, key in zip(rows.place[rows.words > 0].tolist(), rows.key[rows.words > 0].tolist(), strict=True):
            wanted.setdefault(place, set()).add(key)
    _add_texts(file, (p for p in pages() if p.place in wanted), wanted, ids)
    return Learned(len(ids), int(totals.sum()), count)


def _rows(groups: Groups, number: NDArray[np.int64]) -> Iterator[store.Unit]:
    rows = groups.first
    columns = (number[rows.site], rows.key.astype(np.int64), groups.pages, groups.alone, rows.words)
    for site, key, pages, alone, words in zip(*(c.tolist() for c in columns), strict=True):
        yield store.Unit(site, key, pages, alone, words, None)


def _add_texts(file: Connection, pages: Iterable[Page], wanted: dict[int, set[int]], ids: dict[str, int]) -> None:
    for some in batches(pages):
        found = _units(some)
        seed = np.array([site_seed(p.site) for p in some], np.uint64)
        keys = on_site(found.key, seed[found.page])
        rows = zip(found.page.tolist(), keys.tolist(), found.start.tolist(), found.end.tolist(), strict=True)
        texts = {
            (ids[some[i].site], key): shown(some[i].text, start, end)
            for i, key, start, end in rows
            if key in wanted[some[i].place]
        }
        store.add_texts(file, ((site, key - (key >> 63 << 64), text) for (site, key), text in texts.items()))


def shown(text: str, start: int, end: int) -> str:
    """A unit's text as it is kept: long ones cut, without lone surrogates, which SQLite does not take."""
    return text[start : min(end, start + _TEXT)].encode("utf-8", "replace").decode()
