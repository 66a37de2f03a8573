"""Blocks to numbers: what a unit looks like, where it stands, what its text repeats, which cues it holds.

Everything is an array with one row a unit, in the order of the text; a batch holds the units of many documents.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from .blocks import NUMBER, Blocks, Bools, Ints, split
from .chars import U8, U64, Class, members
from .kinds import KINDS
from .matcher import Hits, Matcher, phrase_hashes

I32 = NDArray[np.int32]

WINDOW = 1 << 19
"""Code points handled at once; a longer document is cut at a line end, or at a space."""

STRENGTH_POINTS = np.array([12, 32, 60], dtype=np.int32)
USER_POINTS = np.array([32, 60, 160], dtype=np.int32)
"""Tenths of a nat that a weak, medium or strong cue adds; the caller's own cues count for more."""

_STOP = members(Class.STOP, Class.WIDE_STOP)
_CLOSER = members(Class.CLOSE, Class.QUOTE, Class.APOSTROPHE)
_QUOTE = members(Class.QUOTE)
_MIN_STOPWORDS = 5
_LANG_WORDS = 2000


@dataclass(frozen=True, slots=True, eq=False)
class Units:
    """Units of one or more documents; offsets count from the document's first character.

    start, ink, ink_end: see Blocks. doc: running number of the document. line: number of the line in the batch.
    words: count; capitals, numbers, address: of its words. stop: ends like a sentence. quote: holds a quotation mark.
    bullet: begins with a list or heading marker. key: hash of its words. cue: points a kind, int32 [n, kinds].
    covered: share of its words that cues of boilerplate cover, in 1/16. never: protected by a cue pack.
    """

    start: Ints
    ink: Ints
    ink_end: Ints
    seam: U8
    doc: Ints
    line: Ints
    words: I32
    capitals: I32
    numbers: I32
    address: I32
    stop: Bools
    quote: Bools
    bullet: Bools
    key: U64
    cue: I32
    covered: I32
    never: Bools

    def __len__(self) -> int:
        return len(self.start)


class Window(NamedTuple):
    """A stretch of text that is split and matched at once."""

    text: str
    docs: Ints  # numbers of the documents in it
    starts: Ints  # where each begins in the text
    offset: int  # code points of its (only) document before it


class Document(NamedTuple):
    """What is known of a document as a whole."""

    lang: str | None
    packs: tuple[str, ...]


class Evidence(NamedTuple):
    """The units of a batch, its documents, and (when asked for) what the cues found, with units of the batch."""

    units: Units
    documents: list[Document]
    hits: list[tuple[int, Hits]]
    matcher: Matcher


def windows(texts: Sequence[str]) -> list[Window]:
    """All texts as one window when they are short, else each long one in several."""
    if len(texts) == 1 and len(texts[0]) > WINDOW:
        return [Window(p, np.zeros(1, np.intp), np.zeros(1, np.intp), at) for at, p in _pieces(texts[0])]
    sizes = np.array([len(t) + 1 for t in texts], dtype=np.intp)
    return [Window("\n".join(texts), np.arange(len(texts)), np.cumsum(sizes) - sizes, 0)]


def _pieces(text: str) -> list[tuple[int, str]]:
    pieces, at = [], 0
    while len(text) - at > WINDOW:
        half = at + WINDOW // 2
        cut = max(text.rfind("\n", half, at + WINDOW), -1)
        cut = cut if cut >= 0 else text.rfind(" ", half, at + WINDOW)
        end = cut + 1 if cut >= 0 else at + WINDOW
        pieces.append((at, text[at:end]))
        at = end
    return [*pieces, (at, text[at:])]


def gather(texts: Sequence[str], matcher: Matcher, *, lang: str | None = None, keep_hits: bool = False) -> Evidence:
    """The evidence in some texts. Several texts at once must be short together (see `windows`)."""
    parts: list[Units] = []
    kept: list[tuple[int, Hits]] = []
    documents: list[Document] = []
    applies = np.zeros((len(texts), len(matcher.packs)), dtype=bool)
    for i, window in enumerate(windows(texts)):
        blocks = split(window.text, abbreviations=matcher.abbreviations, names=matcher.names)
        doc = _documents_of(blocks, window)
        if i == 0:  # a long document's language is told from its first window
            documents, applies = _tell(blocks, doc, matcher, len(texts), lang)
        hits = _applicable(matcher.find(blocks, window.text), doc, applies, matcher)
        if keep_hits:
            kept.append((sum(map(len, parts)), hits))
        parts.append(_units(blocks, doc, window, hits, applies, matcher))
    return Evidence(_concatenate(parts), documents, kept, matcher)


def _documents_of(blocks: Blocks, window: Window) -> Ints:
    return window.docs[np.searchsorted(window.starts, blocks.ink, side="right") - 1]


def _tell(
    blocks: Blocks, doc: Ints, matcher: Matcher, count: int, lang: str | None
) -> tuple[list[Document], NDArray[np.bool_]]:
    """Each document's language, and which packs apply to it: [documents, packs]."""
    packs = matcher.packs
    found = np.zeros((count, len(packs)), dtype=np.int64)
    doc_of_word = doc[blocks.unit_of_word]
    at, row = matcher.stopwords.find(blocks.hashes)
    early = at - np.searchsorted(doc_of_word, doc_of_word[at]) < _LANG_WORDS
    np.add.at(found, doc_of_word[at[early]], matcher.stopwords.member[row[early]])
    documents, applies = [], np.zeros((count, len(packs)), dtype=bool)
    for i in range(count):
        told, which = _decide_language(found[i], packs, lang)
        applies[i] = which
        names = tuple(p.lang or p.name for p, w in zip(packs, which.tolist(), strict=True) if w)
        documents.append(Document(told, names))
    return documents, applies


