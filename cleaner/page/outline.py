"""The kept parts of a page as an outline: lines with the elements that give them structure. html.py and markdown.py
write it down; neither looks at the page's other elements, so nothing of them can get into the output."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING

import numpy as np

from .links import picture_source, web_address
from .tags import TAG_NUMBER, TAGS, Flag
from .walk import BLOCK

if TYPE_CHECKING:
    from .tree import Page

Step = tuple[int, str]
"""An element: its number, and the tag it is written as. A paragraph that is no element has a negative number."""

_CONTAINERS = frozenset(("ul", "ol", "li", "blockquote", "figure", "dl", "table"))
_LEAVES = frozenset(("p", "h1", "h2", "h3", "h4", "h5", "h6", "pre", "li", "dt", "dd", "figcaption", "caption", "tr"))
_STRUCTURE = _CONTAINERS | _LEAVES
_NEEDS = {"li": ("ul", "ol"), "dt": ("dl",), "dd": ("dl",), "tr": ("table",), "caption": ("table",),
          "figcaption": ("figure",)}  # fmt: skip
_INLINE = {"b": "strong", "i": "em"} | {
    t: t for t in ("strong", "em", "code", "kbd", "samp", "sub", "sup", "mark", "del", "ins", "s", "q", "cite", "abbr")
}
_IMAGE, _RULE = TAG_NUMBER["img"], TAG_NUMBER["hr"]
_DEEPEST, _MOST_MARKS = 48, 200
_TINY = frozenset(("0", "1", "2", "3", "0px", "1px"))


@dataclass(frozen=True)
class Run:
    """A stretch of text and the inline elements around it, outermost first."""

    text: str
    marks: tuple[Step, ...]


@dataclass(frozen=True)
class Line:
    """A line of the outline. chain: its structure, outermost first; the last step is what the text stands in.

    gap: what stands before it, see walk.py. runs: its text; cells: that of a table's row, a list for each cell, with
    `heads` saying which of them are head cells. image: address and alternative text of a picture, instead of text.
    """

    chain: tuple[Step, ...]
    gap: int
    runs: tuple[Run, ...] = ()
    cells: tuple[tuple[Run, ...], ...] = ()
    heads: tuple[bool, ...] = ()
    image: tuple[str, str] | None = None


class Outline:
    """A page's kept lines and pictures, in order."""

    def __init__(self, page: Page, kept: list[tuple[int, int]]) -> None:
        """kept: ranges of the page's text, half-open, in order."""
        self.page, self.kept = page, kept
        self.base = page.head.base
        self._starts = [a for a, _ in kept]
        self._known: dict[int, list[Step]] = {}
        self._structures: dict[int, list[Step]] = {}
        self._inline: dict[int, tuple[Step, ...]] = {}
        self._paragraph = 0
        self._last = (-1, -1)

    def __iter__(self) -> Iterator[Line]:
        images = self._kept_images()
        page = self.page
        at = 0
        for i, ranges in self._lines():
            start = int(page.line_start[i])
            while at < len(images) and images[at][0] <= start:
                yield images[at][1]
                at += 1
            yield self._line(i, ranges)
        for _, image in images[at:]:
            yield image

    def element(self, node: int) -> object:
        """The element with that number."""
        return self.page.nodes.element[node]

    def _lines(self) -> Iterator[tuple[int, list[tuple[int, int]]]]:
        """Each line with the ranges of it that are kept; lines of nothing but white space only inside `pre`."""
        page, k = self.page, 0
        for i, (start, end) in enumerate(zip(page.line_start.tolist(), page.line_end.tolist(), strict=True)):
            while k < len(self.kept) and self.kept[k][1] <= start:
                k += 1
            ranges = list(self._within(k, start, end))
            if ranges:
                yield i, ranges

    def _within(self, first: int, start: int, end: int) -> Iterator[tuple[int, int]]:
        """The kept ranges inside a line, from the first one that may be."""
        for k in range(first, len(self.kept)):
            a, b = self.kept[k]
            if a > end or (a == end and start < end):
                return
            yield max(a, start), min(b, end)

    def _line(self, i: int, ranges: list[tuple[int, int]]) -> Line:
        page = self.page
        first = int(page.line_piece[i])
        last = int(page.line_piece[i + 1]) if i + 1 < len(page) else len(page.pieces.start)
        runs = list(self._runs(first, last, int(page.line_end[i]), ranges))
        node = int(page.line_node[i])
        chain = self._chain(node, i)
        if chain[-1][1] == "tr":
            return self._row(chain, runs)
        joined = [Run(r.text, r.marks) for _, r in runs]
        if joined and chain[-1][1] != "pre":
            joined[0] = Run(joined[0].text.lstrip(), joined[0].marks)
            joined[-1] = Run(joined[-1].text.rstrip(), joined[-1].marks)
        return Line(chain, int(page.line_break[i]), tuple(r for r in joined if r.text))

    def _runs(self, first: int, last: int, end: int, ranges: list[tuple[int, int]]) -> Iterator[tuple[int, Run]]:
        """(owner, run) for each piece of a line, as far as it is kept; a space where something was cut out."""
        page = self.page
        starts = [*page.pieces.start[first:last].tolist(), end]
        done = -1
        for p in range(first, last):
            owner = int(page.pieces.owner[p])
            for a, b in ranges:
                a, b = max(a, starts[p - first]), min(b, starts[p - first + 1])
                if a < b:
                    cut = 0 <= done < a and not any(c.isspace() for c in (page.text[done - 1], page.text[a]))
                    yield owner, Run((" " if cut else "") + page.text[a:b], self._marks(owner))
                    done = b

    def _marks(self, owner: int) -> tuple[Step, ...]:
        """The inline elements around a text, and the link around it or its block."""
        if owner not in self._inline:
            self._inline[owner] = self._marks_of(owner)
        return self._inline[owner]

    def _marks_of(self, owner: int) -> tuple[Step, ...]:
        nodes = self.page.nodes
        marks: list[Step] = []
        node = owner
        linked = bool(int(nodes.flags[owner]) & Flag.LINK)
        for _ in range(_MOST_MARKS):
            block = node < 0 or int(nodes.block[node]) == node
            if node < 0 or (block and not linked):
                break
            tag = str(nodes.element[node].tag)
            if tag == "a" and linked and nodes.element[node].get("href") is not None:
                marks.append((node, "a"))
                linked = False
            elif not block and tag in _INLINE and all(_INLINE[tag] != t for _, t in marks):
                marks.append((node, _INLINE[tag]))
            node = int(nodes.parent[node])
        return tuple(reversed(marks))

    def _chain(self, node: int, line: int) -> tuple[Step, ...]:
        steps = self._structure(node)
        if not steps or steps[-1][0] != node or steps[-1][1] not in _LEAVES:
            steps.append(self._anonymous(node, line))
        else:
            self._last = (-1, -1)
        return tuple(steps)

    def _structure(self, node: int) -> list[Step]:
        """The structural elements from the outermost to this one, without those that lack their place."""
        if node not in self._structures:
            self._structures[node] = _placed(self._around(node))
        return list(self._structures[node])

    def _around(self, node: int) -> list[Step]:
        """All structural elements from the outermost to this one, at most so many that nesting cannot hurt."""
        nodes = self.page.nodes
        way = []
        while node >= 0 and node not in self._known:
            way.append(node)
            node = int(nodes.parent[node])
        steps = self._known[node] if node >= 0 else []
        for inner in reversed(way):
            tag = TAGS[int(nodes.tag[inner])]
            data = int(nodes.flags[inner]) & Flag.DATA
            if tag in _STRUCTURE and (data or tag not in ("table", "tr", "caption")) and len(steps) < _DEEPEST:
                steps = [*steps, (inner, tag)]
            self._known[inner] = steps
        return steps

    def _anonymous(self, node: int, line: int) -> Step:
        """A paragraph for text that stands in none: one for all lines between two blocks."""
        if self.page.line_break[line] == BLOCK or self._last != (node, line - 1):
            self._paragraph -= 1
        self._last = (node, line)
        return (self._paragraph - 1, "p")

    def _row(self, chain: tuple[Step, ...], runs: list[tuple[int, Run]]) -> Line:
        """A row of a table: all cells that it has, also those without text."""
        nodes = self.page.nodes
        cells: dict[int, list[Run]] = {}
        row = chain[-1][0]
        heads = []
        for node in range(row + 1, int(nodes.end[row])):
            if TAGS[int(nodes.tag[node])] in ("td", "th") and int(nodes.parent[node]) == row:
                cells[node] = []
                heads.append(TAGS[int(nodes.tag[node])] == "th")
        for owner, run in runs:
            node = owner
            while node not in cells and node > row:
                node = int(nodes.parent[node])
            mine = cells.get(node)
            if mine is not None:
                mine.append(Run(run.text.lstrip("\t ") if not mine else run.text.replace("\t", " "), run.marks))
        return Line(chain, BLOCK, cells=tuple(map(tuple, cells.values())), heads=tuple(heads))

    def _kept_images(self) -> list[tuple[int, Line]]:
        found = []
        for offset, node in self.page.marks:
            if self.page.nodes.tag[node] == _IMAGE and self._stays(offset, node):
                el = self.page.nodes.element[node]
                source = picture_source(el, self.page.url, self.base)
                if source:
                    alt = " ".join((el.get("alt") or "").split())
                    steps = [s for s in self._structure(node) if s[1] in ("figure", "blockquote", "ul", "ol", "li")]
                    found.append((offset, Line((*steps, (~node - (1 << 40), "img")), BLOCK, image=(source, alt))))
        return found

    def _stays(self, offset: int, node: int) -> bool:
        """Whether a picture stays: when what is before and after it stays, of a figure one of them."""
        text = self.page.text
        before = self._is_kept(len(text[:offset].rstrip()) - 1)
        after = self._is_kept(offset + len(text[offset : offset + 4096]) - len(text[offset : offset + 4096].lstrip()))
        figure = any(tag == "figure" for _, tag in self._structure(node))
        el = self.page.nodes.element[node]
        tiny = el.get("width") in _TINY or el.get("height") in _TINY
        return not tiny and ((before or after) if figure else (before and after))

    def _is_kept(self, offset: int) -> bool:
        k = int(np.searchsorted(self._starts, offset, side="right")) - 1
        return k >= 0 and self.kept[k][0] <= offset < self.kept[k][1]

    def address(self, node: int) -> str | None:
        """Where a link leads, None when that is nowhere a page may lead."""
        return web_address(self.page.nodes.element[node].get("href"), self.page.url, self.base)


