"""Pages to segmentations: the tree's text, its units, and evidence from text and tree judged together."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ..batches import batches
from ..features import WINDOW, Evidence, gather
from ..kinds import KINDS, Kind
from ..matcher import matcher
from ..model import Model, load_page_model
from ..options import Options
from ..origin import Origin
from ..segment import Sited, judge, segmentations, with_profile, with_sites
from ..shape import Columns
from ..sites import site_of
from ..spans import UNIT, Segmentation
from .charset import decode_page, refuse_other
from .errors import PageError
from .picked import not_asked, picked
from .tree import Page, read_page
from .wall import Wall, wall

Html = str | bytes
PREFIX = "page_"
"""What the names of a page's columns begin with, beside those of its text."""
MOST_PAGES = 32
"""Pages judged together, at most: their trees are in memory."""


class PageEvidence(NamedTuple):
    """What is known of a page besides its text. columns: one value a line, from the tree and from what trafilatura
    picks. wall: what the page is instead of an article, None when it may be one."""

    page: Page
    columns: Columns
    wall: Wall | None


def segment_html(
    html: Html,
    *,
    url: str | None = None,
    site: str | None = None,
    options: Options | None = None,
    encoding: str | None = None,
) -> Segmentation:
    """The segmentation of a page or fragment. url: its address, for links and metadata; nothing is fetched.

    site: where the page is from, told from `url` when it is not given; of use with a profile.
    encoding: of bytes, if a server or the caller knows it: a charset or a Content-Type header. Raises PageError for
    what is no HTML at all (a PDF, a picture), TypeError when `html` is neither str nor bytes.
    """
    page = replace(read(html, url, encoding), site=site or site_of(url))
    return next(segment_pages_with(load_page_model(), [page], options or Options()))


def segment_html_many(
    pages: Iterable[Html | tuple[Html, str | None]],
    *,
    sites: Iterable[str | None] | None = None,
    options: Options | None = None,
) -> Iterator[Segmentation]:
    """Each page's segmentation, in order, streamed. pages: HTML, or pairs of HTML and address.

    sites: the site that each page is from, None where its address tells; as many as pages, or ValueError.
    What is no HTML gives an empty segmentation that says so in its `notes`. A page's result does not depend on the
    others.
    """
    if isinstance(pages, (str, bytes)):
        raise TypeError("segment_html_many takes many pages; for one, use segment_html")
    found = (read_or_note(item, site) for item, site in with_sites(pages, sites))
    for batch in batches(found, lambda page: len(page.text), limit=WINDOW, most=MOST_PAGES):
        yield from segment_pages_with(load_page_model(), batch, options or Options())


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


def read_or_note(item: Html | tuple[Html, str | None], site: str | None = None) -> Page:
    """The page that an item is; what is no HTML is an empty page that says so."""
    html, url = item if isinstance(item, tuple) else (item, None)
    site = site or site_of(url)
    try:
        return replace(read(html, url), site=site)
    except PageError as e:
        return replace(read_page("", url=url), site=site, refused=str(e))


def segment_pages_with(model: Model, pages: list[Page], options: Options) -> Iterator[Segmentation]:
    """As `segment_html_many`, of pages already read, with a model of one's own; all are judged at once."""
    evidence = gather([p.text for p in pages], matcher(options.cues), lang=options.lang)
    known = [page_evidence(p, options) for p in pages]
    batch = [Sited(p.text, p.site) for p in pages]
    p = with_profile(judge(page_values(known, evidence), model), evidence, batch, options, model)
    p = with_walls(p, known, evidence)
    for mine, result in zip(known, segmentations(batch, options, evidence, p), strict=True):
        yield replace(result, origin=Origin(mine.page.url, _notes(mine, result), mine.page))


def page_evidence(page: Page, options: Options) -> PageEvidence:
    """The evidence in a page's tree; with trafilatura's pick, unless the options leave it out."""
    found = picked(page) if options.extractor == "trafilatura" else not_asked(page)
    return PageEvidence(page, page.columns | found.columns, wall(page))


def page_values(known: Sequence[PageEvidence], evidence: Evidence) -> Evidence:
    """The evidence of some texts with that of their pages beside it: what is known of a line holds for its units."""
    units = evidence.units
    bounds = np.searchsorted(units.doc, np.arange(len(known) + 1))
    parts = []
    for mine, first, end in zip(known, bounds[:-1].tolist(), bounds[1:].tolist(), strict=True):
        line = np.searchsorted(mine.page.line_start, units.ink[first:end], side="right") - 1
        parts.append(np.stack(list(mine.columns.values()), axis=1)[line])
    values = np.concatenate([evidence.values, np.concatenate(parts)], axis=1)
    names = (PREFIX + name for name in known[0].columns)
    return evidence._replace(names=(*evidence.names, *names), values=values)


def with_walls(p: NDArray[np.uint16], known: Sequence[PageEvidence], evidence: Evidence) -> NDArray[np.uint16]:
    """The probabilities where pages that are walls instead of articles are nothing else."""
    bounds = np.searchsorted(evidence.units.doc, np.arange(len(known) + 1))
    for mine, first, end in zip(known, bounds[:-1].tolist(), bounds[1:].tolist(), strict=True):
        if mine.wall:
            p[first:end] = _certainly(mine.wall.kind)
    return p


def _certainly(kind: Kind) -> NDArray[np.uint16]:
    row = np.zeros(len(KINDS), np.uint16)
    row[KINDS.index(kind)] = UNIT
    return row


def _notes(known: PageEvidence, result: Segmentation) -> tuple[str, ...]:
    """Why there is no body; nothing when there is one."""
    if known.page.refused:
        return (known.page.refused,)
    if known.wall:
        return (known.wall.note,)
    body = result.table.kinds == KINDS.index(Kind.BODY)
    return () if body.any() else ("no article found",)
