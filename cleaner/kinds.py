"""The kinds of text found in an article, and their groups: the words used everywhere alike."""

from __future__ import annotations

from collections.abc import Iterable
from enum import Enum
from typing import NamedTuple


class Kind(str, Enum):
    """What a span is to a reader who wants the article. Compares equal to its name: ``Kind.BODY == "body"``."""

    BODY = "body"
    HEADLINE = "headline"
    BYLINE = "byline"
    CAPTION = "caption"
    BIO = "bio"
    NOTE = "note"
    DONATION = "donation"
    PREMIUM = "premium"
    NEWSLETTER = "newsletter"
    COMMENT = "comment"
    ACCOUNT = "account"
    FOLLOW = "follow"
    RELATED = "related"
    ADVERT = "advert"
    LEGAL = "legal"
    CONTACT = "contact"
    INTERFACE = "interface"
    READER_COMMENT = "reader_comment"

    def __str__(self) -> str:
        return self.value


class About(NamedTuple):
    """One row of the table of kinds."""

    meaning: str
    example: str


KINDS: tuple[Kind, ...] = tuple(Kind)
"""Every kind, in the order that scores are stored in."""

CORE: tuple[Kind, ...] = (Kind.DONATION, Kind.PREMIUM, Kind.NEWSLETTER, Kind.COMMENT)
FURNITURE: tuple[Kind, ...] = (Kind.HEADLINE, Kind.BYLINE, Kind.CAPTION, Kind.BIO, Kind.NOTE)
BOILERPLATE: tuple[Kind, ...] = tuple(k for k in KINDS if k is not Kind.BODY and k not in FURNITURE)

GROUPS: dict[str, tuple[Kind, ...]] = {"core": CORE, "boilerplate": BOILERPLATE, "furniture": FURNITURE}

ABOUT: dict[Kind, About] = {
    Kind.BODY: About("the article: paragraphs, headings, lists, tables, quotations", "The council voted on Tuesday."),
    Kind.HEADLINE: About("title, standfirst, kicker, key points", "Council votes for the new bridge"),
    Kind.BYLINE: About("author, date, reading time, agency", "By Ada Moor, 3 May 2026, 4 min read"),
    Kind.CAPTION: About("caption, alt text, photo credit", "The old bridge in 1954. Photo: City archive"),
    Kind.BIO: About("about the author", "Ada Moor writes about rivers and roads."),
    Kind.NOTE: About("editor's note, correction, provenance", "Correction: an earlier version gave the wrong year."),
    Kind.DONATION: About(
        "asks for money, and every sentence of such a banner", "Support our journalism from 2 a month"
    ),
    Kind.PREMIUM: About("subscription, paywall, premium upsell", "Subscribe to read the full story"),
    Kind.NEWSLETTER: About("e-mail sign-up, its form and consent text", "Get the best stories in your inbox"),
    Kind.COMMENT: About("comment prompt, counter, form, policy", "Join the conversation (12 comments)"),
    Kind.ACCOUNT: About("login, register, profile, bookmark", "Log in to save this story"),
    Kind.FOLLOW: About("share, follow, app, notifications", "Share on Facebook"),
    Kind.RELATED: About("read more, teasers, tag lists", "READ MORE: How the bridge was won"),
    Kind.ADVERT: About("ad labels, sponsored, affiliate, shop, events", "Article continues below advertisement"),
    Kind.LEGAL: About("copyright, cookies, terms, disclaimers", "All rights reserved."),
    Kind.CONTACT: About("tips, newsroom contact, report an error", "Got a tip? Write to the newsroom"),
    Kind.INTERFACE: About("menus, buttons, player text", "Skip to content"),
    Kind.READER_COMMENT: About("what readers wrote below the article", "riverfan23: About time too!"),
}


def expand(names: Iterable[str | Kind]) -> frozenset[Kind]:
    """Kinds and group names to a set of kinds.

    Raises ValueError naming the first word that is neither.
    """
    found: set[Kind] = set()
    for name in (names,) if isinstance(names, str) else names:
        if name in GROUPS:
            found.update(GROUPS[name])
            continue
        try:
            found.add(Kind(name))
        except ValueError:
            known = ", ".join([*GROUPS, *map(str, KINDS)])
            raise ValueError(f"unknown kind {str(name)!r}; known: {known}") from None
    return frozenset(found)
