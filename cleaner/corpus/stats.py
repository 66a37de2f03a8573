"""What a run found, counted: of a part, of a file, of all. Bounded in size; adding up in the order of the input gives
the same on every machine, with any number of workers."""

from __future__ import annotations

import hashlib
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from ..kinds import KINDS
from ..spans import Segmentation
from .records import Record

SAMPLES, MOST = 16, 20
_SITES, _LINES = 20_000, 20_000
_LINE_LENGTH = 160
_SAMPLE_LENGTH = 6_000
"""Characters of a sample that are kept."""
BINS = 24
"""Of lengths: documents of less than 2**i characters, and at least half as many, are in bin i."""

_NAMES = tuple(map(str, KINDS))

Counts = dict[str, list[int]]


@dataclass
class Stats:
    """documents: written; changed: of them, with something taken out; empty: with nothing to clean. characters,
    removed: of texts. kinds: spans, characters, removed characters. sites: documents, characters, removed.
    lengths: documents by length, before and after. lines: "kind\ttext" of what was removed, how often; frequent ones
    are complete, rare ones go when there are too many. samples: documents to read, drawn by hash. most: those that lost
    most."""

    documents: int = 0
    changed: int = 0
    empty: int = 0
    rejected: int = 0
    characters: int = 0
    removed: int = 0
    kinds: Counts = field(default_factory=dict)
    sites: Counts = field(default_factory=dict)
    before: list[int] = field(default_factory=lambda: [0] * BINS)
    after: list[int] = field(default_factory=lambda: [0] * BINS)
    lines: Counter[str] = field(default_factory=Counter)
    samples: list[dict[str, Any]] = field(default_factory=list)
    most: list[dict[str, Any]] = field(default_factory=list)

    def add(self, other: Stats) -> None:
        """Count what another has counted, which comes later in the input."""
        for name in ("documents", "changed", "empty", "rejected", "characters", "removed"):
            setattr(self, name, getattr(self, name) + getattr(other, name))
        _add_counts(self.kinds, other.kinds)
        _add_counts(self.sites, other.sites)
        self.before = [a + b for a, b in zip(self.before, other.before, strict=True)]
        self.after = [a + b for a, b in zip(self.after, other.after, strict=True)]
        self.lines.update(other.lines)
        self.samples += other.samples
        self.most += other.most
        self.shrink()

    def shrink(self) -> None:
        """Let go of what is too much to keep."""
        if len(self.lines) > 2 * _LINES:
            self.lines = Counter(dict(sorted(self.lines.items(), key=lambda x: (-x[1], x[0]))[:_LINES]))
        if len(self.sites) > 2 * _SITES:
            self.sites = _largest(self.sites, _SITES)
        self.samples = sorted(self.samples, key=lambda s: (s["draw"], s["file"], s["number"]))[:SAMPLES]
        self.most = sorted(self.most, key=lambda s: (-s["removed"], s["file"], s["number"]))[:MOST]

    def to_dict(self) -> dict[str, Any]:
        """As JSON values, in an order of their own."""
        return {name: getattr(self, name) for name in self.__dataclass_fields__}

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> Stats:
        """What `to_dict` gave."""
        return cls(**{**data, "lines": Counter(data["lines"])})


OTHERS = "(others)"


def _largest(sites: Counts, most: int) -> Counts:
    """The sites with most text; the rest together."""
    ordered = sorted((s for s in sites.items() if s[0] != OTHERS), key=lambda x: (-x[1][1], x[0]))
    kept = dict(ordered[:most])
    rest = [values for _, values in ordered[most:]] + [sites.get(OTHERS, [0, 0, 0])]
    kept[OTHERS] = [sum(column) for column in zip(*rest, strict=True)]
    return kept


def _add_counts(mine: Counts, theirs: Counts) -> None:
    for key, values in theirs.items():
        old = mine.get(key)
        mine[key] = [a + b for a, b in zip(old, values, strict=True)] if old else list(values)


class Counting:
    """Counts the documents of a part. file: its name."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.stats = Stats()
        self.kinds: list[Any] = []
        self.sizes: list[Any] = []
        self.gone: list[Any] = []

    def add(self, record: Record, site: str | None, result: Segmentation) -> None:
        """One more document."""
        stats, table = self.stats, result.table
        sizes = np.diff(table.ends, prepend=0)
        removed = int(sizes[result.gone].sum())
        self.kinds.append(table.kinds)
        self.sizes.append(sizes)
        self.gone.append(result.gone)
        length = len(result.text)
        stats.documents += 1
        stats.characters += length
        stats.removed += removed
        stats.before[min(length.bit_length(), BINS - 1)] += 1
        stats.after[min(len(result.body).bit_length(), BINS - 1)] += 1
        if site:
            row = stats.sites.setdefault(site, [0, 0, 0])
            row[0], row[1], row[2] = row[0] + 1, row[1] + length, row[2] + removed
        if removed:
            self._changed(record, result, removed)

    def _changed(self, record: Record, result: Segmentation, removed: int) -> None:
        stats = self.stats
        stats.changed += 1
        table, gone = result.table, result.gone
        rows = zip(table.starts[gone].tolist(), table.ends[gone].tolist(), table.kinds[gone].tolist(), strict=True)
        for start, end, kind in rows:
            words = " ".join(result.text[start:end].split())
            stats.lines[f"{_NAMES[kind]}\t{words[:_LINE_LENGTH]}"] += 1
        draw = hashlib.blake2b(f"{self.file}\0{record.number}".encode(), digest_size=8).hexdigest()
        least = stats.most[-1]["removed"] if len(stats.most) >= MOST else 0
        worst = stats.samples[-1]["draw"] if len(stats.samples) >= SAMPLES else "~"
        if removed > least or draw < worst:
            shown = self._shown(record, result, removed) | {"draw": draw}
            stats.most += [shown] if removed > least else []
            stats.samples += [shown] if draw < worst else []
            stats.shrink()

    def _shown(self, record: Record, result: Segmentation, removed: int) -> dict[str, Any]:
        """A document as the report shows it: the beginning of its text, in pieces with their kinds."""
        pieces = []
        for span in result.spans:
            if span.start >= _SAMPLE_LENGTH:
                break
            pieces.append([span.text[: _SAMPLE_LENGTH - span.start], str(span.kind), span.removed])
        about = {"file": self.file, "number": record.number, "id": record.id, "url": record.url}
        return about | {"characters": len(result.text), "removed": removed, "pieces": pieces}

    def done(self) -> Stats:
        """The counts."""
        if self.kinds:
            kinds, sizes = np.concatenate(self.kinds), np.concatenate(self.sizes)
            gone = np.concatenate(self.gone)
            n = len(KINDS)
            spans = np.bincount(kinds, minlength=n).tolist()
            characters = np.bincount(kinds, weights=sizes, minlength=n).tolist()
            removed = np.bincount(kinds, weights=sizes * gone, minlength=n).tolist()
            rows = zip(KINDS, spans, characters, removed, strict=True)
            self.stats.kinds = {str(k): [s, int(c), int(r)] for k, s, c, r in rows if s}
        return self.stats
