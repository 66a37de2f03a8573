"""Addresses of links and pictures: absolute where that is possible, and of no scheme that does something."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import quote, urljoin, urlsplit

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_SCHEMES = ("http", "https", "mailto", "")
_IN_SCHEME = re.compile("[\x00-\x20\x7f-\x9f\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u2064\ufeff]+")
_SAFE = "%/:=&?~#+!$,;'@*[]"
_LAZY = ("src", "data-src", "data-original", "data-lazy-src", "data-full-src", "data-srcset", "srcset")


def web_address(value: str | None, url: str | None, base: str | None = None) -> str | None:
    """An address as it may be written into an attribute: http, https, mailto, or relative where there is no `url` to
    make it absolute. None for all else. base: what the page's `base` element says."""
    if value is None:
        return None
    raw = _IN_SCHEME.sub("", value) if ":" in value[:64] else value.strip()
    try:
        whole = urljoin(urljoin(url or "", base or ""), raw)
        scheme = urlsplit(whole).scheme.lower()
    except ValueError:
        return None
    if scheme not in _SCHEMES or (not scheme and ":" in whole.split("/")[0]):
        return None
    return quote(whole, safe=_SAFE) or None


def picture_source(el: HtmlElement, url: str | None, base: str | None = None) -> str | None:
    """The address of a picture, also of one that a script would load; None when it has none but data."""
    for name in _LAZY:
        value = (el.get(name) or "").strip()
        if "srcset" in name:
            value = value.split(",")[0].split(" ")[0]
        address = web_address(value, url, base) if value else None
        if address and not address.startswith("mailto:"):
            return address
    return None
