"""What Futbol Report keeps: the assignment, its runs, their reports, and the books."""

from . import folding  # noqa: F401 - before the first connection, which it teaches
from .books import Attempt, Budget, Job
from .contexts import LockedContext, Source
from .material import Page, QueryAnswer
from .providers import Provider, ProviderListing
from .reports import Report, Score
from .roster import Evaluation, ModelConfig, Prompt, SearchQuery
from .runs import Run, RunEntry, Slot
from .shares import Share
from .workload import WorkerProcess

__all__ = [
    "Attempt",
    "Budget",
    "Evaluation",
    "Job",
    "LockedContext",
    "ModelConfig",
    "Page",
    "Prompt",
    "Provider",
    "ProviderListing",
    "QueryAnswer",
    "Report",
    "Run",
    "RunEntry",
    "Score",
    "SearchQuery",
    "Share",
    "Slot",
    "Source",
    "WorkerProcess",
]
