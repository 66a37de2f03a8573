"""Segmentations of pages: laws, paths, notes, metadata, JSON; and that nothing is fetched."""

from __future__ import annotations

import json
import pickle
import socket
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import cleaner
from cleaner import Options, PageError, Segmentation

FOLDER = Path(__file__).parent.parent / "fixtures" / "pages"
PAGES = sorted(FOLDER.glob("*.html"))
STRICT = Options(remove=("boilerplate", "furniture"))
FAST = Options(remove=("boilerplate", "furniture"), extractor="fast")


def fixture(name: str) -> str:
    return (FOLDER / f"{name}.html").read_text("utf-8")


@pytest.mark.parametrize("options", [Options(), STRICT, FAST], ids=["default", "strict", "fast"])
@pytest.mark.parametrize("path", PAGES, ids=lambda p: p.stem)
def test_the_laws_hold_over_the_text_of_a_page(path: Path, options: Options) -> None:
    result = cleaner.segment_html(path.read_bytes(), url="https://example.org/a/b", options=options)
    assert "".join(s.text for s in result.spans) == result.text
    at = 0
    for span in result.spans:
        assert (span.start, span.end > span.start) == (at, True)
        at = span.end
    assert at == len(result.text)
    assert bool(result.notes) == (not result.body)


@pytest.mark.parametrize("path", PAGES, ids=lambda p: p.stem)
def test_json_brings_back_everything_but_the_tree(path: Path) -> None:
    result = cleaner.segment_html(path.read_text("utf-8"), url="https://example.org/a")
    data = json.loads(json.dumps(result.to_dict()))
    again = Segmentation.from_dict(data)
    assert again == result
    assert again.to_dict() == data
    assert [s.path for s in again.spans] == [s.path for s in result.spans]
    assert again.metadata == result.metadata
    assert (again.url, again.notes, again.body) == (result.url, result.notes, result.body)


def test_one_page_or_many_str_or_bytes_give_the_same() -> None:
    pages = [(p.read_text("utf-8"), f"https://example.org/{p.stem}") for p in PAGES]
    alone = [cleaner.segment_html(h, url=u, options=STRICT) for h, u in pages]
    assert list(cleaner.segment_html_many(pages, options=STRICT)) == alone
    assert [s.body for s in cleaner.segment_html_many((h.encode() for h, _ in pages), options=STRICT)] == [
        s.body for s in alone
    ]
    assert cleaner.clean_html(*pages[0][:1], options=STRICT) == alone[0].body


def test_an_article_comes_out_whole_and_alone() -> None:
    body = cleaner.clean_html(fixture("news"), options=STRICT)
    assert body.startswith("The wheel of the tide mill at Ostrey moved")
    for part in ("four hundred oak cogs", "How it works", "April\t4\t61", "May\t\t58", "somebody walking upstairs"):
        assert part in body
    for part in ("newsletter", "Dredger", "marshwren", "All rights", "written by a script", "draft", "cookies", "Go"):
        assert part not in body.split()
        assert part == "Go" or part not in body


@pytest.mark.parametrize("options", [STRICT, FAST], ids=["strict", "fast"])
@pytest.mark.parametrize(
    ("name", "parts"),
    [
        ("verse", ["like cattle on the mud,\nand all the ropes", "with the weed, to do the sums.\nIt will be back."]),
        ("qa", ["What am I doing wrong?", "seven times the depth", "so does the anchor."]),
        ("recipe", ["200 g samphire\n50 g butter\nLemon", "Wash it three times."]),
        ("live", ["The causeway is closed", "forty-one are in", "Good evening."]),
        ("howto", ["wc -l < today.txt\n    # 240 lines a day", "time, in UTC\nheight, in mm"]),
        ("feed", ["The ferry will not run on Sunday", "sails again from seven"]),
    ],
)
def test_structures_stay_in_one_piece(name: str, parts: list[str], options: Options) -> None:
    body = cleaner.clean_html(fixture(name), options=options)
    for part in parts:
        assert part in body or options is FAST


def test_paths_are_xpaths_and_texts_have_none() -> None:
    result = cleaner.segment_html("<div><h1>One boat too many</h1><p>Some text</p></div>")
    assert [s.path for s in result.spans] == ["/html/body/div/h1", "/html/body/div/p"]
    text = cleaner.segment("Some text")
    assert (text.spans[0].path, text.metadata, text.url, text.notes) == (None, None, None, ())
    assert "path" not in text.to_dict()["spans"][0]
    assert "metadata" not in text.to_dict()


