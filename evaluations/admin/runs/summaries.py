"""A run at a glance, for editors: how it stands, step by step, and what people have asked of it."""

import hashlib
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from django.utils.translation import gettext as _

from evaluations.models import Attempt, Job, QueryAnswer, Report, Run

from .rows import behind_reports
from .signs import BAD, CLOCK, EYE, GOOD, HIDDEN, OPEN, WARNING, Counts, Standing, count, seconds


@dataclass(frozen=True)
class Step:
    """One of the five steps: whether it is done, and what came of it."""

    name: str
    icon: str
    detail: str
    at: datetime | None = None


@dataclass
class RunSummary:
    """All that the first screen of a run's page says, read in a handful of queries."""

    run: Run
    reports: list[Report]
    answers: list[QueryAnswer]
    jobs: list[Job]
    sources: int = 0
    counts: Counts = field(default_factory=Counts)

    @classmethod
    def of(cls, run: Run) -> "RunSummary":
        """Of a run, with its reports but without their texts."""
        reports = list(
            Report.objects.filter(entry__run=run)
            .in_roster_order()
            .defer("text", "html", "entry__other_names")
            .prefetch_related(*behind_reports())
        )
        jobs = list(Job.objects.filter(run=run).select_related("asked_by").order_by("-pk")[:20])
        sources = run.context.sources.count() if run.context else 0
        return cls(run, reports, list(run.answers.defer("results")), jobs, sources, count(reports))

    @property
    def standing(self) -> Standing:
        """How it stands."""
        return Standing.of(self.run)

    @property
    def goes_on(self) -> bool:
        """Whether the page is going to change by itself."""
        return self.run.state in Run.LIVE or any(job.is_open for job in self.jobs)

    @property
    def cost(self) -> Decimal:
        """What is known to be spent."""
        return sum((attempt.cost_usd or Decimal(0) for attempt in self.attempts), Decimal(0))

    @property
    def held(self) -> Decimal:
        """What requests under way or of unknown outcome hold."""
        return sum((attempt.reserved_usd for attempt in self.attempts if attempt.holds_money), Decimal(0))

    @property
    def attempts(self) -> list[Attempt]:
        """Every request of the run."""
        return [attempt for report in self.reports for attempt in report.attempts.all()]

    @property
    def seen(self) -> str:
        """What changes whenever the page would; no secret, and short."""
        jobs = [(job.pk, job.state, job.outcome) for job in self.jobs]
        reports = [(one.pk, one.state, one.error, one.cost_usd, one.withheld_note) for one in self.reports]
        scores = sum(len(report.scores.all()) for report in self.reports)
        answered = sum(answer.state != QueryAnswer.State.WAITING for answer in self.answers)
        run = self.run
        told = (run.state, run.failure, run.partial, run.withdrawn_at, run.context_id, jobs, reports, scores, answered)
        return hashlib.sha256(repr(told).encode()).hexdigest()[:16]

    def steps(self) -> list[Step]:
        """The five steps in their order."""
        return [self.search_step(), self.lock_step(), self.write_step(), self.score_step(), self.publish_step()]

    def search_step(self) -> Step:
        """The searches, or the run whose material is read again."""
        run = self.run
        if run.replay_of_id:
            return Step(_("Search"), GOOD, _("none: reads the material of run %s") % run.replay_of_id)
        answered = sum(answer.state == QueryAnswer.State.ANSWERED for answer in self.answers)
        told = _("%(answered)s of %(all)s queries answered") % {"answered": answered, "all": len(self.answers)}
        if run.fetch_seconds is not None:
            told += f", {seconds(run.fetch_seconds)}"
        now = answered == len(self.answers) or run.context_id
        return Step(_("Search"), self.mark(bool(now), Run.State.QUEUED, Run.State.FETCHING), told)

    def lock_step(self) -> Step:
        """The frozen material."""
        run = self.run
        if run.context is None:
            return Step(_("Lock"), self.mark(False), _("not yet"))
        told = _("%(sources)s sources, %(hash)s…") % {"sources": self.sources, "hash": run.context.sha256[:12]}
        return Step(_("Lock"), GOOD, told, run.locked_at)

    def write_step(self) -> Step:
        """The reports."""
        counts = self.counts
        told = _("%(there)s of %(all)s reports") % {"there": counts.succeeded, "all": counts.reports}
        told += f" ({counts.failures})" if counts.failures else ""
        slowest = max((one.latency_seconds or 0 for one in self.reports), default=0)
        told += _(", slowest %s") % seconds(slowest) if slowest else ""
        done = counts.settled == counts.reports > 0
        found = self.mark(done, Run.State.LOCKED, Run.State.INFERRING)
        return Step(_("Write"), WARNING if done and counts.succeeded < counts.reports else found, told)

    def score_step(self) -> Step:
        """The scores."""
        scored = sum(bool(report.scores.all()) for report in self.reports if report.state == Report.State.SUCCEEDED)
        told = _("%(scored)s of %(all)s reports") % {"scored": scored, "all": self.counts.succeeded}
        return Step(_("Score"), self.mark(scored == self.counts.succeeded > 0, Run.State.SCORING), told)

    def publish_step(self) -> Step:
        """Whether anybody can read it."""
        run, name = self.run, _("Publish")
        if run.kind == Run.Kind.TRIAL:
            return Step(name, HIDDEN, _("never: a trial is private"))
        if run.withdrawn_at:
            return Step(name, HIDDEN, _("withdrawn"), run.withdrawn_at)
        if run.state == Run.State.AWAITING_REVIEW:
            return Step(name, EYE, _("an editor reads it first"), run.finished_at)
        if run.published_at:
            return Step(name, GOOD, self.vote(), run.published_at)
        return Step(name, self.mark(False), _("not yet"))

    def vote(self) -> str:
        """What becomes of its vote."""
        run = self.run
        if run.no_vote_because:
            return _("no vote: %s") % run.get_no_vote_because_display()
        if run.voting_closes_at is None:
            return _("without a vote")
        told = _("vote open until %s") if run.voting_is_open else _("vote closed %s")
        return told % f"{run.voting_closes_at:%Y-%m-%d %H:%M} UTC"

    def mark(self, done: bool, *under_way: Run.State) -> str:
        """The picture of a step."""
        if done:
            return GOOD
        if self.run.state in under_way:
            return CLOCK
        return BAD if self.run.state in (Run.State.FAILED, Run.State.CANCELLED) else OPEN
