"""From labelled texts and pages to the model files.

    python -m training.train                                    the text model, from the project's own files alone
    python -m training.train --gold ../shared/gold --pages ../shared/pages
    python -m training.train --gold … --pages … --folds DIR     cross-validation models too, one a fold, into DIR

With --pages the page model is trained as well, into the same folders. training/README.md says what goes in and how long
it takes.
"""

from __future__ import annotations

import argparse
import hashlib
import random
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, replace
from pathlib import Path
from typing import NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray

from cleaner import __version__, weights
from cleaner.kinds import KINDS
from cleaner.spans import UNIT

from . import calibrate, export, pages, phrasebook, texts, variants
from .augment import Amounts, Augmenter
from .examples import Example, examples
from .fit import Recipe, fit, scores
from .network import Network

HERE = Path(__file__).parent
ROOT = HERE.parent
FOLDS = 5
TEXT = Recipe(epochs=12)
PAGE = Recipe(epochs=14, drop_cues=0.0, drop_picked=0.4, longest=1024, even=True)
IDENTITY = np.tile(np.arange(UNIT + 1, dtype=np.uint16), (2, len(KINDS), 1))
"""The calibration that changes nothing."""


class Task(NamedTuple):
    """A model to train. name: of its file. real: what is cross-validated and trained on. caution: whether its
    probabilities are calibrated in favour of body. about: what the file says of its making."""

    name: str
    real: list[Example]
    own: Callable[[Sequence[Example], int], list[Example]]
    recipe: Recipe
    members: int
    caution: bool
    about: dict[str, object]


def main(argv: Sequence[str] | None = None) -> int:
    """Train, write, report how long it took."""
    args = _arguments().parse_args(argv)
    started = time.monotonic()
    torch.set_num_threads(1)
    for task in tasks(args):
        print(f"{task.name}: {len(task.real)} texts, {sum(len(e.label) for e in task.real)} units", flush=True)
        table = cross_validate(task, args) if task.real else IDENTITY
        path = args.output / f"{task.name}.bin"
        write(path, train(task, task.real, args, args.seed), task, table)
        print(f"{path}: {path.stat().st_size / 1e6:.1f} MB after {time.monotonic() - started:.0f} s", flush=True)
    return 0


def _arguments() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m training.train", description=(__doc__ or "").split("\n")[0])
    parser.add_argument("-o", "--output", type=Path, default=ROOT / "cleaner" / "data", help="folder of the models")
    parser.add_argument("--gold", type=Path, help="folder of gold files")
    parser.add_argument("--pages", type=Path, help="folder of HTML pages: more texts of the same and of other pages")
    parser.add_argument("--folds", type=Path, help="write the models of cross-validation into this folder")
    parser.add_argument("--only", choices=("model", "page"), help="train the text model or the page model alone")
    parser.add_argument("--without-language", help="leave out every labelled text in this language")
    parser.add_argument("--epochs", type=int, help="for a quick try")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--processes", type=int, default=2)
    return parser


def tasks(args: argparse.Namespace) -> Iterator[Task]:
    """The models that the arguments ask for."""
    html = texts.pages(args.pages) if args.pages else {}
    labelled = list(texts.gold(args.gold, HERE / "labels" / "doubtful.jsonl")) if args.gold else []
    labelled += texts.labelled_pages(HERE / "labels" / "pages.jsonl", html)
    known = pages.known_lines(labelled)
    if args.only != "page":
        yield _text_task(labelled, known, html, args)
    if args.only != "model" and html:
        yield _page_task(known, html, args)