def test_metadata() -> None:
    result = cleaner.segment_html(fixture("news"), url="https://gazette.example.org/mill")
    assert result.metadata == {
        "title": "Tide mill turns again after ninety years",
        "author": "Ines Calloway",
        "date": "2026-04-18",
        "site_name": "The Saltmarsh Gazette",
        "language": "en",
        "is_paywalled": True,
    }
    assert set(cleaner.segment_html("<p>x").metadata.values()) == {None}


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ('<script type="application/ld+json">{"isAccessibleForFree": true}</script><p>x', False),
        ('<script type="application/ld+json">[{"isAccessibleForFree": "False"}]</script><p>x', True),
        ('<meta property="article:content_tier" content="locked"><p>x', True),
        ('<meta property="article:content_tier" content="free"><p>x', False),
        ('<p>x</p><div class="paywall">Subscribe to read on</div>', True),
        ('<p>x</p><div class="paywall"></div>', None),
        ('<p class="premium-wine">x</p>', None),
    ],
)
def test_whether_a_page_must_be_paid_for(html: str, expected: bool | None) -> None:
    metadata = cleaner.segment_html(html).metadata
    assert metadata
    assert metadata["is_paywalled"] is expected


@pytest.mark.parametrize(
    ("html", "note"),
    [
        ("", "an empty page"),
        ("<html><head><title>x</title></head><body><script>load()</script></body></html>", "an empty page"),
        ("<frameset><frame src=a></frameset>", "frames only"),
        ("<form>Log in <input type=password> <button>Go</button></form>", "a login wall"),
        ("<nav><a href=/a>Home</a><a href=/b>News</a></nav>" * 9, "no article found"),
    ],
)
def test_a_page_without_an_article_says_why(html: str, note: str) -> None:
    result = cleaner.segment_html(html)
    assert (result.body, result.notes) == ("", (note,))
    assert result.to_dict()["notes"] == [note]
    assert (result.to_html(), result.to_markdown()) == ("", "")


@pytest.mark.parametrize("data", [b"%PDF-1.4 \xe2\xe3", "%PDF-1.4 abc", b"\x89PNG\r\n\x1a\n\x00"])
def test_what_is_no_html_is_an_error_of_one_line(data: bytes | str) -> None:
    with pytest.raises(PageError, match=r"^no text but a P.*, not HTML$"):
        cleaner.segment_html(data)
    results = list(cleaner.segment_html_many([data, "<p>The tide was out."]))
    assert results[0].notes[0].endswith("not HTML")
    assert results[1].body == "The tide was out."


def test_wrong_arguments() -> None:
    wrong: Any = 5
    with pytest.raises(TypeError, match="str or bytes, not int"):
        cleaner.segment_html(wrong)
    with pytest.raises(TypeError, match="for one, use segment_html"):
        next(cleaner.segment_html_many("<p>"))
    with pytest.raises(ValueError, match="extractor must be one of trafilatura, fast"):
        Options(extractor="slow")
    with pytest.raises(ValueError, match="extractor: segment the text again"):
        cleaner.segment_html("<p>x").with_options(FAST)
    with pytest.raises(AttributeError, match="no attribute 'segment_pdf'"):
        _ = cleaner.segment_pdf  # type: ignore[attr-defined]


@pytest.mark.parametrize(("field", "value"), [("metadata", 5), ("notes", [5]), ("spans", None)])
def test_json_that_is_wrong_about_a_page_is_refused(field: str, value: object) -> None:
    data = cleaner.segment_html("<p>x").to_dict()
    with pytest.raises(ValueError, match="segmentation"):
        Segmentation.from_dict({**data, field: value})
    for span in data["spans"]:
        del span["path"]
    with pytest.raises(ValueError, match="must have a 'path'"):
        Segmentation.from_dict(data)


def test_other_options_decide_again() -> None:
    result = cleaner.segment_html(fixture("news"))
    assert "Tide mill turns again" in result.body
    strict = result.with_options(STRICT)
    assert "Tide mill turns again" not in strict.body
    assert strict.spans[0].path == result.spans[0].path


def test_a_result_can_be_sent_to_another_process() -> None:
    result = cleaner.segment_html(fixture("news"), url="https://example.org/")
    paths = [s.path for s in result.spans]
    again = pickle.loads(pickle.dumps(result))
    assert again == result
    assert [s.path for s in again.spans] == paths
    assert again.metadata == result.metadata
    text = cleaner.segment("Some text. Leave a comment")
    assert pickle.loads(pickle.dumps(text)).spans[-1].reasons == text.spans[-1].reasons


def test_nothing_is_fetched(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise AssertionError("something was fetched")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    html = fixture("news").replace("<!DOCTYPE html>", '<!DOCTYPE html SYSTEM "http://192.0.2.1/x.dtd">')
    for options in (STRICT, FAST):
        result = cleaner.segment_html(html, url="http://192.0.2.1/", options=options)
        assert result.to_html()
        assert result.to_markdown()
        assert result.to_dict()


def test_text_brings_in_nothing_of_pages() -> None:
    code = (
        "import cleaner, sys; r = cleaner.segment('Some text. Leave a comment'); r.to_dict(); r.to_html()\n"
        "print(sorted(m for m in sys.modules if m in ('lxml', 'trafilatura', 'cleaner.page.tree')))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


def test_fast_does_without_trafilatura() -> None:
    code = (
        "import cleaner, sys; r = cleaner.segment_html('<p>Some text', options=cleaner.Options(extractor='fast'))\n"
        "r.to_html(); print('trafilatura' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "False\n"
