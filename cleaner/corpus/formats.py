"""Which format a file has, by its name."""

from __future__ import annotations

from .delimited import Delimited
from .lines import JsonLines
from .parquet import Parquet
from .records import ConflictError, Format
from .warc import Warc

_FORMATS: dict[str, Format] = {
    ".jsonl": JsonLines(),
    ".ndjson": JsonLines(),
    ".csv": Delimited(),
    ".tsv": Delimited(),
    ".parquet": Parquet(),
    ".pq": Parquet(),
    ".warc": Warc(),
}
_PACKED = {".parquet": (), ".pq": (), ".warc": (".gz",)}
"""The endings that may follow; elsewhere .gz and .zst."""
KNOWN = ".jsonl, .ndjson, .csv, .tsv (each with .gz or .zst), .parquet, .warc, .warc.gz"


def find_format(path: str) -> Format | None:
    """The format of a file; None when its name says nothing."""
    name = path.lower()
    for ending, form in _FORMATS.items():
        if any(name.endswith(ending + e) for e in ("", *_PACKED.get(ending, (".gz", ".zst")))):
            return form
    return None


def format_of(path: str) -> Format:
    """The format of a file. Raises ConflictError when its name says nothing."""
    form = find_format(path)
    if form is None:
        raise ConflictError(f"{path}: no known ending ({KNOWN})")
    return form


def output_name(name: str) -> str:
    """What a file is called in the output: the same, and JSON Lines for a web archive."""
    at = name.lower().rfind(".warc")
    return f"{name[:at]}.jsonl.gz" if isinstance(format_of(name), Warc) else name
