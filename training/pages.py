"""Whole pages to learn from: as examples with the evidence of their tree, and as texts with what surrounds the body.

Needs trafilatura, like the pages of the library.
"""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from typing import Any

from cleaner.features import gather
from cleaner.matcher import matcher
from cleaner.options import Options
from cleaner.page.segment import page_evidence, page_values
from cleaner.page.tree import Page, read_page

from .examples import Example, labels_of, renumbered
from .page_labels import Reference, label, words
from .texts import OTHER, UNKNOWN, LabelledText, render

Row = dict[str, Any]
Known = Mapping[str, str]
KnownPages = Mapping[str, Known]
Html = Mapping[str, Row]

_LONGEST = 3000
"""Units; longer pages are a few oddities that would outweigh many others."""
_LEAST_BODY = 200
_BEFORE, _AFTER = (0, 1, 2, 4, 8, 15, 30), (0, 2, 5, 10, 20, 40, 80)
"""Lines around the body that an extractor may have left."""
SURROUNDED = 2
"""Texts made of each page."""
SURROUNDED_WEIGHT = 0.5


def known_lines(labelled: Iterable[LabelledText]) -> dict[str, dict[str, str]]:
    """The kinds of lines labelled by reading, by page and folded words."""
    known: defaultdict[str, dict[str, str]] = defaultdict(dict)
    for t in labelled:
        lines = known[t.name.split("\t")[0]]
        for start, end, kind in t.pieces:
            line = " ".join(words(t.text[start:end]))
            lines[line] = kind if lines.get(line, kind) == kind else UNKNOWN
    return known


def labelled_page(row: Row, known: Known) -> tuple[Page, LabelledText]:
    """A page, and its text with a label for each line."""
    page = read_page(row["html"], url=row.get("url"))
    lines = page.text.split("\n") if page.text else []
    if "gold" in row:
        labels = label(lines, Reference(row["gold"], row.get("optional") or ()), known)
    else:
        labels = _by_snippets(lines, row, known)
    text, pieces = render([[t, k, ""] for t, k in zip(lines, labels, strict=True)], between="\n")
    where = {"site": row["site"], "fold": row["fold"], "name": row["id"], "source": row["id"].split(":")[0]}
    return page, LabelledText(text, pieces, **where, original=True)


def _by_snippets(lines: Sequence[str], row: Row, known: Known) -> list[str]:
    """Labels from snippets that must be in the body and that must not."""
    inside, outside = ([" ".join(s.split()) for s in row[key] or ()] for key in ("with", "without"))
    labels = []
    for line in lines:
        flat, told = " ".join(line.split()), known.get(" ".join(words(line)), UNKNOWN)
        if any(s in flat for s in outside):
            labels.append(OTHER if told in ("body", UNKNOWN) else told)
        else:
            labels.append("body" if any(s in flat for s in inside) else told)
    return labels


def page_example(row: Row, known: Known) -> Example | None:
    """A page's units with the evidence of its text and tree; None when there is nothing to learn from."""
    page, text = labelled_page(row, known)
    evidence = gather([page.text], matcher())
    units = evidence.units
    if not 0 < len(units) <= _LONGEST:
        return None
    values = page_values([page_evidence(page, Options())], evidence)
    found, size = labels_of(text, units.ink, units.ink_end)
    return Example(values.values, found, size, renumbered(units.line), evidence.documents[0].lang, values.names, text)


def surrounded(row: Row, known: Known) -> list[LabelledText]:
    """A page's body with some of what stands around and inside it, as an extractor may give it."""
    _, text = labelled_page(row, known)
    lines = [x for x in text.lines if x[0].strip()]
    body = [i for i, x in enumerate(lines) if x[1] == "body"]
    if sum(len(lines[i][0]) for i in body) < _LEAST_BODY:
        return []
    rng, made = random.Random(row["id"]), []
    for _ in range(SURROUNDED):
        first, last = body[0] - rng.choice(_BEFORE), body[-1] + 1 + rng.choice(_AFTER)
        some = lines[max(first, 0) : last]
        if rng.random() < 0.5:
            some = _thinned(some, rng)
        result, pieces = render(some, between=rng.choice(("\n", "\n", "\n\n")))
        made.append(LabelledText(result, pieces, row["site"], row["fold"], SURROUNDED_WEIGHT, "surrounded", row["id"]))
    return made


def _thinned(lines: list[list[str]], rng: random.Random) -> list[list[str]]:
    """Lines with some runs of what is not body left out."""
    kept, skip = [], 0
    for x in lines:
        if x[1] == "body":
            skip = 0
        elif not skip and rng.random() < 0.15:
            skip = rng.randint(1, 12)
        if skip:
            skip -= 1
        else:
            kept.append(x)
    return kept


def page_examples(rows: Sequence[Row], known: KnownPages, processes: int) -> list[Example]:
    """All pages as examples."""
    with ProcessPoolExecutor(processes) as pool:
        made = pool.map(page_example, rows, [known.get(r["id"], {}) for r in rows], chunksize=20)
        return [e for e in made if e is not None]


def surrounded_texts(rows: Sequence[Row], known: KnownPages, processes: int) -> list[LabelledText]:
    """Texts made of all pages."""
    with ProcessPoolExecutor(processes) as pool:
        made = pool.map(surrounded, rows, [known.get(r["id"], {}) for r in rows], chunksize=20)
        return [t for texts in made for t in texts]
