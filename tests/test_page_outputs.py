"""Pages as Markdown and as HTML: structure, and that hostile input comes out harmless."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree
from lxml.html import fragment_fromstring
from markdown_it import MarkdownIt

import cleaner
from cleaner.page.escape import text_html, text_markdown
from cleaner.page.html import page_html
from cleaner.page.links import web_address
from cleaner.page.markdown import page_markdown
from cleaner.page.tree import read_page

FOLDER = Path(__file__).parent.parent / "fixtures" / "pages"
URL = "https://example.org/a/b"
ALLOWED = {
    "p", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "li", "dl", "dt", "dd", "table", "caption", "tr", "td", "th",
    "blockquote", "pre", "figure", "figcaption", "img", "br", "a", "strong", "em", "code", "kbd", "samp", "sub", "sup",
    "mark", "del", "ins", "s", "q", "cite", "abbr",
}  # fmt: skip


def html(source: str, url: str | None = None) -> str:
    page = read_page(source, url=url)
    return page_html(page, [(0, len(page.text))])


def markdown(source: str, url: str | None = None) -> str:
    page = read_page(source, url=url)
    return page_markdown(page, [(0, len(page.text))])


@pytest.mark.parametrize(
    ("source", "as_html", "as_markdown"),
    [
        ("<h2>One <i>two</i></h2>", "<h2>One <em>two</em></h2>\n", "## One *two*\n"),
        ("<div><div>One</div>two<br>three</div>", "<p>One</p>\n<p>two<br />three</p>\n", "One\n\ntwo  \nthree\n"),
        ("<p>a<b> bold </b>b", "<p>a <strong>bold</strong> b</p>\n", "a **bold** b\n"),
        ("<p>a<b>b</b>c", "<p>a<strong>b</strong>c</p>\n", "a**b**c\n"),
        ("<p>a<b>b:</b>c", "<p>a<strong>b:</strong>c</p>\n", "ab:c\n"),
        ("<p><b><b>x</b></b>", "<p><strong>x</strong></p>\n", "**x**\n"),
        ("<p>a<br><br>b", "<p>a<br /><br />b</p>\n", "a\n\nb\n"),
        ("<ul><li>a<li>b</ul>", "<ul>\n<li>a</li>\n<li>b</li>\n</ul>\n", "- a\n- b\n"),
        ("<ul><li><a href=/x>a</a></ul>", f'<ul>\n<li><a href="{URL[:19]}/x">a</a></li>\n</ul>\n', "- [a](https://example.org/x)\n"),
        ("<ol start=9><li>a<li>b</ol>", "<ol>\n<li>a</li>\n<li>b</li>\n</ol>\n", "9. a\n10. b\n"),
        ("<ol><li>a<ul><li>b</ul></ol>", "<ol>\n<li>a<ul>\n<li>b</li>\n</ul>\n</li>\n</ol>\n", "1. a\n   - b\n"),
        ("<li>a", "<p>a</p>\n", "a\n"),
        ("<blockquote>a<p>b</blockquote>", "<blockquote>\n<p>a</p>\n<p>b</p>\n</blockquote>\n", "> a\n>\n> b\n"),
        ("<pre><code class=language-py>a\n\n b</code></pre>", "<pre>a\n\n b</pre>\n", "```py\na\n\n b\n```\n"),
        ("<pre>```\n</pre>", "<pre>```</pre>\n", "````\n```\n````\n"),
        ("<p><code>a`b</code>", "<p><code>a`b</code></p>\n", "``a`b``\n"),
        ("<table><tr><th>A<th><tr><td>1<td>2|3</table>",
         "<table>\n<tr><th>A</th><th></th></tr>\n<tr><td>1</td><td>2|3</td></tr>\n</table>\n",
         "| A |  |\n| --- | --- |\n| 1 | 2\\|3 |\n"),
        ("<figure><img src=a.png alt='x \"y\"'><figcaption>c</figcaption></figure>",
         '<figure>\n<img src="https://example.org/a/a.png" alt="x &quot;y&quot;" />\n<figcaption>c</figcaption>\n'
         "</figure>\n",
         "![x \"y\"](https://example.org/a/a.png)\n\nc\n"),
        ("<p>a</p><img data-src=a.png src=data:x><p>b</p>",
         '<p>a</p>\n<img src="https://example.org/a/a.png" alt="" />\n<p>b</p>\n',
         "a\n\n![](https://example.org/a/a.png)\n\nb\n"),
        ("<p>a</p><img src=a.png width=1><p>b</p>", "<p>a</p>\n<p>b</p>\n", "a\n\nb\n"),
        ("<a href=/x><h3>a</h3></a>", '<h3><a href="https://example.org/x">a</a></h3>\n', "### [a](https://example.org/x)\n"),
        ("<p>1. a<br># b<br>- c<br>+ d<br>> e", "<p>1. a<br /># b<br />- c<br />+ d<br />&gt; e</p>\n",
         "1\\. a  \n\\# b  \n\\- c  \n\\+ d  \n\\> e\n"),
        ("<p>&lt;b&gt; &amp;amp; *a* _b_ [c](d) `e` ~f~", "<p>&lt;b&gt; &amp;amp; *a* _b_ [c](d) `e` ~f~</p>\n",
         "\\<b> \\&amp; \\*a\\* \\_b\\_ \\[c\\](d) \\`e\\` \\~f\\~\n"),
    ],
)  # fmt: skip
def test_structures(source: str, as_html: str, as_markdown: str) -> None:
    assert html(source, URL) == as_html
    assert markdown(source, URL) == as_markdown


def test_only_what_is_kept_is_written() -> None:
    page = read_page("<ul><li>one two three</ul><p>gone<p>a <b>bold word</b> here</p>")
    kept = [
        (0, 3),
        (7, 13),
        (page.text.index("a bold"), page.text.index(" word")),
        (page.text.index("here"), len(page.text)),
    ]
    assert page_html(page, kept) == "<ul>\n<li>one three</li>\n</ul>\n<p>a <strong>bold</strong> here</p>\n"
    assert page_markdown(page, kept) == "- one three\n\na **bold** here\n"


def test_pictures_go_with_what_is_around_them() -> None:
    page = read_page("<p>a</p><img src=/1.png><p>b</p><img src=/2.png><p>c</p><figure><img src=/3.png></figure><p>d")
    kept = [(0, 4), (page.text.index("d"), len(page.text))]
    assert re.findall(r"\d\.png", page_html(page, kept)) == ["1.png", "3.png"]


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.html")), ids=lambda p: p.stem)
def test_markdown_reads_back_as_the_text(path: Path) -> None:
    page = read_page(path.read_text("utf-8"))
    rendered = MarkdownIt("commonmark").enable("table").render(markdown(path.read_text("utf-8")))
    text = "".join(fragment_fromstring(rendered, create_parent="div").itertext())
    assert re.findall(r"\w+", text) == re.findall(r"\w+", page.text)


_SIGNS = st.text(alphabet="ab 1.)#>*_`[]()!<&;|~\\-+=:\n\té字", min_size=1, max_size=40)


@given(_SIGNS)
def test_any_text_reads_back_from_markdown(text: str) -> None:
    source = "<p>" + text.replace("&", "&amp;").replace("<", "&lt;")
    page = read_page(source)
    rendered = (
        MarkdownIt("commonmark").enable(["table", "strikethrough"]).render(page_markdown(page, [(0, len(page.text))]))
    )
    again = "".join(fragment_fromstring(rendered, create_parent="div").itertext())
    assert again.split() == page.text.split()


@given(_SIGNS)
def test_any_text_reads_back_from_the_markdown_and_html_of_a_text(text: str) -> None:
    for rendered in (MarkdownIt("commonmark").render(text_markdown(text)), text_html(text)):
        assert "".join(fragment_fromstring(rendered, create_parent="div").itertext()).split() == text.split()


# Safety

_HOSTILE = (
    "<p onclick=alert(1)>x</p>", "<a href=javascript:alert(1)>x</a>", "<a href='JaVa\tScRiPt:alert(1)'>x</a>",
    "<a href=' javascript&colon;alert(1)'>x</a>", "<a href='\x01javascript:alert(1)'>x</a>", "<a href=vbscript:x>x</a>",
    "<a href='data:text/html,<script>alert(1)</script>'>x</a>", "<a href='java&#0;script:alert(1)'>x</a>",
    "<img src=x onerror=alert(1)>", "<img src=javascript:alert(1)>", "<img src='data:image/svg+xml,<svg onload=x>'>",
    "<img src='x\" onerror=\"alert(1)'>", "<img src=x alt='\"><script>alert(1)</script>'>",
    "<iframe srcdoc='<script>alert(1)</script>'></iframe>", "<svg><script>alert(1)</script></svg>",
    "<math><mi href=javascript:alert(1)>x</mi></math>", "<form action=javascript:alert(1)><input></form>",
    "<p style='background:url(javascript:alert(1))'>x</p>", "<object data=x></object>", "<embed src=x>",
    "<link rel=stylesheet href=x>", "<base href='javascript:alert(1)//'><a href=x>x</a>", "<meta http-equiv=refresh>",
    "<p>&lt;script&gt;alert(1)&lt;/script&gt;</p>", "<pre>&lt;/pre&gt;&lt;script&gt;x</pre>",
    "<xmp><script>x</script></xmp>",
    "<table><tr><td onclick=x>&lt;b onx=1&gt;<td>2<tr><td>3<td>4</table>", "<a href='//evil.example\"onx=\"'>x</a>",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>x", "<textarea></p><script>x</script></textarea>",
    "<x-y onx=1>x</x-y>", "<a href=\"https://a.example/?q='&quot;><script>\">x</a>",
    "<title><script>x</script></title>",
)  # fmt: skip


@pytest.mark.parametrize("hostile", _HOSTILE)
def test_hostile_input_comes_out_harmless(hostile: str) -> None:
    for url in (None, URL, "javascript:alert(1)"):
        check_harmless(html(f"<p>before</p>{hostile}<p>after</p>", url))
        rendered = MarkdownIt("commonmark").render(markdown(f"<p>before</p>{hostile}<p>after</p>", url))
        check_addresses(fragment_fromstring(rendered, create_parent="div"))
        assert not re.search(r"<(script|iframe|svg|form|object|b\b|x-y)", rendered)


def check_harmless(written: str) -> None:
    tree = etree.fromstring(f"<div>{written}</div>")  # well-formed, or this fails
    for el in tree.iterdescendants():
        assert el.tag in ALLOWED
        assert set(el.attrib) <= {"a": {"href"}, "img": {"src", "alt"}}.get(el.tag, set())
    check_addresses(tree)


def check_addresses(tree: etree._Element) -> None:
    for name in ("href", "src"):
        for address in tree.xpath(f"//@{name}"):
            assert not re.match(r"(?!https?:|mailto:)[^/?#]*:", address)
            assert not re.search(r"[\s\"<>]", address)


@given(
    st.lists(
        st.sampled_from([*_HOSTILE, "<p>", "</p>", "<ul>", "<li>", "</ul>", "<table>", "<tr>", "<td>", "x"]),
        max_size=12,
    )
)
def test_any_mixture_is_well_formed_and_harmless(parts: list[str]) -> None:
    check_harmless(html("".join(parts), URL))


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("/x", "https://example.org/x"),
        ("x?a=1&b=ü", "https://example.org/a/x?a=1&b=%C3%BC"),
        ("#top", "https://example.org/a/b#top"),
        ("mailto:ada@example.org", "mailto:ada@example.org"),
        ("HTTPS://Example.org/é", "https://Example.org/%C3%A9"),
        ("javascript:x", None),
        ("blob:x", None),
        ("file:///etc/passwd", None),
        ("http://[::1", None),
        (None, None),
    ],
)
def test_addresses(value: str | None, expected: str | None) -> None:
    assert web_address(value, URL) == expected


def test_addresses_stay_relative_without_one_to_start_from() -> None:
    assert web_address("a/b.html", None) == "a/b.html"
    assert web_address("a:b", None) is None


def test_texts_have_paragraphs() -> None:
    result = cleaner.segment("The tide <was> out.\n\n# Nobody\nLeave a comment\n")
    assert result.to_html() == "<p>The tide &lt;was&gt; out.</p>\n<p># Nobody</p>\n"
    assert result.to_markdown() == "The tide \\<was> out.\n\n\\# Nobody\n"


def test_a_page_read_from_json_is_written_as_text() -> None:
    again = cleaner.Segmentation.from_dict(cleaner.segment_html("<p>The tide was <b>out</b>.</p>").to_dict())
    assert again.to_html() == "<p>The tide was out.</p>\n"
