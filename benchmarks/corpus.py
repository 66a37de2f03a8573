"""`cleaner corpus` on a large file: memory of all its processes, speed with one worker and with several, and beside
`segment_many` alone.

    python benchmarks/make_corpus.py -o corpus.jsonl.zst --sites 200 --pages 1500 --plain
    python benchmarks/corpus.py corpus.jsonl.zst --workers 1 2
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import Any

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


def timed(path: Path, workers: int) -> tuple[float, float]:
    """(seconds, peak MB) of a run of the command."""
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
        start, peak = time.monotonic(), 0.0
        with subprocess.Popen(command, stderr=subprocess.DEVNULL) as process:
            while process.poll() is None:
                peak = max(peak, resident(tree(process.pid)))
                time.sleep(0.05)
        seconds = time.monotonic() - start
        shutil.rmtree(f"{folder}/out")
        return seconds, peak


def alone(path: Path) -> float:
    """MB/s of `segment_many` in one process, the body made too; of three rounds the best."""
    some = list(islice(texts(path), _SAMPLE))
    size = sum(len(t.encode()) for t in some) / 1e6
    best = 0.0
    for _ in range(3):
        start = time.perf_counter()
        for result in cleaner.segment_many(some):
            _ = result.body
        best = max(best, size / (time.perf_counter() - start))
    return best


def main(argv: Sequence[str] | None = None) -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="corpus", description=(__doc__ or "").split(":", maxsplit=1)[0])
    parser.add_argument("corpus", type=Path)
    parser.add_argument("--workers", type=int, nargs="+", default=[1, 2])
    args = parser.parse_args(argv)
    print(f"{provenance.code()}, {provenance.machine()}\n{provenance.command()}\n")
    size = sum(len(t.encode()) for t in texts(args.corpus)) / 1e6
    before = alone(args.corpus)
    print(f"{size:,.0f} MB of text; segment_many alone {before:.1f} MB/s", flush=True)
    first = None
    for workers in args.workers:
        seconds, peak = timed(args.corpus, workers)
        speed = size / seconds
        first = first or speed / workers
        share = speed / (before * workers)
        print(
            f"{workers} workers: {seconds:.0f} s, {speed:.1f} MB/s, {speed / first:.2f} x one worker, "
            f"{share:.0%} of segment_many x workers, peak {peak:.0f} MB",
            flush=True,
        )
    print(f"segment_many alone, again: {alone(args.corpus):.1f} MB/s")
    return 0


if __name__ == "__main__":
    sys.exit(main())
