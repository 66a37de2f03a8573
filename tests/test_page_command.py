"""The command on pages: what is taken for HTML, outputs, addresses, and pages that are none."""

from __future__ import annotations

import json
import logging
from pathlib import Path

import pytest
from conftest import Command, names
from trafilatura import downloads
from trafilatura.utils import Response

import cleaner
from cleaner.markup import extracted_text, is_html, url_name

FOLDER = Path(__file__).parent.parent / "fixtures" / "pages"
NEWS = (FOLDER / "news.html").read_text("utf-8")
SMALL = "<article><p>The tide was out, and nobody in Ostrey could say when it would be back.</p></article>"
TEXT = "The tide was out, and nobody in Ostrey could say when it would be back.\n"


@pytest.mark.parametrize(
    ("name", "data", "expected"),
    [
        ("-", b"<!DOCTYPE html><p>x", True),
        ("-", b"\n\xef\xbb\xbf <!-- a --><HTML><body>", True),
        ("-", b"<?xml version='1.0'?><!doctype html>", True),
        ("-", "<html>".encode("utf-16"), True),
        ("-", b"<div class=x><p>one</p>", True),
        ("-", b"<p>one", False),
        ("-", b"<b>Bold</b> claims were made", False),
        ("-", b"<3 is a heart", False),
        ("-", b"A text about the <div> element </div>", False),
        ("-", b"", False),
        ("-", b"<rss><channel></channel></rss>", False),
        ("a.html", b"plain", True),
        ("a.HTM", b"", True),
        ("a.txt", b"<p>one</p>", False),
        ("a.txt", b"<!doctype html><p>one</p>", True),
        ("a.md", b"<div align=center><p>one</p></div>", False),
        ("a", b"<h1>one</h1>", True),
    ],
)
def test_what_is_taken_for_html(name: str, data: bytes, expected: bool) -> None:
    assert is_html(name, data) is expected


def test_html_on_standard_input(run: Command) -> None:
    assert run(stdin=SMALL).text == TEXT
    assert run("--html", stdin=SMALL[9:]).text == TEXT
    assert run("--text", stdin=SMALL).text == SMALL + "\n"


def test_html_by_its_name_or_by_force(run: Command, tmp_path: Path) -> None:
    (tmp_path / "a.html").write_text(SMALL)
    (tmp_path / "a.txt").write_text(SMALL)
    assert run(tmp_path / "a.html").text == TEXT
    assert run(tmp_path / "a.txt").text == SMALL + "\n"
    assert run("--html", tmp_path / "a.txt").text == TEXT
    assert run("--text", tmp_path / "a.html").text == SMALL + "\n"


def test_both_cannot_be_forced(run: Command) -> None:
    done = run("--html", "--text", stdin=SMALL)
    assert done.code == 2
    assert len(done.lines) == 1


def test_pages_and_texts_together(run: Command, tmp_path: Path) -> None:
    inputs = []
    for i in range(6):
        inputs.append(tmp_path / (f"{i}.html" if i % 2 else f"{i}.txt"))
        inputs[-1].write_text(
            f"<p>Page number {i} tells of the tide.</p>" if i % 2 else f"Text number {i} tells of it.\n"
        )
    assert run("-o", tmp_path / "out", *inputs).code == 0
    assert names(tmp_path / "out") == ["0.txt", "1.html.txt", "2.txt", "3.html.txt", "4.txt", "5.html.txt"]
    assert (tmp_path / "out" / "3.html.txt").read_text() == "Page number 3 tells of the tide.\n"
    assert (tmp_path / "out" / "4.txt").read_text() == "Text number 4 tells of it.\n"


@pytest.mark.parametrize(("form", "made"), [("markdown", "to_markdown"), ("html", "to_html")])
@pytest.mark.parametrize("fast", [False, True])
def test_other_forms(run: Command, tmp_path: Path, form: str, made: str, fast: bool) -> None:
    options = cleaner.Options(extractor="fast" if fast else "trafilatura")
    result = cleaner.segment_html(NEWS, url="https://example.org/", options=options)
    args = ["--fast"] * fast + ["-f", form, "--url", "https://example.org/"]
    assert run(*args, FOLDER / "news.html").text == getattr(result, made)()
    assert run(*args, "-o", tmp_path, FOLDER / "news.html", FOLDER / "verse.html").code == 0
    ending = {"markdown": ".md", "html": ".html"}[form]
    assert names(tmp_path) == [f"news.html{ending}", f"verse.html{ending}"]


def test_forms_of_a_text(run: Command) -> None:
    assert run("-f", "html", stdin="The tide was out.\nLeave a comment\n").text == "<p>The tide was out.</p>\n"
    assert run("-f", "markdown", stdin="The tide was *out*.\n").text == "The tide was \\*out\\*.\n"


def test_the_json_of_a_page(run: Command) -> None:
    data = json.loads(run("-f", "json", "--url", "https://example.org/mill", FOLDER / "news.html").text)
    assert data["url"] == "https://example.org/mill"
    assert data["metadata"]["author"] == "Ines Calloway"
    assert all(s["path"].startswith("/html/body") for s in data["spans"])
    assert data["options"]["extractor"] == "trafilatura"


