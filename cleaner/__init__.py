"""Separate an article's body from what publishers put around and inside it."""

from typing import TYPE_CHECKING, Any

from .cues import CueError, CuePack
from .kinds import GROUPS, KINDS, Kind
from .options import Options
from .segment import clean, segment, segment_many
from .spans import Segmentation, Span

if TYPE_CHECKING:
    from .page.api import clean_html, segment_html, segment_html_many
    from .page.errors import PageError

__version__ = "0.1.0"

__all__ = [
    "GROUPS",
    "KINDS",
    "CueError",
    "CuePack",
    "Kind",
    "Options",
    "PageError",
    "Segmentation",
    "Span",
    "clean",
    "clean_html",
    "segment",
    "segment_html",
    "segment_html_many",
    "segment_many",
]

_OF_PAGES = ("PageError", "clean_html", "segment_html", "segment_html_many")


def __getattr__(name: str) -> Any:
    """What works on pages is imported when first used: it brings lxml with it."""
    if name not in _OF_PAGES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from .page import api

    return getattr(api, name)
