"""`cleaner corpus`: every format in and out again, what is untouched, what is rejected, what is put back."""

from __future__ import annotations

import csv
import gzip
import io
import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from conftest import BODY as _BODY
from conftest import PAGE, Command

import cleaner
import make_corpus
from cleaner import corpus as corpora
from cleaner.corpus import Corpus, Fields, Summary, delimited, lines

zstandard = pytest.importorskip("zstandard")
BODY = _BODY.rstrip("\n")
RECORDS: list[dict[str, Any]] = [
    {"n": 1.50, "url": "https://news.example.com/1", "text": PAGE, "tags": ["a", None], "id": "é1"},
    {
        "n": 2,
        "url": "https://news.example.com/2",
        "text": "Nothing goes here, the mayor said.",
        "id": "2",
    },
    {"n": 3, "url": None, "text": None, "id": None},
    {"n": 4, "url": "https://other.example.org/", "text": "Rain — “rain”, said Ö.\r\nLeave a comment\r\n", "id": "4"},
]


def jsonl(records: list[dict[str, Any]]) -> bytes:
    return "".join(json.dumps(r) + "\n" for r in records).encode()


def zst(data: bytes) -> bytes:
    half = len(data) // 2
    pack = zstandard.ZstdCompressor().compress
    return bytes(pack(data[:half]) + pack(data[half:]))


def unzst(data: bytes) -> bytes:
    return bytes(zstandard.ZstdDecompressor().stream_reader(io.BytesIO(data), read_across_frames=True).read())


def same(data: bytes) -> bytes:
    return data


PACKED: list[tuple[str, Callable[[bytes], bytes], Callable[[bytes], bytes]]] = [
    ("", same, same),
    (".gz", gzip.compress, gzip.decompress),
    (".zst", zst, unzst),
]


def clean(source: Path, out: Path, **more: Any) -> Summary:
    return corpora.run(Corpus(inputs=[str(source)], output=str(out), **{"workers": 0, **more}))


def of_lines(path: Path, unpack: Callable[[bytes], bytes] = same) -> list[dict[str, Any]]:
    return [json.loads(line) for line in unpack(path.read_bytes()).splitlines()]


