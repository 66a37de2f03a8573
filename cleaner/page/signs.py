"""The evidence in a page's tree: columns of small whole numbers, uint8, one value a line.

As in shape.py: counts on a logarithmic scale (`log16`), shares in 1/64, flags 0 or 64. What names and places mean comes
with its distance: 64 on the line's own element, 48 on the block around it, 32 on the next, 16 further up.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ..shape import Columns, flag, log16, share
from .ancestry import MEANINGS, Ancestry, Chars, Ints, flags_of
from .overlap import Words, common_words, covered, equal_to_any, words_of
from .tags import TAG_NUMBER, Flag
from .tree import Page

Bools = NDArray[np.bool_]

_TAG_COLUMNS: dict[str, str] = {
    "p": "p", "li": "li", "cell": "td th tr", "h1": "h1", "h2": "h2", "h3": "h3 h4 h5 h6", "quote": "blockquote",
    "pre": "pre textarea", "figcaption": "figcaption figure caption", "dl": "dt dd dl", "div": "div", "list": "ul ol",
    "section": "section article main", "chrome": "header footer nav aside", "form": "form fieldset label button legend",
}  # fmt: skip
_PROSE_CHARS, _PROSE_LINKED = 80, 21
_MOST_PROSE = 600
_FAR = 4095


class Lines(NamedTuple):
    """What most columns are made of. size, linked [n]: characters of each line, and those of them in links.
    node [n, 4]: the line's block element and the three blocks above it. chars: by piece."""

    size: Ints
    linked: Ints
    node: Ints
    chars: Chars


def columns(page: Page) -> Columns:
    """The columns of a page: a dictionary of uint8 arrays, one value a line, always of the same names."""
    tree = Ancestry(page)
    lines = _lines(page, tree)
    prose = _prose(page, lines)
    found = _tags(page, lines) | _form(page, lines) | _density(page, tree, lines) | _around(page, tree, lines)
    found |= _alike(tree, lines, prose) | _container(tree, lines, prose)
    found |= _meanings(tree, lines)
    return found | head_columns(page, page.words)


def _lines(page: Page, tree: Ancestry) -> Lines:
    n = len(page)
    size = page.line_end - page.line_start
    pieces = np.diff(np.append(page.line_piece, len(page.pieces.start)))
    line = np.repeat(np.arange(n), pieces)
    start = page.pieces.start
    end = np.minimum(np.append(start[1:], len(page.text))[: len(start)], page.line_end[line] if n else start)
    chars = Chars(end - start, line, page.pieces.owner)
    linked = np.where(_has(page, chars.owner, Flag.LINK), chars.size, 0)
    node = [page.line_node]
    for _ in range(3):
        node.append(tree.up[node[-1]])
    return Lines(size, _by_line(line, linked, n), np.stack(node, axis=1), chars)


def _has(page: Page, owner: Ints, which: Flag) -> Bools:
    return (page.nodes.flags[owner] & int(which)) != 0


def _by_line(line: Ints, weights: Ints, n: int) -> Ints:
    return np.bincount(line, weights=weights, minlength=n).astype(np.int64)


def _by_node(page: Page, owner: Ints, weights: Ints) -> Ints:
    return np.bincount(owner, weights=weights, minlength=len(page.nodes)).astype(np.int64)


def _prose(page: Page, lines: Lines) -> Ints:
    """The characters of each line that looks like running text; 0 for others. Long ones do not count for more."""
    heads = [TAG_NUMBER[t] for t in ("h1", "h2", "h3", "h4", "h5", "h6", "figcaption", "pre", "label", "button")]
    wide = np.array([_wide(page.text[a : a + 24]) for a in page.line_start.tolist()], dtype=bool)
    chars = np.where(wide, 2 * lines.size, lines.size)
    likely = (chars >= _PROSE_CHARS) & (share(lines.linked, lines.size) < _PROSE_LINKED)
    likely &= ~np.isin(page.nodes.tag[lines.node[:, 0]], heads)
    return np.where(likely, np.minimum(chars, _MOST_PROSE), 0)


def _wide(text: str) -> bool:
    """Whether a text is of a script in which a character says as much as two or three letters."""
    return not text.isascii() and sum("\u2e80" <= c <= "\ud7ff" for c in text) > 4


def _tags(page: Page, lines: Lines) -> Columns:
    """Flags for the tags of the line's block and of the two around it."""
    kinds = np.zeros(256, np.uint8)
    for i, tags in enumerate(_TAG_COLUMNS.values(), 1):
        kinds[[TAG_NUMBER[t] for t in tags.split()]] = i
    found: Columns = {}
    for level, prefix in enumerate(("tag", "parent", "grandparent")):
        kind = kinds[page.nodes.tag[lines.node[:, level]]]
        found |= {f"{prefix}_{name}": flag(kind == i) for i, name in enumerate(_TAG_COLUMNS, 1)}
    return found


