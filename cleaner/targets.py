"""Where the command's outputs go: worked out, and checked, before anything is read."""

from __future__ import annotations

import argparse
import os
from typing import NamedTuple

from .io import STDIN, OutputError, Source, same_file
from .markup import has_html_name, is_url, url_name

_ENDINGS = {
    "text": "",
    "markdown": ".md",
    "html": ".html",
    "json": ".json",
    "jsonl": ".jsonl",
    "removed": ".removed.txt",
    "show": ".show.txt",
}


class UsageError(Exception):
    """Arguments that make no sense together; the message says which."""


class Plan(NamedTuple):
    """targets: an output for each source, None for standard output. shared: they are one stream. folder: to be made."""

    targets: tuple[str | None, ...]
    shared: bool
    folder: str | None = None


def plan(args: argparse.Namespace, form: str, sources: tuple[Source, ...]) -> Plan:
    """The outputs that the arguments ask for. form: see Job. Raises UsageError."""
    output: str | None = None if args.output == STDIN else args.output
    several = len(sources) > 1
    if output is None:
        if several and form not in ("jsonl", "show"):
            raise UsageError("several inputs need -o DIRECTORY or -f jsonl")
        return Plan((None,) * len(sources), shared=True)
    if os.path.isdir(output) or output.endswith((os.sep, "/")) or (several and form != "jsonl"):
        if os.path.exists(output) and not os.path.isdir(output):
            raise UsageError(f"-o {output} is a file; several inputs need a directory")
        targets = tuple(os.path.join(output, _name(s, form, jsonl=args.jsonl)) for s in sources)
        _refuse_clashes(sources, targets)
        return Plan(targets, shared=False, folder=output)
    return Plan((output,) * len(sources), shared=several)


def _name(source: Source, form: str, *, jsonl: bool) -> str:
    """What an output in a directory is called: like its input; text is not called like a page."""
    if source.path == STDIN:
        return ("stdin.jsonl" if jsonl else "stdin.txt") + _ENDINGS[form]
    page = is_url(source.path)
    name = url_name(source.path) if page else os.path.basename(source.path)
    text = form == "text" and not jsonl and (page or has_html_name(name))
    return name + (".txt" if text else _ENDINGS[form])


def _refuse_clashes(sources: tuple[Source, ...], targets: tuple[str, ...]) -> None:
    taken: dict[str, Source] = {}
    for source, target in zip(sources, targets, strict=True):
        other = taken.setdefault(os.path.normcase(target), source)
        if other is not source:
            raise UsageError(f"{other.label} and {source.label} would both be written to {target}")


def protect_inputs(sources: tuple[Source, ...], plan: Plan) -> None:
    """Refuse to write over what is yet to be read, by whatever name."""
    for target in set(plan.targets):
        for source in sources:
            if same_file(target, source):
                raise UsageError(f"{target or 'standard output'} is the input {source.label}: it would be overwritten")


def make_folder(folder: str) -> None:
    """Make a directory, if there is none. Raises OutputError."""
    try:
        os.makedirs(folder, exist_ok=True)
    except OSError as e:
        raise OutputError(folder, e.strerror or e) from None
