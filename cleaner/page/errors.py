"""What can be wrong with a page."""

from __future__ import annotations


class PageError(ValueError):
    """An input that is no HTML at all; the message says in one line what it seems to be."""
