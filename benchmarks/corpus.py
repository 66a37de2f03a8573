"""`cleaner corpus` on a large file: memory of all its processes, speed with one worker and with several, and beside
`segment_many` alone. Where others use the machine too, look at the figures by processor time.

    python benchmarks/make_corpus.py -o corpus.jsonl.zst --sites 200 --pages 1500 --plain
    python benchmarks/corpus.py corpus.jsonl.zst --workers 1 2
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple

import cleaner
import provenance

_SAMPLE = 20_000
"""Texts on which `segment_many` alone is timed."""


def texts(path: Path) -> Iterator[str]:
    """The texts of the corpus."""
    import zstandard

    library: Any = zstandard
    with library.open(path, "rt", encoding="utf-8") as file:
        for line in file:
            yield json.loads(line)["text"]


def tree(pid: int) -> list[int]:
    """A process and all that it has started; Linux."""
    found = [pid]
    for one in found:
        with contextlib.suppress(OSError):
            for thread in Path(f"/proc/{one}/task").glob("*/children"):  # a thread knows only what it started itself
                found += map(int, thread.read_text().split())
    return found


def resident(pids: Sequence[int]) -> float:
    """Memory of processes together, in MB: resident, shared pages counted for each."""
    pages = 0
    for pid in pids:
        try:
            pages += int(Path(f"/proc/{pid}/statm").read_text().split()[1])
        except OSError:
            continue
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


class Timed(NamedTuple):
    """A run of the command. cpu: seconds of processor time of all its processes; peak: MB."""

    seconds: float
    cpu: float
    peak: float


def timed(path: Path, workers: int) -> Timed:
    """Run the command."""
    with tempfile.TemporaryDirectory(dir=path.parent) as folder:
        command = [
            sys.executable,
            "-m",
            "cleaner",
            "corpus",
            str(path),
            "-o",
            f"{folder}/out",
            "--workers",
            str(workers),
        ]
        start, cpu, peak = time.monotonic(), _children(), 0.0
        with subprocess.Popen(command, stderr=subprocess.DEVNULL) as process:
            while process.poll() is None:
                peak = max(peak, resident(tree(process.pid)))
                time.sleep(0.05)
        found = Timed(time.monotonic() - start, _children() - cpu, peak)
        shutil.rmtree(f"{folder}/out")
        return found


def _children() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


class Speed(NamedTuple):
    """MB a second, and a second of processor time."""

    wall: float
    cpu: float


def alone(path: Path) -> Speed:
    """`segment_many` in one process, the body made too; of three rounds the best."""
    some = list(islice(texts(path), _SAMPLE))
    size = sum(len(t.encode()) for t in some) / 1e6
    wall, cpu = [], []
    for _ in range(3):
        start, used = time.perf_counter(), time.process_time()
        for result in cleaner.segment_many(some):
            _ = result.body
        wall.append(size / (time.perf_counter() - start))
        cpu.append(size / (time.process_time() - used))
    return Speed(max(wall), max(cpu))


def _said(speed: Speed) -> str:
    return f"{speed.wall:.1f} MB/s ({speed.cpu:.1f} a second of processor time)"


def main(argv: Sequence[str] | None = None) -> int:
    """Measure and print."""
    if "OPENBLAS_NUM_THREADS" not in os.environ:  # read when numpy is imported; workers have one thread each too
        os.execve(sys.executable, [sys.executable, *sys.argv], {**os.environ, "OPENBLAS_NUM_THREADS": "1"})
    parser = argparse.ArgumentParser(prog="corpus", description=(__doc__ or "").split(":", maxsplit=1)[0])
    parser.add_argument("corpus", type=Path)
    parser.add_argument("--workers", type=int, nargs="+", default=[1, 2])
    args = parser.parse_args(argv)
    print(f"{provenance.code()}, {provenance.machine()}\n{provenance.command()}\n")
    size = sum(len(t.encode()) for t in texts(args.corpus)) / 1e6
    before = alone(args.corpus)
    print(f"{size:,.0f} MB of text; segment_many alone {_said(before)}", flush=True)
    first = None
    for workers in args.workers:
        run = timed(args.corpus, workers)
        speed = Speed(size / run.seconds, size / run.cpu)
        first = first or speed.wall / workers
        print(
            f"{workers} workers: {run.seconds:.0f} s, {_said(speed)}; {speed.wall / first:.2f} x one worker; of "
            f"segment_many x workers {speed.wall / before.wall / workers:.0%}, by processor time "
            f"{speed.cpu / before.cpu:.0%}; peak {run.peak:.0f} MB",
            flush=True,
        )
    print(f"segment_many alone, again: {_said(alone(args.corpus))}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
