"""Tables of data, as against tables that only lay out a page."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_STRUCTURE = ("table", "h1", "h2", "h3", "ul", "ol", "pre", "form", "article", "section", "blockquote")
_MOST_CELLS = 4000
_LONGEST, _LONG = 600, 140
"""Characters in a cell of data: at most, and on average."""


def is_data(table: HtmlElement) -> bool:
    """Whether a table's rows are rows: several cells in several rows, all of them short and of plain text."""
    if table.get("role") in ("presentation", "none") or next(table.iterdescendants(*_STRUCTURE), None) is not None:
        return False
    rows = sum(1 for _ in table.iter("tr"))
    sizes = []
    for cell in table.iter("td", "th"):
        sizes.append(sum(map(len, cell.itertext())))
        if sizes[-1] > 2 * _LONGEST:
            return False
        if len(sizes) >= _MOST_CELLS:
            break
    return rows > 1 and len(sizes) > rows and max(sizes) <= _LONGEST and sum(sizes) <= _LONG * len(sizes)
