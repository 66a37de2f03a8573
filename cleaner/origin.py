"""What a segmentation of a page knows of the page; texts have none of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .page.tree import Page
    from .spans import SpanTable


@dataclass(frozen=True, eq=False)
class Origin:
    """Where the text of a segmentation comes from.

    url: of the page, if given. notes: why there is no body, if there is none. page: its tree; None when the
    segmentation was read from JSON, which gives `read_paths` and `read_metadata` instead.
    """

    url: str | None = None
    notes: tuple[str, ...] = ()
    page: Page | None = None
    read_paths: tuple[str, ...] = ()
    read_metadata: Mapping[str, Any] | None = None

    def path(self, index: int, start: int) -> str | None:
        """The XPath of the element that a span comes from. index, start: the span's number and offset."""
        if self.page is not None:
            return self.page.path(start)
        return self.read_paths[index] if index < len(self.read_paths) else None

    def paths(self, table: SpanTable) -> list[str | None]:
        """The XPaths of all spans."""
        return [self.path(i, a) for i, a in enumerate(table.starts.tolist())]

    def detached(self, table: SpanTable) -> Origin:
        """The same without the tree, which cannot be sent to another process."""
        if self.page is None:
            return self
        return Origin(self.url, self.notes, None, tuple(p or "" for p in self.paths(table)), dict(self.metadata))

    @cached_property
    def metadata(self) -> Mapping[str, Any]:
        """What the page says of itself; worked out when first asked for."""
        if self.page is None:
            return self.read_metadata or {}
        from .page.metadata import metadata

        return metadata(self.page)
