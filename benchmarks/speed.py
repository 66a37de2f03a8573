"""Speed: cleaner beside datatrove's C4QualityFilter on the same texts, taking turns in one process; then what it costs
to start, and how much memory it takes.

    python benchmarks/speed.py TEXTS...        gold files (.jsonl) or plain text files

Without datatrove (it comes with the extra `bench`) only cleaner is measured.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from statistics import median

import cleaner
import provenance

_PEER = "C4QualityFilter"
_START = "import cleaner; cleaner.clean(open({path!r}, encoding='utf-8', errors='surrogateescape').read())"
_MEMORY = """
import sys
sys.path.append({here!r})
import cleaner, speed
before = speed.peak_memory()
for result in cleaner.segment_many(speed.stream({paths!r})):
    result.body
print(before, speed.peak_memory())
"""
"""Run in a process of its own, in which nothing is but the library and one batch of texts."""

Run = Callable[[], object]


def stream(paths: Sequence[str]) -> Iterator[str]:
    """The texts of gold files and of text files, one after the other."""
    for path in map(Path, paths):
        with path.open(encoding="utf-8", errors="surrogateescape", newline="") as file:
            if path.suffix == ".jsonl":
                yield from (json.loads(line)["text"] for line in file if line.strip())
            else:
                yield file.read()


def peak_memory() -> float:
    """The most memory this process has had so far, in MB."""
    status = Path("/proc/self/status")
    if status.exists():  # on Linux getrusage begins with the peak of the process that started this one
        peak = next(line for line in status.read_text().splitlines() if line.startswith("VmHWM:"))
        return int(peak.split()[1]) / 1024
    import resource  # not there on Windows

    peak_size = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak_size / 1024**2 if sys.platform == "darwin" else peak_size / 1024


def contenders(texts: Sequence[str]) -> dict[str, Callable[[], Run]]:
    """By name, what makes a run ready; making it ready is not timed."""
    found: dict[str, Callable[[], Run]] = {
        "segment_many": lambda: lambda: [None for _ in cleaner.segment_many(texts)],
        "segment_many, body": lambda: lambda: [len(r.body) for r in cleaner.segment_many(texts)],
    }
    try:
        from datatrove.data import Document
        from datatrove.pipeline.filters import C4QualityFilter
    except ImportError as e:
        print(f"{_PEER} is left out: {e} (pip install 'cleaner[bench]')\n")
        return found
    rules = C4QualityFilter(min_num_sentences=-1)

    def ready() -> Run:
        documents = [Document(text=t, id="") for t in texts]  # filtering changes them: new ones every time
        return lambda: [rules.filter(d) for d in documents]

    return {**found, _PEER: ready}


def take_turns(runs: dict[str, Callable[[], Run]], rounds: int) -> dict[str, list[float]]:
    """Seconds of each run in each round, after one round that does not count. The runs take turns, so that what else
    the machine does strikes them alike."""
    seconds: dict[str, list[float]] = {name: [] for name in runs}
    for _ in range(rounds + 1):
        for name, ready in runs.items():
            run = ready()
            start = time.perf_counter()
            run()
            seconds[name].append(time.perf_counter() - start)
    return {name: s[1:] for name, s in seconds.items()}


def main(argv: Sequence[str] | None = None) -> int:
    """Measure and print."""
    args = _arguments(argv)
    texts = list(stream(args.texts))
    size = sum(len(t.encode("utf-8", "surrogatepass")) for t in texts) / 1e6
    print(f"{provenance.code()}, {provenance.machine()}")
    print(f"{len(texts):,} texts, {size:.1f} MB; one thread, {args.rounds} rounds")
    print(f"{provenance.command()}\n")
    _print_throughput(take_turns(contenders(texts), args.rounds), size)
    _print_starts(sorted(texts, key=len)[len(texts) // 2], args.starts)
    _print_memory(args.texts, max(len(t.encode("utf-8", "surrogatepass")) for t in texts))
    return 0


def _arguments(argv: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="speed", description=(__doc__ or "").split(";", maxsplit=1)[0])
    parser.add_argument("texts", nargs="+", metavar="TEXTS", help="gold files (.jsonl) or plain text files")
    parser.add_argument("--rounds", type=int, default=5, help="how often everything is run (default %(default)s)")
    parser.add_argument("--starts", type=int, default=15, help="how many fresh processes (default %(default)s)")
    return parser.parse_args(argv)


def _print_throughput(seconds: dict[str, list[float]], size: float) -> None:
    print(f"{'MB/s':22}{'min':>9}{'median':>9}{'max':>9}{'of ' + _PEER:>22}")
    for name, values in seconds.items():
        speeds = [size / s for s in values]
        share = f"{median(seconds[_PEER]) / median(values):22.2f}" if _PEER in seconds else f"{'–':>22}"
        print(f"{name:22}{_spread(speeds, 2)}{share}")


def _print_starts(text: str, starts: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "text.txt"
        path.write_bytes(text.encode("utf-8", "surrogateescape"))
        commands = {
            "Python alone": ["-c", "pass"],
            "import and clean": ["-c", _START.format(path=str(path))],
            "the command": ["-m", "cleaner", str(path)],
        }
        print(f"\n{'fresh process, s':22}{'min':>9}{'median':>9}{'max':>9}   a text of {len(text):,} characters")
        for name, command in commands.items():
            print(f"{name:22}{_spread([_seconds(command) for _ in range(starts)], 3)}")


def _seconds(command: list[str]) -> float:
    start = time.perf_counter()
    subprocess.run([sys.executable, *command], stdout=subprocess.DEVNULL, check=True)
    return time.perf_counter() - start


def _print_memory(paths: Sequence[str], largest: int) -> None:
    script = _MEMORY.format(here=str(Path(__file__).parent), paths=list(paths))
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    before, peak = map(float, done.stdout.split())
    print(
        f"\npeak memory {peak:.0f} MB, {before:.0f} MB of it before the first text; largest text {largest / 1e6:.2f} MB"
    )


def _spread(values: Sequence[float], digits: int) -> str:
    return "".join(f"{v:9.{digits}f}" for v in (min(values), median(values), max(values)))


if __name__ == "__main__":
    sys.exit(main())
