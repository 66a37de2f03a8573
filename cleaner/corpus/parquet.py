"""Parquet: columns are added or replaced, all others keep their values and types."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from .compress import needs
from .records import Batch, Chunk, Cleaned, CorpusError, DamagedError, Layout, Record

_ROWS = 256
_GROUP = 1 << 26
"""Bytes of a row group of the output."""


def arrow() -> Any:
    """The library. Raises CorpusError saying how to get it."""
    try:
        import pyarrow as library
        import pyarrow.parquet
    except ImportError:
        raise CorpusError(needs("pyarrow", "Parquet files")) from None
    return library


class Parquet:
    """The format. A chunk is a table as an Arrow stream."""

    unit = "row"

    def chunks(self, path: str, size: int) -> Iterator[Chunk]:
        """See Format."""
        number, held, length = 1, [], 0
        damage = None
        try:
            with _opened(path) as file:
                rows = max(file.metadata.num_rows, 1)
                total = _size(path)
                for batch in file.iter_batches(batch_size=_ROWS, use_threads=False):
                    held.append(batch)
                    length += batch.nbytes
                    if length >= size:
                        count = sum(b.num_rows for b in held)
                        yield Chunk(_stream(held), number, total * (number + count) // rows)
                        number, held, length = number + count, [], 0
        except (OSError, arrow().ArrowException) as e:
            damage = _one_line(e)
        if held:
            yield Chunk(_stream(held), number, _size(path))
        if damage:
            raise DamagedError(f"after row {number - 1 + sum(b.num_rows for b in held)}", damage)

    def names(self, path: str) -> list[str]:
        """See Format."""
        return list(self._schema(path).names)

    def check(self, path: str, layout: Layout) -> str | None:
        """See Format."""
        schema, types = self._schema(path), arrow().types
        for name in (layout.fields.text, layout.fields.html):
            if name is not None and name not in schema.names:
                return f"no column {name!r}"
            if name is not None and not _is_text(types, schema.field(name).type, name == layout.fields.html):
                return f"column {name!r} is no string but {schema.field(name).type}"
        taken = [n for n in layout.new if n in schema.names]
        return f"there is a column {taken[0]!r} already" if taken else None

    def _schema(self, path: str) -> Any:
        try:
            with _opened(path) as file:
                return file.schema_arrow
        except (OSError, arrow().ArrowException) as e:
            raise DamagedError("", _one_line(e)) from None

    def parse(self, chunk: Chunk, layout: Layout) -> Batch:
        """See Format."""
        table = _table(chunk.payload)
        records = [Record(chunk.first + i) for i in range(table.num_rows)]
        for name in ("text", "html", "url", "id", "site"):
            column = getattr(layout.fields, name)
            if column in table.column_names:
                for record, value in zip(records, values(table.column(column)), strict=True):
                    _set(record, name, value)
        return _Rows(records, layout, table)

    def pack(self, data: bytes, source: str) -> bytes:
        """See Format."""
        return data

    def join(self, parts: list[str], target: str, source: str) -> None:
        """See Format. Compressed as the source is."""
        library = arrow()
        with _opened(source) as file:
            groups = file.metadata.num_row_groups
            codec = file.metadata.row_group(0).column(0).compression if groups else "SNAPPY"
            schema = file.schema_arrow
        writer = None
        held: list[Any] = []
        for path in parts:
            with library.OSFile(path) as stream:
                held.append(library.ipc.open_stream(stream).read_all())
            writer = writer or _writer(target, held[0].schema, codec)
            if sum(t.nbytes for t in held) >= _GROUP:
                writer.write_table(library.concat_tables(held), row_group_size=1 << 30)
                held = []
        writer = writer or _writer(target, schema, codec)
        if held:
            writer.write_table(library.concat_tables(held), row_group_size=1 << 30)
        writer.close()


def _opened(path: str) -> Any:
    return arrow().parquet.ParquetFile(path, memory_map=False, buffer_size=1 << 20, pre_buffer=False)


def _writer(target: str, schema: Any, codec: str) -> Any:
    name = "none" if codec == "UNCOMPRESSED" else codec.lower()
    return arrow().parquet.ParquetWriter(target, schema, compression=name)


def _size(path: str) -> int:
    from pathlib import Path

    return Path(path).stat().st_size


def _one_line(error: Exception) -> str:
    return " ".join(str(error).split()) or type(error).__name__


def _is_text(types: Any, kind: Any, binary: bool) -> bool:
    kind = kind.value_type if types.is_dictionary(kind) else kind
    return bool(types.is_string(kind) or types.is_large_string(kind) or (binary and types.is_binary(kind)))


def _stream(batches: list[Any]) -> bytes:
    library = arrow()
    sink = library.BufferOutputStream()
    with library.ipc.new_stream(sink, batches[0].schema) as stream:
        for batch in batches:
            stream.write_batch(batch)
    return bytes(sink.getvalue().to_pybytes())


def _table(payload: bytes) -> Any:
    return arrow().ipc.open_stream(payload).read_all().combine_chunks()


def values(column: Any) -> list[Any]:
    """A column's values; an exception in place of each that is no valid text."""
    try:
        return list(column.to_pylist())
    except UnicodeDecodeError:
        return [_value(v) for v in column]


