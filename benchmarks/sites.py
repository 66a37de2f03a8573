"""What a profile of sites is worth: on a corpus of our own making, and on labelled pages of real sites.

    python benchmarks/sites.py --pages 20             the generated corpus, that many pages a site
    python benchmarks/sites.py --gold GOLD.jsonl...   sites with three or more labelled texts of one source
    python benchmarks/sites.py --html PAGES.jsonl.gz...   whole pages of such sites, all that a reader sees as text

A profile is learned from the pages that it is then used on, as it is in use. Recall and loss are shares of characters.
"""

from __future__ import annotations

import argparse
import gzip
import json
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np

import cleaner
import make_corpus
import provenance
from cleaner.kinds import BOILERPLATE, FURNITURE
from cleaner.profile.learn import Page, learn

_UNSEEN = ("head", "script", "style", "noscript", "template", "svg", "iframe", "select")
_BLOCKS = (
    "p", "div", "li", "ul", "ol", "h1", "h2", "h3", "h4", "h5", "h6", "br", "tr", "td", "article", "section", "header",
    "footer", "nav", "aside", "figure", "figcaption",
)  # fmt: skip
_TELLING = 40
_LEAST = 3
"""Texts of a site that can tell what it repeats."""


class Text(NamedTuple):
    """pieces: (start, end, label)."""

    site: str
    text: str
    pieces: list[tuple[int, int, str]]


def generated(sites: int, pages: int) -> list[Text]:
    """The corpus of our own making."""
    rows = make_corpus.make(sites, pages)
    return [Text(cleaner.site_of(r["url"]) or "", r["text"], [tuple(p) for p in r["pieces"]]) for r in rows]


def labelled(paths: Sequence[str]) -> list[Text]:
    """Texts of sites that have several from one source; labels are body, boilerplate and furniture."""
    found: dict[str, list[Text]] = defaultdict(list)
    for path in paths:
        with Path(path).open(encoding="utf-8") as file:
            for row in map(json.loads, file):
                site = f"{row['site']} {row.get('source', '')}"
                found[site].append(Text(site, row["text"], list(_groups(row["lines"]))))
    return [t for texts in found.values() if len(texts) >= _LEAST for t in texts]


def whole_pages(paths: Sequence[str]) -> list[Text]:
    """All text of the pages of sites that have several: {"url", "html", "gold": paragraphs of the body}. Lines are body
    where they are in it, else other; short lines that are in it by chance have no label."""
    found: dict[str, list[Text]] = defaultdict(list)
    for path in paths:
        with gzip.open(path, "rt", encoding="utf-8") as file:
            for row in map(json.loads, file):
                site = cleaner.site_of(row["url"])
                if site and row.get("gold"):
                    found[site].append(_page(site, row["html"], "\n".join(row["gold"])))
    return [t for texts in found.values() if len(texts) >= _LEAST for t in texts]


def _page(site: str, html: str, gold: str) -> Text:
    body = " ".join(gold.split())
    text, pieces = "", []
    for line in _seen(html):
        if line not in body:
            pieces.append((len(text), len(text) + len(line), "other"))
        elif len(line) >= _TELLING:
            pieces.append((len(text), len(text) + len(line), "body"))
        text += line + "\n"
    return Text(site, text, pieces)


def _seen(html: str) -> list[str]:
    """The lines of a page."""
    import lxml.html

    tree = lxml.html.document_fromstring(html.encode(), parser=lxml.html.HTMLParser(encoding="utf-8"))
    for element in list(tree.iter(*_UNSEEN)):
        element.drop_tree()
    for element in tree.iter(*_BLOCKS):
        element.text, element.tail = f"\n{element.text or ''}", f"\n{element.tail or ''}"
    lines = (" ".join(line.split()) for line in str(tree.text_content()).split("\n"))
    return [line for line in lines if line]


def _groups(lines: Sequence[tuple[int, int, str]]) -> Iterator[tuple[int, int, str]]:
    for start, end, label in lines:
        group = "boilerplate" if label in BOILERPLATE else "furniture" if label in FURNITURE else label
        if group in ("body", "boilerplate", "furniture"):
            yield start, end, group


def removed(texts: Sequence[Text], options: cleaner.Options) -> dict[str, float]:
    """Share of characters removed, by label."""
    size: Counter[str] = Counter()
    gone: Counter[str] = Counter()
    results = cleaner.segment_many((t.text for t in texts), sites=(t.site for t in texts), options=options)
    for text, result in zip(texts, results, strict=True):
        mask = np.repeat(result.gone, np.diff(result.table.ends, prepend=0))
        for start, end, label in text.pieces:
            size[label] += end - start
            gone[label] += int(mask[start:end].sum())
    return {label: gone[label] / n for label, n in sorted(size.items()) if n}


def measure(texts: Sequence[Text]) -> None:
    """Print both."""
    pages = [Page(t.site, t.text, i) for i, t in enumerate(texts)]
    with tempfile.TemporaryDirectory() as folder:
        path = str(Path(folder) / "sites.db")
        start, used = time.perf_counter(), time.process_time()
        found = learn(lambda: pages, path)
        wall, cpu = time.perf_counter() - start, time.process_time() - used
        profile = cleaner.Profile.load(path)
    size = sum(len(t.text.encode()) for t in texts) / 1e6
    print(f"{found.pages:,} pages of {found.sites:,} sites, {size:.1f} MB; {found.units:,} units kept")
    print(f"learning: {size / wall:.1f} MB/s, {size / cpu:.1f} MB a second of processor time")
    before, after = removed(texts, cleaner.Options()), removed(texts, cleaner.Options(profile=profile))
    print(f"\n{'share removed':16}{'without':>10}{'with':>10}")
    for label in before:
        print(f"{label:16}{before[label]:10.5f}{after[label]:10.5f}")


def main(argv: Sequence[str] | None = None) -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="sites", description=(__doc__ or "").split("\n", maxsplit=1)[0])
    parser.add_argument("--sites", type=int, default=200)
    parser.add_argument("--pages", type=int, default=20, help="of each site")
    parser.add_argument("--gold", nargs="+", metavar="GOLD", help="labelled texts instead")
    parser.add_argument("--html", nargs="+", metavar="PAGES", help="whole pages instead")
    args = parser.parse_args(argv)
    print(f"{provenance.code()}, {provenance.machine()}\n{provenance.command()}\n")
    if args.html:
        measure(whole_pages(args.html))
    else:
        measure(labelled(args.gold) if args.gold else generated(args.sites, args.pages))
    return 0


if __name__ == "__main__":
    sys.exit(main())
