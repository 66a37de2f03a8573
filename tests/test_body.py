"""White space of the body, rule by rule."""

import pytest

from cleaner.body import join_kept


def body(marked: str) -> str:
    """The body of a text in which what is removed stands between ‹ and ›."""
    text, kept, at = "", [], 0
    for i, part in enumerate(marked.replace("›", "‹").split("‹")):
        if i % 2 == 0 and part:
            kept.append((at, at + len(part)))
        text += part
        at += len(part)
    return join_kept(text, kept)


@pytest.mark.parametrize(
    ("marked", "expected"),
    [
        ("One.\n‹Gone.\n›Two.\n", "One.\nTwo.\n"),
        ("One.\n\n‹Gone.\n›Two.", "One.\n\nTwo."),
        ("One.\n‹Gone.\n\n\n›Two.", "One.\n\n\nTwo."),
        ("One.\n\n‹Gone.\n\n›Two.", "One.\n\nTwo."),
        ("One.\r\n\r\n‹Gone.\r\n›Two.", "One.\r\n\r\nTwo."),
        ("One.\n‹Gone.›Two.", "One.\nTwo."),
        ("One.‹ Gone.\n›Two.", "One.\nTwo."),
        ("One.‹Gone.›Two.", "One. Two."),
        ("One. ‹Gone.›Two.", "One. Two."),
        ("One. ‹Gone.  ›Two.", "One.  Two."),
        ("これ。‹消す。›それ。", "これ。それ。"),
        ("これ。‹Gone.›Two.", "これ。 Two."),
        ("‹Gone.\n\n›Two.\n", "Two.\n"),
        ("‹Gone. ›Two.\n", "Two.\n"),
        ("‹Gone.\n›    code()\n", "    code()\n"),
        ("One.\n\n‹Gone.\n›", "One."),
        ("One.  ‹Gone.›", "One."),
        ("One.\n‹Gone.\n›    indented\n", "One.\n    indented\n"),
        ("  One.\n‹Gone.›", "  One."),
        ("One.‹Gone.\nGone.›Two.", "One.\nTwo."),
        ("A\n‹x\n›B\n‹y\n›C", "A\nB\nC"),
        ("‹All gone.\n›", ""),
    ],
)
def test_gaps(marked: str, expected: str) -> None:
    assert body(marked) == expected
