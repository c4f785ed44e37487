"""The prompt of a run as it was sent, and how it differs from that of another version."""

from django.db.models import Max
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from evaluations.models import Run
from evaluations.models.blindness import Part
from evaluations.presentation.rewording import changes

from .access import public_page, public_run
from .runs import source_count


@public_page
def prompt(request: HttpRequest, run: int) -> HttpResponse:
    """What every model of the run was told; `?beside=2` marks what differs from version 2."""
    shown_run = public_run(run)
    versions = versions_of(shown_run)
    beside = request.GET.get("beside", "")
    if beside and beside not in map(str, versions):
        raise Http404
    other = Run.objects.get(pk=versions[int(beside)]) if beside else None
    facts = {
        "evaluation": shown_run.evaluation,
        "run": shown_run,
        "sources": source_count(shown_run),
        "versions": [version for version in versions if version != shown_run.prompt.version],
        "beside": other and int(beside),
        "changes": changes(other.system_message, shown_run.system_message) if other else [],
    }
    return render(request, "evaluations/prompt.html", facts)


def versions_of(run: Run) -> dict[int, int]:
    """Each version that a public run of the evaluation was made with, and the newest such run; the newest first."""
    runs = Run.objects.filter(evaluation=run.evaluation).seen(Part.PAGE).order_by("-prompt__version")
    return dict(runs.values("prompt__version").annotate(newest=Max("pk")).values_list("prompt__version", "newest"))
