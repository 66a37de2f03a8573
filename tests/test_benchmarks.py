"""The benchmarks count right, and the gate lets nothing worse through."""

from __future__ import annotations

import json
from collections.abc import Callable
from math import isnan
from pathlib import Path

import pytest

import peers
import quality
import speed
from cleaner import Kind
from data import DataError, Document, load
from figures import Removal, by_kind, count, figures, intervals

BODY = "The council voted on Tuesday to rebuild the old bridge over the river, after years of debate.\n"
ASK = "Support our journalism with a donation today.\n"
END = "Leave a comment\n"
TEXT = BODY + ASK + END


def document() -> Document:
    at = len(BODY)
    pieces = ((0, at, Kind.BODY), (at, at + len(ASK), Kind.DONATION), (at + len(ASK), len(TEXT), Kind.COMMENT))
    return Document(TEXT, pieces, "courier")


def ink(text: str) -> int:
    return len("".join(text.split()))


def test_figures_of_one_text() -> None:
    start, end = TEXT.index("council"), TEXT.index("council") + len("council")
    removals = [Removal(start, end, Kind.DONATION), Removal(len(BODY), len(BODY + ASK), Kind.PREMIUM)]
    found = figures(count(document(), removals))
    assert found["core_recall"] == found["recall"] == ink(ASK) / ink(ASK + END)
    assert found["body_loss"] == 7 / ink(BODY)
    assert found["precision"] == ink(ASK) / (ink(ASK) + 7)
    assert found["core_kind_f1"] == found["perfect"] == 0
    assert isnan(found["furniture_loss"])


def test_figures_of_a_perfect_text() -> None:
    removals = [Removal(len(BODY), len(BODY + ASK), Kind.DONATION), Removal(len(BODY + ASK), len(TEXT), Kind.COMMENT)]
    counts = count(document(), removals)
    found = figures(counts)
    assert (found["core_recall"], found["body_loss"], found["perfect"], found["core_kind_f1"]) == (1, 0, 1, 1)
    assert by_kind(counts)[Kind.DONATION] == {"lines": 1, "characters": ink(ASK), "removed": 1}


def test_a_piece_is_of_the_kind_that_most_of_it_was_removed_as() -> None:
    at = len(BODY)
    removals = [Removal(at, at + 8, Kind.PREMIUM), Removal(at + 8, at + len(ASK), Kind.DONATION)]
    assert figures(count(document(), removals))["core_kind_f1"] == pytest.approx(1 / 2)  # comment was missed


def test_intervals_hold_the_figure_and_draw_whole_sites() -> None:
    good = count(document(), [Removal(len(BODY), len(TEXT), Kind.DONATION)])
    bad = count(document(), [])
    spread = intervals([good, bad] * 20, [str(i) for i in range(40)])
    low, high = spread["core_recall"]
    assert 0 < low < 0.5 < high < 1
    assert intervals([good, bad] * 20, ["one"] * 40)["core_recall"] == (0.5, 0.5)


@pytest.mark.parametrize(
    ("line", "kept"),
    [
        ("The council voted on Tuesday.", True),
        ("“The council voted on Tuesday.”", True),
        ("The council voted.", False),
        ("The council voted on Tuesday", False),
        ("The council voted on Tuesday...", False),
        ("Please enable JavaScript to read this.", False),
        ("Our Privacy Policy has changed again.", False),
    ],
)
def test_line_rules_of_c4(line: str, kept: bool) -> None:
    assert peers.c4_keeps(line) is kept


def test_the_phrase_list_drops_lines_that_contain_a_phrase() -> None:
    assert peers.drop_lines(TEXT, peers.phrases_keep) == [
        Removal(len(BODY), len(BODY + ASK)),
        Removal(len(BODY + ASK), len(TEXT)),
    ]


def gold_line(text: str = TEXT, **changes: object) -> str:
    lines = [[start, end, str(kind)] for start, end, kind in document().pieces]
    return json.dumps({"id": "a", "site": "courier", "text": text, "lines": lines, **changes}) + "\n"


@pytest.fixture
def gold(tmp_path: Path) -> Path:
    path = tmp_path / "gold.jsonl"
    path.write_text(gold_line() + gold_line(lines=[[0, 3, "mixed"], [0, len(BODY), "body"]], site="other"))
    return path


