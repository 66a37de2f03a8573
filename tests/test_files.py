"""Files, pipes and signals: outputs whole or not there, inputs never harmed."""

from __future__ import annotations

import os
import signal
import stat
import subprocess
import sys
import time
from pathlib import Path
from typing import cast

import pytest
from conftest import BODY, PAGE, TAIL, Command, names

import cleaner


def test_one_output_file(run: Command, page: Path, tmp_path: Path) -> None:
    done = run(page, "-o", tmp_path / "body.txt")
    assert (done.code, done.out) == (0, b"")
    assert (tmp_path / "body.txt").read_text() == BODY
    assert names(tmp_path) == ["body.txt", "page.txt"]


@pytest.mark.parametrize("existing", [True, False])
def test_a_directory_for_several(run: Command, tmp_path: Path, existing: bool) -> None:
    out = tmp_path / "out"
    if existing:
        out.mkdir()
    for name in ("a.txt", "b.txt"):
        (tmp_path / name).write_text(f"{BODY}This is {name}.\n{TAIL}")
    assert run(tmp_path / "a.txt", tmp_path / "b.txt", "-o", out).code == 0
    assert names(out) == ["a.txt", "b.txt"]
    assert (out / "b.txt").read_text() == cleaner.clean(f"{BODY}This is b.txt.\n{TAIL}") + "\n"


def test_a_directory_for_one_and_the_endings_of_other_forms(run: Command, page: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    out.mkdir()
    for args in ([], ["-f", "json"], ["-f", "jsonl"], ["--removed"], ["--show"]):
        assert run(page, "-o", out, *args).code == 0
    run("-o", out, stdin=PAGE)
    wanted = ["", ".json", ".jsonl", ".removed.txt", ".show.txt"]
    assert names(out) == [f"page.txt{e}" for e in wanted] + ["stdin.txt"]
    assert (out / "stdin.txt").read_text() == BODY


def test_json_lines_of_several_in_one_file(run: Command, page: Path, tmp_path: Path) -> None:
    (tmp_path / "b.txt").write_text(PAGE)
    run(page, tmp_path / "b.txt", "-f", "jsonl", "-o", tmp_path / "all.jsonl")
    assert len((tmp_path / "all.jsonl").read_text().splitlines()) == 2


def test_a_file_where_a_directory_is_needed(run: Command, page: Path, tmp_path: Path) -> None:
    (tmp_path / "b.txt").write_text("there")
    assert run(page, page, "-o", tmp_path / "b.txt").code == 2
    assert (tmp_path / "b.txt").read_text() == "there"


@pytest.mark.parametrize("how", ["itself", "symlink", "hard link", "folder"])
def test_an_output_over_its_input_is_refused(run: Command, page: Path, tmp_path: Path, how: str) -> None:
    target = {"itself": page, "folder": tmp_path}.get(how, tmp_path / "other.txt")
    if how == "symlink":
        target.symlink_to(page)
    if how == "hard link":
        target.hardlink_to(page)
    done = run(page, "-o", target)
    assert (done.code, len(done.lines)) == (2, 1)
    assert "overwritten" in done.err
    assert page.read_text() == PAGE


def test_a_link_is_written_through_and_permissions_stay(run: Command, page: Path, tmp_path: Path) -> None:
    real = tmp_path / "real.txt"
    real.write_text("old")
    real.chmod(0o640)
    (tmp_path / "link.txt").symlink_to(real)
    run(page, "-o", tmp_path / "link.txt")
    assert (tmp_path / "link.txt").is_symlink()
    assert real.read_text() == BODY
    assert stat.S_IMODE(real.stat().st_mode) == 0o640


def test_a_device_is_written_into_not_replaced(run: Command, page: Path) -> None:
    assert run(page, "-o", os.devnull).code == 0
    assert not Path(os.devnull).is_file()


def test_nothing_is_left_behind_by_a_failure(run: Command, tmp_path: Path) -> None:
    (tmp_path / "old.txt").write_text("old")
    assert run("-o", tmp_path / "old.txt", tmp_path / "missing.txt").code == 1
    assert run("-o", tmp_path / "new.txt", tmp_path / "missing.txt").code == 1
    assert names(tmp_path) == ["old.txt"]
    assert (tmp_path / "old.txt").read_text() == "old"


def test_an_output_that_cannot_be_written(run: Command, page: Path, tmp_path: Path) -> None:
    done = run(page, "-o", tmp_path / "no" / "such" / "body.txt")
    assert (done.code, len(done.lines)) == (1, 1)
    assert "body.txt: No such file or directory" in done.err


def test_inputs_that_fail_are_named_and_the_others_done(run: Command, page: Path, tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "scan.pdf").write_bytes(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n")
    bad = [tmp_path / "missing.txt", tmp_path / "folder", tmp_path / "scan.pdf"]
    done = run(bad[0], page, *bad[1:], "-o", tmp_path / "out")
    assert done.code == 1
    assert [line.split(": ")[:2] for line in done.lines] == [["cleaner", str(b)] for b in bad]
    assert names(tmp_path / "out") == ["page.txt"]


def test_a_name_cannot_act_on_the_terminal(run: Command, tmp_path: Path) -> None:
    done = run(tmp_path / "a\x1b[31m\nb.txt")
    assert (done.code, len(done.lines)) == (1, 1)
    assert "\x1b" not in done.err


# As a process


def start(*args: object, **kwargs: object) -> subprocess.Popen[bytes]:
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE, **kwargs}
    command = [sys.executable, "-m", "cleaner", *map(str, args)]
    return cast("subprocess.Popen[bytes]", subprocess.Popen(command, **pipes))  # type: ignore[call-overload]


def test_a_real_pipe() -> None:
    out, err = start().communicate(PAGE.encode())
    assert (out.decode(), err) == (BODY, b"")


@pytest.mark.skipif(os.name == "nt", reason="POSIX signals and pipes")
@pytest.mark.parametrize("args", [["-"], ["--help"], ["kinds"], ["--jsonl", "-"]])
def test_a_reader_who_has_seen_enough(args: list[str]) -> None:
    read, write = os.pipe()
    os.close(read)
    process = start(*args, stdout=write)
    os.close(write)
    _, err = process.communicate(b'{"text": "Hello."}\n' * 10_000)
    assert (process.returncode, err) == (0, b"")


@pytest.mark.skipif(os.name == "nt", reason="POSIX signals and pipes")
def test_an_interrupt_ends_quietly_and_leaves_nothing(tmp_path: Path) -> None:
    process = start("--jsonl", "-o", tmp_path / "out.jsonl")
    assert process.stdin is not None
    process.stdin.write(b'{"text": "Hello."}\n')
    process.stdin.flush()
    until = time.monotonic() + 30
    while not names(tmp_path) and time.monotonic() < until:
        time.sleep(0.02)
    process.send_signal(signal.SIGINT)
    _, err = process.communicate()
    assert (process.returncode, err) == (130, b"")
    assert names(tmp_path) == []


@pytest.mark.skipif(os.name == "nt", reason="shell redirection")
def test_redirecting_into_the_input_is_refused(page: Path) -> None:
    with page.open("ab") as same:
        process = start(page, stdout=same)
        assert process.wait() == 2
    assert page.read_text() == PAGE
