"""Bytes of plain, gzip and Zstandard files; truncated and damaged ones are told from whole ones."""

from __future__ import annotations

import gzip
import shutil
import zlib
from collections.abc import Iterator
from typing import Any, BinaryIO

from .records import CorpusError, DamagedError

_PIECE = 1 << 16
_ZST_PIECE = 1 << 12
"""Bytes that are unpacked at once: 4 KB of Zstandard can grow to 128 MB at most."""
LEVEL = {".gz": 6, ".zst": 3}


def ending(path: str) -> str:
    """ ".gz", ".zst" or nothing."""
    return next((e for e in LEVEL if path.lower().endswith(e)), "")


def zstandard() -> Any:
    """The library. Raises CorpusError saying how to get it."""
    try:
        import zstandard as library
    except ImportError:
        raise CorpusError(needs("zstandard", ".zst files")) from None
    return library


def needs(library: str, what: str) -> str:
    """What to say where a library of the extra is missing."""
    return f"{what} need {library}: pip install 'cleaner[corpus]'"


class Reader:
    """A file's bytes, unpacked, in pieces of any size. at: how far the file itself has been read."""

    def __init__(self, path: str) -> None:
        self.path = path
        self.at = 0

    def __iter__(self) -> Iterator[bytes]:
        """Raises DamagedError, with an empty place, after the last piece that could be read."""
        try:
            with open(self.path, "rb") as file:
                for piece in self._pieces(file):
                    self.at = file.tell()
                    yield piece
        except EOFError:
            raise DamagedError("", "the file is truncated") from None
        except (OSError, zlib.error) as e:
            raise DamagedError("", getattr(e, "strerror", None) or e) from None

    def _pieces(self, file: BinaryIO) -> Iterator[bytes]:
        kind = ending(self.path)
        if kind == ".gz":
            with gzip.GzipFile(fileobj=file, mode="rb") as unpacked:
                yield from iter(lambda: unpacked.read1(_PIECE), b"")
        elif kind == ".zst":
            yield from _frames(file)
        else:
            yield from iter(lambda: file.read(_PIECE), b"")


def _frames(file: BinaryIO) -> Iterator[bytes]:
    library = zstandard()
    packer: Any = None
    for block in iter(lambda: file.read(_PIECE), b""):
        at = 0
        while at < len(block):
            packer = packer or library.ZstdDecompressor().decompressobj()
            piece = block[at : at + _ZST_PIECE]
            try:
                yield packer.decompress(piece)
            except library.ZstdError as e:
                raise OSError(0, f"not valid Zstandard: {e}") from None
            at += len(piece)
            if packer.eof:
                at -= len(packer.unused_data)
                packer = None
    if packer is not None:
        raise EOFError


def packed(data: bytes, kind: str) -> bytes:
    """Bytes as a gzip member or a Zstandard frame; such may follow one another in a file."""
    if kind == ".gz":
        return gzip.compress(data, LEVEL[kind], mtime=0)
    if kind == ".zst":
        return bytes(zstandard().ZstdCompressor(level=LEVEL[kind]).compress(data))
    return data


def join_files(parts: list[str], target: str, kind: str) -> None:
    """One file of several, one after the other; of none, an empty one of its kind."""
    with open(target, "wb") as out:
        for path in parts:
            with open(path, "rb") as part:
                shutil.copyfileobj(part, out, 1 << 20)
        if not parts:
            out.write(packed(b"", kind))
