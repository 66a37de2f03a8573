"""The kept parts of a page as Markdown (CommonMark, with GitHub's tables); text is escaped so that it reads as text."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import groupby

from .escape import at_start, escaped
from .outline import Line, Outline, Run, Step, write_inline
from .tree import Page
from .walk import GAP

_WRAPS = {"strong": "**", "em": "*", "del": "~~", "s": "~~"}
_CODES = ("code", "kbd", "samp")
_TICKS = re.compile("`+")
_LANGUAGE = re.compile(r"(?:lang(?:uage)?|brush)[-:]\s*([\w+#-]+)")
_HEADING = re.compile(r"h([1-6])")


def page_markdown(page: Page, kept: list[tuple[int, int]]) -> str:
    """The kept ranges of a page's text as Markdown."""
    return _Writer(Outline(page, kept))()


@dataclass
class _Item:
    """A container that lines are indented for: an item of a list, or a quotation."""

    step: Step
    marker: str
    begun: bool = field(default=False)

    def prefix(self) -> str:
        first, self.begun = not self.begun, True
        return self.marker if first or self.marker == "> " else " " * len(self.marker)


class _Writer:
    def __init__(self, outline: Outline) -> None:
        self.outline = outline
        self.items: list[_Item] = []
        self.chain: tuple[Step, ...] = ()
        self.parts: list[str] = []

    def __call__(self) -> str:
        for _, lines in groupby(self.outline, self._together):
            self._block(list(lines))
        return "".join(self.parts)

    def _together(self, line: Line) -> object:
        """What lines that make one block have in common: their chain; of rows, their table."""
        return line.chain[:-1] if line.cells else (line.chain, line.image)

    def _block(self, lines: list[Line]) -> None:
        chain = lines[0].chain
        tight = self._enter(chain)
        text = self._written(lines, chain[-1])
        if not text:
            return
        if self.parts:
            kept = [i for i in self.items if i.begun]
            blank = "".join("> " if i.marker == "> " else " " * len(i.marker) for i in kept).rstrip()
            self.parts.append("" if tight else f"{blank}\n")
        for line in text.split("\n"):
            self.parts.append(("".join(i.prefix() for i in self.items) + line).rstrip(" ") + self._hard(line) + "\n")

    def _hard(self, line: str) -> str:
        return "  " if line.endswith("  ") and line.strip() else ""

    def _enter(self, chain: tuple[Step, ...]) -> bool:
        """Open the chain's containers. Whether the block begins an item right after one of its list, or after the text
        of the item that its list is in."""
        wanted = [s for s in chain if s[1] in ("li", "blockquote")]
        same = 0
        while same < min(len(wanted), len(self.items)) and self.items[same].step == wanted[same]:
            same += 1
        new = wanted[same:]
        self.items = self.items[:same] + [_Item(s, self._marker(s, chain)) for s in new]
        before, self.chain = self.chain, chain
        if not new or new[0][1] != "li":
            return False
        at = chain.index(new[0])
        return chain[at - 1] in before or (chain[at - 2] == before[-1] if at > 1 and before else False)

    def _marker(self, step: Step, chain: tuple[Step, ...]) -> str:
        if step[1] == "blockquote":
            return "> "
        around = chain[chain.index(step) - 1]
        return f"{self._number(step, around)}. " if around[1] == "ol" else "- "

    def _number(self, step: Step, around: Step) -> int:
        nodes = self.outline.page.nodes
        inside = range(around[0] + 1, step[0])
        before = sum(1 for i in inside if nodes.parent[i] == around[0] and nodes.tag[i] == nodes.tag[step[0]])
        start = (nodes.element[around[0]].get("start") or "1").strip()
        return (int(start) if start.isdigit() and len(start) < 7 else 1) + before

    def _written(self, lines: list[Line], leaf: Step) -> str:
        """A block without the prefixes of what is around it."""
        if lines[0].image:
            source, alt = lines[0].image
            return f"![{escaped(alt)}]({_address(source)})"
        if lines[0].cells:
            return "\n".join(self._table(lines))
        if leaf[1] == "pre":
            return self._code(lines, leaf)
        texts = [self._inline(line.runs) for line in lines]
        heading = _HEADING.fullmatch(leaf[1])
        if heading:
            return "#" * int(heading.group(1)) + " " + " ".join(texts)
        if leaf[1] == "dt":
            return "  \n".join(texts) if any("*" in t for t in texts) else "  \n".join(f"**{t}**" for t in texts if t)
        return "".join(_joined(texts, lines))

    def _inline(self, runs: Iterable[Run]) -> str:
        return at_start(write_inline(runs, escaped, self._wrap))

    def _wrap(self, mark: Step, inside: str, before: str, after: str) -> str:
        node, tag = mark
        if tag == "a":
            address = self.outline.address(node)
            return f"[{inside}]({_address(address)})" if address else inside
        if tag in _CODES:
            return _code_span(inside)
        sign = _WRAPS.get(tag, "")
        if not sign or inside.startswith(sign[0]) or inside.endswith(sign[0]) or not _flanks(inside, before, after):
            return inside
        return f"{sign}{inside}{sign}"

    def _code(self, lines: list[Line], leaf: Step) -> str:
        rows = ["".join(r.text for r in line.runs) for line in lines]
        longest = max((len(t) for row in rows for t in _TICKS.findall(row)), default=0)
        fence = "`" * max(3, longest + 1)
        return "\n".join([fence + self._language(leaf), *rows, fence])

    def _language(self, leaf: Step) -> str:
        nodes = self.outline.page.nodes
        names = [nodes.element[i].get("class") or "" for i in range(leaf[0], min(int(nodes.end[leaf[0]]), leaf[0] + 2))]
        found = _LANGUAGE.search(" ".join(names))
        return found.group(1) if found else ""

    def _table(self, lines: list[Line]) -> Iterator[str]:
        width = max(len(line.cells) for line in lines)
        for i, line in enumerate(lines):
            cells = [self._inline(c).replace("\n", " ").strip() for c in line.cells]
            cells += [""] * (width - len(cells))
            yield f"| {' | '.join(cells)} |"
            if i == 0:
                yield f"|{' --- |' * width}"


def _joined(texts: list[str], lines: list[Line]) -> Iterator[str]:
    """Lines of one paragraph, with hard line breaks between; a wider gap ends the paragraph."""
    for i, (text, line) in enumerate(zip(texts, lines, strict=True)):
        if i:
            yield "\n\n" if line.gap == GAP else "  \n"
        yield text


def _flanks(inside: str, before: str, after: str) -> bool:
    """Whether Markdown would take signs around this text for emphasis: not between a letter and punctuation."""
    first, last = inside[:1], inside[-1:]
    return not (before.isalnum() and not first.isalnum()) and not (after.isalnum() and not last.isalnum())


def _code_span(inside: str) -> str:
    """Code in a line; what was escaped as text is taken back, for nothing has to be escaped in code."""
    raw = re.sub(r"\\([\\`*_\[\]<~$|&])", r"\1", inside)
    ticks = "`" * (max((len(t) for t in _TICKS.findall(raw)), default=0) + 1)
    pad = " " if raw.startswith("`") or raw.endswith("`") else ""
    return f"{ticks}{pad}{raw}{pad}{ticks}"


def _address(address: str) -> str:
    return address.replace("(", "%28").replace(")", "%29").replace(" ", "%20").replace("<", "%3C").replace(">", "%3E")
