"""The output folder: what a run has been told, what it has done, and that only one works there.

    OUT/run.json            when all is done: what the run was told
    OUT/.cleaner/plan.json  while it is under way: the same
    OUT/.cleaner/N/         the parts of file N, a folder each, named NUMBER.DIGEST
    OUT/.cleaner/N.json     file N is done: its counts and rejects

Everything appears under its name when it is complete, so a run that is killed goes on from what is there.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import shutil
from collections.abc import Callable, Iterator
from typing import Any

from ..jsonl import dumps
from .records import ConflictError, CorpusError

WORK, PLAN, RUN = ".cleaner", "plan.json", "run.json"


class Store:
    """The output folder of a run. plan: what the run is told, as JSON values."""

    def __init__(self, folder: str, plan: dict[str, Any]) -> None:
        self.folder = folder
        self.plan = plan
        self.work = os.path.join(folder, WORK)

    @property
    def finished(self) -> bool:
        """Whether the run has come to its end, now or before."""
        return os.path.exists(self.at(RUN))

    def at(self, *names: str) -> str:
        """A path in the folder."""
        return os.path.join(self.folder, *names)

    @contextlib.contextmanager
    def held(self, *, restart: bool) -> Iterator[None]:
        """Make the folder ready, for this process alone. restart: what an earlier run left goes first.

        Raises ConflictError when the folder has been begun with other options or inputs or holds something else.
        """
        try:
            if os.path.isdir(self.folder) and os.listdir(self.folder) and not self._begun():
                raise ConflictError(f"{self.folder}: holds something that is no run of cleaner corpus")
            os.makedirs(self.work, exist_ok=True)
            with self._locked():
                if restart:
                    self._empty()
                self._compare()
                yield
        except OSError as e:
            raise CorpusError(f"{e.filename or self.folder}: {e.strerror or e}") from None

    def _begun(self) -> bool:
        return os.path.exists(self.at(RUN)) or os.path.isdir(self.work)

    @contextlib.contextmanager
    def _locked(self) -> Iterator[None]:
        try:
            import fcntl
        except ImportError:  # not there on Windows
            yield
            return
        with open(os.path.join(self.work, "lock"), "wb") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise ConflictError(f"{self.folder}: another run is at work there") from None
            yield

    def _empty(self) -> None:
        for name in os.listdir(self.folder):
            path = self.at(name)
            if name != WORK:
                shutil.rmtree(path) if os.path.isdir(path) else os.unlink(path)
        for name in os.listdir(self.work):
            path = os.path.join(self.work, name)
            if name != "lock":
                shutil.rmtree(path) if os.path.isdir(path) else os.unlink(path)

    def _compare(self) -> None:
        path = self.at(RUN) if self.finished else os.path.join(self.work, PLAN)
        try:
            with open(path, encoding="utf-8") as file:
                before = json.load(file)
        except FileNotFoundError:
            self.write(os.path.join(self.work, PLAN), dumps(self.plan, indent=1))
            return
        except ValueError:
            raise ConflictError(f"{path}: not readable; --restart begins anew") from None
        if before != self.plan:
            raise ConflictError(f"{self.folder}: begun with {_difference(before, self.plan)}; --restart begins anew")

    def write(self, path: str, text: str) -> None:
        """A file, as a whole or not at all. Raises CorpusError."""

        def make(part: str) -> None:
            with open(part, "wb") as out:
                out.write(text.encode())
                out.flush()
                os.fsync(out.fileno())

        self.write_with(path, make)

    def write_with(self, path: str, make: Callable[[str], None]) -> None:
        """A file that `make` writes, as a whole or not at all. Raises CorpusError.

        What a killed run leaves behind has a name that the next run writes over.
        """
        part = f"{path}.part"
        try:
            os.makedirs(os.path.dirname(path), exist_ok=True)
            make(part)
            os.replace(part, path)
        except OSError as e:
            raise CorpusError(f"{path}: {e.strerror or e}") from None

    def work_path(self, name: str) -> str:
        """A path among what is there only while the run is under way."""
        return os.path.join(self.work, name)

    def file_done(self, number: int) -> dict[str, Any] | None:
        """What is known of a file that is done."""
        try:
            with open(self._done(number), encoding="utf-8") as file:
                data: dict[str, Any] = json.load(file)
                return data
        except FileNotFoundError:
            return None

    def close_file(self, number: int, about: dict[str, Any]) -> None:
        """A file is done; its parts go."""
        self.write(self._done(number), dumps(about))
        self.drop_parts(number)

    def drop_parts(self, number: int) -> None:
        """The parts of a file go."""
        shutil.rmtree(os.path.join(self.work, str(number)), ignore_errors=True)

    def _done(self, number: int) -> str:
        return os.path.join(self.work, f"{number}.json")

    def part(self, file: int, number: int, payload: bytes) -> tuple[str, bool]:
        """(folder, whether it is done) of a part. Raises ConflictError when it was made of something else."""
        folder = os.path.join(self.work, str(file))
        if number == 0:
            os.makedirs(folder, exist_ok=True)
        path = os.path.join(folder, f"{number}.{hashlib.blake2b(payload, digest_size=8).hexdigest()}")
        return path, os.path.isdir(path)

    def finish(self) -> None:
        """All is done: only what the run was told stays beside its results."""
        self.write(self.at(RUN), dumps(self.plan, indent=1))
        shutil.rmtree(self.work, ignore_errors=True)


def _difference(before: Any, now: Any, name: str = "") -> str:
    """The first thing in which two plans differ, for a person."""
    if isinstance(before, dict) and isinstance(now, dict):
        for key in {**before, **now}:
            if before.get(key) != now.get(key):
                return _difference(before.get(key), now.get(key), f"{name}.{key}".lstrip("."))
    if isinstance(before, list) and isinstance(now, list) and name == "inputs":
        names = {one["name"]: one for one in before}, {one["name"]: one for one in now}
        changed = [n for n in {**names[0], **names[1]} if names[0].get(n) != names[1].get(n)]
        what = "another" if changed and changed[0] in names[0] and changed[0] in names[1] else "no"
        if changed:
            return f"{what} input {changed[0]}" if changed[0] in names[1] else f"the input {changed[0]}, now gone"
        return "the inputs in another order"
    return f"{name} {dumps(before)}, now {dumps(now)}"
