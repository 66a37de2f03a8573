"""The phrasebooks: what outlets of a language print around and inside articles. README.md there has the schema."""

from __future__ import annotations

import random
import re
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from cleaner.kinds import Kind

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

PLACES = ("head", "inside", "end", "any")
Slots = dict[str, list[str]]


class PhrasebookError(ValueError):
    """A phrasebook that cannot be used; the message names file and entry."""


@dataclass(frozen=True)
class Banner:
    """Lines that stand together on a page."""

    kind: str
    place: str
    lines: tuple[str, ...]
    slots: Slots


@dataclass(frozen=True)
class Article:
    """A short article: (kind, text) of its lines; all of it stays."""

    lines: tuple[tuple[str, str], ...]
    slots: Slots


@dataclass
class Phrasebook:
    """All that the files of one language hold."""

    banners: list[Banner] = field(default_factory=list)
    singles: list[Banner] = field(default_factory=list)
    articles: list[Article] = field(default_factory=list)
    keeps: list[Article] = field(default_factory=list)

    def add(self, data: dict[str, Any], source: str) -> None:
        """Add what a file holds. Raises PhrasebookError."""
        slots = data.get("slots", {})
        for i, b in enumerate(data.get("banner", []), 1):
            self.banners.append(_banner(b, b["lines"], slots, f"{source}: banner {i}"))
        for i, s in enumerate(data.get("single", []), 1):
            self.singles += [_banner(s, [t], slots, f"{source}: single {i}") for t in s["texts"]]
        for i, a in enumerate(data.get("article", []), 1):
            self.articles.append(_article(a["lines"], slots, f"{source}: article {i}"))
        for i, k in enumerate(data.get("keep", []), 1):
            self.keeps += [_article([[k["kind"], t]], slots, f"{source}: keep {i}") for t in k["texts"]]


def load(folder: Path) -> dict[str, Phrasebook]:
    """The phrasebooks in a folder by language. Raises PhrasebookError."""
    books: dict[str, Phrasebook] = {}
    for path in sorted(folder.glob("*.toml")):
        try:
            data = tomllib.loads(path.read_text("utf-8"))
        except tomllib.TOMLDecodeError as e:
            raise PhrasebookError(f"{path}: {e}") from None
        books.setdefault(data["lang"], Phrasebook()).add(data, path.name)
    return books


def _banner(entry: dict[str, Any], lines: list[str], slots: Slots, where: str) -> Banner:
    place = entry.get("place", "any")
    if place not in PLACES:
        raise PhrasebookError(f"{where}: unknown place {place!r}")
    _check([(entry["kind"], line) for line in lines], slots, where)
    return Banner(entry["kind"], place, tuple(lines), slots)


def _article(lines: list[list[str]], slots: Slots, where: str) -> Article:
    pairs = [(kind, text) for kind, text in lines]
    _check(pairs, slots, where)
    return Article(tuple(pairs), slots)


def _check(lines: list[tuple[str, str]], slots: Slots, where: str) -> None:
    for kind, text in lines:
        if kind not in set(map(str, Kind)):
            raise PhrasebookError(f"{where}: unknown kind {kind!r}")
        for name in _SLOT.findall(text):
            if name not in slots and name not in _MADE_UP:
                raise PhrasebookError(f"{where}: no slot {name!r}")


_SLOT = re.compile(r"\{(\w+)\}")
_MADE_UP = ("n", "date", "time", "email")
_DATES = ("12.03.2024", "3 May 2025", "2023-11-04", "17/06/2022", "June 5, 2024", "24. 10. 2025", "5 mars 2021")
_ADDRESSES = ("info@example.com", "redaktion@example.org", "tips@example.net")


def fill(text: str, slots: Slots, rng: random.Random) -> str:
    """The text with every slot filled at random."""

    def value(match: re.Match[str]) -> str:
        name = match.group(1)
        if name == "n":
            return str(rng.choice((rng.randint(0, 9), rng.randint(10, 99), rng.randint(100, 3000))))
        if name == "date":
            return rng.choice(_DATES)
        if name == "time":
            return f"{rng.randint(0, 23):02}:{rng.randint(0, 59):02}"
        if name == "email":
            return rng.choice(_ADDRESSES)
        return rng.choice(slots[name])

    return _SLOT.sub(value, text)
