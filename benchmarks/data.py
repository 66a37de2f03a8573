"""Labelled texts to measure against: gold files and the project's own cases.

A gold file (.jsonl) has one object a line: {"id", "site", "text", "lines": [[start, end, label], ...]}, half-open
offsets in code points; labels that are no kind ("mixed", "unknown") are scored nowhere. A case (.json, see
fixtures/README.md) has {"about", "lang", "pieces": [[kind, text], ...]}; its text is the pieces joined.
"""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cleaner import Kind

Piece = tuple[int, int, Kind]


class DataError(ValueError):
    """Data that cannot be used; the message names the file."""


@dataclass(frozen=True)
class Document:
    """A text and its labelled pieces, in order. site: documents of one site are not independent of each other. fold:
    its part in cross-validation, None where it is in none."""

    text: str
    pieces: tuple[Piece, ...]
    site: str
    fold: int | None = None


@dataclass(frozen=True)
class DataSet:
    """A gold file, or the cases of one folder. digest: sha256 over the contents of its files."""

    name: str
    digest: str
    documents: tuple[Document, ...]


def load(paths: Iterable[Path]) -> list[DataSet]:
    """The data sets in gold files, case files and folders of case files. Raises DataError, OSError."""
    cases: defaultdict[str, list[Path]] = defaultdict(list)
    sets = []
    for path in paths:
        if path.suffix == ".jsonl":
            sets.append(_gold(path))
            continue
        for case in sorted(path.rglob("*.json")) if path.is_dir() else [path]:
            cases[case.parent.name].append(case)
    sets += [_cases(folder, files) for folder, files in cases.items()]
    if not any(s.documents for s in sets):
        raise DataError("no labelled text in " + ", ".join(map(str, paths)))
    return sets


def _gold(path: Path) -> DataSet:
    data = path.read_bytes()
    documents = []
    for number, line in enumerate(data.splitlines(), 1):
        if line.strip():
            documents.append(_read(line, f"{path}:{number}", _gold_document))
    return DataSet(path.stem, hashlib.sha256(data).hexdigest(), tuple(documents))


def _cases(folder: str, paths: list[Path]) -> DataSet:
    digest = hashlib.sha256()
    documents = []
    for path in paths:
        data = path.read_bytes()
        digest.update(hashlib.sha256(data).digest())
        documents.append(_read(data, str(path), _case))
    return DataSet(folder, digest.hexdigest(), tuple(documents))


def _read(data: bytes, where: str, make: Any) -> Document:
    try:
        document: Document = make(json.loads(data), where)
    except (ValueError, KeyError, TypeError, IndexError) as e:
        raise DataError(f"{where}: {type(e).__name__}: {e}") from None
    return document


def _gold_document(data: dict[str, Any], where: str) -> Document:
    text, kinds = data["text"], set(map(str, Kind))
    pieces = tuple((start, end, Kind(label)) for start, end, label in data["lines"] if label in kinds)
    if any(end < start or end > len(text) for start, end, _ in pieces):
        raise DataError(f"{where}: a piece lies outside the text")
    return Document(text, pieces, data.get("site") or data["id"], data.get("fold"))


def _case(data: dict[str, Any], where: str) -> Document:
    text = "".join(text for _, text in data["pieces"])
    return Document(text, tuple(_case_pieces(data["pieces"])), where)


def _case_pieces(pieces: list[tuple[str, str]]) -> Iterator[Piece]:
    """A piece for each line of each piece: figures count lines, and cases may have several in one."""
    at = 0
    for kind, text in pieces:
        for line in text.splitlines(keepends=True):
            yield at, at + len(line), Kind(kind)
            at += len(line)
