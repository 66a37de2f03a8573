"""Pages: cleaner's bodies, strict and fast, beside those of other extractors, on the same pages in one run.

    python benchmarks/pages.py PAGES.jsonl.gz...
    python benchmarks/pages.py PAGES.jsonl.gz... --folds DIR --write docs

benchmarks/README.md says what page files hold and what the figures mean.
"""

from __future__ import annotations

import argparse
import gzip
import json
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import page_plot
import provenance
from page_scores import Gold, scores
from page_tools import Html, Tool, tools

OK, USAGE = 0, 2
_TURN = 16
"""Pages that a tool gets at once, before the next tool has its turn: what else the machine does strikes all alike."""
_FIGURES = ("precision", "recall", "f1", "same", "word_f1")
_HEADS = ("P", "R", "F1", "same text", "word F1")


class PageFileError(ValueError):
    """A page file that cannot be used; the message names it."""


@dataclass(frozen=True)
class PageSet:
    """The pages of a file, and what their bodies should be."""

    name: str
    pages: tuple[Html, ...]
    golds: tuple[Gold, ...]


@dataclass
class Run:
    """What a tool made of a set: bodies, and seconds for all pages."""

    tool: Tool
    bodies: list[str] = field(default_factory=list)
    seconds: float = 0.0

    @property
    def milliseconds(self) -> float:
        """For a page."""
        return 1000 * self.seconds / max(len(self.bodies), 1)


def load(path: Path, limit: int | None = None) -> PageSet:
    """The pages of a .jsonl or .jsonl.gz file. Raises PageFileError, OSError."""
    pages, golds = [], []
    for number, row in enumerate(_rows(path), 1):
        if limit and number > limit:
            break
        try:
            pages.append(Html(row["html"], row.get("url"), row.get("fold", -1)))
            golds.append(_gold(row))
        except (KeyError, TypeError) as e:
            raise PageFileError(f"{path}:{number}: {type(e).__name__}: {e}") from None
    if not pages:
        raise PageFileError(f"{path}: no pages")
    if len({g.paragraphs is None for g in golds}) > 1:
        raise PageFileError(f"{path}: whole bodies and snippets do not mix")
    return PageSet(path.name.split(".")[0], tuple(pages), tuple(golds))


def _rows(path: Path) -> Iterator[dict[str, Any]]:
    with gzip.open(path, "rt", encoding="utf-8") if path.suffix == ".gz" else path.open(encoding="utf-8") as file:
        for number, line in enumerate(file, 1):
            if line.strip():
                try:
                    yield json.loads(line)
                except ValueError as e:
                    raise PageFileError(f"{path}:{number}: {e}") from None


def _gold(row: dict[str, Any]) -> Gold:
    if "gold" in row:
        return Gold(tuple(row["gold"]), tuple(row.get("optional") or ()))
    return Gold(None, (), tuple(row["with"] or ()), tuple(row["without"] or ()))


def measure(pages: Sequence[Html], contenders: Sequence[Tool]) -> list[Run]:
    """Every tool on every page; the tools take turns, and each has had a page before the clock runs."""
    runs = [Run(tool) for tool in contenders]
    for tool in contenders:
        tool.bodies(pages[:1])
    for first in range(0, len(pages), _TURN):
        some = pages[first : first + _TURN]
        for run in runs:
            start = time.perf_counter()
            bodies = run.tool.bodies(some)
            run.seconds += time.perf_counter() - start
            run.bodies += bodies
    return runs


def table(pages: PageSet, runs: Sequence[Run]) -> str:
    """The figures of a set, as Markdown."""
    found = [scores(pages.golds, run.bodies) for run in runs]
    shown = [(f, h) for f, h in zip(_FIGURES, _HEADS, strict=True) if f in found[0]]
    kind = "snippets" if pages.golds[0].paragraphs is None else "shingles"
    title = f"{pages.name}, {len(pages.pages):,} pages ({kind})"
    rows = [
        f"| {title} | {' | '.join(h for _, h in shown)} | ms a page | pages/s |",
        "|---|" + "---:|" * (len(shown) + 2),
    ]
    for run, figures in zip(runs, found, strict=True):
        name = f"**{run.tool.name}**" if run.tool.ours else run.tool.name
        cells = " | ".join(f"{figures[f]:.3f}" for f, _ in shown)
        rows.append(f"| {name} | {cells} | {run.milliseconds:.1f} | {1000 / run.milliseconds:.1f} |")
    return "\n".join([*rows, ""])


def panel(pages: PageSet, runs: Sequence[Run]) -> tuple[str, list[page_plot.Dot]]:
    """A set's panel in the plot."""
    dots = [
        page_plot.Dot(r.tool.name, 1000 / r.milliseconds, scores(pages.golds, r.bodies)["f1"], r.tool.ours)
        for r in runs
    ]
    return f"F1, {pages.name}", dots


def main(argv: Sequence[str] | None = None) -> int:
    """Measure, print, and write what is wanted."""
    args = _arguments(argv)
    try:
        sets = [load(path, args.limit) for path in args.pages]
    except (PageFileError, OSError) as e:
        print(f"pages: {e}", file=sys.stderr)
        return USAGE
    contenders, missing = tools(args.folds)
    measured = [(s, measure(s.pages, contenders)) for s in sets]
    about = [f"{provenance.code()}, {provenance.machine()}; one thread, strict mode", *missing]
    report = "\n".join([*(table(s, runs) for s, runs in measured), *(f"- {line}" for line in about), ""])
    print(report)
    if args.write:
        _write(args.write, report, page_plot.plot([panel(s, runs) for s, runs in measured]))
    if args.bodies:
        _keep(args.bodies, measured)
    return OK


def _write(folder: Path, report: str, picture: str) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    head = "# Pages: quality and speed\n\n![F1 against pages per second](pages.svg)\n\n"
    (folder / "pages.md").write_text(head + report, "utf-8")
    (folder / "pages.svg").write_text(picture, "utf-8")


def _keep(path: Path, measured: Sequence[tuple[PageSet, Sequence[Run]]]) -> None:
    with path.open("w", encoding="utf-8") as file:
        for pages, runs in measured:
            for run in runs:
                for number, body in enumerate(run.bodies):
                    row = {"set": pages.name, "page": number, "tool": run.tool.name, "body": body}
                    file.write(json.dumps(row) + "\n")


def _arguments(argv: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="pages", description=(__doc__ or "").split("\n", maxsplit=1)[0])
    parser.add_argument("pages", nargs="+", type=Path, metavar="PAGES", help="page files (.jsonl, .jsonl.gz)")
    parser.add_argument("--limit", type=int, metavar="N", help="only the first N pages of each file")
    parser.add_argument("--folds", type=Path, help="folder of page models, each trained without one fold of the pages")
    parser.add_argument("--write", type=Path, metavar="FOLDER", help="write pages.md and pages.svg there")
    parser.add_argument("--bodies", type=Path, metavar="FILE", help="keep all bodies, as JSON Lines")
    return parser.parse_args(argv)


if __name__ == "__main__":
    sys.exit(main())
