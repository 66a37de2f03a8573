"""The cascade: texts, blocks, evidence, scores, kinds, spans."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import repeat
from typing import NamedTuple, TypeVar

import numpy as np
from numpy.typing import NDArray

from . import explain
from .batches import batches
from .blocks import Ints, Seam
from .decode import FIRST_BOILERPLATE, RELATED, TELLING, after_label, probabilities, steady
from .features import WINDOW, Evidence, Units, gather
from .matcher import matcher
from .model import POINTS, Model, load
from .options import Options
from .sites import site_of
from .spans import UNIT, Segmentation, SpanTable

_T = TypeVar("_T")

_NEVER_POINTS = 12 * POINTS
"""What a cue that protects a text adds to body."""


def segment(
    text: str, *, url: str | None = None, site: str | None = None, options: Options | None = None
) -> Segmentation:
    """The text's partition into labelled spans. site: where the text is from, or url, which tells the site; of use with
    a profile. Raises TypeError when the text is no str."""
    return next(segment_many((text,), sites=(site or site_of(url),), options=options))


def clean(text: str, *, url: str | None = None, site: str | None = None, options: Options | None = None) -> str:
    """The text's body: what is left when the spans that `options` removes are gone."""
    return segment(text, url=url, site=site, options=options).body


def segment_many(
    texts: Iterable[str], *, sites: Iterable[str | None] | None = None, options: Options | None = None
) -> Iterator[Segmentation]:
    """Each text's segmentation, in order, streamed: texts are read a batch of about half a million characters at a
    time. A text's result does not depend on the others.

    sites: the site that each text is from (`site_of` tells it from a URL), None where nobody knows; as many as texts,
    or ValueError.
    """
    return segment_with(load(), texts, options or Options(), sites)


def segment_with(
    model: Model, texts: Iterable[str], options: Options, sites: Iterable[str | None] | None = None
) -> Iterator[Segmentation]:
    """As `segment_many`, with a model of one's own: for training, which measures models it has not shipped."""
    for batch in batches(_sited(texts, sites), lambda one: len(one.text), limit=WINDOW):
        yield from _segment_batch(batch, options, model)


class Sited(NamedTuple):
    """A text and where it is from, None where nobody knows."""

    text: str
    site: str | None


def with_sites(items: Iterable[_T], sites: Iterable[str | None] | None) -> Iterator[tuple[_T, str | None]]:
    """Things, each with its site. Raises ValueError when there are not as many of both, TypeError for a lone site."""
    if isinstance(sites, str):
        raise TypeError("sites are many, one for each; a single one is what site= is for")
    return zip(items, repeat(None), strict=False) if sites is None else zip(items, sites, strict=True)


def _sited(texts: Iterable[str], sites: Iterable[str | None] | None) -> Iterator[Sited]:
    if isinstance(texts, str):
        raise TypeError("segment_many takes many texts; for one, use segment")
    for text, site in with_sites(texts, sites):
        if not isinstance(text, str):
            raise TypeError(f"a text must be a str, not {type(text).__name__}")
        yield Sited(text, site)


def _segment_batch(batch: list[Sited], options: Options, model: Model) -> Iterator[Segmentation]:
    evidence = gather([t.text for t in batch], matcher(options.cues), lang=options.lang)
    p = with_profile(judge(evidence, model), evidence, batch, options, model)
    return segmentations(batch, options, evidence, p)


def segmentations(
    batch: Sequence[Sited], options: Options, evidence: Evidence, p: NDArray[np.uint16]
) -> Iterator[Segmentation]:
    """Each text's segmentation. p: the probabilities of all their units, as `judge` gives them."""
    units = evidence.units
    bounds = np.searchsorted(units.doc, np.arange(len(batch) + 1))
    for i, one in enumerate(batch):
        mine = slice(bounds[i], bounds[i + 1])
        table = _spans(units.start[mine], units.line[mine], (units.ink_end - units.ink)[mine], p[mine], len(one.text))
        yield _result(one, options, evidence, i, table)


