"""CSV and TSV with a header. What is only added to stays as it was, to the byte; a row whose text is replaced is quoted
anew."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import NamedTuple

from ..encoding import encode
from ..jsonl import dumps
from .compress import Reader, ending, join_files, packed
from .lines import blocks_of_lines
from .records import Batch, Chunk, Cleaned, DamagedError, Layout, Record

_MARK = b"\xef\xbb\xbf"
_DELIMITERS = ",;\t|"
_LONGEST = 1 << 26
"""Characters of a field; a quotation mark that is never closed would take in the rest of the file."""


class _Row(NamedTuple):
    """A row as it came and its values; error: why it has none."""

    raw: str
    values: list[str]
    error: str | None = None


class Delimited:
    """The format."""

    unit = "row"

    def chunks(self, path: str, size: int) -> Iterator[Chunk]:
        """See Format. Each chunk begins with the header."""
        reader = Reader(path)
        lines = _Lines(reader, size)
        number, held, length, header = 0, [], 0, ""
        try:
            for row in _rows(lines, None):
                if not header:
                    header, lines.delimiter = row.raw, _delimiter(row.raw)
                    continue
                held.append(row.raw)
                length += len(row.raw)
                if length >= size:
                    yield _chunk(header, held, number + 1, reader.at)
                    number, held, length = number + len(held), [], 0
        except DamagedError as e:
            lines.damage = e
        if held or (header and not number):
            yield _chunk(header, held, number + 1, reader.at)
        if lines.damage:
            raise DamagedError(f"after row {number + len(held)}", lines.damage.reason)

    def names(self, path: str) -> list[str]:
        """See Format."""
        for chunk in self.chunks(path, 1):
            header, _ = _parsed(chunk.payload)
            return header.values
        return []

    def check(self, path: str, layout: Layout) -> str | None:
        """See Format."""
        names = self.names(path)
        wanted = (layout.fields.text, layout.fields.html)
        missing = [n for n in wanted if n is not None and n not in names]
        taken = [n for n in layout.new if n in names]
        if names and (missing or taken):
            return f"no column {missing[0]!r}" if missing else f"there is a column {taken[0]!r} already"
        return None

    def parse(self, chunk: Chunk, layout: Layout) -> Batch:
        """See Format."""
        header, rows = _parsed(chunk.payload)
        places = {name: i for i, name in reversed(list(enumerate(header.values)))}
        records = [_record(row, n, places, layout) for n, row in enumerate(rows, chunk.first)]
        return _Table(records, layout, header, chunk.first == 1)

    def pack(self, data: bytes, source: str) -> bytes:
        """See Format."""
        return packed(data, ending(source))

    def join(self, parts: list[str], target: str, source: str) -> None:
        """See Format."""
        join_files(parts, target, ending(source))


class _Lines:
    """A file's lines, each with its line break, and what stopped them from coming."""

    def __init__(self, reader: Reader, size: int) -> None:
        self.blocks = blocks_of_lines(reader, size)
        self.delimiter = ","
        self.damage: DamagedError | None = None

    def __iter__(self) -> Iterator[str]:
        try:
            for i, block in enumerate(self.blocks):
                text = (block.removeprefix(_MARK) if i == 0 else block).decode("utf-8", "surrogateescape")
                yield from io.StringIO(text, newline="\n")
        except DamagedError as e:
            self.damage = e


def _rows(lines: Iterable[str], delimiter: str | None) -> Iterator[_Row]:
    """Rows, each with the lines that it came in; blank lines between them are left out. The first is the header, from
    which the delimiter is told when none is given."""
    csv.field_size_limit(max(csv.field_size_limit(), _LONGEST))
    source = iter(lines)
    first = next((line for line in source if line.strip()), None)
    if first is None:
        return
    delimiter = delimiter or _delimiter(first)
    taken: list[str] = []

    def tee() -> Iterator[str]:
        for line in _after(first, source):
            taken.append(line)
            yield line

    reader = csv.reader(tee(), delimiter=delimiter, strict=True)
    while True:
        taken.clear()
        try:
            values = next(reader)
        except StopIteration:
            return
        except csv.Error as e:
            yield _Row("".join(taken), [], f"broken CSV: {e}")
            continue
        if values:
            yield _Row("".join(taken), values)


