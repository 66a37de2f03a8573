"""Pages to text: lines, white space, what is left out, the way back, charsets, and pages in any state."""

from __future__ import annotations

import contextlib
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml.html import HTMLParser, document_fromstring

from cleaner.page.charset import decode_page
from cleaner.page.errors import PageError
from cleaner.page.html import page_html
from cleaner.page.markdown import page_markdown
from cleaner.page.tree import Page, read_page
from cleaner.page.walk import BLOCK, BR, GAP, NEWLINE

PAGES = sorted((Path(__file__).parent.parent / "fixtures" / "pages").glob("*.html"))
LONG = "The harbour master counted the boats twice, and both times there was one too many of them in the basin. "


def lines(html: str) -> list[str]:
    return read_page(html).text.split("\n")


# Lines and white space


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("<p>One\n  two\t <b>three</b> four</p>", ["One two three four"]),
        ("<p>One<b> two </b>three<i>four</i></p>", ["One two threefour"]),
        ("<div>One<p>two</p>three</div>", ["One", "two", "three"]),
        ("<ul><li>One<ul><li>two</ul><li>three</ul>", ["One", "two", "three"]),
        ("<p>One<br>two<br/><br>three</p>", ["One", "two", "three"]),
        ("<p>One<hr>two", ["One", "two"]),
        ("<p>Bras\u00adse\u200brie</p>", ["Brasserie"]),
        ("<p>Bras&shy;serie</p>", ["Brasserie"]),
        ("<p>10&nbsp;km&nbsp;</p>", ["10\u00a0km"]),
        ("<a href=1>One</a><a href=2>two</a>", ["One two"]),
        ("<p>a&#8232;b&#x85;c</p>", ["a b…c"]),
        ("<dl><dt>One<dd>two</dl>", ["One", "two"]),
        ("<details><summary>One</summary>two</details>", ["One", "two"]),
        ("<button>One</button><button>two</button>", ["One", "two"]),
        ("<p>One<button>1</button> two", ["One1 two"]),
        ("<pre>\n a\n\n  b <b>c</b>\n</pre>d", [" a", "", "  b c", "d"]),
        ("<p>a</p><pre>  x\r\n  y</pre>", ["a", "  x", "  y"]),
        ("plain text\n  with lines\n\nand 1 < 2 & 3", ["plain text", "  with lines", "", "and 1 < 2 & 3"]),
    ],
)
def test_lines_are_those_that_a_reader_sees(html: str, expected: list[str]) -> None:
    assert lines(html) == expected


def test_what_stands_between_lines_is_known() -> None:
    page = read_page("<p>a<br>b<br><br>c</p><pre>d\ne</pre>")
    assert page.line_break.tolist() == [BLOCK, BR, GAP, BLOCK, NEWLINE]


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("<table><tr><th>A<th>B<tr><td>1<td>2</table>", ["A\tB", "1\t2"]),
        ("<table><tr><th><th>A<th>B<tr><td>x<td><td>2</table>", ["\tA\tB", "x\t\t2"]),
        ("<table><tr><td><p>A</p><p>a</p><td>B<tr><td>1<br>2<td>3</table>", ["A a\tB", "1 2\t3"]),
        (f"<table><tr><td>Menu<td><p>{LONG * 6}</p></table>", ["Menu", (LONG * 6).strip()]),
        ("<table role=presentation><tr><td>a<td>b<tr><td>c<td>d</table>", ["a", "b", "c", "d"]),
        ("<table><tr><td><pre>1\n2</pre><td><pre>a\nb</pre><tr><td>x<td>y</table>", ["1", "2", "a", "b", "x", "y"]),
    ],
)
def test_rows_of_data_are_lines_and_layout_is_not(html: str, expected: list[str]) -> None:
    assert lines(html) == expected


# What is left out


@pytest.mark.parametrize(
    "part",
    [
        "<script>x</script>", "<style>x</style>", "<template><p>x</template>", "<noscript>x</noscript>",
        "<svg><title>x</title><text>x</text></svg>", "<select><option>x</select>", "<iframe>x</iframe>",
        "<object>x</object>", "<p hidden>x</p>", "<p aria-hidden=true>x</p>", "<p style='display: NONE'>x</p>",
        "<p style='color:red;visibility:hidden'>x</p>", "<video>x</video>", "<datalist><option>x</datalist>",
        "<div id=onetrust-consent-sdk><p>x cookies</p></div>", "<div class='cookie-banner fixed'>x cookies</div>",
        "<div role=dialog>x consent to cookies</div>", "<!-- x -->", "<?php x ?>", "<audio>x</audio>",
        "<math><annotation>x</annotation></math>", "<textarea hidden>x</textarea>", "<title>x</title>",
    ],
)  # fmt: skip
def test_what_no_reader_sees_is_left_out(part: str) -> None:
    assert lines(f"<p>{LONG * 3}</p>{part}<p>End</p>") == [(LONG * 3).strip(), "End"]


