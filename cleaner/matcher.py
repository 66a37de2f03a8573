"""Find the phrases and patterns of cue packs in blocks.

Phrases are matched by words: each is a hash over the hashes of its words. A place is looked at closer when the hash of
its first word, first two or first three words is one that a phrase begins with, which a bitmap tells for all places at
once. Folding, punctuation and Markdown markers need no care: they are no part of words. Patterns go through RE2, whose
time is linear in the text whatever the pattern. No other room knows either engine.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property, lru_cache
from typing import Any, NamedTuple

import numpy as np

from .blocks import Blocks, Bools, Ints
from .chars import U64, Class, Powers, Prefixes
from .cues import CuePack, builtin
from .kinds import KINDS
from .wordlists import BITS, WordLists, hash_lines, low

STRENGTHS = ("weak", "medium", "strong")
_POWERS = Powers(0xAF251AF3B0F025B5)
_GAP = 4
_FILLER = "0"
_LONGEST_CREDIT, _LONGEST_LABEL = 24, 8
"""Our own patterns are of bylines, dates and credits: in words, the longest units tried; and of those that end with a
full stop."""


class Hits(NamedTuple):
    """What was found. unit: of the blocks. entry: of `Matcher.entries`. first, last: words, one past the end."""

    unit: Ints
    entry: Ints
    first: Ints
    last: Ints

    def where(self, flags: Bools) -> Hits:
        """Some of the hits."""
        return Hits(self.unit[flags], self.entry[flags], self.first[flags], self.last[flags])


def _joined(parts: list[Hits]) -> Hits:
    none = np.zeros(0, np.intp)
    return Hits(*(np.concatenate([none, *columns]) for columns in zip(*parts, strict=True))) if parts else Hits(
        none, none, none, none
    )  # fmt: skip


class Entry(NamedTuple):
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
        patterns: list[tuple[int, str]] = []
        for p, pack in enumerate(packs):
            for cue in pack.cues:
                kind, strength = -1 if cue.kind is None else KINDS.index(cue.kind), STRENGTHS.index(cue.strength)
                at = len(self.entries)
                self.entries += [Entry(p, kind, strength, cue.where, x) for x in (*cue.phrases, *cue.regex)]
                parts = [x.replace("{n}", _FILLER).split("{*}") for x in cue.phrases]
                phrases += enumerate(parts, at)
                patterns += enumerate(cue.regex, at + len(parts))
        self._phrases = _Phrases(phrases)
        self.pack_of = np.array([e.pack for e in self.entries], dtype=np.intp)
        self.kind_of = np.array([e.kind for e in self.entries], dtype=np.intp)
        self.strength_of = np.array([e.strength for e in self.entries], dtype=np.intp)
        self._wheres = np.array([_WHERES.index(e.where) for e in self.entries], dtype=np.uint8)
        self.whole = self._wheres == _WHERES.index("whole")
        self.user_pack = np.array([p.lang is None for p in packs], dtype=bool)
        anchored = [(e, x + ("$" if self.entries[e].where in ("whole", "end") else "")) for e, x in patterns]
        theirs = [bool(self.user_pack[self.pack_of[e]]) for e, _ in anchored]
        self._own_patterns = _Patterns([p for p, user in zip(anchored, theirs, strict=True) if not user])
        self._user_patterns = _Patterns([p for p, user in zip(anchored, theirs, strict=True) if user])
        self.abbreviations = _vocabulary(w for p in packs for w in p.abbreviations)
        self.names = _vocabulary(w for p in packs for w in p.names)
        self.words = WordLists(packs)

    def phrases(self, blocks: Blocks) -> Hits:
        """Every phrase found inside a unit, wherever in it, whether its pack applies or not."""
        return self._phrases.find(blocks)

    def placed(self, hits: Hits, blocks: Blocks) -> Hits:
        """The hits of phrases that stand where their cue wants them."""
        unit = blocks.unit_of_word[hits.first]
        where = self._wheres[hits.entry]
        ok = (where == 0) | (where == 2) | (hits.first == blocks.word[unit])
        ok &= (where == 0) | (where == 1) | (hits.last == blocks.word_end[unit])
        ok &= hits.last <= blocks.word_end[unit]
        return Hits(unit, hits.entry, hits.first, hits.last).where(ok)

    def patterns(self, blocks: Blocks, text: str) -> Hits:
        """Every pattern that a unit begins with."""
        words = blocks.word_end - blocks.word
        stops = blocks.classes[blocks.ink_end - 1] == Class.STOP
        label = np.flatnonzero(words <= np.where(stops, _LONGEST_LABEL, _LONGEST_CREDIT))
        own = self._own_patterns.find(blocks, label, text)
        return _joined([own, self._user_patterns.find(blocks, np.arange(len(blocks)), text)])

    def find(self, blocks: Blocks, text: str) -> Hits:
        """Every phrase and pattern found, whether its pack applies or not."""
        return _joined([self.placed(self.phrases(blocks), blocks), self.patterns(blocks, text)])


_WHERES = ("anywhere", "start", "end", "whole")


class _Group(NamedTuple):
    """Phrases whose first part has one, two, or three and more words; rows in the order of `keys`."""

    reach: int  # words that the key is made of
    seen: Bools
    keys: U64
    full: U64
    length: Ints
    entry: Ints
    tail: Ints  # row of the tails, -1 for none


class _Phrases:
    """Phrases by hash. A tail is what follows a gap of one to four words."""

    def __init__(self, phrases: list[tuple[int, list[str]]]) -> None:
        hashes, counts = hash_lines([part for _, parts in phrases for part in parts])
        full = phrase_hashes(hashes, _starts(counts), counts)
        parts = np.array([len(p) for _, p in phrases], dtype=np.intp)
        head = _starts(parts)
        first = _starts(counts)[head]
        entry = np.array([e for e, _ in phrases], dtype=np.intp)
        self._tails, tail = _tails(full, counts, head, parts)
        padded = np.concatenate([hashes, np.zeros(3, np.uint64)])
        self._groups = []
        for reach in (1, 2, 3):
            mine = np.flatnonzero(np.minimum(counts[head], 3) == reach)
            keys = _keys(padded, first[mine], reach)
            mine, keys = mine[np.argsort(keys, kind="stable")], np.sort(keys)
            rows = (full[head][mine], counts[head][mine], entry[mine], tail[mine])
            self._groups.append(_Group(reach, _bitmap(keys), keys, *rows))
        pairs = _keys(padded, first[counts[head] > 2], 2)
        self._long_pairs = _bitmap(pairs)

    def find(self, blocks: Blocks) -> Hits:
        hashes = blocks.hashes
        if not len(hashes):
            return _joined([])
        padded = np.concatenate([hashes, np.zeros(3, np.uint64)])
        sums = Prefixes(hashes, _POWERS)
        one, two, more = self._groups
        pair = low(padded[:-3] * _C1 ^ padded[1:-2])
        found = [self._look_up(one, np.flatnonzero(one.seen[low(hashes)]), padded, sums, blocks)]
        found.append(self._look_up(two, np.flatnonzero(two.seen[pair]), padded, sums, blocks))
        found.append(self._look_up(more, np.flatnonzero(self._long_pairs[pair]), padded, sums, blocks))
        return _joined(found)

    def _look_up(self, group: _Group, at: Ints, padded: U64, sums: Prefixes, blocks: Blocks) -> Hits:
        keys = _keys(padded, at, group.reach)
        ok = group.seen[low(keys)] & (at + group.reach <= blocks.word_end[blocks.unit_of_word[at]])
        at, keys = at[ok], keys[ok]
        left = np.searchsorted(group.keys, keys, side="left")
        count = np.searchsorted(group.keys, keys, side="right") - left
        row = np.repeat(left - _starts(count), count) + np.arange(count.sum())
        at = np.repeat(at, count)
        last = at + group.length[row]
        ok = last <= blocks.word_end[blocks.unit_of_word[at]]
        at, row, last = at[ok], row[ok], last[ok]
        ok = sums.slices(at, last) == group.full[row]
        at, row, last = at[ok], row[ok], last[ok]
        tailed = group.tail[row] >= 0
        plain = ~tailed
        first, row, last = (
            np.concatenate([x, y])
            for x, y in zip(
                (at[plain], row[plain], last[plain]),
                self._follow(at[tailed], row[tailed], last[tailed], group, sums, blocks),
                strict=True,
            )
        )
        return Hits(blocks.unit_of_word[first], group.entry[row], first, last)

    def _follow(
        self, first: Ints, row: Ints, last: Ints, group: _Group, sums: Prefixes, blocks: Blocks
    ) -> tuple[Ints, Ints, Ints]:
        """The places where, one to four words further on each time, the rest of a phrase with gaps stands too."""
        done: list[tuple[Ints, Ints, Ints]] = []
        for keys, lengths in self._tails:
            length = lengths[group.tail[row]]
            over = length == 0
            done.append((first[over], row[over], last[over]))
            first, row, last, length = first[~over], row[~over], last[~over], length[~over]
            limit = blocks.word_end[blocks.unit_of_word[first]]
            found = []
            for gap in range(1, _GAP + 1):
                at = last + gap
                fits = np.flatnonzero(at + length <= limit)
                end = at[fits] + length[fits]
                same = sums.slices(at[fits], end) == keys[group.tail[row[fits]]]
                found.append((first[fits][same], row[fits][same], end[same]))
            first, row, last = (np.concatenate(x) for x in zip(*found, strict=True))
        done.append((first, row, last))
        a, b, c = (np.concatenate(x) for x in zip(*done, strict=True))
        return a, b, c


def _tails(full: U64, counts: Ints, head: Ints, parts: Ints) -> tuple[list[tuple[U64, Ints]], Ints]:
    """((hashes, lengths) of every second, third, … part of the phrases that have gaps; length 0 for none), and each
    phrase's row in them or -1."""
    gapped = np.flatnonzero(parts > 1)
    tail = np.full(len(parts), -1, dtype=np.intp)
    tail[gapped] = np.arange(len(gapped))
    columns = []
    for j in range(1, int(parts.max(initial=1))):
        has = parts[gapped] > j
        at = np.where(has, head[gapped] + j, 0)
        columns.append((full[at], np.where(has, counts[at], 0)))
    return columns, tail


