"""What to say where a library is missing."""

from __future__ import annotations

from typing import Any


def arrow() -> Any:
    """pyarrow. Raises ImportError saying how to get it."""
    try:
        import pyarrow as library
    except ImportError as e:
        raise needs("pyarrow", "corpus") from e
    return library


def needs(library: str, extra: str) -> ImportError:
    """The error for a library of an extra that is not installed."""
    return ImportError(f"this needs {library}: pip install 'cleaner[{extra}]'", name=library)