@pytest.mark.parametrize(
    "part",
    [
        "<nav>x</nav>", "<footer>x</footer>", "<aside>x</aside>", "<form>x</form>", "<div role=dialog>x, we met</div>",
        "<div class='cookie-recipe'>x</div>", "<p style='content-visibility:auto'>x</p>", "<main hidden>x</main>",
        "<div hidden id='S:1'>x</div>", "<article style='display:none'>x</article>", "<math><mi>x</mi></math>",
        "<p class=hidden>x</p>",
    ],
)  # fmt: skip
def test_everything_else_stays_to_be_judged(part: str) -> None:
    assert lines(f"<p>{LONG * 3}</p>{part}<p>End</p>")[1][0] == "x"


def test_an_initial_set_large_is_no_icon() -> None:
    assert lines("<p><span aria-hidden=true>T</span>he tide</p>") == ["The tide"]
    assert lines("<p><span aria-hidden=true>★</span> tide</p>") == ["tide"]


def test_a_page_that_hides_all_it_has_is_read_anyway() -> None:
    assert lines(f"<div style='display:none'><p>{LONG * 4}</p></div>") == [(LONG * 4).strip()]
    assert lines(f"<noscript><p>{LONG * 4}</p></noscript>") == [(LONG * 4).strip()]
    assert lines("<p hidden>x</p><p>y") == ["y"]


# The way back


def check(page: Page, html: str) -> None:
    """The laws of a page's text: pieces and lines are in order, and every line's path finds its element."""
    starts = page.line_start.tolist()
    assert page.text == "\n".join(page.text[a:b] for a, b in zip(starts, page.line_end.tolist(), strict=True))
    assert starts == sorted(starts)
    assert page.text.count("\n") == max(len(page) - 1, 0)
    assert page.pieces.start.tolist() == sorted(page.pieces.start.tolist())
    assert all(len(column) == len(page) for column in page.columns.values())
    again = document_fromstring(html, parser=HTMLParser(huge_tree=True, encoding="utf-8"))
    for start, element in zip(starts, page.element, strict=True):
        found = again.xpath(page.path(start))
        assert len(found) == 1
        assert found[0].tag == element.tag
        assert dict(found[0].attrib) == dict(element.attrib)


@pytest.mark.parametrize("path", PAGES, ids=lambda p: p.stem)
def test_paths_find_their_elements_again(path: Path) -> None:
    html = path.read_text("utf-8")
    check(read_page(html), html)


@pytest.mark.parametrize("path", PAGES, ids=lambda p: p.stem)
def test_every_character_is_in_the_element_it_is_said_to_be_in(path: Path) -> None:
    page = read_page(path.read_text("utf-8"))
    ends = [*page.pieces.start.tolist()[1:], len(page.text)]
    for start, end, owner in zip(page.pieces.start.tolist(), ends, page.pieces.owner.tolist(), strict=True):
        inside = " ".join("".join(page.nodes.element[owner].itertext()).split())
        assert " ".join(page.text[start:end].split()) in inside


def test_names_with_colons_are_found_by_place() -> None:
    html = "<div><o:p>x</o:p><st1:place><p>one<p>two</st1:place><x-y><p>three</x-y></div>"
    page = read_page(html)
    check(page, html)
    assert page.path(page.text.index("two")) == "/html/body/div/*[2]/p[2]"


_PART = st.sampled_from(
    (
        "<p>", "</p>", "<div>", "</div>", "<b>", "</b>", "<br>", "<hr>", "<ul>", "<li>", "</ul>", "<table>", "<tr>",
        "<td>", "</table>", "<pre>", "</pre>", "<a href=x>", "</a>", "<script>", "</script>", "<!-- -->", "text",
        "more\ntext", "&", "&amp;", "&nbsp;", "<span hidden>", "</span>", "<h1>", "</h1>", "<", ">", "\x00", "é", "字",
        "<svg>", "</svg>", "<select>", "<form>", "<template>", "<frameset>", "<style>", "</style>", "<title>",
        "</title>", "</body>", "</html>", " ",
    )
)  # fmt: skip


@given(st.lists(_PART, max_size=40).map("".join))
def test_any_soup_has_a_text_and_paths(html: str) -> None:
    page = read_page(html)
    assert page.text.count("\n") == max(len(page) - 1, 0)
    for start in page.line_start.tolist():
        assert page.root.xpath(page.path(start))


# Charsets


