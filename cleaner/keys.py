"""What a unit is known by from page to page: a 64-bit hash of its folded words, all numbers alike."""

from __future__ import annotations

import hashlib
from functools import cache, lru_cache

import numpy as np

from .blocks import Blocks, Ints, split
from .chars import U64, mix
from .matcher import phrase_hashes

SHORT = 5
"""Words: so few may be a heading or a button, their neighbours tell."""
_ORDER = np.uint64(0x9E3779B97F4A7C15)
_PROBE = "What the 3 of them saw.Was it Élan?\n“Nothing,” said J. Öre. 東京へ。行く"


def unit_keys(blocks: Blocks) -> U64:
    """A key for each unit, the same in every text; 0 for a unit without words."""
    words = blocks.word_end - blocks.word
    keys = mix(phrase_hashes(blocks.hashes, blocks.word, words) ^ words.astype(np.uint64))
    return np.where(words > 0, keys | np.uint64(1), np.uint64(0))


def pair_keys(keys: U64, words: Ints, doc: Ints) -> U64:
    """A key for each unit and the one after it, [n], where one is short; 0 elsewhere and at a document's end."""
    if len(keys) < 2:
        return np.zeros(len(keys), np.uint64)
    short = (words[:-1] <= SHORT) | (words[1:] <= SHORT)
    pair = mix(keys[:-1] * _ORDER ^ keys[1:]) | np.uint64(1)
    real = short & (keys[:-1] != 0) & (keys[1:] != 0) & (doc[:-1] == doc[1:])
    return np.append(np.where(real, pair, np.uint64(0)), np.uint64(0))


@lru_cache(maxsize=1 << 14)
def site_seed(site: str) -> int:
    """What a site's name adds to the keys of its units."""
    return int.from_bytes(hashlib.blake2b(site.encode("utf-8", "surrogatepass"), digest_size=8).digest(), "little")


def on_site(keys: U64, seeds: U64) -> U64:
    """Keys of units as those of units of a site. seeds: for each unit, see `site_seed`."""
    return mix(keys ^ seeds)


@cache
def scheme() -> str:
    """A digest of how units are cut and hashed: a profile that was learned in another way is of no use."""
    nothing = np.zeros(0, np.uint64)
    keys = unit_keys(split(_PROBE, abbreviations=nothing, names=nothing))
    return hashlib.blake2b(keys.astype("<u8").tobytes(), digest_size=4).hexdigest()
