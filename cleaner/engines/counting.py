"""Learning on an engine that groups and joins: which rows to count, and how to write what was counted.

The counts are those of `cleaner.profile.learn`, which does the same on one machine.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from sqlite3 import Connection
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from ..corpus.parquet import values
from ..profile import store
from ..profile.learn import LEAST, Counted, Page, batches, counted, least_pages, shown
from ..profile.spill import ALONE
from ..sites import site_of
from .missing import arrow
from .shared import Shared

__all__ = ["LEAST", "PAGE", "ROWS", "TEXTS", "Pages", "Shown", "Texts", "least"]

PAGE = -1
"""In place of a number of words: the row is a page's own, its key that of the site."""
ROWS = "site string, key long, words int, page long, alone int"
"""A unit, pair or page, as SQL names the types. page: what it is known by, see `_ordered`. alone: 0 or 1."""
TEXTS = "site string, key long, text string"

I64 = NDArray[np.int64]


def _ordered(pages: Any) -> Any:
    """Unsigned numbers as signed ones in the same order; the lowest bit, which says alone, cleared."""
    return ((pages & ~ALONE) ^ np.uint64(1 << 63)).astype(np.int64)


class Shown(NamedTuple):
    """The units whose texts are wanted, sorted by key, and the page each is to be shown from; int64 [n]."""

    keys: I64
    pages: I64


@dataclass(frozen=True)
class Pages:
    """Reads pages out of batches. text, html, url, site: columns."""

    text: str | None
    html: str | None
    url: str | None
    site: str | None

    def check(self, names: list[str]) -> None:
        """Raises ValueError when something is missing."""
        if self.text is None and self.html is None:
            raise ValueError("neither a column with text nor one with HTML is named")
        if self.url is None and self.site is None:
            raise ValueError("which site is a page from? name a column: url_field or site_field")
        for name in (self.text, self.html, self.url, self.site):
            if name is not None and name not in names:
                raise ValueError(f"no column {name!r}; there are {', '.join(names)}")

    def rows(self, some: Iterable[Any]) -> Iterator[Any]:
        """What is to be counted, as batches of ROWS."""
        for pages in self.read(some):
            found = counted(pages)
            numbers = np.full(len(found.pages.key), PAGE, np.int32)
            for rows in (found.units, found.pairs, found.pages._replace(words=numbers)):
                alone = (rows.page & ALONE).astype(np.int32)
                yield arrow().RecordBatch.from_pydict(
                    {
                        "site": _names(pages, rows.site),
                        "key": rows.key.astype(np.int64),
                        "words": rows.words.astype(np.int32),
                        "page": _ordered(rows.page),
                        "alone": np.where(rows.words == PAGE, 0, alone).astype(np.int32),
                    }
                )

    def read(self, some: Iterable[Any]) -> Iterator[list[Page]]:
        """The pages that have a text and a site, about a hundred thousand characters at a time."""
        return batches(page for batch in some for page in self._pages(batch))

    def _pages(self, batch: Any) -> Iterator[Page]:
        names = (self.text, self.html, self.url, self.site)
        given = [[None] * batch.num_rows if n is None else values(batch.column(n)) for n in names]
        for row in zip(*given, strict=True):
            text, html, url, site = (None if isinstance(v, UnicodeDecodeError) else v for v in row)
            where = site or site_of(url)
            if text is None and html is not None:
                text = _page_text(html, url)
            if text and where:
                yield Page(str(where), text, 0)


def _page_text(html: str | bytes, url: str | None) -> str | None:
    from ..page.segment import read

    try:
        return read(html, url).text
    except ValueError:
        return None


def _names(pages: list[Page], at: NDArray[Any]) -> Any:
    a = arrow()
    return a.array([p.site for p in pages], a.string()).take(a.array(at))


@dataclass(frozen=True)
class Texts:
    """Reads the texts of units that are kept."""

    pages: Pages
    shown: Shared[Shown]

    def rows(self, some: Iterable[Any]) -> Iterator[Any]:
        """The texts, as batches of TEXTS; a unit's more than once where its page has copies."""
        a = arrow()
        for pages in self.pages.read(some):
            found = counted(pages)
            texts = {
                (pages[found.units.site[i]].site, int(found.units.key[i].astype(np.int64))): shown(
                    pages[found.units.site[i]].text, int(found.start[i]), int(found.end[i])
                )
                for i in np.flatnonzero(self._wanted(found)).tolist()
            }
            yield a.RecordBatch.from_arrays(
                [
                    a.array([site for site, _ in texts], a.string()),
                    a.array([key for _, key in texts], a.int64()),
                    a.array(list(texts.values()), a.string()),
                ],
                names=["site", "key", "text"],
            )

    def _wanted(self, found: Counted) -> NDArray[np.bool_]:
        keys, pages = self.shown.value
        mine = found.units.key.astype(np.int64)
        if not len(keys):
            return np.zeros(len(mine), np.bool_)
        at = np.minimum(np.searchsorted(keys, mine), len(keys) - 1)
        return (keys[at] == mine) & (pages[at] == _ordered(found.units.page))


def least(some: Iterable[Any]) -> Iterator[Any]:
    """Of sites and their pages, on how many a unit must stand to be kept."""
    a = arrow()
    for batch in some:
        pages = least_pages(batch.column("pages").to_numpy(zero_copy_only=False))
        yield a.RecordBatch.from_arrays([batch.column("site"), a.array(pages)], names=["site", "least"])


def write_sites(file: Connection, rows: Iterable[Any]) -> tuple[dict[str, int], int]:
    """Write (site, pages). The sites' numbers by name; pages in all."""
    totals = [(row["site"], row["pages"]) for row in rows]
    return store.add_sites(file, totals), sum(pages for _, pages in totals)


def write_units(file: Connection, rows: Iterable[Any], ids: dict[str, int]) -> Shown:
    """Write units that were counted. Those whose texts are wanted."""
    keys: list[int] = []
    pages: list[int] = []

    def units() -> Iterator[store.Unit]:
        for row in rows:
            if row["words"] > 0:
                keys.append(row["key"])
                pages.append(row["page"] & ~1)
            yield store.Unit(ids[row["site"]], row["key"], row["pages"], row["alone"], row["words"], None)

    store.add_units(file, units())
    order = np.argsort(np.array(keys, np.int64), kind="stable")
    return Shown(np.array(keys, np.int64)[order], np.array(pages, np.int64)[order])


def write_texts(file: Connection, rows: Iterable[Any], ids: dict[str, int]) -> None:
    """Write the texts of units."""
    store.add_texts(file, ((ids[row["site"]], row["key"], row["text"]) for row in rows))
