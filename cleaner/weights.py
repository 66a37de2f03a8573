"""The model file: named arrays behind a header, with a checksum. No code in it, nothing is executed on loading.

Layout, little-endian: 8 bytes of magic; the header's size as uint32; the header, JSON in UTF-8, padded with spaces to
a multiple of 64 bytes; the arrays one behind the other, each padded to 64 bytes. The header has `version`, `sha256` (of
all that follows it), `about` (how the file was made) and `arrays`: name, dtype, shape and offset of each.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

MAGIC = b"cleaner\x01"
VERSION = 1
_ALIGN = 64
_TYPES = {
    "int8": "<i1",
    "uint8": "<u1",
    "uint16": "<u2",
    "int16": "<i2",
    "int32": "<i4",
    "uint64": "<u8",
    "float32": "<f4",
}

Arrays = dict[str, NDArray[Any]]


class ModelError(ValueError):
    """A model file that cannot be used; the message names it."""


class Weights(NamedTuple):
    """arrays: by name, read-only. about: what the header says of the making. digest: of the arrays, in hex."""

    arrays: Arrays
    about: dict[str, Any]
    digest: str


def write(path: Path, arrays: Mapping[str, NDArray[Any]], about: Mapping[str, Any]) -> None:
    """Write a model file; the same arrays and words give the same bytes."""
    listed, body = [], bytearray()
    for name, array in sorted(arrays.items()):
        kind = str(array.dtype)
        listed.append({"name": name, "dtype": kind, "shape": list(array.shape), "offset": len(body)})
        body += np.ascontiguousarray(array, dtype=_TYPES[kind]).tobytes()
        body += b"\0" * (-len(body) % _ALIGN)
    digest = hashlib.sha256(body).hexdigest()
    header = {"version": VERSION, "sha256": digest, "about": dict(about), "arrays": listed}
    text = json.dumps(header, ensure_ascii=False, sort_keys=True).encode("utf-8")
    text += b" " * (-(len(MAGIC) + 4 + len(text)) % _ALIGN)
    path.write_bytes(MAGIC + len(text).to_bytes(4, "little") + text + bytes(body))


def read(path: Path) -> Weights:
    """Read and check a model file. Raises ModelError, OSError."""
    raw = path.read_bytes()
    if raw[: len(MAGIC)] != MAGIC:
        raise ModelError(f"{path}: not a model file of cleaner")
    size = int.from_bytes(raw[len(MAGIC) : len(MAGIC) + 4], "little")
    begin = len(MAGIC) + 4 + size
    try:
        header = json.loads(raw[len(MAGIC) + 4 : begin])
        version, digest, about = header["version"], header["sha256"], header["about"]
    except (ValueError, KeyError, TypeError):
        raise ModelError(f"{path}: the header cannot be read") from None
    if version != VERSION:
        raise ModelError(f"{path}: version {version!r}, this cleaner reads {VERSION}")
    if hashlib.sha256(memoryview(raw)[begin:]).hexdigest() != digest:
        raise ModelError(f"{path}: damaged, the checksum does not match")
    arrays = {a["name"]: _array(raw, begin, a) for a in header["arrays"]}
    return Weights(arrays, about, digest)


def _array(raw: bytes, begin: int, entry: Mapping[str, Any]) -> NDArray[Any]:
    shape = tuple(entry["shape"])
    count = int(np.prod(shape, dtype=np.int64))
    flat = np.frombuffer(raw, _TYPES[entry["dtype"]], count=count, offset=begin + entry["offset"])
    return flat.reshape(shape)
