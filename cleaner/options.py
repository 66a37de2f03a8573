"""The one configuration route."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from .kinds import Kind, expand

if TYPE_CHECKING:
    from .cues import CuePack
    from .profile import Profile

DEFAULT_THRESHOLD = 0.5
EXTRACTORS = ("trafilatura", "fast")


@dataclass(frozen=True, kw_only=True)
class Options:
    """What goes, and what the caller knows about the text.

    remove, keep: kinds and the groups ``core``, ``boilerplate``, ``furniture``; ``keep`` wins over ``remove``.
    threshold: a span goes when the summed probability of the kinds to be removed reaches it; above 0, at most 1.
    lang: the text's language as a two-letter code, a hint; without it the language is told from the text.
    cues: the caller's own cue packs, one or several (see `cleaner.CuePack`).
    profile: what sites repeat (see `cleaner.Profile`); counts for texts whose site is given.
    extractor: for pages: "trafilatura" asks trafilatura what it would pick, as evidence; "fast" does without.

    Raises ValueError when a kind or the extractor is unknown, the threshold out of range or the language no code.
    """

    remove: tuple[str | Kind, ...] = ("boilerplate",)
    keep: tuple[str | Kind, ...] = ()
    threshold: float = DEFAULT_THRESHOLD
    lang: str | None = None
    cues: tuple[CuePack, ...] = ()
    profile: Profile | None = None
    extractor: str = EXTRACTORS[0]

    def __post_init__(self) -> None:
        set_ = object.__setattr__
        set_(self, "remove", _names(self.remove))
        set_(self, "keep", _names(self.keep))
        set_(self, "cues", _packs(self.cues))
        expand(self.remove)
        expand(self.keep)
        if isinstance(self.threshold, bool) or not isinstance(self.threshold, (int, float)):
            raise ValueError(f"threshold must be a number, not {self.threshold!r}")
        if not 0 < self.threshold <= 1:
            raise ValueError(f"threshold must lie above 0 and at most at 1, not {self.threshold!r}")
        if self.profile is not None and not hasattr(self.profile, "digest"):
            raise ValueError(f"profile must be a Profile, not {type(self.profile).__name__}")
        if self.lang is not None and not _is_code(self.lang):
            raise ValueError(f"lang must be a language code such as 'en', not {self.lang!r}")
        if self.extractor not in EXTRACTORS:
            raise ValueError(f"extractor must be one of {', '.join(EXTRACTORS)}, not {self.extractor!r}")

    @cached_property
    def removes(self) -> frozenset[Kind]:
        """The kinds to be removed: `remove` less `keep`."""
        return expand(self.remove) - expand(self.keep)

    def to_dict(self) -> dict[str, Any]:
        """The options as JSON values; cue packs by name and digest."""
        return {
            "remove": [str(x) for x in self.remove],
            "keep": [str(x) for x in self.keep],
            "threshold": self.threshold,
            "lang": self.lang,
            "cues": [{"name": p.name, "digest": p.digest} for p in self.cues],
            "profile": self.profile and {"digest": self.profile.digest},
            "extractor": self.extractor,
        }


def _names(value: str | Kind | Iterable[str | Kind]) -> tuple[str | Kind, ...]:
    return (value,) if isinstance(value, str) else tuple(value)


def _packs(value: CuePack | Iterable[CuePack] | None) -> tuple[CuePack, ...]:
    if value is None:
        return ()
    return tuple(value) if isinstance(value, Iterable) else (value,)


def _is_code(lang: object) -> bool:
    return isinstance(lang, str) and 2 <= len(lang) <= 12 and lang.replace("-", "").isalnum()
