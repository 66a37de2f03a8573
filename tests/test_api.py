"""The public face: options, segmentations, their JSON form, what importing costs."""

import json
import subprocess
import sys

import pytest

import cleaner
from cleaner import GROUPS, KINDS, Kind, Options, Segmentation

TEXT = (
    "Council votes for the new bridge\n"
    "Support our journalism with a donation today.\n"
    "The council voted on Tuesday to rebuild the old bridge over the river, after years of debate.\n"
    "Work begins in spring and will take two years, the mayor told reporters at the town hall.\n"
    "Sign up for our newsletter\n"
    "Leave a comment\n"
)


def kinds_removed(**options: object) -> list[str]:
    return [str(s.kind) for s in cleaner.segment(TEXT, options=Options(**options)).removed]


def test_default_removes_boilerplate_and_says_what_it_was() -> None:
    assert kinds_removed() == ["donation", "newsletter", "comment"]


def test_clean_is_the_body_of_segment() -> None:
    body = cleaner.clean(TEXT)
    assert body == cleaner.segment(TEXT).body
    assert body.startswith("Council votes for the new bridge\nThe council voted")
    assert body.endswith("town hall.")


def test_remove_takes_kinds_and_groups_and_keep_wins() -> None:
    assert kinds_removed(remove=("comment",)) == ["comment"]
    assert kinds_removed(remove="core", keep=("newsletter",)) == ["donation", "comment"]
    assert kinds_removed(remove=(Kind.DONATION,)) == ["donation"]
    assert kinds_removed(remove=()) == []
    assert kinds_removed(remove=("furniture",))[0] == "headline"


def test_threshold_is_one_dial() -> None:
    counts = [len(kinds_removed(threshold=t)) for t in (0.001, 0.5, 0.999, 1.0)]
    assert counts == sorted(counts, reverse=True)
    assert counts[0] > counts[-1]


@pytest.mark.parametrize(
    ("wrong", "complaint"),
    [
        ({"remove": ("donatoin",)}, "unknown kind 'donatoin'"),
        ({"keep": ("all",)}, "unknown kind 'all'"),
        ({"threshold": 0}, "threshold"),
        ({"threshold": 1.5}, "threshold"),
        ({"threshold": float("nan")}, "threshold"),
        ({"threshold": "0.5"}, "threshold"),
        ({"threshold": True}, "threshold"),
        ({"lang": "e"}, "lang"),
        ({"lang": "english language"}, "lang"),
    ],
)
def test_wrong_options_are_refused(wrong: dict, complaint: str) -> None:
    with pytest.raises(ValueError, match=complaint):
        Options(**wrong)


def test_options_are_frozen_and_keyword_only() -> None:
    with pytest.raises(TypeError):
        Options(("core",))  # type: ignore[misc]
    with pytest.raises(AttributeError):
        Options().threshold = 0.9  # type: ignore[misc]
    assert hash(Options(remove="core")) == hash(Options(remove=("core",)))


def test_language_is_told_or_taken_as_given() -> None:
    assert cleaner.segment(TEXT).lang == "en"
    german = cleaner.segment("Der Rat hat am Dienstag für die neue Brücke gestimmt, und das ist für alle gut.")
    assert german.lang == "de"
    assert "de" in german.packs
    assert cleaner.segment(TEXT, options=Options(lang="de")).lang == "de"
    assert cleaner.segment("12").lang is None


def test_with_options_decides_again() -> None:
    result = cleaner.segment(TEXT)
    assert result.with_options(Options(remove=("comment",))).body.count("\n") > result.body.count("\n")
    with pytest.raises(ValueError, match="segment the text again"):
        result.with_options(Options(lang="de"))


def test_reasons_name_the_cue_and_more() -> None:
    reasons = cleaner.segment(TEXT).removed[-1].reasons
    assert any("leave a comment" in r for r in reasons)
    assert len(reasons) > 1


def test_body_spans_have_no_reasons_to_be_boilerplate() -> None:
    assert all(s.reasons == () for s in cleaner.segment(TEXT).spans if s.kind is Kind.BODY)


def test_kinds_and_groups() -> None:
    assert len(KINDS) == 18
    assert set(GROUPS) == {"core", "boilerplate", "furniture"}
    assert set(GROUPS["core"]) < set(GROUPS["boilerplate"])
    assert {Kind.BODY} | set(GROUPS["boilerplate"]) | set(GROUPS["furniture"]) == set(KINDS)
    assert Kind.BODY == "body" == str(Kind.BODY) == f"{Kind.BODY}"
    assert json.dumps([Kind.READER_COMMENT]) == '["reader_comment"]'


def broken(**changes: object) -> dict:
    return {**cleaner.segment(TEXT).to_dict(), **changes}


def broken_span(**changes: object) -> dict:
    data = cleaner.segment(TEXT).to_dict()
    data["spans"][1] = {**data["spans"][1], **changes}
    return data


@pytest.mark.parametrize(
    ("data", "complaint"),
    [
        ([], "not a segmentation"),
        ({}, "not a segmentation"),
        (broken(format="other"), "not a segmentation"),
        (broken(version=99), "version 99"),
        (broken(spans=None), "'spans' must be a list"),
        (broken(options=None), "'options' must be an object"),
        (broken(options={"threshold": 7}), "threshold"),
        (broken(spans=[3]), "span 0"),
        (broken_span(start=0), "span 1"),
        (broken_span(end=99999), "span 1"),
        (broken_span(text="short"), "span 1"),
        (broken_span(kind="donatoin"), "span 1"),
        (broken_span(scores={"body": 7}), "span 1"),
        (broken_span(scores=None), "span 1"),
        (broken_span(start="a"), "span 1"),
    ],
)
def test_a_broken_json_form_is_refused_and_the_place_named(data: object, complaint: str) -> None:
    with pytest.raises(ValueError, match=complaint):
        Segmentation.from_dict(data)  # type: ignore[arg-type]


def test_json_form_without_reasons() -> None:
    data = cleaner.segment(TEXT).to_dict(reasons=False)
    assert all(s["reasons"] == [] for s in data["spans"])


def test_import_is_light() -> None:
    code = (
        "import cleaner, sys; print([m for m in ('trafilatura', 'rich', 'click', 'lxml', 're2') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_cleaning_touches_no_file_and_no_network_after_the_first_text() -> None:
    code = (
        "import cleaner, sys\n"
        "cleaner.clean('Some text. Subscribe now!')\n"
        "opened = []\n"
        "sys.addaudithook(lambda e, a: opened.append((e, a)) if e in ('open', 'socket.connect') else None)\n"
        f"cleaner.segment({TEXT!r}).to_dict()\n"
        "print(opened)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
