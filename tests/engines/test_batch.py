"""The Arrow function that every adapter is built on, and what goes to the workers."""

from __future__ import annotations

import copy
import pickle
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from engine_cases import engine, expected, options, records, spans

import cleaner
from cleaner.engines import clean_batch, clean_schema, shared
from cleaner.engines.shared import Shared

pa = engine("pyarrow", "corpus")
PAGE = "The council voted on Tuesday, the mayor said.\nLeave a comment\n"


def batch(**columns: Any) -> Any:
    return pa.RecordBatch.from_pydict(columns)


@pytest.mark.parametrize("kind", ["string", "large_string"])
def test_results_are_those_of_segment_many(tmp_path: Path, kind: str) -> None:
    wanted = options(tmp_path)
    table = pa.Table.from_pylist(list(records()))
    table = table.set_column(2, "text", table.column("text").cast(getattr(pa, kind)()))
    table = pa.concat_tables([table[:30], table[30:]])
    cleaned = clean_batch(table, options=wanted, url_field="url")
    cleaned.validate(full=True)
    assert cleaned.schema == clean_schema(table.schema)
    assert cleaned.select(table.column_names) == table
    assert cleaned.schema.field("body").type == table.schema.field("text").type
    rows = cleaned.to_pylist()
    assert {r["id"]: (r["body"], r["spans"]) for r in rows} == expected(wanted)
    assert {r["id"]: (r["body"], r["spans"]) for r in rows} != expected()
    assert all(r["removed_chars"] == sum(s["end"] - s["start"] for s in r["spans"] if s["removed"]) for r in rows)
    assert all(r["error"] is None for r in rows)


def test_schema_as_documented() -> None:
    cleaned = clean_batch(batch(text=[PAGE]))
    assert [(f.name, str(f.type)) for f in cleaned.schema] == [
        ("text", "string"),
        ("body", "string"),
        (
            "spans",
            "list<item: struct<start: int64, end: int64, kind: string, removed: bool, confidence: double>>",
        ),
        ("removed_chars", "int64"),
        ("error", "string"),
    ]


def test_no_text_is_no_error() -> None:
    cleaned = clean_batch(batch(text=[None, PAGE, None, ""]))
    assert [r["body"] for r in cleaned.to_pylist()] == [None, cleaner.clean(PAGE), None, ""]
    assert [r["spans"] for r in cleaned.to_pylist()][2:] == [None, []]
    assert cleaned.column("removed_chars").to_pylist() == [None, 16, None, 0]


@pytest.mark.parametrize("rows", [batch(text=pa.array([], pa.string())), pa.table({"text": pa.array([], pa.string())})])
def test_nothing_at_all(rows: Any) -> None:
    assert clean_batch(rows).num_rows == 0
    assert clean_batch(rows).schema == clean_schema(rows.schema)


def test_a_slice_and_a_dictionary() -> None:
    whole = pa.RecordBatch.from_arrays([pa.array(["x", PAGE, PAGE, "y"]).dictionary_encode()], ["text"])
    cleaned = clean_batch(whole.slice(1, 2))
    assert cleaned.column("body").to_pylist() == [cleaner.clean(PAGE)] * 2
    assert cleaned.schema.field("body").type == pa.large_string()


def test_what_is_no_text_is_said_and_the_rest_is_cleaned() -> None:
    broken = pa.Array.from_buffers(
        pa.string(), 2, [None, pa.py_buffer(b"\0\0\0\0\3\0\0\0\4\0\0\0"), pa.py_buffer(b"a\xffbc")]
    )
    rows = clean_batch(pa.RecordBatch.from_arrays([broken], ["text"]).slice(0, 2))
    assert rows.column("body").to_pylist() == [None, "c"]
    assert rows.column("error").to_pylist() == ["not valid UTF-8: invalid start byte", None]


@pytest.mark.parametrize(
    ("columns", "more", "message"),
    [
        ({"words": ["x"]}, {}, "no column 'text'; there are words"),
        ({"text": ["x"]}, {"url_field": "url"}, "no column 'url'"),
        ({"text": [1]}, {}, "column 'text' is no string but int64"),
        ({"text": ["x"], "body": ["x"]}, {}, "there is a column 'body' already"),
        ({"text": ["x"]}, {"text_field": None}, "neither a column with text nor one with HTML"),
        ({"text": ["x"], "html": [1]}, {"html_field": "html"}, "column 'html' is no string but int64"),
    ],
)
def test_columns_that_do_not_fit(columns: dict[str, Any], more: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        clean_batch(batch(**columns), **more)


def test_pages_are_one_branch() -> None:
    html = (Path(__file__).parents[2] / "fixtures" / "pages" / "recipe.html").read_bytes()
    rows = batch(text=[PAGE, None, None, None], html=[b"<p>", html, b"%PDF-1.4", None], url=["a", "b", "c", "d"])
    cleaned = clean_batch(rows, html_field="html", url_field="url")
    page = cleaner.segment_html(html, url="b")
    assert cleaned.schema == clean_schema(rows.schema, html_field="html")
    assert cleaned.column("page_text").to_pylist() == [None, page.text, None, None]
    assert cleaned.column("body").to_pylist() == [cleaner.clean(PAGE), page.body, None, None]
    assert [e is None for e in cleaned.column("error").to_pylist()] == [True, True, False, True]
    assert cleaned.to_pylist()[1]["spans"] == spans(page)


def test_options_are_unpacked_once_in_a_process(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shared, "_arrived", {})
    wanted = options(tmp_path)
    data = pickle.dumps(Shared(wanted))
    first, again = pickle.loads(data), pickle.loads(data)
    assert first is again
    assert first.value == wanted
    assert first.value is not wanted
    assert copy.deepcopy(first) is first
    assert pickle.loads(pickle.dumps(first)) is first
    for n in range(1, 20):
        pickle.loads(pickle.dumps(Shared(n)))
    assert len(shared._arrived) == 4


@pytest.mark.parametrize(
    ("library", "module", "extra"),
    [
        ("datatrove", "cleaner.engines.datatrove", "datatrove"),
        ("pyspark", "cleaner.engines.spark", "spark"),
        ("ray", "cleaner.engines.ray", "ray"),
        ("langchain_core", "cleaner.engines.langchain", "langchain"),
        ("pyarrow", "cleaner.engines", "corpus"),
    ],
)
def test_a_missing_library_says_which_extra(library: str, module: str, extra: str) -> None:
    code = f"import sys; sys.modules[{library!r}] = None; import {module} as m; m.clean_batch(None)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert f"pip install 'cleaner[{extra}]'" in done.stderr.splitlines()[-1]


def test_importing_brings_in_no_engine() -> None:
    names = ("pyarrow", "datatrove", "pyspark", "ray", "langchain_core")
    code = f"import cleaner, cleaner.engines, sys; print([m for m in {names} if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
