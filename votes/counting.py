"""Stored votes as a vote file: what counts, without identities."""

import json
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Count, QuerySet, TextField
from django.db.models.functions import Cast

from evaluations.models import Evaluation, Report, Run, Score
from votes.models import Closing, Vote
from votes.outcomes.vote_files import Answer, Candidate, RunVotes, VoteFile

ROWS_AT_ONCE = 10_000

Counted = Counter[tuple[tuple[str, ...], str, str, str]]


def vote_file(evaluation: Evaluation) -> VoteFile:
    """All closed votes of an evaluation."""
    closings = Closing.objects.filter(run__evaluation=evaluation).select_related("run").order_by("run_id")
    closed = Run.objects.filter(evaluation=evaluation, closing__isnull=False)
    return VoteFile(evaluation.slug, tuple(votes_of(closings.defer("run__system_message", "result"), closed)))


@dataclass(frozen=True, slots=True)
class Tally:
    """What has been voted in a run so far; votes in quarantine are left out."""

    verdicts: Counter[str]
    choices: Counter[int]

    def share(self, report: int) -> float:
        """What part of those who chose a report chose this one."""
        return self.choices[report] / self.choices.total() if self.choices else 0.0


def tally_of(run: Run) -> Tally:
    """The votes of a run so far, from the index alone."""
    rows = (
        Vote.objects.filter(run=run, quarantined=False)
        .order_by()
        .values_list("verdict", "choice")
        .annotate(number=Count("*"))
    )
    found = Tally(Counter(), Counter())
    for verdict, report, number in rows:
        found.verdicts[verdict] += number
        if report:
            found.choices[report] += number
    return found


def run_votes(closing: Closing) -> RunVotes:
    """The votes of one run."""
    return votes_of([closing], Run.objects.filter(pk=closing.run_id))[0]


def votes_of(closings: Sequence[Closing] | QuerySet[Closing], runs: QuerySet[Run]) -> list[RunVotes]:
    """The votes of some runs, each with its closing; six queries, however many votes there are."""
    reports = reports_of(runs)
    scores = scores_of(runs)
    models = {pk: report.entry.slug for pk, report in reports.items()}
    answers, grounds = answers_of(runs, models), grounds_of(runs, models)
    candidates: dict[int, dict[str, Candidate]] = defaultdict(dict)
    forms = {pk: form for closing in closings for pk, form in closing.forms.items()}
    for pk, report in reports.items():
        headings, items = forms.get(str(pk), (0, 0))
        candidates[report.entry.run_id][report.entry.slug] = Candidate(
            name=report.entry.name,
            withheld=report.withheld_at is not None,
            words=round(scores.get((pk, "words")) or 0),
            headings=headings,
            items=items,
            groundedness=scores.get((pk, "groundedness")),
        )
    return [
        RunVotes(
            run=closing.run_id,
            closed_at=closing.closed_at.isoformat(),
            withdrawn=closing.run.withdrawn_at is not None,
            reports=candidates[closing.run_id],
            answers=tuple(Answer(*answer, votes) for answer, votes in answers[closing.run_id].items()),
            grounds=grounds.get(closing.run_id, {}),
        )
        for closing in closings
    ]


def reports_of(runs: QuerySet[Run]) -> dict[int, Report]:
    """By number, the reports that could be voted for: first samples."""
    found = Report.objects.filter(entry__run__in=runs, sample=1, state=Report.State.SUCCEEDED).select_related("entry")
    wanted = ("withheld_at", "entry__run_id", "entry__slug", "entry__name")
    return {report.pk: report for report in found.order_by("entry__run_id", "entry__slug").only(*wanted)}


def scores_of(runs: QuerySet[Run]) -> dict[tuple[int, str], float | None]:
    """By report and metric, the value that was computed last."""
    found = Score.objects.filter(report__entry__run__in=runs, report__sample=1, metric__in=("words", "groundedness"))
    rows = found.order_by("computed_at", "pk").values_list("report_id", "metric", "value")
    return {(report, metric): value for report, metric, value in rows}


def answers_of(runs: QuerySet[Run], models: dict[int, str]) -> dict[int, Counted]:
    """By run, how many voters answered what to which line-up.

    Line-ups are read as text and told apart by it: of a million, parsing each would take most of the time.
    """
    rows = (
        Vote.objects.filter(run__in=runs)
        .annotate(shown=Cast("line_up", TextField()))
        .values_list("run_id", "shown", "verdict", "choice_id", "quarantined", "quarantine_reason")
    )
    line_ups: dict[str, tuple[str, ...]] = {}
    found: dict[int, Counted] = defaultdict(Counter)
    for run, shown, verdict, choice, quarantined, reason in rows.iterator(ROWS_AT_ONCE):
        if shown not in line_ups:
            line_ups[shown] = tuple(models[report] for report in json.loads(shown))
        apart = (reason or "seats") if quarantined else ""
        found[run][line_ups[shown], verdict, models[choice] if choice else "", apart] += 1
    return found


def grounds_of(runs: QuerySet[Run], models: dict[int, str]) -> dict[int, dict[str, Counter[str]]]:
    """By run and by what was chosen, how many voters whose vote counts ticked what."""
    ticked = Vote.objects.filter(run__in=runs, quarantined=False).exclude(grounds="").order_by()
    rows = ticked.values_list("run_id", "verdict", "choice_id", "grounds").annotate(number=Count("*"))
    found: dict[int, dict[str, Counter[str]]] = defaultdict(lambda: defaultdict(Counter))
    for run, verdict, choice, grounds, number in rows:
        for ground in grounds.split(","):
            found[run][models[choice] if choice else verdict][ground] += number
    return found
