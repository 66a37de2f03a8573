"""Texts to evidence: units, their numbers and the cues in them, as arrays with one row a unit.

A batch holds the units of many documents, in the order of the text; a long document is read in windows. What a row
says of a unit depends on its own document only.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from .blocks import Blocks, Bools, Ints, recut, split
from .chars import U8, U64, Class
from .decode import FIRST_BOILERPLATE
from .keys import unit_keys
from .kinds import KINDS
from .matcher import Hits, Matcher
from .place import place_columns
from .shape import (
    overlap_columns,
    repeat_columns,
    sense_columns,
    shape_columns,
    sign_columns,
    topic_columns,
    word_columns,
)
from .wordlists import STOP, count_bits

I32 = NDArray[np.int32]

WINDOW = 1 << 19
"""Code points handled at once; a longer document is cut at a line end, or at a space."""

STRENGTH_POINTS = np.array([12, 32, 60], dtype=np.int32)
USER_POINTS = np.array([32, 60, 160], dtype=np.int32)
"""Tenths of a nat that a weak, medium or strong cue adds; the caller's own cues add to the model's scores."""

_MIN_STOPWORDS = 5
_LANG_WORDS = 2000
_SOFT_REACH = 14


@dataclass(frozen=True, slots=True, eq=False)
class Units:
    """Units of one or more documents; offsets count from the document's first character.

    start, ink, ink_end, seam: see Blocks. doc: running number of the document. line: number of the line in the batch.
    words: count. breaks: line breaks between it and the unit before. user: points a kind that the caller's cues add,
    int32 [n, kinds]. never: protected by a cue pack. key, whole: what it is known by on other pages, and what the unit
    is that it was cut from (see keys.py).
    """

    start: Ints
    ink: Ints
    ink_end: Ints
    seam: U8
    doc: Ints
    line: Ints
    words: Ints
    breaks: Ints
    user: I32
    never: Bools
    key: U64
    whole: U64

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


class Found(NamedTuple):
    """The cues in one window, kept when reasons are wanted. first: the batch's running number of its first unit."""

    first: int
    hits: Hits


class Evidence(NamedTuple):
    """The units of a batch. values: uint8 [n, features], named in `names`."""

    units: Units
    names: tuple[str, ...]
    values: U8
    documents: list[Document]
    found: list[Found]

    @property
    def cues(self) -> U8:
        """The strength of each kind's cues, uint8 [n, kinds]; none speaks for body."""
        first = self.names.index(f"cue_{KINDS[1]}")
        return np.pad(self.values[:, first : first + len(KINDS) - 1], ((0, 0), (1, 0)))


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
        cut = text.rfind("\n", half, at + WINDOW)
        cut = cut if cut >= 0 else text.rfind(" ", half, at + WINDOW)
        end = cut + 1 if cut >= 0 else at + WINDOW
        pieces.append((at, text[at:end]))
        at = end
    return [*pieces, (at, text[at:])]


def gather(texts: Sequence[str], matcher: Matcher, *, lang: str | None = None, keep_found: bool = False) -> Evidence:
    """The evidence in some texts. Several texts at once must be short together (see `windows`)."""
    parts: list[_Part] = []
    told = _Told([], np.zeros(0, np.uint64), np.zeros(0, np.intp))
    for i, window in enumerate(windows(texts)):
        blocks = split(window.text, abbreviations=matcher.abbreviations, names=matcher.names)
        known = matcher.words.find(blocks.hashes)
        if i == 0:  # a long document's language is told from its first window
            told = _tell(blocks, window, known, matcher, lang)
        parts.append(_part(blocks, window, known, told, matcher))
    return _evidence(parts, told.documents, keep_found)


class _Part(NamedTuple):
    units: Units
    columns: dict[str, U8]
    hits: Hits


def _evidence(parts: list[_Part], documents: list[Document], keep_found: bool) -> Evidence:
    units = _concatenate([p.units for p in parts])
    columns = {k: np.concatenate([p.columns[k] for p in parts]) for k in parts[0].columns}
    columns |= place_columns(units, columns, documents)
    values = np.stack(list(columns.values()), axis=1)
    firsts = np.cumsum([0] + [len(p.units) for p in parts]).tolist()
    found = [Found(a, p.hits) for a, p in zip(firsts, parts, strict=False)] if keep_found else []
    return Evidence(units, tuple(columns), values, documents, found)


