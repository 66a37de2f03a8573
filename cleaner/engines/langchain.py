"""LangChain: a document transformer."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ..options import Options
from ..segment import segment_many
from ..sites import site_of
from .missing import needs

try:
    from langchain_core.documents import BaseDocumentTransformer, Document
except ImportError as e:
    raise needs("langchain-core", "langchain") from e


class CleanDocuments(BaseDocumentTransformer):
    """New documents whose content is the body of what they had. metadata["removed"] has what went, as dicts: start,
    end, kind, text. source_key: where in the metadata the URL is, of use with a profile."""

    def __init__(self, options: Options | None = None, *, source_key: str = "source") -> None:
        self.options = options
        self.source_key = source_key

    def transform_documents(self, documents: Sequence[Document], **kwargs: Any) -> Sequence[Document]:
        """The documents, cleaned, in order; those that are given stay as they are."""
        sites = (site_of(d.metadata.get(self.source_key)) for d in documents)
        results = segment_many((d.page_content for d in documents), sites=sites, options=self.options)
        cleaned = []
        for document, result in zip(documents, results, strict=True):
            removed = [{"start": s.start, "end": s.end, "kind": str(s.kind), "text": s.text} for s in result.removed]
            metadata = {**document.metadata, "removed": removed}
            cleaned.append(Document(id=document.id, page_content=result.body, metadata=metadata))
        return cleaned
