"""Spans and the segmentation they make up: everything a caller sees is derived from these."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .body import cuts, join_kept
from .kinds import KINDS, Kind
from .options import Options
from .origin import Origin

FORMAT = "cleaner.segmentation"
VERSION = 1
UNIT = 10_000
"""Probabilities are stored as whole numbers of 1/10,000: sums are exact, and JSON gives back what was written."""

Reasons = tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Span:
    """A line of the input with the line break that ends it, or a piece of a line.

    start, end: half-open, in code points of the text as it was given.
    confidence: the probability of `kind`, 0 to 1.
    removed: whether the options in force take it out.
    """

    start: int
    end: int
    kind: Kind
    confidence: float
    removed: bool
    _of: Segmentation = field(repr=False, compare=False)
    _index: int = field(repr=False, compare=False)

    @property
    def text(self) -> str:
        """The span's text, verbatim."""
        return self._of.text[self.start : self.end]

    @property
    def scores(self) -> dict[Kind, float]:
        """The probability of each kind that has one."""
        row = self._of.table.scores[self._index]
        return {KINDS[k]: int(row[k]) / UNIT for k in np.flatnonzero(row)}

    @property
    def reasons(self) -> tuple[str, ...]:
        """Why the span is of this kind, strongest first, for a person to read; worked out when first asked for."""
        return self._of.reasons[self._index]

    @property
    def path(self) -> str | None:
        """An XPath that finds the span's element in its page again; None when the text came from no page."""
        origin = self._of.origin
        return origin.path(self._index, self.start) if origin else None


@dataclass(frozen=True, slots=True, eq=False)
class SpanTable:
    """The spans of one text as arrays. ends: int64 [n]; kinds: uint8 [n]; scores: uint16 [n, kinds], of 1/10,000."""

    ends: NDArray[np.int64]
    kinds: NDArray[np.uint8]
    scores: NDArray[np.uint16]

    @property
    def starts(self) -> NDArray[np.int64]:
        """Each span begins where the one before ends."""
        return np.concatenate([np.zeros(1, np.int64), self.ends])[: len(self.ends)]

    def removed(self, options: Options) -> NDArray[np.bool_]:
        """Which spans the options take out."""
        wanted = [KINDS.index(k) for k in options.removes]
        return self.scores[:, wanted].sum(axis=1, dtype=np.int64) >= round(options.threshold * UNIT)