def _part(blocks: Blocks, window: Window, known: tuple[Ints, Ints], told: _Told, matcher: Matcher) -> _Part:
    phrases = matcher.phrases(blocks)
    doc = _documents_of(blocks, window)
    phrases = phrases.where(_applicable(phrases, doc, told.applies, matcher))
    uncut = blocks
    blocks = recut(blocks, _soft_cuts(blocks, phrases, matcher))
    doc = _documents_of(blocks, window)
    patterns = matcher.patterns(blocks, window.text)
    patterns = patterns.where(_applicable(patterns, doc, told.applies, matcher))
    placed = matcher.placed(phrases, blocks)
    hits = Hits(*(np.concatenate(x) for x in zip(placed, patterns, strict=True)))
    cues = _cues(blocks, hits, matcher)
    listed = _listed_words(blocks, doc, known, told.primary, matcher)
    columns = shape_columns(blocks) | sign_columns(blocks) | word_columns(blocks, listed.counts)
    columns |= topic_columns(blocks, doc, listed.counts) | sense_columns(blocks, listed.counts)
    columns |= overlap_columns(blocks, doc, listed.stop) | repeat_columns(blocks, doc) | cues.columns
    return _Part(_units(blocks, doc, window, cues, uncut), columns, hits)


def _documents_of(blocks: Blocks, window: Window) -> Ints:
    return window.docs[np.searchsorted(window.starts, blocks.ink, side="right") - 1]


class _Told(NamedTuple):
    """applies: which packs apply to each document, a bit each. primary: the pack of its language, -1 when not told."""

    documents: list[Document]
    applies: U64
    primary: Ints


def _tell(blocks: Blocks, window: Window, known: tuple[Ints, Ints], matcher: Matcher, lang: str | None) -> _Told:
    """Each document's language, and what follows from it."""
    packs, count = matcher.packs, len(window.docs)
    doc_of_word = _documents_of(blocks, window)[blocks.unit_of_word]
    at, row = known
    first = np.searchsorted(doc_of_word, np.arange(count))
    early = at - first[doc_of_word[at]] < _LANG_WORDS
    found = matcher.words.stopwords(row[early], doc_of_word[at[early]], count)
    langs = [p.lang for p in packs]
    documents, applies, primary = [], np.zeros(count, dtype=np.uint64), np.zeros(count, dtype=np.intp)
    for i in range(count):
        told, which = _decide_language(found[i], packs, lang)
        applies[i] = sum(1 << j for j in np.flatnonzero(which).tolist())
        names = tuple(p.lang or p.name for p, w in zip(packs, which.tolist(), strict=True) if w)
        documents.append(Document(told, names))
        code = told.split("-")[0].lower() if told else None
        primary[i] = langs.index(code) if code in langs else -1
    return _Told(documents, applies, primary)


def _decide_language(found: NDArray[np.int64], packs: Sequence[object], hint: str | None) -> tuple[str | None, Bools]:
    """The language with most stopwords; the packs of those with a quarter as many apply, and English, which is
    everywhere. All apply where too few words tell."""
    langs = [getattr(p, "lang", None) for p in packs]
    always = np.array([x in (None, "und", "en") for x in langs], dtype=bool)
    if hint:
        code = hint.split("-")[0].lower()
        return hint, always | np.array([x == code for x in langs], dtype=bool)
    best = int(found.argmax())
    if found[best] < _MIN_STOPWORDS:
        return None, np.ones(len(packs), dtype=bool)
    return langs[best], always | (found * 4 >= found[best])


def _applicable(hits: Hits, doc: Ints, applies: U64, matcher: Matcher) -> Bools:
    pack = matcher.pack_of[hits.entry].astype(np.uint64)
    ok: Bools = (applies[doc[hits.unit]] >> pack) & np.uint64(1) == 1
    return ok


class _Listed(NamedTuple):
    """stop: places of function words. counts: of the words of each list in each unit, int64 [n, lists]."""

    stop: Ints
    counts: NDArray[np.int64]


def _listed_words(blocks: Blocks, doc: Ints, known: tuple[Ints, Ints], primary: Ints, matcher: Matcher) -> _Listed:
    """The words that stand in lists of their document's language."""
    at, row = known
    unit = blocks.unit_of_word[at]
    bits = matcher.words.listed(row, primary[doc[unit]])
    stop = at[(bits & np.uint32(1 << STOP)) != 0]
    return _Listed(stop, count_bits(bits, unit, len(blocks)))


