"""Scores of a report against its locked context: pure functions, no Django, no network, no model weights.

Index a context once with `index_context`, then score any number of reports with `score_report`.
"""

from typing import Any

from evaluations.scoring.documents import UnreadableContextError, read_documents
from evaluations.scoring.format import FormatError
from evaluations.scoring.index import ContextIndex, build_index
from evaluations.scoring.scores import Scores, score_report

__all__ = [
    "SCORER_VERSION",
    "ContextIndex",
    "FormatError",
    "Scores",
    "UnreadableContextError",
    "index_context",
    "score_report",
]

# Raise it with every change that can change a score: pages never mix versions silently.
SCORER_VERSION = "2"


def index_context(document: str | list[dict[str, str]] | dict[str, Any]) -> ContextIndex:
    """Index a text, a list of {"title", "text"}, or a locked context document; immutable, reusable for all
    reports."""
    return build_index(read_documents(document))
