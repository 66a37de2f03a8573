"""Labelled texts as arrays to learn from."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cleaner.features import gather
from cleaner.kinds import KINDS
from cleaner.matcher import matcher

from .texts import OTHER, LabelledText

OTHER_NUMBER = len(KINDS)
KIND_NUMBER = {str(k): i for i, k in enumerate(KINDS)} | {OTHER: OTHER_NUMBER}
_BODY_SHARE = 0.2
"""A unit with more of body in it is body, whatever else it holds: losing body is the worst error."""


@dataclass
class Example:
    """A document's units. values: uint8 [n, features]. label: kind number or -1. size: labelled characters of
    each unit that are no white space. line: running number. features: names of the columns."""

    values: NDArray[np.uint8]
    label: NDArray[np.int64]
    size: NDArray[np.float32]
    line: NDArray[np.int64]
    lang: str | None
    features: tuple[str, ...]
    text: LabelledText

    @property
    def goes_on(self) -> NDArray[np.bool_]:
        """Whether each unit follows the one before with nothing but an ordinary sentence end between them."""
        same = np.concatenate([[False], self.line[1:] == self.line[:-1]])[: len(self.line)]
        return same & (self.values[:, self.features.index("seam_sentence")] > 0)

    def pieces(self, longest: int) -> Iterable[Example]:
        """The example in stretches of at most so many units."""
        n = len(self.label)
        for a in range(0, n, longest):
            b = min(n, a + longest)
            line = renumbered(self.line[a:b])
            part = (self.values[a:b], self.label[a:b], self.size[a:b])
            yield Example(*part, line, self.lang, self.features, self.text)


def renumbered(line: NDArray[np.int64]) -> NDArray[np.int64]:
    return np.cumsum(np.concatenate([[0], line[1:] != line[:-1]])).astype(np.int64)


def example(text: LabelledText) -> Example:
    """One text as arrays."""
    evidence = gather([text.text], matcher())
    units = evidence.units
    label, size = labels_of(text, units.ink, units.ink_end)
    line = renumbered(units.line) if len(units) else units.line
    return Example(evidence.values, label, size, line, evidence.documents[0].lang, evidence.names, text)


def labels_of(
    text: LabelledText, start: NDArray[np.int64], end: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
    """(label, labelled characters) of the units that begin and end at some offsets."""
    of_char = np.full(len(text.text), -1, dtype=np.int64)
    for a, b, label in text.pieces:
        of_char[a:b] = KIND_NUMBER.get(label, -1)
    solid = np.array([not c.isspace() for c in text.text], dtype=bool)
    of_char[~solid] = -1
    label = np.full(len(start), -1, dtype=np.int64)
    size = np.zeros(len(start), dtype=np.float32)
    for i, (a, b) in enumerate(zip(start.tolist(), end.tolist(), strict=True)):
        counts = np.bincount(of_char[a:b] + 1, minlength=OTHER_NUMBER + 2)[1:]
        total = int(counts.sum())
        if total:
            label[i] = 0 if counts[0] > _BODY_SHARE * total else int(counts.argmax())
            size[i] = total
    return label, size


def examples(texts: Sequence[LabelledText], processes: int) -> list[Example]:
    """All texts as arrays, those without a unit left out."""
    with ProcessPoolExecutor(processes) as pool:
        made = pool.map(example, texts, chunksize=50)
        return [e for e in made if len(e.label)]
