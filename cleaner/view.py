"""All rich rendering: the article in the terminal, the tables, the progress bar.

Nothing an article says may act on the terminal: its text goes through `visible` and stands in `Text` objects, never in
markup.
"""

from __future__ import annotations

import os
import re
import sys
from collections import Counter
from collections.abc import Iterator
from io import StringIO
from itertools import pairwise, zip_longest
from typing import TYPE_CHECKING, TextIO, cast

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table
from rich.text import Text

from .io import to_stderr, visible
from .kinds import ABOUT, BOILERPLATE, CORE, FURNITURE, KINDS, Kind

if TYPE_CHECKING:
    from .run import Tally
    from .spans import Segmentation, Span

STYLES: dict[Kind, str] = {
    Kind.BODY: "default",
    Kind.HEADLINE: "color(110)",
    Kind.BYLINE: "color(109)",
    Kind.CAPTION: "color(108)",
    Kind.BIO: "color(144)",
    Kind.NOTE: "color(146)",
    Kind.DONATION: "color(203)",
    Kind.PREMIUM: "color(178)",
    Kind.NEWSLETTER: "color(75)",
    Kind.COMMENT: "color(141)",
    Kind.ACCOUNT: "color(73)",
    Kind.FOLLOW: "color(38)",
    Kind.RELATED: "color(71)",
    Kind.ADVERT: "color(208)",
    Kind.LEGAL: "color(137)",
    Kind.CONTACT: "color(167)",
    Kind.INTERFACE: "color(103)",
    Kind.READER_COMMENT: "color(175)",
}
"""Colours of the 256 that can be told apart on light and dark ground; rich finds the nearest where there are fewer."""

_NARROW = 64
"""Below this width the notes stand under the text, not beside it."""
_WIDEST_TEXT, _WIDEST_NOTE = 92, 44
_MOST_REASONS = 3
_TAB = 4
_TRAILING = re.compile(r" +$", re.MULTILINE)


def _console(stream: TextIO | None, *, color: bool) -> Console:
    """A console whose output is kept to be written by someone else, with the colours that suit the stream."""
    terminal = stream is not None and stream.isatty()
    return Console(
        file=StringIO(),
        force_terminal=True if terminal else None,
        color_system="auto" if color and not os.environ.get("NO_COLOR") else None,
        highlight=False,
        markup=False,
        emoji=False,
    )


def _taken(console: Console) -> str:
    """What the console has collected since the last time."""
    file = cast(StringIO, console.file)
    text = file.getvalue()
    file.seek(0)
    file.truncate()
    return _TRAILING.sub("", text)


