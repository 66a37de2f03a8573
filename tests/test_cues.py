"""Cue packs: matching by words, the caller's own packs, and what is said about broken ones."""

import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

import cleaner
from cleaner import CueError, CuePack, Kind, Options
from cleaner.blocks import split
from cleaner.cues import builtin
from cleaner.matcher import Matcher

ROOT = Path(__file__).parent.parent


def pack(*cues: dict, **more: object) -> CuePack:
    return CuePack.from_dict({"schema": 1, "name": "mine", "cue": list(cues), **more})


def found(cues: CuePack, text: str) -> list[str]:
    matcher = Matcher((cues,))
    blocks = split(text, abbreviations=matcher.abbreviations, names=matcher.names)
    hits = matcher.find(blocks, text)
    return [
        text[blocks.word_start[a] : blocks.word_stop[b - 1]]
        for a, b in zip(hits.first.tolist(), hits.last.tolist(), strict=True)
    ]


@pytest.mark.parametrize(
    ("phrase", "text", "expected"),
    [
        ("sign up for our newsletter", "Please SIGN UP for **our** “newsletter”!", ["SIGN UP for **our** “newsletter"]),
        ("sign-up", "Sign up or sign-up", ["Sign up", "sign-up"]),
        ("don't miss", "Don’t miss it, don't miss", ["Don’t miss", "don't miss"]),
        ("{n} comments", "1,234 comments and 7 comments, no comments", ["1,234 comments", "7 comments"]),
        ("join {*} newsletter", "Join our free weekly newsletter", ["Join our free weekly newsletter"]),
        ("join {*} newsletter", "Join newsletter", []),
        ("join {*} newsletter", "Join one two three four five newsletter", []),
        ("join {*} newsletter", "Join us. The newsletter", []),
        ("有料会員限定", "この記事は有料会員限定です。", ["有料会員限定"]),
        ("комментарии", "КОММЕНТАРИИ", ["КОММЕНТАРИИ"]),
        ("subscribe", "[Subscribe](https://example.org/subscribed)", ["Subscribe"]),
        ("news letter", "News\nletter", []),
        ("ｓｕｂｓｃｒｉｂｅ", "Subscribe", ["Subscribe"]),
    ],
)
def test_phrases_are_matched_by_words(phrase: str, text: str, expected: list[str]) -> None:
    assert found(pack({"kind": "advert", "phrases": [phrase]}), text) == expected


@pytest.mark.parametrize(("where", "expected"), [("anywhere", 4), ("start", 2), ("end", 2), ("whole", 1)])
def test_cues_stand_where_they_want_to(where: str, expected: int) -> None:
    cues = pack({"kind": "comment", "where": where, "phrases": ["comments"]})
    assert len(found(cues, "Comments\nComments here\nthese comments\nmy comments here")) == expected


def test_patterns_are_anchored_at_a_unit_and_ignore_case() -> None:
    cues = CuePack.from_dict({"schema": 1, "pattern": [{"kind": "byline", "regex": [r"by \w+ \w+$"]}]})
    assert found(cues, "By Ada Moor\nStand by me now") == ["By Ada Moor"]


ARTICLE = (
    "The council voted on Tuesday to rebuild the old bridge over the river.\n"
    "Frobnicate the quux with us.\n"
    "Work on the bridge begins in spring and will take about two years.\n"
)


def test_a_callers_cue_removes_and_shows_up_in_the_reasons() -> None:
    assert cleaner.segment(ARTICLE).removed == ()
    mine = pack({"kind": "advert", "strength": "strong", "phrases": ["frobnicate the quux"]})
    result = cleaner.segment(ARTICLE, options=Options(cues=(mine,)))
    (span,) = result.removed
    assert span.text == "Frobnicate the quux with us.\n"
    assert span.kind is Kind.ADVERT
    assert any("frobnicate the quux" in r and "mine" in r for r in span.reasons)
    assert "mine" in result.packs


def test_a_callers_pattern_removes() -> None:
    mine = CuePack.from_dict({"schema": 1, "pattern": [{"kind": "advert", "strength": "strong", "regex": ["frob"]}]})
    assert len(cleaner.segment(ARTICLE, options=Options(cues=mine)).removed) == 1


def test_never_protects() -> None:
    text = ARTICLE + "Leave a comment\n"
    assert cleaner.segment(text).removed
    mine = CuePack.from_dict({"schema": 1, "never": [{"phrases": ["leave a comment"]}]})
    assert cleaner.segment(text, options=Options(cues=mine)).removed == ()


@pytest.mark.parametrize(
    ("toml", "complaint"),
    [
        ("schema = 2", "schema: must be 1, not 2"),
        ("schema = 1\nfoo = 1", "unknown field 'foo'"),
        ("schema = 1\n[[cue]]\nkind = 'donatoin'\nphrases = ['a']", "cue 1: unknown kind 'donatoin'"),
        ("schema = 1\n[[cue]]\nkind = 'donation'", "cue 1: has no phrases"),
        ("schema = 1\n[[cue]]\nkind = 'body'\nphrases = ['a']", "cue 1: a cue cannot speak for body"),
        ("schema = 1\n[[cue]]\nkind = 'advert'\nphrases = ['a']\nwhere = 'top'", "cue 1: where must be one of"),
        ("schema = 1\n[[cue]]\nkind = 'advert'\nphrases = ['a {x} b']", "cue 1: phrase 'a {x} b' has a slot"),
        ("schema = 1\n[[cue]]\nkind = 'advert'\nphrases = ['{*} b']", "needs a word on each side"),
        ("schema = 1\n[[cue]]\nkind = 'advert'\nphrases = ['']", "cue 1: phrases must be a list of strings"),
        ("schema = 1\n[[pattern]]\nkind = 'advert'\nregex = ['(']", "pattern 1: regex '('"),
        ("schema = 1\n[[never]]\nkind = 'advert'\nphrases = ['a']", "never 1: unknown field 'kind'"),
        ("schema = 1\ncue = 3", "cue: must be tables"),
        ("schema = ", "Invalid value"),
    ],
)
def test_a_broken_pack_is_refused_in_one_line(tmp_path: Path, toml: str, complaint: str) -> None:
    path = tmp_path / "my.toml"
    path.write_text(toml, "utf-8")
    with pytest.raises(CueError, match=re.escape(complaint)) as e:
        CuePack.load(path)
    assert str(e.value).startswith(str(path))
    assert "\n" not in str(e.value)


def test_a_pack_that_is_no_utf8_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "my.toml"
    path.write_bytes(b"schema = 1 # \xff")
    with pytest.raises(CueError, match="not UTF-8"):
        CuePack.load(path)


def test_the_built_in_packs_are_those_of_the_toml_files() -> None:
    command = [sys.executable, str(ROOT / "training" / "build_cues.py"), "--check"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_every_language_is_told_by_its_own_words() -> None:
    packs = [p for p in builtin() if p.lang != "und"]
    assert {"en", "de"} <= {p.lang for p in packs}
    for p in packs:
        assert len(p.stopwords) >= 20, p.name


def test_listed_words_are_counted_right_in_a_unit_of_any_length() -> None:
    from cleaner.wordlists import ADDRESS, STOP, count_bits

    bits = np.full(200_001, 1 << STOP, np.uint32)
    bits[-1] = 1 << ADDRESS
    unit = np.repeat([0, 1], [200_000, 1])
    counts = count_bits(bits, unit, 3)
    assert counts[:, STOP].tolist() == [200_000, 0, 0]
    assert counts[:, ADDRESS].tolist() == [0, 1, 0]
    assert counts.sum() == 200_001