def _decide_language(found: NDArray[np.int64], packs: Sequence[object], hint: str | None) -> tuple[str | None, Bools]:
    """The language with most stopwords; the packs of those with a quarter as many apply, and English, which is
    everywhere. All apply where too few words tell."""
    langs = [getattr(p, "lang", None) for p in packs]
    always = np.array([x in (None, "und", "en") for x in langs])
    if hint:
        code = hint.split("-")[0].lower()
        return hint, always | np.array([x == code for x in langs])
    best = int(found.argmax())
    if found[best] < _MIN_STOPWORDS:
        return None, np.ones(len(packs), dtype=bool)
    return langs[best], always | (found * 4 >= found[best])


def _applicable(hits: Hits, doc: Ints, applies: NDArray[np.bool_], matcher: Matcher) -> Hits:
    ok = applies[doc[hits.unit], matcher.pack_of[hits.entry]]
    return Hits(hits.unit[ok], hits.entry[ok], hits.first[ok], hits.last[ok])


def _units(
    blocks: Blocks, doc: Ints, window: Window, hits: Hits, applies: NDArray[np.bool_], matcher: Matcher
) -> Units:
    words = blocks.word_end - blocks.word
    first_class = blocks.classes[blocks.word_start]
    cue, covered, never = _cue_points(blocks, hits, matcher)
    shift = window.offset - window.starts[np.searchsorted(window.docs, doc)]
    start = blocks.start + shift
    if len(doc) and window.offset == 0:
        start[np.concatenate([[True], doc[1:] != doc[:-1]])] = 0
    ink, ink_end = blocks.ink, blocks.ink_end
    return Units(
        start=start,
        ink=ink + shift,
        ink_end=ink_end + shift,
        seam=blocks.seam,
        doc=doc,
        line=blocks.line,
        words=words.astype(np.int32),
        capitals=_count(first_class == Class.UPPER, blocks),
        numbers=_count(blocks.hashes == NUMBER, blocks),
        address=_address(blocks, doc, applies, matcher),
        stop=_ends_like_sentence(blocks),
        quote=_spans_any(_QUOTE[blocks.classes], ink, ink_end),
        bullet=blocks.classes[ink] == Class.OTHER,
        key=phrase_hashes(blocks.hashes, blocks.word, words),
        cue=cue,
        covered=covered,
        never=never,
    )


def _count(flags: Bools, blocks: Blocks) -> I32:
    sums = np.concatenate([[0], np.cumsum(flags, dtype=np.int32)])
    return (sums[blocks.word_end] - sums[blocks.word]).astype(np.int32)


def _spans_any(flags: Bools, start: Ints, end: Ints) -> Bools:
    places = np.flatnonzero(flags)
    return np.searchsorted(places, start) < np.searchsorted(places, end)


def _ends_like_sentence(blocks: Blocks) -> Bools:
    last = blocks.ink_end - 1
    for _ in range(2):
        last = np.where(_CLOSER[blocks.classes[last]] & (last > blocks.ink), last - 1, last)
    return _STOP[blocks.classes[last]]


def _address(blocks: Blocks, doc: Ints, applies: NDArray[np.bool_], matcher: Matcher) -> I32:
    at, row = matcher.address.find(blocks.hashes)
    unit = blocks.unit_of_word[at]
    ok = (matcher.address.member[row].astype(bool) & applies[doc[unit]]).any(axis=1)
    return np.bincount(unit[ok], minlength=len(blocks)).astype(np.int32)


def _cue_points(blocks: Blocks, hits: Hits, matcher: Matcher) -> tuple[I32, I32, Bools]:
    """(points a kind, covered words in 1/16, protected) of each unit.

    Of several cues for one kind the strongest counts whole, the others half, to a limit. A cue in a long unit says
    less than one that is most of it.
    """
    n = len(blocks)
    kind = matcher.kind_of[hits.entry]
    never = np.zeros(n, dtype=bool)
    never[hits.unit[kind < 0]] = True
    real = kind >= 0
    unit, entry, kind = hits.unit[real], hits.entry[real], kind[real]
    user = np.array([p.lang is None for p in matcher.packs], dtype=bool)[matcher.pack_of[entry]]
    strength = matcher.strength_of[entry]
    words = blocks.word_end - blocks.word
    length = hits.last[real] - hits.first[real]
    share = np.minimum(16, 32 * length // np.maximum(words[unit], 1))
    points = np.where(user, USER_POINTS[strength], STRENGTH_POINTS[strength] * (9 + share) // 25)
    points = points + np.where(matcher.whole[entry], 12, 0)
    best = np.zeros((n, len(KINDS)), dtype=np.int32)
    total = np.zeros((n, len(KINDS)), dtype=np.int32)
    np.maximum.at(best, (unit, kind), points)
    np.add.at(total, (unit, kind), points.astype(np.int32))
    cue = best + np.minimum((total - best) // 2, 40)
    covered = np.bincount(unit, weights=length, minlength=n)
    share16 = np.minimum(16, 16 * covered // np.maximum(words, 1)).astype(np.int32)
    return cue.astype(np.int32), share16, never


def _concatenate(parts: list[Units]) -> Units:
    if len(parts) == 1:
        return parts[0]
    lines = np.cumsum([0] + [int(p.line[-1]) + 1 if len(p) else 0 for p in parts])
    columns = {f.name: [getattr(p, f.name) for p in parts] for f in fields(Units)}
    columns["line"] = [x + n for x, n in zip(columns["line"], lines[:-1], strict=True)]
    return Units(**{k: np.concatenate(v) for k, v in columns.items()})