def _form(page: Page, lines: Lines) -> Columns:
    """How a line begins, and how its text is set."""
    n, chars = len(page), lines.chars
    found = {f"break_{name}": flag(page.line_break == i) for i, name in enumerate(("block", "br", "gap", "pre"))}
    found["chars"] = log16(lines.size)
    found["chars_before"] = log16(np.concatenate([[0], lines.size])[:n])
    found["chars_after"] = log16(np.append(lines.size[1:], 0)[:n])
    for name, which in (("bold", Flag.BOLD), ("italic", Flag.ITALIC), ("code", Flag.CODE), ("in_button", Flag.BUTTON)):
        part = _by_line(chars.line, np.where(_has(page, chars.owner, which), chars.size, 0), n)
        found[name] = share(part, lines.size)
    found["row"] = flag(_has(page, page.line_node, Flag.DATA))
    return found


def _density(page: Page, tree: Ancestry, lines: Lines) -> Columns:
    """Links and pictures, in the line and in what is around it."""
    n, chars, nodes = len(page), lines.chars, page.nodes
    text = tree.inside(_by_node(page, chars.owner, chars.size))
    linked = tree.inside(_by_node(page, chars.owner, np.where(_has(page, chars.owner, Flag.LINK), chars.size, 0)))
    found = {"linked": share(lines.linked, lines.size)}
    change = np.flatnonzero(np.diff(np.concatenate([[-1], chars.owner])) != 0)
    links = change[_has(page, chars.owner[change], Flag.LINK)]
    found["links"] = log16(2 * _by_line(chars.line[links], np.ones(len(links), np.int64), n))
    counts = {name: tree.inside(np.isin(nodes.tag, [TAG_NUMBER[t] for t in tags.split()]).astype(np.int64))
              for name, tags in (("images", "img picture"), ("icons", "svg"), ("inputs", "input textarea button"),
                                 ("players", "video audio iframe"), ("anchors", "a"), ("headings", "h1 h2 h3 h4"),
                                 ("items", "li"), ("paragraphs", "p"))}  # fmt: skip
    for level, prefix in enumerate(("own", "parent", "grandparent", "great")):
        node = lines.node[:, level]
        found[f"{prefix}_text"] = log16(text[node] // 4)
        found[f"{prefix}_linked"] = share(linked[node], text[node])
        found[f"{prefix}_share"] = share(lines.size, text[node])
        if level < 3:
            found |= {f"{prefix}_{name}": log16(2 * count[node]) for name, count in counts.items()}
    return found


def _around(page: Page, tree: Ancestry, lines: Lines) -> Columns:
    """Depth, place in the page, and the distance from the main heading."""
    n = len(page)
    index = np.arange(n)
    is_title = page.nodes.tag[lines.node[:, 0]] == TAG_NUMBER["h1"]
    titles = np.flatnonzero(is_title)
    title = int(titles[0]) if len(titles) else -1
    away = np.abs(index - title) if title >= 0 else np.full(n, _FAR)
    return {
        "depth": log16(tree.depth[page.line_node]),
        "line": log16(index),
        "line_left": log16(n - 1 - index),
        "progress": share(page.line_start, np.full(n, len(page.text))),
        "from_title": log16(away),
        "after_title": flag((index > title) & (title >= 0)),
        "has_title": flag(np.full(n, title >= 0)),
        "titles": log16(np.full(n, len(titles))),
        "page_lines": log16(np.full(n, n)),
        "page_chars": log16(np.full(n, len(page.text) // 16)),
    }


def _alike(tree: Ancestry, lines: Lines, prose: Ints) -> Columns:
    """How many elements and lines are like this one, and how much of the page's prose such lines have."""
    node = lines.node
    path = tree.path[node[:, 0]]
    _, inverse, counts = np.unique(path, return_inverse=True, return_counts=True)
    text = np.bincount(inverse, weights=prose).astype(np.int64)
    all_text = np.bincount(inverse, weights=lines.size).astype(np.int64)
    return {
        "alike": log16(2 * tree.alike[node[:, 0]]),
        "alike_parent": log16(2 * tree.alike[node[:, 1]]),
        "alike_grandparent": log16(2 * tree.alike[node[:, 2]]),
        "path_lines": log16(2 * counts[inverse]),
        "path_prose": share(text[inverse], np.full(len(path), max(int(prose.sum()), 1))),
        "path_chars": share(all_text[inverse], np.full(len(path), max(int(lines.size.sum()), 1))),
        "path_mean": log16(all_text[inverse] // counts[inverse]) if len(path) else np.zeros(0, np.uint8),
    }


def _container(tree: Ancestry, lines: Lines, prose: Ints) -> Columns:
    """Whether a line is in the element that holds most prose, and where it stands to that prose; for elements one, two
    and three blocks above the lines."""
    found: Columns = {"prose": log16(prose // 4)}
    n, node, end = len(prose), lines.node, tree.nodes.end
    index = np.arange(n)
    total = max(int(prose.sum()), 1)
    for level in (1, 2, 3):
        sums = np.bincount(node[:, level], weights=prose, minlength=len(tree.nodes)).astype(np.int64)
        best = int(sums.argmax()) if n else 0
        inside = (node[:, 0] >= best) & (node[:, 0] < end[best]) if n else np.zeros(0, bool)
        at = np.flatnonzero((prose > 0) & inside)
        first, last = (int(at[0]), int(at[-1])) if len(at) else (0, 0)
        found |= {
            f"best{level}_inside": flag(inside),
            f"best{level}_between": flag((index >= first) & (index <= last) & (len(at) > 0)),
            f"best{level}_before": log16(np.maximum(first - index, 0) * 2),
            f"best{level}_after": log16(np.maximum(index - last, 0) * 2),
            f"best{level}_share": share(np.full(n, sums[best] if n else 0), np.full(n, total)),
            f"best{level}_rival": share(sums[node[:, level]], np.full(n, max(int(sums[best]), 1) if n else 1)),
        }
    sums = np.concatenate([[0], np.cumsum(prose)])
    found["prose_before"] = share(sums[:-1], np.full(n, total))
    found["parent_prose"] = share(tree.inside(_prose_by_node(tree, lines, prose))[node[:, 1]], np.full(n, total))
    found["grandparent_prose"] = share(tree.inside(_prose_by_node(tree, lines, prose))[node[:, 2]], np.full(n, total))
    return found


def _prose_by_node(tree: Ancestry, lines: Lines, prose: Ints) -> Ints:
    return np.bincount(lines.node[:, 0], weights=prose, minlength=len(tree.nodes)).astype(np.int64)


def _meanings(tree: Ancestry, lines: Lines) -> Columns:
    """What the names and places of the line's element and of those around it mean."""
    node, chars = lines.node, lines.chars
    order = np.lexsort((chars.size, chars.line))
    last = np.flatnonzero(np.diff(np.append(chars.line[order], -1)) != 0)
    inline = tree.near(chars.owner[order[last]])  # of the longest piece of each line
    levels = (tree.near(node[:, 0]) | inline, tree.near(node[:, 1]), tree.near(node[:, 2]), tree.above(node[:, 2]))
    value = np.zeros((len(node), len(MEANINGS)), np.uint8)
    for mask, strength in zip(levels, (64, 48, 32, 16), strict=True):
        np.maximum(value, flags_of(mask) * np.uint8(strength), out=value)
    return {name: value[:, i] for i, name in enumerate(MEANINGS)}


def head_columns(page: Page, words: Words) -> Columns:
    """What the page says of itself, found in its lines; and lines that stand on it more than once."""
    head, n = page.head, len(page)
    body, titles, about = (words_of(t) for t in (head.body, "\n".join(head.titles), "\n".join(head.descriptions)))
    _, inverse, counts = np.unique(words.lines, return_inverse=True, return_counts=True)
    return {
        "in_body": covered(words, body),
        "body_known": flag(np.full(n, len(body.hashes) > 0)),
        "is_title": equal_to_any(words, titles),
        "title_words": common_words(words, titles),
        "is_description": equal_to_any(words, about),
        "in_description": covered(words, about),
        "free": flag(np.full(n, head.free is True)),
        "paid": flag(np.full(n, head.free is False)),
        "in_paid_part": _paid_part(page),
        "repeated": log16(np.where(words.count > 0, 4 * (counts[inverse] - 1), 0)),
        "words": log16(words.count),
    }


def _paid_part(page: Page) -> NDArray[np.uint8]:
    nodes, paid = page.nodes, page.head.paid_names
    if not paid:
        return np.zeros(len(page), np.uint8)
    which = [
        i for i, s in enumerate(nodes.signatures) if paid & {w for k, v in s if k in ("class", "id") for w in v.split()}
    ]
    inside = np.zeros(len(nodes) + 1, np.int64)
    for i in np.flatnonzero(np.isin(nodes.names, which)).tolist():
        inside[i] += 1
        inside[nodes.end[i]] -= 1
    return flag(np.cumsum(inside)[page.line_node] > 0)
