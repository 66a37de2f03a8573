"""The kept parts of a page as HTML that is safe to show.

It is written anew from the outline: a closed list of elements, of attributes `href`, `src` and `alt` only, addresses of
http, https and mailto only, all text escaped. No element or attribute of the page itself is copied.
"""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

from .outline import Line, Outline, Run, Step, write_inline
from .tree import Page
from .walk import BLOCK, BR, GAP, NEWLINE

_GAPS = {BLOCK: "\n", BR: "<br />", GAP: "<br /><br />", NEWLINE: "\n"}
_CODES = ("code", "kbd", "samp")
_OWN_LINE = frozenset(("ul", "ol", "dl", "table", "blockquote", "figure"))


def page_html(page: Page, kept: list[tuple[int, int]]) -> str:
    """The kept ranges of a page's text as HTML."""
    return _Writer(Outline(page, kept))()


def _text(text: str) -> str:
    return escape(text, quote=False)


class _Writer:
    def __init__(self, outline: Outline) -> None:
        self.outline = outline
        self.open: list[Step] = []
        self.parts: list[str] = []

    def __call__(self) -> str:
        for line in self.outline:
            self._line(line)
        self._close(0)
        return "".join(self.parts)

    def _line(self, line: Line) -> None:
        same = _common(self.open, line.chain)
        going_on = same == len(self.open) == len(line.chain)
        self._close(same)
        for step in line.chain[same:]:
            self._begin(step)
        if line.image:
            source, alt = line.image
            self.parts.append(f'<img src="{escape(source)}" alt="{escape(alt)}" />')
            return
        if line.cells:
            self._row(line)
            return
        if going_on or (same == len(line.chain) and line.runs):
            self.parts.append(_GAPS[line.gap])
        runs = line.runs
        if line.chain[-1][1] == "pre":
            runs = tuple(Run(r.text, tuple(m for m in r.marks if m[1] not in _CODES)) for r in runs)
        self.parts.append(self._inline(runs))

    def _row(self, line: Line) -> None:
        for cell, head in zip(line.cells, line.heads, strict=True):
            tag = "th" if head else "td"
            self.parts.append(f"<{tag}>{self._inline(cell)}</{tag}>")

    def _inline(self, runs: Iterable[Run]) -> str:
        return write_inline(runs, _text, self._wrap)

    def _wrap(self, mark: Step, inside: str, before: str, after: str) -> str:
        node, tag = mark
        if tag != "a":
            return f"<{tag}>{inside}</{tag}>"
        address = self.outline.address(node)
        return f'<a href="{escape(address)}">{inside}</a>' if address else inside

    def _begin(self, step: Step) -> None:
        self.open.append(step)
        tag = step[1]
        if tag != "img":
            self.parts.append(f"<{tag}>" + ("\n" if tag in _OWN_LINE else ""))

    def _close(self, upto: int) -> None:
        while len(self.open) > upto:
            tag = self.open.pop()[1]
            self.parts.append("\n" if tag == "img" else f"</{tag}>\n")


def _common(a: list[Step], b: tuple[Step, ...]) -> int:
    n = 0
    while n < min(len(a), len(b)) and a[n] == b[n]:
        n += 1
    return n
