"""datatrove's own executor, readers and writers."""

from __future__ import annotations

import gzip
import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from engine_cases import engine, expected, options, records

from cleaner import Options

engine("datatrove", "datatrove")
for library in ("orjson", "pyarrow", "regex"):
    engine(library, "datatrove")
pytestmark = pytest.mark.filterwarnings("ignore")

FILES = 4


@pytest.fixture
def source(tmp_path: Path) -> Path:
    """The records in files."""
    folder = tmp_path / "in"
    folder.mkdir()
    for n in range(FILES):
        rows = records()[n::FILES]
        (folder / f"{n}.jsonl").write_text("".join(json.dumps(r) + "\n" for r in rows), "utf-8")
    return folder


def read(folder: Path) -> list[dict[str, Any]]:
    """What a JsonlWriter wrote."""
    lines = [line for path in sorted(folder.glob("*.gz")) for line in gzip.decompress(path.read_bytes()).splitlines()]
    rows = [json.loads(line) for line in lines]
    return [{"text": "", **r} for r in rows]  # it leaves out what is empty


def run(pipeline: list[Any], folder: Path, **more: Any) -> Any:
    from datatrove.executor import LocalPipelineExecutor

    return LocalPipelineExecutor(pipeline, tasks=FILES, logging_dir=str(folder / "logs"), **more).run()


def stats_of(found: Any) -> dict[str, Any]:
    """Totals of the cleaner's own step."""
    step = next(s for s in found.stats if "CLEANER" in s.name)
    return {k: step[k].total for k in ("total", "forwarded", "dropped", "changed", "removed_chars")}


def test_json_lines_by_processes_with_exclusions(tmp_path: Path, source: Path) -> None:
    from datatrove.pipeline.readers import JsonlReader
    from datatrove.pipeline.writers import JsonlWriter

    from cleaner.engines.datatrove import CleanText

    wanted = options(tmp_path)
    excluded = JsonlWriter(str(tmp_path / "excluded"))
    step = CleanText(wanted, drop_empty=True, exclusion_writer=excluded, keep_text="before")
    found = run([JsonlReader(str(source)), step, JsonlWriter(str(tmp_path / "out"))], tmp_path, workers=2)
    rows = [r for r in records() if r["text"]]  # datatrove's readers leave out what has no text
    full = {k: v for k, v in expected(wanted).items() if v[0].strip()}
    written = read(tmp_path / "out")
    assert {r["id"]: (r["text"], r["metadata"]["spans"]) for r in written} == full
    texts = {r["id"]: r["text"] for r in rows}
    assert all(r["metadata"]["before"] == texts[r["id"]] for r in written)
    gone = {r["id"]: r["text"] for r in read(tmp_path / "excluded")}
    assert gone == {k: v for k, v in texts.items() if k not in full}
    assert len(gone) >= 2
    counted = stats_of(found)
    removed = sum(s["end"] - s["start"] for k in texts for s in expected(wanted)[k][1] if s["removed"])
    assert (counted["total"], counted["dropped"], counted["removed_chars"]) == (len(rows), len(gone), removed)
    assert counted["forwarded"] == len(full)


def test_parquet_in_and_out(tmp_path: Path) -> None:
    import pyarrow as pa
    import pyarrow.parquet
    from datatrove.pipeline.readers import ParquetReader
    from datatrove.pipeline.writers import ParquetWriter

    from cleaner.engines.datatrove import CleanText

    (tmp_path / "in").mkdir()
    pa.parquet.write_table(pa.Table.from_pylist(list(records())), tmp_path / "in" / "a.parquet")
    run([ParquetReader(str(tmp_path / "in")), CleanText(), ParquetWriter(str(tmp_path / "out"))], tmp_path, workers=1)
    rows = [r for path in (tmp_path / "out").glob("*.parquet") for r in pa.parquet.read_table(path).to_pylist()]
    assert {r["id"]: (r["text"] or "", r["metadata"]["spans"]) for r in rows} == {
        r["id"]: expected()[r["id"]] for r in records() if r["text"]
    }


_KILLED = """
import os, pathlib, signal, sys
from datatrove.executor import LocalPipelineExecutor
from datatrove.pipeline.readers import JsonlReader
from datatrove.pipeline.writers import JsonlWriter
from cleaner.engines.datatrove import CleanText

folder = pathlib.Path(sys.argv[1])

def dies(data, rank=0, world_size=1):
    for n, document in enumerate(data):
        if rank == 2 and n == 5 and not (folder / "died").exists():
            (folder / "died").touch()
            os.killpg(0, signal.SIGKILL)
        yield document

pipeline = [JsonlReader(str(folder / "in")), CleanText(), dies, JsonlWriter(str(folder / "out"))]
LocalPipelineExecutor(pipeline, tasks=4, workers=1, logging_dir=str(folder / "logs")).run()
"""


@pytest.mark.skipif(not hasattr(os, "killpg"), reason="kills as Unix does")
def test_a_run_that_was_killed_goes_on_where_it_was(tmp_path: Path, source: Path) -> None:
    command = [sys.executable, "-c", _KILLED, str(tmp_path)]
    first = subprocess.run(command, start_new_session=True, capture_output=True, check=False)
    assert first.returncode == -signal.SIGKILL
    done = sorted(p.name for p in (tmp_path / "logs" / "completions").iterdir())
    assert done == ["00000", "00001"]
    before = {p.name: p.stat().st_mtime_ns for p in (tmp_path / "out").iterdir() if p.name < "00002"}
    subprocess.run(command, start_new_session=True, capture_output=True, check=True)
    assert {n: (tmp_path / "out" / n).stat().st_mtime_ns for n in before} == before
    full = {r["id"]: expected()[r["id"]] for r in records() if r["text"]}
    written = read(tmp_path / "out")
    assert len(written) == len(full)
    assert {r["id"]: (r["text"], r["metadata"]["spans"]) for r in written} == full


def test_documents_stream_and_nothing_is_kept_that_was_not_asked_for() -> None:
    from datatrove.data import Document

    from cleaner.engines.datatrove import CleanText

    taken = 0

    def documents() -> Any:
        nonlocal taken
        for n in range(5000):
            taken += 1
            yield Document(text=f"Rain fell on day {n}, she said.\nLeave a comment\n", id=str(n))

    first = next(iter(CleanText()(documents())))
    assert taken < 2000
    assert first.text == "Rain fell on day 0, she said."
    assert set(first.metadata) == {"spans"}
    with pytest.raises(ValueError, match="is for drop_empty"):
        CleanText(Options(), exclusion_writer=object())
