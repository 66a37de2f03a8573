"""What `cleaner` exports of pages."""

from __future__ import annotations

from ..options import Options
from .errors import PageError
from .segment import Html, segment_html, segment_html_many

__all__ = ["PageError", "clean_html", "segment_html", "segment_html_many"]


def clean_html(
    html: Html,
    *,
    url: str | None = None,
    site: str | None = None,
    options: Options | None = None,
    encoding: str | None = None,
) -> str:
    """The body of a page: its text without the spans that `options` removes. Arguments and errors as `segment_html`."""
    return segment_html(html, url=url, site=site, options=options, encoding=encoding).body
