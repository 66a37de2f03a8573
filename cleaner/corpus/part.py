"""One part of a file, from its chunk to what is kept of it on disk: the work of a worker."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple

from ..jsonl import dumps
from ..options import Options
from ..segment import segment_many
from ..sites import site_of
from ..spans import Segmentation, Span
from .compress import ending, packed
from .formats import format_of
from .records import Batch, Chunk, Cleaned, CorpusError, Layout, Record
from .stats import Counting

OUTPUT, REMOVED, REJECTS, STATS = "output", "removed", "rejects", "stats.json"


@dataclass(frozen=True, slots=True)
class Setup:
    """What is the same for all parts of a run. removed: whether to keep what goes."""

    options: Options
    layout: Layout
    removed: bool = False


class Task(NamedTuple):
    """A part to be done. path, name: of the input, and what it is called in the output. folder: where the part goes."""

    path: str
    name: str
    chunk: Chunk
    folder: str


class Done(NamedTuple):
    """A part that is done, for the progress bar. at: bytes of the input up to its end."""

    documents: int
    characters: int
    removed: int
    at: int


def do_part(task: Task, setup: Setup) -> Done:
    """Clean a part and write its folder, which is there as a whole or not at all. Raises CorpusError."""
    batch = format_of(task.path).parse(task.chunk, setup.layout)
    counting = Counting(task.name)
    cleaned: list[Cleaned | None] = []
    sidecar: list[str] = []
    for record, result in _segmented(batch, setup):
        cleaned.append(_cleaned(record, result, setup))
        if result is not None:
            counting.add(record, record.site or site_of(record.url), result)
            if setup.removed and result.gone.any():
                sidecar.append(dumps(_removed(record, result)) + "\n")
    stats = counting.done()
    rejects = [_reject(task, batch, r) for r in batch.records if r.error]
    stats.rejected = len(rejects)
    stats.empty = sum(c is not None and c.body is None for c in cleaned)
    files = {
        OUTPUT: format_of(task.path).pack(batch.render(cleaned), task.path),
        REMOVED: packed("".join(sidecar).encode(), sidecar_ending(task.path)) if setup.removed else b"",
        REJECTS: "".join(rejects).encode(),
        STATS: json.dumps(stats.to_dict()).encode(),
    }
    _write(task.folder, files)
    return Done(stats.documents, stats.characters, stats.removed, task.chunk.done)


def sidecar_ending(path: str) -> str:
    """How the file of what was removed is packed."""
    return ending(path) or ("" if path.lower().endswith((".jsonl", ".ndjson", ".csv", ".tsv")) else ".gz")


def _segmented(batch: Batch, setup: Setup) -> Iterator[tuple[Record, Segmentation | None]]:
    """Each record with its segmentation; None for those without a text."""
    texts = [r for r in batch.records if r.text is not None and not r.error]
    sites = (r.site or site_of(r.url) for r in texts)
    results = segment_many((r.text or "" for r in texts), sites=sites, options=setup.options)
    for record in batch.records:
        if record.error or (record.text is None and record.html is None):
            yield record, None
        elif record.text is not None:
            yield record, next(results)
        else:
            yield record, _page(record, setup)


def _page(record: Record, setup: Setup) -> Segmentation | None:
    from ..page.api import PageError, segment_html

    try:
        return segment_html(
            record.html or "", url=record.url, site=record.site, options=setup.options, encoding=record.encoding
        )
    except PageError as e:
        record.error = str(e)
        return None


def _cleaned(record: Record, result: Segmentation | None, setup: Setup) -> Cleaned | None:
    if record.error:
        return None
    if result is None:
        return Cleaned(None, None)
    spans = [span_values(s) for s in result.spans] if setup.layout.spans else None
    return Cleaned(result.body, spans)


def span_values(span: Span) -> dict[str, Any]:
    """A span as it is written; of a page with its path."""
    about = {
        "start": span.start,
        "end": span.end,
        "kind": str(span.kind),
        "removed": span.removed,
        "confidence": span.confidence,
    }
    return about if span.path is None else {**about, "path": span.path}


def _removed(record: Record, result: Segmentation) -> dict[str, Any]:
    """What went, to be read, and what stood where in the body, to be put back."""
    return {
        "number": record.number,
        "id": record.id,
        "url": record.url,
        "removed": [_removed_span(s) for s in result.removed],
        "cuts": [[start, end, result.text[a:b]] for a, b, start, end in result.cuts],
    }


def _removed_span(span: Span) -> dict[str, Any]:
    return {k: v for k, v in span_values(span).items() if k != "removed"} | {"text": span.text}


def _reject(task: Task, batch: Batch, record: Record) -> str:
    place = f"{format_of(task.path).unit} {record.number}"
    return reject(task.name, place, record.error or "", number=record.number, record=batch.source(record))


def reject(file: str, place: str, reason: str, **more: Any) -> str:
    """A line of rejects.jsonl."""
    return dumps({"file": file, "place": place, "reason": reason, **more}) + "\n"


def _write(folder: str, files: dict[str, bytes]) -> None:
    part = f"{folder}.{os.getpid()}.part"
    try:
        shutil.rmtree(part, ignore_errors=True)
        os.mkdir(part)
        for name, data in files.items():
            with open(os.path.join(part, name), "wb") as out:
                out.write(data)
                out.flush()
                os.fsync(out.fileno())
        os.rename(part, folder)
    except OSError as e:
        raise CorpusError(f"{folder}: {e.strerror or e}") from None
