"""What a unit looks like: columns of small whole numbers, uint8, one row a unit.

Counts are on a logarithmic scale (`log16`), shares in 1/64, flags 0 or 64.
"""

from __future__ import annotations

from functools import cache

import numpy as np
from numpy.typing import NDArray

from .blocks import NUMBER, Blocks, Bools, Ints, Seam, find_words
from .chars import U8, U64, Class, members, mix
from .cues import SENSES, TOPICS
from .matcher import phrase_hashes
from .wordlists import ADDRESS, FIRST, STOP

Columns = dict[str, U8]

_STOP = members(Class.STOP, Class.WIDE_STOP)
_CLOSER = members(Class.CLOSE, Class.QUOTE, Class.APOSTROPHE)

_SIGNS = (
    ("comma", ",;،、؛"),
    ("colon", ":："),
    ("dash", "-–—―‐"),
    ("slash", "/\\"),
    ("at", "@"),
    ("hash", "#"),
    ("markup", "*_`~"),
    ("bullet", "|•·▪►›»→▶■●◆▼▲←↓↑‹«☰✓✔✕×"),
    ("currency", "$€£¥₹₽₺₴₩₪₫฿₱₦"),
    ("percent", "%‰"),
    ("symbol", ""),
    ("copyright", "©®™"),
    ("plus", "+=<>"),
    ("ampersand", "&"),
    ("dots", "…"),
)
_SYMBOL = 11
_SIGN_LIMIT = 0x10000
_ENDS = (("colon", ":："), ("question", "?？؟"), ("exclamation", "!！"), ("comma", ",،、"), ("arrow", "›»→>▶►|"))
_BEGINS = (
    ("lower", Class.LOWER),
    ("upper", Class.UPPER),
    ("digit", Class.DIGIT),
    ("quote", Class.QUOTE),
    ("other", Class.OTHER),
    ("letter", Class.LETTER),
    ("ideograph", Class.IDEOGRAPH),
    ("open", Class.OPEN),
)
_ADDRESS_WORDS = "http https www com org html"


@cache
def _log_table() -> U8:
    """16 log2(x + 1) for x below 4096, straight lines between powers of two, at most 255."""
    x = np.arange(1, 4097)
    bits = np.array([int(v).bit_length() - 1 for v in x])
    return np.minimum(255, 16 * bits + ((x - (1 << bits)) * 16 >> bits)).astype(np.uint8)


def log16(x: NDArray[np.int64] | Ints) -> U8:
    """Counts to a logarithmic scale: 0 to 0, 1 to 16, 3 to 32, 7 to 48, …, 4095 and more to 192."""
    return _log_table()[np.minimum(x, 4095)]


