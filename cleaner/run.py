"""What the command does once its arguments are understood: read, segment in batches, write in the form asked for."""

from __future__ import annotations

import contextlib
import re
import sys
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, BinaryIO

from .encoding import encode
from .inputs import Reading, whole_inputs
from .io import InputError, Log, OutputError, Source, opened
from .jsonl import Item, dumps, records, replaced
from .kinds import Kind
from .options import Options
from .segment import segment_many
from .sites import site_of
from .spans import Segmentation

if TYPE_CHECKING:
    from . import view

_BATCH = 1_000_000
"""Bytes that are cleaned together: enough for the arrays to pay, little enough for memory and for a pipe."""
_BREAK = re.compile("\r\n|[\n\r\v\f\x85\u2028\u2029]")
_BREAK_OR_TAB = re.compile(f"{_BREAK.pattern}|\t")
_PATIENCE = 1.0
"""Seconds before a run counts as long and gets a progress bar."""

_AS_IT_LOOKS = Reading()


@dataclass(frozen=True, kw_only=True)
class Job:
    """A run of the command. form: text, markdown, html, json, jsonl, removed or show.

    field: of the records, None for whole texts.
    targets: an output for each source, None for standard output. shared: they are all one and the same.
    site: where the inputs are from; without it their address tells, of a record that in its field `url_field`.
    """

    sources: tuple[Source, ...]
    targets: tuple[str | None, ...]
    shared: bool
    options: Options
    form: str = "text"
    field: str | None = None
    reading: Reading = _AS_IT_LOOKS
    stats: bool = False
    color: bool = True
    site: str | None = None
    url_field: str = "url"


@dataclass
class Tally:
    """What was found, by kind: spans, their characters, and how many of these were removed."""

    spans: Counter[Kind] = field(default_factory=Counter)
    characters: Counter[Kind] = field(default_factory=Counter)
    removed: Counter[Kind] = field(default_factory=Counter)

    def add(self, result: Segmentation) -> None:
        """Count the spans of one more text."""
        for span in result.spans:
            size = span.end - span.start
            self.spans[span.kind] += 1
            self.characters[span.kind] += size
            self.removed[span.kind] += size if span.removed else 0


def run(job: Job) -> bool:
    """Do it. True when every input and every record was fine; what was not has been said on standard error."""
    runner = _Runner(job)
    try:
        with runner.meter:
            if job.field is None:
                runner.texts()
            else:
                runner.records()
    except OutputError as e:
        runner.log.error(e.name, e.reason)
    if job.stats:
        from . import view

        view.write_stats(runner.tally, color=job.color)
    return not runner.log.failed


class _Runner:
    """A job under way: its messages, its counts, its progress."""

    def __init__(self, job: Job) -> None:
        self.job = job
        self.log = Log()
        self.tally = Tally()
        self.meter = _Meter(job)
        self.form = _Form(job)

    def texts(self) -> None:
        """Every input is one text; small ones are segmented together."""
        targets = dict(zip(self.job.sources, self.job.targets, strict=True))
        with self.shared() as shared:
            for item, result in self.segmented(whole_inputs(self.job.sources, self.job.reading, self.log)):
                data = self.form(item, result)
                if shared:
                    shared.write(data)
                else:
                    self.write(targets[item.source], data)

    def records(self) -> None:
        """Every input is JSON Lines; one record out for each in."""
        with self.shared() as shared:
            for source, target in zip(self.job.sources, self.job.targets, strict=True):
                try:
                    with contextlib.nullcontext(shared) if shared else opened(target) as out:
                        self.source_records(source, out)
                except InputError as e:
                    self.log.error(e.name, e.reason)
                except OutputError as e:
                    if shared:
                        raise
                    self.log.error(e.name, e.reason)

    def source_records(self, source: Source, out: BinaryIO) -> None:
        warned = False
        for item, result in self.segmented(self.source_items(source)):
            if item.stray and not warned:
                warned = True
                self.log.note(item.label, "bytes that are not valid, here and maybe later, passed through untouched")
            if item.error:
                self.log.error(item.label, f"{item.error}; left as it is")
            out.write(self.form(item, result))

    def source_items(self, source: Source) -> Iterator[Item]:
        """The records of an input, with their addresses if these are of use; pages when the user says so."""
        how = self.job.reading
        wanted = how.html or self.job.options.profile is not None
        for item in records(source, self.job.field or "", how.encoding):
            if wanted and item.text is not None:
                yield replace(item, html=bool(how.html), url=item.value(self.job.url_field) or how.url)
            else:
                yield item

    def shared(self) -> contextlib.AbstractContextManager[BinaryIO | None]:
        """The one output of a job that has one."""
        return opened(self.job.targets[0]) if self.job.shared else contextlib.nullcontext()

    def write(self, target: str | None, data: bytes) -> None:
        try:
            with opened(target) as out:
                out.write(data)
        except OutputError as e:
            self.log.error(e.name, e.reason)

    def segmented(self, items: Iterable[Item]) -> Iterator[tuple[Item, Segmentation | None]]:
        """Each item with its segmentation; None for those without a text."""
        for batch in _batches(items):
            texts, pages = self.results(batch)
            for item in batch:
                result = None
                if item.text is not None:
                    result = next(pages if item.html else texts)
                    self.notice(item, result)
                yield item, result
                self.meter.advance(item.size)

    def results(self, batch: list[Item]) -> tuple[Iterator[Segmentation], Iterator[Segmentation]]:
        """Those of the texts in a batch and those of the pages."""
        texts = [i for i in batch if i.text is not None and not i.html]
        pages = [i for i in batch if i.html]
        options = self.job.options
        return (
            segment_many((i.text or "" for i in texts), sites=self.sites(texts), options=options),
            _pages(pages, self.sites(pages), options),
        )

    def sites(self, items: list[Item]) -> list[str | None]:
        """Where they are from."""
        return [self.job.site or site_of(i.url) for i in items]

    def notice(self, item: Item, result: Segmentation) -> None:
        """Count what was found, and say when a page has no body."""
        if self.job.stats:
            self.tally.add(result)
        for note in result.notes:
            self.log.note(item.label, f"no body: {note}")


