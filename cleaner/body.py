"""Kept text put together again: which white space stands where something was taken out."""

from __future__ import annotations

import re
from collections.abc import Iterator

from .chars import Class, tables

_BREAK = re.compile("\r\n|[\n\r\v\f\x85\u2028\u2029]")
_INK = re.compile(r"\S")


def join_kept(text: str, kept: list[tuple[int, int]]) -> str:
    """The text of the kept ranges (half-open, in order, with removed text between any two).

    Kept text is verbatim. Between pieces from different lines stands the larger of the two gaps that adjoined the
    removed text; pieces cut from one line keep a gap too, one space if they would touch (none between ideographs).
    White space that removal left over at either end goes.
    """
    return "".join(gap + text[start:end] for gap, start, end in _pieces(text, kept))


def cuts(text: str, kept: list[tuple[int, int]]) -> list[tuple[int, int, int, int]]:
    """What `join_kept` did, so that it can be undone: (start, end, body_start, body_end), where text[start:end] gave
    way to body[body_start:body_end]."""
    found, at, size = [], 0, 0
    for gap, start, end in _pieces(text, kept):
        if start > at:
            found.append((at, start, size, size + len(gap)))
        at, size = end, size + len(gap) + end - start
    if at < len(text):
        found.append((at, len(text), size, size))
    return found


def _pieces(text: str, kept: list[tuple[int, int]]) -> Iterator[tuple[str, int, int]]:
    """(gap, start, end): what the body is made of, in order; each gap stands before its piece."""
    end, first = 0, True
    for start, stop in kept:
        begin, gap = _seam(text, end, start) if start else (0, "")
        piece = text[begin:stop].rstrip() if stop < len(text) else text[begin:stop]
        end = begin + len(piece)
        yield "" if first else gap, begin, end
        first = False


def _seam(text: str, end: int, start: int) -> tuple[int, str]:
    """Between kept text up to `end` (no white space at its end) and kept text from `start`: (its beginning, gap)."""
    begin = _ink(text, start)
    gone = text[end:begin]
    before = _whole_lines(gone[: _ink(gone, 0)])
    after = _whole_lines(gone[len(gone.rstrip()) :])
    if _BREAK.search(after):
        begin = end + len(gone.rstrip()) + len(after)  # the indent of a line belongs to the line
    gap = max(before, after, key=_size)
    if not _BREAK.search(text, end, begin):
        return begin, gap or ("" if _touching_ideographs(text, end, begin) else " ")
    return begin, gap if _BREAK.search(gap) else "\n"


def _ink(text: str, start: int) -> int:
    """Where the first character from `start` on that is no white space stands."""
    found = _INK.search(text, start)
    return found.start() if found else len(text)


def _whole_lines(gap: str) -> str:
    """A gap up to its last line break; all of it when it has none."""
    ends = [m.end() for m in _BREAK.finditer(gap)]
    return gap[: ends[-1]] if ends else gap


def _size(gap: str) -> tuple[int, int]:
    return len(_BREAK.findall(gap)), len(gap)


def _touching_ideographs(text: str, end: int, begin: int) -> bool:
    classes = tables()[0]
    wide = (Class.IDEOGRAPH, Class.WIDE_STOP)

    def is_wide(c: str) -> bool:
        return classes[min(ord(c), len(classes) - 1)] in wide or "\u3000" <= c <= "\u303f"

    return is_wide(text[end - 1 : end] or " ") and is_wide(text[begin : begin + 1] or " ")
