"""What passes between the readers, the workers and the writers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple, Protocol


class CorpusError(Exception):
    """A run that cannot begin or go on: the reason in one line, naming what it is about."""


class ConflictError(CorpusError):
    """Arguments that do not fit each other, the input or what the output folder already holds."""


class DamagedError(Exception):
    """A file that cannot be read any further. place: the last that could be, such as "after line 12"."""

    def __init__(self, place: str, reason: object) -> None:
        super().__init__(place, reason)
        self.place, self.reason = place, str(reason)


class Chunk(NamedTuple):
    """Some records of a file, as bytes that their format understands.

    first: number of the first record, from 1. done: bytes of the file read so far, for the progress bar.
    """

    payload: bytes
    first: int
    done: int


@dataclass(frozen=True, slots=True)
class Fields:
    """Where a record keeps what; None: nowhere. site: a field with the site's name; without it the URL says."""

    text: str | None = None
    html: str | None = None
    url: str | None = None
    id: str | None = None
    site: str | None = None


@dataclass(frozen=True, slots=True)
class Layout:
    """What becomes of a record. body: the field to be added or replaced. spans: whether a field of that name is
    added."""

    fields: Fields
    body: str = "body"
    spans: bool = False

    @property
    def in_place(self) -> bool:
        """Whether the body takes the text's place."""
        return self.body == self.fields.text

    @property
    def new(self) -> tuple[str, ...]:
        """The fields that no record may have yet."""
        return (*(() if self.in_place else (self.body,)), *(("spans",) if self.spans else ()))


@dataclass(slots=True)
class Record:
    """One record. text and html None: it has nothing to clean. error: it cannot be used. raw: what its format keeps of
    it, for `Batch.render`. encoding: of an HTML in bytes, if somebody knows it."""

    number: int
    text: str | None = None
    html: str | bytes | None = None
    url: str | None = None
    id: str | None = None
    site: str | None = None
    error: str | None = None
    raw: Any = None
    encoding: str | None = None


class Cleaned(NamedTuple):
    """What is written of a record. body: None when it had nothing to clean. spans: as JSON values."""

    body: str | None
    spans: list[dict[str, Any]] | None


class Batch(Protocol):
    """The records of a chunk."""

    records: list[Record]

    def render(self, cleaned: list[Cleaned | None]) -> bytes:
        """The records as bytes of the output, without those for which there is None."""

    def undo(self, was: Layout, texts: list[str | None], before: list[str]) -> bytes:
        """The records as they were before a run with the layout `was`, with their texts; before each come the lines of
        those that the run had rejected."""

    def source(self, record: Record) -> str:
        """A rejected record as it came, to be kept beside the reason."""


class Format(Protocol):
    """A format that is read and written."""

    unit: str
    """What a record is called in messages: "line", "row"."""

    def chunks(self, path: str, size: int) -> Iterator[Chunk]:
        """The file in chunks of about `size` bytes. Raises DamagedError where it cannot be read."""

    def names(self, path: str) -> list[str]:
        """The fields of the first record that can be read; none when there is none."""

    def check(self, path: str, layout: Layout) -> str | None:
        """Why no record of the file can be used; None when they can. Raises DamagedError."""

    def parse(self, chunk: Chunk, layout: Layout) -> Batch:
        """The records of a chunk; those that are broken say so."""

    def pack(self, data: bytes, source: str) -> bytes:
        """What `render` made of a chunk of the file `source`, as a part keeps it."""

    def join(self, parts: list[str], target: str, source: str) -> None:
        """Write what `render` made, kept in files, as one file."""
