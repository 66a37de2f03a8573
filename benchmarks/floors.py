"""The gate: figures that must not get worse, pinned with the fingerprint of the data they were measured on.

A floor stands for the worst value allowed: the least recall, the greatest loss. It is raised when the library gets
better, and lowered only by whoever says so with a flag of its own.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import ceil, floor, isnan
from pathlib import Path
from typing import Any

from figures import FIGURES

_STEPS = 100_000
"""Floors are written to five digits, rounded to the lenient side."""


@dataclass(frozen=True)
class Measured:
    """A data set's figures. name: of the set, with " strict" for a strict run."""

    name: str
    digest: str
    documents: int
    figures: Mapping[str, float]

    @property
    def strict(self) -> bool:
        return self.name.endswith(" strict")

    def pinned(self) -> dict[str, float]:
        """The figures that are worth a floor. A strict run removes furniture, so precision says nothing there."""
        names = [f for f in FIGURES if not isnan(self.figures[f]) and not (self.strict and f == "precision")]
        return {f: _lenient(self.figures[f], down=self.higher_is_better(f)) for f in names}

    def higher_is_better(self, figure: str) -> bool:
        """Losses should be low, but furniture is meant to go in a strict run."""
        return figure != "body_loss" and (figure != "furniture_loss" or self.strict)


def _lenient(value: float, *, down: bool) -> float:
    return (floor if down else ceil)(value * _STEPS) / _STEPS


class Floors:
    """The floors file: for each data set its fingerprint, how many documents it has, and the floors."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.sets: dict[str, dict[str, Any]] = json.loads(path.read_text("utf-8")) if path.exists() else {}

    def complaints(self, measured: Iterable[Measured]) -> list[str]:
        """What is below its floor, or was measured on data that are not pinned; a line each."""
        return [c for m in measured for c in (*self._other_data(m), *self._regressions(m))]

    def _other_data(self, m: Measured) -> Iterable[str]:
        known = self.sets.get(m.name)
        if known is None:
            yield f"{m.name}: no floors yet; --raise-floors pins them"
        elif known["sha256"] != m.digest:
            yield f"{m.name}: not the data that the floors were measured on; --raise-floors pins the new ones"

    def _regressions(self, m: Measured) -> Iterable[str]:
        for figure, bound in self.sets.get(m.name, {"floors": {}})["floors"].items():
            value = m.figures[figure]
            if value < bound if m.higher_is_better(figure) else value > bound:
                yield f"{m.name}: {figure} {value:.5f} is worse than its floor {bound:.5f}"

    def raise_to(self, measured: Iterable[Measured]) -> list[str]:
        """Pin what is better, and data that are new; a regression is a complaint and leaves its set as it is."""
        complaints = []
        for m in measured:
            worse = list(self._regressions(m))
            complaints += [f"{w}; --lower-floors to accept it" for w in worse]
            if not worse:
                self.pin([m])
        return complaints

    def pin(self, measured: Iterable[Measured]) -> None:
        """Pin the figures as they are now, better or worse."""
        for m in measured:
            self.sets[m.name] = {"sha256": m.digest, "documents": m.documents, "floors": m.pinned()}

    def save(self) -> None:
        self.path.write_text(json.dumps(self.sets, indent=2, sort_keys=True) + "\n", "utf-8")
