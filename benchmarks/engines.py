"""What a gigabyte of text costs on each engine, in seconds of a core: `cleaner corpus`, clean_batch, and the example
jobs of docs/examples.

    python benchmarks/engines.py [--sites 200] [--pages 60]

Each job runs on a small input and on all of it: the difference is the cost of text, the rest is what starting costs.
A job's seconds are those of all its processes, user and system, from /proc while it runs (Linux).
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import cleaner
import make_corpus
import provenance
from corpus import resident, tree

_EXAMPLES = Path(__file__).parent.parent / "docs" / "examples"
_FILES = 8


class Cost(NamedTuple):
    """Of a run: seconds of cores, seconds by the clock, and the most memory of all processes together, in MB."""

    cpu: float
    wall: float
    memory: float


def measured(command: Sequence[object]) -> Cost:
    """Run a command. Raises RuntimeError when it fails."""
    used: dict[int, float] = {}
    start, memory = time.monotonic(), 0.0
    settings = {"PYTHONWARNINGS": "ignore", "SPARK_LOCAL_IP": "127.0.0.1", "RAY_USAGE_STATS_ENABLED": "0"}
    with (
        tempfile.TemporaryFile("w+") as log,
        subprocess.Popen([str(c) for c in command], env={**os.environ, **settings}, stdout=log, stderr=log) as process,
    ):
        while process.poll() is None:
            pids = tree(process.pid)
            used.update((pid, _seconds(pid)) for pid in pids)
            memory = max(memory, resident(pids))
            time.sleep(0.05)
        if process.returncode:
            log.seek(0)
            raise RuntimeError(log.read()[-2000:])
    return Cost(sum(used.values()), time.monotonic() - start, memory)


def _seconds(pid: int) -> float:
    """User and system time of a process so far."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def write(folder: Path, rows: list[dict[str, Any]]) -> float:
    """The rows as JSON Lines and as Parquet, in some files. Megabytes of text."""
    import pyarrow as pa
    import pyarrow.parquet

    for name in ("lines", "parquet"):
        (folder / name).mkdir(parents=True)
    for n in range(_FILES):
        some = rows[n::_FILES]
        lines = "".join(json.dumps(r, ensure_ascii=False) + "\n" for r in some)
        (folder / "lines" / f"{n}.jsonl").write_text(lines, "utf-8")
        pa.parquet.write_table(pa.Table.from_pylist(some), folder / "parquet" / f"{n}.parquet")
    return sum(len(r["text"].encode()) for r in rows) / 1e6


_ALONE = """
import sys, pathlib, pyarrow.parquet as pq
from cleaner.engines import clean_batch
for path in pathlib.Path(sys.argv[1]).glob("*.parquet"):
    pq.write_table(clean_batch(pq.read_table(path)), sys.argv[2] + path.name)
"""


def jobs(workers: int) -> dict[str, Callable[[Path, Path], Sequence[object]]]:
    """The commands, by name, of an input folder and an output folder."""
    python = sys.executable
    return {
        "cleaner corpus, JSON Lines": lambda i, o: [
            *(python, "-m", "cleaner", "corpus", i / "lines", "-o", o, "--workers", workers)
        ],
        "cleaner corpus, Parquet": lambda i, o: [
            *(python, "-m", "cleaner", "corpus", i / "parquet", "-o", o, "--workers", workers)
        ],
        "clean_batch in one process, Parquet": lambda i, o: [python, "-c", _ALONE, i / "parquet", f"{o}-"],
        "datatrove, JSON Lines": lambda i, o: [
            *(python, _EXAMPLES / "datatrove_job.py", i / "lines", o, "--workers", workers)
        ],
        "Spark, Parquet": lambda i, o: [
            *(python, _EXAMPLES / "spark_job.py", i / "parquet", o, "--master", f"local[{workers}]")
        ],
        "Spark, learn and clean": lambda i, o: [
            *(python, _EXAMPLES / "spark_job.py", i / "parquet", o, "--master", f"local[{workers}]"),
            *("--learn", f"{o}.db", "--partitions", 8),
        ],
        "cleaner learn, Parquet": lambda i, o: [
            *(python, "-m", "cleaner", "learn", i / "parquet", "--profile", f"{o}.db")
        ],
        "Ray, Parquet": lambda i, o: [python, _EXAMPLES / "ray_job.py", i / "parquet", o, "--actors", workers],
    }


def alone(rows: list[dict[str, Any]]) -> float:
    """Seconds of a core for a gigabyte with `segment_many` and nothing else."""
    some = [r["text"] for r in rows]
    start = time.process_time()
    for result in cleaner.segment_many(some):
        _ = result.body
    return (time.process_time() - start) / sum(len(t.encode()) for t in some) * 1e9


def main(argv: Sequence[str] | None = None) -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="engines", description=(__doc__ or "").split(":", maxsplit=1)[0])
    parser.add_argument("--sites", type=int, default=200)
    parser.add_argument("--pages", type=int, default=60, help="of each site")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--only", default="", help="jobs whose name has this")
    args = parser.parse_args(argv)
    print(f"{provenance.code()}, {provenance.machine()}\n{provenance.command()}\n")
    rows = [{k: r[k] for k in ("id", "url", "text")} for r in make_corpus.make(args.sites, args.pages)]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        few, size = write(folder / "few", rows[: len(rows) // 10]), write(folder / "all", rows)
        print(f"{len(rows):,} texts, {size:.0f} MB; the small input {few:.0f} MB; {args.workers} workers")
        for job, command in jobs(args.workers).items():
            if args.only in job:
                before = alone(rows[:1000])
                print(_row(job, folder, command, size - few), end="; ", flush=True)
                print(f"segment_many before and after: {before:.0f} and {alone(rows[:1000]):.0f}", flush=True)
    return 0


def _row(job: str, folder: Path, command: Callable[[Path, Path], Sequence[object]], size: float) -> str:
    costs = []
    for name in ("few", "all"):
        costs.append(measured(command(folder / name, folder / "out")))
        for path in folder.glob("out*"):
            if path.is_dir():
                shutil.rmtree(path)
            else:
                path.unlink()
    small, large = costs
    a_gigabyte = (large.cpu - small.cpu) / size * 1000
    start = small.cpu - (large.cpu - small.cpu) / 9
    return (
        f"{job}: {a_gigabyte:.0f} core-seconds a GB, {start:.0f} to start; "
        f"all of it {large.wall:.0f} s, {large.cpu:.0f} core-seconds, peak {large.memory:.0f} MB"
    )


if __name__ == "__main__":
    sys.exit(main())
