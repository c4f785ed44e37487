"""The front page: what is voted on now, what the last decided run found, and how the last runs went."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from evaluations.models import Evaluation, Run
from evaluations.models.blindness import Part

from .access import chosen_evaluation, public_page
from .start import being_made, start

RUNS_TOLD = 8
OPEN_AT_ONCE = 5  # votes, where runs follow each other faster than votes close


@public_page
def latest(request: HttpRequest) -> HttpResponse:
    """The open vote beside the last finding; a welcome where nothing has been published yet."""
    evaluation = chosen_evaluation(request)
    newest = newest_runs(evaluation)
    if not newest:
        return start(request, evaluation)
    from evaluations.presentation.stories.front_page import facts_of  # late: a new site has nothing to tell

    blind = [run for run in newest if run.is_blind]
    closed = [run for run in newest if run not in blind][:RUNS_TOLD]
    told = facts_of(next(iter(blind), None), closed)
    facts = {"evaluation": evaluation, "being_made": being_made(evaluation), **told}
    return render(request, "evaluations/front.html", facts)


def newest_runs(evaluation: Evaluation | None) -> list[Run]:
    """The newest runs that the front page may tell of, newest first."""
    runs = Run.objects.seen(Part.FRONT_PAGE).filter(evaluation=evaluation)
    whole = runs.select_related("evaluation", "context", "closing").defer("system_message", "context__payload")
    return list(whole[: OPEN_AT_ONCE + RUNS_TOLD])
