"""What the public hears before anything has been published, and while a run is being made."""

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from evaluations.models import Evaluation, Run
from evaluations.models.blindness import Part


def start(request: HttpRequest, evaluation: Evaluation | None) -> HttpResponse:
    """What to do where nothing has been published; the sandbox is offered, not announced."""
    named = evaluation if evaluation and not evaluation.sandbox else None
    facts = {"evaluation": named, "exhibits": has_exhibits(evaluation), "being_made": being_made(evaluation)}
    return render(request, "evaluations/start.html", facts)


def has_exhibits(evaluation: Evaluation | None) -> bool:
    """Whether the archive has replays or imported runs of the evaluation; a new site is asked the lighter question."""
    released = Run.objects.released().filter(evaluation=evaluation)
    return evaluation is not None and released.exists() and released.seen(Part.LISTS).exists()


def being_made(evaluation: Evaluation | None) -> bool:
    """Whether a run of the evaluation is under way: all that the public hears of it.

    Before the first real run is published, the run that will be counts, too.
    """
    evaluations = Q(evaluation=evaluation) if evaluation else Q()
    if evaluation is None or evaluation.sandbox:
        evaluations |= Q(evaluation__public=True, evaluation__sandbox=False)
    return Run.objects.live().filter(evaluations).exists()
