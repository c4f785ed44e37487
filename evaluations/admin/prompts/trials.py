"""What models wrote when they tried a version, beside what they wrote of the same material in its run."""

from collections.abc import Iterator
from dataclasses import dataclass

from evaluations.models import Job, Prompt, Report, Run

SHOWN = 6
SCORES = ("groundedness", "format_compliance", "context_utilization", "words", "cost_usd", "latency_seconds")


@dataclass(frozen=True)
class Trial:
    """One order for a trial: the job, what came of it, and what it is compared with; None where there is none."""

    job: Job
    report: Report | None
    beside: Report | None

    @property
    def under_way(self) -> bool:
        """Whether more is to come."""
        return self.job.is_open

    @property
    def scores(self) -> list[tuple[str, object, object]]:
        """Each metric of both reports."""
        tried, before = (report.metrics() if report else {} for report in (self.report, self.beside))
        return [(name.replace("_", " "), tried.get(name), before.get(name)) for name in SCORES]


def trials_of(prompt: Prompt, run: Run) -> list[Trial]:
    """The last trials of a version on the material of a run, newest first."""
    jobs = Job.objects.filter(
        kind=Job.Kind.TRIAL, evaluation=prompt.evaluation_id, arguments__replay=run.pk,
        arguments__prompt_version=prompt.version,
    )  # fmt: skip
    return list(trials_in(list(jobs.order_by("-pk")[:SHOWN]), run))


def trials_in(jobs: list[Job], run: Run) -> Iterator[Trial]:
    """Each job with its report, and with the report of the same model in the run whose material it read."""
    reports = Report.objects.filter(sample=1).select_related("entry").prefetch_related("scores")
    before = {report.entry.slug: report for report in reports.filter(entry__run=run)}
    made = {report.entry.run_id: report for report in reports.filter(entry__run__in=[job.run_id for job in jobs])}
    for job in jobs:
        report = made.get(job.run_id) if job.run_id else None
        slugs = job.arguments.get("models") or [""]
        yield Trial(job, report, before.get(slugs[0]))
