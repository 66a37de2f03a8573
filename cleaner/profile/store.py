"""A profile as an SQLite file. Written as a whole or not at all; two with the same content have the same digest.

about(name, value)                              format, version, scheme (see keys.py)
sites(id, name, pages)                          how many different pages were seen
units(site, key, pages, alone, words, text)     key: a signed 64-bit number; pages, alone: counts; text: as on one
                                                    of the pages, long ones cut; words: 0 for two units in a row
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import sqlite3
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from ..keys import scheme

FORMAT, VERSION = "cleaner.profile", 1
_SCHEMA = """
create table about (name text primary key, value text not null) without rowid;
create table sites (id integer primary key, name text not null unique, pages integer not null);
create table units (
    site integer not null, key integer not null, pages integer not null, alone integer not null,
    words integer not null, text text, primary key (site, key)
) without rowid;
"""
_ROWS = "select s.name, s.pages, u.key, u.pages, u.alone from sites s left join units u on u.site = s.id order by 1, 3"


class StoreError(Exception):
    """A file that is no profile, or one that cannot be used here: the reason."""


class Unit(NamedTuple):
    """A unit that is kept. key: as SQLite keeps it, signed."""

    site: int
    key: int
    pages: int
    alone: int
    words: int
    text: str | None


@contextlib.contextmanager
def opened(path: str | os.PathLike[str]) -> Iterator[sqlite3.Connection]:
    """A profile to be read. Raises StoreError."""
    if not Path(path).is_file():
        raise StoreError("is a directory" if Path(path).is_dir() else "no such file")
    file = sqlite3.connect(f"{Path(path).absolute().as_uri()}?mode=ro", uri=True)
    try:
        _check(file)
        yield file
    except sqlite3.Error as e:
        raise StoreError(f"no profile, or a damaged one ({e})") from None
    finally:
        file.close()


def _check(file: sqlite3.Connection) -> None:
    about = dict(file.execute("select name, value from about"))
    if about.get("format") != FORMAT:
        raise StoreError("no profile")
    if about.get("version") != str(VERSION):
        raise StoreError(f"profile version {about.get('version')} is not known, this is version {VERSION}")
    if about.get("scheme") != scheme():
        raise StoreError("learned by a version of cleaner that cuts texts in another way: learn again")


@contextlib.contextmanager
def created(path: str) -> Iterator[sqlite3.Connection]:
    """A new profile, there under its name when the block ends well. Raises StoreError."""
    target = Path(path)
    part = target.with_name(f".cleaner-{os.urandom(6).hex()}.part")
    try:
        file = sqlite3.connect(part, uri=True)  # so that others can be attached by their URI
    except sqlite3.Error as e:
        raise StoreError(str(e)) from None
    try:
        file.executescript(_SCHEMA)
        rows = (("format", FORMAT), ("version", str(VERSION)), ("scheme", scheme()))
        file.executemany("insert into about values (?, ?)", rows)
        yield file
        file.commit()
        file.close()
        part.replace(target)
    except (sqlite3.Error, OSError) as e:
        raise StoreError(str(getattr(e, "strerror", None) or e)) from None
    finally:
        file.close()
        part.unlink(missing_ok=True)


@contextlib.contextmanager
def changed(path: Path) -> Iterator[sqlite3.Connection]:
    """A profile to be changed in its place. Raises StoreError."""
    file = sqlite3.connect(path)
    try:
        yield file
        file.commit()
    except sqlite3.Error as e:
        raise StoreError(str(e)) from None
    finally:
        file.close()


def add_sites(file: sqlite3.Connection, sites: Iterable[tuple[str, int]]) -> dict[str, int]:
    """Write sites in the order of their names. Their numbers by name."""
    ordered = sorted(sites)
    file.executemany("insert into sites values (?, ?, ?)", ((i, n, p) for i, (n, p) in enumerate(ordered, 1)))
    return {name: i for i, (name, _) in enumerate(ordered, 1)}


def add_units(file: sqlite3.Connection, units: Iterable[Unit]) -> None:
    """Write units."""
    file.executemany("insert into units values (?, ?, ?, ?, ?, ?)", units)


def add_texts(file: sqlite3.Connection, texts: Iterable[tuple[int, int, str]]) -> None:
    """Write texts of units that are there: (site, key, text)."""
    rows = ((text, site, key) for site, key, text in texts)
    file.executemany("update units set text = ? where site = ? and key = ?", rows)


def read(file: sqlite3.Connection) -> tuple[dict[str, int], tuple[Any, NDArray[np.int64], NDArray[np.int64]]]:
    """(pages by site, (keys, pages, alone)), the units in the order of their keys."""
    sites = dict(file.execute("select name, pages from sites order by name"))
    rows = np.array(file.execute("select key, pages, alone from units").fetchall(), np.int64).reshape(-1, 3)
    keys = rows[:, 0].astype(np.uint64)
    order = np.argsort(keys, kind="stable")
    columns = (keys[order], rows[order, 1], rows[order, 2])
    for column in columns:
        column.flags.writeable = False
    return sites, columns


def digest(file: sqlite3.Connection) -> str:
    """Of sites, keys and counts, in an order of their own; texts are for show."""
    found = hashlib.blake2b(scheme().encode(), digest_size=16)
    for row in file.execute(_ROWS):
        found.update(repr(row).encode("utf-8", "surrogatepass"))
    return found.hexdigest()
