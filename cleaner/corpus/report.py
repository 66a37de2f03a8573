"""What a run found, as numbers for programs (stats.json) and as a page for people (report.html): one file that needs
nothing else, in which all that comes from the corpus is escaped."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape
from pathlib import Path
from typing import Any

from ..io import visible
from ..kinds import BOILERPLATE, FURNITURE, KINDS
from .stats import BINS, Stats

_SITES, _LINES = 40, 80
_SITES_KEPT, _LINES_KEPT = 1_000, 1_000
_COLOURS = (
    "#8a8f94", "#5b8db8", "#5a9ea0", "#6aa377", "#a39a5a", "#9a8fb8",
    "#d9534f", "#d39a1e", "#3f86d8", "#9160d0", "#2f9c95", "#1f9ccf", "#5aa845", "#e07b28", "#a97b50", "#cf5568",
    "#707c9c", "#cf6aa5",
)  # fmt: skip
"""One for each kind, in their order."""
_POLICY = "default-src 'none'; style-src 'unsafe-inline'"


def totals(stats: Stats) -> dict[str, Any]:
    """The counts as JSON values; docs/corpus.md says what each is."""
    sites = sorted(stats.sites.items(), key=lambda x: (-x[1][1], x[0]))[:_SITES_KEPT]
    lines = sorted(stats.lines.items(), key=lambda x: (-x[1], x[0]))[:_LINES_KEPT]
    names = ("documents", "changed", "empty", "rejected", "characters", "removed")
    return {
        **{name: getattr(stats, name) for name in names},
        "kinds": {
            str(k): dict(zip(("spans", "characters", "removed"), stats.kinds[k], strict=True))
            for k in KINDS
            if k in stats.kinds
        },
        "sites": {s: dict(zip(("documents", "characters", "removed"), c, strict=True)) for s, c in sites},
        "lengths": {"before": stats.before, "after": stats.after},
        "lines": [{"kind": k, "text": t, "count": n} for (k, t), n in ((key.split("\t", 1), n) for key, n in lines)],
        "most": [{k: v for k, v in m.items() if k not in ("pieces", "draw")} for m in stats.most],
    }


def html(stats: Stats) -> str:
    """The page."""
    style = (Path(__file__).parent.parent / "data" / "report.css").read_text("utf-8")
    colours = "".join(f".k-{kind}{{--k:{colour}}}" for kind, colour in zip(KINDS, _COLOURS, strict=True))
    sections = (
        _tiles(stats),
        _section("By kind", "Share of all characters, and what of it was removed.", _kinds(stats)),
        _section("By site", f"The {_SITES} sites with most text.", _sites(stats)),
        _section("Lengths", "Documents by characters, before and after.", _lengths(stats)),
        _section(
            "What was removed most often", "White space folded, long lines cut; very rare ones are left out.",
            _lines(stats),
        ),
        _section(
            "Samples to read", "Drawn at random among the documents that lost something; removed text is marked.",
            _legend(stats) + _documents(stats.samples),
        ),
        _section("Documents that lost most", "Look here first for what should have stayed.", _documents(stats.most)),
    )  # fmt: skip
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>cleaner corpus</title>\n<style>{style}{colours}</style></head>\n<body><main>\n"
        f"<h1>What was removed</h1>\n{''.join(sections)}</main></body></html>\n"
    )


def _safe(text: object) -> str:
    """Text that is shown and never obeyed."""
    return escape(visible(str(text)))


def _section(title: str, about: str, content: str) -> str:
    return f'<section><h2>{title}</h2><p class="about">{about}</p>{content}</section>\n'


def _share(part: float, whole: float) -> str:
    return f"{part / whole:.1%}" if whole else "–"


def _tiles(stats: Stats) -> str:
    tiles = (
        (f"{stats.documents:,}", "documents cleaned"),
        (f"{stats.changed:,}", f"lost something, {_share(stats.changed, stats.documents)}"),
        (f"{stats.characters:,}", "characters"),
        (_share(stats.removed, stats.characters), f"removed, {stats.removed:,} characters"),
        (f"{stats.rejected:,}", "rejected, see rejects.jsonl"),
    )
    return (
        f'<div class="tiles">{"".join(f"<div class=tile><b>{a}</b><span>{b}</span></div>" for a, b in tiles)}</div>\n'
    )


def _table(heads: str, rows: Iterable[str]) -> str:
    body = "".join(rows)
    if not body:
        return '<div class="scroll"><div class="none">Nothing.</div></div>'
    return f'<div class="scroll"><table><thead><tr>{heads}</tr></thead><tbody>{body}</tbody></table></div>'


def _track(kept: float, gone: float, whole: float) -> str:
    """A bar of two parts. Widths are of our own numbers."""
    if not whole:
        return '<div class="track"></div>'
    return (
        f'<div class="track"><i style="width:{100 * kept / whole:.2f}%"></i>'
        f'<i class="gone" style="width:{100 * gone / whole:.2f}%"></i></div>'
    )


def _chip(kind: str) -> str:
    return f'<span class="chip k-{kind}">{kind.replace("_", " ")}</span>'


def _kinds(stats: Stats) -> str:
    largest = max((c for k, (_, c, _) in stats.kinds.items() if k != "body"), default=0)
    heads = "<th>kind<th>spans<th>characters<th>share<th>removed<th class=text>removed and kept (body apart)"

    def row(kind: str) -> str:
        spans, characters, removed = stats.kinds[kind]
        meter = "" if kind == "body" else _track(characters - removed, removed, largest)
        cells = f"<td>{spans:,}<td>{characters:,}<td>{_share(characters, stats.characters)}<td>{removed:,}"
        return f"<tr><td>{_chip(kind)}{cells}<td class=meter>{meter}"

    return _table(heads, (row(str(k)) for k in (KINDS[0], *FURNITURE, *BOILERPLATE) if str(k) in stats.kinds))


def _sites(stats: Stats) -> str:
    heads = "<th>site<th>documents<th>characters<th>removed<th class=text>share removed"
    sites = sorted(stats.sites.items(), key=lambda x: (-x[1][1], x[0]))[:_SITES]
    return _table(
        heads,
        (
            f"<tr><td>{_safe(site)}<td>{n:,}<td>{chars:,}<td>{_share(gone, chars)}"
            f"<td class=meter>{_track(0, gone, chars)}"
            for site, (n, chars, gone) in sites
        ),
    )


def _lengths(stats: Stats) -> str:
    used = [i for i in range(BINS) if stats.before[i] or stats.after[i]]
    if not used:
        return '<div class="scroll"><div class="none">Nothing.</div></div>'
    bins = range(used[0], used[-1] + 1)
    top = max(*stats.before, *stats.after)
    bars = "".join(
        f'<div><i style="height:{100 * stats.before[i] / top:.1f}%"></i>'
        f'<i class="after" style="height:{100 * stats.after[i] / top:.1f}%"></i></div>'
        for i in bins
    )
    ticks = "".join(f"<span>{'0' if i == 0 else f'≥ {1 << (i - 1):,}'}</span>" for i in bins)
    key = '<p class="key"><i></i>before<i class="after"></i>after</p>'
    return f'<div class="scroll"><div class="columns">{bars}</div><div class="ticks">{ticks}</div></div>{key}'


def _lines(stats: Stats) -> str:
    lines = sorted(stats.lines.items(), key=lambda x: (-x[1], x[0]))[:_LINES]
    heads = "<th>times<th class=text>kind<th class=text>text"

    def row(key: str, count: int) -> str:
        kind, text = key.split("\t", 1)
        return f"<tr><td>{count:,}<td class=kind>{_chip(kind)}<td class=text>{_safe(text)}"

    return _table(heads, (row(key, n) for key, n in lines))


def _legend(stats: Stats) -> str:
    gone = [str(k) for k in KINDS if stats.kinds.get(str(k), [0, 0, 0])[2]]
    return f'<div class="legend">{"".join(map(_chip, gone))}</div>' if gone else ""


def _documents(documents: list[dict[str, Any]]) -> str:
    return "".join(map(_document, documents)) or '<div class="scroll"><div class="none">None.</div></div>'


def _document(one: dict[str, Any]) -> str:
    name = one["url"] or one["id"] or f"{one['file']}, {one['number']}"
    shown = "".join(_piece(*piece) for piece in one["pieces"])
    cut = " …" if sum(len(p[0]) for p in one["pieces"]) < one["characters"] else ""
    share = f"{_share(one['removed'], one['characters'])} of {one['characters']:,} characters"
    return (
        f'<details><summary><span class="what">{_safe(name)}</span><span class="share">{share}</span></summary>'
        f'<div class="article">{shown}{cut}</div></details>'
    )


def _piece(text: str, kind: str, removed: bool) -> str:
    ink = text.rstrip()
    rest = _safe(text[len(ink) :])
    if removed:
        return f'<mark class="k-{kind}" title="{kind.replace("_", " ")}">{_safe(ink)}</mark>{rest}'
    return f'<span class="kept">{_safe(ink)}</span>{rest}' if kind != "body" else _safe(ink) + rest
