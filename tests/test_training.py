"""What the model is trained from: the phrasebooks, and the texts made from them."""

import random
from pathlib import Path

import pytest

from cleaner.kinds import CORE
from training import phrasebook
from training.augment import Amounts, Augmenter
from training.texts import LabelledText, cases, render

ROOT = Path(__file__).parent.parent
LANGUAGES = [
    "en",
    "de",
    "fr",
    "es",
    "it",
    "pt",
    "nl",
    "pl",
    "sv",
    "da",
    "no",
    "fi",
    "cs",
    "ru",
    "uk",
    "tr",
    "id",
    "ja",
    "zh",
    "ko",
    "ar",
    "hi",
]
OTHER_PROMPTS = ("account", "follow", "advert", "legal", "contact", "interface")
BOOKS = phrasebook.load(ROOT / "training" / "phrasebook")


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_language_has_all_core_kinds_and_articles_that_must_stay(lang: str) -> None:
    book = BOOKS[lang]
    said = {b.kind for b in book.banners}
    assert set(map(str, CORE)) <= said
    assert len(book.articles) >= 6
    assert len(book.keeps) >= 30


@pytest.mark.parametrize("lang", LANGUAGES[:8])
def test_the_first_languages_have_the_other_prompt_kinds_too(lang: str) -> None:
    assert set(OTHER_PROMPTS) <= {b.kind for b in BOOKS[lang].singles}


@pytest.mark.parametrize(
    ("data", "complaint"),
    [
        ({"banner": [{"kind": "begging", "lines": ["x"]}]}, "mine: banner 1: unknown kind 'begging'"),
        ({"banner": [{"kind": "donation", "place": "top", "lines": ["x"]}]}, "mine: banner 1: unknown place 'top'"),
        ({"single": [{"kind": "donation", "texts": ["Give {price}"]}]}, "mine: single 1: no slot 'price'"),
    ],
)
def test_a_mistake_in_a_phrasebook_is_reported_by_entry(data: dict, complaint: str) -> None:
    with pytest.raises(phrasebook.PhrasebookError) as caught:
        phrasebook.Phrasebook().add(data, "mine")
    assert str(caught.value) == complaint


def test_slots_are_filled() -> None:
    rng = random.Random(1)
    filled = phrasebook.fill("{n} from {who} at {time}, {email}", {"who": ["Ada"]}, rng)
    assert "{" not in filled
    assert "Ada" in filled


def test_made_texts_are_partitioned_and_the_same_for_the_same_seed() -> None:
    seen = [(t, "en") for t in cases(ROOT / "fixtures")][:20]
    amounts = Amounts(spliced=20, glued=20, flat=10, thinned=20, own=1)
    made = Augmenter(BOOKS, 7).make(seen, amounts)
    assert made == Augmenter(BOOKS, 7).make(seen, amounts)
    assert len(made) > 60
    for text in made:
        at = 0
        for start, end, _ in text.pieces:
            assert at <= start <= end <= len(text.text)
            assert not text.text[at:start].strip()
            at = end


def test_rendering_lines_gives_back_the_text() -> None:
    text = "One.\n\nTwo. Three"
    labelled = LabelledText(text, ((0, 4, "body"), (6, 10, "donation"), (11, 16, "body")), "site")
    assert render(labelled.lines) == (text, labelled.pieces)


def test_the_project_trains_a_model_from_its_own_files(tmp_path: Path) -> None:
    pytest.importorskip("torch", reason="training needs the extra 'train'")
    from cleaner import Options
    from cleaner.model import load
    from cleaner.segment import segment_with
    from training import train

    path = tmp_path / "model.bin"
    assert train.main(["--epochs", "1", "--processes", "1", "-o", str(tmp_path)]) == 0
    text = "The council voted on Tuesday.\nSign up for our newsletter\n"
    (result,) = segment_with(load(str(path)), [text], Options())
    assert "".join(s.text for s in result.spans) == text
