"""Ray Data: a class for `Dataset.map_batches`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..options import Options
from .job import Job
from .missing import arrow, needs
from .shared import Shared

try:
    import ray.data  # noqa: F401 - nothing of it is used here, but without it this module is of no use
except ImportError as e:
    raise needs("ray", "ray") from e

if TYPE_CHECKING:
    import pyarrow


class CleanBatches:
    """Cleans tables; arguments and columns are those of `cleaner.engines.clean_batch`.

    dataset.map_batches(CleanBatches, fn_constructor_kwargs={"url_field": "url"}, batch_format="pyarrow", concurrency=8)
    """

    def __init__(
        self,
        options: Options | None = None,
        *,
        text_field: str | None = "text",
        html_field: str | None = None,
        url_field: str | None = None,
        site_field: str | None = None,
    ) -> None:
        self.job = Job(text_field, html_field, url_field, site_field, Shared(options or Options()))

    def __call__(self, table: pyarrow.Table) -> pyarrow.Table:
        """A table with its columns and those that are added."""
        batches = self.job.batches(table.to_batches())
        return arrow().Table.from_batches(batches, schema=self.job.schema(table.schema))
