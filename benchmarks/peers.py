"""What people use today, as rules that keep or drop a line: the field that cleaner is measured in."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

from figures import Removal

_ENDS = (".", "?", "!", '"', "”", "’", "»", "“")
_POLICY = (
    "terms of use",
    "privacy policy",
    "cookie policy",
    "uses cookies",
    "use of cookies",
    "use cookies",
)
_FEWEST_WORDS = 5
_LONGEST_WORD = 1000


def drop_lines(text: str, keep: Callable[[str], bool]) -> list[Removal]:
    """What is removed when every line that has ink must pass `keep`."""
    return [Removal(a, b) for a, b in _lines(text) if not keep(text[a:b].strip())]


def _lines(text: str) -> Iterator[tuple[int, int]]:
    start = 0
    while start < len(text):
        end = text.find("\n", start) + 1 or len(text)
        if not text[start:end].isspace():
            yield start, end
        start = end


def c4_keeps(line: str) -> bool:
    """The line rules of C4 (Raffel et al. 2020, section 2.2): a kept line ends like a sentence, has five words, none of
    them enormous, and mentions neither JavaScript nor cookie and privacy policies.

    Closing quotation marks count as ends here, typographic ones too. The rules that drop whole pages are left out:
    this compares lines.
    """
    words = line.split()
    if len(words) < _FEWEST_WORDS or any(len(w) > _LONGEST_WORD for w in words):
        return False
    if not line.endswith(_ENDS) or line.endswith("..."):
        return False
    low = line.lower()
    return "javascript" not in low and not any(p in low for p in _POLICY)


def phrases_keep(line: str) -> bool:
    """Whether a line has none of the phrases in phrases.txt."""
    low = line.lower()
    return not any(p in low for p in _phrases())


@cache
def _phrases() -> tuple[str, ...]:
    lines = (Path(__file__).parent / "phrases.txt").read_text("utf-8").splitlines()
    return tuple(line for line in lines if line and not line.startswith("#"))
