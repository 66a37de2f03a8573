"""What an input of the command is: text, HTML, or what trafilatura wrote as JSON."""

from __future__ import annotations

import json
import re
from pathlib import PurePath

from .encoding import marked_encoding

HTML_ENDINGS = frozenset((".html", ".htm", ".xhtml", ".shtml"))
_TEXT_ENDINGS = frozenset((".txt", ".md", ".markdown", ".text", ".rst"))
_HEAD = 4096
_SPACE_AND_COMMENTS = re.compile(r"(?:\s|\ufeff|<\?xml[^>]{0,400}>|<!--.{0,2000}?-->)*", re.DOTALL)
_DOCUMENT = re.compile(r"<(?:!doctype\s+html|html|head|body|frameset)\b", re.IGNORECASE)
_PART = re.compile(
    r"<(?:article|aside|base|blockquote|div|dl|figure|footer|form|h[1-6]|header|iframe|link|main|meta|nav|noscript|ol|p"
    r"|script|section|style|svg|table|template|title|ul)(?:\s[^<>]*)?>",
    re.IGNORECASE,
)
_CLOSED = re.compile(r"</(?:[a-z][a-z0-9]*)\s*>", re.IGNORECASE)
_MOST_JSON = 50_000_000


def is_url(name: str) -> bool:
    """Whether an argument is an address to fetch rather than a file."""
    return name.startswith(("http://", "https://"))


def url_name(url: str) -> str:
    """A file name for what stands at an address."""
    return re.sub(r"[^\w.-]+", "-", url.split("://", 1)[-1]).strip("-.")[:120] or "page"


def has_html_name(name: str) -> bool:
    """Whether a file is called like a page."""
    return PurePath(name).suffix.lower() in HTML_ENDINGS


def is_html(name: str, data: bytes) -> bool:
    """Whether an input is HTML: by the name of its file, else by how it begins. A file that is called like a text is
    HTML only when it is a whole document; a fragment has to begin with an element and to close one."""
    if has_html_name(name):
        return True
    head = data[:_HEAD].decode(marked_encoding(data) or "utf-8", "replace")
    head = head[_SPACE_AND_COMMENTS.match(head).end() :]  # type: ignore[union-attr]  # it matches nothing at least
    if _DOCUMENT.match(head):
        return True
    is_text = PurePath(name).suffix.lower() in _TEXT_ENDINGS
    return not is_text and _PART.match(head) is not None and _CLOSED.search(head) is not None


def extracted_text(text: str) -> str | None:
    """The text in what trafilatura writes with --json; None when it is no such thing."""
    if text.lstrip()[:1] != "{" or '"raw_text"' not in text or len(text) > _MOST_JSON:
        return None
    try:
        data = json.loads(text)
    except (ValueError, RecursionError):
        return None
    found = data.get("text") if isinstance(data, dict) and "raw_text" in data else None
    return found if isinstance(found, str) else None
