"""Labels for the lines of a whole page: from its reference body, and from the texts of the page labelled by reading.

A page's lines and its reference are brought together in order: a line is body when nearly all of its words stand in the
reference, behind those of the body line before it. What stands in the reference only elsewhere is no body: a pull
quote, a teaser of the article itself. Lines with a part of their words there are not learned from.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Mapping, Sequence

from .texts import OTHER, UNKNOWN

_CJK = "\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\u0e00-\u0e7f"
_WORD = re.compile(rf"[{_CJK}]|[^\W{_CJK}]+")
_GRAM = 4
_COVERED = 0.8
_PARTLY = 0.3
_SLACK = 40
"""Words by which a line may lie before the end of the line before it in the reference."""


def words(text: str) -> list[str]:
    """The words of a text, folded."""
    return [w.lower() for w in _WORD.findall(text)]


class Reference:
    """A page's reference body. optional: paragraphs that may be there or not."""

    def __init__(self, paragraphs: Sequence[str], optional: Sequence[str] = ()) -> None:
        self.words = words("\n".join(paragraphs))
        self.paragraphs = {" ".join(words(p)) for p in paragraphs}
        self.optional = {" ".join(words(p)) for p in optional}
        self._grams: defaultdict[tuple[str, ...], list[int]] = defaultdict(list)
        self._single: defaultdict[str, list[int]] = defaultdict(list)
        for i, word in enumerate(self.words):
            self._grams[tuple(self.words[i : i + _GRAM])].append(i)
            self._single[word].append(i)

    def covered(self, line: Sequence[str]) -> float:
        """The share of a line's words that lie in runs of the reference."""
        size = min(_GRAM, len(line))
        inside = [False] * len(line)
        for i in range(len(line) - size + 1):
            gram = tuple(line[i : i + size])
            found = gram in self._grams if size == _GRAM else bool(self.places(gram))
            if found:
                inside[i : i + size] = [True] * size
        return sum(inside) / max(len(line), 1)

    def places(self, line: Sequence[str]) -> list[int]:
        """Where the first words of a line stand."""
        size = min(_GRAM, len(line))
        if size == _GRAM:
            for i in range(min(len(line) - size + 1, 12)):
                if found := self._grams.get(tuple(line[i : i + size])):
                    return [max(p - i, 0) for p in found]
            return []
        return [p for p in self._single.get(line[0], ()) if self.words[p : p + size] == list(line)]


def label(lines: Sequence[str], reference: Reference, known: Mapping[str, str]) -> list[str]:
    """A label for each line. known: the kinds of lines labelled by reading, by their folded words."""
    split = [words(line) for line in lines]
    share = [reference.covered(w) if w else 0.0 for w in split]
    body = _in_order(split, share, reference)
    labels = []
    for i, line in enumerate(split):
        told = known.get(" ".join(line))
        if i in body:
            labels.append("body")
        elif not line:
            labels.append(UNKNOWN)
        elif " ".join(line) in reference.optional:
            labels.append("headline")
        elif told and told not in ("body", UNKNOWN):
            labels.append(told)
        elif _PARTLY <= share[i] < _COVERED and len(line) >= _GRAM:
            labels.append(UNKNOWN)
        else:
            labels.append(OTHER)
    return labels


def _in_order(split: Sequence[Sequence[str]], share: Sequence[float], reference: Reference) -> set[int]:
    """The lines that make up the heaviest chain along the reference: a longest rising subsequence, by words."""
    ends: list[int] = []  # ascending places in the reference
    best: list[tuple[float, int]] = []  # the heaviest chain that ends at or before that place, and its last step
    steps: list[tuple[int, int]] = []  # (line, step before)
    for i, line in enumerate(split):
        if share[i] < _COVERED:
            continue
        found = []
        for place in reference.places(line):
            k = bisect_right(ends, place + min(_SLACK, len(line) // 2))
            weight, before = best[k - 1] if k else (0.0, -1)
            found.append((place + len(line), weight + len(line), before))
        for end, weight, before in found:
            _add(ends, best, steps, (end, weight, i, before))
    chain = set()
    at = max(best, default=(0.0, -1))[1]
    while at >= 0:
        chain.add(steps[at][0])
        at = steps[at][1]
    return chain


def _add(
    ends: list[int], best: list[tuple[float, int]], steps: list[tuple[int, int]], step: tuple[int, float, int, int]
) -> None:
    end, weight, line, before = step
    k = bisect_right(ends, end)
    if k and best[k - 1][0] >= weight:
        return
    steps.append((line, before))
    ends.insert(k, end)
    best.insert(k, (weight, len(steps) - 1))
    while k + 1 < len(ends) and best[k + 1][0] <= weight:
        del ends[k + 1], best[k + 1]
