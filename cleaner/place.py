"""Where a unit stands in its document, and what the document is like: columns as in shape.py."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from .blocks import Bools, Ints
from .shape import Columns, flag, log16, share

if TYPE_CHECKING:
    from .features import Document, Units

_PROSE_WORDS = 62
"""14 words on the logarithmic scale: a unit with as many that ends like a sentence and holds no cue is prose."""
_TELLING = 50
_FAR = 1000


def place_columns(units: Units, columns: Columns, documents: Sequence[Document]) -> Columns:
    """The columns of place. columns: those of shape and cues, for all units of the batch."""
    n, ink, ink_end = len(units), units.ink, units.ink_end
    firsts = np.searchsorted(units.doc, np.arange(len(documents)))
    sizes = np.diff(np.append(firsts, n))
    begin, end = np.repeat(firsts, sizes), np.repeat(firsts + sizes, sizes)
    index = np.arange(n)
    prose = (columns["words"] >= _PROSE_WORDS) & (columns["stop"] > 0) & (columns["cue_boilerplate"] < _TELLING)
    length = ink_end[np.maximum(end - 1, 0)] if n else ink
    placed = {
        "index": log16(index - begin),
        "left": log16(end - 1 - index),
        "progress": share(ink, length),
        "before": log16(ink // 4),
        "after": log16((length - ink_end) // 4),
    }
    placed |= _among_prose(prose, ink_end - ink, firsts, sizes)
    placed |= _gap_columns(units, begin) | _document_columns(units, columns, prose, firsts, documents)
    return placed


def _among_prose(prose: Bools, size: Ints, firsts: Ints, sizes: Ints) -> Columns:
    """How much prose stands before and after, and how far it is."""
    weight = np.where(prose, size, 0)
    sums = np.concatenate([[0], np.cumsum(weight)])
    base, total = np.repeat(sums[firsts], sizes), np.repeat(sums[firsts + sizes], sizes)
    before, after = sums[:-1] - base, total - sums[1:]
    some = total > base
    index = np.arange(len(prose))
    begin, end = np.repeat(firsts, sizes), np.repeat(firsts + sizes, sizes)
    at = np.flatnonzero(prose)
    padded = np.concatenate([[-_FAR], at, [len(prose) + _FAR]])
    left = padded[np.searchsorted(at, index, side="right")]
    right = padded[np.searchsorted(at, index) + 1]
    return {
        "prose_before": log16(before // 8),
        "prose_after": log16(after // 8),
        "prose_share": share(before, total - base),
        "head": flag((before == 0) & ~prose & some),
        "tail": flag((after == 0) & ~prose & some),
        "to_prose_before": log16(np.where(left >= begin, index - left, _FAR)),
        "to_prose_after": log16(np.where(right < end, right - index, _FAR)),
    }


def _gap_columns(units: Units, begin: Ints) -> Columns:
    """Line breaks before and after."""
    before = np.where(np.arange(len(units)) == begin, 4, np.minimum(units.breaks, 4))
    after = np.append(before[1:], 4)[: len(units)]
    return {"gap_before": (16 * before).astype(np.uint8), "gap_after": (16 * after).astype(np.uint8)}


def _document_columns(
    units: Units, columns: Columns, prose: Bools, firsts: Ints, documents: Sequence[Document]
) -> Columns:
    """What the document is like, the same for all its units."""
    line_first = np.flatnonzero(columns["line_first"])
    owner = units.doc[line_first]
    line_words = np.add.reduceat(units.words, line_first) if len(line_first) else units.words
    cue = columns["cue_boilerplate"]
    line_cue = np.maximum.reduceat(cue, line_first) if len(line_first) else cue
    line_sizes = np.diff(np.append(line_first, len(units)))

    def total(weights: NDArray[np.int64] | Bools | Ints, of: Ints) -> NDArray[np.int64]:
        return np.bincount(of, weights=weights, minlength=len(documents)).astype(np.int64)

    words, lines = total(units.words, units.doc), total(np.ones(len(owner), bool), owner)
    markup = columns["signs_markup"].astype(np.int64) + columns["signs_hash"]
    known = np.array([64 if d.lang else 0 for d in documents], dtype=np.uint8)
    of_document = {
        "document_words": log16(words),
        "document_lines": log16(lines),
        "document_prose": share(total(np.where(prose, units.words, 0), units.doc), words),
        "document_short": share(total(line_words < 6, owner), lines),
        "document_gaps": share(total(units.breaks[line_first] >= 2, owner), lines),
        "document_markup": log16(total(markup, units.doc) // 16),
        "document_cues": log16(2 * total(cue >= 60, units.doc)),
        "document_language": known,
    }
    spread = {name: values[units.doc] for name, values in of_document.items()}
    return spread | {"line_cue": np.repeat(line_cue, line_sizes)}
