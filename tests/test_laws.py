"""The laws, for any text: a partition, nothing lost, the same alone and in a batch."""

import json
import pickle
import re

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

import cleaner
from cleaner import Kind, Options, Segmentation

PIECES = (
    "Support our journalism.", "Subscribe to read the full story", "Sign up for our newsletter", "Leave a comment",
    "Comments", "Share", "READ MORE: Another headline", "The council voted on Tuesday to rebuild the old bridge.",
    "Dr. Smith of the U.S. Army paid 3.5 million.", "“Quoted,” she said.", "Jetzt spenden", "有料会員限定",
    "これは記事です。", "* item", "# Heading", "[Subscribe](https://example.org/x)", "http://example.org/a.B", "a",
    ".", "…", "»«", "12",
)  # fmt: skip
GLUE = ("\n", "\n\n", " ", "", "\r\n", "\r", "\u2028", "\t", "\u3000", "\u200b", "\x00", "\x0c", "\ufeff", "\n  ")
NASTY = st.lists(
    st.tuples(st.sampled_from(PIECES) | st.text(max_size=12), st.sampled_from(GLUE)), max_size=25
).map(lambda parts: "".join(a + b for a, b in parts))  # fmt: skip
SURROGATES = st.text(st.characters(codec=None, categories=["Cs", "Lu", "Ll", "Zs"]), max_size=20)
TEXTS = NASTY | SURROGATES
OPTIONS = st.builds(
    Options,
    remove=st.lists(st.sampled_from(["core", "boilerplate", "furniture", "body", "donation", "advert"]), max_size=3),
    keep=st.lists(st.sampled_from(["core", "newsletter", "headline"]), max_size=2),
    threshold=st.sampled_from([0.0001, 0.1, 0.5, 0.9, 1.0]),
    lang=st.sampled_from([None, "de", "xx"]),
)


@given(TEXTS, OPTIONS)
@example("", Options())
@example("\n", Options())
@example("\ud800", Options())
def test_spans_are_a_gap_free_partition(text: str, options: Options) -> None:
    result = cleaner.segment(text, options=options)
    assert "".join(s.text for s in result.spans) == text
    at = 0
    for span in result.spans:
        assert span.start == at < span.end
        assert span.text == text[span.start : span.end]
        at = span.end
    assert at == len(text)


@given(TEXTS, OPTIONS)
def test_a_span_goes_exactly_when_the_summed_probability_reaches_the_threshold(text: str, options: Options) -> None:
    for span in cleaner.segment(text, options=options).spans:
        assert sum(span.scores.values()) == pytest.approx(1)
        assert span.confidence == span.scores.get(span.kind, 0)
        summed = sum(round(p * 10_000) for k, p in span.scores.items() if k in options.removes)
        assert span.removed == (summed >= round(options.threshold * 10_000))


@settings(max_examples=40)
@given(st.lists(TEXTS, max_size=8), OPTIONS)
def test_a_batch_gives_what_each_text_gives_alone(texts: list[str], options: Options) -> None:
    assert list(cleaner.segment_many(texts, options=options)) == [cleaner.segment(t, options=options) for t in texts]


@given(TEXTS, OPTIONS)
def test_deciding_again_equals_segmenting_again(text: str, options: Options) -> None:
    first = cleaner.segment(text, options=Options(lang=options.lang))
    assert first.with_options(options) == cleaner.segment(text, options=options)


@given(TEXTS)
def test_body_holds_the_ink_of_what_is_kept_and_nothing_else(text: str) -> None:
    result = cleaner.segment(text)
    kept = "".join("".join(s.text.split()) for s in result.spans if not s.removed)
    assert "".join(result.body.split()) == kept
    if not result.removed:
        assert result.body == text


@given(TEXTS, OPTIONS)
def test_json_form_comes_back_the_same(text: str, options: Options) -> None:
    assume(not re.search("[\ud800-\udbff][\udc00-\udfff]", text))  # two surrogates in a row are one character in JSON
    result = cleaner.segment(text, options=options)
    back = Segmentation.from_dict(json.loads(json.dumps(result.to_dict())))
    assert back == result
    assert back.body == result.body
    assert [s.reasons for s in back.spans] == [s.reasons for s in result.spans]


@given(TEXTS)
def test_results_can_be_sent_to_other_processes(text: str) -> None:
    result = cleaner.segment(text)
    assert pickle.loads(pickle.dumps(result)) == result


def test_texts_are_streamed_not_collected() -> None:
    read = []

    def texts():
        for i in range(50):
            read.append(i)
            yield "The council voted on Tuesday. " * 2000

    results = cleaner.segment_many(texts())
    next(results)
    assert len(read) < 50


def test_a_text_longer_than_a_batch_keeps_its_partition() -> None:
    paragraph = "The council voted on Tuesday to rebuild the old bridge over the river.\n"
    text = "Support our journalism with a donation today.\n" + paragraph * 9000 + "Leave a comment\n"
    result = cleaner.segment(text)
    assert "".join(s.text for s in result.spans) == text
    assert result.spans[0].kind is Kind.DONATION
    assert result.spans[-1].kind is Kind.COMMENT
    assert len(result) == 9002


def test_one_very_long_line_is_cut_nowhere_but_between_words() -> None:
    text = "word " * 300_000
    result = cleaner.segment(text)
    assert result.body == text


@pytest.mark.parametrize("wrong", [None, 3, b"bytes"])
def test_a_text_that_is_no_string_is_refused(wrong: object) -> None:
    with pytest.raises(TypeError, match="str"):
        cleaner.segment(wrong)  # type: ignore[arg-type]


def test_one_string_is_not_many_texts() -> None:
    with pytest.raises(TypeError, match="segment"):
        list(cleaner.segment_many("one text"))
