"""The JSON form of a segmentation, read back and checked."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from .kinds import KINDS, Kind
from .options import Options
from .origin import Origin
from .spans import FORMAT, UNIT, VERSION, Reasons, Segmentation, SpanTable


def read(data: Mapping[str, Any]) -> Segmentation:
    """What `Segmentation.to_dict` wrote, checked. Raises ValueError saying what is wrong and where."""
    if not isinstance(data, Mapping) or data.get("format") != FORMAT:
        raise ValueError(f"not a segmentation: 'format' must be {FORMAT!r}")
    if data.get("version") != VERSION:
        raise ValueError(f"segmentation version {data.get('version')!r} is not known, this is version {VERSION}")
    spans = data.get("spans")
    if not isinstance(spans, list):
        raise ValueError("segmentation: 'spans' must be a list")
    at = 0
    rows = []
    for i, span in enumerate(spans):
        rows.append(_span(span, i, at))
        at = rows[-1][0]
    table = SpanTable(
        np.array([r[0] for r in rows], dtype=np.int64),
        np.array([r[1] for r in rows], dtype=np.uint8),
        np.array([r[2] for r in rows], dtype=np.uint16).reshape(len(rows), len(KINDS)),
    )
    why: Reasons = tuple(r[3] for r in rows)
    packs = data.get("packs") or ()
    text = "".join(s["text"] for s in spans)
    options, origin = _options(data.get("options")), _origin(data, spans)
    return Segmentation(text, options, data.get("lang"), tuple(packs), table, why, data.get("site"), origin)


def _origin(data: Mapping[str, Any], spans: list[Any]) -> Origin | None:
    """What was said of a page; its tree is gone."""
    metadata = data.get("metadata")
    if metadata is None:
        return None
    if not isinstance(metadata, Mapping):
        raise ValueError("segmentation: 'metadata' must be an object")
    paths = tuple(s.get("path") for s in spans)
    notes = data.get("notes") or ()
    if not all(isinstance(p, str) for p in paths) or not all(isinstance(n, str) for n in notes):
        raise ValueError("segmentation: every span of a page must have a 'path', every note must be text")
    return Origin(data.get("url"), tuple(notes), None, paths, dict(metadata))


def _options(data: object) -> Options:
    if not isinstance(data, Mapping):
        raise ValueError("segmentation: 'options' must be an object")
    names = {k: data[k] for k in ("remove", "keep", "threshold", "lang", "extractor") if k in data}
    try:
        return Options(**names)
    except (TypeError, ValueError) as e:
        raise ValueError(f"segmentation: options: {e}") from None


def _span(span: object, i: int, at: int) -> tuple[int, int, list[int], tuple[str, ...]]:
    """(end, kind, scores, reasons) of one span that must begin at `at`."""
    try:
        assert isinstance(span, Mapping)
        start, end, text = span["start"], span["end"], span["text"]
        kind = KINDS.index(Kind(span["kind"]))
        scores = [0] * len(KINDS)
        for name, p in span["scores"].items():
            scores[KINDS.index(Kind(name))] = round(float(p) * UNIT)
        reasons = tuple(map(str, span.get("reasons", ())))
    except (AssertionError, KeyError, TypeError, ValueError, AttributeError) as e:
        raise ValueError(f"segmentation: span {i}: {type(e).__name__} {e}".rstrip()) from None
    if not isinstance(text, str) or start != at or end - start != len(text) or end < start:
        raise ValueError(f"segmentation: span {i}: spans must be in order, without gaps, as long as their text")
    if not all(0 <= p <= UNIT for p in scores):
        raise ValueError(f"segmentation: span {i}: a score lies outside 0 to 1")
    return end, kind, scores, reasons
