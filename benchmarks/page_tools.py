"""Tools that give a page's body, each as a function from some pages to their bodies."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import cleaner
from cleaner.model import load as load_model
from cleaner.page.segment import read_or_note, segment_pages_with


class Html(NamedTuple):
    """A page, its address, and its fold in cross-validation (-1: none)."""

    html: str
    url: str | None
    fold: int = -1


Bodies = Callable[[Sequence[Html]], list[str]]


class Tool(NamedTuple):
    """name: in the tables. bodies: from pages to bodies. ours: whether it is cleaner."""

    name: str
    bodies: Bodies
    ours: bool = False


class MissingPeerError(Exception):
    """A peer that is not installed; the message says how to get it."""


def _cleaner(extractor: str, folds: Path | None) -> Bodies:
    """With `folds`, each page by the model that was not trained on its fold."""
    options = cleaner.Options(remove=("boilerplate", "furniture"), extractor=extractor)
    if folds is None:
        return lambda pages: [r.body for r in cleaner.segment_html_many([p[:2] for p in pages], options=options)]

    def bodies(pages: Sequence[Html]) -> list[str]:
        found = [""] * len(pages)
        for fold in {p.fold for p in pages}:
            mine = [i for i, p in enumerate(pages) if p.fold == fold]
            model = load_model(str(folds / f"page{fold}.bin"))
            results = segment_pages_with(model, [read_or_note(pages[i][:2]) for i in mine], options)
            for i, result in zip(mine, results, strict=True):
                found[i] = result.body
        return found

    return bodies


def _each(body: Callable[[str, str | None], str | None]) -> Bodies:
    """A tool that takes one page at a time; what makes it fail counts as an empty body."""

    def bodies(pages: Sequence[Html]) -> list[str]:
        found = []
        for html, url, _ in pages:
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


def tools(folds: Path | None = None) -> tuple[list[Tool], list[str]]:
    """cleaner first, then its peers; and what has to be said about peers that are left out."""
    found = [
        Tool("cleaner", _cleaner("trafilatura", folds), True),
        Tool("cleaner, fast", _cleaner("fast", folds), True),
    ]
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
