"""What a tick does about books left open and costs not known, without the rest of the tick."""

from evaluations.models import Evaluation
from evaluations.pipeline import reconcile


def settle_books(evaluation: Evaluation | None = None) -> int:
    """Close what workers left open, then book the costs that providers know; how many. Of one evaluation, or of all."""
    for run in reconcile.runs_left_open():
        reconcile.close_books(run)
    attempts = [
        attempt
        for attempt in reconcile.unsettled_attempts()
        if evaluation is None or attempt.report.entry.run.evaluation_id == evaluation.pk
    ]
    return sum(reconcile.settle_cost(attempt, cost) for attempt, cost in reconcile.known_costs(attempts))
