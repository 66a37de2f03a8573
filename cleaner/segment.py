"""The cascade: texts, blocks, evidence, scores, kinds, spans."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import numpy as np
from numpy.typing import NDArray

from . import explain
from .decode import decode
from .features import WINDOW, Evidence, Units, gather
from .kinds import BOILERPLATE, KINDS
from .matcher import matcher
from .options import Options
from .scores import score, seam_costs
from .spans import UNIT, Segmentation, SpanTable

_FIRST_BOILERPLATE = KINDS.index(BOILERPLATE[0])
"""Kinds are stored body first, then furniture, then boilerplate."""


def segment(text: str, *, options: Options | None = None) -> Segmentation:
    """The text's partition into labelled spans. Raises TypeError when the text is no str."""
    return next(segment_many((text,), options=options))


def clean(text: str, *, options: Options | None = None) -> str:
    """The text's body: what is left when the spans that `options` removes are gone."""
    return segment(text, options=options).body


def segment_many(texts: Iterable[str], *, options: Options | None = None) -> Iterator[Segmentation]:
    """Each text's segmentation, in order, streamed: texts are read a batch of about half a million characters at a
    time. A text's result does not depend on the others."""
    options = options or Options()
    for batch in _batches(texts):
        yield from _segment_batch(batch, options)


def _batches(texts: Iterable[str]) -> Iterator[list[str]]:
    if isinstance(texts, str):
        raise TypeError("segment_many takes many texts; for one, use segment")
    batch: list[str] = []
    size = 0
    for text in texts:
        if not isinstance(text, str):
            raise TypeError(f"a text must be a str, not {type(text).__name__}")
        if batch and size + len(text) > WINDOW:
            yield batch
            batch, size = [], 0
        batch.append(text)
        size += len(text) + 1
    if batch:
        yield batch


def _segment_batch(texts: list[str], options: Options) -> Iterator[Segmentation]:
    evidence = gather(texts, matcher(options.cues), lang=options.lang)
    units = evidence.units
    probabilities = judge(units)
    bounds = np.searchsorted(units.doc, np.arange(len(texts) + 1))
    for i, text in enumerate(texts):
        mine = slice(bounds[i], bounds[i + 1])
        yield _result(text, options, evidence, i, _spans(units, probabilities, mine, len(text)))


def judge(units: Units) -> NDArray[np.uint16]:
    """The probability of each kind for each unit, in 1/10,000."""
    scores = score(units)
    same_line = np.concatenate([[False], units.line[1:] == units.line[:-1]])[: len(units)]
    cost = np.where(same_line, seam_costs()[units.seam], 0).astype(np.int32)
    return decode(scores.points, scores.active, units.doc, cost)


def _result(text: str, options: Options, evidence: Evidence, i: int, table: SpanTable) -> Segmentation:
    lang, packs = evidence.documents[i] if evidence.documents else (None, ())
    return Segmentation(text, options, lang, packs, table, explain.reasons)


def _spans(units: Units, probabilities: NDArray[np.uint16], mine: slice, size: int) -> SpanTable:
    """Units of one line and kind together as a span; a text without any ink is one span of body."""
    start, line, p = units.start[mine], units.line[mine], probabilities[mine]
    if not len(start):
        return _blank(size, p.shape[1])
    kinds = _own_kind(p)
    first = np.flatnonzero(np.concatenate([[True], (line[1:] != line[:-1]) | (kinds[1:] != kinds[:-1])]))
    ends = np.append(start[first[1:]], size)
    weight = (units.ink_end - units.ink)[mine].astype(np.int64)
    total = np.add.reduceat(weight, first)
    mean = np.add.reduceat(p * weight[:, None], first, axis=0) // total[:, None]
    own = kinds[first]
    mean[np.arange(len(first)), own] += UNIT - mean.sum(axis=1)
    return SpanTable(ends.astype(np.int64), own.astype(np.uint8), mean.astype(np.uint16))


def _own_kind(p: NDArray[np.uint16]) -> NDArray[np.intp]:
    """The likeliest kind on the likelier side, boilerplate or not: many boilerplate kinds may share what one has."""
    boilerplate = p[:, _FIRST_BOILERPLATE:].sum(axis=1, dtype=np.int64) * 2 > UNIT
    kept = p[:, :_FIRST_BOILERPLATE].argmax(axis=1)
    gone = p[:, _FIRST_BOILERPLATE:].argmax(axis=1) + _FIRST_BOILERPLATE
    return np.where(boilerplate, gone, kept)


def _blank(size: int, kinds: int) -> SpanTable:
    scores = np.zeros((1 if size else 0, kinds), dtype=np.uint16)
    scores[:, 0] = UNIT
    return SpanTable(np.full(len(scores), size, np.int64), np.zeros(len(scores), np.uint8), scores)
