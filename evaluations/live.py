"""A run in progress, model by model, for staff: the public sees only that a run is being made."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from evaluations.models import Report, Run

STOP_POLLING = 286  # htmx: the last answer


@never_cache
@require_safe
def progress(request: HttpRequest, run: int) -> HttpResponse:
    """The page, or the part of it that htmx asks for every two seconds."""
    if not request.user.is_staff:
        raise Http404
    shown_run = get_object_or_404(
        Run.objects.select_related("evaluation", "context").defer("system_message", "context__payload"), pk=run
    )
    reports = list(
        Report.objects.filter(entry__run=shown_run)
        .select_related("entry")
        .defer("text", "html")
        .order_by("entry__position", "sample")
    )
    facts = {
        "evaluation": shown_run.evaluation,
        "run": shown_run,
        "reports": reports,
        "settled": sum(report.state in Report.SETTLED for report in reports),
        "going_on": shown_run.state in Run.LIVE,
    }
    if not request.htmx:  # type: ignore[attr-defined]
        return render(request, "evaluations/progress.html", facts)
    return render(request, "evaluations/_progress.html", facts, status=200 if facts["going_on"] else STOP_POLLING)
