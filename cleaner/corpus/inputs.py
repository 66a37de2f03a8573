"""The files of a run: what the arguments name, and what each is called in the output."""

from __future__ import annotations

import glob
import os
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from .formats import find_format, format_of, output_name
from .records import ConflictError, CorpusError, DamagedError, Fields

OWN = ("run.json", "stats.json", "report.html", "rejects.jsonl", "removed", ".cleaner")
"""What a run writes beside the files of the corpus."""

_GUESSES = {
    "text": ("text", "content", "article", "article_text", "maintext", "main_text", "plain_text", "raw_content"),
    "html": ("html", "raw_html", "page", "html_content"),
    "url": ("url", "uri", "link", "source_url", "page_url", "canonical_url"),
    "id": ("id", "_id", "doc_id", "uuid", "guid"),
}


class Input(NamedTuple):
    """A file. name: its place in the output, with slashes. size: bytes. changed: when, in nanoseconds."""

    path: str
    name: str
    size: int
    changed: int


def find(arguments: Sequence[str]) -> tuple[list[Input], list[str]]:
    """The files that the arguments name, in order, and files of directories that no known format has. Raises
    CorpusError."""
    found: dict[str, Input] = {}
    left: list[str] = []
    for argument in arguments:
        for path, name in _named(argument, left):
            one = _input(path, name)
            other = found.setdefault(output_name(one.name), one)
            if other is not one and not os.path.samefile(other.path, one.path):
                raise ConflictError(f"{other.path} and {one.path} would both be written to {output_name(one.name)}")
    return list(found.values()), left


def _named(argument: str, left: list[str]) -> Iterator[tuple[str, str]]:
    """(path, name) of each file of an argument."""
    if os.path.isdir(argument):
        for path in _walk(argument):
            if find_format(path):
                yield path, os.path.relpath(path, argument).replace(os.sep, "/")
            else:
                left.append(path)
        return
    paths = [argument] if os.path.exists(argument) else sorted(glob.glob(argument, recursive=True))
    if not paths:
        raise CorpusError(f"{argument}: no such file")
    for path in paths:
        if os.path.isdir(path):
            yield from _named(path, left)
        else:
            format_of(path)
            yield path, os.path.basename(path)


def _walk(folder: str) -> Iterator[str]:
    for where, folders, files in os.walk(folder):
        folders[:] = sorted(f for f in folders if not f.startswith("."))
        yield from (os.path.join(where, name) for name in sorted(files) if not name.startswith("."))


def _input(path: str, name: str) -> Input:
    if name.split("/", maxsplit=1)[0] in OWN:
        raise ConflictError(f"{path}: the name is needed for what the run writes itself")
    try:
        about = os.stat(path)
        with open(path, "rb"):
            pass
    except OSError as e:
        raise CorpusError(f"{path}: {e.strerror or e}") from None
    return Input(path, name, about.st_size, about.st_mtime_ns)


def guess(inputs: Sequence[Input], given: Fields) -> Fields:
    """The fields as given, and those that were not as the first file that can be read suggests. Raises ConflictError
    when there is no text."""
    names, path = _first_names(inputs)

    def pick(what: str) -> str | None:
        value: str | None = getattr(given, what)
        return value or next((n for n in _GUESSES[what] if n in names), None)

    text = given.text if given.text or given.html else pick("text")
    html = given.html if given.html or text else pick("html")
    if not (text or html) and names:
        raise ConflictError(f"{path}: which field is the text? --text-field NAME; there are {', '.join(names)}")
    return Fields(text, html, pick("url"), pick("id"), given.site)


def guessed(fields: Fields, given: Fields) -> str | None:
    """What to say of the fields that were not given; None when nothing was guessed."""
    names = [n for n in _GUESSES if getattr(fields, n) and not getattr(given, n)]
    return "guessed: " + ", ".join(f'{n} in "{getattr(fields, n)}"' for n in names) if names else None


def _first_names(inputs: Sequence[Input]) -> tuple[list[str], str]:
    for one in inputs:
        try:
            names = format_of(one.path).names(one.path)
        except DamagedError:
            continue
        if names:
            return names, one.path
    return [], ""
