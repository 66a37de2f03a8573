"""The documentation with the outputs that its examples really have.

    python tests/doc_blocks.py        write them into README.md, CONTRIBUTING.md and docs/

What is run, for each document in a folder of its own that holds `fixtures/articles` and `fixtures/pages`:
    ```console   every line that begins with "$ ", by bash; what follows it is its output
    ```python    as a whole, or with prompts (>>>) as in a Python shell; one namespace for a document
    ```toml      behind <!-- file: NAME -->: written to that file
A block behind <!-- needs: LIBRARY, ... --> is left alone where one of them is not installed.
What stands between <!-- generated: NAME --> and <!-- end --> is made by GENERATED[NAME]. Other blocks are left alone.
"""

from __future__ import annotations

import contextlib
import doctest
import importlib.util
import io
import os
import re
import shutil
import subprocess
import sys
import tempfile
import traceback
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from cleaner.kinds import ABOUT, GROUPS, KINDS

ROOT = Path(__file__).parent.parent
DOCUMENTS = (ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").glob("*.md")))

_BLOCK = re.compile(
    r"(?:^<!-- needs: (?P<needs>.+) -->\n)?(?:^<!-- file: (?P<file>\S+) -->\n)?"
    r"^```(?P<language>\w+)\n(?P<text>.*?)^```$",
    re.M | re.S,
)
_GENERATED = re.compile(r"(?P<head><!-- generated: (?P<name>\w+) -->\n\n)(?P<text>.*?)(?P<tail>\n<!-- end -->)", re.S)


def kinds_table() -> str:
    """The kinds and their groups, as Markdown."""
    groups = {kind: ", ".join(name for name, kinds in GROUPS.items() if kind in kinds) for kind in KINDS}
    rows = (f"| `{k}` | {groups[k]} | {ABOUT[k].meaning} | {ABOUT[k].example} |" for k in KINDS)
    return "\n".join(["| kind | groups | what it is | for example |", "|---|---|---|---|", *rows]) + "\n"


def help_text(*command: str) -> str | None:
    """What --help says; None from 3.13 on, where argparse lays it out in another way."""
    said = (f"```text\n{shell(f'cleaner {c} --help', ROOT)}```\n" for c in command or ("",))
    return None if sys.version_info >= (3, 13) else "\n".join(said)


GENERATED: dict[str, Callable[[], str | None]] = {
    "kinds": kinds_table,
    "help": help_text,
    "help_corpus": lambda: help_text("corpus", "corpus restore"),
    "help_sites": lambda: help_text("learn", "profile", "profile show", "profile merge", "profile forget"),
}


def refreshed(document: Path) -> str:
    """The document as it should be."""
    with tempfile.TemporaryDirectory() as folder:
        text = _BLOCK.sub(_Session(Path(folder)).block, document.read_text("utf-8"))
    return _GENERATED.sub(_generated, text)


def _generated(place: re.Match[str]) -> str:
    return f"{place['head']}{GENERATED[place['name']]() or place['text']}{place['tail']}"


class _Session:
    """One document's examples, run one after the other."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.names: dict[str, Any] = {}
        for name in ("articles", "pages"):
            shutil.copytree(ROOT / "fixtures" / name, folder / "fixtures" / name)

    def block(self, block: re.Match[str]) -> str:
        """A block with the outputs that it has."""
        text = block["text"]
        if block["needs"] and not all(
            importlib.util.find_spec(name.split(".")[0]) for name in block["needs"].split(", ")
        ):
            return block.group()
        if block["file"]:
            (self.folder / block["file"]).write_text(text, "utf-8")
        if block["language"] == "console":
            text = self.console(text)
        elif block["language"] == "python":
            with _inside(self.folder):
                text = self.python(text)
        return f"{block.group()[: block.start('text') - block.start()]}{text}```"

    def console(self, text: str) -> str:
        commands = [line for line in text.splitlines() if line.startswith("$ ")]
        return "".join(f"{c}\n{shell(c[2:], self.folder)}" for c in commands)

    def python(self, text: str) -> str:
        if ">>>" not in text:
            exec(compile(text, "<documentation>", "exec"), self.names)
            return text
        parts = doctest.DocTestParser().parse(text)
        return "".join(p if isinstance(p, str) else self.example(p) for p in parts)

    def example(self, example: doctest.Example) -> str:
        first, *rest = example.source.splitlines()
        prompted = "".join(f"{line}\n" for line in (f">>> {first}", *(f"... {line}".rstrip() for line in rest)))
        with contextlib.redirect_stdout(io.StringIO()) as out:
            try:
                exec(compile(example.source, "<documentation>", "single"), self.names)
            except Exception as e:
                print("Traceback (most recent call last):\n    ...")
                print("".join(traceback.format_exception_only(e)), end="")
        return prompted + re.sub(r"^$\n", "<BLANKLINE>\n", out.getvalue(), flags=re.M)


@contextlib.contextmanager
def _inside(folder: Path) -> Iterator[None]:
    before = Path.cwd()
    os.chdir(folder)
    try:
        yield
    finally:
        os.chdir(before)


def shell(command: str, folder: Path) -> str:
    """What bash prints for a command, standard error too; `cleaner` is this checkout's."""
    settings = {"PYTHONPATH": str(ROOT), "COLUMNS": "80", "NO_COLOR": "1", "PYTHONUTF8": "1", "LC_ALL": "C.UTF-8"}
    with tempfile.TemporaryDirectory() as tools:
        shim = Path(tools) / "cleaner"
        shim.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m cleaner "$@"\n')
        shim.chmod(0o755)
        done = subprocess.run(
            ["bash", "-c", command],
            cwd=folder,
            env={**os.environ, **settings, "PATH": f"{tools}{os.pathsep}{os.environ['PATH']}"},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            check=False,
        )
    return done.stdout.decode("utf-8", "replace")


if __name__ == "__main__":
    for path in DOCUMENTS:
        path.write_text(refreshed(path), "utf-8")
