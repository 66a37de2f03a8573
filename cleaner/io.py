"""The command's dealings with files and streams: whole outputs or none, one line for each thing that went wrong."""

from __future__ import annotations

import contextlib
import io
import os
import re
import stat
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO, cast

from .encoding import DecodeError, encode, marked_encoding, refuse_binary

STDIN = "-"
_HEAD = 1 << 12
_UNSEEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


class StreamError(Exception):
    """Something about one input or output: its name, and the reason in one line."""

    def __init__(self, name: str, reason: object) -> None:
        super().__init__(name, reason)
        self.name, self.reason = name, reason


class InputError(StreamError):
    """An input that cannot be used; the others can."""


class OutputError(StreamError):
    """An output that cannot be written."""


class Log:
    """One line a message on standard error; remembers whether an error was among them."""

    def __init__(self) -> None:
        self.failed = False

    def note(self, name: str, what: object) -> None:
        """Something the user should know; no failure."""
        complain(f"{name}: {what}")

    def error(self, name: str, what: object) -> None:
        """An input or output that failed."""
        self.failed = True
        complain(f"{name}: {what}")


def complain(what: str) -> None:
    """One line on standard error."""
    line = visible(what).replace("\n", " ")
    to_stderr(f"cleaner: {line}\n")


def to_stderr(text: str) -> None:
    """Text on standard error, if there is one that takes it."""
    if sys.stderr is not None:
        with contextlib.suppress(OSError, ValueError):
            sys.stderr.write(text)
            sys.stderr.flush()


def visible(text: str) -> str:
    """Text that a terminal shows and does not obey: control characters as pictures, stray bytes as <9B>.

    Line breaks and tabs stay; a carriage return before a line break goes, alone it counts as a line break.
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\u2028", "\n").replace("\u2029", "\n")
    return _UNSEEN.sub(_picture, text)


def _picture(found: re.Match[str]) -> str:
    char = found.group()
    code = ord(char)
    if char < " ":
        return chr(ord("\u2400") + code)
    if char == "\x7f":
        return "\u2421"
    return f"<{code & 0xFF:02X}>" if "\udc80" <= char <= "\udcff" else f"<U+{code:04X}>"


@dataclass(frozen=True)
class Source:
    """An input of the command. path: a file, an address, or "-" for standard input."""

    path: str

    @property
    def label(self) -> str:
        """What messages call it."""
        return "standard input" if self.path == STDIN else self.path

    @property
    def stat(self) -> os.stat_result | None:
        """What the system knows about it; None when nothing."""
        try:
            return os.fstat(sys.stdin.fileno()) if self.path == STDIN else os.stat(self.path)
        except (OSError, ValueError, AttributeError):
            return None

    @contextlib.contextmanager
    def open(self) -> Iterator[BinaryIO]:
        """The input's bytes. Raises InputError for whatever the system refuses, while open too."""
        try:
            if self.path == STDIN:
                yield _stdin()
            else:
                with open(self.path, "rb") as stream:
                    yield stream
        except DecodeError as e:
            raise InputError(self.label, e) from None
        except (OSError, ValueError) as e:
            raise InputError(self.label, _reason(e)) from None

    def read(self) -> bytes:
        """The whole input. Raises InputError."""
        with self.open() as stream:
            return stream.read()

    def lines(self, encoding: str | None) -> Iterator[str]:
        """The input's lines, streamed, each with its line break; UTF-8 unless a mark or the caller says otherwise.

        A line ends at a line feed and nowhere else. Bytes that are not valid stay, as surrogate escapes. Raises
        InputError.
        """
        with self.open() as stream:
            head = stream.peek(_HEAD)[:_HEAD] if isinstance(stream, io.BufferedReader) else b""
            if encoding is None and marked_encoding(head) is None:
                refuse_binary(head)
            name = encoding or marked_encoding(head) or "utf-8"
            text = io.TextIOWrapper(stream, encoding=name, errors="surrogateescape", newline="\n")
            try:
                first = True
                for line in text:
                    yield line.removeprefix("\ufeff") if first else line
                    first = False
            finally:
                with contextlib.suppress(ValueError):
                    text.detach()  # standard input must outlive the wrapper


def _reason(error: Exception) -> str:
    if isinstance(error, UnicodeDecodeError):
        return f"not {error.encoding} at byte {error.start:,} of a block: {error.reason}"
    return getattr(error, "strerror", None) or str(error) or type(error).__name__


def _stdin() -> BinaryIO:
    if sys.stdin is None:
        raise OSError(0, "closed")
    if hasattr(sys.stdin, "buffer"):
        return cast(BinaryIO, sys.stdin.buffer)
    return io.BytesIO(encode(sys.stdin.read()))


class _TextOnly:
    """Standard output that a caller in Python replaced by one without bytes."""

    def write(self, data: bytes) -> int:
        sys.stdout.write(data.decode("utf-8", "surrogateescape"))
        return len(data)

    def flush(self) -> None:
        sys.stdout.flush()


def _stdout() -> BinaryIO:
    if sys.stdout is None:
        raise OSError(0, "closed")
    sys.stdout.flush()  # what was printed before comes first
    return cast(BinaryIO, sys.stdout.buffer if hasattr(sys.stdout, "buffer") else _TextOnly())


@contextlib.contextmanager
def opened(target: str | None) -> Iterator[BinaryIO]:
    """Standard output (None), or a file that is there as a whole when the block ends well, and else not at all.

    Raises OutputError. BrokenPipeError is left to the caller: a reader who has seen enough is no failure.
    """
    try:
        if target is None:
            out = _stdout()
            yield out
            out.flush()
        elif _is_special(target):
            with open(target, "wb") as out:
                yield out
        else:
            with _replacing(os.path.realpath(target)) as out:
                yield out
    except BrokenPipeError:
        raise
    except OSError as e:
        raise OutputError(target or "standard output", _reason(e)) from None


def _is_special(path: str) -> bool:
    """Whether it is a device or a pipe: something to write into, not to replace."""
    try:
        mode = os.stat(path).st_mode
    except FileNotFoundError:
        return False
    return not (stat.S_ISREG(mode) or stat.S_ISDIR(mode))


@contextlib.contextmanager
def _replacing(path: str) -> Iterator[BinaryIO]:
    mode = os.stat(path).st_mode if os.path.exists(path) else None
    if mode is not None and (stat.S_ISDIR(mode) or not os.access(path, os.W_OK)):
        raise OSError(0, "Is a directory" if stat.S_ISDIR(mode) else "Permission denied")
    part = os.path.join(os.path.dirname(path), f".cleaner-{os.urandom(6).hex()}.part")
    try:
        with open(part, "xb") as out:
            yield out
        if mode is not None:
            os.chmod(part, stat.S_IMODE(mode))
        os.replace(part, path)
    except BaseException:
        with contextlib.suppress(OSError):
            os.unlink(part)
        raise


def same_file(target: str | None, source: Source) -> bool:
    """Whether an output (None: standard output) is the very file that an input comes from."""
    known = source.stat
    try:
        there = os.fstat(sys.stdout.fileno()) if target is None else os.stat(target)
    except (OSError, ValueError, AttributeError):
        return False
    return known is not None and stat.S_ISREG(known.st_mode) and os.path.samestat(there, known)
