"""Title, author, date and the like, as the page gives them."""

from __future__ import annotations

import logging
import re
from copy import deepcopy
from typing import Any

import numpy as np

from .tree import Page

FIELDS = ("title", "author", "date", "site_name", "language", "is_paywalled")
_WALL = re.compile(
    r"(?:^|[\s_-])(?:paywall|regwall|registration-wall|paywalled|metered-content)(?:$|[\s_-])", re.IGNORECASE
)


def metadata(page: Page) -> dict[str, Any]:
    """The page's metadata: a value for each of FIELDS, None where the page does not say.

    All but `is_paywalled` are what trafilatura finds. The date is ISO 8601, the language a code.
    """
    found = _found(page)
    values = {name: getattr(found, name, None) or None for name in ("title", "author", "date")}
    values["site_name"] = getattr(found, "sitename", None) or None
    values["language"] = _language(page, found)
    values["is_paywalled"] = is_paywalled(page)
    return {name: values[name] for name in FIELDS}


def _found(page: Page) -> Any:
    from trafilatura.metadata import extract_metadata

    try:
        return extract_metadata(deepcopy(page.root), default_url=page.url)
    except Exception:  # on odd pages it raises what not; metadata may be missing, the page must not fail
        logging.getLogger(__name__).debug("trafilatura failed", exc_info=True)
        return None


def _language(page: Page, found: Any) -> str | None:
    declared = page.root.get("lang") or page.root.get("xml:lang") or getattr(found, "language", None)
    code = (declared or "").strip().replace("_", "-").split("-")[0].lower()
    return code if 2 <= len(code) <= 3 and code.isalpha() else None


def is_paywalled(page: Page) -> bool | None:
    """Whether the page says that it must be paid for, or marks itself as premium; None when nothing tells."""
    if page.head.free is not None:
        return not page.head.free
    if page.head.paid_names:
        return True
    return True if _has_wall(page) else None


def _has_wall(page: Page) -> bool:
    """Whether an element that is named for a paywall has text in it."""
    nodes, lines = page.nodes, page.line_node
    named = [i for i, s in enumerate(nodes.signatures) if any(k in ("class", "id") and _WALL.search(v) for k, v in s)]
    for node in np.flatnonzero(np.isin(nodes.names, named)).tolist():
        if np.any((lines >= node) & (lines < nodes.end[node])):
            return True
    return False
