"""How much of what was labelled a tool removes: counts for each document, figures for many.

All shares are of characters that are no white space:
    core_recall       of donation, premium, newsletter and comment text, the share removed
    prompt_recall     of all boilerplate but teasers (related) and reader comments
    recall            of all boilerplate
    body_loss         of the body: the one that must be tiny
    furniture_loss    of headlines, bylines, captions, bios and notes
    precision         boilerplate among all that was removed and has a label
and these are not:
    perfect           the share of documents with all boilerplate gone and no body lost
    core_kind_f1      F1 of the four core kinds over pieces, averaged; a piece counts as of the kind that most of it
                      was removed as, if most of it was removed
"""

from __future__ import annotations

import random
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from math import nan

import numpy as np
from numpy.typing import NDArray

from cleaner.kinds import BOILERPLATE, CORE, FURNITURE, KINDS, Kind
from data import Document, Piece

FIGURES = (
    "core_recall",
    "prompt_recall",
    "recall",
    "body_loss",
    "furniture_loss",
    "precision",
    "perfect",
    "core_kind_f1",
)
PROMPTS = tuple(k for k in BOILERPLATE if k not in (Kind.RELATED, Kind.READER_COMMENT))

INK, GONE, LINES, LINES_GONE, RIGHT, MISSED, WRONG, DOCUMENTS, PERFECT = range(9)
"""Rows of counts. Of each kind: its characters, those removed, its pieces, those removed; pieces of the kind that were
removed as this kind, those that were not, and others that were. The last two count documents, in column 0."""

Counts = NDArray[np.int64]
"""[9, kinds]"""

_INDEX = {kind: i for i, kind in enumerate(KINDS)}


@dataclass(frozen=True, slots=True)
class Removal:
    """A range that a tool removed, half-open; kind None from a tool that does not tell."""

    start: int
    end: int
    kind: Kind | None = None


def count(document: Document, removals: Sequence[Removal]) -> Counts:
    """The counts of one document. removals: in order, none overlapping another."""
    counts = np.zeros((9, len(KINDS)), np.int64)
    seen = np.fromiter((not c.isspace() for c in document.text), np.int64, len(document.text)).cumsum()
    ink_before = np.concatenate([np.zeros(1, np.int64), seen])
    ends = [r.end for r in removals]
    for start, end, kind in document.pieces:
        ink = int(ink_before[end] - ink_before[start])
        if ink:
            parts = list(_overlaps((start, end, kind), removals, bisect_right(ends, start)))
            gone = sum(int(ink_before[r.end] - ink_before[r.start]) for r in parts)
            _add(counts, kind, (ink, gone), _main_kind(parts) if gone * 2 > ink else None)
    boilerplate = [_INDEX[k] for k in BOILERPLATE]
    left = counts[INK, boilerplate].sum() - counts[GONE, boilerplate].sum()
    counts[DOCUMENTS, 0] = 1
    counts[PERFECT, 0] = left == 0 and counts[GONE, _INDEX[Kind.BODY]] == 0
    return counts


def _overlaps(piece: Piece, removals: Sequence[Removal], first: int) -> Iterator[Removal]:
    start, end, _ = piece
    for i in range(first, len(removals)):
        r = removals[i]
        if r.start >= end:
            return
        yield Removal(max(r.start, start), min(r.end, end), r.kind)


def _main_kind(parts: list[Removal]) -> Kind | None:
    """The kind that most characters were removed as; the earlier one of two alike."""
    sizes: Counter[Kind | None] = Counter()
    for r in parts:
        sizes[r.kind] += r.end - r.start
    return sizes.most_common(1)[0][0]


def _add(counts: Counts, kind: Kind, ink_and_gone: tuple[int, int], said: Kind | None) -> None:
    ink, gone = ink_and_gone
    i = _INDEX[kind]
    counts[[INK, GONE, LINES, LINES_GONE], i] += (ink, gone, 1, gone * 2 > ink)
    counts[RIGHT if said == kind else MISSED, i] += 1
    if said not in (None, kind):
        counts[WRONG, _INDEX[said]] += 1


def figures(counts: Counts) -> dict[str, float]:
    """The figures of counts that were added up; NaN where nothing is labelled so."""
    ink, gone = counts[INK], counts[GONE]

    def share(kinds: Iterable[Kind]) -> float:
        columns = [_INDEX[k] for k in kinds]
        return _ratio(gone[columns].sum(), ink[columns].sum())

    scores = [f for f in (_f1(counts, k) for k in CORE) if f is not None]
    return {
        "core_recall": share(CORE),
        "prompt_recall": share(PROMPTS),
        "recall": share(BOILERPLATE),
        "body_loss": share((Kind.BODY,)),
        "furniture_loss": share(FURNITURE),
        "precision": _ratio(gone[[_INDEX[k] for k in BOILERPLATE]].sum(), gone.sum()),
        "perfect": _ratio(counts[PERFECT, 0], counts[DOCUMENTS, 0]),
        "core_kind_f1": sum(scores) / len(scores) if scores else nan,
    }


def _ratio(part: np.int64, whole: np.int64) -> float:
    return int(part) / int(whole) if whole else nan


def _f1(counts: Counts, kind: Kind) -> float | None:
    """None for a kind that neither is there nor was seen."""
    right, missed, wrong = counts[[RIGHT, MISSED, WRONG], _INDEX[kind]].tolist()
    found: int = right + missed + wrong
    return 2 * right / (right + found) if found else None


def by_kind(counts: Counts) -> dict[Kind, dict[str, float]]:
    """For each kind its pieces, characters, and the share of these removed."""
    return {
        kind: {
            "lines": int(counts[LINES, i]),
            "characters": int(counts[INK, i]),
            "removed": _ratio(counts[GONE, i], counts[INK, i]),
        }
        for kind, i in _INDEX.items()
    }


def intervals(
    counts: Sequence[Counts], sites: Sequence[str], *, rounds: int = 200, seed: int = 0
) -> dict[str, tuple[float, float]]:
    """The 95 % bootstrap interval of each figure. Whole sites are drawn: documents of one are not independent."""
    numbers: dict[str, int] = {}
    groups = np.array([numbers.setdefault(site, len(numbers)) for site in sites])
    totals = np.zeros((len(numbers), *counts[0].shape), np.int64)
    np.add.at(totals, groups, np.stack(counts))
    rng = random.Random(seed)
    every = range(len(totals))
    drawn = [figures(totals[[rng.choice(every) for _ in every]].sum(axis=0)) for _ in range(rounds)]
    low, high = int(rounds * 0.025), int(rounds * 0.975)
    values = {name: sorted(f[name] for f in drawn) for name in FIGURES}
    return {name: (v[low], v[high]) for name, v in values.items()}
