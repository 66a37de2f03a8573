"""Quality: cleaner beside the line rules of C4 and a phrase list kept by hand, on the same texts in one run.

    python benchmarks/quality.py fixtures
    python benchmarks/quality.py GOLD.jsonl... --floors benchmarks/floors.json

benchmarks/README.md says what the figures mean and how the floors work.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from math import isnan
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

import cleaner
import peers
import provenance
from cleaner.model import load as load_model
from cleaner.segment import segment_with
from data import DataError, DataSet, Document, load
from figures import FIGURES, Counts, Removal, by_kind, count, figures, intervals
from floors import Floors, Measured

OK, WORSE, USAGE = 0, 1, 2
_SHORT = ("core", "prompt", "recall", "body loss", "furn. loss", "precision", "perfect", "kind F1")
"""FIGURES as column heads."""


class Tool(NamedTuple):
    """name: in the tables. kinds: whether it tells what a line was. run: documents to what it removes of each."""

    name: str
    kinds: bool
    run: Callable[[Sequence[Document]], Iterable[list[Removal]]]


def _cleaner(documents: Sequence[Document], *, options: cleaner.Options, folds: Path | None) -> list[list[Removal]]:
    """With `folds`, each document by the model that was not trained on its fold."""
    found: list[list[Removal]] = [[] for _ in documents]
    for fold in {d.fold if folds else None for d in documents}:
        model = load_model(str(folds / f"model{fold}.bin") if folds else None)
        mine = [i for i, d in enumerate(documents) if not folds or d.fold == fold]
        results = segment_with(model, (documents[i].text for i in mine), options)
        for i, result in zip(mine, results, strict=True):
            found[i] = [Removal(s.start, s.end, s.kind) for s in result.removed]
    return found


def _lines(documents: Sequence[Document], *, keep: Callable[[str], bool]) -> Iterator[list[Removal]]:
    return (peers.drop_lines(d.text, keep) for d in documents)


def tools(*, strict: bool, threshold: float | None = None, folds: Path | None = None) -> tuple[Tool, ...]:
    """cleaner first, then its peers."""
    remove = ("boilerplate", "furniture") if strict else ("boilerplate",)
    options = cleaner.Options(remove=remove, threshold=threshold or cleaner.Options().threshold)
    return (
        Tool("cleaner", True, partial(_cleaner, options=options, folds=folds)),
        Tool("C4 line rules", False, partial(_lines, keep=peers.c4_keeps)),
        Tool("phrase list", False, partial(_lines, keep=peers.phrases_keep)),
    )


@dataclass
class Scored:
    """A tool's counts: of each document, by data set."""

    tool: Tool
    counts: dict[str, list[Counts]] = field(default_factory=dict)

    def total(self, *names: str) -> Counts:
        """Added up over the named sets, all of them if none is named."""
        chosen = [c for name in names or self.counts for c in self.counts[name]]
        total: Counts = np.sum(chosen, axis=0)
        return total

    def figures(self, *names: str) -> dict[str, float]:
        """A tool that tells no kinds has no figure for telling them right."""
        found = figures(self.total(*names))
        return found if self.tool.kinds else {**found, "core_kind_f1": float("nan")}

    def intervals(self, sites: Sequence[str]) -> dict[str, tuple[float, float]]:
        return intervals([c for group in self.counts.values() for c in group], sites)


def measure(sets: Sequence[DataSet], chosen: Sequence[Tool]) -> list[Scored]:
    """Every tool over every document."""
    scored = [Scored(tool) for tool in chosen]
    for data in sets:
        for s in scored:
            removals = s.tool.run(data.documents)
            s.counts[data.name] = [count(d, r) for d, r in zip(data.documents, removals, strict=True)]
    return scored


def main(argv: Sequence[str] | None = None) -> int:
    """Run it. Returns 0 when all is well, 1 when a figure is worse than its floor, 2 when it cannot be measured."""
    args = _arguments(argv)
    try:
        sets = load(args.gold)
    except (DataError, OSError) as e:
        print(f"quality: {e}", file=sys.stderr)
        return USAGE
    scored = measure(sets, tools(strict=args.strict, threshold=args.threshold, folds=args.folds))
    sites = [d.site for s in sets for d in s.documents]
    spread = [s.intervals(sites) for s in scored]
    _print(sets, scored, spread, strict=args.strict)
    if args.json:
        args.json.write_text(json.dumps(_as_json(sets, scored, spread), indent=1) + "\n", "utf-8")
    return _gate(args, sets, scored[0]) if args.floors else OK


def _arguments(argv: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="quality", description=(__doc__ or "").split("\n", maxsplit=1)[0])
    add = parser.add_argument
    add("gold", nargs="+", type=Path, metavar="GOLD", help="gold files (.jsonl), cases (.json), folders of cases")
    add("--strict", action="store_true", help="remove furniture too")
    add("--threshold", type=float, metavar="X", help="another threshold than the default one")
    add("--folds", type=Path, metavar="DIR", help="cross-validate: DIR holds a model for each fold of the texts")
    add("--json", type=Path, metavar="FILE", help="write all figures here")
    add("--floors", type=Path, metavar="FILE", help="fail when a figure is worse than in this file")
    change = parser.add_mutually_exclusive_group()
    change.add_argument("--raise-floors", action="store_true", help="pin better figures and new data in that file")
    change.add_argument("--lower-floors", action="store_true", help="pin the figures as they are, worse ones too")
    args = parser.parse_args(argv)
    if (args.raise_floors or args.lower_floors) and not args.floors:
        parser.error("--raise-floors and --lower-floors need --floors FILE")
    return args


