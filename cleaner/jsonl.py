"""JSON Lines: one record a line, of which one field is cleaned and everything else stays as it was, to the byte."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass

from .io import Source

_DECODER = json.JSONDecoder(parse_int=str, parse_float=str, parse_constant=str)
"""Numbers are never looked at; so none is too long or too exact."""
_SPACE = re.compile(r"[ \t\n\r]*")
_SURROGATE = re.compile("[\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Item:
    """One text to be cleaned: a whole input, or the field of one record.

    text: None when the record has none to clean, `error` says why. line: the record as it came, with its line break.
    number: of the line, from 1; 0 for a whole input. place: where in `line` the field's value stands. size: in bytes.
    stray: the line has bytes that are not valid in its encoding. html: the text is that of a page. url: the text's
    address, when that is of use.
    """

    source: Source
    size: int
    text: str | None
    line: str = ""
    number: int = 0
    place: tuple[int, int] = (0, 0)
    error: str | None = None
    stray: bool = False
    html: bool = False
    url: str | None = None

    def value(self, field: str) -> str | None:
        """Another field of the record; None when it has none, or none that is a string."""
        try:
            found = [v for key, v, start, _ in members(self.line) if key == field and self.line.startswith('"', start)]
        except (ValueError, RecursionError):
            return None
        return str(found[-1]) if found else None

    @property
    def label(self) -> str:
        """What messages call it."""
        return f"{self.source.label}:{self.number}" if self.number else self.source.label


def records(source: Source, field: str, encoding: str | None) -> Iterator[Item]:
    """The records of an input, streamed. Raises InputError when it cannot be read."""
    for number, line in enumerate(source.lines(encoding), 1):
        size, stray = _size(line)
        start, end, text, error = 0, 0, None, None
        try:
            if not line.isspace():
                start, end, text = locate(line, field)
        except json.JSONDecodeError as e:
            error = f"broken JSON: {e.msg} at column {e.colno}"
        except RecursionError:
            error = "broken JSON: nested too deep"
        except ValueError as e:
            error = str(e)
        yield Item(source, size, text, line, number, (start, end), error, stray)


def _size(line: str) -> tuple[int, bool]:
    """A line's bytes, and whether some of them were not valid."""
    try:
        return len(line.encode()), False
    except UnicodeEncodeError:
        return len(line), True


def replaced(item: Item, text: str) -> str:
    """The record with another text in its field, and a line break at its end."""
    line = item.line
    if item.text is not None and text != item.text:
        start, end = item.place
        line = line[:start] + _dumps(text, raw_bytes=item.stray) + line[end:]
    return line if line.endswith("\n") else line + "\n"


def dumps(data: object, *, indent: int | None = None) -> str:
    """JSON that can be written as UTF-8: readable, lone surrogates as escapes."""
    return _escaped(json.dumps(data, ensure_ascii=False, indent=indent))


def _dumps(text: str, *, raw_bytes: bool) -> str:
    """A JSON string. raw_bytes: the line itself had bytes that are no UTF-8, these go out as they came in."""
    quoted = json.dumps(text, ensure_ascii=False)
    return quoted if raw_bytes else _escaped(quoted)


def _escaped(text: str) -> str:
    return _SURROGATE.sub(lambda m: f"\\u{ord(m.group()):04x}", text)


def locate(line: str, field: str) -> tuple[int, int, str]:
    """(start, end, value) of a record's field, where the value is a string and stands at line[start:end].

    Raises JSONDecodeError when the line is no JSON, ValueError when it is no object or has no such string.
    """
    found = None
    for key, value, start, end in members(line):
        if key == field:
            found = (start, end, value)
    if found is None:
        raise ValueError(f"no field {field!r}")
    start, end, value = found
    if not line.startswith('"', start):
        raise ValueError(f"field {field!r} is no string")
    return start, end, str(value)


def members(line: str) -> Iterator[tuple[object, object, int, int]]:
    """(key, value, start, end) for each member of the object that the line is."""
    at = _skip(line, 0)
    if not line.startswith("{", at):
        _DECODER.decode(line)
        raise ValueError("no JSON object")
    at = _skip(line, at + 1)
    more = not line.startswith("}", at)
    while more:
        if not line.startswith('"', at):
            raise json.JSONDecodeError("Expecting a property name in quotes", line, at)
        key, at = _DECODER.raw_decode(line, at)
        start = _skip(line, _expect(line, _skip(line, at), ":"))
        value, end = _DECODER.raw_decode(line, start)
        yield key, value, start, end
        at = _skip(line, end)
        more = line.startswith(",", at)
        at = _skip(line, at + 1) if more else at
    at = _skip(line, _expect(line, at, "}"))
    if at < len(line):
        raise json.JSONDecodeError("Extra data", line, at)


def _skip(line: str, at: int) -> int:
    found = _SPACE.match(line, at)
    return found.end() if found else at


def _expect(line: str, at: int, mark: str) -> int:
    if not line.startswith(mark, at):
        raise json.JSONDecodeError(f"Expecting {mark!r}", line, at)
    return at + 1