@pytest.mark.parametrize(
    ("data", "hint"),
    [
        ("<p>Grüße aus Łódź".encode("utf-8-sig"), None),
        ("<p>Grüße aus Łódź".encode("utf-16"), None),
        ("<p>Grüße aus Łódź".encode(), None),
        ("<p>Grüße aus Łódź".encode("iso8859-2"), "text/html; charset=iso-8859-2"),
        ("<p>Grüße aus Łódź".encode("iso8859-2"), "ISO-8859-2"),
        ("<meta charset=iso-8859-2><p>Grüße aus Łódź".encode("iso8859-2"), None),
        (
            "<meta http-equiv=Content-Type content='text/html; charset=iso-8859-2'><p>Grüße aus Łódź".encode("latin2"),
            None,
        ),
        ("<?xml version='1.0' encoding='iso-8859-2'?><p>Grüße aus Łódź".encode("latin2"), None),
        ("<meta charset=iso-8859-2><p>Grüße aus Łódź".encode(), None),  # not what it says
        ("<meta charset=utf-8><p>Grüße aus Łódź".encode("latin2"), "iso-8859-2"),
        ("<meta charset=nonsense><p>Grüße aus Łódź".encode(), "text/html; charset=no-such"),
    ],
)
def test_bytes_are_read_as_what_they_are(data: bytes, hint: str | None) -> None:
    assert "Grüße aus Łódź" in decode_page(data, hint)


def test_latin_1_means_what_browsers_mean_by_it() -> None:
    assert "“so”" in decode_page("<meta charset=iso-8859-1><p>“so” é".encode("cp1252"))


def test_a_page_cut_in_the_middle_of_a_character_keeps_its_charset() -> None:
    data = ("<meta charset=utf-8><p>" + "Grüße " * 50).encode() + "é".encode()[:1]
    assert decode_page(data).startswith("<meta charset=utf-8><p>Grüße ")


@pytest.mark.parametrize("data", [bytes(range(256)) * 4, b"\xff\xfe<", b"<p>" + b"\x81\x8d\x8f" * 40, b"\x00<p>a"])
def test_no_bytes_that_may_be_a_page_make_it_fail(data: bytes) -> None:
    with contextlib.suppress(PageError):
        read_page(decode_page(data))


@pytest.mark.parametrize("data", [b"%PDF-1.7\n%\xe2\xe3", b"\x89PNG\r\n\x1a\n", b"PK\x03\x04aaaa", b"\x1f\x8b\x08\x00"])
def test_what_is_no_page_is_refused_in_one_line(data: bytes) -> None:
    with pytest.raises(PageError, match="not HTML"):
        decode_page(data)


# Pages in any state


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("", ""),
        (" \n ", ""),
        ("<", "<"),
        ("<html>", ""),
        ("<p>a\x00b", "ab"),
        ("<p>one<p>two", "one\ntwo"),
        ("<td>one</td><td>two", "one\ntwo"),
        ("<li>one<li>two", "one\ntwo"),
        ("<p>one</p></body></html><p>two</p>" + "<!-- later -->" * 20, "one\ntwo"),
        ("<p>one</p><p>tw", "one\ntw"),
        ("<p>one</p><p class='unfinish", "one"),
        ("<?xml version='1.0' encoding='utf-8'?><html><body><p>é</p></body></html>", "é"),
        ("\ud800<p>one", "?\none"),
    ],
)
def test_pages_in_any_state(html: str, text: str) -> None:
    assert read_page(html).text == text


@pytest.mark.parametrize("tag", ["div", "span", "b", "ul", "table", "blockquote", "a href=x", "font"])
def test_a_hundred_thousand_nested_elements(tag: str) -> None:
    began = time.perf_counter()
    page = read_page(f"<p>Before.</p>{f'<{tag}>' * 100_000}deep")
    assert page.text.startswith("Before.")
    assert page.columns
    assert time.perf_counter() - began < 20


@pytest.mark.parametrize(
    "html",
    [
        "<div aria-hidden=true>" * 2000 + "word " * 100_000,
        "<div class=cookie-banner>" * 2000 + "word " * 100_000,
        "<b>" * 2000 + "<br>x" * 15_000,
        "<a href=x>" + "<div>" * 2000 + "<br>x" * 15_000,
        "<ul><li>" * 1000 + "<br>x" * 15_000,
        "<blockquote>" * 2000 + "<p>x" * 15_000,
        "<table><tr><td>" * 600 + "<td>x" * 15_000,
        "<div>" + "<p>x</p>" * 20_000,
        "<table>" + "<tr><td>x<td>y" * 15_000,
        "<a href=x>x</a>" * 20_000,
    ],
    ids=lambda h: h[:14],
)
def test_time_is_linear_in_the_page(html: str) -> None:
    began = time.perf_counter()
    page = read_page(html)
    assert page.columns
    whole = [(0, len(page.text))]
    assert isinstance(page_html(page, whole) + page_markdown(page, whole), str)
    assert [page.path(a) for a in page.line_start.tolist()]
    assert time.perf_counter() - began < 30


def test_five_megabytes_of_nested_tags_and_attributes() -> None:
    html = "<div class='a b c' id=x style='color:red'><p>word</p>" * 100_000
    assert len(html) > 5_000_000
    began = time.perf_counter()
    assert read_page(html).text.startswith("word\nword")
    assert time.perf_counter() - began < 20