def _after(first: str, rest: Iterator[str]) -> Iterator[str]:
    yield first
    yield from rest


def _delimiter(header: str) -> str:
    return max(_DELIMITERS, key=header.count)


def _chunk(header: str, rows: list[str], first: int, done: int) -> Chunk:
    head = header if header.endswith("\n") else f"{header}\n"
    return Chunk(encode("".join([head, *rows])), first, done)


def _parsed(payload: bytes) -> tuple[_Row, list[_Row]]:
    lines = io.StringIO(payload.decode("utf-8", "surrogateescape"), newline="\n")
    header, *rows = _rows(lines, None)
    return header, rows


def _record(row: _Row, number: int, places: dict[str, int], layout: Layout) -> Record:
    record = Record(number, error=row.error, raw=row)
    if not row.error and len(row.values) != len(places):
        record.error = f"{len(row.values)} values, the header has {len(places)}"
    if record.error:
        return record

    def value(name: str | None) -> str | None:
        return row.values[places[name]] if name in places else None

    fields = layout.fields
    record.text, record.html, record.url = value(fields.text), value(fields.html), value(fields.url)
    record.id, record.site = value(fields.id), value(fields.site)
    return record


@dataclass
class _Table:
    records: list[Record]
    layout: Layout
    header: _Row
    first: bool

    def render(self, cleaned: list[Cleaned | None]) -> bytes:
        """See Batch."""
        names: list[str | None] = [*self.layout.new]
        lines = [self._added(self.header.raw, names)] if self.first else []
        rows = zip(self.records, cleaned, strict=True)
        return encode("".join([*lines, *(self._row(r, c) for r, c in rows if c is not None)]))

    def undo(self, was: Layout, texts: list[str | None], before: list[str]) -> bytes:
        """See Batch."""
        count = len(was.new)
        lines = [self._shortened(self.header, count)] if self.first else []
        for rejected, record, text in zip(before, self.records, texts, strict=True):
            row = record.raw
            if text != record.text:
                values = list(row.values)
                values[self.header.values.index(was.fields.text or "")] = text or ""
                row = _Row(self._quoted(values) + _line_end(row.raw), values)
            lines += [rejected, self._shortened(row, count)]
        return encode("".join(lines))

    def _shortened(self, row: _Row, count: int) -> str:
        """A row without its last values, which `_added` wrote."""
        line = row.raw.rstrip("\r\n")
        for value in reversed(row.values[len(row.values) - count :]):
            line = line.removesuffix(_delimiter(self.header.raw) + self._quoted([value]))
        return line + _line_end(row.raw)

    def source(self, record: Record) -> str:
        """See Batch."""
        return str(record.raw.raw).rstrip("\r\n")

    def _row(self, record: Record, done: Cleaned) -> str:
        raw: str = record.raw.raw
        if self.layout.in_place and done.body != record.text:
            values = list(record.raw.values)
            values[self.header.values.index(self.layout.body)] = done.body or ""
            raw = self._quoted(values) + _line_end(raw)
        spans = [None if done.spans is None else dumps(done.spans)] if self.layout.spans else []
        return self._added(raw, [*([] if self.layout.in_place else [done.body]), *spans])

    def _added(self, raw: str, values: list[str | None]) -> str:
        line = raw.rstrip("\r\n")
        more = "".join(_delimiter(self.header.raw) + self._quoted([v or ""]) for v in values)
        return line + more + _line_end(raw)

    def _quoted(self, values: list[str]) -> str:
        out = io.StringIO()
        csv.writer(out, delimiter=_delimiter(self.header.raw), lineterminator="").writerow(values)
        text = out.getvalue()
        return "" if values == [""] else text


def _line_end(raw: str) -> str:
    return "\r\n" if raw.endswith("\r\n") else "\n"
