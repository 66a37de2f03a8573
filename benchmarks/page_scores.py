"""How near a page's extracted body comes to the reference.

Three metrics of other people's benchmarks, written again here:

    shingles    F1 over multisets of runs of four words, precision and recall being means over pages; `same`, the share
                of pages with the same words in the same order: the article extraction benchmark of ScrapingHub
    words       F1 over bags of lower-cased words, mean over pages: WCXB
    snippets    over all pages, pieces of text that must and must not be in the body: trafilatura's evaluation

Chinese, Japanese, Korean and Thai count by characters.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import fmean

_WIDE = "\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\u0e00-\u0e7f"
_WORD = re.compile(rf"[{_WIDE}]|[^\W{_WIDE}]+")
_RUN = 4


@dataclass(frozen=True)
class Gold:
    """What a page's body should be. paragraphs: of the body; optional: those that count neither way. wanted, unwanted:
    snippets, for pages of which no more is known; paragraphs is None then."""

    paragraphs: tuple[str, ...] | None
    optional: tuple[str, ...] = ()
    wanted: tuple[str, ...] = ()
    unwanted: tuple[str, ...] = ()


def words(text: str) -> list[str]:
    """The words of a text."""
    return _WORD.findall(text)


def scores(golds: Sequence[Gold], bodies: Sequence[str]) -> dict[str, float]:
    """The figures of a data set: of snippets, if it is of snippets, else of whole bodies."""
    if golds and golds[0].paragraphs is None:
        return snippet_scores(zip(golds, bodies, strict=True))
    pairs = [("\n".join(g.paragraphs or ()), _without_optional(g, b)) for g, b in zip(golds, bodies, strict=True)]
    return shingle_scores(pairs) | {"word_f1": fmean(word_f1(g, b) for g, b in pairs) if pairs else 0.0}


def shingle_scores(pairs: Iterable[tuple[str, str]]) -> dict[str, float]:
    """precision, recall, f1, same: of (reference, body) pairs."""
    precisions, recalls, same = [], [], []
    for gold, body in pairs:
        g, b = words(gold), words(body)
        same.append(g == b)
        want, got = _runs(g), _runs(b)
        right, wrong, missed = ((want & got).total(), (got - want).total(), (want - got).total())
        if right + wrong:
            precisions.append(_share(right, wrong, missed))
        if right + missed:
            recalls.append(_share(right, missed, wrong))
    precision, recall = _mean(precisions), _mean(recalls)
    f1 = 2 * precision * recall / (precision + recall) if precision + recall else 0.0
    return {"precision": precision, "recall": recall, "f1": f1, "same": _mean(same)}


def word_f1(gold: str, body: str) -> float:
    """F1 over bags of words of one page."""
    want, got = Counter(words(gold.lower())), Counter(words(body.lower()))
    if not want or not got:
        return float(want == got)
    return 2 * (want & got).total() / (want.total() + got.total())


def snippet_scores(pairs: Iterable[tuple[Gold, str]]) -> dict[str, float]:
    """precision, recall, f1 over all snippets, white space folded."""
    found = missed = wrong = 0
    for gold, body in pairs:
        flat = " ".join(body.split())
        hits = sum(" ".join(s.split()) in flat for s in gold.wanted)
        found, missed = found + hits, missed + len(gold.wanted) - hits
        wrong += sum(" ".join(s.split()) in flat for s in gold.unwanted)
    return {
        "precision": found / (found + wrong) if found + wrong else 0.0,
        "recall": found / (found + missed) if found + missed else 0.0,
        "f1": 2 * found / (2 * found + wrong + missed) if found else 0.0,
    }


def _runs(found: list[str]) -> Counter[tuple[str, ...]]:
    count = max(1, len(found) - _RUN + 1) if found else 0
    return Counter(tuple(found[i : i + _RUN]) for i in range(count))


def _share(right: int, other: int, third: int) -> float:
    if other == third == 0:
        return 1.0
    return right / (right + other) if right else 0.0


def _mean(values: Sequence[float]) -> float:
    return fmean(values) if values else 0.0


def _without_optional(gold: Gold, body: str) -> str:
    optional = {tuple(words(x)) for x in gold.optional}
    return "\n".join(line for line in body.split("\n") if tuple(words(line)) not in optional) if optional else body
