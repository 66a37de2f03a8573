"""Tools that give a page's body, each as a function from some pages to their bodies."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import cleaner

Html = tuple[str, str | None]
"""A page and its address."""
Bodies = Callable[[Sequence[Html]], list[str]]


class Tool(NamedTuple):
    """name: in the tables. bodies: from pages to bodies. ours: whether it is cleaner."""

    name: str
    bodies: Bodies
    ours: bool = False


class MissingPeerError(Exception):
    """A peer that is not installed; the message says how to get it."""


def _cleaner(extractor: str) -> Bodies:
    options = cleaner.Options(remove=("boilerplate", "furniture"), extractor=extractor)
    return lambda pages: [r.body for r in cleaner.segment_html_many(pages, options=options)]


def _each(body: Callable[[str, str | None], str | None]) -> Bodies:
    """A tool that takes one page at a time; what makes it fail counts as an empty body."""

    def bodies(pages: Sequence[Html]) -> list[str]:
        found = []
        for html, url in pages:
            try:
                found.append(body(html, url) or "")
            except Exception:  # a peer's failure is its result, not the end of the run
                logging.getLogger(__name__).debug("failed", exc_info=True)
                found.append("")
        return found

    return bodies


def _trafilatura(**settings: Any) -> Bodies:
    from trafilatura import extract

    return _each(lambda html, url: extract(html, url=url, include_comments=False, **settings))


def _resiliparse() -> Bodies:
    try:
        from resiliparse.extract.html2text import extract_plain_text
        from resiliparse.parse.html import HTMLTree
    except ImportError as e:
        raise MissingPeerError(f"{e} (pip install resiliparse)") from None
    return _each(lambda html, _: extract_plain_text(HTMLTree.parse(html), main_content=True, comments=False))


def _readability() -> Bodies:
    try:
        from lxml.html import fromstring
        from readability import Document
    except ImportError as e:
        raise MissingPeerError(f"{e} (pip install readability-lxml)") from None
    return _each(lambda html, _: "\n".join(fromstring(Document(html).summary()).itertext()))


def tools() -> tuple[list[Tool], list[str]]:
    """cleaner first, then its peers; and what has to be said about peers that are left out."""
    found = [Tool("cleaner", _cleaner("trafilatura"), True), Tool("cleaner, fast", _cleaner("fast"), True)]
    found += [
        Tool("trafilatura", _trafilatura()),
        Tool("trafilatura, precision", _trafilatura(favor_precision=True)),
        Tool("trafilatura, recall", _trafilatura(favor_recall=True)),
        Tool("trafilatura, fast", _trafilatura(fast=True)),
    ]
    missing = []
    for name, make in (("Resiliparse", _resiliparse), ("readability-lxml", _readability)):
        try:
            found.append(Tool(name, make()))
        except MissingPeerError as e:
            missing.append(f"{name} is left out: {e}")
    return found, missing
