"""Which code a figure is of."""

from __future__ import annotations

import platform
import subprocess
import sys
from pathlib import Path

import cleaner


def code() -> str:
    """The version and, in a git checkout, the commit."""
    return f"cleaner {cleaner.__version__}{_commit()}"


def _commit() -> str:
    try:
        head = _git("rev-parse", "--short", "HEAD")
        changed = _git("status", "--porcelain", "--", "cleaner")
    except (OSError, subprocess.CalledProcessError):
        return ""
    return f" at {head}{' with uncommitted changes' if changed else ''}"


def _git(*args: str) -> str:
    here = Path(__file__).parent.parent
    return subprocess.run(["git", *args], cwd=here, capture_output=True, text=True, check=True).stdout.strip()


def command() -> str:
    """The command line, as one would type it."""
    return " ".join(["python", *sys.argv])


def machine() -> str:
    """What it ran on, as far as that can be said."""
    return f"Python {platform.python_version()} on {platform.system()} {platform.machine()}"