def share(part: NDArray[np.int64] | Ints, whole: NDArray[np.int64] | Ints) -> U8:
    """A share in 1/64; 0 of nothing."""
    return np.minimum(64, 64 * part // np.maximum(whole, 1)).astype(np.uint8)


def flag(x: Bools) -> U8:
    """0 or 64."""
    return np.where(x, np.uint8(64), np.uint8(0))


def _per_unit(units: Ints, blocks: Blocks) -> Ints:
    """How often each unit is named."""
    return np.bincount(units, minlength=len(blocks))


def _of_words(places: Ints, blocks: Blocks) -> Ints:
    """How many of each unit's words are among the places."""
    return _per_unit(blocks.unit_of_word[places], blocks)


def _flagged(flags: Bools, blocks: Blocks) -> Ints:
    """How many of each unit's words are flagged."""
    return _of_words(np.flatnonzero(flags), blocks)


@cache
def _sign_table() -> U8:
    table = np.zeros(_SIGN_LIMIT, dtype=np.uint8)
    table[0x2190:0x2C00] = _SYMBOL
    for number, (_, chars) in enumerate(_SIGNS, 1):
        table[[ord(c) for c in chars]] = number
    return table


def shape_columns(blocks: Blocks) -> Columns:
    """Size, seams, how a unit begins and ends, its place in its line."""
    n, line = len(blocks), blocks.line
    words = blocks.word_end - blocks.word
    columns = {"words": log16(words), "characters": log16(blocks.ink_end - blocks.ink)}
    columns |= {f"seam_{s.name.lower()}": flag(blocks.seam == s) for s in Seam}
    first = np.concatenate([[True], line[1:] != line[:-1]])[:n]
    firsts = np.flatnonzero(first)
    sizes = np.diff(np.append(firsts, n))
    columns["line_first"] = flag(first)
    columns["line_last"] = flag(np.concatenate([first[1:], [True]])[:n])
    columns["line_units"] = log16(np.repeat(sizes, sizes))
    columns["line_index"] = log16(np.arange(n) - np.repeat(firsts, sizes))
    in_line = np.add.reduceat(words, firsts) if n else words
    columns["line_words"] = log16(np.repeat(in_line, sizes))
    return columns | _end_columns(blocks) | _begin_columns(blocks)


def _end_columns(blocks: Blocks) -> Columns:
    classes, last = blocks.classes, blocks.ink_end - 1
    point = blocks.points[last]
    columns = {f"end_{name}": flag(np.isin(point, [ord(c) for c in chars])) for name, chars in _ENDS}
    before = np.where(last > blocks.ink, blocks.points[np.maximum(last - 1, 0)], 0)
    columns["end_dots"] = flag((point == ord("…")) | ((point == ord(".")) & (before == ord("."))))
    for name, value in (("quote", Class.QUOTE), ("close", Class.CLOSE), ("digit", Class.DIGIT)):
        columns[f"end_{name}"] = flag(classes[last] == value)
    for _ in range(2):
        last = np.where(_CLOSER[classes[last]] & (last > blocks.ink), last - 1, last)
    columns["stop"] = flag(_STOP[classes[last]])
    return columns


def _begin_columns(blocks: Blocks) -> Columns:
    first = blocks.classes[blocks.ink]
    return {f"begin_{name}": flag(first == value) for name, value in _BEGINS}


def sign_columns(blocks: Blocks) -> Columns:
    """How many of which signs."""
    n, classes = len(blocks), blocks.classes
    unit_of = np.repeat(np.arange(n), np.diff(np.append(blocks.ink, len(classes)))) if n else np.zeros(0, np.intp)
    before = int(blocks.ink[0]) if n else len(classes)

    def owner(places: Ints) -> Ints:
        places = places[np.searchsorted(places, before) :]
        unit = unit_of[places - before]
        return unit[places < blocks.ink_end[unit]]  # format characters may stand between units too

    places = np.flatnonzero(classes == Class.OTHER)
    points = blocks.points[places]
    sign = np.where(points < _SIGN_LIMIT, _sign_table()[np.minimum(points, _SIGN_LIMIT - 1)], np.uint8(_SYMBOL))
    width = len(_SIGNS) + 1
    table = np.bincount(owner(places) * width + sign, minlength=n * width).reshape(n, width)
    columns = {"signs_other": log16(table[:, 0])}
    columns |= {f"signs_{name}": log16(table[:, i]) for i, (name, _) in enumerate(_SIGNS, 1)}
    for name, value in (("open", Class.OPEN), ("quote", Class.QUOTE), ("ignored", Class.IGNORED), ("stop", Class.STOP)):
        columns[f"signs_{name}"] = log16(_per_unit(owner(np.flatnonzero(classes == value)), blocks))
    close = np.flatnonzero(classes[:-1] == Class.CLOSE)
    link = close[classes[close + 1] == Class.OPEN]
    columns["signs_link"] = log16(_per_unit(owner(link), blocks))
    return columns


def word_columns(blocks: Blocks, listed: NDArray[np.int64]) -> Columns:
    """What kind of words. listed: how many stand in each list (see wordlists.py)."""
    words = blocks.word_end - blocks.word
    start, size = blocks.word_start, blocks.word_stop - blocks.word_start
    upper = blocks.classes[start] == Class.UPPER
    second = (size > 1) & (blocks.classes[np.where(size > 1, start + 1, start)] == Class.UPPER)
    number = blocks.hashes == NUMBER
    lead = blocks.points[start]
    year = number & (size == 4) & ((lead == ord("1")) | (lead == ord("2")))
    numbers = _flagged(number, blocks)
    lengths = np.concatenate([[0], np.cumsum(size)])
    letters = lengths[blocks.word_end] - lengths[blocks.word]
    addressing = listed[:, ADDRESS]
    return {
        "capitals": share(_flagged(upper, blocks), words),
        "shouting": share(_flagged(upper & second, blocks), words),
        "has_number": flag(numbers > 0),
        "numbers": share(numbers, words),
        "year": flag(_flagged(year, blocks) > 0),
        "word_length": np.minimum(255, 8 * letters // np.maximum(words, 1)).astype(np.uint8),
        "web_address": log16(_flagged(np.isin(blocks.hashes, _address_hashes()), blocks)),
        "stopwords": share(listed[:, STOP], words),
        "address": log16(addressing),
        "address_share": share(addressing, words),
    }


def topic_columns(blocks: Blocks, doc: Ints, listed: NDArray[np.int64]) -> Columns:
    """How many of a unit's words are those that a kind of boilerplate is made of, and how common such words are in the
    whole document: in an article about newsletters a newsletter is no sign of anything."""
    words = blocks.word_end - blocks.word
    columns: Columns = {}
    topics = listed[:, FIRST : FIRST + len(TOPICS)]
    for kind, count, common in zip(TOPICS, topics.T, _in_document(topics, words, doc).T, strict=True):
        columns[f"topic_{kind}"] = log16(2 * count)
        columns[f"document_topic_{kind}"] = log16(common)[doc]
    columns["topic_share"] = share(topics.sum(axis=1), words)
    return columns


def sense_columns(blocks: Blocks, listed: NDArray[np.int64]) -> Columns:
    """The share of a unit's words that belong to each sense. How common they are in the whole document is left out:
    networks learned to know sites by it."""
    words = blocks.word_end - blocks.word
    counts = listed[:, FIRST + len(TOPICS) :]
    return {f"sense_{name}": share(count, words) for name, count in zip(SENSES, counts.T, strict=True)}


def _in_document(counts: NDArray[np.int64], words: Ints, doc: Ints) -> NDArray[np.int64]:
    """How many in a thousand of each document's words stand in each list, [documents, lists]."""
    total = np.maximum(np.bincount(doc, weights=words).astype(np.int64), 1)
    sums = np.stack([np.bincount(doc, weights=c) for c in counts.T], axis=1).astype(np.int64)
    return sums * 1000 // total[:, None]


@cache
def _address_hashes() -> U64:
    return find_words(_ADDRESS_WORDS)[2]


def overlap_columns(blocks: Blocks, doc: Ints, stop: Ints) -> Columns:
    """How many of a unit's content words stand elsewhere in its document, in another line.

    Content words are long or capitalised and neither stopwords nor numbers; in scripts without spaces, pairs of
    characters. Each document has a table of its own, eight slots a word, so that few words meet in one by chance.
    """
    start, size, hashes = blocks.word_start, blocks.word_stop - blocks.word_start, blocks.hashes
    classes = blocks.classes[start]
    wide = classes == Class.IDEOGRAPH
    content = (size >= 5) | (classes == Class.UPPER) | wide
    content &= hashes != NUMBER
    content[stop] = False
    at = np.flatnonzero(content)
    key = hashes[at]
    if wide.any():
        inside = at + 1 < blocks.word_end[blocks.unit_of_word[at]]
        following = np.where(inside, np.append(hashes[1:], np.uint64(0))[at], np.uint64(0))
        key = np.where(wide[at], mix(key ^ (following * _PAIR)), key)
    unit = blocks.unit_of_word[at]
    owner, line = doc[unit], blocks.line[unit]
    slot, slots = _slots(key, owner)
    first = np.full(slots, -1, dtype=np.int64)
    last = np.full(slots, -1, dtype=np.int64)
    last[slot] = line
    first[slot[::-1]] = line[::-1]
    seen = (first[slot] != line) | (last[slot] != line)
    total = _per_unit(unit, blocks)
    again = _per_unit(unit[seen], blocks)
    return {"content": log16(total), "overlap": share(again, total), "overlap_count": log16(again)}


_PAIR = np.uint64(0x9E3779B97F4A7C15)


def _slots(key: U64, owner: Ints) -> tuple[Ints, int]:
    """A place for each key in its document's part of a table, and the size of the table."""
    counts = np.bincount(owner) if len(owner) else np.zeros(0, np.int64)
    sizes = np.array([1 << (8 * int(c)).bit_length() for c in counts], dtype=np.int64)
    begin = np.cumsum(sizes) - sizes
    low = (key >> np.uint64(20)).astype(np.int64) & (sizes[owner] - 1)
    return begin[owner] + low, int(sizes.sum())


def repeat_columns(blocks: Blocks, doc: Ints) -> Columns:
    """How often the same words stand elsewhere in the document as a unit."""
    words = blocks.word_end - blocks.word
    key = phrase_hashes(blocks.hashes, blocks.word, words) ^ (doc.astype(np.uint64) * _PAIR)
    _, inverse, counts = np.unique(key, return_inverse=True, return_counts=True)
    return {"repeated": log16(np.where(words > 0, 4 * (counts[inverse] - 1), 0))}