class _Patterns:
    """Patterns, each with its entry."""

    def __init__(self, patterns: list[tuple[int, str]]) -> None:
        self._entries = [e for e, _ in patterns]
        self._sources = [x for _, x in patterns]

    def find(self, blocks: Blocks, units: Ints, text: str) -> Hits:
        """What some of the units begin with."""
        if not self._entries or not len(units):
            return _joined([])
        match, at, entries = self._compiled.Match, [], []
        starts, ends = blocks.ink[units].tolist(), blocks.ink_end[units].tolist()
        for i, a, b in zip(units.tolist(), starts, ends, strict=True):
            for found in match(text[a:b].encode("utf-8", "replace")) or ():
                at.append(i)
                entries.append(self._entries[found])
        unit = np.array(at, dtype=np.intp)
        return Hits(unit, np.array(entries, dtype=np.intp), blocks.word[unit], blocks.word_end[unit])

    @cached_property
    def _compiled(self) -> Any:
        import re2

        options = re2.Options()
        options.case_sensitive = False
        options.log_errors = False
        options.max_mem = 64 << 20
        patterns = re2.Set.MatchSet(options)
        for source in self._sources:
            patterns.Add(source)
        patterns.Compile()
        return patterns


_C1 = np.uint64(0xC2B2AE3D27D4EB4F)
_C2 = np.uint64(0x9FB21C651E98DF25)


