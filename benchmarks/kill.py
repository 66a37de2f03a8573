"""Kill a run at random moments and let it go on, again and again: does it end with what an undisturbed run gives?

    python benchmarks/kill.py --times 20

Makes a corpus (make_corpus.py) as JSON Lines, packed JSON Lines and CSV, runs `cleaner corpus` over it undisturbed, and
then `--times` times into a new folder: started, killed with SIGKILL after a random time, started again with the same
command until it ends. Every file of the output must be the same, to the byte.
"""

from __future__ import annotations

import argparse
import csv
import gzip
import json
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from random import Random

import make_corpus


def write_inputs(folder: Path, sites: int, pages: int) -> None:
    """The corpus in three formats, with a broken record and a truncated file."""
    folder.mkdir()
    rows = list(make_corpus.make(sites, pages))
    lines = [json.dumps(r, ensure_ascii=False) + "\n" for r in rows]
    (folder / "a.jsonl").write_text("".join([*lines, "broken\n"]), "utf-8")
    packed = gzip.compress("".join(lines).encode())
    (folder / "b.jsonl.gz").write_bytes(packed[: len(packed) * 9 // 10])
    with (folder / "c.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, ["id", "url", "text"], extrasaction="ignore")
        writer.writeheader()
        writer.writerows(rows)


def command(source: Path, out: Path) -> list[str]:
    """The run; small parts, so that there is something to go on from."""
    code = "import sys; from cleaner.corpus import runner; runner.PART = 100_000; from cleaner.cli import main; main()"
    start = f"if __name__ == '__main__': {code}"
    return [sys.executable, "-c", start, "corpus", str(source), "-o", str(out), "--removed", "--workers", "2"]


def contents(folder: Path) -> dict[str, bytes]:
    """Every file by its name."""
    return {str(p.relative_to(folder)): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


def disturbed(source: Path, out: Path, wait: float) -> bool:
    """A run that is killed after so many seconds. Whether it was still at work."""
    with subprocess.Popen(command(source, out), stderr=subprocess.DEVNULL) as process:
        try:
            process.wait(wait)
            return False
        except subprocess.TimeoutExpired:
            process.send_signal(signal.SIGKILL)
            return True


def measure(folder: Path, times: int, seed: int) -> int:
    """How many of the disturbed runs came out otherwise."""
    source = folder / "in"
    start = time.monotonic()
    subprocess.run(command(source, folder / "whole"), stderr=subprocess.DEVNULL, check=False)
    seconds = time.monotonic() - start
    wanted = contents(folder / "whole")
    r, wrong = Random(seed), 0
    for i in range(times):
        out = folder / f"run{i}"
        kills = 0
        while disturbed(source, out, r.uniform(0, seconds * 1.1)):
            kills += 1
        found = contents(out)
        other = sorted(n for n in {*found, *wanted} if found.get(n) != wanted.get(n))
        wrong += bool(other)
        print(
            f"{i + 1:3}: killed {kills} times,", "OTHERWISE: " + ", ".join(other) if other else "the same", flush=True
        )
    return wrong


def main(argv: Sequence[str] | None = None) -> int:
    """Measure and print; 1 when a run came out otherwise."""
    parser = argparse.ArgumentParser(prog="kill", description=(__doc__ or "").split("\n", maxsplit=1)[0])
    parser.add_argument("--times", type=int, default=20)
    parser.add_argument("--sites", type=int, default=20)
    parser.add_argument("--pages", type=int, default=20)
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args(argv)
    with tempfile.TemporaryDirectory() as folder:
        write_inputs(Path(folder) / "in", args.sites, args.pages)
        wrong = measure(Path(folder), args.times, args.seed)
    print(f"{args.times - wrong} of {args.times} came out the same")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
