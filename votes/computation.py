"""Standings from stored votes: computed at closing or by command, never in a request, and kept."""

import hashlib
import json
from collections.abc import Iterator, Sequence
from typing import Any

from django.db import transaction
from django.db.models import Count, QuerySet

from evaluations.models import Evaluation, Report, Run
from evaluations.presentation import cache
from votes.blindness import how_blind
from votes.counting import vote_file
from votes.models import Closing, Computation, Standing, Vote
from votes.outcomes.figures import figures
from votes.outcomes.results import counts, result
from votes.outcomes.vote_files import RunVotes

COLUMNS = (
    "rank", "strength", "low", "high", "share", "share_low", "share_high", "votes", "offered", "excluded", "runs",
    "preliminary",
)  # fmt: skip


def out_of_date() -> Iterator[Evaluation]:
    """Evaluations whose newest standings were computed from other votes than now count."""
    for evaluation in Evaluation.objects.filter(runs__closing__isnull=False).distinct():
        newest = Computation.objects.filter(evaluation=evaluation).only("state").order_by("-pk").first()
        if newest is None or newest.state != state_of(evaluation):
            yield evaluation


def state_of(evaluation: Evaluation) -> str:
    """A fingerprint of what decides which votes count; without reading them one by one."""
    closed = Run.objects.filter(evaluation=evaluation, closing__isnull=False)
    votes = Vote.objects.filter(run__in=closed).values_list("run", "verdict", "quarantined", "choice")
    parts: list[Any] = [
        sorted(closed.values_list("pk", "withdrawn_at"), key=str),
        sorted(votes.annotate(number=Count("*")).order_by(), key=str),
        sorted(withheld_in(closed)),
    ]
    return hashlib.sha256(json.dumps(parts, default=str).encode()).hexdigest()


def withheld_in(runs: QuerySet[Run]) -> list[int]:
    """The reports of some runs that are withheld."""
    found = Report.objects.filter(entry__run__in=runs, sample=1, withheld_at__isnull=False)
    return list(found.values_list("pk", flat=True))


def compute(evaluation: Evaluation) -> Computation | None:
    """Compute an evaluation's standings and keep them; None where no vote counts.

    The same votes by the same method are the same standings: then nothing is added.
    """
    state, file = state_of(evaluation), vote_file(evaluation)
    renew_results(file.runs)
    document = figures(file)
    if document is None:
        return None
    with transaction.atomic():
        Evaluation.objects.select_for_update().get(pk=evaluation.pk)  # one computation of an evaluation at a time
        same = {"evaluation": evaluation, "method": document["method"], "inputs_sha256": document["inputs_sha256"]}
        newest = Computation.objects.filter(evaluation=evaluation).order_by("-pk").first()
        if newest and all(getattr(newest, name) == value for name, value in same.items()):
            Computation.objects.filter(pk=newest.pk).update(state=state)
            return newest
        made = Computation.objects.create(
            **same,
            state=state,
            votes=document["votes"],
            runs=document["runs"],
            figures=document,
            blindness=how_blind(evaluation),
        )
        Standing.objects.bulk_create(standings_of(made))
    return made


def standings_of(computation: Computation) -> Iterator[Standing]:
    """A row for each model and way of counting."""
    for with_quarantine, part in ((False, "models"), (True, "with_quarantine")):
        for row in computation.figures[part]:
            yield Standing(
                computation=computation,
                with_quarantine=with_quarantine,
                model_slug=row["model"],
                model_name=row["name"],
                metrics={"groundedness": row["groundedness"]},
                **{name: row[name] for name in COLUMNS},
            )


def renew_results(runs: Sequence[RunVotes]) -> None:
    """Count the runs again whose votes an editor's decision has changed, for the heads of their pages."""
    kept = dict(Closing.objects.filter(run__in=[run.run for run in runs]).values_list("run", "result"))
    for run in runs:
        renewed = result(run)
        if kept.get(run.run) != renewed:
            Closing.objects.filter(run=run.run).update(result=renewed)
            cache.store_tally(run.run, *counts(renewed))
            cache.forget_page(Run(pk=run.run))