def _pages(items: list[Item], sites: list[str | None], options: Options) -> Iterator[Segmentation]:
    if not items:
        return iter(())
    from .page.segment import segment_html_many

    return segment_html_many(((i.text or "", i.url) for i in items), sites=sites, options=options)


def _batches(items: Iterable[Item]) -> Iterator[list[Item]]:
    batch: list[Item] = []
    size = 0
    for item in items:
        batch.append(item)
        size += item.size
        if size >= _BATCH:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


class _Form:
    """A text's result as the bytes to be written."""

    def __init__(self, job: Job) -> None:
        self.job = job
        self.make = getattr(self, job.form)
        self.canvas: view.Canvas | None = None

    def __call__(self, item: Item, result: Segmentation | None) -> bytes:
        return encode(self.make(item, result))

    def text(self, item: Item, result: Segmentation | None) -> str:
        """The body; of a record, the record with it."""
        if item.number:
            return replaced(item, result.body if result else "")
        return _one_newline(result) if result else ""

    def markdown(self, item: Item, result: Segmentation | None) -> str:
        """The body as Markdown; of a record, the record with it."""
        made = result.to_markdown() if result else ""
        return replaced(item, made) if item.number else made

    def html(self, item: Item, result: Segmentation | None) -> str:
        """The body as HTML; of a record, the record with it."""
        made = result.to_html() if result else ""
        return replaced(item, made) if item.number else made

    def json(self, _: Item, result: Segmentation | None) -> str:
        return dumps(result.to_dict(), indent=2) + "\n" if result else ""

    def jsonl(self, item: Item, result: Segmentation | None) -> str:
        """One object a line, also for a record that could not be used."""
        about: dict[str, Any] = {"name": item.source.path}
        if item.number:
            about["line"] = item.number
        if result is None:
            return dumps({**about, "error": item.error or "no text"}) + "\n"
        return dumps({**about, **result.to_dict()}) + "\n"

    def removed(self, item: Item, result: Segmentation | None) -> str:
        """Kind, tab, text: one line a span; before them the record's line number, if it is one."""
        where = f"{item.number}\t" if item.number else ""
        spans = result.removed if result else ()
        return "".join(f"{where}{s.kind}\t{_BREAK_OR_TAB.sub(' ', s.text.strip())}\n" for s in spans)

    def show(self, item: Item, result: Segmentation | None) -> str:
        from . import view

        if result is None:
            return ""
        self.canvas = self.canvas or view.Canvas(color=self.job.color)
        alone = len(self.job.sources) == 1 and not item.number
        return self.canvas.show(result, title=None if alone else item.label)


def _one_newline(result: Segmentation) -> str:
    """The body with exactly one line break at its end, of the sort that the text has; nothing when nothing is left."""
    body = result.body
    ink = body.rstrip()
    if not ink:
        return ""
    spaces = _BREAK.split(body[len(ink) :], maxsplit=1)[0]
    end = re.search("\r?\n", result.text)
    return body[: len(ink) + len(spaces)] + (end.group() if end else "\n")


class _Meter:
    """A progress bar on standard error, for a run that lasts and a terminal that nothing else is written to."""

    def __init__(self, job: Job) -> None:
        sizes = [s.stat for s in job.sources]
        self.total = sum(s.st_size for s in sizes if s) or None
        apart = job.targets[0] is not None or not _is_terminal(sys.stdout)
        self.wanted = (job.field is not None or len(job.sources) > 1) and apart and _is_terminal(sys.stderr)
        self.color = job.color
        self.began = time.monotonic()
        self.done = 0
        self.bar: view.Bar | None = None

    def advance(self, size: int) -> None:
        """So many bytes more have been read and cleaned."""
        self.done += size
        if not self.wanted or time.monotonic() - self.began < _PATIENCE:
            return
        if self.bar is None:
            from . import view

            self.bar = view.Bar(self.total, color=self.color)
        self.bar.at(self.done)

    def __enter__(self) -> None:
        pass

    def __exit__(self, *_: object) -> None:
        if self.bar:
            self.bar.close()


def _is_terminal(stream: Any) -> bool:
    try:
        return bool(stream.isatty())
    except (AttributeError, ValueError):
        return False
