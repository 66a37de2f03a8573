"""The documentation says what is so: examples run, tables match, links lead somewhere, CI runs what README says."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest
from doc_blocks import DOCUMENTS, ROOT, refreshed

import cleaner

README = (ROOT / "README.md").read_text("utf-8")
PROSE = (*DOCUMENTS, *(ROOT / name for name in ("CHANGELOG.md", "benchmarks/README.md")))

needs_bash = pytest.mark.skipif(shutil.which("bash") is None, reason="the examples are for a Unix shell")


@needs_bash
@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda p: p.name)
def test_examples_print_what_the_documentation_shows(document: Path) -> None:
    """When what they print has changed for good: python tests/doc_blocks.py"""
    assert refreshed(document) == document.read_text("utf-8")


@pytest.mark.parametrize("document", PROSE, ids=lambda p: p.name)
def test_links_lead_somewhere(document: Path) -> None:
    targets = re.findall(r"\]\(([^)#\s]+)", document.read_text("utf-8"))
    missing = [t for t in targets if "://" not in t and not (document.parent / t).exists()]
    assert missing == []


def test_cue_packs_in_the_documentation_load() -> None:
    text = (ROOT / "docs" / "cues.md").read_text("utf-8")
    packs = re.findall(r"^```toml\n(schema = 1.*?)^```$", text, re.M | re.S)
    assert packs
    for i, pack in enumerate(packs):
        path = ROOT / f"docs/cues.md, block {i + 1}"
        data = cleaner.cues.tomllib.loads(pack)
        assert cleaner.CuePack.from_dict(data, source=str(path)).cues


@needs_bash
@pytest.mark.parametrize(("tag", "words"), [("install", ["pip install", "cleaner fixtures/"]), ("test", ["pytest"])])
def test_continuous_integration_runs_the_commands_of_the_readme(tag: str, words: list[str]) -> None:
    command = subprocess.run(
        ["bash", ".ci/run", "--print", tag], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout
    assert all(w in command for w in words)
    assert f"<!-- ci: {tag} -->\n```sh\n{command}```\n" in README


def test_every_figure_of_the_readme_was_measured() -> None:
    assert "TODO" not in README


def test_the_article_of_the_readme_comes_out_clean() -> None:
    lines = (ROOT / "fixtures/articles/ferry.txt").read_text("utf-8").splitlines(keepends=True)
    result = cleaner.segment("".join(lines))
    kinds = [str(s.kind) for s in result.removed]
    assert kinds == ["donation"] * 5 + ["related", "premium", "newsletter"] + ["comment"] * 3
    assert result.body.split("\n")[2].startswith("The ferry left the north quay")
    assert result.body.endswith("mate's discretion.")
