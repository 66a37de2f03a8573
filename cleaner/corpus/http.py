"""What an HTTP response holds, as a crawler may have kept it: in chunks, packed."""

from __future__ import annotations

import re
import zlib
from collections.abc import Mapping

_SIZE = re.compile(rb"([0-9a-fA-F]{1,8})[^\r\n]{0,200}\r?\n")
_MOST = 1 << 26
"""Bytes that a packed page may grow to."""


def content(data: bytes, headers: Mapping[str, str]) -> bytes:
    """The content of a response. Many archives keep the headers of what they have unpacked already, so what does not
    fit its headers stays as it is."""
    if "chunked" in (headers.get("Transfer-Encoding") or "").lower():
        data = _joined(data) or data
    if (headers.get("Content-Encoding") or "").strip().lower() in ("gzip", "x-gzip", "deflate"):
        data = _unpacked(data) or data
    return data


def _joined(data: bytes) -> bytes | None:
    """The chunks together; None when it is not in chunks. What is cut off ends early."""
    pieces, at = [], 0
    while at < len(data):
        found = _SIZE.match(data, at)
        if not found:
            return None
        size = int(found[1], 16)
        if not size:
            break
        pieces.append(data[found.end() : found.end() + size])
        at = found.end() + size
        at += 2 if data.startswith(b"\r\n", at) else 1
    return b"".join(pieces)


def _unpacked(data: bytes) -> bytes | None:
    for bits in (32 + zlib.MAX_WBITS, -zlib.MAX_WBITS):  # gzip or zlib by its header; deflate without one
        try:
            return zlib.decompressobj(bits).decompress(data, _MOST)
        except zlib.error:
            continue
    return None
