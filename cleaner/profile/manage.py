"""Profiles put together, looked at, and sites taken out of them."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from . import store


class SiteRow(NamedTuple):
    """A site in a profile. units: that recur there."""

    name: str
    pages: int
    units: int


class UnitRow(NamedTuple):
    """A unit of a site. pages: on which it stands; of: pages of the site."""

    pages: int
    of: int
    text: str


def merge(paths: Sequence[str], target: str) -> None:
    """Profiles of different pages as one: pages and counts add up. The order does not matter. Raises StoreError.

    What one of them saw too seldom to keep is not counted, so learning from all pages at once counts a little more.
    """
    with store.created(target) as file:
        for path in paths:
            with store.opened(path):  # checked
                pass
            file.commit()
            file.execute("attach ? as other", (f"{Path(path).absolute().as_uri()}?mode=ro",))
            file.execute(
                "insert into sites (name, pages) select name, pages from other.sites where true "
                "on conflict (name) do update set pages = pages + excluded.pages"
            )
            file.execute(
                "insert into units select m.id, u.key, u.pages, u.alone, u.words, u.text from other.units u "
                "join other.sites s on s.id = u.site join main.sites m on m.name = s.name where true "
                "on conflict (site, key) do update set pages = pages + excluded.pages, alone = alone + excluded.alone, "
                "text = min(coalesce(text, excluded.text), coalesce(excluded.text, text))"
            )
            file.commit()
            file.execute("detach other")


def forget(path: str, sites: Sequence[str]) -> None:
    """Take sites out of a profile. Raises StoreError, also when one is not there."""
    with tempfile.TemporaryDirectory(dir=Path(path).absolute().parent, prefix=".cleaner-") as folder:
        part = Path(folder) / "profile"
        with store.opened(path):
            shutil.copyfile(path, part)
        with store.changed(part) as file:
            for site in sites:
                row = file.execute("select id from sites where name = ?", (site,)).fetchone()
                if row is None:
                    raise store.StoreError(f"knows no site {site!r}")
                file.execute("delete from units where site = ?", row)
                file.execute("delete from sites where id = ?", row)
        part.replace(path)


def sites(path: str, most: int) -> Iterator[SiteRow]:
    """The sites with most pages. Raises StoreError."""
    with store.opened(path) as file:
        rows = file.execute(
            "select name, pages, (select count(*) from units where site = id and words > 0) "
            "from sites order by pages desc, name limit ?",
            (most,),
        )
        yield from (SiteRow(*row) for row in rows)


def units(path: str, site: str, most: int) -> Iterator[UnitRow]:
    """What a site repeats, the most frequent first. Raises StoreError, also when the site is not there."""
    with store.opened(path) as file:
        found = file.execute("select id, pages from sites where name = ?", (site,)).fetchone()
        if found is None:
            raise store.StoreError(f"knows no site {site!r}")
        rows = file.execute(
            "select pages, text from units where site = ? and words > 0 order by pages desc, text limit ?",
            (found[0], most),
        )
        yield from (UnitRow(pages, found[1], text or "") for pages, text in rows)
