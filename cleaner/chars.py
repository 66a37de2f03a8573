"""Code points as numbers: the class of each, and a hash value of its folded form."""

from __future__ import annotations

import zlib
from enum import IntEnum
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

U8 = NDArray[np.uint8]
U32 = NDArray[np.uint32]
U64 = NDArray[np.uint64]

SIZE = 0x20001
"""Rows of the table: one for each code point below 0x20000, one for all above (rare ideographs)."""


class Class(IntEnum):
    """What a code point is to the splitter and the word finder."""

    OTHER = 0
    SPACE = 1
    BREAK = 2
    LOWER = 3
    UPPER = 4
    LETTER = 5  # of a script without case
    DIGIT = 6
    IDEOGRAPH = 7  # scripts written without spaces: every character is a word
    MARK = 8
    STOP = 9  # ends a sentence when white space follows
    WIDE_STOP = 10  # ends a sentence by itself
    OPEN = 11
    CLOSE = 12
    QUOTE = 13
    APOSTROPHE = 14
    IGNORED = 15  # zero-width and format characters


def members(*classes: Class) -> NDArray[np.bool_]:
    """A look-up table over classes: True for those given."""
    table = np.zeros(16, dtype=bool)
    table[list(classes)] = True
    return table


@cache
def tables() -> tuple[U8, U64]:
    """(class, hash value) of each code point; see `training/make_chars.py` for how the file is made."""
    raw = zlib.decompress((Path(__file__).parent / "data" / "chars.bin").read_bytes())
    classes = np.frombuffer(raw, dtype=np.uint8, count=SIZE)
    shifts = np.frombuffer(raw, dtype="<i4", offset=SIZE, count=SIZE)
    return classes, mix((np.arange(1, SIZE + 1) + shifts).astype(np.uint64))


def mix(x: U64) -> U64:
    """Spread 64-bit values (the finaliser of splitmix64), so that near values share no pattern."""
    x = (x ^ (x >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    x = (x ^ (x >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return x ^ (x >> np.uint64(31))


def code_points(text: str) -> U32:
    """The text's code points; lone surrogates are code points like others."""
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype="<u4")


def inverse(odd: int) -> int:
    """The inverse of an odd number modulo 2**64."""
    return pow(odd, -1, 1 << 64)


class Powers:
    """Powers of an odd base modulo 2**64 and of its inverse: turn prefix sums into hashes of any slice."""

    def __init__(self, base: int) -> None:
        self._bases = (base, inverse(base))
        self._tables = (np.ones(1, np.uint64), np.ones(1, np.uint64))

    def upto(self, n: int) -> tuple[U64, U64]:
        """(base**i, base**-i) for i below n."""
        tables = self._tables
        if len(tables[0]) < n:
            size = 1 << max(n - 1, 1).bit_length()
            tables = tuple(self._grow(b, size) for b in self._bases)  # type: ignore[assignment]
            self._tables = tables  # one assignment: safe when threads race, they compute the same
        return tables[0][:n], tables[1][:n]

    @staticmethod
    def _grow(base: int, size: int) -> U64:
        steps = np.full(size, base & ((1 << 64) - 1), dtype=np.uint64)
        steps[0] = 1
        return np.multiply.accumulate(steps)


class Prefixes:
    """Hashes of any slices of an array, wrapping modulo 2**64: exact, and the same wherever a slice stands."""

    def __init__(self, values: U64, powers: Powers) -> None:
        up, self._down = powers.upto(len(values) + 1)
        self._sums = np.zeros(len(values) + 1, dtype=np.uint64)
        np.cumsum(values * up[:-1], out=self._sums[1:])

    def slices(self, starts: NDArray[np.intp], ends: NDArray[np.intp]) -> U64:
        """The hash of each values[start:end]."""
        return mix((self._sums[ends] - self._sums[starts]) * self._down[starts])
