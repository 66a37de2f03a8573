"""XPaths of elements, in time that is linear in the page: lxml's own `getpath` counts all siblings again each time, and
gives paths that XPath cannot read when a name has a colon in it, as Word's `o:p`."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lxml.html import HtmlElement

    from .tree import Nodes

_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]*")


class Paths:
    """The XPath of each element of a page, by its number."""

    def __init__(self, nodes: Nodes) -> None:
        self.nodes = nodes
        self._known: dict[int, str] = {}
        self._steps: dict[int, dict[HtmlElement, str]] = {}

    def __call__(self, node: int) -> str:
        """The path of one element."""
        way = []
        while node >= 0 and node not in self._known:
            way.append(node)
            node = int(self.nodes.parent[node])
        path = self._known[node] if node >= 0 else ""
        for inner in reversed(way):
            path = self._known[inner] = f"{path}/{self._step(inner)}"
        return path

    def _step(self, node: int) -> str:
        element, parent = self.nodes.element[node], int(self.nodes.parent[node])
        if parent < 0:
            return str(element.tag)
        if parent not in self._steps:
            self._steps[parent] = _steps_inside(self.nodes.element[parent])
        return self._steps[parent][element]


def _steps_inside(parent: HtmlElement) -> dict[HtmlElement, str]:
    """The last step of the path to each child element."""
    children = [c for c in parent if isinstance(c.tag, str)]
    total = Counter(c.tag for c in children)
    seen: Counter[str] = Counter()
    steps = {}
    for place, child in enumerate(children, 1):
        tag = child.tag
        seen[tag] += 1
        if not _NAME.fullmatch(tag):
            steps[child] = f"*[{place}]"
        else:
            steps[child] = f"{tag}[{seen[tag]}]" if total[tag] > 1 else tag
    return steps
