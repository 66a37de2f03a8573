"""What other extractors make of labelled pages: the labels carry over by line."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from typing import Any

from .texts import UNKNOWN, LabelledText

WEIGHT = 0.4
_LONGEST = 60_000
_MOST_UNKNOWN = 0.6
_COVERED = 0.8
_IMAGE = re.compile(r"!\[([^\]]*)\]\([^)]*\)")
_LINK = re.compile(r"\[([^\]]*)\]\([^)]*\)")
_MARKS = re.compile(r"[*_`#>|]|^\s*[-•]\s+")
MARKDOWN = {"output_format": "markdown", "include_links": True, "include_images": True, "include_formatting": True}
OPTIONS: tuple[tuple[str, dict[str, Any]], ...] = (("recall", {"favor_recall": True}), ("markdown", MARKDOWN))


def make(labelled: Sequence[LabelledText], html: dict[str, dict[str, Any]], processes: int) -> list[LabelledText]:
    """Other extractors' texts of the pages that the labelled ones come from."""
    by_page: defaultdict[str, list[LabelledText]] = defaultdict(list)
    for t in labelled:
        by_page[t.name.split("\t")[0]].append(t)
    jobs = [(html[page]["html"], known) for page, known in by_page.items() if page in html]
    with ProcessPoolExecutor(processes) as pool:
        return [t for made in pool.map(_extracted, jobs, chunksize=8) for t in made]


def _extracted(job: tuple[str, list[LabelledText]]) -> list[LabelledText]:
    import trafilatura

    html, known = job
    found = []
    for name, options in OPTIONS:
        text = trafilatura.extract(html, **options)
        if text and len(text) <= _LONGEST:
            carried = carry_over(text, known, name)
            if carried is not None:
                found.append(carried)
    return found


def carry_over(text: str, known: Sequence[LabelledText], name: str) -> LabelledText | None:
    """The text with the labels of the lines that it shares with the known ones; None when most lines are new."""
    labels, body = _known_lines(known)
    pieces: list[tuple[int, int, str]] = []
    at = 0
    for line in text.split("\n"):
        bare = line.strip()
        if bare:
            start = at + len(line) - len(line.lstrip())
            pieces.append((start, start + len(bare), _label(bare, labels, body)))
        at += len(line) + 1
    unknown = sum(label == UNKNOWN for _, _, label in pieces)
    if not pieces or unknown > _MOST_UNKNOWN * len(pieces):
        return None
    like = known[0]
    page = like.name.split("\t")[0]
    return LabelledText(text, tuple(pieces), like.site, like.fold, WEIGHT, "variant", f"{page}\t{name}")


Grams = set[tuple[str, ...]]


def _known_lines(known: Sequence[LabelledText]) -> tuple[dict[str, str], Grams]:
    labels: dict[str, str] = {}
    body: Grams = set()
    for t in known:
        for start, end, label in t.pieces:
            line = _plain(t.text[start:end])
            labels[line] = label if labels.get(line, label) == label else UNKNOWN
            if label == "body":
                body |= _grams(line)
    return labels, body


def _label(line: str, labels: dict[str, str], body: Grams) -> str:
    plain = _plain(line)
    if plain in labels:
        return labels[plain]
    grams = _grams(plain)
    covered = len(grams & body) >= _COVERED * len(grams)
    return "body" if covered and len(grams) > 5 else UNKNOWN


def _plain(line: str) -> str:
    return " ".join(_MARKS.sub(" ", _LINK.sub(r"\1", _IMAGE.sub(r"\1", line))).split()).lower()


def _grams(line: str) -> Grams:
    words = line.split()
    return {tuple(words[i : i + 4]) for i in range(len(words) - 3)}


def main() -> None:
    """Write the variants of one extractor as a gold file: to measure on what was not labelled by reading."""
    import argparse
    import json
    from pathlib import Path

    from . import texts

    parser = argparse.ArgumentParser(prog="python -m training.variants", description=main.__doc__)
    parser.add_argument("--gold", type=Path, required=True)
    parser.add_argument("--pages", type=Path, required=True)
    parser.add_argument("--name", choices=[name for name, _ in OPTIONS], default="markdown")
    parser.add_argument("-o", "--output", type=Path, required=True)
    args = parser.parse_args()
    made = make(list(texts.gold(args.gold)), texts.pages(args.pages), processes=2)
    with args.output.open("w", encoding="utf-8") as file:
        for t in made:
            page, name = t.name.split("\t")
            if name == args.name:
                row = {"id": page, "source": name, "lang": "?", "site": t.site, "fold": t.fold}
                file.write(json.dumps({**row, "text": t.text, "lines": t.pieces}, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main()
