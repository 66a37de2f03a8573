"""HTML to a `Page`: its tree, its readable text, and the way back from every character to its element."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
from lxml import etree
from lxml.html import HtmlElement, HTMLParser
from numpy.typing import NDArray

from .walk import Walk
from .xpath import Paths

if TYPE_CHECKING:
    from ..shape import Columns
    from .head import Head
    from .overlap import Words

Ints = NDArray[np.int64]

_CONTROL = re.compile("[\x00-\x08\x0b\x0c\r\x0e-\x1f\x7f-\x9f\u2028\u2029]")
_END = re.compile(rb"</html\s*>", re.IGNORECASE)
_TRAILER = 200
"""Bytes: after the end of a page often stand a comment or a counter."""
_TAG = re.compile(r"<[a-zA-Z!/?]")
_LITTLE = 200
"""Characters: a page with less text may have hidden the rest until a script has run."""


@dataclass(frozen=True, eq=False)
class Nodes:
    """The elements of a page in document order, as arrays; see Walk. names: an index into `signatures`.

    end: one past the last element inside, so that an element's inside is the range [i, end[i]).
    """

    element: Sequence[HtmlElement]
    parent: Ints
    end: Ints
    tag: NDArray[np.uint8]
    flags: NDArray[np.uint16]
    block: Ints
    names: Ints
    signatures: Sequence[tuple[tuple[str, str], ...]]

    def __len__(self) -> int:
        return len(self.element)


@dataclass(frozen=True, eq=False)
class Pieces:
    """Stretches of text, each from one text node: start [m], offsets in the page's text; owner [m], the element that
    the text stands in. A piece ends where the next begins; the separators between lines and cells belong to one."""

    start: Ints
    owner: Ints


@dataclass(frozen=True, eq=False)
class Page:
    """A page and its readable text.

    text: lines joined with line feeds; a line is a block's text, a row of a table with tabs between its cells, or what
    stands between line breaks. line_start, line_node, line_break [n]: of each line its offset, its block element (an
    index into `nodes`) and what stands before it (see walk.py). marks: (offset, element) of pictures and rules.
    url, site: where it is from, if that is known. frames: whether there are frames in it. refused: why the input was no
    page, if it was none.
    """

    text: str
    line_start: Ints
    line_node: Ints
    line_break: NDArray[np.uint8]
    line_piece: Ints
    pieces: Pieces
    nodes: Nodes
    marks: tuple[tuple[int, int], ...]
    root: HtmlElement
    url: str | None = None
    site: str | None = None
    frames: bool = False
    refused: str | None = None

    def __len__(self) -> int:
        return len(self.line_start)

    @property
    def line_end(self) -> Ints:
        """Where each line ends, its line feed not counted."""
        return np.append(self.line_start[1:] - 1, len(self.text))[: len(self)]

    @property
    def element(self) -> list[HtmlElement]:
        """The block element of each line."""
        return [self.nodes.element[i] for i in self.line_node.tolist()]

    def path(self, offset: int) -> str:
        """An XPath that finds the element around a character again: in the tree that `parse` makes of the same input.

        `lxml.html.document_fromstring(html).xpath(path)` finds it too, if elements are not nested deeper than lxml's
        default allows (255); then its parser needs `huge_tree=True`.
        """
        return self.paths(self._block_at(offset))

    @cached_property
    def paths(self) -> Paths:
        """The XPath of each element, by its number."""
        return Paths(self.nodes)

    def _block_at(self, offset: int) -> int:
        if not len(self):
            return 0
        line = int(np.searchsorted(self.line_start, offset, side="right")) - 1
        return int(self.line_node[max(line, 0)])

    @cached_property
    def head(self) -> Head:
        """What the page says of itself: meta elements, JSON-LD."""
        from .head import read_head

        return read_head(self.root)

    @cached_property
    def words(self) -> Words:
        """The words of each line."""
        from .overlap import words_of

        return words_of(self.text, self.line_start)

    @cached_property
    def columns(self) -> Columns:
        """The evidence that the tree holds, one value a line; see signs.py."""
        from .signs import columns

        return columns(self)


def parse(html: str) -> HtmlElement:
    """The tree of a page or fragment, whatever state it is in: as `lxml.html.document_fromstring` makes it, but with
    comments left out, any depth allowed, an empty page as an empty body, and what follows a premature `</html>`."""
    parser = HTMLParser(
        recover=True, huge_tree=True, no_network=True, remove_comments=True, remove_pis=True, encoding="utf-8"
    )
    parser.set_element_class_lookup(etree.ElementDefaultClassLookup(element=HtmlElement))
    data = _whole(html.replace("\0", "").encode("utf-8", "replace"))
    try:
        root = etree.fromstring(data, parser) if data.strip() else None
    except etree.ParserError:
        root = None
    return etree.fromstring(b"<html><body></body></html>", parser) if root is None else root


def _whole(data: bytes) -> bytes:
    """A page without ends that are none: libxml2 reads nothing behind the first `</html>`."""
    first = max(data.find(b"</html"), data.find(b"</HTML"))
    return _END.sub(b"", data) if 0 <= first < len(data) - _TRAILER else data


def read_page(html: str, *, url: str | None = None) -> Page:
    """The page that some HTML is. Never fails: what has no text has an empty one; text without tags keeps its lines."""
    if not _TAG.search(html):
        html = f'<p style="white-space:pre">{html.replace("<", "&lt;")}'
    return page_of(parse(html), url=url)


def page_of(root: HtmlElement, *, url: str | None = None) -> Page:
    """The page of a tree, which stays as it is."""
    walk = Walk()(root)
    if walk.skipped and walk.size < _LITTLE:
        lenient = Walk(lenient=True)(root)
        walk = lenient if lenient.size > 3 * walk.size else walk
    return _page(walk, root, url)


def _page(walk: Walk, root: HtmlElement, url: str | None) -> Page:
    nodes = Nodes(
        element=walk.element,
        parent=np.array(walk.parent, dtype=np.int64),
        end=np.array(walk.end, dtype=np.int64),
        tag=np.array(walk.tag, dtype=np.uint8),
        flags=np.array(walk.flags, dtype=np.uint16),
        block=np.array(walk.block, dtype=np.int64),
        names=np.array(walk.names, dtype=np.int64),
        signatures=tuple(walk.signatures),
    )
    return Page(
        text=_CONTROL.sub(" ", "".join(walk.parts)),
        line_start=np.array(walk.line_start, dtype=np.int64),
        line_node=np.array(walk.line_node, dtype=np.int64),
        line_break=np.array(walk.line_break, dtype=np.uint8),
        line_piece=np.array(walk.line_piece, dtype=np.int64),
        pieces=Pieces(np.array(walk.piece_start, dtype=np.int64), np.array(walk.piece_owner, dtype=np.int64)),
        nodes=nodes,
        marks=tuple(walk.marks),
        root=root,
        url=url,
        frames=walk.frames,
    )
