"""datatrove: a step of a pipeline."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Iterator
from typing import Any

from ..corpus.part import span_values
from ..features import WINDOW
from ..options import Options
from ..segment import segment_many
from ..sites import site_of
from ..spans import Segmentation
from .missing import needs
from .shared import Shared

try:
    from datatrove.pipeline.base import PipelineStep
    from datatrove.utils.typeshelper import StatHints
except ImportError as e:
    raise needs("datatrove", "datatrove") from e

_DOCUMENTS = 1000
"""Documents that are cleaned together at most."""


class CleanText(PipelineStep):
    """Each document's text becomes its body; the spans of the text as it came go into metadata["spans"], as dicts.

    drop_empty: documents of which no body is left go no further; exclusion_writer, a datatrove writer, gets them with
    their text as it came. url_key: where in the metadata the URL is, of use with a profile. keep_text: the metadata's
    key under which the text as it came is kept; None: nowhere.

    Raises ValueError for an exclusion_writer that would get nothing.
    """

    type = "🧹 - CLEANER"
    name = "boilerplate spans"

    def __init__(
        self,
        options: Options | None = None,
        *,
        drop_empty: bool = False,
        exclusion_writer: Any = None,
        url_key: str = "url",
        keep_text: str | None = None,
    ) -> None:
        super().__init__()
        if exclusion_writer is not None and not drop_empty:
            raise ValueError("an exclusion_writer is for drop_empty=True")
        self.shared = Shared(options or Options())
        self.drop_empty = drop_empty
        self.exclusion_writer = exclusion_writer
        self.url_key = url_key
        self.keep_text = keep_text

    def run(self, data: Iterable[Any], rank: int = 0, world_size: int = 1) -> Iterator[Any]:
        """The documents, cleaned, in order."""
        with self.exclusion_writer or contextlib.nullcontext() as writer:
            for batch in _batches(data):
                with self.track_time("batch"):
                    results = self._segmented(batch)
                for document, result in zip(batch, results, strict=True):
                    self._count(result)
                    document.metadata["spans"] = [span_values(s) for s in result.spans]
                    if self.drop_empty and not result.body.strip():
                        self.stat_update(StatHints.dropped)
                        if writer is not None:
                            writer.write(document, rank)
                        continue
                    if self.keep_text is not None:
                        document.metadata[self.keep_text] = result.text
                    document.text = result.body
                    self.stat_update(StatHints.forwarded)
                    self.update_doc_stats(document)
                    yield document

    def _segmented(self, batch: list[Any]) -> list[Segmentation]:
        sites = [site_of(d.metadata.get(self.url_key)) for d in batch]
        return list(segment_many((d.text for d in batch), sites=sites, options=self.shared.value))

    def _count(self, result: Segmentation) -> None:
        self.stat_update(StatHints.total)
        self.stat_update("changed", value=int(result.gone.any()))
        self.stat_update("removed_chars", value=sum(s.end - s.start for s in result.removed))
        for span in result.removed:
            self.stat_update(f"removed_chars_{span.kind}", value=span.end - span.start, unit="span")


def _batches(data: Iterable[Any]) -> Iterator[list[Any]]:
    batch: list[Any] = []
    size = 0
    for document in data:
        batch.append(document)
        size += len(document.text)
        if size >= WINDOW or len(batch) >= _DOCUMENTS:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch
