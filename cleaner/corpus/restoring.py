"""A cleaned corpus made the one it came from: removed text back in its place, what was added taken out.

The inverse of a run that kept what it removed (or left the text in its field). Values come back as they were; JSON and
CSV are quoted anew where a text had been replaced.
"""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Iterator
from typing import Any

from ..encoding import encode
from .compress import Reader
from .delimited import Delimited
from .formats import format_of
from .lines import JsonLines, blocks_of_lines
from .parquet import Parquet
from .records import Batch, ConflictError, CorpusError, DamagedError, Fields, Layout
from .runner import PART, sidecar_name
from .store import RUN


def restore(output: str, target: str) -> int:
    """Write the inputs of the finished run in the folder `output` into the folder `target`. The number of documents
    that got something back. Raises CorpusError."""
    plan = _plan(output)
    layout = Layout(Fields(**plan["fields"]), plan["body"], plan["spans"])
    if layout.in_place and not plan["removed"]:
        raise ConflictError(f"{output}: what was removed was not kept; a run with --removed keeps it")
    if os.path.exists(target) and (not os.path.isdir(target) or os.listdir(target)):
        raise ConflictError(f"{target}: is there already")
    done = 0
    with tempfile.TemporaryDirectory(dir=_made(target), prefix=".cleaner-") as scratch:
        for one in plan["inputs"]:
            form = format_of(one["name"])
            if isinstance(form, JsonLines | Delimited | Parquet):
                restoring = _Restoring(output, one["name"], layout, scratch)
                done += restoring.file(os.path.join(target, one["name"]), kept=plan["removed"])
    return done


def _made(folder: str) -> str:
    try:
        os.makedirs(folder, exist_ok=True)
    except OSError as e:
        raise CorpusError(f"{folder}: {e.strerror or e}") from None
    return folder


def _plan(output: str) -> dict[str, Any]:
    try:
        with open(os.path.join(output, RUN), encoding="utf-8") as file:
            plan: dict[str, Any] = json.load(file)
            return plan
    except FileNotFoundError:
        raise ConflictError(f"{output}: no finished run of cleaner corpus") from None
    except (OSError, ValueError) as e:
        raise CorpusError(f"{output}: {e}") from None


class _Restoring:
    """One file of a corpus under restoration. number: of the input's record that is next."""

    def __init__(self, output: str, name: str, layout: Layout, scratch: str) -> None:
        self.output, self.name, self.layout, self.scratch = output, name, layout, scratch
        self.number = 1
        self.changed = 0

    def file(self, target: str, *, kept: bool) -> int:
        """Write the file; the number of records that got something back."""
        source = os.path.join(self.output, self.name)
        if not os.path.exists(source):  # nothing of it could be read
            return 0
        form = format_of(self.name)
        rejects = _Ahead(_rejects(os.path.join(self.output, "rejects.jsonl"), self.name))
        removed = _Ahead(self.removed() if kept and self.layout.in_place else iter(()))
        parts = []
        try:
            for i, chunk in enumerate(form.chunks(source, PART)):
                batch = form.parse(chunk, Layout(self.layout.fields, self.layout.fields.text or ""))
                parts.append(os.path.join(self.scratch, str(i)))
                with open(parts[-1], "wb") as out:
                    out.write(form.pack(self.part(batch, rejects, removed), self.name))
            if rest := "".join(self.rejected(rejects)):
                parts.append(os.path.join(self.scratch, "rest"))
                with open(parts[-1], "wb") as out:
                    out.write(form.pack(encode(rest), self.name))
            os.makedirs(os.path.dirname(target), exist_ok=True)
            form.join(parts, target, source)
        except DamagedError as e:
            raise CorpusError(f"{source}: {e.reason}") from None
        except OSError as e:
            raise CorpusError(f"{target}: {e.strerror or e}") from None
        return self.changed

    def part(self, batch: Batch, rejects: _Ahead, removed: _Ahead) -> bytes:
        """A chunk as it was."""
        before, texts = [], []
        for record in batch.records:
            before.append("".join(self.rejected(rejects)))
            cuts = removed.take(self.number)
            texts.append(_put_back(record.text or "", cuts) if cuts else record.text)
            self.changed += cuts is not None
            self.number += 1
        return batch.undo(self.layout, texts, before)

    def rejected(self, rejects: _Ahead) -> Iterator[str]:
        """The records that were rejected and stood here."""
        while (record := rejects.take(self.number)) is not None:
            self.number += 1
            yield f"{record}\n"

    def removed(self) -> Iterator[tuple[int, Any]]:
        """(number, cuts) of each record of which something went."""
        path = os.path.join(self.output, "removed", sidecar_name(self.name))
        for block in blocks_of_lines(Reader(path), PART):
            for line in block.splitlines():
                data = json.loads(line)
                yield data["number"], data["cuts"]


class _Ahead:
    """Numbered things in order, taken when their number comes."""

    def __init__(self, things: Iterator[tuple[int, Any]]) -> None:
        self.things = things
        self.next = next(things, None)

    def take(self, number: int) -> Any:
        """The thing of that number, None if there is none."""
        if self.next is None or self.next[0] != number:
            return None
        found = self.next[1]
        self.next = next(self.things, None)
        return found


def _rejects(path: str, name: str) -> Iterator[tuple[int, str]]:
    """The records of a file that were rejected, as they came; without those that cannot be shown."""
    with open(path, "rb") as file:
        for line in file:
            data = json.loads(line)
            if data["file"] == name and data.get("record"):
                yield data["number"], data["record"]


def _put_back(body: str, cuts: list[tuple[int, int, str]]) -> str:
    pieces, at = [], 0
    for start, end, text in cuts:
        pieces += [body[at:start], text]
        at = end
    return "".join([*pieces, body[at:]])
