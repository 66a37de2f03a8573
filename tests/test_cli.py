"""The command as its users meet it: what comes out, where, with which exit code."""

from __future__ import annotations

import io
import json
import sys
from pathlib import Path

import pytest
from conftest import BODY, PAGE, Command, names

import cleaner
from cleaner import KINDS, Options, Segmentation
from cleaner.cli import main

# The filter


@pytest.mark.parametrize("args", [(), ("-",)])
def test_standard_input_to_standard_output(run: Command, args: tuple[str, ...]) -> None:
    done = run(*args, stdin=PAGE)
    assert (done.code, done.text, done.err) == (0, BODY, "")


def test_a_file_to_standard_output(run: Command, page: Path) -> None:
    assert run(page).text == BODY


@pytest.mark.parametrize("end", ["", "\n", "\n\n\n", " \n \n", "\t"])
def test_output_ends_with_exactly_one_line_break(run: Command, end: str) -> None:
    out = run(stdin=BODY.rstrip("\n") + end).text
    assert out.rstrip() == BODY.rstrip()
    assert out.endswith("\n")
    assert out.count("\n") == BODY.count("\n")


def test_line_breaks_stay_as_they_are(run: Command) -> None:
    assert run(stdin=PAGE.replace("\n", "\r\n")).out == BODY.replace("\n", "\r\n").encode()


@pytest.mark.parametrize("text", ["", "\n", " \n\n"])
def test_when_nothing_is_left_nothing_is_written(run: Command, text: str) -> None:
    done = run(stdin=text)
    assert (done.code, done.out, done.err) == (0, b"", "")


def test_a_very_long_line(run: Command) -> None:
    line = "The council voted on Tuesday. " * 100_000
    assert run(stdin=line).text == line + "\n"


def test_streams_without_bytes_work_for_callers_in_python(monkeypatch: pytest.MonkeyPatch) -> None:
    out = io.StringIO()
    monkeypatch.setattr(sys, "stdin", io.StringIO(PAGE))
    monkeypatch.setattr(sys, "stdout", out)
    assert main([]) == 0
    assert out.getvalue() == BODY


@pytest.mark.parametrize("stream", ["stdin", "stdout"])
def test_a_closed_stream_is_a_failure_in_one_line(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], page: Path, stream: str
) -> None:
    monkeypatch.setattr(sys, stream, None)
    assert main([] if stream == "stdin" else [str(page)]) == 1
    assert capsys.readouterr().err.count("\n") == 1


# Options


@pytest.mark.parametrize(
    ("args", "options"),
    [
        (["--remove", "core"], Options(remove=("core",))),
        (["--remove", "donation,newsletter", "--remove", "legal"], Options(remove=("donation", "newsletter", "legal"))),
        (["--keep", " newsletter , comment,"], Options(keep=("newsletter", "comment"))),
        (["--remove", "boilerplate,furniture"], Options(remove=("boilerplate", "furniture"))),
        (["--threshold", "0.9"], Options(threshold=0.9)),
        (["--lang", "de"], Options(lang="de")),
    ],
)
def test_options_mean_what_they_mean_in_python(run: Command, args: list[str], options: Options) -> None:
    result = json.loads(run(*args, "-f", "json", stdin=PAGE).text)
    assert result == json.loads(json.dumps(cleaner.segment(PAGE, options=options).to_dict()))


