"""What tests of the command share."""

from __future__ import annotations

import io
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import settings

from cleaner.cli import main

BODY = """\
The council voted on Tuesday to rebuild the old bridge over the river, which has been closed since the flood.

Residents had waited for the decision for more than a year, and many of them had come to the town hall to hear it.

The mayor said that the work would begin in spring and that the road along the bank would stay open.
"""
TAIL = """
Sign up for our newsletter
Support our journalism with a donation today.
Leave a comment
"""
PAGE = BODY + TAIL


settings.register_profile("no deadline", deadline=None)  # how fast this machine is today is not what is tested
settings.load_profile("no deadline")


@dataclass(frozen=True)
class Outcome:
    """code: exit code. out: standard output. err: standard error. lines: of standard error."""

    code: int
    out: bytes
    err: str

    @property
    def text(self) -> str:
        return self.out.decode("utf-8")

    @property
    def lines(self) -> list[str]:
        return self.err.splitlines()


Command = Callable[..., Outcome]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsysbinary: pytest.CaptureFixture[bytes]) -> Command:
    """The command in this process: run(*arguments, stdin=...)."""
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.delenv("FORCE_COLOR", raising=False)
    monkeypatch.setenv("COLUMNS", "100")

    def command(*args: object, stdin: bytes | str = b"") -> Outcome:
        data = stdin.encode() if isinstance(stdin, str) else stdin
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BufferedReader(io.BytesIO(data)), "utf-8"))
        code = main([str(a) for a in args])
        captured = capsysbinary.readouterr()
        return Outcome(code, captured.out, captured.err.decode())

    return command


@pytest.fixture
def page(tmp_path: Path) -> Path:
    """A file with an article and what stands around it."""
    path = tmp_path / "page.txt"
    path.write_text(PAGE)
    return path


def names(folder: Path) -> list[str]:
    """What a folder holds."""
    return sorted(p.name for p in folder.iterdir())
