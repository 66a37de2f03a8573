"""Write `cleaner/data/chars.bin`: what every code point is, and its folded form.

The table is shipped rather than built from `unicodedata` at import, so that a text has the same units and hashes under
every Python version, whichever Unicode release that Python knows.

    python training/make_chars.py cleaner/data/chars.bin
"""

from __future__ import annotations

import sys
import unicodedata
import zlib
from array import array
from pathlib import Path

from cleaner.chars import SIZE, Class

BREAKS = "\n\r\v\f\x85\u2028\u2029"
STOPS = ".!?…‽؟۔।॥\u037e։።"
WIDE_STOPS = "。！？｡．"
QUOTES = '"“”„‟«»‹›‘‚‛＂'
APOSTROPHES = "'’ʼ＇"
NO_SPACE_SCRIPTS = (
    (0x0E00, 0x0EFF),  # Thai, Lao
    (0x1000, 0x109F),  # Myanmar
    (0x1780, 0x17FF),  # Khmer
    (0x2E80, 0x2FDF),  # CJK radicals
    (0x3005, 0x3007),
    (0x3021, 0x3029),
    (0x3040, 0x30FF),  # kana
    (0x3105, 0x312F),
    (0x31F0, 0x31FF),
    (0x3400, 0x4DBF),
    (0x4E00, 0x9FFF),
    (0xF900, 0xFAFF),
    (0xFF66, 0xFF9D),
)


def char_class(c: str) -> Class:
    """The class of one character."""
    by_hand = (
        (BREAKS, Class.BREAK),
        (STOPS, Class.STOP),
        (WIDE_STOPS, Class.WIDE_STOP),
        (QUOTES, Class.QUOTE),
        (APOSTROPHES, Class.APOSTROPHE),
        ("¿¡", Class.OPEN),
        ("\u200c\u200d", Class.MARK),
    )
    for chars, value in by_hand:
        if c in chars:
            return value
    if c.isspace():
        return Class.SPACE
    category = unicodedata.category(c)
    if category[0] in "LN" and any(a <= ord(c) <= b for a, b in NO_SPACE_SCRIPTS):
        return Class.IDEOGRAPH
    named = {
        "Lu": Class.UPPER,
        "Lt": Class.UPPER,
        "Ll": Class.LOWER,
        "Nd": Class.DIGIT,
        "Ps": Class.OPEN,
        "Pe": Class.CLOSE,
        "Cf": Class.IGNORED,
    }
    if category in named:
        return named[category]
    return {"L": Class.LETTER, "M": Class.MARK}.get(category[0], Class.OTHER)


def fold(c: str) -> str:
    """The form in which characters are compared: lower case, full-width to plain, one apostrophe."""
    if c in APOSTROPHES:
        return "'"
    if "\uff01" <= c <= "\uff5e":
        c = chr(ord(c) - 0xFEE0)
    lower = c.lower()
    return lower if len(lower) == 1 else "i" if c == "İ" else c


def main(path: str) -> None:
    """Write the table."""
    chars = [chr(i) for i in range(SIZE - 1)]
    classes = bytes(char_class(c) for c in chars) + bytes([Class.IDEOGRAPH])
    shifts = array("i", [ord(fold(c)) - ord(c) for c in chars] + [0])
    if sys.byteorder == "big":
        shifts.byteswap()
    Path(path).write_bytes(zlib.compress(classes + shifts.tobytes(), 9))


if __name__ == "__main__":
    main(*sys.argv[1:])
