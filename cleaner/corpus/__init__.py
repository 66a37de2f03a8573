"""Many documents: a corpus in files, cleaned by all cores, put down and taken up again, and put back."""

from .records import ConflictError, CorpusError, Fields
from .restoring import restore
from .runner import Corpus, Summary, Watcher, run

__all__ = ["ConflictError", "Corpus", "CorpusError", "Fields", "Summary", "Watcher", "restore", "run"]
