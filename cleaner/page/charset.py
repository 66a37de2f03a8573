"""Bytes of a page to text, whatever they say of themselves.

A byte order mark decides. Then UTF-8, if the bytes are valid UTF-8 and go beyond ASCII: text in another charset hardly
ever is. Then what the server or the caller says, what the page declares in its first 4 KB, and UTF-8: the first of them
that reads with next to no errors. A page that fits none is read in a charset that is detected, with replacement
characters where even that does not fit.
"""

from __future__ import annotations

import codecs
import re

from ..encoding import DecodeError, detect, marked_encoding, refuse_binary
from .errors import PageError

_HEAD = 4096
_DECLARED = re.compile(
    rb"""<meta[^>]{0,300}?charset\s*=\s*["']?\s*([\w:.-]+) | <\?xml[^>]{0,200}?encoding\s*=\s*["']([\w:.-]+)""",
    re.IGNORECASE | re.VERBOSE,
)
_IN_HEADER = re.compile(r"charset\s*=\s*[\"']?([\w:.-]+)", re.IGNORECASE)
_MEANT = {
    "iso8859-1": "cp1252", "ascii": "cp1252", "iso8859-9": "cp1254", "iso8859-11": "cp874", "tis-620": "cp874",
    "gb2312": "gb18030", "gbk": "gb18030", "shift_jis": "cp932", "euc_kr": "cp949", "big5": "big5hkscs",
    "utf-16": "utf-8", "utf-16-le": "utf-8", "utf-16-be": "utf-8", "utf-7": "utf-8",
}  # fmt: skip
"""What browsers read a declared charset as: its superset, and UTF-8 where the declaration cannot be true."""
_STATEFUL = ("iso2022_jp", "hz")
_HIGH = bytes(range(0x80, 0x100))
_MOST_WRONG = 0.02


def decode_page(data: bytes, hint: str | None = None) -> str:
    """The text of a page. hint: a charset, or a Content-Type header that may name one.

    Raises PageError when the bytes are of something else: a PDF, a picture, an archive.
    """
    marked = marked_encoding(data)
    if marked:
        return data.decode(marked, "replace").removeprefix("\ufeff")
    _refuse_other(data)
    declared = _declared(data)
    if declared not in _STATEFUL:
        try:
            return data.decode("utf-8")
        except UnicodeDecodeError:
            pass
    for name in (_known(_from_header(hint)), declared, "utf-8"):
        text = _nearly(data, name) if name else None
        if text is not None:
            return text
    return data.decode(detect(data) or declared or "utf-8", "replace")


def refuse_other(text: str) -> None:
    """Raise PageError when a text is a PDF or the like that was decoded."""
    _refuse_other(text[:64].encode("latin-1", "replace"))


def _refuse_other(data: bytes) -> None:
    try:
        refuse_binary(data[:64] if b"<" in data[:_HEAD] else data)
    except DecodeError as e:
        raise PageError(f"{e}, not HTML") from None


def _from_header(hint: str | None) -> str | None:
    found = _IN_HEADER.search(hint or "")
    return found.group(1) if found else hint


def _declared(data: bytes) -> str | None:
    found = _DECLARED.search(data[:_HEAD])
    return _known((found.group(1) or found.group(2)).decode("ascii", "replace")) if found else None


def _known(name: str | None) -> str | None:
    """The name of the codec to use; None when there is none of that name, or it is none of text."""
    try:
        own = codecs.lookup((name or "").strip()).name
        " ".encode(own)
    except (LookupError, ValueError):
        return None
    return _MEANT.get(own, own)


def _nearly(data: bytes, name: str) -> str | None:
    """The bytes read in a charset in which at most a few of them make no sense; else None."""
    text = data.decode(name, "replace")
    wrong = text.count("\ufffd")
    high = len(data) - len(data.translate(None, _HIGH))
    return text if wrong <= max(1, _MOST_WRONG * high) else None
