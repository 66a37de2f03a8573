"""A corpus of our own making: articles with what sites put around them, and the truth about both.

    python benchmarks/make_corpus.py -o corpus.jsonl.zst --sites 200 --pages 1500     # about 1 GB of text

Every text is put together from word lists by a generator that gives the same on every machine. Each site has banners in
a language that nobody speaks, so that no cue can know them; half of the sites have some in English besides. What recurs
honestly is there too, and must stay: a quotation in several articles, a refrain, the standing intro of a serial, a
sentence that reporters write again and again, and on some sites a heading that every article has.

A record: {"id", "url", "text", "pieces": [[start, end, label], ...]}; the labels are body, banner, english, and of the
honest ones quotation, refrain, serial, formula, heading. --plain leaves the pieces out.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any, BinaryIO

HONEST = ("quotation", "refrain", "serial", "formula", "heading")

_WHO = [
    "the harbour master",
    "a retired miller",
    "the council's engineer",
    "Ruth Ferriday",
    "the head teacher",
    "a clerk of the court",
    "Tom Aldous",
    "the curator",
    "her brother",
    "the ferry company",
    "a farmer from Upper Sedge",
    "the parish",
    "Nora Quill",
    "the surveyor",
    "the choir's director",
    "a neighbour",
    "the regional court",
    "Jon Haverell",
    "the weather service",
    "the museum",
]
_DID = [
    "measured",
    "had described",
    "was asked to explain",
    "rejected",
    "carried",
    "painted",
    "remembered",
    "had promised to repair",
    "put off",
    "counted",
    "photographed",
    "could not explain",
    "sold",
    "had inherited",
    "was looking for",
    "praised",
    "had forgotten",
    "opened",
    "closed",
    "moved",
]
_WHAT = [
    "the old lock",
    "three barrels of tar",
    "the north quay",
    "a map of the common",
    "the winter timetable",
    "the roof of the chapel",
    "a letter from the ministry",
    "the flood wall",
    "two hundred lamps",
    "the annual accounts",
    "a herd of sheep",
    "the brass bell",
    "the lower road",
    "an orchard of pear trees",
    "the signal box",
    "a box of glass plates",
    "the reading room",
    "the new drain",
    "the school's kitchen",
    "a broken pump",
]
_WHERE = [
    "behind the station",
    "near Eel Lane",
    "on the far bank",
    "in the valley",
    "at the edge of the marsh",
    "under the viaduct",
    "in the county town",
    "by the old mill",
    "above the weir",
    "outside the town hall",
    "on the island",
    "at the market",
]
_WHEN = [
    "on Tuesday",
    "in the spring of 1954",
    "before the storm",
    "last week",
    "after the vote",
    "in the long summer",
    "at dawn",
    "for the first time since the war",
    "two years ago",
    "on the day of the fair",
    "in November",
    "as the tide turned",
]
_WHY = [
    "because the water had risen again",
    "though nobody had asked for it",
    "so that the children could cross",
    "while the band was still playing",
    "which surprised even the oldest of them",
    "as the plans had always said",
    "and the costs came to more than anyone had thought",
    "until the money ran out",
    "since the road had been closed",
    "and that was the end of the matter",
    "if the figures are to be believed",
    "where the two rivers meet",
]
_HEADINGS = ("What happened", "The background", "In short", "How it began", "What comes next", "The figures")
_ENGLISH = (
    "Sign up for our newsletter", "Join the conversation", "Support our journalism with a donation today.",
    "Subscribe now to read the full story", "Share on Facebook", "Leave a comment",
)  # fmt: skip
_ONSETS = ["v", "l", "m", "r", "k", "t", "d", "n", "s", "z", "p", "b", "g", "h", "kr", "tr", "vl", "sh"]
_VOWELS = ["a", "e", "i", "o", "u", "ae", "ui"]


@dataclass(frozen=True)
class Site:
    """What a site has. banners: (place, share of pages, lines); english: lines. quotation, serial: texts, each with the
    numbers of the pages that have it. heading: on every page, or None."""

    name: str
    banners: tuple[tuple[str, float, tuple[str, ...]], ...]
    english: tuple[str, ...]
    quotation: tuple[str, frozenset[int]]
    serial: tuple[str, frozenset[int]]
    formula: str
    heading: str | None


def sentence(r: Random) -> str:
    """One that is hardly ever made twice."""
    who, did, what, where = (r.choice(x) for x in (_WHO, _DID, _WHAT, _WHERE))
    parts = [f"{who} {did} {what} {where}"]
    if r.random() < 0.7:
        parts.append(r.choice(_WHEN))
    if r.random() < 0.6:
        parts.append(f"{'' if r.random() < 0.5 else 'and '}{r.choice(_WHO)} {r.choice(_DID)} {r.choice(_WHAT)}")
    if r.random() < 0.7:
        parts.append(r.choice(_WHY))
    text = ", ".join(parts) if r.random() < 0.4 else " ".join(parts[:2]) + "".join(f", {p}" for p in parts[2:])
    return text[0].upper() + text[1:] + "."


def _word(r: Random) -> str:
    syllables = (r.choice(_ONSETS) + r.choice(_VOWELS) for _ in range(r.randint(1, 3)))
    return "".join(syllables) + r.choice(("", "n", "r", "th"))


def invented(r: Random) -> str:
    """A line of no language."""
    words = [_word(r) for _ in range(r.randint(2, 14))]
    if r.random() < 0.15:
        words.insert(1, "{number}")
    return " ".join(words).capitalize() + r.choice((".", "", "", "!", ":"))


def make_site(number: int, pages: int) -> Site:
    """The same for the same arguments."""
    r = Random(f"site {number}")
    places = ["top", "middle", "bottom", "bottom", "middle"][: r.randint(2, 5)]
    banners = tuple((p, r.choice((0.6, 0.8, 1.0)), tuple(invented(r) for _ in range(r.randint(1, 4)))) for p in places)

    def few(most: int) -> frozenset[int]:
        return frozenset(r.sample(range(pages), min(pages, r.randint(2, most))))

    return Site(
        f"{_word(r)}-{number}.example",
        banners,
        tuple(r.sample(_ENGLISH, 2)) if number % 2 else (),
        (f"“{sentence(r)[:-1]},” {r.choice(_WHO)} said.", few(5)),
        (f"This is a part of a serial in which {r.choice(_WHO)} walks the river. {sentence(r)}", few(5)),
        sentence(r),
        r.choice(_HEADINGS) if number % 10 == 3 else None,
    )


Piece = tuple[str, str]


def make_page(site: Site, number: int) -> list[list[Piece]]:
    """Lines, each of pieces (label, text)."""
    r = Random(f"{site.name} {number}")
    lines = [[("body", " ".join(sentence(r) for _ in range(r.randint(1, 4))))] for _ in range(r.randint(6, 16))]
    _honest(lines, site, number, r)
    lines.insert(0, [("body", sentence(r)[:-1])])
    for place, share, texts in site.banners:
        if r.random() < share:
            new = [[("banner", t.replace("{number}", str(r.randint(2, 900))))] for t in texts]
            at = {"top": 1, "bottom": len(lines)}.get(place, r.randint(3, max(3, len(lines) - 2)))
            lines[at:at] = new
    lines += [[("english", t)] for t in site.english]
    return lines


def _honest(lines: list[list[Piece]], site: Site, number: int, r: Random) -> None:
    """Put in what recurs and yet is of the article."""
    if number in site.serial[1]:
        lines.insert(0, [("serial", site.serial[0])])
    if number in site.quotation[1]:
        lines[r.randrange(1, len(lines))].insert(0, ("quotation", site.quotation[0]))
    if r.random() < 0.15:
        lines[r.randrange(1, len(lines))].append(("formula", site.formula))
    if site.heading:
        lines.insert(r.randrange(2, len(lines) - 1), [("heading", site.heading)])
    if r.random() < 0.03:
        refrain = sentence(r).rstrip(".")
        for at in range(2, len(lines), 3):
            lines.insert(at, [("refrain", refrain)])


def record(site: Site, number: int) -> dict[str, Any]:
    """A page as it is written."""
    text, pieces = "", []
    for line in make_page(site, number):
        for i, (label, words) in enumerate(line):
            text += " " if i else ""
            pieces.append([len(text), len(text) + len(words), label])
            text += words
        text += "\n"
    url = f"https://www.{site.name}/{number // 100}/{number}"
    return {"id": f"{site.name}/{number}", "url": url, "text": text, "pieces": pieces}


def make(sites: int, pages: int) -> Iterator[dict[str, Any]]:
    """Records, the sites mixed as a crawl brings them."""
    made = [make_site(n, pages) for n in range(sites)]
    for number in range(pages):
        for site in made:
            yield record(site, number)


def main(argv: Sequence[str] | None = None) -> int:
    """Write a corpus."""
    parser = argparse.ArgumentParser(prog="make_corpus", description=(__doc__ or "").split("\n", maxsplit=1)[0])
    parser.add_argument("-o", "--output", required=True, type=Path, help="a file, .jsonl or .jsonl.zst")
    parser.add_argument("--sites", type=int, default=200)
    parser.add_argument("--pages", type=int, default=20, help="of each site")
    parser.add_argument("--plain", action="store_true", help="without the pieces")
    args = parser.parse_args(argv)
    size = 0
    with _opened(args.output) as out:
        for one in make(args.sites, args.pages):
            size += len(one["text"])
            if args.plain:
                del one["pieces"]
            out.write(json.dumps(one, ensure_ascii=False).encode() + b"\n")
    print(f"{args.sites * args.pages:,} articles, {size / 1e6:.1f} million characters of text: {args.output}")
    return 0


def _opened(path: Path) -> AbstractContextManager[BinaryIO]:
    if path.suffix != ".zst":
        return path.open("wb")
    import zstandard

    library: Any = zstandard
    opened: AbstractContextManager[BinaryIO] = library.open(path, "wb")
    return opened


if __name__ == "__main__":
    sys.exit(main())
