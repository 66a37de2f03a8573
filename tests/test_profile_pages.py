"""What sites repeat, in their pages: learned from HTML, used for HTML, by the library, the command and a corpus."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from conftest import Command

import cleaner
from cleaner import Options, Profile

BANNER = "Vulma deth orrin samekka, tir valu neth orbin dako."
WHO = ("Ada", "Ben", "Cleo", "Dora", "Emil", "Fay", "Gus", "Hal", "Ida", "Jon")
LOGIN = '<form>Log in <input type="password"><p>{}</p></form>'


def page(who: str) -> str:
    return (
        f"<html><body><article><h1>What {who} saw</h1><p>{who} counted the boats at the north quay before the storm"
        f" came.</p><p>{BANNER}</p><p>Nobody else had seen what {who} saw that night on the water.</p></article>"
    )


def rows() -> list[dict[str, str]]:
    return [{"url": f"https://www.orrin.example/{who}", "html": page(who)} for who in WHO]


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    (tmp_path / "in.jsonl").write_text(
        "".join(json.dumps(r) + "\n" for r in [*rows(), {"url": "x", "html": "%PDF-1.7"}])
    )
    return tmp_path / "in.jsonl"


@pytest.fixture
def path(corpus: Path, run: Command) -> Path:
    found = corpus.parent / "sites.db"
    outcome = run("learn", corpus, "--profile", found)
    assert outcome.code == 1
    assert "line 11: no text but a PDF file, not HTML" in outcome.err
    assert "units recur on 10 pages of 1 sites" in outcome.err
    return found


@pytest.fixture
def options(path: Path) -> Options:
    return Options(profile=Profile.load(str(path)))


def test_a_banner_that_the_site_repeats_goes(options: Options) -> None:
    html, url = page("Ada"), "https://www.orrin.example/Ada"
    assert BANNER in cleaner.clean_html(html, url=url)
    result = cleaner.segment_html(html, url=url, options=options)
    (span,) = result.removed
    assert (span.text.strip(), span.path) == (BANNER, "/html/body/article/p[2]")
    assert span.reasons[0] == "repeated on 10 of 10 pages of this site"
    assert (result.site, result.url, result.to_dict()["site"]) == ("orrin.example", url, "orrin.example")
    assert result.with_options(Options(profile=options.profile, remove=())).site == "orrin.example"
    again = cleaner.Segmentation.from_dict(json.loads(json.dumps(result.to_dict())))
    assert (again.site, again.url, again.reasons) == (result.site, result.url, result.reasons)


def test_the_site_given_counts_more_than_the_address(options: Options) -> None:
    html, url = page("Ada"), "https://www.orrin.example/Ada"
    assert BANNER not in cleaner.clean_html(html, site="orrin.example", options=options)
    assert BANNER in cleaner.clean_html(html, options=options)
    assert BANNER in cleaner.clean_html(html, url=url, site="elsewhere.example", options=options)


def test_many_pages_and_their_sites(options: Options) -> None:
    html, url = page("Ada"), "https://www.orrin.example/Ada"
    pages = [html, (html, url), (html, url), "%PDF-1.7"]
    sites = ["orrin.example", None, "elsewhere.example", None]
    results = list(cleaner.segment_html_many(pages, sites=sites, options=options))
    assert [BANNER in r.body for r in results] == [False, False, True, False]
    assert [r.site for r in results] == ["orrin.example", "orrin.example", "elsewhere.example", None]
    assert results[0] == cleaner.segment_html(html, site="orrin.example", options=options)
    with pytest.raises(ValueError, match="shorter"):
        list(cleaner.segment_html_many([html, html], sites=["orrin.example"]))
    with pytest.raises(TypeError, match="sites are many"):
        list(cleaner.segment_html_many([html], sites="orrin.example"))


def test_a_wall_stays_a_wall(options: Options) -> None:
    wall = LOGIN.format(BANNER)
    result = cleaner.segment_html(wall, site="orrin.example", options=options)
    plain = cleaner.segment_html(wall)
    assert result.notes == plain.notes == ("a login wall",)
    assert [(s.kind, s.confidence) for s in result.spans] == [(s.kind, s.confidence) for s in plain.spans]


def test_in_a_corpus(corpus: Path, path: Path, run: Command, tmp_path: Path) -> None:
    run("corpus", corpus, "-o", tmp_path / "out", "--profile", path, "--workers", 0)
    bodies = [json.loads(line)["body"] for line in (tmp_path / "out" / "in.jsonl").read_text().splitlines()]
    assert len(bodies) == len(WHO)
    assert not any(BANNER in body for body in bodies)
    records = [{"from": "orrin.example", "html": r["html"]} for r in rows()]
    (tmp_path / "named.jsonl").write_text("".join(json.dumps(r) + "\n" for r in records))
    run(
        "corpus",
        tmp_path / "named.jsonl",
        "-o",
        tmp_path / "o",
        "--profile",
        path,
        "--site-field",
        "from",
        "--workers",
        0,
    )
    written = [json.loads(line)["body"] for line in (tmp_path / "o" / "named.jsonl").read_text().splitlines()]
    assert written == bodies


def test_in_the_command(corpus: Path, path: Path, run: Command, tmp_path: Path) -> None:
    (tmp_path / "a.html").write_text(page("Ada"))
    url = "https://www.orrin.example/Ada"
    assert BANNER in run(tmp_path / "a.html", "--profile", path).text
    assert BANNER not in run(tmp_path / "a.html", "--profile", path, "--url", url).text
    assert BANNER not in run(tmp_path / "a.html", "--profile", path, "--site", "orrin.example").text
    shown = run(tmp_path / "a.html", "--profile", path, "--url", url, "--show").text
    assert "repeated" in shown
    found = run("--jsonl", "--html", "--text-field", "html", "--profile", path, stdin=json.dumps(rows()[0]) + "\n").text
    assert BANNER not in json.loads(found)["html"]


def test_the_address_of_a_text_and_of_a_record(path: Path, run: Command) -> None:
    url = "https://www.orrin.example/Ada"
    text = f"Ada counted the boats at the north quay.\n{BANNER}\nNobody else had seen them that night.\n"
    assert BANNER in run("--profile", path, stdin=text).text
    assert BANNER not in run("--profile", path, "--url", url, stdin=text).text
    record = json.dumps({"link": url, "text": text}) + "\n"
    assert BANNER in run("--jsonl", "--profile", path, stdin=record).text
    assert BANNER not in run("--jsonl", "--profile", path, "--url-field", "link", stdin=record).text


def test_the_address_of_a_record_makes_links_absolute(run: Command) -> None:
    html = page("Ada").replace("the north quay", '<a href="/b">the north quay</a>')
    record = json.dumps({"url": "https://www.orrin.example/a", "text": html}) + "\n"
    found = json.loads(run("--jsonl", "--html", "-f", "markdown", stdin=record).text)["text"]
    assert "(https://www.orrin.example/b)" in found
