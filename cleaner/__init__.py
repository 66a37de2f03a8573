"""Separate an article's body from what publishers put around and inside it."""

from typing import TYPE_CHECKING

from .cues import CueError, CuePack
from .kinds import GROUPS, KINDS, Kind
from .options import Options
from .segment import clean, segment, segment_many
from .sites import site_of
from .spans import Segmentation, Span

if TYPE_CHECKING:
    from .profile import Profile, ProfileError

__version__ = "0.1.0"

__all__ = [
    "GROUPS",
    "KINDS",
    "CueError",
    "CuePack",
    "Kind",
    "Options",
    "Profile",
    "ProfileError",
    "Segmentation",
    "Span",
    "clean",
    "segment",
    "segment_many",
    "site_of",
]


def __getattr__(name: str) -> object:
    """What few programs need is imported when it is asked for."""
    if name in ("Profile", "ProfileError"):
        from . import profile

        return getattr(profile, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
