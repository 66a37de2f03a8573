"""`cleaner learn` and `cleaner profile`: arguments and messages."""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence
from pathlib import Path

from ..cli import FAILED, OK, USAGE, Parser, parse
from ..corpus import ConflictError, CorpusError, Fields
from ..corpus.formats import format_of
from ..corpus.inputs import Input, find, guess, guessed
from ..corpus.records import DamagedError, Layout, Record
from ..encoding import encode
from ..io import Log, complain, opened, visible
from ..sites import site_of
from . import manage
from .learn import Page, learn
from .store import StoreError

_CHUNK = 4_000_000

_LEARN = """\
Counts on how many pages of a site each line and sentence stands, and keeps what
recurs: what a site repeats is its boilerplate, in any language. The profile is
evidence for cleaner and cleaner corpus (--profile), beside all they know.

examples:
  cleaner learn crawl/ --profile sites.db
  cleaner corpus crawl/ -o clean/ --profile sites.db
"""

_PROFILE = """\
examples:
  cleaner profile show sites.db                   the sites, with most pages first
  cleaner profile show sites.db --site dailyx.com what that site repeats
  cleaner profile merge a.db b.db -o sites.db     counts of different pages add up
  cleaner profile forget sites.db --site dailyx.com
"""


def learn_command(argv: Sequence[str]) -> int:
    """`cleaner learn`. Returns the exit code."""
    args = parse(_learn_parser(), argv)
    if args is None:
        return OK
    fields = Fields(args.text_field, args.html_field, args.url_field, args.id_field, args.site_field)
    try:
        return _learn(args.inputs, args.profile, fields, replace=args.replace)
    except ConflictError as e:
        complain(str(e))
        return USAGE
    except (CorpusError, StoreError) as e:
        complain(f"{args.profile}: {e}" if isinstance(e, StoreError) else str(e))
        return FAILED


def _learn(arguments: Sequence[str], path: str, fields: Fields, *, replace: bool) -> int:
    if Path(path).exists() and not replace:
        raise ConflictError(f"{path}: is there already; --replace, or cleaner profile merge")
    inputs, left = find(arguments)
    log = Log()
    if left:
        log.note(left[0], f"no known ending, left out ({len(left):,} such files)")
    if not inputs:
        raise ConflictError("no input that can be read")
    found_fields = guess(inputs, fields)
    if said := guessed(found_fields, fields):
        log.note(inputs[0].path, said)
    reading = _Reading(inputs, found_fields, log)
    found = learn(reading.pages, path)
    if reading.nameless:
        log.note(path, f"{reading.nameless:,} pages of no known site were left out")
    complain(f"{path}: {found.units:,} units recur on {found.pages:,} pages of {found.sites:,} sites")
    return FAILED if log.failed else OK


class _Reading:
    """The pages of some files, read twice; complaints are made once. nameless: pages without a site."""

    def __init__(self, inputs: list[Input], fields: Fields, log: Log) -> None:
        self.inputs, self.log = inputs, log
        self.layout = Layout(fields, fields.text or "", False)
        self.nameless = 0
        self.times = 0

    def pages(self) -> Iterator[Page]:
        """Every page whose site is known."""
        self.times += 1
        for number, one in enumerate(self.inputs):
            try:
                for record in self.records(one):
                    page = self.page(record, number << 40 | record.number)
                    if page is not None:
                        yield page
            except DamagedError as e:
                self.complain(one.path, f"{e.place}: {e.reason}" if e.place else e.reason)

    def records(self, one: Input) -> Iterator[Record]:
        form = format_of(one.path)
        reason = form.check(one.path, self.layout)
        if reason:
            raise DamagedError("", reason)
        for chunk in form.chunks(one.path, _CHUNK):
            for record in form.parse(chunk, self.layout).records:
                _read_page(record)
                if record.error:
                    self.complain(one.path, f"{form.unit} {record.number}: {record.error}")
                else:
                    yield record

    def page(self, record: Record, place: int) -> Page | None:
        text = record.text
        site = record.site or site_of(record.url)
        if not text:
            return None
        if not site:
            self.nameless += self.times == 1
            return None
        return Page(site, text, place)

    def complain(self, name: str, what: str) -> None:
        if self.times == 1:
            self.log.error(name, what)


