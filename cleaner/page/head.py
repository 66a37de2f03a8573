"""What a page says of itself: title, meta elements, JSON-LD."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_TITLES = ("og:title", "twitter:title", "dc.title", "title")
_DESCRIPTIONS = ("og:description", "description", "twitter:description")
_TIERS = ("article:content_tier", "content_tier")
_LONGEST = 4_000_000
_DEEPEST = 12
_MOST_OBJECTS = 3000
_TAG = re.compile(r"<[^>]{0,2000}>")
_SELECTOR = re.compile(r"[.#]([\w-]+)")
_CONTROL = re.compile("[\x00-\x1f]+")


@dataclass(frozen=True)
class Head:
    """What a page says of itself. free: whether it may be read without paying, None when it does not say.

    titles, descriptions: from meta elements, `title` and JSON-LD, without duplicates. body: JSON-LD's `articleBody`.
    paid_names: classes and ids of the parts that have to be paid for.
    """

    titles: tuple[str, ...] = ()
    descriptions: tuple[str, ...] = ()
    body: str = ""
    free: bool | None = None
    paid_names: frozenset[str] = field(default_factory=frozenset)
    base: str | None = None


def read_head(root: HtmlElement) -> Head:
    """What a tree's meta elements and JSON-LD say; never fails."""
    meta: dict[str, str] = {}
    objects: list[dict[str, Any]] = []
    title, base = "", None
    for el in root.iter("meta", "title", "script", "base"):
        if el.tag == "meta":
            name = el.get("property") or el.get("name") or el.get("itemprop") or ""
            meta.setdefault(name.lower(), el.get("content") or "")
        elif el.tag == "title":
            title = title or (el.text or "")
        elif el.tag == "base":
            base = base or el.get("href")
        elif "ld+json" in (el.get("type") or "").lower() and el.text:
            objects += _objects(el.text)
    return _head(meta, title, objects, base)


def _head(meta: dict[str, str], title: str, objects: list[dict[str, Any]], base: str | None) -> Head:
    articles = [o for o in objects if _text_of(o, "articleBody") or _text_of(o, "headline")]
    titles = [meta.get(n, "") for n in _TITLES] + [title] + [_text_of(o, "headline") for o in articles]
    about = [meta.get(n, "") for n in _DESCRIPTIONS] + [_text_of(o, "description") for o in articles]
    bodies = [_TAG.sub(" ", _text_of(o, "articleBody")) for o in articles]
    free = [x for x in map(_is_free, objects) if x is not None]
    tier = next((meta[n].lower() for n in _TIERS if n in meta), "")
    if not free and tier:
        free = [tier not in ("locked", "metered")]
    return Head(
        titles=_distinct(titles),
        descriptions=_distinct(about),
        body=max(bodies, key=len, default=""),
        free=all(free) if free else None,
        paid_names=frozenset(n for o in objects for n in _paid(o)),
        base=base,
    )


def _objects(text: str) -> list[dict[str, Any]]:
    """All objects in a JSON-LD script, also in one that is not quite JSON."""
    if len(text) > _LONGEST:
        return []
    try:
        data = json.loads(_CONTROL.sub(" ", text.strip().removesuffix(";")), strict=False)
    except (ValueError, RecursionError):
        return []
    found: list[dict[str, Any]] = []
    stack = [(data, 0)]
    while stack and len(found) < _MOST_OBJECTS:
        value, depth = stack.pop()
        if isinstance(value, dict):
            found.append(value)
        if depth < _DEEPEST and isinstance(value, (dict, list)):
            inside = value.values() if isinstance(value, dict) else value
            stack += [(v, depth + 1) for v in inside if isinstance(v, (dict, list))]
    return found


def _text_of(data: dict[str, Any], name: str) -> str:
    value = data.get(name)
    if isinstance(value, list):
        return "\n".join(v for v in value if isinstance(v, str))
    return value if isinstance(value, str) else ""


def _is_free(data: dict[str, Any]) -> bool | None:
    value = data.get("isAccessibleForFree")
    if isinstance(value, str):
        value = {"true": True, "false": False}.get(value.lower().rsplit("/", 1)[-1])
    return value if isinstance(value, bool) else None


def _paid(data: dict[str, Any]) -> Iterator[str]:
    """Names in the CSS selector of a part that is not free."""
    selectors = data.get("cssSelector")
    if _is_free(data) is False and selectors:
        for selector in selectors if isinstance(selectors, list) else [selectors]:
            yield from _SELECTOR.findall(str(selector))


def _distinct(texts: list[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(t for t in (" ".join(x.split()) for x in texts) if t))
