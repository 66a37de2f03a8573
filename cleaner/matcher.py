"""Find the phrases and patterns of cue packs in blocks.

Phrases are matched by words: each is a hash over the hashes of its words, looked up at every place where its first two
words may stand. Folding, punctuation and Markdown markers need no care: they are no part of words. Patterns go
through RE2, whose time is linear in the text whatever the pattern. No other room knows either engine.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .blocks import NUMBER, Blocks, Bools, Ints, find_words
from .chars import U64, Powers, Prefixes
from .cues import Cue, CuePack, builtin
from .kinds import KINDS

STRENGTHS = ("weak", "medium", "strong")
_POWERS = Powers(0xAF251AF3B0F025B5)
_BITS = 18
_GAP = 4
_FILLER = "0"


@dataclass(frozen=True, slots=True, eq=False)
class Hits:
    """What was found. unit: of the blocks. entry: of `Matcher.entries`. first, last: words, one past the end."""

    unit: Ints
    entry: Ints
    first: Ints
    last: Ints


@dataclass(frozen=True, slots=True)
class Entry:
    """One phrase or pattern of one pack, as reasons name it. kind: index of KINDS, -1 for `never`."""

    pack: int
    kind: int
    strength: int
    where: str
    text: str


class Matcher:
    """The compiled cues of several packs."""

    def __init__(self, packs: tuple[CuePack, ...]) -> None:
        self.packs = packs
        self.entries: list[Entry] = []
        phrases: list[tuple[int, list[str]]] = []
        self._patterns: list[tuple[int, str]] = []
        for p, pack in enumerate(packs):
            for cue in pack.cues:
                phrases += [(self._add(p, cue, x), x.replace("{n}", _FILLER).split("{*}")) for x in cue.phrases]
                self._patterns += [(self._add(p, cue, x), x) for x in cue.regex]
        self._compile_phrases(phrases)
        self.pack_of = np.array([e.pack for e in self.entries], dtype=np.intp)
        self.kind_of = np.array([e.kind for e in self.entries], dtype=np.intp)
        self.strength_of = np.array([e.strength for e in self.entries], dtype=np.intp)
        self.whole = np.array([e.where == "whole" for e in self.entries], dtype=bool)
        self.abbreviations = _vocabulary(w for p in packs for w in p.abbreviations)
        self.names = _vocabulary(w for p in packs for w in p.names)
        self.address = _WordSets([p.address for p in packs])
        self.stopwords = _WordSets([p.stopwords for p in packs])

    def _add(self, pack: int, cue: Cue, text: str) -> int:
        kind = -1 if cue.kind is None else KINDS.index(cue.kind)
        self.entries.append(Entry(pack, kind, STRENGTHS.index(cue.strength), cue.where, text))
        return len(self.entries) - 1

    def _compile_phrases(self, phrases: list[tuple[int, list[str]]]) -> None:
        parts = [part for _, ps in phrases for part in ps]
        hashes, counts = _hash_lines(parts)
        keys = phrase_hashes(hashes, _starts(counts), counts)
        head = np.cumsum([0] + [len(ps) for _, ps in phrases])[:-1].astype(np.intp)
        order = np.argsort(keys[head], kind="stable")
        self._keys = keys[head][order]
        self._entry = np.array([e for e, _ in phrases], dtype=np.intp)[order]
        self._length = counts[head][order]
        tails = [[(int(keys[h + j]), int(counts[h + j])) for j in range(1, len(ps))]
                 for h, (_, ps) in zip(head.tolist(), phrases, strict=True)]  # fmt: skip
        self._tails = [tails[i] for i in order.tolist()]
        self._has_tail = np.array([bool(t) for t in self._tails], dtype=bool)
        first = _starts(counts)[head]
        self._single = _bitmap(hashes[first[counts[head] == 1]])
        pairs = first[counts[head] > 1]
        self._pair = _bitmap(_pair_hashes(hashes, pairs))
        self._lengths = sorted({int(n) for n in counts[head]})

    def find(self, blocks: Blocks, text: str) -> Hits:
        """Every phrase and pattern found, wherever its pack applies or not."""
        found = [*self._find_phrases(blocks), *self._find_patterns(blocks, text)]
        if not found:
            none = np.zeros(0, np.intp)
            return Hits(none, none, none, none)
        unit, entry, first, last = (np.concatenate(x) for x in zip(*found, strict=True))
        return Hits(unit, entry, first, last)

    def _find_phrases(self, blocks: Blocks) -> Iterator[tuple[Ints, Ints, Ints, Ints]]:
        hashes = blocks.hashes
        if not len(hashes) or not len(self._keys):
            return
        unit_of = blocks.unit_of_word
        single = np.flatnonzero(self._single[_low(hashes)])
        pair = np.flatnonzero(self._pair[_low(_pair_hashes(hashes, np.arange(len(hashes) - 1)))])
        sums = Prefixes(hashes, _POWERS)
        for length in self._lengths:
            at = single if length == 1 else pair
            at = at[at + length <= blocks.word_end[unit_of[at]]]
            yield from self._look_up(sums, at, length, blocks)

    def _look_up(
        self, sums: Prefixes, at: Ints, length: int, blocks: Blocks
    ) -> Iterator[tuple[Ints, Ints, Ints, Ints]]:
        values = sums.slices(at, at + length)
        left = np.searchsorted(self._keys, values, side="left")
        right = np.searchsorted(self._keys, values, side="right")
        some = right > left
        at, left, right = at[some], left[some], right[some]
        count = right - left
        row = np.repeat(left - np.cumsum(count) + count, count) + np.arange(count.sum())
        at = np.repeat(at, count)
        fits = self._length[row] == length
        at, row = at[fits], row[fits]
        plain = ~self._has_tail[row]
        yield self._placed(at[plain], at[plain] + length, row[plain], blocks)
        for r in np.unique(row[~plain]).tolist():
            heads = at[~plain][row[~plain] == r]
            first, last = self._follow(sums, heads, heads + length, self._tails[r], blocks)
            yield self._placed(first, last, np.full(len(first), r, np.intp), blocks)

    @staticmethod
    def _follow(
        sums: Prefixes, first: Ints, last: Ints, tail: list[tuple[int, int]], blocks: Blocks
    ) -> tuple[Ints, Ints]:
        """The places where, one to four words further on each time, the rest of a phrase with gaps stands too."""
        for key, length in tail:
            limit = blocks.word_end[blocks.unit_of_word[first]]
            found = []
            for gap in range(1, _GAP + 1):
                ok = last + gap + length <= limit
                at = last[ok] + gap
                same = sums.slices(at, at + length) == np.uint64(key)
                found.append((first[ok][same], at[same] + length))
            first, last = (np.concatenate(x) for x in zip(*found, strict=True))
        return first, last

    def _placed(self, first: Ints, last: Ints, row: Ints, blocks: Blocks) -> tuple[Ints, Ints, Ints, Ints]:
        """Only the hits that stand where their cue wants them."""
        entry = self._entry[row]
        unit = blocks.unit_of_word[first]
        at_start, at_end = first == blocks.word[unit], last == blocks.word_end[unit]
        ok = _place_ok(self._wheres[entry], at_start, at_end)
        return unit[ok], entry[ok], first[ok], last[ok]

    @cached_property
    def _wheres(self) -> NDArray[np.uint8]:
        return np.array([_WHERES.index(e.where) for e in self.entries], dtype=np.uint8)

    def _find_patterns(self, blocks: Blocks, text: str) -> Iterator[tuple[Ints, Ints, Ints, Ints]]:
        if not self._patterns:
            return
        units, entries = [], []
        patterns = self._compiled
        for i, (a, b) in enumerate(zip(blocks.ink.tolist(), blocks.ink_end.tolist(), strict=True)):
            unit = text[a:b].encode("utf-8", "replace")
            for entry in patterns.Match(unit) or ():
                units.append(i)
                entries.append(self._patterns[entry][0])
        unit = np.array(units, dtype=np.intp)
        yield unit, np.array(entries, dtype=np.intp), blocks.word[unit], blocks.word_end[unit]

    @cached_property
    def _compiled(self) -> Any:
        import re2

        options = re2.Options()
        options.case_sensitive = False
        options.log_errors = False
        options.max_mem = 64 << 20
        patterns = re2.Set.MatchSet(options)
        for entry, source in self._patterns:
            suffix = "$" if self.entries[entry].where in ("whole", "end") and not source.endswith("$") else ""
            patterns.Add(source + suffix)
        patterns.Compile()
        return patterns


_WHERES = ("anywhere", "start", "end", "whole")


def _place_ok(where: NDArray[np.uint8], at_start: Bools, at_end: Bools) -> Bools:
    start_ok: Bools = (where == 0) | (where == 2) | at_start
    return start_ok & ((where == 0) | (where == 1) | at_end)


class _WordSets:
    """Which of several word lists a word belongs to."""

    def __init__(self, lists: list[tuple[str, ...]]) -> None:
        words = sorted({w for ws in lists for w in ws})
        hashes, counts = _hash_lines(words)
        keys = dict(zip([w for w, n in zip(words, counts, strict=True) for _ in range(n)], hashes, strict=True))
        self.keys = np.unique(np.array([keys[w] for ws in lists for w in ws if w in keys], dtype=np.uint64))
        self.member = np.zeros((len(self.keys), len(lists)), dtype=np.int64)
        for i, ws in enumerate(lists):
            for w in ws:
                if w in keys:
                    self.member[np.searchsorted(self.keys, keys[w]), i] = 1
        self._seen = _bitmap(self.keys)

    def find(self, hashes: U64) -> tuple[Ints, Ints]:
        """(places, rows of `member`) of the words that belong to any list."""
        at = np.flatnonzero(self._seen[_low(hashes)])
        row = np.minimum(np.searchsorted(self.keys, hashes[at]), max(len(self.keys) - 1, 0))
        same = self.keys[row] == hashes[at] if len(self.keys) else np.zeros(0, dtype=bool)
        return at[same], row[same]


def phrase_hashes(hashes: U64, first: Ints, counts: Ints) -> U64:
    """The hash of each stretch of `counts` words from `first`."""
    return Prefixes(hashes, _POWERS).slices(first, first + counts)


def _starts(counts: Ints) -> Ints:
    return (np.cumsum(counts) - counts).astype(np.intp)


def _pair_hashes(hashes: U64, at: Ints) -> U64:
    return hashes[at] * np.uint64(0xC2B2AE3D27D4EB4F) ^ hashes[at + 1]


def _low(hashes: U64) -> NDArray[np.intp]:
    return (hashes >> np.uint64(64 - _BITS)).astype(np.intp)


def _bitmap(hashes: U64) -> Bools:
    table = np.zeros(1 << _BITS, dtype=bool)
    table[_low(hashes)] = True
    return table


def _hash_lines(lines: list[str]) -> tuple[U64, Ints]:
    """(hashes of all words, number of words of each line)."""
    clean = [re.sub(r"\s", " ", line) for line in lines]
    joined = "\n".join(clean) + "\n"
    start, _, hashes = find_words(joined)
    ends = np.cumsum([len(line) + 1 for line in clean])
    at = np.searchsorted(start, ends)
    return hashes, np.diff(np.concatenate([[0], at])).astype(np.intp)


def _vocabulary(words: Iterable[str]) -> U64:
    """Sorted hashes of the last word of each ("z.B" counts as "b")."""
    listed = [w.rstrip(".").split(".")[-1] for w in words]
    hashes, counts = _hash_lines(listed)
    return np.unique(hashes[(np.cumsum(counts) - 1)[counts > 0]]) if len(hashes) else hashes


@lru_cache(maxsize=8)
def matcher(user: tuple[CuePack, ...] = ()) -> Matcher:
    """The matcher of the built-in packs and the caller's; compiled once for each combination."""
    return Matcher((*builtin(), *user))


__all__ = ["NUMBER", "Hits", "Matcher", "matcher"]
