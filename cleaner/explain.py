"""Spans to reasons that a person can read; worked out again from the text, only when asked for.

What moved a score is found by taking things away: the span's cues, its looks, its place, its neighbours are
hidden from the model one at a time, and what makes the score fall is named, the largest fall first.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from .blocks import Ints
from .decode import FIRST_BOILERPLATE
from .features import Evidence, gather
from .kinds import KINDS, Kind
from .matcher import matcher
from .model import POINTS, Model, load, load_page_model

if TYPE_CHECKING:
    from .cues import CuePack
    from .profile.recur import Recurrence
    from .spans import Reasons, Segmentation

_AROUND = 16
"""Lines on both sides that the model can see from a line."""
_TOGETHER = 48
"""Spans that are looked at at once."""
_LEAST = 0.3
"""A fall in nats that is worth a word."""
_MOST_CUES, _MOST_REASONS = 2, 4

_PLACE = (
    "index", "left", "progress", "before", "after", "prose_before", "prose_after", "prose_share", "head", "tail",
    "to_prose_before", "to_prose_after", "gap_before", "gap_after",
)  # fmt: skip
_ASPECTS = ("cues", "page", "place", "looks", "neighbours")
_LOOKS = (
    ("end_colon", "ends with a colon"),
    ("end_arrow", "ends with an arrow"),
    ("shouting", "written in capitals"),
    ("signs_currency", "names a price"),
    ("signs_at", "holds an address"),
    ("signs_copyright", "holds a copyright sign"),
    ("signs_bullet", "holds separators"),
    ("repeated", "repeated in this text"),
    ("end_question", "asks a question"),
    ("sense_price", "speaks of prices and offers"),
    ("sense_event", "speaks of tickets and dates"),
    ("sense_cause", "speaks of support and trust"),
    ("sense_command", "tells the reader to do something"),
    ("sense_chat", "written as in a conversation"),
    ("address", "speaks to the reader"),
)


_NEAR_BY, _ALL_LINKED, _MOST_MARKUP = 16, 60, 2
"""Of columns that tell the distance of a mark, 64 on the element itself; of shares in 1/64."""
_MARKUP = (
    *((f"page_place_{x}", f"inside <{x}>") for x in ("nav", "footer", "aside", "form", "header", "figure", "button")),
    *((f"page_name_{group}", f"an element named after {what}") for group, what in (
        ("share", "sharing"), ("comment", "comments"), ("related", "related articles"), ("newsletter", "a newsletter"),
        ("advert", "advertising"), ("nav", "navigation"), ("footer", "a footer"), ("consent", "consent"),
        ("sidebar", "a sidebar"), ("author", "the author"), ("bio", "the author"), ("date", "a date"),
        ("meta", "notes on the article"), ("caption", "a caption"), ("title", "a title"), ("lead", "a standfirst"),
        ("tags", "tags"), ("paywall", "a paywall"), ("donation", "donations"), ("account", "an account"),
        ("search", "a search"), ("tools", "tools"), ("player", "a player"), ("gallery", "a gallery"),
        ("popup", "a pop-up"), ("rating", "a rating"), ("links", "links"),
    )),
    ("page_place_comment", "marked as a comment"), ("page_place_author", "marked as the author"),
    ("page_place_headline", "marked as the headline"), ("page_place_caption", "marked as a caption"),
    ("page_place_time", "inside <time>"), ("page_is_title", "is the page's title"),
    ("page_is_description", "is the page's description"),
)  # fmt: skip


class _Span(NamedTuple):
    """A span that is not body. first, last: its units, one past the end; kind: number of its kind."""

    number: int
    first: int
    last: int
    kind: int


def reasons(result: Segmentation) -> Reasons:
    """For each span why it is of its kind: the cues found, its neighbours, its place and looks."""
    said: list[tuple[str, ...]] = [()] * len(result.table.ends)
    if not result.text.strip():
        return tuple(said)
    found, model = _evidence(result)
    owner = np.searchsorted(result.table.starts, found.units.start, side="right") - 1
    edges = np.searchsorted(owner, np.arange(len(said) + 1)).tolist()
    kinds = result.table.kinds.tolist()
    spans = [_Span(i, edges[i], edges[i + 1], k) for i, k in enumerate(kinds) if k and edges[i] < edges[i + 1]]
    cues = _cue_words(found, spans, result.options.cues)
    again = _recurring(found, result)
    for some in (spans[i : i + _TOGETHER] for i in range(0, len(spans), _TOGETHER)):
        for span, falls in zip(some, _falls(found, model, some), strict=True):
            why = _say(span, falls, cues.get(span.number, []), kinds, found)
            said[span.number] = tuple(_with_recurrence(why, span, again))
    return tuple(said)


def _recurring(found: Evidence, result: Segmentation) -> Recurrence | None:
    """What the profile, if there is one, knows of the units."""
    if result.options.profile is None or result.site is None:
        return None
    from .profile.recur import recurrence

    return recurrence(found.units, result.options.profile, [result.site])


def _with_recurrence(why: Iterator[str], span: _Span, again: Recurrence | None) -> Iterator[str]:
    """The reasons, and before them on how many pages of the site the span stands; of several units the one on most."""
    units, left = slice(span.first, span.last), _MOST_REASONS
    if again is not None and span.kind >= FIRST_BOILERPLATE and again.points[units].any():
        best = span.first + int((again.pages[units] * (again.points[units] > 0)).argmax())
        yield f"repeated on {again.pages[best]:,} of {again.of[best]:,} pages of this site"
        left -= 1
    yield from islice(why, left)


def _evidence(result: Segmentation) -> tuple[Evidence, Model]:
    """What the result was judged by."""
    found = gather([result.text], matcher(result.options.cues), lang=result.options.lang, keep_found=True)
    page = result.origin.page if result.origin else None
    if page is None:
        return found, load()
    from .page.segment import page_evidence, page_values

    return page_values([page_evidence(page, result.options)], found), load_page_model()


def _say(span: _Span, falls: NDArray[np.float64], cues: list[str], kinds: list[int], found: Evidence) -> Iterator[str]:
    mine = [c for c in cues if c.endswith(")")]
    yield from mine[:_MOST_CUES]
    left = _MOST_REASONS - len(mine[:_MOST_CUES])
    for aspect in np.argsort(-falls, kind="stable").tolist():
        if falls[aspect] < _LEAST or left <= 0:
            return
        name = _ASPECTS[aspect]
        words = [c for c in cues if c not in mine][:_MOST_CUES] if name == "cues" else []
        if name == "page":
            words = list(_page(span, found))
        elif name == "place":
            words = list(_place(span, found))
        elif name == "looks":
            words = list(_looks(span, found))
        elif name == "neighbours":
            words = list(_neighbours(span, kinds))
        left -= len(words)
        yield from words


def _falls(found: Evidence, model: Model, spans: list[_Span]) -> list[NDArray[np.float64]]:
    """How far each span's score falls, in nats, when one of _ASPECTS is hidden."""
    scene = _Scene(found, model)
    for span in spans:
        start, end = scene.around(span)
        scene.add(span, start, end, None)
        for aspect in _ASPECTS[:-1]:
            scene.add(span, start, end, aspect)
        scene.add(span, span.first, span.last, None)
    margins = scene.margins().reshape(len(spans), len(_ASPECTS) + 1)
    return list(margins[:, :1] - margins[:, 1:])


