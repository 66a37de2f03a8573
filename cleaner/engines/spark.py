"""Spark: cleaning by `DataFrame.mapInArrow`, and learning what sites repeat as a grouped aggregation."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..options import Options
from . import counting
from .job import ADDED, PAGE_TEXT, Job
from .missing import needs
from .shared import Shared

try:
    from pyspark.sql import functions as F  # noqa: N812 - as everybody calls it
    from pyspark.sql import types as t
except ImportError as e:
    raise needs("pyspark", "spark") from e

if TYPE_CHECKING:
    from pyspark.sql import DataFrame

    from ..profile.learn import Learned

_SPAN = t.StructType(
    [
        t.StructField("start", t.LongType()),
        t.StructField("end", t.LongType()),
        t.StructField("kind", t.StringType()),
        t.StructField("removed", t.BooleanType()),
        t.StructField("confidence", t.DoubleType()),
    ]
)
_TYPES = (t.StringType(), t.ArrayType(_SPAN), t.LongType(), t.StringType())


def clean(
    frame: DataFrame,
    *,
    options: Options | None = None,
    text_field: str | None = "text",
    html_field: str | None = None,
    url_field: str | None = None,
    site_field: str | None = None,
) -> DataFrame:
    """The frame with its columns and those that are added; arguments and columns are those of
    `cleaner.engines.clean_batch`. Raises ValueError for columns that are missing, of another type, or there already."""
    job = Job(text_field, html_field, url_field, site_field, Shared(options or Options()))
    return frame.mapInArrow(job.batches, _schema(frame.schema, job))


def _schema(schema: Any, job: Job) -> Any:
    """The schema of the cleaned frame. Raises ValueError."""
    from pyspark.sql.pandas.types import to_arrow_schema

    job.schema(to_arrow_schema(schema))  # checks
    added = [t.StructField(n, kind) for n, kind in zip(ADDED, _TYPES, strict=True)]
    added += [t.StructField(PAGE_TEXT, t.StringType())] if job.html is not None else []
    return t.StructType([*schema.fields, *added])


def learn(
    frame: DataFrame,
    path: str,
    *,
    text_field: str | None = "text",
    html_field: str | None = None,
    url_field: str | None = None,
    site_field: str | None = None,
) -> Learned:
    """Learn what sites repeat and write the profile on the driver, in place of one that is there.

    The profile has the digest of that which `cleaner learn` makes of the same pages; where copies of a page differ, the
    texts that it shows may be others. Rows without a text or a site are left out. The frame is read twice.

    Raises ValueError for columns that are missing, and StoreError when the file cannot be written.
    """
    from ..profile.learn import Learned
    from ..profile.store import created

    pages = counting.Pages(text_field, html_field, url_field, site_field)
    pages.check(frame.columns)
    wanted = [n for n in dict.fromkeys((text_field, html_field, url_field, site_field)) if n is not None]
    frame = frame.select(*(F.col(f"`{n}`") for n in wanted))
    with created(path) as file:
        counts = _counts(frame.mapInArrow(pages.rows, counting.ROWS)).persist()
        try:
            totals = counts.where(F.col("words") == counting.PAGE).select("site", "pages")
            ids, seen = counting.write_sites(file, totals.toLocalIterator())
            kept = _kept(counts, totals)
            shown = counting.write_units(file, kept.toLocalIterator(), ids)
        finally:
            counts.unpersist()
        texts = frame.mapInArrow(counting.Texts(pages, Shared(shown)).rows, counting.TEXTS)
        texts = texts.groupBy("site", "key").agg(F.min("text").alias("text"))
        counting.write_texts(file, texts.toLocalIterator(), ids)
        return Learned(len(ids), seen, len(shown.keys))


def _counts(rows: DataFrame) -> DataFrame:
    """(site, key, words, pages, alone, page): the pages on which a key stands, each once; the last of them."""
    once = rows.groupBy("site", "key", "words", "page").agg(F.max("alone").alias("alone"))
    counted = once.groupBy("site", "key", "words").agg(
        F.count("*").alias("pages"), F.sum("alone").alias("alone"), F.max(F.col("page") + F.col("alone")).alias("page")
    )
    return counted.where((F.col("words") == counting.PAGE) | (F.col("pages") >= counting.LEAST))


def _kept(counts: DataFrame, totals: DataFrame) -> DataFrame:
    least = totals.mapInArrow(counting.least, "site string, least long")
    units = counts.where(F.col("words") != counting.PAGE)
    return units.join(least, "site").where(F.col("pages") >= F.col("least")).drop("least")
