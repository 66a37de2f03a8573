"""Text that has to stay text in Markdown and HTML; and plain texts as both."""

from __future__ import annotations

import re
from html import escape

_ALWAYS = re.compile(r"([\\`*_\[\]<~$|])")
_ENTITY = re.compile(r"&(?=#?\w+;)")
_AT_START = re.compile(r"^(\s*)(#{1,6}(?=\s|$)|[>+=-]|:(?=\s)|\d{1,9}(?=[.)](?:\s|$)))", re.MULTILINE)


def escaped(text: str) -> str:
    """Text as Markdown, but for what only counts at the beginning of a line."""
    return _ENTITY.sub(r"\\&", _ALWAYS.sub(r"\\\1", text))


def at_start(text: str) -> str:
    """Markdown text at the beginning of a line, where some characters mean something."""

    def written(found: re.Match[str]) -> str:
        space, mark = found.groups()
        return f"{space}{mark}\\" if mark.isdigit() else f"{space}\\{mark}"

    return _AT_START.sub(written, text)


def text_markdown(body: str) -> str:
    """A text as Markdown: a paragraph for each line."""
    return "\n".join(f"{at_start(escaped(line.strip()))}\n" for line in body.splitlines() if line.strip())


def text_html(body: str) -> str:
    """A text as HTML: a paragraph for each line."""
    return "".join(f"<p>{escape(line.strip(), quote=False)}</p>\n" for line in body.splitlines() if line.strip())