def test_gold_and_cases_load(gold: Path, tmp_path: Path) -> None:
    folder = tmp_path / "cases" / "negative"
    folder.mkdir(parents=True)
    (folder / "one.json").write_text(
        json.dumps({"about": "", "lang": "en", "pieces": [["body", "a\nb\n"], ["note", "c"]]})
    )
    first, second = load([gold, tmp_path / "cases"])
    assert (first.name, second.name) == ("gold", "negative")
    assert first.documents == (document(), Document(TEXT, ((0, len(BODY), Kind.BODY),), "other"))
    assert second.documents[0].pieces == ((0, 2, Kind.BODY), (2, 4, Kind.BODY), (4, 5, Kind.NOTE))


@pytest.mark.parametrize("content", ["", "{", "[]", "{}", gold_line("short"), gold_line(lines=[[1]])])
def test_data_that_cannot_be_used_are_named(tmp_path: Path, content: str) -> None:
    path = tmp_path / "bad.jsonl"
    path.write_text(content)
    with pytest.raises(DataError, match=r"bad\.jsonl"):
        load([path])
    assert quality.main([str(path)]) == quality.USAGE


def test_the_tables_and_the_json_have_every_tool(
    gold: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert quality.main([str(gold), "--json", str(tmp_path / "out.json")]) == quality.OK
    out = capsys.readouterr().out
    data = json.loads((tmp_path / "out.json").read_text())
    for tool in ("cleaner", "C4 line rules", "phrase list"):
        assert tool in out
        assert set(data["tools"][tool]) == {"total", "intervals", "sets", "kinds"}
    assert data["tools"]["phrase list"]["total"]["core_recall"] == 1
    assert data["tools"]["phrase list"]["total"]["core_kind_f1"] is None


Gate = Callable[..., int]


@pytest.fixture
def gate(gold: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Gate:
    """Run the gate over the gold file: its exit code."""

    def run(*flags: str) -> int:
        code = quality.main([str(gold), "--floors", str(tmp_path / "floors.json"), *flags])
        capsys.readouterr()
        return code

    return run


def test_floors_are_pinned_and_hold(gate: Gate) -> None:
    assert gate() == quality.WORSE, "nothing is pinned yet"
    assert gate("--raise-floors") == quality.OK
    assert gate() == quality.OK
    assert gate("--strict") == quality.WORSE, "a strict run has floors of its own"


def test_a_regression_fails_until_it_is_accepted(gate: Gate, tmp_path: Path) -> None:
    gate("--raise-floors")
    path = tmp_path / "floors.json"
    pinned = json.loads(path.read_text())
    raised = json.loads(path.read_text())
    raised["gold"]["floors"].update(core_recall=1.01)
    path.write_text(json.dumps(raised))
    assert gate() == gate("--raise-floors") == quality.WORSE
    assert json.loads(path.read_text()) == raised, "raising never lowers"
    assert gate("--lower-floors") == gate() == quality.OK
    assert json.loads(path.read_text()) == pinned


def test_losses_are_held_from_above(gate: Gate, tmp_path: Path) -> None:
    gate("--raise-floors")
    path = tmp_path / "floors.json"
    floors = json.loads(path.read_text())
    floors["gold"]["floors"].update(body_loss=-0.1)
    path.write_text(json.dumps(floors))
    assert gate() == quality.WORSE


def test_other_data_must_be_pinned_first(gate: Gate, gold: Path) -> None:
    gate("--raise-floors")
    gold.write_text(gold.read_text() + gold_line(site="third"))
    assert gate() == quality.WORSE
    assert gate("--raise-floors") == gate() == quality.OK


def test_floors_can_only_be_changed_in_a_file(gold: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        quality.main([str(gold), "--raise-floors"])
    assert "--floors" in capsys.readouterr().err


def test_speed_is_measured(gold: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert speed.main([str(gold), "--rounds", "1", "--starts", "1"]) == 0
    out = capsys.readouterr().out
    for name in ("segment_many", "C4QualityFilter", "import and clean", "the command", "peak memory"):
        assert name in out
