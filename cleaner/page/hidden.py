"""Which elements a reader of the page does not see: hidden ones, and the dialogs that ask for consent."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import TYPE_CHECKING

from .tags import NEVER_HIDDEN

if TYPE_CHECKING:
    from lxml.html import HtmlElement

Attributes = Sequence[tuple[str, str]]

_INVISIBLE = re.compile(r"(?:^|[;\s])(?:display\s*:\s*none|visibility\s*:\s*hidden)", re.IGNORECASE)
_KEEPS_SPACE = re.compile(r"white-space\s*:\s*(?:pre|break-spaces)", re.IGNORECASE)
_CONSENT_ID = re.compile(
    r"""(?x)(?:^|\s)(?:
    onetrust-(?:consent|banner|pc|accept|group) | ot-sdk-(?!show) | cybotcookiebot | cookiebot-
    | didomi-(?:host|popup|notice) | qc-cmp | usercentrics- | truste[-_] | consent_blackbar | osano-cm
    | cookie-?consent | cookieconsent | cc-(?:window|banner) | borlabs-?cookie | cmplz- | cmpbox | cmpwrapper
    | iubenda-cs | sp_message_ | fc-(?:consent|dialog) | klaro | termly-
    | cookie-?(?:notice|banner|bar|popup|modal|layer|overlay|law|message|policy-banner|warning|alert)(?:$|[\s_-])
    | cookies?-?(?:consent|eu|warn) | gdpr-?(?:banner|consent|notice|popup|modal|cookie|overlay) | moove_gdpr
    | privacy-?(?:banner|popup|manager) | eu-?cookie | tarteaucitron | axeptio
    | consent-?(?:banner|modal|popup|manager|layer|dialog) | cookiefirst | hs-eu-cookie | uc-(?:banner|main)-
    )""",
    re.IGNORECASE,
)
_CONSENT_WORDS = re.compile(
    r"cookie|consent|gdpr|datenschutz|einwilligung|rgpd|privacidad|privatsph|personvern|samtyck|toestemming",
    re.IGNORECASE,
)
_STREAMED = re.compile(r"S:[0-9a-f]+$")
"""What React sends late, to be moved into its place by a script."""
_MOST_CONSENT = 8000
"""Characters: a longer dialog is the page."""
_MOST_HIDDEN = 300
_DROP_CAP = 3


@lru_cache(maxsize=1 << 14)
def asks_consent(name: str) -> bool:
    """Whether a class or id belongs to one of the known consent dialogs."""
    return _CONSENT_ID.search(name) is not None


@lru_cache(maxsize=1 << 14)
def invisible(style: str) -> bool:
    """Whether an inline style takes the element off the page."""
    return _INVISIBLE.search(style) is not None


@lru_cache(maxsize=1 << 14)
def keeps_space(style: str) -> bool:
    """Whether an inline style makes white space count."""
    return _KEEPS_SPACE.search(style) is not None


def is_hidden(el: HtmlElement, tag: str, name: str, value: str) -> bool:
    """Whether this attribute hides its element. name: hidden, aria-hidden or style.

    `aria-hidden` is on much that is seen: initials set large, whole articles while a dialog is open. It counts only on
    what is short and no initial.
    """
    if tag in NEVER_HIDDEN:
        return False
    if name == "style":
        return invisible(value)
    if name == "hidden":
        return value.lower() != "until-found" and not _STREAMED.match(el.get("id") or "")
    return value.lower() == "true" and not _is_seen(el)


def _is_seen(el: HtmlElement) -> bool:
    text = _text(el).strip()
    if len(text) > _MOST_HIDDEN:
        return True
    return 0 < len(text) <= _DROP_CAP and text.isalpha() and (el.tail or " ")[0].isalpha()


def may_ask_consent(names: Attributes) -> bool:
    """Whether class, id or role are those of a dialog that asks for consent; its text has to be looked at."""
    return any(
        (k in ("class", "id") and asks_consent(v)) or (k == "role" and v in ("dialog", "alertdialog")) for k, v in names
    )


def is_consent(el: HtmlElement, tag: str) -> bool:
    """Whether an element that may ask for consent does: it is short, and says so or nothing."""
    if tag in NEVER_HIDDEN:
        return False
    text = _text(el)
    return len(text) <= _MOST_CONSENT and (not text.strip() or _CONSENT_WORDS.search(text) is not None)


def _text(el: HtmlElement) -> str:
    """An element's text, as far as anything is decided by it."""
    parts, size = [], 0
    for part in el.itertext():
        parts.append(part)
        size += len(part)
        if size > 2 * _MOST_CONSENT:
            break
    return "".join(parts)