def _gate(args: argparse.Namespace, sets: Sequence[DataSet], mine: Scored) -> int:
    floors = Floors(args.floors)
    suffix = " strict" if args.strict else ""
    measured = [Measured(s.name + suffix, s.digest, len(s.documents), mine.figures(s.name)) for s in sets]
    if args.lower_floors:
        floors.pin(measured)
        complaints = []
    else:
        complaints = floors.raise_to(measured) if args.raise_floors else floors.complaints(measured)
    if args.lower_floors or args.raise_floors:
        floors.save()
    for complaint in complaints:
        print(f"quality: {complaint}", file=sys.stderr)
    if not complaints:
        print(f"\nno figure is worse than in {args.floors}")
    return WORSE if complaints else OK


Spread = Sequence[dict[str, tuple[float, float]]]


def _print(sets: Sequence[DataSet], scored: Sequence[Scored], spread: Spread, *, strict: bool) -> None:
    documents = [d for s in sets for d in s.documents]
    size = sum(len(d.text.encode("utf-8", "surrogatepass")) for d in documents) / 1e6
    print(f"{provenance.code()}, furniture {'removed' if strict else 'kept'}")
    print(f"{len(documents):,} texts of {len({d.site for d in documents}):,} sites, {size:.1f} MB")
    print(f"{provenance.command()}\n")
    _print_totals(scored, spread)
    _print_sets(sets, scored)
    _print_kinds(scored)


def _print_totals(scored: Sequence[Scored], spread: Spread) -> None:
    print(f"{'all texts':16}" + "".join(f"{s.tool.name:>28}" for s in scored))
    totals = [s.figures() for s in scored]
    for name in FIGURES:
        cells = (_with_interval(name, t[name], i[name]) for t, i in zip(totals, spread, strict=True))
        print(f"{name.replace('_', ' '):16}" + "".join(f"{c:>28}" for c in cells))
    print(f"{'':16}brackets: 95 % intervals over sites")


def _print_sets(sets: Sequence[DataSet], scored: Sequence[Scored]) -> None:
    width = max(len(s.name) for s in sets) + 2
    print(f"\n{'set':{width}}{'texts':>6}  {'tool':14}" + "".join(f"{name:>11}" for name in _SHORT))
    for data in sets:
        for s in scored:
            found = s.figures(data.name)
            head = f"{data.name:{width}}{len(data.documents):6}" if s is scored[0] else " " * (width + 6)
            print(f"{head}  {s.tool.name:14}" + "".join(f"{_cell(found[f], f):>11}" for f in FIGURES))


def _print_kinds(scored: Sequence[Scored]) -> None:
    print(f"\n{'share removed':16}{'lines':>8}{'characters':>12}" + "".join(f"{s.tool.name:>15}" for s in scored))
    tables = [by_kind(s.total()) for s in scored]
    for kind, row in tables[0].items():
        shares = "".join(f"{_cell(t[kind]['removed']):>15}" for t in tables)
        print(f"{kind:16}{row['lines']:8,}{row['characters']:12,}{shares}")


def _with_interval(name: str, value: float, interval: tuple[float, float]) -> str:
    low, high = (_cell(x, name) for x in interval)
    return _cell(value, name) if isnan(value) else f"{_cell(value, name)} [{low} {high}]"


def _cell(value: float, name: str = "") -> str:
    """A share with four digits; the loss of body is so small that it needs a fifth."""
    return "–" if isnan(value) else f"{value:.{5 if name == 'body_loss' else 4}f}"


def _as_json(sets: Sequence[DataSet], scored: Sequence[Scored], spread: Spread) -> dict[str, Any]:
    return {
        "code": provenance.code(),
        "command": provenance.command(),
        "data": [{"name": s.name, "sha256": s.digest, "documents": len(s.documents)} for s in sets],
        "tools": {s.tool.name: _tool_json(s, i) for s, i in zip(scored, spread, strict=True)},
    }


def _tool_json(scored: Scored, spread: dict[str, tuple[float, float]]) -> dict[str, Any]:
    return {
        "total": _json_numbers(scored.figures()),
        "intervals": {k: v for k, v in spread.items() if not isnan(scored.figures()[k])},
        "sets": {name: _json_numbers(scored.figures(name)) for name in scored.counts},
        "kinds": {str(k): _json_numbers(v) for k, v in by_kind(scored.total()).items()},
    }


def _json_numbers(values: dict[str, float]) -> dict[str, float | None]:
    """JSON has no NaN."""
    return {k: None if isnan(v) else v for k, v in values.items()}


if __name__ == "__main__":
    sys.exit(main())
