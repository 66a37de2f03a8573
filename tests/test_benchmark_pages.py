"""The benchmark of pages counts right, and says what is wrong with its input."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest

import page_plot
import page_tools
import pages
from page_scores import Gold, scores, shingle_scores, snippet_scores, word_f1, words

BODY = "one two three four five"


def test_words_of_scripts_without_spaces_are_characters() -> None:
    assert words("It's 2 km, 東京へ ไป") == ["It", "s", "2", "km", "東", "京", "へ", "ไ", "ป"]


def test_shingles() -> None:
    assert shingle_scores([(BODY, BODY)]) == {"precision": 1, "recall": 1, "f1": 1, "same": 1}
    half = shingle_scores([(BODY, "one two three four"), (BODY, BODY + " six")])
    assert half["precision"] == pytest.approx((1 + 2 / 3) / 2)
    assert half["recall"] == pytest.approx((1 / 2 + 1) / 2)
    assert half["same"] == 0
    assert shingle_scores([("", "")]) == {"precision": 0, "recall": 0, "f1": 0, "same": 1}
    assert shingle_scores([("one", ""), ("one", "one")])["recall"] == 0.5


def test_bags_of_words() -> None:
    assert word_f1("A b c", "C a") == pytest.approx(0.8)
    assert (word_f1("", ""), word_f1("a", ""), word_f1("", "a")) == (1, 0, 0)


def test_snippets() -> None:
    gold = Gold(None, (), ("one  two", "three"), ("four",))
    assert snippet_scores([(gold, "one\ntwo four")]) == {"precision": 0.5, "recall": 0.5, "f1": 0.5}
    assert snippet_scores([]) == {"precision": 0, "recall": 0, "f1": 0}


def test_an_optional_paragraph_counts_neither_way() -> None:
    gold = Gold((BODY,), ("A standfirst.",))
    assert scores([gold], [BODY]) == scores([gold], [f"A standfirst\n{BODY}"])


def test_a_run_with_table_and_plot(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    html = "<article>" + "<p>The tide was out, and nobody could say when it would be back.</p>" * 5 + "</article>"
    bodies = {"id": "a", "html": html, "gold": ["The tide was out, and nobody could say when it would be back."] * 5}
    snippets = {"id": "b", "url": "https://example.org/", "html": html, "with": ["The tide"], "without": None}
    (tmp_path / "a.jsonl").write_text(json.dumps(bodies) + "\n")
    with gzip.open(tmp_path / "b.jsonl.gz", "wt") as file:
        file.write(json.dumps(snippets) + "\n")
    only = [t for t in page_tools.tools()[0] if t.name in ("cleaner", "trafilatura")]
    monkeypatch.setattr(pages, "tools", lambda: (only, ["nobody is left out: all are here"]))
    kept = tmp_path / "kept.jsonl"
    done = pages.main([*map(str, (tmp_path / "a.jsonl", tmp_path / "b.jsonl.gz")), "--write", str(tmp_path / "docs"),
                       "--bodies", str(kept)])  # fmt: skip
    assert done == 0
    out = capsys.readouterr().out
    assert "| **cleaner** | 1.000 | 1.000 | 1.000 | 1.000 | 1.000 |" in out
    assert "- nobody is left out" in out
    assert out.strip() in (tmp_path / "docs" / "pages.md").read_text()
    assert (tmp_path / "docs" / "pages.svg").read_text().startswith("<svg ")
    assert len(kept.read_text().splitlines()) == 4


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "no pages"),
        ("{", "line 1"),
        ('{"html": "x"}', "KeyError"),
        ('{"html":"","gold":[]}\n{"html":"","with":[],"without":[]}', "mix"),
    ],
)
def test_what_is_wrong_with_a_file_is_said(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], text: str, message: str
) -> None:
    (tmp_path / "a.jsonl").write_text(text)
    assert pages.main([str(tmp_path / "a.jsonl")]) == 2
    assert message in capsys.readouterr().err


def test_a_peer_that_fails_has_an_empty_body() -> None:
    def broken(html: str, url: str | None) -> str:
        raise RuntimeError(html + str(url))

    assert page_tools._each(broken)([page_tools.Html("a", None)]) == [""]


def test_names_in_the_plot_do_not_lie_on_one_another() -> None:
    dots = [page_plot.Dot(f"tool {i}", 10.0, 0.9, i == 0) for i in range(4)]
    drawn = page_plot.plot([("a", dots), ("b", dots), ("c", dots)])
    assert drawn.count("<circle") == 12
    places = [line.split(' y="')[1].split('"')[0] for line in drawn.splitlines() if ">tool " in line][:4]
    assert len(set(places)) == 4
