"""Pages in a corpus: web archives, and records with a field of HTML."""

from __future__ import annotations

import gzip
import json
import zlib
from pathlib import Path
from typing import Any

import pytest
from conftest import Command

import cleaner
from cleaner import corpus as corpora
from cleaner.corpus import Corpus, Fields
from cleaner.corpus.http import content

PAGES = sorted((Path(__file__).parent.parent / "fixtures" / "pages").glob("*.html"))
PAGE = "<html><body><p>It rained in {} all night.</p><p>Leave a comment</p></body></html>"
PDF = "%PDF-1.7\n"


def url_of(number: int) -> str:
    return f"https://www.example.com/{number}"


def record(number: int, body: bytes, kind: str = "text/html; charset=utf-8", more: str = "") -> bytes:
    head = f"HTTP/1.1 200 OK\r\nContent-Type: {kind}\r\n{more}Content-Length: {len(body)}\r\n\r\n"
    http = head.encode() + body
    head = (
        f"WARC/1.0\r\nWARC-Type: response\r\nWARC-Record-ID: <urn:uuid:00000000-0000-0000-0000-{number:012}>\r\n"
        f"WARC-Target-URI: {url_of(number)}\r\nWARC-Date: 2026-05-03T10:00:00Z\r\n"
        f"Content-Type: application/http; msgtype=response\r\nContent-Length: {len(http)}\r\n\r\n"
    )
    return head.encode() + http + b"\r\n\r\n"


def archived(folder: Path, *records: bytes, packed: bool = True, **about: Any) -> list[dict[str, Any]]:
    """The rows that an archive becomes."""
    pytest.importorskip("fastwarc")
    source = folder / ("a.warc.gz" if packed else "a.warc")
    source.write_bytes(b"".join(map(gzip.compress, records)) if packed else b"".join(records))
    corpora.run(Corpus(inputs=[str(source)], output=str(folder / "out"), workers=0, **about))
    return [json.loads(line) for line in gzip.decompress((folder / "out" / "a.jsonl.gz").read_bytes()).splitlines()]


@pytest.mark.parametrize("packed", [False, True])
def test_archives(tmp_path: Path, packed: bool) -> None:
    records = [record(n, path.read_bytes()) for n, path in enumerate(PAGES)]
    odd = [record(97, b"\x89PNG", "image/png"), record(98, PDF.encode())]
    rows = archived(tmp_path, *odd, *records, packed=packed, spans=True)
    expected = [cleaner.segment_html(path.read_bytes(), url=url_of(n)) for n, path in enumerate(PAGES)]
    assert [r["body"] for r in rows] == [e.body for e in expected]
    assert [(r["url"], r["date"]) for r in rows] == [(url_of(n), "2026-05-03T10:00:00Z") for n in range(len(PAGES))]
    assert rows[0]["id"] == "<urn:uuid:00000000-0000-0000-0000-000000000000>"
    assert [[s["path"] for s in r["spans"]] for r in rows] == [[s.path for s in e.spans] for e in expected]
    (reject,) = (json.loads(x) for x in (tmp_path / "out" / "rejects.jsonl").read_text().splitlines())
    assert (reject["place"], reject["reason"]) == ("page 1", "no text but a PDF file, not HTML")
    assert reject["record"].endswith("98>")


def test_the_servers_charset_counts(tmp_path: Path) -> None:
    said = "Łódź czekała na deszcz, a deszcz nie przyszedł także w niedzielę."
    page = f"<article><h1>Bez deszczu</h1><p>{said}</p></article>"
    (row,) = archived(tmp_path, record(1, page.encode("iso-8859-2"), "text/html; charset=iso-8859-2"))
    assert said in row["body"]


def test_content_as_it_was_sent(tmp_path: Path) -> None:
    body = PAGE.format("Ostrey").encode()
    packed = gzip.compress(body)
    both = "Content-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n"
    kept = "Content-Encoding: gzip\r\n"  # a crawler that unpacks what it keeps, and leaves the headers
    rows = archived(tmp_path, record(1, chunked(packed), more=both), record(2, body, more=kept), record(3, body))
    assert [r["body"] for r in rows] == [cleaner.clean_html(body)] * 3


def chunked(data: bytes, size: int = 40) -> bytes:
    pieces = (data[i : i + size] for i in range(0, len(data), size))
    return b"".join(b"%x\r\n%b\r\n" % (len(p), p) for p in pieces) + b"0\r\n\r\n"


