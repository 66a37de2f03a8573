"""Matrix libraries held to one thread while small matrices are multiplied."""

from __future__ import annotations

from contextlib import AbstractContextManager
from functools import cache
from threading import Lock
from types import TracebackType
from typing import Any

from threadpoolctl import ThreadpoolController


class OneThread(AbstractContextManager["OneThread"]):
    """While anybody is inside, matrix libraries use one thread; the last to leave gives back what was set before.

    The network's matrices are small: several threads cost more than they save, and a multiple of it where other
    processes want the cores too.
    """

    def __init__(self) -> None:
        self._lock, self._inside = Lock(), 0
        self._limit: Any = None

    def __enter__(self) -> OneThread:
        with self._lock:
            if not self._inside:
                self._limit = _controller().limit(limits=1, user_api="blas")
            self._inside += 1
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        with self._lock:
            self._inside -= 1
            if not self._inside:
                self._limit.restore_original_limits()


@cache
def _controller() -> Any:
    """Finding the libraries takes longer than scoring a text."""
    return ThreadpoolController()