def test_options_may_stand_anywhere(run: Command, page: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.txt"
    other.write_text(PAGE)
    assert run(page, "-f", "jsonl", other).text.count("\n") == 2


def test_a_cue_pack_of_ones_own_shows_in_the_reasons(run: Command, tmp_path: Path) -> None:
    pack = tmp_path / "mine.toml"
    pack.write_text('schema = 1\n[[cue]]\nkind = "advert"\nstrength = "strong"\nphrases = ["buy my hat"]\n')
    spans = json.loads(run("--cues", pack, "-f", "json", stdin=PAGE + "Buy my hat\n").text)["spans"]
    assert any("mine" in reason for reason in spans[-1]["reasons"])


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (["--remove", "donations"], "donations"),
        (["--keep", ","], "--keep"),
        (["--threshold", "0"], "threshold"),
        (["--threshold", "1.5"], "threshold"),
        (["--threshold", "nan"], "threshold"),
        (["--threshold", "much"], "much"),
        (["--lang", "?"], "lang"),
        (["--encoding", "utf-9"], "utf-9"),
        (["--encoding", "hex"], "hex"),
        (["--format", "xml"], "xml"),
        (["--cues", "nowhere.toml"], "nowhere.toml"),
        (["--text-field", "body"], "--jsonl"),
        (["--jsonl", "-f", "json"], "-f jsonl"),
        (["--removed", "--show"], "--show"),
        (["--removed", "-f", "json"], "--removed"),
        (["--strict"], "--strict"),
        (["-", "-"], "once"),
        (["a.txt", "b.txt"], "-o DIRECTORY"),
        (["a.txt", "b.txt", "-f", "json"], "-f jsonl"),
        (["x/a.txt", "y/a.txt", "-o", "new/"], "a.txt"),
        (["kinds", "extra"], "extra"),
    ],
)
def test_wrong_use_is_told_in_one_line(
    run: Command, args: list[str], said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    done = run(*args, stdin=PAGE)
    assert (done.code, done.out, len(done.lines)) == (2, b"", 1)
    assert done.err.startswith("cleaner: ")
    assert said in done.err
    assert names(tmp_path) == []


def test_a_broken_cue_pack_is_named_with_the_entry(run: Command, tmp_path: Path) -> None:
    pack = tmp_path / "mine.toml"
    pack.write_text('schema = 1\n[[cue]]\nkind = "hats"\nphrases = ["buy"]\n')
    done = run("--cues", pack, stdin=PAGE)
    assert (done.code, done.out, len(done.lines)) == (2, b"", 1)
    assert f"{pack}: cue 1" in done.err


# Other forms


def test_json_reads_back(run: Command) -> None:
    out = run("-f", "json", stdin=PAGE).text
    assert Segmentation.from_dict(json.loads(out)) == cleaner.segment(PAGE)
    assert out.endswith("}\n")


def test_json_lines_have_one_object_a_file_with_its_name(run: Command, tmp_path: Path) -> None:
    for name in ("one.txt", "two.txt"):
        (tmp_path / name).write_text(f"{name} is here.\n{PAGE}")
    done = run("-f", "jsonl", tmp_path / "two.txt", tmp_path / "one.txt")
    found = [json.loads(line) for line in done.text.splitlines()]
    assert [o["name"] for o in found] == [str(tmp_path / "two.txt"), str(tmp_path / "one.txt")]
    assert Segmentation.from_dict(found[1]).text == f"one.txt is here.\n{PAGE}"


def test_removed_gives_a_line_a_span_with_its_kind(run: Command) -> None:
    done = run("--removed", stdin=PAGE + "Share\vthis\tpage\n")
    rows = [line.split("\t") for line in done.text.splitlines()]
    gone = cleaner.segment(PAGE + "Share\vthis\tpage\n").removed
    assert [row[0] for row in rows] == [str(s.kind) for s in gone]
    assert [row[1] for row in rows] == [" ".join(s.text.split()) for s in gone]
    assert [row[1] for row in rows if "comment" in row[1]] == ["Leave a comment"]


def test_statistics_go_to_standard_error(run: Command) -> None:
    done = run("--stats", stdin=PAGE)
    assert done.text == BODY
    total = done.err.split(" all ")[1].split()
    gone = sum(s.end - s.start for s in cleaner.segment(PAGE).removed)
    assert total == [str(len(cleaner.segment(PAGE))), str(len(PAGE)), "100.0%", str(gone)]


def test_the_table_of_kinds(run: Command) -> None:
    out = run("kinds").text
    for kind in KINDS:
        assert f"  {kind} " in out
    for group in ("core", "boilerplate", "furniture"):
        assert f"\n{group}: " in out
    assert "Support our journalism" in out


def test_a_file_called_kinds_can_be_cleaned(run: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("kinds").write_text(PAGE)
    assert run("./kinds").text == BODY


def test_version_and_help(run: Command) -> None:
    assert run("--version").text == f"cleaner {cleaner.__version__}\n"
    done = run("--help")
    assert done.code == 0
    assert done.text.index("examples:") < done.text.index("--remove KINDS")
    assert "--remove boilerplate,furniture" in done.text
    assert max(map(len, done.text.splitlines())) <= 100
