"""Bytes of all sorts: read as what they are, said when assumed, never lost."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import suppress

import pytest
from conftest import BODY, PAGE, Command
from hypothesis import given
from hypothesis import strategies as st

from cleaner.encoding import DecodeError, decode, encode

WHOLE = ("--keep", "boilerplate")
GERMAN = (
    "Der Rat stimmte am Dienstag für die neue Brücke über den Fluss. Die Bürger hatten länger als ein Jahr gewartet.\n"
    "„Größere Schäden können wir uns nicht leisten“, sagte die Bürgermeisterin nach der öffentlichen Sitzung.\n"
)
RUSSIAN = (
    "Совет проголосовал во вторник за восстановление старого моста через реку.\n"
    "Мэр сказала, что работы начнутся весной и что дорога вдоль берега останется открытой.\n"
)
JAPANESE = "市議会は火曜日、古い橋の再建を決めた。市長は、工事は春に始まり、川沿いの道は開いたままだと述べた。\n" * 2


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-32"])
def test_a_byte_order_mark_decides(run: Command, encoding: str) -> None:
    done = run(stdin=PAGE.encode(encoding))
    assert (done.code, done.text) == (0, BODY)
    assert len(done.lines) == (0 if encoding == "utf-8-sig" else 1)


@pytest.mark.parametrize(
    ("text", "encoding"), [(GERMAN, "cp1252"), (RUSSIAN, "cp1251"), (RUSSIAN, "koi8-r"), (JAPANESE, "cp932")]
)
def test_other_encodings_are_detected_and_named(run: Command, text: str, encoding: str) -> None:
    done = run(*WHOLE, stdin=text.encode(encoding))
    assert (done.code, done.text, len(done.lines)) == (0, text, 1)
    assert f"read as {encoding.replace('-', '_')}" in done.err


def test_the_encoding_that_was_given_is_not_second_guessed(run: Command) -> None:
    done = run(*WHOLE, "--encoding", "cp1251", stdin=GERMAN.encode("cp1252", "ignore"))
    assert (done.text, done.err) == (GERMAN.encode("cp1252").decode("cp1251"), "")


def test_stray_bytes_pass_through_untouched_with_a_warning(run: Command) -> None:
    data = GERMAN.encode() + b"caf\xe9 na\xefve\n"
    done = run(*WHOLE, stdin=data)
    assert (done.code, done.out, len(done.lines)) == (0, data, 1)
    assert "2 bytes are no valid UTF-8" in done.err


def test_stray_bytes_in_json(run: Command) -> None:
    done = run(*WHOLE, "-f", "json", stdin=GERMAN.encode() + b"caf\xe9.\n")
    assert json.loads(done.text)["body"].endswith("caf\udce9.\n")
    assert b"\\udce9" in done.out


def test_bytes_that_the_given_encoding_lacks(run: Command) -> None:
    assert run("--encoding", "ascii", stdin=b"caf\xe9\n").out == b"caf\xe9\n"
    done = run("--encoding", "utf-16", stdin=b"odd")
    assert (done.code, len(done.lines)) == (1, 1)
    assert "not utf-16" in done.err


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"%PDF-1.4\n", "PDF"),
        (b"\x89PNG\r\n\x1a\n", "PNG"),
        (b"PK\x03\x04rest", "zip"),
        (b"\x1f\x8b\x08rest", "gzip"),
        (bytes(range(256)) * 10, "control characters"),
        (b"\x00" * 1000, "control characters"),
        (PAGE.encode("utf-16-le"), "--encoding utf-16-le"),
    ],
)
def test_what_is_no_text_is_refused_in_one_line(run: Command, data: bytes, said: str) -> None:
    done = run(stdin=data)
    assert (done.code, done.out, len(done.lines)) == (1, b"", 1)
    assert done.err.startswith("cleaner: standard input: ")
    assert said in done.err


def test_a_few_nul_bytes_are_no_matter(run: Command) -> None:
    text = "The\x00 council\x00 voted.\n" + PAGE
    done = run(stdin=text)
    assert (done.code, done.text) == (0, "The\x00 council\x00 voted.\n" + BODY)


@given(st.binary())
def test_no_bytes_are_lost(data: bytes) -> None:
    try:
        text, note = decode(data)
    except DecodeError:
        return
    if note is None or "untouched" in note:
        assert encode(text) == data.removeprefix(b"\xef\xbb\xbf")


def readings(written: bytes) -> Iterator[str]:
    """What the bytes are when odd ones stand for themselves, and when they stand for surrogates."""
    for errors in ("surrogateescape", "surrogatepass"):
        with suppress(UnicodeDecodeError):
            yield written.decode("utf-8", errors)


@given(st.text(st.characters(codec=None)))
def test_any_text_can_be_written(text: str) -> None:
    written = encode(text)
    assert text in list(readings(written))
