"""report.html: one file, nothing in it obeyed, and a browser shows it."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from html.parser import HTMLParser
from pathlib import Path

import pytest

import make_corpus
from cleaner import corpus as corpora
from cleaner.corpus import Corpus

EVIL = "</div><script>document.title='owned'</script><img src=x onerror=alert(1)>"
BROWSER = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome", "chrome"))), None)


@pytest.fixture
def report(tmp_path: Path) -> Path:
    rows = list(make_corpus.make(4, 4))
    text = f"The mayor said {EVIL} on Friday.\nIt rained all night.\nBye\u202e\x1b[2J now.\nLeave a comment\n"
    rows += [{"id": EVIL, "url": f"https://x.example/{EVIL}", "text": text}]
    rows += [{"id": "s", "url": "https://y.example/", "text": "Lone \udc80 one.\nLeave a comment"}]
    (tmp_path / "in.jsonl").write_text("".join(json.dumps(r) + "\n" for r in rows))
    corpora.run(Corpus(inputs=[str(tmp_path / "in.jsonl")], output=str(tmp_path / "out"), workers=0))
    return tmp_path / "out" / "report.html"


class Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.seen: list[tuple[str, dict[str, str | None]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append((tag, dict(attrs)))


def test_the_page_is_one_file_and_obeys_nothing(report: Path) -> None:
    text = report.read_text("utf-8")
    tags = Tags()
    tags.feed(text)
    assert not {"script", "img", "iframe", "link", "a", "object"} & {tag for tag, _ in tags.seen}
    assert not [a for _, attributes in tags.seen for a in attributes if a.startswith("on") or a in ("src", "href")]
    assert not re.search(r"url\(|@import|\x1b|\u202e", text)
    assert "&lt;script&gt;document.title=" in text
    assert "content=\"default-src 'none'; style-src 'unsafe-inline'\"" in text


@pytest.mark.skipif(BROWSER is None, reason="no Chromium is installed")
def test_a_browser_shows_it(report: Path, tmp_path: Path) -> None:
    assert BROWSER
    options = ["--headless=new", "--no-sandbox", "--disable-gpu", f"--user-data-dir={tmp_path / 'browser'}"]
    picture = tmp_path / "report.png"
    done = subprocess.run(
        [BROWSER, *options, "--dump-dom", report.as_uri()], capture_output=True, text=True, timeout=120, check=True
    )
    assert "<title>cleaner corpus</title>" in done.stdout
    assert done.stdout.count("<section>") == 6
    assert "<mark " in done.stdout
    subprocess.run(
        [BROWSER, *options, f"--screenshot={picture}", "--window-size=1200,2400", report.as_uri()],
        capture_output=True, timeout=120, check=True,
    )  # fmt: skip
    assert picture.read_bytes().startswith(b"\x89PNG")


def test_an_empty_corpus_has_a_page_too(tmp_path: Path) -> None:
    (tmp_path / "in.jsonl").write_text("")
    corpora.run(Corpus(inputs=[str(tmp_path / "in.jsonl")], output=str(tmp_path / "out"), workers=0))
    assert "Nothing." in (tmp_path / "out" / "report.html").read_text()
