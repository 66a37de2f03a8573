"""Pages that hold no article: empty ones, frames, log-in walls."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from ..kinds import Kind
from .tags import TAG_NUMBER
from .tree import Page

_LITTLE = 400
_MOST_FORM = 1500


class Wall(NamedTuple):
    """What a page is instead of an article. kind: of all its text."""

    note: str
    kind: Kind


def wall(page: Page) -> Wall | None:
    """What stands in the way of an article; None when nothing does."""
    if page.frames and len(page.text) < _LITTLE:
        return Wall("frames only", Kind.INTERFACE)
    if not page.text.strip():
        return Wall("an empty page", Kind.INTERFACE)
    if len(page.text) < _MOST_FORM and not page.columns["prose"].any() and _asks_password(page):
        return Wall("a login wall", Kind.ACCOUNT)
    return None


def _asks_password(page: Page) -> bool:
    inputs = np.flatnonzero(page.nodes.tag == TAG_NUMBER["input"]).tolist()
    return any((page.nodes.element[i].get("type") or "").lower() == "password" for i in inputs)
