"""A whole corpus: every file in parts, the parts by workers, then one file again, then what all of it says."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

from .. import __version__
from ..options import Options
from . import report
from .compress import join_files
from .formats import format_of, output_name
from .inputs import Input, find, guess
from .part import OUTPUT, REJECTS, REMOVED, STATS, Done, Setup, Task, reject, sidecar_ending
from .pool import cores, done_parts
from .records import ConflictError, DamagedError, Fields, Layout
from .stats import Stats
from .store import Store

PART = 4_000_000
"""Bytes of a part: enough for the arrays to pay, little enough for memory and for what a kill costs."""


@dataclass(frozen=True, kw_only=True)
class Corpus:
    """A run over a corpus.

    inputs: files, directories and patterns. output: a folder, made if need be. fields: where a record keeps what; text,
    html, url and id are guessed when not given. body: the field for the body, that of the text to replace it.
    spans: whether each record gets its spans. removed: whether what goes is kept in files beside. workers: processes
    beside this one, None for one a core, 0 for none. restart: throw away what an earlier run left in the output.
    """

    inputs: Sequence[str]
    output: str
    options: Options = field(default_factory=Options)
    fields: Fields = field(default_factory=Fields)
    body: str | None = "body"
    spans: bool = False
    removed: bool = False
    workers: int | None = None
    restart: bool = False


class Summary(NamedTuple):
    """What a run came to. rejected: records and files that could not be used."""

    files: int
    documents: int
    changed: int
    characters: int
    removed: int
    rejected: int


class Watcher:
    """Told how a run goes; does nothing itself."""

    def begins(self, inputs: list[Input], left: list[str], layout: Layout, given: Fields) -> None:
        """The run begins. left: files of directories that are no input. given: the fields that were not guessed."""

    def at(self, done: Done, before: int) -> None:
        """A part is done. before: bytes of the inputs before its file."""


def run(corpus: Corpus, watcher: Watcher | None = None) -> Summary:
    """Clean a corpus, or go on with it. Raises CorpusError, of which ConflictError is one."""
    watcher = watcher or Watcher()
    inputs, left = find(corpus.inputs)
    _keep_apart(inputs, corpus)
    if not inputs:
        raise ConflictError("no input that can be read")
    fields = guess(inputs, corpus.fields)
    layout = _layout(corpus, fields)
    store = Store(corpus.output, _plan(corpus, layout, inputs))
    with store.held(restart=corpus.restart):
        if not store.finished:
            watcher.begins(inputs, left, layout, corpus.fields)
            _Run(corpus, inputs, Setup(corpus.options, layout, corpus.removed), store).all(watcher)
        store.finish()
    with open(store.at("stats.json"), encoding="utf-8") as file:
        totals = json.load(file)
    return Summary(len(inputs), *(totals[name] for name in Summary._fields[1:]))


def _layout(corpus: Corpus, fields: Fields) -> Layout:
    body = corpus.body or fields.text
    if body is None or (not corpus.body and fields.html):
        raise ConflictError("a body can take the place of a text but not of HTML: name a field for it")
    if corpus.body and corpus.body == fields.text:
        raise ConflictError(f"the text is in {body!r} already: name another field for the body, or replace it in place")
    if corpus.spans and "spans" in (body, fields.text):
        raise ConflictError("the field 'spans' is needed for the spans")
    return Layout(fields, body, corpus.spans)


def _keep_apart(inputs: list[Input], corpus: Corpus) -> None:
    out = os.path.realpath(corpus.output)
    for one in inputs:
        if os.path.realpath(one.path).startswith(out + os.sep):
            raise ConflictError(f"{one.path}: an input in the output folder {corpus.output}")
    for argument in corpus.inputs:
        if os.path.isdir(argument) and (out + os.sep).startswith(os.path.join(os.path.realpath(argument), "")):
            raise ConflictError(f"{corpus.output}: the output folder lies in the input {argument}")
    if os.path.exists(out) and not os.path.isdir(out):
        raise ConflictError(f"{corpus.output}: a file; the output is a folder")


def _plan(corpus: Corpus, layout: Layout, inputs: list[Input]) -> dict[str, Any]:
    plan = {
        "format": "cleaner.corpus",
        "version": 1,
        "cleaner": __version__,
        "data": _data_digest(),
        "options": corpus.options.to_dict(),
        "fields": asdict(layout.fields),
        "body": layout.body,
        "spans": layout.spans,
        "removed": corpus.removed,
        "part": PART,
        "inputs": [{"name": i.name, "size": i.size, "changed": i.changed} for i in inputs],
    }
    found: dict[str, Any] = json.loads(json.dumps(plan))
    return found


def _data_digest() -> str:
    """Of the models and the cues: with others the results are others."""
    data = Path(__file__).parent.parent / "data"
    digest = hashlib.blake2b(digest_size=8)
    for name in ("model.bin", "page.bin", "cues.json"):
        digest.update((data / name).read_bytes())
    return digest.hexdigest()


@dataclass(frozen=True, slots=True)
class _End:
    """All parts of a file are on their way. damage: what stopped it."""

    file: int
    parts: list[str]
    damage: DamagedError | None


class _Run:
    """A run under way. total: the counts of the files that are done."""

    def __init__(self, corpus: Corpus, inputs: list[Input], setup: Setup, store: Store) -> None:
        self.inputs, self.setup, self.store = inputs, setup, store
        self.workers = cores() if corpus.workers is None else corpus.workers
        self.total = Stats()

    def all(self, watcher: Watcher) -> None:
        """Do what is not yet done, and write what all of it says."""
        before = 0
        for one in done_parts(self.tasks(), self.setup, self.workers):
            if isinstance(one, Done):
                watcher.at(one, before)
            else:
                before += self.inputs[one.file].size
                self.end(one)
        rejects = [self.store.work_path(f"{i}.rejects") for i in range(len(self.inputs))]
        self.store.write_with(self.store.at("rejects.jsonl"), lambda to: join_files(rejects, to, ""))
        self.store.write(self.store.at("stats.json"), json.dumps(report.totals(self.total), indent=1) + "\n")
        self.store.write(self.store.at("report.html"), report.html(self.total))

    def tasks(self) -> Iterator[Task | Done | _End]:
        """Every part of every file, and the ends of files."""
        for number, one in enumerate(self.inputs):
            if self.store.file_done(number) is None:
                yield from self.file(number, one)
            else:
                self.store.drop_parts(number)
                yield _End(number, [], None)

    def file(self, number: int, one: Input) -> Iterator[Task | Done | _End]:
        parts: list[str] = []
        damage = None
        form = format_of(one.path)
        try:
            reason = form.check(one.path, self.setup.layout)
            if reason:
                raise DamagedError("", reason)
            for chunk in form.chunks(one.path, PART):
                folder, done = self.store.part(number, len(parts), chunk.payload)
                parts.append(folder)
                yield _known(folder, chunk.done) if done else Task(one.path, one.name, chunk, folder)
        except DamagedError as e:
            damage = e
        yield _End(number, parts, damage)

    def end(self, end: _End) -> None:
        """The parts of a file are done: put them together."""
        done = self.store.file_done(end.file)
        if done is not None:
            self.total.add(Stats.from_dict(done))
            return
        stats = Stats()
        for part in end.parts:
            stats.add(_stats(part))
        self.write(end)
        stats.rejected += end.damage is not None
        self.total.add(stats)
        drawn = {s["draw"] for s in [*self.total.samples, *self.total.most]}
        stats.samples = [s for s in stats.samples if s["draw"] in drawn]  # the others can never be drawn any more
        stats.most = [s for s in stats.most if s["draw"] in drawn]
        self.store.close_file(end.file, stats.to_dict())

    def write(self, end: _End) -> None:
        """The output of a file, what was removed, its rejects."""
        one, store = self.inputs[end.file], self.store

        def paths(name: str) -> list[str]:
            return [os.path.join(part, name) for part in end.parts]

        if end.parts or not end.damage:
            target = store.at(*output_name(one.name).split("/"))
            store.write_with(target, lambda to: format_of(one.path).join(paths(OUTPUT), to, one.path))
        if self.setup.removed:
            kind = sidecar_ending(one.path)
            target = store.at("removed", *sidecar_name(one.name).split("/"))
            store.write_with(target, lambda to: join_files(paths(REMOVED), to, kind))
        rejects = store.work_path(f"{end.file}.rejects")
        damage = reject(one.name, end.damage.place, end.damage.reason).encode() if end.damage else b""
        store.write_with(rejects, lambda to: _rejects(paths(REJECTS), damage, to))


def sidecar_name(name: str) -> str:
    """What the file of what was removed is called."""
    kind = sidecar_ending(name)
    plain = name[: len(name) - len(kind)] if name.endswith(kind) else name
    return f"{plain}{'' if plain.lower().endswith('.jsonl') else '.jsonl'}{kind}"


def _rejects(parts: list[str], damage: bytes, target: str) -> None:
    join_files(parts, target, "")
    with open(target, "ab") as out:
        out.write(damage)


def _stats(part: str) -> Stats:
    with open(os.path.join(part, STATS), encoding="utf-8") as file:
        return Stats.from_dict(json.load(file))


def _known(folder: str, at: int) -> Done:
    stats = _stats(folder)
    return Done(stats.documents, stats.characters, stats.removed, at)