@pytest.mark.parametrize("sent", [chunked(b"a page" * 50), chunked(b"a page" * 50)[:-5], b"a page" * 50])
def test_chunks(sent: bytes) -> None:
    assert content(sent, {"Transfer-Encoding": "Chunked"}) == b"a page" * 50


@pytest.mark.parametrize("sent", [zlib.compress(b"a page"), zlib.compress(b"a page")[2:-4], gzip.compress(b"a page")])
def test_packed_content(sent: bytes) -> None:
    assert content(sent, {"Content-Encoding": "deflate"}) == b"a page"
    assert content(sent, {}) == sent


def test_a_truncated_archive(tmp_path: Path, run: Command) -> None:
    pytest.importorskip("fastwarc")
    pages = [gzip.compress(record(n, PAGE.format(n).encode())) for n in (1, 2)]
    (tmp_path / "a.warc.gz").write_bytes(pages[0] + pages[1][:-40])
    outcome = run("corpus", tmp_path / "a.warc.gz", "-o", tmp_path / "out", "--workers", 0)
    assert outcome.code == 1
    assert "after page" in (tmp_path / "out" / "rejects.jsonl").read_text()
    rows = gzip.decompress((tmp_path / "out" / "a.jsonl.gz").read_bytes()).splitlines()
    assert json.loads(rows[0])["url"] == url_of(1)


def page_rows() -> list[dict[str, str]]:
    pages = [path.read_text("utf-8") for path in PAGES]
    return [{"url": url_of(n), "html": html} for n, html in enumerate([*pages, PDF])]


def test_pages_in_json_lines(tmp_path: Path, run: Command) -> None:
    rows = page_rows()
    (tmp_path / "in.jsonl").write_text("".join(json.dumps(r) + "\n" for r in rows))
    out, fast = tmp_path / "out", cleaner.Options(extractor="fast")
    outcome = run("corpus", tmp_path / "in.jsonl", "-o", out, "--fast", "--removed", "--spans", "--workers", 2)
    assert outcome.code == 1
    assert '"html"' in outcome.err
    written = [json.loads(line) for line in (out / "in.jsonl").read_text().splitlines()]
    expected = list(cleaner.segment_html_many([(r["html"], r["url"]) for r in rows[:-1]], options=fast))
    assert [(r["html"], r["body"]) for r in written] == [
        (r["html"], e.body) for r, e in zip(rows, expected, strict=False)
    ]
    removed = [json.loads(line) for line in (out / "removed" / "in.jsonl").read_text().splitlines()]
    assert [[(s["text"], s["path"]) for s in r["removed"]] for r in removed] == [
        [(s.text, s.path) for s in e.removed] for e in expected if e.removed
    ]
    assert json.loads((out / "rejects.jsonl").read_text())["place"] == f"line {len(rows)}"
    assert run("corpus", "restore", out, "-o", tmp_path / "back").code == 0
    assert (tmp_path / "back" / "in.jsonl").read_bytes() == (tmp_path / "in.jsonl").read_bytes()


@pytest.mark.parametrize("binary", [False, True])
def test_pages_in_parquet(tmp_path: Path, binary: bool) -> None:
    arrow = pytest.importorskip("pyarrow")
    parquet = pytest.importorskip("pyarrow.parquet")
    rows = page_rows()[:-1]
    texts = [None] * len(rows) + ["It rained all night.\nLeave a comment"]
    html = [r["html"].encode() if binary else r["html"] for r in rows] + [None]
    parquet.write_table(arrow.table({"text": texts, "html": html}), tmp_path / "in.parquet")
    fields = Fields(text="text", html="html")
    corpora.run(Corpus(inputs=[str(tmp_path / "in.parquet")], output=str(tmp_path / "out"), fields=fields, spans=True))
    written = parquet.read_table(tmp_path / "out" / "in.parquet").to_pylist()
    expected = list(cleaner.segment_html_many(r["html"] for r in rows))
    assert [r["body"] for r in written] == [*(e.body for e in expected), "It rained all night."]
    assert [s["path"] for s in written[0]["spans"]] == [s.path for s in expected[0].spans]
    assert [s["path"] for s in written[-1]["spans"]] == [None, None]
