"""Web archives: the HTML pages in them, by way of whatever reads pages."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

import pytest
from conftest import Command

import cleaner
from cleaner import corpus as corpora
from cleaner.corpus import Corpus

pytest.importorskip("fastwarc")
PAGE = "<html><body><p>It rained in {} all night.</p><p>Leave a comment</p></body></html>"


def record(number: int, kind: str = "text/html; charset=utf-8") -> bytes:
    body = PAGE.format(number).encode()
    http = f"HTTP/1.1 200 OK\r\nContent-Type: {kind}\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body
    head = (
        f"WARC/1.0\r\nWARC-Type: response\r\nWARC-Record-ID: <urn:uuid:00000000-0000-0000-0000-{number:012}>\r\n"
        f"WARC-Target-URI: https://www.example.com/{number}\r\nWARC-Date: 2026-05-03T10:00:00Z\r\n"
        f"Content-Type: application/http; msgtype=response\r\nContent-Length: {len(http)}\r\n\r\n"
    )
    return head.encode() + http + b"\r\n\r\n"


@pytest.fixture(autouse=True)
def reader(monkeypatch: pytest.MonkeyPatch) -> None:
    """Something that reads pages."""

    def segment_html(html: bytes | str, *, url: str, options: Any) -> cleaner.Segmentation:
        page = html if isinstance(html, str) else html.decode()
        if "in 3 all" in page:
            raise ValueError("no page")
        text = page.replace("</p>", "\n").split("<body><p>")[1].replace("<p>", "").removesuffix("</body></html>")
        return cleaner.segment(text, url=url, options=options)

    monkeypatch.setattr(cleaner, "segment_html", segment_html, raising=False)


@pytest.mark.parametrize("packed", [False, True])
def test_archives(tmp_path: Path, packed: bool) -> None:
    records = [record(1), record(2, "image/png"), record(3), record(4)]
    source = tmp_path / ("a.warc.gz" if packed else "a.warc")
    source.write_bytes(b"".join(map(gzip.compress, records)) if packed else b"".join(records))
    found = corpora.run(Corpus(inputs=[str(source)], output=str(tmp_path / "out"), spans=True, workers=0))
    rows = [json.loads(line) for line in gzip.decompress((tmp_path / "out" / "a.jsonl.gz").read_bytes()).splitlines()]
    assert [(r["url"], r["body"], r["date"]) for r in rows] == [
        (f"https://www.example.com/{n}", f"It rained in {n} all night.", "2026-05-03T10:00:00Z") for n in (1, 4)
    ]
    assert rows[0]["id"] == "<urn:uuid:00000000-0000-0000-0000-000000000001>"
    assert rows[0]["spans"][-1]["kind"] == "comment"
    assert found.rejected == 1
    assert json.loads((tmp_path / "out" / "rejects.jsonl").read_text())["reason"] == "no page"


def test_a_truncated_archive(tmp_path: Path, run: Command) -> None:
    data = gzip.compress(record(1)) + gzip.compress(record(2))[:-40]
    (tmp_path / "a.warc.gz").write_bytes(data)
    outcome = run("corpus", tmp_path / "a.warc.gz", "-o", tmp_path / "out", "--workers", 0)
    assert outcome.code == 1
    assert "after page" in (tmp_path / "out" / "rejects.jsonl").read_text()
    rows = gzip.decompress((tmp_path / "out" / "a.jsonl.gz").read_bytes()).splitlines()
    assert json.loads(rows[0])["url"] == "https://www.example.com/1"


def test_pages_in_json_lines(tmp_path: Path) -> None:
    rows = [{"url": "https://www.example.com/", "html": PAGE.format(n)} for n in (1, 3)]
    (tmp_path / "in.jsonl").write_text("".join(json.dumps(r) + "\n" for r in rows))
    found = corpora.run(Corpus(inputs=[str(tmp_path / "in.jsonl")], output=str(tmp_path / "out"), workers=0))
    assert (found.documents, found.rejected) == (1, 1)
    written = json.loads((tmp_path / "out" / "in.jsonl").read_text())
    assert written == {**rows[0], "body": "It rained in 1 all night."}
