"""Separate an article's body from what publishers put around and inside it."""

from .cues import CueError, CuePack
from .kinds import GROUPS, KINDS, Kind
from .options import Options
from .segment import clean, segment, segment_many
from .spans import Segmentation, Span

__version__ = "0.1.0"

__all__ = [
    "GROUPS",
    "KINDS",
    "CueError",
    "CuePack",
    "Kind",
    "Options",
    "Segmentation",
    "Span",
    "clean",
    "segment",
    "segment_many",
]
