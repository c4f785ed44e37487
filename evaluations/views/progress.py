"""A run in progress, model by model, for staff: the public sees only that a run is being made."""

import hashlib
from collections.abc import Iterable
from http import HTTPStatus

from django.conf import settings
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
    if not is_let_in(request):
        raise Http404
    shown_run = get_object_or_404(
        Run.objects.select_related("evaluation", "context").defer("system_message", "context__payload"), pk=run
    )
    reports = list(Report.objects.filter(entry__run=shown_run).in_roster_order().defer("text", "html"))
    facts = {
        "evaluation": shown_run.evaluation,
        "run": shown_run,
        "reports": reports,
        "settled": sum(report.state in Report.SETTLED for report in reports),
        "seen": fingerprint(shown_run, reports),
        "going_on": shown_run.state in Run.LIVE,
    }
    if not request.htmx:  # type: ignore[attr-defined]
        return render(request, "evaluations/progress.html", facts)
    if facts["going_on"] and request.GET.get("seen") == facts["seen"]:
        return HttpResponse(status=HTTPStatus.NO_CONTENT)  # nothing is announced again, and no focus is lost
    return render(request, "evaluations/_progress.html", facts, status=200 if facts["going_on"] else STOP_POLLING)


def is_let_in(request: HttpRequest) -> bool:
    """Whether they are staff, and have shown their second factor where the site asks for one."""
    verified = not settings.SECOND_FACTOR or request.user.is_verified()  # type: ignore[union-attr]
    return bool(request.user.is_staff and verified)


def fingerprint(run: Run, reports: Iterable[Report]) -> str:
    """What changes whenever the page would."""
    told = [(report.state, report.error, report.cost_usd, report.served_model) for report in reports]
    return hashlib.sha256(repr((run.state, run.failure, told)).encode()).hexdigest()[:16]