@pytest.fixture
def small_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Many parts, so that seams between them are met."""
    monkeypatch.setattr("cleaner.corpus.runner.PART", 500)
    monkeypatch.setattr("cleaner.corpus.restoring.PART", 500)


@pytest.fixture(params=[1, 1_000_000])
def part(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> int:
    monkeypatch.setattr("cleaner.corpus.runner.PART", request.param)
    return int(request.param)


@pytest.mark.parametrize(("ending", "pack", "unpack"), PACKED, ids=["plain", "gz", "zst"])
def test_json_lines_get_a_body_and_nothing_else_changes(
    tmp_path: Path, part: int, ending: str, pack: Callable[[bytes], bytes], unpack: Callable[[bytes], bytes]
) -> None:
    source = tmp_path / f"in.jsonl{ending}"
    source.write_bytes(pack(jsonl(RECORDS)))
    found = clean(source, tmp_path / "out")
    written = of_lines(tmp_path / "out" / source.name, unpack)
    assert [{k: v for k, v in r.items() if k != "body"} for r in written] == RECORDS
    assert [r["body"] for r in written] == [BODY, RECORDS[1]["text"], None, "Rain — “rain”, said Ö."]
    assert (found.documents, found.changed, found.rejected) == (3, 2, 0)
    raw = unpack((tmp_path / "out" / source.name).read_bytes()).splitlines()[0]
    assert raw.startswith(jsonl(RECORDS[:1]).rstrip()[:-1] + b', "body": "The council')


def test_bodies_are_those_of_segment(tmp_path: Path, small_parts: None) -> None:
    records = list(make_corpus.make(3, 4))
    (tmp_path / "in.jsonl").write_bytes(jsonl(records))
    clean(tmp_path / "in.jsonl", tmp_path / "out", spans=True)
    written = of_lines(tmp_path / "out" / "in.jsonl")
    for record, was in zip(written, records, strict=True):
        result = cleaner.segment(was["text"])
        assert record["body"] == result.body
        assert [(s["start"], s["end"], s["kind"], s["removed"]) for s in record["spans"]] == [
            (s.start, s.end, str(s.kind), s.removed) for s in result.spans
        ]


@pytest.mark.parametrize(("ending", "pack", "unpack"), PACKED, ids=["plain", "gz", "zst"])
@pytest.mark.parametrize("in_place", [True, False])
def test_json_lines_come_back(
    tmp_path: Path,
    small_parts: None,
    in_place: bool,
    ending: str,
    pack: Callable[[bytes], bytes],
    unpack: Callable[[bytes], bytes],
) -> None:
    data = (
        b"broken\n" + jsonl(RECORDS) + b'{"text": 5}\n\n{"no": "text"}\n' + jsonl(list(make_corpus.make(2, 5))) + b"["
    )
    source = tmp_path / f"in.jsonl{ending}"
    source.write_bytes(pack(data))
    out, back = tmp_path / "out", tmp_path / "back"
    body = None if in_place else "clean"
    found = clean(source, out, body=body, spans=True, removed=True)
    assert found.rejected == 4
    corpora.restore(str(out), str(back))
    restored = unpack((back / source.name).read_bytes())
    if not in_place:
        assert restored == data + b"\n"
    assert [loads(line) for line in restored.splitlines()] == [loads(line) for line in data.splitlines()]


def loads(line: bytes) -> object:
    try:
        return json.loads(line)
    except ValueError:
        return line


def test_every_removed_character_is_in_the_sidecar(tmp_path: Path) -> None:
    records = list(make_corpus.make(2, 3))
    (tmp_path / "in.jsonl").write_bytes(jsonl(records))
    clean(tmp_path / "in.jsonl", tmp_path / "out", removed=True)
    for row in of_lines(tmp_path / "out" / "removed" / "in.jsonl"):
        spans = cleaner.segment(records[row["number"] - 1]["text"]).removed
        assert [(s["start"], s["end"], s["kind"], s["text"]) for s in row["removed"]] == [
            (s.start, s.end, str(s.kind), s.text) for s in spans
        ]
        assert row["id"] == records[row["number"] - 1]["id"]


CSV = 'id;text;url\r\n1;"Rain fell, ""hard"".\nLeave a comment";https://a.example/\r\n2;only two\r\n3;Dry.;\r\n'


@pytest.mark.parametrize("in_place", [True, False])
def test_csv(tmp_path: Path, part: int, in_place: bool) -> None:
    (tmp_path / "in.csv").write_text(CSV, newline="")
    body = None if in_place else "body"
    found = clean(tmp_path / "in.csv", tmp_path / "out", body=body, removed=True)
    written = io.StringIO((tmp_path / "out" / "in.csv").read_bytes().decode(), newline="")
    rows = list(csv.DictReader(written, delimiter=";"))
    assert [r["id"] for r in rows] == ["1", "3"]
    assert [r["text" if in_place else "body"] for r in rows] == ['Rain fell, "hard".', "Dry."]
    assert [r["url"] for r in rows] == ["https://a.example/", ""]
    assert found.rejected == 1
    rejected = of_lines(tmp_path / "out" / "rejects.jsonl")
    assert rejected == [
        {
            "file": "in.csv",
            "place": "row 2",
            "reason": "2 values, the header has 3",
            "number": 2,
            "record": "2;only two",
        }
    ]
    corpora.restore(str(tmp_path / "out"), str(tmp_path / "back"))
    restored = (tmp_path / "back" / "in.csv").read_bytes().decode()
    assert restored.replace("\r", "") == CSV.replace("\r", "")


def test_csv_with_a_quotation_mark_that_is_never_closed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(delimited, "_LONGEST", 0)
    (tmp_path / "in.tsv").write_text('text\tx\nGood.\t1\n"bad\t2\nlost\t3\n')
    found = clean(tmp_path / "in.tsv", tmp_path / "out")
    assert (found.documents, found.rejected) == (1, 1)
    assert "broken CSV" in of_lines(tmp_path / "out" / "rejects.jsonl")[0]["reason"]


@pytest.mark.parametrize("data", ["", "text,x\n"])
def test_csv_without_rows(tmp_path: Path, data: str) -> None:
    (tmp_path / "in.csv").write_text(data)
    fields = Fields(text="text")
    assert clean(tmp_path / "in.csv", tmp_path / "out", fields=fields).documents == 0
    assert (tmp_path / "out" / "in.csv").read_text() == (data and "text,x,body\n")


def parquet(path: Path, records: list[dict[str, Any]]) -> Any:
    pq = pytest.importorskip("pyarrow.parquet")
    import pyarrow as pa

    table = pa.table(
        {
            "n": pa.array([r["n"] for r in records], pa.float32()),
            "text": pa.array([r["text"] for r in records]),
            "url": pa.array([r["url"] for r in records]).dictionary_encode(),
            "tags": pa.array([r.get("tags") for r in records], pa.list_(pa.string())),
        }
    )
    pq.write_table(table, path, row_group_size=3, compression="gzip")
    return table


@pytest.mark.parametrize("in_place", [True, False])
def test_parquet(tmp_path: Path, part: int, in_place: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cleaner.corpus.parquet._ROWS", 2)
    table = parquet(tmp_path / "in.parquet", RECORDS * 3)
    import pyarrow.parquet as pq

    body = None if in_place else "body"
    clean(tmp_path / "in.parquet", tmp_path / "out", body=body, spans=True, removed=True)
    written = pq.read_table(tmp_path / "out" / "in.parquet")
    assert written.column("text" if in_place else "body").to_pylist()[:3] == [BODY, RECORDS[1]["text"], None]
    assert written.column("spans")[0].as_py()[-1]["kind"] == "comment"
    assert (
        written.drop_columns(["spans", "text"]).select(["n", "url", "tags"]).equals(table.select(["n", "url", "tags"]))
    )
    assert pq.ParquetFile(tmp_path / "out" / "in.parquet").metadata.row_group(0).column(0).compression == "GZIP"
    corpora.restore(str(tmp_path / "out"), str(tmp_path / "back"))
    assert pq.read_table(tmp_path / "back" / "in.parquet").equals(table)


def test_parquet_that_cannot_be_used(tmp_path: Path) -> None:
    parquet(tmp_path / "a.parquet", RECORDS)
    whole = (tmp_path / "a.parquet").read_bytes()
    (tmp_path / "b.parquet").write_bytes(whole[: len(whole) // 2])
    (tmp_path / "c.parquet").write_bytes(b"")
    found = clean(tmp_path / "*.parquet", tmp_path / "out")
    assert (found.documents, found.rejected) == (3, 2)
    assert {r["file"] for r in of_lines(tmp_path / "out" / "rejects.jsonl")} == {"b.parquet", "c.parquet"}
    assert sorted(p.name for p in (tmp_path / "out").glob("*.parquet")) == ["a.parquet"]
    assert clean(tmp_path / "a.parquet", tmp_path / "o2", fields=Fields(text="n")).rejected == 1
    assert "is no string but float" in of_lines(tmp_path / "o2" / "rejects.jsonl")[0]["reason"]


@pytest.mark.parametrize(("ending", "pack"), [(".gz", gzip.compress), (".zst", zst)])
@pytest.mark.parametrize("damage", ["truncated", "garbled"])
def test_damaged_files_give_what_they_have(
    tmp_path: Path, ending: str, pack: Callable[[bytes], bytes], damage: str
) -> None:
    data = pack(jsonl(list(make_corpus.make(4, 25))))
    half = len(data) * 3 // 4
    (tmp_path / f"a.jsonl{ending}").write_bytes(data[:half] if damage == "truncated" else data[:half] + b"\0" * 999)
    (tmp_path / "b.jsonl").write_bytes(jsonl(RECORDS))
    found = clean(tmp_path, tmp_path.parent / f"{tmp_path.name}-out")
    assert found.documents > 20
    rejects = of_lines(tmp_path.parent / f"{tmp_path.name}-out" / "rejects.jsonl")
    assert rejects[-1]["place"].startswith("after line ")
    assert {r["file"] for r in rejects} == {f"a.jsonl{ending}"}


def test_where_lines_are_cut_depends_on_the_bytes_alone() -> None:
    data = b"".join(b"x" * (i % 37) + b"\n" for i in range(400)) + b"y" * 900 + b"\nlast"

    class Pieces:
        def __init__(self, size: int) -> None:
            self.size = size

        def __iter__(self) -> Any:
            return (data[i : i + self.size] for i in range(0, len(data), self.size))

    cut = [list(lines.blocks_of_lines(Pieces(n), 100)) for n in (1, 7, 64, 100, 5000)]  # type: ignore[arg-type]
    assert all(c == cut[0] for c in cut)
    assert b"".join(cut[0]) == data
    assert all(len(c) <= 100 or c.count(b"\n") == 1 for c in cut[0])


def test_directories_and_names(tmp_path: Path, run: Command) -> None:
    source, out = tmp_path / "in", tmp_path / "out"
    (source / "deep").mkdir(parents=True)
    (source / "deep" / "b.jsonl").write_bytes(jsonl(RECORDS))
    (source / "a.ndjson").write_bytes(jsonl(RECORDS))
    (source / "notes.txt").write_text("x")
    outcome = run("corpus", source, "-o", out, "--workers", 0)
    assert outcome.code == 0
    assert (out / "deep" / "b.jsonl").exists()
    assert (out / "a.ndjson").exists()
    assert "notes.txt: no known ending, left out (1 such files)" in outcome.err
    assert 'guessed: text in "text", url in "url", id in "id"' in outcome.err
    assert "6 documents, 4 changed" in outcome.err


@pytest.mark.parametrize(
    ("arguments", "code", "complaint"),
    [
        (["missing.jsonl"], 1, "missing.jsonl: no such file"),
        (["in.txt"], 2, "in.txt: no known ending"),
        (["in.jsonl", "sub/in.jsonl"], 2, "would both be written to in.jsonl"),
        (["in.jsonl", "--body-field", "text"], 2, "the text is in 'text' already"),
        (["odd.jsonl"], 2, "which field is the text? --text-field NAME; there are a, b"),
        (["in.jsonl", "--workers", "x"], 2, "must be a number from 0 on"),
        (["in.jsonl", "--remove", "all"], 2, "unknown kind 'all'"),
        (["in.jsonl", "--in-place", "--body-field", "x"], 2, "not allowed with"),
        (["stats.json"], 2, "no known ending"),
        (["rejects.jsonl"], 2, "the name is needed"),
        (["sub"], 2, "the output folder lies in the input"),
        (["pages.jsonl", "--in-place"], 2, "of HTML: name a field for it"),
        (
            ["both.jsonl", "--text-field", "text", "--html-field", "html", "--in-place"],
            2,
            "of HTML: name a field for it",
        ),
    ],
)
def test_arguments_that_make_no_sense(
    tmp_path: Path, run: Command, monkeypatch: pytest.MonkeyPatch, arguments: list[str], code: int, complaint: str
) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("in.jsonl", "sub/in.jsonl", "rejects.jsonl", "stats.json", "in.txt"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(jsonl(RECORDS))
    (tmp_path / "odd.jsonl").write_text('{"a": 1, "b": 2}\n')
    (tmp_path / "pages.jsonl").write_text('{"html": "<p>x", "url": ""}\n')
    (tmp_path / "both.jsonl").write_text('{"html": "<p>x", "text": null}\n')
    outcome = run("corpus", *arguments, "-o", "sub/out" if arguments == ["sub"] else "out")
    assert (outcome.code, len(outcome.lines)) == (code, 1)
    assert complaint in outcome.err
    assert not list(tmp_path.rglob("out"))


def test_a_field_that_is_there_already_is_no_place_for_the_body(tmp_path: Path) -> None:
    (tmp_path / "in.jsonl").write_text('{"text": "A.", "body": "B."}\n{"text": "C."}\n')
    found = clean(tmp_path / "in.jsonl", tmp_path / "out")
    assert (found.documents, found.rejected) == (1, 1)
    assert "there is a field 'body' already" in (tmp_path / "out" / "rejects.jsonl").read_text()


def test_a_file_that_is_called_corpus_is_reachable(
    tmp_path: Path, run: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("corpus").write_text(PAGE)
    assert run("./corpus").text == _BODY
    assert run("corpus").code == 2


def test_workers_give_the_same(tmp_path: Path, small_parts: None) -> None:
    (tmp_path / "in.jsonl").write_bytes(jsonl(list(make_corpus.make(2, 6))))
    for workers in (0, 2):
        clean(tmp_path / "in.jsonl", tmp_path / f"{workers}", workers=workers, removed=True)
    assert contents(tmp_path / "0") == contents(tmp_path / "2")


def contents(folder: Path) -> dict[str, bytes]:
    return {str(p.relative_to(folder)): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


def test_bytes_that_are_no_utf8_pass_through(tmp_path: Path) -> None:
    (tmp_path / "in.jsonl").write_bytes(b'\xef\xbb\xbf{"text": "caf\xe9 was open.\\nLeave a comment", "x": "\xff"}\n')
    assert clean(tmp_path / "in.jsonl", tmp_path / "out").rejected == 0
    assert b'"x": "\xff"' in (tmp_path / "out" / "in.jsonl").read_bytes()


@pytest.mark.parametrize(
    ("name", "library"), [("a.jsonl.zst", "zstandard"), ("a.parquet", "pyarrow"), ("a.warc.gz", "fastwarc")]
)
def test_a_library_that_is_missing_is_named(
    tmp_path: Path, run: Command, monkeypatch: pytest.MonkeyPatch, name: str, library: str
) -> None:
    for module in (library, f"{library}.warc"):
        monkeypatch.setitem(sys.modules, module, None)
    (tmp_path / name).write_bytes(b"x" * 100)
    outcome = run("corpus", tmp_path / name, "-o", tmp_path / "out", "--workers", 0)
    assert (outcome.code, outcome.out) == (1, b"")
    assert f"need {library}: pip install 'cleaner[corpus]'" in outcome.lines[-1]
    assert "Traceback" not in outcome.err