def _placed(steps: list[Step]) -> list[Step]:
    """Steps without those that have no list, table or figure around them; an item has its list right around it."""
    found: list[Step] = []
    for step in steps:
        needs = _NEEDS.get(step[1])
        if needs and not any(t in needs for _, t in found):
            continue
        inside = found[-1][1] if found else ""
        if inside in ("ul", "ol") and step[1] != "li":
            found.pop()  # a list without an item around this: it is none
        if inside in _LEAVES - {"li", "dd", "figcaption"}:
            found.pop()
        found.append(step)
    while found and found[-1][1] in ("ul", "ol", "dl", "table"):
        found.pop()
    return found


def write_inline(
    runs: Iterable[Run], text: Callable[[str], str], wrap: Callable[[Step, str, str, str], str], depth: int = 0
) -> str:
    """Runs as one string. text: writes text; wrap(mark, inside, before, after) writes an element around what is
    inside; before, after: the raw text next to it. White space at an element's edges is put outside it."""
    groups = [(mark, list(g)) for mark, g in groupby(runs, lambda r: r.marks[depth] if len(r.marks) > depth else None)]
    parts = []
    for i, (mark, mine) in enumerate(groups):
        raw = "".join(r.text for r in mine)
        if mark is None or not raw.strip():
            parts.append(text(raw))
            continue
        before = "".join(r.text for r in groups[i - 1][1])[-1:] if i else ""
        after = "".join(r.text for r in groups[i + 1][1])[:1] if i + 1 < len(groups) else ""
        lead, trail = raw[: len(raw) - len(raw.lstrip())], raw[len(raw.rstrip()) :]
        inside = write_inline(_trimmed(mine), text, wrap, depth + 1)
        parts.append(lead + wrap(mark, inside, (before + lead)[-1:], (trail + after)[:1]) + trail)
    return "".join(parts)


def _trimmed(runs: list[Run]) -> list[Run]:
    """Runs without the white space at their beginning and end."""
    texts = [r.text for r in runs]
    for order in (range(len(texts)), range(len(texts) - 1, -1, -1)):
        for i in order:
            texts[i] = texts[i].lstrip() if order.step > 0 else texts[i].rstrip()
            if texts[i]:
                break
    return [Run(t, r.marks) for t, r in zip(texts, runs, strict=True) if t]
