"""What the terminal shows: all of the article, none of its tricks."""

from __future__ import annotations

import io
import re
import sys
from pathlib import Path

import pytest
from conftest import BODY, PAGE, Command
from rich.cells import cell_len

import cleaner
from cleaner import KINDS
from cleaner.cli import main
from cleaner.io import visible
from cleaner.view import STYLES

TITLED = "Council votes for the new bridge\nBy Ada Moor, 3 May 2026\n\n" + PAGE


def shown_text(out: str, width: int) -> str:
    """The text column alone, bars and notes cut off."""
    note = min(44, max(26, width * 3 // 10))
    return " ".join(
        row[2 : 2 + min(92, width - note - 4)].strip() for row in out.split("─", maxsplit=1)[0].splitlines()
    )


@pytest.mark.parametrize("width", [80, 100, 140, 300])
def test_the_whole_article_is_there_beside_its_notes(run: Command, monkeypatch: pytest.MonkeyPatch, width: int) -> None:
    monkeypatch.setenv("COLUMNS", str(width))
    out = run("--show", stdin=TITLED).text
    assert shown_text(out, width).split() == TITLED.split()
    assert max(map(len, out.splitlines())) <= width


def test_a_narrow_terminal_has_the_notes_below(run: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "40")
    out = run("--show", stdin=PAGE).text
    assert max(map(len, out.splitlines())) <= 40
    assert "The council voted on Tuesday to" in out


def test_removed_spans_stand_out_without_colour_and_say_why(run: Command) -> None:
    out = run("--show", stdin=PAGE).text
    rows = [row for row in out.splitlines() if row.startswith("┃ ")]
    last = cleaner.segment(PAGE).removed[-1]
    found = next(row for row in rows if "Leave a comment" in row)
    assert f"{last.kind} {last.confidence:.2f}" in found
    assert last.reasons[0].split()[0] in found
    assert not any("council" in row for row in rows)


def test_it_ends_with_a_legend_and_a_summary(run: Command) -> None:
    end = " ".join(run("--show", stdin=PAGE).text.split("─")[-1].split())
    result = cleaner.segment(PAGE)
    gone = sum(s.end - s.start for s in result.removed)
    assert f"{len(result.removed)} of {len(result)} spans removed" in end
    assert f"{gone} of {len(PAGE)} characters" in end
    assert f"┃ {result.removed[-1].kind} " in end


def test_pieces_of_one_line_are_marked_as_such(run: Command) -> None:
    text = PAGE.replace("The council", "Support our journalism with a donation today.The council", 1)
    out = run("--show", stdin=text).text
    spans = cleaner.segment(text).spans
    if spans[0].text.endswith("\n"):
        pytest.skip("no seam found")
    assert "\n┊ The council voted" in out


def test_several_articles_have_titles(run: Command, tmp_path: Path) -> None:
    for name in ("a.txt", "b[red].txt"):
        (tmp_path / name).write_text(PAGE)
    out = run("--show", tmp_path / "a.txt", tmp_path / "b[red].txt").text
    assert out.count("spans removed") == 2
    assert "b[red].txt" in re.sub(r"\s", "", out)


def test_an_empty_article(run: Command) -> None:
    done = run("--show", stdin="")
    assert (done.code, done.err) == (0, "")
    assert "0 of 0 spans removed" in done.text


def test_markup_in_an_article_is_text(run: Command) -> None:
    assert "[bold red]Read[/] :smile: [link=x]" in run("--show", stdin="[bold red]Read[/] :smile: [link=x]\n").text


@pytest.mark.parametrize("args", [["--show"], ["--show", "--no-color"]])
def test_an_article_cannot_act_on_the_terminal(run: Command, args: list[str]) -> None:
    nasty = "\x1b]0;title\x07 \x1b[2J \x9b31m \x08 \x7f \u202e \x00 \udc80".encode("utf-8", "surrogatepass")
    out = run(*args, stdin=PAGE.encode() + nasty).text
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202e]", out)
    assert "␛]0;title␇" in out


def test_control_characters_are_shown_as_pictures() -> None:
    assert visible("a\x1b[1m\tb\r\nc\rd\x85\udce9\ud800") == "a␛[1m\tb\nc\nd<U+0085><E9><U+D800>"


def test_wide_characters_keep_the_columns(run: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    out = run(
        "--show",
        stdin="市議会は火曜日、古い橋の再建を決めた。市長は良い日だと述べた。" * 5 + "\n有料会員限定\nコメント\n",
    ).text
    assert max(map(cell_len, out.splitlines())) <= 80


class Terminal(io.TextIOWrapper):
    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(
    ("args", "env", "coloured"),
    [([], {}, True), (["--no-color"], {}, False), ([], {"NO_COLOR": "1"}, False), ([], {"TERM": "dumb"}, False)],
)
@pytest.mark.parametrize("what", [["--show"], ["kinds"]])
def test_colours_on_a_terminal_unless_not_wanted(
    monkeypatch: pytest.MonkeyPatch, args: list[str], env: dict[str, str], coloured: bool, what: list[str]
) -> None:
    monkeypatch.delenv("NO_COLOR", raising=False)
    for name, value in {"TERM": "xterm-256color", **env}.items():
        monkeypatch.setenv(name, value)
    raw = io.BytesIO()
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(PAGE.encode())))
    monkeypatch.setattr(sys, "stdout", Terminal(raw, encoding="utf-8"))
    assert main([*what, *args]) == 0
    assert (b"\x1b[" in raw.getvalue()) is coloured


def test_no_colours_into_a_pipe(run: Command) -> None:
    for args in (["--show"], ["kinds"], ["--stats"]):
        done = run(*args, stdin=PAGE)
        assert b"\x1b" not in done.out
        assert "\x1b" not in done.err


def test_every_kind_has_its_own_colour() -> None:
    assert set(STYLES) == set(KINDS)
    assert len(set(STYLES.values())) == len(KINDS)


def test_body_is_plain_and_furniture_dim(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setenv("COLUMNS", "140")
    raw = io.BytesIO()
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(TITLED.encode())))
    monkeypatch.setattr(sys, "stdout", Terminal(raw, encoding="utf-8"))
    main(["--show"])
    rows = raw.getvalue().decode().splitlines()
    assert any("Residents had waited" in row and "\x1b" not in row for row in rows)
    assert cleaner.segment(TITLED).body.endswith(BODY.rstrip())
    assert any("\x1b[2mCouncil votes for the new bridge" in row for row in rows)
