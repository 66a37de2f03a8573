"""Case files: fixtures/*/*.json, texts in labelled pieces. fixtures/README.md gives the schema."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import cleaner
from cleaner.kinds import BOILERPLATE, Kind

FIXTURES = Path(__file__).parent.parent / "fixtures"


@dataclass(frozen=True)
class Case:
    """name: folder/file. pieces: (kind, text) that join to the input."""

    name: str
    about: str
    lang: str
    pieces: tuple[tuple[Kind, str], ...]

    @property
    def text(self) -> str:
        return "".join(text for _, text in self.pieces)


def load(path: Path) -> Case:
    data = json.loads(path.read_text("utf-8"))
    pieces = tuple((Kind(kind), text) for kind, text in data["pieces"])
    return Case(f"{path.parent.name}/{path.stem}", data["about"], data["lang"], pieces)


def folder(name: str) -> list[Case]:
    return [load(p) for p in sorted((FIXTURES / name).glob("*.json"))]


def complaints(case: Case) -> list[str]:
    """What the library does otherwise than the case expects, a line for each piece; empty when all is well."""
    result = cleaner.segment(case.text)
    owner = [s for s in result.spans for _ in range(s.end - s.start)]
    found, at = [], 0
    for kind, text in case.pieces:
        spans = [owner[i] for i in range(at, at + len(text)) if not case.text[i].isspace()]
        at += len(text)
        gone = sum(s.removed for s in spans)
        wanted = kind in BOILERPLATE
        if spans and gone != (len(spans) if wanted else 0):
            share = f"{gone} of {len(spans)} characters removed"
            found.append(f"{kind}: {share}: {text[:90]!r}")
        elif wanted and spans:
            said = Counter(s.kind for s in spans).most_common(1)[0][0]
            if said != kind:
                found.append(f"{kind}: taken for {said}: {text[:90]!r}")
    return found
