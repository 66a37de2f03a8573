"""Text to blocks: words, and units (lines, and sentences where a line has several), as arrays of offsets.

All offsets are code points into the window's text; nothing is searched again later.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

from .chars import U8, U64, Class, Powers, Prefixes, code_points, members, tables

Ints = NDArray[np.intp]
Bools = NDArray[np.bool_]

NUMBER = np.uint64(0x9E3779B97F4A7C15)
"""The hash of every number."""

_IN_WORD = members(Class.LOWER, Class.UPPER, Class.LETTER, Class.DIGIT, Class.MARK)
_SPACE = members(Class.SPACE, Class.BREAK, Class.IGNORED)
_STOP = members(Class.STOP, Class.WIDE_STOP)
_CLOSER = members(Class.CLOSE, Class.QUOTE, Class.APOSTROPHE)
_SENTENCE_END = _STOP | _CLOSER
_LEADING = members(Class.OPEN, Class.QUOTE, Class.APOSTROPHE, Class.OTHER, Class.MARK)
_CAN_BEGIN = members(Class.UPPER, Class.DIGIT, Class.LETTER, Class.IDEOGRAPH, Class.OTHER)
_BEFORE_GLUE = members(Class.LOWER, Class.CLOSE, Class.QUOTE, Class.APOSTROPHE, Class.DIGIT, Class.LETTER)
_WORD_POWERS = Powers(0xD1342543DE82EF95)


class Seam(IntEnum):
    """How a unit is set off from what stands before it."""

    LINE = 0
    SENTENCE = 1  # white space after a sentence end, or an ideographic full stop
    GLUED = 2  # a sentence end with no white space after it
    CASE = 3  # a lower-case letter followed by a capital: "headlineThe"
    SOFT = 4  # only a space, but a cue says that something else may begin or have ended here


@dataclass(frozen=True, slots=True, eq=False)
class Blocks:
    """The units and words of a window.

    start: where the unit's span begins; it ends where the next begins. ink, ink_end: first and one past the last
    character that is no white space. seam: Seam. line: running number of its line in the window. word, word_end: its
    words. word_start, word_stop: offsets of words. hashes: of folded words, all numbers alike. classes: of characters.
    """

    size: int
    start: Ints
    ink: Ints
    ink_end: Ints
    seam: U8
    line: Ints
    word: Ints
    word_end: Ints
    word_start: Ints
    word_stop: Ints
    hashes: U64
    points: NDArray[np.uint32]
    classes: U8
    unit_of_word: Ints

    def __len__(self) -> int:
        return len(self.start)


def split(text: str, *, abbreviations: U64, names: U64) -> Blocks:
    """Split a text into units. abbreviations, names: sorted word hashes after or in which no unit ends."""
    points = code_points(text)
    table, values = tables()
    index = points.astype(np.intp)
    classes = _pad(table.take(index, mode="clip"))  # the last row stands for all code points beyond the table
    runs = _edges(~_SPACE[classes])
    hashes = Prefixes(values.take(index, mode="clip"), _WORD_POWERS)
    words = _words(_in_word(points, classes), classes)
    lines = _line_starts(classes, runs)
    glued = _glued_stops(classes, runs, points)
    case = _case_seams(classes, runs, points, words, hashes, names)
    words = _hashed(_cut(words, case), classes, hashes)
    sentences = _sentence_starts(classes, runs, words, abbreviations)
    wide = _wide_stops(classes)
    glued = glued[~_after_abbreviation(glued, words, abbreviations)]
    begin, seam = _merge_seams((lines, sentences, wide, glued, case))
    return _assemble(points, classes, words, begin, seam)


def _pad(classes: U8) -> U8:
    """Three line breaks after the text, so that looking ahead needs no bounds checks; index -1 is a break too."""
    return np.concatenate([classes, np.full(3, Class.BREAK, np.uint8)])


def _edges(flags: Bools) -> Ints:
    """[n, 2]: start and end of each run of True; the last flag must be False."""
    change = np.flatnonzero(flags[1:] != flags[:-1]) + 1
    return np.concatenate([np.zeros(1, np.intp), change] if flags[0] else [change]).reshape(-1, 2)


def _in_word(points: NDArray[np.uint32], classes: U8) -> Bools:
    """Which characters belong to words: letters, digits, marks; apostrophes and number points inside a word."""
    in_word = _IN_WORD[classes]
    inner = np.flatnonzero(classes == Class.APOSTROPHE)
    in_word[inner] = in_word[inner - 1] & in_word[inner + 1]
    comma = np.flatnonzero((points == ord(",")) | (points == ord(".")))
    in_word[comma] = (classes[comma - 1] == Class.DIGIT) & (classes[comma + 1] == Class.DIGIT)
    return in_word


def _line_starts(classes: U8, runs: Ints) -> Ints:
    """The first ink of each line that has any."""
    if not len(runs):
        return np.zeros(0, np.intp)
    breaks = np.flatnonzero(classes == Class.BREAK)
    first = np.searchsorted(runs[:, 0], breaks)
    return np.unique(runs[np.concatenate([[0], first[first < len(runs)]]), 0])


def _before_closers(classes: U8, last: Ints) -> Ints:
    """Step back from `last` over up to two closing brackets or quotes."""
    for _ in range(2):
        last = last - _CLOSER[classes[last]]
    return last


def _skip_leading(classes: U8, first: Ints) -> Ints:
    """Step forward over up to two opening quotes, brackets, bullets or list markers."""
    for _ in range(2):
        first = first + _LEADING[classes[first]]
    return first


def _sentence_starts(classes: U8, runs: Ints, words: _Words, abbreviations: U64) -> Ints:
    """The first ink of each sentence that begins after white space."""
    if len(runs) < 2:
        return np.zeros(0, np.intp)
    run = np.flatnonzero(_SENTENCE_END[classes[runs[:-1, 1] - 1]])
    stop = _before_closers(classes, runs[run, 1] - 1)
    run, stop = (x[_STOP[classes[stop]] & (stop > runs[run, 0])] for x in (run, stop))
    first, began = runs[run + 1, 0], runs[run, 0]
    lead = _skip_leading(classes, first)
    good = _CAN_BEGIN[classes[lead]] & ~_short_stop(classes, stop, began)
    good &= ~_after_abbreviation(stop + 1, words, abbreviations)
    return first[good]


def _short_stop(classes: U8, stop: Ints, began: Ints) -> Bools:
    """Full stops that belong to an initial ("J.", "U.S.") or an ordinal ("3.", "21.")."""
    before = classes[stop - 1]
    length = stop - began
    initial = (before == Class.UPPER) & (
        (length == 1) | (classes[stop - 2] == Class.STOP) | _LEADING[classes[stop - 2]]
    )
    ordinal = (before == Class.DIGIT) & (length <= 2)
    return initial | ordinal


def _wide_stops(classes: U8) -> Ints:
    """The first character after an ideographic full stop and what closes with it."""
    at = np.flatnonzero(classes == Class.WIDE_STOP) + 1
    for _ in range(2):
        at = at + (_CLOSER[classes[at]] | _STOP[classes[at]])
    return at[~_SPACE[classes[at]] & ~_STOP[classes[at]] & (_STOP[classes[at - 1]] | _CLOSER[classes[at - 1]])]


def _glued_stops(classes: U8, runs: Ints, points: NDArray[np.uint32]) -> Ints:
    """The first character after a sentence end that has no white space behind it ("difference.Belarus")."""
    at = np.flatnonzero(classes[:-3] == Class.STOP)
    at = at[~_SPACE[classes[at + 1]]]
    at = at[_BEFORE_GLUE[classes[at - 1]] & _IN_WORD[classes[np.maximum(at - 2, 0)]] & (at > 1)]
    first = at + 1
    for _ in range(2):  # quotes that close the sentence
        closes = _CLOSER[classes[first]] & (_IN_WORD[classes[first + 1]] | _LEADING[classes[first + 1]])
        first = first + closes
    lead = first + (_LEADING[classes[first]] & (classes[first] != Class.OTHER))
    after = classes[np.minimum(lead + 1, len(classes) - 1)]
    good = (classes[lead] == Class.UPPER) & (after != Class.STOP) & ~_SPACE[classes[first]]
    return first[good & ~_in_address(first, runs, points)]


def _in_address(at: Ints, runs: Ints, points: NDArray[np.uint32]) -> Bools:
    """Whether the run of characters around each offset is a URL, an e-mail address, a handle or a path."""
    run = runs[np.searchsorted(runs[:, 0], at, side="right") - 1]
    signs = np.flatnonzero(np.isin(points, _ADDRESS_SIGNS)) if len(at) else at
    return np.searchsorted(signs, run[:, 0]) < np.searchsorted(signs, run[:, 1])


def _case_seams(
    classes: U8, runs: Ints, points: NDArray[np.uint32], words: _Words, hashes: Prefixes, names: U64
) -> Ints:
    """Capitals glued to a lower-case letter where a headline may meet a sentence, brand names such as YouTube apart.

    Two lower-case letters must stand before, and two more words on the line behind.
    """
    at = np.flatnonzero((classes[:-3] == Class.LOWER)[:-1] & (classes[1:-3] == Class.UPPER)) + 1
    after = classes[at + 1]
    at = at[(classes[at - 2] == Class.LOWER) & (at > 1) & _IN_SEAM[after]]
    run = np.searchsorted(runs[:, 0], at, side="right") + 1
    at, run = at[run < len(runs)], run[run < len(runs)]
    breaks = np.flatnonzero(classes == Class.BREAK)
    at = at[runs[run, 0] < breaks[np.searchsorted(breaks, at)]]
    word = np.searchsorted(words.start, at, side="right") - 1
    tagged = np.isin(points[np.maximum(words.start[word] - 1, 0)], _TAG_SIGNS) & (words.start[word] > 0)
    return at[~tagged & ~_is_in(hashes.slices(words.start[word], words.stop[word]), names)]


_IN_SEAM = members(Class.LOWER, Class.SPACE, Class.APOSTROPHE)
_ADDRESS_SIGNS = np.array([ord(c) for c in "/@_\\"], np.uint32)
_TAG_SIGNS = np.array([ord(c) for c in "#@/_."], np.uint32)


@dataclass(frozen=True, slots=True, eq=False)
class _Words:
    start: Ints
    stop: Ints
    hashes: U64


def _words(in_word: Bools, classes: U8) -> _Words:
    """Words as runs of word characters, every ideograph a word by itself; not hashed yet."""
    starts = np.zeros(len(in_word), dtype=bool)
    starts[0] = in_word[0]
    np.greater(in_word[1:], in_word[:-1], out=starts[1:])
    ends = np.zeros(len(in_word), dtype=bool)
    np.greater(in_word[:-1], in_word[1:], out=ends[1:])
    single = classes == Class.IDEOGRAPH
    if single.any():
        starts |= single
        ends[1:] |= single[:-1]
    return _Words(np.flatnonzero(starts), np.flatnonzero(ends), np.zeros(0, np.uint64))


def _cut(words: _Words, cuts: Ints) -> _Words:
    if not len(cuts):
        return words
    start = np.insert(words.start, np.searchsorted(words.start, cuts), cuts)
    stop = np.insert(words.stop, np.searchsorted(words.stop, cuts), cuts)
    return _Words(start, stop, words.hashes)


def _hashed(words: _Words, classes: U8, hashes: Prefixes) -> _Words:
    number = (classes[words.start] == Class.DIGIT) & (classes[words.stop - 1] == Class.DIGIT)
    return _Words(words.start, words.stop, np.where(number, NUMBER, hashes.slices(words.start, words.stop)))


def find_words(text: str) -> tuple[Ints, Ints, U64]:
    """(starts, ends, hashes) of the words of a text, without cutting it into units."""
    points = code_points(text)
    table, values = tables()
    index = points.astype(np.intp)
    classes = _pad(table.take(index, mode="clip"))
    hashes = Prefixes(values.take(index, mode="clip"), _WORD_POWERS)
    words = _hashed(_words(_in_word(points, classes), classes), classes, hashes)
    return words.start, words.stop, words.hashes


def _is_in(values: U64, ordered: U64) -> Bools:
    if not len(ordered):
        return np.zeros(len(values), dtype=bool)
    at = np.minimum(np.searchsorted(ordered, values), len(ordered) - 1)
    return ordered[at] == values


def _after_abbreviation(at: Ints, words: _Words, abbreviations: U64) -> Bools:
    """Whether the word that ends one before each offset (a full stop between) is an abbreviation."""
    if not len(words.stop) or not len(at):
        return np.zeros(len(at), dtype=bool)
    word = np.searchsorted(words.stop, at, side="left") - 1
    found = (word >= 0) & (words.stop[word] >= at - 1)
    return found & _is_in(words.hashes[word], abbreviations)


def _merge_seams(groups: tuple[Ints, Ints, Ints, Ints, Ints]) -> tuple[Ints, U8]:
    """Unit beginnings in order, with their seam; where two fall together the first group wins."""
    kinds = (Seam.LINE, Seam.SENTENCE, Seam.SENTENCE, Seam.GLUED, Seam.CASE)
    offsets = np.concatenate(groups)
    seams = np.repeat(np.array(kinds, np.uint8), [len(g) for g in groups])
    begin, first = np.unique(offsets, return_index=True)
    return begin, seams[first]


def _assemble(points: NDArray[np.uint32], classes: U8, words: _Words, ink: Ints, seam: U8) -> Blocks:
    size = len(points)
    start = ink.copy()
    breaks = np.flatnonzero(classes[:size] == Class.BREAK)
    at_line = seam == Seam.LINE
    before = np.searchsorted(breaks, ink[at_line]) - 1
    if len(breaks):
        start[at_line] = np.where(before >= 0, breaks[before] + 1, 0)
    elif len(start):
        start[0] = 0
    if len(start):
        start[0] = 0
    edges = np.append(ink[1:], size)
    solid = np.flatnonzero(~_SPACE[classes[:size]])
    ink_end = solid[np.searchsorted(solid, edges) - 1] + 1 if len(ink) else edges[:0]
    first = np.searchsorted(words.start, ink)
    last = np.append(first[1:], len(words.start)) if len(ink) else first
    return Blocks(
        size, start, ink, ink_end, seam, np.cumsum(at_line) - 1, first, last,
        words.start, words.stop, words.hashes, points, classes[:size],
        np.repeat(np.arange(len(ink)), last - first),
    )  # fmt: skip


def recut(blocks: Blocks, cuts: Ints) -> Blocks:
    """The blocks with units cut before some words too. cuts: words in order, each inside a unit and not its first."""
    if not len(cuts):
        return blocks
    unit = blocks.unit_of_word[cuts]
    at = _leading(blocks, cuts)
    where = unit + 1
    last = blocks.word_end[unit]
    ends = np.append(cuts[1:], -1)
    inner = np.append(unit[1:] == unit[:-1], False)
    word_end = np.insert(blocks.word_end, where, np.where(inner, ends, last))
    following = np.append(at[1:], -1)
    ink_end = np.insert(blocks.ink_end, where, np.where(inner, following, blocks.ink_end[unit]))
    first = np.flatnonzero(np.concatenate([[True], unit[1:] != unit[:-1]]))
    owner = unit[first] + first  # where the units that were cut now stand
    word_end[owner] = cuts[first]
    ink_end[owner] = at[first]
    ink = np.insert(blocks.ink, where, at)
    ink_end = _without_space(blocks.classes, ink_end)
    word = np.insert(blocks.word, where, cuts)
    return replace(
        blocks,
        start=np.insert(blocks.start, where, at),
        ink=ink,
        ink_end=ink_end,
        seam=np.insert(blocks.seam, where, np.uint8(Seam.SOFT)),
        line=np.insert(blocks.line, where, blocks.line[unit]),
        word=word,
        word_end=word_end,
        unit_of_word=np.repeat(np.arange(len(word)), word_end - word),
    )


def _leading(blocks: Blocks, words: Ints) -> Ints:
    """Where each word begins, an opening quote or bracket included."""
    at = blocks.word_start[words]
    return at - _OPENER[blocks.classes[at - 1]]


def _without_space(classes: U8, ends: Ints) -> Ints:
    """Steps back over one space."""
    return ends - _SPACE[classes[ends - 1]]


_OPENER = members(Class.OPEN, Class.QUOTE)