def _soft_cuts(blocks: Blocks, hits: Hits, matcher: Matcher) -> Ints:
    """Words before which a unit may have to be cut although nothing but a space stands there: capitals within a few
    words after a cue that begins the unit, and a cue itself that begins with a capital in the middle of one."""
    kind = matcher.kind_of[hits.entry]
    telling = (kind >= FIRST_BOILERPLATE) & (matcher.strength_of[hits.entry] > 0) & (hits.last - hits.first > 1)
    unit, first, last = hits.unit[telling], hits.first[telling], hits.last[telling]
    upper = blocks.classes[blocks.word_start] == Class.UPPER
    begin, end = blocks.word[unit], blocks.word_end[unit]
    inner = first[upper[first] & (first > begin + 2) & ~upper[first - 1]]
    leads = (first <= begin + 3) & (end - last > 4)
    reach = last[leads][:, None] + np.arange(_SOFT_REACH)
    inside = reach < (end[leads] - 3)[:, None]
    after, at_once = reach[inside], (reach == last[leads][:, None])[inside]
    after = after[upper[after] & (at_once | ~upper[np.maximum(after - 1, 0)])]  # "READ MORE: How", but no names
    return np.unique(np.concatenate([inner, after]))


class _Cues(NamedTuple):
    columns: dict[str, U8]
    user: I32
    never: Bools


def _cues(blocks: Blocks, hits: Hits, matcher: Matcher) -> _Cues:
    """What the cues say of each unit.

    Of several cues for one kind the strongest counts whole, the others half, to a limit. A cue in a long unit says
    less than one that is most of it.
    """
    n, k = len(blocks), len(KINDS)
    kind = matcher.kind_of[hits.entry]
    never = np.zeros(n, dtype=bool)
    never[hits.unit[kind < 0]] = True
    user = matcher.user_pack[matcher.pack_of[hits.entry]]
    words = blocks.word_end - blocks.word
    own, theirs = hits.where((kind >= 0) & ~user), hits.where((kind >= 0) & user)
    length = own.last - own.first
    share = np.minimum(16, 32 * length // np.maximum(words[own.unit], 1))
    points = STRENGTH_POINTS[matcher.strength_of[own.entry]] * (9 + share) // 25
    points = points + np.where(matcher.whole[own.entry], 12, 0)
    best, total = _sums(own.unit * k + matcher.kind_of[own.entry], points, n * k)
    cue = (best + np.minimum((total - best) // 2, 40)).reshape(n, k)
    values = np.minimum(255, 2 * cue).astype(np.uint8)
    covered = np.bincount(own.unit, weights=length, minlength=n)
    columns = {f"cue_{KINDS[i]}": values[:, i] for i in range(1, k)}
    columns["cue_count"] = np.minimum(255, 16 * np.bincount(own.unit, minlength=n)).astype(np.uint8)
    columns["cue_covered"] = np.minimum(64, 64 * covered // np.maximum(words, 1)).astype(np.uint8)
    columns["cue_boilerplate"] = values[:, FIRST_BOILERPLATE:].max(axis=1)
    at = theirs.unit * k + matcher.kind_of[theirs.entry]
    added, _ = _sums(at, USER_POINTS[matcher.strength_of[theirs.entry]], n * k)
    return _Cues(columns, added.reshape(n, k).astype(np.int32), never)


def _sums(at: Ints, points: NDArray[np.int32], size: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """(largest, sum) of the points at each place."""
    best = np.zeros(size, dtype=np.int64)
    total = np.zeros(size, dtype=np.int64)
    np.maximum.at(best, at, points)
    np.add.at(total, at, points)
    return best, total


def _units(blocks: Blocks, doc: Ints, window: Window, cues: _Cues, uncut: Blocks) -> Units:
    shift = window.offset - window.starts[np.searchsorted(window.docs, doc)]
    start = blocks.start + shift
    breaks = np.diff(np.searchsorted(np.flatnonzero(blocks.classes == Class.BREAK), blocks.ink), prepend=0)
    if len(doc) and window.offset == 0:
        first = np.concatenate([[True], doc[1:] != doc[:-1]])
        start[first] = breaks[first] = 0
    return Units(
        start=start,
        ink=blocks.ink + shift,
        ink_end=blocks.ink_end + shift,
        seam=blocks.seam,
        doc=doc,
        line=blocks.line,
        words=blocks.word_end - blocks.word,
        breaks=breaks,
        user=cues.user,
        never=cues.never,
        key=unit_keys(blocks),
        whole=unit_keys(uncut)[np.searchsorted(uncut.start, blocks.start, side="right") - 1],
    )


def _concatenate(parts: list[Units]) -> Units:
    if len(parts) == 1:
        return parts[0]
    lines = np.cumsum([0] + [int(p.line[-1]) + 1 if len(p) else 0 for p in parts])
    columns = {f.name: [getattr(p, f.name) for p in parts] for f in fields(Units)}
    columns["line"] = [x + n for x, n in zip(columns["line"], lines, strict=False)]
    return Units(**{name: np.concatenate(values) for name, values in columns.items()})