def with_profile(
    p: NDArray[np.uint16], evidence: Evidence, batch: Sequence[Sited], options: Options, model: Model
) -> NDArray[np.uint16]:
    """The probabilities once it is known what recurs on the texts' sites, if the options have a profile of them."""
    if options.profile is None:
        return p
    from .profile.recur import recurrence, updated

    found = recurrence(evidence.units, options.profile, [one.site for one in batch])
    return updated(p, found.points, model.calibration.exp)


def judge(evidence: Evidence, model: Model) -> NDArray[np.uint16]:
    """The probability of each kind for each unit, in 1/10,000."""
    units = evidence.units
    scores = steady(model.scores(evidence.values, units.doc, units.line), goes_on(units))
    scores, cues = after_label(scores, evidence.cues, behind_label(evidence))
    scores += units.user * POINTS // 10  # a caller's cues are in tenths of a nat
    scores[units.never, 0] += _NEVER_POINTS
    return probabilities(scores, cues, model.calibration)


_HEADLINE_WORDS = 20


def behind_label(evidence: Evidence) -> NDArray[np.bool_]:
    """Whether each unit is a short one without a sentence end, behind a cue for other articles and a colon in its line;
    see `after_label`."""
    units = evidence.units

    def column(name: str) -> NDArray[np.bool_]:
        return evidence.values[:, evidence.names.index(name)] > 0

    label = column("end_colon") & (evidence.cues[:, RELATED] >= TELLING)
    short = (units.seam == Seam.SOFT) & (units.words <= _HEADLINE_WORDS) & ~column("stop")
    return short & np.concatenate([[False], label[:-1]])[: len(units)]


def goes_on(units: Units) -> NDArray[np.bool_]:
    """Whether each unit follows the one before with nothing but an ordinary sentence end between them."""
    same = np.concatenate([[False], units.line[1:] == units.line[:-1]])[: len(units)]
    return same & (units.seam == Seam.SENTENCE)


def _result(one: Sited, options: Options, evidence: Evidence, i: int, table: SpanTable) -> Segmentation:
    lang, packs = evidence.documents[i] if evidence.documents else (None, ())
    return Segmentation(one.text, options, lang, packs, table, explain.reasons, site=one.site)


def _spans(start: Ints, line: Ints, size: Ints, p: NDArray[np.uint16], length: int) -> SpanTable:
    """Units of one line and kind together as a span; a text without any ink is one span of body."""
    if not len(start):
        return _blank(length, p.shape[1])
    kinds = _own_kind(p)
    first = np.flatnonzero(np.concatenate([[True], (line[1:] != line[:-1]) | (kinds[1:] != kinds[:-1])]))
    ends = np.append(start[first[1:]], length)
    total = np.add.reduceat(size, first)
    mean = np.add.reduceat(p * size[:, None], first, axis=0) // total[:, None]
    own = kinds[first]
    mean[np.arange(len(first)), own] += UNIT - mean.sum(axis=1)
    return SpanTable(ends.astype(np.int64), own.astype(np.uint8), mean.astype(np.uint16))


def _own_kind(p: NDArray[np.uint16]) -> NDArray[np.intp]:
    """The likeliest kind on the likelier side, boilerplate or not: many boilerplate kinds may share what one has."""
    boilerplate = p[:, FIRST_BOILERPLATE:].sum(axis=1, dtype=np.int64) * 2 > UNIT
    kept = p[:, :FIRST_BOILERPLATE].argmax(axis=1)
    gone = p[:, FIRST_BOILERPLATE:].argmax(axis=1) + FIRST_BOILERPLATE
    return np.where(boilerplate, gone, kept)


def _blank(size: int, kinds: int) -> SpanTable:
    scores = np.zeros((1 if size else 0, kinds), dtype=np.uint16)
    scores[:, 0] = UNIT
    return SpanTable(np.full(len(scores), size, np.int64), np.zeros(len(scores), np.uint8), scores)
