"""The judgement calls: every case file comes out as it says."""

import json

import pytest
from cases import Case, complaints, folder

import cleaner
from cleaner.kinds import BOILERPLATE


@pytest.mark.parametrize("case", folder("negative"), ids=lambda c: c.name)
def test_nothing_of_an_article_goes(case: Case) -> None:
    assert not [kind for kind, _ in case.pieces if kind in BOILERPLATE], "a negative holds no boilerplate"
    assert complaints(case) == []
    assert cleaner.clean(case.text) == case.text


@pytest.mark.parametrize("case", folder("wild-style"), ids=lambda c: c.name)
def test_boilerplate_in_the_styles_of_real_outlets_goes(case: Case) -> None:
    assert complaints(case) == []


@pytest.mark.parametrize("case", folder("seams"), ids=lambda c: c.name)
def test_boilerplate_glued_to_body_is_cut_at_the_seam(case: Case) -> None:
    assert complaints(case) == []


@pytest.mark.xfail(strict=True, reason="a known failure; when it passes, move the case to the folder it belongs to")
@pytest.mark.parametrize("case", folder("known-failures"), ids=lambda c: c.name)
def test_known_failures(case: Case) -> None:
    assert complaints(case) == []


def test_there_are_hard_negatives_in_number() -> None:
    assert len(folder("negative")) >= 30


def test_every_case_says_what_it_pins() -> None:
    for name in ("negative", "wild-style", "seams", "known-failures"):
        for case in folder(name):
            assert case.about.strip(), case.name
            assert case.text.strip(), case.name


def test_a_case_survives_the_json_form() -> None:
    case = folder("wild-style")[0]
    result = cleaner.segment(case.text)
    assert cleaner.Segmentation.from_dict(json.loads(json.dumps(result.to_dict()))) == result
