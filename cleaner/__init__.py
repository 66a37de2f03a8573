"""Separate an article's body from what publishers put around and inside it."""

from typing import TYPE_CHECKING, Any

from .cues import CueError, CuePack
from .kinds import GROUPS, KINDS, Kind
from .options import Options
from .segment import clean, segment, segment_many
from .sites import site_of
from .spans import Segmentation, Span

if TYPE_CHECKING:
    from .page.api import clean_html, segment_html, segment_html_many
    from .page.errors import PageError
    from .profile import Profile, ProfileError

__version__ = "0.1.0"

__all__ = [
    "GROUPS",
    "KINDS",
    "CueError",
    "CuePack",
    "Kind",
    "Options",
    "PageError",
    "Profile",
    "ProfileError",
    "Segmentation",
    "Span",
    "clean",
    "clean_html",
    "segment",
    "segment_html",
    "segment_html_many",
    "segment_many",
    "site_of",
]

_LATE = {
    **dict.fromkeys(("PageError", "clean_html", "segment_html", "segment_html_many"), "page.api"),
    **dict.fromkeys(("Profile", "ProfileError"), "profile"),
}
"""Where to find what is imported when it is first asked for: pages bring lxml with them, profiles SQLite."""


def __getattr__(name: str) -> Any:
    """See _LATE."""
    if name not in _LATE:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(f".{_LATE[name]}", __name__), name)
