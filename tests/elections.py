"""Votes and standings for tests and for looking at pages."""

from collections import Counter
from collections.abc import Mapping, Sequence

from django.utils import timezone

from evaluations.models import Evaluation, Report, Run
from votes.computation import standings_of
from votes.models import Computation, Standing, Vote
from votes.outcomes.figures import figures
from votes.outcomes.vote_files import Answer, Candidate, RunVotes, VoteFile


def store_votes(run: Run, choices: Mapping[str, int], **fields: object) -> None:
    """Votes for models of a run, straight into the database; each from a network of its own."""
    reports = {report.entry.slug: report.pk for report in Report.objects.filter(entry__run=run, sample=1)}
    taken = Vote.objects.filter(run=run).count()
    Vote.objects.bulk_create(
        Vote(
            run=run,
            verdict="choice",
            choice_id=reports[model],
            line_up=list(reports.values()),
            voter=str(number),
            network=str(number),
            seat=1,
            issued_at=timezone.now(),
            **fields,
        )
        for number, model in enumerate(Counter(choices).elements(), taken)
    )


def make_standings(evaluation: Evaluation, names: Mapping[str, str], runs: Sequence[int] = (1, 2, 3)) -> Computation:
    """Standings of models, given as slug and name, the first one strongest; from invented votes on those runs."""
    models = tuple(names)
    votes = tuple(
        RunVotes(
            run=run,
            closed_at="2026-11-01T00:00:00+00:00",
            withdrawn=False,
            reports={
                model: Candidate(name, False, 200 + 40 * place + run, 2, 5, 0.9 - 0.1 * place)
                for place, (model, name) in enumerate(names.items())
            },
            answers=(
                *(
                    Answer(models, "choice", model, quarantine, 5 * (len(models) - place) + run)
                    for place, model in enumerate(models)
                    for quarantine in ("", "seats")
                ),
                Answer(models, "none", "", "", 4),
            ),
        )
        for run in runs
    )
    document = figures(VoteFile(evaluation.slug, votes))
    assert document
    made = Computation.objects.create(
        evaluation=evaluation,
        method=document["method"],
        inputs_sha256=document["inputs_sha256"],
        votes=document["votes"],
        runs=document["runs"],
        figures=document,
    )
    Standing.objects.bulk_create(standings_of(made))
    return made
