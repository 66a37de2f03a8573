"""What trafilatura picks of a page, as evidence about each line."""

from __future__ import annotations

import logging
from typing import NamedTuple

import numpy as np

from ..shape import Columns, flag, log16
from .overlap import Words, match, words_of
from .tree import Page

_FOUND = 32
NAMES = (
    "picked", "picked_ordered", "picked_before", "picked_after", "picked_between", "picked_distance", "picked_known",
    "picked_some",
)  # fmt: skip

for _name in ("trafilatura", "htmldate"):  # what they find odd in a page is not for standard error
    logging.getLogger(_name).addHandler(logging.NullHandler())


class Picked(NamedTuple):
    """columns: one value a line, see `NAMES`. text: what was picked, None when nothing was asked for or found."""

    columns: Columns
    text: str | None


def not_asked(page: Page) -> Picked:
    """The columns when trafilatura was not asked: all 0, `picked_known` too."""
    return Picked({name: np.zeros(len(page), np.uint8) for name in NAMES}, None)


def picked(page: Page, *, fast: bool = True) -> Picked:
    """What trafilatura picks, without comments, with tables. fast: without the other extractors that it asks for a
    second opinion. The page's tree is not changed: trafilatura copies a tree that it is given."""
    text = pick(page, fast=fast)
    return Picked(picked_columns(page.words, text), text)


def pick(page: Page, *, fast: bool = True) -> str | None:
    """The text that trafilatura picks; None when it finds none, or fails."""
    from trafilatura import bare_extraction

    try:
        found = bare_extraction(page.root, url=page.url, fast=fast, include_comments=False, include_tables=True)
    except Exception:  # on odd pages it raises what not; evidence may be missing, the page must not fail
        logging.getLogger(__name__).debug("trafilatura failed", exc_info=True)
        return None
    return getattr(found, "text", None) or None


def picked_columns(words: Words, text: str | None) -> Columns:
    """How the lines are found in the text that was picked."""
    n = len(words.first)
    found = match(words, words_of(text or ""))
    here = found.share >= _FOUND
    index = np.arange(n)
    at = np.flatnonzero(here)
    between = np.zeros(n, bool)
    if len(at):
        between = (index >= at[0]) & (index <= at[-1])
    padded = np.concatenate([[-n - 64], at, [2 * n + 64]])
    left, right = padded[np.searchsorted(at, index, "right")], padded[np.searchsorted(at, index) + 1]
    values = (
        found.share,
        found.ordered,
        flag(np.concatenate([[False], here])[:n]),
        flag(np.append(here[1:], False)[:n]),
        flag(between),
        log16(2 * np.minimum(index - left, right - index)),
        flag(np.full(n, True)),
        flag(np.full(n, text is not None)),
    )
    return dict(zip(NAMES, values, strict=True))
