"""From labelled texts to the model file.

    python -m training.train                                    from the project's own files alone
    python -m training.train --gold ../shared/gold --pages ../shared/pages
    python -m training.train --gold … --pages … --folds DIR     cross-validation models too, one a fold, into DIR

training/README.md says what goes in and how long it takes.
"""

from __future__ import annotations

import argparse
import hashlib
import random
import sys
import time
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, replace
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from cleaner import __version__, weights
from cleaner.kinds import KINDS
from cleaner.spans import UNIT

from . import calibrate, export, phrasebook, texts, variants
from .augment import Amounts, Augmenter
from .examples import Example, examples
from .fit import Recipe, fit, scores
from .network import Network

HERE = Path(__file__).parent
ROOT = HERE.parent
FOLDS = 5


def main(argv: Sequence[str] | None = None) -> int:
    """Train, write, report how long it took."""
    args = _arguments().parse_args(argv)
    started = time.monotonic()
    torch.set_num_threads(1)
    data = Data.load(args)
    identity = np.tile(np.arange(UNIT + 1, dtype=np.uint16), (2, len(KINDS), 1))
    table = cross_validate(data, args) if data.real else identity
    write(args.output, train(data, data.real, args, args.seed), data, table, args)
    print(f"{args.output}: {args.output.stat().st_size / 1e6:.1f} MB after {time.monotonic() - started:.0f} s")
    return 0


def _arguments() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m training.train", description=(__doc__ or "").split("\n")[0])
    parser.add_argument("-o", "--output", type=Path, default=ROOT / "cleaner" / "data" / "model.bin")
    parser.add_argument("--gold", type=Path, help="folder of gold files")
    parser.add_argument("--pages", type=Path, help="folder of HTML pages: more texts of the same and of other pages")
    parser.add_argument("--folds", type=Path, help="write the models of cross-validation into this folder")
    parser.add_argument("--without-language", help="leave out every labelled text in this language")
    parser.add_argument("--members", type=int, default=2, help="networks whose scores are averaged")
    parser.add_argument("--epochs", type=int, help="for a quick try")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--processes", type=int, default=2)
    return parser


class Data:
    """All that is trained on. real: labelled texts of pages and what other extractors make of them; cases: our own;
    books: the phrasebooks."""

    def __init__(self, labelled: Sequence[texts.LabelledText], args: argparse.Namespace) -> None:
        self.processes = args.processes
        self.real = [e for e in examples(labelled, self.processes) if e.lang != (args.without_language or "none")]
        self.books = phrasebook.load(HERE / "phrasebook")
        self.cases = examples(list(texts.cases(ROOT / "fixtures")), self.processes)

    @classmethod
    def load(cls, args: argparse.Namespace) -> Data:
        """What the arguments name."""
        labelled = list(texts.gold(args.gold)) if args.gold else []
        if args.pages:
            html = texts.pages(args.pages)
            labelled += texts.labelled_pages(HERE / "labels" / "pages.jsonl", html)
            labelled += variants.make(labelled, html, args.processes)
        data = cls(labelled, args)
        print(f"{len(data.real)} labelled texts, {sum(len(e.label) for e in data.real)} units", flush=True)
        return data

    def own(self, real: Sequence[Example], seed: int) -> list[Example]:
        """Made texts, from these real ones and from the phrasebooks, and the project's cases."""
        seen = [(e.text, e.lang or "en") for e in real if e.text.original]
        amounts = Amounts() if seen else Amounts(own=60)
        return examples(Augmenter(self.books, seed).make(seen, amounts), self.processes) + self.cases

    def about(self, args: argparse.Namespace) -> dict[str, object]:
        """What the model file says of its making."""
        digests = sorted(hashlib.sha256(e.text.text.encode("utf-8", "surrogatepass")).hexdigest() for e in self.real)
        return {
            "cleaner": __version__,
            "kinds": list(map(str, KINDS)),
            "features": list((self.real or self.cases)[0].features),
            "texts": len(self.real),
            "data": hashlib.sha256("".join(digests).encode()).hexdigest()[:16],
            "seed": args.seed,
            "recipe": asdict(recipe(args)),
        }


def recipe(args: argparse.Namespace) -> Recipe:
    """The recipe, with what the arguments change."""
    return replace(Recipe(), epochs=args.epochs) if args.epochs else Recipe()


def train(data: Data, real: Sequence[Example], args: argparse.Namespace, seed: int) -> list[Network]:
    """The members of an ensemble, trained side by side."""
    everything = [*real, *data.own(real, seed)]
    with ProcessPoolExecutor(args.processes, initializer=torch.set_num_threads, initargs=(1,)) as pool:
        jobs = [pool.submit(fit, everything, recipe(args), seed * 100 + i) for i in range(args.members)]
        return [job.result() for job in jobs]


def cross_validate(data: Data, args: argparse.Namespace) -> NDArray[np.uint16]:
    """The calibration, from the scores that each fold's texts get by networks which have not seen that fold.

    With --folds each fold's networks are written too, calibrated on the other folds.
    """
    trained: dict[int, list[Network]] = {}
    held: dict[int, list[tuple[Example, NDArray[np.float32]]]] = {}
    for fold in range(FOLDS):
        trained[fold] = train(data, [e for e in data.real if e.text.fold != fold], args, args.seed + fold + 1)
        mine = [e for e in data.real if e.text.fold == fold and e.text.original]
        parts = [scores(n, mine) for n in trained[fold]]
        held[fold] = [(e, np.mean(s, axis=0)) for e, s in zip(mine, zip(*parts, strict=True), strict=True)]
        print(f"fold {fold}: {len(mine)} texts held out", flush=True)
    if args.folds:
        args.folds.mkdir(parents=True, exist_ok=True)
        for fold, networks in trained.items():
            others = [pair for f, pairs in held.items() if f != fold for pair in pairs]
            write(args.folds / f"fold{fold}.bin", networks, data, calibrate.table(others), args)
    return calibrate.table([pair for pairs in held.values() for pair in pairs])


def write(
    path: Path, networks: Sequence[Network], data: Data, table: NDArray[np.uint16], args: argparse.Namespace
) -> None:
    """Write a model file."""
    sample = random.Random(args.seed).sample(data.real or data.cases, min(300, len(data.real or data.cases)))
    weights.write(path, export.arrays(networks, sample, table), data.about(args) | {"members": len(networks)})


if __name__ == "__main__":
    sys.exit(main())
