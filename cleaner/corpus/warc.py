"""WARC, read with fastwarc: the HTML pages of a crawl. What comes out is JSON Lines with id, url, date and body."""

from __future__ import annotations

import pickle
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from ..encoding import encode
from ..jsonl import dumps
from .compress import join_files, needs, packed
from .http import content
from .records import Batch, Chunk, Cleaned, CorpusError, DamagedError, Layout, Record

_HTML = ("text/html", "application/xhtml+xml")


def _fastwarc() -> Any:
    try:
        import fastwarc.warc as library
    except ImportError:
        raise CorpusError(needs("fastwarc", "WARC files")) from None
    return library


@dataclass(frozen=True, slots=True)
class _Page:
    """A response. encoding: the charset that its header names."""

    url: str
    html: bytes
    id: str
    date: str
    encoding: str | None


class Warc:
    """The format; a record is a response that holds HTML, numbered among these."""

    unit = "page"

    def chunks(self, path: str, size: int) -> Iterator[Chunk]:
        """See Format."""
        number, held, length, done = 1, [], 0, 0
        damage: DamagedError | None = None
        try:
            for page, done in _pages(path):
                held.append(page)
                length += len(page.html)
                if length >= size:
                    yield Chunk(pickle.dumps(held), number, done)
                    number, held, length = number + len(held), [], 0
        except DamagedError as e:
            damage = e
        if held:
            yield Chunk(pickle.dumps(held), number, done)
        if damage:
            raise DamagedError(f"after page {number - 1 + len(held)}", damage.reason)

    def names(self, path: str) -> list[str]:
        """See Format."""
        return ["html", "url", "id"]

    def check(self, path: str, layout: Layout) -> str | None:
        """See Format."""
        return None

    def parse(self, chunk: Chunk, layout: Layout) -> Batch:
        """See Format."""
        pages: list[_Page] = pickle.loads(chunk.payload)
        return _Pages([_record(p, n) for n, p in enumerate(pages, chunk.first)], layout)

    def pack(self, data: bytes, source: str) -> bytes:
        """See Format."""
        return packed(data, ".gz")

    def join(self, parts: list[str], target: str, source: str) -> None:
        """See Format."""
        join_files(parts, target, ".gz")


def _pages(path: str) -> Iterator[tuple[_Page, int]]:
    library = _fastwarc()
    with open(path, "rb") as file:
        try:
            for record in library.ArchiveIterator(file, record_types=library.WarcRecordType.response, parse_http=False):
                _read_whole(record)
                if (record.http_content_type or "").lower() in _HTML:
                    yield _page(record), file.tell()
        except (OSError, ValueError, RuntimeError, EOFError) as e:
            raise DamagedError("", " ".join(str(e).split()) or type(e).__name__) from None


def _read_whole(record: Any) -> None:
    """Read a record's content. Raises EOFError when the archive ends before it does; the library says nothing."""
    announced = record.content_length
    record.freeze()
    if record.content_length < announced:
        raise EOFError("the file is truncated")
    record.parse_http()


def _page(record: Any) -> _Page:
    url = record.headers.get("WARC-Target-URI", "").strip("<>")
    html = content(record.reader.read(), record.http_headers)
    return _Page(url, html, record.record_id, record.headers.get("WARC-Date", ""), record.http_charset)


def _record(page: _Page, number: int) -> Record:
    return Record(number, None, page.html, page.url, page.id, raw=page, encoding=page.encoding)


@dataclass
class _Pages:
    records: list[Record]
    layout: Layout

    def render(self, cleaned: list[Cleaned | None]) -> bytes:
        """See Batch."""
        rows = zip(self.records, cleaned, strict=True)
        return encode("".join(self._line(r.raw, c) for r, c in rows if c is not None))

    def undo(self, was: Layout, texts: list[str | None], before: list[str]) -> bytes:
        """See Batch: an archive is not written."""
        raise NotImplementedError

    def source(self, record: Record) -> str:
        """See Batch: the page stays in its archive."""
        return str(record.id)

    def _line(self, page: _Page, done: Cleaned) -> str:
        row: dict[str, Any] = {"id": page.id, "url": page.url, "date": page.date, self.layout.body: done.body}
        return dumps(row | ({"spans": done.spans} if self.layout.spans else {})) + "\n"