class _Scene:
    """Copies of stretches of the text, each with something hidden, to be scored in one go."""

    def __init__(self, found: Evidence, model: Model) -> None:
        self.found, self.model = found, model
        names = np.array(found.names)
        cues = np.array([n.startswith(("cue_", "topic_")) or n == "line_cue" for n in found.names])
        place = np.isin(names, _PLACE)
        document = np.array([n.startswith("document_") for n in found.names])
        page = np.array([n.startswith("page_") for n in found.names])
        looks = ~(cues | place | document | page)
        self.columns = {"cues": cues, "page": page, "place": place, "looks": looks}
        self.values: list[NDArray[np.uint8]] = []
        self.lines: list[Ints] = []
        self.marks: list[tuple[int, int, int]] = []
        self.size = 0

    def around(self, span: _Span) -> tuple[int, int]:
        line = self.found.units.line
        first = int(np.searchsorted(line, line[span.first] - _AROUND))
        last = int(np.searchsorted(line, line[span.last - 1] + _AROUND, side="right"))
        return max(first, span.first - 200), min(last, span.last + 200)

    def add(self, span: _Span, start: int, end: int, hidden: str | None) -> None:
        mine = slice(span.first - start, span.last - start)
        values = self.found.values[start:end].copy()
        if hidden:
            columns = self.columns[hidden]
            values[mine, columns] = 0 if hidden == "cues" else self.model.middle[columns]
        self.values.append(values)
        self.lines.append(self.found.units.line[start:end])
        self.marks.append((self.size + mine.start, self.size + mine.stop, span.kind))
        self.size += end - start

    def margins(self) -> NDArray[np.float64]:
        """How far each copy's span lies above body, in nats."""
        doc = np.repeat(np.arange(len(self.lines)), [len(x) for x in self.lines])
        far = np.concatenate(self.lines) + doc * (int(self.found.units.line[-1]) + 1)
        scores = self.model.scores(np.concatenate(self.values), doc, far)
        above = [(scores[a:b, k] - scores[a:b, 0]).mean() for a, b, k in self.marks]
        return np.array(above, dtype=np.float64) / POINTS


