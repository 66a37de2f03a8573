"""Many items in batches that are bounded by their characters."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import TypeVar

T = TypeVar("T")


def batches(items: Iterable[T], size: Callable[[T], int], *, limit: int, most: int | None = None) -> Iterator[list[T]]:
    """Items, in order, in lists of together at most `limit` characters and `most` items; a longer one is alone.

    size: the characters of an item. Items are drawn only as their batch is filled.
    """
    batch: list[T] = []
    filled = 0
    for item in items:
        length = size(item)
        if batch and (filled + length > limit or len(batch) == most):
            yield batch
            batch, filled = [], 0
        batch.append(item)
        filled += length + 1
    if batch:
        yield batch
