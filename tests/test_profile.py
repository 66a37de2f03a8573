"""What sites repeat: learned, kept, used, and what honestly recurs left alone."""

from __future__ import annotations

import json
import random
import sqlite3
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from conftest import Command

import cleaner
import make_corpus
from cleaner import Options, Profile, ProfileError, site_of
from cleaner.profile import manage, spill
from cleaner.profile.learn import Page, learn
from cleaner.profile.store import StoreError

SITES, PAGES = 12, 20


@pytest.fixture(scope="module")
def rows() -> list[dict[str, Any]]:
    return list(make_corpus.make(SITES, PAGES))


def pages(rows: list[dict[str, Any]]) -> list[Page]:
    return [Page(site_of(r["url"]) or "", r["text"], i) for i, r in enumerate(rows)]


@pytest.fixture(scope="module")
def path(rows: list[dict[str, Any]], tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("profile") / "sites.db"
    learn(lambda: pages(rows), str(path))
    return path


@pytest.fixture(scope="module")
def profile(path: Path) -> Profile:
    return Profile.load(str(path))


def gone(rows: list[dict[str, Any]], options: Options) -> dict[str, float]:
    """Share of characters removed, by label."""
    size: dict[str, int] = dict.fromkeys(("body", "banner", "english", *make_corpus.HONEST), 0)
    lost = dict(size)
    results = cleaner.segment_many((r["text"] for r in rows), sites=(site_of(r["url"]) for r in rows), options=options)
    for row, result in zip(rows, results, strict=True):
        mask = np.repeat(result.gone, np.diff(result.table.ends, prepend=0))
        for start, end, label in row["pieces"]:
            size[label] += end - start
            lost[label] += int(mask[start:end].sum())
    return {label: lost[label] / n for label, n in size.items() if n}


def test_banners_that_no_cue_knows_are_found_and_nothing_else_is(rows: list[dict[str, Any]], profile: Profile) -> None:
    before, after = gone(rows, Options()), gone(rows, Options(profile=profile))
    assert before["banner"] < 0.05
    assert after["banner"] > 0.95
    assert after["body"] <= before["body"] + 0.0005
    assert {label: after[label] for label in make_corpus.HONEST if label in after} == dict.fromkeys(
        [label for label in make_corpus.HONEST if label in after], 0
    )


def test_the_reason_says_how_often(rows: list[dict[str, Any]], profile: Profile) -> None:
    result = cleaner.segment(rows[0]["text"], url=rows[0]["url"], options=Options(profile=profile))
    reasons = [s.reasons[0] for s in result.removed]
    assert reasons
    assert all(r.startswith("repeated on ") and r.endswith(" of 20 pages of this site") for r in reasons)
    assert {str(s.kind) for s in result.removed} == {"interface"}


def test_the_result_says_which_profile_and_site(rows: list[dict[str, Any]], profile: Profile) -> None:
    result = cleaner.segment(rows[0]["text"], site="nowhere.example", options=Options(profile=profile))
    data = result.to_dict()
    assert data["options"]["profile"] == {"digest": profile.digest}
    assert data["site"] == "nowhere.example"
    assert result.body == cleaner.clean(rows[0]["text"])
    again = cleaner.Segmentation.from_dict(json.loads(json.dumps(data)))
    assert (again.site, again.reasons, again.body) == (result.site, result.reasons, result.body)
    with pytest.raises(ValueError, match="profile or extractor: segment the text again"):
        result.with_options(Options())


def test_results_do_not_depend_on_the_batch(rows: list[dict[str, Any]], profile: Profile) -> None:
    options = Options(profile=profile)
    some = rows[:30]
    many = list(
        cleaner.segment_many((r["text"] for r in some), sites=(site_of(r["url"]) for r in some), options=options)
    )
    assert many == [cleaner.segment(r["text"], url=r["url"], options=options) for r in some]


def test_sites_go_with_texts() -> None:
    with pytest.raises(ValueError, match="shorter"):
        list(cleaner.segment_many(["a", "b"], sites=["x.example"]))
    with pytest.raises(TypeError, match="sites are many"):
        list(cleaner.segment_many(["a"], sites="x.example"))


def test_the_order_of_pages_does_not_matter(
    rows: list[dict[str, Any]], path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(spill, "_ROWS", 500)
    monkeypatch.setattr("cleaner.profile.learn.WINDOW", 3_000)
    mixed = pages(rows) + pages(rows)[:40]  # copies count once
    random.Random(5).shuffle(mixed)
    learn(lambda: mixed, str(tmp_path / "other.db"))
    dumps = []
    for p in (path, tmp_path / "other.db"):
        file = sqlite3.connect(p)
        dumps.append(list(file.iterdump()))
        file.close()
    assert dumps[0] == dumps[1]


def test_profiles_can_be_merged(rows: list[dict[str, Any]], profile: Profile, tmp_path: Path) -> None:
    halves = [rows[: len(rows) // 2], rows[len(rows) // 2 :]]
    paths = [str(tmp_path / f"{i}.db") for i in range(2)]
    for half, path in zip(halves, paths, strict=True):
        learn(lambda half=half: pages(half), path)  # type: ignore[misc]
    manage.merge(paths, str(tmp_path / "ab.db"))
    manage.merge(paths[::-1], str(tmp_path / "ba.db"))
    merged = Profile.load(str(tmp_path / "ab.db"))
    assert merged == Profile.load(str(tmp_path / "ba.db"))
    assert merged.sites == profile.sites
    assert gone(rows, Options(profile=merged))["banner"] > 0.95
    assert gone(rows, Options(profile=merged))["body"] == 0


def test_show_and_forget(path: Path, tmp_path: Path, run: Command, rows: list[dict[str, Any]]) -> None:
    copy = tmp_path / "copy.db"
    copy.write_bytes(path.read_bytes())
    site = site_of(rows[0]["url"])
    assert f"{site}\t20 pages\t" in run("profile", "show", copy).text
    shown = run("profile", "show", copy, "--site", site).text
    banner = next(rows[0]["text"][a:b] for a, b, label in rows[0]["pieces"] if label == "banner")
    assert " of 20\t" in shown
    assert banner in shown
    assert run("profile", "forget", copy, "--site", site).code == 0
    assert site not in Profile.load(str(copy)).sites
    assert len(Profile.load(str(copy)).sites) == SITES - 1
    outcome = run("profile", "forget", copy, "--site", site)
    assert (outcome.code, outcome.lines) == (1, [f"cleaner: {copy}: knows no site {site!r}"])


def article(n: int, *more: str) -> str:
    r = random.Random(n)
    lines = [" ".join(make_corpus.sentence(r) for _ in range(3)) for _ in range(8)]
    return "\n".join([*lines[:4], *more, *lines[4:]]) + "\n"


STANDING = "Vulma deth orrin samekka, tir valu neth orbin dako, sul mer tavin."


@pytest.mark.parametrize(
    ("text", "on", "goes"),
    [
        (STANDING, 40, True),
        (STANDING, 6, False),
        ("“We have waited for this road for thirty years,” said the mayor of Upper Sedge.", 5, False),
        ("Ingredients", 40, False),
        ("What you need", 40, False),
        ("Vulma {} deth orrin samekka tir valu.", 40, True),
    ],
)
def test_what_counts(tmp_path: Path, text: str, on: int, goes: bool) -> None:
    texts = [article(n, *([text.format(n)] if n < on else [])) for n in range(40)]
    learn(lambda: [Page("a.example", t, i) for i, t in enumerate(texts)], str(tmp_path / "p.db"))
    options = Options(profile=Profile.load(str(tmp_path / "p.db")))
    result = cleaner.segment(texts[3], site="a.example", options=options)
    assert (text.format(3) in result.body) is not goes
    assert len(result.removed) == goes


def test_a_sentence_that_reporters_write_again_and_again_stays(tmp_path: Path) -> None:
    formula = "The ministry did not answer questions about the matter."
    texts = [article(n).replace(".\n", f". {formula}\n", 1) for n in range(40)]
    learn(lambda: [Page("a.example", t, i) for i, t in enumerate(texts)], str(tmp_path / "p.db"))
    options = Options(profile=Profile.load(str(tmp_path / "p.db")))
    assert all(formula in cleaner.clean(t, site="a.example", options=options) for t in texts)


def test_copies_of_a_page_are_no_evidence(tmp_path: Path) -> None:
    texts = [article(1, f"Updated {n} times") for n in range(30)] + [article(n) for n in range(2, 12)]
    learn(lambda: [Page("a.example", t, i) for i, t in enumerate(texts)], str(tmp_path / "p.db"))
    options = Options(profile=Profile.load(str(tmp_path / "p.db")))
    assert cleaner.clean(texts[0], site="a.example", options=options) == texts[0]
    versions = [article(1, *[make_corpus.sentence(random.Random(i)) for i in range(n)]) for n in range(12)]
    some = versions + [article(n) for n in range(2, 12)]
    learn(lambda: [Page("a.example", t, i) for i, t in enumerate(some)], str(tmp_path / "q.db"))
    options = Options(profile=Profile.load(str(tmp_path / "q.db")))
    assert all(cleaner.clean(t, site="a.example", options=options) == t for t in versions)


def test_the_command_learns_and_uses(tmp_path: Path, rows: list[dict[str, Any]], run: Command) -> None:
    source = tmp_path / "in.jsonl"
    source.write_text("".join(json.dumps(r) + "\n" for r in rows) + "broken\n")
    profile = tmp_path / "sites.db"
    outcome = run("learn", source, "--profile", profile)
    assert outcome.code == 1
    assert "in.jsonl: line 241: broken JSON" in outcome.err
    assert "units recur on 240 pages of 12 sites" in outcome.err
    assert run("learn", source, "--profile", profile).code == 2
    wanted = cleaner.clean(rows[0]["text"], url=rows[0]["url"], options=Options(profile=Profile.load(str(profile))))
    run("corpus", source, "-o", tmp_path / "out", "--profile", profile, "--workers", 0)
    first = json.loads((tmp_path / "out" / "in.jsonl").read_text().splitlines()[0])
    assert first["body"] == wanted
    outcome = run("--jsonl", "--profile", profile, stdin=json.dumps(rows[0]))
    assert json.loads(outcome.text)["text"] == wanted
    shown = run("--show", "--site", rows[0]["url"], "--profile", profile, stdin=rows[0]["text"]).text
    assert "repeated on" in shown
    assert "of 20 pages" in shown
    assert (
        run("corpus", source, "-o", tmp_path / "out", "--workers", 0).code == 2
    )  # without the profile it is another run


@pytest.mark.parametrize("content", [b"", b"x" * 5000, None])
def test_what_is_no_profile_is_refused(tmp_path: Path, run: Command, content: bytes | None) -> None:
    path = tmp_path / "p.db"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(ProfileError, match=r"p\.db: (no such file|no profile)"):
        Profile.load(str(path))
    outcome = run("--profile", path, stdin="x")
    assert (outcome.code, len(outcome.lines)) == (2, 1)
    outcome = run("profile", "show", path)
    assert (outcome.code, len(outcome.lines)) == (1, 1)
    with pytest.raises(StoreError):
        manage.merge([str(path)], str(tmp_path / "out.db"))
    assert not (tmp_path / "out.db").exists()


def test_a_profile_of_another_version_is_refused(path: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy.db"
    copy.write_bytes(path.read_bytes())
    with sqlite3.connect(copy) as file:
        file.execute("update about set value = 'x' where name = 'scheme'")
    file.close()
    with pytest.raises(ProfileError, match="learn again"):
        Profile.load(str(copy))


@pytest.mark.parametrize(
    ("url", "site"),
    [
        ("https://news.example.co.uk/a", "example.co.uk"),
        ("//www.example.com:80/x", "example.com"),
        ("www.example.com", "example.com"),
        ("http://a.b.github.io/", "b.github.io"),
        ("https://ann.wordpress.com/1", "ann.wordpress.com"),
        ("http://user:word@example.de/", "example.de"),
        ("HTTP://WWW.Example.DE/", "example.de"),
        ("http://localhost:8000/x", "localhost"),
        ("http://[::1]/", "[::1]"),
        ("file:///etc/x", None),
        ("mailto:a@b.de", None),
        ("nonsense", None),
        ("", None),
        (None, None),
    ],
)
def test_the_site_of_a_url(url: str | None, site: str | None) -> None:
    assert site_of(url) == site


def test_importing_stays_light() -> None:
    code = "import cleaner, sys; print([m for m in ('sqlite3', 'tld', 'pyarrow', 'zstandard') if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_a_profile_must_be_one() -> None:
    with pytest.raises(ValueError, match="profile must be a Profile, not str"):
        Options(profile="sites.db")  # type: ignore[arg-type]
