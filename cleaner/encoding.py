"""Bytes to text: which encoding they are in, and what has to be said about it.

A byte order mark decides; then UTF-8 if the bytes are valid UTF-8; then, when they are nearly so, UTF-8 with the stray
bytes carried along untouched (as Python's surrogateescape does); then an encoding that is detected and reads cleanly;
and when none can be trusted, UTF-8 with stray bytes again: bytes that come out as they came in are no loss, wrong
letters are.
"""

from __future__ import annotations

import codecs
from typing import NamedTuple

_BOMS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_MAGIC = (
    (b"%PDF-", "a PDF file"),
    (b"\x89PNG\r\n", "a PNG image"),
    (b"\xff\xd8\xff", "a JPEG image"),
    (b"GIF89a", "a GIF image"),
    (b"PK\x03\x04", "a zip archive (or an office document)"),
    (b"\x1f\x8b\x08", "gzip data: decompress it first"),
    (b"\x28\xb5\x2f\xfd", "zstd data: decompress it first"),
    (b"BZh91AY", "bzip2 data: decompress it first"),
    (b"\xfd7zXZ\x00", "xz data: decompress it first"),
    (b"\x7fELF", "a program"),
    (b"PAR1", "a Parquet file"),
    (b"SQLite format 3\x00", "a database"),
)
_HIGH = bytes(range(0x80, 0x100))
_CONTROL = bytes(b for b in range(0x20) if b not in b"\b\t\n\v\f\r\x1b") + b"\x7f"
_MOST_CONTROL = 0.05
"""Random bytes have a tenth of these, UTF-16 without a mark nearly half, text next to none."""
_FEW = 8

_SINGLE_BYTE = (
    "cp1252", "cp1251", "cp1250", "cp1253", "cp1254", "cp1255", "cp1256", "cp1257",
    "koi8_r", "koi8_u", "iso8859_2", "tis_620",
)  # fmt: skip
_MULTI_BYTE = ("cp932", "euc_jp", "gb18030", "big5", "cp949")
_SAMPLE = 1 << 16


class DecodeError(ValueError):
    """Bytes that cannot be read as text; the message says why."""


class Decoded(NamedTuple):
    """text, without byte order mark. note: what was assumed, None when there is nothing to say."""

    text: str
    note: str | None


def decode(data: bytes, encoding: str | None = None) -> Decoded:
    """The text of a whole input. Raises DecodeError for what is no text, or not in the encoding that was given."""
    if encoding:
        return _as(data, encoding)
    marked = marked_encoding(data)
    if marked:
        text, stray = _as(data, marked)
        said = None if marked == "utf-8" else f"read as {marked.upper()}, by its byte order mark"
        return Decoded(text, stray or said)
    refuse_binary(data)
    try:
        return Decoded(data.decode("utf-8"), None)
    except UnicodeDecodeError:
        return _no_utf8(data)


def encode(text: str) -> bytes:
    """Text as UTF-8; bytes that `decode` carried along come out as they were."""
    try:
        return text.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:  # surrogates that stand for no byte, out of a JSON escape or UTF-7
        return text.encode("utf-8", "surrogatepass")


def known(encoding: str) -> bool:
    """Whether Python has a text encoding of that name."""
    try:
        " ".encode(encoding)
    except (LookupError, ValueError):
        return False
    return True


def marked_encoding(head: bytes) -> str | None:
    """The encoding that a byte order mark at the beginning tells."""
    return next((name for mark, name in _BOMS if head.startswith(mark)), None)


def refuse_binary(data: bytes) -> None:
    """Raise DecodeError when the bytes are no text; a few NUL bytes in a text are no matter."""
    for magic, what in _MAGIC:
        if data.startswith(magic):
            raise DecodeError(f"no text but {what}")
    odd = len(data) - len(data.translate(None, _CONTROL))
    if odd > _FEW and odd > _MOST_CONTROL * len(data):
        hint = " (UTF-16 without a mark? try --encoding utf-16-le)" if data.count(0) > len(data) // 4 else ""
        raise DecodeError(f"no text: {odd:,} of {len(data):,} bytes are control characters{hint}")


def _as(data: bytes, encoding: str) -> Decoded:
    try:
        text = data.decode(encoding, "surrogateescape")
    except UnicodeError as e:
        where = f" at byte {e.start:,}: {e.reason}" if isinstance(e, UnicodeDecodeError) else f": {e}"
        raise DecodeError(f"not {encoding}{where}") from None
    stray = len(text) - len(text.encode("utf-8", "ignore").decode("utf-8"))
    note = f"{_bytes(stray)} no valid {encoding}, passed through untouched" if stray else None
    return Decoded(text.removeprefix("\ufeff"), note)


def _no_utf8(data: bytes) -> Decoded:
    text = data.decode("utf-8", "surrogateescape")
    ascii_ = len(data.translate(None, _HIGH))
    valid = len(data.decode("utf-8", "ignore")) - ascii_
    stray = len(text) - ascii_ - valid
    guess = detect(data) if valid < 4 * stray else None
    if guess:
        return Decoded(data.decode(guess), f"no valid UTF-8, read as {guess}; --encoding overrides this")
    return Decoded(text, f"{_bytes(stray)} no valid UTF-8, passed through untouched; --encoding NAME reads them")


def _bytes(n: int) -> str:
    return f"{n:,} byte{'s are' if n > 1 else ' is'}"


def detect(data: bytes) -> str | None:
    """An encoding in which all of the bytes can be read and their letters look like some language; else None.

    Single-byte encodings differ in few letters, so short texts tell nothing. Where windows-1252 reads as well as the
    best guess it is taken, being by far the commonest.
    """
    from charset_normalizer import from_bytes

    sample = _telling_lines(data)
    found = list(from_bytes(sample, cp_isolation=[*_SINGLE_BYTE, *_MULTI_BYTE]))
    if not found:
        return None
    best = found[0]
    for match in found:
        as_clean, as_wordy = match.chaos <= best.chaos + 0.06, match.coherence >= best.coherence
        if "cp1252" in match.could_be_from_charset and as_clean and as_wordy:
            return _readable(data, "cp1252")
    many = len(sample.translate(None, _HIGH)) < 0.9 * len(sample)
    if best.coherence > 0 or (best.encoding in _MULTI_BYTE and many):
        return _readable(data, best.encoding)
    return None


def _telling_lines(data: bytes) -> bytes:
    """The first lines that hold more than ASCII: a sample from which the encoding can be told."""
    lines, size = [], 0
    for line in data[: 64 * _SAMPLE].splitlines(keepends=True):
        if not line.isascii():
            lines.append(line[:_SAMPLE])
            size += len(lines[-1])
        if size >= _SAMPLE:
            break
    return b"".join(lines)


def _readable(data: bytes, encoding: str) -> str | None:
    try:
        data.decode(encoding)
    except UnicodeDecodeError:
        return None
    return encoding
