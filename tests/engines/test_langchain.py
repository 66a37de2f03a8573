"""LangChain's document transformer."""

from __future__ import annotations

from pathlib import Path

import pytest
from engine_cases import engine, expected, options, records

engine("langchain_core", "langchain")
pytestmark = pytest.mark.filterwarnings("ignore")


def test_documents_are_cleaned_and_those_given_stay(tmp_path: Path) -> None:
    from langchain_core.documents import Document

    from cleaner.engines.langchain import CleanDocuments

    wanted = options(tmp_path)
    given = [Document(id=r["id"], page_content=r["text"], metadata={"source": r["url"]}) for r in records()]
    before = [d.model_copy(deep=True) for d in given]
    cleaned = CleanDocuments(wanted).transform_documents(given)
    assert given == before
    assert {d.id: d.page_content for d in cleaned} == {k: body for k, (body, _) in expected(wanted).items()}
    removed = cleaned[0].metadata["removed"]
    assert removed
    assert all(given[0].page_content[s["start"] : s["end"]] == s["text"] for s in removed)