class Canvas:
    """Articles as coloured text for standard output."""

    def __init__(self, *, color: bool = True) -> None:
        self.console = _console(sys.stdout, color=color)
        width = self.console.width
        self.beside = width >= _NARROW
        note = min(_WIDEST_NOTE, max(26, width * 3 // 10))
        self.text_width = min(_WIDEST_TEXT, width - note - 4) if self.beside else max(width - 2, 10)
        self.note_width = note if self.beside else max(width - 4, 10)

    def show(self, result: Segmentation, *, title: str | None = None) -> str:
        """The article with every removed span coloured and explained, a legend and a summary."""
        if title:
            self.console.rule(Text(visible(title), "bold"), align="left")
        airy = [False, *(self._apart(a, b) for a, b in pairwise(result.spans))]
        for i, span in enumerate(result.spans):
            if airy[i]:
                self._line(_bar(span) if _together(result.spans[i - 1], span) else Text())
            joined = i > 0 and not _ends_line(result.spans[i - 1])
            self._span(span, joined=joined)
        self._legend(result)
        return _taken(self.console)

    def _apart(self, before: Span, after: Span) -> bool:
        """Whether an empty line makes two spans easier to read: the text has one there, or one of them is long."""
        if not _ends_line(before):
            return False
        blank = before.text[len(before.text.rstrip()) :].count("\n") > 1
        return blank or max(len(before.text), len(after.text)) > self.text_width

    def _span(self, span: Span, *, joined: bool) -> None:
        style = _style(span)
        bar = _bar(span) if span.removed else Text("┊ ", "dim") if joined else Text("  ")
        text = Text(visible(span.text).strip("\n"), style)
        lines = list(text.wrap(self.console, self.text_width, overflow="fold", tab_size=_TAB))
        notes = list(_note(span).wrap(self.console, self.note_width, overflow="fold"))
        if self.beside:
            rows = zip_longest(lines, notes, fillvalue=Text())
        else:
            rows = zip_longest([*lines, *(Text("  ") + n for n in notes)], [], fillvalue=Text())
        for line, note in rows:
            self._row(bar, line, note)

    def _row(self, bar: Text, line: Text, note: Text) -> None:
        line.rstrip()
        row = bar.copy()
        row.append_text(line)
        if note:
            row.append(" " * (self.text_width - line.cell_len + 2))
            row.append_text(note)
        self._line(row)

    def _line(self, row: Text) -> None:
        row.rstrip()
        self.console.print(row, soft_wrap=True)

    def _legend(self, result: Segmentation) -> None:
        gone, kept = _counts(result)
        self._line(Text())
        self.console.print(Text("─" * min(self.console.width, _WIDEST_TEXT), "dim"), soft_wrap=True)
        for mark, counts in (("┃", gone), (" ", kept)):
            if counts:
                self.console.print(_swatches(mark, counts))
        self.console.print(_summary(result))


def _bar(span: Span) -> Text:
    return Text("┃ ", STYLES[span.kind])


def _together(a: Span, b: Span) -> bool:
    """Whether two spans are part of one banner."""
    return a.removed and b.removed and a.kind is b.kind


def _ends_line(span: Span) -> bool:
    return visible(span.text).rstrip(" \t").endswith("\n")


def _style(span: Span) -> str:
    if span.removed:
        return STYLES[span.kind]
    return "dim" if span.kind in FURNITURE else ""


def _note(span: Span) -> Text:
    """What stands beside a span; nothing beside kept body."""
    if span.kind is Kind.BODY and not span.removed:
        return Text()
    note = Text(f"{span.kind} {span.confidence:.2f}", f"bold {STYLES[span.kind]}" if span.removed else "dim")
    if span.removed and span.reasons:
        note.append("  " + "; ".join(visible(r) for r in span.reasons[:_MOST_REASONS]), "not bold dim")
    return note


def _counts(result: Segmentation) -> tuple[Counter[Kind], Counter[Kind]]:
    """Spans by kind: removed ones, and kept ones that are no body."""
    gone: Counter[Kind] = Counter()
    kept: Counter[Kind] = Counter()
    for span in result.spans:
        if span.removed:
            gone[span.kind] += 1
        elif span.kind is not Kind.BODY:
            kept[span.kind] += 1
    return gone, kept


def _swatches(mark: str, counts: Counter[Kind]) -> Text:
    line = Text("removed  " if mark.strip() else "kept     ", "dim")
    for kind in sorted(counts, key=KINDS.index):
        line.append(f"{mark} ".lstrip() + f"{kind} {counts[kind]}", STYLES[kind] if mark.strip() else "dim")
        line.append("   ")
    return line


def _summary(result: Segmentation) -> Text:
    gone = result.removed
    characters = sum(s.end - s.start for s in gone)
    share = characters / len(result.text) if result.text else 0.0
    language = f"language {result.lang}" if result.lang else "language not told"
    packs = f"cue packs {', '.join(result.packs)}" if result.packs else "no cue packs"
    return Text(
        f"{len(gone):,} of {len(result.spans):,} spans removed, {characters:,} of {len(result.text):,} characters"
        f" ({share:.1%}); {visible(language)}, {visible(packs)}"
    )


def write_stats(tally: Tally, *, color: bool = True) -> None:
    """The table of what was found, on standard error."""
    console = _console(sys.stderr, color=color)
    table = Table(box=SIMPLE_HEAD, pad_edge=False)
    for name in ("kind", "spans", "characters", "share", "removed"):
        table.add_column(name, justify="left" if name == "kind" else "right")
    total = sum(tally.characters.values())
    for kind in KINDS:
        if tally.spans[kind]:
            row = _stats_row(tally.spans[kind], tally.characters[kind], tally.removed[kind], total)
            table.add_row(Text(str(kind), STYLES[kind]), *row)
    table.add_section()
    table.add_row("all", *_stats_row(sum(tally.spans.values()), total, sum(tally.removed.values()), total))
    console.print(table)
    to_stderr(_taken(console))


def _stats_row(spans: int, characters: int, removed: int, total: int) -> Iterator[str]:
    share = characters / total if total else 0.0
    yield from (f"{spans:,}", f"{characters:,}", f"{share:.1%}", f"{removed:,}")


_SECTIONS = (
    ("", (Kind.BODY,)),
    ("furniture: part of the article, kept by default", FURNITURE),
    ("core: the four most wanted of boilerplate, removed by default", CORE),
    ("boilerplate: core and these, removed by default", tuple(k for k in BOILERPLATE if k not in CORE)),
)


def kinds_table(*, color: bool = True) -> str:
    """The kinds and their groups, with an example each."""
    console = _console(sys.stdout, color=color)
    width = min(console.width, 110)
    name = max(map(len, KINDS)) + 4
    for heading, kinds in _SECTIONS:
        table = Table(box=None, show_header=False, padding=(0, 2, 0, 0), width=width)
        table.add_column(width=name, no_wrap=True)
        table.add_column(ratio=1)
        table.add_column(ratio=1)
        for kind in kinds:
            about = ABOUT[kind]
            table.add_row(Text(f"  {kind}", STYLES[kind]), Text(about.meaning), Text(about.example, "dim"))
        if heading:
            console.print(Text(f"\n{heading}", "bold"))
        console.print(table)
    console.print(Text("\n--remove and --keep take kinds and the groups core, boilerplate, furniture."))
    return _taken(console)


class Bar:
    """A progress bar on standard error. total: bytes, None when nobody knows."""

    def __init__(self, total: int | None, *, color: bool = True) -> None:
        columns = (TextColumn("cleaning"), BarColumn(), DownloadColumn(), TimeRemainingColumn())
        console = Console(stderr=True, soft_wrap=True, no_color=None if color else True)
        self.progress = Progress(*columns, console=console, transient=True, redirect_stdout=False)
        self.task = self.progress.add_task("", total=total)
        self.progress.start()

    def at(self, done: int) -> None:
        """So many bytes are done."""
        self.progress.update(self.task, completed=done)

    def close(self) -> None:
        """Take the bar away."""
        self.progress.stop()
