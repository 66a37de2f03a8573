"""What the tests of engines share: texts, options, and what must come out."""

from __future__ import annotations

import warnings
from functools import cache
from pathlib import Path
from typing import Any

import pytest

import cleaner
import make_corpus
from cleaner import Options
from cleaner.profile import Profile
from cleaner.profile.learn import Page, learn

ODD = (
    "",
    "\n \n",
    "Leave a comment\n",
    "𝔘nicode — “quoted” 東京。\r\nLeave a comment\r\nÖ\u2028x",
    "Sign up for our newsletter\nSupport our journalism with a donation today.\n",
)


def engine(name: str, extra: str) -> Any:
    """An engine's library; without it the module that asks is skipped."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return pytest.importorskip(name, reason=f"{name} is not installed: pip install 'cleaner[{extra}]'")


@cache
def records() -> tuple[dict[str, Any], ...]:
    """Texts as an engine reads them: those of some sites, and odd ones."""
    made = [dict(r, n=i) for i, r in enumerate(make_corpus.make(6, 12))]
    for r in made:
        del r["pieces"]
        r["text"] += "\nSign up for our newsletter\nLeave a comment\n"
    odd = [{"id": f"odd/{i}", "url": None, "text": t, "n": len(made) + i} for i, t in enumerate(ODD)]
    return (*made, *odd)


def options(folder: Path) -> Options:
    """Options of every sort: kinds, threshold, a cue pack and a profile, whose file goes when it has been read."""
    pack = cleaner.CuePack.from_dict(
        {"schema": 1, "name": "Mine", "cue": [{"kind": "advert", "strength": "strong", "phrases": ["vulma deth"]}]}
    )
    path = folder / "sites.db"
    learn_here(path)
    profile = Profile.load(str(path))
    path.unlink()
    return Options(remove=("boilerplate", "byline"), keep=("comment",), threshold=0.6, cues=pack, profile=profile)


def learn_here(path: Path) -> Any:
    """The profile that one machine learns."""
    pages = [Page(s, r["text"], i) for i, r in enumerate(records()) if (s := cleaner.site_of(r["url"])) and r["text"]]
    return learn(lambda: pages, str(path))


@cache
def expected(options: Options | None = None) -> dict[str, tuple[str, list[dict[str, Any]]]]:
    """(body, spans) by id, as `segment_many` has them."""
    rows = records()
    sites = [cleaner.site_of(r["url"]) for r in rows]
    results = cleaner.segment_many((r["text"] for r in rows), sites=sites, options=options)
    return {r["id"]: (s.body, spans(s)) for r, s in zip(rows, results, strict=True)}


def spans(result: cleaner.Segmentation) -> list[dict[str, Any]]:
    """As the column of spans has them."""
    keys = ("start", "end", "removed", "confidence")
    return [{**{k: getattr(s, k) for k in keys}, "kind": str(s.kind)} for s in result.spans]