def _read_page(record: Record) -> None:
    """Give a record that has HTML and no text all the text of its page."""
    if record.error or record.text is not None or record.html is None:
        return
    from ..page.errors import PageError
    from ..page.segment import read

    try:
        record.text = read(record.html, record.url, record.encoding).text
    except PageError as e:
        record.error = str(e)


def _learn_parser() -> argparse.ArgumentParser:
    parser = Parser(
        prog="cleaner learn",
        usage="cleaner learn [OPTIONS] INPUT... --profile FILE",
        description=_LEARN,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    add = parser.add_argument
    add("inputs", metavar="INPUT", nargs="+", help="files, directories, patterns, as for cleaner corpus")
    add("--profile", metavar="FILE", required=True, help="where the profile is written")
    add("--replace", action="store_true", help="write over a profile that is there")
    for name in ("text", "html", "url", "id", "site"):
        add(f"--{name}-field", metavar="NAME", help=f"as for cleaner corpus: the record's field for {name}")
    return parser


def profile_command(argv: Sequence[str]) -> int:
    """`cleaner profile`. Returns the exit code."""
    command = _PARSERS.get(argv[0] if argv else "")
    args = parse(command() if command else _profile_parser(), argv[1:] if command else argv)
    if args is None:
        return OK
    try:
        args.do(args)
    except StoreError as e:
        complain(f"{args.file if isinstance(args.file, str) else args.output}: {e}")
        return FAILED
    return OK


def _profile_parser() -> argparse.ArgumentParser:
    """For --help, and to complain about a command that there is not."""
    parser = Parser(
        prog="cleaner profile",
        usage="cleaner profile show | merge | forget ...",
        description="Looks at profiles of sites and changes them. Each command has its own --help.",
        epilog=_PROFILE,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    parser.add_argument("command", metavar="COMMAND", choices=list(_PARSERS), help="show, merge or forget")
    return parser


def _parser(name: str, about: str) -> argparse.ArgumentParser:
    return Parser(prog=f"cleaner profile {name}", description=about, allow_abbrev=False)


def _show_parser() -> argparse.ArgumentParser:
    parser = _parser("show", "The sites in a profile, or what a site repeats.")
    parser.add_argument("file", metavar="FILE")
    parser.add_argument("--site", metavar="NAME", help="what this site repeats")
    parser.add_argument("-n", "--most", metavar="N", type=int, default=50, help="lines at most (default %(default)s)")
    parser.set_defaults(do=_show)
    return parser


def _merge_parser() -> argparse.ArgumentParser:
    parser = _parser("merge", "One profile of several, which were learned from different pages.")
    parser.add_argument("file", metavar="FILE", nargs="+")
    parser.add_argument("-o", "--output", metavar="FILE", required=True)
    parser.set_defaults(do=_merge)
    return parser


def _forget_parser() -> argparse.ArgumentParser:
    parser = _parser("forget", "Takes sites out of a profile.")
    parser.add_argument("file", metavar="FILE")
    parser.add_argument("--site", metavar="NAME", action="append", required=True)
    parser.set_defaults(do=_forget)
    return parser


_PARSERS = {"show": _show_parser, "merge": _merge_parser, "forget": _forget_parser}


def _show(args: argparse.Namespace) -> None:
    if args.site:
        lines = [f"{u.pages} of {u.of}\t{u.text}" for u in manage.units(args.file, args.site, args.most)]
    else:
        lines = [f"{s.name}\t{s.pages} pages\t{s.units} units" for s in manage.sites(args.file, args.most)]
    with opened(None) as out:
        out.write(encode("".join(visible(line).replace("\n", " ") + "\n" for line in lines)))


def _merge(args: argparse.Namespace) -> None:
    manage.merge(args.file, args.output)


def _forget(args: argparse.Namespace) -> None:
    manage.forget(args.file, args.site)
