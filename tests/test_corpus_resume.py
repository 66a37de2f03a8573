"""A run that is stopped goes on; one that is told something else refuses."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import Any

import pytest
from conftest import Command

import kill
import make_corpus
from cleaner import Options
from cleaner import corpus as corpora
from cleaner.corpus import ConflictError, Corpus, CorpusError, pool, runner


@pytest.fixture
def source(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(runner, "PART", 5_000)
    kill.write_inputs(tmp_path / "in", 2, 4)
    return tmp_path / "in"


def clean(source: Path, out: Path, **more: Any) -> corpora.Summary:
    return corpora.run(Corpus(inputs=[str(source)], output=str(out), **{"workers": 0, "removed": True, **more}))


class StopError(Exception):
    pass


def die(_: object) -> None:
    os._exit(9)


@pytest.mark.parametrize("after", range(0, 14, 2))
def test_a_run_goes_on_where_it_was_stopped(
    tmp_path: Path, source: Path, monkeypatch: pytest.MonkeyPatch, after: int
) -> None:
    clean(source, tmp_path / "whole")
    work = pool.do_part
    done: list[str] = []

    def counted(task: Any, setup: Any) -> Any:
        if len(done) == after:
            raise StopError
        done.append(task.folder)
        return work(task, setup)

    monkeypatch.setattr(pool, "do_part", counted)
    out = tmp_path / "out"
    with pytest.raises(StopError):
        clean(source, out)
    assert not (out / "run.json").exists()
    before = set(done)
    after = -1
    clean(source, out)
    assert len(done) == len(set(done)) >= len(before)
    assert kill.contents(out) == kill.contents(tmp_path / "whole")


@pytest.mark.skipif(sys.platform == "win32", reason="SIGKILL")
def test_killed_at_random_moments(tmp_path: Path) -> None:
    """The short version of benchmarks/kill.py."""
    kill.write_inputs(tmp_path / "in", 4, 10)
    assert kill.measure(tmp_path, 2, seed=3) == 0


def test_a_finished_run_is_not_done_again(tmp_path: Path, source: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = clean(source, tmp_path / "out")
    before = kill.contents(tmp_path / "out")
    monkeypatch.setattr(pool, "do_part", None)
    assert clean(source, tmp_path / "out") == first
    assert kill.contents(tmp_path / "out") == before


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ({"options": Options(threshold=0.9)}, "begun with options.threshold 0.5, now 0.9"),
        ({"spans": True}, "begun with spans false, now true"),
        ({"removed": False}, "begun with removed true, now false"),
        ({"body": "clean"}, 'begun with body "body", now "clean"'),
    ],
)
def test_other_options_are_refused(tmp_path: Path, source: Path, change: dict[str, Any], complaint: str) -> None:
    clean(source, tmp_path / "out")
    with pytest.raises(ConflictError, match=complaint):
        clean(source, tmp_path / "out", **change)
    clean(source, tmp_path / "out", restart=True, **change)


def test_other_inputs_are_refused(tmp_path: Path, source: Path) -> None:
    out = tmp_path / "out"
    clean(source, out)
    (source / "d.jsonl").write_text('{"text": "A."}\n')
    with pytest.raises(ConflictError, match=r"begun with no input d\.jsonl"):
        clean(source, out)
    (source / "d.jsonl").unlink()
    os.utime(source / "a.jsonl", (1, 1))
    with pytest.raises(ConflictError, match=r"begun with another input a\.jsonl"):
        clean(source, out)
    (source / "a.jsonl").unlink()
    with pytest.raises(ConflictError, match=r"begun with the input a\.jsonl, now gone"):
        clean(source, out)


def test_a_folder_that_is_no_run_is_left_alone(tmp_path: Path, source: Path) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "precious").write_text("x")
    for restart in (False, True):
        with pytest.raises(ConflictError, match="holds something that is no run"):
            clean(source, tmp_path / "out", restart=restart)
    assert kill.contents(tmp_path / "out") == {"precious": b"x"}


def test_two_at_once_are_refused(tmp_path: Path, source: Path) -> None:
    pytest.importorskip("fcntl")
    from cleaner.corpus.store import Store

    with Store(str(tmp_path / "out"), {}).held(restart=False), pytest.raises(ConflictError, match="another run"):
        clean(source, tmp_path / "out")


def test_a_worker_that_is_killed_is_one_line(tmp_path: Path, source: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pool, "_do", die)
    with pytest.raises(CorpusError, match="a worker was killed"):
        clean(source, tmp_path / "out", workers=2)


def test_restore_needs_what_was_removed(tmp_path: Path, source: Path, run: Command) -> None:
    clean(source, tmp_path / "out", removed=False, body=None)
    outcome = run("corpus", "restore", tmp_path / "out", "-o", tmp_path / "back")
    assert (outcome.code, len(outcome.lines)) == (2, 1)
    assert "what was removed was not kept" in outcome.err
    outcome = run("corpus", "restore", source, "-o", tmp_path / "back")
    assert "no finished run of cleaner corpus" in outcome.err


def test_counts_add_up(tmp_path: Path, source: Path) -> None:
    found = clean(source, tmp_path / "out")
    stats = json.loads((tmp_path / "out" / "stats.json").read_text())
    assert stats["characters"] == sum(k["characters"] for k in stats["kinds"].values()) == found.characters
    assert stats["removed"] == sum(k["removed"] for k in stats["kinds"].values()) == found.removed
    assert sum(stats["lengths"]["before"]) == sum(stats["lengths"]["after"]) == found.documents
    assert sum(s["documents"] for s in stats["sites"].values()) == found.documents
    assert {line["text"] for line in stats["lines"]} & set(make_corpus._ENGLISH)
    assert stats["rejected"] == found.rejected == len((tmp_path / "out" / "rejects.jsonl").read_text().splitlines())


@pytest.mark.parametrize("name", ["stats.json", "report.html", "run.json"])
def test_a_run_killed_while_it_wrote_a_file_leaves_nothing_behind(
    source: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    clean(source, tmp_path / "whole")
    replace = os.replace

    def killed(part: str, path: str) -> None:
        if path.endswith(name):
            raise StopError
        replace(part, path)

    with monkeypatch.context() as patch:
        patch.setattr(os, "replace", killed)
        with pytest.raises(StopError):
            clean(source, tmp_path / "out")
    clean(source, tmp_path / "out")
    assert kill.contents(tmp_path / "out") == kill.contents(tmp_path / "whole")
