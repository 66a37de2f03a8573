"""Spans to reasons that a person can read; worked out again from the text, only when asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from .features import Evidence, gather
from .kinds import KINDS, Kind
from .matcher import matcher
from .scores import Place, place

if TYPE_CHECKING:
    from .spans import Reasons, Segmentation

_MOST_CUES = 3
_STRENGTH = ("weak ", "", "")


def reasons(result: Segmentation) -> Reasons:
    """For each span why it is of its kind: the cues found, its neighbours, its place and shape."""
    if not result.text.strip():
        return ((),) * len(result.table.ends)
    found = gather([result.text], matcher(result.options.cues), lang=result.options.lang, keep_hits=True)
    starts = result.table.starts
    span_of_unit = np.searchsorted(starts, found.units.start, side="right") - 1
    cues = _cue_words(result, found, span_of_unit)
    where = place(found.units)
    kinds = [KINDS[k] for k in result.table.kinds.tolist()]
    firsts = np.searchsorted(span_of_unit, np.arange(len(kinds)))
    return tuple(
        () if kind is Kind.BODY else (*cues[i], *_context(kinds, i), *_position(where, found, int(firsts[i])))
        for i, kind in enumerate(kinds)
    )


def _cue_words(result: Segmentation, found: Evidence, span_of_unit: np.ndarray[tuple[int], np.dtype[np.intp]]) -> list[list[str]]:
    """The strongest cues of each span that speak for its kind."""
    said: list[dict[str, int]] = [{} for _ in result.table.ends]
    kinds = result.table.kinds
    for base, hits in found.hits:
        for unit, entry in zip((hits.unit + base).tolist(), hits.entry.tolist(), strict=True):
            cue = found.matcher.entries[entry]
            span = int(span_of_unit[unit])
            pack = found.matcher.packs[cue.pack]
            if cue.kind == kinds[span]:
                source = f" ({pack.name})" if pack.lang is None else ""
                words = f"says “{cue.text}”{source}"
                rank = cue.strength * 100 + len(cue.text) + (1000 if source else 0)
                said[span][words] = max(rank, said[span].get(words, 0))
    return [sorted(s, key=lambda w: (-s[w], w))[:_MOST_CUES] for s in said]


def _context(kinds: list[Kind], i: int) -> list[str]:
    kind = kinds[i]
    before = kinds[i - 1] if i else None
    after = kinds[i + 1] if i + 1 < len(kinds) else None
    if before is kind and after is kind:
        return [f"between two {kind.value.replace('_', ' ')} lines"]
    if before is kind or after is kind:
        return [f"next to a {kind.value.replace('_', ' ')} line"]
    return []


def _position(where: Place, found: Evidence, unit: int) -> list[str]:
    said = []
    if where.repeated[unit]:
        said.append("repeated in this text")
    if where.tail[unit]:
        said.append("after the last paragraph")
    elif where.head[unit]:
        said.append("before the first paragraph")
    if found.units.words[unit] <= 4:  # noqa: PLR2004
        said.append("a short line")
    return said
