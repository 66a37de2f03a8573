"""Pages to segmentations: the tree's text, its units, and evidence from text and tree judged together."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import fields, replace
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ..features import WINDOW, Evidence, Units, gather
from ..kinds import KINDS, Kind
from ..matcher import matcher
from ..model import load
from ..options import Options
from ..origin import Origin
from ..segment import judge, segmentations
from ..shape import Columns
from ..spans import UNIT, Segmentation
from .charset import decode_page, refuse_other
from .errors import PageError
from .picked import not_asked, picked
from .tree import Page, read_page
from .wall import Wall, wall

Html = str | bytes
MOST_PAGES = 32
"""Pages judged together, at most: their trees are in memory."""


class PageEvidence(NamedTuple):
    """What is known of a page besides its text. columns: one value a line, from the tree and from what trafilatura
    picks. wall: what the page is instead of an article, None when it may be one."""

    page: Page
    columns: Columns
    wall: Wall | None


def segment_html(
    html: Html, *, url: str | None = None, options: Options | None = None, encoding: str | None = None
) -> Segmentation:
    """The segmentation of a page or fragment. url: its address, for links and metadata; nothing is fetched.

    encoding: of bytes, if a server or the caller knows it: a charset or a Content-Type header. Raises PageError for
    what is no HTML at all (a PDF, a picture), TypeError when `html` is neither str nor bytes.
    """
    return next(_segment_batch([read(html, url, encoding)], options or Options()))


def segment_html_many(
    pages: Iterable[Html | tuple[Html, str | None]], *, options: Options | None = None
) -> Iterator[Segmentation]:
    """Each page's segmentation, in order, streamed. pages: HTML, or pairs of HTML and address.

    What is no HTML gives an empty segmentation that says so in its `notes`. A page's result does not depend on the
    others.
    """
    if isinstance(pages, (str, bytes)):
        raise TypeError("segment_html_many takes many pages; for one, use segment_html")
    for batch in _batches(pages):
        yield from _segment_batch(batch, options or Options())


def read(html: Html, url: str | None = None, encoding: str | None = None) -> Page:
    """The page that a str or bytes are. Raises PageError, TypeError."""
    if isinstance(html, bytes):
        text = decode_page(html, encoding)
    elif isinstance(html, str):
        text = html.removeprefix("\ufeff")
        refuse_other(text)
    else:
        raise TypeError(f"a page must be a str or bytes, not {type(html).__name__}")
    return read_page(text, url=url)


def _read_or_note(item: Html | tuple[Html, str | None]) -> Page:
    html, url = item if isinstance(item, tuple) else (item, None)
    try:
        return read(html, url)
    except PageError as e:
        return replace(read_page("", url=url), refused=str(e))


def _batches(pages: Iterable[Html | tuple[Html, str | None]]) -> Iterator[list[Page]]:
    batch: list[Page] = []
    size = 0
    for item in pages:
        page = _read_or_note(item)
        if batch and (len(batch) >= MOST_PAGES or size + len(page.text) > WINDOW):
            yield batch
            batch, size = [], 0
        batch.append(page)
        size += len(page.text) + 1
    if batch:
        yield batch


def _segment_batch(pages: list[Page], options: Options) -> Iterator[Segmentation]:
    texts = [p.text for p in pages]
    evidence = gather(texts, matcher(options.cues), lang=options.lang)
    known = [page_evidence(p, options) for p in pages]
    p = judge_pages(known, evidence)
    for mine, result in zip(known, segmentations(texts, options, evidence, p), strict=True):
        yield replace(result, origin=Origin(mine.page.url, _notes(mine, result), mine.page))


def page_evidence(page: Page, options: Options) -> PageEvidence:
    """The evidence in a page's tree; with trafilatura's pick, unless the options leave it out."""
    found = picked(page) if options.extractor == "trafilatura" else not_asked(page)
    return PageEvidence(page, page.columns | found.columns, wall(page))


def judge_pages(known: Sequence[PageEvidence], evidence: Evidence) -> NDArray[np.uint16]:
    """The probability of each kind for each unit, in 1/10,000: uint16 [units, kinds].

    This is the one place where pages are judged. For now: a rule of thumb says what is outside the main text, and the
    text model judges the rest, which is all that it sees: it costs more than all else together.
    """
    units = evidence.units
    p = np.zeros((len(units), len(KINDS)), np.uint16)
    ask = np.zeros(len(units), bool)
    bounds = np.searchsorted(units.doc, np.arange(len(known) + 1))
    for mine, first, end in zip(known, bounds[:-1].tolist(), bounds[1:].tolist(), strict=True):
        line = np.searchsorted(mine.page.line_start, units.ink[first:end], side="right") - 1
        if mine.wall:
            p[first:end] = _certainly(mine.wall.kind)
        elif end > first:
            p[first:end], ask[first:end] = _stand_in(mine.columns, line)
    p[ask] = judge(only(evidence, ask), load())
    return p


def only(evidence: Evidence, which: NDArray[np.bool_]) -> Evidence:
    """The evidence about some of the units, as if there were no others."""
    units = Units(**{f.name: getattr(evidence.units, f.name)[which] for f in fields(Units)})
    return evidence._replace(units=units, values=evidence.values[which])


def _certainly(kind: Kind) -> NDArray[np.uint16]:
    row = np.zeros(len(KINDS), np.uint16)
    row[KINDS.index(kind)] = UNIT
    return row


def _stand_in(columns: Columns, line: NDArray[np.intp]) -> tuple[NDArray[np.uint16], NDArray[np.bool_]]:
    """Until there is a model of pages: what lies outside the main text is interface, main headings are headlines.

    line: of each unit. Returns the probabilities of these, and which units are neither.
    """
    title = (columns["tag_h1"] > 0) | (columns["is_title"] > 0)
    if columns["picked_some"].any():
        inside = columns["picked"] >= 32
    elif columns["prose"].any():
        inside = (columns["best2_between"] > 0) & (columns["linked"] < 32)
    else:
        inside = columns["linked"] < 48
    p = np.where(title[line, None], _certainly(Kind.HEADLINE), _certainly(Kind.INTERFACE))
    return p, (inside & ~title)[line]


def _notes(known: PageEvidence, result: Segmentation) -> tuple[str, ...]:
    """Why there is no body; nothing when there is one."""
    if known.page.refused:
        return (known.page.refused,)
    if known.wall:
        return (known.wall.note,)
    body = result.table.kinds == KINDS.index(Kind.BODY)
    return () if body.any() else ("no article found",)
