"""One pass over a page's tree: its readable text as lines, and for every character the element it came from.

The walk does as little as it can for each element, and writes down numbers; signs.py works on these as arrays.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from .hidden import Attributes, is_consent, is_hidden, keeps_space, may_ask_consent
from .tables import is_data
from .tags import FLAGS, ROLES, TAG_NUMBER, Flag, Role

if TYPE_CHECKING:
    from lxml.html import HtmlElement

BLOCK, BR, GAP, NEWLINE = range(4)
"""What stands between a line and the one before: another block, a line break, two of them, a line end inside `pre`."""

_ODD_SPACE = re.compile(r"[ \t\n\r\f]*[\t\n\r\f][ \t\n\r\f]*|  +")
_SPACES = " \t\n\r\f"
_INVISIBLE = re.compile("[\u200b\u2060\ufeff]")
_NAMES = frozenset(
    (
        "class", "id", "role", "itemprop", "itemtype", "property", "rel", "data-testid", "data-test", "data-test-id",
        "data-qa", "data-cy", "data-component", "data-component-name", "data-module", "data-block", "data-widget",
        "data-role", "data-element", "data-type", "data-name", "data-area", "data-region",
    )
)  # fmt: skip
_HIDING = frozenset(("hidden", "aria-hidden", "style"))
_IN_PARAGRAPH = frozenset(TAG_NUMBER[t] for t in ("p", "li", "dd", "td", "th", "blockquote", "pre", "h2", "h3"))
_IMAGE, _RULE = TAG_NUMBER["img"], TAG_NUMBER["hr"]
_INLINE, _SKIP, _LATE = Role.INLINE, Role.SKIP, Role.LATE
_OPENS = frozenset((Role.BLOCK, Role.PRE, Role.TABLE))
_LINK, _PRE, _CELL, _DATA = int(Flag.LINK), int(Flag.PRE), int(Flag.CELL), int(Flag.DATA)
_FLAGS = {tag: int(flag) for tag, flag in FLAGS.items()}


class Walk:
    """The walk and what it has written down.

    Elements are numbered as they are met. Of each: `element`; `parent`; `end`, one past the last element inside;
    `tag`, see TAGS; `flags`; `block`, the nearest block element (itself if it is one); `names`, an index into
    `signatures`. Of each line: where it starts in the text, its block element, what stands before it, its first piece.
    Of each piece, a stretch of text inside one element: `piece_start`, `piece_owner`. `marks`: (offset in the text,
    element) of pictures and rules. `parts` join to the text.
    """

    def __init__(self, *, lenient: bool = False) -> None:
        """lenient: read hidden elements and `noscript` too."""
        self.lenient = lenient
        self.element: list[HtmlElement] = []
        self.parent: list[int] = []
        self.end: list[int] = []
        self.tag: list[int] = []
        self.flags: list[int] = []
        self.block: list[int] = []
        self.names: list[int] = []
        self.signatures: dict[tuple[tuple[str, str], ...], int] = {(): 0}
        self.line_start: list[int] = []
        self.line_node: list[int] = []
        self.line_break: list[int] = []
        self.line_piece: list[int] = []
        self.piece_start: list[int] = []
        self.piece_owner: list[int] = []
        self.marks: list[tuple[int, int]] = []
        self.parts: list[str] = []
        self.size = 0
        self.skipped = self.frames = False
        self._owner = -1
        self._open = False  # whether a line has begun
        self._gap = ""  # what stands before the next text if it is in the same line
        self._break = BLOCK
        self._cells = ""  # a tab for each cell of the row begun since the last text
        self._blank = 0  # empty lines in `pre` that count once text follows
        self._keeps_space = False  # whether the style of the next element says that white space counts
        self._suspects: set[int] = set()

    def __call__(self, root: HtmlElement) -> Walk:
        """Walk over an element and all that is inside it."""
        stack: list[tuple[Iterator[HtmlElement], HtmlElement]] = []
        inside: Iterator[HtmlElement] = iter((root,))
        enter, leave, add = self._enter, self._leave, self._add
        while True:
            for el in inside:
                if enter(el):
                    stack.append((inside, el))
                    inside = iter(el)
                    break
                if stack and (tail := el.tail):
                    add(tail)
            else:
                if not stack:
                    return self
                inside, el = stack.pop()
                leave()
                if stack and (tail := el.tail):
                    add(tail)

    def _enter(self, el: HtmlElement) -> bool:
        """Begin an element. Whether it has to be walked through and left; else it is done."""
        tag = el.tag
        if type(tag) is not str:
            return False
        role = ROLES.get(tag, _INLINE)
        if role is _SKIP or (role is _LATE and self._late()):
            return False
        names = 0
        attributes = el.items()
        if attributes and (names := self._names_of(el, tag, attributes)) < 0:
            return False
        self._register(el, tag, names)
        if role and not self._begin(el, role):
            self.end[-1] = len(self.element)
            return False
        text = el.text
        if text:
            self._add(text)
        return True

    def _register(self, el: HtmlElement, tag: str, names: int) -> None:
        owner = self._owner
        node = len(self.element)
        self.element.append(el)
        self.parent.append(owner)
        self.end.append(node + 1)
        self.tag.append(TAG_NUMBER.get(tag, 0))
        self.names.append(names)
        inherited = self.flags[owner] if owner >= 0 else 0
        self.flags.append(inherited | _FLAGS.get(tag, 0) | (_PRE if self._keeps_space else 0))
        self._keeps_space = False
        self.block.append(self.block[owner] if owner >= 0 else node)
        self._owner = node

    def _late(self) -> bool:
        self.skipped = True
        return not self.lenient

    def _leave(self) -> None:
        node = self._owner
        self.end[node] = len(self.element)
        if self.block[node] == node:
            self._flush()
        self._owner = self.parent[node]

    def _begin(self, el: HtmlElement, role: Role) -> bool:
        """What an element that is not plainly inline does to lines. Whether it has an inside."""
        node = self._owner
        if role in _OPENS:
            if role is Role.TABLE:
                self._table(el, node)
            elif role is Role.PRE:
                self.flags[node] |= int(Flag.PRE | Flag.CODE)
            self._block(node)
            return True
        if role is Role.LINK:
            self._link(el, node)
        elif role is Role.CELL:
            self._cell(node)
        elif role is Role.BUTTON and self.tag[self.block[node]] not in _IN_PARAGRAPH:
            self._block(node)
        return role in (Role.LINK, Role.CELL, Role.BUTTON, Role.LATE) or self._void(role, node)

    def _block(self, node: int) -> None:
        if self.flags[node] & _CELL:
            self._gap = self._gap or " "
        else:
            self.block[node] = node
            self._flush()

    def _table(self, el: HtmlElement, node: int) -> None:
        if not self.flags[node] & _DATA and is_data(el):
            self.flags[node] |= _DATA

    def _cell(self, node: int) -> None:
        if not self.flags[node] & _DATA:
            self._block(node)
            return
        self.flags[node] |= _CELL
        self._cells += "\t"

    def _link(self, el: HtmlElement, node: int) -> None:
        """Links that touch are set apart: nobody writes words that way."""
        if el.get("href") is None:
            return
        self.flags[node] |= _LINK
        if self._open and self.flags[self.piece_owner[-1]] & _LINK:
            self._gap = self._gap or " "

    def _void(self, role: Role, node: int) -> bool:
        """An element without text, or one that is of frames; only those have an inside."""
        if role is Role.FRAMES:
            self.frames = True
            return True
        if role is Role.BREAK:
            self._line_break()
        elif role is Role.RULE:
            self._flush()
        if self.tag[node] in (_IMAGE, _RULE) or self.element[node].tag == "picture":
            self.marks.append((self.size, node))
        self._owner = self.parent[node]
        return False

    def _names_of(self, el: HtmlElement, tag: str, attributes: Attributes) -> int:
        """The number of an element's names; -1 when it is hidden."""
        found = []
        for item in attributes:
            name = item[0]
            if name in _NAMES:
                found.append(item)
            elif name in _HIDING:
                if self._hides(el, tag, *item):
                    return -1
                self._keeps_space = name == "style" and keeps_space(item[1])
        if not found:
            return 0
        key = tuple(found)
        number = self.signatures.get(key)
        if number is None:
            number = self._new_names(key)
        if number in self._suspects and is_consent(el, tag):
            return -1
        return number

    def _new_names(self, key: tuple[tuple[str, str], ...]) -> int:
        number = self.signatures[key] = len(self.signatures)
        if may_ask_consent(key):
            self._suspects.add(number)
        return number

    def _hides(self, el: HtmlElement, tag: str, name: str, value: str) -> bool:
        if not is_hidden(el, tag, name, value):
            return False
        self.skipped = True
        return not self.lenient

    def _flush(self) -> None:
        """End the line; the next one begins a block."""
        self._open = False
        self._cells = ""
        self._gap = ""
        self._break = BLOCK
        self._blank = 0

    def _line_break(self) -> None:
        if self._open:
            self._open, self._gap, self._break = False, "", BR
            if self.flags[self._owner] & _CELL:
                self._open, self._gap = True, " "
        elif self._break == BR:
            self._break = GAP

    def _add(self, text: str) -> None:
        """Text inside the element that is open."""
        owner = self._owner
        if self.flags[owner] & _PRE:
            self._add_pre(text, owner)
            return
        bare = text.strip()
        if not bare:
            self._gap = self._gap or " "
            return
        if not bare.isascii():
            bare = _INVISIBLE.sub("", bare).strip()
            if not bare:
                return
        if "\n" in bare or "  " in bare or "\t" in bare or "\r" in bare:
            bare = _ODD_SPACE.sub(" ", bare)
        gap = ""
        if self._open:
            gap = self._cells or self._gap or (" " if text[0].isspace() else "")
        else:
            self._begin_line(owner)
            gap = self._cells[1:]  # empty cells before the first text keep their place
        self._cells = ""
        bare = gap + bare
        self._gap = " " if text[-1].isspace() else ""
        self.piece_start.append(self.size)
        self.piece_owner.append(owner)
        self.parts.append(bare)
        self.size += len(bare)

    def _begin_line(self, owner: int) -> None:
        if self.line_start:
            self.parts.append("\n")
            self.size += 1
        self._open = True
        self.line_start.append(self.size)
        self.line_node.append(self.block[owner])
        self.line_break.append(self._break)
        self.line_piece.append(len(self.piece_start))

    def _add_pre(self, text: str, owner: int) -> None:
        """Text whose white space counts: it is kept, and so are empty lines between others."""
        for i, line in enumerate(text.replace("\r\n", "\n").replace("\r", "\n").split("\n")):
            if i:
                self._blank += not self._open and self._break == NEWLINE
                self._open, self._gap, self._break = False, "", NEWLINE if self._after_pre() else BLOCK
            if not self._open and line.isspace():
                self._gap += line  # an indent, if text follows
            elif line:
                self._add_pre_line(line, owner)

    def _after_pre(self) -> bool:
        """Whether the last line is of the same `pre`."""
        return bool(self.line_node) and self.line_node[-1] == self.block[self._owner]

    def _add_pre_line(self, line: str, owner: int) -> None:
        if not self._open:
            for _ in range(self._blank):
                self._begin_line(owner)
                self.piece_start.append(self.size)
                self.piece_owner.append(owner)
            self._blank = 0
            self._begin_line(owner)
            line = self._gap + line
            self._gap = ""
        self.piece_start.append(self.size)
        self.piece_owner.append(owner)
        self.parts.append(line)
        self.size += len(line)