@dataclass(frozen=True, eq=False)
class Segmentation:
    """A text and its gap-free partition into spans.

    text: the input, untouched. options: those in force. lang: the language told from the text or given, None when
    neither. packs: the cue packs that applied. site: where the text is from, None when that was not given. origin: the
    page that the text is of, None when it is of none.
    """

    text: str
    options: Options
    lang: str | None
    packs: tuple[str, ...]
    table: SpanTable = field(repr=False)
    _reasons: Reasons | Callable[[Segmentation], Reasons] = field(default=(), repr=False)
    site: str | None = None
    origin: Origin | None = field(default=None, repr=False)

    @cached_property
    def spans(self) -> tuple[Span, ...]:
        """All spans, in order; their texts join to `text` exactly."""
        t = self.table
        confidence = t.scores[np.arange(len(t.kinds)), t.kinds]
        columns = (t.starts.tolist(), t.ends.tolist(), t.kinds.tolist(), confidence.tolist())
        rows = zip(*columns, self.gone.tolist(), strict=True)
        return tuple(Span(a, b, KINDS[k], c / UNIT, r, self, i) for i, (a, b, k, c, r) in enumerate(rows))

    @property
    def removed(self) -> tuple[Span, ...]:
        """The spans that are taken out."""
        return tuple(s for s in self.spans if s.removed)

    @cached_property
    def body(self) -> str:
        """The kept text; docs/python.md gives the rules for white space."""
        kept = self.kept
        return self.text if kept == [(0, len(self.text))] else join_kept(self.text, kept)

    @cached_property
    def gone(self) -> NDArray[np.bool_]:
        """Which spans are taken out."""
        return self.table.removed(self.options)

    @property
    def kept(self) -> list[tuple[int, int]]:
        """The ranges of the text that stay, half-open, in order, with removed text between any two."""
        return list(_runs(~self.gone, self.table))

    @property
    def cuts(self) -> list[tuple[int, int, int, int]]:
        """(start, end, body_start, body_end), where text[start:end] gave way to body[body_start:body_end]: with the
        text that is gone, the body becomes the text again."""
        return cuts(self.text, self.kept)

    @property
    def notes(self) -> tuple[str, ...]:
        """Why a page has no body: "frames only", "a login wall", ...; nothing when it has one."""
        return self.origin.notes if self.origin else ()

    @property
    def url(self) -> str | None:
        """The page's address, if it was given."""
        return self.origin.url if self.origin else None

    @property
    def metadata(self) -> Mapping[str, Any] | None:
        """Of a page: title, author, date, site_name, language, is_paywalled, each None when the page does not say.

        Worked out when first asked for; None when the text came from no page.
        """
        return self.origin.metadata if self.origin else None

    def to_markdown(self) -> str:
        """The kept text as Markdown: a page's headings, lists, tables, code, links; of a text, its paragraphs."""
        from .page.render import markdown

        return markdown(self)

    def to_html(self) -> str:
        """The kept text as HTML that is safe to show: a page's kept elements, links and pictures; of a text, its
        paragraphs."""
        from .page.render import html

        return html(self)

    @cached_property
    def reasons(self) -> Reasons:
        """The reasons of every span, in order."""
        if callable(self._reasons):
            return self._reasons(self)
        return self._reasons or ((),) * len(self.table.ends)

    def with_options(self, options: Options) -> Segmentation:
        """Decide again what goes, without segmenting again: `remove`, `keep` and `threshold` of the new options count.

        Raises ValueError when `lang`, `cues`, `profile` or `extractor` differ: these change what a span is, so the
        text must be segmented again.
        """
        theirs, mine = ((o.lang, o.cues, o.profile, o.extractor) for o in (options, self.options))
        if theirs != mine:
            raise ValueError("with_options cannot change lang, cues, profile or extractor: segment the text again")
        return replace(self, options=options)

    def to_dict(self, *, reasons: bool = True) -> dict[str, Any]:
        """The segmentation as JSON values, see docs/json.md; without `reasons`, faster."""
        why: Reasons = self.reasons if reasons else ((),) * len(self.spans)
        return {
            "format": FORMAT,
            "version": VERSION,
            "lang": self.lang,
            "packs": list(self.packs),
            "site": self.site,
            "options": self.options.to_dict(),
            **self._page_dict(),
            "body": self.body,
            "spans": [_span_dict(s, w) for s, w in zip(self.spans, why, strict=True)],
        }

    def _page_dict(self) -> dict[str, Any]:
        if self.origin is None:
            return {}
        return {"url": self.url, "metadata": dict(self.origin.metadata), "notes": list(self.notes)}

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Segmentation:
        """The segmentation that `to_dict` wrote. Cue packs come back by name only, in `packs`.

        Raises ValueError saying what is wrong and where.
        """
        from .json_form import read

        return read(data)

    def __getstate__(self) -> dict[str, Any]:
        """What goes to another process: all but a page's tree."""
        state = {k: v for k, v in self.__dict__.items() if k != "spans"}
        return {**state, "origin": self.origin.detached(self.table) if self.origin else None}

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Segmentation):
            return NotImplemented
        mine, theirs = self.table, other.table
        return (
            (self.text, self.options, self.lang, self.packs, self.site)
            == (other.text, other.options, other.lang, other.packs, other.site)
            and (self.url, self.notes) == (other.url, other.notes)
            and np.array_equal(mine.ends, theirs.ends)
            and np.array_equal(mine.kinds, theirs.kinds)
            and np.array_equal(mine.scores, theirs.scores)
        )

    def __hash__(self) -> int:
        return hash((self.text, self.packs))

    def __len__(self) -> int:
        return len(self.table.ends)


def _runs(flags: NDArray[np.bool_], table: SpanTable) -> Iterator[tuple[int, int]]:
    """(start, end) of each run of flagged spans."""
    edges = np.flatnonzero(np.diff(np.concatenate([[False], flags, [False]]).astype(np.int8)))
    starts = table.starts
    for first, last in edges.reshape(-1, 2).tolist():
        yield int(starts[first]), int(table.ends[last - 1])


def _span_dict(span: Span, reasons: tuple[str, ...]) -> dict[str, Any]:
    path = span.path
    return {
        "start": span.start,
        "end": span.end,
        "kind": str(span.kind),
        "removed": span.removed,
        "confidence": span.confidence,
        "scores": {str(k): p for k, p in span.scores.items()},
        "reasons": list(reasons),
        **({} if path is None else {"path": path}),
        "text": span.text,
    }
