"""What sites repeat, as it is used: loaded once, never changed, passed by the caller."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from ..chars import U64
from . import store

I64 = NDArray[np.int64]


class ProfileError(ValueError):
    """A profile that cannot be read or used; one line that names the file."""


@dataclass(frozen=True, eq=False)
class Profile:
    """Counts of the units that recur on sites.

    digest: of all that it holds; two profiles with the same are equal. sites: name to number of pages. keys: of units
    of sites, sorted, uint64 [n]. pages: on how many pages of its site each stands; alone: and on how many it is a line
    by itself; int64 [n].
    """

    digest: str
    sites: dict[str, int] = field(repr=False)
    keys: U64 = field(repr=False)
    pages: I64 = field(repr=False)
    alone: I64 = field(repr=False)

    @classmethod
    def load(cls, path: str) -> Profile:
        """A profile that `cleaner learn` wrote. Raises ProfileError."""
        try:
            with store.opened(path) as file:
                sites, columns = store.read(file)
                return cls(store.digest(file), sites, *columns)
        except store.StoreError as e:
            raise ProfileError(f"{path}: {e}") from None

    def find(self, keys: U64) -> tuple[I64, I64]:
        """(pages, alone) of each key; 0 for those that are not there."""
        if not len(self.keys):
            return np.zeros(len(keys), np.int64), np.zeros(len(keys), np.int64)
        at = np.minimum(np.searchsorted(self.keys, keys), len(self.keys) - 1)
        known = self.keys[at] == keys
        return np.where(known, self.pages[at], 0), np.where(known, self.alone[at], 0)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Profile) and self.digest == other.digest

    def __hash__(self) -> int:
        return hash(self.digest)
