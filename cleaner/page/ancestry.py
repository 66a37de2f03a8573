"""A page's elements as arrays: what lies inside each, what stands above each, and which are alike."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, lru_cache

import numpy as np
from numpy.typing import NDArray

from .names import GROUPS, Signature, signature_bits
from .places import PLACES, signature_places, tag_bit
from .tags import TAG_NUMBER, TAGS
from .tree import Page

Ints = NDArray[np.int64]
U64 = NDArray[np.uint64]

MEANINGS = (*(f"name_{g}" for g in GROUPS), *(f"place_{p}" for p in PLACES))
"""What names and places can mean; the order of the bits in the masks."""
_WORDS = -(-len(MEANINGS) // 64)
_SHIFT = len(GROUPS)
_LOW = (1 << 64) - 1
_PARTS = 1 << 40


@lru_cache(maxsize=1 << 14)
def meanings(signature: Signature) -> int:
    """What an element's names and attributes mean, a bit for each of MEANINGS."""
    return signature_bits(signature) | signature_places(signature) << _SHIFT


@dataclass(frozen=True, eq=False)
class Chars:
    """Characters of text, by piece: size [m], line [m] the line each belongs to, owner [m] its element."""

    size: Ints
    line: Ints
    owner: Ints


class Ancestry:
    """The elements of a page, and what their neighbourhood says. Arrays have a value for each element."""

    def __init__(self, page: Page) -> None:
        self.page, self.nodes = page, page.nodes
        nodes = page.nodes
        self.up = _block_parents(nodes.block, nodes.parent)
        self._climb()

    def _climb(self) -> None:
        """One loop over the elements, parents before children: depth, the kind of path, and the meanings above."""
        nodes = self.nodes
        kinds = nodes.tag.astype(np.int64) * 8191 + nodes.names * 131 + 1
        says = [meanings(s) for s in nodes.signatures]
        tags = [tag_bit(t) << _SHIFT for t in TAGS]
        tags[TAG_NUMBER["html"]] = tags[TAG_NUMBER["body"]] = 0
        own = [tags[t] | says[n] for t, n in zip(nodes.tag.tolist(), nodes.names.tolist(), strict=True)]
        depth, path, above = [0] * len(own), [7] * len(own), [0] * len(own)
        near = own[:1] + own[1:]
        starts = (nodes.block == np.arange(len(own))).tolist()
        rows = zip(nodes.parent.tolist(), kinds.tolist(), starts, strict=True)
        next(rows, None)
        for i, (p, kind, block) in enumerate(rows, 1):
            depth[i] = depth[p] + 1
            path[i] = (path[p] * 1_000_003 + kind) % _PARTS
            above[i] = above[p] | near[p]
            if not starts[p] and (near[p] or not block):
                near[i] |= near[p]
        self.depth, self.path = np.array(depth, np.int64), np.array(path, np.int64)
        self._near, self._above = near, above

    def near(self, at: Ints) -> U64:
        """What some elements say themselves, together with what is inline between them and their block, or around
        their block. uint64 [n, words], see `flags_of`."""
        return _masks(self._near, at)

    def above(self, at: Ints) -> U64:
        """What all that is around some elements says."""
        return _masks(self._above, at)

    def inside(self, weights: Ints) -> Ints:
        """The sum of the weights of each element and all inside it."""
        sums = np.concatenate([[0], np.cumsum(weights)])
        return sums[self.nodes.end] - sums[:-1]

    @cached_property
    def alike(self) -> Ints:
        """How many elements with the same tag and names stand beside each, itself among them."""
        nodes = self.nodes
        key = (nodes.parent * (len(nodes.signatures) + 1) + nodes.names) * 256 + nodes.tag
        _, inverse, counts = np.unique(key, return_inverse=True, return_counts=True)
        return counts[inverse]


def _block_parents(block: Ints, parent: Ints) -> Ints:
    """The next block element above each element's block; the root's is itself."""
    over = parent[block]
    return np.where(over < 0, 0, block[np.maximum(over, 0)])


def _masks(bits: list[int], at: Ints) -> U64:
    """[n, words]: masks of more than 64 bits as several words."""
    number: dict[int, int] = {}
    rows = [number.setdefault(bits[i], len(number)) for i in at.tolist()]
    table = [[b >> 64 * w & _LOW for w in range(_WORDS)] for b in number]
    return np.array(table, dtype=np.uint64).reshape(-1, _WORDS)[rows]


def flags_of(masks: U64) -> NDArray[np.uint8]:
    """[n, meanings]: 1 where a bit is set."""
    data = np.ascontiguousarray(masks.astype("<u8")).view(np.uint8)
    return np.unpackbits(data, axis=1, bitorder="little")[:, : len(MEANINGS)]
