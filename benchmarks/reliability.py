"""Do probabilities mean something? What was said, beside how often it was so.

    python benchmarks/reliability.py GOLD.jsonl... --folds DIR

For spans by their summed probability of boilerplate: how many characters, the probability said, and the share of them
that was labelled boilerplate; for the core kinds, for teasers and reader comments, and for the rest. Without --folds
the model has seen the texts, and the table flatters it.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

import provenance
from cleaner import GROUPS, KINDS, Kind, Options
from cleaner.model import load as load_model
from cleaner.segment import segment_with
from data import DataError, Document, load

_EDGES = (0.05, 0.2, 0.35, 0.5, 0.65, 0.8, 0.9, 0.97, 1.0)
_BOILERPLATE = [KINDS.index(k) for k in GROUPS["boilerplate"]]
_OTHERS = (Kind.RELATED, Kind.READER_COMMENT)

Rows = NDArray[np.float64]
"""[spans, 4]: number of the kind, probability said, characters with a label, those of them that are boilerplate."""


def rows(documents: Sequence[Document], folds: Path | None) -> Rows:
    """A row for each span that may be boilerplate."""
    found = []
    for fold in {d.fold if folds else None for d in documents}:
        model = load_model(str(folds / f"model{fold}.bin") if folds else None)
        mine = [d for d in documents if not folds or d.fold == fold]
        for document, result in zip(mine, segment_with(model, (d.text for d in mine), Options()), strict=True):
            labelled, boilerplate = _sums(document)
            table = result.table
            said = table.scores[:, _BOILERPLATE].sum(axis=1, dtype=np.int64) / 10_000
            kind = table.scores[:, _BOILERPLATE].argmax(axis=1) + _BOILERPLATE[0]
            inside = [sums[table.ends] - sums[table.starts] for sums in (labelled, boilerplate)]
            found.append(np.stack([kind, said, *inside], axis=1)[said >= _EDGES[0]])
    return np.concatenate(found)


def _sums(document: Document) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Running counts of labelled characters and of those of boilerplate."""
    solid = np.array([not c.isspace() for c in document.text], dtype=bool)
    flags = np.zeros((2, len(document.text)), dtype=bool)
    for start, end, kind in document.pieces:
        flags[0, start:end] = True
        flags[1, start:end] = kind in GROUPS["boilerplate"]
    labelled, boilerplate = (np.concatenate([[0], np.cumsum(f & solid)]) for f in flags)
    return labelled, boilerplate


def main(argv: Sequence[str] | None = None) -> int:
    """Print the table. Returns 2 when there is nothing to measure."""
    parser = argparse.ArgumentParser(prog="reliability", description=(__doc__ or "").split("\n", maxsplit=1)[0])
    parser.add_argument("gold", nargs="+", type=Path, metavar="GOLD")
    parser.add_argument("--folds", type=Path, metavar="DIR", help="DIR holds a model for each fold of the texts")
    args = parser.parse_args(argv)
    try:
        documents = [d for s in load(args.gold) for d in s.documents]
    except (DataError, OSError) as e:
        print(f"reliability: {e}", file=sys.stderr)
        return 2
    print(f"{provenance.code()}\n{provenance.command()}\n")
    _print(rows(documents, args.folds))
    return 0


def _print(table: Rows) -> None:
    core = [KINDS.index(k) for k in GROUPS["core"]]
    others = [KINDS.index(k) for k in _OTHERS]
    rest = [k for k in _BOILERPLATE if k not in core + others]
    groups = {"core": core, "other prompts": rest, "teasers, reader comments": others}
    print(f"{'probability':16}" + "".join(f"{name:>36}" for name in groups))
    print(f"{'':16}" + f"{'characters':>16}{'said':>10}{'was so':>10}" * len(groups))
    for low, high in pairwise(_EDGES):
        cells = ""
        for kinds in groups.values():
            mine = table[np.isin(table[:, 0], kinds) & (table[:, 1] >= low) & (table[:, 1] < high + (high == 1))]
            size = mine[:, 2].sum()
            said = (mine[:, 1] @ mine[:, 2]) / size if size else float("nan")
            cells += f"{size:16,.0f}{said:10.3f}{mine[:, 3].sum() / size if size else float('nan'):10.3f}"
        print(f"{low:.2f} to {high:.2f}    {cells}")


if __name__ == "__main__":
    sys.exit(main())
