"""Segmentations, of pages and of texts, as Markdown and HTML."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ..spans import Segmentation


def markdown(result: Segmentation) -> str:
    """See `Segmentation.to_markdown`."""
    if result.origin and result.origin.page:
        from .markdown import page_markdown

        return page_markdown(result.origin.page, result.kept)
    from .escape import text_markdown

    return text_markdown(result.body)


def html(result: Segmentation) -> str:
    """See `Segmentation.to_html`."""
    if result.origin and result.origin.page:
        from .html import page_html

        return page_html(result.origin.page, result.kept)
    from .escape import text_html

    return text_html(result.body)