def test_show(run: Command) -> None:
    done = run("--show", FOLDER / "news.html")
    assert done.code == 0
    assert "The wheel of the tide mill" in done.text
    assert "┃ Sign up for our morning newsletter" in done.text


def test_records_of_html(run: Command) -> None:
    done = run("--jsonl", "--html", "--text-field", "content", stdin=json.dumps({"id": 7, "content": SMALL}) + "\n")
    assert json.loads(done.text) == {"id": 7, "content": TEXT.strip()}
    done = run("--jsonl", "--html", "-f", "markdown", stdin='{"text": "<h2>One</h2><p>The tide was out.</p>"}\n')
    assert json.loads(done.text)["text"].startswith("## One")


def test_what_trafilatura_wrote_is_read_for_its_text(run: Command) -> None:
    data = {"title": "x", "raw_text": "The tide was out. Leave a comment", "text": "The tide was out.\nLeave a comment"}
    assert run(stdin=json.dumps(data)).text == "The tide was out.\n"
    assert extracted_text('{"text": "x"}') is None
    assert extracted_text('{"raw_text": "x", "text": 5}') is None
    assert extracted_text('{"raw_text": broken') is None
    assert extracted_text("[]") is None


@pytest.mark.parametrize(
    ("data", "note"),
    [
        (b"", "an empty page"),
        (b"<frameset><frame src=a></frameset>", "frames only"),
        (b"<nav><a href=/>Home</a>", "no article found"),
    ],
)
def test_a_page_without_a_body_says_why(run: Command, tmp_path: Path, data: bytes, note: str) -> None:
    path = tmp_path / "a.html"
    path.write_bytes(data)
    done = run(path)
    assert (done.code, done.out, done.lines) == (0, b"", [f"cleaner: {path}: no body: {note}"])


def test_a_pdf_named_html_is_an_error_of_one_line(run: Command, tmp_path: Path) -> None:
    path = tmp_path / "a.html"
    path.write_bytes(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3")
    good = tmp_path / "b.html"
    good.write_text(SMALL)
    done = run("-o", tmp_path / "out", path, good)
    assert (done.code, done.lines) == (1, [f"cleaner: {path}: no text but a PDF file, not HTML"])
    assert names(tmp_path / "out") == ["b.html.txt"]


def test_a_charset_that_is_declared_and_one_that_is_forced(run: Command) -> None:
    data = f"<html><meta charset=iso-8859-2><p>{'Łódź leży nad rzeką, ' * 5}a morze daleko."
    assert run(stdin=data.encode("iso-8859-2")).text.startswith("Łódź leży")
    plain = data.replace("<meta charset=iso-8859-2>", "")
    assert run("--encoding", "iso-8859-2", stdin=plain.encode("iso-8859-2")).text.startswith("Łódź leży")


# Addresses


@pytest.fixture
def web(monkeypatch: pytest.MonkeyPatch) -> str:
    """A site with one page, /news; trafilatura's downloader, which refuses addresses of this machine, stands aside."""

    def fetch_response(url: str, *, with_headers: bool) -> Response | None:
        if not url.startswith("https://gazette.example/"):
            logging.getLogger("trafilatura.downloads").error("download error: %s", url)
            return None
        found = url.endswith("/news")
        response = Response(NEWS.encode() if found else b"<p>Not found", 200 if found else 404, url)
        response.store_headers({"Content-Type": "text/html; charset=utf-8"} if with_headers else {})
        return response

    monkeypatch.setattr(downloads, "fetch_response", fetch_response)
    return "https://gazette.example"


def test_an_address_is_fetched(run: Command, web: str, tmp_path: Path) -> None:
    done = run("-f", "markdown", f"{web}/news")
    assert done.code == 0
    assert f"[old boatyard]({web}/harbour/boatyard)" in done.text
    assert run("-o", f"{tmp_path}/", f"{web}/news").code == 0
    assert names(tmp_path) == ["gazette.example-news.txt"]


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("https://gazette.example/none", "could not be fetched: the server answered 404"),
        ("https://nowhere.example/", "could not be fetched: download error: https://nowhere.example/"),
    ],
)
def test_what_cannot_be_fetched_is_said_in_one_line(run: Command, web: str, url: str, reason: str) -> None:
    assert web
    done = run(url)
    assert (done.code, done.out, done.lines) == (1, b"", [f"cleaner: {url}: {reason}"])


def test_the_downloader_refuses_this_machine(run: Command) -> None:
    done = run("http://127.0.0.1:9/")
    assert (done.code, len(done.lines)) == (1, 1)
    assert "could not be fetched" in done.err


def test_names_for_addresses() -> None:
    assert url_name("https://example.org/a/b.html?c=d&e") == "example.org-a-b.html-c-d-e"
    assert url_name("https://../../etc") == "etc"
    assert "/" not in url_name("https://x/../../etc/passwd")
    assert url_name("https://") == "page"


def test_addresses_are_no_records(run: Command) -> None:
    done = run("--jsonl", "https://example.org/")
    assert (done.code, done.lines) == (2, ["cleaner: --jsonl reads files, not addresses (cleaner --help shows how)"])
