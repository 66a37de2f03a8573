"""What goes to the workers: packed once where the job is made, unpacked once in each process.

Engines pickle what a task needs for every task. A site profile may have a hundred megabytes, so options travel as bytes
with a digest, and a process that has unpacked these bytes before does not do it again.
"""

from __future__ import annotations

import hashlib
import pickle
from collections.abc import Callable
from functools import cached_property
from typing import Any, Generic, TypeVar

T = TypeVar("T")

_KEPT = 4
"""Different things that a process keeps unpacked."""
_arrived: dict[str, Shared[Any]] = {}


class Shared(Generic[T]):
    """Something that never changes, to be pickled and copied many times at little cost."""

    def __init__(self, value: T) -> None:
        self.value = value

    @cached_property
    def packed(self) -> tuple[str, bytes]:
        """(digest, the value as bytes)."""
        data = pickle.dumps(self.value, protocol=5)
        return hashlib.blake2b(data, digest_size=16).hexdigest(), data

    def __reduce__(self) -> tuple[Callable[[str, bytes], Shared[Any]], tuple[str, bytes]]:
        return _unpacked, self.packed

    def __deepcopy__(self, memo: Any) -> Shared[T]:
        return self

    def __repr__(self) -> str:
        return f"Shared({self.value!r})"


def _unpacked(digest: str, data: bytes) -> Shared[Any]:
    found = _arrived.get(digest)
    if found is None:
        found = Shared(pickle.loads(data))
        found.__dict__["packed"] = (digest, data)
        while len(_arrived) >= _KEPT:
            _arrived.pop(next(iter(_arrived)), None)
        _arrived[digest] = found
    return found
