"""More texts from labelled ones: the phrasebook's banners put in, lines glued, flattened, left out."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from cleaner.kinds import CORE

from .phrasebook import Article, Banner, Phrasebook, fill
from .texts import OWN_SITE, LabelledText, render

CORE_KINDS = tuple(map(str, CORE))
FURNITURE = ("headline", "byline", "caption", "bio", "note")
OWN_WEIGHT = 0.5

Lines = list[list[str]]


@dataclass(frozen=True)
class Amounts:
    """How many texts of each sort. own: articles of the phrasebook with its banners in them, for each language; bare:
    how often each of its articles, with lines that look like boilerplate and are not."""

    spliced: int = 0
    glued: int = 500
    flat: int = 300
    thinned: int = 600
    own: int = 0
    bare: int = 2


class Augmenter:
    """Makes texts at random; the same seed makes the same ones."""

    def __init__(self, books: dict[str, Phrasebook], seed: int) -> None:
        self.books = books
        self.rng = random.Random(seed)
        self._pools: dict[str, list[tuple[str, str]]] = {}

    def make(self, texts: Sequence[tuple[LabelledText, str]], amounts: Amounts) -> list[LabelledText]:
        """texts: with the language of each."""
        made: list[LabelledText | None] = []
        self._pools = self._core_lines(texts)
        rng = self.rng
        if texts:
            made += [self._spliced(*rng.choice(texts)) for _ in range(amounts.spliced)]
        for lang, book in self.books.items():
            for _ in range(amounts.own if book.articles else 0):
                made.append(self._own(lang, book))
            made += [self._bare(lang, book, article) for article in book.articles * amounts.bare]
        if texts:
            made += [self._glued(*rng.choice(texts)) for _ in range(amounts.glued)]
            made += [self._flat(rng.choice(texts)[0]) for _ in range(amounts.flat)]
            made += [self._thinned(rng.choice(texts)[0]) for _ in range(amounts.thinned)]
        return [t for t in made if t is not None and any(c.isalnum() for c in t.text)]

    def _core_lines(self, texts: Sequence[tuple[LabelledText, str]]) -> dict[str, list[tuple[str, str]]]:
        """Lines of the core kinds by language, to glue to others."""
        pools: defaultdict[str, list[tuple[str, str]]] = defaultdict(list)
        for t, lang in texts:
            pools[lang] += [(t.text[a:b], k) for a, b, k in t.pieces if k in CORE_KINDS and b - a > 12]
        for lang, book in self.books.items():
            for b in book.singles + book.banners:
                if b.kind in CORE_KINDS:
                    pools[lang].append((fill(self.rng.choice(b.lines), b.slots, self.rng), b.kind))
        return pools

    def _text(self, lines: Lines, like: LabelledText, between: str | None = None) -> LabelledText:
        text, pieces = render(lines, between=between)
        return LabelledText(text, pieces, like.site, like.fold, OWN_WEIGHT, "augmented")

    def _spliced(self, base: LabelledText, lang: str) -> LabelledText | None:
        book = self.books.get(lang)
        if book is None:
            return None
        lines = base.lines
        if self.rng.random() < 0.5:
            lines = [x for x in lines if x[1] in ("body", *FURNITURE[:3]) or self.rng.random() < 0.3]
        lines = self.splice([x for x in lines if x[0]], book)
        lines = [[x[0], x[1], x[2] if "\n" in x[2] else "\n"] for x in lines]
        return self._text(lines, base)

    def _own(self, lang: str, book: Phrasebook) -> LabelledText:
        lines = self.splice(self._article(book), book)
        lines = [[x[0], x[1], "\n"] for x in lines]
        like = LabelledText("", (), f"{OWN_SITE}:{lang}{self.rng.randrange(8)}")
        chance = self.rng.random()
        if chance < 0.12 and self._pools.get(lang):
            return self._text(self.glue(lines, self._pools[lang]), like)
        between = " " if chance > 0.94 else self.rng.choice(("\n", "\n", "\n", "\n\n"))
        return self._text(lines, like, between)

    def _bare(self, lang: str, book: Phrasebook, article: Article) -> LabelledText:
        lines = [[fill(t, article.slots, self.rng), k, "\n"] for k, t in article.lines]
        for _ in range(2):
            lines = self._with_keeps(lines, book)
        return self._text(lines, LabelledText("", (), f"{OWN_SITE}:{lang}"))

    def _article(self, book: Phrasebook) -> Lines:
        rng = self.rng
        article = rng.choice(book.articles)
        lines = [[fill(t, article.slots, rng), k, "\n"] for k, t in article.lines]
        if rng.random() < 0.5:
            other = rng.choice(book.articles)
            more = [[fill(t, other.slots, rng), k, "\n"] for k, t in other.lines if k == "body"]
            rng.shuffle(more)
            lines += more[: rng.randint(1, max(len(more), 1))]
        return lines

    def _glued(self, base: LabelledText, lang: str) -> LabelledText | None:
        pool = self._pools.get(lang)
        return self._text(self.glue(base.lines, pool), base) if pool else None

    def _flat(self, base: LabelledText) -> LabelledText:
        return self._text(base.lines, base, " ")

    def _thinned(self, base: LabelledText) -> LabelledText | None:
        """Part of the body left out, or some or all of the rest."""
        rng, lines = self.rng, base.lines
        body = [i for i, x in enumerate(lines) if x[1] == "body"]
        if len(body) < 6:
            return None
        chance = rng.random()
        if chance < 0.4:
            start, end = sorted((rng.choice(body), rng.choice(body)))
            gone = range(start, end) if end - start < len(body) * 0.7 else range(0)
            lines = [x for i, x in enumerate(lines) if i not in gone or x[1] != "body"]
        elif chance < 0.7:
            lines = [x for x in lines if x[1] == "body" or rng.random() < 0.5]
        else:
            lines = [x for x in lines if x[1] == "body" or x[1] in FURNITURE]
        return self._text(lines, base)

    def splice(self, lines: Lines, book: Phrasebook) -> Lines:
        """Some banners and single lines of the book put into an article, and lines of its own that look like them."""
        rng, out = self.rng, [list(x) for x in lines]
        if not _body(out):
            return out
        tail: list[Lines] = []
        for _ in range(rng.choice((0, 1, 1, 2, 2, 3, 4))):
            banner = self._pick(book)
            group = [[t, banner.kind, "\n"] for t in self._lines(banner)]
            place = banner.place if banner.place != "any" else rng.choice(("inside", "inside", "end", "head"))
            if rng.random() < 0.12:
                place = rng.choice(("inside", "end", "head"))
            if place == "end":
                tail.append(group)
                continue
            body = _body(out)
            first = 0 if rng.random() < 0.3 else rng.randint(0, body[0])
            at = first if place == "head" else rng.choice(body) + 1
            out[at:at] = group
        rng.shuffle(tail)
        at = rng.choice((max(_body(out)) + 1, len(out), len(out)))
        out[at:at] = [x for group in tail for x in group]
        return self._with_keeps(out, book)

    def _with_keeps(self, lines: Lines, book: Phrasebook) -> Lines:
        rng = self.rng
        if book.keeps and rng.random() < 0.6:
            for _ in range(rng.randint(1, 3)):
                keep = rng.choice(book.keeps)
                kind, text = keep.lines[0]
                at = 0 if kind == "headline" else rng.choice(_body(lines))
                lines.insert(at, [fill(text, keep.slots, rng), kind, "\n"])
        return lines

    def _pick(self, book: Phrasebook) -> Banner:
        core = self.rng.random() < 0.7
        for _ in range(30):
            banner = self.rng.choice(book.banners if self.rng.random() < 0.55 and book.banners else book.singles)
            if (banner.kind in CORE_KINDS) == core:
                break
        return banner

    def _lines(self, banner: Banner) -> list[str]:
        """A banner's lines, filled; now and then only some of them, or all on one line."""
        rng = self.rng
        lines = [fill(t, banner.slots, rng) for t in banner.lines]
        if len(lines) > 2 and rng.random() < 0.25:
            start = rng.randint(0, len(lines) - 2)
            lines = lines[start : rng.randint(start + 2, len(lines))]
        if len(lines) > 1 and rng.random() < 0.15:
            lines = [" ".join(lines)]
        return lines

    def glue(self, lines: Lines, pool: list[tuple[str, str]]) -> Lines:
        """Where body meets something else the line break goes, and lines of the pool are glued to paragraphs."""
        rng, out = self.rng, [list(x) for x in lines]
        for before, x in pairwise(out):
            if "body" in (before[1], x[1]) and before[1] != x[1] and rng.random() < 0.7:
                x[2] = rng.choice(("", " "))
        hosts = [x for x in out if x[1] == "body" and len(x[0]) > 100 and x[0][-1] in '.!?。”"']
        for host in rng.sample(hosts, min(rng.randint(1, 3), len(hosts))):
            guest = [*rng.choice(pool), rng.choice(("", " "))]
            at = next(i for i, x in enumerate(out) if x is host)
            if rng.random() < 0.55:
                out.insert(at + 1, guest)
            else:
                guest[2], host[2] = host[2], guest[2]
                out.insert(at, guest)
        return out


def _body(lines: Lines) -> list[int]:
    return [i for i, x in enumerate(lines) if x[1] == "body"]
