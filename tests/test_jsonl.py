"""JSON Lines through the command: one record out for each in, nothing touched but the text."""

from __future__ import annotations

import io
import json
import sys
from pathlib import Path

import pytest
from conftest import BODY, PAGE, Command
from hypothesis import given
from hypothesis import strategies as st

import cleaner
from cleaner import run as running
from cleaner.cli import main
from cleaner.io import Source
from cleaner.jsonl import Item, dumps, locate, replaced


def line(**fields: object) -> str:
    return json.dumps(fields) + "\n"


def test_only_the_text_changes_and_everything_else_stays_to_the_byte(run: Command) -> None:
    before = '{ "id":1.10, "big": 123456789012345678901234567890e400,\t"a\\u00e9": [ {"text": "Comments"} ], "text" : '
    after = ' ,"id": null, "nested": {"text": "Comments"} }\r\n'
    done = run("--jsonl", stdin=before + json.dumps(PAGE) + after)
    assert (done.code, done.err) == (0, "")
    assert done.text == before + json.dumps(cleaner.clean(PAGE)) + after


def test_a_record_without_anything_to_remove_stays_to_the_byte(run: Command) -> None:
    text = '{"text": "Caf\\u00e9 \\/ \\ud83d\\ude00"}\n'
    assert run("--jsonl", stdin=text).text == text


