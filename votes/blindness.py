"""How blind the votes of an evaluation were: how often a rule that has read the closed runs names an author."""

from typing import Any

from evaluations.models import Evaluation, Report, Run
from evaluations.models.blindness import READABLE
from evaluations.presentation.masking.authorship import Sample, measure
from evaluations.presentation.masking.names import Author

MOST_RUNS = 60  # the newest; half a year


def how_blind(evaluation: Evaluation) -> dict[str, Any]:
    """How many reports of how many runs were asked about, and the shares that rule and chance name; empty under two."""
    closed = Run.objects.filter(evaluation=evaluation, closing__isnull=False).order_by("-pk")[:MOST_RUNS]
    reports = Report.objects.filter(READABLE, entry__run__in=list(closed), sample=1).select_related("entry")
    rows = list(reports.only("text", "entry__run", "entry__slug", "entry__name", "entry__model_id").order_by("pk"))
    authors = {Author(report.entry.name, report.entry.model_id) for report in rows}
    names = frozenset(word for author in authors for word in author.words)
    found = measure((Sample(row.entry.run_id, row.entry.slug, row.text) for row in rows), names)
    if found is None:
        return {}
    return {"reports": found.reports, "runs": found.runs, "named": found.share, "chance": found.chance}
