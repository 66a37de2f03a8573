"""Results as Arrow columns, built from the arrays that results are made of."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from ..corpus.parquet import span_type
from ..kinds import KINDS
from ..spans import UNIT, SpanTable
from .missing import arrow

if TYPE_CHECKING:
    from .job import Outcome

__all__ = ["added", "check_types", "span_type", "text_type"]


def text_type(schema: Any, name: str | None) -> Any:
    """The type of new columns of text: that of the column of texts, large where that is no plain string."""
    a = arrow()
    kind = schema.field(name).type if name is not None else None
    return kind if kind in (a.string(), a.large_string()) else a.large_string()


def check_types(schema: Any, text: str | None, html: str | None) -> None:
    """Raises ValueError when a column to be cleaned is no text. HTML may be bytes."""
    for name in (text, html):
        if name is not None and not _is_text(schema.field(name).type, name == html):
            raise ValueError(f"column {name!r} is no string but {schema.field(name).type}")


def _is_text(kind: Any, binary: bool) -> bool:
    types = arrow().types
    kind = kind.value_type if types.is_dictionary(kind) else kind
    names = ("string", "large_string", "string_view", *(("binary", "large_binary") if binary else ()))
    return any(f(kind) for f in (getattr(types, f"is_{n}", None) for n in names) if f is not None)


def added(outcomes: Sequence[Outcome], schema: Any, *, pages: bool) -> list[Any]:
    """The columns that are added, in the order of the schema. pages: the text of pages among them."""
    a = arrow()
    results = [o.result for o in outcomes]
    removed = [None if r is None else int(np.diff(r.table.ends, prepend=0)[r.gone].sum()) for r in results]
    arrays = [
        a.array([None if r is None else r.body for r in results], schema.field("body").type),
        _spans(outcomes),
        a.array(removed, a.int64()),
        a.array([o.error for o in outcomes], a.string()),
    ]
    if pages:
        texts = [o.result.text if o.page and o.result else None for o in outcomes]
        arrays.append(a.array(texts, schema.field("page_text").type))
    return arrays


_NOTHING = SpanTable(np.zeros(0, np.int64), np.zeros(0, np.uint8), np.zeros((0, len(KINDS)), np.uint16))


def _spans(outcomes: Sequence[Outcome]) -> Any:
    a = arrow()
    tables = [o.result.table if o.result else _NOTHING for o in outcomes]
    offsets = np.cumsum([0, *(len(t.ends) for t in tables)], dtype=np.int32)
    tables.append(_NOTHING)  # so that there is something to join
    kinds = np.concatenate([t.kinds for t in tables])
    scores = np.concatenate([t.scores[np.arange(len(t.kinds)), t.kinds] for t in tables])
    gone = np.concatenate([np.zeros(0, np.bool_), *(o.result.gone for o in outcomes if o.result)])
    names = a.DictionaryArray.from_arrays(a.array(kinds.astype(np.int8)), [str(k) for k in KINDS])
    columns = (
        a.array(np.concatenate([t.starts for t in tables])),
        a.array(np.concatenate([t.ends for t in tables])),
        names.dictionary_decode(),
        a.array(gone),
        a.array(scores / UNIT),
    )
    kind = span_type()
    spans = a.StructArray.from_arrays(columns, fields=list(kind.value_type))
    empty = a.array([o.result is None for o in outcomes], a.bool_())
    return a.ListArray.from_arrays(a.array(offsets), spans, type=kind, mask=empty)
