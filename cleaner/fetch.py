"""The one place that fetches anything: an address that the command was given."""

from __future__ import annotations

import logging
from typing import NamedTuple

_UNSUITABLE = 400


class Fetched(NamedTuple):
    """A page as it came. url: where it was found in the end. content_type: what the server says it is."""

    data: bytes
    url: str
    content_type: str | None


class FetchError(Exception):
    """A page that could not be fetched; the message says why in one line."""


def fetch(url: str) -> Fetched:
    """The page at an address, by trafilatura's downloader. Raises FetchError."""
    from trafilatura.downloads import fetch_response

    with _Overheard("trafilatura") as said:
        try:
            response = fetch_response(url, with_headers=True)
        except Exception as e:  # of whichever library is underneath
            raise FetchError(f"could not be fetched: {e or type(e).__name__}") from None
    if response is None or not response.data:
        raise FetchError(f"could not be fetched{said}")
    if response.status >= _UNSUITABLE:
        raise FetchError(f"could not be fetched: the server answered {response.status}")
    return Fetched(response.data, response.url or url, (response.headers or {}).get("content-type"))


class _Overheard(logging.Handler):
    """What a library logs meanwhile, kept from standard error; as a string, the last of it."""

    def __init__(self, name: str) -> None:
        super().__init__(logging.WARNING)
        self.logger, self.last = logging.getLogger(name), ""

    def emit(self, record: logging.LogRecord) -> None:
        self.last = record.getMessage()

    def __enter__(self) -> _Overheard:
        self.logger.addHandler(self)
        self.propagated, self.logger.propagate = self.logger.propagate, False
        return self

    def __exit__(self, *_: object) -> None:
        self.logger.removeHandler(self)
        self.logger.propagate = self.propagated

    def __str__(self) -> str:
        return f": {self.last}" if self.last else ""
