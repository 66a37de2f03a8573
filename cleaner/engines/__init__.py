"""Clusters: an Arrow function, and thin adapters that bring it to datatrove, Spark and Ray. See docs/engines.md.

Each adapter is a module to be imported by itself; this one needs pyarrow, and only when it is called.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from ..options import Options
from .job import Job
from .missing import arrow
from .shared import Shared

if TYPE_CHECKING:
    import pyarrow

    Rows = TypeVar("Rows", pyarrow.RecordBatch, pyarrow.Table)

__all__ = ["clean_batch", "clean_schema"]


def clean_batch(
    batch: Rows,
    *,
    options: Options | None = None,
    text_field: str | None = "text",
    html_field: str | None = None,
    url_field: str | None = None,
    site_field: str | None = None,
) -> Rows:
    """A record batch or a table with all its columns, and after them:

    body            type of the column of texts    the kept text
    spans           list<struct<start: int64, end: int64, kind: string, removed: bool, confidence: double>>
                                                   the whole text in order, without gaps; offsets in code points
    removed_chars   int64                          code points in spans that are taken out
    error           string                         why a row could not be cleaned; null when it could
    page_text       as body                        only with html_field: the text that the spans of a page count in

    A row is independent of the others: results are those of `cleaner.segment_many`. Where a row has no text, or an
    error, the others are null. text_field, html_field: columns with what is to be cleaned, a row's HTML where it has no
    text. url_field, site_field: columns that say where a row is from, of use with a profile; the site wins.

    Raises ValueError for columns that are missing, of another type, or would be there twice; ImportError without
    pyarrow.
    """
    job = Job(text_field, html_field, url_field, site_field, Shared(options or Options()))
    return job.batch(batch) if isinstance(batch, arrow().RecordBatch) else job.table(batch)


def clean_schema(
    schema: pyarrow.Schema, *, text_field: str | None = "text", html_field: str | None = None
) -> pyarrow.Schema:
    """The schema that batches of this schema come back with. Raises as `clean_batch`."""
    return Job(text_field, html_field).schema(schema)