def _text_task(
    labelled: list[texts.LabelledText], known: pages.KnownPages, html: pages.Html, args: argparse.Namespace
) -> Task:
    """Labelled texts, what other extractors make of their pages, what surrounds the body of all pages; and made texts,
    from these and from the phrasebooks, and the project's cases."""
    everything = [*labelled, *variants.make(labelled, html, args.processes)] if html else labelled
    everything += pages.surrounded_texts(list(html.values()), known, args.processes)
    real = [e for e in examples(everything, args.processes) if e.lang != (args.without_language or "none")]
    books = phrasebook.load(HERE / "phrasebook")
    cases = examples(list(texts.cases(ROOT / "fixtures")), args.processes)

    def own(mine: Sequence[Example], seed: int) -> list[Example]:
        seen = [(e.text, e.lang or "en") for e in mine if e.text.original]
        amounts = Amounts() if seen else Amounts(own=60)
        return examples(Augmenter(books, seed).make(seen, amounts), args.processes) + cases

    return Task("model", real, own, _recipe(TEXT, args), 2, True, _about(real, cases, args))


def _page_task(known: pages.KnownPages, html: pages.Html, args: argparse.Namespace) -> Task:
    real = pages.page_examples(list(html.values()), known, args.processes)
    return Task("page", real, lambda *_: [], _recipe(PAGE, args), 1, False, _about(real, [], args))


def _recipe(recipe: Recipe, args: argparse.Namespace) -> Recipe:
    return replace(recipe, epochs=args.epochs) if args.epochs else recipe


def _about(real: Sequence[Example], cases: Sequence[Example], args: argparse.Namespace) -> dict[str, object]:
    digests = sorted(hashlib.sha256(e.text.text.encode("utf-8", "surrogatepass")).hexdigest() for e in real)
    return {
        "cleaner": __version__,
        "kinds": list(map(str, KINDS)),
        "features": list((*real, *cases)[0].features),
        "texts": len(real),
        "data": hashlib.sha256("".join(digests).encode()).hexdigest()[:16],
        "seed": args.seed,
    }


def train(task: Task, real: Sequence[Example], args: argparse.Namespace, seed: int) -> list[Network]:
    """The members of an ensemble, trained side by side."""
    everything = [*real, *task.own(real, seed)]
    with ProcessPoolExecutor(args.processes, initializer=torch.set_num_threads, initargs=(1,)) as pool:
        jobs = [pool.submit(fit, everything, task.recipe, seed * 100 + i) for i in range(task.members)]
        return [job.result() for job in jobs]


Held = list[tuple[Example, NDArray[np.float32]]]


def cross_validate(task: Task, args: argparse.Namespace) -> NDArray[np.uint16]:
    """The calibration, from the scores that each fold's texts get by networks which have not seen that fold.

    With --folds each fold's networks are written too, calibrated on the other folds.
    """
    if not task.caution and not args.folds:
        return IDENTITY
    trained: dict[int, list[Network]] = {}
    held: dict[int, Held] = {}
    for fold in range(FOLDS):
        trained[fold] = train(task, [e for e in task.real if e.text.fold != fold], args, args.seed + fold + 1)
        mine = [e for e in task.real if e.text.fold == fold and e.text.original]
        parts = [scores(n, mine, task.recipe.longest) for n in trained[fold]]
        held[fold] = [(e, np.mean(s, axis=0)) for e, s in zip(mine, zip(*parts, strict=True), strict=True)]
        print(f"fold {fold}: {len(mine)} texts held out", flush=True)
    for fold, networks in trained.items() if args.folds else ():
        others = [pair for f, pairs in held.items() if f != fold for pair in pairs]
        args.folds.mkdir(parents=True, exist_ok=True)
        write(args.folds / f"{task.name}{fold}.bin", networks, task, _calibration(task, others))
    return _calibration(task, [pair for pairs in held.values() for pair in pairs])


def _calibration(task: Task, held: Held) -> NDArray[np.uint16]:
    return calibrate.table(held) if task.caution else IDENTITY


def write(path: Path, networks: Sequence[Network], task: Task, table: NDArray[np.uint16]) -> None:
    """Write a model file."""
    known = task.real or task.own([], 0)
    sample = random.Random(0).sample(known, min(300, len(known)))
    about = task.about | {"recipe": asdict(task.recipe), "members": len(networks)}
    weights.write(path, export.arrays(networks, sample, table), about)


if __name__ == "__main__":
    sys.exit(main())
