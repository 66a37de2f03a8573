"""`cleaner corpus`: arguments, messages, the progress bar."""

from __future__ import annotations

import argparse
from collections.abc import Sequence

from ..cli import FAILED, OK, USAGE, Parser, add_decision, add_no_color, options_of, parse
from ..io import Log, complain
from .inputs import Input, guessed
from .part import Done
from .progress import Bar
from .records import ConflictError, CorpusError, Fields, Layout
from .restoring import restore
from .runner import Corpus, Summary, Watcher, run

_DESCRIPTION = """\
Cleans a whole corpus: JSON Lines, CSV and TSV (plain, .gz, .zst), Parquet, and
the pages of WARC archives. Every file is written again under the same name,
each record as it was and with its body beside; in the output folder are also
stats.json, report.html to look at and rejects.jsonl with what was unusable.

examples:
  cleaner corpus crawl/ -o clean/          every file below crawl/
  cleaner corpus 'news-*.jsonl.zst' -o clean/ --removed
                                           and what goes, to audit or put back
  cleaner corpus a.parquet -o clean/ --text-field article --in-place
  cleaner corpus restore clean/ -o back/   the corpus as it was before
"""

_EPILOG = """\
A run that was stopped, in whatever way, goes on when the same command is given
again, and ends with the same output as if nothing had happened. With other
options or changed inputs it refuses.

exit codes: 0 fine; 1 something could not be used (see rejects.jsonl), the rest
was done; 2 usage; 130 interrupted
"""


def main(argv: Sequence[str]) -> int:
    """Run the sub-command. Returns the exit code."""
    try:
        return _restore(argv[1:]) if argv[:1] == ["restore"] else _corpus(argv)
    except ConflictError as e:
        complain(str(e))
        return USAGE
    except CorpusError as e:
        complain(str(e))
        return FAILED


def _corpus(argv: Sequence[str]) -> int:
    args = parse(_parser(), argv)
    if args is None:
        return OK
    corpus = Corpus(
        inputs=args.inputs,
        output=args.output,
        options=options_of(args),
        fields=Fields(args.text_field, args.html_field, args.url_field, args.id_field, args.site_field),
        body=None if args.in_place else args.body_field or "body",
        spans=args.spans,
        removed=args.removed,
        workers=args.workers,
        restart=args.restart,
    )
    with _Watcher(color=not args.no_color) as watcher:
        summary = run(corpus, watcher)
    _say(summary, args.output)
    return FAILED if summary.rejected else OK


def _say(found: Summary, output: str) -> None:
    share = found.removed / found.characters if found.characters else 0
    complain(
        f"{output}: {found.documents:,} documents, {found.changed:,} changed, "
        f"{share:.1%} of {found.characters:,} characters removed"
    )
    if found.rejected:
        complain(f"{output}: {found.rejected:,} rejected, see rejects.jsonl there")


def _parser() -> argparse.ArgumentParser:
    parser = Parser(
        prog="cleaner corpus",
        usage="cleaner corpus [OPTIONS] INPUT... -o OUT\n       cleaner corpus restore OUT -o BACK",
        description=_DESCRIPTION,
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    parser.add_argument("inputs", metavar="INPUT", nargs="+", help="files, directories, patterns")
    _add_fields(parser.add_argument_group("fields of a record (text, html, url and id are guessed)"))
    add_decision(parser.add_argument_group("what goes"))
    _add_output(parser.add_argument_group("output"))
    _add_run(parser.add_argument_group("the run"))
    return parser


def _add_fields(group: argparse._ArgumentGroup) -> None:
    for name, what in (
        ("text", "with the text"),
        ("html", "with the HTML of the page, where there is no text"),
        ("url", "with the URL: its registered domain is the site"),
        ("id", "with what the record is called, for reports"),
        ("site", "with the name of the site, instead of the URL's"),
    ):
        group.add_argument(f"--{name}-field", metavar="NAME", help=f"the field {what}")


def _add_output(group: argparse._ArgumentGroup) -> None:
    add = group.add_argument
    add("-o", "--output", metavar="OUT", required=True, help="a folder, made if need be")
    place = group.add_mutually_exclusive_group()
    place.add_argument("--body-field", metavar="NAME", help='the field that is added for the body (default "body")')
    place.add_argument("--in-place", action="store_true", help="the body takes the place of the text")
    add("--spans", action="store_true", help='add a field "spans": offsets, kinds, what was removed')
    add("--removed", action="store_true", help="keep all that goes in OUT/removed, to be read and put back")


def _add_run(group: argparse._ArgumentGroup) -> None:
    add = group.add_argument
    add("--workers", metavar="N", type=_count, help="processes beside this one (default: one for each core)")
    add("--restart", action="store_true", help="throw away what an earlier run left in OUT")
    add_no_color(group)


def _count(value: str) -> int:
    if not value.isdecimal() or int(value) > 4096:
        raise argparse.ArgumentTypeError("must be a number from 0 on")
    return int(value)


def _restore(argv: Sequence[str]) -> int:
    parser = Parser(
        prog="cleaner corpus restore",
        description="Puts back what a run of cleaner corpus removed: the inverse of a run with --removed.",
        allow_abbrev=False,
    )
    parser.add_argument("folder", metavar="OUT", help="the output folder of a finished run")
    parser.add_argument("-o", "--output", metavar="BACK", required=True, help="a new folder for the restored files")
    args = parse(parser, argv)
    if args is None:
        return OK
    changed = restore(args.folder, args.output)
    complain(f"{args.output}: {changed:,} documents got their text back")
    return OK


class _Watcher(Watcher):
    """Says how a run goes, on standard error."""

    def __init__(self, *, color: bool) -> None:
        self.log = Log()
        self.color = color
        self.bar: Bar | None = None

    def begins(self, inputs: list[Input], left: list[str], layout: Layout, given: Fields) -> None:
        """See Watcher."""
        if left:
            self.log.note(left[0], f"no known ending, left out ({len(left):,} such files)")
        if said := guessed(layout.fields, given):
            self.log.note(inputs[0].path, said)
        self.bar = Bar(sum(i.size for i in inputs), color=self.color)

    def at(self, done: Done, before: int) -> None:
        """See Watcher."""
        if self.bar:
            self.bar.at(done, before)

    def __enter__(self) -> _Watcher:
        return self

    def __exit__(self, *_: object) -> None:
        if self.bar:
            self.bar.close()
