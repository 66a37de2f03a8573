"""The command's whole inputs: files, standard input and addresses, as texts or as pages."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from .encoding import DecodeError, decode
from .fetch import FetchError, fetch
from .io import InputError, Log, Source
from .jsonl import Item
from .markup import extracted_text, is_html, is_url


@dataclass(frozen=True)
class Reading:
    """How inputs are to be read. encoding, html, url: what the user says they are; None: to be found out.

    url: the address of an input that is not fetched, for a page's links and the site.
    """

    encoding: str | None = None
    html: bool | None = None
    url: str | None = None


def whole_inputs(sources: tuple[Source, ...], how: Reading, log: Log) -> Iterator[Item]:
    """Each input that can be read, as one text or page; what cannot be is said in the log."""
    for source in sources:
        try:
            yield _item(source, how, log)
        except InputError as e:
            log.error(e.name, e.reason)
        except (DecodeError, FetchError) as e:
            log.error(source.label, e)


def _item(source: Source, how: Reading, log: Log) -> Item:
    hint, url = how.encoding, how.url
    if is_url(source.path):
        data, url, content_type = fetch(source.path)
        hint = hint or content_type
    else:
        data = source.read()
    if how.html or (how.html is None and (is_url(source.path) or is_html(source.path, data))):
        return _page(source, data, hint, url)
    decoded = decode(data, how.encoding)
    if decoded.note:
        log.note(source.label, decoded.note)
    return Item(source, len(data), extracted_text(decoded.text) or decoded.text, url=url)


def _page(source: Source, data: bytes, hint: str | None, url: str | None) -> Item:
    from .page.charset import decode_page
    from .page.errors import PageError

    try:
        return Item(source, len(data), decode_page(data, hint), html=True, url=url)
    except PageError as e:
        raise InputError(source.label, e) from None