def _value(scalar: Any) -> Any:
    try:
        return scalar.as_py()
    except UnicodeDecodeError as e:
        return e


def _set(record: Record, name: str, value: Any) -> None:
    if isinstance(value, UnicodeDecodeError):
        record.error = f"not valid UTF-8: {value.reason}"
    elif value is not None:
        setattr(record, name, value if name == "html" else str(value))


@dataclass
class _Rows:
    records: list[Record]
    layout: Layout
    table: Any

    def render(self, cleaned: list[Cleaned | None]) -> bytes:
        """See Batch."""
        library = arrow()
        keep = [i for i, c in enumerate(cleaned) if c is not None]
        table = self.table if len(keep) == len(cleaned) else self.table.take(library.array(keep, library.int64()))
        done = [c for c in cleaned if c is not None]
        bodies = [c.body for c in done]
        if self.layout.in_place:
            table = _replaced(table, self.layout.body, bodies)
        else:
            table = table.append_column(self.layout.body, library.array(bodies, library.large_string()))
        if self.layout.spans:
            table = table.append_column(
                "spans", library.array([c.spans for c in done], span_type(paths=self.layout.fields.html is not None))
            )
        return _packed(table)

    def undo(self, was: Layout, texts: list[str | None], before: list[str]) -> bytes:
        """See Batch."""
        table = _replaced(self.table, was.fields.text or "", texts) if was.in_place else self.table
        return _packed(table.drop_columns(list(was.new)) if was.new else table)

    def source(self, record: Record) -> str:
        """See Batch: a row cannot be shown when it is no valid text."""
        return ""


def _replaced(table: Any, name: str, texts: list[str | None]) -> Any:
    library = arrow()
    at = table.column_names.index(name)
    field = table.schema.field(at)
    kind = field.type.value_type if library.types.is_dictionary(field.type) else field.type
    return table.set_column(at, field.with_type(kind), library.array(texts, kind))


def _packed(table: Any) -> bytes:
    return _stream(table.combine_chunks().to_batches() or [_no_rows(table.schema)])


def _no_rows(schema: Any) -> Any:
    return arrow().RecordBatch.from_pylist([], schema=schema)


def span_type(*, paths: bool = False) -> Any:
    """The type of the column of spans. paths: some may be of pages."""
    a = arrow()
    fields = [("start", a.int64()), ("end", a.int64()), ("kind", a.string())]
    fields += [("removed", a.bool_()), ("confidence", a.float64())]
    return a.list_(a.struct([*fields, ("path", a.string())] if paths else fields))
