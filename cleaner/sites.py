"""Which site a URL belongs to."""

from __future__ import annotations

import re
from functools import lru_cache

_HOST = re.compile(
    r"^(?:[a-z][a-z0-9+.-]*:)?//(?:[^/?#@]*@)?(\[[^\]]*\]|[^/?#:@]+)|^([^/?#:@\s]+\.[^/?#:@\s]+)(?:[:/?#]|$)", re.I
)
_BLOGS = frozenset({"wordpress.com", "substack.com", "tumblr.com", "medium.com", "typepad.com", "livejournal.com"})
"""Hosts of blogs that the list of public suffixes does not know as such."""


def site_of(url: str | None) -> str | None:
    """The registered domain of a URL or a host name; None where there is no host.

    "https://news.example.co.uk/a" is of "example.co.uk". On a host of blogs each blog is a site; a host of no known
    public suffix is one by itself, less "www.".
    """
    found = _HOST.search(url.strip()) if url else None
    return _site(str(found[1] or found[2]).lower().strip(".")) if found else None


@lru_cache(maxsize=1 << 14)
def _site(host: str) -> str | None:
    from tld import get_fld

    try:
        domain = get_fld(host, fix_protocol=True, fail_silently=True, search_private=True)
    except ValueError:
        domain = None
    if domain in _BLOGS:
        return host.removeprefix("www.")
    return domain or host.removeprefix("www.") or None