def test_order_and_number_of_records_hold_across_batches(run: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(running, "_BATCH", 500)
    records = [{"n": n, "text": f"Number {n}.\n{PAGE if n % 3 else ''}"} for n in range(50)]
    done = run("--jsonl", stdin="".join(line(**r) for r in records))
    out = [json.loads(x) for x in done.text.splitlines()]
    assert out == [{"n": r["n"], "text": cleaner.clean(str(r["text"]))} for r in records]


def test_another_field(run: Command) -> None:
    done = run("--jsonl", "--text-field", "raw content", stdin=line(**{"text": PAGE, "raw content": PAGE}))
    assert json.loads(done.text) == {"text": PAGE, "raw content": cleaner.clean(PAGE)}


BROKEN = [
    ('{"text": "cut off', "broken JSON"),
    ("{'text': 1}", "broken JSON"),
    ('{"text": "a"} {"text": "b"}', "Extra data"),
    ('{"text": "a",}', "broken JSON"),
    ('{"text" "a"}', "broken JSON"),
    ('{"text": }', "broken JSON"),
    ("[" * 100_000, "nested too deep"),
    ('{"id": 1}', "no field 'text'"),
    ("{}", "no field 'text'"),
    ('{"text": null}', "field 'text' is no string"),
    ('{"text": ["a"]}', "field 'text' is no string"),
    ('"text"', "no JSON object"),
    ("17", "no JSON object"),
    ("hello", "broken JSON"),
]


@pytest.mark.parametrize(("broken", "reason"), BROKEN)
def test_a_record_that_cannot_be_used_is_named_and_passes_through(run: Command, broken: str, reason: str) -> None:
    good = line(text=PAGE)
    done = run("--jsonl", stdin=f"{good}{broken}\n{good}")
    assert (done.code, len(done.lines)) == (1, 1)
    assert done.err.startswith("cleaner: standard input:2: ")
    assert reason in done.err
    first, middle, last = done.text.splitlines()
    assert middle == broken
    assert json.loads(first) == json.loads(last) == {"text": cleaner.clean(PAGE)}


def test_an_object_takes_the_place_of_a_record_that_cannot_be_used(run: Command) -> None:
    done = run("--jsonl", "-f", "jsonl", stdin=f"{line(text=PAGE)}oops\n")
    good, bad = map(json.loads, done.text.splitlines())
    assert (done.code, good["name"], good["line"], good["body"]) == (1, "-", 1, cleaner.clean(PAGE))
    assert (bad["line"], "broken JSON" in bad["error"]) == (2, True)


def test_blank_lines_and_a_missing_last_line_break(run: Command) -> None:
    done = run("--jsonl", stdin='\n{"text": "Hello."}\n  \n{"text": "There."}')
    assert (done.code, done.text) == (0, '\n{"text": "Hello."}\n  \n{"text": "There."}\n')


def test_no_records_at_all(run: Command) -> None:
    done = run("--jsonl", stdin="")
    assert (done.code, done.out, done.err) == (0, b"", "")


def test_removed_names_the_line(run: Command) -> None:
    done = run("--jsonl", "--removed", stdin=line(text=BODY) + line(text=PAGE))
    rows = [row.split("\t") for row in done.text.splitlines()]
    assert {row[0] for row in rows} == {"2"}
    assert rows[-1][2] == "Leave a comment"


def test_bytes_that_are_no_utf8_pass_through_with_one_warning(run: Command) -> None:
    bad = b'{"text": "caf\xe9 ' + json.dumps(PAGE)[1:].encode() + b', "x": "\xff"}\n'
    done = run("--jsonl", stdin=bad * 2)
    wanted = b'{"text": "caf\xe9 ' + json.dumps(cleaner.clean(PAGE))[1:].encode() + b', "x": "\xff"}\n'
    assert (done.code, len(done.lines), done.out) == (0, 1, wanted * 2)


def test_surrogates_that_were_escaped_stay_escaped(run: Command) -> None:
    done = run("--jsonl", stdin='{"text": "\\udce9 \\ud800 ' + json.dumps(PAGE)[1:] + "}\n")
    assert done.code == 0
    assert '"\\udce9 \\ud800 The council' in done.text
    assert "comment" not in done.text


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-32"])
def test_marked_encodings(run: Command, encoding: str) -> None:
    done = run("--jsonl", stdin=(line(text=PAGE) * 2).encode(encoding))
    assert done.text == line(text=cleaner.clean(PAGE)) * 2


def test_the_encoding_that_was_given(run: Command) -> None:
    record = json.dumps({"text": "Caf\u00e9."}, ensure_ascii=False)
    assert run("--jsonl", "--encoding", "cp1252", stdin=record.encode("cp1252")).text == record + "\n"


@pytest.mark.parametrize("data", [b"\x1f\x8b\x08" + b"\x00" * 50, "{}\n".encode("utf-16")[:-1]])
def test_a_file_that_is_no_text_gives_no_output(run: Command, tmp_path: Path, data: bytes) -> None:
    (tmp_path / "good.jsonl").write_text(line(text=PAGE))
    (tmp_path / "bad.jsonl").write_bytes(data)
    done = run("--jsonl", tmp_path / "bad.jsonl", tmp_path / "good.jsonl", "-o", tmp_path / "out")
    assert done.code == 1
    assert str(tmp_path / "bad.jsonl") in done.err
    assert [p.name for p in (tmp_path / "out").iterdir()] == ["good.jsonl"]


def test_an_empty_file_gives_an_empty_file(run: Command, tmp_path: Path) -> None:
    (tmp_path / "none.jsonl").touch()
    assert run("--jsonl", tmp_path / "none.jsonl", "-o", tmp_path / "out.jsonl").code == 0
    assert (tmp_path / "out.jsonl").read_bytes() == b""


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize("terminal", [True, False])
def test_a_long_run_shows_its_progress_on_a_terminal_only(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, terminal: bool
) -> None:
    monkeypatch.setattr(running, "_PATIENCE", 0)
    err = Terminal() if terminal else io.StringIO()
    monkeypatch.setattr(sys, "stderr", err)
    (tmp_path / "in.jsonl").write_text(line(text=PAGE) * 3 + "oops\n")
    assert main(["--jsonl", str(tmp_path / "in.jsonl"), "-o", str(tmp_path / "out.jsonl")]) == 1
    assert ("cleaning" in err.getvalue()) is terminal
    assert "broken JSON" in err.getvalue()
    assert (tmp_path / "out.jsonl").read_text() == line(text=cleaner.clean(PAGE)) * 3 + "oops\n"


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=6),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=6,
)


@given(st.dictionaries(st.text(max_size=4), JSON, max_size=4), st.text(), st.text(), st.booleans(), st.integers(0, 2))
def test_any_record_takes_any_text(rest: dict[str, object], old: str, new: str, ascii_: bool, indent: int) -> None:
    separators = [(",", ":"), (", ", ": "), (" , ", " : ")][indent]
    record = json.dumps({**rest, "field": old}, ensure_ascii=ascii_, separators=separators)
    start, end, text = locate(record, "field")
    assert text == old
    out = replaced(Item(Source("-"), 0, text, line=record, number=1, place=(start, end)), new)
    assert out.endswith("\n")
    assert json.loads(out) == {**rest, "field": new}
    assert list(json.loads(out)) == list(json.loads(record))


@given(st.text(st.characters(codec=None)))
def test_json_can_always_be_written_and_read(text: str) -> None:
    assert json.loads(dumps({"text": text}).encode("utf-8")) == json.loads(json.dumps({"text": text}))