def _cue_words(found: Evidence, spans: list[_Span], user: tuple[CuePack, ...]) -> dict[int, list[str]]:
    """The cues that speak for each span's kind, the strongest first; the caller's with the name of their pack."""
    compiled = matcher(user)
    said: dict[int, dict[str, int]] = {}
    span_of = {unit: span for span in spans for unit in range(span.first, span.last)}
    for part in found.found:
        for unit, entry in zip((part.hits.unit + part.first).tolist(), part.hits.entry.tolist(), strict=True):
            cue, span = compiled.entries[entry], span_of.get(unit)
            if span is not None and cue.kind == span.kind:
                pack = compiled.packs[cue.pack]
                words = f"says “{cue.text}”" + (f" ({pack.name})" if pack.lang is None else "")
                rank = cue.strength * 100 + len(cue.text)
                mine = said.setdefault(span.number, {})
                mine[words] = max(rank, mine.get(words, 0))
    return {i: sorted(s, key=lambda w: (-s[w], w)) for i, s in said.items()}


def _place(span: _Span, found: Evidence) -> Iterator[str]:
    def value(name: str) -> int:
        return int(found.values[span.first, found.names.index(name)])

    if value("tail"):
        yield "after the last paragraph"
    elif value("head"):
        yield "before the first paragraph"
    elif value("left") <= 48:
        yield "near the end"
    elif value("index") <= 48:
        yield "near the beginning"
    elif value("gap_before") > 16 or value("gap_after") > 16:
        yield "set apart"


def _page(span: _Span, found: Evidence) -> Iterator[str]:
    """What the page's markup says of the span, the nearest element first."""
    row = dict(zip(found.names, found.values[span.first].tolist(), strict=True))
    said = [(-row[name], i, text) for i, (name, text) in enumerate(_MARKUP) if row.get(name, 0) >= _NEAR_BY]
    yield from [text for *_, text in sorted(said)[:_MOST_MARKUP]]
    if row.get("page_linked", 0) >= _ALL_LINKED:
        yield "all of it is a link"


def _looks(span: _Span, found: Evidence) -> Iterator[str]:
    row = dict(zip(found.names, found.values[span.first].tolist(), strict=True))
    if row["words"] <= 32:
        yield "a short line"
    yield from [text for name, text in _LOOKS if row[name]][: 1 if row["words"] <= 32 else 2]


def _neighbours(span: _Span, kinds: list[int]) -> Iterator[str]:
    before = kinds[span.number - 1] if span.number else 0
    after = kinds[span.number + 1] if span.number + 1 < len(kinds) else 0
    if before == after == span.kind:
        yield f"between two {_name(span.kind)} lines"
    elif span.kind in (before, after):
        yield f"next to {_article(span.kind)} {_name(span.kind)} line"
    elif before or after:
        yield f"next to {_article(before or after)} {_name(before or after)} line"


def _name(kind: int) -> str:
    return str(KINDS[kind]).replace("_", " ")


def _article(kind: int) -> str:
    return "an" if KINDS[kind] in (Kind.ACCOUNT, Kind.ADVERT, Kind.INTERFACE) else "a"
