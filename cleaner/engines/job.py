"""What is done to every batch, as an object that can be sent to workers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from ..corpus.parquet import values
from ..options import Options
from ..segment import segment_many
from ..sites import site_of
from ..spans import Segmentation
from . import columns
from .missing import arrow
from .shared import Shared

ADDED = ("body", "spans", "removed_chars", "error")
"""The columns that are added."""
PAGE_TEXT = "page_text"
"""Added too where pages are read: the text that the offsets of their spans count in."""


_ROWS = 1024
"""Rows of a piece: the results of a piece are in memory together."""


class Row(NamedTuple):
    """What a row brings. text, html None: not there, or no valid UTF-8, which `error` says."""

    text: str | None
    html: str | bytes | None
    url: str | None
    site: str | None
    error: str | None


class Outcome(NamedTuple):
    """What becomes of a row. result None: it had nothing to clean, or `error` says why it could not be. page: whether
    the result is that of a page."""

    result: Segmentation | None
    error: str | None = None
    page: bool = False


@dataclass(frozen=True)
class Job:
    """Options and the names of columns.

    text, html: what is cleaned, a row's HTML where it has no text. url, site: where it is from; the site wins.
    """

    text: str | None = "text"
    html: str | None = None
    url: str | None = None
    site: str | None = None
    shared: Shared[Options] = field(default_factory=lambda: Shared(Options()))

    def schema(self, schema: Any) -> Any:
        """The schema that a batch of this schema comes back with. Raises ValueError when it cannot be cleaned."""
        self._check(schema)
        a = arrow()
        kind = columns.text_type(schema, self.text)
        for name, added in zip(ADDED, (kind, columns.span_type(), a.int64(), a.string()), strict=True):
            schema = schema.append(a.field(name, added))
        return schema.append(a.field(PAGE_TEXT, kind)) if self.html is not None else schema

    def batch(self, batch: Any) -> Any:
        """A record batch with its columns and those that are added. Raises ValueError as `schema` does."""
        schema = self.schema(batch.schema)
        outcomes = list(self._outcomes(batch))
        added = columns.added(outcomes, schema, pages=self.html is not None)
        return arrow().RecordBatch.from_arrays([*batch.columns, *added], schema=schema)

    def table(self, table: Any) -> Any:
        """As `batch`, for a table."""
        a = arrow()
        batches = [self.batch(b) for b in table.to_batches()]
        return a.Table.from_batches(batches, schema=self.schema(table.schema))

    def batches(self, batches: Iterable[Any]) -> Iterator[Any]:
        """As `batch`, for many, large ones in pieces."""
        for batch in batches:
            for first in range(0, batch.num_rows, _ROWS):
                yield self.batch(batch.slice(first, _ROWS))

    def _check(self, schema: Any) -> None:
        if self.text is None and self.html is None:
            raise ValueError("neither a column with text nor one with HTML is named")
        for name in (self.text, self.html, self.url, self.site):
            if name is not None and name not in schema.names:
                raise ValueError(f"no column {name!r}; there are {', '.join(schema.names)}")
        columns.check_types(schema, self.text, self.html)
        taken = [n for n in (*ADDED, *((PAGE_TEXT,) if self.html else ())) if n in schema.names]
        if taken:
            raise ValueError(f"there is a column {taken[0]!r} already: rename it before")

    def _outcomes(self, batch: Any) -> Iterator[Outcome]:
        options = self.shared.value
        rows = list(self._rows(batch))
        plain = [r for r in rows if r.text is not None]
        sites = (r.site or site_of(r.url) for r in plain)
        results = segment_many((r.text or "" for r in plain), sites=sites, options=options)
        for row in rows:
            if row.text is not None:
                yield Outcome(next(results))
            elif row.html is not None and not row.error:
                yield _page(row, options)
            else:
                yield Outcome(None, row.error)

    def _rows(self, batch: Any) -> Iterable[Row]:
        names = (self.text, self.html, self.url, self.site)
        given = [[None] * batch.num_rows if n is None else values(batch.column(n)) for n in names]
        for text, html, url, site in zip(*given, strict=True):
            bad = next((v for v in (text, html) if isinstance(v, UnicodeDecodeError)), None)
            if bad is not None:
                yield Row(None, None, None, None, f"not valid UTF-8: {bad.reason}")
            else:
                yield Row(text, html, _name(url), _name(site), None)


def _name(value: object) -> str | None:
    return None if value is None or isinstance(value, UnicodeDecodeError) else str(value)


def _page(row: Row, options: Options) -> Outcome:
    """A page's outcome; what is wrong with the page is its error."""
    from ..page.api import segment_html

    try:
        return Outcome(segment_html(row.html or "", url=row.url, site=row.site, options=options), page=True)
    except ValueError as e:
        return Outcome(None, " ".join(str(e).split()))
