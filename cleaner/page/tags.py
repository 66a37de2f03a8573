"""What each HTML element does to the text around it: tables, no code."""

from __future__ import annotations

from enum import IntEnum, IntFlag


class Role(IntEnum):
    """How the walk treats an element. Elements that are in no table are INLINE."""

    INLINE = 0
    BLOCK = 1  # begins and ends a line
    SKIP = 2  # nothing of it is text; not counted either
    VOID = 3  # no text, but counted: pictures, inputs, players
    BREAK = 4  # ends a line
    RULE = 5  # ends a block
    PRE = 6  # a block whose white space counts
    CELL = 7  # a table's cell
    TABLE = 8
    BUTTON = 9  # a block, unless it stands inside a paragraph
    LATE = 10  # skipped at first; read when a page has no other text
    LINK = 11
    FRAMES = 12


class Flag(IntFlag):
    """What is true of an element and of all inside it."""

    LINK = 1
    BOLD = 2
    ITALIC = 4
    CODE = 8
    PRE = 16
    CELL = 32  # inside a cell of a table of data: blocks do not break its row
    DATA = 64  # inside a table of data
    BUTTON = 128


def _table(**groups: str) -> dict[str, Role]:
    return {tag: Role[name] for name, tags in groups.items() for tag in tags.split()}


ROLES = _table(
    BLOCK="""html body address article aside blockquote caption center dd details dialog dir div dl dt fieldset
        figcaption figure footer form h1 h2 h3 h4 h5 h6 header hgroup legend li main menu nav ol p search section
        summary tbody tfoot thead tr ul""",
    SKIP="""head script style template title meta link base annotation annotation-xml datalist select option optgroup
        param source track area map colgroup col noembed rp""",
    VOID="img picture svg canvas video audio object embed iframe input applet progress meter",
    BREAK="br",
    RULE="hr",
    PRE="pre textarea xmp listing plaintext",
    CELL="td th",
    TABLE="table",
    BUTTON="button label",
    LATE="noscript noframes",
    LINK="a",
    FRAMES="frameset frame",
)

FLAGS: dict[str, Flag] = {
    "b": Flag.BOLD,
    "strong": Flag.BOLD,
    "i": Flag.ITALIC,
    "em": Flag.ITALIC,
    "cite": Flag.ITALIC,
    "code": Flag.CODE,
    "kbd": Flag.CODE,
    "samp": Flag.CODE,
    "tt": Flag.CODE,
    "button": Flag.BUTTON,
}

TAGS = (
    "?", "html", "body", "p", "div", "span", "a", "li", "ul", "ol", "dl", "dt", "dd", "h1", "h2", "h3", "h4", "h5",
    "h6", "blockquote", "pre", "code", "figure", "figcaption", "table", "caption", "thead", "tbody", "tfoot", "tr",
    "td", "th", "article", "main", "section", "aside", "nav", "header", "footer", "form", "fieldset", "legend",
    "button", "label", "address", "details", "summary", "dialog", "time", "img", "picture", "svg", "input", "video",
    "audio", "iframe", "b", "strong", "i", "em", "q", "cite", "sup", "sub", "small", "center", "hr", "br", "textarea",
)  # fmt: skip
"""The elements that are told apart, in the order of their numbers; 0 is any other."""
TAG_NUMBER = {tag: i for i, tag in enumerate(TAGS)}

NEVER_HIDDEN = frozenset({"html", "body", "main", "article"})
"""Pages hide these until a script has run."""
