"""The progress bar of a run over a corpus."""

from __future__ import annotations

import sys
import time

from .part import Done


class Bar:
    """Documents, speed, share removed and time left, on standard error if that is a terminal. total: bytes."""

    def __init__(self, total: int, *, color: bool) -> None:
        self.documents = self.characters = self.removed = 0
        self.began = time.monotonic()
        self.progress = None
        if not (sys.stderr and sys.stderr.isatty()):
            return
        from rich.console import Console
        from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

        console = Console(stderr=True, no_color=None if color else True)
        columns = (BarColumn(), TextColumn("{task.percentage:3.0f} %"), TextColumn("{task.fields[said]}"))
        left = (TimeRemainingColumn(), TextColumn("left"))
        self.progress = Progress(*columns, *left, console=console, transient=True, redirect_stdout=False)
        self.task = self.progress.add_task("", total=total, said="")
        self.progress.start()

    def at(self, done: Done, before: int) -> None:
        """A part is done. before: bytes of the files before."""
        self.documents += done.documents
        self.characters += done.characters
        self.removed += done.removed
        if self.progress:
            self.progress.update(self.task, completed=before + done.at, said=self.said())

    def said(self) -> str:
        """The figures in words. Characters stand for bytes of text in the speed."""
        speed = self.characters / 1e6 / max(time.monotonic() - self.began, 1e-9)
        share = self.removed / self.characters if self.characters else 0
        return f"{self.documents:,} documents, {speed:.1f} MB/s, {share:.1%} removed"

    def close(self) -> None:
        """Take the bar away."""
        if self.progress:
            self.progress.stop()
