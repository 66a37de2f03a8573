"""JSON Lines: one record a line; what is not added or replaced stays as it was, to the byte."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass

from ..encoding import encode
from ..jsonl import dumps, members
from .compress import Reader, ending, join_files, packed
from .records import Batch, Chunk, Cleaned, DamagedError, Fields, Layout, Record

_MARK = b"\xef\xbb\xbf"


def blocks_of_lines(reader: Reader, size: int) -> Iterator[bytes]:
    """Whole lines, about `size` bytes together; where is cut depends on the bytes alone, so that a run that goes on
    finds the same blocks. Raises DamagedError after the lines that could be read."""
    held: list[bytes] = []
    length, damage = 0, None
    try:
        for piece in reader:
            held.append(piece)
            length += len(piece)
            if length >= size and (b"\n" in piece or length - len(piece) < size):
                data = b"".join(held)
                while cut := _cut(data, size):
                    yield data[:cut]
                    data = data[cut:]
                held, length = [data], len(data)
    except DamagedError as e:
        damage = e
    if rest := b"".join(held):
        yield rest
    if damage:
        raise damage


def _cut(data: bytes, size: int) -> int:
    """Where the first block of at least one line ends; 0 when that cannot be told yet."""
    if len(data) < size:
        return 0
    return data.rfind(b"\n", 0, size) + 1 or data.find(b"\n", size) + 1


class JsonLines:
    """The format."""

    unit = "line"

    def chunks(self, path: str, size: int) -> Iterator[Chunk]:
        """See Format."""
        reader = Reader(path)
        number = 1
        try:
            for block in blocks_of_lines(reader, size):
                yield Chunk(block, number, reader.at)
                number += block.count(b"\n")
        except DamagedError as e:
            raise DamagedError(f"after line {number - 1}", e.reason) from None

    def names(self, path: str) -> list[str]:
        """See Format."""
        for chunk in self.chunks(path, 1 << 16):
            for line in _lines(chunk.payload, chunk.first):
                try:
                    if not line.isspace():
                        return [str(key) for key, *_ in members(line)]
                except (ValueError, RecursionError):
                    continue
        return []

    def check(self, path: str, layout: Layout) -> str | None:
        """See Format: every record has its own fields, none speaks for the file."""
        return None

    def parse(self, chunk: Chunk, layout: Layout) -> Batch:
        """See Format."""
        lines = _lines(chunk.payload, chunk.first)
        return _Lines([_record(line, number, layout) for number, line in enumerate(lines, chunk.first)], layout)

    def join(self, parts: list[str], target: str, source: str) -> None:
        """See Format."""
        join_files(parts, target, ending(source))

    def pack(self, data: bytes, source: str) -> bytes:
        """What `render` made, as it is kept in a part."""
        return packed(data, ending(source))


def _lines(payload: bytes, first: int) -> list[str]:
    text = (payload.removeprefix(_MARK) if first == 1 else payload).decode("utf-8", "surrogateescape")
    return [f"{line}\n" for line in text.removesuffix("\n").split("\n")]


@dataclass(slots=True)
class _Line:
    """A line. place: where the text's value stands. end: where the object's last member ends."""

    text: str
    place: tuple[int, int] = (0, 0)
    end: int = 0


def _record(line: str, number: int, layout: Layout) -> Record:
    raw = _Line(line)
    record = Record(number, raw=raw)
    try:
        if not line.isspace():
            _read(record, raw, layout)
    except json.JSONDecodeError as e:
        record.error = f"broken JSON: {e.msg} at column {e.colno}"
    except RecursionError:
        record.error = "broken JSON: nested too deep"
    except ValueError as e:
        record.error = str(e)
    return record


def _read(record: Record, raw: _Line, layout: Layout) -> None:
    fields = layout.fields
    wanted = {fields.text, fields.html, fields.url, fields.id, fields.site} - {None}
    found: dict[object, object] = {}
    places: dict[object, tuple[int, int]] = {}
    for key, value, start, end in members(raw.text):
        if key in layout.new:
            raise ValueError(f"there is a field {key!r} already")
        if key in wanted:
            found[key] = value
            places[key] = (start, end)
        raw.end = end
    _fill(record, raw.text, found, places, fields)
    raw.place = places.get(fields.text, (0, 0))


def _fill(
    record: Record, line: str, found: dict[object, object], places: dict[object, tuple[int, int]], fields: Fields
) -> None:
    def text_of(name: str | None) -> str | None:
        value = found.get(name)
        return None if value is None else str(value)

    for name in (fields.text, fields.html):
        if name is not None and name not in found:
            raise ValueError(f"no field {name!r}")
        if name is not None and found[name] is not None and not line.startswith('"', places[name][0]):
            raise ValueError(f"field {name!r} is no string")
    record.text, record.html = text_of(fields.text), text_of(fields.html)
    record.url, record.id, record.site = text_of(fields.url), text_of(fields.id), text_of(fields.site)


def _without(line: str, names: tuple[str, ...]) -> str:
    """A line without its last members, if they are called so."""
    if not names or line.isspace():
        return line
    found = list(members(line))
    first = next((i for i, (key, *_) in enumerate(found) if key in names), len(found))
    return line[: found[first - 1][3]] + line[found[-1][3] :] if 0 < first < len(found) else line


@dataclass
class _Lines:
    records: list[Record]
    layout: Layout

    def render(self, cleaned: list[Cleaned | None]) -> bytes:
        """See Batch."""
        rows = zip(self.records, cleaned, strict=True)
        return encode("".join(self._line(r, c) for r, c in rows if c is not None))

    def undo(self, was: Layout, texts: list[str | None], before: list[str]) -> bytes:
        """See Batch."""
        cleaned = [Cleaned(text, None) for text in texts]
        rows = zip(before, self.records, cleaned, strict=True)
        return encode("".join(b + _without(self._line(r, c), was.new) for b, r, c in rows))

    def source(self, record: Record) -> str:
        """See Batch."""
        return str(record.raw.text).removesuffix("\n")

    def _line(self, record: Record, done: Cleaned) -> str:
        raw = record.raw
        line: str = raw.text
        if line.isspace():
            return line
        new = [] if self.layout.in_place else [(self.layout.body, done.body)]
        more: list[tuple[str, object]] = [*new, *([("spans", done.spans)] if self.layout.spans else [])]
        if more:
            added = ", ".join(f"{dumps(name)}: {dumps(value)}" for name, value in more)
            line = f"{line[: raw.end]}, {added}{line[raw.end :]}"
        if self.layout.in_place and done.body is not None and done.body != record.text:
            start, end = raw.place
            line = line[:start] + dumps(done.body) + line[end:]
        return line
