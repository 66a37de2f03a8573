"""The command: arguments and exit codes. The work is in run.py, files and streams in io.py, all colour in view.py.

Exit codes: 0 fine, 1 some input failed (the others were done), 2 usage, 130 interrupted.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, NoReturn

from . import __version__
from .cues import CueError, CuePack
from .encoding import encode, known
from .inputs import Reading
from .io import STDIN, OutputError, Source, complain, opened
from .kinds import expand
from .markup import is_url
from .options import DEFAULT_THRESHOLD, Options
from .run import Job, run
from .sites import site_of
from .targets import UsageError, make_folder, plan, protect_inputs

if TYPE_CHECKING:
    from .profile import Profile

OK, FAILED, USAGE, INTERRUPTED = 0, 1, 2, 130

_DESCRIPTION = """\
Gives the body of an article, from plain text or HTML: without the donation,
subscription, newsletter and comment prompts, teasers, adverts and buttons that
publishers put around and inside it.

examples:
  cleaner article.txt                      the body, on standard output
  trafilatura -u URL | cleaner > body.txt  behind an extractor
  cleaner --show article.txt               what goes, coloured by kind, and why
  cleaner --removed article.txt            only what went, each with its kind
  cleaner -f json article.txt              all spans: offsets, kinds, reasons
  cleaner page.html                        the body of a saved page
  cleaner -f markdown https://example.org/ a page that is fetched, as Markdown
  cleaner -o bodies/ articles/*.txt        many files
  cleaner -f jsonl articles/*.txt          many files, one JSON object each
  cleaner --jsonl < in.jsonl > out.jsonl   the field "text" of every record
  cleaner --keep newsletter,legal a.txt    leave some kinds in
  cleaner --remove boilerplate,furniture a.txt
                                           title, byline and captions go too
  cleaner --threshold 0.9 a.txt            only what is nearly certain goes
  cleaner --cues mine.toml a.txt           with your own phrases and patterns
  cleaner kinds                            the kinds, with an example each

many documents (each has its own --help):
  cleaner corpus crawl/ -o clean/          JSON Lines, CSV, Parquet, WARC
  cleaner learn crawl/ --profile sites.db  what the sites in it repeat
  cleaner profile show sites.db
"""

_EPILOG = """\
Several inputs need -o DIRECTORY, -f jsonl or --show. In a directory an output
is called like its input; -f, --removed and --show add an ending (.json, ...).
Text output ends with exactly one line break; when nothing is left, nothing is
written. A file that is called like a command ("kinds", "corpus", "learn",
"profile") is given as ./kinds.

An input is HTML when its name ends in .html, .htm, .xhtml or .shtml, when it
begins like HTML, or when it is an address: then, and only then, something is
fetched. What trafilatura --json writes is taken for the text in it. A page
without a body gives empty output, and the reason on standard error.

Output is UTF-8. Text is read by its byte order mark, else as UTF-8, else in
an encoding that is detected and named on standard error; bytes that fit
nowhere pass through untouched. A page's encoding is what its server or the page
itself says, unless its bytes say otherwise. JSON Lines are UTF-8 unless marked
or told otherwise. A record that cannot be used is named on standard error and
left as it is (with -f jsonl: an object with "error").

exit codes: 0 fine; 1 some input failed, the others were done; 2 usage or a bad
cue file; 130 interrupted
"""


class Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        raise UsageError(message)


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command with these arguments, those of the process if None. Returns the exit code, never raises it."""
    args = sys.argv[1:] if argv is None else list(argv)
    try:
        return _command(args)
    except BrokenPipeError:
        _let_go_of_stdout()
        return OK
    except KeyboardInterrupt:
        return INTERRUPTED


def _command(args: list[str]) -> int:
    try:
        return _COMMANDS.get(args[0] if args else "", _filter)(args)
    except UsageError as e:
        complain(f"{e} (cleaner --help shows how)")
        return USAGE
    except OutputError as e:
        complain(f"{e.name}: {e.reason}")
        return FAILED


def parse(parser: argparse.ArgumentParser, argv: Sequence[str]) -> argparse.Namespace | None:
    """The arguments; None when they were --help or --version, and that has been printed."""
    try:
        return parser.parse_intermixed_args(argv)
    except SystemExit:
        with opened(None):
            return None


def _let_go_of_stdout() -> None:
    """Nobody reads any more: what is still buffered must not fail when the interpreter ends."""
    try:
        descriptor = sys.stdout.fileno()
    except (OSError, ValueError, AttributeError):
        return
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, descriptor)
    os.close(nowhere)


def _corpus(args: list[str]) -> int:
    from .corpus.cli import main as corpus

    return corpus(args[1:])


def _learn(args: list[str]) -> int:
    from .profile.cli import learn_command

    return learn_command(args[1:])


def _profile(args: list[str]) -> int:
    from .profile.cli import profile_command

    return profile_command(args[1:])


def _kinds(args: list[str]) -> int:
    parser = Parser(prog="cleaner kinds", description="The kinds of text that cleaner tells apart, and their groups.")
    add_no_color(parser)
    parsed = parse(parser, args[1:])
    if parsed is None:
        return OK
    from . import view

    with opened(None) as out:
        out.write(encode(view.kinds_table(color=not parsed.no_color)))
    return OK


_COMMANDS = {"kinds": _kinds, "corpus": _corpus, "learn": _learn, "profile": _profile}
"""Words that are no input when they come first; a file of such a name is given as ./corpus."""


def _filter(argv: Sequence[str]) -> int:
    args = parse(_parser(), argv)
    if args is None:
        return OK
    if not args.inputs and _is_terminal():
        complain("reading standard input until Ctrl-D; cleaner --help shows examples")
    return OK if run(_job(args)) else FAILED


def _is_terminal() -> bool:
    return sys.stdin is not None and sys.stdin.isatty()


def _parser() -> argparse.ArgumentParser:
    parser = Parser(
        prog="cleaner",
        usage="cleaner [OPTIONS] [INPUT]...\n       cleaner kinds | corpus | learn | profile ...",
        description=_DESCRIPTION,
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
        add_help=False,
    )
    _add_input(parser.add_argument_group("input"))
    add_decision(parser.add_argument_group("what goes"))
    _add_output(parser.add_argument_group("output"))
    about = parser.add_argument_group("about")
    about.add_argument("-h", "--help", action="help", help="show this help")
    about.add_argument("--version", action="version", version=f"cleaner {__version__}", help="show the version")
    return parser


def _add_input(group: argparse._ArgumentGroup) -> None:
    add = group.add_argument
    add("inputs", metavar="INPUT", nargs="*", help='files or addresses; "-" or nothing for standard input')
    kind = group.add_mutually_exclusive_group()
    kind.add_argument("--html", action="store_const", const=True, help="input is HTML, whatever it looks like")
    kind.add_argument("--text", action="store_const", const=False, dest="html", help="input is plain text")
    add(
        "--url",
        metavar="URL",
        help="the address of an input that is not fetched: makes a page's links absolute, tells the site",
    )
    add("--jsonl", action="store_true", help="input is JSON Lines: each record's text is cleaned, the rest stays")
    add("--text-field", metavar="NAME", help='the field of a record that holds the text (default "text")')
    add("--site", metavar="NAME", help="the site that the input is from, instead of what its URL tells; for --profile")
    add("--url-field", metavar="NAME", help='the field of a record that holds its URL (default "url")')
    add("--encoding", metavar="NAME", type=_encoding, help="of the input, such as utf-8, cp1252, shift_jis")


def add_decision(group: argparse._ArgumentGroup) -> None:
    add = group.add_argument
    for name, help_ in (
        ("--remove", "kinds and groups to take out, with commas between (default boilerplate)"),
        ("--keep", "kinds and groups to leave in; wins over --remove"),
    ):
        add(name, metavar="KINDS", type=_words, action="extend", help=help_)
    add(
        "--threshold",
        metavar="X",
        type=float,
        default=DEFAULT_THRESHOLD,
        help="how probable it must be that a span is of a kind to be removed: above 0, at most 1 (default %(default)s)",
    )
    add("--cues", metavar="FILE", action="append", default=[], help="a cue pack of your own (TOML); may be repeated")
    add("--lang", metavar="CODE", help="the text's language, such as de; otherwise it is told from the text")
    add("--profile", metavar="FILE", help="what sites repeat, as cleaner learn has found it")
    add("--fast", action="store_true", help="judge pages without asking trafilatura what it would pick")


def _add_output(group: argparse._ArgumentGroup) -> None:
    add = group.add_argument
    add("-o", "--output", metavar="PATH", help="a file, or a directory (made if need be) when there are several inputs")
    form = group.add_mutually_exclusive_group()
    form.add_argument(
        "-f",
        "--format",
        choices=("text", "markdown", "html", "json", "jsonl"),
        help="text: the body (default); markdown, html: the body with its headings, lists, tables, links; json: the"
        " whole segmentation; jsonl: the same, one line for each input",
    )
    form.add_argument("--removed", action="store_true", help="what was taken out instead: kind, tab, text")
    form.add_argument("--show", action="store_true", help="the article, with what goes coloured by kind, and why")
    add("--stats", action="store_true", help="a table of the kinds found, on standard error")
    add_no_color(group)


def add_no_color(group: argparse._ActionsContainer) -> None:
    group.add_argument("--no-color", action="store_true", help="no colours (as the variable NO_COLOR)")


def _words(value: str) -> list[str]:
    words = [w.strip() for w in value.split(",") if w.strip()]
    try:
        expand(words)
    except ValueError as e:
        raise argparse.ArgumentTypeError(str(e)) from None
    if not words:
        raise argparse.ArgumentTypeError("names no kind")
    return words


def _encoding(value: str) -> str:
    if not known(value):
        raise argparse.ArgumentTypeError(f"unknown encoding {value!r}")
    return value


def _job(args: argparse.Namespace) -> Job:
    form = "removed" if args.removed else "show" if args.show else args.format or "text"
    _check(args, form)
    sources = tuple(Source(path) for path in args.inputs or [STDIN])
    outputs = plan(args, form, sources)
    protect_inputs(sources, outputs)
    options = options_of(args)
    if outputs.folder:
        make_folder(outputs.folder)
    return Job(
        sources=sources,
        targets=outputs.targets,
        shared=outputs.shared,
        options=options,
        form=form,
        field=(args.text_field or "text") if args.jsonl else None,
        reading=Reading(args.encoding, args.html, args.url),
        stats=args.stats,
        site=args.site and (site_of(args.site) or args.site),
        url_field=args.url_field or "url",
        color=not args.no_color,
    )


def _check(args: argparse.Namespace, form: str) -> None:
    """Options that need or exclude one another."""
    if args.text_field is not None and not args.jsonl:
        raise UsageError("--text-field needs --jsonl")
    if args.url_field is not None and not args.jsonl:
        raise UsageError("--url-field needs --jsonl")
    if args.jsonl and form == "json":
        raise UsageError("--jsonl makes many results: use -f jsonl, one object for each record")
    if args.jsonl and any(map(is_url, args.inputs)):
        raise UsageError("--jsonl reads files, not addresses")
    if args.inputs.count(STDIN) > 1:
        raise UsageError("standard input can be read only once")


def options_of(args: argparse.Namespace) -> Options:
    try:
        return Options(
            remove=tuple(args.remove or Options().remove),
            keep=tuple(args.keep or ()),
            threshold=args.threshold,
            lang=args.lang,
            cues=tuple(_pack(path) for path in args.cues),
            profile=_load_profile(args.profile),
            extractor="fast" if args.fast else "trafilatura",
        )
    except ValueError as e:
        raise UsageError(str(e)) from None


def _load_profile(path: str | None) -> Profile | None:
    if path is None:
        return None
    from .profile import Profile, ProfileError

    try:
        return Profile.load(path)
    except ProfileError as e:
        raise UsageError(str(e)) from None


def _pack(path: str) -> CuePack:
    try:
        return CuePack.load(path)
    except CueError as e:
        raise UsageError(str(e)) from None
    except OSError as e:
        raise UsageError(f"{path}: {e.strerror or e}") from None