def _keys(padded: U64, at: Ints, reach: int) -> U64:
    """The hash of the first one, two or three words from each place."""
    if reach == 1:
        return padded[at]
    pair = padded[at] * _C1 ^ padded[at + 1]
    return pair if reach == 2 else pair * _C2 ^ padded[at + 2]


def phrase_hashes(hashes: U64, first: Ints, counts: Ints) -> U64:
    """The hash of each stretch of `counts` words from `first`."""
    return Prefixes(hashes, _POWERS).slices(first, first + counts)


def _starts(counts: Ints) -> Ints:
    return (np.cumsum(counts) - counts).astype(np.intp)


def _bitmap(hashes: U64) -> Bools:
    table = np.zeros(1 << BITS, dtype=bool)
    table[low(hashes)] = True
    return table


def _vocabulary(words: Iterable[str]) -> U64:
    """Sorted hashes of the last word of each ("z.B" counts as "b")."""
    listed = [w.rstrip(".").split(".")[-1] for w in words]
    hashes, counts = hash_lines(listed)
    return np.unique(hashes[(np.cumsum(counts) - 1)[counts > 0]]) if len(hashes) else hashes


@lru_cache(maxsize=8)
def matcher(user: tuple[CuePack, ...] = ()) -> Matcher:
    """The matcher of the built-in packs and the caller's; compiled once for each combination."""
    return Matcher((*builtin(), *user))
