"""The evidence in a page: names as whole words, columns, what trafilatura picks."""

from __future__ import annotations

import numpy as np
import pytest

from cleaner.page.head import read_head
from cleaner.page.names import GROUPS, name_bits, names_bits
from cleaner.page.overlap import covered, match, words_of
from cleaner.page.picked import not_asked, pick, picked
from cleaner.page.tree import Page, parse, read_page

PARAGRAPH = "The harbour master counted the boats twice that evening, and both times there was one too many of them."


def groups(bits: int) -> set[str]:
    return {g for i, g in enumerate(GROUPS) if bits >> i & 1}


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("barber-story", {"content"}),
        ("meta-analysis", set()),
        ("premium-wine", set()),
        ("tags-guide", set()),
        ("sharecropper", set()),
        ("headphones", set()),
        ("navel", set()),
        ("ad", {"advert"}),
        ("adBox", {"advert"}),
        ("entry-meta", {"meta"}),
        ("post__tags", {"tags"}),
        ("nyt-share-tools", {"share", "tools"}),
        ("ShareBar_root__aB3x9", {"share"}),
        ("read-more", {"related"}),
        ("wp-caption", {"caption"}),
        ("sr-only", {"hidden"}),
        ("md:hidden", set()),
        ("commentList", {"comment"}),
        ("css-1abc23", set()),
    ],
)
def test_a_name_counts_by_whole_words_read_from_its_end(name: str, expected: set[str]) -> None:
    assert groups(name_bits(name)) == expected


def test_the_subjects_of_a_post_are_not_its_kind() -> None:
    assert groups(names_bits("post hentry tag-donations category-newsletter")) == {"content"}
    assert "donation" in groups(names_bits("box-donations"))


def page() -> Page:
    return read_page(
        f"""<html><head><title>One boat too many - Courier</title>
        <meta property="og:title" content="One boat too many">
        <script type="application/ld+json">{{"@type": "NewsArticle", "isAccessibleForFree": "False",
        "articleBody": "{PARAGRAPH}", "hasPart": {{"isAccessibleForFree": false, "cssSelector": ".rest"}}}}</script>
        </head><body><nav class="main-menu"><a href="/">Home</a> <a href="/boats">Boats</a></nav>
        <main><article class="barber-story"><h1>One boat too many</h1><p>{PARAGRAPH}</p>
        <div class="newsletter-signup"><p>Get the harbour letter</p></div>
        <p>{PARAGRAPH.replace("evening", "morning")}</p><p class="rest">{PARAGRAPH.replace("boats", "gulls")}</p>
        </article></main><footer><p>Copyright Courier</p></footer></body></html>"""
    )


def test_columns_say_what_the_tree_holds() -> None:
    p = page()
    columns = p.columns
    assert p.text.split("\n")[0] == "Home Boats"
    assert {len(c) for c in columns.values()} == {len(p)} == {7}
    assert {c.dtype for c in columns.values()} == {np.dtype(np.uint8)}
    assert columns["linked"][0] > 55
    assert columns["links"][0] > columns["links"][1] == 0
    assert columns["name_nav"][0] == 64
    assert columns["place_nav"][0] == 64
    assert columns["tag_h1"].tolist() == [0, 64, 0, 0, 0, 0, 0]
    assert columns["is_title"].tolist() == [0, 64, 0, 0, 0, 0, 0]
    assert columns["in_body"][2] == 64
    assert columns["paid"].all()
    assert columns["in_paid_part"].tolist() == [0, 0, 0, 0, 0, 64, 0]
    assert columns["name_newsletter"].tolist() == [0, 0, 0, 48, 0, 0, 0]
    assert columns["best1_between"].tolist() == [0, 0, 64, 64, 64, 64, 0]
    assert columns["place_footer"][6] == 48


def test_columns_are_the_same_for_any_page() -> None:
    assert list(read_page("").columns) == list(page().columns)
    assert list(read_page("<p>One.").columns) == list(page().columns)


def test_head_takes_broken_json_for_nothing() -> None:
    head = read_head(parse('<script type="application/ld+json">{"articleBody": </script><p>x'))
    assert head.body == ""
    assert head.free is None


def test_runs_of_words_do_not_reach_over_lines() -> None:
    lines = words_of("one two three\nfour five six\nseven eight nine ten")
    other = words_of("one two three four five six seven eight nine ten")
    assert covered(lines, other).tolist() == [0, 0, 64]


def test_a_short_line_is_found_only_where_it_stands() -> None:
    long = [f"{w} went down to the river and looked for a boat" for w in ("Ada", "Ben", "Cy")]
    lines = words_of("\n".join(["Share", long[0], "Share", long[1], long[2], "Share"]))
    other = words_of("\n".join([long[0], long[1], long[2], "Share"]))
    found = match(lines, other)
    assert found.share.tolist() == [0, 64, 0, 64, 64, 64]
    assert found.ordered.tolist() == [0, 64, 0, 64, 64, 64]


@pytest.mark.parametrize("fast", [True, False])
def test_what_trafilatura_picks(fast: bool) -> None:
    p = page()
    before = p.root.xpath("count(//*)"), p.path(40)
    found = picked(p, fast=fast)
    assert found.columns["picked"][2] == 64
    assert found.columns["picked"][0] == found.columns["picked"][6] == 0
    assert found.columns["picked_known"].all()
    assert (p.root.xpath("count(//*)"), p.path(40)) == before
    assert list(not_asked(p).columns) == list(found.columns)
    assert not np.any(list(not_asked(p).columns.values()))


def test_a_page_without_anything_gives_nothing_to_pick() -> None:
    assert pick(read_page("<p>")) is None
    assert not picked(read_page("<p>")).columns["picked_some"].any()
