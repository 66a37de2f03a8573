"""Labelled texts: from gold files, from pages labelled line by line, and from the project's own cases."""

from __future__ import annotations

import gzip
import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

Piece = tuple[str, str]
"""(text, label). A label is a kind, or "unknown" for what is not to be learned from."""

UNKNOWN = "unknown"
OTHER = "other"
"""Not body, and nobody has said what."""
OWN_SITE = "own"
CASE_WEIGHT = 4.0
"""Each case stands for a judgement that many pages need."""


@dataclass(frozen=True)
class LabelledText:
    """A text and the labels of its pieces, half-open ranges in order.

    site: texts of one site are not independent. fold: for cross-validation, -1 for what is in no fold. weight: how
    much it counts in training. source: where it comes from. name: which text it is. original: labelled by reading,
    not made from one that was.
    """

    text: str
    pieces: tuple[tuple[int, int, str], ...]
    site: str
    fold: int = -1
    weight: float = 1.0
    source: str = ""
    name: str = ""
    original: bool = False

    @property
    def lines(self) -> list[list[str]]:
        """[text, label, what stood before it] of every piece."""
        found, at = [], 0
        for start, end, label in self.pieces:
            found.append([self.text[start:end], label, self.text[at:start] if found else ""])
            at = end
        return found


def render(lines: list[list[str]], *, between: str | None = None) -> tuple[str, tuple[tuple[int, int, str], ...]]:
    """Lines put together: with what stands before each as its third item, or with `between`."""
    text, pieces = "", []
    for i, line in enumerate(lines):
        if i:
            text += line[2] if between is None else between
        pieces.append((len(text), len(text) + len(line[0]), line[1]))
        text += line[0]
    return text, tuple(pieces)


def gold(folder: Path, doubtful: Path | None = None) -> Iterator[LabelledText]:
    """The texts of the gold files in a folder.

    doubtful: JSON Lines of {"id", "source", "ranges": [[start, end], ...]}: calls to action that a reference holds as
    body, found by reading what networks that had not seen the text were sure of. They are not learned from.
    """
    doubts = _doubts(doubtful) if doubtful else {}
    for path in sorted(folder.glob("*.jsonl")):
        with path.open(encoding="utf-8") as file:
            for d in map(json.loads, file):
                pieces = [(a, b, label) for a, b, label in d["lines"]]
                for start, end in doubts.get((d["id"], d["source"]), ()):
                    pieces = [x for piece in pieces for x in _without(piece, start, end)]
                name = f"{d['id']}\t{d['source']}"
                common = {"source": path.stem, "name": name, "original": True}
                yield LabelledText(d["text"], tuple(pieces), d["site"], d["fold"], **common)


def _doubts(path: Path) -> dict[tuple[str, str], list[tuple[int, int]]]:
    rows = map(json.loads, path.read_text("utf-8").splitlines())
    return {(r["id"], r["source"]): [(a, b) for a, b in r["ranges"]] for r in rows}


def _without(piece: tuple[int, int, str], start: int, end: int) -> Iterator[tuple[int, int, str]]:
    """A piece, with what lies in the range labelled as unknown."""
    a, b, label = piece
    parts = ((a, min(b, start), label), (max(a, start), min(b, end), UNKNOWN), (max(a, end), b, label))
    return (p for p in parts if p[0] < p[1])


def cases(folder: Path) -> Iterator[LabelledText]:
    """The project's own cases."""
    for path in sorted(folder.glob("*/*.json")):
        lines = [[text, kind, ""] for kind, text in json.loads(path.read_text("utf-8"))["pieces"]]
        text, pieces = render(lines)
        yield LabelledText(text, pieces, f"{OWN_SITE}:{path.stem}", weight=CASE_WEIGHT, source="case", name=path.stem)


def pages(folder: Path) -> dict[str, dict[str, Any]]:
    """The HTML pages in a folder, by id."""
    found = {}
    for path in sorted(folder.glob("*.jsonl.gz")):
        with gzip.open(path, "rt", encoding="utf-8") as file:
            found |= {page["id"]: page for page in map(json.loads, file)}
    return found


def plain_text(html: str) -> list[str]:
    """The lines of a page's main part as Resiliparse gives them."""
    from resiliparse.extract.html2text import extract_plain_text
    from resiliparse.parse.html import HTMLTree

    options = {"alt_texts": False, "links": False, "form_fields": False, "noscript": False}
    text = extract_plain_text(HTMLTree.parse(html), main_content=True, preserve_formatting=True, **options)
    return [line.strip() for line in text.split("\n") if line.strip()]


def digest(lines: list[str]) -> str:
    """A short name for what a page's lines were when they were labelled."""
    return hashlib.sha256("\n".join(lines).encode("utf-8", "surrogatepass")).hexdigest()[:16]


def labelled_pages(labels: Path, html: dict[str, dict[str, Any]]) -> Iterator[LabelledText]:
    """Pages labelled by reading their lines; one whose lines come out otherwise today is left out.

    labels: JSON Lines of {"id", "digest", "labels": [[kind, how many lines], ...]}.
    """
    for row in map(json.loads, labels.read_text("utf-8").splitlines()):
        page = html.get(row["id"])
        if page is None:
            continue
        lines = plain_text(page["html"])
        if digest(lines) != row["digest"]:
            continue
        kinds = [kind for kind, count in row["labels"] for _ in range(count)]
        text, pieces = render([[t, k, ""] for t, k in zip(lines, kinds, strict=True)], between="\n")
        name = row["id"] + "\tresiliparse"
        yield LabelledText(text, pieces, page["site"], page["fold"], source="pages", name=name, original=True)
