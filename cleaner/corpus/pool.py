"""Workers: parts done by several processes, results in the order of the tasks."""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import signal
import threading
from collections import deque
from collections.abc import Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from multiprocessing.connection import wait
from typing import TypeVar

from .part import Done, Setup, Task, do_part
from .records import CorpusError

_AHEAD = 2
"""Tasks that wait for each worker, so that none is idle."""


def cores() -> int:
    """How many this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


T = TypeVar("T")


def done_parts(tasks: Iterator[Task | Done | T], setup: Setup, workers: int) -> Iterator[Done | T]:
    """Each task done, in order; what else comes is passed through in its place. workers: 0 for this process alone.

    Raises CorpusError.
    """
    if workers == 0:
        yield from (do_part(t, setup) if isinstance(t, Task) else t for t in tasks)
        return
    context = multiprocessing.get_context("spawn")  # a fork would copy the threads' locks
    with _one_thread_each(), ProcessPoolExecutor(workers, context, _begin, (setup,)) as pool:
        waiting: deque[Done | T | Future[Done]] = deque()
        try:
            for task in tasks:
                waiting.append(pool.submit(_do, task) if isinstance(task, Task) else task)
                if len(waiting) > workers * _AHEAD:
                    yield _result(waiting.popleft())
            while waiting:
                yield _result(waiting.popleft())
        except BrokenProcessPool:
            raise CorpusError("a worker was killed, maybe for want of memory; the same command goes on") from None
        finally:
            pool.shutdown(wait=True, cancel_futures=True)


_THREADS = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS", "VECLIB_MAXIMUM_THREADS")


@contextlib.contextmanager
def _one_thread_each() -> Iterator[None]:
    """What is started meanwhile multiplies matrices in one thread: more would only stand in each other's way."""
    new = {name: "1" for name in _THREADS if name not in os.environ}
    os.environ.update(new)
    try:
        yield
    finally:
        for name in new:
            os.environ.pop(name, None)


def _result(one: Done | T | Future[Done]) -> Done | T:
    return one.result() if isinstance(one, Future) else one


_setup: Setup


def _begin(setup: Setup) -> None:
    """In a worker: keep what is the same for all parts, and end when the command ends, however that comes about."""
    global _setup
    _setup = setup
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the command hears it too, and ends the workers
    parent = multiprocessing.parent_process()
    if parent is not None:
        threading.Thread(target=_end_with, args=(parent.sentinel,), daemon=True).start()


def _end_with(sentinel: int) -> None:
    wait([sentinel])
    os._exit(1)


def _do(task: Task) -> Done:
    return do_part(task, _setup)
